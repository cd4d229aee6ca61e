"""Inverse effective mass: anisotropy as a scaling of lengths, local stiffness against exact profiles."""

from __future__ import annotations

import doctest
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, evolve, ground_state, minimise
from pseudogauge.ginzburg_landau import problem as problems
from pseudogauge.ginzburg_landau.energy import energy_and_gradient
from pseudogauge.ginzburg_landau.line_proposals import averaged
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.ginzburg_landau.vortex_gas import VortexGas


def random_state(problem, seed=0):
    rng = np.random.default_rng(seed)
    psi = rng.normal(size=(2, *problem.grid.shape))
    return State.of(problem, psi[0] + 1j * psi[1], 0.3 * rng.normal(size=problem.pseudo_links.shape))


def slow_kinetic(problem, state, stiffness):
    """Link by link; half of a link lies in the cell of either end: resistances add."""
    grid, psi, total = problem.grid, state.order_parameter, 0.0
    for axis, (h, wraps) in enumerate(zip(grid.spacings, grid.periodic_axes, strict=True)):
        for site in np.ndindex(*grid.shape):
            far = list(site)
            far[axis] = (site[axis] + 1) % grid.shape[axis]
            far = tuple(far)
            inside = problem.mask is None or (problem.mask[site] and problem.mask[far])
            if not inside or (far[axis] == 0 and not wraps):
                continue
            phase = state.vector_potential[(axis, *site)] + problem.background_links[(axis, *site)]
            resistance = 0.5 * h / stiffness[axis][site] + 0.5 * h / stiffness[axis][far]
            gamma = problem.anisotropy if axis == 2 else 1.0
            step = np.abs(np.exp(1j * phase) * psi[far] - psi[site]) ** 2
            total += step * grid.cell / h / gamma**2 / resistance
    return total


