"""Directions of k as a variable of integration: where on the circle the radial integral is not smooth.

At T = 0 the radial integral varies like √|φ − φ_c| where a pair of zero-energy momenta appears (docs/theory/
microscopic.md, section 3); elsewhere its singularities lie in the complex plane and panels are graded to them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numerics.quadrature import ELLIPSE, graded_panels
from ._rays import crossings
from .rashba import RashbaSuperconductor

__all__ = ["Directions", "directions", "gapless_turns", "singular_directions"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
SAMPLES = 96
"""Directions at which zero-energy momenta are counted before dips are looked into."""


@dataclass(frozen=True)
class Directions:
    """Half a circle as a function φ(x): between ``bounds`` φ runs as a cosine of x, which smooths square roots."""

    bounds: Array
    """Ascending angles over a range of π; only the two ends where nothing is singular on the circle."""
    panels: Array
    """Of x, shape (p, 2); interval i of ``bounds`` is i ≤ x ≤ i + 1."""

    def angles(self, x: Array) -> tuple[Array, Array]:
        """φ and dφ/dx."""
        i = np.minimum(x.astype(int), len(self.bounds) - 2)
        turned, length = math.pi * (x - i), np.diff(self.bounds)[i]
        return self.bounds[i] + length * np.sin(0.5 * turned) ** 2, 0.5 * math.pi * length * np.sin(turned)


def gapless_turns(model: RashbaSuperconductor, b: Array, w: Array) -> Array:
    """Angles in a range of π, ascending, where the number of zero-energy momenta changes; empty if nowhere.

    Counted on a coarse circle. Between neighbours of equal count a narrow window may open: where two zeros
    of det H come closest, a finer circle looks for it.
    """
    if float(np.linalg.norm(b)) <= model.gap:
        return np.zeros(0)
    parameters = np.array([model.mass, model.mu, model.gap, model.rashba, 0.0])
    start = math.atan2(b[1], b[0]) + 0.1
    angles: Array = start + math.pi / SAMPLES * np.arange(SAMPLES + 1.0)
    counts, closest = crossings(angles, parameters, b, w)
    for _ in range(14):
        inner = closest[1:-1]
        dip = 1 + np.flatnonzero((inner <= closest[:-2]) & (inner <= closest[2:]) & (inner > 0))
        dip = dip[(counts[dip - 1] == counts[dip]) & (counts[dip + 1] == counts[dip])]
        pair = np.flatnonzero(np.abs(np.diff(counts)) > 2)
        if not len(dip) + len(pair):
            break
        left = np.unique(np.concatenate([dip - 1, dip, pair]))
        more: Array = 0.5 * (angles[left] + angles[left + 1])
        more_counts, more_closest = crossings(more, parameters, b, w)
        angles = np.concatenate([angles, more])
        order = np.argsort(angles)
        angles = angles[order]
        counts = np.concatenate([counts, more_counts])[order]
        closest = np.concatenate([closest, more_closest])[order]
    change = np.flatnonzero(np.diff(counts))
    low, high = angles[change], angles[change + 1]

    def signed(phi: Array) -> tuple[NDArray[np.bool_], Array]:
        found, distance = crossings(phi, parameters, b, w)
        same = found == counts[change]
        return same, np.where(same, -(distance**2), distance**2)

    if not len(change):
        return low
    below, above = signed(low)[1], signed(high)[1]
    for step in range(16):  # the square of the distance of two roots is linear near the turn
        secant = low + (high - low) * np.clip(below / (below - above), 1e-9, 1 - 1e-9)
        middle = 0.5 * (low + high) if step < 12 else secant
        same, value = signed(middle)
        low, high = np.where(same, middle, low), np.where(same, high, middle)
        below, above = np.where(same, value, below), np.where(same, above, value)
    return np.where(-below < above, low, high)


def directions(model: RashbaSuperconductor, b: Array, w: Array, turns: Array) -> Directions:
    """Panels over half a circle that end at ``turns`` and are fine where k runs along w_∥ and splittings are small."""
    panels = _graded(model, b, w)
    if not len(turns):
        bounds = panels[[0, -1], [0, 1]]
        edges = np.append(panels[:, 0], bounds[1])
    else:
        bounds = np.append(turns, turns[0] + math.pi)
        edges = np.union1d(bounds, turns[0] + (panels[:, 0] - turns[0]) % math.pi)
    i = np.clip(np.searchsorted(bounds, edges, side="right") - 1, 0, len(bounds) - 2)
    part = np.clip((edges - bounds[i]) / np.diff(bounds)[i], 0.0, 1.0)
    x = i + np.arcsin(np.sqrt(part)) * 2 / math.pi
    x = np.union1d(x[np.abs(x - np.round(x)) > 1e-3], np.arange(len(bounds)))
    return Directions(bounds, np.stack([x[:-1], x[1:]], axis=1))


def _graded(model: RashbaSuperconductor, b: Array, w: Array) -> Array:
    """Panels of φ, graded to `singular_directions`; square roots on the circle itself are left to ``turns``."""
    direction = math.atan2(w[1], w[0])
    singular = singular_directions(model, b, w)
    singular = singular[singular.imag > (1e-7 if model.temperature == 0 else 0.0)]
    singular = direction + (singular.real - direction) % math.pi + 1j * np.maximum(singular.imag, 1e-9)
    marks = [math.atan2(b[1], b[0]), math.atan2(b[0], -b[1])] if b[0] or b[1] else [direction + 0.5 * math.pi]
    inner = sorted(direction + (mark - direction) % math.pi for mark in [*marks, *singular.real])
    edges = np.array([direction, *inner, direction + math.pi])
    edges = edges[np.concatenate([[True], np.diff(edges) > 1e-12])]
    images = np.concatenate([singular - math.pi, singular, singular + math.pi])
    panels: list[tuple[float, float]] = graded_panels(edges, images, ELLIPSE, 1e-9)
    return np.array(panels)


def singular_directions(model: RashbaSuperconductor, b: Array, w: Array) -> ComplexArray:
    """Complex φ, Im φ ≥ 0, modulo π, where two zeros of det[H(k) − iω₀] meet on the path of integration over k.

    With n = (1, t)/√(1+t²) the conditions are polynomials of t (docs/theory/microscopic.md, section 3); exact at
    T = 0 where d varies little over the gap, else as good as ω₀ enters like a shift of b or Δ.
    """
    frame = 0.1  # no symmetric direction at t = ∞
    x, y = np.array([-math.sin(frame), math.cos(frame)]), np.array([math.cos(frame), math.sin(frame)])
    wz, k, omega = model.rashba, model.fermi_momentum, math.pi * model.temperature
    bb = float(b @ b)
    one = np.polyadd(np.polymul(x, x), np.polymul(y, y))
    ez = w[0] * y - w[1] * x
    dd = k * k * np.polyadd(wz * wz * one, np.polymul(ez, ez))
    db = k * (wz * (b[1] * x - b[0] * y) + b[2] * ez)
    found = []
    for sign in (1, -1):
        shifted = model.gap**2 - (math.sqrt(bb) + 1j * sign * omega) ** 2
        even = np.polyadd(dd, shifted * one)
        crossed = np.polysub(bb * dd, np.polymul(db, db))
        t = np.roots(np.polyadd(np.polymul(even, even), 4 * np.polymul(crossed, one)))
        found.append(t)
        t = np.roots(np.polysub(np.polymul(db, db), (model.gap + 1j * sign * omega) ** 2 * dd))
        square = np.polyval(dd, t) / np.polyval(one, t) + bb - model.gap**2  # ξ² where they meet
        found.append(t[square.real > 0])
    t = np.concatenate(found)
    phi = np.arctan(t) + frame
    return np.asarray(phi.real + 1j * np.abs(phi.imag), complex)
