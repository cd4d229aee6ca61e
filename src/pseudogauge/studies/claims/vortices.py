"""Claims about inclusions and vortices in London theory: Eqs. 6, 7, 11, 13 and where the vortices go."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .london import Sample, disk, interaction
from .registry import claim
from .verdicts import Bound, Comparison, Evidence, Zero, short

Real = NDArray[np.float64]

# --- one inclusion ----------------------------------------------------------------------------------------

_RING_RADIUS, _RING_WIDTH, _RING_CURRENT = 16.0, 4.0, 0.01
_SAMPLE = 1 / 30
"""Size of the ring's sample over λ, whose square is neglected."""
_ROUNDING = 1e-10
"""Of a London solve on a lattice."""


@cache
def _ring(size: int) -> tuple[float, float, float]:
    """Total ring current, its moment, and ∫h̃/μ0 for one inclusion in a sample much smaller than λ.

    With E_∥ = −∇V, Eqs. 4 and 11 give h̃ = −μ0γb_z V + const; here γ b_z V_∥ = _RING_CURRENT.
    """
    sample = Sample(size, depth=size / _SAMPLE)
    x, y = sample.centres
    pseudo = _RING_CURRENT / sample.depth**2 * disk(x, y, _RING_RADIUS, _RING_WIDTH)
    q, _ = sample.solve(np.zeros_like(pseudo), pseudo)
    tilde = -(sample.depth**2) * (sample.curl.T @ pseudo.ravel())
    current = -(q + tilde)  # Eq. 5, with q = ∇θ + 2eA at the minimum
    n = sample.size
    j_x, j_y = current[: n * (n + 1)].reshape(n, n + 1), current[n * (n + 1) :].reshape(n + 1, n)
    ring = float(j_y[n // 2 + 1 :, n // 2].sum())
    edge = np.arange(n + 1) - n / 2
    moment = 0.5 * float(np.sum(edge[:, None] * j_y) - np.sum(edge * j_x))
    return ring, moment, float(pseudo.sum() * sample.depth**2)


@claim(
    "6", "6", "The current round the edge of an inclusion is I_γ = γ b_z V_∥, whatever its width and radius"
)
def _eq6(quick: bool) -> Evidence:
    note = (
        "London theory on a lattice: R = 16, edge 4, sample λ/30, neglected: its square; V_∥ is the potential outside "
        "minus inside"
    )
    return Comparison(_RING_CURRENT, _ring(60)[0], error=_ROUNDING, tolerance=_SAMPLE**2, note=note)


@claim("7", "7", "The moment of an inclusion is M_γ = πR²γ b_z V_∥")
def _eq7(quick: bool) -> Evidence:
    moment = _ring(60)[1]
    broadening = math.pi**2 / 48 * (_RING_WIDTH / _RING_RADIUS) ** 2  # ⟨r²⟩/R² − 1 of the tanh edge
    note = f"½∫r×j of the same ring; the edge d = R/4 adds π²d²/48R² = {short(broadening)}, the sample's size (λ/30)²"
    plain = math.pi * _RING_RADIUS**2 * _RING_CURRENT
    return Comparison(plain, moment, error=_ROUNDING, tolerance=broadening + _SAMPLE**2, note=note)


@claim("11", "11", "h̃/μ0 is the magnetisation of the γ current, nonzero only inside the inclusions")
def _eq11(quick: bool) -> Evidence:
    _, moment, integral = _ring(60)
    note = "∫h̃/μ0 d²r against ½∫r×j of the ring; neglected: (sample/λ)²"
    return Comparison(integral, moment, error=_ROUNDING, tolerance=_SAMPLE**2, note=note)


# --- vortices ---------------------------------------------------------------------------------------------


def _bulk(quick: bool) -> Sample:
    """A sample 20 λ wide: its middle is bulk."""
    return Sample(40, 2.0) if quick else Sample(80, 4.0)


_EDGES = 4 * math.exp(-10)
"""What the four edges of `_bulk` change in its middle."""


def _centred(sample: Sample, sign: float = 1.0) -> Real:
    winding = np.zeros((sample.size, sample.size))
    winding[sample.size // 2, sample.size // 2] = sign
    return winding


def _density(sample: Sample, winding: Real, pseudo: Real) -> float:
    """Energy density of Eq. 12 in the middle plaquette, in units of h̃²/μ0."""
    q, field = sample.solve(winding, pseudo)
    n, c = sample.size, sample.size // 2
    x_links = q[: n * (n + 1)].reshape(n, n + 1)[c, c : c + 2]
    y_links = q[n * (n + 1) :].reshape(n + 1, n)[c : c + 2, c]
    kinetic = (np.sum(x_links**2) + np.sum(y_links**2)) / 4
    stiffness = sample.depth**2  # 1/μ0
    magnetic = stiffness / 2 * (field[c, c] - pseudo[c, c]) ** 2
    coupling = 2 * np.pi * stiffness * winding[c, c] * pseudo[c, c]
    return float((kinetic + magnetic + coupling) / (stiffness * pseudo[c, c] ** 2))


@claim("13", "13", "With n_v = −∇×∇θ/2π a positive vortex carries flux +Φ0 = +π/e")
def _eq13(quick: bool) -> Evidence:
    sample = _bulk(quick)
    _, field = sample.solve(_centred(sample), np.zeros((sample.size, sample.size)))
    flux = float(field.sum() / (2 * np.pi))
    note = "flux/Φ0 of one vortex, n_v = +1, in a sample 20λ wide, whose edges take about 4 exp(−10)"
    return Comparison(1.0, flux, error=_ROUNDING, tolerance=_EDGES, note=note)


@claim("13-bulk", "after 13", "For uniform h̃ the bulk free energy (Eq. 12) of the vortex-free state is zero")
def _bulk_meissner(quick: bool) -> Evidence:
    sample = _bulk(quick)
    shape = (sample.size, sample.size)
    value = _density(sample, np.zeros(shape), np.full(shape, 1e-3))
    note = "density in h̃²/μ0 in the middle of a sample 20λ wide: ½, from (∇×A − h̃)²/2μ0 with B screened"
    return Comparison(0.0, value, error=_ROUNDING, tolerance=2 * _EDGES, correction=0.5, note=note)


@claim("13-uniform", "after 13", "A uniform vortex density 2eh̃/2π would cost the bulk density h̃²/μ0 > 0")
def _bulk_vortices(quick: bool) -> Evidence:
    sample = _bulk(quick)
    pseudo = np.full((sample.size, sample.size), 1e-3)
    value = _density(sample, pseudo / (2 * np.pi), pseudo)
    note = (
        "density in h̃²/μ0; against the vortex-free h̃²/2μ0 the net cost is +h̃²/2μ0, so the conclusion stands"
    )
    return Comparison(1.0, value, error=_ROUNDING, tolerance=1e-9, note=note)


@claim(
    "control", "after 13", "Uniform h̃ creates no bulk vortices at any strength, unlike a true applied field"
)
def _control(quick: bool) -> Evidence:
    sample = _bulk(quick)
    none, one = np.zeros((sample.size, sample.size)), _centred(sample)
    self_energy = sample.energy(one, none)
    critical = self_energy / (2 * np.pi * sample.depth**2) * np.ones_like(none)  # H_c1
    costs, real = [], []
    for strength in (5.0, 50.0):
        pseudo = strength * critical
        rest = sample.energy(none, pseudo)
        costs += [(sample.energy(sign * one, pseudo) - rest) / self_energy for sign in (1, -1)]
        real.append((sample.energy(one, pseudo, vortex_term=False) - rest) / self_energy)
    note = (
        "least cost of a vortex of either sign mid-sample at h̃ = 5, 50 H_c1, in its self energy; "
        f"in a true field {short(real[0], 3)}, {short(real[1], 3)}"
    )
    # the current of h̃ at the edges still acts in the middle, in proportion to its strength
    return Bound(min(costs), error=50 * _EDGES + _ROUNDING, above=0.0, note=note)


@cache
def _array(filling: float, size: int = 96) -> tuple[Real, Real]:
    """h̃ (1 inside) of one disk per periodic cell, and h̃ − G*h̃ for λ ten times the spacing."""
    x = np.arange(size) - (size - 1) / 2
    radius = size * math.sqrt(filling / math.pi)
    pseudo = disk(x[:, None] + 0 * x, x + 0 * x[:, None], radius)
    return pseudo, interaction(pseudo, depth=10.0 * size)


@claim(
    "mean-field",
    "Sec. II",
    "For λ ≫ spacing the inclusions act between them like a field x h̃ (x: area fraction)",
)
def _mean_field(quick: bool) -> Evidence:
    pseudo, energy = _array(0.1)
    return Comparison(
        float(pseudo.mean()),
        -float(energy[0, 0]),
        error=1e-12,
        tolerance=1e-2,
        note="G*h̃ at the interstitial site, x = .1, λ = 10 spacings; neglected: (spacing/λ)²",
    )


@claim("density-ratio", "Sec. II", "The ratio of novel to conventional vortex densities is M_γ/M_n")
def _density_ratio(quick: bool) -> Evidence:
    pseudo, energy = _array(0.1)
    spin = energy - pseudo  # a true magnetisation acts through B only: −G*μ0m, without the n_v·h̃ term
    note = "drive between inclusions of equal moments, orbital over spin (inside, they differ), x = .1"
    return Comparison(1.0, float(energy[0, 0] / spin[0, 0]), error=1e-12, tolerance=1e-9, note=note)


@claim(
    "between", "Sec. II", "Vortices between inclusions lower the energy: no n_v·h̃ cost, smaller (∇×A − h̃)²"
)
def _between(quick: bool) -> Evidence:
    _, energy = _array(0.1)
    note = "London energy of n_v = +1 at the interstitial site in h̃Φ0/μ0 (self energy apart), x = .1: −x"
    return Bound(float(energy[0, 0]), error=_ROUNDING, below=0.0, note=note)


@claim(
    "sites",
    "abstract, footnote 5",
    "At a small area fraction the vortices are situated between the inclusions",
)
def _sites(quick: bool) -> Evidence:
    gains = {}
    for filling in (0.1, 0.3, 0.6):
        pseudo, energy = _array(filling)
        centre = pseudo.shape[0] // 2
        gains[filling] = (-float(energy[0, 0]), float(energy[centre, centre]))
    listed = "; ".join(f"x = {x}: {a:.3f} against {b:.3f}" for x, (a, b) in gains.items())
    note = (
        "London gain in h̃Φ0/μ0 of n_v = +1 between (x) minus that of n_v = −1 inside an inclusion (1 − x), at x = .1; "
        f"the two are {listed}: below x = ½ antivortices inside come first, above it vortices between"
    )
    between, inside = gains[0.1]
    return Bound(between - inside, error=_ROUNDING, above=0.0, note=note)


@claim(
    "C-absorbed",
    "App. C",
    "For uniform A the phase winds so that 2eA + ∇θ = 0: no net current in equilibrium",
)
def _absorbed(quick: bool) -> Evidence:
    n, uniform = 12, np.array([0.3, -0.2])
    pairs = [(i * n + j, (i + 1) * n + j, 0) for i in range(n - 1) for j in range(n)]
    pairs += [(i * n + j, i * n + j + 1, 1) for i in range(n) for j in range(n - 1)]
    gradient = np.zeros((len(pairs), n * n))
    for row, (start, end, _) in enumerate(pairs):
        gradient[row, [start, end]] = -1.0, 1.0
    source = uniform[[axis for *_, axis in pairs]]
    theta = np.linalg.lstsq(gradient, -source, rcond=None)[0]
    left = gradient @ theta + source
    return Zero(
        float(np.abs(left).max()),
        scale=0.3,
        tolerance=1e-10,
        error=1e-14,
        note="largest |∇θ + 2eA| in an open sample",
    )
