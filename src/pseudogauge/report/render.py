"""From a report to one HTML file that asks the network for nothing."""

from __future__ import annotations

import base64
import os
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from matplotlib.figure import Figure

from ..plots import figure_png
from ..results import write_file
from .model import Badge, Cell, Report
from .text import number_text, symbols

__all__ = ["render_report", "write_report"]

_DPI = 150


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
    environment.filters.update(image=_image, cell=_cell_text, kind=_cell_kind, symbols=symbols)
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
