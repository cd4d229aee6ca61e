"""The γ current of inclusions where the superconductor responds non-locally, over the clean coherence length.

j(q) = K(qξ₀) j_local(q) with K = γ(q)/γ(0) of `pseudogauge.microscopic`: the ring of current is smeared over ξ₀.
It is exact where b_z is uniform around the edge, and good while b_z
varies slowly on the spin-orbit length 1/2mw_z; where it does not, `RadialKernel.edge` corrects the ring current:
docs/theory/nonlocal.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import j1, ndtr

from ..errors import require
from .placement import require_positive
from .pseudo_field import PseudoField
from .radial import RadialProfiles, Superposition, sample_radii
from .rings import Rings, ring_profiles, ring_slopes
from .shapes import Inclusions, disks

if TYPE_CHECKING:
    from ..microscopic import EdgeKernel, ResponseKernel  # numba: only when a kernel is made

__all__ = ["FormFactor", "RadialKernel", "form_factor", "nonlocal_pseudo_field", "nonlocal_ring_currents"]

Floats = NDArray[np.float64]
NEGLIGIBLE = 1e-7
"""Part of the kernel's tail that is cut off."""
CUTOFF = 10.0
"""qσ at which the product of two smoothed edges has fallen below 1e-10."""
TOLERANCE = 1e-3
"""Part of an edge's spectrum allowed where K is extrapolated."""
CHUNK = 4_000_000
LARGEST_TABLE = 400_000_000
"""Entries of the matrix of Bessel functions, some seconds of work."""


@dataclass(frozen=True)
class RadialKernel:
    """A response kernel and the clean coherence length ξ₀ = v_F/πΔ, in the unit of the inclusions' lengths.

    ``edge`` (`pseudogauge.microscopic.edge_kernel`), if given, scales each ring current by what a straight edge
    keeps when b_z ends close to it; exact for the total current of radii ≫ ξ₀.
    """

    response: ResponseKernel
    coherence_length: float
    edge: EdgeKernel | None = None

    def __post_init__(self) -> None:
        require_positive("coherence_length", self.coherence_length)

    def __call__(self, q: Floats) -> Floats:
        """K at wave vectors in the unit 1/length."""
        return self.response(q * self.coherence_length)

    def edge_ratio(self, inclusions: Inclusions) -> float:
        """Ring current over its local value at a straight edge with the overhang of b_z given; 1 without ``edge``."""
        if self.edge is None:
            return 1.0
        overhang, width = (
            x / self.coherence_length for x in (inclusions.exchange_overhang, inclusions.smoothing)
        )
        beyond = math.exp(-((self.edge.reach * width) ** 2)) / (math.pi * max(self.edge.reach * width, 1.0))
        shortest = 2.2 * math.sqrt(2 * math.pi) * self.coherence_length / self.edge.reach
        require(beyond <= TOLERANCE, "edge_width", inclusions.edge_width, f"at least about {shortest:.3g}",
                "or give edge_kernel a larger reach")  # fmt: skip
        return self.edge.kept(overhang, width) / ndtr(overhang / (math.sqrt(2) * width))

    @property
    def tail(self) -> float:
        """Distance over which the kernel falls to `NEGLIGIBLE`."""
        return -math.log(NEGLIGIBLE) * self.response.range * self.coherence_length


@dataclass(frozen=True)
class FormFactor:
    """One inclusion against its local values: ring current I_γ, peak current density, magnetic moment M_γ."""

    current: float
    """I_γ(ξ₀)/I_γ(0): the current through a radius of the sample."""
    peak: float
    """Largest current density over the local one."""
    moment: float
    """M_γ(ξ₀)/M_γ(0): 1, as K(0) = 1 (times the `edge_ratio`); the same moment is spread over a larger area."""


def form_factor(
    radius: float, edge_width: float, kernel: RadialKernel, exchange_overhang: float | None = None
) -> FormFactor:
    """How much of its current and moment an inclusion keeps; lengths in one unit.

    A straight edge keeps its total current (what is missing falls like e^(−2R/(π/2)ξ₀)), a small disk loses it like
    R/ξ₀; the peak is lower at any radius once d ≲ ξ₀. b_z reaches 2 d beyond the edge unless
    ``exchange_overhang`` says otherwise, as in `disks`; the local values are those of the same overhang.

    ``moment`` is 1 by construction (times the `edge_ratio`): the moment is the component q = 0, where K = 1. That
    supposes γ(q₁, q₂) = γ(|q₁ + q₂|), so that no part of b_z's own wave vector counts: true to 0.1 % for
    Δ_R/Δ = 22 and to 1.3 % for 7.5, but at q₂ = −q₁ = −1/ξ₀ the full response is 0.77 of the local one for
    Δ_R/Δ = 2.2 and 1.66 of it for 0.9 (docs/theory/nonlocal.md, section 3).

    Raises `InputError` for a non-positive length or an edge too sharp for the kernel (`nonlocal_pseudo_field`).

    >>> from pseudogauge.microscopic import quasiclassical_kernel
    >>> kernel = RadialKernel(quasiclassical_kernel(gap_ratio=0.1), coherence_length=1.0)
    >>> [round(form_factor(radius, 0.5, kernel).current, 2) for radius in (0.5, 1.0, 4.0)]
    [0.47, 0.7, 0.98]
    """
    require_positive("radius", radius)
    require_positive("edge_width", edge_width)
    overhang = 2 * edge_width if exchange_overhang is None else exchange_overhang
    size = 4 * (radius + 2 * edge_width + overhang)
    one = disks(
        [(size / 2, size / 2)], radius, edge_width=edge_width, extent=(size, size), exchange_overhang=overhang
    )
    local, _ = ring_profiles(one)
    smeared, _ = _smeared_profiles(one, kernel)
    ratios = [
        float(getattr(smeared, name)[0] / getattr(local, name)[0]) for name in ("centre", "steepest", "area")
    ]
    return FormFactor(*ratios)


