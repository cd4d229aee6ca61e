"""What the commands do: compute into a folder, keep what is there, write figures and the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import xarray as xr

from .plots import figures_of_run, save_figure
from .progress import console_progress
from .report import run_report, write_report
from .results import open_results, save_results
from .results.job import Job, read_job, start_job
from .scenario import find_scenario, load_scenario, parse_scenario
from .scenario.cost import predict_cost
from .studies.derive import Derived, derive
from .studies.run import run_scenario

__all__ = ["check_lines", "paper_job", "report_job", "resume_job", "run_job"]

Outcome = tuple[list[str], Path]


def check_lines(name: str) -> list[str]:
    """What `pseudogauge check` prints."""
    scenario = load_scenario(find_scenario(name))
    derived = derive(scenario)
    lines = [scenario.title, ""]
    for group in dict.fromkeys(number.group for number in derived.numbers):
        lines += [f"{group}"]
        lines += [
            f"  {n.symbol:<14}{n.name:<44}{n.value:>12.5g} {n.unit:<10}{n.note}".rstrip()
            for n in derived.numbers
            if n.group == group
        ]
    return [*lines, "", *_origin_lines(derived), f"predicted cost: {predict_cost(scenario)}"]


def _origin_lines(derived: Derived) -> list[str]:
    by_status: dict[str, list[str]] = {}
    for name, origin in derived.scenario.origins.items():
        by_status.setdefault(origin["status"], []).append(name)
    return [f"{status}: {', '.join(names)}" for status, names in by_status.items()]


def run_job(text: str, source: str, folder: Path) -> Outcome:
    """Compute a scenario into ``folder`` and write its report."""
    scenario = parse_scenario(text, source)
    start_job(folder, Job("run", scenario=text))
    with console_progress() as progress:
        dataset = run_scenario(scenario, progress)
        save_results(dataset, folder)
        progress(0.95, "figures and report")
        page = _write_run_report(dataset, folder)
    return _summary(dataset), page


def report_job(folder: Path) -> Outcome:
    """Figures and report again from the data of ``folder``."""
    job = read_job(folder)
    if job.command == "paper":
        return _paper_report(folder, job.quick)
    dataset = open_results(folder)
    return _summary(dataset), _write_run_report(dataset, folder)


def resume_job(folder: Path) -> Outcome:
    """Finish what ``folder`` was made for."""
    job = read_job(folder)
    if job.command == "paper":
        return paper_job(folder, job.quick)
    if (folder / "data.zarr").exists():
        return report_job(folder)
    return run_job(job.scenario, str(folder), folder)


def paper_job(folder: Path, quick: bool) -> Outcome:
    """Compute every part of the paper that ``folder`` does not hold yet, then write the report."""
    from .studies.paper import paper_parts

    start_job(folder, Job("paper", quick=quick))
    parts = paper_parts(quick)
    with console_progress() as progress:
        for done, part in enumerate(parts):
            progress(done / (len(parts) + 1), part.title)
            if not part.is_done(folder):
                part.compute_into(folder)
        progress(len(parts) / (len(parts) + 1), "figures and report")
        return _paper_report(folder, quick)


def _paper_report(folder: Path, quick: bool) -> Outcome:
    from .report.paper import paper_report
    from .results import read_claims
    from .studies.paper import paper_parts

    data = {
        part.name: open_results(folder / part.name) for part in paper_parts(quick) if part.name != "claims"
    }
    claims = read_claims(folder)
    page = folder / "report.html"
    write_report(paper_report(data, claims, folder / "figures"), page)
    counts = {
        verdict: sum(c["verdict"] == verdict for c in claims)
        for verdict in ("confirmed", "corrected", "refuted", "open")
    }
    return [f"{len(claims)} claims: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items())], page


def _write_run_report(dataset: xr.Dataset, folder: Path) -> Path:
    for name, figure in figures_of_run(dataset).items():
        save_figure(figure, folder / "figures" / f"{name}.png")
    page = folder / "report.html"
    write_report(run_report(dataset), page)
    return page


def _summary(dataset: xr.Dataset) -> list[str]:
    rows: list[dict[str, Any]] = json.loads(dataset.attrs["numbers"])
    found = [
        f"{row['name']}: {row['value']:.6g} {row['unit']}".rstrip() for row in rows if row["group"] == "found"
    ]
    notes = [f"warning: {line}" for line in json.loads(dataset.attrs["warnings"])]
    if not dataset.attrs["converged"]:
        notes.append(f"warning: not converged: {dataset.attrs['message']}")
    return [str(dataset.attrs["title"]), *found, *notes]
