"""The vortex phases side by side: what a SQUID, a transport current and a partly reversed training would show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import xarray as xr

from ..errors import require
from ..ginzburg_landau import State, ground_state, minimise
from ..results import provenance, to_json
from .discriminators import Depinning, depinning_current, flux_image, flux_statistics, time_reversed
from .field_cooling import Cooling, Sample, cool
from .parts import Part, source_digest

__all__ = ["PHASES_SHOWN", "discriminator_parts", "discriminators", "reversal"]

LOOP = {"height": 3.0, "radius": 3.0}
"""Height and radius of the pickup loop in ξ, well below the distance of the inclusions."""
_DILUTE, _DENSE = Sample(filling=0.2, height=1.8), Sample(filling=0.72, height=2.0)
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


PHASES_SHOWN: dict[str, tuple[Sample, Callable[[Sample], State]]] = {
    "none": (_DILUTE, _none),
    "trapped antivortices": (_DILUTE, _trapped),
    "interstitial": (_DENSE, _interstitial),
    "pairs": (_DILUTE, _pairs),
}
"""A sample and a way to a state of each phase."""


def discriminators(quick: bool = False) -> xr.Dataset:
    """One state of each phase with what can be measured on it.

    For each ``phase``: ``magnetic_field`` (H_c2) and ``flux`` (Φ0 through a loop, `LOOP`) on plaquettes ``x``, ``y``
    (ξ); ``net`` flux along h̃ in Φ0; ``mean``, ``deviation``, ``skewness``, ``lowest``, ``highest`` of the flux image;
    ``depinning`` (low, high) in Φ0/2πμ0λ²ξ, of the same state in a cell with one inclusion; vortices
    ``vortex_x``, ``vortex_y``, ``winding`` with ``of_phase``. ``reversal_error`` is the change of the energy under time
    reversal, relative; ``reversal_net`` (arrangement) the net flux of the ground state per inclusion where
    ``reversal_flipped`` of the four are reversed.
    """
    names, states = list(PHASES_SHOWN), {}
    for name, (sample, find) in PHASES_SHOWN.items():
        states[name] = find(sample)
        found = sample.places(states[name]).phase
        require(found == name, "phase", found, name, "the state left this phase: change its sample")
    images = {name: flux_image(state, **LOOP) for name, state in states.items()}
    statistics = [flux_statistics(images[name])._asdict() for name in names]
    brackets = [_depinning(*PHASES_SHOWN[name], tolerance=0.5 if quick else 0.1) for name in names]
    flipped, nets = reversal(_DILUTE)
    spots = [states[name].vortices for name in names]
    x, y = states[names[0]].problem.grid.plaquettes
    return xr.Dataset(
        {
            "magnetic_field": (("phase", "x", "y"), [states[name].magnetic_field for name in names]),
            "flux": (("phase", "x", "y"), [images[name] for name in names]),
            "net": ("phase", [PHASES_SHOWN[name][0].places(states[name]).net_along for name in names]),
            **{key: ("phase", [row[key] for row in statistics]) for key in statistics[0]},
            "depinning": (("phase", "bracket"), [(one.low, one.high) for one in brackets]),
            "reversal_error": ("phase", [_reversal_error(states[name]) for name in names]),
            "vortex_x": ("vortex", np.concatenate([one.x for one in spots])),
            "vortex_y": ("vortex", np.concatenate([one.y for one in spots])),
            "winding": ("vortex", np.concatenate([one.winding for one in spots])),
            "of_phase": ("vortex", np.repeat(names, [len(one) for one in spots])),
            "reversal_flipped": ("arrangement", flipped),
            "reversal_net": ("arrangement", nets),
        },
        coords={"phase": names, "x": x[:, 0], "y": y[0], "bracket": ["low", "high"]},
        attrs={
            "title": "What tells the vortex phases apart",
            "loop": to_json(LOOP),
            "provenance": to_json(provenance()),
            "converged": all(state.converged for state in states.values()),
        },
    )


def _depinning(sample: Sample, find: Callable[[Sample], State], tolerance: float) -> Depinning:
    """In a cell with one inclusion: all cells of a lattice of such states move alike."""
    one = replace(sample, rows=1)
    return depinning_current(find(one), reach=0.25 * one.period, tolerance=tolerance)


def _reversal_error(state: State) -> float:
    return abs(time_reversed(state).energy / state.energy - 1)


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
