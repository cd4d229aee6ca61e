"""Everything an interrupted evolution needs to go on as if nothing had happened."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from .problem import GinzburgLandau

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Checkpoint", "fingerprint", "mark_of"]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """An accepted moment of an evolution: plain numbers and one array.

    ``fields`` is (Re ψ, Im ψ, A); ``rng_state`` the state of numpy's bit generator, a
    dictionary of integers; ``mark`` the time and mean links of A at the last record, from which mean electric
    fields are counted; ``problem`` the `fingerprint` of the problem, which refuses another one.

    Stored as a dataset it lets the run go on bitwise:

    >>> import tempfile
    >>> from pseudogauge.ginzburg_landau import Checkpoint, GinzburgLandau, Grid, evolve
    >>> from pseudogauge.results import open_dataset, save_dataset
    >>> problem = GinzburgLandau(Grid((8, 8), 0.5), kappa=2.0)
    >>> whole = evolve(problem, duration=3.0, noise=1e-3, rng=1)
    >>> half = evolve(problem, duration=3.0, noise=1e-3, rng=1, max_steps=5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_dataset(half.checkpoint.to_dataset(), f"{folder}/half.zarr")
    ...     stored = Checkpoint.from_dataset(open_dataset(path))
    >>> rest = evolve(problem, duration=3.0, noise=1e-3, resume=stored)
    >>> bool(np.array_equal(rest.state.order_parameter, whole.state.order_parameter))
    True
    """

    time: float
    fields: NDArray[np.float64]
    flux_quanta: Any
    step: float
    accepted: int
    rejected: int
    step_error: float
    mark: tuple[float, ...]
    problem: tuple[float, ...]
    rng_state: Mapping[str, Any] | None = None

    def to_dataset(self) -> xr.Dataset:
        """All of it as a dataset, for ``results.save_dataset`` or netCDF."""
        import xarray as xr

        rest = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "fields"}
        text = json.dumps(rest, default=lambda value: value.tolist())  # floats survive, digit by digit
        names = ("component", "x", "y", "z")[: self.fields.ndim]
        return xr.Dataset({"fields": (names, self.fields)}, attrs={"checkpoint": text})

    @classmethod
    def from_dataset(cls, dataset: xr.Dataset) -> Checkpoint:
        """The checkpoint that `to_dataset` turned into this dataset.

        Raises
        ------
        InputError : if it did not.
        """
        try:
            rest = json.loads(dataset.attrs["checkpoint"])
            lists = {name: tuple(value) for name, value in rest.items() if isinstance(value, list)}
            return cls(fields=np.array(dataset["fields"].values, dtype=float), **{**rest, **lists})
        except (AttributeError, KeyError, TypeError, ValueError):
            raise InputError("dataset", type(dataset).__name__, "one that to_dataset() made") from None

    def rng(self) -> np.random.Generator:
        """A generator that continues the random sequence."""
        if self.rng_state is None:
            return np.random.default_rng(0)
        bits = getattr(np.random, self.rng_state["bit_generator"])()
        bits.state = self.rng_state
        return np.random.Generator(bits)

    def check(self, problem: GinzburgLandau) -> None:
        """Refuse another problem than the one that made the checkpoint."""
        shape = (2 + problem.grid.ndim, *problem.grid.shape)
        same = self.fields.shape == shape and self.flux_quanta == problem.flux_quanta
        allowed = f"of fields {shape} in sector {problem.flux_quanta}"
        given = f"of fields {self.fields.shape} in sector {self.flux_quanta}"
        fix = "resume with the problem that made the checkpoint"
        require(same, "resume", given, allowed, fix)
        now = fingerprint(problem)
        alike = len(now) == len(self.problem) and np.allclose(now, self.problem, rtol=1e-9, atol=1e-9)
        require(alike, "resume", "of another problem", "of this one, with all its fields and numbers", fix)
        require(bool(np.isfinite(self.fields).all()), "resume", "not finite", "finite")


def mark_of(time: float, fields: NDArray[np.float64]) -> tuple[float, ...]:
    """A time and the mean links of A then."""
    return time, *(float(links.mean()) for links in fields[2:])


def fingerprint(problem: GinzburgLandau) -> tuple[float, ...]:
    """Numbers that tell problems apart, and are alike to rounding for the same problem on another machine."""
    grid, fixed = problem.grid, problem.coefficients
    found = [
        problem.kappa,
        problem.pearl_length or 0.0,
        problem.anisotropy,
        *grid.spacings,
        *grid.periodic_axes,
    ]
    for values in (problem.pseudo_links, fixed.source, fixed.epsilon, fixed.weight):
        flat = np.ravel(values)
        found += [
            float(flat.mean()),
            float(np.sum(flat * np.cos(np.arange(flat.size)))) / math.sqrt(flat.size),
        ]
    return tuple(float(number) for number in found)
