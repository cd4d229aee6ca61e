"""Compiled loops of Green functions for lattice responses: any Hamiltonian and vertices."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ._loops import _pair, _triple

__all__ = ["loop_table"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


@njit(
    "void(float64[:,::1], complex128[:,:,::1], complex128[:,:,:,::1], int64[:,::1], float64, float64[:,::1], "
    "float64[:,:,::1], float64[:,::1])",
    cache=True,
    nogil=True,
)
def _loops(
    energies: Array, states: ComplexArray, vertices: ComplexArray, triples: NDArray[np.int64], temperature: float,
    one: Array, two: Array, three: Array,
) -> None:  # fmt: skip
    sources, count, n = vertices.shape[0], vertices.shape[1], vertices.shape[2]
    pair, v = np.empty((n, n)), np.empty((sources, n, n), np.complex128)
    work = np.empty((n, n), np.complex128)
    for k in range(count):
        e, u = energies[k], states[k]
        for s in range(sources):
            work[:, :] = 0.0
            for i in range(n):
                for m in range(n):
                    x = vertices[s, k, i, m]
                    if x != 0.0:
                        for j in range(n):
                            work[i, j] += x * u[m, j]
            for i in range(n):
                for j in range(n):
                    v[s, i, j] = 0.0
                for m in range(n):
                    x = u[m, i].conjugate()
                    for j in range(n):
                        v[s, i, j] += x * work[m, j]
        for i in range(n):
            f = -0.5 * (np.sign(e[i]) if temperature == 0.0 else math.tanh(0.5 * e[i] / temperature))
            for s in range(sources):
                one[s, k] += f * v[s, i, i].real
            for j in range(i + 1):
                pair[i, j] = pair[j, i] = _pair(e[i], e[j], temperature)
        for a in range(sources):
            for b in range(a + 1):
                total = 0.0
                for i in range(n):
                    for j in range(n):
                        total += pair[i, j] * (v[a, i, j] * v[b, j, i]).real
                two[a, b, k] = two[b, a, k] = total
        for i in range(n):
            for j in range(n):
                for m in range(n):
                    f = _triple(e[i], e[j], e[m], pair[i, j], pair[j, m], pair[i, m], temperature)
                    if f == 0.0:
                        continue
                    for t in range(len(triples)):
                        a, b, c = triples[t]
                        three[t, k] += 2.0 * f * (v[a, i, j] * v[b, j, m] * v[c, m, i]).real


def loop_table(
    hamiltonian: ComplexArray, vertices: ComplexArray, triples: NDArray[np.int64], temperature: float
) -> tuple[Array, Array, Array, Array]:
    """Energies (k, n); tr[f(H) V_a] (s, k); T Σ tr[G V_a G V_b] (s, s, k); 2 Re T Σ tr[G V_a G V_b G V_c] (t, k).

    ``hamiltonian`` (k, n, n); ``vertices`` (s, k, n, n), Hermitian; ``triples`` (t, 3) says which a, b, c. The
    sums are those of `derivatives`.
    """
    energies, states = np.linalg.eigh(hamiltonian)
    count, sources = len(energies), len(vertices)
    one, two = np.zeros((sources, count)), np.zeros((sources, sources, count))
    three = np.zeros((len(triples), count))
    _loops(energies, states, vertices, triples, temperature, one, two, three)
    return energies, one, two, three
