"""One labelled dataset per run, stored with everything needed to know where it came from."""

from __future__ import annotations

from .claims import VERDICTS, read_claims, write_claims
from .files import read_json, to_json, write_file
from .minima import MinimaFolder
from .provenance import provenance
from .schema import (
    ATTRIBUTES,
    FIELDS,
    SCHEMA_VERSION,
    Attribute,
    Field,
    attribute,
    make_dataset,
    problems,
    validate,
)
from .store import open_dataset, open_results, save_dataset, save_results
from .vtk import save_vtk

__all__ = [
    "ATTRIBUTES",
    "FIELDS",
    "SCHEMA_VERSION",
    "VERDICTS",
    "Attribute",
    "Field",
    "MinimaFolder",
    "attribute",
    "make_dataset",
    "open_dataset",
    "open_results",
    "problems",
    "provenance",
    "read_claims",
    "read_json",
    "save_dataset",
    "save_results",
    "save_vtk",
    "to_json",
    "validate",
    "write_claims",
    "write_file",
]
