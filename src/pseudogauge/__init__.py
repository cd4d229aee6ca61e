"""pseudogauge: superconductors with spin-orbit coupling and charged magnetic inclusions.

The facade loads each stage on first use, so that ``import pseudogauge`` stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "InputError": "errors",
    "PseudogaugeError": "errors",
    "Scales": "units",
    "RashbaSuperconductor": "microscopic",
    "Current": "microscopic",
    "ResponseCoefficients": "microscopic",
    "exact_current": "microscopic",
    "response_coefficients": "microscopic",
    "Inclusions": "inclusions",
    "PseudoField": "inclusions",
    "disks": "inclusions",
    "disk_lattice": "inclusions",
    "random_disks": "inclusions",
    "uniform_slab": "inclusions",
    "Grid": "ginzburg_landau",
    "GinzburgLandau": "ginzburg_landau",
    "State": "ginzburg_landau",
    "Vortices": "ginzburg_landau",
    "minimise": "ginzburg_landau",
    "ground_state": "ginzburg_landau",
    "SquidLoop": "magnetometry",
    "stray_field": "magnetometry",
    "squid_image": "magnetometry",
    "Scenario": "scenario",
    "load_scenario": "scenario",
    "run_scenario": "studies",
    "open_results": "results",
}
__all__ = [*_HOME, "__version__"]  # noqa: PLE0604 - names are resolved by __getattr__

if TYPE_CHECKING:  # what __getattr__ resolves, spelled out for type checkers and editors
    from .errors import InputError, PseudogaugeError
    from .ginzburg_landau import GinzburgLandau, Grid, State, Vortices, ground_state, minimise
    from .inclusions import Inclusions, PseudoField, disk_lattice, disks, random_disks, uniform_slab
    from .magnetometry import SquidLoop, squid_image, stray_field
    from .microscopic import (
        Current,
        RashbaSuperconductor,
        ResponseCoefficients,
        exact_current,
        response_coefficients,
    )
    from .results import open_results
    from .scenario import Scenario, load_scenario
    from .studies import run_scenario
    from .units import Scales


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
