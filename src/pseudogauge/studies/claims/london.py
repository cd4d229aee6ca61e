"""London theory on a small lattice, literal and independent of `pseudogauge.ginzburg_landau`.

Links carry q = ∇θ + 2eA and Ã, plaquettes carry B, h̃ and n_v (spacing 1). `Sample` has open edges, beyond
which B = h̃ = 0. Units 2e = κ = 1, so μ0 = 1/λ², Φ0 = 2π, and energies are in units of the stiffness κ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, eye_array
from scipy.sparse.linalg import splu

__all__ = ["Sample", "disk", "interaction", "periodic_curl", "periodic_curl_of_scalar"]

Real = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A square of ``size``² plaquettes with open edges and penetration depth ``depth`` in spacings."""

    size: int
    depth: float

    @cached_property
    def curl(self) -> csc_array:
        """Circulation around each plaquette, (size², links); transposed, the curl of a plaquette field."""
        n = self.size
        i, j = (index.ravel() for index in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
        rows = np.arange(n * n)
        x_link, y_link = i * (n + 1) + j, n * (n + 1) + i * n + j
        columns = (x_link, y_link + n, x_link + 1, y_link)  # bottom, right, top, left
        data = np.concatenate([s * np.ones(n * n) for s in (1.0, 1.0, -1.0, -1.0)])
        shape = (n * n, 2 * n * (n + 1))
        return csc_array(coo_array((data, (np.tile(rows, 4), np.concatenate(columns))), shape=shape))

    @cached_property
    def centres(self) -> tuple[Real, Real]:
        """Coordinates of the plaquettes, from the middle of the sample."""
        x = np.arange(self.size) - (self.size - 1) / 2
        return x[:, None] + 0 * x, x + 0 * x[:, None]

    def solve(self, winding: Real, pseudo: Real) -> tuple[Real, Real]:
        """Minimise Eq. 12 over A: returns q on the links and B on the plaquettes.

        ∂F/∂q = 0 with B = ∇×q + 2πn_v reads (1 + λ² ∇×∇×) q = λ² ∇×(h̃ − 2πn_v).
        """
        source = self.curl.T @ (pseudo - 2 * np.pi * winding).ravel()
        q = self._factors.solve(self.depth**2 * source)
        return q, (self.curl @ q).reshape(winding.shape) + 2 * np.pi * winding

    @cached_property
    def _factors(self) -> Any:
        links = self.curl.shape[1]
        return splu(csc_array(eye_array(links) + self.depth**2 * (self.curl.T @ self.curl)))

    def energy(self, winding: Real, pseudo: Real, vortex_term: bool = True) -> float:
        """Minimum of Eq. 12 over A; without ``vortex_term``, h̃ acts as a true applied field."""
        q, field = self.solve(winding, pseudo)
        magnetic = self.depth**2 / 2 * np.sum((field - pseudo) ** 2)
        coupling = 2 * np.pi * self.depth**2 * np.sum(winding * pseudo)
        return float(q @ q / 2 + magnetic + (coupling if vortex_term else 0.0))


def periodic_curl(links: Real) -> Real:
    """Circulation of a link field (2, N, N) around the plaquettes of a periodic lattice."""
    x, y = links
    return np.asarray(x + np.roll(y, -1, 0) - np.roll(x, -1, 1) - y)


def periodic_curl_of_scalar(field: Real) -> Real:
    """∇×(h ẑ) on the links: the transpose of `periodic_curl`."""
    return np.stack([field - np.roll(field, 1, 1), np.roll(field, 1, 0) - field])


def disk(x: Real, y: Real, radius: float, width: float = 0.0) -> Real:
    """1 inside, 0 outside, with a smooth (tanh) edge of the given width."""
    distance = radius - np.hypot(x, y)
    return np.asarray((distance > 0) * 1.0 if width == 0 else 0.5 * (1 + np.tanh(2 * distance / width)))


def interaction(pseudo: Real, depth: float) -> Real:
    """h̃ − G*h̃ with G = (1 − λ²∇²)⁻¹ on a periodic lattice: the London energy of a line, in Φ0/μ0 per n_v."""
    k = 2 * np.pi * np.fft.fftfreq(pseudo.shape[0])
    laplacian = 4 - 2 * np.cos(k[:, None]) - 2 * np.cos(k)
    return np.asarray(pseudo - np.fft.ifft2(np.fft.fft2(pseudo) / (1 + depth**2 * laplacian)).real)
