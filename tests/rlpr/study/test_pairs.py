"""The registered pairs: right is right, wrong is wrong, and the texts are the registered ones."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from reasoning import pairs
from reasoning.corrupt import shuffled_steps, shuffled_words, slipped
from reasoning.problems import Problem, gsm8k_steps, read, states, withheld

from pyverify import Verdict, equivalent

OWN = read("own", None)
RAW = (
    "Ana has 3*4=<<3*4=12>>12 red and 5 blue pens.\n"
    "That is 12+5=<<12+5=17>>17 pens.\n"
    "She sells them for 2*17=$<<2*17=34>>34."
)


def problem(raw: str, answer: str) -> Problem:
    return Problem("gsm8k/x", "gsm8k", "How much?", answer, gsm8k_steps(raw), raw)


@pytest.mark.parametrize("one", OWN, ids=lambda one: one.id)
def test_own_problems(one: Problem) -> None:
    assert equivalent(one.answer, gold=one.answer)
    assert equivalent(one.wrong_answer, gold=one.answer).verdict is Verdict.NOT_EQUAL
    assert states(one.steps[-1], one.answer)
    assert states(one.wrong[-1], one.wrong_answer)
    assert not states("\n".join(one.wrong), one.answer)


def test_texts_are_those_of_the_registration() -> None:
    found = pairs.registered(None, ["own"])
    assert Counter((one.kind, one.variant) for one in found) == {
        **{(kind, "stated"): 72 for kind in pairs.KINDS},
        **{(kind, "withheld"): 72 for kind in pairs.KINDS},
        ("shuffled_steps", "withheld"): 70,
    }
    for one in found:
        assert one.right != one.corrupted
        if one.kind in ("wrong", "other"):
            assert not states(one.corrupted, one.problem.answer)
        else:
            assert sorted(one.right.split()) == sorted(one.corrupted.split())


def test_other_texts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = json.loads(pairs.REGISTERED.read_text(encoding="utf-8").splitlines()[0])
    changed = tmp_path / "pairs.jsonl"
    changed.write_text(json.dumps(first | {"digest": "0" * 16}), encoding="utf-8")
    monkeypatch.setattr(pairs, "REGISTERED", changed)
    with pytest.raises(SystemExit, match="own/01"):
        pairs.registered(None, ["own"])


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_is_carried_through(seed: int) -> None:
    found = slipped(problem(RAW, "34"), random.Random(seed))
    assert found is not None
    steps, answer = found
    assert answer != "34"
    assert states(steps[-1], answer)
    assert not states("\n".join(steps), "34")
    # One calculation is wrong, and all that use its result are right.
    twelve, seventeen, end = (float(step.split("=")[1].strip("$ .").split()[0]) for step in steps)
    off = (twelve != 12, seventeen != twelve + 5, end != 2 * seventeen)
    assert sum(off) == 1


def test_no_slip_where_the_calculations_do_not_lead_to_the_answer() -> None:
    assert slipped(problem(RAW, "35"), random.Random(0)) is None
    assert slipped(problem("She has 7.", "7"), random.Random(0)) is None
    assert slipped(problem("<<2**3=8>>8", "8"), random.Random(0)) is None


def test_shuffles() -> None:
    draw = random.Random(0)
    assert shuffled_steps(["a", "b"], draw) == "b\na"
    assert shuffled_steps(["a"], draw) is None
    assert shuffled_steps(["a", "a"], draw) is None
    assert shuffled_words(["a", "b"], draw) == "b\na"
    assert shuffled_words(["one"], draw) is None


@pytest.mark.parametrize(
    ("text", "answer", "wanted"),
    [
        ("so 12 are left", "12", True),
        ("so 120 are left", "12", False),
        ("so 12.5 are left", "12", False),
        ("so it is 12.", "12", True),
        ("in all 1,200 of them", "1200", True),
        ("the rest is x^2-2x -15", "x^2 - 2x - 15", True),
        ("I know it", "no", False),
        ("The answer is no.", "no", True),
    ],
)
def test_stating(text: str, answer: str, wanted: bool) -> None:
    assert states(text, answer) is wanted


def test_withholding() -> None:
    steps = ("There are 4.", "2 + 2 = 5", "which is 5", "So it is 5.")
    assert withheld(steps, "5") == ("There are 4.",)
    assert withheld(("5 it is.", "It is 5."), "5") == ()