@pytest.mark.parametrize("shape", [(7, 5), (4, 3, 5)])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("masked", [False, True])
def test_kinetic_energy_matches_the_obvious_twin(shape, periodic, masked):
    rng = np.random.default_rng(3)
    local = rng.uniform(0.2, 2.0, (len(shape), *shape))
    inside = rng.random(shape) < 0.8 if masked else None
    more = {"anisotropy": 2.5, "layer_spacing": 0.7} if len(shape) == 3 else {}
    grid = Grid(shape, 0.4, periodic)
    problem = GinzburgLandau(grid, 1.7, stiffness=local, sample=inside, flux_quanta=int(periodic), **more)
    state = random_state(problem)
    assert state.energies["kinetic"] == pytest.approx(slow_kinetic(problem, state, local), rel=1e-12)
    assert state.energy == pytest.approx(state.free_energy_density.sum() * problem.grid.cell, rel=1e-12)
    psi, step = state.order_parameter, 1e-4
    fields = np.stack([psi.real, psi.imag, *state.vector_potential])
    for axis, h in enumerate(problem.grid.spacings):  # j = −½ ∂E_kin/∂A / area across
        at = (axis, *(n // 2 for n in shape))
        shifted = [fields.copy(), fields.copy()]
        for sign, f in zip((1, -1), shifted, strict=True):
            f[(2 + axis, *at[1:])] += sign * step
        up, down = (energy_and_gradient(f, problem.coefficients, np.empty_like(f)).kinetic for f in shifted)
        expected = -(up - down) / (4 * step) * h / problem.grid.cell
        assert state.link_current[at] == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_forms_of_one_stiffness():
    grid, numbers, arrays = Grid((6, 6), 0.5), lambda x, y: 0.7, lambda x, y: (0.7, 0.7 + 0 * x)
    uniform = [
        random_state(GinzburgLandau(grid, 2.0, stiffness=s)).energy
        for s in (0.7, (0.7, 0.7), np.array([0.7, 0.7]), np.full((6, 6), 0.7), numbers, arrays)
    ]
    assert np.ptp(uniform) < 1e-12 * abs(uniform[0])
    layers = Grid((4, 4, 4), 0.5)
    one = random_state(GinzburgLandau(layers, 2.0, stiffness=(1, 1, 1 / 9)))
    other = random_state(GinzburgLandau(layers, 2.0, anisotropy=3.0))
    assert one.energy == pytest.approx(other.energy, rel=1e-14)
    assert np.abs(one.link_current - other.link_current).max() < 1e-13


def test_anisotropic_plane_is_a_slice_of_layers():
    """Uniform along y, with s = dx: (x, z) of a layered crystal is (x, y) of two dimensions with masses (1, 1/Γ²)."""
    flat = GinzburgLandau(Grid((12, 10), 0.5, False), 2.0, stiffness=(1, 1 / 9), applied_field=0.3)
    start = np.exp(1j * np.random.default_rng(1).normal(size=(12, 10)))
    solid = GinzburgLandau(
        Grid((12, 2, 10), 0.5, (False, True, False)), 2.0, anisotropy=3.0, applied_field=(0, -0.3, 0)
    )
    one = minimise(flat, start=start, tol=1e-10)
    other = minimise(solid, start=np.repeat(start[:, None], 2, axis=1), tol=1e-10)
    assert other.energy == pytest.approx(one.energy, rel=1e-9)
    assert np.abs(other.supercurrent[[0, 2], :, 0] - one.supercurrent).max() < 1e-6
    assert np.abs(other.magnetic_field[1, :-1, 0, :-1] + one.magnetic_field).max() < 1e-7


def lowest_level(dx, masses, quanta=1, side=4.0):
    """Lowest eigenvalue of −Σ m (∂ + ia)² in a cell with one flux quantum, from the quadratic form of ψ."""
    grid = Grid((round(side / dx),) * 2, dx)
    problem = GinzburgLandau(grid, math.inf, flux_quanta=quanta, stiffness=masses)
    n = grid.size
    matrix = np.zeros((n, n), dtype=complex)
    own = np.arange(n).reshape(grid.shape)
    for axis, weight in enumerate(problem.weights):
        far = np.roll(own, -1, axis=axis)
        w = np.broadcast_to(weight, grid.shape)
        np.add.at(matrix, (own.ravel(), own.ravel()), w.ravel())
        np.add.at(matrix, (far.ravel(), far.ravel()), w.ravel())
        hop = w * np.exp(1j * problem.background_links[axis])
        np.add.at(matrix, (own.ravel(), far.ravel()), -hop.ravel())
        np.add.at(matrix, (far.ravel(), own.ravel()), -hop.conj().ravel())
    return np.linalg.eigvalsh(matrix / grid.cell)[0] / (2 * math.pi * quanta / side**2)


def test_upper_critical_field_is_that_of_the_geometric_mean():
    """1 = √(m_x m_y) H_c2."""
    errors = [lowest_level(dx, (2.0, 0.5)) - 1 for dx in (0.5, 0.25)]
    assert abs(errors[1]) < 5e-3
    assert math.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)
    assert lowest_level(0.5, (0.3, 0.3)) / lowest_level(0.5, 1.0) == pytest.approx(0.3, rel=1e-12)


def vortex(dx, shape, masses, kappa):
    grid = Grid((round(shape[0] / dx), round(shape[1] / dx)), dx)
    problem = GinzburgLandau(grid, kappa, stiffness=masses, flux_quanta=1)
    state = minimise(problem, start=[(shape[0] / 2, shape[1] / 2, 1)], tol=1e-7)
    assert state.converged
    return state


def test_vortex_of_an_anisotropic_plane_is_a_stretched_one():
    """x = √m_x x': E = √(m_x m_y) E'(κ/√(m_x m_y)), to second order in the spacing."""
    fine = [vortex(dx, (8, 8), 1.0, 1.5).energy for dx in (0.25, 0.125)]
    exact = 2 * (fine[1] + (fine[1] - fine[0]) / 3)
    states = [vortex(dx, (16, 8), (4.0, 1.0), 3.0) for dx in (0.5, 0.25)]
    errors = [state.energy - exact for state in states]
    assert abs(errors[1]) < 2e-3 * abs(exact + 64)  # of the energy above that without a vortex
    assert math.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.25)


def test_london_theory_of_an_anisotropic_plane():
    """Weak ring: 4πκ²(B − H) of the minimum is the London landscape, screened over λ√m_y along x; gas energies too."""
    grid, kappa = Grid((32, 24), 0.5), 2.0
    ring = lambda x, y: (0 * x, 1e-4 * np.exp(-((x - 8) ** 2 + (y - 6) ** 2) / 4))  # noqa: E731
    problem = GinzburgLandau(grid, kappa, ring, stiffness=(2.0, 0.4))
    found = 4 * math.pi * kappa**2 * minimise(problem, start="uniform", tol=1e-12).magnetic_field
    expected = London(problem).landscape
    assert np.abs(found - expected).max() < 1e-6 * np.abs(expected).max()
    assert London(problem).line_energy == pytest.approx(
        2 * math.pi * math.sqrt(0.8) * (math.log(2 / math.sqrt(0.8)) + 0.497), rel=1e-12
    )


