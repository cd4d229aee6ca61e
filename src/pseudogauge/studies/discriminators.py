"""What an experiment can measure to tell the vortex phases apart: correlations, flux images, depinning, reversal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..ginzburg_landau import Evolution, Grid, State, evolve
from ..magnetometry import SquidLoop, squid_image, stray_field

__all__ = [
    "Depinning",
    "FluxStatistics",
    "PairCorrelation",
    "depinning_current",
    "flux_image",
    "flux_statistics",
    "pair_correlation",
    "time_reversed",
]

Floats = NDArray[np.float64]
SMALLEST = 0.02
"""Share of the first current tried below which a state counts as not pinned at all."""
CHECKS = 20
"""How often the vortices are looked at while a current flows."""


class PairCorrelation(NamedTuple):
    """g(r) of vortices round the centres of inclusions: mid-points of the bins (ξ), g, its standard error."""

    r: Floats
    g: Floats
    error: Floats


def pair_correlation(
    points: Sequence[ArrayLike], centres: ArrayLike, grid: Grid, edges: ArrayLike
) -> PairCorrelation:
    """Vortex–inclusion pair correlation of an ensemble, 1 for points at random in the sample.

    g = (share of the vortex–centre distances in a bin) / (the same share for all plaquettes of the grid), which
    holds for any shape of the sample, near its surfaces and in periodic cells (nearest image).

    Parameters
    ----------
    points : for each run an array (V, 2) of vortex positions, V = 0 allowed.
    centres : (N, 2) of the inclusions.
    edges : of the bins, rising.

    The error is that of the mean over runs (jackknife); NaN for a single run. Raises `InputError` if no run has a
    vortex, or a bin holds no plaquette.

    >>> grid, rng = Grid((40, 40), 1.0), np.random.default_rng(0)
    >>> found = pair_correlation(rng.uniform(0, 40, (30, 50, 2)), [(20, 20)], grid, [0, 6, 12, 18])
    >>> bool(np.all(np.abs(found.g - 1) < 3 * found.error))
    True
    """
    bins = np.asarray(edges, dtype=float)
    rising = bins.ndim == 1 and bins.size > 1 and bool(np.all(np.diff(bins) > 0))
    require(rising, "edges", edges, "rising numbers")
    places = np.stack([c.ravel() for c in np.broadcast_arrays(*grid.plaquettes)], axis=-1)
    everywhere = _histogram(places, centres, grid, bins) / len(places)
    require(bool(np.all(everywhere > 0)), "edges", edges, "bins that hold a plaquette", "take wider bins")
    runs = [np.asarray(p, dtype=float).reshape(-1, 2) for p in points]
    hits = np.array([_histogram(p, centres, grid, bins) for p in runs])
    sizes = np.array([len(p) for p in runs], dtype=float)
    require(bool(sizes.sum() > 0), "points", "empty", "at least one vortex in one run")
    g = hits.sum(axis=0) / sizes.sum() / everywhere
    with np.errstate(invalid="ignore", divide="ignore"):
        without = (hits.sum(axis=0) - hits) / (sizes.sum() - sizes)[:, None] / everywhere
        spread = np.sqrt((len(runs) - 1) * np.mean((without - without.mean(axis=0)) ** 2, axis=0))
    error = spread if len(runs) > 1 else np.full_like(g, np.nan)
    return PairCorrelation(0.5 * (bins[1:] + bins[:-1]), g, error)


def _histogram(points: Floats, centres: ArrayLike, grid: Grid, bins: Floats) -> Floats:
    apart = points[:, None] - np.asarray(centres, dtype=float).reshape(-1, 2)
    wraps = np.asarray(grid.periodic_axes)
    apart -= np.where(wraps, np.round(apart / grid.extent) * grid.extent, 0.0)
    return np.histogram(np.hypot(apart[..., 0], apart[..., 1]), bins)[0].astype(float)


def flux_image(state: State, height: float, radius: float, thickness: float = math.inf) -> Floats:
    """Flux in Φ0 through a loop (radius, height above the sample's surface, in ξ) centred at each plaquette.

    The field of the currents, and of the moments that the problem holds as magnetisation. ``thickness`` in ξ.
    """
    grid, kappa = state.problem.grid, state.problem.kappa
    plane = {"periodic": grid.periodic_axes, "outside": state.problem.applied_field}
    field = stray_field(state.magnetic_field, grid.spacing, height, kappa, thickness=thickness, **plane)
    image = squid_image(field, grid.spacing, SquidLoop(radius), **plane)
    return np.asarray(image / (2 * math.pi))


class FluxStatistics(NamedTuple):
    """Distribution of the values of an image: mean, standard deviation, skewness, extremes."""

    mean: float
    deviation: float
    skewness: float
    lowest: float
    highest: float


def flux_statistics(image: ArrayLike) -> FluxStatistics:
    """Moments of the pixels of an image; skewness ⟨(Φ − ⟨Φ⟩)³⟩/σ³, whose sign is that of the rare bright spots.

    >>> spots = np.zeros((10, 10))
    >>> spots[::5, ::5] = -1.0
    >>> flux_statistics(spots).skewness < 0, flux_statistics(-spots).skewness > 0
    (True, True)
    """
    values = np.asarray(image, dtype=float)
    require(bool(np.isfinite(values).all()), "image", "not finite everywhere", "finite")
    mean, deviation = float(values.mean()), float(values.std())
    flat = deviation <= 1e-12 * float(np.abs(values).max())
    skewness = 0.0 if flat else float(np.mean((values - mean) ** 3)) / deviation**3
    return FluxStatistics(mean, deviation, skewness, float(values.min()), float(values.max()))


def time_reversed(state: State) -> State:
    """The state after reversal of training, currents and fields: ψ*, −A in −ã, −H, −m and flux sector −N.

    Its energy is the same and its vortices have the opposite signs (docs/theory/field_cooling.md).

    >>> from pseudogauge.ginzburg_landau import GinzburgLandau, minimise
    >>> state = minimise(GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0, flux_quanta=1), rng=0)
    >>> time_reversed(state).vortices.net
    -1
    """
    problem = state.problem
    moments = None if problem.magnetisation is None else -problem.magnetisation
    opposite = replace(
        problem,
        pseudo_potential=-problem.pseudo_links,
        applied_field=-problem.applied_field,
        flux_quanta=-problem.flux_quanta,
        magnetisation=moments,
    )
    return State.of(opposite, state.order_parameter.conj(), -state.vector_potential)


@dataclass(frozen=True)
class Depinning:
    """Bracket of a depinning current, in Φ0/2πμ0λ²ξ: at rest at ``low``, moving at ``high``."""

    low: float
    high: float


def depinning_current(
    state: State, reach: float, upper: float = 0.1, tolerance: float = 0.1, duration: float = 600.0
) -> Depinning:
    """Smallest transport current along x that sets the vortices of a periodic state moving.

    Found by bisection, from ``state`` at each current: moving means that within ``duration`` (μ0σλ²) vortices were
    born, died, or went farther than ``reach`` (ξ) from every place where one of their sign was. What creeps slower
    than that counts as pinned. The search starts at ``upper`` (depairing of a clean sample: 2/3√3 = 0.385) and
    doubles it while the state is pinned; the bracket is narrower than ``tolerance`` times its upper end, or reaches
    from 0 to 2 % of ``upper``: not pinned.

    Raises `InputError` for a state that is not periodic along x.
    """
    require(state.problem.grid.periodic_axes[0], "state", "open along x", "periodic along x")
    for name, value in (("upper", upper), ("reach", reach), ("duration", duration)):
        require(0 < value < math.inf, name, value, "a positive number")
    require(0 < tolerance < 1, "tolerance", tolerance, "between 0 and 1")
    low, high = 0.0, upper
    while _pinned(state, high, reach, duration):
        low, high = high, 2 * high
    while high - low > tolerance * high and high > SMALLEST * upper:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _pinned(state, middle, reach, duration) else (low, middle)
    return Depinning(low, high)


def _pinned(state: State, current: float, reach: float, duration: float) -> bool:
    run: Evolution | None = None
    for end in np.linspace(0.0, duration, CHECKS + 1)[1:]:
        run = evolve(
            state.problem, None if run else state, end, current=(current, 0.0), tol=1e-2, rest_tol=1e-4, threads=1,
            resume=run.checkpoint if run else None,
        )  # fmt: skip
        if not _stayed(state, run.state, reach):
            return False
        if run.message.startswith("came to rest"):
            break
    return True


def _stayed(before: State, now: State, reach: float) -> bool:
    old, new, extent = before.vortices, now.vortices, np.array(before.problem.grid.extent)
    if sorted(old.winding.tolist()) != sorted(new.winding.tolist()):
        return False
    apart = np.stack([new.x[:, None] - old.x, new.y[:, None] - old.y], axis=-1)
    apart -= np.where(before.problem.grid.periodic_axes, np.round(apart / extent) * extent, 0.0)
    distance = np.hypot(apart[..., 0], apart[..., 1])
    distance[new.winding[:, None] * old.winding < 0] = np.inf
    return not new.winding.size or bool(distance.min(axis=1).max() <= reach)
