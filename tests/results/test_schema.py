"""The schema names what is missing or wrong, and the dataset carries its units."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from pseudogauge.errors import StoreError
from pseudogauge.results import ATTRIBUTES, FIELDS, attribute, make_dataset, problems, validate


@pytest.fixture(scope="module")
def run(synthetic_run):
    return synthetic_run()


def test_every_variable_says_its_unit_and_name(run):
    assert set(run.variables) == {field.name for field in FIELDS}
    for name, variable in run.variables.items():
        assert variable.attrs["units"], name
        assert variable.attrs["long_name"], name


def test_empty_index_dimensions_are_fine(synthetic_run):
    run = synthetic_run(inclusions=(), vortices=(), candidates=(), periodic=(False, True))
    assert problems(run) == []
    assert (run.sizes["vortex"], run.sizes["inclusion"], run.sizes["candidate"]) == (0, 0, 0)
    assert run.vortex_winding.dtype.kind == "i"


@pytest.mark.parametrize("name", [field.name for field in FIELDS if not field.is_coordinate])
def test_a_missing_variable_is_named(run, name):
    assert problems(run.drop_vars(name)) == [f"{name} is missing"]


@pytest.mark.parametrize("name", [fact.name for fact in ATTRIBUTES])
def test_a_missing_attribute_is_named(run, name):
    broken = run.copy()
    del broken.attrs[name]
    assert problems(broken) == [f"attribute {name} is missing"]


def _with(run, name, values, dims=None):
    broken = run.copy()
    broken[name] = (dims or run[name].dims, values, run[name].attrs)
    return broken


def _nan(run):
    values = run.magnetic_field.values.copy()
    values[3, 4] = np.nan
    return _with(run, "magnetic_field", values)


def _units(run):
    broken = run.copy(deep=True)
    broken.squid_flux.attrs["units"] = "Φ0"
    return broken


BROKEN = {
    "magnetic_field is not finite": _nan,
    "squid_flux has units 'Φ0' instead of 'mΦ0'": _units,
    "supercurrent has the type complex128": lambda run: _with(
        run, "supercurrent", run.supercurrent.values + 0j
    ),
    "vortex_winding has the type float64": lambda run: _with(
        run, "vortex_winding", run.vortex_winding.values / 1.0
    ),
    "exchange_field has the dimensions ('y', 'x')": lambda run: _with(
        run, "exchange_field", run.exchange_field.values.T, ("y", "x")
    ),
    "x does not rise": lambda run: run.assign_coords(x=("x", run.x.values[::-1], run.x.attrs)),
    "component is not x, y": lambda run: run.assign_coords(
        component=("component", ["y", "x"], run.component.attrs)
    ),
    "extra is not in the schema": lambda run: run.assign(extra=1.0),
    "attribute converged = 'yes' is not of the kind integer": lambda run: run.assign_attrs(converged="yes"),
    "attribute energies is not JSON": lambda run: run.assign_attrs(energies='{"total": NaN}'),
    "attribute numbers is not a JSON list": lambda run: run.assign_attrs(numbers="{}"),
    "attribute numbers has rows without": lambda run: run.assign_attrs(numbers='[{"name": "κ"}]'),
    "attribute periodic = [1, 0]": lambda run: run.assign_attrs(periodic="[1, 0]"),
    "schema_version is 99": lambda run: run.assign_attrs(schema_version=99),
}


@pytest.mark.parametrize("message", BROKEN)
def test_what_is_wrong_is_said(run, message):
    broken = BROKEN[message](run)
    assert any(message in found for found in problems(broken)), problems(broken)
    with pytest.raises(StoreError, match="does not follow the schema"):
        validate(broken)


def test_all_faults_are_named_at_once():
    found = problems(xr.Dataset())
    for entry in (*FIELDS, *ATTRIBUTES):
        assert any(entry.name in message for message in found)


def test_making_a_dataset_does_not_drop_imaginary_parts_or_fractions(run):
    values = {name: run[name].values for name in run.variables}
    facts = {fact.name: attribute(run, fact.name) for fact in ATTRIBUTES}
    xr.testing.assert_identical(make_dataset(values, facts), run)
    for name, bad in (("magnetic_field", 1j), ("vortex_winding", 0.5)):
        with pytest.raises(StoreError, match=name):
            make_dataset({**values, name: values[name] + bad}, facts)
    with pytest.raises(StoreError, match="supercurrent has 2 dimensions"):
        make_dataset({**values, "supercurrent": values["exchange_field"]}, facts)
    with pytest.raises(StoreError, match="colour is not in the schema"):
        make_dataset({**values, "colour": 1}, facts)
    with pytest.raises(StoreError, match="Out of range float"):
        make_dataset(values, {**facts, "energies": {"total": float("nan")}})


def test_json_attributes_come_back_as_objects(run):
    assert attribute(run, "periodic") == [True, True]
    assert attribute(run, "energies")["kinetic"] == 210.7
    assert attribute(run, "title") == run.attrs["title"]
