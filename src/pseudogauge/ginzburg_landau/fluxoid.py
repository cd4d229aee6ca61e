"""The fluxoid of a loop: whole turns, made of true flux, pseudo-flux and current."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..errors import require
from .state import State
from .vortices import NORMAL

__all__ = ["Fluxoid", "fluxoid"]


class Fluxoid(NamedTuple):
    """Parts of the fluxoid in Φ0: ``winding`` = ``flux`` + ``pseudo`` + ``current``, an integer to rounding."""

    winding: int
    flux: float  # ∫B inside the loop
    pseudo: float  # ∮ã
    current: float  # −∮(∇θ + A + ã), which is ∮ j/|ψ|²


def fluxoid(state: State, x: tuple[float, float], y: tuple[float, float], z: float | None = None) -> Fluxoid:
    """The fluxoid of the rectangular loop through the sites nearest to the corners (x0, y0) and (x1, y1).

    London's fluxoid with a pseudo-gauge field, ∫B + ∮ã − ∮(∇θ + A + ã) = 2π × winding.  The loop must run
    through superconductor; holes and vortices inside it are what it counts.  In a layered crystal it lies in the
    layer nearest to z.

    Raises
    ------
    InputError : for a loop that leaves the domain, has no interior, or touches sites where ψ = 0.

    >>> from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
    >>> state = minimise(GinzburgLandau(Grid((32, 32), 0.5), kappa=2.0, flux_quanta=1), start=[(8.0, 8.0, 1)])
    >>> loop = fluxoid(state, x=(2.0, 14.0), y=(2.0, 14.0))
    >>> loop.winding, round(loop.flux, 2), round(loop.flux + loop.pseudo + loop.current, 9)
    (1, 0.91, 1.0)
    """
    require(isinstance(state, State), "state", state, "a State")
    problem, grid = state.problem, state.problem.grid
    try:
        given = np.array([x, y], dtype=float).shape == (2, 2) and bool(np.isfinite([x, y]).all())
    except (TypeError, ValueError):
        given = False
    require(given, "loop", (x, y), "two pairs of numbers", "corners are (x0, x1), (y0, y1)")
    (i0, i1), (j0, j1) = ([round(c / grid.spacing - 0.5) for c in sorted(ends)] for ends in (x, y))
    fits = 0 <= i0 < i1 < grid.shape[0] and 0 <= j0 < j1 < grid.shape[1]
    require(
        fits, "loop", (x, y), f"a rectangle inside the domain {grid.extent}", "corners are (x0, x1), (y0, y1)"
    )
    psi, potential, fixed = state.order_parameter, state.vector_potential, problem.coefficients.phase
    field, pseudo_links = state.magnetic_field, problem.pseudo_links
    require(
        (z is None) == (grid.ndim == 2),
        "z",
        z,
        "the height of the loop",
        "give it for layers, and only there",
    )
    if z is not None:
        layer = round(z / grid.spacings[2] - 0.5)
        require(0 <= layer < grid.shape[2], "z", z, f"between 0 and {grid.extent[2]}")
        psi, field = psi[..., layer], field[2, ..., layer]
        potential, fixed, pseudo_links = (a[:2, ..., layer] for a in (potential, fixed, pseudo_links))
    along = np.angle(psi.conj()[None] * np.exp(1j * (potential + fixed))
                     * np.stack([np.roll(psi, -1, 0), np.roll(psi, -1, 1)]))  # fmt: skip
    rim = np.concatenate([psi[i0 : i1 + 1, [j0, j1]].ravel(), psi[[i0, i1], j0 : j1 + 1].ravel()])
    fix = "move the loop into the superconductor"
    require(bool(np.abs(rim).min() >= NORMAL), "loop", (x, y), "through sites with ψ ≠ 0", fix)

    def around(links: np.ndarray) -> float:
        total = links[0, i0:i1, j0].sum() + links[1, i1, j0:j1].sum()
        return float(total - links[0, i0:i1, j1].sum() - links[1, i0, j0:j1].sum()) / (2 * math.pi)

    flux = float(field[i0:i1, j0:j1].sum()) * grid.spacing**2 / (2 * math.pi)
    pseudo, current = around(pseudo_links), -around(along)
    return Fluxoid(round(flux + pseudo + current), flux, pseudo, current)
