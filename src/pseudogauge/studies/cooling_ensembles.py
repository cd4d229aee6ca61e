"""Ensembles of field-cooling runs: reproducible run by run, kept in batches, gathered into one dataset."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from ..errors import require
from ..ginzburg_landau import ground_state
from ..results import provenance, read_json, to_json
from .field_cooling import STRENGTHS, Cooling, Sample, cool, pair_cost
from .parts import Part, source_digest
from .phases import Places

__all__ = [
    "CONDITIONS",
    "KINDS",
    "STAGES",
    "Condition",
    "condition_named",
    "ensemble",
    "field_cooling_parts",
    "gathered",
    "quick_ensembles",
    "references",
]

KINDS = ("vortex between", "vortex inside", "antivortex between", "antivortex inside")
STAGES = (*(f"ε = {strength:g}" for strength in STRENGTHS), "settled", "minimised")


@dataclass(frozen=True)
class Condition:
    """A sample, how it is cooled, and a name that seeds its runs."""

    name: str
    sample: Sample
    cooling: Cooling = field(default_factory=Cooling)

    def rng(self, run: int) -> np.random.Generator:
        """The random numbers of one run: they depend on the name and the number alone."""
        return np.random.default_rng([zlib.crc32(self.name.encode()), run])

    @property
    def reference(self) -> str:
        """The first condition with the same sample: what is known of its lowest state holds here, too."""
        return next(one.name for one in CONDITIONS if one.sample == self.sample)


FAST, SLOW, HOT = Cooling(ramp_time=25.0), Cooling(ramp_time=400.0), Cooling(noise=0.3)
_DILUTE, _DENSE = Sample(filling=0.2, height=1.8), Sample(filling=0.72, height=2.0)
_OPEN, _CONTROL = replace(_DILUTE, open=True), replace(_DILUTE, height=0.0)
_BETWEEN = Sample(filling=0.75, height=2.8, kappa=5.0, edge_width=6.0, exchange_overhang=6.0, margin=6.5)
_IN_FLUX = replace(_BETWEEN, flux_quanta=4)
CONDITIONS = (
    Condition("dilute", _DILUTE),
    Condition("dilute open", _OPEN),
    Condition("dense", _DENSE),
    Condition("dense open", replace(_DENSE, open=True)),
    Condition("dense strong", replace(_DENSE, height=2.5)),
    Condition("between", _BETWEEN),
    Condition("between open", replace(_BETWEEN, open="x", columns=3)),
    Condition("between in flux", _IN_FLUX),
    Condition(
        "fig1b-dense in flux",
        Sample(filling=0.7415, height=2.46, period=49.4, edge_width=8.0, rows=1, flux_quanta=1),
    ),
    Condition("control", _CONTROL),
    Condition("control open", replace(_CONTROL, open=True)),
    Condition("dilute open fast", _OPEN, FAST),
    Condition("dilute open slow", _OPEN, SLOW),
    Condition("dilute open hot", _OPEN, HOT),
    Condition("dilute fine", replace(_DILUTE, spacing=2 / 3)),
    Condition("control open fast", replace(_CONTROL, open=True), FAST),
    Condition("between in flux fast", _IN_FLUX, FAST),
    Condition("between in flux slow", _IN_FLUX, SLOW),
    Condition("between in flux hot", _IN_FLUX, HOT),
    Condition("between in flux fine", replace(_IN_FLUX, spacing=2 / 3)),
)
"""What the full study compares. "between": the lowest state has a vortex in every gap; "in flux": in a cell with the
flux of that state; "fig1b-dense": one inclusion of the ready scenario paper-fig1b-dense, on a coarser grid."""
NAMES = tuple(one.name for one in CONDITIONS)
RUNS, BATCH = 50, 10
"""Runs of each condition in the full study, and how many are saved together."""
QUICK = ("dilute", "control")
PER_RUN = ("count", "energy", "at_minimum")


def condition_named(name: str) -> Condition:
    """One of `CONDITIONS`."""
    require(name in NAMES, "condition", name, f"one of {', '.join(NAMES)}")
    return CONDITIONS[NAMES.index(name)]


def ensemble(name: str, runs: Iterable[int]) -> xr.Dataset:
    """Cool one condition once for every number in ``runs``, each the seed of its own run.

    Returns ``count`` (condition, run, stage, kind) of vortices by `STAGES` and `KINDS`; of the minimised states
    (condition, run) ``energy`` in Φ0²/8π²μ0λ² and ``at_minimum``, whether their minimisation converged; and of every
    vortex of theirs ``x``, ``y`` (ξ), ``winding`` and ``of_run``. A run that failed is NaN, and named among the
    attributes' ``failures``.
    """
    condition, rows = condition_named(name), {}
    failures = {}
    for run in runs:
        try:
            rows[run] = _run(condition, run)
        except Exception as failure:  # one bad run must not lose the others
            rows[run] = {}
            failures[f"{name}, run {run}"] = f"{type(failure).__name__}: {failure}"
    return _dataset(name, rows, failures)


def _run(condition: Condition, run: int) -> dict[str, Any]:
    sample = condition.sample
    cooled = cool(sample, condition.cooling, condition.rng(run))
    places = (*cooled.on_the_way, sample.places(cooled.settled), sample.places(cooled.minimised))
    found = cooled.minimised.vortices
    return {
        "energy": cooled.minimised.energy,
        "at_minimum": float(cooled.minimised.converged),
        "counts": [_counts(one) for one in places],
        "x": found.x,
        "y": found.y,
        "winding": found.winding,
    }


def _counts(places: Places) -> list[int]:
    return [places.count(sign, where) for sign in (1, -1) for where in ("between", "inside")]


def _dataset(name: str, rows: dict[int, dict[str, Any]], failures: dict[str, str]) -> xr.Dataset:
    nothing = np.full((len(STAGES), len(KINDS)), np.nan)
    columns = ("x", "y", "winding")
    vortices = {key: np.concatenate([[], *(row.get(key, []) for row in rows.values())]) for key in columns}
    sizes = [len(row.get("x", [])) for row in rows.values()]
    return xr.Dataset(
        {
            "count": (
                ("condition", "run", "stage", "kind"),
                [[r.get("counts", nothing) for r in rows.values()]],
            ),
            **{
                key: (("condition", "run"), [[row.get(key, np.nan) for row in rows.values()]])
                for key in ("energy", "at_minimum")
            },
            **{key: ("vortex", values) for key, values in vortices.items()},
            "of_run": ("vortex", np.repeat(list(rows), sizes)),
        },
        coords={"condition": [name], "run": list(rows), "stage": list(STAGES), "kind": list(KINDS)},
        attrs={"title": f"Field cooling: {name}", "failures": to_json(failures), "converged": not failures},
    )


def references(names: Sequence[str]) -> xr.Dataset:
    """Where cooling should lead: ``ground_energy`` (condition) and ``ground_count`` (condition, kind) of the search.

    In a cell, whose flux is kept, the lowest state of that flux.
    ``pair_cost`` (condition, strength) is the energy of what the first run left, over the vortex-free state, at each
    ε of `pair_cost`, and ``pair_number`` the vortices it then has.
    """
    energies, counts, costs = [], [], []
    for name in names:
        sample = condition_named(name).sample
        problem = sample.problem
        held = [problem.flux_quanta] if problem.quantised else None  # which cooling cannot change
        state = ground_state(problem, rng=0, sectors=held, tol=1e-4, threads=1)
        energies.append(state.energy)
        counts.append(_counts(sample.places(state)))
        costs.append(pair_cost(sample, cool(sample, Cooling(), condition_named(name).rng(0)).settled))
    strength, cost, number = np.moveaxis(np.array(costs), -1, 0)
    return xr.Dataset(
        {
            "ground_energy": ("condition", energies),
            "ground_count": (("condition", "kind"), counts),
            "pair_cost": (("condition", "strength"), cost),
            "pair_number": (("condition", "strength"), number),
        },
        coords={"condition": list(names), "kind": list(KINDS), "strength": strength[0]},
        attrs={"title": "Field cooling: ground states", "converged": True},
    )


def gathered(parts: Iterable[xr.Dataset]) -> xr.Dataset:
    """The batches of `ensemble` and the `references` as one dataset over all conditions and runs."""
    every = list(parts)
    batches = [part for part in every if "of_run" in part]
    failures = {name: text for part in batches for name, text in read_json(part.attrs["failures"]).items()}
    per_vortex = [
        part.drop_vars((*PER_RUN, *part.coords)).assign(
            of_condition=("vortex", np.full(part.sizes["vortex"], part.condition.item()))
        )
        for part in batches
    ]
    per_run = xr.combine_by_coords([part[list(PER_RUN)].drop_attrs() for part in batches], join="outer")
    assert isinstance(per_run, xr.Dataset)
    others = [part.drop_attrs() for part in every if "of_run" not in part]
    vortices = xr.concat(per_vortex, "vortex", combine_attrs="drop")
    whole = xr.merge([per_run, vortices, *others], join="outer", compat="no_conflicts")
    held = [name for name in NAMES if name in whole.condition]
    return whole.sel(condition=held).assign_attrs(
        title="Field cooling through T_c",
        failures=to_json(failures),
        converged=not failures,
        provenance=to_json(provenance()),
    )


def quick_ensembles(runs: int = 3, names: Sequence[str] = QUICK) -> xr.Dataset:
    """The first few runs of a few conditions, with their references."""
    require(runs > 0, "runs", runs, "at least 1")
    return gathered([*(ensemble(name, range(runs)) for name in names), references(names)])


def field_cooling_parts(quick: bool = False) -> list[Part]:
    """The pieces of the study: batches of runs of every condition, and the references; ``quick`` is one piece."""
    if quick:
        return [
            Part("field-cooling", "Field cooling (few runs)", quick_ensembles, f"{source_digest()} quick")
        ]
    parts = [
        Part(
            f"lowest-{_file(name)}",
            f"Field cooling: lowest state of {name}",
            partial(references, [name]),
            source_digest(),
        )
        for name in dict.fromkeys(condition.reference for condition in CONDITIONS)
    ]
    for first in range(0, RUNS, BATCH):
        for name in NAMES:
            batch = range(first, first + BATCH)
            title = f"Field cooling: {name}, runs {first} to {first + BATCH - 1}"
            compute = partial(ensemble, name, batch)
            parts.append(Part(f"{_file(name)}-{first:02d}", title, compute, source_digest()))
    return parts


def _file(name: str) -> str:
    return name.replace(" ", "-")
