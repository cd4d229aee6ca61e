"""Checks of settings before any work starts, and blame for what a user's function raises."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import require

__all__ = ["blaming", "check_number", "check_whole"]


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
