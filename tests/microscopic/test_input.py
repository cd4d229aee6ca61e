"""Models of another kind and input that is no number: refused in words, not deep inside."""

from __future__ import annotations

import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    LatticeSuperconductor,
    QuarticRashba,
    RashbaSuperconductor,
    beta_q,
    current_kernel_q,
    density_of_states,
    edge_kernel,
    exact_current,
    gamma_q,
    lattice_current,
    quartic_coefficients,
    square_rashba,
    third_response,
)

METAL = RashbaSuperconductor(1.0, 10.0, 0.1, 0.5)
LATTICE = LatticeSuperconductor(square_rashba(mu=-1.0), 0.1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: lattice_current(METAL, 0.1, (0.1, 0.0)), "RashbaSuperconductor use exact_current"),
        (lambda: exact_current(LATTICE, 0.1, (0.1, 0.0)), "LatticeSuperconductor use lattice_current"),
        (lambda: exact_current(QuarticRashba(METAL), 0.1, (0.1, 0.0)), "a QuarticRashba"),
        (lambda: density_of_states(METAL, "x"), "energies"),
        (lambda: LatticeSuperconductor(METAL, 0.1), "such as a TightBinding"),
        (lambda: gamma_q(LATTICE, 1.0), "lattice_response"),
        (lambda: gamma_q(QuarticRashba(METAL), 1.0), "a QuarticRashba"),
        (lambda: third_response(LATTICE, ("wx", "bz", "Ay"), [[0.0, 0.0]] * 2), "a LatticeSuperconductor"),
        (lambda: beta_q(QuarticRashba(METAL), 1.0), "quartic_coefficients"),
        (lambda: current_kernel_q(LATTICE, 1.0), "lattice_response"),
        (lambda: edge_kernel(LATTICE), "parabolic band"),
        (lambda: quartic_coefficients(METAL), "response_coefficients"),
        (lambda: lattice_current(LATTICE, "a", (0.1, 0.0)), "exchange = a"),
        (lambda: lattice_current(LATTICE, 0.1, (1j, 0.0)), "in_plane"),
        (lambda: lattice_current(LATTICE, 0.1, (0.1, 0.0), temperature=None), "temperature = None"),
        (lambda: square_rashba("a"), "hopping = a"),
    ],
)
def test_refusals_say_what_would_do(call, words):
    with pytest.raises(InputError, match=words):
        call()
