"""Dynamics of layers: two dimensions as a limit, energy that falls, gauge, order of the steps, thermal noise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, evolve, minimise
from pseudogauge.ginzburg_landau.drive import Drive, Ramp
from pseudogauge.ginzburg_landau.integrator import Integrator
from pseudogauge.ginzburg_landau.noise import thermal_kick
from pseudogauge.numerics.curl import circulation

THETA = 1e-6


def crystal(periodic=(True, True, True), anisotropy=2.0, **other):
    grid = Grid((10, 9, 6), 0.5, periodic, layer_spacing=0.8)
    return GinzburgLandau(grid, 2.0, anisotropy=anisotropy, **other)


@pytest.mark.parametrize("kappa", [2.0, math.inf])
@pytest.mark.parametrize("periodic", [(True, True), (True, False), (False, False)])
def test_equal_layers_move_as_two_dimensions(periodic, kappa):
    """To rounding: vortices, a field that changes in time, a current, normal resistance."""
    flow = lambda x, y: (0.2 * np.sin(math.pi * y / 4), 0 * x)  # noqa: E731
    flux = 2 if all(periodic) else 0
    flat = GinzburgLandau(Grid((10, 16), 0.5, periodic), kappa, flow, flux_quanta=flux)
    tall = GinzburgLandau(
        Grid((10, 16, 3), 0.5, (*periodic, True)),
        kappa,
        lambda x, y, z: (*flow(x, y), 0 * x),
        flux_quanta=flux,
        anisotropy=3.0,
        layer_spacing=0.7,
    )
    start = [(1.7, 2.4, 1), (3.6, 6.2, 1)]
    settings = {"duration": 4.0, "tol": 1e-4, "record": [2.0, 4.0]}
    settings["applied_field"] = None if flux else Ramp((0, 3), (0.0, 0.2))
    current = (0.2 * periodic[0], 0.1 * periodic[1])
    one = evolve(flat, start, current=current, **settings)
    many = evolve(tall, start, current=(*current, 0.0), **settings)
    assert many.accepted == one.accepted
    assert many.energies == pytest.approx(2.1 * one.energies, abs=1e-12)
    assert many.electric_field[:, :2] == pytest.approx(one.electric_field, abs=1e-14)
    assert np.abs(one.electric_field[1]).max() > 1e-4
    assert (
        np.abs(np.abs(many.state.order_parameter) - np.abs(one.state.order_parameter)[..., None]).max()
        < 1e-13
    )


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


@pytest.mark.parametrize("kappa", [2.0, math.inf])
@pytest.mark.parametrize("periodic", [(True, True, True), (True, False, False)])
def test_a_step_follows_gauge_transformations(periodic, kappa):
    """ψ and A after one step from a transformed state are the transformed ones, magnetic energy or not."""
    field = (0.0, 0.0, 0.0) if kappa == math.inf else (0.1, 0.0, 0.2)
    problem = replace(crystal(periodic, applied_field=field), kappa=kappa)
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


def energies_of_the_field(theta, rng=1):
    """κ²V⟨B²⟩ along each axis over its thermal value in a normal crystal, and their sampling errors.

    The modes of A/h are free but for κ²V|g × A/h|², so that B has the variance of its transverse projector,
    κ²V⟨|B_c|²⟩ = Θ/2 (1 − |g_c|²/|g|²) for each wave, whatever Γ and the spacings.
    """
    grid = Grid((6, 6, 5), 0.5, layer_spacing=0.8)
    problem, found = GinzburgLandau(grid, 1.0, epsilon=-1.0, anisotropy=2.0), []
    evolve(
        problem, "normal", 80.0, noise=theta, rng=rng, record=np.arange(4.0, 80.5, 1.0), tol=1.0,
        observe=lambda state: found.append((state.magnetic_field**2).mean(axis=(1, 2, 3))),
    )  # fmt: skip
    squares = np.meshgrid(
        *((2 - 2 * np.cos(2 * math.pi * np.fft.fftfreq(n, h) * h)) / h**2
          for n, h in zip(grid.shape, grid.spacings, strict=True)), indexing="ij",
    )  # fmt: skip
    total = sum(squares)
    total[0, 0, 0] = math.inf
    share = [1 - 1 / grid.size - (own / total).mean() for own in squares]
    ratios = problem.kappa**2 * grid.cell * np.mean(found, axis=0) / (0.5 * THETA * np.array(share))
    return ratios, math.sqrt(2 / (len(found) * grid.size * min(share)))


def test_equipartition_of_the_field_in_a_normal_crystal(monkeypatch):
    ratios, error = energies_of_the_field(THETA)
    assert error < 0.016
    assert np.all(np.abs(ratios - 1) < 3.5 * error)
    wrong, error = energies_of_the_field(1.1 * THETA)
    assert np.all(np.abs(wrong - 1) > 3.5 * error)

    def unweighted(problem, *given):
        kick = thermal_kick(problem, *given)
        kick[2:] *= np.sqrt(problem.link_weights).reshape(3, 1, 1, 1)
        return kick

    monkeypatch.setattr("pseudogauge.ginzburg_landau.time_loop.thermal_kick", unweighted)
    wrong, error = energies_of_the_field(THETA)
    assert np.all(np.abs(wrong - 1) > 10 * error)


@pytest.mark.parametrize("kappa", [2.0, math.inf])
@pytest.mark.parametrize("periodic", [(True, True, True), (True, False, True), (False, False, False)])
def test_energy_never_rises_without_drive(periodic, kappa):
    rng = np.random.default_rng(0)
    problem = replace(crystal(periodic), kappa=kappa)
    psi = 0.5 * (rng.normal(size=problem.grid.shape) + 1j * rng.normal(size=problem.grid.shape))
    run = evolve(problem, psi, 50.0, tol=0.1)
    rounding = 1e-13 * np.abs(run.energies).max()
    assert np.diff(run.energies).max() <= rounding
    assert run.energies[0] - run.energies[-1] > 1
    if periodic[0]:
        driven = evolve(problem, run.state, 5.0, current=(0.3, 0.0, 0.0))
        assert np.diff(driven.energies).max() > 1e3 * rounding


def test_frozen_rates_have_no_circulation_and_the_divergence_they_had():
    """κ = ∞: what is left of any rates is a potential and uniform fields, of the same ∇·MȦ and mean."""
    for periodic in ((True, True, True), (True, False, False), (False, True, False)):
        problem = replace(crystal(periodic, anisotropy=3.0), kappa=math.inf)
        rates = np.random.default_rng(0).normal(size=(3, *problem.grid.shape)) * problem.links_inside
        left = Integrator(Drive(problem), 5.79, 1.0, 0.6, 1)._without_flux(rates)
        weights = np.reshape(problem.link_weights, (3, 1, 1, 1))
        sources = [
            sum(w - np.roll(w, 1, a) for a, w in enumerate(weights * links)) for links in (left, rates)
        ]
        assert np.abs(circulation(problem.grid, rates)).max() > 1
        assert np.abs(circulation(problem.grid, left)).max() < 1e-13
        assert np.abs(sources[0] - sources[1]).max() < 1e-13
        for axis, wraps in enumerate(periodic):
            assert not wraps or left[axis].mean() == pytest.approx(rates[axis].mean(), abs=1e-14)


def test_normal_crystal_obeys_ohm():
    """Γ² times the resistance across the layers, and the field of the current on either side of a slab."""
    for periodic, kappa in (
        ((True, True, True), 2.0),
        ((True, True, True), math.inf),
        ((True, False, True), 2.0),
    ):
        problem = replace(crystal(periodic, anisotropy=3.0), kappa=kappa)
        settings = {"strength": -1.0, "conductivity": 2.0, "record": [50.0, 60.0]}
        run = evolve(problem, "normal", 60.0, current=(0.3, 0.0, 0.01), **settings)
        assert run.electric_field[1] == pytest.approx([0.15, 0.0, 0.045], abs=1e-6)
    width, field = 4.5, run.state.magnetic_field[:, 0, :-1, 0]
    assert field[2, -1] - field[2, 0] == pytest.approx(0.3 * (width - 1) / 4, abs=2e-6)
    assert field[0, -1] - field[0, 0] == pytest.approx(-0.01 * (width - 1) / 4, abs=2e-6)


def test_critical_current_of_a_stack_of_junctions():
    """j = |ψ|² sin φ/Γ²s with |ψ|² = 1 − 2(1 − cos φ)/Γ²s² between layers: no voltage below the largest, one above.

    Far above, a damped junction: ⟨E⟩ = (Γ²/σ) √(j² − j_c²).
    """
    gamma, s = 10.0, 1.0
    problem = GinzburgLandau(Grid((2, 2, 2), 0.5, layer_spacing=s), math.inf, anisotropy=gamma)
    phi = np.linspace(0, math.pi, 2001)
    critical = ((1 - 2 * (1 - np.cos(phi)) / (gamma * s) ** 2) * np.sin(phi)).max() / (gamma**2 * s)
    below = evolve(problem, "uniform", 100.0, current=(0, 0, 0.98 * critical), record=[90.0, 100.0], tol=0.01)
    assert abs(below.electric_field[1, 2]) < 1e-5
    assert below.state.supercurrent[2] == pytest.approx(0.98 * critical, rel=1e-4)
    above = evolve(problem, "uniform", 40.0, current=(0, 0, 1.02 * critical), record=[10.0, 40.0], tol=0.01)
    assert above.electric_field[1, 2] > 0.05
    far = evolve(problem, "uniform", 20.0, current=(0, 0, 3 * critical), record=[5.0, 20.0], tol=0.01)
    assert far.electric_field[1, 2] == pytest.approx(gamma**2 * critical * math.sqrt(8), rel=0.02)


def test_field_in_time_along_any_axis():
    """κ = ∞: B follows H(t) exactly.  Finite κ: the run ends in the minimum of the last field."""
    ramp = Ramp((0.0, 5.0), [(0.0, 0.0, 0.0), (0.1, 0.05, 0.1)])
    frozen = GinzburgLandau(Grid((6, 5, 4), 0.5, False), math.inf, anisotropy=2.0)
    run = evolve(frozen, "uniform", 3.0, applied_field=ramp)
    expected = np.reshape((0.06, 0.03, 0.06), (3, 1, 1, 1))
    assert np.abs(run.state.magnetic_field - expected)[:, :-1, :-1, :-1].max() < 1e-14
    for kappa in (1.5, math.inf):
        problem = replace(frozen, kappa=kappa)
        last = problem.changed(applied_field=(0.1, 0.05, 0.1))
        end = evolve(problem, "uniform", 500.0, applied_field=ramp, rest_tol=1e-8, max_step=2.0).state
        least = minimise(last, start="uniform", tol=1e-9)
        assert end.problem.applied_field == (0.1, 0.05, 0.1)
        assert end.energy == pytest.approx(least.energy, abs=1e-8)


@pytest.mark.parametrize("kappa", [2.0, math.inf])
def test_resumed_is_uninterrupted(kappa):
    """Bitwise, with noise, current and field."""
    problem = replace(crystal((True, False, True)), kappa=kappa)
    settings = {"noise": 1e-2, "current": (0.1, 0.0, 0.01), "applied_field": Ramp((0, 1), (0.0, 0.2))}
    whole = evolve(problem, duration=1.0, rng=1, **settings)
    half = evolve(problem, duration=1.0, rng=1, max_steps=whole.accepted // 2, **settings)
    assert not half.complete
    rest = evolve(problem, duration=1.0, resume=half.checkpoint, **settings)
    assert np.array_equal(rest.checkpoint.fields, whole.checkpoint.fields)
    assert rest.energies[-1] == whole.energies[-1]


@pytest.mark.parametrize(
    ("periodic", "settings", "words"),
    [
        (True, {"applied_field": 0.1}, "flux_quanta"),
        ((True, True, False), {"applied_field": 0.1}, "along z"),
        ((True, True, False), {"applied_field": lambda t: (0.1, math.nan, 0.0)}, "applied_field"),
        ((True, True, False), {"applied_field": (0.1, 0.1)}, "three of them"),
        (True, {"current": (0.1, 0.0)}, "three numbers"),
        ((True, True, False), {"current": (0.0, 0.0, 0.1)}, "open axes"),
        ((True, False, False), {"current": (0.1, 0.0, 0.0)}, "four sides"),
    ],
)
def test_refused(periodic, settings, words):
    with pytest.raises(InputError, match=words):
        evolve(crystal(periodic), duration=1.0, **settings)
