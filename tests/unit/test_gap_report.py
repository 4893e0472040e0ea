"""The score-gap report: what could lie between a measured score and a reported one."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pyverify import PRESETS, Options
from pyverify.evaluate import RunSettings, score_files
from pyverify.evaluate.gap import (
    GapObserver,
    GapReport,
    ReportedError,
    read_reported,
    render_gap,
    render_gap_markdown,
)
from pyverify.evaluate.gap.settings import other_metrics
from pyverify.io import Json
from pyverify.tasks import TASKS, Problem, TaskJoin

RIGHT = r"So it is \boxed{42}."
WRONG = r"So it is \boxed{41}."
PROSE = "He had forty apples, and two more make 42 apples in all."


def gap(
    folder: Path,
    rows: Sequence[Mapping[str, object]],
    reported: str = "100",
    options: Options | None = None,
    join: TaskJoin | None = None,
) -> GapReport:
    path = folder / "in.jsonl"
    path.write_text(
        "".join(json.dumps({"gold": "42", **row}) + "\n" for row in rows), encoding="utf-8"
    )
    observer = GapObserver(read_reported(reported), join)
    observers = (observer,) if join is None else (join, observer)
    settings = RunSettings(inputs=(str(path),), options=options or Options())
    return observer.finish(score_files(settings, observers=observers))


def lines(report: GapReport, key: str) -> list[int]:
    finding = next(one for one in report.findings if one.suspect.key == key)
    assert finding.rows == len(finding.references)
    return [reference.line for reference in finding.references]


def test_sums(tmp_path: Path) -> None:
    rows = [{"response": RIGHT}] * 6 + [{"response": WRONG}] * 3
    report = gap(tmp_path, [*rows, {"response": PROSE}], "0.9")
    assert (report.rows, report.right) == (10, 6)
    assert report.gap == pytest.approx(0.3)
    assert report.tried_rows == 1
    assert report.any_rows == 1
    assert report.unexplained == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        ({"response": None}, {"missing_response"}),
        ({"response": "First we add the two numbers and then"}, {"cut_off"}),
        ({"response": r"It is \boxed{4"}, {"cut_off"}),
        (
            {"response": "<think>It is \\boxed{42}."},
            {"cut_off", "in_reasoning", "anywhere"},
        ),
        (
            {"response": "<think>\\boxed{42}</think>\nI cannot say more about it here."},
            {"in_reasoning", "anywhere"},
        ),
        (
            {"response": PROSE},
            {"last_number", "anywhere", "lenient"},
        ),
        ({"response": r"First \boxed{42}. But no, in truth \boxed{41}."}, {"anywhere"}),
        ({"response": r"\boxed{42 m}", "gold": "42 s"}, {"units", "lenient", "anywhere?"}),
        ({"response": r"\boxed{42.1}"}, {"tolerance", "lenient"}),
        ({"response": r"\boxed{2}", "gold": ["2", "3"]}, {"any_part"}),
        ({"response": r"\boxed{2}", "gold": r"\frac{1}{0}"}, {"doubtful_gold"}),
        ({"response": r"\boxed{\frac{1}{2x}}", "gold": "1/2x"}, {"other_reading"}),
        ({"response": WRONG}, set()),
    ],
)
def test_suspects(tmp_path: Path, row: dict, keys: set[str]) -> None:
    report = gap(tmp_path, [{"response": RIGHT}, row])
    found = {one.suspect.key for one in report.findings if one.rows}
    certain = {key for key in keys if not key.endswith("?")}
    assert certain <= found <= {key.rstrip("?") for key in keys}
    for key in certain:
        assert lines(report, key) == [2]
    assert report.any_rows == (1 if certain else 0)


def test_the_file_says_what_was_cut_off(tmp_path: Path) -> None:
    rows = [
        {"response": WRONG, "finish_reason": "length"},
        {"response": "It is about", "finish_reason": "stop"},
    ]
    assert lines(gap(tmp_path, rows), "cut_off") in ([1], [2])


def test_limits_are_tried_with_more(tmp_path: Path) -> None:
    tight = Options.__dataclass_fields__["limits"].default_factory()
    report = gap(
        tmp_path,
        [{"response": r"\boxed{" + "1+" * 20 + "22}"}],
        options=Options(limits=type(tight)(answer_bytes=40)),
    )
    assert lines(report, "limit") == [1]
    assert lines(report, "more_work") == [1]


def test_strict_options_are_undone(tmp_path: Path) -> None:
    rows = [{"response": r"\boxed{6\cdot7}"}]
    report = gap(tmp_path, rows, options=PRESETS["strict"].options)
    assert lines(report, "forms") == [1]


def test_overlaps_count_once(tmp_path: Path) -> None:
    rows = [{"response": "<think>It is \\boxed{42}."}] * 4
    report = gap(tmp_path, rows)
    assert report.any_rows == 4
    assert report.unexplained == 0.0
    alone = {one.suspect.key: one.alone for one in report.findings if one.rows}
    assert alone == {"cut_off": 0, "in_reasoning": 0, "anywhere": 0}


def test_samples_share_their_prompts(tmp_path: Path) -> None:
    rows = [{"response": [RIGHT, WRONG], "problem": f"Number {i}?"} for i in range(20)]
    report = gap(tmp_path, rows, "50")
    assert report.sampling.prompts == 20
    assert report.sampling.standard_error == 0.0
    # Every problem is even: the responses drawn are all the chance there is.
    assert report.sampling.draw_error is not None
    assert report.sampling.draw_error > 0.1
    assert report.sampling.low < 0.5 < report.sampling.high


def test_interval_and_z(tmp_path: Path) -> None:
    rows = [{"response": RIGHT}] * 80 + [{"response": WRONG}] * 20
    sampling = gap(tmp_path, rows, "90").sampling
    assert sampling.standard_error == pytest.approx(0.0402, abs=1e-4)
    assert sampling.z == pytest.approx(0.1 / 0.0402, abs=0.01)
    assert (sampling.low, sampling.high) == pytest.approx((0.7212, 0.8788), abs=1e-4)
    assert sampling.draw_error is None


def test_reported_below_needs_no_explanation(tmp_path: Path) -> None:
    report = gap(tmp_path, [{"response": RIGHT}] * 50 + [{"response": WRONG}] * 2, "60")
    text = render_gap(report)
    assert "the measurement is higher" in text
    assert "what could explain it" not in text
    assert report.by_chance == report.unexplained == 0.0


def test_all_right_or_nothing_scored(tmp_path: Path) -> None:
    assert gap(tmp_path, [{"response": RIGHT}] * 5).sampling.high == pytest.approx(1.0)
    nothing = gap(tmp_path, [{"response": RIGHT, "gold": ""}])
    assert "nothing could be scored" in render_gap(nothing)
    assert nothing.as_json()["measured"] == 0.0
    report = gap(tmp_path, [{"response": RIGHT, "gold": ""}, {"response": RIGHT}])
    assert report.rows == 1
    assert [one.title for one in report.settings] == ["if the one row without a gold were right"]


def task_rows() -> tuple[list[Problem], list[dict[str, Json]]]:
    known = [Problem(i, f"aime24/x{i}", f"What is number {i} of it?", str(i), {}) for i in range(9)]
    rows: list[dict[str, Json]] = [
        {"id": f"x{i}", "response": rf"\boxed{{{i}}}", "gold": str(i)} for i in range(8)
    ]
    return known, rows


def test_task_gold_missing_and_extra(tmp_path: Path) -> None:
    known, rows = task_rows()
    rows[3]["gold"] = "77"
    rows.append({"id": "other", "response": WRONG, "gold": "42"})
    rows.append({"id": "x1", "response": WRONG, "gold": "1"})
    report = gap(tmp_path, rows, join=TaskJoin(TASKS["aime24"], known))
    assert lines(report, "task_gold") == [4]
    titles = {one.title: one.score for one in report.settings}
    assert titles == {
        "without the one row that is not of the task": pytest.approx(7 / 9),
        "with the first response of each problem only": pytest.approx(7 / 8),
        "if the one missing problem were right": pytest.approx(8 / 11),
    }
    assert "1 missing: aime24/x8" in render_gap(report)


def test_score_of_another_benchmark() -> None:
    with pytest.raises(ReportedError, match=r"of math500, and the file of gsm8k"):
        GapObserver(read_reported("deepseek-r1"), TaskJoin(TASKS["gsm8k"]))


def test_text_json_and_markdown(tmp_path: Path) -> None:
    rows = [{"response": RIGHT}] * 8 + [{"response": PROSE}] * 5
    report = gap(tmp_path, rows, "deepseek-r1-distill-qwen-7b")
    text = render_gap(report)
    assert "reported  92.8 % (deepseek-r1-distill-qwen-7b: pass@1, 64 responses" in text
    assert "https://github.com/deepseek-ai/DeepSeek-R1/" in text
    assert f"{tmp_path / 'in.jsonl'}:9, :10, :11, …" in text
    assert "leaves 0.0 of the gap" in text
    assert "only another run could tell:" in text
    shown = report.as_json()
    assert shown == json.loads(json.dumps(shown))
    suspects = {one["key"]: one for one in shown["suspects"]}  # type: ignore[attr-defined]
    assert len(suspects["last_number"]["references"]) == 5
    assert shown["published"]["samples"] == 64  # type: ignore[index]
    markdown = render_gap_markdown(report)
    assert "| *extraction:* unmarked: the last number counts | 5 |" in markdown
    assert "in.jsonl:9" in markdown


def test_other_metrics_are_shown() -> None:
    summary = {"pass@k": {"pass@1": 0.5, "pass@8": 0.75, "pass@64": None}, "maj@k": {"maj@8": 0.5}}
    assert [(one.title, one.score) for one in other_metrics(summary)] == [
        ("pass@8 instead of the mean", 0.75),
        ("maj@8 instead of the mean", 0.5),
    ]


def test_a_metric_of_some_prompts_is_held_against_their_mean(tmp_path: Path) -> None:
    rows = [{"prompt": "a", "response": RIGHT}] * 2 + [{"prompt": "a", "response": WRONG}] * 2
    rows += [{"prompt": name, "response": WRONG} for name in "bcdef"]
    report = gap(tmp_path, rows)
    found = next(one for one in report.settings if one.title.startswith("pass@4"))
    assert (found.score, found.prompts, found.mean) == (1.0, 1, 0.5)
    text = (
        "pass@4 instead of the mean: 100.0 %, +50.0 points "
        "(of 1 of 6 prompts, whose mean is 50.0 %)"
    )
    assert text in render_gap(report)
    whole = gap(tmp_path, rows[:4])
    assert "pass@4 instead of the mean: 100.0 %, +50.0 points\n" in render_gap(whole)


@pytest.mark.parametrize(
    "response",
    [
        r"\boxed{1}" * 40_000,
        "The answer is 1. " * 40_000,
        "<think" + " <think" * 100_000,
        "<" * 500_000,
        "{" * 300_000,
        "\x00\ud800 \u202e the answer is",
    ],
)
def test_hostile_responses_take_no_time(tmp_path: Path, response: str) -> None:
    begin = time.monotonic()
    gap(tmp_path, [{"response": response}] * 3)
    assert time.monotonic() - begin < 20


def test_names_are_safe(tmp_path: Path) -> None:
    folder = tmp_path / "a|<b>\x1b[31m"
    folder.mkdir()
    report = gap(folder, [{"response": PROSE}])
    assert "\x1b" not in render_gap(report)
    markdown = render_gap_markdown(report)
    assert "\x1b" not in markdown
    assert "<b>" not in markdown
    assert r"a\|\<b\>" in markdown


def test_nothing_depends_on_chance(tmp_path: Path) -> None:
    rows = [{"response": RIGHT}, {"response": PROSE}, {"response": "<think>"}]
    assert gap(tmp_path, rows).as_json() == gap(tmp_path, rows).as_json()
