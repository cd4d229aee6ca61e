"""The named studies: questions that take longer than one run, each answered piece by piece."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..scenario import Scenario, parse_scenario
from .parts import Part

__all__ = ["Study", "compute_study_part", "find_study", "study_names"]


@dataclass(frozen=True)
class Study:
    """A name, a question, and the pieces of the answer (``parts(quick)``), also for a user's own scenario if it can."""

    name: str
    title: str
    parts: Callable[[bool], list[Part]]
    scenario_parts: Callable[[Scenario, bool], list[Part]] | None = None

    def parts_for(self, scenario: Scenario | None, quick: bool) -> list[Part]:
        """The pieces for ``scenario``, None for those of the study itself. Raises `InputError` if it takes none."""
        if scenario is None:
            return self.parts(quick)
        if self.scenario_parts is None:
            able = " or ".join(study.name for study in _studies() if study.scenario_parts)
            own = f"left out, as the study {self.name} has samples of its own"
            raise InputError("scenario", repr(scenario.title), own, f"A scenario can be given to {able}")
        return self.scenario_parts(scenario, quick)


def _studies() -> tuple[Study, ...]:
    from .cooling_ensembles import field_cooling_parts
    from .discriminator_study import discriminator_parts, scenario_discriminator_parts
    from .lines3d import lines3d_parts
    from .phase_diagram import phase_diagram_parts, scenario_parts

    return (
        Study("phase-diagram", "Where the vortices sit", phase_diagram_parts, scenario_parts),
        Study("lines-3d", "Vortex lines among inclusions in space", lines3d_parts),
        Study("field-cooling", "Field cooling", field_cooling_parts),
        Study(
            "discriminators",
            "What tells the vortex phases apart",
            discriminator_parts,
            scenario_discriminator_parts,
        ),
    )


def study_names() -> tuple[str, ...]:
    """Names of all studies."""
    return tuple(study.name for study in _studies())


def find_study(name: str) -> Study:
    """The study of that name. Raises `InputError` with the names there are.

    >>> find_study("phase-diagram").title
    'Where the vortices sit'
    """
    known = {study.name: study for study in _studies()}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, 1)
    fix = f"did you mean {close[0]}" if close else ""
    raise InputError("study", repr(name), f"one of {', '.join(known)}", fix)


def compute_study_part(name: str, study: str, quick: bool, folder: Path, scenario: str = "") -> None:
    """Compute one part into ``folder`` unless it is there; what a worker process is asked to do."""
    own = parse_scenario(scenario) if scenario else None
    (part,) = (part for part in find_study(study).parts_for(own, quick) if part.name == name)
    if not part.is_done(folder):
        part.compute_into(folder)
