"""What tells the vortex phases apart: the section of a report."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from ..plots.discriminators import discriminator_figure
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["discriminator_sections"]

_FIGURE = (
    "No vortices and three phases: (a)–(d) flux through a small loop above the surface, ▲ vortices, ▽ antivortices, "
    "circles inclusions with h̃ up; (e) cuts through a row of inclusions and (f) histograms of these images; (g) "
    "transport current (Φ₀/2πμ₀λ²ξ) at which something moves, with its bracket; (h) net flux of the ground "
    "state where some of four inclusions are reversed, x = 0.2. The moments' own field is left out."
)
_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "mean flux along h̃ after cooling without field",
        "vortices between the inclusions",
        "it is set by the cooling field: remanence",
    ),
    (
        "mean flux against h̃",
        "antivortices inside",
        "the sample is small: flux cannot leave a large one in the time of cooling, pairs stay",
    ),
    (
        "no mean flux, spots along h̃ on the inclusions",
        "no vortices, or pairs: the spots are the rings' own field",
        "a current pulse or a cycle to just below T_c changes them one by one: pairs",
    ),
    (
        "spots along h̃ on the inclusions, weaker than their neighbours by up to Φ₀ in a wide loop",
        "an antivortex sits in the weak ones",
        "nothing: a spot on an inclusion need not be negative to hold an antivortex",
    ),
    (
        "flux that moves in a transport current far below depairing",
        "vortices between, or the partners of pairs",
        "nothing moves until the inclusions' edges break down: antivortices inside",
    ),
    (
        "reversed training reverses the whole image",
        "everything is made by the inclusions",
        "a part stays: other pinning, or stray field",
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
