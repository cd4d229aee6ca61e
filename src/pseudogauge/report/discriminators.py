"""What tells the vortex phases apart: the section of a report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from ..plots.discriminators import discriminator_figure
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["discriminator_sections"]

_SECTION = 1e-6 * 0.1e-6
"""Cross-section in m² for which currents are given."""
_DIGITS = 4
"""Decimals of an energy that the minimisation leaves."""
_FIGURE = (
    "States of different phases. Above: flux through a loop centred at each point, less its mean, which is written "
    "above each image; ▲ vortices, ▽ antivortices, circles inclusions. Below: a cut through the first inclusion, a "
    "histogram of the pixels of the smaller loop, the transport current at which something moves over the depairing "
    "current of a clean sample (black: its bracket), and, in the study itself, the net flux of the lowest state where "
    "some of four inclusions are reversed (x = 0.2)."
)
_STUDY = (
    "Practical units for ξ = 50 nm: inclusions 1.2 µm apart; λ = 500 nm, and 250 nm in the dense sample, whose lowest "
    "state is the interstitial one; in the other some antivortices inside are lowest. The moments' own field is left "
    "out."
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
        "it is a small share of Φ₀ per inclusion: pairs, of which some vortices left through the surface",
    ),
    (
        "no mean flux, and the same spot along h̃ on every inclusion",
        "no vortices: the spots are the rings' own field",
        "the spots differ, or a wide loop sees patches of either sign: pairs",
    ),
    (
        "a weaker spot along h̃ on some inclusions",
        "an antivortex sits in those",
        "nothing: a spot on an inclusion need not be negative to hold an antivortex",
    ),
    (
        "flux that moves in a tenth of the depairing current",
        "partners of pairs, or vortices between where inclusions are far apart",
        "nothing moves below about half of it, where the edges of the inclusions break down: antivortices inside, "
        "vortices between in a dense lattice, or none",
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
    figure = FigureItem(
        discriminator_figure(ds), _FIGURE, "Flux images, a cut, histograms, depinning, reversal."
    )
    columns = ("If you see", "then", "but if")
    rules = TableItem("What an experiment can conclude.", columns, _RULES)
    words = [_STUDY] if "reversal_net" in ds else []
    return [Section("What tells the phases apart", words, [figure], [_states(ds), _images(ds), rules])]


def _states(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for name in ds.phase.values:
        here = ds.sel(phase=name)
        low, high = here.depinning.values
        known = bool(np.isfinite(high))
        share = [number_text(float(value / here.depairing), 2) for value in (low, high)]
        current = [number_text(float(value) * _SECTION * 1e3, 2) for value in (low, high)]
        excess = number_text(round(float(here.excess), _DIGITS), 3)
        rows.append(
            [
                str(name), f"{excess} ({here.lowest_phase.item()})", int(here.net),
                number_text(float(here.mean_field), 3, scale=float(abs(ds.mean_field).max())),
                "…".join(share) if known else "–", "…".join(current) if known else "–", float(here.reversal_error),
            ]
        )  # fmt: skip
    columns = (
        "Phase", "energy over the lowest", "net (Φ₀)", "mean field (µT)", "depinning / depairing",
        "depinning (mA)", "reversal",
    )  # fmt: skip
    note = (
        "Energy in Φ₀²/8π²μ₀λ², in brackets the phase of the lowest state found of the same sample. Net: flux along "
        "h̃. Depairing: of a clean sample, 0.385 Φ₀/2πμ₀λ²ξ; mA through a cross-section of 1 µm × 0.1 µm. Reversal: "
        "relative change of the energy when training, fields and state are reversed."
    )
    return TableItem("One state of each phase.", columns, rows, note)


def _images(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for loop in range(ds.sizes["loop"]):
        for name in ds.phase.values:
            here = ds.sel(phase=name).isel(loop=loop)
            size = [number_text(float(here[key]), 2) for key in ("loop_radius", "loop_height")]
            mean = number_text(float(here.flux.mean()), 3, scale=1e3 * float(here.highest - here.lowest))
            flux = [number_text(float(here[key]), 3) for key in ("lowest", "highest", "deviation")]
            rows.append([" at ".join(size), str(name), mean, *flux, number_text(float(here.skewness), 2)])
    columns = ("Loop (µm)", "Phase", "mean (mΦ₀)", "lowest", "highest", "standard deviation", "skewness")
    note = (
        "Radius of the loop and its height above the surface, of a thick sample unless a thickness is given."
    )
    return TableItem("Distribution of the flux in the images.", columns, rows, note)
