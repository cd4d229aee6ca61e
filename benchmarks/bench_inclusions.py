"""Time of the pseudo-gauge field of 1000 inclusions on a 512² grid, cold and warm, against direct sums.

    python benchmarks/bench_inclusions.py

The peer is the obvious way: every image of every inclusion evaluated at every link midpoint inside its
window with numpy, which has second-order line integrals and no exact lattice identity.
"""

from __future__ import annotations

import math
import time

import numpy as np

from pseudogauge.inclusions import Inclusions, edge_field, pseudo_field, random_disks
from pseudogauge.numerics.grid import Grid


def midpoint_links(inclusions: Inclusions, grid: Grid) -> np.ndarray:
    """ã·dl at link midpoints, one closed-form window per image (local screening, b constant)."""
    links = np.zeros((2, *grid.shape))
    for centre, radius in zip(inclusions.centres, inclusions.radius, strict=True):
        reach = radius + 9 * inclusions.smoothing
        for axis in range(2):
            offset = np.where(np.arange(2) == axis, 1.0, 0.5)
            low = np.floor((centre - reach) / grid.spacing - offset).astype(int)
            index = [low[a] + np.arange(math.ceil(2 * reach / grid.spacing) + 2) for a in range(2)]
            dx = (index[0][:, None] + offset[0]) * grid.spacing - centre[0]
            dy = (index[1][None, :] + offset[1]) * grid.spacing - centre[1]
            r = np.hypot(dx, dy)
            field = edge_field(r, radius, inclusions.edge_width, inclusions.screening)
            part = -field / np.maximum(r, 1e-12) * grid.spacing * (-dy if axis == 0 else dx)
            np.add.at(links[axis], np.ix_(index[0] % grid.shape[0], index[1] % grid.shape[1]), part)
    return links


def timed(label: str, work):  # type: ignore[no-untyped-def]
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    print(f"{label:<62}{seconds:8.3f} s")
    return result, seconds


def main() -> None:
    grid = Grid(shape=(512, 512), spacing=0.5, periodic=True)
    common = {"extent": grid.extent, "edge_width": 1.0, "count": 1000, "rng": 1}
    overhang = {"exchange_overhang": 5.0}  # so that the closed form of the peer holds
    spread = {"count": 900, "size_spread": 0.1, "screening_length": 0.1}
    packed, _ = timed(
        "1000 equal disks, random sequential addition, cold", lambda: random_disks(2.2, **common, **overhang)
    )
    timed(
        "1000 equal disks, random sequential addition, warm", lambda: random_disks(2.2, **common, **overhang)
    )
    dense = common | {"count": 2000, "min_gap": 0.0}
    timed("2000 disks at filling 0.6, with relaxation", lambda: random_disks(2.5, **dense))
    print(packed)
    field, _ = timed("profiles, local screening", lambda: pseudo_field(packed, 0.01, 2.0))
    timed("ã on links, h̃ on plaquettes, 512², cold", lambda: field.on_grid(grid))
    (links, _), ours = timed("ã on links, h̃ on plaquettes, 512², warm", lambda: field.on_grid(grid))
    twin, peer = timed(
        "the same by midpoints in numpy windows", lambda: 4 * 0.01 * midpoint_links(packed, grid)
    )
    error = np.abs(field.line_integrals(grid) - twin).max() / np.abs(links).max()
    print(
        f"peer / ours {peer / ours:.2f}; its largest error {error:.1e} of the largest link, ours below 1e-10"
    )
    varied, _ = timed("900 disks of different sizes", lambda: random_disks(2.2, **common | spread))
    field, _ = timed("profiles, 900 different radii, Thomas-Fermi", lambda: pseudo_field(varied, 0.01, 2.0))
    timed("ã on links, h̃ on plaquettes, 512²", lambda: field.on_grid(grid))
    timed("map of the exchange field", lambda: varied.exchange_field(*grid.sites))
    timed("map of the electric potential, r⁻³ tails to 1e-5", lambda: varied.electric_potential(*grid.sites))


if __name__ == "__main__":
    main()
