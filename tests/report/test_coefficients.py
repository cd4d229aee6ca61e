"""The section on the response coefficients says what its datasets hold."""

from __future__ import annotations

import pytest

from pseudogauge.report import number_text
from pseudogauge.report.coefficients import response_section
from pseudogauge.studies.coefficients import (
    gamma_against_wave_vector,
    linear_response_residuals,
    momentum_resolved_current,
    response_against_temperature,
)
from pseudogauge.studies.paper import Part, paper_parts


@pytest.fixture(scope="module")
def data():
    return {
        "response-temperature": response_against_temperature(splittings=(1.0, 10.0), points=2),
        "response-wave-vector": gamma_against_wave_vector((0.0,), points=2),
        "response-strong-fields": linear_response_residuals(points=3),
        "response-momentum": momentum_resolved_current(points=12),
    }


def test_the_parts_of_the_paper_are_those_of_the_section(data):
    parts = [part.name for part in paper_parts(True) if isinstance(part, Part)]
    assert set(data) == {name for name in parts if name.startswith("response")}


def test_numbers_and_figures(data):
    section = response_section(data)
    cold = data["response-temperature"].sel(splitting=10.0).isel(temperature=0)
    for value in (cold.gamma, cold.beta):
        assert number_text(float(value), 3) in section.paragraphs[0]
    assert len(section.figures) == 4
    assert [len(item.figure.axes) for item in section.figures] == [2, 1, 2, 2]
