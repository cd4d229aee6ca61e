"""The register of claims: a claim is a small function that computes numbers and returns evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .verdicts import Evidence, Verdict, short

__all__ = ["Claim", "claim", "evaluate", "evidence", "registered"]

Check = Callable[[bool], Evidence]


@dataclass(frozen=True)
class Claim:
    """One row of claims.json: what the paper prints, what we compute, and what follows.

    ``printed``, ``computed`` and ``error`` refer to the first set of parameters named in the statement or
    the note. For an equality ``error`` is the deviation it allows, the accuracy claimed plus the numerical
    uncertainty; otherwise it is the uncertainty of ``computed``, and ``printed`` is a text such as '< 1',
    '≠ 0' or '~ 0.25'.
    """

    id: str
    equation: str
    statement: str
    printed: float | str | None
    computed: float | None
    error: float | None
    verdict: Verdict
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The row of claims.json: plain JSON types, the note appended to the statement."""
        return {
            "id": self.id,
            "equation": self.equation,
            "statement": f"{self.statement} [{self.note}]" if self.note else self.statement,
            "printed": self.printed,
            "computed": self.computed,
            "error": self.error,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class _Entry:
    id: str
    equation: str
    statement: str
    compute: Check


_CLAIMS: dict[str, _Entry] = {}


def claim(id: str, equation: str, statement: str) -> Callable[[Check], Check]:
    """Register ``compute(quick) -> Evidence`` as the check of one claim of the paper."""

    def register(compute: Check) -> Check:
        if id in _CLAIMS:
            raise ValueError(f"claim {id!r} is registered twice")
        _CLAIMS[id] = _Entry(id, equation, statement, compute)
        return compute

    return register


def _place(equation: str) -> tuple[int, str, int]:
    """Where a label stands in the paper: numbered equations, main text, then appendix by appendix."""
    label = re.match(r"(?:App\. |before |after )?([A-G](?![a-z]))?(\d*)", equation)
    letter, number = label.groups(default="") if label else ("", "")
    if not (letter or number):
        return 1, "", 0
    return (2 if letter else 0), letter, int(number or 99)


def registered() -> tuple[str, ...]:
    """The ids of all registered claims, in the order of the paper."""
    return tuple(sorted(_CLAIMS, key=lambda id: _place(_CLAIMS[id].equation)))


def evidence(id: str, quick: bool = False) -> Evidence:
    """The evidence behind one claim."""
    return _CLAIMS[id].compute(quick)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _with_uncertainty(note: str, uncertainty: float, error: float) -> str:
    """The note, with the numerical uncertainty where the error of the row hides it."""
    if not 0 < uncertainty < 0.1 * error:
        return note
    return "; ".join(filter(None, (note, f"computed to ±{short(uncertainty, 1)}")))


def evaluate(id: str, quick: bool = False) -> Claim:
    """Evaluate one claim; a failure becomes an open row that says what went wrong."""
    entry = _CLAIMS[id]
    printed: float | str
    try:
        found = entry.compute(quick)
        printed, computed, error = found.row
        verdict, note = found.verdict, _with_uncertainty(found.note, found.uncertainty, error)
    except Exception as failure:  # one broken check must not lose the other rows
        printed = computed = error = math.nan
        verdict, note = "open", f"this check failed: {type(failure).__name__}: {failure}"
    shown = printed if isinstance(printed, str) else _finite(printed)
    numbers = (_finite(computed), _finite(error))
    return Claim(entry.id, entry.equation, entry.statement, shown, *numbers, verdict, note)
