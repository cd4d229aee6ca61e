"""Puts a results folder of `pseudogauge study phase-diagram` on the page: python where_vortices_sit.py RESULTS.

Keeps the rows behind the tables as CSV files beside the picture, and writes both into ../where-vortices-sit.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from pseudogauge.plots import phase_figure
from pseudogauge.report.model import TableItem
from pseudogauge.report.phase_diagram import phase_diagram_tables
from pseudogauge.report.phase_tables import (
    COMPARED,
    first_table,
    net_table,
    random_tables,
    read_rows,
    search_table,
)
from pseudogauge.results import open_dataset
from pseudogauge.results.files import to_csv
from pseudogauge.studies.phase_diagram import phase_diagram_parts

HERE = Path(__file__).parent
ROWS = HERE / "where-vortices-sit"
PAGE = HERE.parent / "where-vortices-sit.md"
SHOWN = {
    "R = 12 ξ, κ = 10": "map-r12-d6-k10",
    "R = 8 ξ, κ = 10": "map-r8-d6-k10",
    "R = 8 ξ, κ = 50": "map-r8-d6-k50",
}
"""Maps with a column of net fluxes."""
PICTURE = ("map-r12-d6-k10", "map-r8-d6-k10", "map-r12-d6-k10-half-gap")


def tables() -> dict[str, TableItem]:
    """The tables of the page, by the word that marks their place, from the rows that are kept."""
    rows = {path.stem: read_rows(path.read_text(encoding="utf-8")) for path in sorted(ROWS.glob("*.csv"))}
    zero = [row for row in rows["first"] if row["H"] == 0]
    made = {name: first_table(zero, columns, text) for name, (text, columns) in COMPARED.items()}
    fields = [row for row in rows["first"] if row["map"] == "map-r8-d6-k10"]
    columns = {f"H = {row['H']:g} H_c1".replace("-", "−"): str(row["H"]) for row in fields}
    text = "In a field H along the moments: square lattice, R = 8 ξ, d = 6 ξ, κ = 10."
    made["field"] = first_table([row | {"H": str(row["H"])} for row in fields], columns, text, "H")
    made["net"] = net_table(rows["phases"], SHOWN, "Square lattices, d = 6 ξ.")
    made["random-london"], made["random"] = random_tables(rows["random"])
    made["search"] = search_table(rows["search"])
    return made


def markdown(table: TableItem) -> str:
    """A table as it stands on the page, with its caption and without the notes that the page gives once."""

    def line(cells: Sequence[object]) -> str:
        return "| " + " | ".join(f"{c:g}" if isinstance(c, float) else str(c) for c in cells) + " |"

    rule = "|" + "---|" * len(table.columns)
    lines = [f"**{table.caption}**", "", line(table.columns), rule, *map(line, table.rows)]
    return "\n".join(lines).replace("*", r"\*").replace(r"\*\*", "**")


def filled(page: str) -> str:
    """The page with every table between its marks as `tables` makes it."""
    for name, table in tables().items():
        marks = re.compile(rf"(<!-- table: {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        text = markdown(table)
        page = marks.sub(lambda found, text=text: found[1] + text + found[2], page)  # type: ignore[misc]
    return page


def main(results: Path) -> None:
    data = {part.name: open_dataset(part.path(results)) for part in phase_diagram_parts()}
    for name, rows in phase_diagram_tables(data).items():
        kept = [row for row in rows if name != "phases" or row["map"] in SHOWN.values()]
        ROWS.mkdir(exist_ok=True)
        (ROWS / f"{name}.csv").write_text(to_csv(kept), encoding="utf-8")
    picture = phase_figure([data[name] for name in PICTURE])
    picture.savefig(HERE / "where-vortices-sit.png", dpi=110, bbox_inches="tight")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
