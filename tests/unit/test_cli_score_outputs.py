"""``pyverify score``: what comes out beside the table, and thresholds."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify.cli import main


def row(name: object, answer: str, **more: object) -> dict[str, object]:
    return {"id": name, "response": f"\\boxed{{{answer}}}", "gold": "42", **more}


def write(path: Path, rows: Sequence[object]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in rows), encoding="utf-8")
    return str(path)


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_baseline_of_other_data_sets_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.jsonl", [row(1, "42", dataset="a"), row(2, "42", dataset="b")])
    other = write(tmp_path / "other.jsonl", [row(1, "42", dataset="a")])
    baseline, out = tmp_path / "base.json", tmp_path / "out.jsonl"
    assert main(["score", other, "-q", "-o", str(baseline)]) == 0
    capsys.readouterr()
    code = main(["score", source, "-q", "-o", str(out), "--baseline", str(baseline)])
    captured = capsys.readouterr()
    assert code == 2
    assert "b" in captured.err
    assert "2 of 2 right" in captured.out
    assert len(read(out)) == 2


def test_outputs_by_their_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.jsonl", [row(i, "42", level=i % 2) for i in range(4)])
    outs = [tmp_path / name for name in ("o.jsonl", "o.parquet", "o.json", "o.md", "o.html")]
    options = [word for out in outs for word in ("-o", str(out))]
    assert main(["score", source, "-q", "--by", "level", *options]) == 0
    assert "4 of 4 right" in capsys.readouterr().out
    rows, parquet, summary_, markdown, page = outs
    assert [r["by"] for r in read(rows)] == [{"level": "0"}, {"level": "1"}] * 2
    table = pytest.importorskip("pyarrow.parquet").read_table(parquet)
    assert table["score"].to_pylist() == [1.0] * 4
    assert table["by"].to_pylist()[1] == [("level", "1")]
    assert table["id"].to_pylist() == ["0", "1", "2", "3"]
    assert json.loads(summary_.read_text())["by"]["level"]["1"]["acc"] == 1.0
    assert markdown.read_text().startswith("| data set |")
    assert page.read_text().startswith("<!doctype html>")
    assert sorted(tmp_path.iterdir()) == sorted([Path(source), *outs])


@pytest.mark.parametrize("name", ["o.csv", "o.tsv"])
def test_an_unknown_ending_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    source = write(tmp_path / "in.jsonl", [row(1, "42")])
    assert main(["score", source, "-o", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_thresholds_of_several_kinds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(i, "42" if i < 2 else "7", prompt=i // 2) for i in range(4)]
    source = write(tmp_path / "in.jsonl", rows)
    assert main(["score", source, "-q", "--fail-under", "acc=0.5,pass@2=0.5"]) == 0
    assert main(["score", source, "-q", "--fail-under", "pass@2=0.6"]) == 1
    assert "pass@2 is 0.5000, below 0.6" in capsys.readouterr().err
    assert main(["score", source, "-q", "--fail-on", "empty>0%"]) == 0
    assert main(["score", source, "-q", "--fail-on", "truncated>0%"]) == 1
    assert main(["score", source, "-q", "--fail-under", "harmonic_mean=1"]) == 2


def test_what_stands_before_a_damage_is_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = gzip.compress("".join(json.dumps(row(i, "42")) + "\n" for i in range(50_000)).encode())
    cut, out = tmp_path / "cut.jsonl.gz", tmp_path / "out.jsonl"
    cut.write_bytes(whole[: len(whole) // 2])
    assert main(["score", str(cut), "-o", str(out)]) == 3
    captured = capsys.readouterr()
    rows = read(out)
    assert 1000 < len(rows) < 50_000
    assert f"{len(rows):,} of {len(rows):,} right" in captured.out
    assert f"is damaged in line {len(rows) + 1}" in captured.err
    assert "1 damaged input" in captured.err


def test_an_empty_file_does_not_lose_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, good = tmp_path / "a.jsonl", write(tmp_path / "b.jsonl", [row(1, "42")])
    empty.write_text("")
    assert main(["score", str(empty), good, "-q"]) == 3
    captured = capsys.readouterr()
    assert "1 of 1 right" in captured.out
    assert "a.jsonl is empty" in captured.err
    assert main(["score", str(empty), "-q"]) == 2


def test_what_acts_on_a_terminal_is_spelt_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a\x1b[31m.jsonl"
    path.write_text("{broken\n" + json.dumps(row(1, "42")) + "\n")
    assert main(["score", str(path)]) == 3
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(("closed", "code"), [("<&-", 2), (">&-", 0)])
def test_closed_streams(tmp_path: Path, closed: str, code: int) -> None:
    source = "-" if closed == "<&-" else write(tmp_path / "a.jsonl", [row(1, "42")])
    command = f'"{sys.executable}" -m pyverify.cli score "{source}" {closed}'
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=os.sep, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [row(i, "42") for i in range(20)])
    out = tmp_path / "out.jsonl"
    with subprocess.Popen(
        [sys.executable, "-m", "pyverify.cli", "score", "-", "-q", "-o", str(out)],
        stdin=subprocess.PIPE,
        cwd=os.sep,
    ) as process:
        while not any(path.name.startswith(".out") for path in tmp_path.iterdir()):
            time.sleep(0.01)
        process.kill()
    assert any(path.name.startswith(".out") for path in tmp_path.iterdir())
    assert main(["score", source, "-q", "-o", str(out)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]
