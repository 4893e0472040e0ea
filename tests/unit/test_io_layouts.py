"""Traps of the layouts: what their programs write on bad days, and who else writes such keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.evaluate import RunSettings, score_files
from pyverify.io import (
    AmbiguousFieldsError,
    Fields,
    JsonLine,
    NoFieldsError,
    Part,
    Row,
    RowFault,
    SourceError,
    open_records,
    parse_map,
    problem_text,
    rows_of,
)


def read(path: Path, *records: object, fixed: Fields | None = None) -> tuple[str, list[Row]]:
    path = path / "x.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    with open_records(str(path), fixed or Fields()) as opened:
        lines = [line for line in opened if isinstance(line, JsonLine)]
        return opened.layout, [row for line in lines for row in rows_of(line, opened.fields)]


def dump(**more: object) -> dict[str, object]:
    return {"input": "?", "output": "!", "gts": "1", "score": 0.0, "step": 1, **more}


class TestVerl:
    @pytest.mark.parametrize(
        ("printed", "gold"),
        [
            ("['42']", "42"),
            ("['1' '2']", ["1", "2"]),
            ("['1', '2']", ["1", "2"]),
            ("[\"it's\" 'so']", ["it's", "so"]),
            ("['\\\\frac{1}{2}']", "\\frac{1}{2}"),
            ("array(['7'], dtype=object)", "7"),
            ("['a\n 'b']", "['a\n 'b']"),
            ("[1, 2]", "[1, 2]"),
            ("['a'] or ['b']", "['a'] or ['b']"),
        ],
    )
    def test_printed_arrays(self, tmp_path: Path, printed: str, gold: object) -> None:
        layout, rows = read(tmp_path, dump(gts="['1']"), dump(gts=printed))
        assert layout == "verl rollout dump"
        assert [row.gold for row in rows] == ["1", gold]

    @pytest.mark.parametrize("native", [True, False])
    def test_printed_arrays_late_in_a_dump(self, tmp_path: Path, native: bool) -> None:
        path = tmp_path / "x.jsonl"
        golds = [*["7"] * 200, "['7']", "array(['7'], dtype=object)", "['8' '7']", "[7, 8]", "7"]
        records = (json.dumps(dump(output="\\boxed{7}", gts=gold)) + "\n" for gold in golds)
        path.write_text("".join(records))
        with open_records(str(path), Fields()) as opened:
            assert opened.plain
            assert opened.divisible is not None
        report = score_files(RunSettings((str(path),), native=native, threads=1))
        assert report.overall.counts["rows"] == 205
        assert report.overall.counts["right"] == 203

    def test_printed_arrays_in_a_part(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        first, second = json.dumps(dump()), json.dumps(dump(gts="['42']"))
        path.write_text(first + "\n" + second)
        fields = Fields(response="output", gold="gts")
        part = Part("bytes", len(first) + 1, len(first) + 1 + len(second), 2)
        settled = ("verl rollout dump", fields)
        with open_records(str(path), Fields(), part=part, settled=settled) as opened:
            (line,) = opened
        assert isinstance(line, JsonLine)
        assert line.value["gts"] == ["42"]

    def test_golds_of_every_kind(self, tmp_path: Path) -> None:
        golds = [None, ["3"], {"ground_truth": "4"}, {"target": ["5", "6"]}, 7]
        _, rows = read(tmp_path, dump(), *(dump(gts=gold) for gold in golds))
        assert [row.gold for row in rows] == ["1", "", "3", "4", ["5", "6"], "7"]
        assert rows[1].fault is not None

    def test_a_step_is_part_of_the_group(self, tmp_path: Path) -> None:
        _, rows = read(tmp_path, dump(), dump(output="?"), dump(step=2))
        groups = [row.group for row in rows]
        assert groups[0] == groups[1] != groups[2]

    def test_no_gold_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(NoFieldsError, match="gts is null"):
            read(tmp_path, dump(gts=None))

    def test_an_extra_field_is_no_second_reading(self, tmp_path: Path) -> None:
        _, rows = read(tmp_path, dump(prediction="5", answer="9"))
        assert (rows[0].completion, rows[0].gold) == ("!", "1")


class TestBatch:
    def body(self, **body: object) -> dict[str, object]:
        return {"custom_id": "a", "response": {"status_code": 200, "body": body}, "answer": "1"}

    def test_completions(self, tmp_path: Path) -> None:
        choices = [{"text": "x", "finish_reason": "length"}, {"text": "y", "finish_reason": "stop"}]
        layout, rows = read(tmp_path, self.body(choices=choices))
        assert layout == "batch output"
        assert [(row.completion, row.truncated) for row in rows] == [("x", True), ("y", False)]

    def test_responses(self, tmp_path: Path) -> None:
        text = {"type": "output_text", "text": "x"}
        output = [
            {"type": "reasoning", "summary": []},
            {"type": "message", "role": "assistant", "content": [text]},
        ]
        _, rows = read(
            tmp_path,
            self.body(output=output, status="incomplete"),
            self.body(output=[{"type": "reasoning", "summary": []}], status="completed"),
        )
        assert [(row.completion, row.truncated) for row in rows] == [("x", True), ("", False)]

    def test_a_server_that_failed(self, tmp_path: Path) -> None:
        failed = {"custom_id": "b", "response": {"status_code": 500, "body": None}, "answer": "1"}
        _, rows = read(tmp_path, self.body(choices=[{"text": "x"}]), failed)
        assert [row.fault and row.fault.value for row in rows] == [None, "missing_response"]


class TestVerifiers:
    def episode(self, *traces: dict[str, object]) -> dict[str, object]:
        data = {"prompt": "?", "answer": "1"}
        return {"task": {"data": data, "key": "k"}, "traces": list(traces)}

    def node(self, content: str | None, *, sampled: bool) -> dict[str, object]:
        return {"message": {"role": "assistant", "content": content}, "sampled": sampled}

    def test_only_what_was_sampled_counts(self, tmp_path: Path) -> None:
        talk = [self.node("\\boxed{1}", sampled=False), self.node("\\boxed{2}", sampled=True)]
        layout, rows = read(
            tmp_path,
            self.episode({"nodes": [*talk, self.node("\\boxed{3}", sampled=False)]}),
            self.episode({"nodes": talk[:1]}),
            self.episode({"nodes": [self.node(None, sampled=True)]}, {"root_reply": "\\boxed{4}"}),
            self.episode({"nodes": "hostile", "calls": 7}),
        )
        assert layout == "verifiers traces"
        said = [None if row.fault else row.completion for row in rows]
        assert said == ["\\boxed{2}", None, "", "\\boxed{4}", None]
        assert [row.line for row in rows] == [1, 2, 3, 3, 4]

    def test_limits(self, tmp_path: Path) -> None:
        _, rows = read(
            tmp_path,
            self.episode({"root_reply": "a", "stop_condition": "max_turns"}),
            self.episode({"root_reply": "a", "calls": [{"finish_reason": "length"}]}),
            self.episode({"root_reply": "a", "calls": [{"finish_reason": "stop"}]}),
        )
        assert [row.truncated for row in rows] == [True, True, False]


class TestOpenRLHF:
    def test_one_sample_a_line(self, tmp_path: Path) -> None:
        layout, rows = read(tmp_path, {"query": "a? \\boxed{1}", "prompt": "a?", "label": "1"})
        assert layout == "OpenRLHF reward log"
        assert (rows[0].completion, rows[0].gold) == (" \\boxed{1}", "1")

    def test_a_query_may_be_a_question(self, tmp_path: Path) -> None:
        row = {"query": "a?", "prompt": "Solve. a?", "label": "1", "response": "\\boxed{1}"}
        layout, rows = read(tmp_path, row)
        assert layout == "lines of JSON"
        assert rows[0].completion == "\\boxed{1}"

    def test_odd_records_are_kept(self, tmp_path: Path) -> None:
        record = {"queries": ["a?1", "b?2"], "prompts": ["a?", "b?"], "labels": ["1", "2"]}
        odd = {"queries": [], "prompts": [], "labels": []}
        _, rows = read(tmp_path, *[record] * 70, odd)
        assert len(rows) == 141
        assert rows[-1].fault is not None

    def test_labels_that_are_missing(self, tmp_path: Path) -> None:
        record = {"queries": ["a?1", "b?2"], "prompts": ["a?", "b?"], "labels": ["1"]}
        _, rows = read(tmp_path, record)
        assert [(row.completion, row.gold) for row in rows] == [("1", "1"), ("2", "")]


class TestLighteval:
    def test_several_golds_are_alternatives(self, tmp_path: Path) -> None:
        doc = {"query": "?", "choices": ["1", "one", "2"], "gold_index": [0, 1], "id": "0"}
        for prefix in ("", "__"):
            record = {
                f"{prefix}doc{prefix}": doc,
                f"{prefix}model_response{prefix}": {"text": ["a", "b"]},
            }
            _, rows = read(tmp_path, record)
            assert [row.gold for row in rows] == [{"any_of": ["1", "one"]}] * 2

    @pytest.mark.parametrize("index", [7, None, "0", [], [9]])
    def test_an_index_of_nothing(self, tmp_path: Path, index: object) -> None:
        good = {"query": "?", "choices": ["1"], "gold_index": 0}
        bad = {**good, "gold_index": index}
        response = {"text": ["a"]}
        records = [{"doc": doc, "model_response": response} for doc in (good, bad)]
        _, rows = read(tmp_path, *records)
        assert [row.gold for row in rows] == ["1", ""]


class TestLmEval:
    def sample(self, number: int, **more: object) -> dict[str, object]:
        return {
            "doc_id": number,
            "doc": {"q": number},
            "target": "1",
            "resps": [["1"]],
            **more,
        }

    def kept(self, path: Path, *records: dict[str, object]) -> tuple[list[int], int]:
        path = path / "x.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        with open_records(str(path), Fields()) as opened:
            return [line.number for line in opened], opened.repeated

    def test_filters_of_other_tasks_are_no_repeats(self, tmp_path: Path) -> None:
        one = [self.sample(i, filter=name) for name in ("a", "b") for i in range(2)]
        other = [self.sample(i, filter="c", doc={"other": i}) for i in range(2)]
        assert self.kept(tmp_path, *one, *other) == ([1, 2, 5, 6], 2)

    def test_other_responses_are_no_repeats(self, tmp_path: Path) -> None:
        again = self.sample(0, filter="b", resps=[["2"]])
        same_filter = self.sample(0, filter="a")
        assert self.kept(tmp_path, same_filter, again, same_filter) == ([1, 2, 3], 0)

    def test_odd_records_are_no_repeats(self, tmp_path: Path) -> None:
        records = [self.sample(i, filter="a") for i in range(70)]
        odd: dict[str, object] = {"error": "?"}
        kept, repeated = self.kept(tmp_path, *records, odd, odd)
        assert (len(kept), repeated) == (72, 0)

    def test_before_lines_named_their_filter(self, tmp_path: Path) -> None:
        records = [self.sample(i) for i in range(3)]
        assert self.kept(tmp_path, *records, *records) == ([1, 2, 3], 3)

    def test_repeats_far_behind(self, tmp_path: Path) -> None:
        records = [self.sample(i, filter=name) for name in ("a", "b") for i in range(100)]
        assert self.kept(tmp_path, *records)[1] == 100

    def test_several_targets_are_alternatives(self, tmp_path: Path) -> None:
        _, rows = read(tmp_path, self.sample(0, target=["1", "2"]), self.sample(1, target=["3"]))
        assert [row.gold for row in rows] == [{"any_of": ["1", "2"]}, "3"]

    @pytest.mark.parametrize(
        "resps",
        [[[[-3.2, False]], [[-1.2, True]]], [[["-3.2", "False"]], [["-1.2", "True"]]], [[-17.5]]],
    )
    def test_likelihoods_are_no_answers(self, tmp_path: Path, resps: object) -> None:
        with pytest.raises(SourceError, match="log-likelihoods"):
            read(tmp_path, self.sample(0, resps=resps))
        with open_records(str(tmp_path / "x.jsonl"), Fields(), need_response=False) as opened:
            assert opened.fields.gold == "target"

    def test_likelihoods_behind_texts(self, tmp_path: Path) -> None:
        texts = [self.sample(i) for i in range(70)]
        _, rows = read(tmp_path, *texts, self.sample(70, resps=[[[-3.2, False]], [[-1.2, True]]]))
        assert [row.fault for row in rows[70:]] == [RowFault.MISSING_RESPONSE]

    def test_texts_that_look_like_likelihoods(self, tmp_path: Path) -> None:
        _, rows = read(tmp_path, self.sample(0, resps=[["-3.2", "True"]]))
        assert [row.completion for row in rows] == ["-3.2", "True"]

    def test_repeats_are_said_and_explained(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        records = [self.sample(i, filter=name) for name in ("a", "b") for i in range(2)]
        self.kept(tmp_path, *records)
        name = str(tmp_path / "x.jsonl")
        assert main(["score", name, "--last-number"]) == 0
        assert "2 lines left out" in capsys.readouterr().err
        assert main(["score", name, "--workers", "1", "--last-number"]) == 0
        assert "2 lines left out" in capsys.readouterr().err
        assert main(["explain", f"{name}:4", "--last-number"]) == 0
        assert "score       1" in capsys.readouterr().out
        assert main(["explain", f"{name}:5"]) == 2


class TestGeneric:
    def test_two_readings_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(AmbiguousFieldsError, match="response=solution,gold=answer"):
            read(tmp_path, {"answer": "1", "solution": "2"})

    @pytest.mark.parametrize(
        ("field", "value", "expected"),
        [
            ("finish_reason", "length", True),
            ("finish_reason", "STOP", False),
            ("stop_reason", "max_tokens", True),
            ("is_truncated", True, True),
            ("truncated", "True", True),
            ("truncated", "False", False),
            ("finish_reason", None, None),
        ],
    )
    def test_what_is_said_of_the_end(
        self, tmp_path: Path, field: str, value: object, expected: bool | None
    ) -> None:
        _, rows = read(tmp_path, {"response": "1", "gold": "1", field: value})
        assert rows[0].truncated is expected

    def test_one_reason_per_sample(self, tmp_path: Path) -> None:
        reasons = ["stop", "length"]
        record = {"responses": ["1", "2", "3"], "gold": "1", "finish_reasons": reasons}
        _, rows = read(tmp_path, record)
        assert [row.truncated for row in rows] == [False, True, None]

    def test_tables_go_by_paths(self, tmp_path: Path) -> None:
        record = {"response": "1", "gold": "1", "meta": {"level": 3}, "subject": None}
        fixed = Fields(by=("meta.level", "subject"))
        _, rows = read(tmp_path, record, fixed=fixed)
        assert rows[0].by == ("3", None)

    def test_several_fields_make_a_group(self, tmp_path: Path) -> None:
        records = [{"response": "1", "gold": "1", "a": n // 2, "b": n // 3} for n in range(4)]
        _, rows = read(tmp_path, *records, fixed=parse_map(["group=a+b"]))
        assert len({row.group for row in rows}) == 3

    def test_a_plus_may_be_in_a_name(self, tmp_path: Path) -> None:
        _, rows = read(tmp_path, {"response": "1", "gold": "1", "a+b": "x", "a": "y"})
        assert rows[0].group is None
        _, rows = read(tmp_path, {"r+s": "1", "gold": "1"}, fixed=parse_map(["response=r+s"]))
        assert rows[0].completion == "1"

    @pytest.mark.parametrize(
        ("record", "text"),
        [
            ({"problem": "a"}, "a"),
            (
                {"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}]},
                "a",
            ),
            ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}, "a"),
            ({"question": 7}, "7"),
            ({"question": [1]}, None),
            ({}, None),
        ],
    )
    def test_problems(self, tmp_path: Path, record: dict[str, object], text: str | None) -> None:
        path = tmp_path / "x.jsonl"
        path.write_text(json.dumps({"response": "1", "gold": "1", **record}))
        with open_records(str(path), Fields()) as records:
            assert problem_text(records.head[0], records.fields) == text

    def test_thought_and_silence_are_no_missing_response(self, tmp_path: Path) -> None:
        silent = {"role": "assistant", "content": None, "reasoning_content": "\\boxed{1}"}
        asked = {"role": "user", "content": "?"}
        _, rows = read(
            tmp_path,
            {"response": [silent], "gold": "1"},
            {"response": [asked], "gold": "1"},
        )
        assert [(row.completion, row.fault is None) for row in rows] == [("", True), ("", False)]


def test_the_layout_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "7.jsonl"
    path.write_text(json.dumps(dump(output="\\boxed{1}")))
    assert main(["score", str(path)]) == 0
    assert "verl rollout dump, read as response=output, gold=gts" in capsys.readouterr().err
