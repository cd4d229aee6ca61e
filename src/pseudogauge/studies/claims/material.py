"""Claims about sizes: spin and orbital moments (Eqs. 8–10, 22, App. G) and 4Hb-TaS2 (Sec. IV)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

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
from .verdicts import Bound, Comparison, Estimate, Evidence, short

# Scale of the effect: energies in meV, lengths in nm, mass in m_e, penetration depth in µm.
INPUTS = {"b": 1.0, "V": 100.0, "E": 100.0, "Δ_R": 50.0, "k_F": 5.0, "m": 1.0, "depth": 0.7, "core": 18.0}
LAYER_SPACING = 1.19
"""c/2 of 4Hb-TaS2 in nm."""
ASSUMED = "assumed b = 1 meV, V_∥ = .1 V, E^z = .1 V/nm, Δ_R = 50 meV, k_F = 5/nm, m = m_e, f = 1"
SPREAD = 2.0
"""Every input is taken to be known within this factor."""
UNCERTAIN = "error: each input within a factor 2, in quadrature"


def _spin_moment(radius: float, mass: float, exchange: float) -> tuple[float, float]:
    """Σ⟨σ^z⟩ of a disk of 2D electron gas in −bσ^z, N↑ − N↓ by quadrature at low temperature, and its error."""
    mu, temperature = 10.0, 0.05

    def difference(energy: float) -> float:
        levels = [(energy - sign * exchange - mu) / temperature for sign in (1, -1)]
        return float(expit(-levels[0]) - expit(-levels[1]))

    density = mass / (2 * math.pi)  # states per area, energy and spin
    low, high = mu - exchange - 2, mu + exchange + 2
    value, error = quad(difference, low, high, epsabs=1e-13, points=[mu], limit=200)
    tail = 4 * temperature * math.exp(-2 / temperature)  # beyond the window
    return math.pi * radius**2 * density * value, math.pi * radius**2 * density * (error + tail)


CASES = ((3.0, 1.0, 0.01), (5.0, 0.5, 0.02))
"""(R, m, b_z) of the moment rows."""
COUNTED = "in the paper's convention, the spin moment counted along +σ"


def _spin_moments() -> tuple[list[float], list[float]]:
    """Σ⟨σ^z⟩ at CASES and their errors."""
    found = [_spin_moment(*case) for case in CASES]
    return [value for value, _ in found], [error for _, error in found]


@claim("8", "8", f"The spins of an inclusion give M_n = πR² χ b_z ({COUNTED})")
def _eq8(quick: bool) -> Evidence:
    moments, errors = _spin_moments()
    pauli = [math.pi * radius**2 * (mass / math.pi) * b for radius, mass, b in CASES]
    note = "M_n/μ_B from N↑ − N↓, with 2D Pauli χ = m μ_B/π; (R, m, b) = (3, 1, .01), (5, .5, .02)"
    return Comparison(pauli, moments, error=errors, tolerance=1e-6, note=note)


@claim("9", "9", f"Pauli value: M_n = 3π² R² m μ_B b_z ({COUNTED})")
def _eq9(quick: bool) -> Evidence:
    moments, errors = _spin_moments()
    values = [printed.normal_moment_9(radius, mass, 1.0, b) for radius, mass, b in CASES]
    note = "the 2D Pauli moment is R² m μ_B b_z: printed 3π² too large"
    return Comparison(values, moments, error=errors, tolerance=1e-6, note=note)


@claim("9-sign", "8, 9", "The spin moment points along b_z ẑ (physical sign: an electron's moment is −μ_B σ)")
def _eq9_sign(quick: bool) -> Evidence:
    pauli = [radius**2 * mass * b for radius, mass, b in CASES]
    moments, errors = _spin_moments()
    note = (
        "M_n/μ_B: −b σ^z raises ⟨σ^z⟩ and the charge is −e, so M_n points along −b_z ẑ. Rows 8–10 and 22 count "
        "⟨σ^z⟩ itself, as the paper does; which sign of V_∥ enhances is thereby reversed"
    )
    return Comparison(pauli, [-value for value in moments], error=errors, tolerance=1e-6, note=note)


def _ring_over_spin(strength: float, drop: float, mass: float, f: float = 1.0) -> tuple[float, float]:
    """M_γ/M_n from Eq. 7, γ = −(e²λm/2π) f and the spin moment along +σ, μ_B = 1; and its error."""
    radius, exchange = 3.0, 0.01
    ring = math.pi * radius**2 * (-strength * mass / (2 * math.pi) * f) * exchange * drop
    spin, error = _spin_moment(radius, mass, exchange)
    return ring / spin, abs(ring / spin) * error / spin


RATIO_CASES = ((0.2, 0.7, 1.0), (0.1, 1.5, 0.5))
"""(λ, V_∥, m) of the rows on M_γ/M_n."""
RATIO_TEXT = "(λ, V_∥, m) = (.2, .7, 1), (.1, 1.5, .5)"


@claim("10", "10", f"M_γ/M_n = γ V_∥/(3π m μ_B) ({COUNTED})")
def _eq10(quick: bool) -> Evidence:
    found = [_ring_over_spin(*case) for case in RATIO_CASES]
    values = [printed.moment_ratio_10(-lam * m / (2 * math.pi), drop, m, 1.0) for lam, drop, m in RATIO_CASES]
    note = f"{RATIO_TEXT}: M_γ/M_n = π γ V_∥/(m μ_B), printed 3π² too small"
    return Comparison(values, [r for r, _ in found], error=[e for _, e in found], tolerance=1e-6, note=note)


@claim("22", "22", f"For Δ ≪ |λe 𝓔^z| k_F: M_γ/M_n = −e² λ V_∥/(12π² μ_B) ({COUNTED})")
def _eq22(quick: bool) -> Evidence:
    exact, error = gamma(gap=0.01)
    f = exact / (-1 / (2 * math.pi))  # 1 in the limit
    found = [_ring_over_spin(*case, f) for case in RATIO_CASES]
    errors = [e + abs(ratio * error / exact) for ratio, e in found]
    values = [printed.moment_ratio_22(lam, drop, 1.0) for lam, drop, _ in RATIO_CASES]
    note = f"{RATIO_TEXT}, with the computed γ at Δ/μ = .001: M_γ/M_n = −(e² λ V_∥/2μ_B) f, printed 6π² ≈ 59 too small"
    return Comparison(values, [r for r, _ in found], error=errors, tolerance=1e-3, note=note)


@claim(
    "either-sign",
    "abstract, Sec. II",
    "The mechanism can enhance or reduce the magnetisation: M_γ/M_n takes both signs",
)
def _either_sign(quick: bool) -> Evidence:
    (up, e1), (down, e2) = (_ring_over_spin(0.2, drop, 1.0) for drop in (0.7, -0.7))
    note = "product of M_γ/M_n for V_∥ = .7 and −.7 (charge of the inclusion): opposite signs if negative"
    return Bound(up * down, error=abs(up) * e2 + abs(down) * e1, below=0.0, note=note)


# --- estimates and the material ---------------------------------------------------------------------------


@claim("G1", "G1", "|M_γ/M_n| ~ (V_∥/V_⊥)(d_⊥ k_F) Δ_R/μ")
def _eq_g1(quick: bool) -> Evidence:
    estimates, ratios = [], []
    worst = 0.0
    for drop_ratio, kd, split in ((1.0, 5.0, 0.05), (0.5, 10.0, 0.2), (1.0, 1.0, 0.3)):
        mass, mu, v_perp = 1.0, 10.0, 1.0
        k_fermi = math.sqrt(2 * mass * mu)
        strength = split * mu * (kd / k_fermi) / (k_fermi * v_perp)
        ratio, error = _ring_over_spin(strength, drop_ratio * v_perp, mass)
        ratios.append(ratio * 2 * mass)  # μ_B = e/2m
        worst = max(worst, error * 2 * mass)
        estimates.append(printed.moment_ratio_g1(drop_ratio, kd, split * mu, mu))
    note = (
        "magnitudes; (V_∥/V_⊥, k_F d_⊥, Δ_R/μ) = (1, 5, .05), (.5, 10, .2), (1, 1, .3): the true value is ½ f of it "
        "(for Eq. 22 as printed, .008 of it)"
    )
    return Estimate(estimates, ratios, error=worst, note=note)


@claim(
    "G1-unity",
    "App. G",
    "With V_∥ ≲ V_⊥, k_F d_⊥ ≤ 10, Δ_R < μ the extra moment is at most of order the Pauli moment",
)
def _g1_unity(quick: bool) -> Evidence:
    f = arcoth_f(1e-6)
    worst = 10.0 / 2 * f
    note = (
        "largest (V_∥/V_⊥)(k_F d_⊥)(Δ_R/2μ) f in the stated ranges at Δ/Δ_R = 10⁻³; of order one: below ten"
    )
    return Bound(worst, error=10.0 / 2 * (1 - f), below=10.0, note=note)


@claim("G2", "G2", "β∇b_z×ẑ of one inclusion has the moment M_β = πR²βb_z")
def _eq_g2(quick: bool) -> Evidence:
    radius, width, beta_b = 5.0, 0.2, 0.3
    # j_φ = −β ∂_r b_z; moment ½∫ r j_φ d²r

    def moment(r: float) -> float:
        slope = 1 / (width * math.cosh(2 * (r - radius) / width) ** 2)  # −∂_r of the smooth step
        return math.pi * r * r * beta_b * slope

    value, error = quad(moment, radius - 8 * width, radius + 8 * width, points=[radius], epsabs=1e-12)
    broadening = math.pi**2 / 48 * (width / radius) ** 2  # ⟨r²⟩/R² − 1 of the tanh edge
    note = f"edge d = .04 R, which adds π²d²/48R² = {short(broadening)}"
    return Comparison(math.pi * radius**2 * beta_b, value, error=error, tolerance=broadening, note=note)


@claim(
    "G-ratio",
    "Sec. II, App. G",
    "The β moment is suppressed against the γ moment by Δ_R/μ: |M_γ/M_β| ~ (V_∥/V_⊥)(k_F d_⊥) μ/Δ_R",
)
def _g_ratio(quick: bool) -> Evidence:
    mu, k_fermi, estimates, ratios, errors = 10.0, math.sqrt(20.0), [], [], []
    for rashba in (0.5, 0.25):
        split = rashba * k_fermi
        drop = 1 / k_fermi  # V_∥ = V_⊥ and k_F d_⊥ = 1, so λe V_∥ = w_z d_⊥
        (upper, e1), (lower, e2) = gamma(0.01, rashba), beta(0.01, rashba)
        ratios.append(abs(upper * rashba * drop / lower))
        errors.append(ratios[-1] * (e1 / abs(upper) + e2 / abs(lower)))
        estimates.append(mu / split)
    note = (
        f"V_∥ = V_⊥, k_F d_⊥ = 1, Δ_R/μ = .22, .11, Δ/μ = .001: {ratios[0]:.3f}, {ratios[1]:.3f} = Δ_R/μ, no factor "
        "μ/Δ_R"
    )
    return Estimate(estimates, ratios, error=max(errors), note=note)


Inputs = Mapping[str, float]


def _ring_current(x: Inputs) -> float:
    """Ring current of one layer in A, (e²λm/2π) b V_∥ with λ in nm² from Δ_R = λ eE^z k_F."""
    strength = x["Δ_R"] / (x["E"] * x["k_F"])
    per_area = strength * x["m"] / INVERSE_MASS / (2 * math.pi) * x["b"] * x["V"]  # meV (ħ = e = 1)
    return per_area * AMPERE_PER_MEV


def _over_critical(x: Inputs) -> float:
    """μ0M/H_c1 at full coverage."""
    return MU0 * _ring_current(x) / (LAYER_SPACING * 1e-9) / _critical(x)


def _critical(x: Inputs) -> float:
    """H_c1 in T."""
    return Scales(coherence_length=x["core"] * 1e-9, penetration_depth=x["depth"] * 1e-6).lower_critical_field


def _over_spin(x: Inputs) -> float:
    """|M_γ/M_n| of one layer."""
    spin = (
        x["b"] * x["m"] / INVERSE_MASS / math.pi * 1e18 * BOHR_MAGNETON_MEV * 1e-3 * constants.e
    )  # (A m²)/m²
    return _ring_current(x) / spin


def _uncertainty(of: Callable[[Inputs], float]) -> float:
    """How far ``of`` may lie above its value: each input off by SPREAD, logarithms added in quadrature."""
    value = of(INPUTS)
    shifts = [math.log(of({**INPUTS, name: SPREAD * x}) / value) for name, x in INPUTS.items()]
    return value * math.expm1(math.hypot(*shifts))


@claim(
    "TaS2-ring",
    "Sec. IV",
    "In 4Hb-TaS2 the effect is too small to create vortices by itself: μ0M < H_c1 even at full coverage",
)
def _tas2_ring(quick: bool) -> Evidence:
    current = _ring_current(INPUTS)
    field = MU0 * current / (LAYER_SPACING * 1e-9)
    note = (
        f"μ0M/H_c1, {ASSUMED}, λ = .7 µm, ξ = 18 nm: I_γ = {current * 1e9:.2f} nA/layer, "
        f"μ0M = {field * 1e6:.2f} µT, H_c1 = {_critical(INPUTS) * 1e3:.2f} mT; {UNCERTAIN}"
    )
    return Bound(_over_critical(INPUTS), error=_uncertainty(_over_critical), below=1.0, note=note)


@claim(
    "TaS2-factor",
    "Sec. IV",
    "The mechanism cannot explain a factor 10³ between the moments below and above T_c",
)
def _tas2_factor(quick: bool) -> Evidence:
    note = f"|M_γ/M_n|, {ASSUMED}; the experiment asks for at least 10³; {UNCERTAIN}"
    return Bound(_over_spin(INPUTS), error=_uncertainty(_over_spin), below=1e3, note=note)
