"""Checks of settings before any work starts, and blame for what a user's function raises."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, require

__all__ = ["blaming", "check_number", "check_whole", "finite_at", "values_at"]


def check_number(name: str, value: Any, *, zero: bool = False) -> None:
    """Refuse all but positive finite numbers (and zero, if allowed)."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    good = number and math.isfinite(value) and (value > 0 or (zero and value == 0))
    require(good, name, value, "a number, at least 0" if zero else "a positive number")


def check_whole(name: str, value: Any, least: int = 1) -> None:
    """Refuse all but integers from ``least`` on."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    require(whole and value >= least, name, value, f"an integer, at least {least}")


def blaming(name: str, function: Callable[..., Any], *arguments: Any, when: str = "") -> Any:
    """``function(*arguments)``; what goes wrong inside is the function's, and the message says so.

    >>> blaming("observe", lambda x: 1 / x, 0)
    Traceback (most recent call last):
    ...
    ZeroDivisionError: division by zero
    raised inside the function given as observe
    """
    require(callable(function), name, function, "a function")
    try:
        return function(*arguments)
    except Exception as error:
        error.add_note(f"raised inside the function given as {name}{when}")
        raise


def values_at(
    name: str, function: Callable[..., Any], points: tuple[NDArray[np.float64], ...]
) -> NDArray[Any]:
    """What a user's function of the coordinates gives at these points: an array shaped like x, or a number."""
    given = blaming(name, function, *points)
    values = np.asarray(given)
    fits = values.shape in ((), points[0].shape) and values.dtype.kind in "fiub"
    shape = f"a real number, or an array of them of shape {points[0].shape}"
    coordinates = ", ".join("xyz"[: len(points)])
    require(fits, f"{name}({coordinates})", repr(given)[:80], shape, "return one value for each point")
    values = np.broadcast_to(values, points[0].shape)
    finite_at(name, values, points)
    return values


def finite_at(name: str, values: ArrayLike, points: Sequence[NDArray[np.float64]]) -> None:
    """Refuse NaN and infinities that a user's function gave, naming the first point."""
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        spot = tuple(bad[0])
        at = ", ".join(f"{p[spot]:.6g}" for p in points)
        found = np.asarray(values)[spot]
        raise InputError(f"{name}({at})", found, "finite everywhere", "correct the function at this point")
