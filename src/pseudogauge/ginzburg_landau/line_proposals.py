"""Vortex lines of a layered crystal worth a minimisation: straight ones by the gas, bent ones, and loops.

Straight lines along z feel the average over the layers, and each other as in two dimensions, so `VortexProposals` of
the averaged problem proposes them.  A bent line more is an elastic string (docs/theory/lines3d.md) in the
field that the lines already there leave; a loop is a rectangle with one leg where that field is strongest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from ..errors import InputError
from ..numerics.curl import face_shape
from ..numerics.grid import Grid
from .elastic_line import line_tension, relaxed_line
from .london import London
from .problem import GinzburgLandau
from .proposals import Proposal, VortexProposals, label_of
from .starts import Vortex
from .state import State
from .vortex_lines import VortexLine, thread

__all__ = ["LineProposals", "averaged", "columns_of"]

Array = NDArray[np.float64]
Lines = list[VortexLine]
APART = 2.0  # ξ, between a new line and those already there
RANDOM = 3  # random starts more, where nothing else can be proposed


@dataclass(frozen=True, eq=False)
class LineProposals:
    """Proposals for layers; ``flat`` are those for their average."""

    problem: GinzburgLandau
    flat: VortexProposals
    sectors: list[int] | None

    @classmethod
    def of(cls, problem: GinzburgLandau, sectors: list[int] | None = None) -> LineProposals:
        """Kept to these numbers of flux quanta along z, None for any."""
        flat = averaged(problem)
        return cls(problem, VortexProposals.of(flat, sectors=sectors), sectors)

    def first(self, bare: State | None, random_starts: int, rng: np.random.Generator) -> Iterator[Proposal]:
        """Every trial but the one without lines."""
        yield from self._neighbours([])
        if not any(self.problem.flux_quanta[:2]):
            yield from self.flat.first(None, random_starts, rng)
            return
        for sector in self.sectors or [self.problem.flux_quanta[2]]:
            for _ in range(random_starts + RANDOM):
                yield Proposal(sector, "random", None)

    def around(self, state: State, rng: np.random.Generator) -> Iterator[Proposal]:
        """A line, a pair or a loop more or less than in this state; then straight lines in those numbers."""
        yield from self._neighbours([line for line in whole_lines(state) if self._threads(line)])
        columns = [column for column in columns_of(state) if column[2]]
        if len(columns) > 1 and not any(self.problem.flux_quanta[:2]):
            yield from self.flat.rearranged(columns, rng)

    def _neighbours(self, lines: Lines) -> Iterator[Proposal]:
        field = London(self.problem).line_landscape(self._winding(lines))
        near = self._near(lines)
        plus, minus = (self._bent(field, near, w) for w in (1, -1))
        changes = [[*lines, plus], [*lines, minus], [*lines, plus, minus]]
        changes += [[*lines, loop] for loop in self._loop(field, near)]
        signs = [[line for line in lines if self._upwards(line) * w > 0] for w in (1, -1)]
        worst = [max(own, key=lambda line: self._along(field, line)) for own in signs if own]
        loops = [line for line in lines if not self._upwards(line)][-1:]  # the shortest
        gone = [[line] for line in worst + loops] + ([worst] if len(worst) == 2 else [])
        changes += [[line for line in lines if line not in without] for without in gone]
        for change in changes:
            *across, sector = sum(
                (_turns(line, self.problem.grid) for line in change), start=np.zeros(3, dtype=int)
            )
            if not self._fits(across):
                continue
            if not self.flat.problem.quantised:
                sector = 0
            if self.sectors is None or sector in self.sectors:
                label = label_of([(0.0, 0.0, self._upwards(line)) for line in change])
                closed = sum(not self._upwards(line) for line in change)
                yield Proposal(int(sector), f"{label}, {closed} loops" if closed else label, change)

    def _fits(self, across: Sequence[int]) -> bool:
        """Whether lines that run so often along x and y carry the flux of the problem there."""
        wraps = self.problem.grid.periodic_axes
        given = zip(
            across, self.problem.flux_quanta, (wraps[1] and wraps[2], wraps[2] and wraps[0]), strict=False
        )
        return all(net == flux or not closed for net, flux, closed in given)

    def _threads(self, line: VortexLine) -> bool:
        """Whether the line closes or ends at surfaces of the crystal (and not at a hole that leads nowhere)."""
        try:
            self._winding([line])
        except InputError:
            return False
        return True

    def _winding(self, lines: Lines) -> NDArray[np.int64]:
        if not lines:
            return np.zeros(face_shape(self.problem.grid), dtype=np.int64)
        return thread(self.problem.grid, [(line.points, line.winding) for line in lines])

    def _near(self, lines: Lines) -> NDArray[np.bool_]:
        """Plaquettes of the layers too near to these lines."""
        grid = self.problem.grid
        reach = 2 * math.ceil(APART / grid.spacing) + 1
        found = self._winding(lines)[2] != 0
        for axis, wraps in enumerate(grid.periodic_axes[:2]):
            found = maximum_filter1d(found, reach, axis, mode="wrap" if wraps else "nearest")
        for axis, wraps in enumerate(grid.periodic_axes[:2]):
            if not wraps:
                np.moveaxis(found, axis, 0)[-1] = True  # no plaquette
        return np.asarray(found)

    def _upwards(self, line: VortexLine) -> int:
        return int(_turns(line, self.problem.grid)[2])

    def _along(self, field: Array, line: VortexLine) -> float:
        """Mean energy of a line in the field, with its sign."""
        grid = self.problem.grid
        at = [np.floor(line.points[:, a] / h - 0.5 * (a < 2)).astype(int) % n
              for a, (h, n) in enumerate(zip(grid.spacings, grid.shape, strict=True))]  # fmt: skip
        return float(np.sign(self._upwards(line)) * field[tuple(at)].mean())

    def _bent(self, field: Array, near: NDArray[np.bool_], winding: int) -> VortexLine:
        """The elastic line of least energy in the field: a start, so that an open z is treated as periodic."""
        grid, problem = self.problem.grid, self.problem
        height = grid.extent[2]
        kappa = min(max(problem.kappa, 1.5), 30 * max(grid.extent))
        tension = line_tension(kappa, max(problem.anisotropy, 1.0), max(height, 7.0))
        wall = np.where(near, winding * (np.ptp(field) + tension), field)
        torus = Grid(grid.shape, grid.spacing, True, grid.layer_spacing)
        found = relaxed_line(torus, wall, tension, winding)
        points = np.stack([found.x + 0.5 * grid.spacing, found.y + 0.5 * grid.spacing, found.z], axis=1)
        for axis, wraps in enumerate(grid.periodic_axes[:2]):
            if not wraps:
                points[:, axis] = np.clip(points[:, axis], grid.spacing, grid.extent[axis] - grid.spacing)
        if grid.periodic_axes[2]:
            turn = np.round((points[-1] - points[0])[:2] / grid.extent[:2]) * grid.extent[:2]
            end = points[0] + np.array([*turn, height])
            return VortexLine(np.concatenate([points, end[None]]), winding, closed=True)
        ends = np.array([[*points[0, :2], 0.0], [*points[-1, :2], height]])
        return VortexLine(np.concatenate([ends[:1], points, ends[1:]]), winding, closed=False)

    def _loop(self, field: Array, near: NDArray[np.bool_]) -> Iterator[VortexLine]:
        """A rectangle from where the field is strongest, as high as its sign persists, back where that pays most.

        None if it would not even pay for a logarithm of 1.
        """
        grid = self.problem.grid
        free = np.where(near, 0.0, field - field.mean())
        i, j, k = (int(n) for n in np.unravel_index(np.argmax(np.abs(free)), free.shape))
        winding = -int(np.sign(free[i, j, k]))
        if not winding:
            return
        column = winding * np.roll(free[i, j], -k) < 0  # from k up, and on the torus down
        up, down = int(np.argmin([*column, False])), int(np.argmin([*column[::-1], False]))
        most = grid.shape[2] // 2
        up, down = min(up, most), min(down, most)
        if not grid.periodic_axes[2]:
            up, down = min(up, grid.shape[2] - k), min(down, k)
        bottom, top = (k - down) * grid.spacings[2], (k + up) * grid.spacings[2]
        inside, best = np.arange(k - down, k + up) % grid.shape[2], (0.0, [i, j])
        for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
            for distance in range(2, 13, 2):
                steps = sign * max(1, round(distance / grid.spacing))
                there = [i, j]
                there[axis] += steps
                last = grid.shape[axis] - (1 if grid.periodic_axes[axis] else 2)
                if abs(steps) > grid.shape[axis] // 2 or not (
                    grid.periodic_axes[axis] or 0 <= there[axis] <= last
                ):
                    continue
                back = free[there[0] % grid.shape[0], there[1] % grid.shape[1], inside].sum()
                gain = winding * (back - free[i, j, inside].sum()) * grid.spacings[2]
                gain -= 2 * math.pi * (distance / self.problem.anisotropy + top - bottom)
                if gain > best[0]:
                    best = gain, there
        if best[0] > 0:
            x, y, u, v = ((n + 1) * grid.spacing for n in (i, j, *best[1]))
            corners = [(x, y, bottom), (x, y, top), (u, v, top), (u, v, bottom), (x, y, bottom)]
            yield VortexLine(np.array(corners), winding, closed=True)


def averaged(problem: GinzburgLandau) -> GinzburgLandau:
    """The problem in two dimensions that straight lines along z see: everything averaged over the layers."""
    grid = problem.grid
    flat = Grid(grid.shape[:2], grid.spacing, grid.periodic_axes[:2])
    quantised = flat.fully_periodic
    applied, frozen = problem.applied_field[2], problem.magnetisation
    mask = None if problem.mask is None else problem.mask.mean(axis=2) >= 0.5
    return GinzburgLandau(
        flat,
        problem.kappa,
        problem.pseudo_links[:2].mean(axis=3),
        applied if np.ndim(applied) == 0 else applied.mean(axis=2),
        problem.flux_quanta[2] if quantised else 0,
        None if frozen is None else frozen[2].mean(axis=2),
        np.array(np.broadcast_to(problem.coefficients.epsilon, grid.shape).mean(axis=2)),
        None if mask is None or not mask.any() else mask,
        stiffness=[
            part if np.ndim(part) == 0 else np.mean(part, axis=2) for part in problem.local_stiffness[:2]
        ],
    )


def whole_lines(state: State) -> Lines:
    """The vortex lines of a state; those that end at a hole in the sample are led straight through it."""
    grid, mask = state.problem.grid, state.problem.mask
    lines, up = [], np.array([0, 0, grid.periodic_axes[2]])
    for line in state.vortex_lines:
        turns = np.rint(line.span / np.array(grid.extent)) * np.array(grid.periodic_axes)
        for more in (0, 1, -1):
            end = line.points[0] + (turns + more * up) * np.array(grid.extent)
            site = np.floor((line.points[-1] + end) / 2 / np.array(grid.spacings)).astype(int) % np.array(
                grid.shape
            )
            if mask is not None and not line.closed and not mask[tuple(site)]:
                line = VortexLine(np.concatenate([line.points, end[None]]), line.winding, closed=True)
        lines.append(line)
    return lines


def columns_of(state: State) -> list[Vortex]:
    """``(x, y, winding)`` of every line: where it is on average, how often it runs through the crystal along z."""
    grid, found = state.problem.grid, []
    for line in whole_lines(state):
        place = line.points[: len(line.points) - line.closed, :2].mean(axis=0)
        wraps = np.array(grid.periodic_axes[:2])
        place = np.where(wraps, place % np.array(grid.extent[:2]), place)
        found.append((float(place[0]), float(place[1]), int(_turns(line, grid)[2])))
    return found


def _turns(line: VortexLine, grid: Grid) -> NDArray[np.int64]:
    """How often a line runs through the crystal along every axis, with its sign."""
    return np.asarray(line.winding * np.rint(line.span / np.array(grid.extent)), dtype=np.int64)
