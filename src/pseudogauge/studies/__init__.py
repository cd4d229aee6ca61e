"""Compositions of the stages: the main job, the paper, its claims."""

import lazy_loader

# `check` needs no dataset library: run is imported when asked for
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={"run": ["run_scenario"]})
