"""Thermal noise: equipartition, field cooling, interrupted runs that go on bitwise alike."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import Checkpoint, GinzburgLandau, Grid, State
from pseudogauge.ginzburg_landau.drive import Ramp
from pseudogauge.ginzburg_landau.evolve import evolve
from pseudogauge.ginzburg_landau.noise import noise_temperature
from pseudogauge.numerics.curl import circulation
from pseudogauge.numerics.modes import AT, Modes
from pseudogauge.results import open_dataset, save_dataset

THETA, SHORT, LONG = 1e-6, 4.0, 33.0


def spectra(periodic, noise, seed=1):
    """Mode energies over Θ above T_c (ε = −1) and their sampling errors, for long and short waves of ψ and for B.

    E = Σ_k dx² (1 + K²)|ψ_k|² + (κ²/dx²) Σ_p (curl A)²: each ψ_k, with two real parts, holds Θ and each
    plaquette Θ/2 on average.
    """
    grid, kappa = Grid((32, 32), 0.5, periodic), 2.0
    modes = Modes(grid)
    k = 2 * math.pi * np.fft.fftfreq(32, 0.5)
    line = (4 * np.sin(k / 4)) ** 2
    square = line[:, None] + line if periodic else modes.squared

    def observe(state):
        psi = state.order_parameter
        if periodic:
            strength = np.abs(np.fft.fft2(psi, norm="ortho")) ** 2
        else:
            strength = sum(modes.forward(part, (AT, AT)) ** 2 for part in (psi.real, psi.imag))
        field = circulation(grid, state.vector_potential)[:31, :31] ** 2
        return grid.cell * (1 + square) * strength, 2 * kappa**2 / grid.cell * field.mean()

    run = evolve(
        GinzburgLandau(grid, kappa), "normal", 300.0, noise=noise, strength=-1.0, rng=seed,
        record=np.arange(20.0, 300.0, 8.0), observe=observe,
    )  # fmt: skip
    samples = len(run.recorded)
    psi = np.mean([r[0] for r in run.recorded], axis=0) / THETA
    found = []
    for low, high in ((0.0, SHORT), (SHORT, LONG)):
        band = (square >= low) & (square < high)
        # slow modes (1/rate = u/2 at K = 0) are correlated from one sample to the next: exp(−8/2.9) = 6 %
        found.append((psi[band].mean(), 1.1 / math.sqrt(band.sum() * samples)))
    found.append((np.mean([r[1] for r in run.recorded]) / THETA, math.sqrt(2 / (31**2 * samples))))
    return found


@pytest.mark.parametrize("periodic", [True, False])
def test_equipartition(periodic):
    right = spectra(periodic, THETA)
    bias = (0.002, 0.005, 0.01)  # of finite steps, second order: docs/theory/dynamics.md
    for (ratio, error), allowed in zip(right, bias, strict=True):
        assert abs(ratio - 1) < 3.5 * error + allowed
    assert max(error for _, error in right) < 0.02


def test_equipartition_would_notice_a_wrong_strength():
    assert all(abs(ratio - 1) > 4 * error for ratio, error in spectra(True, 1.15 * THETA))


def test_noise_temperature():
    """A vortex line of 1 µm in λ = 0.1 µm: ε0 = Φ0²/4πμ0λ² = 27.1 pJ/m, twice π times our unit."""
    unit = (2.067833848e-15) ** 2 / (8 * math.pi**2 * 4e-7 * math.pi * 1e-14)
    assert 2 * math.pi * unit == pytest.approx(27.08e-12, rel=1e-3)
    assert noise_temperature(10.0, 0.1e-6, 1e-6) == pytest.approx(1.380649e-22 / (unit * 1e-6), rel=1e-6)
    with pytest.raises(InputError, match="thickness"):
        noise_temperature(1.0, 1e-7, 0.0)
    with pytest.raises(InputError, match="temperature"):
        noise_temperature(math.nan, 1e-7, 1e-7)


def cooled(noise, flux_quanta=3, record=(25.0, 50.0, 150.0), duration=150.0, **more):
    problem = GinzburgLandau(Grid((40, 40), 0.5), 2.0, flux_quanta=flux_quanta)
    ramp = Ramp((0.0, 20.0), (-0.5, 1.0))
    return evolve(
        problem, "normal", duration, strength=ramp, noise=noise, rng=5, record=record, max_step=0.5, **more
    )


def test_field_cooling_makes_vortices_and_keeps_the_flux():
    """A fast quench leaves more vortices than the flux needs (Kibble, Zurek); pairs then annihilate."""
    run = cooled(noise=1e-3)
    early, _, late = run.recorded
    assert all(v.net == 3 for v in run.recorded)
    assert len(early) > 3 + 4
    assert len(late) == 3
    assert np.mean(np.abs(run.state.order_parameter) ** 2) > 0.7
    assert run.rejected == 0


def test_without_noise_the_normal_state_never_recovers():
    run = cooled(noise=0.0, duration=60.0, record=())
    assert not run.state.order_parameter.any()
    assert run.complete


def same(a, b):
    return (
        np.array_equal(a.checkpoint.fields, b.checkpoint.fields)
        and a.energies[-1] == b.energies[-1]
        and (a.accepted, a.rejected, a.step_error) == (b.accepted, b.rejected, b.step_error)
        and np.array_equal(a.electric_field[-1], b.electric_field[-1])
    )


@pytest.mark.parametrize("noise", [0.0, Ramp((0.0, 9.0), (2e-3, 1e-3))])
def test_resume_is_bitwise_the_uninterrupted_run(noise):
    problem = GinzburgLandau(Grid((12, 10), 0.5, (True, False)), 2.0)
    settings = {"noise": noise, "strength": Ramp((0.0, 8.0), (0.0, 1.0)), "current": (0.05, 0.0)}
    start = np.random.default_rng(0).normal(size=(12, 10)) * 0.1
    kept = []
    whole = evolve(problem, start, 12.0, record=[3.0, 7.0, 12.0], rng=1, keep=kept.append, **settings)
    for checkpoint in kept[:2]:
        stored = json.loads(json.dumps(checkpoint.rng_state))  # the state is plain numbers
        assert stored == checkpoint.rng_state
        rest = evolve(problem, duration=12.0, record=[3.0, 7.0, 12.0], resume=checkpoint, **settings)
        assert same(rest, whole)
    steps = evolve(problem, start, 12.0, record=[3.0, 7.0, 12.0], rng=1, max_steps=9, **settings)
    assert not steps.complete
    assert "continue" in steps.message
    rest = evolve(problem, duration=12.0, record=[3.0, 7.0, 12.0], resume=steps.checkpoint, **settings)
    assert same(rest, whole)
    other = evolve(problem, start, 12.0, record=[3.0, 7.0, 12.0], rng=2, **settings)
    assert same(other, whole) == (noise == 0.0)


def test_interrupt_keeps_the_last_step():
    problem = GinzburgLandau(Grid((12, 10), 0.5), 2.0)
    start = np.random.default_rng(0).normal(size=(12, 10)) * 0.1
    whole = evolve(problem, start, 6.0, noise=1e-3, rng=1, record=[2.0, 6.0])
    calls = []

    def press_key(state):
        calls.append(state)
        if len(calls) == 1:
            raise KeyboardInterrupt

    broken = evolve(problem, start, 6.0, noise=1e-3, rng=1, record=[2.0, 6.0], observe=press_key)
    assert not broken.complete
    assert broken.message.startswith("interrupted at time 2")
    rest = evolve(problem, duration=6.0, noise=1e-3, record=[2.0, 6.0], resume=broken.checkpoint)
    assert np.array_equal(rest.checkpoint.fields, whole.checkpoint.fields)
    assert list(rest.recorded_times) == [2.0, 6.0]  # the record that was interrupted is made again
    with pytest.raises(InputError, match="resume"):
        evolve(GinzburgLandau(Grid((10, 12), 0.5), 2.0), duration=6.0, resume=broken.checkpoint)
    with pytest.raises(InputError, match="resume"):
        evolve(problem.in_sector(1), duration=6.0, resume=broken.checkpoint)


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_stored_checkpoint_goes_on_bitwise(bits, tmp_path):
    """Through zarr; MT19937 and Philox keep arrays in their state."""
    problem = GinzburgLandau(Grid((4, 3, 3), 0.5, (True, True, False)), 2.0, flux_quanta=(0, 0, 1))
    settings = {"noise": 1e-3, "record": [1.0, 2.0]}
    kept = []
    rng = np.random.Generator(bits(3))
    whole = evolve(problem, "normal", 2.0, rng=rng, keep=kept.append, **settings)
    ds = open_dataset(save_dataset(kept[0].to_dataset(), tmp_path / "checkpoint.zarr"))
    stored = Checkpoint.from_dataset(ds)
    assert (stored.mark, stored.problem, stored.flux_quanta) == (kept[0].mark, kept[0].problem, (0, 0, 1))
    assert same(evolve(problem, duration=2.0, resume=stored, **settings), whole)
    with pytest.raises(InputError, match="to_dataset"):
        Checkpoint.from_dataset(ds.drop_attrs())


def test_checkpoint_of_another_problem_is_refused():
    grid = Grid((8, 6), 0.5, False)

    def make(grid=grid, kappa=2.0, **given):
        return GinzburgLandau(grid, kappa, **given)

    half = np.arange(48).reshape(8, 6) < 30
    others = [
        make(kappa=2.1), make(kappa=math.inf), make(Grid((8, 6), 0.4, False)), make(Grid((8, 6), 0.5, (True, False))),
        make(applied_field=1e-6), make(magnetisation=1e-6), make(epsilon=1 - 1e-6), make(sample=half),
        make(pseudo_potential=lambda x, y: (1e-6 * np.sin(y), 0 * x)),
    ]  # fmt: skip
    checkpoint = evolve(make(), "uniform", 1.0, max_steps=1).checkpoint
    for other in others:
        with pytest.raises(InputError, match="of another problem"):
            checkpoint.check(other)
    checkpoint.check(make(epsilon=1 - 1e-12))  # rounding is none


def test_noise_stays_inside_sample_and_boundaries():
    grid = Grid((12, 10), 0.5, (True, False))
    mask = np.ones(grid.shape, dtype=bool)
    mask[4:7, 3:6] = False
    run = evolve(GinzburgLandau(grid, 2.0, sample=mask), "normal", 1.0, noise=0.01, rng=0)
    assert isinstance(run.state, State)
    assert not run.state.order_parameter[~mask].any()
    assert run.state.order_parameter[mask].all()
    assert not run.state.vector_potential[1, :, -1].any()
