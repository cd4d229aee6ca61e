"""Tight-binding bands from a table of hoppings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, require
from ._bloch_sum import bloch_sum
from ._input import finite_array, finite_number, positive_number
from .rashba import PAULI

__all__ = ["TightBinding"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
HERMITIAN = 1e-10
"""Largest departure from Hermiticity allowed, relative to the largest hopping."""


@dataclass(frozen=True)
class TightBinding:
    """H₀(k)_ij = Σ_R t_ij(R) exp[ik·(R + r_j − r_i)] − μδ_ij for a two-dimensional lattice.

    t_ij(R) is the amplitude ⟨0,i|H|R,j⟩ from orbital j in cell R to orbital i in cell 0. The phases contain the
    orbital positions r, so that ∂H₀/∂k is the velocity (uniform fields couple to where the charge is).

    Parameters: ``lattice_vectors`` (2, 2), rows; ``positions`` (orbitals, 2), Cartesian; ``hoppings`` maps
    (R₁, R₂), integers in units of the lattice vectors, to a matrix over orbital ⊗ spin, spin fastest, or
    over orbitals only, then the same for both spins. Every R needs its −R: t(−R) = t(R)†.

    Raises `InputError` for a singular cell, matrices that are not square, of unequal size, not finite, or
    that do not fit the positions, and for a table that is not Hermitian, naming the offending R.

    ``mass`` m, if given, turns the velocity into the momentum that couples to 𝓔 (`kinetic_vertex`), all three
    components alike: λ and every γ per λe are counted with it. The electron mass, or that of the band.

    >>> chain = {(0, 0): [[0.0]], (1, 0): [[-1.0]], (-1, 0): [[-1.0]]}
    >>> bands = TightBinding(np.eye(2), [[0.0, 0.0]], chain, mu=-0.5)
    >>> h, velocity, _ = bands.bloch([[np.pi / 2, 0.0]])
    >>> h[0].real.round(12), velocity[0, 0].real.round(12)
    (array([[0.5, 0. ], [0. , 0.5]]), array([[2., 0.], [0., 2.]]))
    """

    lattice_vectors: ArrayLike
    positions: ArrayLike
    hoppings: Mapping[tuple[int, int], ArrayLike]
    mu: float = 0.0
    mass: float | None = None

    def __post_init__(self) -> None:
        cell = finite_array("lattice_vectors", self.lattice_vectors, "two finite rows (x, y)", (2, 2)).copy()
        positions = finite_array("positions", self.positions, "one finite row (x, y) per orbital").copy()
        area = abs(np.linalg.det(cell))
        require(area > 1e-9 * np.abs(cell).max() ** 2, "lattice_vectors", cell.tolist(), "independent")
        right = positions.ndim == 2 and positions.shape[1] == 2 and len(positions) > 0
        require(right, "positions", positions.shape, "one row (x, y) per orbital")
        finite_number("mu", self.mu)
        if self.mass is not None:
            positive_number("mass", self.mass)
        table = _checked_table(self.hoppings, len(positions))
        for name, value in (("lattice_vectors", cell), ("positions", positions), ("hoppings", table)):
            object.__setattr__(self, name, value)

    @property
    def cell(self) -> Array:
        """Lattice vectors as rows, shape (2, 2)."""
        return np.asarray(self.lattice_vectors)

    @property
    def dimension(self) -> int:
        """Number of orbitals × 2."""
        return 2 * len(np.asarray(self.positions))

    @cached_property
    def _tables(self) -> tuple[Array, ComplexArray, Array]:
        """R (c, 2); t, i(R+r_j−r_i)_a t, −()_a()_b t for xx, xy, yy as a matrix (6n², c); r per state."""
        r = np.repeat(np.asarray(self.positions, dtype=float), 2, axis=0)
        cells = np.array(list(self.hoppings), dtype=float) @ self.cell
        t = np.array(list(self.hoppings.values()), dtype=complex)
        d = cells[:, None, None, :] + r[None, None, :, :] - r[None, :, None, :]
        x, y = d[..., 0], d[..., 1]
        tables = np.stack([t, 1j * x * t, 1j * y * t, -x * x * t, -x * y * t, -y * y * t], axis=1)
        return cells, np.ascontiguousarray(tables.reshape(len(cells), -1).T), r

    def bloch(self, k: ArrayLike, order: int = 2) -> tuple[ComplexArray, ...]:
        """H₀ (m, n, n), ∂H₀/∂k_i (2, m, n, n), ∂²H₀/∂k_i∂k_j (2, 2, m, n, n) at momenta k (m, 2), to ``order``."""
        k = np.atleast_2d(np.asarray(k, dtype=float))
        cells, tables, r = self._tables
        n, kinds = self.dimension, (1, 3, 6)[order]
        # k runs fastest in memory: every later operation is a long contiguous loop
        blocks = bloch_sum(np.ascontiguousarray(k), cells, tables[: kinds * n * n]).reshape(
            kinds, n, n, len(k)
        )
        if r.any():
            phase = np.exp(1j * (r @ k.T))
            blocks *= phase.conj()[:, None] * phase
        blocks[0, range(n), range(n)] -= self.mu
        blocks = np.moveaxis(blocks, -1, 1)
        parts = (blocks[0], blocks[1:3])
        if order < 2:
            return parts[: order + 1]
        xx, xy, yy = blocks[3:]
        return *parts, np.stack([np.stack([xx, xy]), np.stack([xy, yy])])

    def at(self, mu: float) -> TightBinding:
        """The same bands at another chemical potential."""
        return replace(self, mu=mu)

    def with_rashba(
        self, rashba: float, mass: float | None = None, layers: Sequence[float] | None = None
    ) -> TightBinding:
        """Add −m w_z (σ^y v_x − σ^x v_y) with the spin-independent velocity v, w_z = ``rashba``.

        The same coupling as `kinetic_vertex`, for the perpendicular field, with the bands' ``mass`` unless one is
        given, which the result then carries. ``layers`` multiplies w_z per orbital (the mean of two orbitals for a
        hopping between them), for fields that differ between layers.
        """
        finite_number("rashba", rashba)
        mass = positive_number("mass", self.mass if mass is None else mass)
        r = np.asarray(self.positions, dtype=float)
        allowed = f"one number for each of {len(r)} orbitals"
        weight = np.ones(len(r)) if layers is None else finite_array("layers", layers, allowed, (len(r),))
        factor = rashba * mass * 0.5 * (weight[:, None] + weight[None, :])
        table: dict[tuple[int, int], ComplexArray] = {}
        for cell, matrix in self.hoppings.items():
            t = np.asarray(matrix)
            spinless = 0.5 * (t[::2, ::2] + t[1::2, 1::2])
            d = np.asarray(cell, dtype=float) @ self.cell + r[None, :, :] - r[:, None, :]
            x, y = (-1j * factor * d[..., i] * spinless for i in (0, 1))
            table[cell] = t + np.kron(x, PAULI[2]) - np.kron(y, PAULI[1])
        return replace(self, hoppings=table, mass=mass)


def _checked_table(
    hoppings: Mapping[tuple[int, int], ArrayLike], orbitals: int
) -> dict[tuple[int, int], ComplexArray]:
    """The table as (n, n) matrices over orbital ⊗ spin, checked for shape and Hermiticity."""
    require(isinstance(hoppings, Mapping), "hoppings", hoppings, "a dictionary {(R1, R2): matrix}")
    require(len(hoppings) > 0, "hoppings", dict(hoppings), "at least the on-site matrix (0, 0)")
    table: dict[tuple[int, int], ComplexArray] = {}
    for cell, matrix in hoppings.items():
        pair = isinstance(cell, tuple) and len(cell) == 2
        whole = pair and all(isinstance(c, int | float | np.number) and float(c).is_integer() for c in cell)
        require(whole, "R", cell, "a pair of integers", "positions inside the cell belong in `positions`")
        name = f"hoppings[{cell}]"
        try:
            t = np.array(matrix, dtype=complex)
        except (TypeError, ValueError):
            raise InputError(name, matrix, "a square matrix of numbers") from None
        square = t.ndim == 2 and t.shape[0] == t.shape[1]
        require(square, name, f"of shape {t.shape}", "a square matrix")
        sizes = f"{2 * orbitals}×{2 * orbitals} (orbital ⊗ spin) or {orbitals}×{orbitals} (spinless)"
        require(t.shape[0] in (orbitals, 2 * orbitals), name, f"of shape {t.shape}", sizes)
        require(bool(np.isfinite(t).all()), name, t.tolist(), "finite")
        table[int(cell[0]), int(cell[1])] = np.kron(t, np.eye(2)) if len(t) == orbitals else t
    scale = max(float(np.abs(t).max()) for t in table.values())
    for cell, t in table.items():
        partner = table.get((-cell[0], -cell[1]), np.zeros_like(t))
        excess = float(np.abs(t - partner.conj().T).max())
        if excess > HERMITIAN * scale:
            missing = (-cell[0], -cell[1]) not in table
            fix = f"add R = {(-cell[0], -cell[1])}" if missing else f"they differ by {excess:.3g}"
            raise InputError(f"hoppings[{cell}]", t.tolist(), "the adjoint of the hopping at −R", fix)
    return table
