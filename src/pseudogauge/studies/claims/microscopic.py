"""Claims about the model and its symmetries: Eqs. 1, 2, 14, 15, App. D and the exact zeros."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .package import FIG2, current, current_scale, gamma
from .registry import claim
from .routes import (
    IDENTITY,
    PAULI,
    Metal,
    beta_response,
    brute_current,
    current_vertex,
    hamiltonian,
    spin_orbit_vector,
)
from .verdicts import Comparison, Evidence, Nonzero, Zero

Real = NDArray[np.float64]

FULL = Metal(gap=0.7, w=(0.3, -0.2, 0.5), b=(0.1, 0.25, -0.15))
"""A metal with every field switched on."""


def _momenta(count: int = 6) -> Real:
    return np.random.default_rng(14).normal(scale=4.0, size=(count, 2))


# --- the Hamiltonian --------------------------------------------------------------------------------------


@claim("SOC", "Sec. I", "In 2D, (𝓔_∥×σ)·p = σ^z (𝓔_∥×ẑ)·p: opposite vector potentials for opposite spins")
def _soc(quick: bool) -> Evidence:
    rng = np.random.default_rng(1)
    field, p = np.append(rng.normal(size=2), 0.0), np.append(rng.normal(size=2), 0.0)
    sigma = np.array(PAULI)
    left = sum(p[i] * np.cross(field, sigma, axisb=0, axisc=0)[i] for i in range(3))
    right = PAULI[2] * (np.cross(field, [0, 0, 1]) @ p)
    return Zero(float(np.abs(left - right).max()), scale=float(np.abs(right).max()), tolerance=1e-14)


@claim(
    "footnote-2", "footnote 2", "The spin-orbit gauge field 𝓔×σ is non-abelian, the Cooper pair's Ã is not"
)
def _footnote2(quick: bool) -> Evidence:
    x, y, z = PAULI
    ex, ey, ez = FULL.w
    a_x, a_y = ey * z - ez * y, ez * x - ex * z
    commutator = a_x @ a_y - a_y @ a_x
    note = "largest element of the commutator of 𝓔×σ's components, 𝓔 = (.3, −.2, .5); Ã is a c-number field (Eq. 4)"
    return Nonzero(float(np.abs(commutator).max()), error=1e-15, note=note)


@claim(
    "14", "14", "H (14a–d) in the basis (ψ↑†, ψ↓†, ψ↓, −ψ↑) is hermitian with σ^yτ^y H*(−k) σ^yτ^y = −H(k)"
)
def _eq14(quick: bool) -> Evidence:
    k = _momenta()
    h, mirrored = hamiltonian(k, FULL), hamiltonian(-k, FULL)
    flip = np.kron(PAULI[1], PAULI[1])
    residue = max(
        np.abs(flip @ mirrored.conj() @ flip + h).max(), np.abs(h - np.swapaxes(h.conj(), -1, -2)).max()
    )
    return Zero(float(residue), scale=float(np.abs(h).max()), tolerance=1e-14, note="all fields on, random k")


@claim("15", "15", "The current operator: J_k = −½ ∂H/∂A under minimal coupling k → k + eAτ^z")
def _eq15(quick: bool) -> Evidence:
    k = _momenta()

    def coupled(shift: Real) -> NDArray[np.complex128]:
        h = hamiltonian(k + shift, FULL)
        h[:, 2:, 2:] = hamiltonian(k - shift, FULL)[:, 2:, 2:]
        return h

    step = 0.1  # H is quadratic in A, so the central difference is exact
    slopes = np.array([(coupled(s) - coupled(-s)) / (2 * step) for s in step * np.eye(2)])
    vertex = current_vertex(k, FULL)
    residue = float(np.abs(-0.5 * slopes - vertex).max())
    return Zero(
        residue,
        scale=float(np.abs(vertex).max()),
        tolerance=1e-12,
        error=1e-13,
        note="all fields on, random k",
    )


def _green_parts(k: Real) -> list[tuple[NDArray[np.complex128], float, float]]:
    """(projector, ξ_α, E_α) of Eqs. D2, D4, D5 for one k."""
    d = spin_orbit_vector(k, FULL.w)
    size = float(np.linalg.norm(d))
    unit = np.einsum("i,iab->ab", d / size, np.array(PAULI))
    xi = [float(k @ k) / 2 - FULL.mu - alpha * size for alpha in (1, -1)]
    return [((IDENTITY + a * unit) / 2, x, math.hypot(x, FULL.gap)) for a, x in zip((1, -1), xi, strict=True)]


def _zero_field(k: Real) -> NDArray[np.complex128]:
    return hamiltonian(k, Metal(gap=FULL.gap, w=FULL.w))


@claim(
    "D1", "D1", "At b_z = 0 the Green function is Σ_α Π_α G_α with the projectors of D2 and components of D3"
)
def _eq_d1(quick: bool) -> Evidence:
    residues = []
    for k, omega in zip(_momenta(), np.random.default_rng(3).normal(scale=3.0, size=6), strict=True):
        exact = np.linalg.inv(1j * omega * np.eye(4) - _zero_field(k))
        total = sum(
            np.kron(
                (1j * omega * IDENTITY + xi * PAULI[2] - FULL.gap * PAULI[0]) / (-(omega**2) - energy**2), pi
            )
            for pi, xi, energy in _green_parts(k)
        )
        residues.append(float(np.abs(exact - total).max() / np.abs(exact).max()))
    return Zero(
        residues, scale=1.0, tolerance=1e-12, error=1e-15, note="six random k, ω, w with all components"
    )


@claim("D2", "D2", "Π_α = ½(1 + α d̂·σ) are orthogonal projectors that commute with H at b_z = 0")
def _eq_d2(quick: bool) -> Evidence:
    residues = []
    for k in _momenta():
        plus, minus = (np.kron(IDENTITY, part[0]) for part in _green_parts(k))
        h = _zero_field(k)
        parts = (
            plus @ plus - plus,
            plus @ minus,
            plus + minus - np.eye(4),
            (plus @ h - h @ plus) / np.abs(h).max(),
        )
        residues += [float(np.abs(part).max()) for part in parts]
    return Zero(residues, scale=1.0, tolerance=1e-13, note="six random k")


@claim("D3", "D3", "G_α = (iω + ξ_ατ^z − Δτ^x)/((iω)² − E_α²) inverts iω − H in band α")
def _eq_d3(quick: bool) -> Evidence:
    omega, residues = 0.37, []
    for k in _momenta():
        for pi, xi, energy in _green_parts(k):
            g = (1j * omega * IDENTITY + xi * PAULI[2] - FULL.gap * PAULI[0]) / (-(omega**2) - energy**2)
            band = np.kron(IDENTITY, pi)
            product = (1j * omega * np.eye(4) - _zero_field(k)) @ np.kron(g, pi)
            residues.append(float(np.abs(product - band).max()))
    return Zero(residues, scale=1.0, tolerance=1e-12, error=1e-15, note="six random k, ω = .37")


@claim("D4", "D4", "Normal-state bands: ξ_α = k²/2m − μ − α|λe 𝓔×k|")
def _eq_d4(quick: bool) -> Evidence:
    k = _momenta()
    exact = np.linalg.eigvalsh(hamiltonian(k, Metal(gap=0.0, w=FULL.w))[:, :2, :2])
    return Comparison([[x for _, x, _ in _green_parts(p)] for p in k], exact, error=1e-13, tolerance=1e-12)


@claim("D5", "D5", "Quasiparticle energies at b_z = 0: ±E_α = ±√(ξ_α² + Δ²)")
def _eq_d5(quick: bool) -> Evidence:
    k = _momenta()
    exact = np.linalg.eigvalsh(_zero_field(k))[:, 2:]
    return Comparison(
        [sorted(e for _, _, e in _green_parts(p)) for p in k], exact, error=1e-13, tolerance=1e-12
    )


# --- which currents exist ---------------------------------------------------------------------------------


@claim("1", "1", "An in-plane exchange field drives only a current along ẑ×b (the α term)")
def _eq1(quick: bool) -> Evidence:
    b = np.array([0.006, 0.008])
    j, error = current(gap=1.0, exchange=(0.006, 0.008, 0.0), in_plane=(0.0, 0.0))
    along, across = (float(np.dot(j, v)) / 0.01 for v in (b, [-b[1], b[0]]))
    note = "J·b against J·(ẑ×b), w_∥ = 0, Δ/μ = .1, w_z = .5"
    return Zero(along, scale=across, tolerance=1e-4, error=error, note=note)


@claim("1-beta", "1", "β∇×(b_z ẑ) exists: β ≠ 0 in the superconductor")
def _eq1_beta(quick: bool) -> Evidence:
    value, error = beta_response(Metal(gap=1.0), 0.0)
    note = "β/e at Δ/μ = .1, w_z = .5, T = 0 from the O(q) response; 1/4π = .0796"
    return Nonzero(value, error=error, note=note)


@claim("2", "2", "j_γ = γ 𝓔_∥×(b_z ẑ): perpendicular to 𝓔_∥, for any direction of 𝓔_∥")
def _eq2(quick: bool) -> Evidence:
    (jx, jy), error = current(gap=1.0, in_plane=(0.006, 0.008))
    along, across = 0.6 * jx + 0.8 * jy, 0.8 * jx - 0.6 * jy
    return Zero(
        along, scale=across, tolerance=1e-4, error=error, note="J·𝓔_∥ against J·(𝓔_∥×ẑ), 𝓔_∥ ∥ (3, 4)"
    )


@claim("2-linear", "2", "At small fields ⟨J⟩ is γ 𝓔_∥×(b_z ẑ), linear in 𝓔_∥ and in b_z")
def _eq2_linear(quick: bool) -> Evidence:
    value, error = gamma(gap=1.0)
    cases = (((0.0, 0.01), 0.01), ((0.0, 0.02), 0.01), ((0.0, 0.01), 0.02))
    exact = [current(gap=1.0, exchange=b, in_plane=w) for w, b in cases]
    linear = [value * w[1] * b for w, b in cases]
    return Comparison(
        linear,
        [j[0] for j, _ in exact],
        error=[e + error * abs(w[1] * b) for (_, e), (w, b) in zip(exact, cases, strict=True)],
        tolerance=1e-3,
        note="J_x for 𝓔_∥ along y, Δ/μ = .1; neglected: (w_∥/w_z)² and (b/Δ)², up to 10⁻³",
    )


@claim(
    "zero-i",
    "E5 (text)",
    "Without Rashba coupling and b ∥ z there is no current, even beyond pair breaking (b > Δ)",
)
def _zero_i(quick: bool) -> Evidence:
    weak, strong = (
        current(gap=1.0, rashba=0.0, temperature=t, exchange=b) for t, b in ((0.0, 0.01), (0.2, 1.5))
    )
    error = max(weak[1], strong[1])
    return Zero(
        [*weak[0], *strong[0]], scale=current_scale(), tolerance=1e-5, error=error, note="b/Δ = .01 and 1.5"
    )


@claim("zero-ii", "App. F", "No current in the normal state (Δ = 0), whatever the fields and the temperature")
def _zero_ii(quick: bool) -> Evidence:
    cases = [(0.0, FIG2["exchange"]), (0.5, (0.01, -0.02, 0.03))]
    found = [current(gap=0.0, temperature=t, exchange=b) for t, b in cases]
    values, error = [x for j, _ in found for x in j], max(e for _, e in found)
    note = "T = 0 with b ∥ z, and T/μ = .05 with b tilted"
    return Zero(values, scale=current_scale(), tolerance=1e-5, error=error, note=note)


@claim("zero-iii", "16", "No current without exchange field (b = 0)")
def _zero_iii(quick: bool) -> Evidence:
    j, error = current(gap=1.0, exchange=0.0)
    return Zero(list(j), scale=current_scale(), tolerance=1e-5, error=error, note="Δ/μ = .1, w_x, w_z on")


@claim("zero-iv", "E4 (text)", "For b ∥ z the current has no component along 𝓔_∥")
def _zero_iv(quick: bool) -> Evidence:
    j, error = current(gap=0.1)
    return Zero(
        j[0], scale=j[1], tolerance=1e-5, error=error, note="J_x against J_y at Fig. 2's fields, Δ/μ = .01"
    )


@claim("zero-alpha-z", "Sec. IV", "For b along z the α current vanishes")
def _zero_alpha(quick: bool) -> Evidence:
    j, error = current(gap=1.0, in_plane=(0.0, 0.0))
    return Zero(list(j), scale=current_scale(), tolerance=1e-5, error=error, note="w_∥ = 0, b ∥ z")


@claim("mirror-gamma", "Sec. I", "γ is even under the mirror M_z (𝓔^z → −𝓔^z)")
def _mirror_gamma(quick: bool) -> Evidence:
    (up, e1), (down, e2) = (current(gap=1.0, rashba=w) for w in (0.5, -0.5))
    return Comparison(
        up[1], down[1], error=e1 + e2, tolerance=1e-5, note="J_y at w_z = ±.5, Fig. 2's b and w_x, Δ/μ = .1"
    )


@claim("mirror-alpha", "Sec. I", "α is odd under M_z, so forbidden by that symmetry")
def _mirror_alpha(quick: bool) -> Evidence:
    pair = [current(gap=1.0, rashba=w, exchange=(0.01, 0.0, 0.0), in_plane=(0.0, 0.0)) for w in (0.5, -0.5)]
    (up, e1), (down, e2) = pair
    return Comparison(
        -up[1], down[1], error=e1 + e2, tolerance=1e-5, note="J_y for b ∥ x at w_z = ±.5, Δ/μ = .1"
    )


@claim("sign-Ez", "Sec. III", "The effect is independent of the sign of 𝓔^z, also beyond perturbation theory")
def _sign_ez(quick: bool) -> Evidence:
    up, down = (brute_current(Metal(gap=3.0, w=(1.0, 0, w), b=(0, 0, 1.0)), 0.0)[1] for w in (1.0, -1.0))
    return Comparison(
        up,
        down,
        error=1e-12,
        tolerance=1e-8,
        note="J_y at μ = 10, Δ = 3, w_x = 1, w_z = ±1, b = 1, diagonalised",
    )
