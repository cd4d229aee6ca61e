"""The report on the paper: its figures from our own computation, its controls, its material, "
"its claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from ..plots import current_sweep_figure, energy_figure, inclusion_figure, squid_figure, vortex_map
from ..results import VERDICTS, attribute, provenance
from .claims import claims_table
from .model import Fact, FigureItem, Report, Section, TableItem
from .run import vortex_places

__all__ = ["paper_report"]


def paper_report(data: Mapping[str, xr.Dataset], claims: Sequence[Mapping[str, Any]], quick: bool) -> Report:
    """Report on Levitan, Oreg and Berg from the datasets of `pseudogauge.studies.paper` and the "
    "claims."""
    sections = [
        Section("Summary", facts=_headline(data, claims)),
        _currents(data["fig2a"], data["fig2b"]),
        _one_inclusion(data["fig1a"]),
        _many_inclusions(data["fig1b"], data["fig1b-dense"]),
        _control(data["control-uniform"], data["control-applied"]),
        _material(data["4hb-tas2"]),
        Section("Equations and claims", paragraphs=_CLAIMS, tables=[claims_table(claims)]),
        Section("How it was made", tables=[_origin(data)]),
    ]
    made = provenance()
    footer = f"pseudogauge {made['pseudogauge']}, {made['time_utc']}" + (" (quick)" if quick else "")
    return Report("Anomalous currents and spontaneous vortices", _SUBTITLE, sections, footer)


_SUBTITLE = (
    "Levitan, Oreg and Berg, npj Quantum Materials (2025), arXiv:2412.15203, computed anew: "
    "every figure, "
    "equation and claim."
)
_CLAIMS = [
    "Confirmed: the printed value agrees with the computed one within the stated error. "
    "Corrected: the form "
    "holds, a constant or sign does not. Refuted: the statement does not hold. Open: not settled "
    "by this run."
]


def numbers_of(ds: xr.Dataset) -> dict[str, float]:
    """Derived numbers of a run by their symbol."""
    return {row["symbol"]: row["value"] for row in attribute(ds, "numbers")}


def _headline(data: Mapping[str, xr.Dataset], claims: Sequence[Mapping[str, Any]]) -> list[Fact]:
    counts = Counter(claim["verdict"] for claim in claims)
    material = numbers_of(data["4hb-tas2"])
    ratio = _ratio_to_printed(data["fig2b"])
    return [
        Fact("Claims", len(claims), ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)),
        Fact(
            "Exact current over printed",
            f"{ratio:.4f}".replace("-", "−"),
            "Eq. 23 over Eq. 17, middle of Fig. 2(b), coldest",
        ),
        Fact("Fig. 1(b), small filling", _found(data["fig1b"]), "lowest state of the search"),
        Fact("Fig. 1(b), dense", _found(data["fig1b-dense"]), "lowest state of the search"),
        Fact("4Hb-TaS2: h̃/H_c1", material["h̃/H_c1"], "a vortex needs about 1/x; inputs mostly assumed"),
    ]


def _found(ds: xr.Dataset) -> str:
    places = vortex_places(ds)
    words = [f"{n} {'+' if kind == 'vortex' else '−'} {place}" for (kind, place), n in places.items() if n]
    return ", ".join(words) or "no vortices"


def _currents(rashba: xr.Dataset, gap: xr.Dataset) -> Section:
    figure = FigureItem(
        current_sweep_figure(rashba, gap),
        "Fig. 2: current J_y driven by b_z and 𝓔^x. Symbols: exact (Eq. 23); curves: T → 0 "
        "closed form with the "
        "constant and sign found here; dashed: as printed. (a) against the Rashba velocity at "
        "T/μ = 1e-4; (b) "
        "against the gap at w_z/v_F = 0.5/√20. b/μ = 0.001, w_x/v_F = −0.01/√20.",
        "Two panels: current against Rashba velocity for several gaps, and against the gap for "
        "several temperatures.",
    )
    ratio = _ratio_to_printed(gap)
    worst = max(float(rashba.error.max()), float(gap.error.max()))
    text = (
        f"In the middle of panel (b), at the lowest temperature, the exact current is {ratio:.4f} times the printed "
        "Eqs. 17, 19 and E7. It vanishes with either Δ or 𝓔^z: these limits do not commute with T → 0. The "
        f"largest error estimate of a symbol is {worst:.1e} e²|b w_x|m/2π."
    )
    return Section("Fig. 2: the γ current", [text], [figure])


