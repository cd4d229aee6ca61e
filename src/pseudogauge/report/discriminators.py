"""What tells the vortex phases apart: the section of a report."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from ..plots.discriminators import discriminator_figure
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["discriminator_sections"]

_FIGURE = (
    "Three phases: (a)–(c) flux through a small loop above the surface, ▲ vortices, ▽ antivortices, circles inclusions "
    "with h̃ up; (d) histograms of these images; (e) transport current at which something moves, with its bracket; "
    "(f) net flux of the ground state where some of four inclusions are reversed, x = 0.2. The moments' own field is "
    "left out."
)
_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "bright spots of one sign, flux along h̃, between the inclusions",
        "vortices between",
        "spots of the other sign on the inclusions as well",
    ),
    ("spots of one sign, flux against h̃, on the inclusions", "antivortices inside", "net flux zero: pairs"),
    (
        "spots of both signs, no net flux over many inclusions",
        "pairs, as field cooling leaves them",
        "spots at random places, gone after slower cooling: Kibble-Zurek",
    ),
    (
        "spots move in a small transport current or field",
        "vortices between or pairs",
        "spots stay up to the current at which the inclusion's edge itself gives way: antivortices inside",
    ),
    (
        "reversed training reverses every spot in place",
        "spots made by the inclusions",
        "spots that stay or move elsewhere: other pinning, or stray field",
    ),
    (
        "net flux falls in proportion as part of the inclusions are reversed",
        "each inclusion acts by itself: antivortices inside",
        "flux that vanishes before half are reversed: vortices between, which need the mean of h̃",
    ),
)


def discriminator_sections(data: Mapping[str, xr.Dataset]) -> list[Section]:
    """The section, from the one part of the study."""
    ds = data["discriminators"]
    figure = FigureItem(discriminator_figure(ds), _FIGURE, "Flux images, histograms, depinning, reversal.")
    columns = ("If you see", "then", "but if")
    rules = TableItem("What an experiment can conclude.", columns, _RULES)
    return [Section("What tells the phases apart", figures=[figure], tables=[_numbers(ds), rules])]


def _numbers(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for name in ds.phase.values:
        here = ds.sel(phase=name)
        low, high = (number_text(float(value), 2) for value in here.depinning.values)
        flux = [number_text(1e3 * float(here[key]), 2) for key in ("lowest", "highest")]
        rows.append(
            [str(name), int(here.net), *flux, number_text(float(here.skewness), 2), f"{low}…{high}",
             float(here.reversal_error)]
        )  # fmt: skip
    columns = (
        "Phase",
        "net flux along h̃ (Φ₀)",
        "lowest (mΦ₀)",
        "highest (mΦ₀)",
        "skewness",
        "depinning",
        "reversal",
    )
    note = (
        "Per four inclusions. Depinning current in Φ₀/2πμ₀λ²ξ (clean depairing: 0.385). Reversal: relative change of "
        "the energy when training and state are reversed."
    )
    return TableItem("Measured on one state of each phase.", columns, rows, note)
