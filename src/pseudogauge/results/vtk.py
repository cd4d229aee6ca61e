"""States of layered crystals as VTK files, for ParaView and other viewers: fields on a grid, vortex lines as lines.

VTK's XML formats, ImageData (.vti) and PolyData (.vtp), with arrays as base64 (VTK User's Guide, "VTK File Formats").
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from .files import write_file

if TYPE_CHECKING:
    from ..ginzburg_landau import State, VortexLine

__all__ = ["save_vtk"]

_TYPES = {"<f4": "Float32", "<i4": "Int32"}


def save_vtk(state: State, folder: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Write ``fields.vti`` and ``vortex_lines.vtp`` of a three-dimensional state into ``folder``; returns both paths.

    The fields sit at the sites, in single precision: ``density`` |ψ|², ``magnetic_field`` B in H_c2 (mean of the four
    plaquettes round a site, H on an open surface), ``supercurrent`` j in Φ0/2πμ0λ²ξ, ``free_energy_density``.
    Lengths are in ξ.  Lines carry their ``winding``.

    Raises
    ------
    InputError : for a two-dimensional state.  StoreError if the disk refuses.

    >>> import tempfile
    >>> from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
    >>> state = minimise(GinzburgLandau(Grid((6, 6, 3), 0.5), kappa=2.0), start="uniform")
    >>> with tempfile.TemporaryDirectory() as here:
    ...     [path.name for path in save_vtk(state, here)]
    ['fields.vti', 'vortex_lines.vtp']
    """
    grid = state.problem.grid
    require(grid.ndim == 3, "state", f"on a grid {grid.shape}", "three-dimensional")
    fields = {
        "density": np.abs(state.order_parameter) ** 2,
        "magnetic_field": _at_sites(state),
        "supercurrent": state.supercurrent,
        "free_energy_density": state.free_energy_density,
    }
    folder = Path(folder)
    image = _image(grid.shape, grid.spacings, fields)
    lines = _lines(state.vortex_lines)
    return write_file(folder / "fields.vti", image), write_file(folder / "vortex_lines.vtp", lines)


def _at_sites(state: State) -> NDArray[np.float64]:
    """B at the sites: beyond an open surface the last plaquettes hold H, and so do those before the first."""
    field = np.empty_like(state.magnetic_field)
    for normal, face in enumerate(state.magnetic_field):
        for axis in {0, 1, 2} - {normal}:
            face = 0.5 * (face + np.roll(face, 1, axis=axis))
        field[normal] = face
    return field


def _image(
    shape: tuple[int, ...], spacings: tuple[float, ...], fields: dict[str, NDArray[np.float64]]
) -> str:
    extent = " ".join(f"0 {n - 1}" for n in shape)
    origin = " ".join(repr(0.5 * h) for h in spacings)
    arrays = "\n".join(_array(name, _x_fastest(values)) for name, values in fields.items())
    return _file(
        "ImageData",
        f'<ImageData WholeExtent="{extent}" Origin="{origin}" Spacing="{" ".join(map(repr, spacings))}">\n'
        f'<Piece Extent="{extent}">\n<PointData Scalars="density">\n{arrays}\n</PointData>\n</Piece>\n</ImageData>',
    )


def _lines(lines: tuple[VortexLine, ...]) -> str:
    points = np.concatenate([line.points for line in lines] or [np.zeros((0, 3))])
    ends = np.cumsum([len(line.points) for line in lines], dtype=np.int64)
    windings = _array("winding", np.array([line.winding for line in lines], dtype="<i4"))
    corners = _array("Points", points.astype("<f4"))
    order = _array("connectivity", np.arange(len(points), dtype="<i4"))
    offsets = _array("offsets", ends.astype("<i4"))
    return _file(
        "PolyData",
        f'<PolyData>\n<Piece NumberOfPoints="{len(points)}" NumberOfLines="{len(lines)}" NumberOfVerts="0" '
        f'NumberOfStrips="0" NumberOfPolys="0">\n<Points>\n{corners}\n</Points>\n'
        f"<Lines>\n{order}\n{offsets}\n</Lines>\n<CellData>\n{windings}\n</CellData>\n</Piece>\n</PolyData>",
    )


def _x_fastest(values: NDArray[np.float64]) -> NDArray[Any]:
    """One row per site with x running fastest, as VTK wants it; (3, Nx, Ny, Nz) becomes rows of three."""
    parts = values if values.ndim == 4 else values[None]
    rows = np.stack([part.transpose(2, 1, 0).ravel() for part in parts], axis=-1).astype("<f4")
    return rows if values.ndim == 4 else rows[:, 0]


def _array(name: str, values: NDArray[Any]) -> str:
    parts = f' NumberOfComponents="{values.shape[1]}"' if values.ndim == 2 else ""
    data = np.ascontiguousarray(values).tobytes()
    coded = base64.b64encode(len(data).to_bytes(8, "little") + data).decode("ascii")
    return f'<DataArray type="{_TYPES[values.dtype.str]}" Name="{name}"{parts} format="binary">{coded}</DataArray>'


def _file(kind: str, content: str) -> str:
    head = f'<VTKFile type="{kind}" version="1.0" byte_order="LittleEndian" header_type="UInt64">'
    return f'<?xml version="1.0"?>\n{head}\n{content}\n</VTKFile>\n'
