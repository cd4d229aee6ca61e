"""A configuration of order parameter and vector potential, and everything one can measure on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import areas, circulation, normals, only_existing
from .energy import energy_and_gradient
from .links import by_orientation
from .problem import GinzburgLandau
from .vortex_lines import VortexLine, trace
from .vortices import NORMAL, Vortices, find_vortices, piercings

if TYPE_CHECKING:
    from .ground_state import Candidate

__all__ = ["State", "pack", "residual_of"]

Array = NDArray[np.float64]
GIVEN = "evaluated as given, not minimised"
SETTLED = "settled in energy"  # how the message of such a minimisation begins


@dataclass(frozen=True, eq=False, repr=False)
class State:
    """Order parameter and vector potential of a `GinzburgLandau` problem, with observables.

    Attributes
    ----------
    order_parameter : ψ at the sites, (Nx, Ny) complex; in layers all arrays have a third axis.
    vector_potential : line integrals of A on the links, (2, Nx, Ny) or (3, Nx, Ny, Nz), without the uniform
        background of the flux sector (``problem.background_links``) and without ã (``problem.pseudo_links``).
    energy : relative to the normal state, Φ0²/8π²μ0λ² per length (in layers Φ0²ξ/8π²μ0λ², of a film Φ0²d/8π²μ0λ²);
        ``energies`` splits it into "condensation", "kinetic" and "magnetic".
    converged, residual, iterations, message : how it was found. ``residual`` is the largest violation of
        the two Ginzburg-Landau equations at any site or link, max(|δE/δψ*|, |κ²∇×(B−H) − j|).
    magnetic_field : B in H_c2 on the plaquettes that exist (``grid.plaquette_shape``); in layers on all three
        orientations of plaquettes, (3, Nx, Ny, Nz), where those that do not exist lie on an open surface and hold H.
    supercurrent : j = −|ψ|²(∇θ + A + ã) times the stiffness, at the sites, (2, Nx, Ny), in Φ0/2πμ0λ²ξ;
        ``link_current`` on links.  Between layers j is smaller by Γ².
    vortices, magnetisation (mean of B − H over the grid, H_c2; a vector in layers; that of an isolated film vanishes,
        see `sheet_moment`), free_energy_density.
    vortex_lines : tuple of `VortexLine`, the longest first (layers only).
    candidates : other minima, if a search found this one.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> State.of(GinzburgLandau(Grid((8, 8), 0.5), kappa=2.0), np.ones((8, 8)), np.zeros((2, 8, 8)))
    State(energy=-8.000000, Vortices(0 positive, 0 negative), residual=0.0e+00)
    """

    problem: GinzburgLandau
    order_parameter: NDArray[np.complex128]
    vector_potential: Array
    energy: float
    energies: dict[str, float]
    residual: float
    converged: bool = False
    iterations: int = 0
    message: str = GIVEN
    candidates: tuple[Candidate, ...] = field(default=())

    @classmethod
    def of(cls, problem: GinzburgLandau, order_parameter: object, vector_potential: object) -> State:
        """The state with the given ψ and links of A, evaluated but not minimised."""
        return cls.from_fields(problem, pack(problem, order_parameter, vector_potential))

    @classmethod
    def from_fields(
        cls,
        problem: GinzburgLandau,
        fields: Array,
        *,
        converged: bool = False,
        iterations: int = 0,
        message: str = GIVEN,
    ) -> State:
        """The state of ``fields`` = (Re ψ, Im ψ, A_x, A_y[, A_z])."""
        gradient = np.empty_like(fields)
        terms = energy_and_gradient(fields, problem.coefficients, gradient)
        return cls(
            problem=problem,
            order_parameter=fields[0] + 1j * fields[1],
            vector_potential=fields[2:].copy(),
            energy=sum(terms),
            energies=terms._asdict(),
            residual=residual_of(problem, gradient),
            converged=converged,
            iterations=iterations,
            message=message,
        )

    def __repr__(self) -> str:
        normal = np.abs(self.order_parameter).max() < NORMAL
        parts = [f"energy={self.energy:.6f}", "normal" if normal else repr(self.vortices)]
        if self.problem.mask is not None and np.any(self.problem.flux_quanta):  # holes may keep some of it
            parts.append(f"flux_quanta={self.problem.flux_quanta}")
        parts.append(f"residual={self.residual:.1e}")
        if self.converged:
            parts.append("converged")
        elif self.message.startswith(SETTLED):
            parts.append(SETTLED)
        elif self.message != GIVEN:
            parts.append("NOT CONVERGED")
        return f"State({', '.join(parts)}){''.join(f'; warning: {w}' for w in self.problem.warnings)}"

    @cached_property
    def magnetic_field(self) -> Array:
        """B in H_c2 on the plaquettes that exist (3D: on all, H on those beyond an open surface)."""
        grid = self.problem.grid
        if grid.ndim == 3:
            field = by_orientation(grid, self.problem.applied_field)
            return np.asarray(self._excess / areas(grid) + field + self._magnetisation)
        nx, ny = grid.plaquette_shape
        field = self._excess / grid.cell + self.problem.applied_field + self._magnetisation
        return np.asarray(field[:nx, :ny])

    @cached_property
    def link_current(self) -> Array:
        """Supercurrent density along every link: −½ ∂(kinetic energy)/∂A × (length of the link/volume of a cell)."""
        psi, u, problem = self.order_parameter, np.exp(1j * self._phases), self.problem
        grid, weights = problem.grid, problem.weights
        scales = [h / grid.cell * w for h, w in zip(grid.spacings, weights, strict=True)]
        current = [-c * (psi.conj() * u[a] * np.roll(psi, -1, axis=a)).imag for a, c in enumerate(scales)]
        return np.stack(current) * problem.links_inside

    @cached_property
    def supercurrent(self) -> Array:
        """Supercurrent density at the sites: mean of the two links of an axis; none crosses a surface."""
        return np.stack([0.5 * (c + np.roll(c, 1, axis=a)) for a, c in enumerate(self.link_current)])

    @cached_property
    def vortices(self) -> Vortices:
        """Vortices of the sample, by gauge-invariant integer winding.

        Where superconductor fills the cell their windings sum to the flux sector (in every layer).  Holes in a
        ``sample`` and normal regions (|ψ| < 1e-6) keep flux that counts no vortex: see `fluxoid`.
        """
        problem, flux = self.problem, self._total_flux
        along_z = flux[2] if problem.grid.ndim == 3 else flux
        return find_vortices(problem.grid, self.order_parameter, self._phases, along_z, self._all_inside)

    @cached_property
    def vortex_lines(self) -> tuple[VortexLine, ...]:
        """Vortex lines of a layered crystal, through the plaquettes of all orientations that they pierce."""
        grid = self.problem.grid
        require(
            grid.ndim == 3, "grid.shape", grid.shape, "three-dimensional", "in two dimensions see vortices"
        )
        given = (self.order_parameter, self._phases)
        found = [
            piercings(grid, n, *given, flux, self._all_inside) for n, flux in enumerate(self._total_flux)
        ]
        return trace(grid, found)

    @cached_property
    def magnetisation(self) -> float | Array:
        """Mean of B − H over the grid (B = H on an open surface), in H_c2; a vector in layers."""
        axes = tuple(range(-self.problem.grid.ndim, 0))
        excess = self._excess / areas(self.problem.grid) + self._magnetisation
        mean = excess.sum(axis=axes) / self.problem.grid.size
        return float(mean) if self.problem.grid.ndim == 2 else np.asarray(mean)

    @cached_property
    def free_energy_density(self) -> Array:
        """Energy density at the sites: links and plaquettes are shared among their sites."""
        problem, psi = self.problem, self.order_parameter
        grid = problem.grid
        density = np.abs(psi) ** 2
        total = problem.filling * density * (0.5 * density - problem.coefficients.epsilon)
        for axis, (exists, weight) in enumerate(zip(problem.links_inside, problem.weights, strict=True)):
            step = np.exp(1j * self._phases[axis]) * np.roll(psi, -1, axis=axis) - psi
            share = 0.5 / grid.cell * weight * np.abs(step) ** 2 * exists
            total += share + np.roll(share, 1, axis=axis)
        kappa = 0.0 if problem.frozen_field else problem.kappa
        faces = np.reshape(0.25 * (kappa * self._excess / areas(grid)) ** 2, (-1, *grid.shape))
        if problem.stray_field is not None:  # the energy of the half spaces, ascribed to the plane
            faces = (0.25 / grid.cell) * (self._excess * problem.stray_field.stream(self._excess))[None]
        for face, (a, b) in zip(faces, normals(grid), strict=True):
            share = face + np.roll(face, 1, axis=a)
            total += share + np.roll(share, 1, axis=b)
        return np.asarray(total)

    @property
    def _all_inside(self) -> NDArray[np.bool_] | None:
        return None if self.problem.mask is None else self.problem.links_inside

    @cached_property
    def _phases(self) -> Array:
        return self.vector_potential + self.problem.coefficients.phase

    @cached_property
    def _excess(self) -> Array:
        """Flux of B − H − m through all plaquettes, zero where none exists."""
        problem, grid = self.problem, self.problem.grid
        excess = circulation(grid, self.vector_potential) + (problem.background_flux - problem.field_source)
        return only_existing(grid, excess)

    @property
    def _magnetisation(self) -> Array | float:
        frozen, film = self.problem.magnetisation, self.problem.stray_field
        if frozen is None:
            return 0.0
        return np.asarray(frozen if film is None else film.of_moments(frozen) / self.problem.grid.cell)

    @property
    def _total_flux(self) -> Array:
        """Circulation of A, ã and the background."""
        problem = self.problem
        flux = circulation(problem.grid, self.vector_potential + problem.pseudo_links)
        return np.asarray(flux + problem.background_flux)


def residual_of(problem: GinzburgLandau, gradient: Array) -> float:
    """Largest violation of the two Ginzburg-Landau equations, from the gradient of the lattice energy."""
    cell = problem.grid.cell
    psi = math.sqrt(float((gradient[0] ** 2 + gradient[1] ** 2).max()))
    links = () if problem.frozen_field else zip(gradient[2:], problem.grid.spacings, strict=True)
    return max([psi, *(h * float(np.abs(force).max()) for force, h in links)]) / (2 * cell)


def _numbers(name: str, given: object, kind: type) -> NDArray[Any]:
    try:
        return np.asarray(given, dtype=kind)
    except (TypeError, ValueError):
        raise InputError(name, repr(given)[:60], f"an array of {kind.__name__} numbers") from None


def pack(problem: GinzburgLandau, order_parameter: object, vector_potential: object) -> Array:
    """Check ψ and A and put them into one real array (2 + axes, *shape), zero where there is no sample or no link."""
    shape = problem.grid.shape
    psi = _numbers("order_parameter", order_parameter, complex)
    potential = _numbers("vector_potential", vector_potential, float)
    require(psi.shape == shape, "order_parameter", f"of shape {psi.shape}", f"of shape {shape}")
    require(bool(np.isfinite(psi).all()), "order_parameter", "not finite everywhere", "finite")
    links = (problem.grid.ndim, *shape)
    require(potential.shape == links, "vector_potential", f"of shape {potential.shape}", f"of shape {links}")
    require(bool(np.isfinite(potential).all()), "vector_potential", "not finite everywhere", "finite")
    fields = np.stack([psi.real, psi.imag, *potential])
    if problem.mask is not None:
        fields[:2] *= problem.mask
    for axis, wraps in enumerate(problem.grid.periodic_axes):
        if not wraps:
            np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0.0
    return fields
