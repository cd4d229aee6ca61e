"""A bent line in Ginzburg-Landau theory: a current J cos kz bends it by a = 4πJ/ε_l k² (docs/theory/layered.md).

``python tests/ginzburg_landau/test_line_tension.py`` prints the table of that page.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, line_tension, minimise


def expected(kappa, gamma, wavelength):
    """ε_l of one line, `line_tension`, or its limit for κ = ∞."""
    if math.isinf(kappa):
        return 2 * math.pi / gamma**2 * math.log(gamma * wavelength / (2 * math.pi))
    return line_tension(kappa, gamma, wavelength)


def measured(kappa, gamma, side, wavelength, spacing, layer, amplitude):
    """4πJ/k²a of the one line of a periodic cell, pushed far enough for about this amplitude."""
    k = 2 * math.pi / wavelength
    on_lattice = 2 / layer * math.sin(k * layer / 2)
    screened = 1.0 if math.isinf(kappa) else 1 - 1 / (1 + (kappa * on_lattice) ** 2)
    flow = expected(kappa, gamma, wavelength) * k**2 * amplitude / (4 * math.pi)
    n, layers = round(side / spacing), round(wavelength / layer)
    z = (np.arange(layers) + 0.5) * layer
    links = np.zeros((3, n, n, layers))
    links[1] = flow / screened * spacing * np.cos(k * z)
    crystal = GinzburgLandau(
        Grid((n, n, layers), spacing, True, layer), kappa, links, anisotropy=gamma, flux_quanta=1
    )
    high = np.linspace(0, wavelength, 2 * layers + 1)
    path = np.stack([side / 2 - amplitude * np.cos(k * high), np.full_like(high, side / 2), high], axis=1)
    path[-1, :2] = path[0, :2]
    state = minimise(crystal, start=[path], tol=1e-6)
    assert state.converged
    found = state.vortices
    bent = 2 * np.mean(found.x * np.exp(1j * k * found.z))
    assert abs(bent.imag) < 1e-3 * abs(bent)
    return 4 * math.pi * flow / (on_lattice**2 * abs(bent))


def images(kappa, gamma, side, wavelength):
    """What the tension of a line in a square array, all bent alike, has more: a sum over its reciprocal lattice minus
    the integral, per mode the second variation of [lines3d.md Eq. 4] with the transverse parts of its 3 × 3 inverse."""
    k, m = 2 * math.pi / wavelength, kappa**-2.0
    cut = side / 12  # both are cut off where they agree

    def along(q2, x2):
        return (m + q2 - x2) / ((m + q2) * (m + q2 + k**2))

    def across(q2):
        return 1 / (m + k**2 + gamma**2 * q2) - 1 / (m + k**2 + q2)

    count = int(8 / cut * side / (2 * math.pi)) + 1
    q = 2 * math.pi / side * np.arange(-count, count + 1)
    x2, y2 = np.meshgrid(q**2, q**2, indexing="ij")
    q2 = x2 + y2
    q2[count, count] = 1.0  # put right below
    terms = (along(q2, x2) + y2 / q2 * across(q2)) * np.exp(-q2 * cut**2)
    terms[count, count] = 1 / (m + k**2)
    whole = 2 * (2 * math.pi / side) ** 2 * terms.sum()

    def ring(q):
        return q * (along(q * q, q * q / 2) + across(q * q) / 2) * math.exp(-((q * cut) ** 2))

    return whole - 4 * math.pi * (quad(ring, 0, k)[0] + quad(ring, k, 8 / cut, limit=200)[0])


def test_images_do_not_depend_on_where_they_are_cut_off_and_vanish_far_apart():
    near, far = (images(5.0, 2.0, side, 32.0) for side in (24.0, 60.0))
    assert abs(far) < 0.01 * near
    assert images(math.inf, 1.0, 40.0, 32.0) == pytest.approx(2 * math.pi * 0.1027, rel=0.01)


def test_tension_in_the_london_limit():
    """κ = 20, Γ = 3: within 1 % of theory, which without the array or with Γ = 1 is far off."""
    found = measured(20.0, 3.0, 32, 32, 0.5, 2.0, 0.4)
    theory = expected(20.0, 3.0, 32)
    assert found == pytest.approx(theory + images(20.0, 3.0, 32, 32), rel=0.01)
    assert abs(found / theory - 1) > 0.05
    assert abs(found / expected(20.0, 1.0, 32) - 1) > 0.5


def test_excess_is_of_first_order_in_the_wave_number():
    """κ = ∞, Γ = 1: 2π (ln 1/k + 1.25 k), so that London's constant is exact for long waves."""
    excess = [
        (measured(math.inf, 1.0, 24, length, 0.5, 1.0, 0.4) - expected(math.inf, 1.0, length)
         - images(math.inf, 1.0, 24, length)) / (2 * math.pi)
        for length in (16, 32)
    ]  # fmt: skip
    assert excess[0] / excess[1] == pytest.approx(2, abs=0.15)
    assert excess[1] == pytest.approx(1.25 * 2 * math.pi / 32, rel=0.1)


if __name__ == "__main__":
    for case in (
        (math.inf, 1.0, 32, 16, 0.5, 1.0, 0.4),
        (math.inf, 1.0, 32, 32, 0.5, 1.0, 0.4),
        (math.inf, 1.0, 48, 64, 0.5, 2.0, 0.8),
        (math.inf, 3.0, 32, 32, 0.5, 1.0, 0.4),
        (20.0, 1.0, 32, 32, 0.5, 1.0, 0.4),
        (20.0, 1.0, 32, 64, 0.5, 1.0, 0.8),
        (20.0, 3.0, 32, 16, 0.5, 0.5, 0.4),
        (20.0, 3.0, 32, 32, 0.5, 1.0, 0.4),
        (20.0, 3.0, 32, 64, 0.5, 1.0, 0.4),
        (5.0, 1.0, 32, 32, 0.5, 1.0, 0.4),
        (5.0, 1.0, 32, 64, 0.5, 2.0, 0.8),
        (5.0, 1.0, 32, 128, 0.5, 4.0, 0.8),
        (5.0, 3.0, 32, 32, 0.5, 1.0, 0.4),
        (5.0, 3.0, 32, 64, 0.5, 1.0, 0.4),
    ):
        kappa, gamma, side, wavelength, *_ = case
        numbers = measured(*case), expected(kappa, gamma, wavelength), images(kappa, gamma, side, wavelength)
        print(case, *(f"{n / (2 * math.pi):.4f}" for n in numbers))
