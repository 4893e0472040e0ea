"""Which samples are of one prompt, where the file has no field that does nothing but say so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.io import Fields, detect_fields
from pyverify.io.grouping import nearly_all


def samples(*names: object, key: str = "id", **more: object) -> list[dict]:
    return [{key: name, "response": "a", "gold": str(name)} | more for name in names]


def group(rows: list[dict], fixed: Fields | None = None) -> str | None:
    return detect_fields(rows, fixed).group


@pytest.mark.parametrize("key", ["id", "task_id", "custom_id", "unique_id", "idx", "index"])
def test_an_id_that_is_repeated_is_the_group(key: str) -> None:
    assert group(samples("x/1", "x/1", "x/2", "x/2", key=key)) == key


def test_of_two_ids_the_repeated_one_is_the_group() -> None:
    rows = [row | {"id": f"request {i}"} for i, row in enumerate(samples(1, 1, 2, key="index"))]
    assert (detect_fields(rows).id, group(rows)) == ("id", "index")


def test_an_id_that_the_caller_named_comes_first() -> None:
    rows = [row | {"mine": i // 2} for i, row in enumerate(samples("a", "a", "a", "a"))]
    assert group(rows, Fields(id="mine")) == "mine"


def test_an_id_with_several_golds_names_no_prompt() -> None:
    rows = [row | {"gold": str(i)} for i, row in enumerate(samples(1, 1, 2, 2))]
    assert group(rows) is None


def test_a_slip_in_one_gold_does_not_lose_the_group() -> None:
    rows = samples(*"aabbccdd", key="prompt")
    rows[3]["gold"] = "other"
    assert group(rows) == "prompt"
    rows[5]["gold"] = "another"
    assert group(rows) is None


def test_data_sets_of_one_file_are_numbered_each_from_the_first() -> None:
    rows = samples(0, 1, dataset="one") + samples(0, 1, dataset="other")
    assert group(rows) == "dataset+id"


def test_a_constant_text_is_no_prompt() -> None:
    rows = [row | {"prompt": "Be brief.", "question": f"{row['id']}?"} for row in samples(1, 2, 3)]
    assert group(rows) == "question"
    # With the golds elsewhere there is nothing but the texts to go by.
    assert detect_fields(rows, need_gold=False).group == "question"
    assert group([row | {"prompt": "1?", "question": "1?"} for row in samples(1, 1)]) == "prompt"


def test_a_blank_text_names_nothing() -> None:
    rows = [
        {"instruction": f"{i} + 1?", "input": "", "output": "a", "answer": str(i)} for i in range(4)
    ]
    found = detect_fields(rows)
    assert (found.group, found.problem) == ("instruction", "instruction+input")
    rows = [row | {"instruction": "Add one.", "input": row["answer"]} for row in rows]
    assert group(rows) == "instruction+input"


def test_an_odd_row_does_not_lose_the_group() -> None:
    rows = samples(*"aabbccdd", key="task_id")
    del rows[3]["task_id"]
    assert group(rows) == "task_id"
    assert group(rows[:4]) == "task_id"
    assert group(rows[2:4]) is None


def test_nearly_all() -> None:
    assert [nearly_all(total - 1, total) for total in (1, 2, 3, 4, 64)] == [False] * 3 + [True] * 2
    assert nearly_all(58, 64)
    assert not nearly_all(57, 64)
    assert not nearly_all(0, 0)


@pytest.mark.parametrize(("names", "prompts"), [((0, 0, 1), 4), (("x/0", "x/0", "x/1"), 2)])
def test_numbers_of_several_files_are_not_the_same_prompts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], names: tuple[object, ...], prompts: int
) -> None:
    for name in ("one", "other"):
        # The engine leaves the last line to Python, whose groups must be the same.
        rows = [*samples(*names), *samples(names[-1], response={"text": "a"})]
        rows = [row | {"dataset": "both"} for row in rows]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines)
    assert main(["score", str(tmp_path), "-q", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["num_prompts"] == prompts


def test_a_task_numbers_its_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "other"):
        lines = "".join(json.dumps(row) + "\n" for row in samples(0, 1, 2))
        (tmp_path / f"{name}.jsonl").write_text(lines)
    assert main(["score", str(tmp_path), "-q", "--format", "json", "--task", "amc23"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["num_prompts"] == 3
    assert found["task"]["missing"] == 37
