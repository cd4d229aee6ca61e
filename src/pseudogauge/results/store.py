"""Datasets on disk: zarr folders that are replaced whole, carry a digest, and are checked on opening."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr

from ..errors import StoreError
from .schema import SCHEMA_VERSION, problems, validate

__all__ = ["open_dataset", "open_results", "save_dataset", "save_results"]

FILE_NAME = "data.zarr"
_DIGEST = "content_sha256"


def save_results(ds: xr.Dataset, folder: str | os.PathLike[str]) -> Path:
    """Check ``ds`` against the schema and store it as ``folder/data.zarr``; returns that path.

    An older result there is replaced only once the new one is complete. Raises `StoreError` if the
    dataset does not follow the schema (before anything is written) or the disk refuses.
    """
    validate(ds)
    return save_dataset(ds, Path(folder) / FILE_NAME)


def open_results(folder: str | os.PathLike[str]) -> xr.Dataset:
    """Load the run stored in ``folder`` into memory, bit for bit as it was saved.

    Raises `StoreError`, saying which, if the folder is missing, holds no results, was written by another
    version of the schema or another program, or is damaged.

    >>> open_results("/no/such/place")
    Traceback (most recent call last):
    ...
    pseudogauge.errors.StoreError: there is no folder /no/such/place
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise StoreError(f"there is no folder {folder}")
    if not (folder / FILE_NAME).exists() and not _aside(folder / FILE_NAME).exists():
        raise StoreError(f"{folder} holds no results (no {FILE_NAME}): is it the output folder of a run?")
    ds = _load(folder / FILE_NAME)
    version = ds.attrs.get("schema_version")
    if version is None:
        raise StoreError(f"{folder / FILE_NAME} is not the result of a run: it names no schema version")
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{folder / FILE_NAME} follows schema version {version}, this program reads {SCHEMA_VERSION}: "
            "open it with the version of pseudogauge that wrote it, or run the scenario again"
        )
    ds = _without_digest(ds, folder / FILE_NAME)
    wrong = problems(ds)
    if wrong:
        raise StoreError(f"{folder / FILE_NAME} does not follow the schema: {'; '.join(wrong)}")
    return ds


def save_dataset(ds: xr.Dataset, path: str | os.PathLike[str]) -> Path:
    """Store any dataset as the zarr folder ``path``, replacing an older one only when complete."""
    path = Path(path)
    stored = _with_objects(ds).drop_encoding()
    stored.attrs = {**ds.attrs, _DIGEST: _digest(ds)}
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        # a chunk left out because it equals the fill value would lose the sign of -0.0
        stored.to_zarr(
            temporary / "new", mode="w", consolidated=False, zarr_format=3, write_empty_chunks=True
        )
        _swap(temporary / "new", path)
    except (OSError, TypeError, ValueError) as error:
        raise StoreError(f"cannot write {path}: {error}") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return path


def open_dataset(path: str | os.PathLike[str]) -> xr.Dataset:
    """Load a dataset written by `save_dataset` into memory; raises `StoreError` if missing or damaged."""
    path = Path(path)
    if not path.exists() and not _aside(path).exists():
        raise StoreError(f"there is no dataset {path}")
    return _without_digest(_load(path), path)


def _aside(path: Path) -> Path:
    """Where the old dataset waits during the instant in which the new one takes its place."""
    return path.with_name(f".{path.name}.previous")


def _swap(new: Path, path: Path) -> None:
    aside = _aside(path)
    if path.exists():
        shutil.rmtree(aside, ignore_errors=True)
        os.replace(path, aside)
    try:
        os.replace(new, path)
    except OSError:
        if aside.exists():
            os.replace(aside, path)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _load(path: Path) -> xr.Dataset:
    source = path if path.exists() else _aside(path)  # interrupted between the two renames of _swap
    try:
        with xr.open_zarr(source, consolidated=False, chunks=None, decode_times=False) as lazy:
            return _with_text(lazy.load())
    except Exception as error:  # zarr, codecs and xarray each raise their own kinds on damaged files
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"{path} cannot be read, it is damaged or no zarr dataset: {reason}") from error


def _without_digest(ds: xr.Dataset, path: Path) -> xr.Dataset:
    """Check the digest (zarr reads a lost chunk as zeros without a word) and take it off."""
    expected = ds.attrs.pop(_DIGEST, None)
    if expected != _digest(ds):
        raise StoreError(f"{path} is damaged: its content does not match its digest")
    return ds.drop_encoding()


def _digest(ds: xr.Dataset) -> str:
    state = hashlib.sha256()
    for name in sorted(map(str, ds.variables)):
        values = ds[name].values
        if values.dtype.kind == "U":  # as wide as its longest text, which is what it is when read back
            values = np.array(values.tolist(), dtype=str)
        state.update(f"{name} {values.dtype.str} {values.shape} {ds[name].dims}".encode())
        state.update(np.ascontiguousarray(values).tobytes())
    return state.hexdigest()


def _with_objects(ds: xr.Dataset) -> xr.Dataset:
    """Text as objects, which zarr 3 has a data type for; fixed-length text has none yet."""
    return ds.assign(
        {name: values.astype(object) for name, values in ds.variables.items() if values.dtype.kind == "U"}
    )


def _with_text(ds: xr.Dataset) -> xr.Dataset:
    texts = {name: variable for name, variable in ds.variables.items() if variable.dtype.kind in "OT"}
    plain = {name: np.array(variable.values.tolist(), dtype=str) for name, variable in texts.items()}
    return ds.assign({name: (texts[name].dims, plain[name], texts[name].attrs) for name in texts})
