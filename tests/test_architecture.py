"""The shape of the code: imports point one way, heavy libraries load late, no path or host slips in."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "pseudogauge"
ORDER = [
    ("errors", "progress", "citation"),
    ("units",),
    ("numerics",),
    ("microscopic",),
    ("inclusions",),
    ("ginzburg_landau",),
    ("magnetometry",),
    ("results",),
    ("scenario",),
    ("studies",),
    ("plots",),
    ("report",),
    ("jobs",),
    ("cli",),
]
FLOOR = {name: floor for floor, names in enumerate(ORDER) for name in names}


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path, text: str) -> set[str]:
    """The first-level modules of this package that a file imports, at its top or inside functions."""
    package = ("pseudogauge", *path.relative_to(SOURCE).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            names = [module] if len(module) > 1 else [(*module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        else:
            continue
        found |= {name[1] for name in names if name[0] == "pseudogauge" and len(name) > 1}
    return found - {"__version__"}


def wrong_imports(path: Path, text: str) -> list[str]:
    here = room(path)
    return [
        f"{path.relative_to(SOURCE)} imports {other}"
        for other in sorted(imported_rooms(path, text))
        if other != here and FLOOR[other] >= FLOOR[here]
    ]


FILES = [path for path in sorted(SOURCE.rglob("*.py")) if path != SOURCE / "__init__.py"]


def test_imports_point_one_way():
    assert [line for path in FILES for line in wrong_imports(path, path.read_text())] == []


def test_a_backward_import_is_noticed():
    path = SOURCE / "microscopic" / "__init__.py"
    assert wrong_imports(path, "from ..plots import style") == ["microscopic/__init__.py imports plots"]
    assert wrong_imports(path, "def f():\n    import pseudogauge.cli") == [
        "microscopic/__init__.py imports cli"
    ]
    assert wrong_imports(path, "from ..numerics import quadrature") == []


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import pseudogauge", {"numpy", "numba", "matplotlib", "pint", "xarray", "pydantic"}),
        ("import pseudogauge.microscopic, pseudogauge.ginzburg_landau", {"matplotlib", "pint", "pydantic"}),
        ("import pseudogauge.cli", {"numba", "matplotlib", "pint", "xarray"}),
    ],
)
def test_heavy_libraries_load_late(statement, forbidden):
    code = f"import sys; {statement}; print(*sorted(set({sorted(forbidden)!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_name_of_the_facade_resolves():
    import pseudogauge

    for name in pseudogauge.__all__:
        assert getattr(pseudogauge, name) is not None
