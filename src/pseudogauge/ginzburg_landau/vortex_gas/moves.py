"""The compiled core of the vortex gas: Metropolis moves at O(1) each, and O(places) only for those accepted.

The energy of a positive vortex at every place, ``potential``, is kept up to date: an attempt reads two of its
values and one of the interaction, an accepted move adds two rows of the interaction table to all of it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["NUMBERS", "PAIRS", "PLACES", "add_charge", "interaction", "metropolis"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
HOP, INSERT, CREATE, REMOVE, ANNIHILATE = range(5)
"""The kinds of move, in the order of ``tally``."""
PLACES, PAIRS, NUMBERS = range(3)
"""What may change: places only; pairs come and go; numbers of vortices of either sign."""


@njit(cache=True, nogil=True, error_model="numpy")
def interaction(table: Array, images: Ints, i: int, j: int, k: int, m: int) -> float:
    """U of places (i, j) and (k, m), with the images behind open surfaces.

    ``images``: for each axis 0 if it is periodic, else 2 more than twice where place 0 is, counted from the surface.
    """
    nx, ny = table.shape
    total: float = table[(i - k) % nx, (j - m) % ny]
    if images[0]:
        total -= table[(i + k + images[0]) % nx, (j - m) % ny]
    if images[1]:
        total -= table[(i - k) % nx, (j + m + images[1]) % ny]
        if images[0]:
            total += table[(i + k + images[0]) % nx, (j + m + images[1]) % ny]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def add_charge(table: Array, images: Ints, potential: Array, place: int, winding: float) -> None:
    """Add the interaction with a vortex at ``place`` to the potential everywhere."""
    nx, ny = table.shape
    k, m = place // potential.shape[1], place % potential.shape[1]
    for mx in range(2 if images[0] else 1):
        for my in range(2 if images[1] else 1):
            w = winding if mx == my else -winding
            first = (m + images[1]) % ny if my else (-m) % ny
            until_wrap = min(potential.shape[1], ny - first)
            for i in range(potential.shape[0]):
                row = table[(i + k + images[0]) % nx if mx else (i - k) % nx]
                # two slices, each of unit stride and without index arithmetic: they vectorise
                _add(w, row[first : first + until_wrap], potential[i, :until_wrap])
                _add(w, row, potential[i, until_wrap:])


@njit(cache=True, nogil=True, error_model="numpy")
def _add(factor: float, source: Array, target: Array) -> None:
    for j in range(target.size):
        target[j] += factor * source[j]


@njit(cache=True, nogil=True, error_model="numpy")
def _add_dipole(table: Array, images: Ints, potential: Array, a: int, b: int, winding: float) -> None:
    """`add_charge` of a winding at ``a`` and of minus it at ``b``, in one pass over the potential."""
    nx, ny = table.shape
    across, along = potential.shape
    for mx in range(2 if images[0] else 1):
        for my in range(2 if images[1] else 1):
            w = winding if mx == my else -winding
            first_a = (a % along + images[1]) % ny if my else (-(a % along)) % ny
            first_b = (b % along + images[1]) % ny if my else (-(b % along)) % ny
            cut_a, cut_b = min(along, ny - first_a), min(along, ny - first_b)
            low, high = min(cut_a, cut_b), max(cut_a, cut_b)
            for i in range(across):
                row_a = table[(i + a // along + images[0]) % nx if mx else (i - a // along) % nx]
                row_b = table[(i + b // along + images[0]) % nx if mx else (i - b // along) % nx]
                target = potential[i]
                _add_difference(w, row_a[first_a:], row_b[first_b:], target[:low])
                if cut_a < cut_b:
                    _add_difference(w, row_a, row_b[first_b + low :], target[low:high])
                else:
                    _add_difference(w, row_a[first_a + low :], row_b, target[low:high])
                _add_difference(w, row_a[high - cut_a :], row_b[high - cut_b :], target[high:])


@njit(cache=True, nogil=True, error_model="numpy")
def _add_difference(factor: float, plus: Array, minus: Array, target: Array) -> None:
    for j in range(target.size):
        target[j] += factor * (plus[j] - minus[j])


@njit(cache=True, nogil=True, error_model="numpy")
def _occupy(slots: Ints, members: Ints, counts: Ints, place: int, winding: int) -> None:
    """Put a vortex on an empty place; ``slots`` holds winding × (1 + its number among its like), 0 if empty."""
    kind = 0 if winding > 0 else 1
    members[kind, counts[kind]] = place
    counts[kind] += 1
    slots[place] = winding * counts[kind]


@njit(cache=True, nogil=True, error_model="numpy")
def _vacate(slots: Ints, members: Ints, counts: Ints, place: int) -> None:
    winding = 1 if slots[place] > 0 else -1
    kind = 0 if winding > 0 else 1
    counts[kind] -= 1
    last = members[kind, counts[kind]]
    members[kind, abs(slots[place]) - 1] = last
    slots[last] = slots[place]
    slots[place] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def _displaced(place: int, i: int, j: int, walls: Ints, shape: tuple[int, int]) -> int:
    """The place (i, j) steps away from one, or −1 if it lies outside."""
    i += place // shape[1]
    j += place % shape[1]
    if not walls[0]:
        i %= shape[0]
    if not walls[1]:
        j %= shape[1]
    return i * shape[1] + j if 0 <= i < shape[0] and 0 <= j < shape[1] else -1


@njit(cache=True, nogil=True, error_model="numpy")
def _nearby(place: int, u: float, reach: int, walls: Ints, shape: tuple[int, int]) -> int:
    """The place that u in [0, 1) chooses among the (2 reach + 1)² − 1 around one, or −1 if it lies outside."""
    width = 2 * reach + 1
    number = int(u * (width * width - 1))
    if number >= width * width // 2:
        number += 1
    return _displaced(place, number // width - reach, number % width - reach, walls, shape)


@njit(cache=True, nogil=True, error_model="numpy")
def _crowded(slots: Ints, place: int, core: Ints, ignored: int, walls: Ints, shape: tuple[int, int]) -> bool:
    """Whether a vortex would overlap with another one than that at ``ignored``."""
    for n in range(core.shape[0]):
        near = _displaced(place, core[n, 0], core[n, 1], walls, shape)
        if near >= 0 and near != ignored and slots[near] != 0:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def metropolis(
    random: Array,
    beta: float,
    log_activity: float,
    reach: int,
    changes: int,
    excluded: Ints,
    table: Array,
    images: Ints,
    walls: Ints,
    own: Array,
    core: Array,
    potential: Array,
    slots: Ints,
    members: Ints,
    counts: Ints,
    tally: Ints,
) -> float:
    """One attempt per row of ``random`` (n, 4), uniform in [0, 1); returns the change of the energy.

    ``own`` is ½U(r, r) with images, ``core`` the rest of a self energy, on all places (flat). Windings are −1, 0, 1.
    ``images`` as in `interaction`; ``walls``: 1 for an axis that ends, else 0. ``excluded`` (m, 2): the steps, (0, 0)
    among them, at which two vortices would overlap. ``changes``: what may change besides places, `NUMBERS`, `PAIRS`
    (the net winding stays) or nothing (`PLACES`). ``tally`` counts attempts (row 0) and acceptances (row 1) by kind.
    """
    shape = potential.shape
    places = potential.size
    field = potential.reshape(-1)
    gained = 0.0
    for n in range(random.shape[0]):
        total = counts[0] + counts[1]
        # a is where a winding s is added, b where it is taken away (−1: nowhere); c: change of the core energies
        a, b, s, c, log_ratio = -1, -1, 1, 0.0, 0.0
        u = random[n, 0] if changes > PLACES else 0.5 * random[n, 0]
        if u < 0.5:
            kind = HOP
            if total > 0:
                chosen = int(random[n, 1] * total)
                if chosen < counts[0]:
                    b = members[0, chosen]
                else:
                    b, s = members[1, chosen - counts[0]], -1
                anywhere = int(random[n, 2] * places)
                a = _nearby(b, random[n, 2], reach, walls, shape) if u < 0.4 else anywhere
                c = core[a] - core[b]
        elif u < 0.75 and changes == NUMBERS:
            s = 1 if u < 0.625 else -1
            if u < 0.5625 or u >= 0.6875:
                kind = INSERT
                a = int(random[n, 1] * places)
                c = core[a]
                like = 0 if s > 0 else 1
                log_ratio = math.log(places / (counts[like] + 1)) + log_activity
            else:
                kind = REMOVE  # a vortex of winding −s
                like = 1 if s > 0 else 0
                if counts[like] > 0:
                    a = members[like, int(random[n, 1] * counts[like])]
                    c = -core[a]
                    log_ratio = math.log(counts[like] / places) - log_activity
        elif u < (0.875 if changes == NUMBERS else 0.75):
            kind = CREATE  # + at a, − at b
            b = int(random[n, 1] * places)
            a = _nearby(b, random[n, 2], reach, walls, shape)
            c = core[a] + core[b]
            log_ratio = math.log(places / (counts[1] + 1)) + 2 * log_activity
        else:
            kind = ANNIHILATE  # the − at a, and a + near it at b
            if counts[1] > 0:
                a = members[1, int(random[n, 1] * counts[1])]
                b = _nearby(a, random[n, 2], reach, walls, shape)
                if b < 0 or slots[b] <= 0:
                    a = -1
                else:
                    c = -core[a] - core[b]
                    log_ratio = math.log(counts[1] / places) - 2 * log_activity
        tally[0, kind] += 1
        if a < 0:
            continue
        change = s * field[a] + own[a] + c
        if b >= 0:
            i, j, k, m = a // shape[1], a % shape[1], b // shape[1], b % shape[1]
            change += own[b] - s * field[b] - interaction(table, images, i, j, k, m)
        if log_ratio - beta * change < 0 and random[n, 3] >= math.exp(log_ratio - beta * change):
            continue
        if kind == CREATE:
            if _crowded(slots, b, excluded, -1, walls, shape):
                continue
            slots[b] = -1  # for the moment, so that a keeps its distance from it
            overlap = _crowded(slots, a, excluded, -1, walls, shape)
            slots[b] = 0
        else:
            overlap = kind <= INSERT and _crowded(slots, a, excluded, b, walls, shape)
        if overlap:
            continue
        if kind == REMOVE:
            _vacate(slots, members, counts, a)
        elif kind == ANNIHILATE:
            _vacate(slots, members, counts, a)
            _vacate(slots, members, counts, b)
        else:
            if kind == HOP:
                _vacate(slots, members, counts, b)
            elif kind == CREATE:
                _occupy(slots, members, counts, b, -1)
            _occupy(slots, members, counts, a, s)
        if b >= 0:
            _add_dipole(table, images, potential, a, b, float(s))
        else:
            add_charge(table, images, potential, a, float(s))
        gained += change
        tally[1, kind] += 1
    return gained


@njit(cache=True, nogil=True, error_model="numpy")
def replace_block(
    rows: Ints,
    columns: Ints,
    before: Ints,
    after: Ints,
    table: Array,
    images: Ints,
    potential: Array,
    slots: Ints,
    members: Ints,
    counts: Ints,
) -> None:
    """Put the windings ``after`` for those ``before`` on the block of places rows × columns."""
    changed = [(i, j) for i in range(rows.size) for j in range(columns.size) if before[i, j] != after[i, j]]
    coming, going = [0 for _ in range(0)], [0 for _ in range(0)]
    for i, j in changed:
        place = rows[i] * potential.shape[1] + columns[j]
        if before[i, j] != 0:
            _vacate(slots, members, counts, place)
        for _ in range(after[i, j] - before[i, j]):
            coming.append(place)
        for _ in range(before[i, j] - after[i, j]):
            going.append(place)
    for i, j in changed:
        if after[i, j] != 0:
            _occupy(slots, members, counts, rows[i] * potential.shape[1] + columns[j], after[i, j])
    pairs = min(len(coming), len(going))
    for n in range(pairs):
        _add_dipole(table, images, potential, coming[n], going[n], 1.0)
    for place in coming[pairs:]:
        add_charge(table, images, potential, place, 1.0)
    for place in going[pairs:]:
        add_charge(table, images, potential, place, -1.0)
