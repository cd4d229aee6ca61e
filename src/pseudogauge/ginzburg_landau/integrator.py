"""One time step: a second-order Rosenbrock method whose order does not depend on its approximate Jacobian.

With ẏ = F(t, y), W = 1 − γ dt J for any J (Verwer, Spee, Blom and Hundsdorfer, SIAM J. Sci. Comput. 20, 1456 (1999)),

    W k1 = F(t, y),    W k2 = F(t + dt, y + dt k1) − 2 k1,    y → y + (3/2) dt k1 + (1/2) dt k2.

F is the exact gradient of the lattice energy.  J is a product of operators that follow gauge transformations:
the covariant Laplacian line by line along every axis, and the exact ∇×∇× of the vector potential.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import circulation, curl_of_plaquettes
from ..numerics.modes import BETWEEN, Modes
from .drive import Drive
from .energy import energy_and_gradient
from .lines import Lines
from .london import London

__all__ = ["Integrator", "Point"]

Array = NDArray[np.float64]
PLAQUETTES = (BETWEEN, BETWEEN)


class Point(NamedTuple):
    """A moment of the evolution."""

    time: float
    fields: Array
    energy: float
    rounding: float  # of the energy
    rates: Array  # F(t, y)


@dataclass(frozen=True, eq=False)
class Integrator:
    """u ∂ψ/∂t = −δE/δψ*, σ ∂A/∂t = −½ δE/δA − J, in the gauge without electric potential."""

    drive: Drive
    relaxation: float
    conductivity: float
    gamma: float
    threads: int

    def at(self, time: float, fields: Array) -> Point:
        """Energy and deterministic rates of change."""
        rates = np.empty_like(fields)
        terms = energy_and_gradient(fields, self.drive.coefficients(time), rates, self.threads)
        problem = self.drive.problem
        rates[:2] *= -1 / (2 * self.relaxation * problem.grid.cell * problem.filling)
        push = self.drive.push(time)
        for axis, weight in enumerate(problem.link_weights):
            force = 0.5 * rates[2 + axis] if push is None else 0.5 * rates[2 + axis] + push[axis]
            rates[2 + axis] = -force / (self.conductivity * weight)
        if problem.frozen_field:
            rates[2:] = self._without_flux(rates[2:])
        rounding = 1e-14 * (abs(terms[0]) + terms[1] + terms[2])
        return Point(time, fields, sum(terms), rounding, rates)

    def step(self, here: Point, until: float, kick: Array | None) -> tuple[Point, Array]:
        """The moment ``until``, and the difference of the step from its first-order companion y + dt k1."""
        dt = until - here.time
        implicit = self._implicit(here, dt)
        turned = self.drive.turned_up(here.time, until)
        first = implicit.solve(here.rates if kick is None else here.rates + kick)
        if turned is not None:
            first[2:] += turned / dt
        middle = self.at(until, here.fields + dt * first)
        right = middle.rates - 2 * first
        if kick is not None:
            right += kick
        second = implicit.solve(right)
        if turned is not None:
            second[2:] -= turned / dt
        difference = (0.5 * dt) * (first + second)
        return self.at(until, middle.fields + difference), difference

    def _implicit(self, here: Point, dt: float) -> _Implicit:
        """W at this moment."""
        problem, fields = self.drive.problem, here.fields
        coefficients = self.drive.coefficients(here.time)
        density = fields[0] ** 2 + fields[1] ** 2
        length = self.gamma * dt / self.relaxation
        filling = problem.filling
        own = filling * (1 + 0.5 * length * np.maximum(2 * density - coefficients.epsilon, 0))
        lines = []
        for axis, (inside, weight) in enumerate(zip(problem.links_inside, problem.weights, strict=True)):
            pull = inside * (length / problem.grid.cell * weight)
            phase = fields[2 + axis] + coefficients.phase[axis]
            lines.append(
                Lines.along(axis, phase, pull, own if axis < 2 else filling * np.ones_like(own), self.threads)
            )
        time = self.gamma * dt / self.conductivity
        softest = max(
            float(w.max()) / bulk for w, bulk in zip(problem.weights, problem.link_weights, strict=True)
        )
        screening = 1 + time * softest * float(density.max())
        diffusion = 0.0 if problem.frozen_field else time * problem.field_stiffness
        if problem.grid.ndim == 3 or problem.frozen_field:
            return _Implicit(self, lines, screening, diffusion, 0.0)
        squared = self._modes.curl_of_flow(problem.masses)
        flux = diffusion / (problem.grid.cell * (screening + diffusion * squared))
        return _Implicit(self, lines, screening, diffusion, flux)

    @cached_property
    def _modes(self) -> Modes:
        return Modes(self.drive.problem.grid, self.threads)

    @cached_property
    def _all_flux(self) -> Array:
        squared = self._modes.curl_of_flow(self.drive.problem.masses)
        return 1 / (self.drive.problem.grid.cell * np.where(squared > 0, squared, np.inf))

    def _relaxed(self, links: Array, screening: float, diffusion: Array | float) -> Array:
        """(screening + diffusion M⁻¹∇×∇×)⁻¹ links of layers, with M the inverse masses, which weight σ as well."""
        modes, masses = self._modes, self.drive.problem.masses
        own, along = modes.curl_inverse(diffusion, [screening * m for m in masses])
        places, spacings = modes.link_places, self.drive.problem.grid.spacings
        given = zip(links, masses, spacings, places, strict=True)
        forces = [mass / h * modes.forward(a, place) for a, mass, h, place in given]
        common = sum(np.conj(v) * a for v, a in zip(along, forces, strict=True))
        found = zip(own, along, forces, spacings, places, strict=True)
        return np.stack([h * modes.inverse(d * a + v * common, place) for d, v, a, h, place in found])

    def _without_flux(self, links: Array) -> Array:
        """What κ = ∞ leaves of rates: an electric potential and uniform fields, with the same divergence of M links."""
        if len(links) == 2:
            return links - self._with_flux(links, self._all_flux)
        periodic = np.reshape(self.drive.problem.grid.periodic_axes, (3, 1, 1, 1))
        uniform = periodic * links.mean(axis=(1, 2, 3), keepdims=True)
        return np.asarray(uniform + London(self.drive.problem).longitudinal(links))

    def _with_flux(self, links: Array, factor: Array | float) -> Array:
        """M⁻¹C† f C links, with C the circulation; ``factor`` holds f for every mode of the plaquettes."""
        problem = self.drive.problem
        flux = self._modes.forward(circulation(problem.grid, links), PLAQUETTES)
        curl = curl_of_plaquettes(problem.grid, self._modes.inverse(factor * flux, PLAQUETTES))
        return np.asarray(curl / np.reshape(problem.masses, (2, 1, 1)))


@dataclass(frozen=True, eq=False)
class _Implicit:
    """W of one step: (1 + c/2 + X)(1 + c/2 + Y) for ψ and 1 + n + κ²∇×∇× (times γ dt/σ) for A.

    In layers a third factor 1 + Z joins the product, and ∇×∇× is divided by the inverse masses.
    """

    integrator: Integrator
    lines: list[Lines]
    screening: float
    diffusion: Array | float
    flux: Array | float

    def solve(self, right: Array) -> Array:
        """W⁻¹ of rates of change."""
        result = np.empty_like(right)
        re, im = right[0], right[1]
        filling = self.integrator.drive.problem.filling
        for lines in self.lines:
            re, im = (
                lines.solve(re, im) if isinstance(filling, float) else lines.solve(filling * re, filling * im)
            )
        result[0], result[1] = re, im
        if self.integrator.drive.problem.frozen_field:
            result[2:] = self.integrator._without_flux(right[2:]) / self.screening
            return result
        if len(self.lines) == 3:
            result[2:] = self.integrator._relaxed(right[2:], self.screening, self.diffusion)
            return result
        result[2:] = right[2:] - self.integrator._with_flux(right[2:], self.flux)
        result[2:] /= self.screening
        return result