def contact(dx, soft=0.3, pairing=-1.0, mean=None, monkeypatch=None):
    """Energy of a superconductor | normal metal contact per length, less that of the bulk; and ψ at x = 1 inside N."""
    grid = Grid((round(16 / dx), 2), dx, (False, True))
    metal = lambda x, y: x > 8  # noqa: E731
    if mean is not None:
        monkeypatch.setattr(problems.material, "between_sites", mean)
    problem = GinzburgLandau(
        grid,
        math.inf,
        stiffness=lambda x, y: np.where(metal(x, y), soft, 1.0),
        epsilon=lambda x, y: np.where(metal(x, y), pairing, 1.0),
    )
    state = minimise(problem, start="uniform", tol=1e-11)
    return state.energy / (2 * dx) + 0.5 * 8


def contact_exact(soft=0.3, pairing=-1.0):
    """First integrals ψ'² = (1 − ψ²)²/2 and m ψ'² = |ε|ψ² + ψ⁴/2, with ψ and mψ' continuous."""
    n = np.roots([0.5 * (1 - soft), -1 - soft * abs(pairing), 0.5])  # of ψ0²
    middle = math.sqrt(next(r.real for r in n if 0 < r.real < 1))
    left = math.sqrt(2) * (1 - middle - (1 - middle**3) / 3)
    right = integrate.quad(lambda f: 2 * math.sqrt(soft * (abs(pairing) * f**2 + f**4 / 2)), 0, middle)[0]
    return left + right


def test_contact_to_a_soft_metal_second_order(monkeypatch):
    errors = [contact(dx) - contact_exact() for dx in (0.5, 0.25, 0.125)]
    assert abs(errors[2]) < 3e-3
    assert math.log2(errors[1] / errors[2]) == pytest.approx(2, abs=0.2)

    def arithmetic(s, axis):
        return (s + np.roll(s, -1, axis=axis)) / 2

    wrong = [
        contact(dx, mean=arithmetic, monkeypatch=monkeypatch) - contact_exact() for dx in (0.125, 0.0625)
    ]
    assert math.log2(wrong[0] / wrong[1]) < 1.2
    assert abs(wrong[0]) > 3 * abs(errors[2])


def test_flow_through_slabs_adds_resistances():
    """Weak ã with κ = ∞: j = −⟨a⟩/⟨1/m⟩ whatever the spacing; and along the slabs j = −m a."""
    grid = Grid((16, 4), 0.5)
    slab = lambda x, y: np.where((x > 2) & (x < 4), 0.1, 1.0)  # noqa: E731
    for axis, expected in ((0, 1e-5 / (0.75 + 0.25 * 10)), (1, 1e-5 * slab(*grid.sites))):
        a = lambda x, y, axis=axis: (1e-5 * (axis == 0) + 0 * x, 1e-5 * (axis == 1) + 0 * x)  # noqa: E731
        state = minimise(GinzburgLandau(grid, math.inf, a, stiffness=slab), start="uniform", tol=1e-13)
        assert np.abs(-state.link_current[axis] - expected).max() < 1e-6 * np.max(expected)


@pytest.mark.parametrize("given", [{"kappa": 2.0}, {"kappa": math.inf}])
def test_dynamics_come_to_rest_in_the_minimum(given):
    """With a soft, anisotropic inclusion; the energy falls, and frozen flux stays."""
    grid = Grid((12, 10), 0.5, False)

    def soft(x, y):
        inside = np.hypot(x - 3, y - 2.5) < 1.5
        return np.where(inside, 0.2, 1.0), np.where(inside, 0.5, 1.0)

    problem = GinzburgLandau(grid, applied_field=0.2, stiffness=soft, **given)
    run = evolve(problem, start="uniform", duration=100.0, tol=1e-2)
    best = minimise(problem, start="uniform")
    assert run.state.energy == pytest.approx(best.energy, abs=1e-5)
    assert np.all(np.diff(run.energies) < 1e-12)


