"""Evaluations: how many responses are behind them, several sets, and runs that only look ill."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import pytest

from pyverify.monitor import Alert, AlertKind, RewardMonitor, Severity
from pyverify.monitor.metrics import Scale
from pyverify.monitor.samples import granularity

UNIT = Scale(0.0, 1.0)
Values = list[float]


def sampled(rng: random.Random, problems: int, rate: float) -> float:
    """An evaluation: so many right-or-wrong responses."""
    return sum(rng.random() < rate for _ in range(problems)) / problems


def symptoms(step: int) -> dict[str, float]:
    """Entropy and clipped responses rise all the time, as they do in healthy runs, too."""
    return {"entropy": 0.35 + 0.0025 * step, "clipped_ratio": 0.03 + 0.0007 * step}


@pytest.mark.parametrize("problems", [5, 10, 11, 16, 20, 25, 26, 30, 40, 50, 64, 100, 120])
@pytest.mark.parametrize(
    ("scale", "logged"),
    [
        (UNIT, lambda x: x),
        (Scale(0.0, 100.0), lambda x: 100 * x),
        (Scale(-1.0, 1.0), lambda x: 2 * x - 1),
        (Scale(0.0, 10.0), lambda x: 10 * x),
    ],
)
def test_values_tell_how_many_problems_there_are(
    problems: int, scale: Scale, logged: Callable[[float], float]
) -> None:
    rights = [1, 3, problems // 2, problems - 2, 2]
    values = [logged(right / problems) for right in rights]
    assert granularity(values, scale, 200) == problems


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ([0.089, 0.063, 0.025], 200),
        ([0.3, 0.4, 0.2], 10),
        ([0.34, 0.32, 0.21], 100),  # rounded to two digits, perhaps
        ([0.033, 0.067, 0.1, 0.133, 0.267], 30),  # thirtieths, rounded to three
        ([1.0, 1.0, 0.0], 200),
        ([0.12345678, 0.2], 200),
    ],
)
def test_values_of_few_digits(values: Values, count: int) -> None:
    assert granularity(values, UNIT, 200) == count


@pytest.mark.parametrize("problems", [10, 20, 25, 50])
def test_small_sets_that_stay_level_are_no_collapse(problems: int) -> None:
    collapsed = 0
    for seed in range(60):
        rng = random.Random(seed)
        monitor = RewardMonitor()
        alerts = []
        for step in range(0, 101, 5):
            row = {"validation_reward": sampled(rng, problems, 0.3), **symptoms(step)}
            alerts += monitor.update(step, row)
        collapsed += any(alert.severity is Severity.COLLAPSE for alert in alerts)
    assert collapsed <= 2


def falls(step: int) -> float:
    """The requirement's run, 0.089 at step 0 to 0.025 at step 10, at any step between."""
    return 0.089 + (0.063 - 0.089) * step / 5 if step < 5 else 0.063 - 0.038 * (step - 5) / 5


@pytest.mark.parametrize("every", [1, 2, 3, 5])
def test_a_collapse_is_called_by_step_ten_however_often_it_is_evaluated(every: int) -> None:
    monitor = RewardMonitor()
    alerts = []
    for step in range(11):
        share = step / 25
        row = {"entropy": 6.3 + 2.3 * share, "clipped_ratio": 0.026 + 0.224 * share}
        if step % every == 0:
            row["validation_reward"] = falls(step)
        alerts += monitor.update(step, row)
    assert Severity.COLLAPSE in {alert.severity for alert in alerts}


def harder(validation: Callable[[float], float], seed: int) -> list[Alert]:
    """The training reward sinks from 0.6 to 0.3 bit by bit, responses get longer."""
    rng = random.Random(seed)
    monitor = RewardMonitor()
    alerts = []
    for step in range(121):
        share = step / 120
        row = {"reward_mean": sampled(rng, 512, 0.6 - 0.3 * share)}
        row |= {"entropy": 0.4 + 0.1 * share, "clipped_ratio": 0.02 + 0.06 * share}
        if step % 10 == 0:
            row["validation_reward"] = sampled(rng, 501, validation(share))
        alerts += monitor.update(step, row)
    return [alert for alert in alerts if alert.kind is AlertKind.REWARD_FALLING]


def test_harder_prompts_are_no_collapse_while_validation_gains() -> None:
    for seed in range(10):
        assert harder(lambda share: 0.6 - 0.2 * math.exp(-4 * share), seed) == []


def test_the_same_fall_is_one_where_validation_falls_too() -> None:
    for seed in range(3):
        alerts = harder(lambda share: 0.6 - 0.3 * share, seed)
        assert Severity.COLLAPSE in {alert.severity for alert in alerts}


Rows = Iterator[tuple[int, dict[str, float]]]


def benchmark(sets: int, rate: Callable[[int, float], float], seed: int) -> Rows:
    """Sets of 25 problems, evaluated every ten steps."""
    rng = random.Random(seed)
    for step in range(0, 101, 10):
        names = range(sets)
        row = {f"validation_reward/{i}": sampled(rng, 25, rate(i, step / 100)) for i in names}
        yield step, row | symptoms(step)


def watched(rows: Rows) -> list[Alert]:
    monitor = RewardMonitor()
    return [alert for step, row in rows for alert in monitor.update(step, row)]


def test_of_many_sets_one_is_low_by_chance() -> None:
    alerts = [watched(benchmark(27, lambda i, _: 0.1 + 0.03 * i, seed)) for seed in range(20)]
    assert sum(map(bool, alerts)) <= 1


def test_a_policy_that_collapses_does_so_on_all_sets_and_is_said_once() -> None:
    for seed in range(5):
        alerts = watched(benchmark(27, lambda i, share: (0.1 + 0.03 * i) * (1 - share), seed))
        [alert] = [alert for alert in alerts if alert.severity is Severity.COLLAPSE]
        assert alert == alerts[-1]
        assert alert.message.startswith("validation reward, the mean of 27 sets, fell from 0.")
        assert alert.metric.startswith("validation_reward/")


def test_sets_logged_one_after_the_other_are_judged_together() -> None:
    """TRL has a row for each set of an evaluation, and one for the symptoms."""
    monitor = RewardMonitor()
    alerts = []
    for step, row in benchmark(3, lambda _, share: 0.6 * (1 - share), 0):
        for name, value in row.items():
            alerts += monitor.update(step, {name: value})
    assert [alert.severity for alert in alerts] == [Severity.COLLAPSE]
    assert "the mean of 3 sets" in alerts[0].message


def test_one_set_that_falls_alone_is_a_warning() -> None:
    rows = benchmark(6, lambda i, share: 0.8 * (1 - share) if i == 2 else 0.5, 1)
    alerts = watched(rows)
    assert {alert.metric for alert in alerts} == {"validation_reward/2"}
    assert {alert.severity for alert in alerts} == {Severity.WARNING}
    assert "the mean of the 6 sets does not fall like that" in alerts[0].message


def test_sets_on_different_scales_are_judged_together() -> None:
    monitor = RewardMonitor()
    alerts = []
    for step in range(0, 60, 10):
        good = 0.8 - 0.012 * step
        row = {"validation_reward/share": good + 0.0012345, "validation_reward/points": 100 * good}
        alerts += monitor.update(step, row | symptoms(step))
    assert [alert.severity for alert in alerts] == [Severity.COLLAPSE]
    assert "the mean of 2 sets, fell from 0.8" in alerts[0].message
