"""The command line. Exit code 0: done; 2: bad input, one message on stderr; 1: failure."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer

from . import __version__
from .errors import InputError, StoreError

app = typer.Typer(
    name="pseudogauge",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Superconductors with spin-orbit coupling and charged magnetic inclusions: "
    "from the microscopic model to the picture of a scanning SQUID.",
)

ScenarioArgument = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="a scenario file, or the name of a ready one such as 4hb-tas2"),
]
P = ParamSpec("P")
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="folder for data, figures and report")]


def _guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what goes wrong into one message and the exit code of the contract."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (InputError, StoreError) as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            typer.echo(
                "interrupted: nothing already computed is lost; `pseudogauge resume DIR` goes on", err=True
            )
            raise typer.Exit(1) from None
        except (typer.Exit, BrokenPipeError):
            raise
        except Exception as error:
            traceback.print_exc()
            typer.echo(f"failed: {type(error).__name__}: {error}", err=True)
            raise typer.Exit(1) from None

    return run


@app.command()
@_guarded
def paper(
    out: Out = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="coarser and fewer points, the same rows and figures")
    ] = False,
) -> None:
    """Every figure, equation and claim of the paper: report.html, claims.json and data."""
    from .jobs import paper_job

    _finish(*paper_job(out or Path("results/paper-quick" if quick else "results/paper"), quick))


@app.command()
@_guarded
def run(scenario: ScenarioArgument, out: Out = None) -> None:
    """Run a scenario: coefficients, pseudo-gauge field, lowest state, SQUID image, report."""
    from .scenario import find_scenario, load_scenario

    path = find_scenario(scenario)
    loaded = load_scenario(path)
    from .jobs import run_job

    _finish(*run_job(loaded, out or Path("results") / path.stem))


@app.command()
@_guarded
def study(
    name: Annotated[str, typer.Argument(metavar="NAME", help="the study, for example phase-diagram")],
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]", help="phase-diagram and discriminators: of this scenario's own inclusions"
        ),
    ] = None,
    out: Out = None,
    quick: Annotated[bool, typer.Option("--quick", help="a coarse version, in about a minute")] = False,
) -> None:
    """A question that takes many runs: datasets, figures and report, piece by piece."""
    from .scenario import find_scenario, load_scenario

    loaded = None if scenario is None else load_scenario(find_scenario(scenario))
    from .jobs import study_job

    words = [name, *([find_scenario(scenario).stem] if scenario else []), *(["quick"] if quick else [])]
    _finish(*study_job(name, out or Path("results") / "-".join(words), quick, loaded))


@app.command()
@_guarded
def check(scenario: ScenarioArgument) -> None:
    """Validate a scenario, print every derived scale and the predicted cost, run nothing."""
    from .scenario import find_scenario, load_scenario

    loaded = load_scenario(find_scenario(scenario))  # refuse what is wrong before anything heavy is imported
    from .studies.check import check_lines

    typer.echo("\n".join(check_lines(loaded)))


@app.command()
@_guarded
def report(folder: Annotated[Path, typer.Argument(metavar="DIR", help="a results folder")]) -> None:
    """Write figures and report.html of a results folder again from its data."""
    from .jobs import report_job

    _finish(*report_job(folder))


@app.command()
@_guarded
def resume(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder whose work was interrupted")],
) -> None:
    """Go on with an interrupted run; what is already computed is kept."""
    from .jobs import resume_job

    _finish(*resume_job(folder))


@app.command()
def cite() -> None:
    """Print how to cite the software and the paper."""
    from .citation import citation

    typer.echo(citation())


def _version(value: bool) -> None:
    if value:
        typer.echo(f"pseudogauge {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    pass


def _finish(lines: list[str], page: Path) -> None:
    typer.echo("\n".join([*lines, f"report: {page}"]))


def main() -> Any:
    """Entry point of the ``pseudogauge`` command."""
    for stream in (sys.stdout, sys.stderr):  # a Latin-1 terminal must not end a run on a γ
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return app()


if __name__ == "__main__":
    main()
