"""What `pseudogauge check` prints: every derived scale, where the inputs come from, the predicted cost."""

from __future__ import annotations

from rich.cells import set_cell_size

from ..scenario import Scenario
from ..scenario.cost import predict_cost
from .derive import derive
from .numbers import derived_numbers

__all__ = ["check_lines"]


def check_lines(scenario: Scenario) -> list[str]:
    """Validate a scenario to the point where a run would start, and describe it line by line."""
    derived = derive(scenario)
    numbers = derived_numbers(derived)
    lines = [scenario.title, ""]
    for group in dict.fromkeys(number.group for number in numbers):
        rows = [number for number in numbers if number.group == group]
        lines += [group, *(_aligned(n.symbol, n.name, f"{n.value:.5g} {n.unit}", n.note) for n in rows)]
    return [
        *lines,
        "",
        *_origin_lines(scenario),
        _grid_line(scenario),
        f"predicted cost: {predict_cost(scenario)}",
    ]


def _grid_line(scenario: Scenario) -> str:
    spacing = scenario.spacing / scenario.material.coherence_length
    coarse = ": coarse, 0.5 ξ or finer resolves vortex cores" if spacing > 0.5 else ""
    return f"spacing: {scenario.spacing:.4g} nm = {spacing:.3g} ξ{coarse}"


def _aligned(*cells: str) -> str:
    widths = (14, 44, 22, 0)  # cells of a terminal, which combining accents do not take
    return (
        "  " + "".join(set_cell_size(c, w) if w else c for c, w in zip(cells, widths, strict=True)).rstrip()
    )


def _origin_lines(scenario: Scenario) -> list[str]:
    by_status: dict[str, list[str]] = {}
    for name, origin in scenario.origins.items():
        by_status.setdefault(origin["status"], []).append(name)
    return [f"{status}: {', '.join(names)}" for status, names in by_status.items()]
