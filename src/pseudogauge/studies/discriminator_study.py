"""The vortex phases side by side: what a SQUID, a transport current and a partly reversed training would show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import xarray as xr

from ..errors import require
from ..ginzburg_landau import Candidate, State, ground_state, minimise
from ..inclusions import Inclusions, PseudoField
from ..scenario import Scenario
from ..units import Scales
from .cooling_ensembles import condition_named
from .derive import derive, gl_problem, place_inclusions
from .discriminators import Depinning, depinning_current
from .field_cooling import Cooling, Sample, cool
from .parts import Part, source_digest
from .phases import Phase, places_of, places_of_state
from .signatures import Loop, Shown, signatures

__all__ = [
    "COHERENCE_LENGTH",
    "LOOPS",
    "PHASES_SHOWN",
    "discriminator_parts",
    "discriminators",
    "reversal",
    "scenario_discriminator_parts",
    "scenario_discriminators",
]

COHERENCE_LENGTH = 50e-9
"""ξ in metres that turns the study's samples into practical units, as in the ready scenario paper-fig1b."""
LOOPS = (Loop(0.1e-6, 0.1e-6), Loop(0.5e-6, 0.5e-6))
"""A SQUID on a tip, and a common scanning SQUID."""
_DILUTE, _BETWEEN = (condition_named(name).sample for name in ("dilute", "between"))
_TOL = 1e-4


def _none(sample: Sample) -> State:
    return minimise(sample.problem, start="uniform", tol=_TOL, threads=1)


def _trapped(sample: Sample) -> State:
    """An antivortex in every inclusion."""
    centres = [(x, y, -1) for x, y in sample.inclusions.centres]
    return minimise(sample.problem.in_sector(-len(centres)), start=centres, tol=_TOL, threads=1)


def _interstitial(sample: Sample) -> State:
    """A vortex between any four inclusions: the state of [LOB Fig. 1b]."""
    places = [(x, y, 1) for x, y in sample.inclusions.centres - sample.period / 2 + 1e-3]
    return minimise(sample.problem.in_sector(len(places)), start=places, tol=_TOL, threads=1)


def _pairs(sample: Sample) -> State:
    """What field cooling leaves."""
    return cool(sample, Cooling(), rng=0).minimised


PHASES_SHOWN: dict[str, tuple[Phase, Sample, Callable[[Sample], State]]] = {
    "none": ("none", _DILUTE, _none),
    "trapped antivortices": ("trapped antivortices", _DILUTE, _trapped),
    "pairs": ("pairs", _DILUTE, _pairs),
    "none, dense": ("none", _BETWEEN, _none),
    "interstitial": ("interstitial", _BETWEEN, _interstitial),
}
"""For each label a phase, a sample, and a way to a state of that phase."""


def discriminators(quick: bool = False) -> xr.Dataset:
    """One state of each phase with what can be measured on it, see `signatures`.

    Depinning currents are those of the same state in a cell with one inclusion. ``reversal_net`` (arrangement) is the
    net flux of the ground state per inclusion where ``reversal_flipped`` of the four are reversed.
    """
    lowest = {
        sample: ground_state(sample.problem, rng=0, tol=_TOL, threads=1) for sample in (_DILUTE, _BETWEEN)
    }
    shown = {}
    for label, (phase, sample, find) in PHASES_SHOWN.items():
        state = find(sample)
        found = sample.places(state).phase
        require(found == phase, "phase", found, phase, "the state left this phase: change its sample")
        shown[label] = Shown(
            state,
            sample.inclusions,
            sample.field,
            Scales(COHERENCE_LENGTH, sample.kappa * COHERENCE_LENGTH),
            excess=state.energy - lowest[sample].energy,
            lowest=sample.places(lowest[sample]).phase,
            depinning=_depinning(sample, find, tolerance=0.5 if quick else 0.1),
        )
    flipped, nets = reversal(_DILUTE)
    return signatures(shown, LOOPS).assign(
        reversal_flipped=("arrangement", flipped), reversal_net=("arrangement", nets)
    )


def _depinning(sample: Sample, find: Callable[[Sample], State], tolerance: float) -> Depinning:
    """In a cell with one inclusion: all cells of a lattice of such states move alike."""
    one = replace(sample, rows=1)
    return depinning_current(find(one), reach=0.25 * one.period, tolerance=tolerance)


