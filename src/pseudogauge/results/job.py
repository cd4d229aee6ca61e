"""What a results folder was made for: the command and its inputs, so that it can be resumed."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import InputError, StoreError

__all__ = ["Job", "read_job", "start_job"]

NAME = "job.json"


@dataclass(frozen=True)
class Job:
    """One command line that fills one folder."""

    command: str
    scenario: str = ""
    quick: bool = False


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
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{NAME}.part"
    temporary.write_text(json.dumps(asdict(job), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(temporary, folder / NAME)


def read_job(folder: Path) -> Job:
    """The job a folder was made for. Raises `StoreError` if it is not a results folder."""
    try:
        return Job(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise StoreError(f"{folder} is not a results folder: it has no {NAME}") from None
    except (json.JSONDecodeError, TypeError, OSError) as error:
        raise StoreError(f"{folder / NAME} cannot be read: {error}") from error
