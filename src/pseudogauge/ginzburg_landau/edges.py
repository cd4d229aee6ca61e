"""The London limit of a film with edges and holes: its stream function by conjugate gradients.

With |ψ| = 1 the currents j = ∇×(g ẑ) of a film obey (k² + k/Λ) g = s inside it (docs/theory/film.md); g vanishes in the
vacuum outside and is constant in every hole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..numerics.modes import BETWEEN, Modes
from .problem import GinzburgLandau

__all__ = ["Edges"]

Array = NDArray[np.float64]
PLAQUETTES = (BETWEEN, BETWEEN)
TOLERANCE, MOST = 1e-8, 500  # of the residual; iterations


@dataclass(frozen=True, eq=False)
class Edges:
    """Linear response of a film beside vacuum; ``squared`` is k² + k/Λ for the modes of its cell."""

    problem: GinzburgLandau
    squared: Array

    def solve(self, source: Array) -> Array:
        """g on plaquettes, from a source there (sources in the vacuum outside have no effect)."""
        modes = Modes(self.problem.grid)

        def apply(spectrum: Array, values: Array) -> Array:
            return self._within(modes.inverse(spectrum * modes.forward(values, PLAQUETTES), PLAQUETTES))

        inverse = 1 / np.where(self.squared > 0, self.squared, np.inf)
        rest = self._within(source)
        g, goal = np.zeros_like(rest), TOLERANCE * float(np.abs(rest).max())
        direction, before = np.zeros_like(rest), np.inf
        for _ in range(MOST):
            if float(np.abs(rest).max()) <= goal:
                break
            push = apply(inverse, rest)
            slope = float((push * rest).sum())
            direction = push + (slope / before) * direction
            image = apply(self.squared, direction)
            length = slope / float((direction * image).sum())
            g, rest, before = g + length * direction, rest - length * image, slope
        return g

    @cached_property
    def parts(self) -> tuple[NDArray[np.int64], Array]:
        """Number of the part of every plaquette, 0 outside the film, and sizes; vacuum links join plaquettes."""
        shape = self.problem.grid.shape
        own = np.arange(self.problem.grid.size).reshape(shape)
        across_x, across_y = (~inside for inside in self.problem.links_inside)
        joined = [
            (own[link], np.roll(own, 1, axis=1 - axis)[link])
            for axis, link in enumerate((across_x, across_y))
        ]
        rows, columns = (np.concatenate(ends) for ends in zip(*joined, strict=True))
        graph = coo_array((np.ones(rows.size), (rows, columns)), shape=(own.size, own.size))
        labels = connected_components(graph, directed=False)[1].astype(np.int64).reshape(shape)
        outside = labels[self.problem.vacuum.corner]
        labels = np.where(labels == outside, 0, np.where(labels == 0, outside, labels))
        return labels, np.bincount(labels.ravel()).astype(float)

    def _within(self, values: Array) -> Array:
        """The nearest stream function of currents that stay in the film."""
        labels, sizes = self.parts
        means = np.bincount(labels.ravel(), weights=values.ravel()) / sizes
        means[0] = 0.0
        return np.asarray(means[labels])
