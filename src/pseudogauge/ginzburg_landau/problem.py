"""What is to be solved: grid, material, pseudo-gauge field, applied field, flux sector."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import areas, normals, only_existing
from ..numerics.grid import Grid
from . import material
from .energy import Coefficients
from .film import StrayField, Vacuum, vacuum_around
from .layers import LayeredCoefficients
from .limits import (
    applied,
    check_film,
    check_fluxes,
    check_kappa,
    check_sector,
    checked_grid,
    vector,
    warnings_of,
)
from .links import PseudoPotential, by_orientation, on_plaquettes, pseudo_links
from .material import OnSites

__all__ = ["GinzburgLandau"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GinzburgLandau:
    """A superconductor with a pseudo-gauge field: [LOB Eq. 3] with the amplitude of the order parameter.

    On a grid (Nx, Ny) a sample uniform along z, on a grid (Nx, Ny, Nz) a layered crystal (docs/theory/layered.md).

    The free energy, with lengths in ξ, fields in H_c2 = Φ0/2πξ² and energies in Φ0²/8π²μ0λ² per length, is

        ∫ −ε|ψ|² + ½|ψ|⁴ + |(∇ + i(A + ã))ψ|² + κ²(∇×A − H − m)²,

    the gradient times a local ``stiffness``, on the lattice in link form (`pseudogauge.ginzburg_landau.energy`).
    Layers, at z = (k + ½)s, add |ψ_{k+1} exp(i∫(A_z + ã_z)dz) − ψ_k|²/Γ²s² between neighbours (Lawrence and Doniach
    1971), and energies are in Φ0²ξ/8π²μ0λ²; λ and ξ are those of currents in the layers.  In a thin film
    κ²(∇×A − H − m)² gives way to the energy of its stray field (`pseudogauge.ginzburg_landau.film`), and energies are
    in Φ0²d/8π²μ0λ².

    Parameters
    ----------
    grid : `Grid` with two or three axes, spacing in ξ, at most 1.
    kappa : Ginzburg-Landau parameter λ/ξ; ``math.inf`` freezes B at the applied field plus magnetisation.
        Left out for a film.
    pseudo_potential : ã in Φ0/2πξ, frozen.  None; a function ``f(x, y) -> (ã_x, ã_y)`` of coordinate
        arrays (in layers ``f(x, y, z)`` with three components), integrated along every link (8-point Gauss-Legendre;
        only called inside the domain); an object with a method ``on_links(grid)``; or its line integrals as an array
        ``(2, Nx, Ny)`` or ``(3, Nx, Ny, Nz)``.
    applied_field : H in H_c2: a number, along z, or a function of coordinate arrays or an array on plaquettes for one
        that varies, H_z(x, y); in layers also three numbers (H_x, H_y, H_z), a function with three components or an
        array (3, Nx, Ny, Nz), free of divergence.  On open surfaces B = H there.  In a periodic cell the flux is
        fixed, and H only enters the energy.  It, and the magnetisation, may send at most Φ0/4 through a plaquette.
    flux_quanta : total flux of a fully periodic cell in Φ0, an integer: the flux sector.  In layers along z, or three
        integers; a component needs both axes normal to it periodic.
    magnetisation : frozen μ0 m in H_c2, in the same forms (divergence allowed).  Beside m, B − H − m is what
        currents make, and what vanishes on open surfaces.
    epsilon : local condensation strength ε(r) ≤ 1 that multiplies −|ψ|² (disorder in T_c; ≤ 0 is a normal metal):
        a number, an array (Nx, Ny) or a function of coordinate arrays.
    sample : which sites are superconductor: None (all), a bool array (Nx, Ny) or a function.  Elsewhere is
        vacuum: no current, B free of curl and equal to H where it reaches an open boundary.  A function with real
        values, positive inside, gives a smooth surface, which cuts cells and links: errors at edges that do not follow
        the sites are then of second order, not first.  One with two values only is refused, as it must be a mask.
    anisotropy : Γ = λ_c/λ_ab = ξ_ab/ξ_c of layers.
    layer_spacing : s in ξ, at most λ; that of the grid unless given.
    pearl_length : Λ = 2λ²/d of a thin film, in ξ, instead of kappa, on a periodic grid.  A film that fills the grid,
        or runs through it both ways, holds ``flux_quanta``, whose mean field is the applied one.  A film with
        vacuum on all sides (``sample``) is isolated, feels none of its images, and has the ``applied_field`` H far
        away; one that runs along one axis is a strip beside its images.  ``magnetisation`` is then μ0 × moment per
        area, in H_c2 ξ.
    stiffness : inverse effective mass relative to the bulk, > 0, which multiplies |(∇ + ia)ψ|²: a number, or one for
        each axis (an anisotropic metal, in which the normal conductivity follows); an array at the sites, or one for
        each axis, or a function of coordinate arrays that gives either (weak or normal inclusions, twin boundaries).

    Attributes: ``pseudo_links`` and ``background_links`` on the links, ``warnings`` (tuple of str, which the repr of
    the problem and of its states show): flow beyond depairing, spacings too coarse for cores, edges or ∮ã.

    Raises
    ------
    InputError : for a value out of range, NaN from a function (naming it and the point), a flux sector that the
        boundaries cannot hold.

    >>> def shear(x, y):
    ...     return 0 * x, 0.7 * np.sin(2 * np.pi * x / 16)
    >>> problem = GinzburgLandau(Grid((32, 32), 0.5), kappa=10.0, pseudo_potential=shear)
    >>> problem.warnings
    ('the pseudo-potential drives a flow of 0.6... (1/ξ), beyond depairing at 0.577: the order parameter will be ...',)
    """

    grid: Grid
    kappa: float = cast("float", None)  # missing; then 0 for a film
    pseudo_potential: PseudoPotential = None
    applied_field: Any = 0.0
    flux_quanta: Any = 0
    magnetisation: Any = None
    epsilon: OnSites = 1.0
    sample: OnSites = None
    anisotropy: float = 1.0
    layer_spacing: float | None = None
    pearl_length: float | None = None
    stiffness: Any = 1.0
    pseudo_links: Array = field(init=False, repr=False)
    warnings: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", checked_grid(self))
        object.__setattr__(self, "layer_spacing", self.grid.layer_spacing)
        object.__setattr__(self, "applied_field", applied(self.applied_field, self.grid))
        object.__setattr__(self, "flux_quanta", vector("flux_quanta", self.flux_quanta, self.grid))
        check_sector(self.flux_quanta, self.grid)
        check_kappa(self)
        object.__setattr__(self, "kappa", float(self.kappa or 0.0))
        if self.magnetisation is not None:
            moments = only_existing(self.grid, on_plaquettes(self.grid, self.magnetisation))
            object.__setattr__(self, "magnetisation", moments)
        material.strength(self.grid, self.epsilon)
        material.stiffness_along(self.grid, self.stiffness)
        material.sample_mask(self.grid, self.sample)
        if self.pearl_length is not None:
            check_film(self)
        check_fluxes(self)
        object.__setattr__(self, "pseudo_links", pseudo_links(self.grid, self.pseudo_potential))
        object.__setattr__(self, "warnings", tuple(warnings_of(self)))

    def in_sector(self, flux_quanta: Any) -> GinzburgLandau:
        """The same problem in another flux sector (the pseudo-potential is not evaluated again)."""
        if flux_quanta == self.flux_quanta:
            return self
        return self.changed(flux_quanta=flux_quanta)

    def changed(self, **values: Any) -> GinzburgLandau:
        """The same pseudo-potential with other values: it is not evaluated again, and its warnings remain."""
        problem = replace(self, pseudo_potential=self.pseudo_links, **values)
        object.__setattr__(problem, "warnings", self.warnings)
        return problem

    def __repr__(self) -> str:
        screening = (
            f"kappa={self.kappa:g}" if self.pearl_length is None else f"pearl_length={self.pearl_length:g}"
        )
        parts = [f"{self.grid!r}, {screening}"]
        parts += [
            f"{n}={v if np.ndim(v) < 2 else '...'}"
            for n in ("applied_field", "flux_quanta")
            if np.any(v := getattr(self, n))
        ]
        arrays = {
            "pseudo_potential": self.pseudo_links,
            "magnetisation": self.magnetisation,
            "sample": self.sample,
        }
        parts += [f"{name}=..." for name, value in arrays.items() if value is not None and np.any(value)]
        return f"GinzburgLandau({', '.join(parts)}){''.join(f'; warning: {w}' for w in self.warnings)}"

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

    @cached_property
    def masses(self) -> tuple[float, ...]:
        """Inverse effective mass of the bulk along each axis: 1, but 1/Γ² between layers, times a uniform stiffness."""
        uniform = [1.0 if np.ndim(part) else float(part) for part in self.local_stiffness]
        between = (1.0, 1.0, self.anisotropy**-2)
        return tuple(m * between[axis] for axis, m in enumerate(uniform))

    @cached_property
    def local_stiffness(self) -> list[Array | float]:
        """Inverse mass along each axis relative to the bulk: numbers, or arrays at the sites."""
        return material.stiffness_along(self.grid, self.stiffness)

    @property
    def link_weights(self) -> tuple[float, ...]:
        """Volume of a cell × inverse mass of the bulk / length² of the links of each axis."""
        scales = zip(self.masses, self.grid.spacings, strict=True)
        return tuple(self.grid.cell * mass / spacing**2 for mass, spacing in scales)

    @cached_property
    def weights(self) -> Array:
        """`link_weights` times the local stiffness, zero where no link is; one row, or plane, if all are alike."""
        # then the kernel itself knows the open end of x
        alike = self.mask is None and all(np.ndim(part) == 0 for part in self.local_stiffness)
        weight = (self.links_inside[:, :1] if alike else self.links_inside).astype(float)
        for axis, (scale, local) in enumerate(zip(self.link_weights, self.local_stiffness, strict=True)):
            weight[axis] *= (
                scale if np.ndim(local) == 0 else scale * material.between_sites(np.asarray(local), axis)
            )
        return weight if self.openings is None else weight * self.openings

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
        source, moments = self.applied_flux(self.applied_field), self.magnetisation
        if moments is None:
            return source
        film = self.stray_field
        return source + (areas(self.grid) * moments if film is None else film.of_moments(moments))

    def applied_flux(self, field: Any) -> Array:
        """Flux of an applied field through all plaquettes; one row, or plane, if it is uniform."""
        values = by_orientation(self.grid, field)
        if self.stray_field is not None:
            return self.stray_field.closed(
                np.broadcast_to(self.grid.cell * values[0], self.grid.shape).copy()
            )
        flux = areas(self.grid) * np.broadcast_to(values, (*values.shape[:2], *self.grid.shape[1:]))
        return flux if self.grid.ndim == 3 else flux[0]

    @cached_property
    def mask(self) -> NDArray[np.bool_] | None:
        """The sites of the sample, or None for all."""
        return material.sample_mask(self.grid, self.sample)

    @cached_property
    def links_inside(self) -> NDArray[np.bool_]:
        """The links that can carry current, (2, Nx, Ny) or (3, Nx, Ny, Nz)."""
        inside = material.links_inside(self.grid, self.mask)
        return inside if self.openings is None else inside & (self.openings > 0)

    @cached_property
    def openings(self) -> Array | None:
        """How much of the face that each link crosses is inside a smooth ``sample``; None for others."""
        return material.openings(self.grid, self.sample)

    @cached_property
    def filling(self) -> Array | float:
        """How much of the cell of each site is inside a smooth ``sample``, at least 0.02; 1 for other samples."""
        return material.filled(self.grid, self.sample)

    @cached_property
    def coefficients(self) -> Coefficients | LayeredCoefficients:
        """The arrays and numbers of the energy function."""
        grid = self.grid
        kappa = 0.0 if self.frozen_field else self.kappa
        stiffness = (kappa**2 * grid.cell / areas(grid) ** 2).ravel().tolist()
        fixed = (
            self.pseudo_links + self.background_links,
            self.field_source - self.background_flux,
            material.strength(grid, self.epsilon),
            self.weights,
            grid.cell * self.filling * np.ones((1, *grid.shape[1:])),
        )
        open_x, open_y, *open_z = (not wraps for wraps in grid.periodic_axes)
        if grid.ndim == 3:
            return LayeredCoefficients(*fixed, (stiffness[0], stiffness[2]), open_x, open_y, *open_z)
        return Coefficients(*fixed, stiffness[0], open_x, open_y, self.stray_field)
