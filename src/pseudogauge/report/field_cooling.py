"""Field cooling: the sections of a report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from ..plots.ensembles import mean_and_error
from ..plots.field_cooling import field_cooling_figure, inclusions_of
from ..studies.cooling_ensembles import KINDS, condition_named, gathered
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["field_cooling_section", "field_cooling_sections"]

SAME = 0.1
"""Energy in Φ0²/8π²μ0λ² below which states with the same vortices count as one."""
_SIGNS = np.array([1, 1, -1, -1])
_WHAT = (
    "Samples are cooled through T_c with thermal noise, with ã frozen; then the noise is switched off and "
    "the energy minimised. A periodic cell keeps its flux: none, so that only pairs can be left, or, “in "
    "flux”, that of its lowest state. In open samples flux may cross the surfaces, where B = H = 0. In the "
    "samples “between” the lowest state has a vortex in every gap and nothing else, and “fig1b-dense” is a "
    "cell of the ready scenario of that name. The control has no pseudo-field: what it keeps is the "
    "background of Kibble and Zurek. Near T_c every ring is beyond depairing (|ã| > 1/√3 in units of "
    "1/ξ(T)), where pairs of an antivortex inside and a vortex between cost next to nothing; on further "
    "cooling they are trapped."
)
_FIGURE = (
    "Field cooling: (a) vortices of both signs for each inclusion against ε = 1 − T/T_c, after settling and "
    "minimising; (b) what is left, filled, with the lowest state of a search, open; (c) energy for each "
    "inclusion over that state, each run a point, negative where cooling found a lower one; (d) pair "
    "correlation with the inclusions. Errors are standard errors of the mean."
)


def field_cooling_sections(data: Mapping[str, xr.Dataset]) -> list[Section]:
    """The section on the runs of a study, from its parts."""
    whole = [ds for ds in data.values() if "ground_energy" in ds and "of_run" in ds]
    return [field_cooling_section(whole[0] if whole else gathered(data.values()))]


def field_cooling_section(ds: xr.Dataset) -> Section:
    """What was left of the vortices, with the ground state beside it."""
    alt = "Vortices against temperature, numbers left, energies, pair correlation."
    figure = FigureItem(field_cooling_figure(ds), _FIGURE, alt)
    return Section("Field cooling", [_WHAT], [figure], [_left(ds), _against_lowest(ds), _cost(ds)])


def _left(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for name in map(str, ds.condition.values):
        here = ds.sel(condition=name, stage="minimised")
        net = here["count"].dot(xr.DataArray(_SIGNS, dims="kind"))
        counts = [here["count"].sel(kind=kind) for kind in KINDS]
        row = [_text(number / inclusions_of(name)) for number in (*counts, net)]
        rows.append([name, int(here.energy.count()), *row])
    failed = int(ds.energy.size - ds.energy.count())
    loose = int((ds.at_minimum == 0).sum()) if "at_minimum" in ds else 0
    note = (
        f"Means with standard errors for each inclusion. Of {ds.energy.size} runs {failed} failed or are missing, "
        f"and {loose} minimisations stopped before they converged."
    )
    return TableItem("Vortices left by field cooling.", ("Condition", "runs", *KINDS, "net (Φ₀)"), rows, note)


def _against_lowest(ds: xr.Dataset) -> TableItem:
    """Sample and cooling, counts of the lowest state of a search for the same sample, and how far the runs are."""
    rows: list[list[Cell]] = []
    for name in map(str, ds.condition.values):
        condition = condition_named(name)
        sample, cooling = condition.sample, condition.cooling
        case = f"{sample.filling:.2g}, {sample.height:.3g}, {sample.kappa:.2g}"
        rows.append([name, case, cooling.ramp_time, cooling.noise, *_lowest(ds, name, condition.reference)])
    columns = ("Condition", "x, h̃/H_c1, κ", "ramp", "Θ", "lowest state", "runs in it", "energy over it")
    note = (
        "Ramp: time of one unit of ε in μ0σλ². The lowest state of a search has its counts for each inclusion in the "
        "order of the table above; a run is in it if it has the same counts and lies less than "
        f"{SAME} above it. Energies for each inclusion in Φ₀²/8π²μ₀λ²."
    )
    return TableItem("Field cooling against the lowest state.", columns, rows, note)


def _lowest(ds: xr.Dataset, name: str, reference: str) -> list[Cell]:
    """Counts of the lowest state, share of the runs in it, energy over it."""
    if reference not in ds.condition or not np.isfinite(ds.ground_energy.sel(condition=reference)):
        return ["–", "–", "–"]
    here, per = ds.sel(condition=name, stage="minimised"), inclusions_of(name)
    lowest = ds.sel(condition=reference)
    counts = lowest.ground_count / per
    excess = here.energy - lowest.ground_energy
    alike = (here["count"] == lowest.ground_count).all("kind") & (excess < SAME)
    text = "/".join(f"{float(counts.sel(kind=kind)):.2g}" for kind in KINDS)
    return [text, f"{int(alike.sum())} of {int(here.energy.count())}", _text(excess / per)]


def _cost(ds: xr.Dataset) -> TableItem:
    columns = ("Condition", *(f"ε = {strength:g}" for strength in ds.strength.values))
    rows: list[list[Cell]] = []
    for name in ds.condition.values:
        here = ds.sel(condition=name)
        if not np.nan_to_num(here.pair_number.values).any():
            continue
        pairs = zip(here.pair_cost.values, here.pair_number.values, strict=True)
        texts = (f"{round(cost, 2) + 0.0:.2f} ({number:.0f})".replace("-", "−") for cost, number in pairs)
        rows.append([str(name), *texts])
    note = "In brackets the number of vortices and antivortices; followed from ε = 1 towards T_c."
    return TableItem("Energy of what one run left, over the vortex-free state.", columns, rows, note)


def _text(values: xr.DataArray) -> str:
    mean, error = mean_and_error(values)
    if not np.isfinite(error):
        return number_text(mean, 3)
    return f"{mean:.2f} ± {error:.2f}".replace("-", "−")
