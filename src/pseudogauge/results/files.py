"""Files that are either the old ones or the new ones, never half of one."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import StoreError

__all__ = ["read_json", "to_csv", "to_json", "write_file"]


def write_file(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write text (UTF-8) or bytes to ``path`` in one step, making its folder if there is none.

    The content goes to a temporary file beside ``path`` that then takes its place, so a reader sees the
    old file or the new one, and a failed write leaves the old one alone. Raises `StoreError`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(folder + "/notes/one.txt", "ħ = 1").read_text(encoding="utf-8")
    'ħ = 1'
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)  # mkstemp's 0600 would hide a report from colleagues
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
    return path


def to_json(value: Any, indent: int | None = None) -> str:
    """Strict JSON: numpy scalars and arrays become numbers and lists, NaN and infinities are refused.

    Raises `ValueError` for a number JSON cannot hold and `TypeError` for an object it cannot.

    >>> import numpy as np
    >>> to_json({"flux": np.float64(0.5), "sector": np.arange(2)})
    '{"flux": 0.5, "sector": [0, 1]}'
    """
    return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False, default=_plain)


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Text of a table with a line of names; what is not known (None, NaN) stays empty, numbers have six digits.

    >>> to_csv([{"x": 0.1, "first": "pair"}, {"x": 0.2, "first": None}])
    'x,first\\n0.1,pair\\n0.2,\\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0] if rows else [])
    writer.writerows([_entry(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _entry(value: Any) -> Any:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return value


def read_json(text: str) -> Any:
    """Parse strict JSON (RFC 8259): the NaN and Infinity that Python would take are refused."""
    return json.loads(text, parse_constant=_refuse)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} does not go into JSON")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