def reversal(sample: Sample) -> tuple[list[int], list[float]]:
    """Number of reversed inclusions, and net flux of the ground state per inclusion.

    For the ways to reverse some of four inclusions on a torus that differ by more than a symmetry; of two that time
    reversal maps on each other one is computed.
    """
    require(sample.rows == 2 and not sample.open, "sample", sample, "two rows in a periodic cell")
    flipped, nets = [], []
    for choice in ((), (0,), (0, 1), (0, 3)):
        state = ground_state(replace(sample, flipped=choice).problem, rng=0, tol=1e-3, threads=1)
        flipped += [len(choice), 4 - len(choice)]
        nets += [state.vortices.net / 4, -state.vortices.net / 4]
    return flipped, nets


def discriminator_parts(quick: bool = False) -> list[Part]:
    """The study in one piece."""
    compute = (lambda: discriminators(True)) if quick else discriminators
    return [
        Part("discriminators", "What tells the vortex phases apart", compute, f"{source_digest()} {quick}")
    ]


def scenario_discriminators(scenario: Scenario, quick: bool = False) -> xr.Dataset:
    """What would be measured on a scenario's own sample in each phase of which its search finds a state.

    The lowest state and, for every other phase, the lowest candidate of the search that stays in that phase when it is
    minimised further, through the scenario's own loop; see `signatures`. Spins and applied field are the scenario's.
    Depinned is what goes farther than a quarter of the inclusions' distance and their radius; in open samples depinning
    currents are left out. Raises `InputError` for a scenario without disks.
    """
    _refuse_without_disks(scenario)
    derived, search = derive(scenario), scenario.search
    placed, field = derived.inclusions, derived.field
    assert placed is not None
    assert field is not None
    best = ground_state(
        gl_problem(derived),
        rng=search.seed,
        sectors=None if search.flux_quanta == "auto" else (search.flux_quanta,),
        random_starts=0 if quick else search.random_starts,
        tol=max(search.tolerance, 1e-6),
    )
    states = {places_of_state(best, placed, field).phase: best}
    for candidate in best.candidates:
        if _phase_of(candidate, placed, field) not in states:
            state = _followed(best, candidate)
            states.setdefault(places_of_state(state, placed, field).phase, state)
    lowest, squid = next(iter(states)), scenario.squid
    reach = max(0.25 * math.sqrt(math.prod(placed.extent) / len(placed)), float(placed.radius.max()))
    shown = {
        str(phase): Shown(
            state, placed, field, scenario.scales, state.energy - best.energy, lowest,
            depinning=depinning_current(state, reach, tolerance=0.5 if quick else 0.1)
            if placed.periodic[0] and phase != "normal" else None,
            thickness=squid.thickness * 1e-9 if squid.thickness else math.inf,
        )
        for phase, state in states.items()
    }  # fmt: skip
    loop = Loop(squid.loop_radius * 1e-9, squid.height * 1e-9)
    return signatures(shown, [loop]).assign_attrs(
        title=f"What tells the vortex phases apart: {scenario.title}"
    )


def _phase_of(candidate: Candidate, placed: Inclusions, field: PseudoField) -> Phase:
    x, y, winding = np.reshape(candidate.vortices, (-1, 3)).T
    return places_of(
        x, y, winding,
        centres=placed.centres, radius=placed.radius, height=field.stream(*placed.centres.T),
        extent=placed.extent, periodic=placed.periodic,
    ).phase  # fmt: skip


def _followed(best: State, candidate: Candidate) -> State:
    """A candidate of a search, minimised further."""
    problem = best.problem.in_sector(candidate.sector)
    start = "uniform" if not candidate.vortices else list(candidate.vortices)
    return minimise(problem, start=start, tol=_TOL, energy_tol=1e-8, max_iterations=1000)


def _refuse_without_disks(scenario: Scenario) -> None:
    given = scenario.inclusions.arrangement
    require(given not in ("none", "uniform"), "inclusions.arrangement", repr(given), "one with disks")
    place_inclusions(scenario)


def scenario_discriminator_parts(scenario: Scenario, quick: bool = False) -> list[Part]:
    """The study of a scenario's own sample; refuses one that it cannot be made for before anything is computed."""
    _refuse_without_disks(scenario)
    title = f"What tells the vortex phases apart: {scenario.title}"
    compute = partial(scenario_discriminators, scenario, quick)
    return [Part("discriminators", title, compute, f"{source_digest()} {quick}")]
