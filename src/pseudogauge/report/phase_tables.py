"""Tables of where the vortices sit, from the rows of `pseudogauge.studies.phase_diagram.tables`.

The rows may come from a study or from the CSV files that it writes.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..studies.phases import PHASES
from .model import Cell, TableItem

__all__ = [
    "COMPARED",
    "MARKS",
    "entry_text",
    "first_table",
    "net_table",
    "random_tables",
    "read_rows",
    "search_table",
    "threshold_table",
]

Row = Mapping[str, Any]
WORDS = {"between": "between ▲", "inside": "inside ▼", "pair": "pairs"}
SITES = {"interstitial": "between", "trapped antivortices": "inside"}
"""Phases by the word for their place."""
DOUBTS = (
    "±: error of the grid; ≤: gains already where it first is a state of its own; *: beyond depairing of the edge; †: "
    "a state that decided it had not converged."
)
MARKS = (
    "▼: net flux against the moments, ▲ along them; “or”: enters within the errors of both, not decided; “from ≤”: no "
    f"vortices before that phase, at that height of the map; {DOUBTS}"
)
COMPARED: dict[str, tuple[str, dict[str, str]]] = {
    "size": (
        "By size: square lattice, κ = 10, d = 6 ξ or R where R is less.",
        {f"R = {r} ξ": f"map-r{r}-d{min(r, 6)}-k10" for r in (12, 8, 4, 2, 1)},
    ),
    "lambda": (
        "By penetration depth: square lattice, R = 8 ξ (12 ξ for κ = 5) and d = 6 ξ unless given.",
        {f"κ = {k}": f"map-r{12 if k == 5 else 8}-d6-k{k}" for k in (2, 5, 10, 20, 50)}
        | {"κ = 50, R = d = 5 ξ": "map-r5-d5-k50"},
    ),
    "edge": (
        "By edge, lattice and reach of the exchange: κ = 10; R = 8 ξ and d = 6 ξ unless given.",
        {
            "d = 3 ξ": "map-r8-d3-k10",
            "d = 9 ξ": "map-r8-d9-k10",
            "triangular": "map-r8-d6-k10-triangular",
            "triangular, R = 12 ξ": "map-r12-d6-k10-triangular",
            "b_z to mid-gap, R = 12 ξ": "map-r12-d6-k10-half-gap",
            "b_z to mid-gap, R = 24 ξ, d = 8 ξ": "map-r24-d8-k10-half-gap",
        },
    ),
}
"""Which maps stand beside each other: caption, and column by column the part of the study."""


def read_rows(text: str) -> list[dict[str, Any]]:
    """Rows of a CSV file of the study: numbers where they are, NaN where nothing is.

    >>> read_rows("x,first\\n0.1,pair\\n,none\\n")
    [{'x': 0.1, 'first': 'pair'}, {'x': nan, 'first': 'none'}]
    """
    return [{name: _value(entry) for name, entry in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _value(entry: str) -> Any:
    try:
        return float(entry or "nan")
    except ValueError:
        return entry


def first_table(rows: Sequence[Row], columns: Mapping[str, str], caption: str, key: str = "map") -> TableItem:
    """What enters first, filling by filling; ``columns`` are the values of ``key`` by their headings."""
    here = {(str(row[key]), float(row["x"])): row for row in rows}
    shown = {name: value for name, value in columns.items() if any(value == kept for kept, _ in here)}
    fillings = sorted({x for value, x in here if value in shown.values()})
    cells: list[list[Cell]] = [
        [_filling(x), *(entry_text(here[value, x]) if (value, x) in here else "" for value in shown.values())]
        for x in fillings
    ]
    return TableItem(f"First to enter and its h̃*/H_c1. {caption}", ["x", *shown], cells, MARKS)


def _filling(x: float) -> float:
    return float(f"{x:.3g}")


def entry_text(row: Row) -> str:
    """What enters first by a row of `first_rows`, with its threshold and the marks of `MARKS`."""
    first, height = str(row["first"]), row["from"]
    if first == "none":
        return "none"
    if first not in WORDS:
        return f"{first} from ≤ {height:.2f}"
    rivals = "".join(f" or {WORDS[name]}" for name in WORDS if name in str(row["rivals"]).split())
    return f"{WORDS[first]}{rivals} {_threshold(row, first)}"


def _threshold(row: Row, name: str) -> str:
    height, error = row[name], row[f"{name} error"]
    if math.isnan(height):
        return "–"
    text = f"≤ {height:.2f}" if row[f"{name} bound"] else _with_error(height, error)
    marks = ("*" if height > row["depairing"] else "") + ("" if row[f"{name} converged"] else "†")
    return text + marks


def _with_error(value: float, error: float) -> str:
    """To the digits that the error leaves, at least two of them."""
    if not math.isfinite(error):
        return f"{value:.2f}".replace("-", "−")
    digits = 2 if error >= 0.005 else 3
    return f"{value:.{digits}f} ± {max(error, 0.001):.{digits}f}".replace("-", "−")


def threshold_table(rows: Sequence[Row], caption: str) -> TableItem:
    """All thresholds of one map, London beside Ginzburg-Landau theory, at H = 0 (or the only H)."""
    columns = ["x"]
    for name in WORDS:
        columns += [f"{name}, London", f"{name}, GL"]
    cells: list[list[Cell]] = []
    for row in rows:
        line: list[Cell] = [_filling(row["x"])]
        for name in WORDS:
            line += [_plain(row[f"{name} London"]), _threshold(row, name)]
        cells.append([*line, _plain(row["depairing"])])
    note = f"–: it does not gain below the largest h̃ tried, or is no longer a separate state there; {DOUBTS}"
    return TableItem(caption, [*columns, "depairing"], cells, note)


def _plain(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "–"


def net_table(rows: Sequence[Row], columns: Mapping[str, str], caption: str) -> TableItem:
    """Phases on the way up with the range of their net flux; ``columns`` as in `first_table`."""
    here: dict[tuple[str, float], list[str]] = {}
    for row in rows:
        if row["H"] == 0:
            text = here.setdefault((str(row["map"]), float(row["x"])), [])
            text += [] if row["phase"] == "none" else [_stretch(row)]
    shown = {name: value for name, value in columns.items() if any(value == kept for kept, _ in here)}
    fillings = sorted({x for value, x in here if value in shown.values()})
    cells: list[list[Cell]] = [
        [_filling(x), *("; ".join(here.get((value, x), [])) or "–" for value in shown.values())]
        for x in fillings
    ]
    note = (
        "inside: trapped antivortices; between: interstitial. Heights h̃/H_c1 of the map at which the phase was found: "
        "net flux in Φ0 per inclusion along the moments, at the lowest and the highest of them. †: a compared state "
        "had not converged."
    )
    return TableItem(f"Phases and their net flux. {caption}", ["x", *shown], cells, note)


def _stretch(row: Row) -> str:
    low, high = row["from"], row["to"]
    heights = f"{low:g}" if low == high else f"{low:g}–{high:g}"
    nets = [
        f"{row[key]:+.2f}".replace("-", "−").replace("+0.00", "0").replace("−0.00", "0")
        for key in ("net at from", "net at to")
    ]
    net = nets[0] if nets[0] == nets[1] else f"{nets[0]} … {nets[1]}"
    return f"{SITES.get(row['phase'], row['phase'])} {heights}: {net}" + "†" * bool(row["unconverged"])


def _signed(value: float, digits: int = 2) -> str:
    """Fixed digits, and no −0."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def random_tables(rows: Sequence[Row]) -> list[TableItem]:
    """Ensembles of random disks: London thresholds, and the lowest states found."""
    first: list[list[Cell]] = []
    second: list[list[Cell]] = []
    for row in rows:
        means = {
            name: f"{_signed(row[name])} ± {row[f'{name} error']:.2f}"
            for name in (
                *(f"{kind} London" for kind in WORDS),
                "antivortices inside",
                "vortices between",
                "net",
            )
        }
        names = ", ".join(f"{row[phase]:g} {phase}" for phase in PHASES if row[phase])
        names += f" ({row['unconverged']:g} not converged)" if row["unconverged"] else ""
        head: list[Cell] = [str(row["disks"]), float(row["x"])]
        first.append([*head, *(means[f"{kind} London"] for kind in WORDS)])
        second.append([*head, float(row["h"]), names, *list(means.values())[3:]])
    count = f"{rows[0]['arrangements']:g}" if rows else "0"
    return [
        TableItem(
            "London thresholds h̃*/H_c1 among random disks, those of “field” in H = 0.2 H_c1.",
            ("disks", "x", "between", "inside", "pair (alone)"),
            first,
            f"Mean and its standard error over {count} arrangements.",
        ),
        TableItem(
            "Ginzburg-Landau states among random disks.",
            ("disks", "x", "h̃/H_c1", "phases found", "inside", "between", "net flux"),
            second,
            "Vortices of either sign per inclusion; net flux in Φ0 per inclusion along the mean h̃. Each is the lowest "
            "state of a search.",
        ),
    ]


def search_table(rows: Sequence[Row]) -> TableItem:
    """The maps against free searches among 2×2 inclusions."""
    cells: list[list[Cell]] = []
    for row in rows:
        given: list[Cell] = [float(row[name]) for name in ("x", "R", "kappa", "h")]
        nets = [_signed(row[name]) for name in ("net", "net searched")]
        phase, searched = str(row["phase"]), str(row["phase searched"]) + "†" * (not row["converged"])
        cells.append([*given, phase, nets[0], searched, nets[1], _signed(row["missed"], 3)])
    columns = ("x", "R/ξ", "κ", "h̃/H_c1", "map", "net", "search, 2×2", "net", "search lower by (ε1)")
    note = (
        "The map may have a net flux in any share of the cells; the search has quarters. Last column: per inclusion. "
        "†: one of the states had not converged."
    )
    return TableItem("The maps against a free search among 2×2 inclusions.", columns, cells, note)
