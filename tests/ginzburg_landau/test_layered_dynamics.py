"""Dynamics of layers: two dimensions as a limit, energy that falls, gauge, order of the steps, thermal noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, evolve, minimise
from pseudogauge.ginzburg_landau.drive import Drive
from pseudogauge.ginzburg_landau.integrator import Integrator


def crystal(periodic=(True, True, True), anisotropy=2.0, **other):
    grid = Grid((10, 9, 6), 0.5, periodic, layer_spacing=0.8)
    return GinzburgLandau(grid, 2.0, anisotropy=anisotropy, **other)


def test_equal_layers_move_as_two_dimensions():
    flat = GinzburgLandau(Grid((12, 10), 0.5, False), 2.0, applied_field=0.3)
    tall = GinzburgLandau(
        Grid((12, 10, 3), 0.5, False), 2.0, applied_field=0.3, anisotropy=3.0, layer_spacing=0.7
    )
    settings = {"duration": 3.0, "tol": 1e-5, "first_step": 0.01, "record": [3.0]}
    one = evolve(flat, start=[(1.7, 2.4, 1)], **settings)
    many = evolve(tall, start=[(1.7, 2.4, 1)], **settings)
    assert many.energies[-1] == pytest.approx(2.1 * one.energies[-1], abs=2e-4)
    density = np.abs(many.state.order_parameter) ** 2
    assert np.abs(density - np.abs(one.state.order_parameter[..., None]) ** 2).max() < 1e-3
    assert many.electric_field.shape == (1, 3)


def test_energy_falls_to_the_minimum_and_lines_shrink():
    loop = [(1, 1, 2.3), (1, 3, 2.3), (3.6, 3, 2.3), (3.6, 1, 2.3), (1, 1, 2.3)]
    problem = crystal(flux_quanta=1)
    run = evolve(problem, start=[(2.5, 2.0, 1), np.array(loop)], duration=200.0, rest_tol=1e-5)
    assert run.complete
    assert (np.diff(run.energies) < 1e-9).all()
    (line,) = run.state.vortex_lines
    assert line.span == pytest.approx([0, 0, 4.8], abs=1e-9)
    least = minimise(problem, start=run.state, tol=1e-8)
    assert run.energies[-1] == pytest.approx(least.energy, abs=1e-6)


@pytest.mark.parametrize("periodic", [(True, True, True), (True, False, False)])
def test_a_step_follows_gauge_transformations(periodic):
    """ψ and A after one step from a transformed state are the transformed ones, magnetic energy or not."""
    problem = crystal(periodic, applied_field=(0.1, 0.0, 0.2))
    rng = np.random.default_rng(0)
    shape = problem.grid.shape
    fields = rng.normal(size=(5, *shape))
    chi = rng.normal(size=shape)
    turn = np.exp(1j * chi)
    psi = (fields[0] + 1j * fields[1]) * turn
    links = fields[2:] - np.stack([np.roll(chi, -1, a) - chi for a in range(3)])
    for axis, wraps in enumerate(periodic):
        if not wraps:
            np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    integrator = Integrator(Drive(problem), 5.79, 1.0, 0.6, 1)

    def stepped(start):
        return integrator.step(integrator.at(0.0, start), 0.05, None)[0].fields

    one, other = stepped(fields), stepped(np.stack([psi.real, psi.imag, *links]))
    scale = np.abs(one).max()
    assert np.abs(other[0] + 1j * other[1] - (one[0] + 1j * one[1]) * turn).max() < 1e-12 * scale
    assert np.abs((other - one)[2:] - (links - fields[2:])).max() < 1e-12 * scale


def test_steps_are_of_second_order():
    problem = crystal(flux_quanta=(0, 0, 1))
    integrator = Integrator(Drive(problem), 5.79, 1.0, 0.6, 1)
    rng = np.random.default_rng(1)
    start = minimise(problem, start=[(2.5, 2.0, 1)], max_iterations=2)
    psi = start.order_parameter + 0.1 * rng.normal(size=problem.grid.shape)
    fields = np.stack([psi.real, psi.imag, *start.vector_potential])

    def after(steps):
        here = integrator.at(0.0, fields)
        for n in range(steps):
            here, _ = integrator.step(here, 0.4 * (n + 1) / steps, None)
        return here.fields

    exact = after(256)
    wrong = [np.abs(after(n) - exact).max() for n in (16, 32)]
    assert wrong[0] / wrong[1] == pytest.approx(4, rel=0.15)


def test_equipartition_in_a_normal_crystal():
    """ε = −1 and little noise: ⟨|ψ_k|²⟩ = Θ/(V (1 + k²)) for every mode, with k_z²/Γ² between layers."""
    theta, grid = 1e-4, Grid((8, 8, 8), 0.5, layer_spacing=0.4)
    problem = GinzburgLandau(grid, 50.0, epsilon=-1.0, anisotropy=2.0)
    spectra = []

    def spectrum(state):
        spectra.append(np.abs(np.fft.fftn(state.order_parameter, norm="ortho")) ** 2)

    evolve(problem, "normal", 220.0, noise=theta, rng=3, record=np.arange(20, 220.5, 4.0), observe=spectrum)
    waves = [2 * math.pi * np.fft.fftfreq(8, h) for h in grid.spacings]
    squares = [(2 - 2 * np.cos(k * h)) / h**2 for k, h in zip(waves, grid.spacings, strict=True)]
    k2 = squares[0][:, None, None] + squares[1][:, None] + squares[2] / 4
    ratio = np.mean(spectra, axis=0) * grid.cell * (1 + k2) / theta
    for part in (k2 < 8, k2 > 20):
        count = part.sum() * len(spectra)
        assert ratio[part].mean() == pytest.approx(1, abs=4 / math.sqrt(count) + 0.02)
    assert (ratio * (1 + 2 * k2) / (1 + k2)).mean() > 1.5


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"applied_field": 0.1}, "applied_field"), ({"current": (0.1, 0.0)}, "current")],
)
def test_refused(settings, words):
    with pytest.raises(InputError, match=words):
        evolve(crystal(), duration=1.0, **settings)
    with pytest.raises(InputError, match="kappa"):
        evolve(GinzburgLandau(Grid((4, 4, 4), 0.5), math.inf), duration=1.0)
