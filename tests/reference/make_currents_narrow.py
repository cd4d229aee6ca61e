"""Makes currents_narrow.json: currents for w_∥ ≫ w_z, where the integrand is a narrow function of the angle.

    python tests/reference/make_currents_narrow.py

Dense eigenvectors on the rays of make_currents.py; angles φ = φ_w + h sinh u on Gauss-Legendre panels of u no longer
than 1.5, h half of √(w_z² + (Δ − b)²/k_F²)/w_∥, about the narrowest that features can be. Uncertainty: four times the
difference of two rules of other orders in both variables, plus rounding. Sets not settled to 1e-6 of the scale are
left out.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from make_currents import ray_sum, rounding


def current(case, order):
    mass, mu, gap = case["mass"], case["mu"], case["gap"]
    size = np.hypot(*case["in_plane"])
    least = (gap - np.linalg.norm(case["exchange"])) / math.sqrt(2 * mass * mu)
    h = 0.5 * math.hypot(case["rashba"], least) / size
    along = math.atan2(case["in_plane"][1], case["in_plane"][0])
    end = math.asinh(0.5 * math.pi / h)
    edges = np.linspace(-end, end, 2 * math.ceil(end / 1.5) + 1)
    x, weight = np.polynomial.legendre.leggauss(order)
    half = 0.5 * np.diff(edges)[:, None]
    u = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel()
    measure = (half * weight).ravel() * h * np.cosh(u) / math.pi
    return ray_sum(along + h * np.sinh(u), measure, order + 4, case)


def random_case(rng, i):
    mass, mu = 10 ** rng.uniform(-0.5, 0.5), 10 ** rng.uniform(-0.3, 1)
    velocity = math.sqrt(2 * mu / mass)
    gap = mu * 10 ** rng.uniform(-2.5, -1)
    w = rng.normal(size=2)
    w *= velocity * 10 ** rng.uniform(-1, 0) / np.hypot(*w)
    b = np.array([0.0, 0.0, 1.0]) if i % 3 else rng.normal(size=3)
    b *= gap * (rng.uniform(0.7, 0.95) if i % 2 else 10 ** rng.uniform(-1, -0.2)) / np.linalg.norm(b)
    return {
        "mass": mass, "mu": mu, "gap": gap,
        "rashba": np.hypot(*w) / 10 ** rng.uniform(math.log10(30), math.log10(3000)) * rng.choice([-1, 1]),
        "temperature": 0.0 if i % 4 < 2 else gap * 10 ** rng.uniform(-3, -1),
        "exchange": b.tolist(), "in_plane": w.tolist(),
    }  # fmt: skip


def main():
    rng, table = np.random.default_rng(30), []
    for i in range(28):
        case = {key: np.round(value, 8).tolist() for key, value in random_case(rng, i).items()}
        scale = np.linalg.norm(case["exchange"]) * np.hypot(*case["in_plane"]) * case["mass"] / (2 * math.pi)
        value = current(case, 14)
        uncertainty = 4 * float(np.abs(value - current(case, 10)).max()) + rounding(case)
        print(i, uncertainty / scale, flush=True)
        if uncertainty < 1e-6 * scale:
            table.append({**case, "current": value.tolist(), "uncertainty": uncertainty})
    lines = ",\n".join(json.dumps(row) for row in table)
    Path(__file__).with_name("currents_narrow.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
