"""Graders in processes of their own: what they get, what they may give, what they cannot do."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyverify import verify
from pyverify.graders import Case, Confinement, GraderError, Judgement, Rival, open_graders

pytestmark = pytest.mark.skipif(os.name != "posix", reason="graders need processes as POSIX has")

FILE = Path(__file__).with_name("graders_of_tests.py")
CONFINEMENT = Confinement(deadline=1.5)


def case(completion: str, gold: object = "42", **more: object) -> Case:
    result = verify(completion, gold="42")
    return Case(
        completion,
        gold,
        data_source=str(more.get("data_source", "")),
        extra_info=more.get("extra_info"),
        result=result,
    )


@contextlib.contextmanager
def grader(function: str, confinement: Confinement = CONFINEMENT) -> Iterator[Rival]:
    rival = Rival(f"{FILE}:{function}", sys.executable, confinement)
    try:
        yield rival
    finally:
        rival.close()


def asked(function: str, *cases: Case, confinement: Confinement = CONFINEMENT) -> list[Judgement]:
    with grader(function, confinement) as rival:
        return list(rival.judge(cases))


def gone(pid: int) -> bool:
    """Whether a process has ended, within a while."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_verdict_each_in_their_order() -> None:
    cases = [case("42" if i % 3 else "41") for i in range(50)]
    found = asked("right", *cases)
    assert [one.right for one in found] == [bool(i % 3) for i in range(50)]
    assert found[1] == Judgement(True, "equal", "score", 1.0)
    assert found[0] == Judgement(False, "not_equal", "score", 0.0)


@pytest.mark.parametrize(
    ("function", "completion", "expected"),
    [
        ("number", "1", Judgement(True, "equal", "score", 1.0)),
        ("number", "0.5", Judgement(True, "equal", "score", 0.5)),
        ("number", "0.49", Judgement(False, "not_equal", "score", 0.49)),
        ("number", "-1", Judgement(False, "not_equal", "score", -1.0)),
        ("number", "nan", Judgement(False, "raised", "ValueError: a score of nan", 0.0)),
        ("nothing", "42", Judgement(False, "undecided", "none", 0.0)),
        ("mapping", "42!", Judgement(True, "equal", "score", -1.0, "42!")),
        ("mapping", "41!", Judgement(False, "not_equal", "score", -1.0, "41!")),
        ("named_gold", "text 42", Judgement(True, "equal", "score", 1.0)),
        ("keyword_gold", "42", Judgement(True, "equal", "score", 1.0)),
        ("later", "42", Judgement(True, "equal", "score", 1.0)),
        ("Reward.score", "", Judgement(True, "equal", "score", 0.5)),
    ],
)
def test_what_a_function_may_give(function: str, completion: str, expected: Judgement) -> None:
    assert asked(function, case(completion)) == [expected]


def test_the_signature_of_verl() -> None:
    found = asked("compute_score", case("a", "b", data_source="set", extra_info={"k": 1}))
    assert found[0].extracted == "set|a|b|{'k': 1}"


@pytest.mark.parametrize("gold", ["x", ["a", "b"], {"any_of": ["a", ["b", "c"]]}])
def test_golds_arrive_as_they_are(gold: object) -> None:
    found = asked("compute_score", case("a", gold))
    assert found[0].extracted == f"|a|{gold}|None"


@pytest.mark.parametrize("text", ["\ud800 half", "x" * 5_000_000 + "42", "a\nb\r\u2028c", "\x00"])
def test_any_text_arrives(text: str) -> None:
    (found,) = asked("mapping", case(text))
    assert found.extracted == text[:3]
    assert found.right is ("42" in text)


def test_prints_don_t_spoil_the_answers() -> None:
    found = asked("noisy", case("42"), case("41"), case("42"))
    assert [one.right for one in found] == [True, False, True]
    assert [one.right for one in asked("reads", case("42"))] == [True]


