"""The command ``pyverify score``: inputs, outputs, exit codes."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify.cli import main


def row(name: object, answer: str, gold: object = "42", **more: object) -> dict[str, object]:
    return {"id": name, "response": f"It is \\boxed{{{answer}}}.", "gold": gold, **more}


def write(path: Path, rows: Sequence[object]) -> str:
    lines = [line if isinstance(line, str) else json.dumps(line) for line in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def summary(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_rows_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.jsonl", [row("a", "42"), row("b", "41"), row(3, "6\\cdot7")])
    out = tmp_path / "out.jsonl"
    assert main(["score", source, "-o", str(out)]) == 0
    found = read(out)
    assert [r["id"] for r in found] == ["a", "b", 3]
    assert [r["score"] for r in found] == [1.0, 0.0, 1.0]
    assert [r["unevaluated"] for r in found] == [False, False, True]
    assert found[0]["extracted"] == "42"
    assert found[0]["verdict"] == "equal"
    assert found[0]["line"] == 1
    begin, end = found[0]["span"]  # type: ignore[misc]
    assert "It is \\boxed{42}."[begin:end] == "42"
    assert all(list(r) == sorted(r) for r in found)
    assert str(found[0]["grader"]).startswith("pyverify/")
    captured = capsys.readouterr()
    assert "0.6667" in captured.out
    assert "2 of 3 right" in captured.out
    assert "read as response=response, gold=gold, id=id" in captured.err


def test_json_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(i, "42" if i < 3 else "1", dataset="x") for i in range(4)]
    source = write(tmp_path / "in.jsonl", rows)
    assert main(["score", source, "-q", "--format", "json"]) == 0
    found = summary(capsys)
    assert found["schema"] == 2
    assert found["num_samples"] == found["num_scores"] == 4
    assert found["acc"] == 0.75
    assert found["stderr"] == pytest.approx(math.sqrt(0.75 * 0.25 / 3))
    assert found["datasets"]["x"]["acc"] == 0.75


def test_errors_are_clustered_by_prompt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Four samples of each of three prompts, all right or all wrong: three draws, not twelve.
    rows = [row(i, "42" if i < 8 else "1", prompt=f"p{i // 4}") for i in range(12)]
    source = write(tmp_path / "in.jsonl", rows)
    assert main(["score", source, "-q", "--format", "json"]) == 0
    found = summary(capsys)
    assert found["num_prompts"] == 3
    p = 2 / 3
    squares = 2 * (4 - 4 * p) ** 2 + (4 * p) ** 2
    assert found["stderr"] == pytest.approx(math.sqrt(squares * 3 / 2) / 12)


def test_lists_of_samples(tmp_path: Path) -> None:
    rows = [{"id": "q", "responses": ["\\boxed{42}", "\\boxed{7}"], "gold": 42}]
    out = tmp_path / "out.jsonl"
    assert main(["score", write(tmp_path / "in.jsonl", rows), "-q", "-o", str(out)]) == 0
    assert [(r["id"], r["sample"], r["score"]) for r in read(out)] == [("q", 0, 1.0), ("q", 1, 0.0)]


def test_broken_and_incomplete_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        row("a", "42"),
        "{broken",
        row("b", "42", gold=None),
        {"id": "c", "response": None, "gold": "42"},
        row("d", "42"),
    ]
    source = write(tmp_path / "in.jsonl", rows)
    out = tmp_path / "out.jsonl"
    assert main(["score", source, "-o", str(out), "--format", "json"]) == 3
    captured = capsys.readouterr()
    assert "line 2: not JSON" in captured.err
    assert "line 3: no usable gold" in captured.err
    assert "line 4: no response" in captured.err
    found = json.loads(captured.out)
    # A row without a gold says nothing about the model; one without a response is a failure.
    assert found["num_scores"] == 3
    assert found["acc"] == pytest.approx(2 / 3)
    assert found["faults"] == {
        "bad_golds": 0,
        "bad_values": 0,
        "damaged_inputs": 0,
        "broken_lines": 1,
        "missing_golds": 1,
        "missing_responses": 1,
        "repeated_lines": 0,
    }
    assert [r["verdict"] for r in read(out)] == ["equal", "missing", "missing", "equal"]


def test_unusable_golds_leave_the_other_rows_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = "{" * 400 + "1" + "}" * 400
    source = write(tmp_path / "in.jsonl", [row("a", "42"), row("b", "1", gold=deep)])
    for option in ("zero", "raise", "abstain"):
        assert main(["score", source, "--format", "json", "--option", f"on_bad_gold={option}"]) == 3
        found = summary(capsys)
        assert (found["num_scores"], found["acc"]) == (2, 0.5)
        assert found["faults"]["bad_golds"] == 1
    source = write(tmp_path / "in.jsonl", [row("a", "42"), row("b", "1", gold={"choice": "Z"})])
    out = tmp_path / "out.jsonl"
    assert main(["score", source, "--format", "json", "-o", str(out)]) == 3
    found = summary(capsys)
    assert (found["num_scores"], found["acc"]) == (1, 1.0)
    assert found["faults"]["missing_golds"] == 1
    assert [r["verdict"] for r in read(out)] == ["equal", "missing"]


def test_threshold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.jsonl", [row("a", "42"), row("b", "41")])
    assert main(["score", source, "-q", "--fail-under", "acc=0.5"]) == 0
    assert main(["score", source, "-q", "--fail-under", "acc=0.51"]) == 1
    assert "below 0.51" in capsys.readouterr().err
    assert main(["score", source, "-q", "--fail-under", "speed=3"]) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [{"answer": "1", "solution": "2"}],
        [{"response": "1", "prediction": "2", "gold": "3"}],
    ],
)
def test_ambiguous_files_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[object]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["score", write(tmp_path / "in.jsonl", rows), "-o", str(out)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("--map response=") == 2
    assert captured.out == ""
    assert not out.exists()


def test_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"x": {"y": "\\boxed{5}"}, "gold": "6", "z": ["5"]}]
    source = write(tmp_path / "in.jsonl", rows)
    arguments = ["score", source, "-q", "--format", "json", "--map", "response=x.y,gold=z.0"]
    assert main(arguments) == 0
    assert summary(capsys)["acc"] == 1.0


def test_join(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = {"body": {"choices": [{"message": {"role": "assistant", "content": "\\boxed{5}"}}]}}
    rows = [
        {"custom_id": "b", "response": body},
        {"custom_id": "a", "response": body},
        {"custom_id": "z", "response": body},
    ]
    golds = [{"custom_id": "a", "answer": "5"}, {"custom_id": "b", "answer": "6"}]
    out = tmp_path / "out.jsonl"
    arguments = ["score", write(tmp_path / "in.jsonl", rows), "-o", str(out)]
    arguments += ["--gold", write(tmp_path / "gold.jsonl", golds), "--on", "custom_id"]
    assert main(arguments) == 3
    assert [(r["id"], r["score"]) for r in read(out)] == [("b", 0.0), ("a", 1.0), ("z", 0.0)]
    assert main(arguments[:-2]) == 2
    assert "belong together" in capsys.readouterr().err


def test_several_inputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.jsonl", [row(1, "42")])
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as file:
        file.write(json.dumps({"output": "\\boxed{1}", "gts": "2"}) + "\n")
    out = tmp_path / "out.jsonl"
    assert main(["score", str(tmp_path / "?.jsonl*"), "-q", "-o", str(out)]) == 0
    assert [str(r["source"]).rpartition("/")[2] for r in read(out)] == ["a.jsonl", "b.jsonl.gz"]
    assert [r["line"] for r in read(out)] == [1, 1]
    assert "overall" in capsys.readouterr().out


def test_standard_streams(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = json.dumps(row("a", "42")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert main(["score", "-", "-q", "-o", "-"]) == 0
    captured = capsysbinary.readouterr()
    assert json.loads(captured.out)["score"] == 1.0
    assert b"1 of 1 right" in captured.err


def test_golds_that_are_worked_solutions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        row(1, "42", gold="6 * 7 = 42 is what they pay.\n#### 42"),
        row(2, "42", gold="We multiply and get $\\boxed{42}$."),
        row(3, "42", gold="$42$"),
        row(4, "42", gold="\\boxed{42}"),
        row(5, "6", gold="6 * 7 = 42 is what they pay.\n#### 42"),
    ]
    source = write(tmp_path / "in.jsonl", rows)
    assert main(["score", source, "-q", "--format", "json"]) == 0
    assert summary(capsys)["acc"] == 0.8


def test_filters_of_one_response_count_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"doc_id": i, "resps": [["\\boxed{5}"]], "target": "5", "filter": name}
        for i in range(2)
        for name in ("strict", "flexible")
    ]
    source = write(tmp_path / "in.jsonl", rows)
    assert main(["score", source, "-q", "--format", "json"]) == 0
    found = summary(capsys)
    assert found["num_samples"] == 2
    assert found["faults"]["repeated_lines"] == 2


def test_last_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "They start with 6 boxes.\nEach of them holds 7 pens.\nThat makes 42 pens in all."
    source = write(tmp_path / "in.jsonl", [{"response": text, "gold": "42"}])
    assert main(["score", source, "-q", "--format", "json"]) == 0
    assert summary(capsys)["empty_samples"] == 1
    assert main(["score", source, "-q", "--format", "json", "--last-number"]) == 0
    found = summary(capsys)
    assert found["acc"] == 1.0
    assert found["grader"].endswith("+last_number")


def test_unreadable_inputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(tmp_path / "none.jsonl")]) == 2
    assert main(["score", write(tmp_path / "a.jsonl", ["", ""])]) == 2
    assert main(["score", write(tmp_path / "b.jsonl", ["x", "y"])]) == 2
    assert main(["score"]) == 2
    source = write(tmp_path / "c.jsonl", [row(1, "42")])
    assert main(["score", source, "-o", source]) == 2
    assert "also an input" in capsys.readouterr().err


def test_a_large_file_streams_in_chunks(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    with source.open("w") as file:
        for i in range(9000):
            file.write(json.dumps(row(i, str(i % 50), prompt=i // 3)) + "\n")
    written = []
    for threads in ("1", "3"):
        out = tmp_path / f"{threads}.jsonl"
        assert main(["score", str(source), "-q", "-o", str(out), "--threads", threads]) == 0
        written.append(out.read_bytes())
    assert written[0] == written[1]
    found = read(tmp_path / "1.jsonl")
    assert [r["id"] for r in found] == list(range(9000))
    assert sum(float(str(r["score"])) for r in found) == 180


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pyverify.cli", *arguments]
    # Away from the checkout, where the name pyverify means the sources without their engine.
    return subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=os.sep)


def test_as_a_process(tmp_path: Path) -> None:
    found = run("--version")
    assert found.returncode == 0
    assert found.stdout.startswith(b"pyverify ")
    assert run("--help").returncode == 0
    assert run("score", "--help").returncode == 0
    assert run("nonsense").returncode == 2
    source = write(tmp_path / "in.jsonl", [row(1, "42")])
    assert run("score", source).returncode == 0


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [row(i, "42") for i in range(20_000)])
    command = [sys.executable, "-m", "pyverify.cli", "score", source, "-q", "-o", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, cwd=os.sep) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(timeout=60)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_no_fault_of_ours(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [row("a", "42")])
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pyverify.cli", "score", source, "-q"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interrupted_run_keeps_its_rows(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "pyverify.cli", "score", "-", "-q", "-o", str(out)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=os.sep) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        for i in range(5000):
            process.stdin.write(json.dumps(row(i, "42")).encode() + b"\n")
        process.stdin.flush()
        # The pipe stays open: the run has judged what it got and waits for more.
        while not list(tmp_path.glob(".out.jsonl.*")):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130
    partial = tmp_path / "out.jsonl.partial"
    assert not out.exists()
    assert f"interrupted; {len(read(partial)):,} rows are in {partial}" in said
