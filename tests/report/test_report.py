"""Reports are one file, ask for nothing, say what was found and let no text become markup."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from pseudogauge.errors import InputError, StoreError
from pseudogauge.report import (
    Badge,
    Fact,
    FigureItem,
    Report,
    Section,
    TableItem,
    claims_table,
    number_text,
    render_report,
    run_report,
    write_report,
)
from pseudogauge.results import VERDICTS, to_json

VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """Tags with their attributes and the text of a page; refuses tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.stack: list[str] = []
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, tag

    def handle_data(self, data):
        if "style" not in self.stack:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def requests(html: str) -> list[str]:
    """Everything in a page that would make a browser fetch something or run something."""
    page = Page(html)
    found = [
        f"<{tag}>" for tag, _ in page.tags if tag in {"script", "link", "iframe", "object", "embed", "base"}
    ]
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            if name in {"src", "href", "srcset", "action", "data", "poster"} and not re.match(
                r"#|data:image/png;", value
            ):
                found.append(f"{tag} {name}={value[:40]}")
            if name.startswith("on"):
                found.append(f"{tag} {name}")
    style = "".join(re.findall(r"<style>(.*?)</style>", html, re.S))
    return found + re.findall(r"@import|url\([^)]*\)|expression\(", style)


@pytest.fixture(scope="module")
def run(synthetic_run):
    return synthetic_run()


@pytest.fixture(scope="module")
def html(run):
    return render_report(run_report(run))


def test_the_page_asks_for_nothing(html):
    assert requests(html) == []
    for evil in (
        '<img src="https://x.org/a.png">',
        "<script></script>",
        '<hr onclick="x">',
        "<style>a{b:url(x)}</style>",
    ):
        assert len(requests(html.replace("</main>", evil + "</main>"))) == 1


def test_contents_lead_to_every_section(html):
    page = Page(html)
    links = [a["href"] for a in page.all("a")]
    assert links == [f"#{section['id']}" for section in page.all("section")]
    assert len(links) >= 6
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    named = {attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes}
    assert named <= set(identifiers)


def test_figures_are_png_with_a_text_for_those_who_cannot_see(html):
    images = Page(html).all("img")
    assert len(images) == 5
    for image in images:
        head, _, data = image["src"].partition(",")
        assert head == "data:image/png;base64"
        assert base64.b64decode(data, validate=True).startswith(b"\x89PNG")
        assert len(image["alt"]) > 20


def test_the_run_is_reported(html, run):
    text = Page(html).text
    assert "Found 3 vortices between the inclusions, 1 antivortex inside an inclusion." in text
    assert "Net flux 2 Φ₀ sum of windings 2" in text  # the synthetic sector
    assert "−2854.6" in text
    assert "converged residual 3.2 × 10⁻⁹, 214 iterations" in text
    for expected in ("Rashba energy", "38.8889", "assumed", "numba", "160 × 120 sites", run.attrs["title"]):
        assert expected in text
    assert run.attrs["scenario"] in "".join(Page(html).words)
    assert "Δ<sub>R</sub>" in html


def test_a_run_that_did_not_converge_says_so_and_what_to_do(small):
    advice = "stopped at 500 iterations: raise max_iterations"
    text = Page(render_report(run_report(small.assign_attrs(converged=0, message=advice)))).text
    assert "not converged" in text
    assert "did not converge: stopped at 500 iterations: raise max_iterations" in text


def test_a_lowest_state_that_one_start_found_is_doubted(synthetic_run):
    ds = synthetic_run()
    assert not run_report(ds).sections[0].paragraphs
    once = ds.candidate_found.where(ds.candidate_energy > ds.candidate_energy.min(), 1)
    (warning,) = run_report(ds.assign(candidate_found=once)).sections[0].paragraphs
    assert f"Only 1 of {int(once.sum())} starts led to the lowest state" in warning
    three = ds.assign(candidate_found=0 * once + 1).isel(candidate=slice(3))
    assert not run_report(three).sections[0].paragraphs


@pytest.mark.parametrize("periodic", [(True, True), (False, False)])
def test_a_run_in_which_nothing_is_found(synthetic_run, periodic):
    nothing = synthetic_run((), (), (), periodic=periodic, shape=(24, 20), spacing=0.15)
    html = render_report(run_report(nothing))
    assert "Found no vortices." in Page(html).text
    assert requests(html) == []
    assert len(Page(html).all("img")) == 3


@pytest.fixture(scope="module")
def small(synthetic_run):
    return synthetic_run((), (), (), shape=(12, 10), spacing=0.3)


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>&amp; a_b'


def test_hostile_texts_stay_text():
    item = FigureItem(Figure(figsize=(1, 1)), HOSTILE, HOSTILE)
    table = TableItem(HOSTILE, [HOSTILE], [[HOSTILE], [Badge(HOSTILE)]], HOSTILE)
    section = Section(HOSTILE, [HOSTILE], [item], [table], [Fact(HOSTILE, HOSTILE, HOSTILE)], HOSTILE)
    html = render_report(Report(HOSTILE, HOSTILE, [section, section], HOSTILE))
    assert requests(html) == []
    assert [tag for tag, _ in Page(html).tags].count("img") == 2
    assert Page(html).all("img")[0]["alt"] == HOSTILE
    assert requests(html.replace("&lt;", "<").replace("&gt;", ">"))  # unescaped, the check would see it


