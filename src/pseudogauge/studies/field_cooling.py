"""Field cooling: noisy dynamics through T_c in a fixed pseudo-gauge field, and what it leaves behind.

Noise, growing order parameter and frozen ã as in docs/theory/field_cooling.md; after the ramp the noise is switched
off, the state settles, and the energy is minimised.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, zeta

from ..errors import require
from ..ginzburg_landau import GinzburgLandau, Grid, Ramp, State, evolve, minimise
from ..inclusions import Inclusions, PseudoField, disks, pseudo_field, ring_currents
from ..units import Scales
from .phases import Places, places_of_state

__all__ = ["Cooled", "Cooling", "Sample", "cool", "pair_cost", "pseudo_potential_at_transition"]

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""ε at which the vortices are counted on the way down."""
STEP_TOLERANCE = 0.1
"""`evolve`'s tol with noise: the kicks themselves are of this size, the stability limit rules the step."""


@dataclass(frozen=True)
class Sample:
    """``columns`` × ``rows`` equal inclusions on a square lattice, in a cell or a sample with surfaces; lengths in ξ.

    Parameters
    ----------
    filling : area fraction x of the disks in the lattice, below π/4.
    height : h̃ inside an inclusion in H_c1; 0 is the control, with the same disks and no pseudo-field.
        It is that of the exchange region, see ``exchange_overhang``.
    open : surfaces with B = H = 0, ``margin`` outside the lattice, that flux may cross: all of them, or those across x
        ("x", a strip that is periodic along y). A periodic cell keeps its flux.
    flux_quanta : that flux in Φ0: what a cell is cooled in.
    flipped : numbers of the inclusions with reversed moment.
    spacing : of the grid, at most (the side along y is divided evenly, and the margins follow).
    columns : number of inclusions along x, ``rows`` unless given.
    exchange_overhang : how far b_z reaches beyond the disk. None: 0.6 edge widths, but less than half the gap, so that
        exchange fields do not meet: where the gap is below ``edge_width``, the ring ends within its edge and the mean h̃
        is below x h̃ (docs/theory/field_cooling.md).

    >>> sample = Sample(filling=0.2, height=1.8)
    >>> sample.problem.grid.shape, round(sample.inclusions.filling, 12), sample.problem.warnings[:1]
    ((48, 48), 0.2, ('spacing 1 ξ is coarse: ...',))
    """

    filling: float
    height: float
    open: bool | Literal["x"] = False
    flipped: tuple[int, ...] = ()
    spacing: float = 1.0
    kappa: float = 10.0
    period: float = 24.0
    rows: int = 2
    edge_width: float = 5.0
    margin: float = 9.0
    columns: int | None = None
    exchange_overhang: float | None = None
    flux_quanta: int = 0

    def __post_init__(self) -> None:
        require(
            0 < self.filling < math.pi / 4, "filling", self.filling, "between 0 and π/4, where disks touch"
        )
        require(math.isfinite(self.height), "height", self.height, "a finite number, in H_c1")
        require(self.open in (True, False, "x"), "open", self.open, 'True, False or "x"')
        for name, number in zip(("columns", "rows"), self.lattice, strict=True):
            require(number > 0, name, number, "at least 1")
        count = math.prod(self.lattice)
        known = all(0 <= number < count for number in self.flipped)
        require(known, "flipped", self.flipped, f"numbers of inclusions, 0 to {count - 1}")

    @property
    def lattice(self) -> tuple[int, int]:
        """Inclusions along x and y."""
        return (self.rows if self.columns is None else self.columns, self.rows)

    @cached_property
    def grid(self) -> Grid:
        """Square plaquettes; along x as many as come closest to the margins asked for."""
        opened = bool(self.open), self.open is True
        length, width = (
            number * self.period + 2 * self.margin * surface
            for number, surface in zip(self.lattice, opened, strict=True)
        )
        sites = math.ceil(width / self.spacing - 1e-9)
        return Grid((round(length * sites / width), sites), width / sites, tuple(not one for one in opened))

    @cached_property
    def inclusions(self) -> Inclusions:
        """The disks, in the middle of the sample."""
        length, width = self.grid.extent
        x, y = (
            0.5 * side + self.period * (np.arange(number) - 0.5 * (number - 1))
            for side, number in zip((length, width), self.lattice, strict=True)
        )
        places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        radius = self.period * math.sqrt(self.filling / math.pi)
        apart = min(0.6 * self.edge_width, 0.99 * (self.period / 2 - radius))
        exchange = np.ones(len(places))
        exchange[list(self.flipped)] = -1.0
        return disks(
            places, radius, edge_width=self.edge_width, extent=(length, width),
            periodic=(not self.open, self.open is not True), exchange=exchange,
            exchange_overhang=apart if self.exchange_overhang is None else self.exchange_overhang,
        )  # fmt: skip

    @cached_property
    def field(self) -> PseudoField:
        """The pseudo-gauge field, scaled so that h̃ inside is ``height``."""
        units = Scales(coherence_length=1e-8, penetration_depth=self.kappa * 1e-8)
        lower = units.lower_critical_field / units.upper_critical_field
        factor = float(ring_currents(self.inclusions, gamma=1.0).geometry_factor.mean())
        return pseudo_field(self.inclusions, self.height * lower / factor, self.kappa)

    @cached_property
    def problem(self) -> GinzburgLandau:
        """The Ginzburg-Landau problem without applied field."""
        return GinzburgLandau(
            self.grid, self.kappa, pseudo_potential=self.field, flux_quanta=self.flux_quanta
        )

    def places(self, state: State) -> Places:
        """The vortices of a state sorted by sign and place."""
        return places_of_state(state, self.inclusions, self.field)


