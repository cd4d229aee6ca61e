"""The screened potential of one charged disk and its edge field (Appendix A of the paper).

V(r)/V_∥ = ∫₀^∞ dq R J₁(qR) e^{−q²σ²/2} K(q) J₀(qr),     K(q) = k_TF/[q + k_TF F(q)],

with F = 1 (Thomas-Fermi) or the static 2D Lindhard function. Derivation: docs/theory/inclusions.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ive, j0, j1

from ..errors import PseudogaugeError, require

__all__ = ["Screening", "edge_field", "screened_potential"]

Floats = NDArray[np.float64]
CUTOFF = 8.6
"""qσ beyond which the Gaussian is below 1e-16."""
ORDER = 16
"""Gauss-Legendre nodes per panel; a panel spans three oscillations of the integrand."""
TOLERANCE = 1e-11
CHUNK = 4_000_000


@dataclass(frozen=True)
class Screening:
    """Static response of the 2D electron gas: 1/k_TF, and k_F (infinite: Thomas-Fermi).

    >>> Screening(0.5).factor(np.array([0.0, 2.0]))
    array([1. , 0.5])
    """

    length: float
    fermi_momentum: float = math.inf

    def __post_init__(self) -> None:
        require(0 <= self.length < math.inf, "screening_length", self.length, "zero or a positive length",
                "it is 1/k_TF; 0 screens locally")  # fmt: skip
        require(self.fermi_momentum > 0, "fermi_momentum", self.fermi_momentum, "positive",
                "infinity selects Thomas-Fermi screening")  # fmt: skip

    def lindhard(self, q: Floats) -> Floats:
        """F(q) = 1 − Θ(q − 2k_F) √(1 − (2k_F/q)²), χ_q in units of the density of states."""
        if math.isinf(self.fermi_momentum):
            return np.ones_like(q)
        ratio = np.minimum(2 * self.fermi_momentum / np.maximum(q, 1e-300), 1.0)
        return np.asarray(1 - np.sqrt(1 - ratio**2))

    def factor(self, q: Floats) -> Floats:
        """K(q) = k_TF/(q + k_TF F): screened potential over that of local Thomas-Fermi screening."""
        return np.asarray(1 / (q * self.length + self.lindhard(q)))

    def bare_factor(self, q: Floats) -> Floats:
        """k_TF/q: the same external charge with the electron gas removed."""
        require(
            self.length > 0, "screening_length", self.length, "positive", "the bare potential is V k_TF/q"
        )
        return np.asarray(1 / (q * self.length))


def edge_field(
    r: ArrayLike, radius: ArrayLike, edge_width: float, screening: Screening, screened: bool = True
) -> Floats:
    """−dv/dr of the unit potential v of a disk, shape r.shape + radius.shape (1/length).

    With V_∥ = V(outside) − V(inside) the electric field is 𝓔_r = −V_∥·(−dv/dr) [LOB Sec. II].
    ``screened=False`` gives the field of the same charge without the electron gas.

    Raises `PseudogaugeError` if the oscillatory integral fails its own error check.

    >>> round(float(edge_field(40.0, 40.0, 0.5, Screening(0.0)) * 0.5), 4)   # V_∥/d at a straight edge
    1.0
    """
    points, radii = np.asarray(r, dtype=float), np.asarray(radius, dtype=float)
    sigma = edge_width / math.sqrt(2 * math.pi)
    if screening.length == 0 and math.isinf(screening.fermi_momentum) and screened:
        product = np.multiply.outer(points, radii)
        gauss = np.exp(-0.5 * (np.subtract.outer(points, radii) / sigma) ** 2)
        return np.asarray(radii / sigma**2 * gauss * ive(1, product / sigma**2))
    return _transform(points, radii, sigma, screening, screened, derivative=True)


def screened_potential(
    r: ArrayLike, radius: ArrayLike, edge_width: float, screening: Screening, screened: bool = True
) -> Floats:
    """The unit potential v(r) of a disk, 1 inside a large disk, shape r.shape + radius.shape.

    The tail outside is R²/(2 k_TF r³) [Thomas-Fermi]; the electric potential is −V_∥ v(r).

    Raises `PseudogaugeError` if the oscillatory integral fails its own error check.

    >>> screened_potential([0.0, 3.0, 30.0], 3.0, 0.5, Screening(0.05)).round(4)
    array([0.9832, 0.4757, 0.    ])
    """
    points, radii = np.asarray(r, dtype=float), np.asarray(radius, dtype=float)
    sigma = edge_width / math.sqrt(2 * math.pi)
    return _transform(points, radii, sigma, screening, screened, derivative=False)


def _transform(
    r: Floats, radius: Floats, sigma: float, screening: Screening, screened: bool, derivative: bool
) -> Floats:
    """Hankel integral at all r and radii: one Bessel matrix in (r, q) serves every radius."""
    points, radii = r.ravel(), radius.ravel()
    phase = float(np.max(np.abs(points), initial=0.0) + np.max(radii, initial=sigma))
    probe = points[np.linspace(0, points.size - 1, min(points.size, 9)).astype(int)]
    refine = 1
    while True:
        coarse, fine = (_rule(phase, sigma, screening, n) for n in (refine, 2 * refine))
        values = _sum(probe, radii, sigma, screening, screened, derivative, coarse)
        better = _sum(probe, radii, sigma, screening, screened, derivative, fine)
        scale = np.max(np.abs(better), initial=1 / sigma if derivative else 1.0)
        if np.max(np.abs(values - better), initial=0.0) <= TOLERANCE * scale:
            break
        refine *= 2
        if refine > 8:
            raise PseudogaugeError(
                "the screened edge field did not converge; try a larger edge_width or screening_length"
            )
    table = _sum(points, radii, sigma, screening, screened, derivative, coarse)
    return table.reshape(r.shape + radius.shape)


def _sum(
    r: Floats, radius: Floats, sigma: float, screening: Screening, screened: bool, derivative: bool,
    rule: tuple[Floats, Floats],
) -> Floats:  # fmt: skip
    q, weight = rule
    kernel = screening.factor(q) if screened else screening.bare_factor(q)
    density = (
        (weight * np.exp(-0.5 * (q * sigma) ** 2) * kernel)[:, None]
        * radius
        * j1(np.multiply.outer(q, radius))
    )
    if derivative:
        density *= q[:, None]
    bessel = j1 if derivative else j0
    rows = max(1, CHUNK // q.size)
    parts = [bessel(np.multiply.outer(r[i : i + rows], q)) @ density for i in range(0, r.size, rows)]
    return np.concatenate(parts) if parts else np.zeros((0, radius.size))


def _rule(phase: float, sigma: float, screening: Screening, refine: int) -> tuple[Floats, Floats]:
    """Composite Gauss-Legendre on [0, CUTOFF/σ], graded to q = 0 and split at 2k_F."""
    top = CUTOFF / sigma
    width = min(6 * math.pi / phase, 1 / sigma) / refine
    kink = 2 * screening.fermi_momentum
    edges = np.linspace(0, min(top, kink), 1 + math.ceil(min(top, kink) / width))
    pole = 1 / screening.length if screening.length > 0 else math.inf  # K has its pole at q = −k_TF
    halvings = max(0, math.ceil(math.log2(2 * edges[1] / pole))) if math.isfinite(pole) else 0
    graded = edges[1] * 0.5 ** np.arange(halvings, 0, -1)
    nodes = _panels(np.concatenate([edges[:1], graded, edges[1:]]))
    if kink >= top:
        return nodes
    # beyond 2k_F the response falls as a square root: q = 2k_F + t² makes the integrand smooth
    steps = math.ceil((top - kink) / width) + 8
    t, weight = _panels(np.sqrt(np.linspace(0, top - kink, 1 + steps)))
    return np.concatenate([nodes[0], kink + t**2]), np.concatenate([nodes[1], 2 * t * weight])


def _panels(edges: Floats) -> tuple[Floats, Floats]:
    node, weight = np.polynomial.legendre.leggauss(ORDER)
    half = 0.5 * np.diff(edges)[:, None]
    middle = 0.5 * (edges[1:] + edges[:-1])[:, None]
    return (middle + half * node).ravel(), (half * weight).ravel()
