"""The figures of a report as files beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ..plots import figure_png
from ..results import write_file
from .model import FigureItem, Report

__all__ = ["save_figures"]


def save_figures(report: Report, folder: Path) -> Report:
    """Write every figure as a PNG named after its section; returns the report with those bytes in place.

    Each figure is drawn once, so the files and the page show the same picture.
    """
    sections = []
    for section in report.sections:
        stem = re.sub(r"[^a-z0-9]+", "-", section.title.lower()).strip("-")
        figures = []
        for number, item in enumerate(section.figures, start=1):
            png = item.figure if isinstance(item.figure, bytes) else figure_png(item.figure)
            write_file(folder / (f"{stem}-{number}.png" if len(section.figures) > 1 else f"{stem}.png"), png)
            figures.append(FigureItem(png, item.caption, item.alt))
        sections.append(replace(section, figures=figures))
    return replace(report, sections=sections)
