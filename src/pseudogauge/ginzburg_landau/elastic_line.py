"""One vortex line as an elastic string among inclusions: a directed path x(z) of least energy.

    E[x] = ε1 L + ∫ dz { ½ ε_l (dx/dz)² + w u(x, z) },      u = 4πκ² (h̃ − G h̃),   G = (1 − κ²∇²)⁻¹,

for a line of winding w, in the units of `GinzburgLandau`. Derivation and limits: docs/theory/lines3d.md.
The least energy over all paths on the sites of a grid is exact (dynamic programming, O(sites)); the path is
then relaxed between the sites.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft
from scipy.ndimage import map_coordinates, spline_filter
from scipy.optimize import minimize as scipy_minimize

from ..errors import InputError, require
from ..numerics.grid import Grid

__all__ = ["ElasticLine", "LineThreshold", "line_energy", "line_potential", "line_tension", "line_threshold",
           "relaxed_line"]  # fmt: skip

Floats = NDArray[np.float64]


class Magnetised(Protocol):
    """A pseudo-field: κ and h̃ at points."""

    @property
    def kappa(self) -> float: ...
    def stream(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> Floats: ...


@dataclass(frozen=True, eq=False)
class ElasticLine:
    """The path of least energy; energies in Φ0²/8π²μ0λ² times ξ, without the line's own ε1 L.

    Attributes
    ----------
    x, y, z : (Nz,) arrays, in ξ; x and y do not jump at a periodic boundary
    winding : ±1
    bending, pinning : ∫ ½ε_l(dx/dz)² dz and w∫u dz along the line
    on_sites : least energy of a closed path on the sites of the grid that was found
    lower_bound : least energy of a path on the sites that need not close: no closed path there is cheaper
    """

    x: Floats
    y: Floats
    z: Floats
    winding: int
    bending: float
    pinning: float
    on_sites: float
    lower_bound: float

    @property
    def energy(self) -> float:
        """Bending and pinning."""
        return self.bending + self.pinning

    @property
    def wander(self) -> float:
        """Root mean square distance from the mean position, in ξ."""
        return math.sqrt(float(np.var(self.x) + np.var(self.y)))


@dataclass(frozen=True, eq=False)
class LineThreshold:
    """Where a line first gains energy: ``strength`` × potential, and the line there.

    ``lowest`` is a strength below which no path on the sites gains, closed or not: the least energy is concave in
    the strength.
    """

    strength: float
    lowest: float
    line: ElasticLine


def line_energy(kappa: float) -> float:
    """ε1 = 2π(ln κ + 0.497) of a straight line along z, for κ ≫ 1 (Hu 1972)."""
    require(1 < kappa < math.inf, "kappa", kappa, "finite and above 1")
    return 2 * math.pi * (math.log(kappa) + 0.497)


def line_tension(kappa: float, anisotropy: float = 1.0, wavelength: float = math.inf) -> float:
    """ε_l of a line along z bent with this wavelength (ξ), Γ = λ_c/λ_ab; the bending energy is ½ε_l(dx/dz)².

        ε_l = 2π {ln(Γκ/√(1 + κ²k²))/Γ² + ln(1 + κ²k²)/2κ²k²},   k = 2π/wavelength

    [Blatter et al., Rev. Mod. Phys. 66, 1125 (1994)]: ε1 for a long wave in an isotropic crystal, where it is
    good to 0.003·2π; (2π/Γ²) ln(Γ/k) for waves shorter than λ, which bend softly because the line's flow
    cannot follow. Raises `InputError` where the logarithm has no meaning, k ≥ Γ.

    >>> round(line_tension(50.0), 3), round(line_tension(50.0, wavelength=40.0), 3)
    (27.722, 11.79)
    """
    require(1 < kappa < math.inf, "kappa", kappa, "finite and above 1")
    require(1 <= anisotropy < math.inf, "anisotropy", anisotropy, "λ_c/λ_ab, at least 1")
    require(wavelength > 2 * math.pi / anisotropy, "wavelength", wavelength,
            f"more than 2πξ/Γ = {2 * math.pi / anisotropy:.3g}", "its core does not bend")  # fmt: skip
    square = (2 * math.pi * kappa / wavelength) ** 2
    magnetic = math.log1p(square) / (2 * square) if square > 0 else 0.5
    josephson = math.log(anisotropy * kappa / math.sqrt(1 + square)) / anisotropy**2
    return 2 * math.pi * (josephson + magnetic)


def line_potential(field: Magnetised, grid: Grid) -> Floats:
    """u = 4πκ²(h̃ − G h̃) at the sites of a periodic grid: energy per length of a positive line, (Nx, Ny, Nz).

    >>> from pseudogauge.inclusions import balls, layered_pseudo_field
    >>> one = balls([(6, 6, 6)], 3.0, edge_width=1.0, extent=(12, 12, 12), exchange=0.01)
    >>> u = line_potential(layered_pseudo_field(one, 1.0, kappa=20.0), Grid((24, 24, 24), 0.5))
    >>> [round(float(v), 2) for v in (u[12, 12, 12], u[0, 0, 0], u.mean())]   # ball, corner, average
    [46.68, -3.22, 0.0]
    """
    require(grid.ndim == 3 and grid.fully_periodic, "grid", grid, "three-dimensional and periodic along every axis",
            "surfaces act on a line by images that this model leaves out")  # fmt: skip
    stream = np.asarray(field.stream(*grid.sites), dtype=float)
    square = sum(
        np.reshape((2 * math.pi * k / h) ** 2, [-1 if b == a else 1 for b in range(3)])
        for a, (k, h) in enumerate(
            zip((*map(fft.fftfreq, grid.shape[:2]), fft.rfftfreq(grid.shape[2])), grid.spacings, strict=True)
        )
    )
    screened = 1 - 1 / (1 + field.kappa**2 * square)
    return np.asarray(4 * math.pi * field.kappa**2 * fft.irfftn(screened * fft.rfftn(stream), s=grid.shape))


def relaxed_line(grid: Grid, potential: Floats, tension: float, winding: int = 1) -> ElasticLine:
    """The closed directed line of least energy in w × ``potential`` (Nx, Ny, Nz), on a periodic grid.

    The cheapest path through one site is exact; that site is moved until nothing improves, and
    ``lower_bound`` says how much another closed path could still gain. Then all layers relax together
    in the cubic spline of the potential.

    Raises `InputError` for a tension that is not positive, a winding other than ±1, a wrong shape, NaN.

    >>> grid = Grid((32, 32, 8), 0.25)
    >>> x, y, z = grid.sites
    >>> line = relaxed_line(grid, np.cos(2 * np.pi * (x - 3) / 8) + 0 * y, tension=1.0, winding=-1)
    >>> float(line.x.mean().round(3)), round(line.energy, 4), line.winding
    (3.0, -2.0, -1)
    """
    layers = _checked(grid, potential, tension, winding)
    lower, sites, on_sites = _on_sites(grid, layers, tension)
    path = (sites + 0.5) * grid.spacing
    path, bending, pinning = _between_sites(grid, layers, tension, path)
    z = grid.sites[2][0, 0]
    return ElasticLine(path[:, 0], path[:, 1], z, winding, bending, pinning, on_sites, lower)


def line_threshold(
    grid: Grid, potential: Floats, own_energy: float, tension: float, winding: int = 1
) -> LineThreshold:
    """The least strength at which a line gains energy: own_energy·L + min E[strength × potential] = 0.

    ``own_energy`` is ε1 per length. The least energy is concave in the strength, so Newton's iteration
    (each step a `relaxed_line`) descends to the threshold and ends when it no longer moves by 1e-6.

    Raises `InputError` if no path gains at any strength up to 10⁶ own_energy over the potential's range.

    >>> grid = Grid((16, 16, 8), 0.5)
    >>> x, y, z = grid.sites
    >>> found = line_threshold(grid, np.cos(2 * np.pi * x / 8) + 0 * y, own_energy=3.0, tension=1.0)
    >>> round(found.strength, 5), bool(found.lowest <= found.strength + 1e-9)
    (3.00019, True)
    """
    require(0 < own_energy < math.inf, "own_energy", own_energy, "positive and finite")
    layers = _checked(grid, potential, tension, winding)
    span, own = float(np.ptp(layers)), own_energy * grid.extent[2]
    strength, best = 1e6 * own_energy / span if span > 0 else 0.0, None
    while strength > 0:
        line = relaxed_line(grid, strength * potential, tension, winding)
        gain = -line.pinning / strength
        if not gain > 0:
            break
        new = (own + line.bending) / gain
        if best is not None and new >= strength * (1 - 1e-6):
            # the line before has no energy here; a new one may have relaxed into a worse place
            best = best if new > strength else line
            best = replace(best, on_sites=line.on_sites, lower_bound=line.lower_bound)
            return LineThreshold(strength, strength * min(1.0, own / -line.lower_bound), best)
        strength, best = new, replace(line, pinning=-gain * new)
    raise InputError("potential", f"one in which no line of winding {winding} gains",
                     "negative somewhere along a path", "an unbounded path needs h̃ that varies")  # fmt: skip


def _checked(grid: Grid, potential: Floats, tension: float, winding: int) -> Floats:
    """w × potential, layers first."""
    require(
        grid.ndim == 3 and grid.fully_periodic,
        "grid",
        grid,
        "three-dimensional and periodic along every axis",
    )
    require(0 < tension < math.inf, "tension", tension, "positive and finite", "see line_tension")
    require(winding in (-1, 1), "winding", winding, "+1 or −1")
    require(np.shape(potential) == grid.shape, "potential", np.shape(potential), f"of shape {grid.shape}")
    require(bool(np.isfinite(potential).all()), "potential", "not finite everywhere", "finite")
    return np.ascontiguousarray(winding * np.moveaxis(potential, 2, 0), dtype=float)


def _on_sites(grid: Grid, layers: Floats, tension: float) -> tuple[float, Floats, float]:
    """Lower bound, best closed path on the sites (Nz, 2) as site numbers, its energy."""
    lower, path = _cheapest(grid, layers, tension, None)
    count = len(layers)
    best, at = math.inf, count // 2
    while True:
        through = np.mod(path[at], grid.shape[:2]).astype(int)
        energy, rolled = _cheapest(grid, np.roll(layers, -at, axis=0), tension, (through[0], through[1]))
        if energy >= best - 1e-12 * abs(best):
            return lower, path, best
        turn = rolled[-1] - rolled[0]  # a closed path ends one period above where it begins
        path = np.concatenate([rolled[count - at : count] - turn, rolled[: count - at]])
        best, at = energy, (at + count // 2) % count


def _cheapest(
    grid: Grid, layers: Floats, tension: float, through: tuple[int, int] | None
) -> tuple[float, Floats]:
    """Cheapest open path, or the cheapest closed one through a site of layer 0 (its last point repeats it)."""
    from ._envelope import FORBIDDEN, sweep  # numba: only when needed

    count, nx, ny = layers.shape
    step = grid.spacings[2]
    cost = np.full((nx, ny), 0.0 if through is None else FORBIDDEN)
    if through is not None:
        cost[through] = 0.0
    stiffness = tension * grid.spacing**2 / (2 * step)
    cost, from_x, from_y = sweep(layers, stiffness, step, (True, True), through is not None, cost)
    end = through if through is not None else np.unravel_index(int(np.argmin(cost)), cost.shape)
    at = np.array(end, dtype=np.int64)
    path = [at]
    for n in reversed(range(count if through is not None else count - 1)):
        i, j = np.mod(at, (nx, ny))
        x = from_x[n, i, j] - i
        y = from_y[n, (i + x) % nx, j] - j
        at = at + np.array([x, y])
        path.append(at)
    return float(cost[end]), np.array(path[::-1], dtype=float)


def _between_sites(grid: Grid, layers: Floats, tension: float, path: Floats) -> tuple[Floats, float, float]:
    """Relax the path off the sites: where it ends, its bending and its pinning energy."""
    step, count = grid.spacings[2], len(layers)
    spline = spline_filter(layers, order=3, mode="grid-wrap")
    turn = np.round((path[-1] - path[0]) / grid.extent[:2]) * grid.extent[:2]
    ramp = np.arange(count)[:, None] / count * turn
    shifts = 1e-3 * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])  # in sites: gradient by differences
    # unknowns are normal modes of the string, scaled to equal stiffness
    softest = step * float(np.diff(layers, 2, axis=1).std()) / grid.spacing**2
    springs = (2 * np.sin(np.pi * np.arange(count) / count)) ** 2 + 1 / count**2
    stiffness = tension / step * springs + softest
    scale = 1 / np.sqrt(stiffness)[:, None]

    def parts(place: Floats) -> tuple[float, float, Floats]:
        bend = np.diff(np.concatenate([place, place[:1] + turn]), axis=0)
        sites = place / grid.spacing - 0.5 + shifts[:, None, :]
        layer = np.broadcast_to(np.arange(count, dtype=float), sites.shape[:2])
        where = np.stack([layer, sites[..., 0], sites[..., 1]])
        u = map_coordinates(spline, where, order=3, mode="grid-wrap", prefilter=False)
        slope = np.stack([u[1] - u[2], u[3] - u[4]], axis=1) / (2e-3 * grid.spacing)
        force = step * slope + tension / step * (np.roll(bend, 1, axis=0) - bend)
        return float(0.5 * tension / step * np.sum(bend**2)), float(step * u[0].sum()), force

    def energy(modes: Floats) -> tuple[float, Floats]:
        bending, pinning, force = parts(ramp + _hartley(scale * modes.reshape(-1, 2)))
        return bending + pinning, (scale * _hartley(force)).ravel()

    method: Any = scipy_minimize  # its overloads know no fun that returns (value, gradient) of any shape
    start = (_hartley(path - ramp) / scale).ravel()
    # of the force; the energy is good to its square
    accuracy = 1e-4 * math.sqrt(step * float(np.ptp(layers)) + tension * grid.spacing**2 / step)
    found = method(energy, start, jac=True, method="CG", options={"gtol": accuracy, "maxiter": 500})
    place = ramp + _hartley(scale * found.x.reshape(-1, 2))
    return place, *parts(place)[:2]


def _hartley(values: Floats) -> Floats:
    """Orthonormal Hartley transform along the first axis: real, its own inverse, diagonal for a ring of springs."""
    modes = fft.fft(values, axis=0, norm="ortho")
    return np.asarray(modes.real - modes.imag)
