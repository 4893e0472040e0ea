"""The judge's values: what they refuse, that they travel, and that importing them is light."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import subprocess
import sys

import pytest

from pyverify import Reason, Result, Verdict, equivalent
from pyverify.judge import Judge, JudgeCounts, JudgeModel, Opinion, Vote

M = JudgeModel("m", base_url="http://127.0.0.1:1/v1")


def test_importing_loads_no_client() -> None:
    code = (
        "import sys, pyverify.judge\n"
        "print(sorted({'openai', 'httpx', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=os.sep
    )
    assert done.stdout.strip() == "[]"


def test_a_judge_is_a_value() -> None:
    judge = Judge((M, JudgeModel("n")), need="majority", cache="votes.db")
    assert pickle.loads(pickle.dumps(judge)) == judge
    assert hash(pickle.loads(pickle.dumps(judge))) == hash(judge)
    assert eval(repr(judge), {"Judge": Judge, "JudgeModel": JudgeModel}) == judge
    plain = json.loads(json.dumps(dataclasses.asdict(judge)))
    models = tuple(JudgeModel(**model) for model in plain.pop("models"))
    assert Judge(models, **plain) == judge


def test_a_list_of_models_becomes_a_tuple() -> None:
    assert Judge([M]).models == (M,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"models": ()}, "at least one"),
        ({"models": (M, M)}, "only once"),
        ({"need": "most"}, "'all' or 'majority'"),
        ({"samples": 3}, "temperature=1.0"),
        ({"samples": 0}, "samples must be between 1"),
        ({"temperature": -1.0}, "temperature must"),
        ({"temperature": float("nan")}, "temperature must"),
        ({"concurrency": 0}, "concurrency must"),
        ({"timeout": 0.0}, "timeout must"),
        ({"attempts": 0}, "attempts must"),
        ({"deadline": float("inf")}, "deadline must"),
        ({"max_requests": -1}, "max_requests must"),
        ({"max_answer_chars": 0}, "max_answer_chars must"),
    ],
)
def test_bad_settings_are_explained(settings: dict[str, object], words: str) -> None:
    models = settings.pop("models", (M,))
    with pytest.raises(ValueError, match=words):
        Judge(models, **settings)  # type: ignore[arg-type]


def test_bad_models_are_explained() -> None:
    with pytest.raises(ValueError, match="name of a model"):
        JudgeModel("  ")
    with pytest.raises(ValueError, match="must be a URL"):
        JudgeModel("m", base_url="127.0.0.1:8000")
    with pytest.raises(TypeError, match="not str"):
        Judge(("m",))  # type: ignore[arg-type]


def test_an_opinion_is_true_if_right() -> None:
    assert Opinion("right")
    assert not any(map(bool, (Opinion("wrong"), Opinion("unavailable"), Opinion("refused"))))
    assert pickle.loads(pickle.dumps(Vote("m", 0, "right"))) == Vote("m", 0, "right")


def test_counts_print_as_a_line() -> None:
    assert str(JudgeCounts()).startswith("judge asked 0: 0 right")


@pytest.mark.parametrize("reason", [Reason.JUDGE, Reason.UNAVAILABLE])
def test_the_tier_of_a_result_names_the_judge(reason: Reason) -> None:
    result: Result = dataclasses.replace(equivalent("1", gold="2"), reason=reason)
    assert result.tier == "judge"
    assert equivalent("1", gold="2").tier == "engine"
    assert result.verdict is Verdict.NOT_EQUAL
