"""Compiled loops of two and three Green functions at different momenta, for the Rashba superconductor.

At b = w_∥ = 0 the eigenstates are known: spin along α d̂ (α = ±1) times a Bogoliubov pair of energies
±√(ξ_α² + Δ²), ξ_α = ξ − α|d|. Matsubara sums are divided differences of f, see `numerics.fermi`.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["loops2", "loops3"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_CLOSE = 0.1
_TERMS = 10


def _taylor_table() -> Array:
    """Row j: coefficients in y = tanh(x/2) of f^(j+2)/(j+2)!, f = −y/2, y′ = (1 − y²)/2."""
    table = np.zeros((_TERMS, _TERMS + 3))
    slope = np.polynomial.Polynomial([0.5, 0.0, -0.5])
    polynomial = np.polynomial.Polynomial([0.0, -0.5]).deriv() * slope
    for j in range(_TERMS):
        polynomial = polynomial.deriv() * slope
        coefficients = np.asarray(polynomial.coef, dtype=float)
        table[j, : len(coefficients)] = coefficients / math.factorial(j + 2)
    return table


_TAYLOR = _taylor_table()


@njit(cache=True, nogil=True)
def _leg(kx: float, ky: float, parameters: Array, energies: Array, states: ComplexArray) -> None:
    """Energies (4,) and eigenvectors (4, 4; columns) of H at one momentum."""
    mass, mu, gap, wz, _ = parameters
    k = math.sqrt(kx * kx + ky * ky)
    phase = complex(kx / k, ky / k) if k > 0.0 else complex(1.0, 0.0)
    for i in range(2):
        alpha = 1.0 - 2.0 * i
        lower = alpha * (1j if wz >= 0.0 else -1j) * phase  # spin state (1, lower)/√2 along α d̂
        xi = k * k / (2.0 * mass) - mu - alpha * abs(wz) * k
        e = math.sqrt(xi * xi + gap * gap)
        if xi >= 0.0:
            u = math.sqrt(0.5 * (1.0 + xi / e)) if e > 0.0 else 1.0
            v = -gap / (2.0 * e * u) if e > 0.0 else 0.0
        else:
            v = -math.sqrt(0.5 * (1.0 - xi / e))
            u = -gap / (2.0 * e * v)
        energies[2 * i], energies[2 * i + 1] = e, -e
        u, v = u / math.sqrt(2.0), v / math.sqrt(2.0)
        states[0, 2 * i], states[1, 2 * i], states[2, 2 * i], states[3, 2 * i] = u, u * lower, v, v * lower
        states[0, 2 * i + 1], states[1, 2 * i + 1] = -v, -v * lower
        states[2, 2 * i + 1], states[3, 2 * i + 1] = u, u * lower


@njit(cache=True, nogil=True)
def _pair(x: float, y: float, temperature: float) -> float:
    """f[x, y], to relative precision."""
    if temperature == 0.0:
        return -1.0 / (abs(x) + abs(y)) if x * y < 0.0 else 0.0
    u, v = 0.5 * abs(x) / temperature, 0.5 * abs(y) / temperature
    if x * y < 0.0:
        return -0.5 * (math.tanh(u) + math.tanh(v)) / (abs(x) + abs(y))
    large, small = max(u, v), min(u, v)
    near, far = math.exp(-2.0 * small), math.exp(-2.0 * large)
    apart = 2.0 * (large - small)
    ratio = -math.expm1(-apart) / apart if apart > 1e-12 else 1.0
    return -near * ratio / (temperature * (1.0 + near) * (1.0 + far))


@njit(cache=True, nogil=True)
def _triple(x: float, y: float, z: float, xy: float, yz: float, xz: float, temperature: float) -> float:
    """f[x, y, z] from f[x, y], f[y, z], f[x, z]: divided by the largest spread, or by a Taylor series."""
    a, b, c = abs(x - y), abs(y - z), abs(x - z)
    if max(a, b, c) > _CLOSE * temperature:
        if c >= a and c >= b:
            return (xy - yz) / (x - z)
        if a >= b:
            return (xz - yz) / (x - y)
        return (xy - xz) / (y - z)
    if temperature == 0.0:
        return 0.0
    centre = (x + y + z) / 3.0
    u, v, w = (x - centre) / temperature, (y - centre) / temperature, (z - centre) / temperature
    e1, e2, e3 = u + v + w, u * v + v * w + w * u, u * v * w
    t = math.tanh(0.5 * centre / temperature)
    h0, h1, h2 = 1.0, 0.0, 0.0  # complete homogeneous polynomials: h_j = e1 h_{j−1} − e2 h_{j−2} + e3 h_{j−3}
    total = 0.0
    for j in range(_TERMS):
        value = 0.0
        for power in range(_TAYLOR.shape[1] - 1, -1, -1):
            value = value * t + _TAYLOR[j, power]
        total += value * h0
        h0, h1, h2 = e1 * h0 - e2 * h1 + e3 * h2, h0, h1
    return total / (temperature * temperature)


@njit(cache=True, nogil=True)
def _between(
    left: ComplexArray, vertex: ComplexArray, kx: float, ky: float, right: ComplexArray,
    work: ComplexArray, out: ComplexArray,
) -> None:  # fmt: skip
    """out = left† (V₀ + k_x V₁ + k_y V₂) right."""
    for i in range(4):
        for m in range(4):
            total = 0j
            for j in range(4):
                v = vertex[0, i, j] + kx * vertex[1, i, j] + ky * vertex[2, i, j]
                if v != 0.0:
                    total += v * right[j, m]
            work[i, m] = total
    for n in range(4):
        for m in range(4):
            total = 0j
            for i in range(4):
                total += left[i, n].conjugate() * work[i, m]
            out[n, m] = total


@njit(cache=True, nogil=True)
def loops2(k: Array, shifts: Array, vertices: ComplexArray, parameters: Array) -> ComplexArray:
    """T Σ_ω tr[G₁ V_a G₂ V_b] for momenta k (n, 2), Green functions at k + shifts (2, 2).

    ``vertices`` (2, 3, 4, 4) are affine in the mean momentum of their two Green functions: V₀, ∂V/∂k_x,
    ∂V/∂k_y. ``parameters`` are mass, μ, Δ, w_z and T.
    """
    temperature = parameters[4]
    energies, states = np.empty((2, 4)), np.empty((2, 4, 4), np.complex128)
    work, a, b = (
        np.empty((4, 4), np.complex128),
        np.empty((4, 4), np.complex128),
        np.empty((4, 4), np.complex128),
    )
    out = np.zeros(len(k), np.complex128)
    x, y = 0.5 * (shifts[0, 0] + shifts[1, 0]), 0.5 * (shifts[0, 1] + shifts[1, 1])
    for index in range(len(k)):
        kx, ky = k[index]
        for i in range(2):
            _leg(kx + shifts[i, 0], ky + shifts[i, 1], parameters, energies[i], states[i])
        _between(states[0], vertices[0], kx + x, ky + y, states[1], work, a)
        _between(states[1], vertices[1], kx + x, ky + y, states[0], work, b)
        for n in range(4):
            for m in range(4):
                out[index] += _pair(energies[0, n], energies[1, m], temperature) * a[n, m] * b[m, n]
    return out


@njit(cache=True, nogil=True)
def loops3(k: Array, shifts: Array, vertices: ComplexArray, parameters: Array) -> ComplexArray:
    """T Σ_ω tr[G₁ V_a G₂ V_b G₃ V_c] for momenta k (n, 2), Green functions at k + shifts (3, 2); see `loops2`."""
    temperature = parameters[4]
    energies, states = np.empty((3, 4)), np.empty((3, 4, 4), np.complex128)
    work, matrix = np.empty((4, 4), np.complex128), np.empty((3, 4, 4), np.complex128)
    f2 = np.empty((3, 4, 4))
    out = np.zeros(len(k), np.complex128)
    for index in range(len(k)):
        kx, ky = k[index]
        for i in range(3):
            _leg(kx + shifts[i, 0], ky + shifts[i, 1], parameters, energies[i], states[i])
        for i in range(3):
            j = (i + 1) % 3
            x, y = 0.5 * (shifts[i, 0] + shifts[j, 0]), 0.5 * (shifts[i, 1] + shifts[j, 1])
            _between(states[i], vertices[i], kx + x, ky + y, states[j], work, matrix[i])
            for n in range(4):
                for m in range(4):
                    f2[i, n, m] = _pair(energies[i, n], energies[j, m], temperature)
        total = 0j
        for n in range(4):
            for m in range(4):
                for p in range(4):
                    f3 = _triple(
                        energies[0, n], energies[1, m], energies[2, p],
                        f2[0, n, m], f2[1, m, p], f2[2, p, n], temperature,
                    )  # fmt: skip
                    if f3 != 0.0:
                        total += f3 * matrix[0, n, m] * matrix[1, m, p] * matrix[2, p, n]
        out[index] = total
    return out
