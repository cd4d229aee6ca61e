"""The synthetic run of tests/results, for reports."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def synthetic_run():
    return runpy.run_path(str(Path(__file__).parents[1] / "results" / "synthetic.py"))["synthetic_run"]
