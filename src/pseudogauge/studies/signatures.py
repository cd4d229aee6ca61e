"""What can be measured on states of different phases, in practical units, as one dataset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from ..ginzburg_landau import State
from ..inclusions import Inclusions, PseudoField
from ..results import provenance, to_json
from ..units import Scales
from .discriminators import Depinning, flux_image, flux_statistics, time_reversed
from .phases import Places, places_of_state

__all__ = ["Loop", "Shown", "signatures"]

DEPAIRING_CURRENT = 2 / math.sqrt(27)
"""Of a clean sample, in Φ0/2πμ0λ²ξ."""


class Loop(NamedTuple):
    """A pickup loop, its radius and its height above the surface, in metres."""

    radius: float
    height: float


@dataclass(frozen=True, eq=False)
class Shown:
    """A state among its inclusions, and what takes more than the state to know.

    Attributes
    ----------
    excess : energy over the lowest state found of the same sample, in Φ0²/8π²μ0λ².
    lowest : phase of that lowest state.
    depinning : in Φ0/2πμ0λ²ξ; None: not looked for.
    thickness : of the sample in metres.
    """

    state: State
    inclusions: Inclusions
    field: PseudoField
    scales: Scales
    excess: float
    lowest: str
    depinning: Depinning | None = None
    thickness: float = math.inf

    @property
    def places(self) -> Places:
        """Its vortices, sorted."""
        return places_of_state(self.state, self.inclusions, self.field)

    def image(self, loop: Loop) -> np.ndarray:
        """Flux in mΦ0 through the loop, centred at every plaquette."""
        xi = self.scales.coherence_length
        return 1e3 * flux_image(self.state, loop.height / xi, loop.radius / xi, self.thickness / xi)


def signatures(shown: Mapping[str, Shown], loops: Sequence[Loop]) -> xr.Dataset:
    """Images and numbers of one state for each ``phase``, all on grids of one shape.

    ``flux`` (phase, loop, x, y) in mΦ0 at plaquettes ``x``, ``y`` (µm), its ``lowest``, ``highest``, ``deviation`` and
    ``skewness`` (phase, loop); ``magnetic_field`` (phase, x, y) deep inside in mT, ``mean_field`` in µT; ``net`` flux
    along h̃ in Φ0; ``excess`` energy over the lowest state of that sample in Φ0²/8π²μ0λ², and ``lowest_phase``;
    ``depinning`` (phase, low and high) in A/m², NaN if not looked for; ``reversal_error``, the relative change of the
    energy under time reversal; ``depairing`` of a clean sample in A/m². Vortices: ``vortex_x``, ``vortex_y`` (µm),
    ``winding``, ``of_phase``; disks: ``inclusion`` (disk, circle) in µm and ``inclusion_of``.
    """
    names, each = list(shown), list(shown.values())
    micron = [1e6 * one.scales.coherence_length for one in each]
    images = [[one.image(loop) for loop in loops] for one in each]
    statistics = [[flux_statistics(image)._asdict() for image in row] for row in images]
    fields = [1e3 * one.scales.upper_critical_field * one.state.magnetic_field for one in each]
    spots = [one.state.vortices for one in each]
    x, y = each[0].state.problem.grid.plaquettes
    per_loop = {
        key: (("phase", "loop"), [[found[key] for found in row] for row in statistics])
        for key in ("lowest", "highest", "deviation", "skewness")
    }
    return xr.Dataset(
        {
            "flux": (("phase", "loop", "x", "y"), images),
            **per_loop,
            "magnetic_field": (("phase", "x", "y"), fields),
            "mean_field": ("phase", [1e3 * float(field.mean()) for field in fields]),
            "net": ("phase", [one.places.net_along for one in each]),
            "excess": ("phase", [one.excess for one in each]),
            "lowest_phase": ("phase", [one.lowest for one in each]),
            "depinning": (("phase", "bracket"), [_amperes(one) for one in each]),
            "depairing": ("phase", [DEPAIRING_CURRENT * one.scales.current_density for one in each]),
            "reversal_error": ("phase", [_reversal_error(one.state) for one in each]),
            "loop_radius": ("loop", [1e6 * loop.radius for loop in loops]),
            "loop_height": ("loop", [1e6 * loop.height for loop in loops]),
            "vortex_x": ("vortex", np.concatenate([v.x * m for v, m in zip(spots, micron, strict=True)])),
            "vortex_y": ("vortex", np.concatenate([v.y * m for v, m in zip(spots, micron, strict=True)])),
            "winding": ("vortex", np.concatenate([v.winding for v in spots])),
            "of_phase": ("vortex", np.repeat(names, [len(v) for v in spots])),
            "inclusion": (
                ("disk", "circle"),
                np.concatenate(
                    [
                        np.column_stack([one.inclusions.centres, one.inclusions.radius]) * m
                        for one, m in zip(each, micron, strict=True)
                    ]
                ),
            ),
            "inclusion_of": ("disk", np.repeat(names, [len(one.inclusions) for one in each])),
        },
        coords={
            "phase": names,
            "x": x[:, 0] * micron[0],
            "y": y[0] * micron[0],
            "bracket": ["low", "high"],
            "circle": ["x", "y", "radius"],
        },
        attrs={
            "title": "What tells the vortex phases apart",
            "provenance": to_json(provenance()),
            "converged": all(one.state.converged for one in each),
        },
    )


def _amperes(shown: Shown) -> tuple[float, float]:
    if shown.depinning is None:
        return np.nan, np.nan
    unit = shown.scales.current_density
    return shown.depinning.low * unit, shown.depinning.high * unit


def _reversal_error(state: State) -> float:
    return abs(time_reversed(state).energy / state.energy - 1)
