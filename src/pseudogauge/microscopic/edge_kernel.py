"""What the exchange must do at an edge: g(q) = γ(q, −q)/γ(0), the response to 𝓔 and b_z of opposite wave vectors.

At a straight edge both vary in the same direction x, and the current along it, integrated over x, is the
component q₁ + q₂ = 0: I = −∫dq/2π γ(q, −q) w(q) b_z(−q). For g = 1 it is the local ∫γ w b_z dx; g falls where
b_z varies within the spin-orbit length 1/2mw_z (docs/theory/nonlocal.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from ..errors import require
from ..progress import Progress, silent
from ._input import finite_number, require_model
from .rashba import RashbaSuperconductor
from .second_order import gamma_q, gamma_q1q2

__all__ = ["EdgeKernel", "edge_kernel"]

Array = NDArray[np.float64]
MOST = 64
"""Tables kept; the oldest goes first."""


@dataclass(frozen=True, eq=False)
class EdgeKernel:
    """g at wave vectors qξ₀, interpolated between ``nodes``, the first of which is 0 with g = 1.

    error : estimated largest deviation from γ(q, −q)/γ(0) of the model (nan if none was compared)
    reach : qξ₀ up to which they were; beyond, g keeps its last value

    >>> edge = EdgeKernel(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.9, 0.7]), math.nan)
    >>> edge([0.0, 2.0, 9.0]).round(12)
    array([1. , 0.7, 0.7])
    """

    nodes: Array
    values: Array
    error: float

    @property
    def reach(self) -> float:
        return float(self.nodes[-1])

    def __call__(self, q: ArrayLike) -> Array:
        """g at qξ₀ ≥ 0, any shape."""
        q_even = np.concatenate([-self.nodes[:0:-1], self.nodes])
        spline = CubicSpline(q_even, np.concatenate([self.values[:0:-1], self.values]))
        return np.asarray(spline(np.minimum(np.asarray(q, dtype=float), self.reach)))

    def kept(self, overhang: float, width: float) -> float:
        """I_γ of a straight edge over its largest, γ b_z V_∥; lengths in ξ₀.

        The charge edge and that of the exchange region are error functions of the same standard deviation
        ``width``, the second lying ``overhang`` outside: ½ + ∫dq/π g(q) sin(q·overhang)/q e^(−q²width²), where
        g = 1 gives the normal distribution function Φ(overhang/√2 width).

        >>> local = EdgeKernel(np.array([0.0, 1.0, 2.0]), np.ones(3), 0.0)
        >>> round(local.kept(1.0, 0.5), 6)   # Φ(√2)
        0.92135
        """
        last = 5.5 / width
        panels = 8 + math.ceil(last * overhang / (2 * math.pi)) + math.ceil(min(last, self.reach))
        x, weight = np.polynomial.legendre.leggauss(16)
        edges = np.linspace(0, last, panels + 1)
        q = (edges[:-1, None] + 0.5 * edges[1] * (1 + x)).ravel()
        measure = np.tile(0.5 * edges[1] * weight, panels)
        return (
            0.5
            + float(measure @ (self(q) * np.sin(q * overhang) / q * np.exp(-((q * width) ** 2)))) / math.pi
        )


_TABLES: dict[tuple[RashbaSuperconductor, float, int], EdgeKernel] = {}


def edge_kernel(
    model: RashbaSuperconductor, reach: float | None = None, nodes: int = 16, progress: Progress = silent
) -> EdgeKernel:
    """g(q) of ``model`` from `gamma_q1q2` at ``nodes`` wave vectors up to ``reach``/ξ₀, and at three more to check.

    ``reach`` is by default twice the spin-orbit wave vector 2m|w_z| or 8/ξ₀, whichever is larger, but at most
    0.7 k_F. Some seconds to a minute, cached; ``progress`` is told.

    Raises `InputError` without gap or Rashba coupling, where γ vanishes, for fewer than 4 nodes and a reach beyond
    0.7 k_F.
    """
    require_model(model, RashbaSuperconductor, "γ(q₁, q₂) is known for the parabolic band alone")
    for name in ("gap", "rashba"):
        require(getattr(model, name) != 0, name, 0.0, "non-zero", "without it there is no γ current")
    require(isinstance(nodes, int) and nodes >= 4, "nodes", nodes, "at least 4")
    length = model.coherence_length
    largest = 0.7 * model.fermi_momentum * length
    if reach is None:
        reach = min(largest, max(4 * model.mass * abs(model.rashba) * length, 8.0))
    reach = finite_number("reach", reach)
    require(0 < reach <= largest, "reach", reach, f"positive, at most {largest:.4g} (0.7 k_F)")
    key = (model, reach, nodes)
    if key not in _TABLES:
        if len(_TABLES) == MOST:
            del _TABLES[next(iter(_TABLES))]
        _TABLES[key] = _table(model, reach, nodes, progress)
    return _TABLES[key]


def _table(model: RashbaSuperconductor, reach: float, nodes: int, progress: Progress) -> EdgeKernel:
    """The work of `edge_kernel`."""
    length = model.coherence_length
    resonance = min(2 * model.mass * abs(model.rashba) * length, reach)  # as wide as 1/ξ₀, where g dips
    span = np.arcsinh([-resonance, reach - resonance])
    place = np.linspace(0, 1, nodes)
    grid, checks = (
        resonance + np.sinh(span[0] + (span[1] - span[0]) * at)
        for at in (place, (np.floor(np.array([0.3, 0.6, 0.9]) * (nodes - 1)) + 0.5) / (nodes - 1))
    )
    grid[0] = 0.0
    uniform = float(gamma_q(model, 0.0, 1e-6).value[0])
    values = []
    for done, q in enumerate([*grid[1:], *checks]):
        vector = np.array([q / length, 0.0])
        values.append(float(gamma_q1q2(model, vector, -vector, rtol=1e-4).gamma[0]) / uniform)
        progress((done + 1) / (nodes + 2), "response at an edge")
    kernel = EdgeKernel(grid, np.array([1.0, *values[: nodes - 1]]), math.nan)
    error = 2 * float(np.abs(kernel(checks) - values[nodes - 1 :]).max())
    return EdgeKernel(kernel.nodes, kernel.values, error)
