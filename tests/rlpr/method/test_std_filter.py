"""The filter of groups, against a plain computation of all its steps."""

from __future__ import annotations

import json
import math
import random
import statistics
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pyverify.rlpr import StdFilter

Groups = list[list[float]]


def run(seed: int, steps: int, groups: int = 6, size: int = 8) -> list[Groups]:
    numbers = random.Random(seed)
    return [
        [[numbers.gauss(0.5, spread) for _ in range(size)] for spread in numbers.choices(
            [0.0, 0.01, 0.1, 0.3], k=groups)]
        for _ in range(steps)
    ]  # fmt: skip


def plain(
    steps: list[Groups], scale: float, ratio: float, ema_start: int, filter_start: int
) -> list[tuple[list[bool], float | None]]:
    """All steps from the beginning, by numpy."""
    means = [float(numpy.mean([numpy.std(group, ddof=1) for group in step])) for step in steps]
    found: list[tuple[list[bool], float | None]] = []
    for number, step in enumerate(steps, start=1):
        if number < filter_start:
            found.append(([True] * len(step), None))
            continue
        beta = float(numpy.mean(means[ema_start - 1 : filter_start - 1]))
        for mean in means[filter_start - 1 : number]:
            beta = ratio * beta + (1 - ratio) * mean
        keep = [bool(numpy.std(group, ddof=1) >= scale * beta) for group in step]
        found.append((keep, scale * beta))
    return found


@pytest.mark.parametrize(
    ("scale", "ratio", "ema_start", "filter_start"),
    [(0.5, 0.99, 6, 11), (1.0, 0.5, 1, 2), (0.5, 0.0, 3, 4), (2.0, 1.0, 2, 9), (0.0, 0.9, 1, 3)],
)
def test_against_a_plain_computation(
    scale: float, ratio: float, ema_start: int, filter_start: int
) -> None:
    steps = run(seed=filter_start, steps=30)
    keeps = StdFilter(scale=scale, ratio=ratio, ema_start=ema_start, filter_start=filter_start)
    for step, (keep, threshold) in zip(
        steps, plain(steps, scale, ratio, ema_start, filter_start), strict=True
    ):
        found = keeps(step)
        assert list(found.keep) == keep
        assert found.kept + found.dropped == len(step)
        assert (found.threshold is None) == (threshold is None)
        if threshold is not None:
            assert found.threshold == pytest.approx(threshold, rel=1e-12)
        for one, group in zip(found.stds, step, strict=True):
            assert one == pytest.approx(statistics.stdev(group), rel=1e-12)


def test_defaults_are_those_of_the_paper() -> None:
    keeps = StdFilter()
    for step in range(1, 11):
        found = keeps([[0.0, 0.2], [0.1, 0.1]])
        assert (found.step, found.kept, found.threshold) == (step, 2, None)
    found = keeps([[0.0, 0.2], [0.1, 0.1], [0.0, 0.03], [0.0, 0.06]])
    assert found.keep == (True, False, False, True)
    mean = math.sqrt(2) / 20
    assert found.threshold == pytest.approx(0.5 * (0.99 * mean + 0.01 * found.mean_std))


@given(seed=st.integers(0, 99), at=st.integers(0, 29))
def test_a_checkpoint_goes_on_exactly_the_same(seed: int, at: int) -> None:
    steps = run(seed, 30)
    whole = StdFilter()
    expected = [whole(step) for step in steps]
    first = StdFilter()
    found = [first(step) for step in steps[:at]]
    second = StdFilter()
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    found += [second(step) for step in steps[at:]]
    assert found == expected
    assert second.state_dict() == whole.state_dict()


def test_a_state_is_a_copy() -> None:
    keeps = StdFilter()
    for step in run(1, 8):
        keeps(step)
    state = keeps.state_dict()
    before = json.dumps(state)
    for step in run(2, 2):
        keeps(step)
    assert json.dumps(state) == before


