"""The vortex gas: vortices of either sign on the plaquettes of a grid, with their energies in the London limit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError, require
from ...numerics.grid import Grid
from ..london import London
from ..problem import GinzburgLandau
from ..state import State
from .core import core_energy
from .interaction import core_radius, interaction_table
from .moves import add_charge

__all__ = ["Configuration", "VortexGas"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
FEW = 32  # vortices whose potentials are added one by one
OnPlaces = Callable[[Array, Array], ArrayLike] | ArrayLike


@dataclass(frozen=True, eq=False)
class Configuration:
    """Vortices at ``x``, ``y`` (ξ) with ``winding`` ±1, and their energy relative to no vortices."""

    x: Array
    y: Array
    winding: Ints
    energy: float

    @property
    def net(self) -> int:
        """Sum of the windings: the flux sector of a periodic cell."""
        return int(self.winding.sum())

    @property
    def vortices(self) -> list[tuple[float, float, int]]:
        """``(x, y, winding)`` of each, as `minimise` takes them."""
        return list(zip(self.x.tolist(), self.y.tolist(), self.winding.tolist(), strict=True))

    def __len__(self) -> int:
        return self.winding.size

    def __repr__(self) -> str:
        plus = int((self.winding > 0).sum())
        return f"Configuration({plus} positive, {len(self) - plus} negative, energy={self.energy:.6g})"


@dataclass(frozen=True, eq=False)
class VortexGas:
    """Vortices of winding ±1 on the plaquettes of ``grid``, at most one on each, with the energy

        E = ½ Σ_ij w_i w_j U(r_i, r_j) + Σ_i [w_i V(r_i) + C(r_i)]

    relative to the state without vortices, in Φ0²/8π²μ0λ² per length: `interaction_table` for U (images behind
    open surfaces included, ½U = ε1 far from everything), V the landscape, C the core energy.

    Parameters
    ----------
    grid : whose plaquette centres are the places; lengths in ξ.
    kappa : λ/ξ; ``math.inf`` makes the interaction logarithmic.
    landscape : V, the energy of a positive vortex due to pseudo-gauge field and applied field: a number, an
        array of ``grid.plaquette_shape`` or a function of coordinate arrays.
    core : C, a change of the core energy of either sign (negative where ψ is weak); +inf forbids a place.
    pearl_length : Λ/ξ = 2λ²/dξ for a film; ``kappa`` is then not used.
    net : the sum of the windings if it is fixed (needed where the field cannot change), else None.
    exclusion : cores are kept this far apart (ξ): nearer, a pair is no state of its own in Ginzburg-Landau theory,
        and a lattice at H_c2 has 2.69 ξ. 0 forbids only two vortices on one place.

    Raises
    ------
    InputError : for NaN, shapes that do not fit, a missing or impossible ``net``.

    >>> gas = VortexGas(Grid((32, 32), 1.0), kappa=10.0, landscape=-30.0)
    >>> gas.energy([(8.0, 8.0, 1)]) == gas.energy([(24.0, 16.0, 1)]) < 0
    True
    """

    grid: Grid
    kappa: float
    landscape: OnPlaces = 0.0
    core: OnPlaces = 0.0
    pearl_length: float | None = None
    net: int | None = None
    exclusion: float = 2.0
    values: tuple[Array, Array] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        require(
            isinstance(self.grid, Grid) and self.grid.ndim == 2, "grid", self.grid, "a two-dimensional Grid"
        )
        number = isinstance(self.kappa, (int, float, np.number))
        require(number and self.kappa > 0, "kappa", self.kappa, "a positive number, or math.inf")
        length = self.pearl_length
        good = length is None or 0 < length < math.inf
        require(good, "pearl_length", length, "positive and finite, or None")
        require(0 <= self.exclusion < math.inf, "exclusion", self.exclusion, "a length in ξ, at least 0")
        free = self.grid.fully_periodic and (length is not None or math.isinf(self.kappa))
        fix = "with κ = ∞, or in a film, a periodic cell holds the flux it was given: set net"
        require(not free or self.net is not None, "net", self.net, "an integer", fix)
        most = self.grid.size // 4
        require(
            self.net is None or abs(self.net) <= most, "net", self.net, f"within ±{most}", "refine the grid"
        )
        landscape = self._on_places("landscape", self.landscape)
        core = self._on_places("core", self.core)
        require(bool(np.isfinite(landscape).all()), "landscape", "not finite everywhere", "finite")
        require(
            not (np.isnan(core) | (core == -np.inf)).any(), "core", "NaN or −inf somewhere", "finite or +inf"
        )
        object.__setattr__(self, "values", (landscape, core))

    @classmethod
    def of(
        cls,
        problem: GinzburgLandau,
        vortex_free: State | None = None,
        *,
        spacing: float = 1.0,
        ignore_edges: bool = False,
    ) -> VortexGas:
        """The gas of a Ginzburg-Landau problem, its places every n-th plaquette, at most ``spacing`` ξ apart.

        ``vortex_free``: a minimised state of the problem without vortices and flux. Then V = 4πκ²(B − H − m) of
        that state, which knows how ã suppresses ψ (not in films), and C follows from its |ψ|² (`core_energy`).
        Without it V = 4πκ²G(−∇×ã − H), C = 0. Places outside ``problem.sample`` are forbidden; edges inside the
        grid act on V in a film, but not on the interaction, and a ``stiffness`` only if it is uniform, and only on V:
        ``ignore_edges`` accepts that, for proposals.

        Raises `InputError` for an isolated film or a stiffness otherwise, and for a ``vortex_free`` that is not.

        >>> gas = VortexGas.of(GinzburgLandau(Grid((64, 64), 0.5), kappa=5.0, applied_field=0.2))
        >>> gas.grid.spacing, gas.grid.shape
        (1.0, (32, 32))
        """
        require(problem.grid.ndim == 2, "problem.grid", problem.grid.shape, "two-dimensional")
        film = problem.pearl_length is not None
        isolated = film and not problem.quantised
        fix = "edges of a film are not in its interaction: accept that with ignore_edges=True"
        require(
            ignore_edges or not isolated, "problem.sample", "a film beside vacuum", "a film without end", fix
        )
        fix = "accept vortices that interact as in the bulk with ignore_edges=True"
        bulk = np.ndim(problem.stiffness) == 0 and problem.stiffness == 1
        require(ignore_edges or bulk, "problem.stiffness", "not that of the bulk", "uniform, 1", fix)
        nx, ny = problem.grid.plaquette_shape
        landscape, core = London(problem).landscape[:nx, :ny], np.zeros((nx, ny))
        if vortex_free is not None:
            clean = len(vortex_free.vortices) == 0 and vortex_free.problem.flux_quanta == 0
            require(clean, "vortex_free", vortex_free, "a state without vortices and flux")
            core = core_energy(vortex_free)
            if not film and not problem.frozen_field:
                excess = vortex_free.magnetic_field - problem.field_source[:nx, :ny] / problem.grid.cell
                landscape = 4 * math.pi * problem.kappa**2 * excess
        if problem.mask is not None:
            m = problem.mask
            whole = m & np.roll(m, -1, 0) & np.roll(m, -1, 1) & np.roll(m, (-1, -1), (0, 1))
            core = np.where(whole[:nx, :ny], core, np.inf)
        step = _step(problem.grid, spacing)
        shape, wraps = tuple(n // step for n in problem.grid.shape), problem.grid.periodic_axes
        # the flux of an isolated film is free: images behind the cell's surface stand for the vacuum around it
        grid = Grid(shape, step * problem.grid.spacing, False if isolated else wraps)
        nx, ny = grid.plaquette_shape
        landscape, core = (a[step - 1 :: step, step - 1 :: step][:nx, :ny] for a in (landscape, core))
        net = problem.flux_quanta if grid.fully_periodic and (film or problem.frozen_field) else None
        return cls(grid, math.inf if film else problem.kappa, landscape, core, problem.pearl_length, net)

    @cached_property
    def table(self) -> Array:
        """U of `interaction_table`."""
        radius = core_radius(math.inf if self.pearl_length is not None else self.kappa)
        return interaction_table(self.grid, self.kappa, self.pearl_length, radius)

    @cached_property
    def mirrors(self) -> Ints:
        """1 for an open axis, with images behind its surfaces, else 0."""
        return np.array([0 if wraps else 1 for wraps in self.grid.periodic_axes], dtype=np.int64)

    @property
    def images(self) -> Ints:
        """`mirrors` as `interaction` takes them for all places."""
        return 2 * self.mirrors

    @cached_property
    def overlapping(self) -> Ints:
        """Steps (i, j), (0, 0) among them, at which two vortices are nearer than ``exclusion``."""
        most = math.ceil(self.exclusion / self.grid.spacing)
        steps = np.mgrid[-most : most + 1, -most : most + 1].reshape(2, -1).T
        square = (steps**2).sum(axis=1) * self.grid.cell
        return np.ascontiguousarray(steps[(square == 0) | (square < self.exclusion**2 - 1e-9)])

    @cached_property
    def own_energy(self) -> Array:
        """½U(r, r) on all places: the line energy, less what the images behind open surfaces take off."""
        (nx, ny), table = self.grid.plaquette_shape, self.table
        across = 2 * np.arange(1, nx + 1)[:, None] % table.shape[0]
        along = 2 * np.arange(1, ny + 1) % table.shape[1]
        own = np.full((nx, ny), table[0, 0])
        if self.mirrors[0]:
            own -= table[across, 0]
        if self.mirrors[1]:
            own -= table[0, along]
        if self.mirrors.all():
            own += table[across, along]
        return 0.5 * own

    def energy(self, vortices: Sequence[tuple[float, float, int]]) -> float:
        """Energy of vortices ``(x, y, winding)``, each on the place nearest to it, relative to none.

        Vortices may be nearer to each other than ``exclusion``, which only walks obey.
        Raises `InputError` for a vortex outside an open sample or NaN, and for windings other than ±1.
        """
        for *_, w in vortices:
            require(
                w in (1, -1),
                "vortices",
                f"a winding of {w}",
                "windings of 1 or −1",
                "give a place twice for two turns",
            )
        places = [self.place(x, y) for x, y, _ in vortices]
        windings = [w for *_, w in vortices]
        return self.energy_of(self.winding_field(places, windings))

    def energy_of(self, winding: Ints) -> float:
        """Energy of integer windings on the places, shape ``grid.plaquette_shape``; see `energy`."""
        landscape, core = self.values
        occupied = winding != 0
        turns = winding[occupied].astype(float)
        if not turns.size:
            return 0.0
        interacting = 0.5 * turns @ self.potential_of(winding)[occupied]
        return float(interacting + turns @ landscape[occupied] + np.abs(turns) @ core[occupied])

    def potential_of(self, winding: Ints) -> Array:
        """Σ_j w_j U(r, r_j) on all places: row by row, or for many vortices by FFT."""
        places = np.flatnonzero(winding)
        if places.size <= FEW:
            potential = np.zeros(self.grid.plaquette_shape)
            for place in places.tolist():
                add_charge(self.table, self.images, potential, place, float(winding.flat[place]))
            return potential
        # on an open axis place i is at i + 1 of the doubled cell, and its image at −(i + 1)
        inside = tuple(slice(m, m + n) for m, n in zip(self.mirrors, winding.shape, strict=True))
        charges = np.zeros(self.table.shape)
        charges[inside] = winding
        for axis in np.flatnonzero(self.mirrors).tolist():
            charges -= np.roll(np.flip(charges, axis), 1, axis)
        found = np.fft.irfft2(np.fft.rfft2(charges) * np.fft.rfft2(self.table), s=self.table.shape)
        return np.ascontiguousarray(found[inside])

    def place(self, x: float, y: float) -> int:
        """Number of the place nearest to (x, y)."""
        numbers = []
        for c, n, length, wraps in zip(
            (x, y), self.grid.plaquette_shape, self.grid.extent, self.grid.periodic_axes, strict=True
        ):
            inside = math.isfinite(c) and (wraps or 0 <= c <= length)
            require(inside, "vortices", f"a vortex at ({x}, {y})", f"inside the domain {self.grid.extent}")
            nearest = round(c / self.grid.spacing) - 1
            numbers.append(nearest % n if wraps else min(max(nearest, 0), n - 1))
        return numbers[0] * self.grid.plaquette_shape[1] + numbers[1]

    def winding_field(self, places: Sequence[int] | Ints, windings: Sequence[int] | Ints) -> Ints:
        """Windings on all places, from a list."""
        field = np.zeros(self.grid.plaquette_shape, dtype=np.int64)
        np.add.at(field.reshape(-1), np.asarray(places, dtype=np.int64), np.asarray(windings, dtype=np.int64))
        return field

    def cover(self, near: Ints, place: int, count: int) -> None:
        """Add ``count`` to ``near`` wherever a vortex would overlap with one at ``place``."""
        where = []
        for axis, (c, n) in enumerate(zip(np.unravel_index(place, near.shape), near.shape, strict=True)):
            steps = c + self.overlapping[:, axis]
            where.append(np.where((steps < 0) | (steps >= n), -1, steps) if self.mirrors[axis] else steps % n)
        inside = (where[0] >= 0) & (where[1] >= 0)
        np.add.at(near, (where[0][inside], where[1][inside]), count)

    def crowded(self, winding: Ints) -> NDArray[np.bool_]:
        """The places where another vortex would overlap with these."""
        near = np.zeros(winding.shape, dtype=np.int64)
        for place in np.flatnonzero(winding).tolist():
            self.cover(near, place, 1)
        return near > 0

    def configuration(self, winding: Ints) -> Configuration:
        """Windings on all places as a list of vortices with their energy."""
        x, y = self.grid.plaquettes
        occupied = winding != 0
        return Configuration(x[occupied], y[occupied], winding[occupied], self.energy_of(winding))

    def _on_places(self, name: str, given: OnPlaces) -> Array:
        shape = self.grid.plaquette_shape
        values = given(*self.grid.plaquettes) if callable(given) else given
        try:
            return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=float), shape))
        except (TypeError, ValueError):
            raise InputError(name, f"of shape {np.shape(values)}", f"numbers of shape {shape}") from None


def _step(grid: Grid, spacing: float) -> int:
    """The largest coarsening of the places that divides the grid."""
    require(spacing > 0, "spacing", spacing, "a positive number")
    limit = max(1, math.floor(spacing / grid.spacing + 1e-9))
    return max(
        n for n in range(1, limit + 1) if all(m % n == 0 and m // n >= 2 for m in grid.shape) or n == 1
    )
