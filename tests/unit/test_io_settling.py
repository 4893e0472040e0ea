"""How a file is read whose first records don't tell, and what is said of fields it lacks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.io import (
    AmbiguousFieldsError,
    Fields,
    FieldsError,
    NoFieldsError,
    Records,
    detect_fields,
    open_records,
    problem_text,
)


def write(path: Path, rows: Sequence[object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def opened(path: Path, rows: Sequence[object], fixed: Fields | None = None) -> Records:
    with open_records(write(path / "x.jsonl", rows), fixed or Fields()) as records:
        return records


def row(number: int, **more: object) -> dict[str, object]:
    return {"id": f"p{number}", "response": f"\\boxed{{{number}}}", "gold": str(number), **more}


def batch(number: int, text: str | None) -> dict[str, object]:
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    response = None if text is None else {"status_code": 200, "body": {"choices": [choice]}}
    return {"custom_id": f"p{number}", "response": response, "error": None}


class TestLaterRecords:
    @pytest.mark.parametrize("role", ["response", "gold"])
    @pytest.mark.parametrize("array", [False, True])
    def test_what_the_first_lack_is_looked_for(
        self, tmp_path: Path, role: str, array: bool
    ) -> None:
        rows = [row(i, **({role: None} if i < 100 else {})) for i in range(120)]
        path = write(tmp_path / "x.jsonl", [rows] if array else rows)
        with open_records(path, Fields()) as records:
            assert getattr(records.fields, role) == role
            assert [line.number for line in records] == list(range(1, 121))

    def test_a_finish_reason_may_come_late(self, tmp_path: Path) -> None:
        rows = [row(i, **({"finish_reason": "length"} if i > 80 else {})) for i in range(100)]
        assert opened(tmp_path, rows).fields.finish_reason == "finish_reason"
        assert opened(tmp_path, [row(i, note="truncated") for i in range(9)]).fields == Fields(
            response="response", gold="gold", id="id", group="id"
        )

    def test_what_is_nowhere_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(NoFieldsError, match="'response' would be the response, but nothing"):
            opened(tmp_path, [row(i, response=None) for i in range(70)])
        with pytest.raises(NoFieldsError, match=r"an object of 'x'.*response=response.FIELD"):
            opened(tmp_path, [row(1, response={"x": 1})])

    def test_failed_requests_are_no_other_layout(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        golds = write(tmp_path / "golds.jsonl", [{"custom_id": "p1", "gold": "1"}])
        for rows in ([batch(1, None)] * 3, [batch(1, None)] * 80 + [batch(1, "\\boxed{1}")]):
            source = write(tmp_path / "x.jsonl", rows)
            assert main(["score", source, "--gold", golds, "--on", "custom_id"]) == 3
            assert "batch output, read as response=response.body" in capsys.readouterr().err


class TestOddRecords:
    def test_a_layout_stays_what_it_is(self, tmp_path: Path) -> None:
        rows = [{"input": f"{i}?", "output": "\\boxed{1}", "gts": "1", "step": 1} for i in range(5)]
        assert opened(tmp_path, [*rows, {"output": "lost"}]).layout == "verl rollout dump"
        fixed = Fields(response="output", gold="gts")
        assert opened(tmp_path, [rows[0], row(1)], fixed).layout == "lines of JSON"

    def test_a_trace_without_traces(self, tmp_path: Path) -> None:
        trace = {"root_reply": "\\boxed{1}", "nodes": []}
        rows: list[dict] = [
            {"task": {"data": {"answer": "1"}}, "traces": [trace], "env": {}} for _ in range(4)
        ]
        records = opened(tmp_path, [*rows, {"task": {"data": {"answer": "1"}}}])
        assert records.layout == "verifiers traces"
        assert len(records.head) == 5


class TestShapes:
    @pytest.mark.parametrize(
        ("record", "response", "gold"),
        [
            ({"response": {"role": "assistant", "content": "a"}}, "response", "answer"),
            ({"response": "a", "ground_truth": {"answer": "1"}}, "response", "ground_truth"),
            ({"choices": [{"message": {"content": "a"}}]}, "choices[].message.content", "answer"),
            (
                {
                    "messages": [
                        {"role": "user", "content": "?"},
                        {"role": "assistant", "content": "a"},
                    ]
                },
                "messages",
                "answer",
            ),
            (
                {"messages": [{"role": "user", "content": "?"}], "output_text": "a"},
                "output_text",
                "answer",
            ),
            ({"model_answer": "a", "text": "?"}, "model_answer", "answer"),
            (
                {"generated_text": [{"generated_text": "a"}]},
                "generated_text[].generated_text",
                "answer",
            ),
            ({"generated_text": "a"}, "generated_text", "answer"),
            ({"outputs": [{"text": "a"}, {"text": "b"}]}, "outputs", "answer"),
            ({"code": ["a"], "solution": "s"}, "code", "answer"),
        ],
    )
    def test_where_the_text_is(self, record: dict, response: str, gold: str) -> None:
        found = detect_fields([{"answer": "1", **record}])
        assert (found.response, found.gold) == (response, gold)

    def test_reasons_stand_beside_outputs(self) -> None:
        outputs = [{"text": "a", "finish_reason": "stop"}]
        found = detect_fields([{"outputs": outputs, "answer": "1"}])
        assert found.finish_reason == "outputs[].finish_reason"

    @pytest.mark.parametrize("name", ["text", "code"])
    def test_what_may_be_the_problem_is_not_guessed(self, name: str) -> None:
        record = {name: "Add 1 and 2.", "solution": "It is 3.", "answer": "3"}
        with pytest.raises(AmbiguousFieldsError, match=f"response={name},gold=answer"):
            detect_fields([record])

    def test_one_field_is_not_both(self, tmp_path: Path) -> None:
        with pytest.raises(FieldsError, match="'gold' cannot be both"):
            opened(tmp_path, [row(1)], Fields(response="gold", gold="gold"))

    def test_a_problem_of_two_fields(self) -> None:
        record = {"instruction": "Add one.", "input": "2"}
        assert problem_text(record, Fields(problem="instruction+input")) == "Add one.\n\n2"
        assert problem_text({"input": " "}, Fields(problem="instruction+input")) == " "


class TestNames:
    def test_a_gold_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FieldsError, match=r"no record has 'nope', .*'id', 'response', 'gold'"):
            opened(tmp_path, [row(1)], Fields(gold="nope"))
        with pytest.raises(FieldsError, match=r"an element is written response\.0\.x"):
            opened(tmp_path, [row(1)], Fields(response="response[0].x"))

    def test_other_fields_are_remarked_on(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source = write(tmp_path / "x.jsonl", [row(1, level=None)])
        assert main(["score", source, "--map", "id=nope,dataset=level", "--by", "no"]) == 0
        said = capsys.readouterr().err
        assert "no record has 'nope', which --map id=nope names" in said
        assert "no record has 'no', which --by names" in said
        assert "'level'" not in said

    @pytest.mark.parametrize("holder", ["doc", "anything"])
    def test_tables_go_one_level_down(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], holder: str
    ) -> None:
        source = write(tmp_path / "x.jsonl", [row(i, **{holder: {"level": i % 2}}) for i in (1, 2)])
        out = tmp_path / "out.jsonl"
        assert main(["score", source, "--by", "level", "--format", "json", "-o", str(out)]) == 0
        captured = capsys.readouterr()
        assert f"--by level is read from {holder}.level" in captured.err
        assert sorted(json.loads(captured.out)["by"]["level"]) == ["0", "1"]
        assert [json.loads(line)["by"] for line in out.read_text().splitlines()] == [
            {"level": "1"},
            {"level": "0"},
        ]


class TestJoins:
    def test_keys_without_a_gold_are_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        golds = write(tmp_path / "golds.jsonl", [{"id": "1", "gold": "1"}, {"id": "2"}])
        rows = [{"id": name, "response": "\\boxed{1}"} for name in (" 1", "2", "\x1b[31m", None)]
        source = write(tmp_path / "x.jsonl", rows)
        assert main(["score", source, "--gold", golds, "--on", "id"]) == 3
        said = capsys.readouterr().err
        assert "line 1: id=' 1' has no gold in" in said
        assert "line 2: id='2' has no gold that can be used in" in said
        assert "line 3: id='\\x1b[31m' has no gold in" in said
        assert "line 4: no id, by which golds are joined" in said

    def test_numbers_join_however_they_are_written(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "golds.jsonl").write_text('{"id": 1.0, "gold": "1"}\n')
        source = write(tmp_path / "x.jsonl", [{"id": 1, "response": "\\boxed{1}"}])
        command = ["score", source, "--gold", str(tmp_path / "golds.jsonl"), "--on", "id"]
        assert main(command) == 0
        assert "1 of 1 right" in capsys.readouterr().out

    def test_a_task_whose_data_is_not_there(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source = write(tmp_path / "x.jsonl", [{"id": i, "response": "1"} for i in range(9)])
        assert main(["score", source, "--task", "amc23"]) == 2
        said = capsys.readouterr().err
        assert "--data" in said
        assert said.count("\n") < 4


def test_nothing_of_a_file_acts_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = "\x1b[31m\x07"
    golds = write(tmp_path / "golds.jsonl", [{"id": mark, "gold": n} for n in "12"])
    source = write(tmp_path / "x.jsonl", [{"id": mark, "response": mark, "prediction": "a"}])
    commands = [
        ["score", source, "--map", "gold=id"],
        ["score", source, "--map", "response=prediction", "--gold", golds, "--on", "id"],
        ["score", write(tmp_path / "y.jsonl", [{mark: 1}])],
        ["lint-gold", write(tmp_path / f"{mark}.jsonl", [{"id": mark, "gold": f"{mark}/"}])],
        ["explain", f"{tmp_path / mark}.jsonl:1"],
    ]
    for command in commands:
        assert main(command) in (0, 1, 2)
        captured = capsys.readouterr()
        assert (captured.out + captured.err).strip()
        assert not any(sign in captured.out + captured.err for sign in mark[::5])
