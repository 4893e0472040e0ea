"""What rows are counted under that name no data set, and what their samples are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.evaluate.names import dataset_names


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["a.jsonl"], [None]),
        (["-"], [None]),
        (["a.jsonl", "b.jsonl.gz"], ["a", "b"]),
        (["-", "b.jsonl"], ["<stdin>", "b"]),
        (["/x/1/gsm8k/o.jsonl", "/x/1/math/o.jsonl"], ["gsm8k/o", "math/o"]),
        (["./runs/gsm8k.json", "runs/math.json"], ["gsm8k", "math"]),
        (["a.json", "a.csv"], ["a.json", "a.csv"]),
        (["d/output-rs0.jsonl", "d/output-rs1.jsonl"], [None, None]),
        (["d/a/output-rs0.jsonl", "d/b/output-rs1.jsonl"], ["a/output", "b/output"]),
        (["test-00000-of-00002.parquet", "test-00001-of-00002.parquet"], [None, None]),
        (["m/part-0.jsonl", "m/part-1.jsonl", "n/part-0.jsonl"], ["m", "m", "n"]),
        (["seed0.jsonl", "seed1.jsonl"], ["seed0", "seed1"]),
    ],
)
def test_names_of_inputs(inputs: list[str], names: list[str | None]) -> None:
    assert list(dataset_names(inputs).values()) == names
    assert set(dataset_names(inputs, "all").values()) == {"all"}


def write(path: Path, rows: Sequence[object]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def samples(answers: str) -> list[dict[str, str]]:
    return [
        {"problem": f"What is {i}?", "response": f"\\boxed{{{answer}}}", "answer": str(i)}
        for i, answer in enumerate(answers)
    ]


def summary(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    main(["score", *arguments, "-q", "--format", "json"])
    return json.loads(capsys.readouterr().out)


def test_pieces_are_samples_of_the_same_prompts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        write(tmp_path / f"output-rs{i}.jsonl", samples(a)) for i, a in enumerate(("01", "00"))
    ]
    found = summary(capsys, *files)
    assert found["num_prompts"] == 2
    assert found["datasets"] == {}
    assert found["pass@k"]["pass@1"] == 0.75
    assert summary(capsys, *files, "--k", "2")["pass@k"]["pass@2"] == 1.0


def test_seeds_are_one_data_set_when_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path / f"seed{i}.jsonl", samples(a)) for i, a in enumerate(("01", "00"))]
    assert summary(capsys, *files)["num_prompts"] == 4
    assert set(summary(capsys, *files)["datasets"]) == {"seed0", "seed1"}
    found = summary(capsys, *files, "--dataset", "mine")
    assert (found["num_prompts"], set(found["datasets"])) == (2, {"mine"})


def test_checkpoints_kept_alike_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for step, answers in (("1", "00"), ("2", "01")):
        for name in ("gsm8k", "math"):
            write(tmp_path / step / name / "test.jsonl", samples(answers))
    baseline = str(tmp_path / "base.json")
    assert main(["score", str(tmp_path / "1" / "*" / "*.jsonl"), "-q", "-o", baseline]) == 0
    capsys.readouterr()
    found = summary(capsys, str(tmp_path / "2" / "*" / "*.jsonl"), "--baseline", baseline)
    assert found["baseline"]["ratios"] == {"gsm8k/test": 2.0, "math/test": 2.0}


def test_a_failed_request_answered_none_of_its_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = ["\\boxed{1}"] * 4
    rows = [{"id": i, "responses": right if i < 5 else None, "answer": "1"} for i in range(10)]
    rows[9]["responses"] = []
    found = summary(capsys, write(tmp_path / "a.jsonl", rows))
    assert (found["num_samples"], found["acc"]) == (40, 0.5)
    assert found["pass@k"]["pass@4"] == 0.5
    assert found["faults"]["missing_responses"] == 20


def test_the_problem_of_a_task_is_the_prompt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = "How many apples are in a basket of {} apples, when nobody takes any of them away?"
    problems = [{"id": f"p{i}", "problem": asked.format(i), "answer": str(i)} for i in range(40)]
    data = write(tmp_path / "amc23.jsonl", problems)
    rows = [
        {
            "prompt": f"{greeting} {asked.format(i)}",
            "response": f"\\boxed{{{i if right else 99}}}",
            "answer": str(i),
        }
        for i in range(40)
        for greeting, right in (("Please:", True), ("Now:", False))
    ]
    rows += [{"prompt": "What else could it be?", "response": "\\boxed{7}", "answer": "7"}]
    found = summary(
        capsys, write(tmp_path / "p.jsonl", rows), "--task", "amc23", "--data", data, "--k", "2"
    )
    table = found["datasets"]["amc23"]
    assert (table["num_prompts"], table["acc"], table["pass@k"]["pass@2"]) == (40, 0.5, 1.0)
    assert found["datasets"]["not in amc23"]["num_samples"] == 1


def test_many_data_sets_are_not_all_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a-very-long-name-of-a-data-set/that-differs-at-the-end-only/"
    rows = [
        {"dataset": f"{name}{i}", "response": "\\boxed{1}", "answer": "1"}
        for i in range(60)
        for _ in range(1 + i // 30)
    ]
    assert main(["score", write(tmp_path / "a.jsonl", rows), "-q"]) == 0
    shown = capsys.readouterr().out
    assert "the 50 largest of 60 data sets" in shown
    names = [line.split("  ")[0] for line in shown.splitlines() if line.startswith("a-very")]
    assert len(names) == len(set(names)) == 50
