"""Claims about sizes: spin and orbital moments (Eqs. 8–10, 22, App. G) and 4Hb-TaS2 (Sec. IV)."""

from __future__ import annotations

import math

from scipy import constants
from scipy.integrate import quad
from scipy.special import expit

from ...units import AMPERE_PER_MEV, BOHR_MAGNETON_MEV, INVERSE_MASS, MU0, Scales
from . import printed
from .package import beta, gamma
from .registry import claim
from .routes import (
    arcoth_f,
)
from .verdicts import Bound, Comparison, Estimate, Evidence

# Scale of the effect, every number assumed: m = m_e; energies in meV, lengths in nm.
EXCHANGE, DROP, FIELD, RASHBA_ENERGY, K_FERMI = 1.0, 100.0, 100.0, 50.0, 5.0
LAYER_SPACING = 1.19
"""c/2 of 4Hb-TaS2 in nm."""
ASSUMED = "assumed b=1 meV, V_∥=.1 V, E^z=.1 V/nm, Δ_R=50 meV, k_F=5/nm, m=m_e, f=1"


def _strength() -> float:
    """λ in nm² from Δ_R = λ eE^z k_F."""
    return RASHBA_ENERGY / (FIELD * K_FERMI)


def _spin_moment(radius: float, mass: float, exchange: float) -> float:
    """Moment/μ_B of a disk of 2D electron gas in −bσ^z: N↑ − N↓ by quadrature at low temperature."""
    mu, temperature = 10.0, 0.05

    def difference(energy: float) -> float:
        levels = [(energy - sign * exchange - mu) / temperature for sign in (1, -1)]
        return float(expit(-levels[0]) - expit(-levels[1]))

    density = mass / (2 * math.pi)  # states per area, energy and spin
    low, high = mu - exchange - 2, mu + exchange + 2
    return (
        math.pi * radius**2 * density * quad(difference, low, high, epsabs=1e-13, points=[mu], limit=200)[0]
    )


CASES = ((3.0, 1.0, 0.01), (5.0, 0.5, 0.02))
"""(R, m, b_z) of the moment rows."""


@claim("8", "8", "The spins of an inclusion give M_n = πR²χ b_z")
def _eq8(quick: bool) -> Evidence:
    moments = [_spin_moment(*case) for case in CASES]
    pauli = [math.pi * radius**2 * (mass / math.pi) * b for radius, mass, b in CASES]
    note = "moment/μ_B from N↑ − N↓, with 2D Pauli χ = mμ_B/π; (R, m, b) = (3, 1, .01), (5, .5, .02)"
    return Comparison(pauli, moments, error=1e-10, tolerance=1e-6, note=note)


@claim("9", "9", "Pauli value: M_n = 3π²R²mμ_B b_z")
def _eq9(quick: bool) -> Evidence:
    moments = [_spin_moment(*case) for case in CASES]
    values = [printed.normal_moment_9(radius, mass, 1.0, b) for radius, mass, b in CASES]
    return Comparison(
        values,
        moments,
        error=1e-10,
        tolerance=1e-6,
        note="2D Pauli moment is R²mμ_B b_z: printed 3π² too large",
    )


@claim("9-sign", "8, 9", "The spin moment points along b_z ẑ")
def _eq9_sign(quick: bool) -> Evidence:
    pauli = [radius**2 * mass * b for radius, mass, b in CASES]
    moments = [-_spin_moment(*case) for case in CASES]
    note = (
        "moment/μ_B with μ = −μ_Bσ of an electron of charge −e: −bσ^z raises ⟨σ^z⟩, so M_n ∥ −b_zẑ. "
        "8–10 and 22 count ⟨σ^z⟩ itself, as the other rows do; which sign of V_∥ enhances is thereby reversed"
    )
    return Comparison(pauli, moments, error=1e-10, tolerance=1e-6, note=note)


