"""The synthetic run beside this file."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def synthetic_run():
    return runpy.run_path(str(Path(__file__).with_name("synthetic.py")))["synthetic_run"]
