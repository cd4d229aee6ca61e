"""Linear, isotropic maps of a planar field: multiplication by a function of |k|."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft2, next_fast_len, rfft2

from ..errors import InputError, require

__all__ = ["Padding", "filter_planar", "require_positive"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Padding:
    """How a pattern goes on beyond the sample: periodically, or as the constant ``outside``."""

    periodic: tuple[bool, bool]
    outside: float
    pad: float

    @classmethod
    def of(cls, periodic: bool | tuple[bool, bool], outside: float, pad: float) -> Padding:
        """Checked and with one flag per axis."""
        flags = (periodic, periodic) if isinstance(periodic, bool | np.bool_) else tuple(periodic)
        require(len(flags) == 2, "periodic", periodic, "one flag, or one per axis")
        require(math.isfinite(outside), "outside", outside, "a finite field")
        require(0 <= pad < math.inf, "pad", pad, "zero or positive, in sample lengths")
        return cls((bool(flags[0]), bool(flags[1])), float(outside), float(pad))


def filter_planar(
    name: str, values: ArrayLike, spacing: float, transfer: Callable[[Floats], Floats], padding: Padding
) -> Floats:
    """Multiply the Fourier transform of ``values`` by transfer(|k|); same points, same shape.

    On a periodic axis the result is exact for the band-limited pattern; on open axes the difference
    from ``outside`` is continued by zeros, so that images are kept a padding's width away.
    """
    field = _checked(name, values)
    require_positive("spacing", spacing)
    outside = 0.0 if all(padding.periodic) else padding.outside
    shape = [
        n if flag else int(next_fast_len(n + math.ceil(2 * padding.pad * n), real=True))
        for n, flag in zip(field.shape, padding.periodic, strict=True)
    ]
    kx = 2 * np.pi * np.fft.fftfreq(shape[0], spacing)
    ky = 2 * np.pi * np.fft.rfftfreq(shape[1], spacing)
    wave = np.hypot(kx[:, None], ky)
    modes = rfft2(field - outside, s=shape) * transfer(wave)
    result = irfft2(modes, s=shape)[: field.shape[0], : field.shape[1]]
    return np.ascontiguousarray(result + outside * float(transfer(np.zeros(1))[0]))


def require_positive(name: str, value: float) -> None:
    """Refuse anything but a positive finite number."""
    require(0 < value < math.inf, name, value, "positive and finite")


def _checked(name: str, values: ArrayLike) -> Floats:
    try:
        field = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(name, values, "a two-dimensional array of real numbers") from error
    require(field.ndim == 2 and min(field.shape) > 1, name, field.shape, "an array of shape (Nx, Ny)")
    if not np.isfinite(field).all():
        worst = np.unravel_index(int(np.argmin(np.isfinite(field))), field.shape)
        raise InputError(f"{name}[{worst[0]}, {worst[1]}]", field[worst], "finite")
    return field
