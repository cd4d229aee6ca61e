"""Textbook superconductivity: nucleation fields, vortex lattices, interaction, surface barrier, edge currents."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import constants, special
from scipy.integrate import solve_bvp
from scipy.sparse.linalg import LinearOperator, eigsh

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, minimise
from pseudogauge.ginzburg_landau.energy import energy_and_gradient
from pseudogauge.units import FLUX_QUANTUM


def orders(errors):
    """Orders of convergence between successive halvings of the spacing."""
    errors = np.abs(np.asarray(errors, dtype=float))
    return np.log2(errors[:-1] / errors[1:])


def nucleation_levels(problem, count):
    """Lowest eigenvalues of −(∇ + ia)²: superconductivity starts where the first falls below 1."""
    grid = problem.grid
    given = np.ones(grid.shape)  # only the frozen vector potential is wanted
    potential = minimise(problem, start=given, max_iterations=0).vector_potential

    def apply(small):
        fields = np.concatenate([1e-5 * small.reshape(2, *grid.shape), potential])
        gradient = np.empty_like(fields)
        energy_and_gradient(fields, problem.coefficients, gradient)
        return gradient[:2].ravel() / (2e-5 * grid.cell) + small

    operator = LinearOperator((2 * grid.size, 2 * grid.size), matvec=apply, dtype=float)
    start = np.random.default_rng(0).normal(size=2 * grid.size)
    return np.sort(eigsh(operator, k=2 * count, which="SA", v0=start, tol=1e-10)[0])[::2]


def test_upper_critical_field():
    """Landau levels: N degenerate states at B (so that H_c2 = 1), the next at 3B; second order in the spacing."""
    field, quanta, errors = 1.0, 2, []
    for n in (6, 12, 24):
        spacing = math.sqrt(2 * math.pi * quanta / field) / n
        problem = GinzburgLandau(Grid((n, n), spacing), math.inf, flux_quanta=quanta)
        levels = nucleation_levels(problem, quanta + 1)
        assert np.ptp(levels[:quanta]) < 1e-9
        errors.append([levels[0] - field, levels[quanta] - 3 * field])
    assert orders([e[0] for e in errors])[-1] == pytest.approx(2, abs=0.05)
    assert orders([e[1] for e in errors])[-1] == pytest.approx(2, abs=0.1)
    assert abs(errors[-1][0]) < 4e-3


def test_order_parameter_appears_below_the_upper_critical_field_only():
    def amplitude(field):
        spacing = math.sqrt(2 * math.pi / field) / 16
        problem = GinzburgLandau(Grid((16, 16), spacing), kappa=2.0, flux_quanta=1)
        return np.abs(minimise(problem, rng=0, tol=1e-9).order_parameter).max()

    # H_c2 of this lattice is 1/(1 − spacing² H_c2/8) = 1.003
    assert amplitude(0.99) > 0.05
    assert amplitude(1.01) < 1e-6


def test_surface_nucleation_field():
    """Lowest level 0.590106 H at a flat surface, H_c3 = 1.6946 H_c2 (Saint-James and de Gennes 1963).

    A strip 10 ξ wide and periodic over 3 ξ, in the field at which its second wave sits at the best distance.
    """
    root = (0.768183 + math.sqrt(0.768183**2 + 20 * 2 * math.pi * 2 / 3)) / 10
    errors = []
    for n in (1, 2, 4):
        grid = Grid((20 * n, 6 * n), 0.5 / n, (False, True))
        problem = GinzburgLandau(grid, math.inf, applied_field=root**2)
        errors.append(nucleation_levels(problem, 1)[0] / root**2 - 0.590106125)
    assert orders(errors) == pytest.approx([2, 2], abs=0.02)
    assert abs(errors[1] + (errors[2] - errors[1]) * 4 / 3) < 2e-5  # extrapolated


def lattice(shape, quanta, field, kappa=2.0):
    """Vortex lattice of the cell: B − H from the virial theorem, and β_A."""
    spacing = math.sqrt(2 * math.pi * quanta / (field * math.prod(shape)))
    state = minimise(GinzburgLandau(Grid(shape, spacing), kappa, flux_quanta=quanta), rng=0, tol=1e-9)
    assert state.converged
    density = np.abs(state.order_parameter) ** 2
    area = spacing**2 * math.prod(shape)
    applied = (state.energies["kinetic"] + 2 * state.energies["magnetic"]) / (2 * kappa**2 * field * area)
    return field - applied, np.mean(density**2) / np.mean(density) ** 2, state.energy / area


def test_virial_theorem():
    """H = (kinetic + 2 magnetic)/2κ²B per area (Doria, Gubernatis and Rainer 1989) is ∂(energy)/∂B/2κ²."""
    magnetisation, _, _ = lattice((16, 16), 1, 0.7)
    below, above = (lattice((16, 16), 1, 0.7 + d)[2] for d in (-1e-3, 1e-3))
    assert (above - below) / (2e-3 * 2 * 4) == pytest.approx(0.7 - magnetisation, rel=1e-7)


@pytest.mark.parametrize(
    ("shape", "quanta", "beta"),
    [((8, 8), 1, 1.180340599), ((15, 26), 2, 1.159595267)],
    ids=["square", "triangular"],
)
def test_abrikosov_lattices_near_the_upper_critical_field(shape, quanta, beta):
    """β_A, and B = H − (H_c2 − H)/β_A(2κ² − 1), extrapolated to spacing 0 and to H_c2.

    Differences of M at two fields leave out how the lattice shifts H_c2.
    """
    ratios, slopes = [], []
    for n in (1, 2):
        fine = tuple(n * m for m in shape)
        fields = np.array([0.92, 0.96, 0.98])
        found = np.array([lattice(fine, quanta, b)[:2] for b in fields])
        ratios.append(2 * found[2, 1] - found[1, 1])
        slope = np.diff(found[:, 0]) / np.diff(fields - found[:, 0])
        slopes.append(2 * slope[1] - slope[0])
    extrapolated = [(4 * fine - coarse) / 3 for coarse, fine in (ratios, slopes)]
    assert extrapolated[0] == pytest.approx(beta, abs=2e-4)
    assert extrapolated[1] * beta * 7 == pytest.approx(1, abs=2e-3)


def k0_sum(x, y, kappa, length, width, own=True):
    """K0(r/κ) summed over the images of a periodic cell."""
    a, b = (np.arange(-n, n + 1) for n in (math.ceil(30 * kappa / length), math.ceil(30 * kappa / width)))
    r = np.hypot(x + a[:, None] * length, y + b * width)
    return special.k0(r[(r > 0) | own] / kappa).sum()


def far_field(kappa, spacing=0.5, length=32.0):
    """B of one vortex at 8 and 12 ξ from its centre, over κ⁻²K0(r/κ)."""
    n = round(length / spacing)
    middle = length / 2
    state = minimise(
        GinzburgLandau(Grid((n, n), spacing), kappa, flux_quanta=1), start=[(middle, middle, 1)], tol=1e-9
    )
    x, y = (float(c[0]) for c in (state.vortices.x, state.vortices.y))
    i, j = round(x / spacing) - 1, round(y / spacing) - 1
    grid_x, grid_y = state.problem.grid.plaquettes
    return np.array([
        state.magnetic_field[i, k] * kappa**2
        / k0_sum(grid_x[i, k] - x, grid_y[i, k] - y, kappa, length, length)
        for k in (j + round(r / spacing) for r in (8.0, 12.0))
    ])  # fmt: skip


def test_field_of_a_vortex_far_from_its_core():
    """B → q K0(r/κ)/κ² with one constant q at all distances, and q → 1 as κ grows, about as κ⁻²."""
    excess = {kappa: far_field(kappa) - 1 for kappa in (4.0, 8.0, 16.0)}
    for near, far in excess.values():
        assert near == pytest.approx(far, abs=2e-3)
    assert excess[8.0][1] < excess[4.0][1] / 3
    assert excess[16.0][1] < excess[8.0][1] / 3
    assert 0 < excess[16.0][1] < 6e-3


def test_interaction_of_vortices():
    """Pair energy 4π q² K0(r/κ) at a distance, with the q of the far field (Kramer 1971): rows of vortices."""
    kappa, length, spacing = 4.0, 20.0, 0.5

    def energy(width):
        grid = Grid((round(length / spacing), round(width / spacing)), spacing)
        state = minimise(
            GinzburgLandau(grid, kappa, flux_quanta=1), start=[(length / 2, width / 2, 1)], tol=1e-9
        )
        return state.energy + 0.5 * length * width, 2 * math.pi * k0_sum(
            0.0, 0.0, kappa, length, width, own=False
        )

    (near, near_k0), (far, far_k0) = energy(18.0), energy(24.0)
    charge = far_field(kappa)[1]
    assert charge**2 == pytest.approx(1.12, abs=0.01)
    assert (near - far) / (near_k0 - far_k0) == pytest.approx(charge**2, abs=5e-3)


def meissner(kappa, field, spacing, width):
    """The vortex-free state of a strip, uniform along it."""
    grid = Grid((round(width / spacing), 2), spacing, (False, True))
    return minimise(
        GinzburgLandau(grid, kappa, applied_field=field), start="uniform", tol=1e-7, max_iterations=3000
    )


def bisect(fails, low, high, width):
    while high - low > width:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if fails(middle) else (middle, high)
    return 0.5 * (low + high)


def superheating_from_the_differential_equations(kappa):
    """Largest field, in H_c, of a half space without vortices: the boundary-value problem in units of λ."""
    best, x = 0.0, np.linspace(0, 12, 400)
    shape = np.exp(-math.sqrt(2) * kappa * x)
    y = np.stack([1 - 0.05 * shape, 0.07 * kappa * shape, -0.9 * np.exp(-x), 0.9 * np.exp(-x)])
    for surface in np.arange(0.95, 0.5, -0.01):
        found = solve_bvp(
            lambda x, y: np.stack([y[1], kappa**2 * (y[0] ** 3 - y[0] + y[2] ** 2 * y[0]), y[3], y[0] ** 2 * y[2]]),
            lambda a, b: np.array([a[0] - surface, a[1], b[0] - 1, b[2]]),  # noqa: B023
            x, y, tol=1e-6,
        )  # fmt: skip
        assert found.status == 0
        y = found.sol(x)
        best = max(best, math.sqrt(2) * found.sol(0)[3])
    return best


def test_superheating_field_of_a_uniform_surface():
    """κ = 1, where the Meissner state ends without waves along the surface (Transtrum, Catelani and Sethna 2011)."""
    critical = 1 / math.sqrt(2)
    exact = superheating_from_the_differential_equations(1.0)
    assert exact == pytest.approx(1.276, abs=1e-3)

    def normal(field):
        return np.abs(meissner(1.0, field * critical, 0.25, 16.0).order_parameter).min() < 0.1

    assert bisect(normal, 1.1, 1.4, 1e-3) == pytest.approx(exact, rel=2e-3)


def test_vortices_enter_at_the_superheating_field():
    """κ ≫ 1: a smooth surface lets vortices in at [√5/3 + 0.545/√κ] H_c (same paper), far above H_c1.

    The Meissner state, 10⁻³ of noise added, is minimised on a strip of two wavelengths of the instability.
    """
    kappa, spacing, shape = 10.0, 0.5, (160, 48)
    critical, grid = 1 / (math.sqrt(2) * 10), Grid(shape, spacing, (False, True))
    noise = 1 + 1e-3 * np.random.default_rng(0).normal(size=(2, *shape))

    def enters(field):
        flat = meissner(kappa, field * critical, spacing, shape[0] * spacing)
        psi = np.tile(flat.order_parameter, (1, 24)) * (noise[0] + 1j * (noise[1] - 1))
        problem = GinzburgLandau(grid, kappa, applied_field=field * critical)
        start = State.of(problem, psi, np.tile(flat.vector_potential, (1, 1, 24)))
        end = minimise(problem, start=start, tol=1e-6, max_iterations=1000)
        return len(end.vortices) > 0

    assert not enters(0.85)  # and H_c1 is 0.20 H_c
    entry = bisect(enters, 0.85, 1.0, 5e-3)
    assert entry == pytest.approx(math.sqrt(5) / 3 + 0.3852 * math.sqrt(2 / kappa), rel=0.01)


def bar_current(x, y, length, width, terms=60):
    """Current along x per field at distance (x, y) from the centre of a bar, unscreened: ∇²g = 1, j_x = ∂g/∂y."""
    n = np.arange(1, 2 * terms, 2)
    k = n * math.pi / width
    # cosh(kx)/cosh(kL/2), without overflow
    decay = np.exp(k * (np.abs(x)[..., None] - length / 2)) * (1 + np.exp(-2 * k * np.abs(x)[..., None]))
    waves = (-1) ** (n // 2) * np.sin(k * y[..., None]) * decay / (1 + np.exp(-k * length))
    return y - (4 * width / math.pi**2) * (waves / n**2).sum(axis=-1)


def test_edge_current_of_a_london_bar():
    """2 × 1 µm², Λ = λ²/d = 0.1125 µm, 0.1 mT, no screening: 328.94 µA/µm at the middle of the long edge.

    Site currents are second order, edges included (first at the very corners, where ∂j diverges); the edge
    itself lies half a spacing beyond the last site.
    """
    metre = 0.05e-6  # ξ, so that the bar is 40 × 20
    field = 1e-4 * 2 * math.pi * metre**2 / FLUX_QUANTUM
    sheet = FLUX_QUANTUM / (2 * math.pi * constants.mu_0 * 0.1125e-6 * metre)  # of the dimensionless current
    exact = field * sheet * bar_current(np.array(0.0), np.array(10.0), 40.0, 20.0, 4000)
    assert exact == pytest.approx(328.94, rel=1e-4)
    errors, edges, weak = [], [], field / 10  # so that |ψ|² = 1 − a² is 1 to 1e-6
    for n in (1, 2, 4):
        grid = Grid((40 * n, 20 * n), 1 / n, False)
        state = minimise(GinzburgLandau(grid, math.inf, applied_field=weak), start="uniform", tol=1e-10)
        current = state.supercurrent[0] / weak
        x, y = grid.sites
        corner = np.minimum(x, 40 - x) + np.minimum(y, 20 - y) < 2  # ∂j diverges there as a logarithm
        wrong = np.abs(current - bar_current(x - 20, y - 10, 40.0, 20.0)) / 10
        errors.append([wrong[~corner].max(), wrong.max()])
        outer, inner = current[20 * n - 1 : 20 * n + 1, [-1, -2]].mean(axis=0)
        edges.append(field * sheet * (1.5 * outer - 0.5 * inner) / exact - 1)
    assert abs(edges[0]) < 0.01
    assert orders(edges) == pytest.approx([2, 2], abs=0.2)
    assert orders([e[0] for e in errors]) == pytest.approx([2, 2], abs=0.3)
    assert orders([e[1] for e in errors]) == pytest.approx([1, 1], abs=0.2)


def test_depairing_current():
    """The largest current, over uniform ã at κ = ∞, tends to 2/3√3 as the square of the spacing."""
    errors = []
    for spacing in (0.5, 0.25):
        momenta = np.linspace(0.5, 0.6, 6)
        currents = [
            -minimise(
                GinzburgLandau(Grid((4, 4), spacing), math.inf, lambda x, y, q=q: (q + 0 * x, 0 * y)),
                start="uniform",
            ).supercurrent[0, 0, 0]
            for q in momenta
        ]
        top = np.polynomial.Polynomial.fit(momenta, currents, 3)
        errors.append(max(top(np.linspace(0.5, 0.6, 1001))) - 2 / (3 * math.sqrt(3)))
    assert orders(errors) == pytest.approx([2], abs=0.1)
    assert abs(errors[-1]) < 2e-3
