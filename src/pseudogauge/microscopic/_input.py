"""Input made into numbers and arrays, or refused; what is said when a tolerance is missed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, require

__all__ = [
    "as_momenta",
    "finite_array",
    "finite_number",
    "missed",
    "positive_number",
    "reached",
    "require_model",
]

Array = NDArray[np.float64]
MOMENTA = "one or more finite momenta (k_x, k_y)"


def finite_array(name: str, value: ArrayLike, allowed: str, shape: tuple[int, ...] | None = None) -> Array:
    """``value`` as finite real numbers, of ``shape`` if that is given."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(name, value, allowed) from None
    fits = shape is None or array.shape == shape
    require(fits and bool(np.isfinite(array).all()), name, value, allowed)
    return array


def finite_number(name: str, value: Any, allowed: str = "a finite number") -> float:
    """``value`` as a finite real number."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    require(number and math.isfinite(value), name, value, allowed)
    return float(value)


def positive_number(name: str, value: Any) -> float:
    """``value`` as a positive finite number."""
    number = finite_number(name, value, "a positive finite number")
    require(number > 0, name, value, "a positive finite number")
    return number


def as_momenta(k: ArrayLike) -> Array:
    """Momenta (m, 2) from one or more (k_x, k_y)."""
    momenta = np.atleast_2d(finite_array("k", k, MOMENTA))
    require(momenta.ndim == 2 and momenta.shape[1] == 2, "k", k, MOMENTA)
    return momenta


def require_model(model: object, wanted: type, others: str) -> None:
    """Refuse a model of another kind; ``others`` says which functions serve it."""
    kind = type(model).__name__
    require(isinstance(model, wanted), "model", f"a {kind}", f"a {wanted.__name__}", others)


def reached(error: float, tolerance: float, advice: str = "raise rtol or the temperature") -> str:
    """The message of a result: empty if ``error`` is within ``tolerance``."""
    return "" if error <= tolerance else missed(error, tolerance, advice)


def missed(error: float, tolerance: float, advice: str) -> str:
    return f"reached {error:.1e} where {tolerance:.1e} was asked for; {advice}"
