"""Every layout that is read, by a file that its own program wrote (fixtures/README.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.io import (
    Fields,
    FieldsError,
    JsonLine,
    Row,
    expand_inputs,
    open_records,
    problem_text,
    read_gold_table,
    rows_of,
)

FIXTURES = Path(__file__).parent / "fixtures"

PROBLEMS = (
    "What is 6 times 7?",
    "What is a half?",
    "Solve x + 1 = 4.",
    "How many primes are below 10?",
)
GOLDS: tuple[object, ...] = ("42", "\\frac{1}{2}", "3", "4")
TEXTS = (
    ("6 * 7 = \\boxed{42}.", "It is \\boxed{42}."),
    ("As a decimal \\boxed{0.5}.", "\\boxed{\\frac12}"),
    ("So x = \\boxed{4}.", "Then $x = 3$, so \\boxed{3}."),
    ("Let me count them: 2, 3,", "\\boxed{5}"),
)
COLUMNAR = (".parquet", "saved")


@dataclass(frozen=True)
class Case:
    file: str
    layout: str
    fields: str
    plain: bool = False
    datasets: tuple[str | None, ...] = (None,) * 4
    gold: str = "{}"  # how a gold is written
    response: str = "{}"
    problem: str = "{}"
    cut: bool | None = None  # what is said of the one that was cut off
    correct: float = 5 / 8


GENERIC = "response=response, gold=answer, id=id, group=question, problem=question"
INSPECT = (
    "response=output.completion, gold=target, id=id, group=id, dataset=eval.task, "
    "finish_reason=output.choices.0.stop_reason, problem=input"
)
VERL_PROMPT = "user\n{}\nassistant\n"
VERL = "response=output, gold=gts, id=uid, group=step+input, problem=input"

CASES = (
    Case("array.json", "a JSON document", GENERIC),
    Case("lines.jsonl.gz", "lines of JSON", GENERIC, plain=True),
    Case("table.csv", "CSV", GENERIC),
    Case("table.tsv", "TSV", GENERIC),
    Case("table.parquet", "Parquet", GENERIC),
    Case("saved", "Arrow", GENERIC),
    Case("inspect.eval", "inspect log", INSPECT, datasets=("tiny_math",) * 4, cut=True),
    Case("inspect.json", "inspect log", INSPECT, datasets=("tiny_math",) * 4, cut=True),
    Case(
        "lighteval.parquet",
        "lighteval details",
        "response=model_response.text, gold=doc.gold, id=doc.id, group=doc.task_name+doc.id, "
        "dataset=doc.task_name, problem=doc.original_query",
        datasets=("tiny:math|0",) * 4,
    ),
    Case(
        "lm_eval.jsonl",
        "lm-eval samples",
        "response=resps, gold=target, id=doc_id, group=doc_hash, problem=doc.problem",
    ),
    Case(
        "nemo_skills.jsonl",
        "NeMo-Skills outputs",
        "response=generation, gold=expected_answer, group=problem, finish_reason=finish_reason, "
        "problem=problem",
        plain=True,
        cut=True,
    ),
    Case(
        "opencompass_samples.json",
        "opencompass predictions",
        "response=prediction, gold=gold, id=key, group=key, problem=origin_prompt",
    ),
    Case(
        "openrlhf.jsonl",
        "OpenRLHF reward log",
        "response=response, gold=label, group=prompt, problem=prompt",
        response="{}<|im_end|>",
        problem="<|user|>{}<|assistant|>",
    ),
    Case(
        "qwen.jsonl",
        "Qwen2.5-Math outputs",
        "response=code, gold=gt, id=idx, group=idx, problem=question",
        plain=True,
    ),
    Case(
        "trl.parquet",
        "TRL completions",
        "response=completion, gold=solution, group=step+prompt, problem=prompt",
        gold="It is $\\boxed{{{}}}$.",
    ),
    Case(
        "verifiers_results.jsonl",
        "verifiers results",
        "response=completion, gold=answer, id=example_id, group=example_id, dataset=task, "
        "finish_reason=is_truncated, problem=prompt",
        plain=True,
        datasets=("tiny-math",) * 4,
        cut=False,
    ),
    Case(
        "verifiers_traces.jsonl",
        "verifiers traces",
        "response=completion, gold=task.data.answer, id=id, group=task.key, dataset=env.id, "
        "finish_reason=truncated, problem=task.data.prompt",
        datasets=("tiny-math",) * 4,
        cut=True,
    ),
    Case("verl.jsonl", "verl rollout dump", VERL, plain=True, problem=VERL_PROMPT),
    Case("verl_arrays.jsonl", "verl rollout dump", VERL, plain=True, problem=VERL_PROMPT),
    Case("verl_printed_arrays.jsonl", "verl rollout dump", VERL, plain=True, problem=VERL_PROMPT),
    Case(
        "verl_eval.parquet",
        "verl evaluation file",
        "response=responses, gold=reward_model.ground_truth, id=extra_info.index, "
        "group=data_source+extra_info.index, dataset=data_source, problem=prompt",
        datasets=("tiny/one", "tiny/one", "tiny/two", "tiny/two"),
    ),
)


def path_of(name: str) -> str:
    if name.endswith(COLUMNAR):
        pytest.importorskip("pyarrow")
    if name.endswith(".eval"):
        pytest.importorskip("backports.zstd")
    return str(FIXTURES / name)


def read(name: str, fields: Fields | None = None) -> tuple[Fields, list[Row]]:
    with open_records(name, fields or Fields()) as records:
        lines = list(records)
        assert all(isinstance(line, JsonLine) for line in lines)
        found = [row for line in lines for row in rows_of(line, records.fields)]  # type: ignore[arg-type]
        return records.fields, found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_what_is_read(case: Case) -> None:
    name = path_of(case.file)
    with open_records(name, Fields()) as records:
        assert records.layout == case.layout
        assert str(records.fields) == case.fields
        assert records.plain is case.plain
        assert len(records.head) <= 8
    fields, rows = read(name)
    assert len(rows) == 8
    assert len({row.group for row in rows}) == 4
    for row in rows:
        problem = problem_text(row.record or {}, fields) or ""
        i = next(i for i, text in enumerate(PROBLEMS) if case.problem.format(text) == problem)
        text = next(t for t in TEXTS[i] if case.response.format(t) == row.completion)
        gold: object = case.gold.format(GOLDS[i])
        if case.layout == "inspect log" and i == 0:
            gold = {"any_of": ["42", "42.0"]}
        assert row.gold == gold
        assert row.fault is None
        assert row.dataset == case.datasets[i]
        assert row.truncated is (case.cut if text.endswith(",") else case.cut and False)
    ids = {row.id for row in rows}
    assert len(ids) in (1, 4, 8)
    assert (ids == {None}) is (", id=" not in case.fields)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_what_is_scored(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", path_of(case.file), "-q", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["num_samples"] == 8
    assert found["num_prompts"] == 4
    assert found["acc"] == case.correct


def test_texts_of_opencompass() -> None:
    _, rows = read(path_of("opencompass.json"))
    assert [row.id for row in rows] == ["0", "1", "2", "3"]
    assert [row.sample for row in rows] == [None] * 4


def test_the_caller_may_take_what_was_extracted() -> None:
    _, rows = read(path_of("qwen.jsonl"), Fields(response="pred"))
    assert [row.completion for row in rows[:2]] == ["1", "42"]


def test_what_a_filter_left_may_be_scored() -> None:
    _, rows = read(path_of("lm_eval.jsonl"), Fields(response="filtered_resps"))
    assert rows[0].completion == "42}"


def test_filters_are_repeats() -> None:
    with open_records(path_of("lm_eval.jsonl"), Fields()) as records:
        assert len(list(records)) == 4
        assert records.repeated == 4


def test_a_batch_is_joined() -> None:
    name = path_of("batch.jsonl")
    table = read_gold_table(str(FIXTURES / "batch_golds.jsonl"), "custom_id", Fields())
    with open_records(name, Fields(), need_gold=False) as records:
        assert records.layout == "batch output"
        rows = [
            row
            for line in records
            if isinstance(line, JsonLine)
            for row in rows_of(line, records.fields, table.look_up(line.value))
        ]
    by_id = {(row.id, row.sample): row for row in rows}
    # The others have two samples each, so a request that failed has two, too.
    for failed in (by_id["q4", 0], by_id["q4", 1]):
        assert failed.fault is not None
        assert failed.fault.value == "missing_response"
    # Nothing but reasoning: the model was heard, and answered nothing.
    assert by_id["q0", 1].completion == ""
    assert by_id["q0", 1].fault is None
    assert by_id["q3", 0].truncated is True
    assert by_id["q3", 1].truncated is False
    assert by_id["q2", 1].gold == "3"


def test_a_batch_is_scored(capsys: pytest.CaptureFixture[str]) -> None:
    golds = str(FIXTURES / "batch_golds.jsonl")
    arguments = ["score", path_of("batch.jsonl"), "--gold", golds, "--on", "custom_id"]
    assert main([*arguments, "-q", "--format", "json"]) == 3  # one request failed
    found = json.loads(capsys.readouterr().out)
    assert found["num_samples"] == 10
    assert found["acc"] == 4 / 10
    assert found["faults"]["missing_responses"] == 2


@pytest.mark.parametrize(
    ("name", "advice"),
    [("trl_without_gold.parquet", "log_extra"), ("batch.jsonl", "--on custom_id")],
)
def test_no_gold_has_a_way_out(name: str, advice: str) -> None:
    with pytest.raises(FieldsError, match=advice):
        open_records(path_of(name), Fields())


def test_prompts_join_golds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    golds = tmp_path / "golds.jsonl"
    pairs = zip(PROBLEMS, GOLDS, strict=True)
    golds.write_text("".join(json.dumps({"prompt": p, "gold": g}) + "\n" for p, g in pairs))
    arguments = ["score", path_of("trl_without_gold.parquet"), "--gold", str(golds)]
    assert main([*arguments, "--on", "prompt", "-q", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["acc"] == 5 / 8


def test_explain_and_lint_read_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", path_of("trl.parquet") + ":3"]) == 0
    assert "answer      0.5" in capsys.readouterr().out
    assert main(["explain", path_of("openrlhf.jsonl") + ":3", "--sample", "1"]) == 0
    assert "score       1" in capsys.readouterr().out
    assert main(["lint-gold", path_of("opencompass.json"), "-q"]) == 0


def test_folders() -> None:
    pytest.importorskip("pyarrow")
    assert expand_inputs([str(FIXTURES / "saved_dict")]) == [
        str(FIXTURES / "saved_dict" / "one"),
        str(FIXTURES / "saved_dict" / "two"),
    ]
    inner = expand_inputs([str(FIXTURES)])
    assert str(FIXTURES / "saved") in inner
    assert str(FIXTURES / "saved_dict" / "two") in inner
    assert str(FIXTURES / "lines.jsonl.gz") in inner
    assert not any(name.endswith((".md", "dataset_dict.json", ".arrow")) for name in inner)
