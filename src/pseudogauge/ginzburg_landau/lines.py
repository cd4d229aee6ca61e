"""Implicit steps of the order parameter along the lines of the grid.

(c + p D†D) x = r on every line of one axis, with D the covariant difference on that axis' links.  The matrix is
Hermitian and tridiagonal (with a corner where the line closes), its pivots are real, and the links enter
exactly: the answer follows any gauge transformation of ψ and A.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .energy import _pool
from .stencil import cos_sin

__all__ = ["Lines"]

Array = NDArray[np.float64]


@njit(cache=True, error_model="numpy", nogil=True)
def _factorise(
    first: int, last: int, margin: int, phase: Array, pull: Array, own: Array, g_re: Array, g_im: Array,
    inverse: Array, q_re: Array, q_im: Array,
) -> None:  # fmt: skip
    """Pivots of the columns ``first <= j < last`` (lines run along the first axis).

    On a closed line (``margin`` > 0) the last unknown is eliminated at the end: with T the tridiagonal rest,
    q = T⁻¹ f and f its couplings to that unknown, ``inverse`` holds 1/pivot of T and, at the end, 1/(Schur
    complement).  Of q only ``margin`` rows at either end are not negligible.
    """
    end = own.shape[0] - 1
    for i in range(end + 1):
        for j in range(first, last):
            cosine, sine = cos_sin(phase[i, j])
            g_re[i, j], g_im[i, j] = pull[i, j] * cosine, pull[i, j] * sine
    for j in range(first, last):
        inverse[0, j] = 1.0 / (own[0, j] + pull[0, j] + pull[end, j])
    for i in range(1, end + 1):
        for j in range(first, last):
            before = inverse[i - 1, j]
            inverse[i, j] = 1.0 / (own[i, j] + pull[i, j] + pull[i - 1, j] * (1.0 - pull[i - 1, j] * before))
    if margin == 0:
        return
    for i in range(end):
        if i < margin or i >= end - margin:
            for j in range(first, last):
                q_re[i, j], q_im[i, j] = 0.0, 0.0
    for j in range(first, last):
        q_re[0, j], q_im[0, j] = -g_re[end, j], g_im[end, j]
        q_re[end - 1, j] -= g_re[end - 1, j]
        q_im[end - 1, j] -= g_im[end - 1, j]
    if margin < end:
        _sweep(first, last, 0, margin, g_re, g_im, inverse, q_re, q_im)
    _sweep(first, last, end - margin, end, g_re, g_im, inverse, q_re, q_im)
    for j in range(first, last):
        coupled = _coupling(j, g_re, g_im, q_re, q_im)[0]
        inverse[end, j] = 1.0 / (own[end, j] + pull[end, j] + pull[end - 1, j] + coupled)


@njit(cache=True, error_model="numpy", nogil=True)
def _sweep(
    first: int, last: int, top: int, bottom: int, g_re: Array, g_im: Array, inverse: Array, re: Array, im: Array
) -> None:  # fmt: skip
    """T⁻¹ in place on the rows ``top <= i < bottom``, for sources that vanish above."""
    for i in range(top + 1, bottom):
        for j in range(first, last):
            a, b, d = re[i - 1, j], im[i - 1, j], inverse[i - 1, j]
            c, s = g_re[i - 1, j] * d, g_im[i - 1, j] * d
            re[i, j] += c * a + s * b
            im[i, j] += c * b - s * a
    for j in range(first, last):
        re[bottom - 1, j] *= inverse[bottom - 1, j]
        im[bottom - 1, j] *= inverse[bottom - 1, j]
    for i in range(bottom - 2, top - 1, -1):
        for j in range(first, last):
            a, b, c, s = re[i + 1, j], im[i + 1, j], g_re[i, j], g_im[i, j]
            re[i, j] = (re[i, j] + c * a - s * b) * inverse[i, j]
            im[i, j] = (im[i, j] + c * b + s * a) * inverse[i, j]


@njit(cache=True, error_model="numpy", nogil=True)
def _coupling(j: int, g_re: Array, g_im: Array, re: Array, im: Array) -> tuple[float, float]:
    """−f† x: what its neighbours pass on to the last unknown of line j."""
    end = g_re.shape[0] - 1
    c, s, a, b = g_re[end - 1, j], g_im[end - 1, j], re[end - 1, j], im[end - 1, j]
    along_re, along_im = c * a + s * b, c * b - s * a
    c, s, a, b = g_re[end, j], g_im[end, j], re[0, j], im[0, j]
    return along_re + c * a - s * b, along_im + c * b + s * a


@njit(cache=True, error_model="numpy", nogil=True)
def _solve(
    first: int, last: int, margin: int, g_re: Array, g_im: Array, inverse: Array, q_re: Array, q_im: Array,
    re: Array, im: Array,
) -> None:  # fmt: skip
    """Solve in place for the columns ``first <= j < last``."""
    end = inverse.shape[0] - 1
    if margin == 0:
        _sweep(first, last, 0, end + 1, g_re, g_im, inverse, re, im)
        return
    _sweep(first, last, 0, end, g_re, g_im, inverse, re, im)
    for j in range(first, last):
        a, b = _coupling(j, g_re, g_im, re, im)
        re[end, j] = (re[end, j] + a) * inverse[end, j]
        im[end, j] = (im[end, j] + b) * inverse[end, j]
    for i in range(end):
        if i < margin or i >= end - margin:
            for j in range(first, last):
                a, b = re[end, j], im[end, j]
                re[i, j] -= q_re[i, j] * a - q_im[i, j] * b
                im[i, j] -= q_re[i, j] * b + q_im[i, j] * a


@dataclass(frozen=True, eq=False)
class Lines:
    """Factorised (own + pull D†D) for all lines of one axis; make it with `Lines.along`."""

    axis: int
    threads: int
    margin: int
    factors: tuple[Array, ...]

    @classmethod
    def along(cls, axis: int, phase: Array, pull: Array, own: Array, threads: int = 1) -> Lines:
        """For ``axis``, from arrays on the grid: link phases, p on the links (0: no link), c > 0 at the sites."""
        phase, pull, own = (_lined_up(a, axis) for a in (phase, pull, own))
        factors = tuple(np.empty_like(own) for _ in range(5))
        margin = _margin(pull, own)
        _in_parts(threads, own.shape[1], _factorise, margin, phase, pull, own, *factors)
        return cls(axis, threads, margin, factors)

    def solve(self, re: Array, im: Array) -> tuple[Array, Array]:
        """The solution for a right-hand side, real and imaginary parts on the grid."""
        shape = np.moveaxis(re, self.axis, 0).shape
        re, im = (_lined_up(a, self.axis) for a in (re, im))
        _in_parts(self.threads, re.shape[1], _solve, self.margin, *self.factors, re, im)
        return np.moveaxis(re.reshape(shape), 0, self.axis), np.moveaxis(im.reshape(shape), 0, self.axis)


def _lined_up(array: Array, axis: int) -> Array:
    """A copy with lines along the first axis and everything else along the second."""
    return np.array(np.moveaxis(array, axis, 0), order="C").reshape(array.shape[axis], -1)


def _margin(pull: Array, own: Array) -> int:
    """Rows within which the closing link is felt to 1e-18, 0 if lines are open.

    (p/(c + p))^i with the largest p and the smallest c bounds the decay away from either end.
    """
    strongest, least, end = float(pull.max()), float(own.min()), pull.shape[0] - 1
    if not pull[end].any():
        return 0
    rows = math.ceil(math.log(1e-18) / math.log(strongest / (least + strongest)))
    return rows if 2 * rows < end else end


def _in_parts(threads: int, size: int, kernel: Callable[..., Any], *arrays: Any) -> None:
    """Run a kernel on all columns, shared among threads; the result does not depend on their number."""
    if threads == 1:
        kernel(0, size, *arrays)
        return
    cuts = [size * n // threads for n in range(threads + 1)]
    submit: Callable[..., Any] = _pool(os.getpid(), threads).submit
    for work in [submit(kernel, cuts[n], cuts[n + 1], *arrays) for n in range(threads)]:
        work.result()
