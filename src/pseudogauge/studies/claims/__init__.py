"""Every equation and checkable claim of Levitan, Oreg and Berg, printed value beside computed value."""

from __future__ import annotations

from collections.abc import Callable

from . import (
    cooling,
    current,
    free_energy,
    linear_response,
    lines3d,
    long_wavelength,
    material,
    microscopic,
    normal_state,
    screening,
    vortices,
    where_vortices_sit,
    with_cores,
)
from .registry import Claim, evaluate, evidence, registered
from .verdicts import Verdict

__all__ = ["Claim", "Verdict", "evaluate_claims", "evidence", "registered"]

# importing a group registers its claims
_GROUPS = (
    microscopic,
    free_energy,
    vortices,
    with_cores,
    where_vortices_sit,
    cooling,
    lines3d,
    linear_response,
    current,
    normal_state,
    long_wavelength,
    screening,
    material,
)


def evaluate_claims(
    quick: bool = False, progress: Callable[[int, int, str], None] | None = None
) -> list[Claim]:
    """Evaluate every claim of the paper; rows come in the order of `registered()`.

    ``quick`` uses fewer sets of parameters and coarser grids, never fewer rows. ``progress(done, total, id)``
    is called after each claim. A check that fails becomes an open row with the error in its note.

    >>> from pseudogauge.studies.claims import evidence
    >>> evidence("E8").verdict, evidence("E8-closed").verdict
    ('corrected', 'confirmed')
    """
    ids = registered()
    rows = []
    for done, name in enumerate(ids, start=1):
        rows.append(evaluate(name, quick))
        if progress is not None:
            progress(done, len(ids), name)
    return rows
