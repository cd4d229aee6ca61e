"""Scenario files: what is read, and what every kind of wrong input is told."""

import pytest

from pseudogauge.errors import InputError
from pseudogauge.scenario import field_table, load_scenario, parse_scenario

GOOD = """
title = "two inclusions"
[material]
penetration_depth = "0.7 µm"
coherence_length = {value = "18 nm", status = "assumed", source = "upper critical field"}
critical_temperature = "2.7 K"
layer_spacing = "11.9 Å"
[electrons]
fermi_wavevector = "5 /nm"
rashba_energy = "0.05 eV"
vertical_field = "0.1 V/nm"
[inclusions]
radius = "60 nm"
edge_width = "20 nm"
filling = 0.1
[sample]
size = ["2 um", "1 um"]
"""


def test_values_come_out_in_the_stated_units():
    scenario = parse_scenario(GOOD)
    assert scenario.material.penetration_depth == pytest.approx(700, rel=1e-12)
    assert scenario.material.layer_spacing == pytest.approx(1.19, rel=1e-12)
    assert scenario.electrons.rashba_energy == pytest.approx(50, rel=1e-12)
    assert scenario.sample.size == pytest.approx((2000, 1000), rel=1e-12)
    assert scenario.scales.kappa == pytest.approx(700 / 18, rel=1e-12)


def test_origin_of_a_number_is_kept():
    assert parse_scenario(GOOD).origins == {
        "material.coherence_length": {"status": "assumed", "source": "upper critical field"}
    }


def test_default_spacing_resolves_core_and_ring_and_divides_the_sample():
    scenario = parse_scenario(GOOD)
    assert scenario.spacing <= min(18 / 2, 20 / 3)
    assert scenario.shape[0] * scenario.spacing == pytest.approx(2000, rel=1e-12)


def test_fields_in_units_of_critical_fields():
    scenario = parse_scenario(GOOD)
    assert scenario.tesla("1 Hc1") == pytest.approx(1.4e-3, rel=2e-3)  # 1.4 mT for λ = 0.7 µm, ξ = 18 nm
    assert scenario.tesla("0.5 Hc2") == pytest.approx(0.50787, rel=1e-4)
    assert scenario.tesla("2 mT") == pytest.approx(2e-3, rel=1e-12)