@pytest.mark.parametrize(
    ("completion", "verdict", "reason"),
    [
        ("exit now", "raised", "SystemExit: 3"),
        ("raise", "raised", "ValueError: cannot read raise"),
        ("nest", "raised", "RecursionError: "),
        ("die", "crashed", "exit code 5"),
        ("segfault", "crashed", "killed by SIGSEGV"),
        ("orphan", "crashed", "exit code 7"),
        ("hang", "timeout", "no answer within 1.5 s"),
        pytest.param(
            "eat",
            "raised",
            "MemoryError",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux"),
        ),
    ],
)
def test_one_row_cannot_harm_the_next(completion: str, verdict: str, reason: str) -> None:
    begin = time.monotonic()
    found = asked("wild", case("42"), case(completion), case("42"), case("41"))
    assert [one.right for one in found] == [True, False, True, False]
    assert found[1].verdict == verdict
    assert found[1].reason.startswith(reason)
    assert found[1].score == 0.0
    assert time.monotonic() - begin < 8


def test_a_kill_takes_its_workers_along(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    (found,) = asked("leaves_a_worker", case("", str(told)))
    assert found.verdict == "timeout"
    assert gone(int(told.read_text(encoding="ascii")))


def test_several_workers_keep_the_order() -> None:
    cases = [case("hang" if i == 2 else "42" if i % 2 else "41") for i in range(40)]
    found = asked("wild", *cases, confinement=Confinement(deadline=1.5, workers=3))
    assert [one.right for one in found] == [bool(i % 2) for i in range(40)]
    assert [i for i, one in enumerate(found) if one.verdict == "timeout"] == [2]


def test_closing_in_the_middle_ends_it_at_once() -> None:
    begin = time.monotonic()
    with grader("wild", Confinement(deadline=60, workers=2)) as rival:
        found = rival.judge([case("42"), case("hang"), case("hang"), case("hang")])
        assert next(found).right
        time.sleep(1)
        processes = [one._process.pid for one in rival._processes if one._process is not None]
    assert time.monotonic() - begin < 20
    assert processes
    assert all(gone(pid) for pid in processes)


def test_a_grader_that_answers_nothing_ends_the_run() -> None:
    with grader("fails") as rival, pytest.raises(GraderError) as caught:
        list(rival.judge([case("42")] * 30))
    assert "no verdict on any of the first 10 rows (raised: KeyError: 'always')" in str(
        caught.value
    )
    assert "--deadline" in str(caught.value)
    # One answer is enough to go on.
    found = asked("wild", case("42"), *[case("raise")] * 12)
    assert [one.verdict for one in found] == ["equal"] + ["raised"] * 12


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody", "no grader 'nobody'; there are pyverify, exact, math-verify"),
        ("nowhere.py:f", "no such file: nowhere.py"),
        ("no.such.module:f", "does not start: ModuleNotFoundError: No module named 'no'"),
        (f"{FILE}:none", "does not start: AttributeError"),
        (
            f"{FILE}:batch",
            "TypeError: it takes a batch; wanted is a function of (completion, gold)",
        ),
        (f"{FILE}:sys.platform", "cannot be called"),
    ],
)
def test_a_grader_that_cannot_be_used(name: str, message: str) -> None:
    with pytest.raises(GraderError) as caught:
        open_graders(["pyverify", name], label="", pythons={}, confinement=CONFINEMENT)
    assert message in str(caught.value)


def test_an_interpreter_that_is_none() -> None:
    for python, message in (("/no/python", "cannot run /no/python"), ("/bin/false", "exit code 1")):
        with pytest.raises(GraderError, match=message):
            open_graders([f"{FILE}:right"], label="", pythons={"": python}, confinement=CONFINEMENT)


def test_a_broken_mapping_is_the_row_s_fault() -> None:
    (found,) = asked("empty_mapping", case("42"))
    assert found.verdict == "raised"
    assert found.reason == "TypeError: an object without score or reward or correct or acc"


def test_exact_compares_characters() -> None:
    (exact,) = open_graders(["exact"], label="", pythons={}, confinement=CONFINEMENT)

    def says(completion: str, gold: object) -> tuple[bool, str]:
        found = verify(completion, gold=gold)  # type: ignore[arg-type]
        (one,) = exact.judge([Case(completion, gold, "", None, found)])
        return one.right, one.verdict

    assert says("\\boxed{42}", "42") == (True, "equal")
    assert says("\\boxed{42.0}", "42") == (False, "not_equal")
    assert says("\\boxed{ x=1, x=2 }", ["x=1", "x=2"]) == (True, "equal")
    assert says("\\boxed{b}", {"any_of": ["a", "b"]}) == (True, "equal")
    assert says("", "42") == (False, "no_answer")
