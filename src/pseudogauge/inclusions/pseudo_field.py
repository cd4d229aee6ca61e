"""The pseudo-gauge field ã of the inclusions and its pseudo-magnetisation h̃.

κ²∇×(h̃ ẑ) = −ã and ∇×h̃ = μ0 j_γ [LOB Eq. 11], j_γ = γ 𝓔_∥×b_z ẑ [LOB Eq. 2], in Ginzburg-Landau units
(lengths in ξ, ã in Φ0/2πξ, h̃ in H_c2). Derivation: docs/theory/inclusions.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from ..errors import require
from ..numerics.grid import Grid
from .placement import require_positive, sample_flags, sample_lengths
from .radial import Superposition
from .rings import ring_profiles
from .shapes import Inclusions
from .transverse import curl_links, plaquette_flux, stream_of_flux

__all__ = ["DEPAIRING", "PseudoField", "StreamFunction", "pseudo_field", "uniform_slab"]

Floats = NDArray[np.float64]
DEPAIRING = 1 / math.sqrt(3)
"""|ã| (in Φ0/2πξ) at which a uniform superflow breaks down; stronger rings suppress ψ or slip phase."""


class StreamFunction(Protocol):
    """What a `PseudoField` needs to know: h̃ and its gradient, shape (3, …), and its mean."""

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Floats: ...

    @property
    def mean(self) -> float: ...


@dataclass(frozen=True, eq=False)
class PseudoField:
    """ã(x, y) = −κ²∇×(h̃ ẑ) on a sample [0, Lx] × [0, Ly], zero outside it.

    Build one with `pseudo_field` or `uniform_slab`. Calling it gives (ã_x, ã_y) at any points.

    Attributes
    ----------
    kappa : κ = λ/ξ
    extent, periodic : the sample
    smoothing : σ, the scale on which ã varies across an edge (in ξ)
    peak : max |ã| of a single edge, in Φ0/2πξ; compare with `DEPAIRING`
    """

    kappa: float
    extent: tuple[float, float]
    periodic: tuple[bool, bool]
    smoothing: float
    peak: float
    source: StreamFunction

    def __call__(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """(ã_x, ã_y) = κ²(−∂_y h̃, ∂_x h̃) at the points."""
        _, along_x, along_y = self.source(x, y)
        return -(self.kappa**2) * along_y, self.kappa**2 * along_x

    def stream(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """h̃ at the points, in H_c2."""
        return np.asarray(self.source(x, y)[0])

    @property
    def depairing_ratio(self) -> float:
        """max |ã| √3: above 1 a ring suppresses the order parameter or makes its own phase slips."""
        return self.peak / DEPAIRING

    def line_integrals(self, grid: Grid) -> Floats:
        """∫ã·dl over every link by Gauss-Legendre quadrature, (2, Nx, Ny), zero on links that do not exist.

        The order follows spacing/σ, so that the error stays at that of the profiles, below 1e-10 of the
        largest link.
        """
        self._require_fit(grid)
        links = np.zeros((2, *grid.shape))
        order = min(40, 4 + math.ceil(1.6 * grid.spacing / self.smoothing))
        nodes, weights = np.polynomial.legendre.leggauss(order)
        scale = 0.5 * grid.spacing * self.kappa**2
        for axis, (sign, derivative) in enumerate(((-1.0, 2), (1.0, 1))):
            x, y = grid.link_midpoints(axis)
            for node, weight in zip(0.5 * grid.spacing * nodes, weights, strict=True):
                point = (x + node, y) if axis == 0 else (x, y + node)
                links[axis] += sign * scale * weight * self.source(*point)[derivative]
            if not grid.periodic_axes[axis]:
                links[axis, -1 if axis == 0 else slice(None), -1 if axis == 1 else slice(None)] = 0.0
        return links

    def on_grid(self, grid: Grid) -> tuple[Floats, Floats]:
        """(ã on links, h̃ on plaquettes) with the lattice identity κ²∇×h̃ = −ã exact.

        Each plaquette carries the flux of ã of the exact line integrals round it (Stokes); h̃ solves the
        lattice Poisson equation with that source, h̃ = 0 on an open surface, mean h̃ = that of the
        continuum on a torus; the links are its lattice curl. They differ from `line_integrals` by a lattice
        gradient (a gauge choice, transverse here) and on a torus by the O(aliasing) mean of ã, which is
        zero in the continuum. h̃ differs from `stream` by O(spacing²), and inside an under-resolved edge by
        up to 2e^{−π(d/spacing)²}: 7e-6 at half an edge width, 9 % at a whole one.
        """
        flux = plaquette_flux(self.line_integrals(grid), grid)
        stream = stream_of_flux(-flux / self.kappa**2, grid, self.source.mean)
        return -(self.kappa**2) * curl_links(stream, grid), stream

    def on_links(self, grid: Grid) -> Floats:
        """ã on links, (2, Nx, Ny): line integrals in the transverse lattice gauge; see `on_grid`.

        On a three-dimensional grid, (3, Nx, Ny, Nz): the same in every layer, as of columns along z.
        """
        if grid.ndim == 2:
            return self.on_grid(grid)[0]
        links = np.zeros((3, *grid.shape))
        layer = self.on_grid(Grid(grid.shape[:2], grid.spacing, grid.periodic_axes[:2]))[0]
        links[:2] = layer[..., None]
        return links

    def on_plaquettes(self, grid: Grid) -> Floats:
        """h̃ on plaquettes, shape grid.plaquette_shape; see `on_grid`."""
        return self.on_grid(grid)[1]

    def _require_fit(self, grid: Grid) -> None:
        require(grid.ndim == 2, "grid", grid.shape, "two-dimensional")
        fits = np.allclose(grid.extent, self.extent, rtol=1e-9, atol=0)
        require(fits, "grid", grid.extent, f"a grid that covers the sample {self.extent}",
                "choose shape × spacing = extent")  # fmt: skip
        require(grid.periodic_axes == self.periodic, "grid", grid.periodic_axes,
                f"periodic as the sample is: {self.periodic}")  # fmt: skip


def pseudo_field(inclusions: Inclusions, coupling: float, kappa: float) -> PseudoField:
    """Pseudo-gauge field of a set of inclusions, h̃_inside = coupling · b_z · V_∥ · g.

    coupling = μ0 γ/s (s: distance of the layers) in H_c2 per unit of exchange × potential; the geometry
    factor g → 1 for the paper's ring (`ring_currents`). To impose h̃ inside directly, give it as the
    exchange with potential 1 and use coupling 1.

    Products b_i 𝓔_i are superposed; the cross terms b_i 𝓔_j, i ≠ j, are left out, which holds while gaps
    exceed the exchange overhang plus 1/k_TF.

    Raises `InputError` for a non-finite coupling or a non-positive κ.

    >>> from pseudogauge.inclusions import disks
    >>> one = disks([(10, 10)], 4.0, edge_width=0.8, extent=(20, 20), exchange=0.05)
    >>> field = pseudo_field(one, coupling=1.0, kappa=2.0)
    >>> round(float(field.stream(10, 10)), 5), round(float(field(14, 10)[1]), 4)
    (0.04999, -0.2494)
    """
    require(math.isfinite(coupling), "coupling", coupling, "a finite number")
    require_positive("kappa", kappa)
    profiles, rows = ring_profiles(inclusions)
    weight = coupling * inclusions.exchange * inclusions.potential
    steepest = np.max(np.abs(weight) * profiles.steepest[rows], initial=0.0)
    source = Superposition(profiles, inclusions, rows, weight)
    return PseudoField(float(kappa), inclusions.extent, inclusions.periodic, inclusions.smoothing,
                       float(kappa**2 * steepest), source)  # fmt: skip


@dataclass(frozen=True)
class _Slab:
    """strength · Π w over the open axes, w rising from 0 to 1 as the integral of a Gaussian."""

    extent: tuple[float, float]
    periodic: tuple[bool, bool]
    sigma: float
    strength: float
    margin: float

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Floats:
        px, py = (np.asarray(values, dtype=float) for values in np.broadcast_arrays(x, y))
        inside = np.ones(px.shape, dtype=bool)
        profile = []
        for p, length, periodic in zip((px, py), self.extent, self.periodic, strict=True):
            if periodic:
                profile.append((np.ones(p.shape), np.zeros(p.shape)))
                continue
            inside &= (p >= 0) & (p <= length)
            rise, fall = (p - self.margin) / self.sigma, (p - length + self.margin) / self.sigma
            slope = (np.exp(-0.5 * rise**2) - np.exp(-0.5 * fall**2)) / (math.sqrt(2 * math.pi) * self.sigma)
            profile.append((ndtr(rise) - ndtr(fall), slope))
        (wx, sx), (wy, sy) = profile
        return np.asarray(self.strength * inside * np.stack([wx * wy, sx * wy, wx * sy]))

    @property
    def mean(self) -> float:
        lengths = (
            1.0 if flag else (length - 2 * self.margin) / length
            for length, flag in zip(self.extent, self.periodic, strict=True)
        )
        return self.strength * math.prod(lengths)


def uniform_slab(
    extent: tuple[float, float],
    edge_width: float,
    strength: float,
    kappa: float,
    margin: float | None = None,
    periodic: bool | tuple[bool, bool] = False,
) -> PseudoField:
    """The control case: h̃ = strength (H_c2) in the bulk, falling to 0 within edge_width of the surface.

    The edge is that of an inclusion, its middle ``margin`` (default 3 edge widths) inside the surface.
    ã lives in the edge alone; the uniform bulk makes no vortices [LOB Sec. II].

    Raises `InputError` if no axis is open, or the edges meet, or the margin is below 2 edge widths.

    >>> slab = uniform_slab((20.0, 20.0), 0.5, strength=0.3, kappa=2.0)
    >>> float(slab.stream(10, 10)), float(slab.stream(0, 10)) < 1e-12
    (0.3, True)
    """
    lengths, flags = sample_lengths(extent), sample_flags(periodic)
    require_positive("edge_width", edge_width)
    require_positive("kappa", kappa)
    require(math.isfinite(strength), "strength", strength, "a finite number, in H_c2")
    require(not all(flags), "periodic", flags, "open along at least one axis", "without a surface ã is zero")
    inset = 3.0 * edge_width if margin is None else float(margin)
    shortest = min(length for length, flag in zip(lengths, flags, strict=True) if not flag)
    require(2 * edge_width <= inset <= shortest / 2 - 2 * edge_width, "margin", inset,
            f"between 2 edge widths and {shortest / 2 - 2 * edge_width:g}",
            "make the sample larger or the edge narrower")  # fmt: skip
    source = _Slab(lengths, flags, edge_width / math.sqrt(2 * math.pi), float(strength), inset)
    peak = kappa**2 * abs(strength) / edge_width
    return PseudoField(float(kappa), lengths, flags, source.sigma, float(peak), source)
