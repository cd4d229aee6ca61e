"""The lattice physics of one site, one link and one plaquette; every loop over a grid, 2D or 3D, compiles these.

Scalars in, scalars out, no branches: they vectorise on a CPU and can be called from CUDA kernels.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["REASSOCIATE", "condensation", "cos_sin", "excess_flux", "link", "tension"]

REASSOCIATE = {"reassoc", "contract", "nsz", "arcp"}  # lets sums vectorise; NaN and inf still propagate


@njit(cache=True, error_model="numpy")
def cos_sin(x: float) -> tuple[float, float]:
    """Cosine and sine to 2e-16 + 4e-17 |x|, free of branches and table look-ups so that loops vectorise."""
    quarter = np.floor(x * 0.6366197723675814 + 0.5)
    r = (x - quarter * 1.5707963267341256) - quarter * 6.077100506506192e-11
    z = r * r
    sine = r + r * z * (
        -0.16666666666666632 + z * (0.008333333333322489 + z * (-0.0001984126982985795
        + z * (2.7557313707070068e-06 + z * (-2.5050760253406863e-08 + z * 1.58969099521155e-10))))
    )  # fmt: skip
    cosine = 1.0 - 0.5 * z + z * z * (
        0.0416666666666666 + z * (-0.001388888888887411 + z * (2.480158728947673e-05
        + z * (-2.7557314351390663e-07 + z * (2.087572321298175e-09 - z * 1.1359647557788195e-11))))
    )  # fmt: skip
    turn = quarter * 0.25
    turn -= np.floor(turn)  # 0, 1/4, 1/2 or 3/4 of a turn
    odd = abs(turn - 0.5) == 0.25
    c, s = (sine, cosine) if odd else (cosine, sine)
    return -c if abs(turn - 0.375) < 0.2 else c, -s if turn >= 0.5 else s


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def condensation(re: float, im: float, epsilon: float, cell: float) -> tuple[float, float]:
    """(−ε|ψ|² + ½|ψ|⁴) of a site, times its cell, and the factor of ψ in half its derivative."""
    density = re * re + im * im
    return cell * density * (0.5 * density - epsilon), cell * (density - epsilon)


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def link(
    re: float, im: float, far_re: float, far_im: float, c: float, s: float, weight: float
) -> tuple[float, float, float, float]:
    """w|Uψ' − ψ|² of a link with U = c + is, and half its derivatives with respect to Re ψ, Im ψ and its phase.

    Seen from its far end a link has the phase −s.
    """
    there_re, there_im = c * far_re - s * far_im, c * far_im + s * far_re
    d_re, d_im = re - there_re, im - there_im
    energy = weight * (d_re * d_re + d_im * d_im)
    return energy, weight * d_re, weight * d_im, weight * (re * there_im - im * there_re)


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def excess_flux(along: float, along_far: float, up: float, up_far: float, source: float) -> float:
    """curl A − σ of a plaquette: its links at the near and the far side, along its first and its second axis."""
    return along - along_far + up_far - up - source


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def tension(excess: float, behind: float, stiffness: float) -> float:
    """Half the derivative of stiffness × Σ excess² with respect to the link between two plaquettes."""
    return stiffness * (excess - behind)
