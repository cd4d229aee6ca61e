"""The Fermi function measured from ½, and its divided differences.

f(x) = n_F(x) − ½ = −½ tanh(x/2T). Sums over Matsubara frequencies of products of Green functions are its
divided differences: T Σ_ω Π_i (iω − ε_i)⁻¹ = f[ε_1, …, ε_n], for two or more factors. They are smooth
where levels coincide, and computed here without loss of digits there.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["divided_difference2", "divided_difference3", "occupation"]

Array = NDArray[np.float64]

_TERMS = 10
_CLOSE = 0.1
"""Below a spread of 0.1 T the Taylor series is used: its error is (0.1/π)^10, that of the quotient 1e-15 T/spread."""


def occupation(x: ArrayLike, temperature: float) -> Array:
    """f(x) = n_F(x) − ½ (a sign function at T = 0).

    >>> occupation([-1.0, 0.0, 1.0], 0.0)
    array([ 0.5,  0. , -0.5])
    """
    x = np.asarray(x, dtype=float)
    f: Array = -0.5 * (np.sign(x) if temperature == 0 else np.tanh(x / (2 * temperature)))
    return f + 0.0


def divided_difference2(x: ArrayLike, y: ArrayLike, temperature: float) -> Array:
    """f[x, y] = (f(x) − f(y))/(x − y), which is n_F′ where x = y; inputs broadcast.

    At T = 0 levels of one sign give zero: a Fermi surface (x = y = 0) has no value there.

    >>> divided_difference2([1.0, 1.0], [1.0, -1.0], 0.0)
    array([ 0. , -0.5])
    """
    x, y = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    if temperature == 0:
        gap = np.where(x * y < 0, x - y, 1.0)
        return np.asarray(np.where(x * y < 0, -np.sign(x) / gap, 0.0) + 0.0)
    # −½ sinh(u − v)/(cosh u cosh v (x − y)), u = x/2T: exponentials of negative numbers only
    u, v = np.maximum(x, y) / (2 * temperature), np.minimum(x, y) / (2 * temperature)
    spread = 2 * (u - v)
    ratio = np.where(spread > 1e-12, -np.expm1(-spread) / np.where(spread > 1e-12, spread, 1.0), 1.0)
    decay = np.exp((u - v) - np.abs(u) - np.abs(v))
    result: Array = (
        -ratio * decay / ((1 + np.exp(-2 * np.abs(u))) * (1 + np.exp(-2 * np.abs(v))) * temperature)
    )
    return result


def divided_difference3(x: ArrayLike, y: ArrayLike, z: ArrayLike, temperature: float) -> Array:
    """f[x, y, z], symmetric in its arguments, which is n_F″/2 where they coincide; inputs broadcast.

    >>> float(divided_difference3(-1.0, 1.0, 1.0, 0.0))
    0.25
    """
    triple = np.sort(np.stack(np.broadcast_arrays(x, y, z)).astype(float), axis=0)
    low, mid, high = triple
    spread = high - low
    close = spread <= _CLOSE * temperature
    quotient = divided_difference2(high, mid, temperature) - divided_difference2(mid, low, temperature)
    result: Array = np.asarray(quotient / np.where(close, 1.0, spread) * ~close)
    if temperature > 0 and np.any(close):
        result[close] = _taylor(triple[:, close], temperature)
    return result


def _taylor(points: Array, temperature: float) -> Array:
    """Σ_j f^(j+2)(c)/(j+2)! h_j about the mean c, h_j the complete homogeneous polynomials of x − c."""
    centre = points.mean(axis=0)
    u, v, w = (points - centre) / temperature
    table = [[u**j for j in range(_TERMS)]]
    for t in (v, w):  # h_j(…, t) = h_j(…) + t h_{j−1}(…, t)
        row = [np.ones_like(centre)]
        for j in range(1, _TERMS):
            row.append(table[-1][j] + t * row[j - 1])
        table.append(row)
    h = table[-1]
    # derivatives of −½ tanh(x/2): polynomials in y = tanh, with y′ = (1 − y²)/2
    y = np.tanh(centre / (2 * temperature))
    polynomial = np.polynomial.Polynomial([0.0, -0.5])
    slope = np.polynomial.Polynomial([0.5, 0.0, -0.5])
    total = np.zeros_like(centre)
    for order in range(1, _TERMS + 2):
        polynomial = polynomial.deriv() * slope
        if order >= 2:
            total += polynomial(y) / math.factorial(order) * h[order - 2]
    result: Array = total / temperature**2
    return result
