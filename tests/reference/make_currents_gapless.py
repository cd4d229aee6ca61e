"""Makes currents_gapless.json: exact currents at T = 0 of states with a Fermi surface of quasiparticles, |b| > Δ.

    python tests/reference/make_currents_gapless.py

Dense eigenvectors as in make_currents.py. Along a ray the momenta where the number of negative levels changes are
bracketed on a fine grid and bisected to rounding; Gauss-Legendre panels end there. The angles at which such
momenta appear are bisected likewise, and between them the angle is a sin² of the integration variable. Each entry
holds twice the difference of two rules; what is not settled to 1e-4 of the current is left out.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
from make_currents import bdg, ray

COARSE = 48


def arguments(case):
    return case["mass"], case["mu"], case["gap"], np.array([*case["in_plane"], case["rashba"]])


def negative(n, k, case, b):
    mass, mu, gap, w = arguments(case)
    return np.sum(np.linalg.eigvalsh(bdg(k[:, None] * n, mass, mu, gap, w, b)) < 0, axis=1)


def steps(n, case, b):
    """Momenta on the ray at which the number of negative levels changes."""
    mass, mu, _, w = arguments(case)
    c = np.linalg.norm(np.cross(w, [*n, 0]))
    root, size = math.sqrt(2 * mass * mu + (mass * c) ** 2), np.linalg.norm(b)
    fine = np.tan(np.linspace(-1.5, 1.5, 161)) / math.tan(1.5)
    grid = np.unique(np.concatenate([root + s * mass * c + 4 * size * mass / root * fine for s in (1, -1)]))
    grid = grid[grid > 0]
    counts = negative(n, grid, case, b)
    change = np.flatnonzero(np.diff(counts))
    low, high, left = grid[change], grid[change + 1], counts[change]
    for _ in range(50):
        middle = 0.5 * (low + high)
        same = negative(n, middle, case, b) == left if len(middle) else np.zeros(0, bool)
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return 0.5 * (low + high)


def direction(phi):
    return np.array([math.cos(phi), math.sin(phi)])


def turns(case, b):
    """Angles in a range of π at which the number of such momenta changes."""

    def count(phi):
        return len(steps(direction(phi), case, b))

    def between(low, high, few, many):
        if few == many:
            return []
        if high - low < 1e-10:
            return [low]
        middle = 0.5 * (low + high)
        inside = count(middle)
        return between(low, middle, few, inside) + between(middle, high, inside, many)

    angles = 0.123 + math.pi / COARSE * np.arange(COARSE + 1)
    counts = [count(phi) for phi in angles]
    return [t for i in range(COARSE) for t in between(angles[i], angles[i + 1], counts[i], counts[i + 1])]


def along(phi, order, case, b):
    mass, mu, gap, w = arguments(case)
    n = direction(phi)
    c, size = np.linalg.norm(np.cross(w, [*n, 0])), np.linalg.norm(b)
    root = math.sqrt(2 * mass * mu + (mass * c) ** 2)
    far = 3 * root + 3 * mass * c
    edges = {0.0, far, *np.geomspace(far, 20 * far, 8), *steps(n, case, b)}
    for fermi in (root - mass * c, root + mass * c):
        step = 0.3 * min(gap, size) * mass / root
        edges |= {fermi}
        while step < far:
            edges |= {q for q in (fermi - step, fermi + step) if 0 < q < far}
            step *= 1.6
    edges = np.array(sorted(edges))
    x, weight = np.polynomial.legendre.leggauss(order)
    half = 0.5 * np.diff(edges)
    k = (0.5 * (edges[1:] + edges[:-1]) + half * x[:, None]).ravel()
    measure = k * (half * weight[:, None]).ravel() / (2 * math.pi)
    rest = (n, k, measure, mass, mu, gap, 0.0, w)
    return ray(*rest, b) - ray(*rest, 0 * b)


def current(case):
    b = np.array(case["exchange"])
    found = turns(case, b)
    if not found:
        return None
    bounds, values = np.append(found, found[0] + math.pi), []
    for nodes, order in ((12, 12), (20, 16)):
        x, weight = np.polynomial.legendre.leggauss(nodes)
        x, total = 0.25 * math.pi * (x + 1), np.zeros(2)
        for low, high in pairwise(bounds):
            for t, share in zip(x, weight, strict=True):
                slope = (high - low) * math.sin(2 * t) * 0.25 * math.pi * share
                total += slope * along(low + (high - low) * math.sin(t) ** 2, order, case, b)
        values.append(total / math.pi)
    return values[1], 2 * float(np.abs(values[1] - values[0]).max())


def main():
    rng, table = np.random.default_rng(1412), []
    while len(table) < 6:
        mass, mu = 10 ** rng.uniform(-0.5, 0.5), 10 ** rng.uniform(0, 1.3)
        gap, velocity = mu * 10 ** rng.uniform(-2, -0.5), math.sqrt(2 * mu / mass)
        exchange = rng.normal(size=3)
        exchange *= gap * 10 ** rng.uniform(0.02, 0.5) / np.linalg.norm(exchange)
        rashba = velocity * 10 ** rng.uniform(-1.7, -0.3) * rng.choice([-1, 1])
        in_plane = rng.normal(size=2) * velocity * 10 ** rng.uniform(-2, -0.5)
        case = {"mass": mass, "mu": mu, "gap": gap, "rashba": rashba, "temperature": 0.0}
        case |= {"exchange": exchange, "in_plane": in_plane}
        case = {key: np.round(value, 6).tolist() for key, value in case.items()}
        scale = np.linalg.norm(case["exchange"]) * np.hypot(*case["in_plane"]) * case["mass"] / (2 * math.pi)
        found = current(case)

        if found is not None and found[1] < 1e-4 * max(scale, np.abs(found[0]).max()):
            table.append({**case, "current": found[0].tolist(), "uncertainty": found[1]})
            print(len(table), flush=True)
    lines = ",\n".join(map(json.dumps, table))
    Path(__file__).with_name("currents_gapless.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
