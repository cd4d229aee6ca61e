"""Makes currents_mpmath.json: exact currents of a few parameter sets, free of the rounding of double precision.

    python tests/reference/make_currents_mpmath.py CASE      (0 … 4, some minutes each; adds or replaces one entry)

mpmath at 25 digits throughout: ⟨J⟩ = ∫d²k/(2π)² Σ_n ⟨n|J|n⟩(n_F − ½) from the eigenvectors of `mpmath.eighe`,
Gauss-Legendre panels that shrink towards the Fermi momenta of b = 0, the trapezoidal rule in the angle. The
``uncertainty`` is the difference from a coarser rule in both variables.
"""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from mpmath import eighe, matrix, mp, mpf, sign, sqrt, tanh

mp.dps = 25
CASES = [
    # mass, μ, Δ, w_z, T, b, w_∥
    ("1", "10", "3", "0.5", "0", ("0", "0", "0.3"), ("-0.1", "0")),
    ("1", "10", "3", "0.5", "1", ("0", "0", "0.3"), ("-0.1", "0.05")),
    ("1", "10", "2", "-0.8", "0.5", ("0.3", "-0.2", "0.5"), ("0.1", "0.05")),
    ("0.5", "4", "2", "0.4", "1", ("1", "0.5", "3"), ("0.3", "-0.2")),  # b > Δ
    ("2", "3", "1", "0.2", "0", ("0.2", "0.1", "0.1"), ("0.05", "0.1")),
]
ZERO, ONE, UNIT = mpf(0), mpf(1), mp.mpc(0, 1)
SIGMA = [[[0, 1], [1, 0]], [[0, -UNIT], [UNIT, 0]], [[1, 0], [0, -1]]]


def gauss(order):
    """Gauss-Legendre rule on [−1, 1], the nodes of numpy polished."""
    rule = []
    for start in np.polynomial.legendre.leggauss(order)[0]:
        x = mpf(float(start))
        for _ in range(3):
            below, here = ONE, x
            for n in range(2, order + 1):
                below, here = here, ((2 * n - 1) * x * here - (n - 1) * below) / n
            slope = order * (x * here - below) / (x * x - 1)
            x -= here / slope
        rule.append((x, 2 / ((1 - x * x) * slope**2)))
    return rule


def integrand(k, n, case):
    """tr[J_k f] / 1 for k n̂, both components."""
    mass, mu, gap, wz, heat, b, w = case
    kx, ky = k * n[0], k * n[1]
    xi = k * k / (2 * mass) - mu
    d = (-wz * ky, wz * kx, w[0] * ky - w[1] * kx)
    h = matrix(4, 4)
    for i in range(2):
        h[i, i], h[i + 2, i + 2], h[i, i + 2], h[i + 2, i] = xi, -xi, -gap, -gap
        for j in range(2):
            for a in range(3):
                h[i, j] -= (d[a] + b[a]) * SIGMA[a][i][j]
                h[i + 2, j + 2] -= (b[a] - d[a]) * SIGMA[a][i][j]
    energies, states = eighe(h)
    spin, charge = [ZERO] * 3, ZERO
    for m in range(4):
        f = -sign(energies[m]) / 2 if heat == 0 else -tanh(energies[m] / (2 * heat)) / 2
        charge += f
        for block in (0, 2):
            up, down = states[block, m], states[block + 1, m]
            cross = 2 * mp.conj(up) * down
            spin[0] += f * mp.re(cross)
            spin[1] += f * mp.im(cross)
            spin[2] += f * (abs(up) ** 2 - abs(down) ** 2)
    # J = −½[k/m − (σ × w)]
    return (
        -(kx / mass * charge - (spin[1] * wz - spin[2] * w[1])) / 2,
        -(ky / mass * charge - (spin[2] * w[0] - spin[0] * wz)) / 2,
    )


def along_ray(phi, rule, case):
    mass, mu, gap, wz, heat, b, w = case
    n = (mp.cos(phi), mp.sin(phi))
    c = sqrt(wz**2 + (w[0] * n[1] - w[1] * n[0]) ** 2)
    root = sqrt(2 * mass * mu + (mass * c) ** 2)
    far = 4 * (root + mass * c)
    depth = sqrt(max(gap - sqrt(sum(x * x for x in b)), gap / 8) ** 2 + (mp.pi * heat) ** 2)
    edges = {ZERO, far}
    for fermi in (root - mass * c, root + mass * c):
        step = depth * mass / root
        edges.add(fermi)
        while step < far:
            edges |= {q for q in (fermi - step, fermi + step) if 0 < q < far}
            step *= 2
    edges = sorted(edges)
    total = [ZERO, ZERO]
    for low, high in pairwise(edges):
        half, middle = (high - low) / 2, (high + low) / 2
        for x, weight in rule:
            k = middle + half * x
            for i, value in enumerate(integrand(k, n, case)):
                total[i] += weight * half * k * value
    for x, weight in rule:  # k = far/t
        t = (1 + x) / 2
        for i, value in enumerate(integrand(far / t, n, case)):
            total[i] += weight / 2 * far**2 / t**3 * value
    return total


def current(case, order, angles):
    rule, total = gauss(order), [ZERO, ZERO]
    for j in range(angles):
        value = along_ray(mp.pi * j / angles, rule, case)
        total = [a + b for a, b in zip(total, value, strict=True)]
    return [x / (2 * mp.pi * angles) for x in total]


def main(index):
    case = tuple(tuple(map(mpf, x)) if isinstance(x, tuple) else mpf(x) for x in CASES[index])
    coarse, fine = current(case, 12, 12), current(case, 16, 18)
    change = max(abs(a - b) for a, b in zip(coarse, fine, strict=True))
    names = ("mass", "mu", "gap", "rashba", "temperature", "exchange", "in_plane")
    entry = {
        name: [*map(float, x)] if isinstance(x, tuple) else float(x)
        for name, x in zip(names, CASES[index], strict=True)
    }
    entry |= {"current": [float(x) for x in fine], "uncertainty": math.ceil(float(change) * 1e20) / 1e20}
    path = Path(__file__).with_name("currents_mpmath.json")
    table = json.loads(path.read_text()) if path.exists() else []
    table = [
        row
        for row in table
        if {**row, "current": 0, "uncertainty": 0} != {**entry, "current": 0, "uncertainty": 0}
    ]
    path.write_text("[\n" + ",\n".join(map(json.dumps, [*table, entry])) + "\n]\n")
    print(entry)


if __name__ == "__main__":
    main(int(sys.argv[1]))
