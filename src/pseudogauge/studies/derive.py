"""From a scenario to every derived scale: microscopic model, coefficients, inclusions and pseudo-gauge field."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import constants

from ..ginzburg_landau import Grid
from ..inclusions import (
    Inclusions,
    PseudoField,
    disk_lattice,
    disks,
    pseudo_field,
    random_disks,
    uniform_slab,
)
from ..microscopic import RashbaSuperconductor, ResponseCoefficients, response_coefficients
from ..microscopic.closed_forms import bcs_gap
from ..scenario import Scenario
from ..units import AMPERE_PER_MEV, FLUX_QUANTUM, INVERSE_MASS, KELVIN, MU0

__all__ = ["Derived", "Number", "derive"]

BOHR_MAGNETON = constants.physical_constants["Bohr magneton"][0]


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


@dataclass(frozen=True)
class Derived:
    """A scenario with everything that follows from it before any Ginzburg-Landau state is computed.

    Lengths of ``grid`` and ``inclusions`` are in ξ, exchange fields in meV, potentials in V.
    """

    scenario: Scenario
    metal: RashbaSuperconductor
    coefficients: ResponseCoefficients
    grid: Grid
    inclusions: Inclusions | None

    @property
    def ring_current(self) -> float:
        """I_γ = γ b_z V_∥ of one layer in A, as γ gives it [LOB Eq. 6]."""
        electrons, settings = self.scenario.electrons, self.scenario.inclusions
        spin_orbit = (
            electrons.rashba_energy / electrons.fermi_wavevector / electrons.vertical_field
        )  # λe, meV nm²/V
        return float(
            self.coefficients.gamma * spin_orbit * settings.exchange * settings.potential * AMPERE_PER_MEV
        )

    @property
    def pseudo_magnetisation(self) -> float:
        """h̃ inside an inclusion in T: μ0 I_γ/s [LOB Eq. 11] unless the scenario imposes it."""
        imposed = self.scenario.inclusions.pseudo_magnetisation
        if imposed is not None:
            return self.scenario.tesla(imposed)
        return MU0 * self.ring_current / (self.scenario.material.layer_spacing * 1e-9)

    @property
    def spin_magnetisation(self) -> float:
        """μ0 m of the polarised conduction electrons inside an inclusion in T; their moment is −μ_B σ."""
        susceptibility = float(self.coefficients.spin_susceptibility[2][2])  # spins per meV nm²
        per_area = -BOHR_MAGNETON * susceptibility * self.scenario.inclusions.exchange * 1e18
        return MU0 * per_area / (self.scenario.material.layer_spacing * 1e-9)

    @cached_property
    def field(self) -> PseudoField | None:
        """The pseudo-gauge field in Ginzburg-Landau units."""
        scales, settings = self.scenario.scales, self.scenario.inclusions
        strength = self.pseudo_magnetisation / scales.upper_critical_field
        if settings.arrangement == "none":
            return None
        if self.inclusions is None:
            assert settings.edge_width is not None  # the scenario's own check
            xi = self.scenario.material.coherence_length
            return uniform_slab(self.grid.extent, settings.edge_width / xi, strength, scales.kappa)
        scale = settings.exchange * settings.potential
        return pseudo_field(self.inclusions, coupling=strength / scale, kappa=scales.kappa)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Every derived scale in practical units, for reports and `pseudogauge check`."""
        return (*_electron_numbers(self), *_superconductor_numbers(self), *_inclusion_numbers(self))


def derive(scenario: Scenario) -> Derived:
    """Compute model, coefficients and inclusions of a scenario.

    Raises `InputError` for inclusions that overlap, leave an open sample or do not fit.
    """
    material, electrons = scenario.material, scenario.electrons
    mass = electrons.effective_mass / INVERSE_MASS
    gap = electrons.gap or float(
        bcs_gap(material.temperature * KELVIN, material.critical_temperature * KELVIN)
    )
    metal = RashbaSuperconductor(
        mass=mass,
        mu=electrons.fermi_wavevector**2 / (2 * mass),
        gap=gap,
        rashba=electrons.rashba_energy / electrons.fermi_wavevector,
        temperature=material.temperature * KELVIN,
    )
    grid = Grid(
        shape=scenario.shape,
        spacing=scenario.spacing / material.coherence_length,
        periodic=scenario.sample.boundary == "periodic",
    )
    inclusions = _place(scenario, grid)
    return Derived(scenario, metal, response_coefficients(metal), grid, inclusions)


def _place(scenario: Scenario, grid: Grid) -> Inclusions | None:
    settings, xi = scenario.inclusions, scenario.material.coherence_length
    if settings.arrangement in ("none", "uniform"):
        return None
    assert settings.radius is not None  # the scenario's own check
    assert settings.edge_width is not None
    common: dict[str, Any] = {
        "edge_width": settings.edge_width / xi,
        "exchange": settings.exchange,
        "potential": settings.potential,
        "screening_length": settings.screening_length / xi,
        "extent": grid.extent,
        "periodic": grid.periodic,
    }
    radius = settings.radius / xi
    if settings.arrangement == "list":
        return disks(np.asarray(settings.positions) / xi, radius, **common)
    amount: dict[str, Any] = {"filling": settings.filling, "count": settings.count}
    if settings.arrangement == "random":
        gap = 2 * settings.edge_width if settings.min_gap is None else settings.min_gap
        return random_disks(
            radius=radius,
            size_spread=settings.size_spread,
            min_gap=gap / xi,
            rng=settings.seed,
            **amount,
            **common,
        )
    return disk_lattice(radius=radius, arrangement=settings.arrangement, **amount, **common)


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
            "ε1 s/k_BT_c",
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
            field.max_potential * math.sqrt(3),
            "",
            _depairing_note(field),
        ),
        Number(group, "μ0m", "spin magnetisation inside", derived.spin_magnetisation * 1e3, "mT"),
        Number(group, "x", "filling", filling, ""),
    ]
    if derived.inclusions is not None:
        rows += _moment_numbers(derived, current)
    return [
        *rows,
        Number(
            group,
            "x|h̃|A/Φ0",
            "flux of h̃ through the sample",
            filling * abs(height) * area / FLUX_QUANTUM,
            "Φ0",
        ),
        Number(
            group,
            "x|h̃|/H_c1",
            "London gain of a vortex between inclusions",
            filling * abs(height) / lower,
            "",
            "vortices above 1",
        ),
        Number(
            group,
            "(1−x)|h̃|/H_c1",
            "London gain of an antivortex inside",
            (1 - filling) * abs(height) / lower,
            "",
            "antivortices above 1",
        ),
        Number(
            group,
            "N",
            "expected vortices",
            _expected(filling * abs(height), lower) * area / FLUX_QUANTUM,
            "",
            "London, between inclusions",
        ),
    ]


def _moment_numbers(derived: Derived, current: float) -> list[Number]:
    settings, metal, group = derived.scenario.inclusions, derived.metal, "inclusions"
    assert settings.radius is not None
    disk = math.pi * (settings.radius * 1e-9) ** 2
    spin = -metal.mass / math.pi * settings.exchange * 1e18 * disk  # in μ_B
    return [
        Number(group, "number", "inclusions in the sample", float(len(derived.inclusions.radius)), ""),  # type: ignore[union-attr]
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
        if field.max_potential > 3**-0.5
        else ""
    )


def _expected(mean: float, lower: float) -> float:
    """Mean field above H_c1 enters as vortices; the estimate of a uniform field, below H_c1 none."""
    return mean if mean > lower else 0.0
