"""Minimisations of an unfinished search, kept in a folder."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .files import write_file

if TYPE_CHECKING:
    from ..ginzburg_landau import Reached

__all__ = ["MinimaFolder"]


class MinimaFolder(MutableMapping[str, "Reached"]):
    """A dictionary for ``minimise(..., kept=...)`` or ``ground_state(..., kept=...)`` that outlives the process.

    One file for each minimisation, 8 bytes × (2 + axes) per site, replaced in one step; what cannot be read counts
    as not there.  Entries of another ``mark``, such as the version of a program, are not seen.

    >>> import tempfile
    >>> from pseudogauge import GinzburgLandau, Grid, minimise
    >>> problem = GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0, flux_quanta=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = minimise(problem, rng=3, kept=MinimaFolder(folder))
    ...     again = minimise(problem, rng=3, kept=MinimaFolder(folder))  # read, not computed
    >>> again.energy == first.energy
    True
    """

    def __init__(self, folder: str | os.PathLike[str], mark: str = "") -> None:
        self.folder, self.mark = Path(folder), mark

    def __getitem__(self, key: str) -> Reached:
        from ..ginzburg_landau import Reached

        try:
            with np.load(self._path(key), allow_pickle=False) as file:
                return Reached(file["fields"], *(file[name].item() for name in Reached._fields[1:]))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            raise KeyError(key) from None

    def __setitem__(self, key: str, reached: Reached) -> None:
        content = io.BytesIO()
        np.savez(content, **reached._asdict())
        write_file(self._path(key), content.getvalue())

    def __delitem__(self, key: str) -> None:
        try:
            self._path(key).unlink()
        except FileNotFoundError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return (path.stem for path in sorted((self.folder / self.mark).glob("*.npz")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def remove(self) -> None:
        """Delete the folder, whatever the marks: what it was kept for is done."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        return self.folder / self.mark / f"{key}.npz"
