"""Holes of a sample, and the whole turns of the phase round each: flux that no vortex in the superconductor holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..numerics.curl import circulation
from .problem import GinzburgLandau
from .state import State
from .vortices import turns

__all__ = ["Held", "Holes", "hole_labels"]

Ints = NDArray[np.int64]
Held = tuple[int, ...]
Vortex = tuple[float, float, int]
FEW = 4  # holes that are all tried in a step of a search


@dataclass(frozen=True, eq=False)
class Holes:
    """The holes of a problem: ``labels`` of its plaquettes (see `hole_labels`) and ``places`` in their middle, in ξ.

    In layers these are holes that run straight through all of them.
    """

    labels: Ints
    places: list[tuple[float, float]]

    @classmethod
    def of(cls, problem: GinzburgLandau) -> Holes:
        """None where the sample fills its cell."""
        grid, links = problem.grid, problem.links_inside[:2]
        if grid.ndim == 3:
            straight = bool((links == links[..., :1]).all())
            links = links[..., 0] if straight else np.ones(links.shape[:3], dtype=bool)
        none = problem.mask is None
        labels = np.zeros(grid.shape[:2], dtype=np.int64) if none else hole_labels(links)
        middle = (_middles(labels) + 1) % grid.shape[:2] * grid.spacing
        return cls(labels, [(x, y) for x, y in middle.tolist()])

    def __len__(self) -> int:
        return len(self.places)

    def windings(self, state: State) -> Held:
        """Whole turns of the phase round each hole: the flux quanta it holds; in layers in most of them."""
        if not self.places:
            return ()
        problem, grid = state.problem, state.problem.grid
        flux = circulation(grid, state.vector_potential + problem.pseudo_links) + problem.background_flux
        given = state.order_parameter, problem.coefficients.phase + state.vector_potential
        flat = grid.ndim == 2
        layers = turns(grid, 0, *given, flux)[..., None] if flat else turns(grid, 2, *given, flux[2])
        counted = [np.median(layers[self.labels == hole + 1].sum(axis=0)) for hole in range(len(self))]
        return tuple(round(n) for n in counted)

    def holding(self, held: Held) -> list[Vortex]:
        """``(x, y, winding)`` of the holes that hold flux: as vortices in their middle they begin a minimisation."""
        return [(x, y, n) for (x, y), n in zip(self.places, held, strict=True) if n]

    def neighbours(self, held: Held, cost: Sequence[float]) -> list[tuple[int, Held]]:
        """Change and windings of a hole with a quantum more or less: of every hole if they are few, else the cheapest.

        ``cost``: the energy of a positive vortex at each hole.
        """
        tried = [(n, w) for n in range(len(self)) for w in (1, -1)]
        if len(self) > FEW:
            tried = [(int(np.argmin(w * np.asarray(cost))), w) for w in (1, -1)]
        return [(w, (*held[:n], held[n] + w, *held[n + 1 :])) for n, w in tried]

    def guesses(self, flux: NDArray[np.float64], mask: NDArray[np.bool_] | None) -> list[Held]:
        """From what each hole encloses of ``flux`` (Φ0, on plaquettes) to an equal share of what the sample does."""
        if not self.places:
            return []
        sample = np.ones(self.labels.shape, dtype=bool) if mask is None else mask
        least = np.bincount(self.labels.ravel(), weights=flux.ravel())[1:]
        most = flux[sample | (self.labels > 0)].sum() / len(self)
        found = [np.rint(least + share * (most - least)).astype(int) for share in (0, 1 / 3, 2 / 3, 1)]
        return [held for held in dict.fromkeys(tuple(f.tolist()) for f in found) if any(held)]


def hole_labels(links_inside: NDArray[np.bool_]) -> Ints:
    """For each plaquette the number of its hole, from 1, or 0; from the links (2, Nx, Ny) that carry current.

    Plaquettes on either side of a link without current belong together.  Such a set is a hole unless it meets its own
    image in the next cell, as the vacuum round a sample does, and the rim of an open cell.

    >>> links = np.ones((2, 6, 6), dtype=bool)
    >>> links[:, 2, 3] = links[0, 1, 3] = links[1, 2, 2] = False  # one site less, in a periodic cell
    >>> np.argwhere(hole_labels(links) == 1).tolist()
    [[1, 2], [1, 3], [2, 2], [2, 3]]
    """
    closed = ~np.tile(links_inside, (1, 2, 2))  # two cells each way: what goes round joins the copies
    number = np.arange(closed[0].size).reshape(closed[0].shape)
    here = np.concatenate([number[axis_closed] for axis_closed in closed])
    beside = np.concatenate([np.roll(number, 1, axis=1 - axis)[closed[axis]] for axis in (0, 1)])
    links = coo_array((np.ones(here.size, dtype=bool), (here, beside)), shape=(number.size, number.size))
    parts = connected_components(links, directed=False)[1].reshape(number.shape)
    nx, ny = links_inside.shape[1:]
    copies = np.sort(parts.reshape(2, nx, 2, ny).swapaxes(1, 2).reshape(4, nx, ny), axis=0)
    apart = (np.diff(copies, axis=0) > 0).all(axis=0)
    larger = np.bincount(parts.ravel())[copies[0]] > 1
    hole = apart & larger
    labels = np.zeros((nx, ny), dtype=np.int64)
    labels[hole] = np.unique(copies[0][hole], return_inverse=True)[1] + 1
    return labels


def _middles(labels: Ints) -> Ints:
    """The plaquette (i, j) of each hole nearest to its middle, (holes, 2)."""
    shape, found = np.array(labels.shape), []
    for hole in range(1, int(labels.max(initial=0)) + 1):
        places = np.argwhere(labels == hole)
        turns = np.exp(2j * math.pi * places / shape)  # a hole may lie across the border of its cell
        middle = np.angle(turns.mean(axis=0)) * shape / (2 * math.pi)
        away = np.mod(places - middle + shape / 2, shape) - shape / 2
        found.append(places[np.argmin(np.round((away**2).sum(axis=1), 6))])
    return np.array(found, dtype=np.int64).reshape(-1, 2)
