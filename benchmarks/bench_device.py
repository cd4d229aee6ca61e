"""One energy and gradient pass on a CUDA device against a copy of the arrays it moves.

python benchmarks/bench_device.py [--quick]

Needs a device and the extra: pip install "pseudogauge[gpu]".
"""

from __future__ import annotations

import argparse
import math

import numpy as np
from numba import cuda

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid
from pseudogauge.ginzburg_landau.device import DeviceEnergy
from pseudogauge.ginzburg_landau.energy import energy_and_gradient

REPEATS = 20


def milliseconds(action: object) -> float:
    """Mean time of an action on the device after one to warm up."""
    action()  # type: ignore[operator]
    start, end = cuda.event(), cuda.event()
    start.record()
    for _ in range(REPEATS):
        action()  # type: ignore[operator]
    end.record()
    end.synchronize()
    return cuda.event_elapsed_time(start, end) / REPEATS


def agreement(shape: tuple[int, ...]) -> float:
    """Largest difference of the gradient from the CPU's, over its largest value."""
    problem = GinzburgLandau(Grid(shape, 0.5), kappa=2.0)
    fields = np.random.default_rng(0).normal(size=(2 + len(shape), *shape))
    expected, found = np.empty_like(fields), cuda.device_array(fields.shape)
    energy_and_gradient(fields, problem.coefficients, expected)
    DeviceEnergy(problem)(cuda.to_device(fields), found)
    return float(np.abs(found.copy_to_host() - expected).max() / np.abs(expected).max())


def main(quick: bool) -> None:
    if not cuda.is_available():
        print("no CUDA device here: nothing measured")
        return
    print(f"{cuda.get_current_device().name.decode()}; gradient against the CPU: "
          f"{agreement((256, 256)):.1e} in 2D, {agreement((32, 32, 32)):.1e} in 3D")  # fmt: skip
    print("grid                     pass (ms)   copy of its arrays (ms)   part of the copy bandwidth   GB/s")
    for shape in ((1024, 1024), (64, 64, 64)) if quick else ((8192, 8192), (512, 512, 512)):
        parts = 2 + len(shape)
        moved = 2 * parts + len(shape)  # fields, gradient, frozen phases
        energy = DeviceEnergy(GinzburgLandau(Grid(shape, 0.5), kappa=2.0))
        fields, gradient = (cuda.to_device(np.full((parts, *shape), 0.1)) for _ in range(2))
        taken = milliseconds(lambda: energy(fields, gradient))  # noqa: B023
        copied = milliseconds(lambda: gradient.copy_to_device(fields)) * moved / (2 * parts)  # noqa: B023
        rate = moved * 8 * math.prod(shape) / taken / 1e6
        print(f"{shape!s:24s}{taken:10.3f}{copied:20.3f}{copied / taken:25.2f}{rate:17.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small grids")
    main(parser.parse_args().quick)
