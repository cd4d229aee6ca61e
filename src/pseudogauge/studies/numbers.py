"""Every derived number of a scenario in practical units, for reports and `pseudogauge check`."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from scipy import constants

from ..inclusions import Inclusions, PseudoField
from ..scenario import Scenario
from ..units import AMPERE_PER_MEV, FLUX_QUANTUM, MU0
from .derive import BOHR_MAGNETON, Derived

__all__ = ["Number", "derived_numbers"]


@dataclass(frozen=True)
class Number:
    """One derived number in practical units."""

    group: str
    symbol: str
    name: str
    value: float
    unit: str
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def derived_numbers(derived: Derived) -> tuple[Number, ...]:
    """Electrons, superconductor and inclusions, in this order."""
    return (*_electron_numbers(derived), *_superconductor_numbers(derived), *_inclusion_numbers(derived))


def _electron_numbers(derived: Derived) -> list[Number]:
    metal, co, scenario = derived.metal, derived.coefficients, derived.scenario
    group = "electrons"
    velocity = metal.fermi_velocity * 1e-3 * constants.e * 1e-9 / constants.hbar
    spin_orbit = scenario.electrons.rashba_energy / scenario.electrons.fermi_wavevector
    stiffness = (
        float(co.stiffness) * AMPERE_PER_MEV * constants.e / constants.hbar
    )  # −∂j/∂A of a layer, A/(T m)
    london = math.sqrt(scenario.material.layer_spacing * 1e-9 / (MU0 * stiffness))
    clean = metal.fermi_velocity / (math.pi * metal.gap)
    return [
        Number(group, "k_F", "Fermi wavevector", metal.fermi_momentum, "1/nm"),
        Number(group, "v_F", "Fermi velocity", velocity, "m/s"),
        Number(group, "μ", "Fermi energy", metal.mu, "meV"),
        Number(group, "Δ", "gap at the run's temperature", metal.gap, "meV"),
        Number(group, "Δ_R", "Rashba energy", metal.rashba_energy, "meV"),
        Number(
            group,
            "λe",
            "spin-orbit length² times charge",
            spin_orbit / scenario.electrons.vertical_field,
            "meV nm²/V",
        ),
        Number(group, "ξ0", "clean coherence length v_F/πΔ", clean, "nm", _clean_note(clean, scenario)),
        Number(
            group,
            "λ_clean",
            "penetration depth of the clean model",
            london * 1e9,
            "nm",
            "the run uses the given λ",
        ),
        Number(group, "2πγ/m", "γ over its small-gap size", 2 * math.pi * co.gamma / metal.mass, ""),
        Number(
            group,
            "χ_zz/χ_N",
            "spin susceptibility over Pauli's",
            math.pi * float(co.spin_susceptibility[2][2]) / metal.mass,
            "",
        ),
        Number(group, "4πβ/e", "β over e/4π", 4 * math.pi * co.beta, ""),
    ]


def _clean_note(clean: float, scenario: Scenario) -> str:
    if clean > 2 * scenario.material.coherence_length:
        return (
            "well above the given ξ: the electrons are dirty or heavier than assumed; γ here is the clean one"
        )
    return ""


def _superconductor_numbers(derived: Derived) -> list[Number]:
    scales, material, group = derived.scenario.scales, derived.scenario.material, "superconductor"
    line = scales.lower_critical_field * FLUX_QUANTUM / MU0 * material.layer_spacing * 1e-9
    return [
        Number(group, "ξ", "coherence length", material.coherence_length, "nm"),
        Number(group, "λ", "penetration depth", material.penetration_depth, "nm"),
        Number(group, "κ", "λ/ξ", scales.kappa, ""),
        Number(group, "H_c1", "lower critical field", scales.lower_critical_field * 1e3, "mT"),
        Number(group, "B_c", "thermodynamic critical field", scales.thermodynamic_field * 1e3, "mT"),
        Number(group, "H_c2", "upper critical field", scales.upper_critical_field * 1e3, "mT"),
        Number(
            group,
            "ε1 s/(k_B T_c)",
            "vortex energy per layer",
            line / (constants.k * material.critical_temperature),
            "",
        ),
    ]


def _inclusion_numbers(derived: Derived) -> list[Number]:
    scenario, field = derived.scenario, derived.field
    if field is None:
        return []
    settings, scales, group = scenario.inclusions, scenario.scales, "inclusions"
    imposed = settings.pseudo_magnetisation is not None
    height, lower = derived.pseudo_magnetisation, scales.lower_critical_field
    current = height * scenario.material.layer_spacing * 1e-9 / MU0
    area = scenario.sample.size[0] * scenario.sample.size[1] * 1e-18
    filling = derived.inclusions.filling if derived.inclusions is not None else 1.0
    note = "imposed by the scenario" if imposed else ""
    rows = [
        Number(group, "I_γ", "ring current per layer", current * 1e9, "nA", note),
        Number(group, "h̃", "pseudo-magnetisation inside", height * 1e3, "mT", note),
        Number(group, "h̃/H_c1", "over the lower critical field", height / lower, ""),
        Number(
            group,
            "max|ã|√3",
            "pseudo-potential over depairing",
            field.depairing_ratio,
            "",
            _depairing_note(field),
        ),
        Number(group, "μ0m", "spin magnetisation inside", derived.spin_magnetisation * 1e3, "mT"),
        Number(group, "x", "filling", filling, ""),
    ]
    if derived.inclusions is not None:
        rows += _moment_numbers(derived, derived.inclusions, current)
    sign = math.copysign(1.0, height)
    between = filling * (abs(height) + sign * derived.spin_magnetisation)
    inside = (1 - filling) * abs(height) - filling * sign * derived.spin_magnetisation
    expected = between * area / FLUX_QUANTUM if between > lower else 0.0
    flux = filling * abs(height) * area / FLUX_QUANTUM
    return [
        *rows,
        Number(group, "x|h̃|A/Φ0", "flux of h̃ through the sample", flux, "Φ0"),
        Number(group, "g_between", "London gain between inclusions", between / lower, "", "vortices above 1"),
        Number(
            group, "g_inside", "London gain inside, other sign", inside / lower, "", "antivortices above 1"
        ),
        Number(
            group, "N", "expected vortices between inclusions", expected, "", "London, x(h̃ + μ0m) above H_c1"
        ),
    ]


def _moment_numbers(derived: Derived, placed: Inclusions, current: float) -> list[Number]:
    settings, metal, group = derived.scenario.inclusions, derived.metal, "inclusions"
    assert settings.radius is not None
    disk = math.pi * (settings.radius * 1e-9) ** 2
    spin = -metal.mass / math.pi * settings.exchange * 1e18 * disk  # in μ_B
    return [
        Number(group, "number", "inclusions in the sample", float(len(placed)), ""),
        Number(group, "M_γ", "moment of the ring current per layer", current * disk / BOHR_MAGNETON, "μ_B"),
        Number(
            group,
            "M_n",
            "Pauli moment of the electrons per layer",
            spin,
            "μ_B",
            "the electron's moment is −μ_B σ",
        ),
        Number(
            group,
            "M_γ/M_n",
            "ratio of the two",
            current * disk / BOHR_MAGNETON / spin if spin else math.nan,
            "",
        ),
    ]


def _depairing_note(field: PseudoField) -> str:
    return (
        "beyond depairing: the ring suppresses |ψ| and can slip its phase"
        if field.depairing_ratio > 1
        else ""
    )
