"""The golden corpus: one line per judgement, readable and editable by anyone.

``cases.jsonl`` holds what must come out exactly as written; ``false_positives.jsonl`` holds near
misses, none of which may ever be equal (which other verdict they get is free). A line may name
options, each of which is the policy's default elsewhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pyverify import Options, Result, Verdict, equivalent, verify

FOLDER = Path(__file__).parents[1] / "golden"
KEYS = {"id", "gold", "completion", "answer", "verdict", "reason", "why", "options"}


def load(name: str) -> list[dict[str, Any]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


CASES = load("cases.jsonl")
FALSE_POSITIVES = load("false_positives.jsonl")


def judge(case: dict[str, Any]) -> Result:
    options = Options(**case.get("options", {}))
    if "completion" in case:
        return verify(case["completion"], gold=case["gold"], options=options)
    return equivalent(case["answer"], gold=case["gold"], options=options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    result = judge(case)
    assert result.verdict.value == case["verdict"], case["why"]
    if "reason" in case:
        assert result.reason.value == case["reason"]


@pytest.mark.parametrize("case", FALSE_POSITIVES, ids=lambda case: case["id"])
def test_false_positive(case: dict[str, Any]) -> None:
    assert judge(case).verdict is not Verdict.EQUAL, case["why"]


def test_the_corpus_itself() -> None:
    rows = CASES + FALSE_POSITIVES
    assert len({row["id"] for row in rows}) == len(rows)
    assert {int(row["id"][1:3]) for row in rows} == set(range(1, 29))
    for row in rows:
        assert set(row) <= KEYS
        assert ("completion" in row) != ("answer" in row)
        assert row["verdict"] in {verdict.value for verdict in Verdict}
    assert all(row["verdict"] != "not_equal" for row in CASES)
    assert all(row["verdict"] == "not_equal" for row in FALSE_POSITIVES)
    # Near misses teach more than hits: they stay the larger half.
    assert len(FALSE_POSITIVES) > len(rows) / 2
