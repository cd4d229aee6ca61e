"""Compiled integration of the current along rays k = k(cos φ, sin φ).

The integrand is analytic in k except where det[H(k) − iω₀] = 0, ω₀ = πT: eight complex numbers per ray,
found exactly at b = 0 and followed from there by Aberth's iteration. Panels are graded to them, so the
work grows like the logarithm of their distance from the real axis; the difference of the two rules of a
Gauss-Kronrod pair bounds the error, and panels that miss their share are bisected. At T = 0 a level that
crosses zero at a real k makes a step: panels end there, and between steps the integrand is analytic again.
"""

from __future__ import annotations

import cmath
import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..numerics.quadrature import ELLIPSE, GAUSS_WEIGHTS, KRONROD_NODES, KRONROD_WEIGHTS, graded_panels
from ._matrix_sign import sign_traces

__all__ = ["crossings", "current_along_rays", "radial_panels", "ray_singularities"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
EPS = 2.220446049250313e-16


@njit(cache=True, nogil=True)
def ray_singularities(
    mass: float, mu: float, gap: float, omega: float, c: float, db: float, bb: float
) -> ComplexArray:
    """The eight complex k with det[H(k) − iω] = 0 where |d| = ck, d·b = (db)k on the ray.

    At b = 0 they are the roots of k²/2m ∓ ck − μ = ±i√(Δ² + ω²).
    """
    roots = np.empty(8, np.complex128)
    strength = math.sqrt(gap * gap + omega * omega)
    for i in range(8):
        side, split, sheet = 1 - 2 * (i & 1), 1 - (i & 2), 1 - ((i & 4) >> 1)
        inner = mass * mass * c * c + 2.0 * mass * (mu + 1j * side * strength)
        roots[i] = split * mass * c + sheet * cmath.sqrt(inner)
    if bb == 0.0:
        return roots
    for i in range(8):  # separate coinciding starting points
        roots[i] *= complex(1.0 + 1e-3 * math.cos(2.0 * i), 1e-3 * math.sin(2.0 * i))
    for _ in range(60):
        largest = 0.0
        for i in range(8):
            k = roots[i]
            xi, dxi = k * k / (2.0 * mass) - mu, k / mass
            dd, ddd = c * c * k * k, 2.0 * c * c * k
            ee = xi * xi + dd + gap * gap + bb + omega * omega
            dee = 2.0 * xi * dxi + ddd
            value = ee * ee - 4.0 * (xi * xi * dd + db * db * k * k + bb * (xi * xi + gap * gap))
            value -= 8j * omega * xi * db * k
            slope = 2.0 * ee * dee - 4.0 * (2.0 * xi * dxi * (dd + bb) + xi * xi * ddd + 2.0 * db * db * k)
            slope -= 8j * omega * db * (dxi * k + xi)
            if value == 0.0:
                continue
            repulsion = 0j
            for j in range(8):
                if j != i and roots[j] != k:
                    repulsion += 1.0 / (k - roots[j])
            step = 1.0 / (slope / value - repulsion)
            roots[i] = k - step
            largest = max(largest, abs(step) / abs(k))
        if largest < 1e-13:
            break
    return roots


@njit(cache=True, nogil=True)
def radial_panels(roots: ComplexArray, ellipse: float) -> list[tuple[float, float, float, float]]:
    """Panels that resolve singularities ``roots`` of an integrand on 0 ≤ k < ∞.

    A panel (t₀, t₁, k₀, δ) stands for k = k₀ + δ sinh t if δ > 0, and for the tail k = k₀/t if δ = 0.
    """
    n = len(roots)
    far = 0.0
    for z in roots:
        far = max(far, 2.0 * abs(z))
    centres = [(0.0, 0.0)]
    centres.pop()
    last = 0.0
    while True:  # centres from left to right, overlapping ones merged
        x, y = math.inf, 0.0
        for z in roots:
            height = max(abs(z.imag), 1e-12 * far)
            if last < z.real <= x and height <= z.real and (z.real < x or height < y):
                x, y = z.real, height
        if x == math.inf:
            break
        last = x
        if len(centres) > 0 and x - centres[-1][0] < 2.0 * max(y, centres[-1][1]):
            if y < centres[-1][1]:
                centres[-1] = (x, y)
        else:
            centres.append((x, y))
    if len(centres) == 0:
        centres.append((0.25 * far, 0.25 * far))
    mapped = np.empty(n, np.complex128)
    panels = []
    start = 0.0
    for i in range(len(centres)):
        k0, width = centres[i]
        stop = 0.5 * (k0 + centres[i + 1][0]) if i + 1 < len(centres) else far
        for j in range(n):
            z = (roots[j] - k0) / width
            mapped[j] = (
                cmath.log(z + cmath.sqrt(z * z + 1.0))
                if z.real >= 0.0
                else -cmath.log(-z + cmath.sqrt(z * z + 1.0))
            )
        edges = np.array([math.asinh((start - k0) / width), 0.0, math.asinh((stop - k0) / width)])
        for low, high in graded_panels(edges, mapped, ellipse, 1e-3):
            panels.append((low, high, k0, width))
        start = stop
    for j in range(n):
        mapped[j] = far / roots[j]
    for low, high in graded_panels(np.array([0.0, 1.0]), mapped, ellipse, 1e-3):
        panels.append((low, high, far, 0.0))
    return panels


@njit(cache=True, nogil=True)
def _is_real(root: complex) -> bool:
    return root.real > 0.0 and abs(root.imag) < 1e-9 * root.real


@njit(cache=True, nogil=True)
def crossings(
    angles: Array, parameters: Array, exchange: Array, in_plane: Array
) -> tuple[NDArray[np.int64], Array]:
    """How many levels cross zero at real k > 0 along rays (n,), and how close two such k come, conjugates included."""
    mass, mu, gap, wz, _ = parameters
    bb = np.sum(exchange * exchange)
    counts, closest = np.zeros(len(angles), np.int64), np.full(len(angles), math.inf)
    for index in range(len(angles)):
        nx, ny = math.cos(angles[index]), math.sin(angles[index])
        ez = in_plane[0] * ny - in_plane[1] * nx
        db = -wz * ny * exchange[0] + wz * nx * exchange[1] + ez * exchange[2]
        roots = ray_singularities(mass, mu, gap, 0.0, math.sqrt(wz * wz + ez * ez), db, bb)
        for i in range(8):
            counts[index] += _is_real(roots[i])
            for j in range(i):
                if roots[i].real > 0.0 and roots[j].real > 0.0:
                    closest[index] = min(closest[index], abs(roots[i] - roots[j]))
    return counts, closest


@njit(cache=True, nogil=True)
def _steps(
    roots: ComplexArray, mass: float, mu: float, gap: float, c: float, db: float, bb: float
) -> tuple[Array, Array]:
    """Real k > 0 among ``roots`` of det H, from a form of det H that does not cancel, and their uncertainty."""
    real = np.array([z.real for z in roots if _is_real(z)])
    real.sort()
    doubt = np.empty(len(real))
    for i in range(len(real)):
        k = real[i]
        for _ in range(3):
            xi, d, side = k * k / (2.0 * mass) - mu, c * k, 1.0 if k * k > 2.0 * mass * mu else -1.0
            minus, plus = xi * side - d, xi * side + d
            rest = gap * gap + bb
            product = (minus * minus + rest) * (plus * plus + rest)
            value = product - 4.0 * (db * k) ** 2 - 4.0 * bb * (xi * xi + gap * gap)
            by_k = k / mass * side
            slope = 2.0 * minus * (by_k - c) * (plus * plus + rest) + 2.0 * plus * (by_k + c) * (
                minus * minus + rest
            )
            slope -= 8.0 * db * db * k + 8.0 * bb * xi * k / mass
            doubt[i] = 1e-8 * k
            if slope != 0.0:
                real[i] = k - min(max(value / slope, -1e-8 * k), 1e-8 * k)
                doubt[i] = min(doubt[i], 4.0 * EPS * (product / abs(slope) + k))
            k = real[i]
    return real, doubt


@njit(cache=True, nogil=True)
def _split(
    panels: list[tuple[float, float, float, float]], cuts: Array
) -> list[tuple[float, float, float, float]]:
    """Panels of `radial_panels` that end at every momentum of ``cuts``."""
    for k in cuts:
        for i in range(len(panels)):
            low, high, k0, width = panels[i]
            t = math.asinh((k - k0) / width) if width > 0.0 else k0 / k
            if low < t < high:
                panels[i] = (low, t, k0, width)
                panels.append((t, high, k0, width))
                break
    return panels


@njit(cache=True, nogil=True)
def current_along_rays(
    angles: Array, parameters: Array, exchange: Array, in_plane: Array, tolerance: float
) -> tuple[Array, Array, Array, int]:
    """(1/8π) ∫₀^∞ k dk tr[∂H/∂A tanh(H/2T)] along rays; its mean over the angle is the current.

    Takes angles (n,), parameters (mass, μ, Δ, w_z, T), exchange (3,), in_plane (2,) and the absolute
    tolerance per ray. Returns values (n, 2), truncation errors (n,), rounding errors (n,) and the
    number of points.
    """
    mass, mu, gap, wz, temperature = parameters
    wx, wy = in_plane
    bx, by, bz = exchange
    bb = bx * bx + by * by + bz * bz
    values, errors, noise = np.zeros((len(angles), 2)), np.zeros(len(angles)), np.zeros(len(angles))
    a, v = np.empty((4, 4)), np.empty((4, 4))
    count = 0
    for index in range(len(angles)):
        nx, ny = math.cos(angles[index]), math.sin(angles[index])
        ez = wx * ny - wy * nx  # d = k(−w_z n_y, w_z n_x, e_z)
        c = math.sqrt(wz * wz + ez * ez)
        db = -wz * ny * bx + wz * nx * by + ez * bz
        roots = ray_singularities(mass, mu, gap, math.pi * temperature, c, db, bb)
        steps, doubt = _steps(roots if temperature == 0.0 else roots[:0], mass, mu, gap, c, db, bb)
        if len(steps) > 0:  # beyond the steps the scale is that of the larger of Δ and b
            blunt = ray_singularities(mass, mu, math.sqrt(gap * gap + bb), 0.0, c, 0.0, 0.0)
            smooth = [z for z in roots if not _is_real(z)]
            roots = np.concatenate((np.array(smooth, np.complex128), blunt))
        for i in range(len(steps)):
            k = steps[i]
            noise[index] += (
                doubt[i] * k * (k / mass + math.sqrt(wz * wz + wx * wx + wy * wy)) / (4.0 * math.pi)
            )
        stack = [(p[0], p[1], p[2], p[3], 0) for p in _split(radial_panels(roots, ELLIPSE), steps)]
        share = tolerance / len(stack)
        while len(stack) > 0:
            t0, t1, k0, width, depth = stack.pop()
            half, middle = 0.5 * (t1 - t0), 0.5 * (t1 + t0)
            kronrod_x = kronrod_y = gauss_x = gauss_y = lost = 0.0
            for i in range(21):
                t = middle + half * KRONROD_NODES[i]
                if width > 0.0:
                    k, measure = k0 + width * math.sinh(t), width * math.cosh(t)
                else:
                    k, measure = k0 / t, k0 / (t * t)
                xi = k * k / (2.0 * mass) - mu
                n, along_d, along_b, lost_n, lost_s = sign_traces(
                    xi, gap, c * c * k * k, db * k, bb, temperature, a, v
                )
                spin_x, spin_y = -along_d * wz * ny * k, along_d * wz * nx * k
                spin_x, spin_y = spin_x + along_b * bx, spin_y + along_b * by
                spin_z = along_d * ez * k + along_b * bz
                weight = half * measure * k / (8.0 * math.pi)
                fx = weight * (nx * k / mass * n - spin_y * wz + spin_z * wy)
                fy = weight * (ny * k / mass * n - spin_z * wx + spin_x * wz)
                kronrod_x += KRONROD_WEIGHTS[i] * fx
                kronrod_y += KRONROD_WEIGHTS[i] * fy
                gauss_x += GAUSS_WEIGHTS[i] * fx
                gauss_y += GAUSS_WEIGHTS[i] * fy
                size = abs(along_d) * c * k * abs(wz) + math.sqrt(bb) * abs(along_b) * (abs(wx) + abs(wy))
                size += abs(wz * along_b) * (abs(bx) + abs(by))
                lost += KRONROD_WEIGHTS[i] * weight * (k / mass * (lost_n + EPS * abs(n)) + lost_s * size)
            count += 21
            error = max(abs(kronrod_x - gauss_x), abs(kronrod_y - gauss_y))
            if error > max(share, lost) and depth < 48:
                stack.append((t0, middle, k0, width, depth + 1))
                stack.append((middle, t1, k0, width, depth + 1))
            else:
                values[index, 0] += kronrod_x
                values[index, 1] += kronrod_y
                errors[index] += error
                noise[index] += lost
    return values, errors, noise, count
