"""Reading a scenario file: TOML in, a `Scenario` or one error that names every problem out."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import InputError, PseudogaugeError
from .checks import cross_check
from .model import SECTIONS, Scenario, unit_of

PAIR = 'for example ["1 µm", "1 µm"]'
FORMS = {
    "tuple_type": f"a list in brackets, {PAIR}",
    "model_type": "a section with settings of its own",
    "string_type": "a text in quotes",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
}
"""How to write what pydantic calls by its Python type."""
REFUSED = " is not allowed: it must be "
READY = Path(__file__).parent / "ready"

__all__ = ["ScenarioError", "find_scenario", "load_scenario", "parse_scenario"]


class ScenarioError(InputError):
    """Everything that is wrong with a scenario file, one line per problem."""

    def __init__(self, source: str, problems: tuple[str, ...]) -> None:
        self.source, self.problems = source, problems
        PseudogaugeError.__init__(self, f"{source}:\n" + "\n".join(f"  - {line}" for line in problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.source, self.problems)


def load_scenario(path: str | Path) -> Scenario:
    """Read and validate a scenario file.

    Raises `InputError` if the file is missing or no TOML, `ScenarioError` with every problem found.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError("scenario", path, "a TOML file, not a folder", f"name the file inside {path}")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = difflib.get_close_matches(
            path.name, [p.name for p in path.parent.glob("*.toml")], n=1, cutoff=0.4
        )
        ready = ", ".join(sorted(p.stem for p in READY.glob("*.toml")))
        fix = f'did you mean "{path.parent / near[0]}"?' if near else f"ready scenarios are {ready}"
        raise InputError("scenario", path, "an existing TOML file", fix) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("scenario", path, "a readable UTF-8 TOML file", str(error)) from error
    return parse_scenario(text, source=str(path))


def find_scenario(name: str | Path) -> Path:
    """The file a user means: a path, or the bare name of a ready scenario.

    >>> find_scenario("4hb-tas2").name
    '4hb-tas2.toml'
    """
    path, ready = Path(name), READY / f"{name}.toml"
    return ready if not path.exists() and ready.is_file() else path


