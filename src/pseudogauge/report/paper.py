"""The report on the paper: its figures from our own computation, its controls, its material, its claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from ..plots import current_sweep_figure, energy_figure, inclusion_figure, squid_figure, vortex_map
from ..results import VERDICTS, attribute, provenance
from ..studies.phases import places_in_run
from .claims import claims_table
from .coefficients import response_section
from .field_cooling import field_cooling_section
from .model import Cell, Fact, FigureItem, Report, Section, TableItem
from .phase_diagram import phase_map_section
from .run import where_phrases
from .text import number_text

__all__ = ["paper_report"]

_TITLE = "Anomalous currents and spontaneous vortices"
_SUBTITLE = (
    "Levitan, Oreg and Berg, npj Quantum Materials (2025), arXiv:2412.15203, computed anew: "
    "every figure, equation and claim."
)
_CLAIMS = (
    "Confirmed: printed and computed value differ by no more than the error, which holds what the statement itself "
    "neglects and the numerical uncertainty; a bound (<, >, ≠) is kept by more than the error; an estimate (~) is met "
    "within a factor of ten. Corrected: true after a change of a constant, sign or term. Refuted: not true. Open: not "
    "settled by this run. The numbers are those of the first parameters named."
)
_FIG1B = (
    "The paper places vortices between the inclusions. In the London limit with λ well above their distance a vortex "
    "there gains x h̃ Φ0/μ0 per length, an antivortex inside an inclusion (1 − x) h̃ Φ0/μ0: for x below one half the "
    "second comes first, with flux opposite to the inclusions' moment. The table has the London gains of the fields "
    "shown, at the λ of the scenario. The search compares the states listed among its candidates; it proves nothing "
    "about what it did not try."
)
_FIG1A_CAPTION = (
    "Fig. 1(a): (a) exchange field with the electric field at the edge (arrows), (b) current density, (c) profiles "
    "through the centre; dotted lines mark the radius."
)
_FIG2_CAPTION = (
    "Fig. 2: current J_y driven by b_z and 𝓔^x. Symbols: exact (Eq. 23); curves: T → 0 closed form with the constant "
    "and sign found here; dashed: as printed. (a) against the Rashba velocity at T/μ = 1e-4; (b) against the gap at "
    "w_z/v_F = 0.5/√20. b/μ = 0.001, w_x/v_F = −0.01/√20."
)


def paper_report(data: Mapping[str, xr.Dataset], claims: Sequence[Mapping[str, Any]], quick: bool) -> Report:
    """Report on Levitan, Oreg and Berg from the datasets of `pseudogauge.studies.paper` and the claims."""
    sections = [
        Section("Summary", facts=_headline(data, claims)),
        _currents(data["fig2a"], data["fig2b"]),
        response_section(data),
        _one_inclusion(data["fig1a"]),
        _many_inclusions(data["fig1b"], data["fig1b-dense"]),
        phase_map_section(data["phase-diagram"]),
        *([field_cooling_section(data["field-cooling"])] if "field-cooling" in data else []),
        _control(data["control-uniform"], data["control-applied"]),
        _material(data["4hb-tas2"]),
        Section("Equations and claims", [_CLAIMS], tables=[claims_table(claims)]),
        Section("How it was made", tables=[_origin(data)]),
    ]
    made = provenance()
    footer = f"pseudogauge {made['pseudogauge']}, {made['time_utc']}" + (" (quick)" if quick else "")
    return Report(_TITLE, _SUBTITLE, sections, footer)


def _numbers(ds: xr.Dataset) -> dict[str, float]:
    """Derived numbers of a run by their symbol."""
    return {row["symbol"]: row["value"] for row in attribute(ds, "numbers")}


def _headline(data: Mapping[str, xr.Dataset], claims: Sequence[Mapping[str, Any]]) -> list[Fact]:
    counts = Counter(claim["verdict"] for claim in claims)
    verdicts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    ratio = number_text(_ratio_to_printed(data["fig2b"]), 5)
    height = number_text(_numbers(data["4hb-tas2"])["h̃/H_c1"], 2)
    return [
        Fact("Claims", len(claims), verdicts),
        Fact("Exact current over printed", ratio, "Eq. 23 over Eq. 17, middle of Fig. 2(b), coldest"),
        Fact("Fig. 1(b), small filling", _found(data["fig1b"]), "lowest state of the search"),
        Fact("Fig. 1(b), dense", _found(data["fig1b-dense"]), "lowest state of the search"),
        Fact("4Hb-TaS2: h̃/H_c1", height, "a vortex needs about 1/x; inputs mostly assumed"),
    ]


def _found(ds: xr.Dataset) -> str:
    return ", ".join(where_phrases(places_in_run(ds), bool(ds.sizes["inclusion"]))) or "no vortices"


def _ratio_to_printed(gap: xr.Dataset) -> float:
    """Exact over printed current in the middle of the gap axis, at the lowest temperature."""
    middle = gap.isel(temperature=0, gap_over_mu=gap.sizes["gap_over_mu"] // 2)
    return float(middle.current_exact / middle.current_printed)


def _currents(rashba: xr.Dataset, gap: xr.Dataset) -> Section:
    alt = "Two panels: current against Rashba velocity for several gaps, against the gap for several temperatures."
    worst = max(float(rashba.error.max()), float(gap.error.max()))
    text = (
        f"In the middle of panel (b), at the lowest temperature, the exact current is "
        f"{number_text(_ratio_to_printed(gap), 5)} times the printed Eqs. 17, 19 and E7. "
        "At T = 0 it tends to a constant as Δ → 0 and vanishes as 𝓔^z → 0: these limits do not commute, nor do "
        "Δ → 0 and T → 0. "
        "The largest error estimate of a symbol is "
        f"{number_text(worst, 2)} e m|b w_x|/2π."
    )
    figure = FigureItem(current_sweep_figure(rashba, gap), _FIG2_CAPTION, alt)
    return Section("Fig. 2: the γ current", [text], [figure])


def _one_inclusion(ds: xr.Dataset) -> Section:
    numbers = _numbers(ds)
    text = (
        f"One disk with h̃ = {number_text(numbers['h̃'], 3)} mT inside, {number_text(numbers['h̃/H_c1'], 2)} H_c1. "
        "The current j_γ runs in the edge alone; the condensate answers with the counterflow that screens it over λ."
    )
    alt = "Exchange field, current density and profiles of a single inclusion."
    return Section(
        "Fig. 1(a): one inclusion",
        [text],
        [FigureItem(inclusion_figure(ds), f"{_FIG1A_CAPTION} {_imposed(ds)}", alt)],
    )


def _many_inclusions(sparse: xr.Dataset, dense: xr.Dataset) -> Section:
    rows: list[list[Cell]] = []
    for name, ds in (("small filling", sparse), ("dense", dense)):
        numbers = _numbers(ds)
        shown = [number_text(numbers[key], 3) for key in ("x", "h̃/H_c1", "g_between", "g_inside")]
        rows.append([name, *shown, _found(ds)])
    table = TableItem(
        "London gains and what the Ginzburg-Landau search found.",
        (
            "Case",
            "x",
            "h̃/H_c1",
            "gain of a vortex between",
            "gain of an antivortex inside",
            "lowest state found",
        ),
        rows,
        "In units of the line energy: above 1 a first vortex pays. The paper expects vortices between at small x.",
    )
    energies = FigureItem(
        energy_figure(dense),
        "Energies of the states compared in the dense case.",
        "Energies against flux sector.",
    )
    figures = [_map(sparse, "small filling"), _map(dense, "dense"), energies]
    return Section("Fig. 1(b): where the vortices sit", [_FIG1B], figures, [table])


def _imposed(ds: xr.Dataset) -> str:
    """What the caption of a run with imposed h̃ has to say."""
    (row,) = (row for row in attribute(ds, "numbers") if row["symbol"] == "I_γ")
    current, given = number_text(row["value"], 3), row["note"].split("; ")[-1]
    return f"h̃ is imposed: its ring current is {current} nA per layer, while {given}."


def _map(ds: xr.Dataset, name: str) -> FigureItem:
    what = "(a) condensate density and (b) magnetic field. ▲ vortex, ▽ antivortex."
    return FigureItem(
        vortex_map(ds),
        f"Fig. 1(b), {name}: {what} {_imposed(ds)}",
        f"Maps of condensate density and field, {name}: {_found(ds)}.",
    )


def _control(uniform: xr.Dataset, applied: xr.Dataset) -> Section:
    strength = number_text(_numbers(uniform)["h̃/H_c1"], 3)
    text = (
        "A uniform exchange field has ã only in the edge where 𝓔_∥ is, here three edge widths inside the surface, and "
        f"makes no vortices in the bulk; an applied field as strong as h̃, {strength} H_c1, does. Found: "
        f"{_found(uniform)} with uniform exchange, {_found(applied)} in the applied field."
    )
    cases = (
        (f"Uniform exchange field. {_imposed(uniform)}", uniform),
        ("Applied field of equal strength.", applied),
    )
    figures = [FigureItem(vortex_map(ds), name, f"{name} Maps: {_found(ds)}.") for name, ds in cases]
    return Section("Control: uniform exchange against an applied field", [text], figures)


def _material(ds: xr.Dataset) -> Section:
    numbers = _numbers(ds)
    between, inside = (number_text(1 / numbers[key], 2) for key in ("g_between", "g_inside"))
    text = (
        f"With the numbers of the scenario, most of them assumed, the pseudo-magnetisation inside an inclusion is "
        f"{number_text(1e3 * numbers['h̃'], 2)} µT, {number_text(numbers['h̃/H_c1'], 2)} H_c1; M_γ/M_n = "
        f"{number_text(numbers['M_γ/M_n'], 2)}. The search found {_found(ds)}. "
        f"The γ current alone falls short of a vortex between the inclusions by a factor {between}, "
        f"of an antivortex inside one by {inside}; with the spins' own "
        f"moment the largest gain is {number_text(max(numbers['g_+'], numbers['g_−']), 2)}. "
        "Signs: V_∥ is the potential outside minus inside, and the moment of an electron is −μ_B σ, "
        "so that M_n is antiparallel to b_z."
    )
    columns = ("symbol", "name", "value", "unit", "note")
    scales = TableItem(
        "Derived scales; the scenario below marks its inputs as measured or assumed.",
        ("Symbol", "Quantity", "Value", "Unit", "Note"),
        [[row[key] for key in columns] for row in attribute(ds, "numbers")],
    )
    caption = "4Hb-TaS2: (a) stray field and (b) flux through the pickup loop."
    figure = FigureItem(squid_figure(ds), caption, "Maps of stray field and SQUID flux.")
    return Section("4Hb-TaS2", [text], [figure], [scales], code=str(ds.attrs["scenario"]))


def _origin(data: Mapping[str, xr.Dataset]) -> TableItem:
    rows: list[list[Cell]] = [
        [
            name,
            str(ds.attrs.get("title", name)),
            bool(ds.attrs["converged"]),
            float(ds.attrs.get("wall_time_s", np.nan)),
        ]
        for name, ds in data.items()
    ]
    versions = ", ".join(
        f"{name} {value}" for name, value in provenance().items() if name not in ("command", "time_utc")
    )
    return TableItem("Parts of this report.", ("Part", "Title", "Converged", "Wall time (s)"), rows, versions)
