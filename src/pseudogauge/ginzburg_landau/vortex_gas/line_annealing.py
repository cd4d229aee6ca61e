"""Minima of the gas of vortex lines, and the least strength of a landscape at which lines of a sector gain energy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import require
from ..starts import Rng, as_rng
from .interaction import line_energy
from .line_gas import LineConfiguration, LineGas
from .line_interaction import LineInteraction
from .line_moves import add_loop, metropolis_loops

__all__ = ["FirstLines", "anneal_lines", "first_lines", "image_energy", "quench_lines"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
HOT, COLD = 0.05, 0.01
"""Temperatures of an annealing, in energies of an elementary loop: lines wander, and none appears by chance."""
SAME, STEPS = 1e-3, 20
"""Relative error of a threshold, and steps towards one that are tried."""
LEAST = 1e-9
"""An energy gained that is worth a change."""
CHUNK = 1 << 16


def anneal_lines(
    gas: LineGas,
    start: Ints,
    rng: Rng = 0,
    *,
    sweeps: int = 50,
    stages: int = 10,
    hot: float = HOT,
    nucleate: bool = False,
) -> LineConfiguration:
    """A low-lying configuration of the flux sector of ``start``: Metropolis moves while cooling, then `quench_lines`.

    ``sweeps``: attempts per link in all, shared by ``stages`` temperatures that fall geometrically from ``hot`` to
    0.01 energies of an elementary loop. Lines bend, join, part and shrink away; with
    ``nucleate`` they appear from nothing as well, which needs ``hot`` near 0.2, and time.

    >>> from pseudogauge.numerics.grid import Grid
    >>> from pseudogauge.ginzburg_landau.vortex_gas import LineInteraction
    >>> gas = LineGas(LineInteraction(Grid((8, 8, 8), 1.0), kappa=3.0))
    >>> found = anneal_lines(gas, gas.straight(2, 3), sweeps=50)
    >>> found.flux, found.loops, round(found.lines[0].length, 6)
    ((0, 0, 1), 0, 8.0)
    """
    require(sweeps >= 0, "sweeps", sweeps, "at least 0")
    require(stages >= 1, "stages", stages, "at least 1")
    require(hot >= COLD, "hot", hot, f"at least {COLD}")
    interaction, generator = gas.interaction, as_rng(rng)
    winding, potential = start.astype(np.int64), gas.potential_of(start)
    tally = np.zeros(2, dtype=np.int64)
    attempts = sweeps * winding.size // stages
    for temperature in np.geomspace(hot, COLD, stages) * interaction.loop_energy:
        for first in range(0, attempts, CHUNK):
            random = generator.random((min(CHUNK, attempts - first), 3))
            metropolis_loops(
                random, 1 / temperature, nucleate, interaction.dipoles, interaction.own_energies, interaction.core,
                potential, winding, tally,
            )  # fmt: skip
    return quench_lines(gas, winding, nucleate=nucleate)


def quench_lines(gas: LineGas, winding: Ints, *, nucleate: bool = False) -> LineConfiguration:
    """Greedy descent by elementary loops, the best first; none that is left gains."""
    winding, potential = winding.astype(np.int64), gas.potential_of(winding)
    interaction = gas.interaction
    while True:
        changes = _changes(potential, winding, interaction.own_energies, interaction.core, nucleate)
        best = np.unravel_index(int(np.argmin(changes)), changes.shape)
        if changes[best] > -LEAST:
            return gas.configuration(winding)
        sign, axis, i, j, k = (int(n) for n in best)
        add_loop(axis, i, j, k, 1 - 2 * sign, interaction.dipoles, potential, winding)


def _changes(potential: Array, winding: Ints, own: Array, core: Array, nucleate: bool) -> Array:
    """Change of the energy by an elementary loop of either sign round every link, (2, 3, Nx, Ny, Nz)."""
    found = np.empty((2, *potential.shape))
    for a in range(3):
        b, c = (a + 1) % 3, (a + 2) % 3
        across = potential[c] - np.roll(potential[c], 1, axis=b)
        along = np.roll(potential[b], 1, axis=c) - potential[b]
        normal_c = np.stack([winding[c], -np.roll(winding[c], 1, axis=b)])
        normal_b = np.stack([-winding[b], np.roll(winding[b], 1, axis=c)])
        for sign, turn in enumerate((1, -1)):
            faces = turn * np.concatenate([normal_c, normal_b])
            refused = faces.max(axis=0) > 0
            if not nucleate:
                refused |= ~faces.any(axis=0)
            cores = 2 * (core[c] + core[b]) + 2 * (
                core[c] * (faces[0] + faces[1]) + core[b] * (faces[2] + faces[3])
            )
            found[sign, a] = np.where(refused, np.inf, own[a] + turn * (across + along) + cores)
    return found


@dataclass(frozen=True, eq=False)
class FirstLines:
    """Lines that at ``strength`` gain (to 1e-3) what they cost; none was found that gains at less."""

    strength: float
    lines: LineConfiguration


def image_energy(interaction: LineInteraction) -> float:
    """What the periodic images of one straight line along z add to its ε1 L."""
    line = np.zeros((3, *interaction.grid.shape), dtype=np.int64)
    line[2, 0, 0] = 1
    alone = line_energy(interaction.kappa) * interaction.grid.extent[2]
    return LineGas(interaction).configuration(line).own - alone


def first_lines(
    gas_at: Callable[[float], LineGas],
    start: Ints,
    strength: float,
    rng: Rng = 0,
    *,
    discount: float = 0.0,
    sweeps: int = 50,
) -> FirstLines | None:
    """The least strength of a pseudo-field at which lines like those of ``start`` gain energy.

    ``gas_at`` makes the gas of a strength. Where its landscape is proportional to the strength the least energy is
    concave in it: the configuration is followed to where it costs nothing and annealed there, until nothing gains.
    ``discount`` is taken off the lines' own energy: the repulsion of periodic images, `image_energy`, for one line.
    None if the lines of ``start`` do not gain from the landscape at ``strength``, or shrink away.
    """
    require(strength > 0, "strength", strength, "positive")
    generator = as_rng(rng)
    here = gas_at(strength)
    found = here.configuration(start)
    while True:
        for _ in range(STEPS):
            if not found.pinning < 0:
                return None
            own = found.own - discount
            if abs(own + found.pinning) < SAME * own:
                break
            strength *= own / -found.pinning
            here = gas_at(strength)
            found = here.configuration(found.winding)
        again = anneal_lines(here, found.winding, generator, sweeps=sweeps)
        if again.energy > found.energy - SAME * own:
            return FirstLines(strength, found)
        found = again
