"""Everything an interrupted evolution needs to go on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from .problem import GinzburgLandau

__all__ = ["Checkpoint", "mark_of"]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """An accepted moment of an evolution: plain numbers and one array, for the caller to store.

    ``fields`` is (Re ψ, Im ψ, A); ``rng_state`` the state of numpy's bit generator, a
    dictionary of integers; ``mark`` the time and mean links of A at the last record, from which mean electric
    fields are counted.
    """

    time: float
    fields: NDArray[np.float64]
    flux_quanta: Any
    step: float
    accepted: int
    rejected: int
    step_error: float
    mark: tuple[float, ...]
    rng_state: Mapping[str, Any] | None = None

    def rng(self) -> np.random.Generator:
        """A generator that continues the random sequence."""
        if self.rng_state is None:
            return np.random.default_rng(0)
        bits = getattr(np.random, self.rng_state["bit_generator"])()
        bits.state = self.rng_state
        return np.random.Generator(bits)

    def check(self, problem: GinzburgLandau) -> None:
        """Refuse a problem of another grid or flux sector."""
        shape = (2 + problem.grid.ndim, *problem.grid.shape)
        same = self.fields.shape == shape and self.flux_quanta == problem.flux_quanta
        allowed = f"of fields {shape} in sector {problem.flux_quanta}"
        given = f"of fields {self.fields.shape} in sector {self.flux_quanta}"
        require(same, "resume", given, allowed, "resume with the problem that made the checkpoint")
        require(bool(np.isfinite(self.fields).all()), "resume", "not finite", "finite")


def mark_of(time: float, fields: NDArray[np.float64]) -> tuple[float, ...]:
    """A time and the mean links of A then."""
    return time, *(float(links.mean()) for links in fields[2:])
