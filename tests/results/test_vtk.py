"""VTK files, read back by their own rules: order of the sites, units of the grid, lines."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

import numpy as np
import pytest

from pseudogauge.errors import InputError, StoreError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, minimise
from pseudogauge.results import save_vtk


def arrays(path):
    found = {}
    for item in ElementTree.parse(path).iter("DataArray"):
        raw = base64.b64decode(item.text)
        assert int.from_bytes(raw[:8], "little") == len(raw) - 8
        values = np.frombuffer(raw[8:], {"Float32": "<f4", "Int32": "<i4"}[item.get("type")])
        found[item.get("Name")] = values.reshape(-1, int(item.get("NumberOfComponents", 1)))
    return found


@pytest.fixture(scope="module")
def state():
    problem = GinzburgLandau(
        Grid((8, 7, 5), 0.5, False), 2.0, applied_field=(0.05, 0, 0.2), layer_spacing=0.7
    )
    return minimise(problem, start=[(2.0, 1.5, 1), (2.0, 2.9, -1)], max_iterations=0)


def test_fields_are_at_their_sites(state, tmp_path):
    image, _ = save_vtk(state, tmp_path)
    head = ElementTree.parse(image).find("ImageData")
    assert head.get("WholeExtent") == "0 7 0 6 0 4"
    assert head.get("Spacing") == "0.5 0.5 0.7"
    assert head.get("Origin") == "0.25 0.25 0.35"
    fields = arrays(image)
    density = np.abs(state.order_parameter) ** 2
    for n, (i, j, k) in enumerate([(0, 0, 0), (1, 0, 0), (2, 0, 0)]):  # x runs fastest
        assert fields["density"][n, 0] == pytest.approx(density[i, j, k], rel=1e-6)
    assert fields["supercurrent"][8 * 7 * 2 + 8 * 3 + 5] == pytest.approx(
        state.supercurrent[:, 5, 3, 2], abs=1e-6
    )
    b = state.magnetic_field[2, 4:6, 2:4, 2].mean()  # the four plaquettes round the site
    assert fields["magnetic_field"][8 * 7 * 2 + 8 * 3 + 5, 2] == pytest.approx(b, rel=1e-6)
    corner = fields["magnetic_field"][0]  # three of the four lie on open surfaces
    assert corner[2] == pytest.approx((3 * 0.2 + state.magnetic_field[2, 0, 0, 0]) / 4, rel=1e-6)


def test_lines(state, tmp_path):
    _, lines = save_vtk(state, tmp_path)
    found = arrays(lines)
    assert len(state.vortex_lines) == 2
    assert found["winding"][:, 0].tolist() == [line.winding for line in state.vortex_lines]
    assert found["offsets"][-1] == len(found["Points"]) == len(found["connectivity"])
    assert found["Points"] == pytest.approx(
        np.concatenate([line.points for line in state.vortex_lines]), abs=1e-5
    )
    none = minimise(state.problem, start="uniform", max_iterations=0)
    assert len(arrays(save_vtk(none, tmp_path)[1])["Points"]) == 0


def test_refused(state, tmp_path):
    flat = State.of(GinzburgLandau(Grid((4, 4), 0.5), 2.0), np.ones((4, 4)), np.zeros((2, 4, 4)))
    with pytest.raises(InputError, match="three-dimensional"):
        save_vtk(flat, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        save_vtk(state, tmp_path / "file")
