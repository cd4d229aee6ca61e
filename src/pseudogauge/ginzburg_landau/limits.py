"""What a problem may be: refusals of bad settings before any work starts, and warnings about doubtful ones."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import areas, circulation, normals
from ..numerics.grid import Grid
from .links import by_orientation, check_sources, on_plaquettes
from .material import number_of_parts

if TYPE_CHECKING:
    from .problem import GinzburgLandau

Array = NDArray[np.float64]

__all__ = [
    "applied",
    "check_film",
    "check_flux",
    "check_fluxes",
    "check_kappa",
    "check_sector",
    "checked_grid",
    "vector",
    "warnings_of",
]

DEPAIRING = 1 / math.sqrt(3)
"""Superfluid momentum, in 1/ξ, above which a uniform current destroys superconductivity."""
QUARTER = math.pi / 2
"""Largest flux through a plaquette, in Φ0/2π."""
COARSE = 0.75
"""Change of a smooth ã over one spacing, as a fraction of its maximum, beyond which it is hardly resolved."""
BYTES_PER_SITE = {2: 1000, 3: 1100}
"""Memory of a minimisation, in two and three dimensions."""


def checked_grid(problem: GinzburgLandau) -> Grid:
    """The grid with its layer spacing."""
    grid, spacing = problem.grid, problem.layer_spacing
    require(isinstance(grid, Grid), "grid", grid, "a Grid", "for example Grid(shape=(64, 64), spacing=0.5)")
    if spacing is not None and spacing != grid.layer_spacing:
        grid = replace(grid, layer_spacing=spacing)
    enough = (*(math.ceil(length) for length in grid.extent[:2]), *grid.shape[2:])
    fix = f"refine to at least {enough} sites"
    require(grid.spacing <= 1.0, "grid.spacing", grid.spacing, "at most 1 coherence length", fix)
    _check_number("anisotropy", problem.anisotropy, positive=True)
    fix = "layers need a third axis: Grid(shape=(Nx, Ny, Nz), ...)"
    isotropic = grid.ndim == 3 or problem.anisotropy == 1
    require(isotropic, "anisotropy", problem.anisotropy, "1 in two dimensions", fix)
    _check_memory(grid, film=problem.pearl_length is not None)
    return grid


def vector(name: str, value: Any, grid: Grid) -> Any:
    """A number along z, or in three dimensions a vector as a tuple of three; integers for flux quanta."""
    check = _check_whole if name == "flux_quanta" else _check_number
    if grid.ndim == 2:
        fix = (
            "a sample that is uniform along z knows H_z only; fields in the plane need a grid with three axes"
        )
        require(np.ndim(value) == 0, name, value, "a number, along z", fix)
        check(name, value)
        return value
    parts = (0, 0, value) if np.ndim(value) == 0 else tuple(value)
    require(len(parts) == 3, name, value, "a number (along z) or three of them, (x, y, z)")
    for axis, part in zip("xyz", parts, strict=True):
        check(f"{name} along {axis}", part)
    return tuple(int(part) if name == "flux_quanta" else float(part) for part in parts)


def applied(field: Any, grid: Grid) -> Any:
    """The applied field: uniform, as `vector` gives it, or an array on the plaquettes."""
    if not callable(field) and np.ndim(field) < 2:
        return vector("applied_field", field, grid)
    found = on_plaquettes(grid, field, "applied_field")
    if grid.ndim == 3:
        check_sources(
            grid, found, 1e-3 if callable(field) else 0.05
        )  # values at centres err by some (spacing/size)²
    return found


def _check_memory(grid: Grid, film: bool) -> None:
    per_site = BYTES_PER_SITE[grid.ndim] + (300 if film else 0)  # in double precision
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


def check_sector(flux_quanta: Any, grid: Grid) -> None:
    """Refuse flux that the boundaries cannot hold, or the grid not resolve."""
    for quanta, spanned in zip(np.atleast_1d(flux_quanta), normals(grid), strict=True):
        fix = "leave flux_quanta = 0 and set applied_field, or make the grid periodic along both axes"
        allowed = "0 unless every axis is periodic" if grid.ndim == 2 else "0 across a face with an open side"
        require(quanta == 0 or _closed(grid, spanned), "flux_quanta", flux_quanta, allowed, fix)
        count = grid.shape[spanned[0]] * grid.shape[spanned[1]]
        allowed = f"at most a quarter of the {count} plaquettes"
        require(4 * abs(quanta) <= count, "flux_quanta", flux_quanta, allowed, "refine the grid")


def _closed(grid: Grid, axes: tuple[int, int]) -> bool:
    return all(grid.periodic_axes[axis] for axis in axes)


def check_kappa(problem: GinzburgLandau) -> None:
    """Refuse κ, Λ and layer spacings that make no sense together with the boundaries and the applied field."""
    grid, kappa = problem.grid, problem.kappa
    if problem.pearl_length is not None:
        _check_number("pearl_length", problem.pearl_length, positive=True)
        fix = "Λ = 2λ²/d of a film takes its place; for a film without screening give kappa=math.inf alone"
        require(not kappa, "kappa", kappa, "left out when pearl_length is given", fix)
        return
    fix = "give kappa = λ/ξ, or the pearl_length of a thin film"
    require(kappa is not None, "kappa", "missing", "given", fix)
    if not (isinstance(kappa, (float, np.floating)) and kappa == math.inf):
        _check_number("kappa", kappa, positive=True)
        fix = "the field between layers varies over λ: take layers nearer to each other"
        too_far = grid.layer_spacing is not None and grid.layer_spacing > kappa
        require(not too_far, "layer_spacing", grid.layer_spacing, f"at most λ = {kappa:.6g} ξ", fix)
        return
    for part, spanned in zip(by_orientation(grid, problem.applied_field), normals(grid), strict=True):
        driven = bool(part.any()) or problem.magnetisation is not None
        fix = "with κ = ∞ the field of a periodic cell is that of flux_quanta: no applied_field, no magnetisation"
        allowed = "finite when a fully periodic cell has an applied field or a magnetisation"
        require(not (driven and _closed(grid, spanned)), "kappa", kappa, allowed, fix)


def check_fluxes(problem: GinzburgLandau) -> None:
    """Refuse fields that the plaquettes cannot resolve."""
    check_flux("applied_field", areas(problem.grid) * by_orientation(problem.grid, problem.applied_field))
    if problem.magnetisation is not None:
        film, frozen = problem.stray_field, problem.magnetisation
        flux = areas(problem.grid) * frozen if film is None else film.of_moments(frozen)
        check_flux("magnetisation", flux)


def check_flux(name: str, flux: Array | float) -> None:
    """Refuse a field whose flux through a plaquette (Φ0/2π) links, known modulo 2π, could take for another one."""
    most = float(np.abs(flux).max())
    allowed = "at most a quarter of a flux quantum through any plaquette, π/2 in Φ0/2π"
    require(
        most <= QUARTER * (1 + 1e-12), name, f"{most:.4g} through a plaquette", allowed, "refine the grid"
    )


def check_film(problem: GinzburgLandau) -> None:
    """Refuse a film whose field the cell cannot hold."""
    fix = "give its shape as sample, with vacuum around it, on a Grid((Nx, Ny), spacing, periodic=True)"
    flat = problem.grid.ndim == 2 and problem.grid.fully_periodic
    require(flat, "grid", problem.grid, "a periodic plane for a film with pearl_length", fix)
    if problem.quantised:
        fix = "the mean field of a film without end is that of flux_quanta; or leave vacuum around a sample"
        field = np.asarray(problem.applied_field)
        none = abs(float(field.mean())) <= 1e-9 * float(np.abs(field).max())
        require(none, "applied_field", f"{field.mean():.4g} on average", "0 in a film without end", fix)
    else:
        fix = "vacuum around the film lets flux through: use applied_field"
        require(problem.flux_quanta == 0, "flux_quanta", problem.flux_quanta, "0 beside vacuum", fix)


def _strongest(problem: GinzburgLandau, links: Array) -> float:
    """Largest |links| in the sample per length, in inverse coherence lengths of the place and direction."""
    lengths = np.sqrt(problem.weights / problem.grid.cell)
    return float(np.abs(lengths * links * problem.links_inside).max())


def warnings_of(problem: GinzburgLandau) -> list[str]:
    """What is allowed and may not be meant."""
    from .london import London  # which needs problems itself

    found = []
    grid = problem.grid
    strongest = _strongest(problem, problem.pseudo_links)
    if strongest > DEPAIRING:  # some of it, or all, may be cancelled
        strongest = _strongest(problem, London(problem).response)
    if strongest > DEPAIRING:
        found.append(
            f"the pseudo-potential drives a flow of {strongest:.3f} (1/ξ), beyond depairing at {DEPAIRING:.3f}: "
            "the order parameter will be suppressed"
        )
    flux = float(np.abs(circulation(grid, problem.pseudo_links)).max())
    if flux > QUARTER * (1 + 1e-12):
        found.append(
            f"the pseudo-potential has a circulation of {flux:.3g} round a plaquette, beyond π/2: "
            "links know it modulo 2π, so refine the grid unless it is meant"
        )
    shortest = math.sqrt(min(float(np.min(part)) for part in problem.local_stiffness[:2]))
    if grid.spacing > 0.5 * shortest:
        found.append(
            f"spacing {grid.spacing:.3g} ξ is coarse: "
            f"vortex cores are resolved to about {0.5 * shortest:.3g} ξ or finer"
        )
    edge = getattr(problem.pseudo_potential, "smoothing", math.inf) * math.sqrt(2 * math.pi)
    if grid.spacing > edge / 2:
        found.append(
            f"spacing {grid.spacing:.3g} ξ is coarse for edges of width {edge:.3g} ξ: "
            "half of that or finer resolves them"
        )
    sampled = callable(problem.pseudo_potential) and not hasattr(problem.pseudo_potential, "on_links")
    exist = [
        part if wraps else np.delete(part, -1, axis=axis)
        for axis, (part, wraps) in enumerate(zip(problem.pseudo_links, grid.periodic_axes, strict=True))
    ]
    steps = (np.abs(np.diff(part, axis=a)).max(initial=0.0) for part in exist for a in range(grid.ndim))
    if sampled and max(steps) > COARSE * np.abs(problem.pseudo_links).max():
        found.append(
            "the pseudo-potential changes by most of its maximum from one link to the next: "
            "the spacing is coarse for it"
        )
    parts = 1 if problem.mask is None else number_of_parts(grid, problem.mask)
    if parts > 1:
        found.append(f"the sample has {parts} disconnected parts: their relative phase is arbitrary")
    return found
