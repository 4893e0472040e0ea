"""Benchmarks by name: their catalogue, and their problems found and read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify import PRESETS
from pyverify.io import Fields
from pyverify.tasks import TASKS, TaskError, detect_task, load_problems, task, task_join

SIZES = {
    "gsm8k": 1319,
    "math500": 500,
    "minerva_math": 272,
    "olympiadbench": 675,
    "amc23": 40,
    "aime24": 30,
}


def write(path: Path, rows: Sequence[object]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def one(**more: object) -> dict[str, object]:
    return {"problem": "How much is two and two?", "answer": "4", **more}


def test_catalogue() -> None:
    assert {name: t.size for name, t in TASKS.items()} == SIZES
    assert all(t.preset in PRESETS and t.sources for t in TASKS.values())
    assert all("{problem}" in t.prompt.user for t in TASKS.values())
    assert TASKS["gsm8k"].prompt.system
    assert TASKS["amc23"].prompt.system is None
    assert TASKS["math500"].by == ("subject", "level")


def test_prompts_keep_braces() -> None:
    asked = TASKS["math500"].prompt.messages(r"What is \frac{1}{2}+{x}?")
    assert [m["role"] for m in asked] == ["user"]
    assert r"What is \frac{1}{2}+{x}?" in asked[0]["content"]
    assert r"\boxed{}" in asked[0]["content"]
    assert [m["role"] for m in TASKS["gsm8k"].prompt.messages("1+1?")] == ["system", "user"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("math500", "math500"),
        ("MATH-500", "math500"),
        ("HuggingFaceH4/MATH-500", "math500"),
        ("openai/gsm8k", "gsm8k"),
        ("AIME_2024", "aime24"),
    ],
)
def test_other_names(name: str, found: str) -> None:
    assert task(name).name == found


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(TaskError, match="no task 'math'; there are gsm8k, math500, minerva_math"):
        task("math")


@pytest.mark.parametrize(
    "path",
    [
        "math500.jsonl",
        "MATH-500.jsonl",
        "math_500_test.jsonl",
        "math500/test.jsonl",
        "MATH-500/data/test-00000-of-00001.jsonl",
    ],
)
def test_found_in_a_folder(tmp_path: Path, path: str) -> None:
    write(tmp_path / path, [one()])
    write(tmp_path / "gsm8k.jsonl", [one(answer="5")])
    write(tmp_path / "math500/README.md", []) if "/" in path else None
    assert [p.gold for p in load_problems(TASKS["math500"], str(tmp_path))] == ["4"]


def test_folder_without_or_with_several(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"holds no data of math500: a file such as math500\.jsonl"):
        load_problems(TASKS["math500"], str(tmp_path))
    write(tmp_path / "math500.jsonl", [one()])
    write(tmp_path / "math-500.jsonl", [one()])
    with pytest.raises(TaskError, match="several files for math500"):
        load_problems(TASKS["math500"], str(tmp_path))
    with pytest.raises(TaskError, match="no such file"):
        load_problems(TASKS["math500"], str(tmp_path / "none.jsonl"))


def test_environment_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYVERIFY_TASK_DATA", raising=False)
    with pytest.raises(TaskError, match="PYVERIFY_TASK_DATA"):
        load_problems(TASKS["amc23"])
    monkeypatch.setenv("PYVERIFY_TASK_DATA", write(tmp_path / "mine.jsonl", [one()]))
    assert len(load_problems(TASKS["amc23"])) == 1


def test_columns_of_other_copies(tmp_path: Path) -> None:
    worked = "He has 2 and gets 3, so 2 + 3 = 5.\n#### 5"
    path = write(tmp_path / "g.jsonl", [{"question": "How many has he?", "answer": worked}])
    found = load_problems(TASKS["gsm8k"], path)[0]
    assert (found.id, found.problem, found.gold) == ("gsm8k/0", "How many has he?", "5")

    path = write(tmp_path / "a.jsonl", [{"id": 61, "problem": "?", "solution": r"So \boxed{073}."}])
    found = load_problems(TASKS["aime24"], path)[0]
    assert (found.id, found.gold) == ("61", "073")

    row = {
        "id": 7,
        "question": "Find both.",
        "context": "Let n be even.",
        "final_answer": ["1", "2"],
        "subject": "Math",
        "subfield": "Algebra",
        "error": "0.1",
    }
    found = load_problems(TASKS["olympiadbench"], write(tmp_path / "o.jsonl", [row]))[0]
    assert found.gold == ["1", "2"]
    assert found.problem == "Let n be even.\nFind both."
    assert (found.record["subject"], found.record["error"]) == ("Algebra", "0.1")


def test_data_of_something_else(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", [one(), {"text": "no problem"}])
    with pytest.raises(TaskError, match=r"record 2: no problem .*there are 'text'"):
        load_problems(TASKS["math500"], path)
    path = write(tmp_path / "y.jsonl", [{"problem": "Why?"}])
    with pytest.raises(TaskError, match="record 1: no gold"):
        load_problems(TASKS["math500"], path)
    with pytest.raises(TaskError, match="is empty"):
        load_problems(TASKS["math500"], write(tmp_path / "z.jsonl", []))


@pytest.mark.parametrize(
    ("source", "rows", "found"),
    [
        ("runs/math500.jsonl", [], "math500"),
        ("runs/samples_pyverify_math-500_2026.jsonl", [], "math500"),
        ("aime_2024/test_qwen.jsonl", [], "aime24"),
        ("preds.jsonl", [{"data_source": "openai/gsm8k"}], "gsm8k"),
        ("gsm8k.jsonl", [{"data_source": "HuggingFaceH4/MATH-500"}], "math500"),
        ("minerva_math.jsonl", [{}], "minerva_math"),
        ("preds.jsonl", [{"task": "gsm8k"}], "gsm8k"),
        ("gsm8k.jsonl", [{"task": "Find the number of apples."}], "gsm8k"),
    ],
)
def test_auto(source: str, rows: list[dict], found: str) -> None:
    assert detect_task(source, rows).name == found


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("preds.jsonl", [{"answer": "5"}]),
        ("math_test.jsonl", []),
        ("gsm8k.jsonl", [{"dataset": "svamp"}]),
        ("gsm8k_and_math500.jsonl", []),
        ("samples_minerva_math_algebra.jsonl", []),
        ("preds.jsonl", [{"dataset": "gsm8k"}, {"dataset": "math500"}]),
        ("preds.jsonl", [{"dataset": "gsm8k"}, {"dataset": "svamp"}]),
    ],
)
def test_auto_refuses_if_unsure(source: str, rows: list[dict]) -> None:
    with pytest.raises(TaskError, match="--task"):
        detect_task(source, rows)


def test_join_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYVERIFY_TASK_DATA", raising=False)
    row = {"dataset": "aime24", "response": "4", "gold": "4"}
    inputs = [write(tmp_path / "a.jsonl", [row]), write(tmp_path / "b.jsonl", [row])]
    join = task_join("auto", None, inputs, Fields())
    assert (join.task.name, join.problems) == ("aime24", None)
    data = write(tmp_path / "data/aime24.jsonl", [one()])
    join = task_join("AIME-2024", data, ["-"], Fields())
    assert join.problems is not None
    inputs.append(write(tmp_path / "c.jsonl", [{**row, "dataset": "gsm8k"}]))
    with pytest.raises(TaskError, match="several tasks"):
        task_join("auto", None, inputs, Fields())
    with pytest.raises(TaskError, match="standard input"):
        task_join("auto", None, ["-"], Fields())


@pytest.mark.parametrize("name", SIZES)
def test_development_copies(development_data: Path, name: str) -> None:
    problems = load_problems(TASKS[name], str(development_data / "bench"))
    assert len(problems) == SIZES[name]
    assert len({p.id for p in problems}) == SIZES[name]