def _ratio_to_printed(gap: xr.Dataset) -> float:
    """Exact over printed current in the middle of the gap axis, at the lowest temperature."""
    middle = gap.isel(temperature=0, gap_over_mu=gap.sizes["gap_over_mu"] // 2)
    return float(middle.current_exact / middle.current_printed)


def _one_inclusion(ds: xr.Dataset) -> Section:
    numbers = numbers_of(ds)
    text = (
        f"One disk with h̃ = {numbers['h̃']:.3g} mT inside, {numbers['h̃/H_c1']:.2g} H_c1. The "
        f"current j_γ runs in "
        "the edge alone; the condensate answers with the counterflow that screens it over λ."
    )
    figure = FigureItem(
        inclusion_figure(ds),
        "Fig. 1(a): (a) exchange field with the electric field at the edge (arrows), (b) current "
        "density, "
        "(c) profiles through the centre; dotted lines mark the radius.",
        "Exchange field, current density and profiles of a single inclusion.",
    )
    return Section("Fig. 1(a): one inclusion", [text], [figure])


def _many_inclusions(sparse: xr.Dataset, dense: xr.Dataset) -> Section:
    rows = [
        (name, *(numbers_of(ds)[key] for key in ("x", "h̃/H_c1", "g_between", "g_inside")), _found(ds))
        for name, ds in (("small filling", sparse), ("dense", dense))
    ]
    table = TableItem(
        "London gains and what the Ginzburg-Landau search found.",
        ("Case", "x", "h̃/H_c1", "gain between, x h̃/H_c1", "gain inside, (1−x) h̃/H_c1", "lowest state found"),
        rows,
        "A gain above 1 pays for a straight vortex. The paper argues for vortices between "
        "inclusions at small x.",
    )
    text = (
        "The paper places vortices between the inclusions. In the London limit a vortex there "
        "gains x h̃ Φ0/μ0 per "
        "length, an antivortex inside an inclusion (1 − x) h̃ Φ0/μ0: for x below one half the "
        "second comes first, "
        "with flux opposite to the inclusions' moment. The two cases below are one on each side. "
        "The search "
        "compares what the table of candidates of each run lists; it proves nothing about what "
        "it did not try."
    )
    figures = [_map(sparse, "small filling"), _map(dense, "dense"), _energies(dense)]
    return Section("Fig. 1(b): where the vortices sit", [text], figures, [table])


def _map(ds: xr.Dataset, name: str) -> FigureItem:
    caption = f"Fig. 1(b), {name}: (a) condensate density and (b) magnetic field. ▲ vortex, ▽ antivortex."
    return FigureItem(vortex_map(ds), caption, f"Maps of condensate density and field, {name}: {_found(ds)}.")


def _energies(ds: xr.Dataset) -> FigureItem:
    return FigureItem(
        energy_figure(ds),
        "Energies of the states compared in the dense case.",
        "Energies against flux sector.",
    )


def _control(uniform: xr.Dataset, applied: xr.Dataset) -> Section:
    text = (
        "Uniform exchange in the whole sample has ã at the surface alone and makes no vortices "
        "in the bulk; an "
        f"applied field of the same strength ({numbers_of(uniform)['h̃/H_c1']:.3g} H_c1) does. "
        f"Found: {_found(uniform)} "
        f"with uniform exchange, {_found(applied)} in the applied field."
    )
    figures = [
        FigureItem(
            vortex_map(uniform), "Uniform exchange field.", f"Maps with uniform exchange: {_found(uniform)}."
        ),
        FigureItem(
            vortex_map(applied), "Applied field of equal strength.", f"Maps in the field: {_found(applied)}."
        ),
    ]
    return Section("Control: uniform exchange against an applied field", [text], figures)


def _material(ds: xr.Dataset) -> Section:
    numbers = numbers_of(ds)
    text = (
        f"With the assumed numbers of the scenario the pseudo-magnetisation is "
        f"{1e3 * numbers['h̃']:.2g} µT inside an "
        f"inclusion, {numbers['h̃/H_c1']:.2g} H_c1; M_γ/M_n = {numbers['M_γ/M_n']:.2g}. The "
        f"search found "
        f"{_found(ds)}: the mechanism falls short by a factor of about "
        f"{1 / max(numbers['g_between'], numbers['g_inside']):.2g} of making a vortex, as "
        f"the paper concludes."
    )
    origins = TableItem(
        "Derived scales; inputs marked in the scenario as measured or assumed.",
        ("Symbol", "Quantity", "Value", "Unit", "Note"),
        [
            [row[key] for key in ("symbol", "name", "value", "unit", "note")]
            for row in attribute(ds, "numbers")
        ],
    )
    figure = FigureItem(
        squid_figure(ds),
        "4Hb-TaS2: stray field and flux through the pickup loop.",
        "Stray field and SQUID flux maps.",
    )
    return Section("4Hb-TaS2", [text], [figure], [origins], code=str(ds.attrs["scenario"]))


def _origin(data: Mapping[str, xr.Dataset]) -> TableItem:
    rows = [
        (
            name,
            ds.attrs.get("title", name),
            bool(ds.attrs["converged"]),
            float(ds.attrs.get("wall_time_s", np.nan)),
        )
        for name, ds in data.items()
    ]
    versions = ", ".join(
        f"{key} {value}" for key, value in provenance().items() if key not in ("command", "time_utc")
    )
    return TableItem("Parts of this report.", ("Part", "Title", "Converged", "Wall time (s)"), rows, versions)
