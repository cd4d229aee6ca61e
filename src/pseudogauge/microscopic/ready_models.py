"""Ready normal states: square Rashba lattice, dichalcogenide bands with Ising coupling, two-layer stack."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..units import INVERSE_MASS
from ._input import finite_number, positive_number
from .rashba import PAULI
from .tight_binding import TightBinding

__all__ = ["TANTALUM_DISELENIDE", "square_rashba", "tantalum_diselenide", "two_layers"]

ComplexArray = NDArray[np.complex128]
Table = dict[tuple[int, int], ComplexArray]

TANTALUM_DISELENIDE: Mapping[str, tuple[float, float, float, float]] = {
    "rossnagel2005_barrel": (-37.3, 276.0, 286.8, 7.0),
    "rossnagel2005_dogbone": (410.8, -72.6, 453.4, -120.0),
    "inosov2008_barrel": (-64.0, 167.0, 211.0, 5.0),
    "inosov2008_dogbone": (369.0, 74.0, 425.0, -49.0),
    "li2018_barrel": (-45.1, 157.8, 203.2, 25.7),
    "li2018_dogbone": (501.3, -15.9, 557.1, -72.0),
}
"""t₀ … t₃ in meV: single-band fits of the two Fermi-surface sheets of 2H-TaSe2 to photoemission, by Rossnagel et
al. (2005), Inosov et al. (2008) and Li et al. (2018). Only the leading four harmonics are kept."""

_NEIGHBOURS = ((1, 0), (0, 1), (-1, -1))
"""Three nearest neighbours at 120° in the basis a(1, 0), a(−½, √3/2)."""


def square_rashba(
    hopping: float = 1.0,
    rashba: float = 0.0,
    mu: float = 0.0,
    second: float = 0.0,
    spacing: float = 1.0,
) -> TightBinding:
    """Square lattice, −2t(cos k_x a + cos k_y a) − 4t′cos k_x a cos k_y a − (w_z/a)(σ^y sin k_x a − σ^x sin k_y a) − μ.

    For t′ = 0 and k a → 0 this is the continuum model with m = 1/2ta² and Fermi level μ + 4t. ``rashba`` = w_z is a
    velocity, ``hopping`` = t, ``second`` = t′, ``spacing`` = a. Its ``mass`` is 1/2|t|a².

    >>> h = square_rashba(rashba=0.5, mu=-1.0).bloch([[0.0, np.pi / 2]])[0]
    >>> np.linalg.eigvalsh(h).round(12)
    array([[-1.5, -0.5]])
    """
    for name, value in (("hopping", hopping), ("rashba", rashba), ("second", second)):
        finite_number(name, value)
    positive_number("spacing", spacing)
    unit, slope = PAULI[0], 0.5j * rashba / spacing
    table: Table = {(0, 0): 0 * unit}
    for sign in (1, -1):
        table[sign, 0] = -hopping * unit + sign * slope * PAULI[2]
        table[0, sign] = -hopping * unit - sign * slope * PAULI[1]
        if second:
            table[sign, sign] = table[sign, -sign] = -second * unit
    mass = 0.5 / (abs(hopping) * spacing**2) if hopping else None
    return TightBinding(spacing * np.eye(2), [[0.0, 0.0]], table, mu, mass)


def tantalum_diselenide(
    fit: str = "rossnagel2005_barrel", ising: float = 0.0, mu: float = 0.0, spacing: float = 3.434
) -> TightBinding:
    """One band of 2H-TaSe2 (meV, Å) with Ising coupling λ_I Σ_j sin(k·a_j) σ^z over three neighbours at 120°.

    E = t₀ + Σ_s t_s Σ_j cos(k·R_sj) with the shells |R| = a, √3a, 2a; ``fit`` names a row of `TANTALUM_DISELENIDE`. The
    Ising term vanishes on Γ–M and splits the band by 3√3 λ_I at K. ``ising`` is an assumption of the user:
    the fits do not contain it. ``mass`` is the electron's. Raises `InputError` for an unknown fit.

    >>> bands = tantalum_diselenide("inosov2008_barrel", ising=20.0)
    >>> float(np.ptp(np.linalg.eigvalsh(bands.bloch([[4 * np.pi / (3 * 3.434), 0.0]])[0])).round(6))
    103.923048
    """
    if fit not in TANTALUM_DISELENIDE:
        raise InputError("fit", fit, "one of " + ", ".join(TANTALUM_DISELENIDE))
    finite_number("ising", ising)
    positive_number("spacing", spacing)
    t0, t1, t2, t3 = TANTALUM_DISELENIDE[fit]
    unit, z = PAULI[0], PAULI[3]
    table: Table = {(0, 0): t0 * unit}
    for sign in (1, -1):
        for i, (p, q) in enumerate(_NEIGHBOURS):
            r, s = _NEIGHBOURS[(i + 1) % 3]
            table[sign * p, sign * q] = 0.5 * t1 * unit - 0.5j * sign * ising * z
            table[sign * (p - r), sign * (q - s)] = 0.5 * t2 * unit
            table[2 * sign * p, 2 * sign * q] = 0.5 * t3 * unit
    cell = spacing * np.array([[1.0, 0.0], [-0.5, 0.5 * math.sqrt(3.0)]])
    return TightBinding(cell, [[0.0, 0.0]], table, mu, 1 / (100 * INVERSE_MASS))  # nm² to Å²


def two_layers(
    lower: TightBinding, upper: TightBinding, tunnelling: float, bias: float = 0.0
) -> TightBinding:
    """Two layers on the same lattice, coupled by a local hopping, at potentials ∓``bias``/2.

    Opposite spin-orbit couplings in the layers restore inversion: no response odd in 𝓔^z, but one that is
    even, like γ. The stack has the ``mass`` of the layers if they agree.

    Raises `InputError` if the layers have different cells or chemical potentials.

    >>> stack = two_layers(square_rashba(rashba=0.3), square_rashba(rashba=-0.3), tunnelling=0.1)
    >>> stack.dimension
    4
    """
    same = np.allclose(lower.cell, upper.cell, rtol=1e-12) and lower.mu == upper.mu
    require(same, "upper", upper.cell.tolist(), "a layer with the cell and mu of the lower one")
    finite_number("tunnelling", tunnelling)
    finite_number("bias", bias)
    n, m = lower.dimension, upper.dimension
    require(n == m, "upper", f"with {m} states", f"a layer with {n} states, like the lower one")
    table: Table = {}
    for cell in {**lower.hoppings, **upper.hoppings}:
        block = np.zeros((n + m, n + m), dtype=complex)
        for layer, part in ((lower, slice(0, n)), (upper, slice(n, n + m))):
            block[part, part] = np.asarray(layer.hoppings.get(cell, np.zeros((n, n))))
        table[cell] = block
    table.setdefault((0, 0), np.zeros((n + m, n + m), dtype=complex))
    table[0, 0][:n, n:] += tunnelling * np.eye(n)
    table[0, 0][n:, :n] += tunnelling * np.eye(n)
    table[0, 0] += 0.5 * bias * np.diag(np.repeat([-1.0, 1.0], n))
    positions = np.vstack([np.asarray(lower.positions), np.asarray(upper.positions)])
    mass = lower.mass if lower.mass == upper.mass else None
    return TightBinding(lower.cell, positions, table, lower.mu, mass)
