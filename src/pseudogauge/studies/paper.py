"""The paper, part by part: each part is one dataset (or the claims), computed once and kept in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..results import write_claims
from ..scenario import find_scenario, parse_scenario
from .claims import evaluate_claims
from .coefficients import (
    gamma_against_wave_vector,
    linear_response_residuals,
    momentum_resolved_current,
    response_against_temperature,
)
from .cooling_ensembles import field_cooling_parts
from .currents import current_against_gap, current_against_rashba
from .parts import Part, source_digest
from .phase_diagram.parts import quick_part
from .run import run_scenario

__all__ = ["RUNS", "ClaimsPart", "Part", "compute_part", "paper_parts"]

RUNS = {
    "4hb-tas2": "4hb-tas2",
    "control-applied": "control-applied",
    "fig1b": "paper-fig1b",
    "fig1b-dense": "paper-fig1b-dense",
    "fig1a": "paper-fig1a",
    "control-uniform": "control-uniform",
}
"""Ready scenarios that belong to the paper, by the name of their part."""
QUICK = {"search.random_starts": 0, "search.tolerance": 1e-6}
"""Changes of every scenario for a quick report."""
_CELL = {"sample.size": ["1.6 µm", "1.6 µm"]}
SMALLER: dict[str, dict[str, Any]] = {
    "4hb-tas2": _CELL,
    "control-uniform": _CELL,
    "control-applied": {**_CELL, "search.tolerance": 1e-4},  # its vortex lattice is slow to settle
    "paper-fig1b": {"sample.spacing": "40 nm"},
    "paper-fig1b-dense": {"sample.spacing": "40 nm"},
}
"""Further changes of single scenarios for a quick report."""


@dataclass(frozen=True)
class ClaimsPart:
    """The claims table, kept as claims.json."""

    quick: bool
    name: str = "claims"
    title: str = "claims of the paper"

    def is_done(self, folder: Path) -> bool:
        """Claims are computed anew each time: they are what a change of the code should show in."""
        return False

    def compute_into(self, folder: Path) -> None:
        """Evaluate and save."""
        write_claims([claim.to_dict() for claim in evaluate_claims(self.quick)], folder)


def compute_part(name: str, quick: bool, folder: Path) -> None:
    """Compute one part into ``folder`` unless it is there; what a worker process is asked to do."""
    (part,) = (part for part in paper_parts(quick) if part.name == name)
    if not part.is_done(folder):
        part.compute_into(folder)


def paper_parts(quick: bool = False) -> list[Part | ClaimsPart]:
    """All parts; ``quick`` takes fewer points and smaller cells.

    The order is that of the work: the first two compile different kernels, which the others then find.
    """
    points = 16 if quick else 60
    mark = f"{source_digest()} quick={quick}"
    figures = [
        Part(
            "fig2a",
            "Fig. 2(a): current against Rashba strength",
            lambda: current_against_rashba(points),
            mark,
        ),
        Part("fig2b", "Fig. 2(b): current against gap", lambda: current_against_gap(points), mark),
    ]
    runs = [_run_part(name, ready, quick) for name, ready in RUNS.items()]
    return [
        figures[0],
        *runs[:2],
        figures[1],
        *runs[2:4],
        ClaimsPart(quick),
        quick_part("phase-diagram", quicker=quick),
        *([] if quick else field_cooling_parts(quick=True)),
        *runs[4:],
        *_response_parts(quick, mark),
    ]


def _response_parts(quick: bool, mark: str) -> list[Part]:
    """The coefficients behind Fig. 2: against temperature and wave vector, in strong fields, in momentum space."""
    few, fine = (3, 8) if quick else (7, 21)
    return [
        Part(
            "response-temperature",
            "γ and β against temperature",
            lambda: response_against_temperature(points=fine),
            mark,
        ),
        Part(
            "response-wave-vector",
            "γ against wave vector",
            lambda: gamma_against_wave_vector(points=few),
            mark,
        ),
        Part(
            "response-strong-fields",
            "exact over linear current",
            lambda: linear_response_residuals(points=fine),
            mark,
        ),
        Part("response-momentum", "γ current in momentum space", momentum_resolved_current, mark),
    ]


def _run_part(name: str, ready: str, quick: bool) -> Part:
    path = find_scenario(ready)
    changes = {**QUICK, **SMALLER.get(ready, {})} if quick else {}
    scenario = parse_scenario(path.read_text(encoding="utf-8"), str(path), changes)
    key = f"{source_digest()} quick={quick} {scenario.text}"
    return Part(name, scenario.title, partial(run_scenario, scenario), key, keeps_minima=True)
