"""Wannier90 files: round trips through small writers, weights, spin orders, and files that are broken."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import read_wannier90
from pseudogauge.microscopic.tight_binding import TightBinding

CELL = np.array([[3.0, 0.0, 0.0], [-1.5, 1.5 * math.sqrt(3), 0.0], [0.0, 0.0, 20.0]])
CENTRES = np.array([[0.0, 0.0, 1.0], [1.5, 0.5, -1.0]])
K = np.random.default_rng(3).uniform(-1, 1, (5, 2))


def hoppings(size=4, seed=0):
    """A random Hermitian table on the nine nearest cells."""
    rng, table = np.random.default_rng(seed), {}
    for r in [(i, j, 0) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
        minus = tuple(-x for x in r)
        t = (rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))).round(5)
        table[r] = table[minus].conj().T if minus in table else t
    table[0, 0, 0] = (table[0, 0, 0] + table[0, 0, 0].conj().T).round(6)
    return table


def degeneracies(count):
    return [1 + (i in (0, count - 1)) for i in range(count)]


def integers(*values):
    return "".join(f"{v:5d}" for v in values)


def header(size, weights):
    rows = [weights[i : i + 15] for i in range(0, len(weights), 15)]
    return [f"{size:12d}", f"{len(weights):12d}", *("".join(f"{w:5d}" for w in row) for row in rows)]


def write_hr(path, table, weights):
    size, lines = len(table[0, 0, 0]), ["written on a day"]
    lines += header(size, weights)
    for (r, h), w in zip(table.items(), weights, strict=True):
        for n in range(size):
            for m in range(size):
                x = w * h[m, n]
                lines.append(integers(*r, m + 1, n + 1) + f"{x.real:12.6f}{x.imag:12.6f}")
    path.write_text("\n".join(lines) + "\n")
    return path


def write_tb(path, table, weights, centres):
    size, lines = len(table[0, 0, 0]), ["written on a day", *(" ".join(f"{x:.8f}" for x in a) for a in CELL)]
    lines += header(size, weights)
    for (r, h), w in zip(table.items(), weights, strict=True):
        lines += ["", integers(*r)]
        for n in range(size):
            for m in range(size):
                lines.append(integers(m + 1, n + 1) + f" {w * h[m, n].real:.8e} {w * h[m, n].imag:.8e}")
    for r in table:
        lines += ["", integers(*r)]
        for n in range(size):
            for m in range(size):
                x = centres[m] * (m == n and r == (0, 0, 0))
                lines.append(integers(m + 1, n + 1) + "".join(f" {y:.8e} {0:.8e}" for y in x))
    path.write_text("\n".join(lines) + "\n")
    return path


def direct(table, centres=None):
    """The same bands from the table."""
    positions = np.zeros((2, 2)) if centres is None else centres[:, :2]
    return TightBinding(CELL[:2, :2], positions, {r[:2]: h for r, h in table.items()}, mu=0.3)


def test_hr_round_trip(tmp_path):
    table = hoppings()
    model = read_wannier90(write_hr(tmp_path / "x_hr.dat", table, degeneracies(9)))
    bands = model.tight_binding(0.3, lattice_vectors=CELL)
    for ours, expected in zip(bands.bloch(K), direct(table).bloch(K), strict=True):
        assert np.abs(ours - expected).max() < 1e-4


def test_tb_round_trip_with_positions(tmp_path):
    table = hoppings()
    path = write_tb(tmp_path / "x_tb.dat", table, degeneracies(9), np.repeat(CENTRES, 2, axis=0))
    model = read_wannier90(path)
    assert model.position_matrix is not None
    assert model.position_matrix[0, 0, 0].shape == (4, 4, 3)
    for ours, expected in zip(
        model.tight_binding(0.3).bloch(K), direct(table, CENTRES).bloch(K), strict=True
    ):
        assert np.abs(ours - expected).max() < 1e-6


def test_spin_orders(tmp_path):
    table = hoppings()
    order = [0, 2, 1, 3]  # interlaced to blocked: a↑ b↑ a↓ b↓
    blocked = {r: h[np.ix_(order, order)] for r, h in table.items()}
    path = write_hr(tmp_path / "x_hr.dat", blocked, degeneracies(9))
    bands = read_wannier90(path).tight_binding(0.3, "blocked", CELL)
    assert np.abs(bands.bloch(K)[0] - direct(table).bloch(K)[0]).max() < 1e-4
    wrong = read_wannier90(path).tight_binding(0.3, "interlaced", CELL)
    assert np.abs(wrong.bloch(K)[0] - direct(table).bloch(K)[0]).max() > 0.1
    assert bands.mass == pytest.approx(1 / 7.6199642, rel=1e-7)  # the electron's, in 1/(eV Å²)
    spinless = read_wannier90(path).tight_binding(0.3, "none", CELL)
    assert spinless.dimension == 8


def test_translations_of_wsvec(tmp_path):
    """Element (1, 2) at R = (1, 0, 0) is shared with R = (−1, 0, 0) as at a zone boundary; by hand."""
    table = hoppings(2)
    lines = ["## shared"]
    for r in table:
        for n in range(2):
            for m in range(2):
                lines.append(integers(*r, m + 1, n + 1))
                if r == (1, 0, 0) and (m, n) == (0, 1):
                    lines += ["    2", "    0    0    0", "   -2    0    0"]
                elif r == (-1, 0, 0) and (m, n) == (1, 0):
                    lines += ["    2", "    0    0    0", "    2    0    0"]
                else:
                    lines += ["    1", "    0    0    0"]
    (tmp_path / "x_wsvec.dat").write_text("\n".join(lines) + "\n")
    path = write_hr(tmp_path / "x_hr.dat", table, [1] * 9)
    shared = read_wannier90(path, tmp_path / "x_wsvec.dat").hoppings
    old = table[1, 0, 0][0, 1]
    assert shared[1, 0, 0][0, 1] == pytest.approx(old / 2, abs=1e-6)
    assert shared[-1, 0, 0][0, 1] == pytest.approx(table[-1, 0, 0][0, 1] + old / 2, abs=1e-6)
    assert shared[1, 0, 0][1, 0] == pytest.approx(table[1, 0, 0][1, 0] + np.conj(old) / 2, abs=1e-6)
    (tmp_path / "x_wsvec.dat").write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(InputError, match=r"x_wsvec.*truncated"):
        read_wannier90(path, tmp_path / "x_wsvec.dat")


def test_slices_along_the_third_direction(tmp_path):
    table = {(0, 0, 0): np.eye(2), (0, 0, 1): 0.5 * np.eye(2), (0, 0, -1): 0.5 * np.eye(2)}
    model = read_wannier90(write_hr(tmp_path / "x_hr.dat", table, [1, 1, 1]))
    for k_z in (0.0, 0.2, 0.5):
        energy = np.linalg.eigvalsh(model.tight_binding(0.0, lattice_vectors=CELL, k_z=k_z).bloch(K)[0])
        assert np.allclose(energy, 1 + math.cos(2 * math.pi * k_z), atol=1e-6)


def cut(lines):
    return lines[:-3]


def longer(lines):
    return [*lines, lines[-1]]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut, "truncated"),
        (longer, "end of the file"),
        (lambda lines: [*lines[:-1], lines[-1][:37] + "  NaN"], "finite"),
        (lambda lines: [*lines[:-1], lines[-1][:25] + "  9.000000  9.000000"], "adjoint"),
        (lambda lines: [*lines[:1], "  5", *lines[2:]], "line"),
        (lambda lines: [*lines[:2], " 10", *lines[3:]], "line"),
        (lambda lines: [lines[0], "100000000", *lines[2:]], "num_wann² × nrpts"),
        (
            lambda lines: [*lines[:3], *(x.replace("    0    0    0", "    2    2    0") for x in lines[3:])],
            "0, 0, 0",
        ),
        (lambda lines: [*lines[:2], "  0", *lines[3:]], "positive"),
        (lambda lines: [*lines[:-1], lines[-2]], "given once"),
        (lambda lines: [*lines[:-1], lines[-1][:15] + "    7    1" + lines[-1][25:]], "between 1 and 4"),
        (lambda lines: [*lines[:-1], lines[-1][:30]], "Re Im"),
        (lambda lines: [*lines[:-1], lines[-1].replace(".", "x")], "numbers"),
        (lambda lines: [*lines[:2], "two", *lines[3:]], "integer"),
        (lambda lines: lines[:1], "truncated"),
    ],
)
def test_broken_files_are_refused(tmp_path, damage, words):
    path = write_hr(tmp_path / "x_hr.dat", hoppings(), degeneracies(9))
    path.write_text("\n".join(damage(path.read_text().splitlines())) + "\n")
    with pytest.raises(InputError, match=words):
        read_wannier90(path)


def test_positions_on_other_vectors_are_refused(tmp_path):
    path = write_tb(tmp_path / "x_tb.dat", hoppings(), degeneracies(9), np.zeros((4, 3)))
    head, last = path.read_text().rsplit(integers(1, 1, 0), 1)
    path.write_text(head + integers(5, 1, 0) + last)
    with pytest.raises(InputError, match=r"\(1, 1, 0\), \(5, 1, 0\).*same for positions"):
        read_wannier90(path)


def test_bad_use_is_refused(tmp_path):
    model = read_wannier90(write_hr(tmp_path / "x_hr.dat", hoppings(), degeneracies(9)))
    for options, words in (
        ({}, "lattice_vectors in Å"),
        ({"lattice_vectors": CELL * math.nan}, "finite"),
        ({"spinor": "both"}, "interlaced"),
        ({"lattice_vectors": CELL + 0.5}, "xy plane"),
        ({"lattice_vectors": CELL, "k_z": math.nan}, "k_z"),
    ):
        with pytest.raises(InputError, match=words):
            model.tight_binding(0.0, **options)
    with pytest.raises(InputError, match="fermi_energy"):
        model.tight_binding(None, lattice_vectors=CELL)
    with pytest.raises(InputError, match="existing file"):
        read_wannier90(tmp_path / "none_hr.dat")
    odd = read_wannier90(write_hr(tmp_path / "y_hr.dat", hoppings(3), degeneracies(9)))
    with pytest.raises(InputError, match="cannot be spinors"):
        odd.tight_binding(0.0, lattice_vectors=CELL)
