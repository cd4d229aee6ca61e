"""What a report consists of, without a word about HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.figure import Figure

from ..errors import require

__all__ = ["Badge", "Cell", "Fact", "FigureItem", "Report", "Section", "TableItem"]

Tone = Literal["good", "changed", "bad", "neutral"]


@dataclass(frozen=True)
class Badge:
    """A short word that stands out; ``tone`` chooses its colour, the word alone carries the meaning."""

    text: str
    tone: Tone = "neutral"


Cell = str | float | int | bool | None | Badge


@dataclass(frozen=True)
class Fact:
    """A headline number: its label, its value, and what to know about it."""

    label: str
    value: Cell
    note: str = ""


@dataclass(frozen=True)
class FigureItem:
    """A matplotlib figure or PNG bytes, with a caption and a text for those who cannot see it."""

    figure: Figure | bytes
    caption: str
    alt: str

    def __post_init__(self) -> None:
        if isinstance(self.figure, bytes):
            found = self.figure[:8]
            require(found == b"\x89PNG\r\n\x1a\n", "figure", found, "a matplotlib Figure or PNG bytes")


@dataclass(frozen=True)
class TableItem:
    """A table: every row has one cell for each column. Numbers are set to six digits."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            width = len(self.columns)
            require(len(row) == width, f"row {number} of the table {self.caption!r}", row, f"{width} cells")


@dataclass(frozen=True)
class Section:
    """A titled part: headline facts, paragraphs of plain text, tables, figures, and text set as typed."""

    title: str
    paragraphs: Sequence[str] = ()
    figures: Sequence[FigureItem] = ()
    tables: Sequence[TableItem] = ()
    facts: Sequence[Fact] = ()
    code: str = ""


@dataclass(frozen=True)
class Report:
    """A page: title, one line under it, sections in order, and a last line."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    footer: str = ""