def test_hostile_run(small):
    html = render_report(run_report(small.assign_attrs(title=HOSTILE, scenario=HOSTILE, message=HOSTILE)))
    assert requests(html) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("v_F", "v<sub>F</sub>"),
        ("M_γ/M_n", "M<sub>γ</sub>/M<sub>n</sub>"),
        ("𝓔_∥×b_z", "𝓔<sub>∥</sub>×b<sub>z</sub>"),
        ("λe𝓔^z", "λe𝓔<sup>z</sup>"),
        ("h\u0303_in", "h\u0303<sub>in</sub>"),
        ("T^*", "T<sup>*</sup>"),
        ("penetration_depth", "penetration_depth"),
        ("x_y_z", "x_y_z"),
        ("a < b_z & c", "a &lt; b<sub>z</sub> &amp; c"),
        ("'q_x'", "&#39;q<sub>x</sub>&#39;"),
        ("A_long", "A_long"),
        ("0.2 H_c1; then b_z;", "0.2 H<sub>c1</sub>; then b<sub>z</sub>;"),
        ("λ_clean, g_between (g_inside).", "λ<sub>clean</sub>, g<sub>between</sub> (g<sub>inside</sub>)."),
        ("g_betweens", "g_betweens"),
        ("&b_z;", "&amp;b<sub>z</sub>;"),
        ("a_<", "a_&lt;"),
        ("&#39;_x;", "&amp;#39;_x;"),
    ],
)
def test_indices_of_one_letter_symbols(text, shown):
    assert f"<p>{shown}</p>" in render_report(Report("t", "", [Section("s", [text])]))


def test_claims_table_counts_and_badges():
    claim = {"equation": "17", "statement": "γ", "printed": 1.0, "computed": None, "error": 1e-7}
    claims = [{**claim, "id": f"c{i}", "verdict": v} for i, v in enumerate([*VERDICTS, "corrected"])]
    table = claims_table(claims)
    assert table.note == "5 claims: 1 confirmed, 2 corrected, 1 refuted, 1 open."
    html = render_report(Report("t", "", [Section("s", tables=[table])]))
    for tone, verdict in zip(("good", "changed", "bad", "neutral"), VERDICTS, strict=True):
        assert f'<span class="{tone}">{verdict}</span>' in html
    assert "10⁻⁷" in html
    assert len(Page(html).all("tr")) == 6


def test_bad_items_are_refused():
    with pytest.raises(InputError, match="2 cells"):
        TableItem("t", ["a", "b"], [[1]])
    with pytest.raises(InputError, match="PNG"):
        FigureItem(b"<svg/>", "caption", "alt")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-2, "−2"), (1234567.0, "1.23457 × 10⁶"), (1e-300, "1 × 10⁻³⁰⁰"), (float("nan"), "nan")],
)
def test_numbers_in_print(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (150.0, 2, "150"),
        (1.46e-9, 2, "1.5 × 10⁻⁹"),
        (9.96, 2, "10"),
        (-0.00361, 2, "−0.0036"),
        (12345678.0, 8, "12345678"),
    ],
)
def test_numbers_to_fewer_digits(value, digits, text):
    assert number_text(value, digits) == text


def test_rounding_is_written_as_nothing():
    assert number_text(-3e-17, scale=1e-3) == "0"
    assert number_text(-3e-17, scale=1e-5) == "−3 × 10⁻¹⁷"
    assert number_text(-3e-17) == "−3 × 10⁻¹⁷"
    assert number_text(-0.0) == "0"


def test_flux_and_energies_that_cancel_are_reported_as_nothing(run):
    field = run.magnetic_field - run.magnetic_field.mean()
    noise = field.copy()
    noise[0, 0] += 1e-15 * float(abs(field).sum())
    energies = to_json({"total": -2854.6, "magnetic": 3e-14, "kinetic": 2e-5})

    def found(field):
        changed = run.assign(magnetic_field=field.assign_attrs(run.magnetic_field.attrs))
        sections = {s.title: s for s in run_report(changed.assign_attrs(energies=energies)).sections}
        flux = next(fact.value for fact in sections["What was found"].facts if fact.label == "Net flux")
        return flux, sections["States compared"].tables[0].rows

    flux, rows = found(noise)
    assert flux == "0 Φ₀"
    assert rows == [("total", -2854.6), ("magnetic", 0.0), ("kinetic", 2e-5)]
    real = field.copy()
    real[0, 0] += 1e-9 * float(abs(field).sum())
    assert found(real)[0] != "0 Φ₀"


def test_writing_replaces_the_whole_file(tmp_path):
    report = Report("first", "", [])
    path = write_report(report, tmp_path / "new" / "report.html")
    write_report(replace(report, title="second"), path)
    assert "<h1>second</h1>" in path.read_text(encoding="utf-8")
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(StoreError):
        write_report(report, path / "below")
