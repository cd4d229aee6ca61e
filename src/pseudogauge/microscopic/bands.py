"""Any normal state: the Bloch Hamiltonian with its momentum derivatives, and how the fields enter it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._input import positive_number
from .rashba import PAULI

__all__ = ["Bands", "InPlaneVertex", "kinetic_vertex", "reciprocal_vectors", "spin_operators"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


class Bands(Protocol):
    """A normal state H₀(k) of n states per cell, orbital ⊗ spin with the spin index running fastest.

    Energies are counted from the chemical potential. In units ħ = e = 1 any length and energy unit will do.
    `TightBinding` is one; so is any object with these members. An attribute ``mass``, if there is one, is the m of
    `kinetic_vertex`.
    """

    @property
    def cell(self) -> Array:
        """Lattice vectors as rows, shape (2, 2)."""
        ...

    @property
    def dimension(self) -> int:
        """n, even."""
        ...

    def bloch(self, k: ArrayLike, order: int = 2) -> tuple[ComplexArray, ...]:
        """H₀ (m, n, n), ∂H₀/∂k_i (2, m, n, n), ∂²H₀/∂k_i∂k_j (2, 2, m, n, n) at momenta k (m, 2), to ``order``."""
        ...


InPlaneVertex = Callable[[Bands, Array], tuple[ComplexArray, ComplexArray]]
"""(bands, k) ↦ ∂H/∂w_i (2, m, n, n) and ∂²H/∂k_i∂w_j (2, 2, m, n, n), for the particle block."""


def spin_operators(dimension: int) -> ComplexArray:
    """σ^x, σ^y, σ^z on n states with the spin running fastest, shape (3, n, n)."""
    orbitals = np.eye(dimension // 2)
    return np.stack([np.kron(orbitals, PAULI[i]) for i in (1, 2, 3)])


def reciprocal_vectors(bands: Bands) -> Array:
    """Reciprocal lattice vectors as rows: a_i·b_j = 2πδ_ij.

    >>> from pseudogauge.microscopic import square_rashba
    >>> reciprocal_vectors(square_rashba(spacing=2.0)).round(6)
    array([[3.141593, 0.      ],
           [0.      , 3.141593]])
    """
    return 2 * np.pi * np.linalg.inv(np.asarray(bands.cell, dtype=float)).T


def kinetic_vertex(mass: float) -> InPlaneVertex:
    """The default coupling of the in-plane field, −m (σ×w_∥)·v₀ = −m σ_z (w_x v_y − w_y v_x).

    v₀ is the spin-independent part of ∂H₀/∂k, a matrix in the orbitals; ``mass`` m turns the velocity
    into the momentum k of the continuum coupling −(σ×w)·k [LOB Eq. 14], which is reproduced for
    H₀ = k²/2m. Raises `InputError` unless ``mass`` is positive and finite.
    """
    positive_number("mass", mass)

    def spin_odd(matrix: ComplexArray) -> ComplexArray:
        """m σ_z times the spin average of a matrix."""
        average = 0.5 * mass * (matrix[..., ::2, ::2] + matrix[..., 1::2, 1::2])
        result = np.zeros_like(matrix)
        result[..., ::2, ::2], result[..., 1::2, 1::2] = average, -average
        return result

    def vertex(bands: Bands, k: Array) -> tuple[ComplexArray, ComplexArray]:
        _, velocity, curvature = bands.bloch(k, 2)
        s, ds = spin_odd(velocity), spin_odd(curvature)
        return np.stack([-s[1], s[0]]), np.stack([-ds[:, 1], ds[:, 0]], axis=1)

    return vertex