def parse_scenario(text: str, source: str = "scenario", changes: Mapping[str, Any] | None = None) -> Scenario:
    """Validate the text of a scenario, with ``changes`` such as {"inclusions.radius": "50 nm"} put in.

    Raises `ScenarioError` with every problem found.

    >>> parse_scenario("[materail]")
    Traceback (most recent call last):
    ...
    pseudogauge.scenario.loading.ScenarioError: scenario:
      - [materail] is not a section: did you mean [material]?
      - title is missing: one line that names the run
      - [material] is missing: it needs penetration_depth, coherence_length, ...
      - [electrons] is missing: it needs fermi_wavevector, rashba_energy, vertical_field
      - [sample] is missing: it needs size
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(source, (f"not valid TOML: {error}",)) from error
    for name, value in (changes or {}).items():
        section, _, key = name.rpartition(".")
        target = table.setdefault(section, {}) if section else table
        if not isinstance(target, dict):
            raise ScenarioError(source, (f"{name} cannot be changed: {section} is no section",))
        target[key] = value
        text += f"\n# changed: {name} = {value!r}"
    origins: dict[str, dict[str, str]] = {}
    problems = _unknown_keys(table)
    plain = _strip_origins(table, origins, problems)
    known = {key: value for key, value in plain.items() if key in Scenario.model_fields}
    try:
        scenario = Scenario(**{**_known_only(known), "origins": origins, "text": text})
    except ValidationError as error:
        raise ScenarioError(source, tuple(problems + _explained(error))) from None
    if not problems:
        problems = cross_check(scenario)
    if problems:
        raise ScenarioError(source, tuple(problems))
    return scenario


def _known_only(table: dict[str, Any]) -> dict[str, Any]:
    """Drop unknown keys, which `_unknown_keys` has reported better than pydantic would."""
    return {
        key: {k: v for k, v in value.items() if k in SECTIONS[key].model_fields}
        if key in SECTIONS and isinstance(value, dict)
        else value
        for key, value in table.items()
    }


def _unknown_keys(table: dict[str, Any]) -> list[str]:
    problems = []
    top = [name for name in Scenario.model_fields if name not in ("origins", "text")]
    for key, value in table.items():
        if key not in top:
            shape = f"[{key}] is not a section" if isinstance(value, dict) else f"{key} is not a known key"
            bracket = "[{}]" if isinstance(value, dict) else "{}"
            problems.append(f"{shape}: {_did_you_mean(key, top, bracket)}")
        elif key in SECTIONS and isinstance(value, dict):
            fields = list(SECTIONS[key].model_fields)
            problems += [
                f"{key}.{name} is not a known key: {_did_you_mean(name, fields)}"
                for name in value
                if name not in fields
            ]
    return problems


def _did_you_mean(word: str, known: list[str], form: str = "{}") -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {form.format(near[0])}?" if near else "known are " + ", ".join(known)


def _strip_origins(
    table: dict[str, Any], origins: dict[str, dict[str, str]], problems: list[str]
) -> dict[str, Any]:
    """Replace {value, status, source} tables by their value and remember where each number comes from."""

    def strip(value: Any, name: str) -> Any:
        if isinstance(value, dict) and "value" in value:
            extra = set(value) - {"value", "status", "source"}
            if extra:
                problems.append(
                    f"{name} has unknown entries {sorted(extra)}: known are value, status, source"
                )
            status = value.get("status", "assumed")
            if status not in ("measured", "assumed", "derived", "chosen"):
                problems.append(
                    f"{name}.status = {status!r}: it must be measured, assumed, derived or chosen"
                )
            origins[name] = {"status": str(status), "source": str(value.get("source", ""))}
            return value["value"]
        return value

    return {
        key: {k: strip(v, f"{key}.{k}") for k, v in value.items()} if isinstance(value, dict) else value
        for key, value in table.items()
    }


def _explained(error: ValidationError) -> list[str]:
    """One line for each value that is refused, with all that it may be."""
    allowed: dict[str, list[str]] = {}
    for item in error.errors():
        value, refused, kind = _explain(item).partition(REFUSED)
        allowed.setdefault(value + refused, []).append(kind)
    return [value + " or ".join(dict.fromkeys(kinds)) for value, kinds in allowed.items()]


def _explain(item: Any) -> str:
    """One line for one pydantic error: where, what was given, what is allowed."""
    head, *rest = (str(part) for part in item["loc"])
    where = ".".join([head, *rest[:1]])
    if item["type"] == "missing" and len(rest) < 2:
        return _explain_missing(head, rest[0] if rest else "")
    if item["type"] == "literal_error":
        return f"{where}: {item['input']!r}{REFUSED}{item['ctx']['expected']}"
    message = str(item.get("ctx", {}).get("error", item["msg"]))
    if item["type"] == "too_long" or (item["type"] == "missing" and isinstance(item["input"], (list, tuple))):
        message = f"{item['input']!r} is not allowed: it must be a list of two, {PAIR}"
    elif item["type"] in FORMS:
        message = f"{item['input']!r}{REFUSED}{FORMS[item['type']]}"
    elif message == item["msg"]:
        message = f"{item['input']!r}{REFUSED}{message.removeprefix('Input should be ')}"
    return f"{where}: {message.removeprefix('value = ')}"


def _explain_missing(section: str, name: str) -> str:
    if not name and section in SECTIONS:
        needed = [key for key, info in SECTIONS[section].model_fields.items() if info.is_required()]
        return f"[{section}] is missing: it needs {', '.join(needed)}"
    info = SECTIONS[section].model_fields[name] if name else Scenario.model_fields[section]
    unit = unit_of(info)
    example = f', for example "1 {unit}"' if unit else ""
    return f"{section}{'.' if name else ''}{name} is missing: {info.description}{example}"
