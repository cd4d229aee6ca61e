"""Compositions of the stages: the main job, the paper, its claims."""

from __future__ import annotations

from .run import run_scenario

__all__ = ["run_scenario"]