def nonlocal_ring_currents(inclusions: Inclusions, gamma: float, kernel: RadialKernel) -> Rings:
    """`ring_currents` with the non-local response; ``geometry_factor`` includes the form factor.

    >>> from pseudogauge.inclusions import disks, ring_currents
    >>> from pseudogauge.microscopic import quasiclassical_kernel
    >>> one = disks([(10, 10)], 4.0, edge_width=0.5, extent=(20, 20))
    >>> kernel = RadialKernel(quasiclassical_kernel(gap_ratio=0.1), coherence_length=1.0)
    >>> ring, local = nonlocal_ring_currents(one, -0.16, kernel), ring_currents(one, -0.16)
    >>> float((ring.current / local.current).round(2)[0]), float((ring.moment / local.moment).round(5)[0])
    (0.98, 1.0)
    """
    require(math.isfinite(gamma), "gamma", gamma, "a finite number")
    profiles, rows = _smeared_profiles(inclusions, kernel)
    strength = gamma * inclusions.exchange * inclusions.potential
    factor = profiles.centre[rows]
    return Rings(strength * factor, strength * profiles.area[rows], factor)


def nonlocal_pseudo_field(
    inclusions: Inclusions, coupling: float, kappa: float, kernel: RadialKernel
) -> PseudoField:
    """The pseudo-gauge field ã of `pseudo_field`, smeared over ξ₀: h̃(q) = K(qξ₀) h̃_local(q).

    ``coupling`` is μ0 γ(q = 0)/s as there; ``kernel.coherence_length`` is in the unit of the inclusions (ξ).
    On a periodic sample the tails of all images are summed; an open surface cuts them.

    Raises `InputError` for an edge too sharp: K is known up to q ≈ 0.7 k_F, and if the edge's spectrum beyond
    would matter by more than 1e-3, or if ξ₀ is so much longer than the edge that the table would be huge.

    >>> from pseudogauge.inclusions import disks
    >>> from pseudogauge.microscopic import quasiclassical_kernel
    >>> one = disks([(10, 10)], 4.0, edge_width=0.8, extent=(20, 20), exchange=0.05)
    >>> kernel = RadialKernel(quasiclassical_kernel(gap_ratio=0.1), coherence_length=1.0)
    >>> field = nonlocal_pseudo_field(one, coupling=1.0, kappa=2.0, kernel=kernel)
    >>> round(float(field.stream(10, 10)), 3), round(float(field(14, 10)[1]), 3)
    (0.049, -0.143)
    """
    require(math.isfinite(coupling), "coupling", coupling, "a finite number")
    require_positive("kappa", kappa)
    profiles, rows = _smeared_profiles(inclusions, kernel)
    weight = coupling * inclusions.exchange * inclusions.potential
    steepest = np.max(np.abs(weight) * profiles.steepest[rows], initial=0.0)
    source = Superposition(profiles, inclusions, rows, weight)
    return PseudoField(float(kappa), inclusions.extent, inclusions.periodic, inclusions.smoothing,
                       float(kappa**2 * steepest), source)  # fmt: skip


def _smeared_profiles(
    inclusions: Inclusions, kernel: RadialKernel
) -> tuple[RadialProfiles, NDArray[np.int64]]:
    """`ring_profiles` times K in Fourier space: two Hankel transforms of order one."""
    r, slope, rows = ring_slopes(inclusions)
    sigma = inclusions.smoothing
    far = sample_radii(r[-1] + kernel.tail, sigma)
    phase = r[-1] + far[-1]
    panels = math.ceil(CUTOFF / sigma * phase / (6 * math.pi))
    require(16 * panels * len(far) <= LARGEST_TABLE, "coherence_length", kernel.coherence_length,
            f"within a few hundred edge widths ({inclusions.edge_width:g})", "widen the edge")  # fmt: skip
    node, weight = np.polynomial.legendre.leggauss(16)
    edges = np.linspace(0, CUTOFF / sigma, panels + 1)
    half = 0.5 * edges[1]
    q = (edges[:-1, None] + half * (node + 1)).ravel()
    measure = np.tile(half * weight, panels) * q
    smeared = np.zeros((len(far), slope.shape[1]))
    spectrum, response = np.zeros((len(q), slope.shape[1])), kernel(q)
    for part in np.array_split(np.arange(len(q)), 1 + len(q) * len(far) // CHUNK):
        # the trapezoidal rule in r is exact for band-limited profiles
        spectrum[part] = j1(np.multiply.outer(q[part], r)) @ (slope * (r * r[1])[:, None])
        smeared += j1(np.multiply.outer(far, q[part])) @ (spectrum[part] * (measure * response)[part, None])
    _require_smooth_edge(q, spectrum, response, kernel, inclusions)
    return RadialProfiles.from_slope(far, smeared * kernel.edge_ratio(inclusions)), rows


def _require_smooth_edge(
    q: Floats, spectrum: Floats, response: Floats, kernel: RadialKernel, inclusions: Inclusions
) -> None:
    """Refuse an edge whose current has more than `TOLERANCE` of its spectrum where K was not compared."""
    beyond = q * kernel.coherence_length > kernel.response.reach
    strength = np.abs(spectrum * response[:, None]).max(axis=1)
    good = not beyond.any() or strength[beyond].max() <= TOLERANCE * strength.max()
    shortest = 6.6 * kernel.coherence_length / kernel.response.reach
    require(bool(good), "edge_width", inclusions.edge_width, f"at least about {shortest:.3g}",
            "sharper than the Fermi wavelength, or than K was tabulated for")  # fmt: skip
