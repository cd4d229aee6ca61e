"""Exchange that ends near the edge of the charge: g(q) = γ(q, −q)/γ(0) and the current it leaves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import EdgeKernel, RashbaSuperconductor, edge_kernel, gamma_q, gamma_q1q2

METAL = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.5, rashba=0.5)


def test_current_in_real_space():
    """For g = 1/(1 + a²q²), e^(−|x|/a)/2a in space, the current is ∫∫ w(x) g(x − x′) b(x′): summed on a grid."""
    a, width, overhang = 0.7, 0.4, 0.5
    q = np.sinh(np.linspace(0, 5, 60))
    kernel = EdgeKernel(q, 1 / (1 + (a * q) ** 2), 0.0)
    step = 0.02
    x = np.arange(-15, 15, step)
    field = np.exp(-0.5 * (x / width) ** 2) / (width * math.sqrt(2 * math.pi))
    exchange = np.array([0.5 * math.erfc((y - overhang) / (math.sqrt(2) * width)) for y in x])
    # the kernel's mean over a cell, so that its cusp does not limit the sum
    n = np.arange(-1500, 1501) * step
    edges = np.abs(n[:, None] + 0.5 * step * np.array([-1, 1]))
    cell = 0.5 * np.abs(np.diff(np.exp(-edges / a), axis=1)[:, 0])
    cell[1500] = 1 - math.exp(-0.5 * step / a)
    inner = np.convolve(exchange, cell)[1500 : 1500 + len(x)]
    middle = np.abs(x) < 6
    assert kernel.kept(overhang, width) == pytest.approx(
        float(np.sum((field * inner)[middle])) * step, abs=2e-4
    )


def test_limits():
    flat = EdgeKernel(np.array([0.0, 1.0, 2.0, 3.0]), np.ones(4), 0.0)
    assert flat.kept(0.0, 0.3) == pytest.approx(0.5, abs=1e-12)  # coinciding edges, whatever g
    assert EdgeKernel(flat.nodes, np.array([1, 0.3, -1, 2]), 0.0).kept(0.0, 0.3) == pytest.approx(0.5)
    assert flat.kept(4.0, 0.3) == pytest.approx(1, abs=1e-12)


def test_kernel_of_a_model():
    """Between its nodes it is the full response, within its error; at small q the uniform one."""
    kernel = edge_kernel(METAL, reach=1.0, nodes=4)
    assert kernel.error < 2e-3
    length = METAL.coherence_length
    vector = np.array([0.0, 0.8]) / length  # another direction
    direct = gamma_q1q2(METAL, vector, -vector).gamma[0] / gamma_q(METAL, 0.0).value[0]
    assert abs(float(kernel(0.8)) - direct) <= kernel.error
    assert float(kernel(0.05)) == pytest.approx(1, abs=2e-3)


def test_tables_are_kept_whoever_watches():
    """A second call with another progress does no work and tells nothing."""
    told = []
    first = edge_kernel(METAL, reach=1.0, nodes=4, progress=lambda part, _: None)
    assert edge_kernel(METAL, reach=1.0, nodes=4, progress=lambda part, _: told.append(part)) is first
    assert edge_kernel(METAL, 1, 4) is first
    assert not told


@pytest.mark.parametrize(
    "options", [{"reach": "x"}, {"reach": 1e3}, {"reach": -1.0}, {"reach": math.nan}, {"nodes": 3}]
)
def test_bad_options_are_refused(options):
    with pytest.raises(InputError, match=next(iter(options))):
        edge_kernel(METAL, **options)


def test_models_without_gamma_are_refused():
    with pytest.raises(InputError, match="rashba"):
        edge_kernel(RashbaSuperconductor(1.0, 10.0, 0.1))
