"""What a results folder was made for: the command and its inputs, so that it can be resumed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import InputError, StoreError
from .files import read_json, to_json, write_file

__all__ = ["Job", "read_job", "start_job"]

NAME = "job.json"


@dataclass(frozen=True)
class Job:
    """One command line that fills one folder."""

    command: str
    scenario: str = ""
    quick: bool = False
    name: str = ""


def start_job(folder: Path, job: Job) -> None:
    """Claim ``folder`` for ``job``.

    Raises `InputError` if the folder holds something else, so that no result is overwritten by another's.
    """
    if (folder / NAME).exists():
        held = read_job(folder)
        if held != job:
            what = f"a '{held.command}' of other inputs"
            raise InputError(
                "out", folder, f"new or made by the same command; it holds {what}", "choose another --out"
            )
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "out", folder, "a new or empty folder, or one of this program's", "choose another --out"
        )
    write_file(folder / NAME, to_json(asdict(job), indent=1))


def read_job(folder: Path) -> Job:
    """The job a folder was made for. Raises `StoreError` if it is not a results folder."""
    try:
        return Job(**read_json((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise StoreError(f"{folder} is not a results folder: it has no {NAME}") from None
    except (ValueError, TypeError, OSError) as error:
        raise StoreError(f"{folder / NAME} cannot be read: {error}") from error
