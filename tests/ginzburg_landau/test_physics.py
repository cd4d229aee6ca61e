"""Known physics: line energy, H_c1, Abrikosov ratio, Meissner screening, the London ring, uniform h̃."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.numerics.curl import curl_of_plaquettes


def line_energy(kappa, length, dx):
    """Energy of one vortex in a periodic cell, less the interaction with its images."""
    n = round(length / dx)
    state = minimise(
        GinzburgLandau(Grid((n, n), dx), kappa, flux_quanta=1), start=[(length / 2, length / 2, 1)]
    )
    assert state.converged
    images = np.array([(a, b) for a in range(-4, 5) for b in range(-4, 5) if (a, b) != (0, 0)])
    others = 2 * math.pi * special.k0(np.hypot(*images.T) * length / kappa).sum()
    return state.energy + 0.5 * length**2 - others


def extrapolated(kappa, length, dx):
    """Richardson extrapolation of second-order errors, and the measured order."""
    energies = [line_energy(kappa, length, dx / 2**n) for n in range(3)]
    order = math.log2((energies[1] - energies[0]) / (energies[2] - energies[1]))
    return energies[2] + (energies[2] - energies[1]) / 3, order


def test_lower_critical_field_at_kappa_2():
    """H_c1/H_c2 = 0.194080 from the fit of Brandt, Phys. Rev. B 68, 054506 (2003)."""
    energy, order = extrapolated(2.0, 20.0, 0.5)
    assert energy / (16 * math.pi) == pytest.approx(0.194080, rel=2e-4)
    assert order == pytest.approx(2.0, abs=0.1)


def test_line_energy_at_large_kappa():
    """ε1 → 2π(ln κ + 0.497) (Hu 1972); at κ = 10 Brandt's 0.0142754 × 4πκ² is 1.6 % above that limit."""
    energy, order = extrapolated(10.0, 40.0, 1.0)
    assert energy / (400 * math.pi) == pytest.approx(0.0142754, rel=1e-3)
    assert energy == pytest.approx(2 * math.pi * (math.log(10) + 0.497), rel=0.04)
    assert order > 1.7


def test_abrikosov_ratio_of_the_triangular_lattice():
    """⟨|ψ|⁴⟩/⟨|ψ|²⟩² → 1.159595 at H_c2, in the nearly hexagonal cell 15 × 26 of two vortices."""
    dx = math.sqrt(4 * math.pi / (15 * 26 * 0.98))
    state = minimise(GinzburgLandau(Grid((15, 26), dx), kappa=20.0, flux_quanta=2), rng=0)
    density = np.abs(state.order_parameter) ** 2
    assert state.converged
    assert np.mean(density**2) / np.mean(density) ** 2 == pytest.approx(1.159595, abs=2e-3)
    apart = [abs(float(np.diff(c)[0])) / dx for c in (state.vortices.x, state.vortices.y)]
    assert apart == pytest.approx([7.5, 13.0], abs=0.02)


def test_normal_above_the_upper_critical_field():
    dx = math.sqrt(4 * math.pi / (15 * 26 * 1.02))
    above = minimise(GinzburgLandau(Grid((15, 26), dx), kappa=20.0, flux_quanta=2), rng=0)
    # order parameter dies; what remains of the energy is the field's own κ² B² per area
    area = 15 * 26 * dx**2
    assert np.abs(above.order_parameter).max() < 1e-3
    assert above.energy == pytest.approx(400 * 1.02**2 * area, rel=1e-6)


def meissner_error(dx, length=12.0, kappa=2.0, field=1e-4):
    n = round(length / dx)
    grid = Grid((n, 4), dx, (False, True))
    state = minimise(GinzburgLandau(grid, kappa, applied_field=field), start="uniform", tol=1e-11)
    x = grid.plaquettes[0]
    exact = np.cosh((x - length / 2) / kappa) / math.cosh(length / 2 / kappa)
    mean = 2 * kappa / length * math.tanh(length / 2 / kappa) - 1
    current = -kappa * np.sinh((grid.sites[0] - length / 2) / kappa) / math.cosh(length / 2 / kappa)
    assert state.converged
    return (
        np.abs(state.magnetic_field / field - exact).max(),
        np.abs(
            state.supercurrent[1] / field - current
        ).max(),  # largest error among all sites, edges included
        abs(state.magnetisation / field - mean),
    )


