"""Makes currents.json: exact currents of random parameter sets by brute force, for the test of error estimates.

    python tests/reference/make_currents.py

Another representation than the package's: dense eigenvectors (LAPACK) of the Hamiltonian written out here,
⟨J⟩ = ∫d²k/(2π)² Σ_n ⟨n|J|n⟩(n_F − ½), on dyadic Gauss-Legendre panels about the zero-exchange Fermi
momenta, far finer than needed, and the trapezoidal rule in the angle, doubled until nothing changes. The
current at b = 0, which vanishes exactly, is subtracted ray by ray to remove common rounding. Each entry
holds twice the difference between two rules plus `rounding` as its uncertainty; sets not settled to 3e-10 of the
scale are left out.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

S0, SX = np.eye(2), np.array([[0, 1], [1, 0]])
SY, SZ = np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0])
SIGMA = [SX, SY, SZ]


def bdg(k, mass, mu, gap, w, b):
    """H_k for momenta (n, 2)."""
    h = (np.sum(k**2, axis=1) / (2 * mass) - mu)[:, None, None] * np.kron(SZ, S0) - gap * np.kron(SX, S0)
    d = np.cross(w, np.column_stack([k, np.zeros(len(k))]))
    for i in range(3):
        h = h - d[:, i, None, None] * np.kron(SZ, SIGMA[i]) - b[i] * np.kron(S0, SIGMA[i])
    return h


def ray(n, k, measure, mass, mu, gap, temperature, w, b):
    h = bdg(k[:, None] * n, mass, mu, gap, w, b)
    e, u = np.linalg.eigh(h)
    f = -0.5 * (np.sign(e) if temperature == 0 else np.tanh(e / (2 * temperature)))
    cross = [np.kron(S0, SY * w[2] - SZ * w[1]), np.kron(S0, SZ * w[0] - SX * w[2])]
    out = []
    for axis in range(2):
        spin = 0.5 * np.einsum("kin,kin,kn->k", u.conj(), cross[axis] @ u, f).real
        integrand = spin - 0.5 * k * n[axis] / mass * f.sum(axis=1)
        last = np.argmax(k)
        tail = integrand[last] * k[last] ** 2 / 4 / (2 * math.pi)  # k × integrand falls like k⁻⁵(1 + O(k⁻²))
        out.append(measure @ integrand + tail)
    return np.array(out)


def rays(angles, order, case):
    """Sum over rays at ``angles`` (radial rule of ``order``)."""
    return ray_sum(angles, np.ones(len(angles)), order, case)


def ray_sum(angles, weights, order, case):
    mass, mu, gap, temperature = case["mass"], case["mu"], case["gap"], case["temperature"]
    w, b = np.array([*case["in_plane"], case["rashba"]]), np.array(case["exchange"])
    x, weight = np.polynomial.legendre.leggauss(order)
    total = np.zeros(2)
    width = math.hypot(max(gap - np.linalg.norm(b), 0.05 * gap), math.pi * temperature)
    for phi, share in zip(angles, weights, strict=True):
        n = np.array([math.cos(phi), math.sin(phi)])
        c = np.linalg.norm(np.cross(w, [*n, 0]))
        root = math.sqrt(2 * mass * mu + (mass * c) ** 2)
        far = 3 * root + 3 * mass * c
        edges = {0.0, far, *np.geomspace(far, 20 * far, 8)}
        for fermi in (root - mass * c, root + mass * c):
            step = 0.7 * width * mass / root
            edges |= {fermi}
            while step < far:
                edges |= {q for q in (fermi - step, fermi + step) if 0 < q < far}
                step *= 1.6
        edges = np.array(sorted(edges))
        half = 0.5 * np.diff(edges)
        k = (0.5 * (edges[1:] + edges[:-1]) + half * x[:, None]).ravel()
        measure = k * (half * weight[:, None]).ravel() / (2 * math.pi)
        arguments = (n, k, measure, mass, mu, gap, temperature, w)
        total += share * (ray(*arguments, b) - ray(*arguments, 0 * b))
    return total


def rounding(case):
    """Of eigenvectors, which rules may share: rules of other offset and order scatter by a few 1e-15 k_F²v_F/2π."""
    return 16 * np.finfo(float).eps * (2 * case["mass"] * case["mu"]) ** 1.5 / case["mass"] / (2 * math.pi)


def current(case, scale):
    """Value, uncertainty."""
    count, order = 12, 16
    value = rays(np.arange(count) * math.pi / count, order, case) / count
    while count <= 96:
        finer = rays((np.arange(count) + 0.5) * math.pi / count, order + 8, case) / count
        change = float(np.abs(finer - value).max())
        value, count, order = 0.5 * (value + finer), 2 * count, order + 2
        if change < 3e-10 * scale:
            return finer, 2 * change + rounding(case)
    return value, math.inf


def random_case(rng):
    mass, mu = 10 ** rng.uniform(-0.5, 0.5), 10 ** rng.uniform(0, 1.3)
    gap = mu * 10 ** rng.uniform(-2.5, -0.3)
    velocity = math.sqrt(2 * mu / mass)
    exchange = rng.normal(size=3) * np.array([1, 1, 1]) * gap * 10 ** rng.uniform(-1, 0.3)
    if rng.random() < 0.5:
        exchange[:2] = 0.0
    cold = rng.random() < 0.4 and np.linalg.norm(exchange) < 0.7 * gap
    return {
        "mass": mass, "mu": mu, "gap": gap, "rashba": velocity * 10 ** rng.uniform(-2, -0.2) * rng.choice([-1, 1]),
        "temperature": 0.0 if cold else gap * 10 ** rng.uniform(-1, 0.5),
        "exchange": exchange.tolist(),
        "in_plane": (rng.normal(size=2) * velocity * 10 ** rng.uniform(-2, -0.5)).tolist(),
    }  # fmt: skip


def main():
    rng, table = np.random.default_rng(2412), []
    while len(table) < 220:
        case = random_case(rng)
        case = {key: np.round(value, 6).tolist() for key, value in case.items()}
        scale = np.linalg.norm(case["exchange"]) * np.hypot(*case["in_plane"]) * case["mass"] / (2 * math.pi)
        if scale == 0 or case["gap"] == 0:
            continue
        value, uncertainty = current(case, scale)
        if math.isfinite(uncertainty):
            table.append({**case, "current": value.tolist(), "uncertainty": uncertainty})
            print(len(table), flush=True)
    lines = ",\n".join(json.dumps(row) for row in table)
    Path(__file__).with_name("currents.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
