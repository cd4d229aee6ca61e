"""Stored runs come back bit for bit, old results survive failures, and damage is noticed."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import xarray as xr

from pseudogauge.errors import StoreError
from pseudogauge.results import open_dataset, open_results, save_dataset, save_results, store, write_file


@pytest.fixture(scope="module")
def run(synthetic_run):
    return synthetic_run(shape=(24, 20), spacing=0.15)


def assert_same_bits(left: xr.Dataset, right: xr.Dataset) -> None:
    xr.testing.assert_identical(left, right)
    for name in left.variables:
        assert left[name].dtype == right[name].dtype, name
        assert left[name].values.tobytes() == right[name].values.tobytes(), name


def test_round_trip_is_exact(run, tmp_path):
    save_results(run, tmp_path / "new" / "folder")
    assert_same_bits(open_results(tmp_path / "new" / "folder"), run)


def test_round_trip_of_awkward_numbers(tmp_path):
    values = np.array([0.0, -0.0, np.nan, np.inf, 5e-324, 1 / 3])
    odd = xr.Dataset(
        {
            "real": ("i", values),
            "complex": ("i", np.array([complex(x, y) for x, y in zip(values, values[::-1], strict=True)])),
            "negative_zero": ("i", np.full(6, -0.0 - 0.0j)),
            "none": ("j", np.zeros(0, dtype=np.int64)),
            "text": ("k", ["ħ", "Φ0 and more"]),
        },
        attrs={"title": "awkward", "tiny": 5e-324},
    )
    save_dataset(odd, tmp_path / "odd.zarr")
    assert_same_bits(open_dataset(tmp_path / "odd.zarr"), odd)
    with pytest.raises(AssertionError):  # +0.0 equals −0.0, but not bit for bit
        assert_same_bits(odd.assign(negative_zero=("i", np.zeros(6, complex))), odd)


def test_empty_run_round_trip(synthetic_run, tmp_path):
    empty = synthetic_run((), (), (), periodic=(False, False), shape=(12, 10), spacing=0.1)
    save_results(empty, tmp_path)
    assert_same_bits(open_results(tmp_path), empty)


def test_saving_again_replaces_and_leaves_nothing_behind(run, tmp_path):
    save_results(run, tmp_path)
    second = run.assign_attrs(title="second")
    save_results(second, tmp_path)
    assert open_results(tmp_path).attrs["title"] == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["data.zarr"]


def test_a_dataset_against_the_schema_is_not_written(run, tmp_path):
    with pytest.raises(StoreError, match="squid_flux is missing"):
        save_results(run.drop_vars("squid_flux"), tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


@pytest.mark.parametrize("moment", ["while writing", "first rename", "second rename"])
def test_failure_keeps_the_old_result(run, tmp_path, monkeypatch, moment):
    save_results(run, tmp_path)
    if moment == "while writing":

        def disk_full(self, path, **options):
            path.mkdir()
            (path / "half").write_text("half a result")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(xr.Dataset, "to_zarr", disk_full)
    else:
        rename, calls = store.os.replace, []

        def fail(source, target):
            calls.append(target)
            if len(calls) == (1 if moment == "first rename" else 2):
                raise OSError(5, "Input/output error")
            rename(source, target)

        monkeypatch.setattr(store.os, "replace", fail)
    with pytest.raises(StoreError, match="cannot write"):
        save_results(run.assign_attrs(title="second"), tmp_path)
    monkeypatch.undo()
    assert_same_bits(open_results(tmp_path), run)
    assert [path.name for path in tmp_path.iterdir()] == ["data.zarr"]


def test_killed_between_the_renames_the_old_result_is_still_opened(run, tmp_path):
    save_results(run, tmp_path)
    (tmp_path / "data.zarr").rename(tmp_path / ".data.zarr.previous")
    assert_same_bits(open_results(tmp_path), run)
    save_results(run, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["data.zarr"]


def _no_data(folder):
    shutil.rmtree(folder / "data.zarr")


def _empty_zarr(folder):
    _no_data(folder)
    (folder / "data.zarr").mkdir()


def _cut_metadata(folder):
    path = folder / "data.zarr" / "zarr.json"
    path.write_text(path.read_text()[:40])


def _first_chunk(folder):
    return next(
        path for path in (folder / "data.zarr" / "order_parameter" / "c").rglob("*") if path.is_file()
    )


def _lost_chunk(folder):
    _first_chunk(folder).unlink()


def _cut_chunk(folder):
    path = _first_chunk(folder)
    path.write_bytes(path.read_bytes()[:20])


def _other_version(folder):
    _edit_attributes(folder, lambda facts: facts.update(schema_version=7))


def _no_version(folder):
    _edit_attributes(folder, lambda facts: facts.pop("schema_version"))


def _edit_attributes(folder, change):
    path = folder / "data.zarr" / "zarr.json"
    group = json.loads(path.read_text())
    change(group["attributes"])
    path.write_text(json.dumps(group))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (shutil.rmtree, "there is no folder"),
        (_no_data, "holds no results"),
        (_empty_zarr, "damaged or no zarr dataset"),
        (_cut_metadata, "damaged or no zarr dataset"),
        (_cut_chunk, "damaged or no zarr dataset"),
        (_lost_chunk, "does not match its digest"),
        (_other_version, "schema version 7, this program reads 2"),
        (_no_version, "not the result of a run"),
    ],
)
def test_what_cannot_be_opened_is_explained(run, tmp_path, damage, message):
    folder = tmp_path / "run"
    save_results(run, folder)
    damage(folder)
    with pytest.raises(StoreError, match=message):
        open_results(folder)


def test_write_file_replaces_whole_files_only(tmp_path, monkeypatch):
    path = write_file(tmp_path / "a" / "b.txt", "old")
    with monkeypatch.context() as patch:
        patch.setattr(
            store.os, "replace", lambda source, target: (_ for _ in ()).throw(OSError(5, "I/O error"))
        )
        with pytest.raises(StoreError, match="I/O error"):
            write_file(path, "new")
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o444 == 0o444
    with pytest.raises(StoreError, match="cannot write"):
        write_file(path / "below a file", b"x")
