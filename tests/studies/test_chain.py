"""The whole chain against what one can work out by hand: Eqs. 6 and 7, the control case, the printed scales."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.report.run import run_report
from pseudogauge.results import attribute, validate
from pseudogauge.scenario import find_scenario, load_scenario, parse_scenario
from pseudogauge.studies import run_scenario
from pseudogauge.studies.derive import derive, exchange_map, gl_problem, spin_magnetisation
from pseudogauge.studies.numbers import derived_numbers
from pseudogauge.studies.phase_diagram import london_gains
from pseudogauge.units import FLUX_QUANTUM, MU0


def ready(name, **changes):
    path = find_scenario(name)
    return parse_scenario(path.read_text(encoding="utf-8"), str(path), changes=changes)


def numbers(scenario):
    return {number.symbol: number.value for number in derived_numbers(derive(scenario))}


def test_scale_of_the_material_by_hand():
    """I_γ = (e²/ħ)(m/2πħ²) λe V_∥ b ≈ 5.1 nA for b = 1 meV, V = .1 V, Δ_R = 50 meV, k_F = 5/nm, T → 0."""
    changes = {
        "inclusions.potential": "-0.1 V",
        "material.temperature": "0 K",
        "electrons.gap": "0.001 meV",  # f → 1
        "inclusions.screening_length": "0 nm",  # a finite one takes 1/(k_TF R) off the drop of a disk
        "inclusions.exchange_overhang": "40 nm",  # g → 1
        "inclusions.filling": 0.1,
    }
    found = numbers(ready("4hb-tas2", **changes))
    assert found["I_γ"] == pytest.approx(5.08, rel=2e-3)  # 0.020886 meV × 243.4 nA/meV
    assert found["h̃"] == pytest.approx(1e3 * MU0 * 5.084e-9 / 1.19e-9, rel=2e-3)
    # M_γ/M_n = −(e²λV_∥/2μ_B) f and the electron's moment is −μ_B σ: e²λ/2μ_B per volt is λe m_e/ħ² here
    # per unit area of b_z, which reaches to R + 40 nm
    assert abs(found["M_γ/M_n"]) == pytest.approx(100 * 0.1 / 76.1996 * (60 / 100) ** 2, rel=2e-3)


def test_moments_add_for_a_positive_potential_drop():
    """γ < 0 and −μ_B < 0: both moments are antiparallel to b_z if V_∥ > 0, and M_γ turns with V_∥."""
    assert numbers(ready("4hb-tas2"))["M_γ/M_n"] > 0
    assert numbers(ready("4hb-tas2", **{"inclusions.potential": "-0.1 V"}))["M_γ/M_n"] < 0


@pytest.fixture(scope="module")
def one_inclusion():
    """Fig. 1(a) in the limit λ ≫ R, without its spins: the current of the ring is then unscreened."""
    changes = {
        "material.penetration_depth": "5 µm",
        "inclusions.exchange": "1e-6 meV",  # spins off; h̃ is imposed
        "inclusions.pseudo_magnetisation": "0.02 Hc1",
        "sample.spacing": "12.5 nm",  # mean of two links at a site: error (dx/σ)²/8
        "search.flux_quanta": 0,
        "search.random_starts": 0,
    }
    return run_scenario(ready("paper-fig1a", **changes))


def test_ring_current_and_moment_are_eqs_6_and_7(one_inclusion):
    """∫j_γ dr = I_γ and ½∫r×j_γ = πR² I_γ per layer, with j_γ = −ã in units of Φ0/2πμ0λ²ξ."""
    ds = one_inclusion
    scenario = parse_scenario(ds.attrs["scenario"].split("\n# changed")[0])
    found = {row["symbol"]: row["value"] for row in attribute(ds, "numbers")}
    spacing = scenario.material.layer_spacing * 1e-9
    unit = FLUX_QUANTUM / (2 * math.pi * MU0 * (5e-6) ** 2 * scenario.material.coherence_length * 1e-9)
    current = -ds.pseudo_potential.values * unit * spacing  # A/m per layer
    x, y = (
        1e-6 * (values - values.mean()) for values in np.meshgrid(ds.x.values, ds.y.values, indexing="ij")
    )
    step = 1e-6 * float(ds.x[1] - ds.x[0])
    moment = 0.5 * float(np.sum(x * current[1] - y * current[0])) * step**2
    row = int(np.argmin(np.abs(y[0])))
    right = x[:, row] > 0
    ring = float(np.sum(current[1][right, row])) * step
    expected = found["I_γ"] * 1e-9
    assert ring == pytest.approx(expected, rel=2e-3)
    radius = scenario.inclusions.radius * 1e-9
    smoothing = scenario.inclusions.edge_width * 1e-9 / math.sqrt(2 * math.pi)
    # a smoothed edge has ⟨r²⟩ = R² + σ² + O(k_TF⁻¹): the paper's ring is thin
    assert moment == pytest.approx(math.pi * (radius**2 + smoothing**2) * expected, rel=2e-3)


def test_total_current_of_a_weak_ring_is_transverse_part_of_j_gamma_times_k2_over_k2_plus_1(one_inclusion):
    """London theory of one cell: j(k) = j_γ(k) λ²k²/(1 + λ²k²)."""
    ds = one_inclusion
    total = ds.supercurrent.values
    grid = np.meshgrid(*(2 * np.pi * np.fft.fftfreq(n, 12.5e-9) for n in total.shape[1:]), indexing="ij")
    k2 = (grid[0] ** 2 + grid[1] ** 2) * (5e-6) ** 2
    unit = FLUX_QUANTUM / (2 * math.pi * MU0 * (5e-6) ** 2 * 50e-9)
    driven = -ds.pseudo_potential.values * unit
    expected = np.fft.ifft2(np.fft.fft2(driven, axes=(1, 2)) * k2 / (1 + k2), axes=(1, 2)).real
    assert np.abs(total - expected).max() < 0.01 * np.abs(expected).max()
    assert np.abs(total - driven).max() > 1e-4 * np.abs(expected).max()  # the screening is seen


def test_run_follows_the_schema_and_carries_its_origin(one_inclusion):
    validate(one_inclusion)
    assert json.loads(one_inclusion.attrs["provenance"])["pseudogauge"]
    assert "# changed: inclusions.exchange" in one_inclusion.attrs["scenario"]


@pytest.fixture(scope="module")
def controls():
    quick = {"sample.spacing": "40 nm", "search.random_starts": 1, "search.tolerance": 1e-5}
    return {name: run_scenario(ready(f"control-{name}", **quick)) for name in ("uniform", "applied")}


def test_uniform_exchange_makes_no_vortices_an_applied_field_does(controls):
    assert controls["uniform"].sizes["vortex"] == 0
    assert controls["applied"].vortex_winding.values.min() == 1
    assert controls["applied"].sizes["vortex"] > 20


def test_bulk_of_the_uniform_control_is_field_free(controls):
    """Deep inside, h̃ is uniform and ã zero: the Meissner state, B = 0 (mean h̃ is 1.6 H_c1)."""
    ds = controls["uniform"]
    middle = ds.magnetic_field.sel(x_plaquette=1.3, y_plaquette=1.3, method="nearest")
    assert abs(float(middle)) < 0.02 * float(ds.pseudo_magnetisation.max())


def test_fixed_sector_carries_its_flux():
    changes = {"search.flux_quanta": 2, "search.random_starts": 1, "sample.spacing": "40 nm"}
    scenario = ready("paper-fig1a", **{**changes, "search.tolerance": 1e-4})
    ds = run_scenario(scenario)
    cell = (scenario.spacing * 1e-9) ** 2
    assert float(ds.magnetic_field.sum()) * 1e-3 * cell / FLUX_QUANTUM == pytest.approx(2, abs=1e-9)
    assert int(ds.vortex_winding.sum()) == 2


def test_how_often_each_state_was_found_is_kept(one_inclusion):
    """Every start ends in one of the candidates, and no candidate is there without one."""
    assert one_inclusion.candidate_found.values.min() >= 1
    assert f"of {int(one_inclusion.candidate_found.sum())} starts" in str(run_report(one_inclusion))


@pytest.mark.parametrize("field", ["0.5 Hc1", "-0.3 Hc1"])
def test_thresholds_of_a_run_are_at_its_own_spins_and_applied_field(field):
    """At h̃* the gain with all fields is 1: found here by putting h̃* in, where the run divides gain by remaining cost.

    From h̃ alone the antivortex inside is first in this sample; 0.5 H_c1 along h̃ puts the pair first."""
    derived = derive(ready("paper-fig1b", **{"sample.applied_field": field}))
    found = {number.symbol: number.value for number in derived_numbers(derived)}
    names = ("between", "inside", "pair")
    thresholds = {name: found[f"h̃_{name}*"] / found["h̃"] for name in names}
    whole = gl_problem(derived)
    only = gl_problem(derived, spins=False, applied=False).pseudo_links
    for name, factor in thresholds.items():
        here = london_gains(replace(whole, pseudo_potential=factor * only))
        assert getattr(here, name) == pytest.approx(1, rel=1e-9)
        if name != "pair":
            assert (factor < 1) == (found["g_+" if name == "between" else "g_−"] > 1)
    assert max(names, key=lambda name: found[f"g_{name}"]) == "inside"
    assert min(thresholds, key=thresholds.__getitem__) == ("pair" if field == "0.5 Hc1" else "inside")


def test_an_applied_field_above_h_c1_needs_no_pseudo_field():
    found = numbers(ready("paper-fig1b", **{"sample.applied_field": "1.2 Hc1"}))
    assert found["h̃_between*"] == 0
    assert found["h̃_inside*"] > found["h̃"]


def test_every_ready_scenario_is_valid():
    for path in find_scenario("4hb-tas2").parent.glob("*.toml"):
        scenario = load_scenario(path)
        assert derived_numbers(derive(scenario))


def test_exchange_fields_do_not_add_up():
    """b_z nowhere exceeds the value of the scenario, and regions that would overlap are refused."""
    for name in ("4hb-tas2", "paper-fig1b", "paper-fig1b-dense"):
        derived = derive(ready(name))
        assert exchange_map(derived, *derived.grid.sites).max() < 1.02
    with pytest.raises(InputError, match="exchange_overhang = 61 nm"):
        derive(ready("paper-fig1b-dense", **{"inclusions.exchange_overhang": "61 nm"}))


def test_spin_moments_are_those_of_the_map():
    """Σ of μ0 m over the cell is the number of inclusions times −χ μ_B b π(R + overhang)²."""
    derived = derive(ready("4hb-tas2"))
    mean = float(spin_magnetisation(derived).mean())
    area = math.prod(derived.scenario.sample.size)
    disk = math.pi * (60 + 20) ** 2
    assert mean == pytest.approx(derived.spin_response * len(derived.inclusions) * disk / area, rel=1e-3)


def test_no_exchange_no_current():
    found = numbers(ready("4hb-tas2", **{"inclusions.exchange": "0 meV"}))
    assert found["h̃"] == found["μ0m"] == found["M_γ/M_n"] == found["g_inside"] == 0


def test_notes_where_the_model_leaves_its_range():
    strange = {
        "material.temperature": "2.6 K",
        "electrons.rashba_energy": "2 eV",
        "inclusions.potential": "3 V",
    }
    plain, noted = (
        {n.symbol: n.note for n in derived_numbers(derive(ready("4hb-tas2", **changes)))}
        for changes in ({}, strange)
    )
    assert plain["Δ_R"] == plain["ξ"] == ""
    assert noted["Δ_R"].startswith("Δ_R and eV_∥ above μ")
    assert noted["ξ"].startswith("T = 0.96 T_c")
