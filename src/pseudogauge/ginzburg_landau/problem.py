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
from ..numerics.grid import Grid
from .energy import Coefficients
from .links import PseudoPotential, on_plaquettes, pseudo_links
from .material import OnSites, links_inside, number_of_parts, sample_mask, strength

__all__ = ["DEPAIRING", "GinzburgLandau"]

Array = NDArray[np.float64]
DEPAIRING = 1 / math.sqrt(3)
"""Superfluid momentum, in 1/ξ, above which a uniform current destroys superconductivity."""
BYTES_PER_SITE = 800
"""Memory of a minimisation."""


@dataclass(frozen=True, eq=False)
class GinzburgLandau:
    """A superconductor with a pseudo-gauge field: [LOB Eq. 3] with the amplitude of the order parameter.

    The free energy, with lengths in ξ, fields in H_c2 = Φ0/2πξ² and energies in Φ0²/8π²μ0λ² per length, is

        ∫ −ε|ψ|² + ½|ψ|⁴ + |(∇ + i(A + ã))ψ|² + κ²(∇×A − H − m)²,

    on the lattice in link form (see `pseudogauge.ginzburg_landau.energy`).

    Parameters
    ----------
    grid : two-dimensional `Grid`, spacing in ξ, at most 1.
    kappa : Ginzburg-Landau parameter λ/ξ; ``math.inf`` freezes B at the applied field plus magnetisation.
    pseudo_potential : ã in Φ0/2πξ, frozen.  None; a function ``f(x, y) -> (ã_x, ã_y)`` of coordinate
        arrays, integrated along every link (8-point Gauss-Legendre; only called inside the domain); an object
        with a method ``on_links(grid)``; or its line integrals as an array ``(2, Nx, Ny)``.
    applied_field : H in H_c2.  In a periodic cell the flux is fixed, and H only enters the energy.
    flux_quanta : total flux of a fully periodic cell in Φ0, an integer: the flux sector.
    magnetisation : frozen μ0 m in H_c2 on plaquettes, shape ``grid.plaquette_shape`` (or ``grid.shape``).
    epsilon : local condensation strength ε(r) ≤ 1 that multiplies −|ψ|² (disorder in T_c; ≤ 0 is a normal metal):
        a number, an array (Nx, Ny) or a function of coordinate arrays.
    sample : which sites are superconductor: None (all), a bool array (Nx, Ny) or a function.  Elsewhere is
        vacuum: no current, B free of curl and equal to H where it reaches an open boundary.

    Attributes: ``pseudo_links`` (2, Nx, Ny), ``background_links`` (2, Nx, Ny), ``warnings`` (tuple of str).

    Raises
    ------
    InputError : for a value out of range, NaN from the function (naming the point), a flux sector that the
        boundaries cannot hold.

    >>> problem = GinzburgLandau(Grid((32, 32), 0.5), kappa=2.0, pseudo_potential=lambda x, y: (0 * x, 0.7 + 0 * y))
    >>> problem.warnings
    ('the pseudo-potential reaches 0.700 (1/ξ), beyond depairing at 0.577: the order parameter will be suppressed',)
    """

    grid: Grid
    kappa: float
    pseudo_potential: PseudoPotential = None
    applied_field: float = 0.0
    flux_quanta: int = 0
    magnetisation: Any = None
    epsilon: OnSites = 1.0
    sample: OnSites = None
    pseudo_links: Array = field(init=False, repr=False)
    warnings: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check_grid(self.grid)
        _check_kappa(self)
        _check_number("applied_field", self.applied_field)
        _check_sector(self.flux_quanta, self.grid)
        if self.magnetisation is not None:
            object.__setattr__(self, "magnetisation", on_plaquettes(self.grid, self.magnetisation))
        strength(self.grid, self.epsilon)
        sample_mask(self.grid, self.sample)
        object.__setattr__(self, "pseudo_links", pseudo_links(self.grid, self.pseudo_potential))
        object.__setattr__(self, "warnings", tuple(_warnings(self)))

    def in_sector(self, flux_quanta: int) -> GinzburgLandau:
        """The same problem in another flux sector (the pseudo-potential is not evaluated again)."""
        if flux_quanta == self.flux_quanta:
            return self
        return replace(self, flux_quanta=flux_quanta, pseudo_potential=self.pseudo_links)

    @property
    def frozen_field(self) -> bool:
        """Whether κ = ∞, so that no current can change B."""
        return math.isinf(self.kappa)

    @cached_property
    def background_links(self) -> Array:
        """Link phases in (−π, π] of the uniform field 2πN/area: Landau gauge with a twisted wrap."""
        links = np.zeros((2, *self.grid.shape))
        if self.flux_quanta:
            nx, ny = self.grid.shape
            flux = self.background_flux
            links[1] = flux * np.arange(nx)[:, None]
            links[0, -1] = -flux * nx * np.arange(ny)
        return links - 2 * math.pi * np.ceil((links - math.pi) / (2 * math.pi))

    @property
    def background_flux(self) -> float:
        """Flux of the uniform background through one plaquette, in Φ0/2π."""
        return 2 * math.pi * self.flux_quanta / self.grid.size

    @cached_property
    def field_source(self) -> Array:
        """(H + m) dx² on all plaquettes; one row if it is uniform."""
        source: Array = np.full((1, self.grid.shape[1]), self.applied_field * self.grid.cell)
        if self.magnetisation is not None:
            source = source + self.magnetisation * self.grid.cell
        return source

    @cached_property
    def mask(self) -> NDArray[np.bool_] | None:
        """The sites of the sample, or None for all."""
        return sample_mask(self.grid, self.sample)

    @cached_property
    def links_inside(self) -> NDArray[np.bool_]:
        """The links that can carry current, (2, Nx, Ny)."""
        return links_inside(self.grid, self.mask)

    @cached_property
    def coefficients(self) -> Coefficients:
        """The arrays and numbers of the energy function."""
        open_x, open_y = (not wraps for wraps in self.grid.periodic_axes)
        # without a sample shape one row serves all; the kernel itself knows the open end of x
        weight = (self.links_inside if self.mask is not None else self.links_inside[:, :1]).astype(float)
        return Coefficients(
            phase=self.pseudo_links + self.background_links,
            source=self.field_source - self.background_flux,
            epsilon=strength(self.grid, self.epsilon),
            weight=weight,
            cell=self.grid.cell,
            stiffness=0.0 if self.frozen_field else self.kappa**2 / self.grid.cell,
            open_x=open_x,
            open_y=open_y,
        )


