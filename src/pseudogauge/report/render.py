"""From a report to one HTML file that asks the network for nothing."""

from __future__ import annotations

import base64
import math
import os
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from ..plots import figure_png
from ..results import write_file
from .model import Badge, Cell, Report

__all__ = ["number_text", "render_report", "write_report"]

_DPI = 150
_INDEX = re.compile(
    r"((?:(?<![A-Za-z0-9_&#])[A-Za-z]|[^\x00-\x7f\W\d_])\u0303?)"  # one letter, not the end of a plain word
    r"([_^])([xyz]{2}|c[12]|in|eff|[A-Z]{2}|[A-Za-z0-9α-ω]|[∥⊥*])(?![A-Za-z0-9_;])"
)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def render_report(report: Report) -> str:
    """The report as HTML: style and figures inside, no script, every text escaped.

    >>> page = render_report(Report("Tests <b>", "", ()))
    >>> "<h1>Tests &lt;b&gt;</h1>" in page
    True
    """
    return _template().render(report=report)


def write_report(report: Report, path: str | os.PathLike[str]) -> Path:
    """Render the report and write it to ``path`` in one step; raises `StoreError` if the disk refuses."""
    return write_file(path, render_report(report))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("pseudogauge.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(image=_image, cell=_cell_text, kind=_cell_kind, symbols=_symbols)
    return environment.get_template("report.html.j2")


def _image(figure: Figure | bytes) -> str:
    data = figure if isinstance(figure, bytes) else figure_png(figure, _DPI)
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def _cell_kind(value: Cell) -> str:
    if isinstance(value, Badge):
        return "badge"
    if isinstance(value, str) and len(value) > 40:
        return "long"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"


def _cell_text(value: Cell) -> str:
    if isinstance(value, Badge):
        return value.text
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number_text(value)


def _symbols(text: str) -> Markup:
    """Escaped text in which a one-letter symbol's short index, as in v_F or 𝓔^z, is set as one."""
    return Markup(_INDEX.sub(_set_index, str(escape(text))))


def _set_index(match: re.Match[str]) -> str:
    symbol, level, index = match.groups()
    tag = "sub" if level == "_" else "sup"
    return f"{symbol}<{tag}>{index}</{tag}>"


def number_text(value: float) -> str:
    """A number to six digits as it is written in print.

    >>> number_text(-1.5912279e-05), number_text(0.25), number_text(12)
    ('−1.59123 × 10⁻⁵', '0.25', '12')
    """
    if isinstance(value, int):
        return str(value).replace("-", "−")
    if not math.isfinite(value):
        return str(value)
    mantissa, _, power = f"{value:.6g}".partition("e")
    text = mantissa.replace("-", "−")
    return f"{text} × 10{str(int(power)).translate(_SUPERSCRIPT)}" if power else text