def _ring_over_spin(strength: float, drop: float, mass: float, f: float) -> float:
    """M_γ/M_n from Eq. 7, γ = −(e²λm/2π) f and the counted spin moment, μ_B = 1."""
    radius, exchange = 3.0, 0.01
    ring = math.pi * radius**2 * (-strength * mass / (2 * math.pi) * f) * exchange * drop
    return ring / _spin_moment(radius, mass, exchange)


@claim("10", "10", "M_γ/M_n = γ V_∥/(3πmμ_B)")
def _eq10(quick: bool) -> Evidence:
    cases = ((0.2, 0.7, 1.0), (0.1, 1.5, 0.5))
    ratios = [_ring_over_spin(lam, drop, m, 1.0) for lam, drop, m in cases]
    values = [printed.moment_ratio_10(-lam * m / (2 * math.pi), drop, m, 1.0) for lam, drop, m in cases]
    return Comparison(
        values, ratios, error=1e-10, tolerance=1e-6, note="M_γ/M_n = πγ V_∥/(mμ_B): printed 3π² too small"
    )


@claim("22", "22", "For Δ ≪ |λe𝓔^z|k_F: M_γ/M_n = −e²λ V_∥/(12π²μ_B)")
def _eq22(quick: bool) -> Evidence:
    cases = ((0.2, 0.7, 1.0), (0.1, 1.5, 0.5))
    scale = gamma(gap=0.01)[0] / (-1 / (2 * math.pi))  # f of the exact γ at Δ/μ = .001, 1 in the limit
    ratios = [_ring_over_spin(lam, drop, m, scale) for lam, drop, m in cases]
    values = [printed.moment_ratio_22(lam, drop, 1.0) for lam, drop, _ in cases]
    note = "with the computed γ at Δ/μ=.001: M_γ/M_n = −(e²λ V_∥/2μ_B) f, printed 6π² ≈ 59 too small"
    return Comparison(values, ratios, error=1e-8, tolerance=1e-3, note=note)


@claim(
    "either-sign",
    "abstract, Sec. II",
    "The mechanism can enhance or reduce the magnetisation: M_γ/M_n takes both signs",
)
def _either_sign(quick: bool) -> Evidence:
    product = _ring_over_spin(0.2, 0.7, 1.0, 1.0) * _ring_over_spin(0.2, -0.7, 1.0, 1.0)
    return Bound(
        product,
        error=1e-10,
        below=0.0,
        note="product of M_γ/M_n for V_∥ = +.7 and −.7 (charge of the inclusion)",
    )


# --- estimates and the material ---------------------------------------------------------------------------


@claim("G1", "G1", "|M_γ/M_n| ~ (V_∥/V_⊥)(d_⊥k_F) Δ_R/μ")
def _eq_g1(quick: bool) -> Evidence:
    estimates, ratios = [], []
    for drop_ratio, kd, split in ((1.0, 5.0, 0.05), (0.5, 10.0, 0.2), (1.0, 1.0, 0.3)):
        mass, mu, v_perp = 1.0, 10.0, 1.0
        k_fermi = math.sqrt(2 * mass * mu)
        strength = split * mu * (kd / k_fermi) / (k_fermi * v_perp)
        ratios.append(_ring_over_spin(strength, drop_ratio * v_perp, mass, 1.0) * 2 * mass)  # μ_B = e/2m
        estimates.append(printed.moment_ratio_g1(drop_ratio, kd, split * mu, mu))
    note = "three sets of (V_∥/V_⊥, k_Fd_⊥, Δ_R/μ): true value ½ f of it (for Eq. 22 as printed, .008 of it)"
    return Estimate(estimates, ratios, error=1e-9, note=note)


@claim(
    "G1-unity",
    "App. G",
    "With V_∥ ≲ V_⊥, k_Fd_⊥ ≤ 10, Δ_R < μ the extra moment is at most of order the Pauli moment",
)
def _g1_unity(quick: bool) -> Evidence:
    worst = 1.0 * 10.0 * 1.0 / 2 * arcoth_f(1e-6)
    return Bound(
        worst, error=1e-6, below=10.0, note="largest (V_∥/V_⊥)(k_Fd_⊥)(Δ_R/2μ) f in the stated ranges"
    )


