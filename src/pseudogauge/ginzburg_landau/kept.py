"""What a minimisation leaves behind, so that it, or a search of many, can go on after an interruption."""

from __future__ import annotations

import hashlib
import time
from collections.abc import MutableMapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from .problem import GinzburgLandau

__all__ = ["Kept", "Minima", "Reached"]

Array = NDArray[np.float64]
EVERY = 15.0  # seconds between two savings of an unfinished minimisation


class Reached(NamedTuple):
    """Where a minimisation has come to: its fields (Re ψ, Im ψ, A), and whether it ended there."""

    fields: Array
    converged: bool = False
    iterations: int = 0
    message: str = ""
    finished: bool = False


Minima = MutableMapping[str, Reached]
"""A dictionary, or one on disk: `results.MinimaFolder`."""


class Kept:
    """The place of one minimisation in `Minima`; a digest of its problem, start and settings finds it again."""

    def __init__(self, minima: Minima, problem: GinzburgLandau, start: Array, *settings: float) -> None:
        fixed = problem.coefficients
        numbers = [value for value in fixed if isinstance(value, (int, float, tuple))]
        text = repr((numbers, problem.kappa, problem.pearl_length, problem.grid, settings))
        digest = hashlib.sha256(text.encode())
        for array in (start, *(value for value in fixed if isinstance(value, np.ndarray))):
            digest.update(np.ascontiguousarray(array).data)
        fix = "give kept={}, or a results.MinimaFolder"
        require(isinstance(minima, MutableMapping), "kept", repr(minima), "a dictionary of minima", fix)
        self._minima, self._key, self._saved = minima, digest.hexdigest()[:32], time.monotonic()

    @property
    def earlier(self) -> Reached | None:
        """What an earlier attempt left."""
        return self._minima.get(self._key)

    @property
    def due(self) -> bool:
        """Whether the last saving is long ago."""
        return time.monotonic() - self._saved > EVERY

    def save(self, reached: Reached) -> None:
        """Replace what was kept."""
        self._minima[self._key], self._saved = reached, time.monotonic()
