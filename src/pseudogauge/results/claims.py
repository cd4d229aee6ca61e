"""The list of the paper's claims with what was computed beside what was printed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, StoreError, require
from .files import read_json, to_json, write_file

__all__ = ["CLAIM_KEYS", "VERDICTS", "read_claims", "write_claims"]

VERDICTS = ("confirmed", "corrected", "refuted", "open")
CLAIM_KEYS = ("id", "equation", "statement", "printed", "computed", "error", "verdict")
_TEXTS = ("id", "equation", "statement")
_VALUES = ("printed", "computed", "error")
FILE_NAME = "claims.json"


def write_claims(claims: Sequence[Mapping[str, Any]], folder: str | os.PathLike[str]) -> Path:
    """Check the claims and write ``folder/claims.json`` in one step; returns its path.

    Each claim has the keys ``id`` (unique), ``equation``, ``statement`` (texts), ``printed``,
    ``computed``, ``error`` (number, text or None) and ``verdict`` (one of `VERDICTS`). Only an open
    claim may have no computed value. Raises `InputError` for a bad claim, `StoreError` if the disk
    refuses.

    >>> import tempfile
    >>> claim = dict(id="E7", equation="E7", statement="prefactor", printed=1.0, computed=-2.0,
    ...              error=1e-6, verdict="corrected")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_claims(write_claims([claim], folder).parent) == [claim]
    True
    """
    rows = _checked(claims)
    return write_file(Path(folder) / FILE_NAME, to_json(rows, indent=1) + "\n")


def read_claims(folder: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Read ``folder/claims.json``; raises `StoreError` if it is missing, no strict JSON, or not claims."""
    path = Path(folder) / FILE_NAME
    try:
        claims = read_json(path.read_text(encoding="utf-8"))
        if not isinstance(claims, list):
            raise StoreError(f"{path} is not a list of claims")
        return _checked(claims)
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error
    except ValueError as error:  # JSON syntax, a NaN, or a claim that fails the checks
        raise StoreError(f"{path} does not hold valid claims: {error}") from error


def _checked(claims: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = [_checked_claim(claim, number) for number, claim in enumerate(claims)]
    names = [row["id"] for row in rows]
    repeated = sorted({name for name in names if names.count(name) > 1})
    require(not repeated, "claim ids", repeated, "different from each other")
    return rows


def _checked_claim(claim: Mapping[str, Any], number: int) -> dict[str, Any]:
    if not isinstance(claim, Mapping) or set(claim) != set(CLAIM_KEYS):
        found = sorted(claim) if isinstance(claim, Mapping) else type(claim).__name__
        raise InputError(f"claim {number}", found, f"a mapping with exactly the keys {', '.join(CLAIM_KEYS)}")
    label = f"claim {claim['id']}"
    for key in _TEXTS:
        require(isinstance(claim[key], str) and bool(claim[key]), f"{label}: {key}", claim[key], "a text")
    require(
        claim["verdict"] in VERDICTS, f"{label}: verdict", claim["verdict"], f"one of {', '.join(VERDICTS)}"
    )
    row = {
        key: _plain_value(claim[key], f"{label}: {key}") if key in _VALUES else claim[key]
        for key in CLAIM_KEYS
    }
    undecided = claim["verdict"] != "open" and row["computed"] is None
    require(not undecided, f"{label}: computed", None, "given unless the verdict is open")
    return row


def _plain_value(value: Any, name: str) -> float | int | str | bool | None:
    plain = value.item() if hasattr(value, "item") else value
    allowed = "a finite number, a text or None"
    require(plain is None or isinstance(plain, bool | int | float | str), name, value, allowed)
    if isinstance(plain, float):
        require(math.isfinite(plain), name, value, allowed)
    return plain  # type: ignore[no-any-return]
