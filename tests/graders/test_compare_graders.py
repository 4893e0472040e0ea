"""The command ``pyverify compare --grader``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyverify.cli import main

pytestmark = pytest.mark.skipif(os.name != "posix", reason="graders need processes as POSIX has")

FILE = Path(__file__).with_name("graders_of_tests.py")


def rows(path: Path, *responses: str | None, gold: object = "42") -> str:
    lines = [
        json.dumps({"id": f"r{i}", "prompt": f"p{i // 2}", "response": one, "gold": gold})
        for i, one in enumerate(responses)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_one_grader_is_compared_with_pyverify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = rows(tmp_path / "in.jsonl", "\\boxed{42}", "\\boxed{6\\cdot7}", "42? \\boxed{1}", "no")
    out = tmp_path / "changes.jsonl"
    command = ["compare", source, "--grader", f"{FILE}:right", "-q", "-o", str(out)]
    assert main([*command, "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["comparisons"]
    assert found["a"]["name"] == "pyverify"
    assert found["a"]["grader"].startswith("pyverify/")
    overall = found["overall"]
    cells = ("both_right", "only_a_right", "only_b_right", "both_wrong", "num_prompts")
    assert [overall[cell] for cell in cells] == [1, 1, 1, 1, 2]
    changes = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in changes] == ["r1", "r2"]
    assert [one["change"] for one in changes] == ["right_to_wrong", "wrong_to_right"]
    ours, theirs = changes[1]["a"], changes[1]["b"]
    assert ours["side"] == "pyverify"
    assert ours["explanation"]["difference"] == "answer 1, gold 42"
    assert [one["text"] for one in ours["explanation"]["candidates"]] == ["1"]
    assert theirs["side"] == f"{FILE}:right"
    assert theirs["explanation"] is None


def test_several_are_compared_with_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = rows(tmp_path / "in.jsonl", "\\boxed{42}", "\\boxed{6\\cdot7}")
    names = ["exact", "pyverify", f"{FILE}:right"]
    command = ["compare", source, "-q", *(word for name in names for word in ("--grader", name))]
    assert main([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["comparisons"]
    assert [(one["a"]["name"], one["b"]["name"]) for one in found] == [
        ("exact", "pyverify"),
        ("exact", f"{FILE}:right"),
    ]
    assert [one["overall"]["only_b_right"] for one in found] == [1, 0]


def test_what_goes_wrong_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = rows(tmp_path / "in.jsonl", "42", "hang", "die", "raise", None)
    command = ["compare", source, "--grader", f"{FILE}:wild", "--deadline", "1", "-q"]
    assert main(command) == 3
    captured = capsys.readouterr()
    assert "b: no verdict, counted as wrong: 1 crashed, 1 raised, 1 timeout" in captured.out
    assert "a: 1 row that could not be judged, left out" in captured.out
    assert "1 row without a response" in captured.err


def test_a_module_of_the_current_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("def judge(completion, gold):\n    return True\n")
    # A file of this name must not stand in for the standard library's.
    (tmp_path / "logging.py").write_text("raise RuntimeError\n")
    source = rows(tmp_path / "in.jsonl", "\\boxed{1}")
    monkeypatch.chdir(tmp_path)
    command = ["compare", source, "--grader", "mine:judge", "--python", sys.executable]
    assert main([*command, "--format", "json", "-q"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["comparisons"]
    assert found["overall"]["only_b_right"] == 1


def test_a_grader_that_does_not_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = rows(tmp_path / "in.jsonl", "42"), tmp_path / "out.jsonl"
    assert main(["compare", source, "--grader", "no.module:f", "-o", str(out)]) == 2
    assert "--python PATH names the Python" in capsys.readouterr().err
    assert not list(tmp_path.glob("*out.jsonl*"))


def hanging(tmp_path: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """A comparison whose grader has come to a row that it never leaves."""
    source = rows(tmp_path / "in.jsonl", *["\\boxed{6\\cdot7}"] * 3, "hang", "42")
    out, marker = tmp_path / "changes.jsonl", tmp_path / "marker"
    command = [sys.executable, "-m", "pyverify.cli", "compare", source, "-o", str(out)]
    command += ["--grader", f"{FILE}:wild", "--deadline", "600"]
    environment = {**os.environ, "MARKER": str(marker)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=tmp_path, env=environment)
    end = time.monotonic() + 60
    while not marker.exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    return process, out


def test_an_interrupt_keeps_what_was_written(tmp_path: Path) -> None:
    process, out = hanging(tmp_path)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert b"interrupted; 3 changed rows are in" in error
    partial = Path(f"{out}.partial")
    assert len(partial.read_text(encoding="utf-8").splitlines()) == 3
    assert not out.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="a process hears of its parent's end on Linux")
def test_nothing_outlives_a_kill(tmp_path: Path) -> None:
    process, _ = hanging(tmp_path)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    # Whichever thread has started it.
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        children += (thread / "children").read_text().split()
    assert children
    process.kill()
    process.communicate(timeout=60)
    end = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < end
        time.sleep(0.05)
