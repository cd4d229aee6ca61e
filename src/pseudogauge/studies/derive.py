"""From a scenario to every derived scale: microscopic model, coefficients, inclusions, pseudo-gauge field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import constants

from ..errors import InputError
from ..ginzburg_landau import GinzburgLandau, Grid
from ..inclusions import (
    Inclusions,
    PseudoField,
    disk_lattice,
    disks,
    pseudo_field,
    random_disks,
    ring_currents,
    uniform_slab,
)
from ..microscopic import RashbaSuperconductor, ResponseCoefficients, response_coefficients
from ..microscopic.closed_forms import bcs_gap
from ..scenario import Scenario
from ..units import AMPERE_PER_MEV, INVERSE_MASS, KELVIN, MU0

__all__ = [
    "BOHR_MAGNETON",
    "Derived",
    "derive",
    "exchange_map",
    "gl_problem",
    "place_inclusions",
    "spin_magnetisation",
]

Floats = NDArray[np.float64]
BOHR_MAGNETON = constants.physical_constants["Bohr magneton"][0]


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

    @cached_property
    def geometry_factor(self) -> float:
        """g = ∫b_z 𝓔 dr/(b_z V_∥), 1 for b_z constant across the edge; the mean over the inclusions."""
        if self.inclusions is None:
            return 1.0
        return float(ring_currents(self.inclusions, gamma=1.0).geometry_factor.mean())

    @property
    def ring_current(self) -> float:
        """I_γ = g γ b_z V_∥ of one layer in A, as γ gives it [LOB Eq. 6]."""
        electrons, settings = self.scenario.electrons, self.scenario.inclusions
        potential = settings.potential / electrons.vertical_field
        # ∫w_∥ dr across the edge in meV nm²: λe V_∥ with λe = Δ_R/(k_F 𝓔^z)
        velocity = electrons.rashba_energy / electrons.fermi_wavevector * potential
        strength = self.coefficients.gamma * velocity * settings.exchange
        return float(self.geometry_factor * strength * AMPERE_PER_MEV)

    @property
    def pseudo_magnetisation(self) -> float:
        """h̃ inside an inclusion in T: μ0 I_γ/s [LOB Eq. 11] unless the scenario imposes it."""
        imposed = self.scenario.inclusions.pseudo_magnetisation
        if imposed is not None:
            return self.scenario.tesla(imposed)
        return MU0 * self.ring_current / (self.scenario.material.layer_spacing * 1e-9)

    @property
    def spin_response(self) -> float:
        """μ0 m/b_z of the polarised conduction electrons in T/meV; their moment is −μ_B σ."""
        susceptibility = float(self.coefficients.spin_susceptibility[2][2])  # spins per meV nm²
        per_area = -BOHR_MAGNETON * susceptibility * 1e18
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
            width, height = self.grid.extent
            return uniform_slab((width, height), settings.edge_width / xi, strength, scales.kappa)
        scale = self.geometry_factor * settings.exchange * settings.potential
        coupling = strength / scale if scale else 0.0
        return pseudo_field(self.inclusions, coupling, scales.kappa)


def derive(scenario: Scenario) -> Derived:
    """Compute model, coefficients and inclusions of a scenario.

    Raises `InputError` for inclusions that overlap, leave an open sample or do not fit.
    """
    material, electrons = scenario.material, scenario.electrons
    grid = Grid(
        shape=scenario.shape,
        spacing=scenario.spacing / material.coherence_length,
        periodic=scenario.sample.boundary == "periodic",
    )
    inclusions = place_inclusions(scenario)
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
    return Derived(scenario, metal, response_coefficients(metal), grid, inclusions)


def place_inclusions(scenario: Scenario) -> Inclusions | None:
    """The inclusions in units of ξ; they are placed in nm, so that messages speak the scenario's unit."""
    settings, xi = scenario.inclusions, scenario.material.coherence_length
    if settings.arrangement in ("none", "uniform"):
        return None
    assert settings.radius is not None  # the scenario's own check
    assert settings.edge_width is not None
    overhang = settings.edge_width if settings.exchange_overhang is None else settings.exchange_overhang
    common: dict[str, Any] = {
        "radius": settings.radius,
        "edge_width": settings.edge_width,
        "exchange": settings.exchange,
        "potential": settings.potential,
        "screening_length": settings.screening_length,
        "exchange_overhang": overhang,
        "extent": tuple(sites * scenario.spacing for sites in scenario.shape),
        "periodic": scenario.sample.boundary == "periodic",
    }
    amount: dict[str, Any] = {"filling": settings.filling, "count": settings.count}
    try:
        if settings.arrangement == "list":
            placed = disks(**{**common, "centres": settings.positions})
        elif settings.arrangement == "random":
            gap = 2 * overhang if settings.min_gap is None else settings.min_gap
            spread: dict[str, Any] = {"size_spread": settings.size_spread, "min_gap": gap}
            placed = random_disks(rng=settings.seed, **amount, **spread, **common)
        else:
            placed = disk_lattice(**{**amount, **common, "arrangement": settings.arrangement})
    except InputError as error:
        raise InputError(
            f"[inclusions] (in nm) {error.name}", error.value, error.allowed, error.fix
        ) from None
    _refuse_overlapping_exchange(placed)
    return placed.scaled(1 / xi)


def _refuse_overlapping_exchange(placed: Inclusions) -> None:
    """Each inclusion's b_z acts on its own edge field alone, so their exchange regions must not meet."""
    try:
        replace(placed, radius=placed.radius + placed.exchange_overhang * (1 - 1e-9), exchange_overhang=0.0)
    except InputError as error:
        raise InputError(
            "inclusions.exchange_overhang",
            f"{placed.exchange_overhang:.4g} nm",
            "at most half the smallest gap between inclusions: their exchange fields would overlap",
            f"lower it or spread the inclusions (grown by it, {error.value} collide)",
        ) from None


def gl_problem(derived: Derived, *, spins: bool = True, applied: bool = True) -> GinzburgLandau:
    """The Ginzburg-Landau problem of a scenario, with the spins of the inclusions as frozen magnetisation.

    Without ``spins`` or ``applied`` field it is what the pseudo-gauge field does alone.
    """
    scenario, upper = derived.scenario, derived.scenario.scales.upper_critical_field
    return GinzburgLandau(
        derived.grid,
        kappa=scenario.scales.kappa,
        pseudo_potential=derived.field,
        applied_field=scenario.tesla(scenario.sample.applied_field) / upper if applied else 0.0,
        magnetisation=spin_magnetisation(derived) / upper if spins else None,
    )


def exchange_map(derived: Derived, x: Floats, y: Floats) -> Floats:
    """b_z in meV."""
    if derived.inclusions is not None:
        return derived.inclusions.exchange_field(x, y)
    everywhere = derived.scenario.inclusions.exchange if derived.field is not None else 0.0
    return np.full(x.shape, everywhere)


def spin_magnetisation(derived: Derived) -> Floats:
    """μ0 m on plaquettes in T."""
    return derived.spin_response * exchange_map(derived, *derived.grid.plaquettes)
