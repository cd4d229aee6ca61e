"""What the dataset of one run holds, written down as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr

from ..errors import StoreError
from .files import read_json, to_json

__all__ = [
    "ATTRIBUTES",
    "FIELDS",
    "SCHEMA_VERSION",
    "Attribute",
    "Field",
    "attribute",
    "make_dataset",
    "problems",
    "validate",
]

SCHEMA_VERSION = 2

_SITES = ("x", "y")
_PLAQUETTES = ("x_plaquette", "y_plaquette")


@dataclass(frozen=True)
class Field:
    """A coordinate or variable: its name, dimensions, unit, and what it is."""

    name: str
    dims: tuple[str, ...]
    units: str
    long_name: str
    description: str
    kind: Literal["float", "complex", "int", "text"] = "float"

    @property
    def is_coordinate(self) -> bool:
        """A coordinate labels its own dimension."""
        return self.dims == (self.name,)


@dataclass(frozen=True)
class Attribute:
    """A fact about the whole run. Kind ``json`` is stored as JSON text; `attribute` decodes it."""

    name: str
    kind: Literal["text", "number", "integer", "json"]
    description: str


FIELDS: tuple[Field, ...] = (
    Field("x", ("x",), "µm", "x", "x of the site centres"),
    Field("y", ("y",), "µm", "y", "y of the site centres"),
    Field("x_plaquette", ("x_plaquette",), "µm", "x", "x of the plaquette centres"),
    Field("y_plaquette", ("y_plaquette",), "µm", "y", "y of the plaquette centres"),
    Field("component", ("component",), "1", "component", "Cartesian component of a vector", "text"),
    Field("vortex", ("vortex",), "1", "vortex", "number of the vortex, from 0", "int"),
    Field("inclusion", ("inclusion",), "1", "inclusion", "number of the inclusion, from 0", "int"),
    Field("candidate", ("candidate",), "1", "candidate", "number of the state compared, from 0", "int"),
    Field("order_parameter", _SITES, "1", "order parameter ψ", "in its uniform bulk value", "complex"),
    Field("magnetic_field", _PLAQUETTES, "mT", "magnetic field B_z", "bulk field, averaged over a plaquette"),
    Field("pseudo_magnetisation", _PLAQUETTES, "mT", "pseudo-magnetisation h̃", "∇×h̃ = μ0 j_γ"),
    Field("spin_magnetisation", _PLAQUETTES, "mT", "spin magnetisation μ0 m", "of the electrons' spins"),
    Field(
        "pseudo_potential", ("component", *_SITES), "1/ξ", "pseudo-vector potential ã", "2eÃ, at the sites"
    ),
    Field("supercurrent", ("component", *_SITES), "A/m²", "supercurrent j", "current density at the sites"),
    Field("exchange_field", _SITES, "meV", "exchange field b_z", "couples as −b·σ"),
    Field("electric_potential", _SITES, "V", "electric potential V", "screened; 𝓔 = −∇V"),
    Field("surface_field", _PLAQUETTES, "mT", "stray field B_z", "in vacuum, at the height of the SQUID"),
    Field("squid_flux", _PLAQUETTES, "mΦ0", "SQUID flux Φ", "through the pickup loop centred there"),
    Field("vortex_x", ("vortex",), "µm", "vortex x", "x of the vortex"),
    Field("vortex_y", ("vortex",), "µm", "vortex y", "y of the vortex"),
    Field("vortex_winding", ("vortex",), "1", "winding", "+1 carries the flux +Φ0", "int"),
    Field("inclusion_x", ("inclusion",), "µm", "inclusion x", "x of the centre"),
    Field("inclusion_y", ("inclusion",), "µm", "inclusion y", "y of the centre"),
    Field("inclusion_radius", ("inclusion",), "µm", "radius R", "radius of the inclusion"),
    Field("inclusion_exchange", ("inclusion",), "meV", "exchange field b_z", "inside the inclusion"),
    Field(
        "candidate_energy", ("candidate",), "1", "energy", "of the whole sample, in Φ0²/8π²μ0λ² per length"
    ),
    Field("candidate_sector", ("candidate",), "1", "flux sector N", "total flux in Φ0", "int"),
    Field("candidate_vortices", ("candidate",), "1", "vortices", "number with positive winding", "int"),
    Field(
        "candidate_antivortices", ("candidate",), "1", "antivortices", "number with negative winding", "int"
    ),
    Field("candidate_found", ("candidate",), "1", "times found", "how many starts led there", "int"),
)

ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("title", "text", "what the run is called"),
    Attribute("scenario", "text", "the scenario as TOML text"),
    Attribute("numbers", "json", "list of derived scales: group, symbol, name, value, unit, note"),
    Attribute("energies", "json", "mapping from the name of an energy term to its value"),
    Attribute("periodic", "json", "[along x, along y]: true where the cell repeats"),
    Attribute("squid_height", "number", "height of the pickup loop above the surface, µm"),
    Attribute("squid_radius", "number", "radius of the pickup loop, µm"),
    Attribute("converged", "integer", "1 if the minimisation converged, else 0"),
    Attribute("residual", "number", "largest gradient component at the end"),
    Attribute("iterations", "integer", "iterations of the minimisation"),
    Attribute("message", "text", "what the solver says, and what to do if it did not converge"),
    Attribute("seed", "integer", "seed of every random choice"),
    Attribute("wall_time_s", "number", "wall time of the run, s"),
    Attribute("provenance", "json", "mapping of versions, machine, time and command line"),
)

NUMBER_KEYS = ("group", "symbol", "name", "value", "unit", "note")
_KINDS = {"float": "f", "complex": "c", "int": "iu", "text": "UTO"}
_DTYPES: dict[str, type] = {"float": np.float64, "complex": np.complex128, "int": np.int64, "text": np.str_}
_JSON_TYPES: dict[str, type] = {"numbers": list, "energies": dict, "periodic": list, "provenance": dict}


def make_dataset(values: Mapping[str, Any], attributes: Mapping[str, Any]) -> xr.Dataset:
    """Build the dataset of one run from arrays named as in `FIELDS` and facts named as in `ATTRIBUTES`.

    Units and long names come from the schema; ``component`` and the numbering coordinates may be left
    out, and JSON attributes are given as plain objects. Raises `StoreError` naming all that is missing
    or wrong.

    >>> make_dataset({"x": [0.5]}, {"title": "empty"})
    Traceback (most recent call last):
    ...
    pseudogauge.errors.StoreError: the dataset does not follow the schema: y is missing; ...
    """
    arrays = {name: np.asarray(value) for name, value in values.items()}
    arrays.setdefault("component", np.array(["x", "y"]))
    for name, member in (
        ("vortex", "vortex_x"),
        ("inclusion", "inclusion_x"),
        ("candidate", "candidate_energy"),
    ):
        if name not in arrays and member in arrays:
            arrays[name] = np.arange(arrays[member].size)
    wrong = [f"{name} is not in the schema" for name in arrays if name not in _FIELD]
    wrong += [f"{field.name} is missing" for field in FIELDS if field.name not in arrays]
    wrong += [
        f"{name} has {arrays[name].ndim} dimensions instead of {', '.join(field.dims)}"
        for name, field in _FIELD.items()
        if name in arrays and arrays[name].ndim != len(field.dims)
    ]
    if wrong:
        raise _schema_error(wrong)
    try:
        variables = {name: _variable(_FIELD[name], array) for name, array in arrays.items()}
        ds = xr.Dataset(
            {name: variable for name, variable in variables.items() if not _FIELD[name].is_coordinate},
            {name: variable for name, variable in variables.items() if _FIELD[name].is_coordinate},
        )
        ds.attrs = {name: _encode(name, value) for name, value in attributes.items()}
    except (TypeError, ValueError) as error:
        raise StoreError(f"the dataset does not follow the schema: {error}") from error
    ds.attrs["schema_version"] = SCHEMA_VERSION
    validate(ds)
    return ds


def validate(ds: xr.Dataset) -> None:
    """Raise `StoreError` naming everything in ``ds`` that does not follow the schema (see `problems`)."""
    found = problems(ds)
    if found:
        raise _schema_error(found)


def problems(ds: xr.Dataset) -> list[str]:
    """Everything in ``ds`` that is missing or wrong, one sentence each; empty if it follows the schema.

    >>> import xarray as xr
    >>> problems(xr.Dataset())[0]
    'x is missing'
    """
    found: list[str] = []
    for field in FIELDS:
        found += _field_problems(ds, field)
    for fact in ATTRIBUTES:
        found += _attribute_problems(ds, fact)
    found += [f"{name} is not in the schema" for name in map(str, ds.variables) if name not in _FIELD]
    version = ds.attrs.get("schema_version")
    if version != SCHEMA_VERSION:
        found.append(f"schema_version is {version} instead of {SCHEMA_VERSION}")
    return found


def attribute(ds: xr.Dataset, name: str) -> Any:
    """The attribute ``name`` of a run, JSON text decoded.

    >>> import xarray as xr
    >>> attribute(xr.Dataset(attrs={"periodic": "[true, false]"}), "periodic")
    [True, False]
    """
    value = ds.attrs[name]
    return read_json(value) if _ATTRIBUTE[name].kind == "json" else value


_FIELD = {field.name: field for field in FIELDS}
_ATTRIBUTE = {fact.name: fact for fact in ATTRIBUTES}


def _schema_error(found: list[str]) -> StoreError:
    return StoreError("the dataset does not follow the schema: " + "; ".join(found))


def _variable(field: Field, array: np.ndarray[Any, Any]) -> xr.Variable:
    if field.kind == "float" and array.dtype.kind == "c":
        raise ValueError(f"{field.name} is complex")  # a cast would drop the imaginary part
    if field.kind == "int" and array.size and array.dtype.kind not in "iu":
        raise ValueError(f"{field.name} has the type {array.dtype} instead of int")
    data: Any = array.astype(_DTYPES[field.kind])
    return xr.Variable(field.dims, data, {"units": field.units, "long_name": field.long_name})


def _encode(name: str, value: Any) -> Any:
    fact = _ATTRIBUTE.get(name)
    if fact is None:
        return value
    if fact.kind == "json":
        return to_json(value)
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if fact.kind == "integer" and isinstance(plain, bool) else plain


def _field_problems(ds: xr.Dataset, field: Field) -> list[str]:
    if field.name not in ds.variables:
        return [f"{field.name} is missing"]
    variable = ds[field.name]
    found = []
    if variable.dims != field.dims:
        found.append(f"{field.name} has the dimensions {variable.dims} instead of {field.dims}")
    if variable.dtype.kind not in _KINDS[field.kind]:
        found.append(f"{field.name} has the type {variable.dtype} instead of {field.kind}")
    elif field.kind in ("float", "complex") and not np.isfinite(variable.values).all():
        found.append(f"{field.name} is not finite everywhere")
    for key, expected in (("units", field.units), ("long_name", field.long_name)):
        if variable.attrs.get(key) != expected:
            found.append(f"{field.name} has {key} {variable.attrs.get(key)!r} instead of {expected!r}")
    if field.name == "component" and list(variable.values) != ["x", "y"]:
        found.append("component is not x, y")
    if field.name in (*_SITES, *_PLAQUETTES) and not _evenly_rising(variable.values):
        found.append(f"{field.name} does not rise in even steps")
    return found


def _evenly_rising(values: np.ndarray[Any, Any]) -> bool:
    steps = np.diff(values)
    return values.size >= 2 and bool(np.all(steps > 0)) and bool(np.allclose(steps, steps.mean(), rtol=1e-6))


def _attribute_problems(ds: xr.Dataset, fact: Attribute) -> list[str]:
    if fact.name not in ds.attrs:
        return [f"attribute {fact.name} is missing"]
    value: Any = ds.attrs[fact.name]
    types: dict[str, Any] = {
        "text": str,
        "json": str,
        "integer": int,
        "number": (int, float),
    }
    if not isinstance(value, types[fact.kind]):
        return [f"attribute {fact.name} = {value!r} is not of the kind {fact.kind}"]
    return _json_problems(fact.name, value) if fact.kind == "json" else []


def _json_problems(name: str, text: str) -> list[str]:
    try:
        content = read_json(text)
    except ValueError as error:
        return [f"attribute {name} is not JSON: {error}"]
    expected: Any = _JSON_TYPES[name]
    if not isinstance(content, expected):
        return [f"attribute {name} is not a JSON {expected.__name__}"]
    if name == "periodic" and not (len(content) == 2 and all(isinstance(entry, bool) for entry in content)):
        return [f"attribute periodic = {text} is not a pair of true or false"]
    if name == "numbers" and not all(
        isinstance(row, dict) and set(row) == set(NUMBER_KEYS) for row in content
    ):
        return [f"attribute numbers has rows without exactly the keys {', '.join(NUMBER_KEYS)}"]
    return []
