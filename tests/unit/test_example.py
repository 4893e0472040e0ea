"""The example file of the first command a user runs: every verdict in it is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "preds.jsonl"

# Which samples of each prompt are right, and which give no answer; the rest are wrong.
RIGHT = {
    "g01": [0, 1],
    "g02": [0, 1],
    "g03": [0, 1],
    "g04": [0],
    "g05": [0, 1],
    "c01": [0, 1],
    "c02": [0, 1],
    "c03": [0, 1, 3],
    "c04": [0],
    "c05": [0],
    "c06": [0],
    "c07": [0, 1],
    "c08": [0],
    "o01": [0, 2],
    "o02": [0],
    "o03": [0],
    "o04": [0, 1],
    "o05": [0, 1],
    "s01": [0, 1, 3],
    "s02": [0, 1],
    "s03": [0],
    "k01": [0, 1],
    "k02": [0, 1],
    "z01": [0],
    "z02": [0, 1],
    "h02": [0, 1],
}
SILENT = {"g01": [3], "o01": [1], "o02": [2], "h01": [0, 1, 2]}


def ids(samples: dict[str, list[int]]) -> list[str]:
    return [f"{prompt}-{number}" for prompt, numbers in samples.items() for number in numbers]


def score(tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[list[dict], str]:
    out = tmp_path / "out.jsonl"
    code = main(["score", str(EXAMPLE), "-o", str(out), *more])
    assert code == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return rows, capsys.readouterr().out


def test_every_verdict_of_the_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = score(tmp_path, capsys)
    assert len(rows) == 79
    right = [row["id"] for row in rows if row["score"] == 1.0]
    assert right == ids(RIGHT)
    silent = [row["id"] for row in rows if row["verdict"] == "no_answer"]
    assert silent == ids(SILENT)
    others = {row["verdict"] for row in rows} - {"equal", "no_answer"}
    assert others == {"not_equal"}


def test_the_example_gives_a_row_per_data_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, table = score(tmp_path, capsys, "-q")
    names = [line.split("  ")[0] for line in table.splitlines()[1:11]]
    assert names == [
        "grade-school",
        "competition",
        "olympiad",
        "science",
        "choice",
        "gaokao",
        "hard-to-please",
        "overall",
        "macro average",
        "",
    ]
    assert "45 of 79 right" in table


def test_bytes_do_not_depend_on_threads(tmp_path: Path) -> None:
    written = set()
    for threads in ("1", "2", "5"):
        out = tmp_path / f"{threads}.jsonl"
        assert main(["score", str(EXAMPLE), "-q", "-o", str(out), "--threads", threads]) == 0
        written.add(out.read_bytes())
    assert len(written) == 1
