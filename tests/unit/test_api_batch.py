"""verify_batch: the same verdicts as a loop, for any number of threads."""

from __future__ import annotations

import _thread
import gc
import os
import pickle
import random
import threading

import pytest

import pyverify
from pyverify import AnyOf, Options
from pyverify.types import Gold


def mixed(count: int) -> tuple[list[str], list[Gold]]:
    rng = random.Random(7)
    before = ["", "é ", "答案 ", "\ud800", "x" * 40_000]
    answers = ["1", "2", r"\frac12", "0.5", "x^2", "(1,2)", "1, 2", "B", r"\sqrt{2}", ""]
    golds: list[Gold] = [
        "1",
        2,
        0.5,
        "x^2",
        "(1,2)",
        ["1", "2"],
        "B",
        AnyOf(["1", "2"]),
        "",
        "\ud800",
    ]
    completions = [
        rng.choice(before) + r"\boxed{" + rng.choice(answers) + "}" for _ in range(count)
    ]
    return completions, [golds[rng.randrange(len(golds))] for _ in range(count)]


def test_batch_equals_loop_for_any_threads() -> None:
    completions, golds = mixed(600)
    loop = [
        pyverify.verify(completion, gold=gold)
        for completion, gold in zip(completions, golds, strict=True)
    ]
    for threads in (None, 1, 2, 7):
        batch = pyverify.verify_batch(completions, golds=golds, threads=threads)
        assert batch == loop
        assert pickle.dumps(batch) == pickle.dumps(
            pyverify.verify_batch(completions, golds=golds, threads=1)
        )


def test_options_reach_the_batch() -> None:
    prose = "He had 3 apples then, and\nthere remained 7 pears."
    assert not pyverify.verify_batch([prose], golds=["7"])[0]
    assert pyverify.verify_batch([prose], golds=["7"], options=Options(last_number=True))[0]


def test_any_iterable_will_do() -> None:
    batch = pyverify.verify_batch(
        (rf"\boxed{{{i}}}" for i in range(3)), golds=(str(i) for i in range(3))
    )
    assert [result.score for result in batch] == [1.0, 1.0, 1.0]
    assert pyverify.verify_batch([], golds=[]) == []


def test_neighbours_with_equal_golds() -> None:
    golds: list[Gold] = ["1", "1", 1, 1, "2", "2", "1"]
    batch = pyverify.verify_batch([r"\boxed{1}"] * 7, golds=golds)
    assert [result.score for result in batch] == [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0]
    assert {result.gold for result in batch} == {"1", "2"}


def test_misuse() -> None:
    with pytest.raises(ValueError, match="2 completions but 1 golds"):
        pyverify.verify_batch(["1", "2"], golds=["1"])
    with pytest.raises(TypeError, match="completions must be a list"):
        pyverify.verify_batch("12", golds=["1", "2"])
    with pytest.raises(TypeError, match="golds must be a list"):
        pyverify.verify_batch(["1", "2"], golds="12")
    with pytest.raises(TypeError, match=r"completions\[1\] must be a str, not NoneType"):
        pyverify.verify_batch(["1", None], golds=["1", "2"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"golds\[1\]: gold is None"):
        pyverify.verify_batch(["1", "2"], golds=["1", None])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="positional"):
        pyverify.verify_batch(["1"], ["1"])  # type: ignore[call-arg]
    for threads in (0, -1):
        with pytest.raises(ValueError, match="threads"):
            pyverify.verify_batch(["1"], golds=["1"], threads=threads)
    with pytest.raises(TypeError, match="threads"):
        pyverify.verify_batch(["1"], golds=["1"], threads=1.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"pyverify\.Options"):
        pyverify.verify_batch(["1"], golds=["1"], options=3)  # type: ignore[arg-type]


def test_other_threads_run_and_lists_may_change_meanwhile() -> None:
    completions = [r"some words and then \boxed{1}" for _ in range(200_000)]
    golds: list[Gold] = ["1"] * len(completions)
    cleared = threading.Event()

    def clear() -> None:
        completions.clear()
        golds.clear()
        cleared.set()

    timer = threading.Timer(0.001, clear)
    timer.start()
    batch = pyverify.verify_batch(completions, golds=golds, threads=2)
    timer.join()
    assert cleared.is_set()
    assert len(batch) in (0, 200_000)
    assert all(batch)


@pytest.mark.skipif(os.name != "posix", reason="interrupts are simulated with a signal")
def test_an_interrupt_ends_a_batch() -> None:
    completions = [r"\boxed{1}"] * 2_000_000
    golds = ["1"] * len(completions)
    timer = threading.Timer(0.02, _thread.interrupt_main)

    def interrupted() -> None:
        timer.start()
        pyverify.verify_batch(completions, golds=golds, threads=1)
        timer.join()  # too fast a machine is interrupted here

    # A collection may run callbacks of other packages, which would swallow the interrupt.
    gc.disable()
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    finally:
        gc.enable()
    assert pyverify.verify_batch([r"\boxed{1}"], golds=["1"])[0]


def test_batches_in_many_threads() -> None:
    completions, golds = mixed(200)
    expected = pyverify.verify_batch(completions, golds=golds, threads=1)
    outcomes: list[bool] = []

    def work() -> None:
        outcomes.append(pyverify.verify_batch(completions, golds=golds, threads=2) == expected)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert outcomes == [True] * 6
