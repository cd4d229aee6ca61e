"""The claims of the paper as a table with a verdict on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..results import VERDICTS
from .model import Badge, TableItem, Tone

__all__ = ["claims_table"]

_TONE: dict[str, Tone] = {"confirmed": "good", "corrected": "changed", "refuted": "bad", "open": "neutral"}


def claims_table(claims: Sequence[Mapping[str, Any]], caption: str = "Claims of the paper") -> TableItem:
    """Claims (see `pseudogauge.results.write_claims`) as a table; its note counts the verdicts.

    >>> claim = dict(id="E7", equation="E7", statement="prefactor", printed=1.0, computed=-2.0,
    ...              error=1e-6, verdict="corrected")
    >>> claims_table([claim]).note
    '1 claim: 0 confirmed, 1 corrected, 0 refuted, 0 open.'
    """
    counts = Counter(claim["verdict"] for claim in claims)
    words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    keys = ("id", "equation", "statement", "printed", "computed", "error")
    rows = [
        (*(claim[key] for key in keys), Badge(claim["verdict"], _TONE[claim["verdict"]])) for claim in claims
    ]
    columns = (*(key.capitalize() for key in keys), "Verdict")
    number = "1 claim" if len(claims) == 1 else f"{len(claims)} claims"
    return TableItem(caption, columns, rows, f"{number}: {words}.")
