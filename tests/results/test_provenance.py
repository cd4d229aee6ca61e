"""Provenance is complete and costs no imports."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import numpy as np

from pseudogauge import __version__
from pseudogauge.results import provenance


def test_facts_are_text_and_true():
    facts = provenance()
    assert all(isinstance(value, str) and value for value in facts.values())
    assert facts["pseudogauge"] == __version__
    assert facts["numpy"] == np.__version__
    assert facts["python"] == sys.version.split()[0]
    assert int(facts["cpu_count"]) >= 1
    assert datetime.fromisoformat(facts["time_utc"]).utcoffset().total_seconds() == 0
    assert json.loads(json.dumps(facts)) == facts


def test_no_library_is_imported_for_its_version():
    code = (
        "import importlib.util, sys, pseudogauge\n"
        "spec = importlib.util.find_spec('pseudogauge')\n"
        "path = spec.submodule_search_locations[0] + '/results/provenance.py'\n"
        "module = importlib.util.spec_from_file_location('pseudogauge.alone.provenance', path)\n"
        "alone = importlib.util.module_from_spec(module)\n"
        "module.loader.exec_module(alone)\n"
        "alone.provenance()\n"
        "heavy = {'numpy', 'scipy', 'numba', 'xarray', 'zarr', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