@claim("G2", "G2", "β∇b_z×ẑ of one inclusion has the moment M_β = πR²βb_z")
def _eq_g2(quick: bool) -> Evidence:
    radius, width, beta_b = 5.0, 0.2, 0.3
    # j_φ = −β ∂_r b_z; moment ½∫ r j_φ d²r

    def moment(r: float) -> float:
        slope = 1 / (width * math.cosh(2 * (r - radius) / width) ** 2)  # −∂_r of the smooth step
        return math.pi * r * r * beta_b * slope

    value, error = quad(moment, radius - 8 * width, radius + 8 * width, points=[radius], epsabs=1e-12)
    return Comparison(math.pi * radius**2 * beta_b, value, error=error, tolerance=1e-2, note="edge of .04 R")


@claim(
    "G-ratio",
    "Sec. II, App. G",
    "The β moment is suppressed against the γ moment by Δ_R/μ: |M_γ/M_β| ~ (V_∥/V_⊥)(k_Fd_⊥) μ/Δ_R",
)
def _g_ratio(quick: bool) -> Evidence:
    mu, k_fermi, estimates, ratios = 10.0, math.sqrt(20.0), [], []
    for rashba in (0.5, 0.25):
        split = rashba * k_fermi
        drop = 1 / k_fermi  # V_∥ = V_⊥ and k_F d_⊥ = 1, so λe V_∥ = w_z d_⊥
        ratios.append(abs(gamma(0.01, rashba)[0] * rashba * drop / beta(0.01, rashba)[0]))
        estimates.append(mu / split)
    note = f"V_∥=V_⊥, k_Fd_⊥=1, Δ_R/μ=.22, .11, Δ/μ=.001: {ratios[0]:.3f}, {ratios[1]:.3f} = Δ_R/μ, no factor μ/Δ_R"
    return Estimate(estimates, ratios, error=1e-4, note=note)


def _layer() -> tuple[float, float]:
    """Ring current of one layer in A, and |M_γ/M_n|."""
    per_area = _strength() / INVERSE_MASS / (2 * math.pi) * EXCHANGE * DROP  # γ b V_∥ in meV (ħ = e = 1)
    current = per_area * AMPERE_PER_MEV
    spin = EXCHANGE / INVERSE_MASS / math.pi * 1e18 * BOHR_MAGNETON_MEV * 1e-3 * constants.e  # A = (A m²)/m²
    return current, current / spin


@claim(
    "TaS2-ring",
    "Sec. IV",
    "In 4Hb-TaS2 the effect is too small to create vortices by itself: μ0M < H_c1 even at full coverage",
)
def _tas2_ring(quick: bool) -> Evidence:
    current, _ = _layer()
    field = MU0 * current / (LAYER_SPACING * 1e-9)
    critical = Scales(coherence_length=18e-9, penetration_depth=0.7e-6).lower_critical_field
    note = (
        f"μ0M/H_c1, {ASSUMED}, λ=.7 µm, ξ=18 nm: I_γ = {current * 1e9:.2f} nA/layer, μ0M = {field * 1e6:.2f} µT, "
        f"H_c1 = {critical * 1e3:.2f} mT"
    )
    return Bound(field / critical, error=0.1 * field / critical, below=1.0, note=note)


@claim(
    "TaS2-factor",
    "Sec. IV",
    "The mechanism cannot explain a factor 10³ between the moments below and above T_c",
)
def _tas2_factor(quick: bool) -> Evidence:
    _, ratio = _layer()
    return Bound(
        ratio,
        error=0.5 * ratio,
        below=1e3,
        note=f"|M_γ/M_n|, {ASSUMED}; the experiment asks for at least 10³",
    )
