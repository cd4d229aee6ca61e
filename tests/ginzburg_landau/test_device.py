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
import math
import numpy as np
from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid
from pseudogauge.ginzburg_landau.device import DeviceEnergy
from pseudogauge.ginzburg_landau.energy import energy_and_gradient

rng = np.random.default_rng(0)

def compare(shape, periodic, kappa=2.0, masked=False, varied=False, **given):
    if masked:
        given["sample"] = rng.random(shape) < 0.9
    if varied:
        given["epsilon"], given["stiffness"] = rng.random(shape), 0.1 + rng.random((len(shape), *shape))
        given["pseudo_potential"] = lambda *r: [0.3 * np.sin(sum(r) + n) for n in range(len(r))]
    problem = GinzburgLandau(Grid(shape, 0.5, periodic=periodic), kappa, **given)
    fields = rng.normal(size=(2 + len(shape), *shape))
    for axis, wraps in enumerate(periodic):
        if not wraps:
            np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0.0
    gradient, on_device = np.empty_like(fields), np.empty_like(fields)
    terms = energy_and_gradient(fields, problem.coefficients, gradient)
    energy = DeviceEnergy(problem)
    assert np.allclose(energy(fields, on_device), terms, rtol=1e-13, atol=0)
    assert np.abs(on_device - gradient).max() < 1e-13 * np.abs(gradient).max()
    return energy, fields, gradient, on_device
"""


def simulate(code: str) -> None:
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    done = subprocess.run(
        [sys.executable, "-c", COMPARE + code], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "cases",
    [
        """
compare((9, 33), (True, False), masked=True, applied_field=0.1)
compare((5, 4), (False, False), math.inf, varied=True, applied_field=0.2)
compare((4, 6), (True, True), varied=True, flux_quanta=-2)
compare((4, 6), (True, True), math.inf, flux_quanta=1, masked=True)
""",
        """
compare((3, 5, 4), (False, True, False), applied_field=(0.05, 0.02, 0.1))
compare((4, 3, 3), (True, False, True), masked=True, applied_field=0.1)
compare((3, 3, 4), (True, True, False), varied=True, flux_quanta=1, anisotropy=3.0, layer_spacing=0.8)
""",
    ],
)
def test_same_energy_and_gradient_as_the_cpu(cases):
    simulate(cases)


def test_other_layouts_are_refused_and_the_comparison_can_fail():
    """A field changed at one site, by as little as 1e-9, is noticed."""
    simulate("""
energy, fields, gradient, on_device = compare((4, 5), (True, True))
for bad in (fields[:3], fields.astype(np.float32), np.asfortranarray(fields), np.zeros((4, 4, 10))[..., ::2], [1.0],
            fields[:, :, :4]):
    for arguments in ((bad, on_device), (fields, bad)):
        try:
            energy(*arguments)
        except InputError as error:
            assert ("fields" if arguments[0] is bad else "gradient") in error.name
        else:
            raise AssertionError(bad)
fields[2, 1, 1] += 1e-9
energy(fields, on_device)
assert np.abs(on_device - gradient).max() > 1e-13 * np.abs(gradient).max()
""")


@pytest.mark.skipif(cuda.is_available(), reason="there is a device")
def test_without_a_device_the_message_says_so():
    with pytest.raises(InputError, match="CUDA device"):
        DeviceEnergy(GinzburgLandau(Grid((8, 8), 0.5), kappa=2.0))
