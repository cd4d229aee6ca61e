"""What is to be solved: grid, material, pseudo-gauge field, applied field, flux sector."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import areas, normals
from ..numerics.grid import Grid
from .energy import Coefficients
from .film import StrayField, Vacuum, vacuum_around
from .layers import LayeredCoefficients
from .links import PseudoPotential, on_plaquettes, pseudo_links
from .material import OnSites, links_inside, number_of_parts, sample_mask, strength

__all__ = ["DEPAIRING", "GinzburgLandau"]

Array = NDArray[np.float64]
DEPAIRING = 1 / math.sqrt(3)
"""Superfluid momentum, in 1/ξ, above which a uniform current destroys superconductivity."""
COARSE = 0.75
"""Change of a smooth ã over one spacing, as a fraction of its maximum, beyond which it is hardly resolved."""
BYTES_PER_SITE = {2: 1000, 3: 1100}
"""Memory of a minimisation, in two and three dimensions."""


@dataclass(frozen=True, eq=False)
class GinzburgLandau:
    """A superconductor with a pseudo-gauge field: [LOB Eq. 3] with the amplitude of the order parameter.

    On a grid (Nx, Ny) a sample uniform along z, on a grid (Nx, Ny, Nz) a layered crystal (docs/theory/layered.md).

    The free energy, with lengths in ξ, fields in H_c2 = Φ0/2πξ² and energies in Φ0²/8π²μ0λ² per length, is

        ∫ −ε|ψ|² + ½|ψ|⁴ + |(∇ + i(A + ã))ψ|² + κ²(∇×A − H − m)²,

    on the lattice in link form (see `pseudogauge.ginzburg_landau.energy`).  Layers, at z = (k + ½)s, add
    |ψ_{k+1} exp(i∫(A_z + ã_z)dz) − ψ_k|²/Γ²s² between neighbours (Lawrence and Doniach 1971), and energies are in
    Φ0²ξ/8π²μ0λ²; λ and ξ are those of currents in the layers.  In a thin film κ²(∇×A − H − m)² gives way to the energy
    of its stray field (`pseudogauge.ginzburg_landau.film`), and energies are in Φ0²d/8π²μ0λ².

    Parameters
    ----------
    grid : `Grid` with two or three axes, spacing in ξ, at most 1.
    kappa : Ginzburg-Landau parameter λ/ξ; ``math.inf`` freezes B at the applied field plus magnetisation.
        Left out for a film.
    pseudo_potential : ã in Φ0/2πξ, frozen.  None; a function ``f(x, y) -> (ã_x, ã_y)`` of coordinate
        arrays (in layers ``f(x, y, z)`` with three components), integrated along every link (8-point Gauss-Legendre;
        only called inside the domain); an object with a method ``on_links(grid)``; or its line integrals as an array
        ``(2, Nx, Ny)`` or ``(3, Nx, Ny, Nz)``.
    applied_field : H in H_c2, along z; a vector (H_x, H_y, H_z) in layers.  In a periodic cell the flux is fixed,
        and H only enters the energy.
    flux_quanta : total flux of a fully periodic cell in Φ0, an integer: the flux sector.  In layers along z, or three
        integers; a component needs both axes normal to it periodic.
    magnetisation : frozen μ0 m in H_c2 on plaquettes, shape ``grid.plaquette_shape`` (or ``grid.shape``), or a function
        of coordinate arrays; also the way to give an applied field that varies in space.  In layers
        a number (along z), a vector, or an array (3, Nx, Ny, Nz).
    epsilon : local condensation strength ε(r) ≤ 1 that multiplies −|ψ|² (disorder in T_c; ≤ 0 is a normal metal):
        a number, an array (Nx, Ny) or a function of coordinate arrays.
    sample : which sites are superconductor: None (all), a bool array (Nx, Ny) or a function.  Elsewhere is
        vacuum: no current, B free of curl and equal to H where it reaches an open boundary.
    anisotropy : Γ = λ_c/λ_ab = ξ_ab/ξ_c of layers.
    layer_spacing : s in ξ, at most λ; that of the grid unless given.
    pearl_length : Λ = 2λ²/d of a thin film, in ξ, instead of kappa, on a periodic grid.  A film that fills the grid,
        or runs through it both ways, holds ``flux_quanta``, whose mean field is the applied one.  A film with
        vacuum on all sides (``sample``) is isolated, feels none of its images, and has the ``applied_field`` H far
        away; one that runs along one axis is a strip beside its images.  ``magnetisation`` is then μ0 × moment per
        area, in H_c2 ξ.

    Attributes: ``pseudo_links`` and ``background_links`` on the links, ``warnings`` (tuple of str).

    Raises
    ------
    InputError : for a value out of range, NaN from the function (naming the point), a flux sector that the
        boundaries cannot hold.

    >>> problem = GinzburgLandau(Grid((32, 32), 0.5), kappa=2.0, pseudo_potential=lambda x, y: (0 * x, 0.7 + 0 * y))
    >>> problem.warnings
    ('the pseudo-potential reaches 0.700 (1/ξ), beyond depairing at 0.577: the order parameter will be suppressed',)
    """

    grid: Grid
    kappa: float = 0.0
    pseudo_potential: PseudoPotential = None
    applied_field: Any = 0.0
    flux_quanta: Any = 0
    magnetisation: Any = None
    epsilon: OnSites = 1.0
    sample: OnSites = None
    anisotropy: float = 1.0
    layer_spacing: float | None = None
    pearl_length: float | None = None
    pseudo_links: Array = field(init=False, repr=False)
    warnings: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", _checked_grid(self))
        object.__setattr__(self, "layer_spacing", self.grid.layer_spacing)
        object.__setattr__(self, "applied_field", _vector("applied_field", self.applied_field, self.grid))
        object.__setattr__(self, "flux_quanta", _vector("flux_quanta", self.flux_quanta, self.grid))
        _check_sector(self.flux_quanta, self.grid)
        _check_kappa(self)
        if self.magnetisation is not None:
            object.__setattr__(self, "magnetisation", on_plaquettes(self.grid, self.magnetisation))
        strength(self.grid, self.epsilon)
        sample_mask(self.grid, self.sample)
        if self.pearl_length is not None:
            _check_film(self)
        object.__setattr__(self, "pseudo_links", pseudo_links(self.grid, self.pseudo_potential))
        object.__setattr__(self, "warnings", tuple(_warnings(self)))

    def in_sector(self, flux_quanta: Any) -> GinzburgLandau:
        """The same problem in another flux sector (the pseudo-potential is not evaluated again)."""
        if flux_quanta == self.flux_quanta:
            return self
        return replace(self, flux_quanta=flux_quanta, pseudo_potential=self.pseudo_links)

    @cached_property
    def stray_field(self) -> StrayField | None:
        """The field of a thin film, or None for a sample that goes on along z."""
        return None if self.pearl_length is None else StrayField(self.grid, self.pearl_length, self.vacuum)

    @cached_property
    def vacuum(self) -> Vacuum:
        """Where a film leaves vacuum in its cell."""
        return vacuum_around(self.grid, None if self.pearl_length is None else self.mask)

    @property
    def field_stiffness(self) -> Array | float:
        """K of the field energy Σ K |B − H|² over modes: κ², or an array with the modes of a film."""
        return self.kappa**2 if self.stray_field is None else self.stray_field.stiffness

    @property
    def quantised(self) -> bool:
        """Whether the boundaries fix the flux, so that windings sum to ``flux_quanta``."""
        return self.grid.fully_periodic and self.vacuum.seam is None

    @property
    def frozen_field(self) -> bool:
        """Whether κ = ∞, so that no current can change B."""
        return math.isinf(self.kappa)

    @property
    def masses(self) -> tuple[float, ...]:
        """Inverse effective mass along each axis: 1 in a layer, 1/Γ² between layers."""
        return (1.0, 1.0, self.anisotropy**-2)[: self.grid.ndim]

    @property
    def link_weights(self) -> tuple[float, ...]:
        """Volume of a cell × inverse mass / length² of the links of each axis: 1 in two dimensions."""
        scales = zip(self.masses, self.grid.spacings, strict=True)
        return tuple(self.grid.cell * mass / spacing**2 for mass, spacing in scales)

    @cached_property
    def background_links(self) -> Array:
        """Link phases in (−π, π] of the uniform field 2πN/area: Landau gauge with a twisted wrap."""
        grid = self.grid
        links = np.zeros((grid.ndim, *grid.shape))
        site = np.indices(grid.shape, sparse=True)
        for quanta, (a, b) in zip(np.atleast_1d(self.flux_quanta), normals(grid), strict=True):
            flux = 2 * math.pi * quanta / (grid.shape[a] * grid.shape[b])
            links[b] += flux * site[a]
            links[a] -= np.where(site[a] == grid.shape[a] - 1, flux * grid.shape[a] * site[b], 0.0)
        return links - 2 * math.pi * np.ceil((links - math.pi) / (2 * math.pi))

    @property
    def background_flux(self) -> Any:
        """Flux of the uniform background through one plaquette, in Φ0/2π: a number, or (3, 1, 1, 1)."""
        grid = self.grid
        count = np.array([grid.shape[a] * grid.shape[b] for a, b in normals(grid)])
        flux = 2 * math.pi * np.atleast_1d(self.flux_quanta) / count
        return flux.reshape(3, 1, 1, 1) if grid.ndim == 3 else float(flux[0])

    @cached_property
    def field_source(self) -> Array:
        """(H + m) × area on all plaquettes; one row, or plane, if it is uniform."""
        if self.stray_field is not None:
            return self.stray_field.source(self.applied_field, self.magnetisation)
        field = np.atleast_1d(self.applied_field).reshape(-1, *(1 for _ in self.grid.shape))
        source = np.broadcast_to(field, (len(field), 1, *self.grid.shape[1:]))
        if self.grid.ndim == 2:
            source = source[0]
        return np.asarray(
            areas(self.grid) * (source if self.magnetisation is None else source + self.magnetisation)
        )

    @cached_property
    def mask(self) -> NDArray[np.bool_] | None:
        """The sites of the sample, or None for all."""
        return sample_mask(self.grid, self.sample)

    @cached_property
    def links_inside(self) -> NDArray[np.bool_]:
        """The links that can carry current, (2, Nx, Ny) or (3, Nx, Ny, Nz)."""
        return links_inside(self.grid, self.mask)

    @cached_property
    def coefficients(self) -> Coefficients | LayeredCoefficients:
        """The arrays and numbers of the energy function."""
        grid = self.grid
        # without a sample shape one row serves all; the kernel itself knows the open end of x
        weight = (self.links_inside if self.mask is not None else self.links_inside[:, :1]).astype(float)
        for axis, scale in enumerate(self.link_weights):
            weight[axis] *= scale
        kappa = 0.0 if self.frozen_field else self.kappa
        stiffness = (kappa**2 * grid.cell / areas(grid) ** 2).ravel().tolist()
        fixed = (
            self.pseudo_links + self.background_links,
            self.field_source - self.background_flux,
            strength(grid, self.epsilon),
            weight,
            grid.cell,
        )
        open_x, open_y, *open_z = (not wraps for wraps in grid.periodic_axes)
        if grid.ndim == 3:
            return LayeredCoefficients(*fixed, (stiffness[0], stiffness[2]), open_x, open_y, *open_z)
        return Coefficients(*fixed, stiffness[0], open_x, open_y, self.stray_field)


def _checked_grid(problem: GinzburgLandau) -> Grid:
    """The grid with its layer spacing."""
    grid, spacing = problem.grid, problem.layer_spacing
    require(isinstance(grid, Grid), "grid", grid, "a Grid", "for example Grid(shape=(64, 64), spacing=0.5)")
    if spacing is not None and spacing != grid.layer_spacing:
        grid = replace(grid, layer_spacing=spacing)
    enough = tuple(math.ceil(length) for length in grid.extent)
    fix = f"refine to at least {enough} sites"
    require(grid.spacing <= 1.0, "grid.spacing", grid.spacing, "at most 1 coherence length", fix)
    _check_number("anisotropy", problem.anisotropy, positive=True)
    fix = "layers need a third axis: Grid(shape=(Nx, Ny, Nz), ...)"
    require(
        grid.ndim == 3 or problem.anisotropy == 1,
        "anisotropy",
        problem.anisotropy,
        "1 in two dimensions",
        fix,
    )
    _check_memory(grid)
    return grid


def _vector(name: str, value: Any, grid: Grid) -> Any:
    """A number along z, or in three dimensions a vector as a tuple of three; integers for flux quanta."""
    whole = name == "flux_quanta"
    if grid.ndim == 2:
        (_check_whole if whole else _check_number)(name, value)
        return value
    parts = (0, 0, value) if isinstance(value, (int, float, np.number)) else tuple(value)
    require(len(parts) == 3, name, value, "a number (along z) or three of them, (x, y, z)")
    for axis, part in zip("xyz", parts, strict=True):
        (_check_whole if whole else _check_number)(f"{name} along {axis}", part)
    return tuple(int(part) if whole else float(part) for part in parts)


def _check_memory(grid: Grid) -> None:
    per_site = BYTES_PER_SITE[grid.ndim]
    need = per_site * grid.size
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system tells
        return
    if need > machine:
        given = f"{grid.shape}, which needs {need / 2**30:.1f} GiB,"
        allowed = f"within the {machine / 2**30:.1f} GiB of this machine"
        side = int((machine / per_site) ** (1 / grid.ndim))
        raise InputError("grid.shape", given, allowed, f"{' × '.join([str(side)] * grid.ndim)} sites fit")


def _check_number(name: str, value: Any, positive: bool = False) -> None:
    allowed = "a positive finite number" if positive else "a finite number"
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    require(number and math.isfinite(value) and (value > 0 or not positive), name, value, allowed)


def _check_whole(name: str, value: Any) -> None:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    require(whole, name, value, "an integer", "a periodic cell holds whole flux quanta")


def _check_sector(flux_quanta: Any, grid: Grid) -> None:
    for quanta, spanned in zip(np.atleast_1d(flux_quanta), normals(grid), strict=True):
        fix = "leave flux_quanta = 0 and set applied_field, or make the grid periodic along both axes"
        allowed = "0 unless every axis is periodic" if grid.ndim == 2 else "0 across a face with an open side"
        require(quanta == 0 or _closed(grid, spanned), "flux_quanta", flux_quanta, allowed, fix)
        count = grid.shape[spanned[0]] * grid.shape[spanned[1]]
        allowed = f"at most a quarter of the {count} plaquettes"
        require(4 * abs(quanta) <= count, "flux_quanta", flux_quanta, allowed, "refine the grid")


def _closed(grid: Grid, axes: tuple[int, int]) -> bool:
    return all(grid.periodic_axes[axis] for axis in axes)


def _check_kappa(problem: GinzburgLandau) -> None:
    grid, kappa = problem.grid, problem.kappa
    if problem.pearl_length is not None:
        _check_number("pearl_length", problem.pearl_length, positive=True)
        fix = "Λ = 2λ²/d of a film takes its place; for a film without screening give kappa=math.inf alone"
        require(kappa == 0, "kappa", kappa, "left out when pearl_length is given", fix)
        return
    if not (isinstance(kappa, float) and kappa == math.inf):
        _check_number("kappa", kappa, positive=True)
        fix = "the field between layers varies over λ: take layers nearer to each other"
        too_far = grid.layer_spacing is not None and grid.layer_spacing > kappa
        require(not too_far, "layer_spacing", grid.layer_spacing, f"at most λ = {kappa:.6g} ξ", fix)
        return
    for applied, spanned in zip(np.atleast_1d(problem.applied_field), normals(grid), strict=True):
        driven = applied != 0 or problem.magnetisation is not None
        fix = "with κ = ∞ the field of a periodic cell is that of flux_quanta: no applied_field, no magnetisation"
        allowed = "finite when a fully periodic cell has an applied field or a magnetisation"
        require(not (driven and _closed(grid, spanned)), "kappa", kappa, allowed, fix)


def _check_film(problem: GinzburgLandau) -> None:
    fix = "give its shape as sample, with vacuum around it, on a Grid((Nx, Ny), spacing, periodic=True)"
    flat = problem.grid.ndim == 2 and problem.grid.fully_periodic
    require(flat, "grid", problem.grid, "a periodic plane for a film with pearl_length", fix)
    if problem.quantised:
        fix = "the mean field of a film without end is that of flux_quanta; or leave vacuum around a sample"
        require(
            problem.applied_field == 0, "applied_field", problem.applied_field, "0 in a film without end", fix
        )
    else:
        fix = "vacuum around the film lets flux through: use applied_field"
        require(problem.flux_quanta == 0, "flux_quanta", problem.flux_quanta, "0 beside vacuum", fix)


def _warnings(problem: GinzburgLandau) -> list[str]:
    found = []
    grid = problem.grid
    scales = zip(problem.pseudo_links, problem.masses, grid.spacings, strict=True)
    strongest = max(float(np.abs(a).max()) * math.sqrt(m) / h for a, m, h in scales)
    if strongest > DEPAIRING:
        found.append(
            f"the pseudo-potential reaches {strongest:.3f} (1/ξ), beyond depairing at {DEPAIRING:.3f}: "
            "the order parameter will be suppressed"
        )
    if grid.spacing > 0.5:
        found.append(
            f"spacing {grid.spacing:.3g} ξ is coarse: vortex cores are resolved to about 0.5 ξ or finer"
        )
    sampled = callable(problem.pseudo_potential) and not hasattr(problem.pseudo_potential, "on_links")
    steps = (np.abs(np.diff(problem.pseudo_links, axis=axis + 1)).max() for axis in range(grid.ndim))
    if sampled and max(steps) > COARSE * np.abs(problem.pseudo_links).max():
        found.append(
            "the pseudo-potential changes by most of its maximum from one link to the next: "
            "the spacing is coarse for it"
        )
    parts = 1 if problem.mask is None else number_of_parts(grid, problem.mask)
    if parts > 1:
        found.append(f"the sample has {parts} disconnected parts: their relative phase is arbitrary")
    return found
