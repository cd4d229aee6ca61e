"""Averages over the Brillouin zone to a tolerance: uniform grids while they converge, nested adaptive panels after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numerics.quadrature import GAUSS_WEIGHTS, KRONROD_NODES, KRONROD_WEIGHTS
from ..progress import Progress, silent

__all__ = ["ZoneAverage", "zone_average"]

Array = NDArray[np.float64]
EPS = 2.220446049250313e-16
FIRST_GRID = 12
UNIFORM_LIMIT = 150_000
"""Points a uniform grid may take; nested panels need fewer where it would take more."""

RESOLVED = 3.0
"""2πnη, below which a grid of n² points is too coarse to be believed."""

CAUTION = 0.6, 2.0
"""Part of the known exponent that errors are taken to decay with, and a factor on what it gives."""


@dataclass(frozen=True)
class ZoneAverage:
    """Mean of a vector of functions over the zone, (c,), with error estimates (c,) that include rounding."""

    value: Array
    error: Array
    evaluations: int
    converged: bool
    method: str
    """'uniform' or 'adaptive'."""


class _Counted:
    """The integrand in chunks of bounded size; small ones stay in the cache. Tells how much of the budget is used."""

    def __init__(
        self, function: Callable[[Array], Array], chunk: int, budget: int, progress: Progress
    ) -> None:
        self._function, self._chunk = function, chunk
        self._budget, self._progress = budget, progress
        self.evaluations = 0

    def __call__(self, s: Array) -> Array:
        self.evaluations += len(s)
        self._progress(min(self.evaluations / self._budget, 1.0), "momenta, of those allowed")
        return np.concatenate(
            [self._function(s[i : i + self._chunk]) for i in range(0, len(s), self._chunk)], axis=1
        )


def zone_average(
    function: Callable[[Array], Array],
    tolerance: Array,
    max_evaluations: int = 5_000_000,
    chunk: int = 256,
    strip: Callable[[], float] | None = None,
    guides: int = 0,
    progress: Progress = silent,
) -> ZoneAverage:
    """∫₀¹∫₀¹ d²s f(s) for periodic f with f(−s) = f(s), s in units of the reciprocal lattice vectors.

    ``function`` maps s (m, 2) to (c, m); ``tolerance`` (c,) is absolute. An analytic periodic integrand makes
    the trapezoidal rule converge geometrically (Trefethen and Weideman, SIAM Rev. 56, 385 (2014)), so grids
    are refined by √2 as long as that can end soon. A narrow feature (small Δ and T) needs too many points:
    then Gauss-Kronrod panels, bisected along s₁ inside panels along s₂, take a number that grows like
    the square of the logarithm of its width. ``strip`` is asked after each grid for the half width η, in s, of the
    strip in which f is known to be analytic by then (|Im s| < η): errors decay at least as fast as it says, and
    grids too coarse for it are not believed however well they agree. The
    last ``guides`` components only steer the panels: uniform grids need not converge in them.

    >>> result = zone_average(lambda s: 1 / (1.1 - np.cos(2 * np.pi * s[:, 0]))[None], np.array([1e-10]))
    >>> bool(abs(result.value[0] - 1 / np.sqrt(0.21)) < result.error[0] < 1e-10)
    True
    """
    counted = _Counted(function, chunk, max_evaluations, progress)
    wanted = np.where(np.arange(len(tolerance)) < len(tolerance) - guides, tolerance, np.inf)
    uniform = _uniform(counted, wanted, min(max_evaluations, UNIFORM_LIMIT), strip)
    if uniform.converged or counted.evaluations >= max_evaluations:
        return uniform
    try:
        adaptive = _adaptive(counted, tolerance, max_evaluations)
    except _OutOfBudgetError:
        return ZoneAverage(uniform.value, uniform.error, counted.evaluations, False, uniform.method)
    worse = float(np.max(uniform.error / tolerance)) < float(np.max(adaptive.error / tolerance))
    return uniform if worse and not adaptive.converged else adaptive


def _subgrid(function: _Counted, n: int, shift: tuple[float, float]) -> tuple[Array, Array]:
    """Mean of f and of |f| over an n × n grid shifted by a fraction of its spacing, half of it by symmetry."""
    rows = (np.arange(n // 2 + (shift[0] == 0.0)) + shift[0]) / n
    columns = (np.arange(n) + shift[1]) / n
    weights = np.full(len(rows), 2.0)
    if shift[0] == 0.0:
        weights[[0, -1]] = 1.0
    total = size = 0.0
    step = max(1, 65536 // n)
    for i in range(0, len(rows), step):
        part = rows[i : i + step]
        s = np.stack([np.repeat(part, n), np.tile(columns, len(part))], axis=-1)
        values, w = function(s), np.repeat(weights[i : i + step], n)
        total, size = total + values @ w, size + np.abs(values) @ w
    return np.asarray(total) / n**2, np.asarray(size) / n**2


def _uniform(
    function: _Counted, tolerance: Array, limit: int, strip: Callable[[], float] | None
) -> ZoneAverage:
    """Grids Z², Z² ∪ (Z² + (½,½)), (Z/2)², … : each level takes over all points of the one before.

    The difference of level k and level k − 2, of the same shape and half as fine, is the error of level k − 2. Errors
    oscillate with n and are small by accident, so of three successive differences the largest counts, after
    each has decayed as e^(−2πηn) from its grid to the present one, η the half width of the strip; no rate is
    inferred from the differences.
    """
    n = FIRST_GRID
    mean, size = _subgrid(function, n, (0.0, 0.0))
    levels, jumps = [mean], list[Array]()
    while True:
        if len(levels) % 2:
            fresh, more = _subgrid(function, n, (0.5, 0.5))
        else:
            parts = [_subgrid(function, n, shift) for shift in ((0.5, 0.0), (0.0, 0.5))]
            fresh, more = (0.5 * (a + b) for a, b in zip(*parts, strict=True))
            n *= 2
        levels.append(0.5 * (levels[-1] + fresh))
        size = 0.5 * (size + more)
        rounding = 8 * EPS * size
        if len(levels) < 3:
            continue
        jumps.append(np.abs(levels[-1] - levels[-3]))
        if len(jumps) < 3:
            continue
        fineness = FIRST_GRID * 2 ** (0.5 * (len(levels) - 1))  # n² points
        width = strip() if strip is not None else np.inf
        decays = _decay(fineness, width if strip is not None else 0.0)
        error = np.max([d * jump for d, jump in zip(decays, jumps[-3:], strict=True)], axis=0) + rounding
        resolved = 2 * np.pi * n * width >= RESOLVED
        done = resolved and bool(np.all(error <= np.maximum(tolerance, 2 * rounding)))
        missing = float(np.log(np.max(error / np.maximum(tolerance, 2 * rounding))))
        needed = max(RESOLVED, 2 * np.pi * n * width + missing)
        hopeless = (
            needed**2 > 2 * limit * (2 * np.pi * width) ** 2
        )  # always, if a level is met at zero at T = 0
        if done or hopeless or 2 * function.evaluations > limit:
            return ZoneAverage(levels[-1], error, function.evaluations, done, "uniform")


def _decay(n: float, width: float) -> Array:
    """What is left on n² points of the errors of grids of n/4, n/2√2 and n/2 points each way.

    ``width`` was met at a grid point, up to 1/n√2 beside the closest singularity.
    """
    share, factor = CAUTION
    sure = np.sqrt(max(width**2 - 0.5 / n**2, 0.0))
    coarser = n * np.array([0.25, 8**-0.5, 0.5])
    return np.asarray(np.minimum(1.0, factor * np.exp(-2 * np.pi * share * sure * (n - coarser))))


class _OutOfBudgetError(Exception):
    """More evaluations than allowed."""


def _adaptive(function: _Counted, tolerance: Array, max_evaluations: int) -> ZoneAverage:
    """Panels along s₂ ∈ [0, ½], and along s₁ ∈ [0, 1] at each of their nodes."""
    inner_error = np.zeros(len(tolerance))

    def across(s2: Array, _: NDArray[np.intp]) -> Array:
        return np.concatenate([along(part) for part in np.split(s2, len(s2))], axis=1)

    def along(s2: Array) -> Array:
        def samples(s1: Array, line: NDArray[np.intp]) -> Array:
            if function.evaluations > max_evaluations:
                raise _OutOfBudgetError
            fixed = np.broadcast_to(s2.ravel()[line][:, None], s1.shape)
            flat = function(np.stack([s1, fixed], axis=-1).reshape(-1, 2))
            return flat.reshape(len(tolerance), *s1.shape)

        value, error = _panels(samples, s2.size, 1.0, 0.2 * tolerance)
        inner_error[:] = np.maximum(inner_error, error.max(axis=1))
        return value.reshape(len(tolerance), *s2.shape)

    value, error = _panels(across, 1, 0.5, 0.3 * tolerance)
    total = 2 * error[:, 0] + inner_error
    done = bool(np.all(total <= tolerance))
    return ZoneAverage(2 * value[:, 0], total, function.evaluations, done, "adaptive")


def _panels(
    function: Callable[[Array, NDArray[np.intp]], Array], lines: int, length: float, tolerance: Array
) -> tuple[Array, Array]:
    """∫₀^length of vector functions on many lines together, by bisection; values and errors (c, lines).

    ``function`` takes points (panels, 21) and the line of each panel, and returns (c, panels, 21).
    """
    first = 4
    line = np.repeat(np.arange(lines), first)
    width = np.full(first * lines, length / first)
    left = np.tile(np.arange(first) * length / first, lines)
    value, error = np.zeros((len(tolerance), lines)), np.zeros((len(tolerance), lines))
    while len(line):
        half = 0.5 * width
        samples = function(left[:, None] + half[:, None] * (1 + KRONROD_NODES), line)
        kronrod, gauss = half * (samples @ KRONROD_WEIGHTS), half * (samples @ GAUSS_WEIGHTS)
        mean = (kronrod / width)[..., None]
        spread = half * (np.abs(samples - mean) @ KRONROD_WEIGHTS)
        delta, rounding = np.abs(kronrod - gauss), 4 * EPS * half * (np.abs(samples) @ KRONROD_WEIGHTS)
        # QUADPACK's estimate: the Kronrod rule errs like the 3/2 power of the difference
        sharp = np.minimum(delta, np.minimum(1.0, 200 * delta / np.maximum(spread, 1e-300)) ** 1.5 * spread)
        share = tolerance[:, None] * np.maximum(width / length, 1 / 64)
        good = np.all(sharp <= np.maximum(share, 4 * rounding), axis=0) | (width < 1e-13 * length)
        for row, contribution in ((value, kronrod), (error, sharp + rounding)):
            np.add.at(row.T, line[good], contribution[:, good].T)
        left, width, line = left[~good], half[~good], line[~good]
        left, width, line = np.concatenate([left, left + width]), np.tile(width, 2), np.tile(line, 2)
    return value, error
