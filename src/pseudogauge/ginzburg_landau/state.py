"""A configuration of order parameter and vector potential, and everything one can measure on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from ..numerics.curl import circulation
from .energy import energy_and_gradient
from .problem import GinzburgLandau
from .vortices import Vortices, find_vortices

if TYPE_CHECKING:
    from .ground_state import Candidate

__all__ = ["State", "pack", "residual_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class State:
    """Order parameter and vector potential of a `GinzburgLandau` problem, with observables.

    Attributes
    ----------
    order_parameter : ψ at the sites, (Nx, Ny) complex.
    vector_potential : line integrals of A on the links, (2, Nx, Ny), without the uniform background of the
        flux sector (``problem.background_links``) and without ã (``problem.pseudo_links``).
    energy : relative to the normal state, Φ0²/8π²μ0λ² per length; ``energies`` splits it into "condensation",
        "kinetic" and "magnetic".
    converged, residual, iterations, message : how it was found. ``residual`` is the largest violation of
        the two Ginzburg-Landau equations at any site or link, max(|δE/δψ*|, |κ²∇×(B−H) − j|).
    magnetic_field : B in H_c2 on the plaquettes that exist (``grid.plaquette_shape``).
    supercurrent : j = −|ψ|²(∇θ + A + ã) at the sites, (2, Nx, Ny), in Φ0/2πμ0λ²ξ; ``link_current`` on links.
    vortices, magnetisation (mean of B − H over the grid, H_c2), free_energy_density (Nx, Ny).
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
    message: str = "evaluated as given, not minimised"
    candidates: tuple[Candidate, ...] = field(default=())

    @classmethod
    def of(cls, problem: GinzburgLandau, order_parameter: object, vector_potential: object) -> State:
        """The state with the given ψ (Nx, Ny) and links of A (2, Nx, Ny), evaluated but not minimised."""
        return cls.from_fields(problem, pack(problem, order_parameter, vector_potential))

    @classmethod
    def from_fields(
        cls,
        problem: GinzburgLandau,
        fields: Array,
        *,
        converged: bool = False,
        iterations: int = 0,
        message: str = "evaluated as given, not minimised",
    ) -> State:
        """The state of ``fields`` = (Re ψ, Im ψ, A_x, A_y)."""
        gradient = np.empty_like(fields)
        terms = energy_and_gradient(fields, problem.coefficients, gradient)
        if problem.frozen_field:
            gradient[2:] = 0.0
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
        how = f", {'converged' if self.converged else 'NOT CONVERGED'}" if self.iterations else ""
        return f"State(energy={self.energy:.6f}, {self.vortices}, residual={self.residual:.1e}{how})"

    @cached_property
    def magnetic_field(self) -> Array:
        """B in H_c2 on the plaquettes that exist."""
        grid = self.problem.grid
        nx, ny = grid.plaquette_shape
        flux = circulation(grid, self.vector_potential) + self.problem.background_flux
        return flux[:nx, :ny] / grid.cell

    @cached_property
    def link_current(self) -> Array:
        """Supercurrent density along every link, (2, Nx, Ny): −½ ∂(kinetic energy)/∂A / dx."""
        psi, u = self.order_parameter, np.exp(1j * self._phases)
        current = np.stack([-(psi.conj() * u[a] * np.roll(psi, -1, axis=a)).imag for a in range(2)])
        return current * self.problem.links_inside / self.problem.grid.spacing

    @cached_property
    def supercurrent(self) -> Array:
        """Supercurrent density at the sites, (2, Nx, Ny): mean of the two links; none crosses a surface."""
        return np.stack([0.5 * (c + np.roll(c, 1, axis=a)) for a, c in enumerate(self.link_current)])

    @cached_property
    def vortices(self) -> Vortices:
        """Vortices, by gauge-invariant integer winding; their windings sum to the flux sector."""
        problem = self.problem
        flux = circulation(problem.grid, self.vector_potential + problem.pseudo_links)
        flux += problem.background_flux
        return find_vortices(problem.grid, self.order_parameter, self._phases, flux, problem.mask)

    @cached_property
    def magnetisation(self) -> float:
        """Mean of B − H over the grid (B = H on an open surface), in H_c2."""
        excess = self.magnetic_field - self.problem.applied_field
        return float(excess.sum()) / self.problem.grid.size

    @cached_property
    def free_energy_density(self) -> Array:
        """Energy density at the sites, (Nx, Ny): links and plaquettes are shared among their sites."""
        problem, psi = self.problem, self.order_parameter
        grid = problem.grid
        density = np.abs(psi) ** 2
        total = density * (0.5 * density - problem.coefficients.epsilon) * grid.cell
        for axis, exists in enumerate(problem.links_inside):
            step = np.exp(1j * self._phases[axis]) * np.roll(psi, -1, axis=axis) - psi
            share = 0.5 * np.abs(step) ** 2 * exists
            total += share + np.roll(share, 1, axis=axis)
        nx, ny = grid.plaquette_shape
        field = np.zeros(grid.shape)
        source = np.broadcast_to(problem.field_source, grid.shape)[:nx, :ny]
        field[:nx, :ny] = self.magnetic_field * grid.cell - source
        share = 0.25 * problem.coefficients.stiffness * field**2
        share = share + np.roll(share, 1, axis=0)
        return (total + share + np.roll(share, 1, axis=1)) / grid.cell

    @cached_property
    def _phases(self) -> Array:
        return self.vector_potential + self.problem.coefficients.phase


def residual_of(problem: GinzburgLandau, gradient: Array) -> float:
    """Largest violation of the two Ginzburg-Landau equations, from the gradient of the lattice energy."""
    grid = problem.grid
    psi = math.sqrt(float((gradient[0] ** 2 + gradient[1] ** 2).max())) / (2 * grid.cell)
    return max(psi, float(np.abs(gradient[2:]).max()) / (2 * grid.spacing))


def pack(problem: GinzburgLandau, order_parameter: object, vector_potential: object) -> Array:
    """Check ψ and A and put them into one real array (4, Nx, Ny), zero outside the sample and beyond open surfaces."""
    shape = problem.grid.shape
    psi = np.asarray(order_parameter, dtype=complex)
    potential = np.asarray(vector_potential, dtype=float)
    require(psi.shape == shape, "order_parameter", f"of shape {psi.shape}", f"of shape {shape}")
    require(bool(np.isfinite(psi).all()), "order_parameter", "not finite everywhere", "finite")
    links = (2, *shape)
    require(potential.shape == links, "vector_potential", f"of shape {potential.shape}", f"of shape {links}")
    require(bool(np.isfinite(potential).all()), "vector_potential", "not finite everywhere", "finite")
    fields = np.stack([psi.real, psi.imag, *potential])
    if problem.mask is not None:
        fields[:2] *= problem.mask
    for axis, wraps in enumerate(problem.grid.periodic_axes):
        if not wraps:
            np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0.0
    return fields
