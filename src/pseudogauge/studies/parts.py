"""Pieces of a study: each is one dataset, computed once and kept in its folder."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import xarray as xr

from .. import __version__
from ..errors import StoreError
from ..results import MinimaFolder, open_dataset, save_dataset

__all__ = ["Part", "source_digest", "unfinished"]


@cache
def source_digest() -> str:
    """What identifies the code: figures of an earlier version are not mixed with claims of this one."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Part:
    """One piece of a study: a dataset that is saved as soon as it is computed."""

    name: str
    title: str
    compute: Callable[..., xr.Dataset]
    key: str
    """What the data depends on; a folder with another key is computed again."""
    keeps_minima: bool = False
    """Whether ``compute`` takes ``kept``, a `MinimaFolder` from which it goes on if it was interrupted."""

    def is_done(self, folder: Path) -> bool:
        """Whether ``folder`` holds this part already, made by the same code from the same input."""
        try:
            return bool(open_dataset(self.path(folder)).attrs.get("part_key") == self.key)
        except StoreError:
            return False

    def compute_into(self, folder: Path) -> None:
        """Compute and save."""
        start = time.perf_counter()
        kept = unfinished(folder / self.name)
        data = self.compute(kept=kept) if self.keeps_minima else self.compute()
        data.attrs.setdefault("wall_time_s", time.perf_counter() - start)
        data.attrs["part_key"] = self.key
        save_dataset(data, self.path(folder))
        kept.remove()

    def path(self, folder: Path) -> Path:
        return folder / self.name / "data.zarr"


def unfinished(folder: Path) -> MinimaFolder:
    """Where a search that fills ``folder`` keeps its minima; another version of the code does not use them."""
    return MinimaFolder(folder / "unfinished", mark=source_digest())
