"""Superconductors on any bands: Nambu doubling with an arbitrary pairing matrix, and the fields as sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, require
from ._input import as_momenta, positive_number
from .bands import Bands, InPlaneVertex, kinetic_vertex, reciprocal_vectors, spin_operators
from .rashba import Vertices, as_exchange, as_in_plane

__all__ = ["LatticeSuperconductor", "Pairing", "hole_block", "singlet", "triplet"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
Pairing = Callable[[Array], ArrayLike]
"""k (m, 2) ↦ Δ̂(k), shape (m, n, n)."""

_PROBE = np.array([[0.137, 0.291], [-0.233, 0.071], [0.411, -0.177], [0.053, 0.463]])
"""Momenta, in reciprocal lattice vectors, at which structure is checked."""


def hole_block(particle_at_minus_k: ComplexArray) -> ComplexArray:
    """−σ^y X(−k)* σ^y: the hole block of a particle operator X in the basis (ψ↑†, ψ↓†, ψ↓, −ψ↑)."""
    x = particle_at_minus_k.conj()
    result = np.empty_like(x)
    result[..., ::2, ::2], result[..., 1::2, 1::2] = -x[..., 1::2, 1::2], -x[..., ::2, ::2]
    result[..., ::2, 1::2], result[..., 1::2, ::2] = x[..., 1::2, ::2], x[..., ::2, 1::2]
    return result


def singlet(form: Callable[[Array], ArrayLike], orbitals: int = 1) -> Pairing:
    """Δ̂(k) = ψ(k) 1 within each orbital; ψ must be even in k. ``form`` maps k (m, 2) to ψ (m,).

    >>> d_wave = singlet(lambda k: 0.1 * (np.cos(k[:, 0]) - np.cos(k[:, 1])))
    >>> np.asarray(d_wave(np.array([[0.0, np.pi]]))).real.round(12)
    array([[[0.2, 0. ], [0. , 0.2]]])
    """
    unit = np.eye(2 * orbitals)
    return lambda k: np.asarray(form(k))[:, None, None] * unit


def triplet(vector: Callable[[Array], ArrayLike], orbitals: int = 1) -> Pairing:
    """Δ̂(k) = d(k)·σ within each orbital; d must be odd in k. ``vector`` maps k (m, 2) to d (m, 3).

    In the basis (ψ↑†, ψ↓†, ψ↓, −ψ↑) this is the usual d·σ iσ^y. Equal-spin pairing along z has d in the plane.
    """
    spin = spin_operators(2 * orbitals)
    return lambda k: np.einsum("ma,aij->mij", np.asarray(vector(k)), spin)


@dataclass(frozen=True)
class LatticeSuperconductor:
    """H(k) = [[h(k), −Δ̂(k)], [−Δ̂(k)†, −σ^y h(−k)* σ^y]], h = H₀(k) − b·s + w_x W_x(k) + w_y W_y(k).

    Generalises [LOB Eq. 14] to any `Bands`: H₀(k + A) carries the vector potential, b couples to s (the
    spin, σ, unless ``exchange_operators`` (3, n, n) are given), the in-plane field w_∥ = λe𝓔_∥ through
    ``in_plane_vertex``, by default `kinetic_vertex`, W = ∓m σ^z v_{y,x} with m = ``mass``, by default that of the
    bands (1/2ta² for `square_rashba`); γ is proportional to it, so bands without one need it. ``pairing`` is a
    gap Δ ≥ 0 (s-wave singlet), a matrix (n, n), or a function of k. The pairing is that of zero pair
    momentum in the gauge in which A is uniform; it does not depend on A.

    Raises `InputError` for a missing mass, a negative gap or mass, numbers that are not finite, a pairing that violates
    Fermi statistics, Δ̂(k) = σ^y Δ̂(−k)ᵀ σ^y, a Hamiltonian that is not periodic in the reciprocal lattice, bands
    or exchange operators that are not Hermitian, and a vertex that is not Hermitian or whose derivative is wrong.

    >>> from pseudogauge.microscopic import square_rashba
    >>> metal = LatticeSuperconductor(square_rashba(hopping=1.0, rashba=0.5, mu=-1.0), pairing=0.2)
    >>> h = metal.hamiltonian([[0.3, 1.2]], exchange=0.1)
    >>> h.shape, bool(np.allclose(h, h.conj().swapaxes(-1, -2)))
    ((1, 4, 4), True)
    """

    bands: Bands
    pairing: float | ArrayLike | Pairing
    mass: float = None  # type: ignore[assignment]  # a number once made: that of the bands
    in_plane_vertex: InPlaneVertex | None = None
    exchange_operators: ArrayLike | None = None

    def __post_init__(self) -> None:
        bands = hasattr(self.bands, "bloch") and hasattr(self.bands, "dimension")
        require(bands, "bands", f"a {type(self.bands).__name__}", "bands, such as a TightBinding")
        n = self.bands.dimension
        require(n >= 2 and n % 2 == 0, "bands.dimension", n, "even: orbitals ⊗ spin")
        mass = getattr(self.bands, "mass", None) if self.mass is None else self.mass
        fix = (
            "these bands have no mass of their own: give the electron's, or that of the band, in their units"
        )
        require(mass is not None, "mass", None, "a positive finite number", fix)
        object.__setattr__(self, "mass", positive_number("mass", mass))
        if self.in_plane_vertex is None:
            object.__setattr__(self, "in_plane_vertex", kinetic_vertex(self.mass))
        spin = spin_operators(n) if self.exchange_operators is None else np.array(self.exchange_operators)
        require(spin.shape == (3, n, n), "exchange_operators", spin.shape, f"of shape (3, {n}, {n})")
        require(_is_hermitian(spin), "exchange_operators", spin.tolist(), "Hermitian")
        object.__setattr__(self, "exchange_operators", spin.astype(complex))
        if not callable(self.pairing):
            self._check_constant_pairing(n)
        self._check_structure()

    def _check_constant_pairing(self, n: int) -> None:
        try:
            delta = np.array(self.pairing, dtype=complex)
        except (TypeError, ValueError):
            raise InputError("pairing", self.pairing, "a gap, a matrix or a function of k") from None
        require(bool(np.isfinite(delta).all()), "pairing", self.pairing, "finite")
        if delta.ndim == 0:
            require(
                bool(delta.imag == 0 and delta.real >= 0),
                "pairing",
                self.pairing,
                "zero or positive",
                "choose the gauge in which the gap is positive",
            )
            delta = delta * np.eye(n)
        require(
            delta.shape == (n, n), "pairing", f"of shape {delta.shape}", f"a number or of shape ({n}, {n})"
        )
        object.__setattr__(self, "pairing", delta)

    def gap_matrix(self, k: Array) -> ComplexArray:
        """Δ̂(k), shape (m, n, n)."""
        if not callable(self.pairing):
            return np.asarray(self.pairing, dtype=complex)[None]
        delta = np.asarray(self.pairing(k), dtype=complex)
        n = self.bands.dimension
        require(
            delta.shape == (len(k), n, n), "pairing(k)", f"of shape {delta.shape}", f"({len(k)}, {n}, {n})"
        )
        return delta

    def _vertex(self, k: Array) -> tuple[ComplexArray, ComplexArray]:
        assert self.in_plane_vertex is not None
        return self.in_plane_vertex(self.bands, k)

    def particle(
        self, k: ArrayLike, exchange: ArrayLike = 0.0, in_plane: ArrayLike = (0.0, 0.0)
    ) -> tuple[ComplexArray, ComplexArray]:
        """h(k) (m, n, n) and its velocity ∂h/∂k (2, m, n, n) in uniform fields, without pairing."""
        k = np.atleast_2d(np.asarray(k, dtype=float))
        b, w = as_exchange(exchange), as_in_plane(in_plane)
        h, v = self.bands.bloch(k, 1)
        if b.any():
            h = h - np.tensordot(b, np.asarray(self.exchange_operators), 1)
        if w.any():
            vertex, slope = self._vertex(k)
            for i in np.flatnonzero(w):
                h, v = h + w[i] * vertex[i], v + w[i] * slope[:, i]
        return h, v

    def paired(self, k: Array, particle: ComplexArray) -> ComplexArray:
        """H(k) (m, 2n, 2n) from the particle block at the momenta k and −k, (2m, n, n)."""
        doubled, delta, n = self._doubled(particle), self.gap_matrix(k), self.bands.dimension
        doubled[:, :n, n:] = -delta
        doubled[:, n:, :n] = -delta.conj().swapaxes(-1, -2)
        return doubled

    def hamiltonian(
        self, k: ArrayLike, exchange: ArrayLike = 0.0, in_plane: ArrayLike = (0.0, 0.0)
    ) -> ComplexArray:
        """Bogoliubov-de Gennes Hamiltonian, shape (m, 2n, 2n), for momenta k (m, 2)."""
        k = as_momenta(k)
        return self.paired(k, self.particle(np.concatenate([k, -k]), exchange, in_plane)[0])

    def _doubled(self, particle: ComplexArray) -> ComplexArray:
        """diag(X(k), −σ^y X(−k)* σ^y) from X at k and −k, stacked along the momenta."""
        count, n = particle.shape[-3] // 2, particle.shape[-1]
        memory = np.zeros((*particle.shape[:-3], 2 * n, 2 * n, count), dtype=complex)
        result = np.moveaxis(memory, -1, -3)
        result[..., :n, :n] = particle[..., :count, :, :]
        result[..., n:, n:] = hole_block(particle[..., count:, :, :])
        return result

    def vertices(self, k: ArrayLike) -> Vertices:
        """Derivatives of H(k) with respect to A_x, A_y, b_x, b_y, b_z, w_x, w_y and potential energy U at b = w_∥ = 0.

        Keys are one source, or two where H is bilinear; values have shape (m, 2n, 2n) or (1, 2n, 2n).
        """
        k = as_momenta(k)
        both = np.concatenate([k, -k])
        _, v, m = self.bands.bloch(both, 2)
        w, dw = self._vertex(both)
        spin = np.repeat(np.asarray(self.exchange_operators)[:, None], 2, axis=1)
        result: Vertices = {}
        for i, x in enumerate("xy"):
            result[(f"A{x}",)], result[(f"w{x}",)] = self._doubled(v[i]), self._doubled(w[i])
            for j, y in enumerate("xy"):
                result[f"A{x}", f"w{y}"] = self._doubled(dw[i, j])
                if j >= i:
                    result[f"A{x}", f"A{y}"] = self._doubled(m[i, j])
        result[("U",)] = self._doubled(
            np.repeat(np.eye(self.bands.dimension, dtype=complex)[None], 2, axis=0)
        )
        for i, x in enumerate("xyz"):
            result[(f"b{x}",)] = -self._doubled(spin[i])
        return result

    def _check_structure(self) -> None:
        reciprocal = reciprocal_vectors(self.bands)
        k = _PROBE @ reciprocal
        require(_is_hermitian(self.bands.bloch(k, 0)[0]), "bands", self.bands, "Hermitian at every k")
        delta, partner = self.gap_matrix(k), self.gap_matrix(-k)
        excess = np.abs(delta + hole_block(partner.conj().swapaxes(-1, -2))).max()
        if not excess <= 1e-9 * np.abs(delta).max():
            raise InputError(
                "pairing",
                f"with Δ̂(k) − σ^y Δ̂(−k)ᵀ σ^y up to {excess:.3g}",
                "antisymmetric under exchange of the two electrons: singlet even in k, triplet odd",
                "the basis is (ψ↑†, ψ↓†, ψ↓, −ψ↑), where an s-wave singlet is Δ times the unit matrix",
            )
        energies = np.linalg.eigvalsh(self.hamiltonian(k))
        for vector in reciprocal:
            moved = np.abs(np.linalg.eigvalsh(self.hamiltonian(k + vector)) - energies).max()
            require(
                bool(moved <= 1e-8 * np.abs(energies).max()),
                "pairing or bands",
                f"with levels that change by {moved:.3g} from k to k + G",
                "periodic in the reciprocal lattice",
                "use sines and cosines of k·R in place of k",
            )
        self._check_vertex(k, reciprocal)

    def _check_vertex(self, k: Array, reciprocal: Array) -> None:
        w, dw = self._vertex(k)
        n = self.bands.dimension
        shapes = w.shape == (2, len(k), n, n) and dw.shape == (2, 2, len(k), n, n)
        require(
            shapes, "in_plane_vertex", f"of shapes {w.shape}, {dw.shape}", "(2, m, n, n), (2, 2, m, n, n)"
        )
        require(_is_hermitian(w), "in_plane_vertex", "not Hermitian", "Hermitian")
        step = 1e-4 / float(np.abs(self.bands.cell).max())
        for i in range(2):
            shift = step * np.eye(2)[i]
            ratio = (self._vertex(k + shift)[0] - self._vertex(k - shift)[0]) / (2 * step)
            wrong = float(np.abs(ratio - dw[i]).max())
            require(
                wrong <= 1e-5 * float(np.abs(ratio).max()) + 1e-9 * float(np.abs(w).max()),
                "in_plane_vertex",
                f"with a derivative that is off by {wrong:.3g}",
                "W and its derivative, dW[i, j] = ∂W_j/∂k_i",
            )


def _is_hermitian(matrix: ComplexArray) -> bool:
    excess = np.abs(matrix - matrix.conj().swapaxes(-1, -2)).max()
    return bool(excess <= 1e-10 * np.abs(matrix).max())  # false for NaN
