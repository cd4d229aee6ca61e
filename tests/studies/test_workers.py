"""Independent work in processes: results are kept, failures recorded, interrupts leave a resumable folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pseudogauge.results import open_dataset, save_dataset
from pseudogauge.studies.paper import compute_part, paper_parts
from pseudogauge.studies.workers import PartialFailure, run_all


def test_all_is_done_and_reported(tmp_path):
    said = []
    run_all(os.mkdir, [str(tmp_path / n) for n in "abc"], lambda f, m: said.append((f, m)), workers=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "c"]
    assert [f for f, _ in said] == pytest.approx([1 / 3, 2 / 3, 1])


def test_a_failure_does_not_stop_the_rest(tmp_path):
    names = [str(tmp_path / n) for n in ("a", "missing/b", "c")]
    with pytest.raises(PartialFailure, match=r"missing/b: FileNotFoundError"):
        run_all(os.mkdir, names, workers=1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "c"]


def test_a_part_that_is_there_is_not_computed_again(tmp_path):
    compute_part("fig2b", True, tmp_path)
    (part,) = (p for p in paper_parts(True) if p.name == "fig2b")
    assert part.is_done(tmp_path)
    marked = open_dataset(part.path(tmp_path)).assign_attrs(mark="kept")
    save_dataset(marked, part.path(tmp_path))
    compute_part("fig2b", True, tmp_path)
    assert open_dataset(part.path(tmp_path)).attrs["mark"] == "kept"
    (other,) = (p for p in paper_parts(False) if p.name == "fig2b")
    assert not other.is_done(tmp_path)  # the full version is other data


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_interrupt_leaves_a_resumable_folder(tmp_path):
    tool = Path(sys.executable).with_name("pseudogauge")
    command = [str(tool), "paper", "--quick", "--out", str(tmp_path / "out")]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while not list((tmp_path / "out").glob("*/data.zarr")) and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 1
    assert "resume" in said
    assert "Traceback" not in said
    kept = list((tmp_path / "out").glob("*/data.zarr"))
    assert kept
    for folder in kept:
        open_dataset(folder)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_workers_of_a_killed_process_finish_their_work_and_end(tmp_path):
    program = f"""
import os
from pseudogauge.studies.workers import run_all
if __name__ == "__main__":
    run_all(os.system, ["echo $PPID > {tmp_path}/pid; sleep 1.5; echo > {tmp_path}/done"], workers=1)
"""
    (tmp_path / "program.py").write_text(program)
    running = subprocess.Popen([sys.executable, str(tmp_path / "program.py")])
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.02)
    worker = Path("/proc") / (tmp_path / "pid").read_text().strip() / "stat"

    def lives():
        return worker.exists() and worker.read_text().rpartition(")")[2].split()[0] != "Z"

    running.kill()
    running.wait()
    assert lives()
    deadline = time.monotonic() + 30
    while lives() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not lives()
    assert (tmp_path / "done").exists()
