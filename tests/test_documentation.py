"""What the documentation says is run or compared with the code."""

import re
from pathlib import Path

from pseudogauge.scenario import field_table

ROOT = Path(__file__).parents[1]


def test_python_of_the_readme_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("-1.57933791")
    assert -1 / (2 * 3.14159) < float(said[1]) < -0.15
    assert "converged" in said[2]


def test_links_of_the_documentation_lead_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([\w./:-]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http") and ("/" in target or "." in target):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def scenario_table() -> str:
    rows = [f"| `{name}` | {unit} | {default} | {text} |" for name, unit, default, text in field_table()]
    rows = [row.replace("|λe𝓔^z|", r"\|λe𝓔^z\|") for row in rows]  # a bar would end the cell
    return "\n".join(["| setting | unit | default | meaning |", "|---|---|---|---|", *rows])


def test_every_setting_stands_in_the_scenario_page():
    page = (ROOT / "docs" / "how-to" / "scenario.md").read_text(encoding="utf-8")
    assert scenario_table() in page, "put this table into docs/how-to/scenario.md:\n" + scenario_table()
