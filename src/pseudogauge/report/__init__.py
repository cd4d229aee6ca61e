"""Self-contained HTML reports: opened offline, printed, or sent to a colleague as one file."""

from __future__ import annotations

from .claims import claims_table
from .files import save_figures
from .model import Badge, Fact, FigureItem, Report, Section, TableItem
from .render import render_report, write_report
from .run import run_report
from .text import number_text

__all__ = [
    "Badge",
    "Fact",
    "FigureItem",
    "Report",
    "Section",
    "TableItem",
    "claims_table",
    "number_text",
    "render_report",
    "run_report",
    "save_figures",
    "write_report",
]
