"""Where a result came from: versions, machine, commit, time and command line."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

__all__ = ["provenance"]

_LIBRARIES = ("numpy", "scipy", "numba", "xarray", "zarr")


def provenance() -> dict[str, str]:
    """Versions, platform, processor count, commit, UTC time and command line, as text.

    Versions come from the installed metadata, so no library is imported. ``commit`` is there only when
    the package runs from its own git checkout, and ends in ``-dirty`` if tracked files were changed.

    >>> sorted(set(provenance()) - {"commit"})
    ['command', 'cpu_count', 'numba', 'numpy', 'platform', 'pseudogauge', 'python', 'scipy', 'time_utc',
     'xarray', 'zarr']
    """
    from .. import __version__

    facts = {
        "pseudogauge": __version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in _LIBRARIES},
        "platform": platform.platform(),
        "cpu_count": str(_usable_cpus()),
        "time_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv else "",
    }
    commit = _commit()
    return {**facts, "commit": commit} if commit else facts


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _usable_cpus() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _commit() -> str:
    """Commit of the package's own checkout; empty when installed elsewhere, even inside another checkout."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "src" / "pseudogauge").is_dir() or not (root / ".git").exists():
        return ""
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
