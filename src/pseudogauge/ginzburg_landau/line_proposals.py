"""Vortex lines of a layered crystal worth a minimisation: straight ones by the gas, bent ones, and loops.

Straight lines along z feel the average over the layers, and each other as in two dimensions, so `VortexProposals` of
the averaged problem proposes them.  A bent line more is an elastic string (docs/theory/lines3d.md) in the
field that the lines already there leave; a loop is a rectangle with one leg where that field is strongest.  Lines along
x and y are straight, where the mean of that field along them is strongest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from ..errors import InputError
from ..numerics.curl import face_shape, normals
from ..numerics.grid import Grid
from .columns import averaged, columns_of, line_turns, turns_of, whole_lines
from .elastic_line import line_tension, relaxed_line
from .holes import Held, Holes
from .london import London
from .problem import GinzburgLandau
from .proposals import Proposal, VortexProposals, label_of
from .state import State
from .vortex_lines import VortexLine, thread

__all__ = ["LineProposals"]

Array = NDArray[np.float64]
Lines = list[VortexLine]
APART = 2.0  # ξ, between a new line and those already there
MOST = 50  # straight lines along one axis
RANDOM = 3  # random starts more, where nothing else can be proposed


@dataclass(frozen=True, eq=False)
class LineProposals:
    """Proposals for layers; ``flat`` are those for their average."""

    problem: GinzburgLandau
    flat: VortexProposals
    sectors: list[int] | None

    @classmethod
    def of(cls, problem: GinzburgLandau, holes: Holes, sectors: list[int] | None = None) -> LineProposals:
        """Kept to these numbers of flux quanta along z, None for any."""
        flat = averaged(problem)
        return cls(problem, VortexProposals.of(flat, holes, sectors=sectors), sectors)

    @property
    def holes(self) -> Holes:
        """Those that run straight through all layers."""
        return self.flat.holes

    def first(self, bare: State | None, random_starts: int, rng: np.random.Generator) -> Iterator[Proposal]:
        """Every trial but the one without lines."""
        none = (0,) * len(self.holes)
        yield from self._neighbours([], none)
        if not any(self.problem.flux_quanta[:2]):
            for axis in (0, 1):
                lines = self._filled(axis)
                for count in dict.fromkeys([len(lines), len(lines) // 2]):
                    if count > 1:
                        yield from self._proposal(lines[:count], none)
            yield from self.flat.first(None, random_starts, rng)
            return
        for sector in self.sectors or [self.problem.flux_quanta[2]]:
            for _ in range(random_starts + RANDOM):
                yield Proposal(sector, "random", None)

    def around(self, state: State, rng: np.random.Generator) -> Iterator[Proposal]:
        """A line, a pair or a loop more or less than in this state; then straight lines in those numbers."""
        held = self.holes.windings(state)
        lines = [line for line in whole_lines(state) if self._threads(line)]
        yield from self._neighbours(lines, held)
        columns = [column for column in columns_of(state) if column[2]]
        across = any(any(turns[:2]) for turns in turns_of(state))
        if len(columns) > 1 and not across and not any(self.problem.flux_quanta[:2]):
            yield from self.flat.rearranged(columns, held, rng)

    def _neighbours(self, lines: Lines, held: Held) -> Iterator[Proposal]:
        winding = self._winding([*lines, *self._tubes(held)])
        field = London(self.problem).line_landscape(winding)
        near = self._near(winding)
        plus, minus = (self._bent(field, near, w) for w in (1, -1))
        changes = [[*lines, plus], [*lines, minus], [*lines, plus, minus]]
        changes += [[*lines, loop] for loop in self._loop(field, near)]
        loops = [line for line in lines if not any(self._turns(line))][-1:]  # the shortest
        worst = self._worst(lines, winding, 2)
        gone = [[line] for line in worst + loops] + ([worst] if len(worst) == 2 else [])
        for axis in (0, 1):
            changes += [[*lines, line] for line in self._across(winding, axis)]
            gone += [[line] for line in self._worst(lines, winding, axis)]
        changes += [[line for line in lines if line not in without] for without in gone]
        for _, held_then in self.holes.neighbours(held, self._at_holes(field)):
            yield from self._proposal(lines, held_then)
        for change in changes:
            yield from self._proposal(change, held)

    def _proposal(self, lines: Lines, held: Held) -> Iterator[Proposal]:
        """If lines along every axis carry the flux of the problem there, or of an allowed sector."""
        placed = [*lines, *self._tubes(held)]
        turns = [self._turns(line) for line in placed]
        *across, sector = np.sum(turns, axis=0).tolist() if turns else [0, 0, 0]
        sector = sector if self.flat.problem.quantised else 0
        if not self._fits(across) or not (self.sectors is None or sector in self.sectors):
            return
        own = [self._turns(line) for line in lines]
        label = label_of([(0.0, 0.0, turn[2]) for turn in own if turn[2] or not any(turn)], held)
        along = {name: sum(abs(turn[a]) for turn in own if not turn[2]) for a, name in ((0, "x"), (1, "y"))}
        label += "".join(f", {count} along {name}" for name, count in along.items() if count)
        closed = sum(not any(turn) for turn in own)
        yield Proposal(sector, f"{label}, {closed} loops" if closed else label, placed)

    def _turns(self, line: VortexLine) -> tuple[int, ...]:
        return tuple(line_turns(line, self.problem.grid).tolist())

    def _tubes(self, held: Held) -> Lines:
        """Lines through the middle of the holes, for the flux they hold."""
        height, wraps = self.problem.grid.extent[2], self.problem.grid.periodic_axes[2]
        full = self.holes.holding(held)
        return [VortexLine(np.array([(x, y, 0.0), (x, y, height)]), n, closed=wraps) for x, y, n in full]

    def _at_holes(self, field: Array) -> list[float]:
        """Mean over the layers of the field in the middle of each hole."""
        spots = (np.array(self.holes.places).reshape(-1, 2) / self.problem.grid.spacing - 0.5).astype(int)
        return [float(field[i, j].mean()) for i, j in spots]

    def _filled(self, axis: int) -> Lines:
        """Straight lines along x or y, one after the other while that pays."""
        lines: Lines = []
        for _ in range(MOST):
            more = list(self._across(self._winding(lines), axis))
            if not more:
                break
            lines += more
        return lines

    def _across(self, winding: NDArray[np.int64], axis: int) -> Iterator[VortexLine]:
        """A straight line along x or y where London says, if it would pay for a logarithm of 1."""
        grid, problem = self.problem.grid, self.problem
        one = [int(a == axis) for a in range(2)]
        if not self._fits([n + int(winding[a].sum()) // grid.shape[a] for a, n in enumerate(one)]):
            return
        spanned = normals(grid)[axis]
        field = London(problem).line_landscape(winding, axis).mean(axis=axis)
        taken = winding[axis].any(axis=axis)
        if problem.mask is not None:
            taken |= problem.mask.mean(axis=axis) < 0.5
        near = _widened(grid, taken, sorted(spanned))
        field = np.where(near, 0.0, field)
        i, j = np.unravel_index(np.argmax(np.abs(field)), field.shape)
        own = 2 * math.pi * math.prod(problem.masses[a] for a in spanned) ** 0.5
        if abs(field[i, j]) > own:
            ends = np.zeros((2, 3))
            ends[:, sorted(spanned)] = [
                (n + 1) * grid.spacings[a] for n, a in zip((i, j), sorted(spanned), strict=True)
            ]
            ends[1, axis] = grid.extent[axis]
            yield VortexLine(ends, -int(np.sign(field[i, j])), closed=grid.periodic_axes[axis])

    def _worst(self, lines: Lines, winding: NDArray[np.int64], axis: int) -> Lines:
        """Of the lines along an axis the positive and the negative one that cost most beside the others."""
        own = [[line for line in lines if w * self._turns(line)[axis] > 0] for w in (1, -1)]
        if not any(own):
            return []
        field = London(self.problem).line_landscape(winding, axis)
        return [max(some, key=lambda line: self._along(field, line, axis)) for some in own if some]

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

    def _near(self, winding: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Plaquettes of the layers too near to these lines."""
        return _widened(self.problem.grid, winding[2] != 0, [0, 1])

    def _along(self, field: Array, line: VortexLine, axis: int) -> float:
        """Mean energy of a line along an axis in the field on plaquettes across it, with its sign."""
        grid = self.problem.grid
        at = [np.floor(line.points[:, a] / h - 0.5 * (a != axis)).astype(int) % n
              for a, (h, n) in enumerate(zip(grid.spacings, grid.shape, strict=True))]  # fmt: skip
        return float(np.sign(self._turns(line)[axis]) * field[tuple(at)].mean())

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


def _widened(grid: Grid, found: NDArray[np.bool_], axes: list[int]) -> NDArray[np.bool_]:
    """All that is nearer than APART along these axes of the grid, the first of the array, and what does not exist."""
    for n, axis in enumerate(axes):
        wraps = grid.periodic_axes[axis]
        reach = 2 * math.ceil(APART / grid.spacings[axis]) + 1
        found = maximum_filter1d(found, reach, n, mode="wrap" if wraps else "nearest")
    for n, axis in enumerate(axes):
        if not grid.periodic_axes[axis]:
            np.moveaxis(found, n, 0)[-1] = True  # no plaquette
    return np.asarray(found)
