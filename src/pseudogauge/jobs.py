"""What the commands do: compute into a folder, keep what is there, write figures and the report."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import xarray as xr

from .progress import console_progress
from .report import Report, run_report, save_figures, write_report
from .results import VERDICTS, attribute, open_dataset, open_results, read_claims, save_results
from .results.files import to_csv, write_file
from .results.job import Job, read_job, start_job
from .scenario import Scenario, parse_scenario
from .studies.derive import place_inclusions
from .studies.parts import unfinished
from .studies.run import run_scenario
from .studies.workers import run_all

__all__ = ["paper_job", "report_job", "resume_job", "run_job", "study_job"]

Outcome = tuple[list[str], Path]


def run_job(scenario: Scenario, folder: Path) -> Outcome:
    """Compute a scenario into ``folder`` and write its report."""
    place_inclusions(scenario)  # refuses what cannot be placed before the folder is touched
    start_job(folder, Job("run", scenario=scenario.text))
    kept = unfinished(folder)
    with console_progress() as progress:
        dataset = run_scenario(scenario, progress, kept)
        save_results(dataset, folder)
        kept.remove()
        progress(0.95, "figures and report")
        page = _write(run_report(dataset), folder)
    return _summary(dataset), page


def report_job(folder: Path) -> Outcome:
    """Figures and report again from the data of ``folder``."""
    job = read_job(folder)
    if job.command == "paper":
        return _paper_report(folder, job.quick)
    if job.command == "study":
        return _study_report(job.name, folder, job.quick, _scenario_of(job, folder))
    dataset = open_results(folder)
    return _summary(dataset), _write(run_report(dataset), folder)


def resume_job(folder: Path) -> Outcome:
    """Finish what ``folder`` was made for."""
    job = read_job(folder)
    if job.command == "paper":
        return paper_job(folder, job.quick)
    if job.command == "study":
        return study_job(job.name, folder, job.quick, _scenario_of(job, folder))
    if (folder / "data.zarr").exists():
        unfinished(folder).remove()
        return report_job(folder)
    return run_job(parse_scenario(job.scenario, str(folder)), folder)


def paper_job(folder: Path, quick: bool) -> Outcome:
    """Compute every part of the paper that ``folder`` does not hold yet, then write the report."""
    from .studies.paper import compute_part, paper_parts

    start_job(folder, Job("paper", quick=quick))
    names = [part.name for part in paper_parts(quick)]
    with console_progress() as progress:
        progress(0.0, f"{len(names)} parts: {', '.join(names)}")
        run_all(partial(compute_part, quick=quick, folder=folder), names, progress)
        progress(1.0, "figures and report")
        return _paper_report(folder, quick)


def _paper_report(folder: Path, quick: bool) -> Outcome:
    from .report.paper import paper_report
    from .studies.paper import Part, paper_parts

    data = {
        part.name: open_dataset(part.path(folder)) for part in paper_parts(quick) if isinstance(part, Part)
    }
    claims = read_claims(folder)
    counts = Counter(claim["verdict"] for claim in claims)
    line = f"{len(claims)} claims: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    return [line], _write(paper_report(data, claims, quick), folder)


def study_job(name: str, folder: Path, quick: bool, scenario: Scenario | None = None) -> Outcome:
    """Compute every part of a named study that ``folder`` does not hold yet, then write its report.

    With a ``scenario``, the study of that scenario's own numbers.
    """
    from .studies.catalogue import compute_study_part, find_study

    names = [part.name for part in find_study(name).parts_for(scenario, quick)]
    text = scenario.text if scenario else ""
    start_job(folder, Job("study", name=name, quick=quick, scenario=text))
    compute = partial(compute_study_part, study=name, quick=quick, folder=folder, scenario=text)
    with console_progress() as progress:
        progress(0.0, f"{len(names)} parts: {', '.join(names)}")
        run_all(compute, names, progress)
        progress(1.0, "figures, tables and report")
        return _study_report(name, folder, quick, scenario)


def _study_report(name: str, folder: Path, quick: bool, scenario: Scenario | None) -> Outcome:
    from .report.studies import study_report, study_tables
    from .studies.catalogue import find_study

    study = find_study(name)
    data = {part.name: open_dataset(part.path(folder)) for part in study.parts_for(scenario, quick)}
    for stem, rows in study_tables(study, data).items():
        write_file(folder / "tables" / f"{stem}.csv", to_csv(rows))
    page = _write(study_report(study, data, quick), folder)
    return [f"{study.title}: {len(data)} parts"], page


def _scenario_of(job: Job, folder: Path) -> Scenario | None:
    return parse_scenario(job.scenario, str(folder)) if job.scenario else None


def _write(report: Report, folder: Path) -> Path:
    page = folder / "report.html"
    write_report(save_figures(report, folder / "figures"), page)
    return page


def _summary(dataset: xr.Dataset) -> list[str]:
    rows = [row for row in attribute(dataset, "numbers") if row["group"] == "found"]
    found = [f"{row['name']}: {row['value']:.6g} {row['unit']}".rstrip() for row in rows]
    state = "solver" if dataset.attrs["converged"] else "warning: not converged"
    return [str(dataset.attrs["title"]), *found, f"{state}: {dataset.attrs['message']}"]
