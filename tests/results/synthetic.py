"""A run made without any solver: London vortices and rings in a periodic cell, cut out for an open one."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy.special import j1

from pseudogauge.results import make_dataset, provenance
from pseudogauge.units import FLUX_QUANTUM, MU0

XI, LAMBDA, EDGE = 0.018, 0.7, 0.06  # µm
FLUX = FLUX_QUANTUM * 1e15  # Φ0 in mT µm²
HEIGHT, RADIUS = 0.3, 0.5  # of the pickup loop, µm

INCLUSIONS = ((1.1, 0.9, 0.45, 1.0), (3.2, 2.7, 0.55, 1.0), (3.0, 1.1, 0.3, -1.0))  # x, y, R in µm; b in meV
VORTICES = ((2.0, 2.1, 1), (0.35, 2.2, 1), (3.6, 0.4, 1), (1.1, 0.9, -1))  # x, y in µm; winding
CANDIDATES = (
    (2.1, 0, 0, 0),
    (0.0, 2, 3, 1),
    (0.8, 1, 1, 0),
    (3.9, 3, 3, 0),
    (0.45, 2, 2, 0),
    (1.2, -1, 0, 1),
)


def synthetic_run(
    inclusions=INCLUSIONS,
    vortices=VORTICES,
    candidates=CANDIDATES,
    periodic=(True, True),
    shape=(160, 120),
    spacing=0.025,
    **facts,
) -> xr.Dataset:
    """B_k = (Φ0 n_k + λ²k² h̃_k)/(1 + λ²k²), the London field of straight vortices and ring currents."""
    table = _columns(inclusions, 4)
    vortex = _columns(vortices, 2, 1)
    candidate = _columns(candidates, 1, 3)
    size = np.array(shape) * spacing
    sites = [(np.arange(n) + 0.5) * spacing for n in shape]
    plaquettes = [
        (np.arange(n if loop else n - 1) + 1.0) * spacing for n, loop in zip(shape, periodic, strict=True)
    ]
    profile = _disks(sites, size, table[0], table[1], table[2], np.ones(len(table[0])))
    exchange = _disks(sites, size, *table)
    h = 5.0 * exchange
    kx, ky = np.meshgrid(*(2 * np.pi * np.fft.fftfreq(n, spacing) for n in shape), indexing="ij")
    k2 = kx**2 + ky**2
    structure = sum(
        (
            s * np.exp(-1j * (kx * (x - spacing / 2) + ky * (y - spacing / 2)))
            for x, y, s in zip(*vortex, strict=True)
        ),
        np.zeros(shape, complex),
    )
    structure *= FLUX / spacing**2 * np.exp(-k2 * XI**2)
    field_k = (structure + LAMBDA**2 * k2 * np.fft.fft2(h)) / (1 + LAMBDA**2 * k2)
    k = np.sqrt(k2)
    surface_k = field_k * np.exp(-k * HEIGHT) / (1 + LAMBDA * k / 2)
    loop = np.where(k * RADIUS > 0, 2 * j1(k * RADIUS) / np.where(k > 0, k * RADIUS, 1), 1.0)
    loop[0, 0] = 1.0
    shift = np.exp(1j * (kx + ky) * spacing / 2)

    def real(spectrum, cut=True):
        values = np.fft.ifft2(spectrum * shift if cut else spectrum).real
        return values[: len(plaquettes[0]), : len(plaquettes[1])] if cut else values

    current = np.stack([real(1j * ky * field_k, False), -real(1j * kx * field_k, False)]) * 1e-3 / 1e-6 / MU0
    potential = np.stack([real(1j * ky * np.fft.fft2(h), False), -real(1j * kx * np.fft.fft2(h), False)])
    values = {
        "x": sites[0],
        "y": sites[1],
        "x_plaquette": plaquettes[0],
        "y_plaquette": plaquettes[1],
        "order_parameter": _order_parameter(sites, size, vortex),
        "magnetic_field": real(field_k),
        "pseudo_magnetisation": real(np.fft.fft2(h)),
        "spin_magnetisation": real(np.fft.fft2(h)) * 1e-3,
        "pseudo_potential": -(LAMBDA**2) * potential * 2 * np.pi * XI / FLUX,
        "supercurrent": current,
        "exchange_field": exchange,
        "electric_potential": 0.1 * profile,
        "surface_field": real(surface_k),
        "squid_flux": real(surface_k * loop) * np.pi * RADIUS**2 / FLUX * 1e3,
        "vortex_x": vortex[0],
        "vortex_y": vortex[1],
        "vortex_winding": vortex[2],
        "inclusion_x": table[0],
        "inclusion_y": table[1],
        "inclusion_radius": table[2],
        "inclusion_exchange": table[3],
        "candidate_energy": candidate[0],
        "candidate_sector": candidate[1],
        "candidate_vortices": candidate[2],
        "candidate_antivortices": candidate[3],
        "candidate_found": np.arange(len(candidate[0])) + 2,
    }
    numbers = [
        ("Electrons", "v_F", "Fermi velocity", 1.52e5, "m/s", ""),
        ("Electrons", "Δ_R", "Rashba energy", 50.0, "meV", "assumed"),
        ("Superconductor", "ξ", "coherence length", XI * 1e3, "nm", "assumed"),
        ("Superconductor", "λ", "penetration depth", LAMBDA * 1e3, "nm", "assumed"),
        ("Superconductor", "κ", "Ginzburg-Landau parameter λ/ξ", LAMBDA / XI, "", ""),
        ("Inclusions", "I_γ", "ring current per layer", 5.1, "nA", ""),
        ("Inclusions", "M_γ/M_n", "orbital over spin moment", 0.31, "", ""),
    ]
    attributes = {
        "title": "Two aligned inclusions and one opposed",
        "scenario": '[superconductor]\ncoherence_length = "18 nm"   # assumed\npenetration_depth = "0.7 µm"\n',
        "numbers": [
            dict(zip(("group", "symbol", "name", "value", "unit", "note"), n, strict=True)) for n in numbers
        ],
        "energies": {"condensation": -3120.4, "kinetic": 210.7, "magnetic": 55.1, "total": -2854.6},
        "periodic": list(periodic),
        "squid_height": HEIGHT,
        "squid_radius": RADIUS,
        "converged": 1,
        "residual": 3.2e-9,
        "iterations": 214,
        "message": "converged",
        "seed": 7,
        "wall_time_s": 12.4,
        "provenance": provenance(),
    }
    return make_dataset(values, {**attributes, **facts})


def _columns(rows, floats, ints=0):
    types = [float] * floats + [int] * ints
    return [np.array([row[i] for row in rows], dtype) for i, dtype in enumerate(types)]


def _offset(sites, size, x, y):
    dx = (sites[0] - x + size[0] / 2) % size[0] - size[0] / 2
    dy = (sites[1] - y + size[1] / 2) % size[1] - size[1] / 2
    return dx[:, None], dy[None, :]


def _disks(sites, size, xs, ys, radii, heights):
    total = np.zeros((len(sites[0]), len(sites[1])))
    for x, y, radius, height in zip(xs, ys, radii, heights, strict=True):
        total += height * 0.5 * (1 - np.tanh((np.hypot(*_offset(sites, size, x, y)) - radius) / (EDGE / 2)))
    return total


def _order_parameter(sites, size, vortex):
    psi = np.ones((len(sites[0]), len(sites[1])), complex)
    for x, y, winding in zip(*vortex, strict=True):
        dx, dy = _offset(sites, size, x, y)
        psi *= np.tanh(np.hypot(dx, dy) / (np.sqrt(2) * XI)) * np.exp(-1j * winding * np.arctan2(dy, dx))
    return psi
