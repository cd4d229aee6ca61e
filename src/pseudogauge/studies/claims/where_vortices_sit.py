"""The paper's central claim with cores: vortices between the inclusions, flux along their moments."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

from ..phase_diagram import Branch, Crystal, Gains, branches, london_gains, lower_critical_field
from .registry import claim
from .verdicts import Bound, Evidence, short

__all__: list[str] = []

_CASES = ((0, 0), (1, 0), (0, 1), (1, 1))
_WIDTH = 6.0
_REACH = "b_z constant across the edges and gaps, as the paper takes it"


@cache
def _excess(filling: float, radius: float, kappa: float, height: float, spacing: float) -> tuple[float, ...]:
    """Energies of a vortex between, an antivortex inside, a pair per inclusion, over the vortex-free state, in ε1."""
    crystal = Crystal(filling, radius, edge_width=_WIDTH, kappa=kappa, spacing=spacing)
    none, *found = branches(crystal, height, _CASES)
    wanted = ("interstitial", "trapped antivortices", "pairs")
    for branch, phase in zip(found, wanted, strict=True):
        _refuse_other(branch, phase)
    return tuple((branch.energy - none.energy) / crystal.line_energy for branch in found)


def _refuse_other(branch: Branch, phase: str) -> None:
    if branch.phase != phase or not branch.converged:
        raise RuntimeError(f"a start for {phase!r} led to {branch.phase!r}")


def _compared(
    quick: bool, filling: float, radius: float, kappa: float, height: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The energies on a fine grid, and how far those on a coarser one are from them."""
    coarse, fine = (1.0, 0.8) if quick else (0.8, 0.6)
    one, two = (_excess(filling, radius, kappa, height, spacing) for spacing in (coarse, fine))
    return two, tuple(abs(a - b) for a, b in zip(one, two, strict=True))


@cache
def _london(
    filling: float, radius: float, kappa: float, overhang: float | Literal["half gap"] | None = None
) -> Gains:
    crystal = Crystal(filling, radius, _WIDTH, kappa, spacing=0.75, exchange_overhang=overhang)
    return london_gains(crystal.problem(1.0), crystal=crystal)


def _handover(radius: float, kappa: float, first: str, then: str) -> float:
    """The filling below which ``first`` comes before ``then`` in London theory."""
    low, high = 0.1, 0.77
    while high - low > 0.005:
        middle = 0.5 * (low + high)
        gains = _london(middle, radius, kappa)
        low, high = (middle, high) if getattr(gains, first) > getattr(gains, then) else (low, middle)
    return 0.5 * (low + high)


def _listed(energies: tuple[float, ...]) -> str:
    names = ("vortex between", "antivortex inside", "pair")
    return ", ".join(f"{name} {short(e, 3)}" for name, e in zip(names, energies, strict=True))


@claim("sites-GL", "abstract, footnote 5", "With cores too, the first vortices at small filling sit between")
def _small_filling(quick: bool) -> Evidence:
    energies, errors = _compared(quick, 0.1, 8.0, 10.0, 1.75)
    note = (
        "energy of n_v = +1 between minus that of −1 inside, in ε1; square lattice, x = .1, R = 8ξ, edge 6ξ, κ = 10, "
        f"h̃ = 1.75 H_c1, {_REACH}; over the vortex-free state: {_listed(energies)}. In London theory for these "
        "inclusions antivortices inside, flux against the moments, come first below x = "
        f"{short(_handover(8.0, 10.0, 'inside', 'pair'))}, then pairs, and vortices between above "
        f"{short(_handover(8.0, 10.0, 'pair', 'between'))}; with cores: `pseudogauge study phase-diagram`"
    )
    return Bound(energies[0] - energies[1], error=errors[0] + errors[1], below=0.0, note=note)


@claim(
    "sites-dense",
    "Sec. II",
    "Vortices between the inclusions can be the lowest state, flux along the moments",
)
def _large_filling(quick: bool) -> Evidence:
    energies, errors = _compared(quick, 0.7, 12.0, 10.0, 1.95)
    worst = max(energies[0], energies[0] - energies[1], energies[0] - energies[2])
    across, apart = _london(0.7, 12.0, 10.0), _london(0.7, 12.0, 10.0, "half gap")
    overhang = Crystal(0.7, 12.0, _WIDTH, 10.0, exchange_overhang="half gap").overhang
    note = (
        "largest of the energy of n_v = +1 between and its excess over the others, in ε1; x = .7, R = 12ξ, edge 6ξ, "
        f"κ = 10, h̃ = 1.95 H_c1, {_REACH}; over the vortex-free state: {_listed(energies)}. It takes R of "
        "about λ or more and x ≳ .6 (triangular lattice: ≳ .7; R = .8 λ: .75): here London theory has it first from "
        f"{short(1 / across.between, 3)} H_c1, and pairs from {short(1 / across.pair, 3)}. Where b_z "
        f"ends half-way in the gaps, {short(overhang)} ξ beyond R, pairs come first: {short(1 / apart.pair, 3)} "
        f"against {short(1 / apart.between, 3)}"
    )
    return Bound(worst, error=sum(errors), below=0.0, note=note)


@claim("sites-pairs", "Sec. II", "For λ well above the spacing the first vortices carry a net flux")
def _pairs(quick: bool) -> Evidence:
    energies, errors = _compared(quick, 0.5, 8.0, 50.0, 1.5)
    note = (
        "energy of the cheaper single vortex minus that of a pair (+ between, − inside), in ε1, where the pair gains; "
        f"x = .5, R = 8ξ, edge 6ξ, κ = 50, h̃ = 1.5 H_c1, {_REACH}; over the vortex-free state: {_listed(energies)}. "
        "A pair costs 4π(ln r + .38) at any λ, a single line 2π(ln κ + .5): in London theory pairs win for R below "
        "about √(λξ), near x = ½ below λ; with cores from x ≃ .2 on (R = d = 5 ξ, κ = 50)"
    )
    cheaper = min(energies[:2])
    return Bound(cheaper - energies[2], error=sum(errors), below=0.0, note=note)


@claim(
    "sites-ring", "footnote 5", "At small filling the inclusions can bear the h̃ that vortices between need"
)
def _ring(quick: bool) -> Evidence:
    filling, kappa = 0.1, 10.0
    ratio = math.sqrt(3) * kappa**2 * lower_critical_field(kappa) / (filling * _WIDTH)
    least = ratio * _WIDTH
    note = (
        "H_c1/x over the h̃ = d/√3κ² H_c2 at which |ã| = 1/√3 in an edge of width d = 6ξ; x = .1, κ = 10, λ ≫ spacing, "
        f"b_z constant across the edge. Below 1 needs d > {short(least)} ξ, whatever R"
    )
    return Bound(ratio, error=1e-9, below=1.0, note=note)
