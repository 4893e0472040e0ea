"""The real Math-Verify as a grader, where it is installed.

`PYVERIFY_MATH_VERIFY` names a Python that has it, if this one hasn't.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from pathlib import Path

import pytest

from pyverify import verify
from pyverify.cli import main
from pyverify.graders import Case, Confinement, Judgement, open_graders

PYTHON = os.environ.get("PYVERIFY_MATH_VERIFY") or sys.executable
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="graders need processes as POSIX has"),
    pytest.mark.skipif(
        sys.executable == PYTHON and importlib.util.find_spec("math_verify") is None,
        reason="Math-Verify is not installed, and PYVERIFY_MATH_VERIFY names no Python that has it",
    ),
]


def asked(*pairs: tuple[str, object], deadline: float = 10.0) -> tuple[str, list[Judgement]]:
    confinement = Confinement(deadline=deadline)
    pythons = {"math-verify": PYTHON}
    (grader,) = open_graders(["math-verify"], label="", pythons=pythons, confinement=confinement)
    try:
        cases = [
            Case(completion, gold, "", None, verify(completion, gold=gold))  # type: ignore[arg-type]
            for completion, gold in pairs
        ]
        return grader.label, list(grader.judge(cases))
    finally:
        grader.close()


def test_parses_gold_and_completion_as_it_wants_them() -> None:
    label, found = asked(
        ("Half: $\\boxed{\\frac{1}{2}}$", "0.5"),
        ("So $\\boxed{3}$", "$\\frac{6}{2}$"),
        ("So $\\boxed{3}$", "4"),
        ("So $\\boxed{2}$", {"any_of": ["1", "2"]}),
        ("So $\\boxed{1, 2}$", ["2", "1"]),
        ("Nobody knows.", "4"),
    )
    assert label == "math-verify 0.9.0"
    assert [one.right for one in found[:4]] == [True, True, False, True]
    assert found[0].extracted == "\\frac{1}{2}"
    assert found[2].verdict == "not_equal"
    assert found[4].verdict in ("equal", "not_equal")
    assert found[5] == Judgement(False, "not_equal", "nothing_parsed", 0.0)


@pytest.mark.parametrize("power", ["9^{9^{9^{9}}}", "99999999!"])
def test_what_hangs_is_killed_at_the_deadline(power: str) -> None:
    begin = time.monotonic()
    _, found = asked(
        ("$\\boxed{1}$", "1"), (f"$\\boxed{{{power}}}$", "1"), ("$\\boxed{2}$", "2"), deadline=2.5
    )
    # Whether by its own clock or by ours, the next row is judged.
    assert [one.right for one in found] == [True, False, True]
    assert found[1].verdict == "timeout"
    assert found[1].reason == "no answer within 2.5 s"
    assert time.monotonic() - begin < 60


def test_its_own_time_limit_is_told() -> None:
    _, (_, found) = asked(("$\\boxed{1}$", "1"), ("$\\boxed{9^{9^{9^{9}}}}$", "1"), deadline=30.0)
    assert not found.right
    assert (found.verdict, found.reason) in (
        ("not_equal", "own_time_limit"),
        # A power that is worked out in one step of C hears no signal.
        ("timeout", "no answer within 30 s"),
    )


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": 1, "response": "$\\boxed{42}$", "gold": "42"},
        {"id": 2, "response": "It takes $\\boxed{20\\text{ m/s}}$", "gold": "72\\text{ km/h}"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    command = ["compare", str(source), "--grader", "pyverify", "--grader", "math-verify"]
    command += ["--python", f"math-verify={PYTHON}", "-q"]
    assert main(command) == 0
    text = capsys.readouterr().out
    assert "b  math-verify, judged by math-verify 0.9.0" in text
    assert "1  equal (unit) → not_equal (verify)" in text
