"""Evidence for or against a claim, and the rule that turns evidence into a verdict.

The verdict is a property of the evidence, so it can only follow from the numbers:

- `Comparison`: a printed formula against computed values at one or more sets of parameters. Equal within
  the tolerance: confirmed. Equal after one common factor, or to a corrected formula: corrected. Else refuted.
- `Zero`: something said to vanish, measured against the size it would have if it did not.
- `Bound`: something said to be larger (or smaller) than a bound.
- `Nonzero`: something said to exist.
- `Estimate`: a "~": confirmed within a factor of ten everywhere, signs aside.
- `Unsettled`: what is known about a claim only a longer study can settle.

Whatever is not finite, or known less well than the tolerance asks, is open. The error of an equality is the
deviation it allows: the accuracy the statement claims plus the numerical uncertainty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Bound", "Comparison", "Estimate", "Evidence", "Nonzero", "Unsettled", "Verdict", "Zero", "short"]

Verdict = Literal["confirmed", "corrected", "refuted", "open"]
Row = tuple[float | str, float, float]

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float, digits: int = 2) -> str:
    """A number for a note, as it is written in print.

    >>> short(-0.044721, 3), short(1.3e-12)
    ('−0.0447', '1.3 × 10⁻¹²')
    """
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    text = mantissa.replace("-", "−")
    return f"{text} × 10{str(int(power)).translate(_SUPERSCRIPT)}" if power else text


def _first(values: ArrayLike) -> float:
    return float(np.ravel(values)[0])


class Evidence(Protocol):
    """Numbers for one claim, and the verdict that follows from them."""

    @property
    def row(self) -> Row:
        """Printed (a text if no number is claimed), computed and its error, at the first set of parameters."""

    @property
    def uncertainty(self) -> float:
        """The numerical uncertainty of the computed value."""

    @property
    def verdict(self) -> Verdict: ...

    @property
    def note(self) -> str: ...


@dataclass(frozen=True)
class Comparison:
    """A printed formula against computed values, sample by sample.

    ``tolerance`` is relative: the accuracy the formula itself claims (1e-10 for an identity, the order of
    the neglected terms for a limit). ``error`` is the absolute uncertainty of each computed value. The row
    holds the sum of the two.
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
    tolerance: ArrayLike
    correction: ArrayLike | None = None
    note: str = ""

    @property
    def row(self) -> Row:
        return _first(self.printed), _first(self.computed), _first(self._allowed)

    @property
    def uncertainty(self) -> float:
        return _first(self.error)

    @property
    def _allowed(self) -> NDArray[np.float64]:
        """Largest deviation from each computed value."""
        return np.asarray(np.ravel(self.tolerance) * np.abs(np.ravel(self.computed)) + np.ravel(self.error))

    def _agrees(self, values: ArrayLike) -> bool:
        return bool(np.all(np.abs(np.ravel(self.computed) - np.ravel(values)) <= self._allowed))

    @property
    def verdict(self) -> Verdict:
        printed, computed, error, tolerance = (
            np.ravel(x).astype(float) for x in (self.printed, self.computed, self.error, self.tolerance)
        )
        known = np.all(np.isfinite(computed)) and np.all(error <= tolerance * np.abs(computed))
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
        return 0.0, worst, self._allowed

    @property
    def uncertainty(self) -> float:
        return max(self.error, float(np.finfo(float).eps) * abs(self.scale))

    @property
    def _allowed(self) -> float:
        return self.tolerance * abs(self.scale)

    @property
    def verdict(self) -> Verdict:
        worst, allowed = float(np.max(np.abs(self.computed))), self._allowed
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
        limits = [
            f"{sign} {short(b, 6)}" for sign, b in ((">", self.above), ("<", self.below)) if b is not None
        ]
        return ", ".join(limits), float(self.computed), float(self.error)

    @property
    def uncertainty(self) -> float:
        return self.error

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
class Nonzero:
    """Something said to exist: confirmed if it differs from zero by more than its uncertainty.

    It is open otherwise, as no number shows that something is exactly zero.

    >>> Nonzero(-0.3, error=0.1).verdict, Nonzero(0.01, error=0.1).verdict
    ('confirmed', 'open')
    """

    computed: float
    error: float
    note: str = ""

    @property
    def row(self) -> Row:
        return "≠ 0", float(self.computed), float(self.error)

    @property
    def uncertainty(self) -> float:
        return self.error

    @property
    def verdict(self) -> Verdict:
        return "confirmed" if math.isfinite(self.computed) and self.error < abs(self.computed) else "open"


@dataclass(frozen=True)
class Estimate:
    """An order-of-magnitude estimate: confirmed within a factor ten at every sample, refuted otherwise.

    Only magnitudes count, as an estimate says nothing about signs.

    >>> Estimate([1.0, 10.0], [0.5, 5.0], error=0.0).verdict, Estimate([1.0], [60.0], error=0.0).verdict
    ('confirmed', 'refuted')
    """

    printed: ArrayLike
    computed: ArrayLike
    error: float
    note: str = ""

    @property
    def row(self) -> Row:
        size = short(abs(_first(self.printed)), 3)
        return f"~ {size}", abs(_first(self.computed)), self.error

    @property
    def uncertainty(self) -> float:
        return self.error

    @property
    def verdict(self) -> Verdict:
        printed, computed = np.abs(np.ravel(self.printed)), np.abs(np.ravel(self.computed))
        if not (np.all(np.isfinite(computed)) and np.all(printed > 0) and np.all(self.error < computed)):
            return "open"
        return "confirmed" if np.all(np.abs(np.log10(computed / printed)) < 1) else "refuted"


@dataclass(frozen=True)
class Unsettled:
    """What is known so far about a claim that these numbers cannot decide."""

    printed: float | str
    computed: float
    error: float
    note: str

    @property
    def row(self) -> Row:
        return self.printed, self.computed, self.error

    @property
    def uncertainty(self) -> float:
        return self.error

    @property
    def verdict(self) -> Verdict:
        return "open"