@given(st.randoms(use_true_random=False))
def test_the_order_does_not_matter(numbers: random.Random) -> None:
    steps = run(3, 14)
    one, other = StdFilter(), StdFilter()
    for step in steps:
        order = list(range(len(step)))
        numbers.shuffle(order)
        mixed = [numbers.sample(step[i], len(step[i])) for i in order]
        found, again = one(step), other(mixed)
        assert again.threshold == found.threshold
        assert again.stds == tuple(found.stds[i] for i in order)


def test_what_is_no_number_is_left_out_and_counted() -> None:
    keeps = StdFilter(ema_start=1, filter_start=2)
    clean, dirty = [0.1, 0.3, 0.9], [0.1, None, math.nan, 0.3, math.inf, -math.inf, 0.9]
    keeps([clean])
    found = keeps([clean, dirty, [0.5, math.nan], [], [None, None]])
    assert found.ignored == 7
    assert found.stds[0] == found.stds[1]
    assert [math.isnan(one) for one in found.stds] == [False, False, True, True, True]
    # Without a deviation a group isn't worth keeping, once that is asked.
    assert found.keep == (True, True, False, False, False)
    assert found.mean_std == found.stds[0]


def test_steps_without_any_deviation_change_nothing() -> None:
    keeps = StdFilter(ema_start=1, filter_start=3)
    assert keeps([]).keep == ()
    assert keeps([[1.0]]).keep == (True,)
    found = keeps([[1.0], [math.nan]])
    assert (found.keep, found.threshold) == ((True, True), None)  # There is no threshold yet.
    assert math.isnan(found.mean_std)
    found = keeps([[0.0, 0.2], [0.1, 0.1]])
    assert found.keep == (True, False)
    before = keeps.beta
    assert keeps([[0.5]]).keep == (False,)
    assert keeps.beta == before


def test_a_refill_is_held_to_the_threshold_of_its_step() -> None:
    keeps = StdFilter(ema_start=1, filter_start=2)
    keeps([[0.0, 0.2]])
    found = keeps([[0.0, 0.2], [0.1, 0.1]])
    state = keeps.state_dict()
    again = keeps([[0.0, 9.0], [0.1, 0.1]], refill=True)
    assert (again.step, again.threshold, again.keep) == (2, found.threshold, (True, False))
    assert keeps.state_dict() == state


def test_metrics() -> None:
    keeps = StdFilter(ema_start=1, filter_start=2)
    assert set(keeps([[1.0]]).as_metrics()) == {
        "std_filter/kept",
        "std_filter/dropped",
        "std_filter/ignored",
    }
    keeps([[0.0, 0.2]])
    found = keeps([[0.0, 0.2], [0.1, 0.1]]).as_metrics("f")
    assert (found["f/kept"], found["f/dropped"]) == (1.0, 1.0)
    assert found["f/threshold"] < found["f/mean_std"]


def test_misuse() -> None:
    for options in (
        {"scale": -1},
        {"scale": math.nan},
        {"ratio": 1.1},
        {"ratio": math.nan},
        {"ema_start": 0},
        {"ema_start": 11},
    ):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
            StdFilter(**options)  # type: ignore[arg-type]
    for state in ({}, {"step": 1, "beta": "x", "first": []}, {"step": 1, "beta": None}):
        with pytest.raises(ValueError, match="state must come from state_dict"):
            StdFilter().load_state_dict(state)


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch without distributed")
def test_ranks_have_one_threshold(tmp_path: Path) -> None:
    steps = run(5, 14)
    alone = StdFilter()
    expected = [alone(step) for step in steps]
    (tmp_path / "steps.json").write_text(json.dumps(steps))
    command = [sys.executable, str(Path(__file__).parent / "filter_rank.py")]
    running = [
        subprocess.Popen([*command, str(rank), "2", str(tmp_path)], stderr=subprocess.PIPE)
        for rank in (0, 1)
    ]
    for one in running:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said.decode()
    parts = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1)]
    for whole, (keep, threshold), (other_keep, other_threshold) in zip(
        expected, *parts, strict=True
    ):
        assert threshold == other_threshold
        assert (threshold is None) == (whole.threshold is None)
        if threshold is not None:
            assert threshold == pytest.approx(whole.threshold, rel=1e-14)
        assert keep + other_keep == list(whole.keep)
