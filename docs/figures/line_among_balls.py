"""The picture of docs/how-to/layers.md: python line_among_balls.py."""

from __future__ import annotations

from pathlib import Path

from pseudogauge import GinzburgLandau, Grid, ground_state
from pseudogauge.inclusions import layered_pseudo_field, random_balls
from pseudogauge.plots import figure_png, lines_figure

placed = random_balls(4.0, extent=(20, 20, 20), edge_width=2.5, filling=0.13, rng=3)
field = layered_pseudo_field(placed, coupling=0.068, kappa=5.0)
crystal = GinzburgLandau(Grid((20, 20, 20), 1.0), kappa=5.0, pseudo_potential=field, anisotropy=3.0)
threads = ground_state(crystal, sectors=[-1], random_starts=0, tol=1e-3)
picture = figure_png(lines_figure(threads, placed.centres, placed.radius))
(Path(__file__).parent / "line-among-balls.png").write_bytes(picture)
