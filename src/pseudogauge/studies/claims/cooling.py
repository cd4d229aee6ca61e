"""Claims about what cooling through T_c leaves, checked by noisy dynamics (docs/theory/field_cooling.md)."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np

from ..field_cooling import Cooling, Sample, cool
from .registry import claim
from .verdicts import Bound, Evidence

_ONE = Sample(filling=0.2, height=1.8, rows=1, open=True)
_CASE = "one inclusion of R = 6 ξ in an open sample, κ = 10, h̃ = 1.8 H_c1, {runs} runs"


# few runs that happen to agree are no proof: errors are at least one vortex in all runs together
@cache
def _left(sample: Sample, runs: int) -> tuple[tuple[int, int], ...]:
    """Vortices and antivortices of every run."""
    states = [cool(sample, Cooling(), rng=seed).minimised for seed in range(runs)]
    return tuple((int((s.vortices.winding > 0).sum()), int((s.vortices.winding < 0).sum())) for s in states)


def _runs(quick: bool) -> int:
    return 3 if quick else 8


@claim("cooling-signs", "Fig. 1(b)", "Cooling through T_c leaves vortices along h̃ and few antivortices")
def _signs(quick: bool) -> Evidence:
    runs = _runs(quick)
    found = np.array(_left(_ONE, runs), dtype=float)
    share = found[:, 1] / np.maximum(found.sum(axis=1), 1)
    error = max(2 * float(share.std(ddof=1)) / math.sqrt(runs), 1 / (2 * runs))
    note = (
        f"share of antivortices among what field cooling leaves; {_CASE.format(runs=runs)}; each sits inside "
        "the inclusion; the study field-cooling has 50 runs for each of several arrangements"
    )
    return Bound(float(share.mean()), error=error, below=0.25, note=note)


@claim("cooling-origin", "Sec. II", "The vortices left by cooling without field are made by the inclusions")
def _origin(quick: bool) -> Evidence:
    runs = _runs(quick)
    made, background = (
        np.array(_left(sample, runs), dtype=float).sum(axis=1) for sample in (_ONE, replace(_ONE, height=0.0))
    )
    spread = float(np.hypot(made.std(ddof=1), background.std(ddof=1)))
    error = max(2 * spread / math.sqrt(runs), 1 / runs)
    note = (
        f"vortices of both signs left, minus those left without ã ({background.mean():.2g}); "
        f"{_CASE.format(runs=runs)}"
    )
    return Bound(float(made.mean() - background.mean()), error=error, above=0.0, note=note)
