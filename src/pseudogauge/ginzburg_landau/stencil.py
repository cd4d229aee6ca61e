"""The lattice physics of one site, one link and one plaquette; every loop over a grid, 2D or 3D, compiles these.

Scalars in, scalars out, no branches: they vectorise on a CPU and can be called from CUDA kernels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy import floor  # by this name `device` puts the floor of the device in its place

__all__ = [
    "REASSOCIATE",
    "cos_sin",
    "cos_sin_single",
    "coupling_terms",
    "excess_flux",
    "layered_site_terms",
    "link_factor",
    "site_terms",
]

Pair = tuple[float, float]
Triple = tuple[float, float, float]
Quad = tuple[float, float, float, float]
Four = tuple[Pair, Pair, Pair, Pair]

Single = Any  # a number that leaves products in the precision of their other factor
HALF: Single = np.float32(0.5)
TWO: Single = np.float32(2)
REASSOCIATE = {"reassoc", "contract", "nsz", "arcp"}  # lets sums vectorise; NaN and inf still propagate


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def cos_sin(x: float) -> tuple[float, float]:
    """Cosine and sine to 2e-16 + 4e-17 |x|, free of branches and table look-ups so that loops vectorise.

    x is reduced to half a turn, where polynomials interpolated at Chebyshev points do for both.
    """
    half = floor(x * 0.3183098861837907 + 0.5)
    r = ((x - half * 3.1415926218032837) - half * 3.1786509424591713e-08) - half * 1.2246467864107e-16
    z = r * r
    sine = r + r * z * (
        -0.16666666666666666 + z * (0.008333333333333316 + z * (-0.00019841269841254974
        + z * (2.7557319219163234e-06 + z * (-2.5052107616996182e-08 + z * (1.6058977312464087e-10
        + z * (-7.643970296798566e-13 + z * 2.7314447669863206e-15))))))
    )  # fmt: skip
    cosine = 1.0 - 0.5 * z + z * z * (
        0.04166666666666666 + z * (-0.0013888888888884767 + z * (2.480158729891355e-05
        + z * (-2.7557318573366175e-07 + z * (2.0876681558867395e-09 + z * (-1.1466252259718469e-11
        + z * 4.6464359591123493e-14)))))
    )  # fmt: skip
    odd = half * 0.5
    sign = 1.0 - 4.0 * (odd - floor(odd))
    return sign * cosine, sign * sine


ONE: Single = np.float32(1)
TURNS: tuple[Single, ...] = tuple(np.float32(x) for x in (1 / np.pi, 3.140625, np.pi - 3.140625))
SINE: tuple[Single, ...] = tuple(
    np.float32(x) for x in (2.6347327e-6, -1.9822732e-4, 8.3332421e-3, -0.16666666)
)
COSINE: tuple[Single, ...] = tuple(
    np.float32(x) for x in (-2.6545867e-7, 2.4786076e-5, -1.3888813e-3, 4.1666666e-2)
)


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def cos_sin_single(x: float) -> tuple[float, float]:
    """`cos_sin` in single precision: to 1e-7 + 2e-8 |x|."""
    half = floor(x * TURNS[0] + HALF)
    r = (x - half * TURNS[1]) - half * TURNS[2]
    z = r * r
    sine = r + r * z * (((SINE[0] * z + SINE[1]) * z + SINE[2]) * z + SINE[3])
    cosine = ONE - HALF * z + z * z * (((COSINE[0] * z + COSINE[1]) * z + COSINE[2]) * z + COSINE[3])
    odd = half * HALF
    sign = ONE - TWO * TWO * (odd - floor(odd))
    return sign * cosine, sign * sine


def link_factor(phase: float) -> tuple[float, float]:
    """Cosine and sine of a phase in its own precision, for compiled functions."""
    raise NotImplementedError


@overload(link_factor, strict=False)
def _of_precision(phase: Any) -> Callable[[float], tuple[float, float]]:
    return (lambda phase: cos_sin_single(phase)) if phase is types.float32 else (lambda phase: cos_sin(phase))


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def condensation(re: float, im: float, epsilon: float, cell: float) -> tuple[float, float]:
    """(−ε|ψ|² + ½|ψ|⁴) of a site, times its cell, and the factor of ψ in half its derivative."""
    density = re * re + im * im
    return cell * density * (HALF * density - epsilon), cell * (density - epsilon)


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


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE, forceinline=True)
def site_terms(
    here: Pair,
    psi: Four,
    factor: Four,
    weight: Quad,
    excess: Triple,
    epsilon: float,
    cell: float,
    stiffness: float,
) -> tuple[float, float, float, float, float, float, float]:
    """The lattice physics of one site.

    ``here`` is (Re ψ, Im ψ).  ``psi``, ``factor`` = (cos, sin) of the phase of the link in its forward direction,
    and ``weight`` come in the order east, west, north, south (+x, −x, +y, −y); ``excess`` is curl A − σ on the
    plaquettes north-east, north-west, south-east.  Returns the site's share of the three energies
    (own site, two forward links, one plaquette) and the derivatives of the whole energy with respect to
    Re ψ, Im ψ and its two forward links.
    """
    re, im = here
    (e_r, e_i), (w_r, w_i), (n_r, n_i), (s_r, s_i) = psi
    (c_e, s_e), (c_w, s_w), (c_n, s_n), (c_s, s_s) = factor
    east, west, north, south = weight
    b, b_west, b_south = excess
    bulk, force = condensation(re, im, epsilon, cell)
    kinetic_e, re_e, im_e, turn_e = link(re, im, e_r, e_i, c_e, s_e, east)
    kinetic_n, re_n, im_n, turn_n = link(re, im, n_r, n_i, c_n, s_n, north)
    _, re_w, im_w, _ = link(re, im, w_r, w_i, c_w, -s_w, west)
    _, re_s, im_s, _ = link(re, im, s_r, s_i, c_s, -s_s, south)
    return (
        bulk,
        kinetic_e + kinetic_n,
        stiffness * b * b,
        TWO * (force * re + re_e + re_n + re_w + re_s),
        TWO * (force * im + im_e + im_n + im_w + im_s),
        TWO * (turn_e + tension(b, b_south, stiffness)),
        TWO * (turn_n + tension(b_west, b, stiffness)),
    )


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE, forceinline=True)
def coupling_terms(
    here: Pair,
    psi: tuple[Pair, Pair],
    factor: tuple[Pair, Pair],
    weight: Pair,
    excess: tuple[Triple, Triple],
    stiffness: float,
) -> tuple[float, float, float, float, float, float, float]:
    """What one site of a layered crystal has besides `site_terms` of its layer.

    Neighbours, factors and weights are those up and down (+z, −z).  ``excess`` holds, for the plaquettes normal to x
    and to y, the one that starts here and those that start one site behind along its first and its second axis:
    (y, z) and (z, x); ``stiffness`` is theirs.  Returns shares of the kinetic and magnetic energies and derivatives
    with respect to Re ψ, Im ψ and the links forward along x, y and z.
    """
    re, im = here
    (z_r, z_i), (d_r, d_i) = psi
    (c_z, s_z), (c_d, s_d) = factor
    (bx, bx_y, bx_z), (by, by_z, by_x) = excess
    kinetic, re_z, im_z, turn = link(re, im, z_r, z_i, c_z, s_z, weight[0])
    _, re_d, im_d, _ = link(re, im, d_r, d_i, c_d, -s_d, weight[1])
    return (
        kinetic,
        stiffness * (bx * bx + by * by),
        TWO * (re_z + re_d),
        TWO * (im_z + im_d),
        TWO * tension(by_z, by, stiffness),
        TWO * tension(bx, bx_z, stiffness),
        TWO * (turn + tension(by, by_x, stiffness) - tension(bx, bx_y, stiffness)),
    )


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE, forceinline=True)
def layered_site_terms(
    here: Pair,
    psi: tuple[Pair, Pair, Pair, Pair, Pair, Pair],
    factor: tuple[Pair, Pair, Pair, Pair, Pair, Pair],
    weight: tuple[float, float, float, float, float, float],
    excess: tuple[Triple, Triple, Triple],
    epsilon: float,
    cell: float,
    stiffness: Pair,
) -> tuple[float, float, float, float, float, float, float, float]:
    """The lattice physics of one site of a layered crystal: `site_terms` and `coupling_terms` together.

    Up and down come after the four directions of the layer, plaquettes normal to z after those of `coupling_terms`;
    ``stiffness`` is that of plaquettes between and within layers.
    """
    east, west, north, south, up, down = psi
    to_east, to_west, to_north, to_south, to_up, to_down = factor
    w_east, w_west, w_north, w_south, w_up, w_down = weight
    excess_x, excess_y, excess_z = excess
    bulk, kinetic, magnetic, d_re, d_im, d_x, d_y = site_terms(
        here,
        (east, west, north, south),
        (to_east, to_west, to_north, to_south),
        (w_east, w_west, w_north, w_south),
        excess_z,
        epsilon,
        cell,
        stiffness[1],
    )
    josephson, between, c_re, c_im, c_x, c_y, c_z = coupling_terms(
        here, (up, down), (to_up, to_down), (w_up, w_down), (excess_x, excess_y), stiffness[0]
    )
    return (
        bulk,
        kinetic + josephson,
        magnetic + between,
        d_re + c_re,
        d_im + c_im,
        d_x + c_x,
        d_y + c_y,
        c_z,
    )
