"""How two vortices interact in the London limit, with a core that makes the self energy part of it.

The energy of vortices of winding w_i is ½ Σ_ij w_i w_j U(r_i − r_j), self terms included, with

    U(k) = 8π² exp(−σ²q²)/q²,   q² = k² + 1/κ²  (bulk),  k² + k/Λ  (film),  k²  (κ = ∞).

In the bulk U = 4πK0(r/κ) up to exp(−r²/4σ²): the Fourier part of an Ewald sum, whose splitting length σ is a core
radius chosen so that ½U(0) = ε1, the line energy of Ginzburg-Landau theory. Derivation: docs/theory/vortex_gas.md.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import exp1

from ...numerics.grid import Grid

__all__ = ["core_radius", "interaction_table", "line_energy"]

Array = NDArray[np.float64]
SMALLEST_KAPPA = 0.75
"""Below it vortices attract and this gas does not describe them; its line energy is used there."""
CUT_OFF = 6.2
"""σ|k| at which the spectrum, exp(−σ²k²), has fallen below rounding."""


def line_energy(kappa: float) -> float:
    """Line energy of one vortex in the bulk, ε1 = 4πκ² H_c1 = 2π(ln κ + a(κ)), in Φ0²/8π²μ0λ².

    a(κ) = 0.49693 + exp(−0.41477 − 0.775 ln κ − 0.1303 ln² κ) is the fit of E. H. Brandt, Phys. Rev. B 68, 054506
    (2003), to the Ginzburg-Landau solution; a → 0.497 for κ ≫ 1 (Hu 1972).

    >>> round(line_energy(10.0), 4)  # 4π 10² × 0.0142754
    17.939
    """
    log = math.log(max(kappa, SMALLEST_KAPPA))
    return 2 * math.pi * (log + 0.49693 + math.exp(-0.41477 - 0.775 * log - 0.1303 * log**2))


@cache
def core_radius(kappa: float) -> float:
    """σ in ξ with ½U(0) = 2π·½E1(σ²/κ²) = ε1; exp(−0.497 − γ_E/2) = 0.456 for κ = ∞.

    >>> round(core_radius(math.inf), 4), round(core_radius(10.0), 4)
    (0.4559, 0.4316)
    """
    if math.isinf(kappa):
        return math.exp(-0.49693 - 0.5 * np.euler_gamma)
    kappa = max(kappa, SMALLEST_KAPPA)
    target = line_energy(kappa) / math.pi
    squared = brentq(lambda log: exp1(math.exp(log)) - target, -60.0, 5.0, xtol=1e-14)
    return kappa * math.exp(0.5 * squared)


def interaction_table(grid: Grid, kappa: float, pearl_length: float | None, radius: float) -> Array:
    """U at all displacements (i, j) × spacing of the periodic cell that holds ``grid`` and its mirror images.

    An open axis is doubled: an image of opposite winding behind the surface makes B = H there. Shape
    ``(n_x, n_y)``, n the number of sites on a periodic axis and twice that on an open one. Where q² = 0 at
    k = 0 (κ = ∞, a film) that term is left out: the mean field is then fixed.
    """
    counts = [n if wraps else 2 * n for n, wraps in zip(grid.shape, grid.periodic_axes, strict=True)]
    spacing = grid.spacing
    # sites see the spectrum folded: waves that differ by a reciprocal lattice vector of the grid are one
    folds = math.ceil(0.5 * (CUT_OFF / radius * spacing / math.pi - 1))
    turns = 2 * math.pi / spacing
    kx, ky = np.fft.fftfreq(counts[0])[:, None] * turns, np.fft.rfftfreq(counts[1])[None, :] * turns
    spectrum = np.zeros((counts[0], counts[1] // 2 + 1))
    for m in range(-folds, folds + 1):
        for n in range(-folds, folds + 1):
            squared = (kx + m * turns) ** 2 + (ky + n * turns) ** 2
            squared += 1 / kappa**2 if pearl_length is None else np.sqrt(squared) / pearl_length
            spectrum += np.exp(-(radius**2) * squared) / np.where(squared > 0, squared, np.inf)
    return np.fft.irfft2(8 * math.pi**2 / grid.cell * spectrum, s=counts)