UNIFORM = 'edge_width = "20 nm"\narrangement = "uniform"'
SIZE = 'size = ["2 um", "1 um"]'
WRONG = [
    ('"0.7 µm"', '"3 kg"', ["material.penetration_depth", "3 kg", "convertible to nm"]),
    ('"0.7 µm"', '"0,7 µm"', ["material.penetration_depth", "decimal point"]),
    ('"0.7 µm"', '"0.7 µm 3"', ["material.penetration_depth", "0.7 µm 3"]),
    ('"0.7 µm"', '"9**9**9**9 nm"', ["material.penetration_depth", "9**9"]),
    ('"0.7 µm"', '"1 + 1 nm"', ["material.penetration_depth", "1 + 1"]),
    (SIZE, 'size = "2 um"', ["sample.size", "brackets"]),
    (
        "filling = 0.1",
        'filling = 0.1\npositions = [["1 µm", "0.5 µm"]]',
        ["inclusions.positions", "does not use it"],
    ),
    ('edge_width = "20 nm"', 'edge_width = "70 nm"', ["inclusions.edge_width", "at most the radius"]),
    (SIZE, SIZE + "\n[search]\nflux_quanta = 1000", ["search.flux_quanta", "982.4", "H_c2"]),
    (
        SIZE,
        SIZE + "\n[search]\nflux_quanta = 1.5",
        ["flux_quanta: 1.5 is not allowed: it must be a whole number or 'auto'"],
    ),
    ("filling = 0.1", 'arrangement = "square"\nfilling = 0.1\nsize_spread = 0.3', ["inclusions.size_spread"]),
    ("filling = 0.1", 'arrangement = "none"', ["inclusions.edge_width", "does not use it"]),
    (SIZE, SIZE + '\napplied_field = "1.1 Hc2"', ["sample.applied_field", "1.1 Hc2", "below H_c2"]),
    ('"0.7 µm"', "-1", ["material.penetration_depth", "-1", "unit"]),
    ('"0.7 µm"', '"-3 nm"', ["material.penetration_depth", "above 0 nm"]),
    ('"0.7 µm"', '"nan nm"', ["material.penetration_depth", "finite"]),
    ('"0.7 µm"', '"5 nm"', ["type-II", "swapped"]),
    ("radius", "raduis", ["inclusions.raduis", "did you mean radius?"]),
    ("[inclusions]", "[inclusion]", ["[inclusion]", "did you mean [inclusions]?"]),
    ("filling = 0.1", 'filling = "lots"', ["inclusions.filling", "lots", "number"]),
    ("filling = 0.1", "filling = 1.5", ["inclusions.filling", "1.5", "less than 0.9"]),
    ("filling = 0.1", "", ["exactly one of the two"]),
    ("filling = 0.1", "filling = 0.1\ncount = 3", ["exactly one of the two", "remove one"]),
    ("filling = 0.1", 'arrangement = "rnd"', ["inclusions.arrangement", "'random'"]),
    ("filling = 0.1", 'arrangement = "list"', ["inclusions.positions", "missing"]),
    ("filling = 0.1", 'arrangement = "uniform"', ["inclusions.radius", "does not use it"]),
    ('radius = "60 nm"\nedge_width = "20 nm"\nfilling = 0.1', UNIFORM, ["sample.boundary", '"open"']),
    ('radius = "60 nm"', "", ["inclusions.radius", "missing"]),
    ('fermi_wavevector = "5 /nm"', "", ["electrons.fermi_wavevector is missing"]),
    ('title = "two inclusions"', "", ["title is missing"]),
    (SIZE, 'size = ["2 um"]', ["sample.size", "a list of two"]),
    (SIZE, 'size = ["2 um", "2 um", "1 um"]', ["sample.size", "a list of two"]),
    (SIZE, SIZE + "\n[search]\ntolerance = nan", ["search.tolerance", "nan", "finite"]),
    (SIZE, 'size = ["20 nm", "20 nm"]', ["sample.size", "at least 8 grid spacings"]),
    (SIZE, SIZE + '\nspacing = "15 nm"', ["sample.spacing", "edge width", "6.67 nm"]),
    (SIZE, SIZE + '\nspacing = "19 nm"', ["sample.spacing", "ξ = 18 nm", "vortex core"]),
    (SIZE, SIZE + '\napplied_field = "3 Hcc"', ["sample.applied_field", "3 Hcc"]),
    (SIZE, SIZE + '\nboundary = "open"\n[search]\nflux_quanta = 2', ["search.flux_quanta", "periodic"]),
    ("[sample]", "[sample]\n[sample]", ["not valid TOML"]),
    ('status = "assumed"', 'status = "guess"', ["material.coherence_length.status", "measured"]),
    ('source = "upper', 'sorce = "upper', ["unknown entries", "sorce"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), WRONG)
def test_wrong_input_is_named_with_what_is_allowed(old, new, expected):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        parse_scenario(GOOD.replace(old, new, 1), source="mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml:")
    for words in expected:
        assert words.lower() in message.lower(), message


def test_every_problem_is_reported_at_once():
    text = GOOD.replace('"0.7 µm"', '"3 kg"').replace("radius", "raduis").replace('"5 /nm"', '"5 nm"')
    with pytest.raises(InputError) as caught:
        parse_scenario(text)
    assert str(caught.value).count("\n  - ") == 3


def test_missing_file_suggests_a_near_one(tmp_path):
    (tmp_path / "tantalum.toml").write_text(GOOD)
    with pytest.raises(InputError, match=r"[Dd]id you mean .*tantalum\.toml"):
        load_scenario(tmp_path / "tantulum.toml")
    with pytest.raises(InputError, match="not a folder"):
        load_scenario(tmp_path)


def test_every_setting_is_documented():
    assert all(description for *_, description in field_table())
