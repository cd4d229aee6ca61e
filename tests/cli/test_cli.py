"""The command line as a user meets it: exit codes, messages, folders."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pseudogauge.cli import app

TOOL = Path(sys.executable).with_name("pseudogauge")
SMALL = """
title = "one small inclusion"
[material]
penetration_depth = "100 nm"
coherence_length = "50 nm"
critical_temperature = "2.7 K"
layer_spacing = "1.19 nm"
[electrons]
fermi_wavevector = "5 /nm"
rashba_energy = "50 meV"
vertical_field = "0.1 V/nm"
[inclusions]
arrangement = "list"
positions = [["400 nm", "400 nm"]]
radius = "150 nm"
edge_width = "60 nm"
pseudo_magnetisation = "0.5 Hc1"
[sample]
size = ["800 nm", "800 nm"]
spacing = "25 nm"
"""


def pseudogauge(*words, cwd=None):
    """The command in a process of its own, as a user starts it."""
    return subprocess.run([str(TOOL), *map(str, words)], capture_output=True, text=True, timeout=120, cwd=cwd)


def inside(*words):
    """The command in this process: the same code without the start-up."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small run, made once."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.toml").write_text(SMALL)
    done = pseudogauge("run", folder / "small.toml", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder, done


def test_run_leaves_data_figures_and_report(finished):
    folder, done = finished
    assert "report:" in done.stdout
    page = (folder / "out" / "report.html").read_text()
    assert "one small inclusion" in page
    assert len(list((folder / "out" / "figures").glob("*.png"))) >= 4
    assert (folder / "out" / "data.zarr").is_dir()


def test_run_reports_progress_on_stderr_only(finished):
    _, done = finished
    assert "lowest Ginzburg-Landau state" in done.stderr
    assert "Ginzburg-Landau state" not in done.stdout


def test_saved_dataset_has_full_provenance(finished):
    import pseudogauge as pg
    from pseudogauge.results import attribute

    folder, _ = finished
    dataset = pg.open_results(folder / "out")
    assert dataset.attrs["scenario"] == SMALL
    assert dataset.attrs["converged"] == 1
    assert dataset.attrs["residual"] < 1e-7
    assert {"pseudogauge", "numpy", "scipy", "numba", "command"} <= set(attribute(dataset, "provenance"))
    numbers = {row["symbol"]: row["value"] for row in attribute(dataset, "numbers")}
    assert numbers["h̃/H_c1"] == pytest.approx(0.5, rel=1e-12)


def test_report_and_resume_rebuild_from_data(finished):
    folder, _ = finished
    page = folder / "out" / "report.html"
    for command in ("report", "resume"):
        page.unlink()
        assert inside(command, folder / "out").exit_code == 0
        assert page.exists()


def stopped(words, out, number, after):
    """A command that gets a signal as soon as ``out`` holds more than ``after`` minima."""
    running = subprocess.Popen([str(TOOL), *map(str, words)], stderr=subprocess.PIPE, text=True)
    while len(list(out.glob("unfinished/*/*.npz"))) <= after and running.poll() is None:
        time.sleep(0.005)
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert "Traceback" not in said
    assert not (out / "data.zarr").exists()
    return running.returncode, said


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_run_that_was_stopped_goes_on_where_it_was(finished, tmp_path, monkeypatch):
    import pseudogauge as pg
    from pseudogauge.results import MinimaFolder

    folder, _ = finished
    out = tmp_path / "out"
    code, said = stopped(["run", folder / "small.toml", "--out", out], out, signal.SIGINT, after=0)
    assert code == 1
    assert "pseudogauge resume DIR" in said
    before = len(list(out.glob("unfinished/*/*.npz")))
    code, _ = stopped(["resume", out], out, signal.SIGKILL, after=before)
    assert code == -signal.SIGKILL
    kept = MinimaFolder(*next((path.parent, path.name) for path in out.glob("unfinished/*")))
    done = {key for key, reached in kept.items() if reached.finished}
    assert len(done) >= before
    written, put = [], MinimaFolder.__setitem__

    def watched(self, key, reached):
        written.append(key)
        put(self, key, reached)

    monkeypatch.setattr(MinimaFolder, "__setitem__", watched)
    assert inside("resume", out).exit_code == 0
    assert written
    assert not done & set(written)  # nothing that was done is done again
    whole, rest = (pg.open_results(path) for path in (folder / "out", out))
    assert rest.attrs["converged"] == 1
    assert rest.candidate_energy.values[0] == pytest.approx(whole.candidate_energy.values[0], rel=1e-12)
    assert not (out / "unfinished").exists()


def test_a_ring_beyond_depairing_is_told_before_the_work(tmp_path):
    (tmp_path / "strong.toml").write_text(SMALL.replace("0.5 Hc1", "9 Hc1"))
    checked = inside("check", tmp_path / "strong.toml")
    assert "beyond depairing" in checked.stdout
    assert "spacing: 25 nm = 0.5 ξ\n" in checked.stdout
    done = inside("run", tmp_path / "strong.toml", "--out", tmp_path / "out")
    assert done.exit_code == 0
    told = done.stderr.index("warning: the pseudo-potential drives a flow of 4.398 (1/ξ), beyond depairing")
    assert told < done.stderr.index("lowest Ginzburg-Landau state")


def test_another_run_does_not_overwrite(finished, tmp_path):
    folder, _ = finished
    (tmp_path / "other.toml").write_text(SMALL.replace("0.5 Hc1", "0.4 Hc1"))
    refused = inside("run", tmp_path / "other.toml", "--out", folder / "out")
    assert refused.exit_code == 2
    assert "choose another --out" in refused.stderr.lower()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("precious")
    refused = inside("run", folder / "small.toml", "--out", tmp_path / "mine")
    assert refused.exit_code == 2
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "precious"


def test_check_prints_scales_and_cost_and_runs_nothing(tmp_path):
    done = pseudogauge("check", "4hb-tas2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in (
        "v_F",
        "k_F",
        "Δ_R",
        "ξ",
        "λ",
        "κ",
        "2πγ/m",
        "I_γ",
        "M_γ/M_n",
        "h̃/H_c1",
        "expected vortices",
        "cost",
    ):
        assert word in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("150 nm", "-150 nm", "above 0 nm"),
        ("100 nm", "3 kg", "convertible to nm"),
        ("radius", "raduis", "did you mean radius?"),
        ('[["400 nm", "400 nm"]]', '[["400 nm", "400 nm"], ["450 nm", "400 nm"]]', "overlap"),
        ('[["400 nm", "400 nm"]]', '[["790 nm", "400 nm"]]\n[squid]\n[search]', "outside"),
        ('spacing = "25 nm"', 'spacing = "60 nm"', "vortex core"),
        ('spacing = "25 nm"', 'spacing = "40 nm"', "ring"),
        ('["800 nm", "800 nm"]', '["20 mm", "20 mm"]', "memory|machine"),
    ],
)
def test_bad_input_is_refused_at_once_with_one_message(tmp_path, monkeypatch, old, new, words):
    text = SMALL.replace(old, new, 1)
    if words == "outside":
        text = text.replace('spacing = "25 nm"', 'spacing = "25 nm"\nboundary = "open"')
        text = text.replace("[squid]\n[search]\n", "")
    (tmp_path / "bad.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    for command in ("check", "run"):
        done = inside(command, tmp_path / "bad.toml")
        assert done.exit_code == 2, done.output
        assert any(word in done.stderr for word in words.split("|")), done.stderr
        assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.toml"]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "no-such-file.toml"),
        ("run", "no-such-file.toml"),
        ("report", "no-such-folder"),
        ("resume", "no-such-folder"),
        ("runn", "4hb-tas2"),
        ("run",),
        ("paper", "--quik"),
    ],
)
def test_wrong_words_exit_with_2(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = inside(*words)
    assert done.exit_code == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_cite_names_software_and_paper():
    done = inside("cite")
    assert done.exit_code == 0
    assert "10.1038/s41535-025-00773-4" in done.stdout
    assert "@software" in done.stdout


def test_a_process_started_by_a_user_refuses_alike(tmp_path):
    done = pseudogauge("check", "no-such-file.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "Ready scenarios are" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_study_that_is_not_there_is_refused_with_the_names():
    done = inside("study", "phase-diagam")
    assert done.exit_code == 2
    assert "Did you mean phase-diagram" in done.output


def test_a_study_of_a_scenario_is_made_where_it_can_be_and_refused_with_one_message_elsewhere(tmp_path):
    for words, message in (
        (("study", "phase-diagram", "no-such.toml"), "an existing TOML file"),
        (("study", "lines-3d", "paper-fig1b"), "A scenario can be given to phase-diagram or discriminators"),
        (("study", "phase-diagram", "control-uniform"), "one with disks"),
    ):
        done = inside(*words, "--out", tmp_path / "none")
        assert done.exit_code == 2
        assert message in done.output
        assert len(done.output.strip().splitlines()) == 1
        assert not (tmp_path / "none").exists()
    assert "SCENARIO" in inside("study", "--help").output


def test_the_map_of_a_scenario_leaves_tables_and_can_be_reported_again(tmp_path, monkeypatch):
    from pseudogauge import jobs
    from pseudogauge.studies.phase_diagram import user_map

    monkeypatch.setattr(user_map, "FILLINGS", (0.4,))
    monkeypatch.setattr(jobs, "run_all", lambda work, names, progress: [work(name) for name in names])
    (tmp_path / "small.toml").write_text(SMALL)
    out = tmp_path / "map"
    done = inside("study", "phase-diagram", tmp_path / "small.toml", "--quick", "--out", out)
    assert done.exit_code == 0, done.output
    lines = (out / "tables/first.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("map,arrangement,R,d,kappa,")
    assert len(lines) == 3  # 0.4 and the scenario's own filling
    page = out / "report.html"
    assert "one small inclusion" in page.read_text(encoding="utf-8")
    page.unlink()
    assert inside("report", out).exit_code == 0
    assert "one small inclusion" in page.read_text(encoding="utf-8")
    assert inside("study", "phase-diagram", "--quick", "--out", out).exit_code == 2  # another study's folder
