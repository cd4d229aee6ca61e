"""Problems of a scenario that only show when several settings are seen together."""

from __future__ import annotations

import math

from ..errors import InputError, require
from .cost import check_memory
from .model import InclusionSettings, Scenario

__all__ = ["cross_check"]


def cross_check(scenario: Scenario) -> list[str]:
    """One line for each problem; the checks that raise are below, one per section."""
    problems = []
    for check in (
        _check_material,
        _check_applied_field,
        _check_inclusions,
        _check_grid,
        check_memory,
        _check_sector,
    ):
        try:
            check(scenario)
        except InputError as error:
            problems.append(str(error))
    return problems


def _check_material(scenario: Scenario) -> None:
    material, scales = scenario.material, scenario.scales
    require(
        scales.kappa > 0.75,
        "material.penetration_depth/coherence_length",
        f"{scales.kappa:.3g}",
        "above 0.75: the package treats type-II superconductors",
        "exchange the two lengths if they were swapped",
    )
    require(
        material.temperature < material.critical_temperature,
        "material.temperature",
        f"{material.temperature:g} K",
        f"below T_c = {material.critical_temperature:g} K",
    )


def _check_applied_field(scenario: Scenario) -> None:
    applied, upper = scenario.tesla(scenario.sample.applied_field), scenario.scales.upper_critical_field
    require(
        abs(applied) < upper,
        "sample.applied_field",
        scenario.sample.applied_field,
        f"below H_c2 = {upper * 1e3:.4g} mT",
        "above it the sample is normal and there is nothing to compute",
    )


def _check_inclusions(scenario: Scenario) -> None:
    settings, kind = scenario.inclusions, scenario.inclusions.arrangement
    _refuse_ignored(settings)
    if kind == "none":
        return
    require(
        settings.edge_width is not None, "inclusions.edge_width", "missing", "given", 'for example "20 nm"'
    )
    require(
        settings.pseudo_magnetisation is None or settings.exchange * settings.potential != 0,
        "inclusions.exchange × potential",
        0.0,
        "non-zero where pseudo_magnetisation is imposed",
        "give exchange and potential any non-zero value: h̃ is imposed with its sign",
    )
    assert settings.edge_width is not None
    if kind == "uniform":
        require(
            scenario.sample.boundary == "open",
            "sample.boundary",
            scenario.sample.boundary,
            '"open" when inclusions.arrangement is "uniform"',
            "a uniform exchange field acts only at a free surface",
        )
        shortest, edge = min(scenario.sample.size), settings.edge_width
        require(
            shortest >= 10 * edge,
            "sample.size",
            f"{shortest:.4g} nm",
            f"at least 10 edge widths, {10 * edge:.4g} nm: the field-free bulk lies 3 of them inside the surface",
            "make the sample larger or inclusions.edge_width smaller",
        )
        return
    require(settings.radius is not None, "inclusions.radius", "missing", "given", 'for example "60 nm"')
    assert settings.radius is not None
    require(
        settings.edge_width <= settings.radius,
        "inclusions.edge_width",
        f"{settings.edge_width:.4g} nm",
        f"at most the radius, {settings.radius:.4g} nm",
        "the edge of a disk cannot be wider than the disk",
    )
    if kind == "list":
        require(bool(settings.positions), "inclusions.positions", "missing", 'given for arrangement "list"')
        return
    given = (settings.filling is not None) + (settings.count is not None)
    require(
        given == 1, "inclusions.filling and .count", f"{given} given", "exactly one of the two", "remove one"
    )


_RANDOM_ONLY = {"size_spread", "min_gap", "seed"}
_DISKS = {"radius", "positions", "filling", "count", *_RANDOM_ONLY}
IGNORED: dict[str, set[str]] = {
    "random": {"positions"},
    "square": {"positions", *_RANDOM_ONLY},
    "triangular": {"positions", *_RANDOM_ONLY},
    "list": {"filling", "count", *_RANDOM_ONLY},
    "uniform": {*_DISKS, "exchange_overhang", "screening_length"},
    "none": {*_DISKS, "exchange_overhang", "screening_length", "edge_width", "pseudo_magnetisation"},
}
"""Settings that an arrangement has no use for: giving one is a mistake."""


def _refuse_ignored(settings: InclusionSettings) -> None:
    kind = settings.arrangement
    for name in sorted(IGNORED[kind] & settings.model_fields_set):
        value, allowed = getattr(settings, name), f'absent with arrangement "{kind}", which does not use it'
        require(False, f"inclusions.{name}", value, allowed, "remove it")


def _check_grid(scenario: Scenario) -> None:
    spacing, xi, edge = scenario.spacing, scenario.material.coherence_length, scenario.inclusions.edge_width
    require(
        spacing <= xi,
        "sample.spacing",
        f"{spacing:.4g} nm",
        f"at most ξ = {xi:.4g} nm to resolve a vortex core",
        f'"{xi / 2:.3g} nm" or finer is sensible',
    )
    if edge is not None and scenario.inclusions.arrangement != "none":
        require(
            spacing <= edge / 2,
            "sample.spacing",
            f"{spacing:.4g} nm",
            f"at most half the edge width d = {edge:.4g} nm to resolve the ring of 𝓔_∥",
            f'use spacing = "{edge / 3:.3g} nm", or a wider edge',
        )
    for size in scenario.sample.size:
        require(
            size >= 8 * spacing,
            "sample.size",
            f"{size:.4g} nm",
            f"at least 8 grid spacings of {spacing:.4g} nm",
        )


def _check_sector(scenario: Scenario) -> None:
    wanted = scenario.search.flux_quanta
    if isinstance(wanted, int):
        most = math.prod(scenario.sample.size) / (2 * math.pi * scenario.material.coherence_length**2)
        allowed = f"between −{most:.4g} and {most:.4g}, the flux of H_c2 through the cell"
        require(abs(wanted) <= most, "search.flux_quanta", wanted, allowed, 'lower it, or use "auto"')
    if scenario.sample.boundary == "open":
        require(
            wanted in ("auto", 0),
            "search.flux_quanta",
            wanted,
            '"auto" for an open sample, where flux enters through the surface',
            'set sample.boundary = "periodic" to fix the flux',
        )
