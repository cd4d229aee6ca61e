"""Predicted memory and time of a run, from figures measured by ``benchmarks/bench_end_to_end.py``."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..errors import require
from .model import Scenario

__all__ = ["Cost", "available_memory", "check_memory", "predict_cost"]

BYTES_PER_SITE = 1500.0
BASE_BYTES = 280e6
SECONDS_PER_SITE = 6e-5
SECONDS_PER_SITE_OF_RANDOM_START = 5e-4  # many vortices have to find their places
BASE_SECONDS = 10.0


@dataclass(frozen=True)
class Cost:
    """Predicted peak memory in bytes and wall time in seconds on two cores."""

    sites: int
    memory: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.sites} sites, about {self.memory / 1e9:.2g} GB of memory and {self.seconds:.2g} s"


def predict_cost(scenario: Scenario) -> Cost:
    """Memory grows with the number of sites, time with sites and starts; the time is a guide to a factor of two."""
    sites = scenario.shape[0] * scenario.shape[1]
    per_site = SECONDS_PER_SITE + scenario.search.random_starts * SECONDS_PER_SITE_OF_RANDOM_START
    return Cost(sites, BASE_BYTES + BYTES_PER_SITE * sites, BASE_SECONDS + per_site * sites)


def available_memory() -> float:
    """Memory of this machine in bytes (infinite where the system does not say)."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return float("inf")


def check_memory(scenario: Scenario) -> None:
    """Refuse a sample that cannot fit, before anything of its size is allocated."""
    cost, limit = predict_cost(scenario), available_memory()
    require(
        cost.memory < limit,
        "sample.size",
        f"{scenario.shape[0]} × {scenario.shape[1]} sites ({cost.memory / 1e9:.3g} GB)",
        f"small enough for the {limit / 1e9:.3g} GB of this machine",
        "take a smaller sample or a coarser sample.spacing",
    )
