"""Measures that tell the phases apart, against what is known without computing a superconductor."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, minimise
from pseudogauge.scenario import parse_scenario
from pseudogauge.studies import discriminator_study
from pseudogauge.studies.discriminator_study import scenario_discriminator_parts, scenario_discriminators
from pseudogauge.studies.discriminators import (
    Depinning,
    depinning_current,
    flux_image,
    flux_statistics,
    pair_correlation,
    time_reversed,
)


@pytest.mark.parametrize("periodic", [True, False])
def test_random_points_are_uncorrelated(periodic):
    grid, rng = Grid((30, 40), 1.0, periodic), np.random.default_rng(1)
    centres = [(5.0, 6.0), (22.0, 30.0), (12.0, 35.0)]
    points = [rng.uniform(0, 1, (n, 2)) * grid.extent for n in rng.integers(0, 40, 300)]
    found = pair_correlation(points, centres, grid, np.arange(0.0, 15.0, 3.0))
    assert np.abs(found.g - 1).max() < 4 * found.error.max()
    assert found.error.max() < 0.1
    # one point per run moved onto a centre shows in the first bin, and there only
    pushed = [np.concatenate([p, [centres[0]]]) for p in points]
    first, second = pair_correlation(pushed, centres, grid, np.arange(0.0, 15.0, 3.0)).g[:2]
    assert first - 1 > 10 * found.error[0]
    assert abs(second - 1) < 0.2


def test_correlation_refuses_what_has_no_meaning():
    grid = Grid((10, 10), 1.0)
    with pytest.raises(InputError, match="points"):
        pair_correlation([np.zeros((0, 2))], [(5, 5)], grid, [0, 2, 4])
    with pytest.raises(InputError, match="edges"):
        pair_correlation([[(1, 1)]], [(5, 5)], grid, [0, 2, 1])
    with pytest.raises(InputError, match="edges"):
        pair_correlation([[(1, 1)]], [(5, 5)], grid, [0, 20, 30])


def random_state(periodic, **more):
    """Far from any minimum, with everything a problem can have."""
    grid, rng = Grid((12, 10), 0.5, periodic), np.random.default_rng(3)
    links = rng.normal(size=(2, *grid.shape))
    for axis in range(2):
        if not grid.periodic_axes[axis]:
            np.moveaxis(links[axis], axis, 0)[-1] = 0.0
    problem = GinzburgLandau(
        grid, 2.0, pseudo_potential=links, magnetisation=rng.normal(size=grid.plaquette_shape), **more
    )
    psi = rng.normal(size=grid.shape) + 1j * rng.normal(size=grid.shape)
    return State.of(problem, psi, rng.normal(size=(2, *grid.shape)))


@pytest.mark.parametrize(("periodic", "more"), [(True, {"flux_quanta": 2}), (False, {"applied_field": 0.3})])
def test_time_reversal_is_exact(periodic, more):
    state = random_state(periodic, **more)
    mirror = time_reversed(state)
    assert mirror.energy == pytest.approx(state.energy, rel=1e-12)
    assert np.allclose(mirror.magnetic_field, -state.magnetic_field, rtol=0, atol=1e-12)
    assert np.allclose(mirror.supercurrent, -state.supercurrent, rtol=0, atol=1e-12)
    assert np.array_equal(mirror.vortices.winding, -state.vortices.winding)
    assert np.allclose(time_reversed(mirror).order_parameter, state.order_parameter, rtol=0, atol=0)
    # leaving out any one of the reversals is noticed
    wrong = State.of(mirror.problem, state.order_parameter, mirror.vector_potential)
    assert abs(wrong.energy / state.energy - 1) > 1e-3


def test_flux_of_a_vortex_through_a_loop():
    """A loop that takes in the cell collects N Φ0; its image has the sign of the vortex."""
    problem = GinzburgLandau(Grid((64, 64), 0.5), kappa=3.0, flux_quanta=-1)
    state = minimise(problem, start=[(16.0, 16.0, -1)], tol=1e-3)
    image = flux_image(state, height=1.0, radius=2.0)
    assert image.sum() == pytest.approx(-math.pi * 2.0**2 / 0.25, rel=1e-6)  # mean field × area of the loop
    found = flux_statistics(image)
    assert found.skewness < -1
    assert np.unravel_index(image.argmin(), image.shape) == pytest.approx((31.5, 31.5), abs=1)
    assert flux_statistics(flux_image(time_reversed(state), 1.0, 2.0)).skewness == pytest.approx(
        -found.skewness
    )


def test_skewness_of_known_distributions():
    rng = np.random.default_rng(0)
    assert abs(flux_statistics(rng.normal(size=100_000)).skewness) < 5 * math.sqrt(6 / 1e5)
    assert flux_statistics(rng.exponential(size=100_000)).skewness == pytest.approx(2.0, abs=0.15)
    assert flux_statistics(np.ones((4, 4))).skewness == 0
    with pytest.raises(InputError, match="image"):
        flux_statistics([1.0, math.nan])


def test_depinning():
    """A spot of weaker superconductor pins; the clean vortex drifts in any current."""
    grid = Grid((20, 20), 0.8)

    def held(weakness):
        def strength(x, y):
            return 1 - weakness * np.exp(-((x - 8) ** 2 + (y - 8) ** 2) / 4)

        problem = GinzburgLandau(grid, kappa=4.0, flux_quanta=1, epsilon=strength)
        state = minimise(problem, start=[(8.0, 8.0, 1)], tol=1e-4)
        return depinning_current(state, reach=4.0, tolerance=0.3, duration=300.0)

    free, strong = held(0.0), held(1.0)
    assert 2 * free.high < strong.low
    assert strong.high < 2 / math.sqrt(27)
    with pytest.raises(InputError, match="reach"):
        depinning_current(random_state(True), reach=math.nan)
    with pytest.raises(InputError, match="periodic"):
        depinning_current(random_state(False), reach=1.0)


SCENARIO = """
title = "one inclusion"
[material]
penetration_depth = "250 nm"
coherence_length = "50 nm"
critical_temperature = "2.7 K"
layer_spacing = "1.19 nm"
[electrons]
fermi_wavevector = "5 /nm"
rashba_energy = "50 meV"
vertical_field = "0.1 V/nm"
[inclusions]
arrangement = "square"
radius = "300 nm"
edge_width = "200 nm"
exchange = "1 meV"
potential = "-0.1 V"
count = 1
pseudo_magnetisation = "SIGN3 Hc1"
[sample]
size = ["1.2 µm", "1.2 µm"]
spacing = "50 nm"
[search]
random_starts = 0
[squid]
loop_radius = "200 nm"
height = "150 nm"
"""


def test_signatures_of_a_scenario(monkeypatch):
    """Flux of each image from the field deep inside, whatever lies between; all signs follow the training."""
    monkeypatch.setattr(discriminator_study, "depinning_current", lambda *_, **__: Depinning(0.1, 0.2))
    up, down = (
        scenario_discriminators(parse_scenario(SCENARIO.replace("SIGN", s)), quick=True) for s in ("", "-")
    )
    assert up.sizes["phase"] > 2
    assert up.excess.values[0] == 0
    assert np.all(up.excess.values >= 0)
    assert set(up.lowest_phase.values) == {up.phase.values[0]}
    area = math.pi * 0.2**2  # µm²; 1 Φ0 is 2.0678 mT µm²
    through = up.mean_field * 1e-3 * area / 2.067833848 * 1e3
    assert up.flux.mean(("x", "y")).values[:, 0] == pytest.approx(through.values, rel=1e-9, abs=1e-9)
    quanta = up.mean_field * 1e-3 * 1.2**2 / 2.067833848
    assert quanta.values == pytest.approx(up.net.values, abs=1e-9)  # h̃ is up
    both = [name for name in up.phase.values if name in down.phase.values]
    assert len(both) > 2
    ups, downs = up.sel(phase=both), down.sel(phase=both)
    assert np.array_equal(ups.net, downs.net)
    assert downs.mean_field.values == pytest.approx(-ups.mean_field.values, abs=1e-6)
    unit = 2.067833848e-15 / (2 * math.pi * 4e-7 * math.pi * (250e-9) ** 2 * 50e-9)  # Φ0/2πμ0λ²ξ
    assert up.depinning.values == pytest.approx(
        np.tile([0.1 * unit, 0.2 * unit], (up.sizes["phase"], 1)), rel=1e-6
    )
    assert (up.depairing / unit).values == pytest.approx(0.385, abs=1e-3)


def test_signatures_need_disks():
    lines = SCENARIO.splitlines()
    first, last = lines.index("[inclusions]"), lines.index("[sample]")
    text = "\n".join(lines[:first] + lines[last:])
    with pytest.raises(InputError, match=r"inclusions\.arrangement"):
        scenario_discriminator_parts(parse_scenario(text))
