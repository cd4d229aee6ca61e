"""The two-dimensional Rashba superconductor with an exchange field and an in-plane electric field."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ._input import finite_array

__all__ = ["PAULI", "RashbaSuperconductor", "as_exchange", "as_in_plane", "require_effort"]

ComplexArray = NDArray[np.complex128]
Array = NDArray[np.float64]

Vertices = dict[tuple[str, ...], ComplexArray]
"""∂H/∂source by the sorted names of one source, or of two for a contact vertex."""

PAULI: ComplexArray = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
"""σ⁰, σˣ, σʸ, σᶻ."""


def kron(tau: int, sigma: int) -> ComplexArray:
    """τ^a ⊗ σ^b in the basis Ψ† = (ψ↑†, ψ↓†, ψ↓, −ψ↑)."""
    product: ComplexArray = np.kron(PAULI[tau], PAULI[sigma])
    return product


def as_exchange(exchange: ArrayLike) -> Array:
    """(b_x, b_y, b_z) from b_z or from three components."""
    allowed = "finite, b_z or (b_x, b_y, b_z)"
    b = finite_array("exchange", exchange, allowed)
    require(b.shape in ((), (3,)), "exchange", exchange, allowed)
    return b if b.shape else np.array([0.0, 0.0, float(b)])


def as_in_plane(in_plane: ArrayLike) -> Array:
    """(w_x, w_y) as an array."""
    allowed = "a pair of finite numbers (w_x, w_y)"
    w = finite_array("in_plane", in_plane, allowed)
    require(w.shape == (2,), "in_plane", in_plane, allowed, "w_z is the model's `rashba`")
    return w


def require_effort(rtol: float, smallest: float, max_evaluations: int = 1) -> None:
    """Refuse a relative tolerance below rounding, above 1 or NaN, and a number of evaluations below 1."""
    number = isinstance(rtol, int | float | np.number) and smallest < rtol < 1
    require(number, "rtol", rtol, f"between {smallest:g} and 1", "1e-8 to 1e-4 are usual")
    whole = isinstance(max_evaluations, int | np.integer) and max_evaluations >= 1
    require(
        whole, "max_evaluations", max_evaluations, "a positive whole number", "the default is some million"
    )


@dataclass(frozen=True)
class RashbaSuperconductor:
    """A parabolic band with Rashba coupling and an s-wave gap, ħ = k_B = e = 1.

    H_k = (k²/2m − μ)τ_z − Δτ_x − b·σ − (σ×w)·k τ_z with w = λe𝓔 [LOB Eq. 14], whose z component
    ``rashba`` belongs to the model; the exchange field b and the in-plane w_∥ are given per call.
    The units of ``mass`` and ``mu`` are free: energies are in units of the unit of ``mu``, momenta
    follow from k_F = √(2mμ).

    Raises `InputError` unless mass > 0, mu > 0, gap ≥ 0, temperature ≥ 0 and all are finite.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> round(metal.fermi_velocity, 6), round(metal.rashba_energy, 6)
    (4.472136, 2.236068)
    """

    mass: float
    mu: float
    gap: float
    rashba: float = 0.0
    temperature: float = 0.0

    def __post_init__(self) -> None:
        for name in ("mass", "mu", "gap", "rashba", "temperature"):
            value = getattr(self, name)
            number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            require(number and math.isfinite(value), name, value, "a finite number")
            object.__setattr__(self, name, float(value))
        require(self.mass > 0, "mass", self.mass, "positive", "check the sign")
        require(self.mu > 0, "mu", self.mu, "positive", "the model needs a Fermi surface: put mu in the band")
        require(
            self.gap >= 0, "gap", self.gap, "zero or positive", "choose the gauge in which it is positive"
        )
        require(self.temperature >= 0, "temperature", self.temperature, "zero or positive")

    @property
    def fermi_momentum(self) -> float:
        """k_F = √(2mμ), without spin-orbit coupling."""
        return math.sqrt(2 * self.mass * self.mu)

    @property
    def fermi_velocity(self) -> float:
        """v_F = k_F/m."""
        return self.fermi_momentum / self.mass

    @property
    def rashba_energy(self) -> float:
        """Δ_R = |w_z| k_F, half the spin splitting at k_F."""
        return abs(self.rashba) * self.fermi_momentum

    @property
    def coherence_length(self) -> float:
        """ξ₀ = v_F/πΔ (infinite without a gap)."""
        return self.fermi_velocity / (math.pi * self.gap) if self.gap else math.inf

    def spin_orbit_vector(self, k: ArrayLike, in_plane: ArrayLike = (0.0, 0.0)) -> Array:
        """d_k = w × k, shape (..., 3), for momenta k of shape (..., 2)."""
        k = np.asarray(k, dtype=float)
        wx, wy = as_in_plane(in_plane)
        return np.stack(
            [-self.rashba * k[..., 1], self.rashba * k[..., 0], wx * k[..., 1] - wy * k[..., 0]], axis=-1
        )

    def hamiltonian(
        self, k: ArrayLike, exchange: ArrayLike = 0.0, in_plane: ArrayLike = (0.0, 0.0)
    ) -> ComplexArray:
        """Bogoliubov-de Gennes Hamiltonian [LOB Eq. 14], shape (..., 4, 4), for k of shape (..., 2).

        >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
        >>> np.linalg.eigvalsh(metal.hamiltonian([4.0, 0.0])).round(4)
        array([-4.0012, -0.1   ,  0.1   ,  4.0012])
        """
        k = finite_array("k", k, "finite momenta, shape (..., 2)")
        require(k.ndim > 0 and k.shape[-1] == 2, "k", k, "finite momenta, shape (..., 2)")
        xi = np.sum(k**2, axis=-1) / (2 * self.mass) - self.mu
        d, b = self.spin_orbit_vector(k, in_plane), as_exchange(exchange)
        h = xi[..., None, None] * kron(3, 0) - self.gap * kron(1, 0)
        for i in range(3):
            h = h - d[..., i, None, None] * kron(3, i + 1) - b[i] * kron(0, i + 1)
        return np.asarray(h, dtype=complex)

    def current_operators(self, k: ArrayLike, in_plane: ArrayLike = (0.0, 0.0)) -> ComplexArray:
        """J_k = −½[k/m − (σ×w)]_{x,y}, shape (2, ..., 4, 4) [LOB Eq. 15]; J = −½ ∂H/∂A.

        >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
        >>> metal.current_operators([4.0, 0.0]).shape
        (2, 4, 4)
        """
        k = np.asarray(k, dtype=float)[..., None, None]
        wx, wy = as_in_plane(in_plane)
        wz, m, one = self.rashba, self.mass, kron(0, 0)
        jx = -0.5 * (k[..., 0, :, :] / m * one - (wz * kron(0, 2) - wy * kron(0, 3)))
        jy = -0.5 * (k[..., 1, :, :] / m * one - (wx * kron(0, 3) - wz * kron(0, 1)))
        return np.stack([jx, jy])

    def vertices(self, k: ArrayLike) -> Vertices:
        """Derivatives of H_k with respect to uniform sources, at w_∥ = b = 0.

        Sources: A_x, A_y (k → k + Aτ_z), b_x, b_y, b_z, w_x, w_y, w_z, the potential energy U, the phase
        of the gap (Δ → Δe^{iθ}), and k_x, k_y themselves. Keys are one source, or two where H is
        bilinear; values have shape (..., 4, 4) or (4, 4).
        """
        k = np.asarray(k, dtype=float)[..., None, None]
        kx, ky, m, wz = k[..., 0, :, :], k[..., 1, :, :], self.mass, self.rashba
        one = kron(0, 0)
        return {
            ("Ax",): kx / m * one - wz * kron(0, 2),
            ("Ay",): ky / m * one + wz * kron(0, 1),
            ("kx",): kx / m * kron(3, 0) - wz * kron(3, 2),
            ("ky",): ky / m * kron(3, 0) + wz * kron(3, 1),
            ("bx",): -kron(0, 1),
            ("by",): -kron(0, 2),
            ("bz",): -kron(0, 3),
            ("wx",): -ky * kron(3, 3),
            ("wy",): kx * kron(3, 3),
            ("wz",): ky * kron(3, 1) - kx * kron(3, 2),
            ("U",): kron(3, 0),
            ("theta",): self.gap * kron(2, 0),
            ("theta", "theta"): self.gap * kron(1, 0),
            ("Ax", "Ax"): kron(3, 0) / m,
            ("Ay", "Ay"): kron(3, 0) / m,
            ("Ax", "wy"): kron(0, 3),
            ("Ax", "wz"): -kron(0, 2),
            ("Ay", "wx"): -kron(0, 3),
            ("Ay", "wz"): kron(0, 1),
        }

    def scale(self, exchange: ArrayLike, in_plane: ArrayLike) -> float:
        """e²|b| |w_∥| m/2π: the magnitude of the current [LOB Eq. 19, with its factor corrected].

        >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
        >>> round(metal.scale(0.01, (-0.01, 0.0)), 10)
        1.59155e-05
        """
        b, w = as_exchange(exchange), as_in_plane(in_plane)
        return float(np.linalg.norm(b) * np.linalg.norm(w) * self.mass / (2 * math.pi))
