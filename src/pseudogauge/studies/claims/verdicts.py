"""Evidence for or against a claim, and the rule that turns evidence into a verdict.

The verdict is a property of the evidence, so it can only follow from the numbers:

- `Comparison`: a printed formula against computed values at one or more sets of parameters. Equal within
  the tolerance: confirmed. Equal after one common factor, or to a corrected formula: corrected. Else refuted.
- `Zero`: something said to vanish, measured against the size it would have if it did not.
- `Bound`: something said to be larger (or smaller) than a bound.
- `Estimate`: a "~": confirmed within a factor of ten everywhere.
- `Unsettled`: what is known about a claim only a longer study can settle.

Whatever is not finite, or known less well than the tolerance asks, is open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Bound", "Comparison", "Estimate", "Evidence", "Unsettled", "Verdict", "Zero"]

Verdict = Literal["confirmed", "corrected", "refuted", "open"]
Row = tuple[float, float, float]


def _first(values: ArrayLike) -> float:
    return float(np.ravel(values)[0])


class Evidence(Protocol):
    """Numbers for one claim, and the verdict that follows from them."""

    @property
    def row(self) -> Row:
        """Printed, computed and the absolute error of computed, at the first set of parameters."""

    @property
    def verdict(self) -> Verdict: ...

    @property
    def note(self) -> str: ...


@dataclass(frozen=True)
class Comparison:
    """A printed formula against computed values, sample by sample.

    ``tolerance`` is relative: the accuracy the formula itself claims (1e-10 for an identity, the order of
    the neglected terms for a limit). ``error`` is the absolute uncertainty of each computed value.
    ``correction`` holds a corrected formula at the same samples, where a factor does not mend it.

    >>> Comparison([1.0, 2.0], [1.0, 2.0], error=1e-12, tolerance=1e-9).verdict
    'confirmed'
    >>> Comparison([1.0, 2.0], [-2.0, -4.0], error=1e-12, tolerance=1e-9).verdict
    'corrected'
    >>> Comparison([1.0, 2.0], [1.0, 4.0], error=1e-12, tolerance=1e-9).verdict
    'refuted'
    """

    printed: ArrayLike
    computed: ArrayLike
    error: ArrayLike
    tolerance: float
    correction: ArrayLike | None = None
    note: str = ""

    @property
    def row(self) -> Row:
        return _first(self.printed), _first(self.computed), _first(self.error)

    def _agrees(self, values: ArrayLike) -> bool:
        computed = np.ravel(self.computed)
        allowed = self.tolerance * np.abs(computed) + np.ravel(self.error)
        return bool(np.all(np.abs(computed - np.ravel(values)) <= allowed))

    @property
    def verdict(self) -> Verdict:
        printed, computed, error = (
            np.ravel(x).astype(float) for x in (self.printed, self.computed, self.error)
        )
        known = np.all(np.isfinite(computed)) and np.all(error <= self.tolerance * np.abs(computed))
        if not known:
            return "open"
        if self._agrees(printed):
            return "confirmed"
        if self.correction is not None:
            return "corrected" if self._agrees(self.correction) else "refuted"
        if printed.size < 2 or not np.all(np.isfinite(printed)) or np.any(printed == 0):
            return "refuted"
        factor = float(np.median(computed / printed))
        return "corrected" if self._agrees(factor * printed) else "refuted"


@dataclass(frozen=True)
class Zero:
    """Something said to vanish; ``scale`` is what it would be of the order of if it did not.

    >>> Zero(1e-15, scale=1.0, tolerance=1e-12).verdict, Zero(0.3, scale=1.0, tolerance=1e-12).verdict
    ('confirmed', 'refuted')
    """

    computed: ArrayLike
    scale: float
    tolerance: float
    error: float = 0.0
    note: str = ""

    @property
    def row(self) -> Row:
        worst = float(np.ravel(self.computed)[np.argmax(np.abs(np.ravel(self.computed)))])
        return 0.0, worst, max(self.error, np.finfo(float).eps * abs(self.scale))

    @property
    def verdict(self) -> Verdict:
        worst, allowed = float(np.max(np.abs(self.computed))), self.tolerance * abs(self.scale)
        if not (math.isfinite(worst) and allowed > 0 and self.error <= allowed):
            return "open"
        return "confirmed" if worst <= allowed else "refuted"


@dataclass(frozen=True)
class Bound:
    """Something said to lie above (or below) a bound, by more than its uncertainty.

    >>> Bound(2.0, above=1.0, error=0.1).verdict, Bound(2.0, below=1.0, error=0.1).verdict
    ('confirmed', 'refuted')
    """

    computed: float
    error: float
    above: float | None = None
    below: float | None = None
    note: str = ""

    @property
    def row(self) -> Row:
        bound = self.above if self.above is not None else self.below
        return float("nan") if bound is None else float(bound), float(self.computed), float(self.error)

    @property
    def verdict(self) -> Verdict:
        margins = []
        if self.above is not None:
            margins.append(self.computed - self.above)
        if self.below is not None:
            margins.append(self.below - self.computed)
        if not margins or not math.isfinite(self.computed) or not self.error < min(map(abs, margins)):
            return "open"
        return "confirmed" if min(margins) > 0 else "refuted"


@dataclass(frozen=True)
class Estimate:
    """An order-of-magnitude estimate: confirmed within a factor ten at every sample, refuted otherwise.

    >>> Estimate([1.0, 10.0], [0.5, 5.0], error=0.0).verdict, Estimate([1.0], [60.0], error=0.0).verdict
    ('confirmed', 'refuted')
    """

    printed: ArrayLike
    computed: ArrayLike
    error: float
    note: str = ""

    @property
    def row(self) -> Row:
        return _first(self.printed), _first(self.computed), self.error

    @property
    def verdict(self) -> Verdict:
        printed, computed = np.abs(np.ravel(self.printed)), np.abs(np.ravel(self.computed))
        if not (np.all(np.isfinite(computed)) and np.all(printed > 0) and np.all(self.error < computed)):
            return "open"
        return "confirmed" if np.all(np.abs(np.log10(computed / printed)) < 1) else "refuted"


@dataclass(frozen=True)
class Unsettled:
    """What is known so far about a claim that these numbers cannot decide."""

    printed: float
    computed: float
    error: float
    note: str

    @property
    def row(self) -> Row:
        return self.printed, self.computed, self.error

    @property
    def verdict(self) -> Verdict:
        return "open"