def test_dynamics_of_an_anisotropic_plane():
    """One mode of a normal metal: σM ∂A/∂t = −κ²∇×∇×A; with a frozen field, the flux stays as it was."""
    grid, masses = Grid((16, 16), 0.5), (2.0, 0.5)
    problem = GinzburgLandau(grid, 2.0, epsilon=-1.0, stiffness=masses)
    links = np.zeros((2, 16, 16))
    links[1] = 0.01 * np.sin(2 * math.pi * grid.link_midpoints(1)[0] / 8)
    start = State.of(problem, np.zeros(grid.shape), links)
    run = evolve(problem, start=start, duration=1.0, tol=1e-7)
    rate = 4.0 * (2 / 0.5 * math.sin(math.pi / 16)) ** 2 / 0.5
    assert run.state.vector_potential == pytest.approx(links * math.exp(-rate), abs=1e-6)
    frozen = GinzburgLandau(Grid((16, 16), 0.5, False), math.inf, applied_field=0.3, stiffness=masses)
    run = evolve(frozen, rng=0, duration=30.0, tol=1e-2)
    assert np.abs(run.state.magnetic_field - 0.3).max() < 1e-9
    assert np.all(np.diff(run.energies) < 1e-12)


def test_warnings_know_the_local_coherence_length():
    grid = Grid((16, 16), 0.5)
    coarse = GinzburgLandau(grid, 2.0, stiffness=lambda x, y: np.where(x > 4, 0.25, 1.0))
    assert "0.25 ξ or finer" in coarse.warnings[0]
    shear = lambda x, y: (0 * x, 0.4 * np.sin(2 * math.pi * x / 8))  # noqa: E731
    assert not GinzburgLandau(grid, 10.0, shear).warnings
    assert "a flow of 0.7" in GinzburgLandau(grid, 10.0, shear, stiffness=(1.0, 4.0)).warnings[0]


def test_search_finds_the_vortex_that_a_soft_spot_pins():
    """Where the stiffness is low a vortex costs least; also in an applied field that varies, and in layers."""
    soft = lambda x, y, *z: np.where(np.hypot(x - 4, y - 2.5) < 1, 0.3, 1.0)  # noqa: E731
    grid = Grid((16, 12), 0.5)
    best = ground_state(
        GinzburgLandau(grid, 3.0, stiffness=soft, applied_field=lambda x, y: 0.1 + 0 * x), sectors=[1], rng=0
    )
    assert np.hypot(best.vortices.x - 4, best.vortices.y - 2.5) < 0.5
    layers = GinzburgLandau(Grid((16, 12, 2), 0.5), 3.0, stiffness=soft, flux_quanta=(0, 0, 1))
    line = minimise(layers, start=[(4, 2.5, 1)])
    assert line.energy == pytest.approx(best.energy + 0.1 * 4 * math.pi * 9 - 0.1**2 * 9 * 48, abs=1e-5)
    assert np.array_equal(averaged(layers).local_stiffness[0], soft(*grid.sites))  # where lines are tried


def test_gas_of_isotropic_vortices_is_refused():
    problem = GinzburgLandau(Grid((16, 16), 0.5), 4.0, stiffness=(1.0, 2.0))
    with pytest.raises(InputError, match="uniform"):
        VortexGas.of(problem)
    assert VortexGas.of(problem, ignore_edges=True).kappa == 4.0


def test_page_on_materials():
    page = Path(__file__).parents[2] / "docs" / "how-to" / "materials.md"
    assert doctest.testfile(str(page), module_relative=False).failed == 0


@pytest.mark.parametrize(
    ("stiffness", "words"),
    [
        (0.0, "no part of the sample"),
        (-1.0, "positive"),
        (math.nan, "positive and finite"),
        ((1.0, 2.0, 3.0), "one or 2 real numbers"),
        ("soft", "real numbers"),
        (np.ones((3, 3)), "(8, 8)"),
        (lambda x, y: np.where(x > 2, np.nan, 1.0), "stiffness(2.25, 0.25) = nan"),
        (lambda x, y: (x, y, x), "one or 2"),
        (lambda x, y: np.where(x > 2, 0.0, 1.0), "no part of the sample"),
    ],
)
def test_refused(stiffness, words):
    with pytest.raises(InputError) as caught:
        GinzburgLandau(Grid((8, 8), 0.5), 2.0, stiffness=stiffness)
    assert words in str(caught.value)