def _check_grid(grid: Grid) -> None:
    example = "for example Grid(shape=(64, 64), spacing=0.5)"
    require(isinstance(grid, Grid), "grid", grid, "a Grid", example)
    fix = "layered 3D is not supported yet; use a two-dimensional grid"
    require(grid.ndim == 2, "grid.shape", grid.shape, "two-dimensional", fix)
    enough = tuple(math.ceil(length) for length in grid.extent)
    fix = f"refine to at least {enough} sites"
    require(grid.spacing <= 1.0, "grid.spacing", grid.spacing, "at most 1 coherence length", fix)
    _check_memory(grid)


def _check_memory(grid: Grid) -> None:
    need = BYTES_PER_SITE * grid.size
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system tells
        return
    if need > machine:
        given = f"{grid.shape}, which needs {need / 2**30:.1f} GiB,"
        allowed = f"within the {machine / 2**30:.1f} GiB of this machine"
        side = math.isqrt(machine // BYTES_PER_SITE)
        raise InputError("grid.shape", given, allowed, f"{side} × {side} sites fit")


def _check_number(name: str, value: Any, positive: bool = False) -> None:
    allowed = "a positive finite number" if positive else "a finite number"
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    require(number and math.isfinite(value) and (value > 0 or not positive), name, value, allowed)


def _check_sector(flux_quanta: int, grid: Grid) -> None:
    whole = isinstance(flux_quanta, (int, np.integer)) and not isinstance(flux_quanta, bool)
    require(whole, "flux_quanta", flux_quanta, "an integer", "a periodic cell holds whole flux quanta")
    fix = "leave flux_quanta = 0 and set applied_field, or make the grid periodic along both axes"
    allowed = "0 unless every axis is periodic"
    require(flux_quanta == 0 or grid.fully_periodic, "flux_quanta", flux_quanta, allowed, fix)
    allowed = f"at most a quarter of the {grid.size} plaquettes"
    require(4 * abs(flux_quanta) <= grid.size, "flux_quanta", flux_quanta, allowed, "refine the grid")


def _check_kappa(problem: GinzburgLandau) -> None:
    if not (isinstance(problem.kappa, float) and problem.kappa == math.inf):
        _check_number("kappa", problem.kappa, positive=True)
        return
    driven = problem.applied_field != 0 or problem.magnetisation is not None
    fix = "with κ = ∞ the field of a periodic cell is that of flux_quanta: leave out applied_field and magnetisation"
    allowed = "finite when a fully periodic cell has an applied field or a magnetisation"
    require(not (driven and problem.grid.fully_periodic), "kappa", problem.kappa, allowed, fix)


def _warnings(problem: GinzburgLandau) -> list[str]:
    found = []
    grid = problem.grid
    strongest = float(np.abs(problem.pseudo_links).max()) / grid.spacing
    if strongest > DEPAIRING:
        found.append(
            f"the pseudo-potential reaches {strongest:.3f} (1/ξ), beyond depairing at {DEPAIRING:.3f}: "
            "the order parameter will be suppressed"
        )
    if grid.spacing > 0.5:
        found.append(
            f"spacing {grid.spacing:.3g} ξ is coarse: vortex cores are resolved to about 0.5 ξ or finer"
        )
    parts = 1 if problem.mask is None else number_of_parts(grid, problem.mask)
    if parts > 1:
        found.append(f"the sample has {parts} disconnected parts: their relative phase is arbitrary")
    return found
