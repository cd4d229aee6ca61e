"""The CUDA launcher in numba's simulator, which runs its threads one by one in Python, against the CPU's loops."""

import os
import subprocess
import sys

import pytest
from numba import cuda

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid
from pseudogauge.ginzburg_landau.device import DeviceEnergy

COMPARE = """
import sys
import numpy as np
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid
from pseudogauge.ginzburg_landau.device import DeviceEnergy
from pseudogauge.ginzburg_landau.energy import energy_and_gradient

shape, periodic, applied = {shape}, {periodic}, {applied}
sample = np.random.default_rng(1).random(shape) < 0.9 if {masked} else None
problem = GinzburgLandau(Grid(shape, 0.5, periodic=periodic), kappa=2.0, applied_field=applied, sample=sample)
fields = np.random.default_rng(0).normal(size=(2 + len(shape), *shape))
for axis, wraps in enumerate(periodic):
    if not wraps:
        np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0.0
gradient, on_device = np.empty_like(fields), np.empty_like(fields)
terms = energy_and_gradient(fields, problem.coefficients, gradient)
assert np.allclose(DeviceEnergy(problem)(fields, on_device), terms, rtol=1e-13, atol=0)
assert np.abs(on_device - gradient).max() < 1e-13 * np.abs(gradient).max()
{broken}
"""


def simulate(broken: str = "", **case: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    code = COMPARE.format(broken=broken, **case)
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    "case",
    [
        {"shape": (9, 33), "periodic": (True, False), "applied": 0.1, "masked": True},
        {"shape": (3, 5, 4), "periodic": (False, True, False), "applied": (0.05, 0.02, 0.1), "masked": False},
        {"shape": (4, 3, 3), "periodic": (True, False, True), "applied": 0.1, "masked": True},
    ],
)
def test_same_energy_and_gradient_as_the_cpu(case):
    done = simulate(**case)
    assert done.returncode == 0, done.stderr


def test_comparison_can_fail():
    """A field changed at one site, by as little as 1e-9, is noticed."""
    broken = "fields[2, 1, 1] += 1e-9; DeviceEnergy(problem)(fields, on_device)\n"
    broken += "assert np.abs(on_device - gradient).max() < 1e-13 * np.abs(gradient).max()"
    done = simulate(broken, shape=(4, 5), periodic=(True, True), applied=0.0, masked=False)
    assert "AssertionError" in done.stderr


@pytest.mark.skipif(cuda.is_available(), reason="there is a device")
def test_without_a_device_the_message_says_so():
    with pytest.raises(InputError, match="CUDA device"):
        DeviceEnergy(GinzburgLandau(Grid((8, 8), 0.5), kappa=2.0))