@dataclass(frozen=True)
class Cooling:
    """How a sample is cooled: ε(t) = ``start`` + t/``ramp_time`` up to 1, with thermal noise, then rest.

    Times in μ0σλ². ``noise`` is Θ of `evolve`, constant; ``hold`` follows the ramp with noise, ``settle`` without.
    """

    ramp_time: float = 100.0
    noise: float = 0.05
    start: float = -0.3
    hold: float = 60.0
    settle: float = 100.0

    def __post_init__(self) -> None:
        for name in ("ramp_time", "hold", "settle"):
            require(0 < getattr(self, name) < math.inf, name, getattr(self, name), "a positive time")
        require(
            self.noise > 0, "noise", self.noise, "positive", "without noise the normal state stays as it is"
        )
        require(-math.inf < self.start <= 0, "start", self.start, "at most 0: above T_c")

    @property
    def ramp(self) -> Ramp:
        """ε(t)."""
        return Ramp((0.0, (1 - self.start) * self.ramp_time), (self.start, 1.0))


@dataclass(frozen=True, eq=False)
class Cooled:
    """What a field-cooling run left.

    Attributes
    ----------
    on_the_way : vortices at each of `STRENGTHS`, as `Places`.
    settled : the state after the noise was switched off; minimised : the minimum of the energy below it.
    """

    on_the_way: tuple[Places, ...]
    settled: State
    minimised: State


def cool(sample: Sample, cooling: Cooling, rng: int | np.random.Generator) -> Cooled:
    """One run through T_c, from ψ = 0 and A = 0.

    ã keeps its value: near T_c γ and the stiffness vanish alike (`pseudo_potential_at_transition`).

    >>> small = Sample(filling=0.2, height=1.8, rows=1, period=16.0)
    >>> run = cool(small, Cooling(ramp_time=20.0, hold=10.0, settle=20.0), rng=1)
    >>> run.minimised.vortices.net, run.minimised.energy <= run.settled.energy
    (0, True)
    """
    problem, ramp = sample.problem, cooling.ramp
    times = [cooling.ramp_time * (strength - cooling.start) for strength in STRENGTHS]
    hot = evolve(
        problem, "normal", ramp.times[-1] + cooling.hold, noise=cooling.noise, strength=ramp, tol=STEP_TOLERANCE,
        record=times, observe=sample.places, rng=rng, threads=1,
    )  # fmt: skip
    end = State.of(problem, hot.state.order_parameter, hot.state.vector_potential)
    settled = evolve(problem, end, cooling.settle, tol=0.01, threads=1).state
    minimised = minimise(problem, start=settled, tol=1e-3, energy_tol=1e-7, max_iterations=2000, threads=1)
    return Cooled(tuple(hot.recorded), settled, minimised)


def pair_cost(
    sample: Sample, state: State, strengths: tuple[float, ...] = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2)
) -> list[tuple[float, float, int]]:
    """(ε, energy of the vortices of ``state`` over the vortex-free state, their number), followed to smaller ε.

    Both states are minimised at each local strength ε, starting from the one before, so that vortices leave where
    their minimum ends. The vortex-free state has no flux, whatever the sample's.
    """
    bare = minimise(replace(sample.problem, flux_quanta=0), start="uniform", tol=1e-3, threads=1)
    rows = []
    for strength in strengths:
        state, bare = (_minimised_at(strength, one) for one in (state, bare))
        rows.append((strength, state.energy - bare.energy, int(np.abs(state.vortices.winding).sum())))
    return rows


def _minimised_at(strength: float, state: State) -> State:
    problem = replace(state.problem, pseudo_potential=state.problem.pseudo_links, epsilon=strength)
    start = State.of(problem, state.order_parameter, state.vector_potential)
    return minimise(problem, start=start, tol=1e-5, energy_tol=1e-8, max_iterations=600, threads=1)


def pseudo_potential_at_transition(splitting: ArrayLike) -> NDArray[np.float64]:
    """ã ∝ γ/D_s as T → T_c, over its value for Δ_R ≫ T_c, where it is the same at T = 0 and T_c.

    ``splitting`` is Δ_R/T_c (k_B = 1). With s = Δ_R/2πT_c the sums over Matsubara frequencies of γ and D_s, both
    ∝ Δ², give 1 − [Re ψ(½ + is) − ψ(½)]/(7ζ(3)s²), ψ the digamma function (docs/theory/field_cooling.md, Eq. 2).

    >>> pseudo_potential_at_transition([1.0, 10.0, 1000.0]).round(4)
    array([0.0879, 0.8869, 1.    ])
    """
    given = np.asarray(splitting, dtype=float)
    require(bool(np.all(given > 0)), "splitting", splitting, "positive")
    s = given / (2 * math.pi)
    return np.asarray(1 - (digamma(0.5 + 1j * s).real - digamma(0.5)) / (7 * zeta(3) * s**2))
