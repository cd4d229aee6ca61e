"""Grand-canonical Monte Carlo of the vortex gas: one temperature, or several that exchange their configurations.

A configuration has the weight (Δ²/ξ²)^N exp(−E/T): one state per core area ξ² and vortex, so that results do
not depend on the spacing Δ of the places once it is fine. Temperatures are k_BT/(Φ0²s/8π²μ0λ²), see `gas_temperature`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import constants

from ...errors import require
from ...units import Scales
from ..starts import Rng, as_rng
from .gas import Configuration, VortexGas
from .walk import Walker, walker

__all__ = ["Sample", "gas_temperature", "sample", "temper"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def gas_temperature(kelvin: float, scales: Scales, length: float) -> float:
    """k_BT in units of (Φ0²/8π²μ0λ²) × ``length`` (m) of the vortices: film thickness, or layer spacing.

    A vortex then costs `line_energy`/T of k_BT, and pairs in a film unbind near T = π (bare; Kosterlitz-Thouless).

    >>> scales = Scales(coherence_length=18e-9, penetration_depth=0.7e-6)
    >>> round(gas_temperature(2.0, scales, length=1.19e-9), 4)
    0.2638
    """
    require(0 < kelvin < math.inf, "kelvin", kelvin, "a positive temperature")
    require(0 < length < math.inf, "length", length, "a positive length in m")
    return constants.k * kelvin / (scales.energy_per_length * length)


@dataclass(frozen=True, eq=False)
class Sample:
    """Measurements at one temperature, one per sweep.

    ``energy``, ``positive``, ``negative`` (numbers of vortices): arrays of one length. ``density``: mean number
    of vortices and of antivortices on every place, (2, Nx, Ny). ``last``: the final configuration.
    ``acceptance``: accepted part of the attempts by kind of move. ``exchange``: accepted part of the exchanges
    with the next higher temperature (nan without).
    """

    temperature: float
    energy: Array
    positive: Ints
    negative: Ints
    density: Array
    last: Configuration
    acceptance: dict[str, float]
    exchange: float = math.nan

    def mean(self, name: str) -> tuple[float, float]:
        """Mean of "energy", "positive", "negative" or "net", and its standard error from blocks that double.

        The error is the largest over block lengths that leave at least 16 blocks (Flyvbjerg and Petersen 1989).
        """
        require(
            name in ("energy", "positive", "negative", "net"),
            "name",
            name,
            "energy, positive, negative or net",
        )
        series = self.positive - self.negative if name == "net" else getattr(self, name)
        blocks, error = np.asarray(series, dtype=float), 0.0
        while True:
            error = max(
                error, float(blocks.std(ddof=1)) / math.sqrt(blocks.size) if blocks.size > 1 else math.nan
            )
            if blocks.size < 32:
                return float(np.mean(series)), error
            blocks = 0.5 * (blocks[: blocks.size // 2 * 2 : 2] + blocks[1::2][: blocks.size // 2])


def sample(
    gas: VortexGas,
    temperature: float,
    sweeps: int,
    rng: Rng = 0,
    *,
    start: Configuration | None = None,
    settle: int | None = None,
) -> Sample:
    """Metropolis sampling at one temperature; a sweep attempts one move per place.

    Parameters
    ----------
    temperature : k_BT/(Φ0²s/8π²μ0λ²), positive; `gas_temperature` gives it from kelvins.
    sweeps : measurements, one after each sweep; ``settle`` sweeps before the first (default: a fifth as many).
    start : initial configuration; default none, or vortices at random if the gas has a fixed ``net``.

    Raises `InputError` for a temperature or number of sweeps that is not positive.

    >>> from pseudogauge.numerics.grid import Grid
    >>> gas = VortexGas(Grid((16, 16), 1.0), kappa=4.0)
    >>> cold, warm = (sample(gas, t, sweeps=50, rng=1).mean("positive")[0] for t in (1.0, 3.0))
    >>> cold < warm
    True
    """
    return temper(gas, [temperature], sweeps, rng, start=start, settle=settle)[0]


def temper(
    gas: VortexGas,
    temperatures: Sequence[float],
    sweeps: int,
    rng: Rng = 0,
    *,
    start: Configuration | None = None,
    settle: int | None = None,
    threads: int = 1,
) -> tuple[Sample, ...]:
    """Parallel tempering: neighbouring temperatures try to exchange their configurations after every sweep.

    The results depend on ``rng`` only, not on ``threads``. Parameters as in `sample`; Hukushima and Nemoto,
    J. Phys. Soc. Japan 65, 1604 (1996).
    """
    good = len(temperatures) > 0 and all(0 < t < math.inf for t in temperatures)
    require(good, "temperature", list(temperatures), "positive and finite")
    require(sweeps > 0, "sweeps", sweeps, "at least 1")
    exchanging, *generators = as_rng(rng).spawn(1 + len(temperatures))
    walkers = [walker(gas, generator, start) for generator in generators]
    energy, counts = np.empty((len(walkers), sweeps)), np.empty((len(walkers), 2, sweeps), dtype=np.int64)
    density = np.zeros((len(walkers), 2, gas.grid.plaquette_shape[0] * gas.grid.plaquette_shape[1]))
    exchanged, settling = np.zeros(len(walkers)), sweeps // 5 if settle is None else settle
    places = density.shape[2]
    with ThreadPoolExecutor(threads) as pool:
        for sweep in range(-settling, sweeps):
            list(pool.map(lambda w, t: w.run(places, t), walkers, temperatures))
            for k in range(sweep % 2, len(walkers) - 1, 2):
                cold, hot = walkers[k : k + 2]
                drive = (1 / temperatures[k] - 1 / temperatures[k + 1]) * (cold.energy - hot.energy)
                if exchanging.random() < math.exp(min(0.0, drive)):
                    walkers[k : k + 2] = hot, cold
                    exchanged[k] += sweep >= 0
            if sweep < 0:
                continue
            for k, w in enumerate(walkers):
                energy[k, sweep], counts[k, :, sweep] = w.energy, w.counts
                for kind in range(2):
                    density[k, kind, w.places.members[kind, : w.counts[kind]]] += 1 / sweeps
    trials = [max(1, len(range(k % 2, sweeps, 2))) for k in range(len(walkers))]
    return tuple(
        Sample(
            t, energy[k], counts[k, 0], counts[k, 1], density[k].reshape(2, *gas.grid.plaquette_shape),
            gas.configuration(w.winding), _acceptance(w),
            exchanged[k] / trials[k] if k < len(walkers) - 1 else math.nan,
        )
        for k, (t, w) in enumerate(zip(temperatures, walkers, strict=True))
    )  # fmt: skip


def _acceptance(w: Walker) -> dict[str, float]:
    names = ("hop", "insert", "create pair", "remove", "annihilate pair")
    tried, accepted = w.tally
    return {name: float(a) / max(1, int(t)) for name, t, a in zip(names, tried, accepted, strict=True)}
