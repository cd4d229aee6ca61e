"""Stream functions of currents that stay in a film with edges and holes: its London limit, and its Hessian.

j = ∇×(g ẑ) vanishes in the vacuum if g is zero outside and constant in every hole; P is the projection on such g.
With |ψ| = 1, P(k² + k/Λ)P g = P s (docs/theory/film.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..numerics.curl import circulation, curl_of_plaquettes
from ..numerics.modes import BETWEEN, Modes
from .film import StrayField
from .problem import GinzburgLandau

__all__ = ["Edges"]

Array = NDArray[np.float64]
PLAQUETTES = (BETWEEN, BETWEEN)
TOLERANCE, MOST = 1e-8, 500  # of the residual; iterations


@dataclass(frozen=True, eq=False)
class Edges:
    """A film beside vacuum."""

    problem: GinzburgLandau
    film: StrayField
    threads: int = 1

    def potential(self, source: Array) -> Array:
        """g on plaquettes in the London limit, by conjugate gradients; sources outside the film have no effect."""
        squared = self._modes.squared + self.film.compliance
        inverse = 1 / np.where(squared > 0, squared, np.inf)
        rest = self._within(source)
        g, goal = np.zeros_like(rest), TOLERANCE * float(np.abs(rest).max())
        direction, before = np.zeros_like(rest), np.inf
        for _ in range(MOST):
            if float(np.abs(rest).max()) <= goal:
                break
            push = self._filtered_within(inverse, rest)
            slope = float((push * rest).sum())
            direction = push + (slope / before) * direction
            image = self._filtered_within(squared, direction)
            length = slope / float((direction * image).sum())
            g, rest, before = g + length * direction, rest - length * image, slope
        return g

    def without_vacuum_currents(self, links: Array) -> Array:
        """A vector potential whose own field is that of currents in the film."""
        flux = circulation(self.problem.grid, links) - self.problem.coefficients.source
        stream = self._within(self.film.stream(flux, self.threads))
        squared = self._modes.squared
        amplitudes = self.film.compliance * self._modes.forward(stream, PLAQUETTES)
        amplitudes -= self._modes.forward(flux / self.problem.grid.cell, PLAQUETTES)
        change = self._modes.inverse(amplitudes / np.where(squared > 0, squared, np.inf), PLAQUETTES)
        return links + curl_of_plaquettes(self.problem.grid, change)

    def precondition(self, gradient: Array) -> Array:
        """Approximate inverse Hessian of A times a gradient on links.

        The transverse part is C† q P D P q C with C the circulation, q = 1/k and D such that P = 1 would make it
        1/(2Λk + 1.6): A = C† q g is the potential of currents g, so no step brings currents into the vacuum.
        In double precision, for the same reason.
        """
        modes, (along_x, along_y) = self._modes, self._modes.gradient
        ax, ay = (modes.forward(a, place) for a, place in zip(gradient, modes.link_places, strict=True))
        kernel, between, longitudinal = self._factors
        stream = self._within(modes.inverse(kernel * (along_x * ay - along_y * ax), PLAQUETTES))
        curl = kernel * modes.forward(self._filtered_within(between, stream), PLAQUETTES)
        slope = longitudinal * (np.conj(along_x) * ax + np.conj(along_y) * ay)
        parts = along_x * slope - np.conj(along_y) * curl, along_y * slope + np.conj(along_x) * curl
        for part, uniform in zip(parts, (ax, ay), strict=True):  # what makes the current along a strip vanish
            part[0, 0] = uniform[0, 0] / 1.6
        return np.stack([modes.inverse(a, place) for a, place in zip(parts, modes.link_places, strict=True)])

    @cached_property
    def _factors(self) -> tuple[Array, Array, Array]:
        squared, k = self._modes.squared, self.film.inverse_kernel
        some = np.where(squared > 0, squared, np.inf)
        kernel = 1 / np.where(k > 0, k, np.inf)
        return kernel, k**2 / (some * (2 * self.film.pearl_length * k + 1.6)), 1 / (1.6 * some)

    @cached_property
    def _modes(self) -> Modes:
        return Modes(self.problem.grid, self.threads)

    @cached_property
    def _parts(self) -> tuple[NDArray[np.int64], Array]:
        """Number of the part of every plaquette, 0 outside the film, and sizes; links in the vacuum join plaquettes."""
        shape = self.problem.grid.shape
        own = np.arange(self.problem.grid.size).reshape(shape)
        rows, columns = [], []
        for axis, inside in enumerate(self.problem.links_inside):
            rows.append(own[~inside])
            columns.append(np.roll(own, 1, axis=1 - axis)[~inside])
        ends: tuple[Any, Any] = np.concatenate(rows), np.concatenate(columns)
        graph = coo_array((np.ones(ends[0].size), ends), shape=(own.size, own.size))
        labels = connected_components(graph, directed=False)[1].astype(np.int64).reshape(shape)
        outside = labels[self.problem.vacuum.corner]
        labels = np.where(labels == outside, 0, np.where(labels == 0, outside, labels))
        return labels, np.bincount(labels.ravel()).astype(float)

    def _within(self, values: Array) -> Array:
        """P: the mean over every hole, zero outside."""
        labels, sizes = self._parts
        means = np.bincount(labels.ravel(), weights=values.ravel()) / sizes
        means[0] = 0.0
        return np.asarray(means[labels])

    def _filtered_within(self, spectrum: Array, values: Array) -> Array:
        """P of a filter."""
        return self._within(
            self._modes.inverse(spectrum * self._modes.forward(values, PLAQUETTES), PLAQUETTES)
        )
