"""What the maps and ensembles say, one row for each statement: the tables of the report and of the results folder."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import groupby, product
from typing import Any

import numpy as np
import xarray as xr

from ..phases import PHASES
from .ensembles import VARIANTS
from .thresholds import KINDS

__all__ = ["first_rows", "phase_rows", "random_rows", "search_rows"]

Row = dict[str, Any]
GRID = 0.02
"""Least error of a threshold in units of itself where the grid's is not known."""


def first_rows(maps: Mapping[str, xr.Dataset]) -> list[Row]:
    """What enters first at every filling of every map, and the thresholds it is compared by.

    ``first`` is "between", "inside", "pair", the name of another phase that comes before any of these ("normal",
    "mixed"), or "none". ``rivals`` enter within the errors; where there are any, the first is not decided. ``bound``:
    the threshold is at most that; ``converged`` 0: a state that decided it had not converged.
    """
    return [
        {
            "map": name,
            **_given(ds),
            "H": float(field),
            "x": float(x),
            **_first(ds.sel(applied=field, filling=x)),
        }
        for name, ds in maps.items()
        for field, x in product(ds.applied.values, ds.filling.values)
    ]


def _given(ds: xr.Dataset) -> Row:
    overhang = ds.attrs["exchange_overhang"]
    reach = overhang if isinstance(overhang, str) else f"{overhang:.3g}"
    keys = {
        "arrangement": "arrangement",
        "R": "radius",
        "d": "edge_width",
        "kappa": "kappa",
        "spacing": "spacing",
    }
    return {name: ds.attrs[key] for name, key in keys.items()} | {"b_z beyond R": reach}


def _first(here: xr.Dataset) -> Row:
    row: Row = {"depairing": here.depairing.item(), "centre": here.centre.item()}
    entered: dict[str, tuple[float, float]] = {}
    for name in KINDS:
        height, error = here[f"threshold_{name}"].item(), here[f"error_{name}"].item()
        row |= {name: height, f"{name} error": error, f"{name} London": here[f"london_{name}"].item()}
        row |= {f"{name} {mark}": here[f"{mark}_{name}"].item() for mark in ("bound", "converged")}
        if math.isfinite(height):
            entered[name] = (height, error if math.isfinite(error) else GRID * height)
    first = min(entered, key=lambda name: entered[name][0], default="none")
    height = entered[first][0] if entered else math.inf
    codes = here.phase.values
    other = next((k for k in np.flatnonzero(codes) if PHASES[codes[k]] in ("mixed", "normal")), None)
    rivals = [
        name
        for name, (u, error) in entered.items()
        if name != first and u - height <= math.hypot(error, entered[first][1])
    ]
    if other is not None and here.height.values[other] < height and not codes[:other].any():
        first, height, rivals = PHASES[codes[other]], float(here.height.values[other]), []
    row |= {"first": first, "from": height if math.isfinite(height) else math.nan, "rivals": " ".join(rivals)}
    return {key: row.pop(key) for key in ("first", "from", "rivals")} | row


def phase_rows(maps: Mapping[str, xr.Dataset]) -> list[Row]:
    """Every stretch of heights in one phase, with the net flux (Φ0 per inclusion, along h̃) at its ends."""
    rows = []
    for name, ds in maps.items():
        for field, x in product(ds.applied.values, ds.filling.values):
            here = ds.sel(applied=field, filling=x)
            for code, group in groupby(range(ds.sizes["height"]), key=lambda k: int(here.phase.values[k])):
                ks = list(group)
                low, high = here.height.values[[ks[0], ks[-1]]]
                net = here.net.values[[ks[0], ks[-1]]]
                rows.append(
                    {
                        "map": name, "H": float(field), "x": float(x), "phase": PHASES[code], "from": float(low),
                        "to": float(high), "net at from": float(net[0]), "net at to": float(net[1]),
                        "unconverged": int(here.unconverged.values[ks].sum()),
                    }
                )  # fmt: skip
    return rows


def random_rows(found: Iterable[xr.Dataset]) -> list[Row]:
    """Ensembles of random disks: mean and standard error over the arrangements, and how many are in which phase.

    London thresholds are those in the field of the ensemble, which is along the mean h̃.
    """
    rows = []
    for ds in found:
        for variant, x, height in product(ds.variant.values, ds.filling.values, ds.height.values):
            here = ds.sel(variant=variant, filling=x, height=height)
            row: Row = {"disks": str(variant), "x": float(x), "arrangements": here.sizes["seed"]}
            field = VARIANTS[str(variant)].applied
            for name, kind in KINDS.items():
                row |= _mean(f"{name} London", (1 - kind.net * field) * here[f"london_{name}"])
            row |= {"h": float(height)}
            row |= {phase: int((here.phase == n).sum()) for n, phase in enumerate(PHASES)}
            names = {"antivortices inside": "inside", "vortices between": "between", "net": "net"}
            row |= {k: v for label, name in names.items() for k, v in _mean(label, here[name]).items()}
            rows.append(row | {"unconverged": int((here.converged == 0).sum())})
    return rows


def _mean(name: str, values: xr.DataArray) -> Row:
    return {name: values.mean().item(), f"{name} error": (values.std(ddof=1) / np.sqrt(values.size)).item()}


def search_rows(ds: xr.Dataset) -> list[Row]:
    """The maps against free searches in larger cells, point by point."""
    rows = []
    for k in range(ds.sizes["point"]):
        here = ds.isel(point=k)
        row = {"x": "filling", "R": "radius", "d": "edge_width", "kappa": "kappa", "h": "height"}
        found: Row = {name: here[key].item() for name, key in row.items()}
        found |= {name.replace("_", " "): PHASES[here[name].item()] for name in ("phase", "phase_searched")}
        found |= {name.replace("_", " "): here[name].item() for name in ("net", "net_searched", "missed")}
        rows.append(found | {"converged": here.converged.item()})
    return rows
