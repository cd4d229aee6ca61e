"""One look for all figures: sizes for a two-column page, colours every eye can tell apart, units."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import imsave
from numpy.typing import ArrayLike

__all__ = [
    "COLUMN",
    "CYCLE",
    "PAGE",
    "colour_limit",
    "engineering",
    "figure_png",
    "new_figure",
    "panel_letters",
    "signed_scale",
    "styled",
    "unit_text",
]

COLUMN, PAGE = 3.4, 7.1
"""Widths of one column and of the page of a two-column journal, in inches."""

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#7F7F7F"
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Okabe and Ito's colours, distinct with any kind of colour vision."""

DIVERGING = "RdBu_r"
SEQUENTIAL = ListedColormap(mpl.colormaps["magma_r"](np.linspace(0, 0.72, 256)), "light magma")
"""Perceptually uniform, and light enough at either end for black lines and symbols to show."""

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.labelsize": 7.5,
    "axes.titlesize": 7.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "mathtext.fontset": "dejavusans",
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.2,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
}

P = ParamSpec("P")
R = TypeVar("R")


def styled(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` with the package's style, whatever the user's matplotlib settings."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(_STYLE)
            return function(*args, **kwargs)

    return wrapper


def new_figure(width: float, height: float, maps: bool = False) -> Figure:
    """An empty figure (inches) that keeps labels apart; ``maps`` closes up panels of fixed aspect."""
    return Figure(figsize=(width, height), layout="compressed" if maps else "constrained")


@styled
def figure_png(figure: Figure, dpi: float = 150) -> bytes:
    """The figure as PNG bytes; the same figure gives the same bytes.

    >>> from matplotlib.figure import Figure
    >>> figure_png(Figure(figsize=(1, 1)), dpi=20)[:4]
    b'\\x89PNG'
    """
    canvas: Any = FigureCanvasAgg(figure)
    no_version: Any = {"Software": None}
    own_dpi, stream = figure.dpi, io.BytesIO()
    try:
        figure.dpi = dpi
        canvas.draw()  # once: savefig would draw a second time for the layout
        imsave(stream, canvas.buffer_rgba(), format="png", dpi=dpi, metadata=no_version)
    finally:
        figure.dpi = own_dpi
    return stream.getvalue()


def panel_letters(axes: list[Axes]) -> None:
    """Write (a), (b), … above the upper left corners."""
    for letter, ax in zip("abcdefghijklmnop", axes, strict=False):
        ax.set_title(f"({letter})", loc="left", fontweight="bold", pad=4)


def colour_limit(values: ArrayLike, percent: float = 99.5) -> tuple[float, bool]:
    """Upper end of a colour scale for |values|, and whether some values lie beyond it.

    Cores and edges of a few pixels would squeeze everything else into one colour: the scale ends at a
    percentile unless the maximum is hardly larger. Zeros get the limit 1.

    >>> colour_limit([0.0] * 999 + [1.0])
    (1.0, False)
    >>> colour_limit(list(range(1000)) + [10_000])
    (995.0, True)
    """
    size = np.abs(np.asarray(values, dtype=float)).ravel()
    largest = float(size.max()) if size.size else 0.0
    if largest < NOTHING:
        return 1.0, False
    typical = float(np.percentile(size, percent))
    if typical < 1e-3 * largest or largest <= 1.3 * typical:
        return largest, False
    return typical, True


def signed_scale(values: ArrayLike, percent: float = 99.5) -> tuple[dict[str, Any], bool]:
    """Colour map and range for a field that may have either sign, and whether values lie beyond.

    A field of both signs is shown centred on zero. One that is (nearly) of one sign is shown over its own
    range, or a large mean would hide its structure.

    >>> signed_scale([-1.0, 2.0])[0]["vmin"], signed_scale([1.0, 1.1])[0]["vmin"]
    (-2.0, 1.0)
    """
    field = np.asarray(values, dtype=float)
    low, high = float(field.min()), float(field.max())
    if max(high, -low) < NOTHING or min(high, -low) > 0.1 * max(high, -low):
        limit, clipped = colour_limit(field, percent)
        return {"cmap": DIVERGING, "vmin": -limit, "vmax": limit}, clipped
    return {"cmap": SEQUENTIAL if high > -low else SEQUENTIAL.reversed(), "vmin": low, "vmax": high}, False


def unit_text(unit: str) -> str:
    """The unit as it is written in a figure."""
    return unit.replace("Φ0", "Φ₀")


NOTHING = 1e-12
_BASE = {"mT": ("T", -3), "mΦ0": ("Φ0", -3), "meV": ("eV", -3)}
_PREFIX = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P"}


def engineering(largest: float, unit: str) -> tuple[float, str]:
    """Factor and unit with the SI prefix that brings ``largest`` between 0.5 and 500.

    What is smaller than 1e-12 of its unit is rounding of a zero, and keeps the unit.

    >>> engineering(6.2e10, "A/m²")
    (1e-09, 'GA/m²')
    >>> engineering(2e-3, "mT")
    (1000.0, 'µT')
    """
    base, exponent = _BASE.get(unit, (unit, 0))
    if not NOTHING <= abs(largest) < math.inf:
        return 1.0, unit_text(unit)
    decade = math.log10(2 * abs(largest)) + exponent
    power = min(max(3 * math.floor((decade + 1e-9) / 3), -15), 15)
    return 10.0 ** (exponent - power), unit_text(_PREFIX[power] + base)
