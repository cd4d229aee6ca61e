"""Mixed derivatives of the grand potential with respect to uniform sources.

Ω = ½ ∫d²k/(2π)² tr F(H_k) + const with F′ = f = n_F − ½. Its derivatives are sums over products of Green
functions with vertices ∂H/∂source between them; carried out over the Matsubara frequencies these are the
divided differences of f in the eigenbasis of H, so any degeneracy of levels is harmless. Sources that
enter H bilinearly contribute contact vertices. The routine knows nothing of the model but H and vertices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.fermi import divided_difference2, divided_difference3, occupation

__all__ = ["Eigenbasis", "grand_potential_derivative", "momentum_derivative"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


class Eigenbasis:
    """Eigenvalues of H_k (n, N, N), vertices in the eigenbasis, divided differences of f; made once for all k.

    ``hamiltonian`` and ``vertices`` are those of a model at the same momenta, as its methods of these names give
    them: Hermitian ∂H/∂source by one source, or by two where H is bilinear (by three where it has such a term).
    """

    def __init__(
        self, hamiltonian: ComplexArray, vertices: Mapping[tuple[str, ...], ComplexArray], temperature: float
    ) -> None:
        self.energies, self._vectors = np.linalg.eigh(hamiltonian)
        self._vertices = {tuple(sorted(key)): value for key, value in vertices.items()}
        self._rotated: dict[tuple[str, ...], ComplexArray] = {}
        e = self.energies
        self.f1 = occupation(e, temperature)
        self.f2 = divided_difference2(e[:, :, None], e[:, None, :], temperature)
        self._f3: Array | None = None
        self._temperature = temperature

    @property
    def f3(self) -> Array:
        """f[ε_n, ε_m, ε_l], shape (k, N, N, N)."""
        if self._f3 is None:
            e = self.energies
            self._f3 = divided_difference3(
                e[:, :, None, None], e[:, None, :, None], e[:, None, None, :], self._temperature
            )
        return self._f3

    def third_contact_is_known(self, sources: Sequence[str]) -> bool:
        """Whether ∂³H is given or zero: a contact of two sources that depends on k has a derivative along A."""
        if tuple(sorted(sources)) in self._vertices:
            return True
        for i, one in enumerate(sources):
            pair = self._vertices.get(tuple(sorted((*sources[:i], *sources[i + 1 :]))))
            if one in ("Ax", "Ay") and pair is not None and pair.ndim > 2:
                return False
        return True

    def vertex(self, *sources: str) -> ComplexArray | None:
        """∂H/∂sources in the eigenbasis, or None where H has no such term."""
        key = tuple(sorted(sources))
        if key not in self._rotated:
            if key not in self._vertices:
                if len(key) == 1:
                    allowed = "one of " + ", ".join(sorted(k[0] for k in self._vertices if len(k) == 1))
                    raise InputError("source", key[0], allowed)
                return None
            u = self._vectors
            self._rotated[key] = u.conj().swapaxes(-1, -2) @ self._vertices[key] @ u
        return self._rotated[key]

    def contact(self, *sources: str) -> Array:
        """tr[(f(H) + ½τ_z) ∂H/∂sources]; ½τ_z is the constant of normal ordering, without which it diverges."""
        key = tuple(sorted(sources))
        bare = self._vertices.get(key)
        if bare is None:
            return np.zeros(len(self.energies))
        half = bare.shape[-1] // 2
        normal = np.trace(bare[..., :half, :half] - bare[..., half:, half:], axis1=-2, axis2=-1).real
        rotated = self.vertex(*key)
        assert rotated is not None
        return np.asarray(np.einsum("kn,knn->k", self.f1, rotated).real + 0.5 * normal)

    def loop2(self, a: ComplexArray | None, b: ComplexArray | None) -> Array:
        """T Σ_ω tr[G a G b]."""
        if a is None or b is None:
            return np.zeros(len(self.energies))
        return np.asarray(np.einsum("knm,knm,kmn->k", self.f2, a, b, optimize=True).real)

    def loop3(self, a: ComplexArray, b: ComplexArray, c: ComplexArray) -> ComplexArray:
        """T Σ_ω tr[G a G b G c]."""
        product = np.einsum("knml,knm,kml->knl", self.f3, a, b)
        return np.asarray(np.einsum("knl,kln->k", product, c))


def grand_potential_derivative(basis: Eigenbasis, sources: Sequence[str]) -> Array:
    """Integrand of ∂Ω/∂s₁…∂s_p for one to three sources, shape (k,); to be integrated with d²k/(2π)².

    Any model will do, of this package or not, that has a Hamiltonian and its vertices. Raises `InputError` for a
    source that is not among the vertices, and for three sources such as (A_x, A_x, A_x) of a lattice, whose
    contact ∂³H exists but is not among them.

    >>> from pseudogauge.microscopic import LatticeSuperconductor, RashbaSuperconductor, square_rashba
    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> k = np.array([[4.0, 1.0]])
    >>> basis = Eigenbasis(metal.hamiltonian(k), metal.vertices(k), metal.temperature)
    >>> grand_potential_derivative(basis, ("bz", "bz")).round(6)
    array([-0.4...])

    How the density of a lattice answers a potential, −∂²Ω/∂U², a response without a function of its own:

    >>> lattice = LatticeSuperconductor(square_rashba(rashba=0.5, mu=-1.0), pairing=0.3)
    >>> one = (np.arange(64) + 0.5) * 2 * np.pi / 64
    >>> k = np.stack(np.meshgrid(one, one), -1).reshape(-1, 2)
    >>> basis = Eigenbasis(lattice.hamiltonian(k), lattice.vertices(k), temperature=0.0)
    >>> float(-grand_potential_derivative(basis, ("U", "U")).mean().round(4))  # per cell
    0.2...
    """
    require(1 <= len(sources) <= 3, "sources", sources, "one to three sources")
    single = [basis.vertex(s) for s in sources]
    if len(sources) == 1:
        return 0.5 * basis.contact(*sources)
    if len(sources) == 2:
        return 0.5 * (basis.loop2(single[0], single[1]) + basis.contact(*sources))
    require(
        basis.third_contact_is_known(sources),
        "sources",
        sources,
        "sources whose contact ∂³H vanishes or is given",
        f"add ∂³H to the vertices, under the key {tuple(sorted(sources))}",
    )
    (s0, s1, s2), (a, b, c) = sources, single
    assert a is not None
    assert b is not None
    assert c is not None
    total = 2 * basis.loop3(a, b, c).real  # both orders: for Hermitian vertices they are complex conjugates
    total += basis.loop2(basis.vertex(s0, s1), c)
    total += basis.loop2(basis.vertex(s0, s2), b)
    total += basis.loop2(basis.vertex(s1, s2), a)
    return 0.5 * (total + basis.contact(*sources))


def momentum_derivative(basis: Eigenbasis, measured: str, source: str, along: str) -> Array:
    """Integrand of −i ∂/∂q of the response ∂²Ω/∂measured(−q)∂source(q) at q = 0, q along ``along``.

    ½[T Σ tr(G v G s G m) − T Σ tr(G s G v G m)] per Bogoliubov ½, v = ∂H/∂k: the vertices m, s are taken
    at the mean momentum, the two Green functions at k ± q/2.
    """
    m, s, v = basis.vertex(measured), basis.vertex(source), basis.vertex(along)
    assert m is not None
    assert s is not None
    assert v is not None
    return np.asarray(0.25 * (basis.loop3(v, s, m) - basis.loop3(s, v, m)).imag)
