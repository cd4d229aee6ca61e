"""Field cooling: the sections of a report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from ..plots.field_cooling import field_cooling_figure, mean_and_error
from ..studies.cooling_ensembles import KINDS, condition_named, gathered
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["field_cooling_section", "field_cooling_sections"]

_WHAT = (
    "Samples of four inclusions are cooled through T_c with thermal noise, with ã frozen; then the noise is switched "
    "off and the energy minimised. In a periodic cell the net flux stays zero, so only pairs can be left; in an open "
    "sample flux may cross the surfaces, where B = H = 0. The control has no pseudo-field: what it keeps is the "
    "background of Kibble and Zurek. Near T_c every ring is beyond depairing (|ã| > 1/√3 in units of 1/ξ(T)), where "
    "pairs of an antivortex inside and a vortex between cost next to nothing; on further cooling they are trapped."
)
_FIGURE = (
    "Field cooling: (a) vortices of both signs against ε = 1 − T/T_c, after settling and minimising; (b) what is left, "
    "filled, with the lowest state of a search, open; (c) energy over that state, each run a point, negative where "
    "cooling found a lower one; (d) pair correlation with the inclusions. Errors are standard errors of the mean."
)


def field_cooling_sections(data: Mapping[str, xr.Dataset]) -> list[Section]:
    """The section on the runs of a study, from its parts."""
    whole = [ds for ds in data.values() if "ground_energy" in ds and "of_run" in ds]
    return [field_cooling_section(whole[0] if whole else gathered(data.values()))]


def field_cooling_section(ds: xr.Dataset) -> Section:
    """What was left of the vortices, with the ground state beside it."""
    alt = "Vortices against temperature, numbers left, energies, pair correlation."
    figure = FigureItem(field_cooling_figure(ds), _FIGURE, alt)
    return Section("Field cooling", [_WHAT], [figure], [_left(ds), _cost(ds)])


def _left(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for name in ds.condition.values:
        here = ds.sel(condition=name, stage="minimised")
        sign = np.array([1, 1, -1, -1])
        net = here["count"].dot(xr.DataArray(sign, dims="kind"))
        counts = [_text(here["count"].sel(kind=kind)) for kind in KINDS]
        excess = here.energy - here.ground_energy
        known = bool(np.isfinite(here.ground_energy))
        ground = [_whole(here.ground_count.sel(kind=kind)) for kind in KINDS] if known else ["–"]
        cooling = condition_named(str(name)).cooling
        row: list[Cell] = [str(name), cooling.ramp_time, cooling.noise, int(here.energy.count()), *counts]
        rows.append([*row, _text(net), "/".join(ground), _text(excess) if known else "–"])
    columns = ("Condition", "ramp", "Θ", "runs", *KINDS, "net flux (Φ₀)", "search", "excess energy")
    note = (
        "Means with standard errors, per sample of four inclusions. Ramp: time of one unit of ε in μ0σλ²; the search's "
        "state has its counts in the order of the columns; energies in Φ₀²/8π²μ₀λ²."
    )
    return TableItem("Vortices left by field cooling.", columns, rows, note)


def _cost(ds: xr.Dataset) -> TableItem:
    columns = ("Condition", *(f"ε = {strength:g}" for strength in ds.strength.values))
    rows: list[list[Cell]] = []
    for name in ds.condition.values:
        here = ds.sel(condition=name)
        if not np.nan_to_num(here.pair_number.values).any():
            continue
        pairs = zip(here.pair_cost.values, here.pair_number.values, strict=True)
        rows.append([str(name), *(f"{cost:.2f} ({number:.0f})".replace("-", "−") for cost, number in pairs)])
    note = "In brackets the number of vortices and antivortices; followed from ε = 1 towards T_c."
    return TableItem("Energy of what one run left, over the vortex-free state.", columns, rows, note)


def _whole(value: xr.DataArray) -> str:
    return f"{float(value):.0f}"


def _text(values: xr.DataArray) -> str:
    mean, error = mean_and_error(values)
    if not np.isfinite(error):
        return number_text(mean, 3)
    return f"{mean:.2f} ± {error:.2f}".replace("-", "−")
