"""Every derived number of a scenario in practical units, for reports and `pseudogauge check`."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from scipy import constants

from ..inclusions import Inclusions, PseudoField
from ..scenario import Scenario
from ..scenario.model import Material
from ..units import AMPERE_PER_MEV, FLUX_QUANTUM, MU0
from .derive import BOHR_MAGNETON, Derived, gl_problem, spin_magnetisation
from .phase_diagram.london import Gains, london_gains

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
    """Electrons, superconductor, inclusions and London estimates of vortices, in this order."""
    groups = (_electron_numbers, _superconductor_numbers, _inclusion_numbers, _vortex_numbers)
    return tuple(number for group in groups for number in group(derived))


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
        Number(group, "Δ_R", "Rashba energy", metal.rashba_energy, "meV", _rashba_note(derived)),
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


def _rashba_note(derived: Derived) -> str:
    """Where γ of the parabolic band, linear in b and V_∥, leaves its range."""
    mu, settings = derived.metal.mu, derived.scenario.inclusions
    above = {"Δ_R": derived.metal.rashba_energy}
    if settings.arrangement != "none":
        above |= {"eV_∥": abs(settings.potential) * 1e3, "b": abs(settings.exchange)}
    found = [name for name, energy in above.items() if energy > mu]
    return f"{' and '.join(found)} above μ: γ is that of a weak perturbation of a wide band" if found else ""


def _clean_note(clean: float, scenario: Scenario) -> str:
    if clean > 2 * scenario.material.coherence_length:
        return (
            "well above the given ξ: the electrons are dirty or heavier than assumed; γ here is the clean one"
        )
    return ""


def _near_transition(material: Material) -> str:
    reduced = material.temperature / material.critical_temperature
    if reduced <= 0.9:
        return ""
    return f"T = {reduced:.2f} T_c: λ and ξ, which diverge at T_c, are taken as given for this temperature"


def _superconductor_numbers(derived: Derived) -> list[Number]:
    scales, material, group = derived.scenario.scales, derived.scenario.material, "superconductor"
    line = scales.lower_critical_field * FLUX_QUANTUM / MU0 * material.layer_spacing * 1e-9
    return [
        Number(group, "ξ", "coherence length", material.coherence_length, "nm", _near_transition(material)),
        Number(group, "λ", "penetration depth", material.penetration_depth, "nm"),
        Number(group, "κ", "λ/ξ", scales.kappa, ""),
        Number(group, "H_c1", "lower critical field", scales.lower_critical_field * 1e3, "mT"),
        Number(group, "B_c", "thermodynamic critical field", scales.thermodynamic_field * 1e3, "mT"),
        Number(group, "H_c2", "upper critical field", scales.upper_critical_field * 1e3, "mT"),
        Number(
            group,
            "ε1 s/k_B T_c",
            "vortex energy per layer",
            line / (constants.k * material.critical_temperature),
            "",
        ),
    ]


def _inclusion_numbers(derived: Derived) -> list[Number]:
    scenario, field = derived.scenario, derived.field
    if field is None:
        return []
    scales, group = scenario.scales, "inclusions"
    height, lower = derived.pseudo_magnetisation, scales.lower_critical_field
    current = height * scenario.material.layer_spacing * 1e-9 / MU0
    note = ""
    if scenario.inclusions.pseudo_magnetisation is not None:
        note = f"imposed; γ b_z V_∥ would give {derived.ring_current * 1e9:.3g} nA"
    spin = derived.spin_response * scenario.inclusions.exchange
    rows = [
        Number(group, "I_γ", "ring current per layer", current * 1e9, "nA", note),
        Number(group, "h̃", "pseudo-magnetisation inside", height * 1e3, "mT"),
        Number(group, "h̃/H_c1", "over the lower critical field", height / lower, ""),
        Number(group, "max|ã|√3", "over depairing", field.depairing_ratio, "", _depairing_note(field)),
        Number(group, "μ0m", "spin magnetisation inside", spin * 1e3, "mT"),
    ]
    if derived.inclusions is not None:
        rows += _moment_numbers(derived, derived.inclusions, current)
    return rows


def _vortex_numbers(derived: Derived) -> list[Number]:
    """London gains of a first vortex, in units of its line energy: above 1 it pays."""
    scenario, field, group = derived.scenario, derived.field, "vortices"
    applied = scenario.tesla(scenario.sample.applied_field)
    mean = field.source.mean * scenario.scales.upper_critical_field if field is not None else 0.0
    spins = float(spin_magnetisation(derived).mean())
    area = math.prod(scenario.sample.size) * 1e-18
    rows = [Number(group, "h̃ flux", "mean h̃ times area", mean * area / FLUX_QUANTUM, "Φ0")]
    if field is not None:
        only = gl_problem(derived, spins=False, applied=False)
        rest = replace(gl_problem(derived), pseudo_potential=None)
        alone = london_gains(only, sign=mean, inclusions=derived.inclusions)
        beside = london_gains(only, sign=mean, inclusions=derived.inclusions, beside=rest)
        note = "h̃ over its threshold; pays above 1"
        rows += [
            Number(group, "g_between", "gain of a vortex along h̃, from h̃ alone", alone.between, "", note),
            Number(group, "g_inside", "gain of a vortex against h̃, from h̃ alone", alone.inside, "", note),
            Number(group, "g_pair", "gain of one of each, from h̃ alone", alone.pair, "", note),
            *_thresholds(beside, abs(derived.pseudo_magnetisation)),
        ]
    first = london_gains(gl_problem(derived))
    plus, minus = first.between, first.inside
    expected = (mean + spins + applied) * area / FLUX_QUANTUM
    bulk = scenario.inclusions.arrangement != "uniform"  # its ã only pushes vortices along its edge
    rows += [
        Number(group, "g_+", "gain of a vortex, with spins and H", plus, "", "pays above 1"),
        Number(group, "g_−", "gain of an antivortex, with spins and H", minus, "", "pays above 1"),
        Number(
            group,
            "N",
            "expected vortices, at most",
            expected if bulk and max(plus * (expected > 0), minus * (expected < 0)) > 1 else 0.0,
            "",
            "mean of h̃ + μ0m + H as flux, if the gain exceeds 1; antivortices inside not counted",
        ),
    ]
    return rows


def _thresholds(gains: Gains, height: float) -> list[Number]:
    """h̃ in mT at which each kind of first vortex pays while H and the spins stay; none where no h̃ makes it pay."""
    kinds = {"between": "a vortex along h̃", "inside": "a vortex against h̃", "pair": "one of each"}
    note = "at the spins and H of the run; 0: pays without h̃"
    return [
        Number("vortices", f"h̃_{name}*", f"h̃ from which {kind} pays", 1e3 * height / gain, "mT", note)
        for name, kind in kinds.items()
        if (gain := getattr(gains, name)) > 0
    ]


def _moment_numbers(derived: Derived, placed: Inclusions, current: float) -> list[Number]:
    settings, metal, group = derived.scenario.inclusions, derived.metal, "inclusions"
    assert settings.radius is not None
    disk = math.pi * (settings.radius * 1e-9) ** 2
    reach = placed.exchange_overhang * derived.scenario.material.coherence_length
    spin = -metal.mass * settings.exchange * (settings.radius + reach) ** 2  # −χ_N b π(R + reach)², in μ_B
    ratio = current * disk / BOHR_MAGNETON / spin if spin else 0.0
    return [
        Number(group, "x", "filling", placed.filling, ""),
        Number(group, "number", "inclusions in the sample", float(len(placed)), ""),
        Number(group, "M_γ", "moment of the ring current per layer", current * disk / BOHR_MAGNETON, "μ_B"),
        Number(
            group,
            "M_n",
            "Pauli moment of the electrons per layer",
            spin,
            "μ_B",
            f"−χ_N μ_B b_z π(R + {reach:.3g} nm)²: where b_z reaches, for electrons with moment −μ_B σ",
        ),
        Number(group, "M_γ/M_n", "ratio of the two", ratio, "", "" if spin else "no spin moment"),
    ]


def _depairing_note(field: PseudoField) -> str:
    return (
        "beyond depairing: the ring suppresses |ψ| and can slip its phase"
        if field.depairing_ratio > 1
        else ""
    )