def test_open_sample_screens_with_the_cosh_profile_to_second_order():
    """B, the current at the sites (edges included), and the magnetisation converge as dx²."""
    coarse, fine = np.array(meissner_error(0.5)), np.array(meissner_error(0.25))
    assert fine.max() < 5e-3
    assert np.all(np.abs(np.log2(coarse / fine) - 2) < 0.25)


def ring_error(dx, length=24.0, kappa=2.0, width=1.5, strength=1e-4):
    """Field of a weak smooth ring ã = c r exp(−r²/2w²) φ̂ against the London limit in the plane."""
    half = length / 2

    def potential(x, y):
        x, y = x - half, y - half
        shape = strength * np.exp(-(x**2 + y**2) / (2 * width**2))
        return -y * shape, x * shape

    n = round(length / dx)
    grid = Grid((n, n), dx)
    state = minimise(GinzburgLandau(grid, kappa, pseudo_potential=potential), start="uniform", tol=1e-11)

    def london(r):  # B(k) = −curl ã(k)/(1 + κ²k²), curl ã(k) = 2π c w⁶ k² exp(−k²w²/2)/w²
        def integrand(k):
            curl = 2 * math.pi * strength * width**4 * k**2 * math.exp(-((k * width) ** 2) / 2)
            return -k * special.j0(k * r) * curl / (1 + (kappa * k) ** 2) / (2 * math.pi)

        return integrate.quad(integrand, 0, 12 / width, epsabs=1e-16, epsrel=1e-10)[0]

    middle = n // 2 - 1  # the plaquette centred on the ring
    distances = np.arange(0, 6.01, 1.0)
    measured = [state.magnetic_field[middle + round(r / dx), middle] for r in distances]
    exact = np.array([london(r) for r in distances])
    return np.abs(measured - exact).max() / np.abs(exact).max()


def test_weak_ring_is_screened_as_in_the_london_limit():
    coarse, fine = ring_error(0.5), ring_error(0.25)
    assert fine < 4e-3
    assert math.log2(coarse / fine) == pytest.approx(2, abs=0.2)


def test_uniform_pseudo_magnetisation_acts_like_a_field_without_vortices():
    """ã = −κ²∇×h̃ of a uniform h̃ lives on the edge; without vortices the response is that to H = h̃."""
    grid, kappa, h = Grid((24, 20), 0.5, False), 2.0, 1e-4
    uniform = np.zeros(grid.shape)
    uniform[:-1, :-1] = h
    pseudo = -(kappa**2) * curl_of_plaquettes(grid, uniform)
    assert not pseudo[:, 2:-2, 2:-2].any()
    ours = minimise(GinzburgLandau(grid, kappa, pseudo), start="uniform", tol=1e-12)
    real = minimise(GinzburgLandau(grid, kappa, applied_field=h), start="uniform", tol=1e-12)
    assert np.abs(ours.magnetic_field - real.magnetic_field).max() < 20 * h**2
    assert real.magnetic_field.max() > 0.5 * h


def test_uniform_pseudo_magnetisation_makes_no_bulk_vortex_where_a_field_does():
    """The control: a real field H = 0.3 pays for a vortex, a pseudo-magnetisation h̃ = 0.3 does not.

    In the London limit the vortex costs ε1 + 4πκ² G(−∇×ã − H); h̃ falls to zero over 4 ξ at the edge so
    that ã stays below depairing.
    """
    grid, kappa, strength, half = Grid((48, 48), 0.5, False), 2.0, 0.3, 12.0
    edge = half - np.maximum(*(np.abs(c - half) for c in grid.plaquettes))
    h = np.zeros(grid.shape)
    h[:-1, :-1] = strength * np.clip(edge / 4.0, 0, 1)
    control = GinzburgLandau(grid, kappa, -(kappa**2) * curl_of_plaquettes(grid, h))
    real = GinzburgLandau(grid, kappa, applied_field=strength)
    assert not any("depairing" in note for note in control.warnings)

    def cost(problem):
        with_vortex = minimise(problem, start=[(half, half, 1)])
        without = minimise(problem, start="uniform")
        assert (with_vortex.vortices.net, without.vortices.net) == (1, 0)
        return with_vortex.energy - without.energy

    line_energy = 0.194080 * 16 * math.pi
    assert cost(real) < -0.5 * line_energy
    assert cost(control) > 0.9 * line_energy
