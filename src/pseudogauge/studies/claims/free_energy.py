"""Claims about the free energy: Eqs. 3–5 and 12, App. B, and App. C's uniform field."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .london import Sample, periodic_curl, periodic_curl_of_scalar
from .registry import claim
from .verdicts import Comparison, Evidence, Zero

Real = NDArray[np.float64]

KAPPA, E, MU0 = 0.8, 1.3, 0.6
"""Arbitrary stiffness, charge and permeability: an identity must hold for any."""


# --- free-energy identities on random configurations ------------------------------------------------------


@cache
def _random() -> tuple[Real, Real, Real, Real]:
    """Phase links ∇θ (gauge-invariant, with vortices), A on links, h̃ on plaquettes, and n_v."""
    rng = np.random.default_rng(12)
    theta = rng.uniform(-np.pi, np.pi, (24, 24))
    step = np.stack([np.roll(theta, -1, axis) - theta for axis in (0, 1)])
    phase = (step + np.pi) % (2 * np.pi) - np.pi
    vector = rng.normal(size=(2, 24, 24))
    pseudo = np.zeros((24, 24))
    pseudo[6:18, 6:18] = rng.normal(size=(12, 12))
    return phase, vector, pseudo, -periodic_curl(phase) / (2 * np.pi)


def _pseudo_vector() -> Real:
    """Ã = −∇×h̃/(4e²μ0κ), Eq. 11."""
    return -periodic_curl_of_scalar(_random()[2]) / (4 * E**2 * MU0 * KAPPA)


def _free_energy(phase: Real, vector: Real) -> float:
    """Eq. 3 (= B1) without F_n."""
    momentum = phase + 2 * E * vector + 2 * E * _pseudo_vector()
    return float(KAPPA / 2 * np.sum(momentum**2) + np.sum(periodic_curl(vector) ** 2) / (2 * MU0))


def _energies() -> dict[str, float]:
    """The four forms of App. B and the two constants dropped or added between them."""
    phase, vector, pseudo, winding = _random()
    momentum, field, curl = phase + 2 * E * vector, periodic_curl(vector), periodic_curl_of_scalar(pseudo)
    kinetic, magnetic = KAPPA / 2 * np.sum(momentum**2), np.sum(field**2) / (2 * MU0)
    dropped = np.sum(curl**2) / (8 * E**2 * MU0**2 * KAPPA)
    cross = -np.sum(momentum * curl) / (2 * E * MU0)
    parts = -np.sum(pseudo * periodic_curl(momentum)) / (2 * E * MU0)
    final = np.pi / (E * MU0) * np.sum(winding * pseudo) + np.sum((field - pseudo) ** 2) / (2 * MU0)
    return {
        "B1": _free_energy(phase, vector),
        "B2": float(kinetic + cross + dropped + magnetic),
        "B3": float(kinetic + parts + magnetic),
        "B4": float(kinetic + final),
        "dropped": float(dropped),
        "added": float(np.sum(pseudo**2) / (2 * MU0)),
    }


def _identity(left: float, right: float, note: str) -> Evidence:
    return Comparison(left, right, error=1e-13 * abs(right), tolerance=1e-12, note=note)


@claim(
    "3", "3", "The free energy is invariant under θ → θ+χ, 2eA → 2eA−∇χ, with the pseudo-gauge field Ã fixed"
)
def _eq3(quick: bool) -> Evidence:
    phase, vector, _, _ = _random()
    chi = np.random.default_rng(5).normal(size=(24, 24))
    step = np.stack([np.roll(chi, -1, axis) - chi for axis in (0, 1)])
    moved = _free_energy(phase + step, vector - step / (2 * E))
    return _identity(_free_energy(phase, vector), moved, "random θ with vortices, A and Ã on a 24×24 lattice")


@claim("4", "4", "With Ã of Eq. 4, the current of Eq. 5 at ∇θ = A = 0 is j_γ = γ 𝓔_∥×(b_z ẑ)")
def _eq4(quick: bool) -> Evidence:
    gamma, b_z = -0.31, 0.7
    field = np.random.default_rng(4).normal(size=(3, 2))
    cross = np.stack([field[:, 1], -field[:, 0]], axis=1) * b_z
    pseudo = -gamma / (KAPPA * (2 * E) ** 2) * cross
    return Comparison(
        -2 * E * KAPPA * 2 * E * pseudo, gamma * cross, error=1e-14 * np.abs(gamma * cross), tolerance=1e-13
    )


@claim("5", "5", "The supercurrent −2eκ(∇θ + 2eA + 2eÃ) is −δF/δA of the first term of Eq. 3")
def _eq5(quick: bool) -> Evidence:
    phase, vector, _, _ = _random()
    direction, step = np.random.default_rng(6).normal(size=vector.shape), 0.01

    def matter(shift: float) -> float:
        moved = vector + shift * direction
        return _free_energy(phase, moved) - float(np.sum(periodic_curl(moved) ** 2) / (2 * MU0))

    slope = -(matter(step) - matter(-step)) / (2 * step)  # exact: F is quadratic in A
    current = -2 * E * KAPPA * (phase + 2 * E * vector + 2 * E * _pseudo_vector())
    return Comparison(float(np.sum(current * direction)), slope, error=1e-10 * abs(slope), tolerance=1e-9)


@claim("12", "12", "Eq. 3 becomes Eq. 12 up to a constant independent of θ and A")
def _eq12(quick: bool) -> Evidence:
    e = _energies()
    note = "random θ with vortices, A, h̃ (0 at the edge); the constant is ∫[h̃²/2μ0 − (∇×h̃)²/8e²μ0²κ]"
    return _identity(e["B4"], e["B1"] + e["added"] - e["dropped"], note)


@claim("B1", "B1", "B1 is Eq. 3: expanding the square gives B2")
def _eq_b1(quick: bool) -> Evidence:
    e = _energies()
    return _identity(e["B1"], e["B2"], "random configuration on a 24×24 lattice")


@claim("B2", "B2", "By parts, with h̃ = 0 at the edge, and dropping ∫(∇×h̃)²/8e²μ0²κ, B2 becomes B3")
def _eq_b2(quick: bool) -> Evidence:
    e = _energies()
    return _identity(e["B2"] - e["dropped"], e["B3"], "no surface term is left")


@claim("B3", "B3", "Adding ∫h̃²/2μ0 and writing n_v, B3 becomes B4")
def _eq_b3(quick: bool) -> Evidence:
    e = _energies()
    return _identity(e["B3"] + e["added"], e["B4"], "random configuration on a 24×24 lattice")


@claim("B4", "B4", "B4 differs from the full free energy B1 by ∫[h̃²/2μ0 − (∇×h̃)²/8e²μ0²κ], whatever θ and A")
def _eq_b4(quick: bool) -> Evidence:
    phase, vector, pseudo, _winding = _random()
    e = _energies()
    other_phase, other = -0.5 * phase, 2 * vector  # another configuration: the difference must not move
    momentum = other_phase + 2 * E * other
    density = -periodic_curl(other_phase) / (2 * np.pi)
    b4 = KAPPA / 2 * np.sum(momentum**2) + np.pi / (E * MU0) * np.sum(density * pseudo)
    b4 += np.sum((periodic_curl(other) - pseudo) ** 2) / (2 * MU0)
    shift = float(b4) - _free_energy(other_phase, other)
    return Comparison(e["B4"] - e["B1"], shift, error=1e-11 * abs(shift), tolerance=1e-10)


@claim("12-longitudinal", "before 11", "A longitudinal part of Ã can be absorbed in θ")
def _longitudinal(quick: bool) -> Evidence:
    sample = Sample(16, 3.0)
    rng = np.random.default_rng(7)
    n = sample.size
    chi = rng.normal(size=(n + 1, n + 1))
    gradient = np.concatenate([np.diff(chi, axis=0).ravel(), np.diff(chi, axis=1).ravel()])
    swirl = float(np.abs(sample.curl @ gradient).max())  # only ∇×Ã enters once θ is free
    return Zero(
        swirl, scale=float(np.abs(gradient).max()), tolerance=1e-13, note="∇×∇χ around every plaquette"
    )
