"""From a scenario to every derived scale: microscopic model, coefficients, inclusions, pseudo-gauge field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scipy import constants

from ..errors import InputError
from ..ginzburg_landau import Grid
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

__all__ = ["BOHR_MAGNETON", "Derived", "derive", "place_inclusions"]

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
    common: dict[str, Any] = {
        "radius": settings.radius,
        "edge_width": settings.edge_width,
        "exchange": settings.exchange,
        "potential": settings.potential,
        "screening_length": settings.screening_length,
        "exchange_overhang": settings.exchange_overhang,
        "extent": tuple(sites * scenario.spacing for sites in scenario.shape),
        "periodic": scenario.sample.boundary == "periodic",
    }
    amount: dict[str, Any] = {"filling": settings.filling, "count": settings.count}
    try:
        if settings.arrangement == "list":
            placed = disks(**{**common, "centres": settings.positions})
        elif settings.arrangement == "random":
            spread: dict[str, Any] = {"size_spread": settings.size_spread, "min_gap": settings.min_gap}
            placed = random_disks(rng=settings.seed, **amount, **spread, **common)
        else:
            placed = disk_lattice(**{**amount, **common, "arrangement": settings.arrangement})
    except InputError as error:
        raise InputError(
            f"[inclusions] (in nm) {error.name}", error.value, error.allowed, error.fix
        ) from None
    return placed.scaled(1 / xi)
