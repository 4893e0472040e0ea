"""Verifier: a gold read once."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import weakref

import pytest

import pyverify
from pyverify import AnyOf, Options, Reason, Verifier


def test_a_verifier_is_callable() -> None:
    verifier = Verifier(gold=r"\frac{1}{2}")
    assert verifier(r"\boxed{0.5}")
    assert not verifier(r"\boxed{0.6}")
    assert verifier.equivalent("0.5")
    assert verifier(r"\boxed{0.5}") == pyverify.verify(r"\boxed{0.5}", gold=r"\frac{1}{2}")
    assert verifier.explain(r"\boxed{0.5}").result == verifier(r"\boxed{0.5}")
    assert verifier.explain("0.5", bare=True).result == verifier.equivalent("0.5")


def test_properties() -> None:
    options = Options(ordered_lists=True)
    verifier = Verifier(gold=["1", "2"], options=options)
    assert verifier.gold == '{"any_of": [["1", "2"]]}'
    assert verifier.options is options
    assert verifier.gold_problem is Reason.NONE
    assert Verifier(gold="").gold_problem is Reason.EMPTY
    assert repr(Verifier(gold="1")) == "Verifier(gold='1')"
    assert "ordered_lists=True" in repr(verifier)
    with pytest.raises(AttributeError):
        verifier.gold = "3"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        verifier.other = "3"  # type: ignore[attr-defined]


def test_misuse() -> None:
    with pytest.raises(TypeError):
        Verifier("1")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="gold"):
        Verifier()  # type: ignore[call-arg]
    verifier = Verifier(gold="1")
    for wrong in (None, 1, b"1", ["1"]):
        with pytest.raises(TypeError, match="must be a str"):
            verifier(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="answer must be a str"):
            verifier.equivalent(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "verifier",
    [
        Verifier(gold="1"),
        Verifier(gold=AnyOf(["1", ["2", "3"]])),
        Verifier(gold="1, 2", options=Options(ordered_lists=True)),
        Verifier(gold="\ud800"),
    ],
)
def test_copies_and_pickles(verifier: Verifier) -> None:
    copies = [copy.copy(verifier), copy.deepcopy(verifier)]
    copies += [pickle.loads(pickle.dumps(verifier, protocol)) for protocol in range(2, 6)]
    for same in copies:
        assert (same.gold, same.options) == (verifier.gold, verifier.options)
        for completion in (r"\boxed{1}", r"\boxed{2, 1}", r"\boxed{2,3}", ""):
            assert same(completion) == verifier(completion)


def test_one_verifier_in_many_threads() -> None:
    verifier = Verifier(gold=r"\frac{\sqrt{2}}{2}")
    completions = [r"\boxed{\frac{1}{\sqrt2}}", r"\boxed{0.7}", "nothing here\nat all"]
    expected = [verifier(completion) for completion in completions]
    wrong: list[int] = []

    def work() -> None:
        for _ in range(300):
            if [verifier(completion) for completion in completions] != expected:
                wrong.append(1)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


def test_nothing_leaks() -> None:
    verifier = Verifier(gold="1")
    alive = weakref.ref(verifier)
    del verifier
    gc.collect()
    assert alive() is None
