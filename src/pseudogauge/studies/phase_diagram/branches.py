"""Ginzburg-Landau energies of the configurations that compete in a crystal of inclusions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import require
from ...ginzburg_landau import State, minimise
from ..phases import PHASES, Phase, places_of_state
from .crystal import Crystal, Vortex
from .starts import starts

__all__ = ["CONFIGURATIONS", "SINGLES", "Branch", "Mixture", "branches", "lowest"]

Floats = NDArray[np.float64]
CONFIGURATIONS: tuple[tuple[int, int], ...] = (
    (0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 1),
)  # fmt: skip
"""Vortices between and antivortices inside, for every inclusion."""
SINGLES: tuple[tuple[int, int], ...] = ((0, 0), (1, 0), (0, 1), (1, 1))
TOLERANCE, SETTLED = 1e-4, 1e-8
"""Residual, and relative fall of the energy in 50 iterations, at which a state counts as found."""
FRACTIONS = np.geomspace(1e-3, 1.0, 41)
"""Shares of the cells that may hold a net flux."""
NOTHING = 1e-3
"""Energy per inclusion, in units of ε1, that counts as a gain."""


@dataclass(frozen=True)
class Branch:
    """What one start leads to at one h̃: its energy per inclusion, without what it shares with its own images.

    ``energy`` is that of the configuration on its own, in one cell only: E/inclusion − ½ net² times
    `Crystal.images` at the ``stiffness`` of the crystal. ``phase`` says what is there.
    """

    net: int
    energy: float
    phase: Phase
    stiffness: float = 1.0
    converged: bool = True


@dataclass(frozen=True)
class Mixture:
    """The lowest arrangement: ``base`` in every cell, and on a share of the cells something with net flux.

    ``energy`` (Φ0²/8π²μ0λ² per inclusion) is relative to the normal state, ``net`` in Φ0 per inclusion.
    """

    energy: float
    net: float
    phase: Phase


def branches(
    crystal: Crystal, height: float, configurations: Sequence[tuple[int, int]] = CONFIGURATIONS
) -> list[Branch]:
    """Every configuration placed by hand at h̃ = ``height`` H_c1 and minimised; the first has no vortices.

    Of the `starts` of one, the lowest that keeps its vortices counts.

    >>> none, trapped = branches(Crystal(0.3, 4.0, 4.0, 10.0), 2.0, ((0, 0), (0, 1)))
    >>> trapped.phase, trapped.energy < none.energy
    ('trapped antivortices', True)
    """
    require(
        len(configurations) > 0 and tuple(configurations[0]) == (0, 0),
        "configurations", configurations, "(0, 0), no vortices, first: what the others are compared with",
    )  # fmt: skip
    none = _relaxed(crystal, height, [])
    stiffness = _stiffness(none)
    images = crystal.images(stiffness=stiffness)
    found = [_branch(crystal, none, images, stiffness)]
    for plus, minus in configurations[1:]:
        ends = [_relaxed(crystal, height, start) for start in starts(crystal, height, plus, minus)]
        rivals = [_branch(crystal, state, images, stiffness) for state in ends]
        found.append(min(rivals, key=lambda branch: (branch.phase != _kept(plus, minus), branch.energy)))
    return found


def _relaxed(crystal: Crystal, height: float, start: list[Vortex]) -> State:
    problem = crystal.problem(height, sum(w for *_, w in start) // crystal.per_cell)
    return minimise(problem, start=start or "uniform", tol=TOLERANCE, energy_tol=SETTLED)


def _kept(plus: int, minus: int) -> Phase:
    """The phase of a configuration that keeps its vortices."""
    return "pairs" if plus and minus else "interstitial" if plus else "trapped antivortices"


def _stiffness(state: State) -> float:
    """How stiff the condensate is to further flow: ⟨1 − 2ã²⟩ = 2⟨|ψ|²⟩ − 1, as |ψ|² = 1 − ã² yields to it.

    Along ã the current |ψ|²ã grows as 1 − 3ã², across it as 1 − ã².
    """
    return max(0.2, 2 * float(np.mean(np.abs(state.order_parameter) ** 2)) - 1)


def _branch(crystal: Crystal, state: State, images: float, stiffness: float) -> Branch:
    net = state.problem.flux_quanta // crystal.per_cell
    energy = state.energy / crystal.per_cell - 0.5 * net**2 * images
    phase = places_of_state(state, crystal.inclusions, crystal.unit_field).phase
    return Branch(net, energy, phase, stiffness, state.converged)


def lowest(crystal: Crystal, found: Sequence[Branch], applied: float = 0.0) -> Mixture:
    """The arrangement of lowest energy that the branches at one h̃ allow, in a field ``applied`` (H_c1) along h̃.

    A share f of the cells may hold another branch than the rest. Where that changes the net flux by q it costs
    ½ q² f W(f), the London energy of a lattice of that density, so that a net flux enters as soon as it gains.

    >>> crystal = Crystal(filling=0.3, radius=4.0, edge_width=4.0, kappa=10.0)
    >>> state = lowest(crystal, [Branch(0, -160.0, "none"), Branch(-1, -161.0, "trapped antivortices")])
    >>> state.phase, -1 < state.net < 0
    ('trapped antivortices', True)
    """
    line = crystal.line_energy
    bases = [b for b in found if b.net == 0]
    require(len(bases) > 0, "found", found, "at least one branch without net flux, the vortex-free one first")
    best = min((Mixture(b.energy, 0.0, b.phase) for b in bases), key=lambda m: m.energy)
    first = bases[0]
    if best.energy > first.energy - NOTHING * line:
        best = Mixture(first.energy, 0.0, first.phase)
    images = np.array([crystal.images(f, first.stiffness) for f in FRACTIONS])
    for base in bases:
        for branch in found:
            if branch.net == 0:
                continue
            gain = branch.energy - applied * line * branch.net - base.energy
            total = base.energy + FRACTIONS * gain + 0.5 * branch.net**2 * FRACTIONS * images
            k = int(total.argmin())
            if total[k] < best.energy - 1e-6 * line * FRACTIONS[k]:
                phase = _joined(base.phase, branch.phase)
                best = Mixture(float(total[k]), float(FRACTIONS[k] * branch.net), phase)
    return best


def _joined(base: Phase, other: Phase) -> Phase:
    """The phase of a sample with both in it."""
    kinds = {base, other} - {"none"}
    if len(kinds) == 1:
        return kinds.pop()
    plain = {"interstitial", "trapped antivortices", "pairs"}
    return "pairs" if kinds <= plain else max(kinds - plain, key=PHASES.index)
