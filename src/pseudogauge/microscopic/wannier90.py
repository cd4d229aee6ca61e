"""Bands from Wannier90: `seedname_hr.dat`, `seedname_tb.dat` and `seedname_wsvec.dat`.

Formats: Wannier90 user guide (v3), appendix on file formats. Energies in eV and lengths in Å, as in the files.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, require
from ..units import INVERSE_MASS
from ._input import finite_array, finite_number
from .tight_binding import TightBinding

__all__ = ["WannierModel", "read_wannier90"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
Cell = tuple[int, int, int]
ELECTRON_MASS = 10 / INVERSE_MASS
"""In 1/(eV Å²), ħ = 1."""
SHORTEST = 8
"""Characters of "1 1 0 0", the least that a row can be."""
PRINTED = 1e-5
"""Files hold six decimals; larger departures from Hermiticity, in eV, are errors."""


@dataclass(frozen=True)
class WannierModel:
    """H(R) in eV with all weights applied, by lattice vector R, and what a `_tb.dat` file adds."""

    hoppings: Mapping[Cell, ComplexArray]
    lattice_vectors: Array | None
    """Rows, Å, shape (3, 3); None from `_hr.dat`."""
    position_matrix: Mapping[Cell, ComplexArray] | None
    """⟨0,i|r|R,j⟩ in Å, shape (n, n, 3); None from `_hr.dat`."""

    @property
    def dimension(self) -> int:
        """Number of Wannier functions."""
        return len(next(iter(self.hoppings.values())))

    def tight_binding(
        self,
        fermi_energy: float,
        spinor: str = "interlaced",
        lattice_vectors: ArrayLike | None = None,
        k_z: float = 0.0,
    ) -> TightBinding:
        """The two-dimensional bands at fixed k₃ = ``k_z`` (in reciprocal lattice vectors; 0 for a layer).

        ``spinor``: 'interlaced' (orbital 1 ↑, 1 ↓, 2 ↑, …), 'blocked' (all ↑, then all ↓) or 'none' (both spins alike).
        ``lattice_vectors`` (2, 2) or (3, 3) in Å are needed after `_hr.dat`. Wannier centres from `_tb.dat` are the
        positions (of the two spins of an orbital, the mean); otherwise all sit at the origin. Off-diagonal
        position matrix elements are not used. The ``mass`` is the electron's.

        Raises `InputError` for an odd number of spinors, in-plane vectors that leave the xy plane, and missing or
        superfluous lattice vectors.
        """
        require(
            spinor in ("interlaced", "blocked", "none"), "spinor", spinor, "'interlaced', 'blocked' or 'none'"
        )
        finite_number("fermi_energy", fermi_energy)
        finite_number("k_z", k_z)
        n = self.dimension
        require(
            spinor == "none" or n % 2 == 0, "spinor", spinor, "'none'", f"{n} functions cannot be spinors"
        )
        order = np.arange(n).reshape(2, -1).T.ravel() if spinor == "blocked" else np.arange(n)
        table: dict[tuple[int, int], ComplexArray] = {}
        for (i, j, layer), h in self.hoppings.items():
            phase = complex(math.cos(2 * math.pi * k_z * layer), math.sin(2 * math.pi * k_z * layer))
            table[i, j] = table.get((i, j), 0) + phase * h[np.ix_(order, order)]
        centres = np.zeros((n, 2))
        if self.position_matrix is not None:
            centres = np.einsum("iic->ic", self.position_matrix[0, 0, 0]).real[order, :2]
        if spinor != "none":
            centres = 0.5 * (centres[::2] + centres[1::2])
        return TightBinding(self._plane(lattice_vectors), centres, table, fermi_energy, ELECTRON_MASS)

    def _plane(self, given: ArrayLike | None) -> Array:
        known = self.lattice_vectors is not None
        fix = "the file has its own" if known else "pass lattice_vectors in Å: _hr.dat does not contain them"
        require((given is None) == known, "lattice_vectors", given, "given exactly once", fix)
        vectors = given if self.lattice_vectors is None else self.lattice_vectors
        assert vectors is not None
        cell = finite_array("lattice_vectors", vectors, "finite, in Å")
        require(cell.shape in ((2, 2), (3, 3)), "lattice_vectors", cell.shape, "of shape (2, 2) or (3, 3)")
        flat = cell.shape == (2, 2) or bool(np.abs(cell[:2, 2]).max() < 1e-6 * np.abs(cell).max())
        require(flat, "lattice_vectors", cell.tolist(), "with the first two in the xy plane")
        return cell[:2, :2]


def read_wannier90(path: str | Path, wsvec: str | Path | None = None) -> WannierModel:
    """Read `_hr.dat` or `_tb.dat`, told apart by their form, and optionally `_wsvec.dat`.

    The matrices are divided by the degeneracies of their Wigner-Seitz vectors; with ``wsvec`` each element is
    shared among its shortest translations (use_ws_distance). Raises `InputError`, naming file and line, for
    truncated files, wrong counts, orbital indices that do not form a square matrix, numbers that are
    not finite, and matrices that are not Hermitian to the printed accuracy.
    """
    lines = _Lines(Path(path))
    lines.take()
    first = lines.take()
    cell = None
    if len(first) == 3:
        cell = np.array([_numbers(lines, first, 3), *(_numbers(lines, lines.take(), 3) for _ in range(2))])
        first = lines.take()
    size, vectors = _count(lines, first, "num_wann"), _count(lines, lines.take(), "nrpts")
    degeneracies: list[int] = []
    while len(degeneracies) < vectors:
        degeneracies += [_integer(lines, word) for word in lines.take()]
    right = len(degeneracies) == vectors and min(degeneracies) > 0
    require(right, f"{lines}", len(degeneracies), f"{vectors} positive degeneracies", "nrpts does not fit")
    lines.require_room(size * size * vectors)
    read = _flat_matrices(lines, size, vectors) if cell is None else _blocks(lines, size, vectors, 1)
    positions = None if cell is None else _blocks(lines, size, vectors, 3)
    lines.expect_end()
    zero = (0, 0, 0)
    require(zero in read, f"{Path(path).name}: R", sorted(read)[:5], "complete, with (0, 0, 0) among them")
    other = set() if positions is None else set(read) ^ set(positions)
    require(not other, f"{Path(path).name}: R", sorted(other)[:5], "the same for positions as for hoppings")
    hoppings = {r: h[..., 0] / d for (r, h), d in zip(read.items(), degeneracies, strict=True)}
    if positions is not None:
        positions = {r: x / d for (r, x), d in zip(positions.items(), degeneracies, strict=True)}
    if wsvec is not None:
        hoppings = _shared(hoppings, Path(wsvec), size)
    return WannierModel(_hermitian(hoppings, Path(path).name), cell, positions)


class _Lines:
    """Non-blank lines of a file, split into words, with the number of the current one for messages."""

    def __init__(self, path: Path) -> None:
        require(path.is_file(), "path", str(path), "an existing file")
        self._name, self._size, self.number = path.name, path.stat().st_size, 0
        self._lines: Iterator[tuple[int, list[str]]] = (
            (i, words)
            for i, text in enumerate(path.read_text(errors="replace").splitlines(), 1)
            if (words := text.split())
        )

    def __str__(self) -> str:
        return f"{self._name}, line {self.number}"

    def require_room(self, rows: int) -> None:
        """Refuse counts that the file is too small for, before memory is taken for them."""
        fix = "num_wann or nrpts does not fit, or the file is truncated"
        allowed = f"at most {self._size // SHORTEST}, for {self._size} bytes"
        require(SHORTEST * rows <= self._size, f"{self}: num_wann² × nrpts", rows, allowed, fix)

    def take(self) -> list[str]:
        found = next(self._lines, None)
        if found is None:
            raise InputError(f"{self}", "the end of the file", "more lines", "the file is truncated")
        self.number, words = found
        return words

    def expect_end(self) -> None:
        found = next(self._lines, None)
        if found is not None:
            self.number, words = found
            fix = "num_wann or nrpts is too small"
            raise InputError(f"{self}", " ".join(words), "the end of the file", fix)


def _integer(lines: _Lines, word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise InputError(f"{lines}", word, "an integer") from None


def _numbers(lines: _Lines, words: list[str], count: int) -> list[float]:
    require(len(words) == count, f"{lines}", " ".join(words), f"{count} numbers")
    try:
        values = [float(word) for word in words]
    except ValueError:
        raise InputError(f"{lines}", " ".join(words), f"{count} numbers") from None
    require(all(map(math.isfinite, values)), f"{lines}", " ".join(words), "finite")
    return values


def _count(lines: _Lines, words: list[str], name: str) -> int:
    require(len(words) == 1, f"{lines}", " ".join(words), f"{name} alone")
    value = _integer(lines, words[0])
    require(value > 0, f"{lines}: {name}", value, "positive")
    return value


def _cell(lines: _Lines, words: list[str]) -> Cell:
    require(len(words) == 3, f"{lines}", " ".join(words), "three integers, a lattice vector")
    a, b, c = (_integer(lines, word) for word in words)
    return a, b, c


def _fill(lines: _Lines, words: list[str], matrix: ComplexArray) -> None:
    """One row "m n Re Im [Re Im Re Im]" into the matrix, which must not have that element yet."""
    size, parts = matrix.shape[0], matrix.shape[2]
    m, n = (_integer(lines, word) for word in words[:2])
    require(1 <= m <= size and 1 <= n <= size, f"{lines}: orbitals", (m, n), f"between 1 and {size}")
    require(bool(np.isnan(matrix[m - 1, n - 1, 0])), f"{lines}: orbitals", (m, n), "given once for each R")
    values = np.array(_numbers(lines, words[2:], 2 * parts))
    matrix[m - 1, n - 1] = values[::2] + 1j * values[1::2]


def _flat_matrices(lines: _Lines, size: int, vectors: int) -> dict[Cell, ComplexArray]:
    """Rows "R1 R2 R3 m n Re Im" of `_hr.dat`."""
    table: dict[Cell, ComplexArray] = {}
    for _ in range(vectors):
        matrix = np.full((size, size, 1), np.nan, dtype=complex)
        for i in range(size * size):
            words = lines.take()
            require(len(words) == 7, f"{lines}", " ".join(words), "R1 R2 R3 m n Re Im")
            r = _cell(lines, words[:3])
            if i == 0:
                require(r not in table, f"{lines}: R", r, "a lattice vector not seen before")
                table[r] = matrix
            require(table.get(r) is matrix, f"{lines}: R", r, f"one R for {size}² consecutive lines")
            _fill(lines, words[3:], matrix)
    return table


def _blocks(lines: _Lines, size: int, vectors: int, parts: int) -> dict[Cell, ComplexArray]:
    """Blocks of `_tb.dat`: R1 R2 R3, then rows "m n" with one or three complex numbers."""
    table: dict[Cell, ComplexArray] = {}
    for _ in range(vectors):
        r = _cell(lines, lines.take())
        require(r not in table, f"{lines}: R", r, "a lattice vector not seen before")
        table[r] = np.full((size, size, parts), np.nan, dtype=complex)
        for _ in range(size * size):
            words = lines.take()
            require(len(words) == 2 + 2 * parts, f"{lines}", " ".join(words), f"m n and {2 * parts} numbers")
            _fill(lines, words, table[r])
    return table


def _shared(hoppings: Mapping[Cell, ComplexArray], path: Path, size: int) -> dict[Cell, ComplexArray]:
    """Each element divided equally among the translations R + T of `_wsvec.dat`."""
    lines, result = _Lines(path), dict[Cell, ComplexArray]()
    lines.take()
    for _ in range(len(hoppings) * size * size):
        words = lines.take()
        require(len(words) == 5, f"{lines}", " ".join(words), "R1 R2 R3 m n")
        r, (m, n) = _cell(lines, words[:3]), (_integer(lines, word) - 1 for word in words[3:])
        known = r in hoppings and 0 <= m < size and 0 <= n < size
        require(known, f"{lines}", " ".join(words), "an R and orbitals of the Hamiltonian")
        count = _count(lines, lines.take(), "number of translations")
        for _ in range(count):
            t = _cell(lines, lines.take())
            target = (r[0] + t[0], r[1] + t[1], r[2] + t[2])
            matrix = result.setdefault(target, np.zeros((size, size), dtype=complex))
            matrix[m, n] += hoppings[r][m, n] / count
    lines.expect_end()
    return result


def _hermitian(hoppings: Mapping[Cell, ComplexArray], name: str) -> dict[Cell, ComplexArray]:
    """The table made exactly Hermitian, after checking that it is so to the printed accuracy."""
    result = {}
    for r, h in hoppings.items():
        partner = hoppings.get((-r[0], -r[1], -r[2]))
        require(partner is not None, f"{name}: R", r, "accompanied by −R", "the file is incomplete")
        assert partner is not None
        excess = float(np.abs(h - partner.conj().T).max())
        require(excess <= PRINTED, f"{name}: H(R = {r})", f"off by {excess:.3g} eV", "the adjoint of H(−R)")
        result[r] = 0.5 * (h + partner.conj().T)
    return result
