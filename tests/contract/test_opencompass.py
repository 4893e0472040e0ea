"""The evaluator inside the real opencompass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("opencompass", reason="opencompass is not installed: scripts/ci.sh contracts")

from datasets import Dataset
from opencompass.openicl.icl_evaluator import BaseEvaluator
from opencompass.registry import ICL_EVALUATORS

from pyverify.integrations.opencompass import PyverifyEvaluator

pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours

SAID = [r"so \boxed{0.5}", "it is 3", "", r"\boxed{7}", r"\boxed{x \to}"]
GOLDS: list[Any] = [r"\frac12", ["3"], "5", r"Add them: $\boxed{8}$", None]


def test_it_is_one_of_theirs() -> None:
    assert issubclass(PyverifyEvaluator, BaseEvaluator)
    assert ICL_EVALUATORS.build({"type": PyverifyEvaluator, "preset": "math"})
    assert ICL_EVALUATORS.module_dict["PyverifyEvaluator"] is PyverifyEvaluator


def test_whole_responses_are_scored() -> None:
    found = PyverifyEvaluator(preset="math").score(predictions=SAID, references=GOLDS)
    details = found.pop("details")
    assert found == {
        "accuracy": 40.0,
        "no_answer": 20.0,
        "unparseable": 0.0,
        "undecided": 0.0,
        "limit": 0.0,
        "bad_gold": 20.0,
    }
    assert [one["correct"] for one in details] == [True, True, False, False, False]
    assert [one["pred"] for one in details] == ["0.5", "3", None, "7", None]
    assert [one["answer"] for one in details] == [r"\frac12", "3", "5", "8", ""]
    assert [one["verdict"] for one in details] == [
        *("equal", "equal", "no_answer", "not_equal", "bad_gold")
    ]
    json.dumps(details)


def test_repeated_runs_give_g_pass_at_k() -> None:
    rows = [{"subdivision": "made_up", "idx": i, "a": gold} for i, gold in enumerate("12")]
    test_set = Dataset.from_list(rows * 4)
    said = [r"\boxed{1}", r"\boxed{2}"] * 2 + [r"\boxed{1}", r"\boxed{3}"] * 2
    found = PyverifyEvaluator().evaluate(
        [2, 4], 4, test_set, predictions=said, references=list("12") * 4, test_set=test_set
    )
    assert found["accuracy (4 runs average)"] == 75.0
    assert found["G-Pass@4_1.0"] == 50.0  # the first problem is right four times, the second twice
    assert found["G-Pass@2_0.0"] == pytest.approx(100 * (1 + 5 / 6) / 2)


def test_several_samples_of_a_prompt_count_as_one_prompt() -> None:
    found = PyverifyEvaluator().score(
        predictions=[[r"\boxed{1}", r"\boxed{2}", None, []], [r"\boxed{4}"]], references=["1", "4"]
    )
    assert found["accuracy"] == pytest.approx(100 * (1 / 4 + 1) / 2)
    assert found["no_answer"] == pytest.approx(100 * (2 / 4) / 2)


def test_a_row_says_what_its_preset_reads() -> None:
    rows = [{"error": "0.5"}, {"error": None}]
    evaluator = PyverifyEvaluator(preset="olympiadbench")
    said, golds = [r"\boxed{10.4}"] * 2, ["10"] * 2
    assert evaluator.score(said, golds, test_set=rows)["accuracy"] == 50.0
    assert evaluator.score(said, golds)["accuracy"] == 0.0


def test_options_differ_from_the_preset() -> None:
    strict = PyverifyEvaluator(options={"require_evaluated": True})
    assert strict.score([r"\boxed{2*3}"], ["6"])["accuracy"] == 0.0
    assert PyverifyEvaluator().score([r"\boxed{2*3}"], ["6"])["accuracy"] == 100.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"preset": "mth"}, "math"),
        ({"options": {"unit": "policy"}}, "unit"),
        ({"options": {"units": "none"}}, "units"),
    ],
)
def test_what_it_does_not_know_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PyverifyEvaluator(**arguments)


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 predictions, 1 references"):
        PyverifyEvaluator().score(["1", "2"], ["1"])


def test_nothing_to_score_is_no_fault() -> None:
    assert PyverifyEvaluator().score([], [])["accuracy"] == 0.0


def test_a_run_of_their_evaluation_task(tmp_path: Path) -> None:
    tasks = pytest.importorskip("opencompass.tasks", reason="needs all that opencompass requires")
    from mmengine.config import ConfigDict
    from opencompass.datasets.base import BaseDataset
    from opencompass.registry import LOAD_DATASET

    @LOAD_DATASET.register_module()
    class MadeUp(BaseDataset):
        @staticmethod
        def load(path: str, **kwargs: object) -> Dataset:
            return Dataset.from_json(path)

    golds = tmp_path / "golds.jsonl"
    golds.write_text('{"problem": "1+1?", "answer": "2"}\n{"problem": "2+2?", "answer": "4"}\n')
    said = {"0": {"prediction": r"\boxed{2}"}, "1": {"prediction": r"\boxed{5}"}}
    folder = tmp_path / "predictions" / "someone"
    folder.mkdir(parents=True)
    (folder / "made_up.json").write_text(json.dumps(said))
    dataset = {
        "type": MadeUp,
        "abbr": "made_up",
        "path": str(golds),
        "reader_cfg": {
            "input_columns": ["problem"],
            "output_column": "answer",
            "train_split": "train",
            "test_split": "train",
        },
        "eval_cfg": {"evaluator": {"type": PyverifyEvaluator, "preset": "math"}},
    }
    config = ConfigDict(
        models=[{"type": "none", "abbr": "someone"}],
        datasets=[[dataset]],
        work_dir=str(tmp_path),
        eval={"runner": {"task": {"dump_details": True}}},
    )
    tasks.OpenICLEvalTask(config).run()
    result = json.loads((tmp_path / "results" / "someone" / "made_up.json").read_text())
    assert result["accuracy"] == 50.0
