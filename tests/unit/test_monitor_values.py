"""Values that no trainer should log and every trainer does: nothing raises in a training loop."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from pyverify.monitor import (
    CANONICAL,
    Alert,
    AlertKind,
    MonitorState,
    RewardMonitor,
    Severity,
    batch_metrics,
)

EXTREMES = [
    *(sign * 10.0**power for sign in (1, -1) for power in (-320, -200, -99, 99, 160, 308)),
    *(10**400, -(10**400), math.inf, -math.inf, math.nan, 5e-324),
]
NO_NUMBERS: list[object] = [None, "x", "", [0.5], {}, 1j, object()]


class Array:
    """As of a library: it has `__float__`, which raises."""

    def __float__(self) -> float:
        raise RuntimeError("more than one value")


@pytest.mark.parametrize("name", [*(n for n in CANONICAL if n != "component"), "component/format"])
@pytest.mark.parametrize("shape", [lambda i: 1.0, lambda i: 1 - 0.01 * i, lambda i: i % 7 == 0])
def test_no_extreme_raises(name: str, shape: object) -> None:
    assert callable(shape)
    for extreme in EXTREMES:
        monitor = RewardMonitor(group_size=8)
        for step in range(40):
            value = extreme if step % 3 or isinstance(extreme, int) else extreme * shape(step)
            row = {"reward_mean": 0.5 - 0.004 * step, "correctness": 0.5, "entropy": 0.5}
            row |= {"clipped_ratio": 0.02, "response_length": 500.0, "validation_reward": 0.5}
            monitor.update(step, {**row, name: value})


@pytest.mark.parametrize("value", [*NO_NUMBERS, Array()])
def test_what_is_no_number_is_absent(value: object) -> None:
    monitor = RewardMonitor()
    for step in range(3):
        assert monitor.update(step, {"reward_mean": value, "entropy": 0.5}) == []
    assert list(monitor.state_dict()["series"]) == ["entropy"]


def test_numbers_of_other_types() -> None:
    monitor = RewardMonitor()
    monitor.update(1, {"entropy": Decimal("0.5"), "kl": "0.25", "loss": True, "grad_norm": 2})
    series = monitor.state_dict()["series"]
    values = {name: state["points"][0][1] for name, state in series.items()}
    assert values == {"entropy": 0.5, "kl": 0.25, "loss": 1.0, "grad_norm": 2.0}


def test_no_batch_raises() -> None:
    for extreme in [*EXTREMES, *NO_NUMBERS]:
        monitor = RewardMonitor()
        rewards = [extreme, 1.0, 0.0, -1e308]
        parts = {"format": [0.5, extreme, -math.inf, math.inf], "judge": [extreme] * 4}
        for step in range(10):
            monitor.update_batch(step, rewards, ["a", "a", "b", "b"], parts)  # type: ignore[arg-type]


def test_a_reward_that_is_no_number_is_seen() -> None:
    alerts = RewardMonitor().update_batch(1, ["?", 1.0])  # type: ignore[list-item]
    assert [alert.kind for alert in alerts] == [AlertKind.NOT_FINITE]


def test_one_alert_a_step_says_all_that_is_not_finite() -> None:
    monitor = RewardMonitor()
    bad = dict.fromkeys(("loss", "grad_norm", "kl", "entropy"), math.nan)
    first, again = monitor.update(1, bad), monitor.update(2, bad)
    assert [alert.severity for alert in first + again] == [Severity.WARNING, Severity.COLLAPSE]
    assert first[0].message.startswith(
        "loss is nan, gradient norm is nan, KL divergence is nan and 1 more: an overflow"
    )
    assert " again: " in again[0].message
    assert monitor.update(3, bad) == []


def test_going_back_to_before_a_set_was_evaluated() -> None:
    """Its values are forgotten, its name is not."""
    monitor = RewardMonitor()
    for step in [*range(0, 60, 10), *range(20, 60, 10)]:
        row = {"validation_reward/a": 0.5 - 0.008 * step}
        if step >= 50:
            row["validation_reward/b"] = 0.5
        monitor.update(step, row)
        monitor.update(step, {"entropy": 0.5 + 0.01 * step})


@pytest.mark.parametrize("state", [{}, {"version": 1}, {"version": 1, "series": 3}, [], None])
def test_what_is_no_state(state: object) -> None:
    monitor = RewardMonitor()
    monitor.update(1, {"entropy": 0.5})
    before = monitor.state_dict()
    with pytest.raises(ValueError, match="not what RewardMonitor"):
        monitor.load_state_dict(state)  # type: ignore[arg-type]
    assert monitor.state_dict() == before


@pytest.mark.parametrize("key", MonitorState.__annotations__)
def test_a_state_that_was_damaged(key: str) -> None:
    monitor = RewardMonitor()
    monitor.update(1, {"entropy": 0.5})
    state = dict(monitor.state_dict())
    state[key] = "x"
    with pytest.raises(ValueError, match=r"monitor state|RewardMonitor"):
        monitor.load_state_dict(state)  # type: ignore[arg-type]


def outage(rewards: bool, judge: bool) -> list[Alert]:
    """From step 30 on what is said to abstain does."""
    monitor = RewardMonitor()
    alerts = []
    for step in range(50):
        gone = step >= 30
        values = [None if rewards and gone else float(i % 3 == 0) for i in range(64)]
        parts = {"judge": [None if judge and gone else 0.5] * 64, "format": [1.0] * 64}
        alerts += monitor.update_batch(step, values, components=parts)
    return alerts


def test_rewards_that_abstain() -> None:
    for judge in (False, True):
        [alert] = outage(rewards=True, judge=judge)
        assert alert.kind is AlertKind.ABSTAINED_RISING
        assert alert.metric == "abstained"
        assert "a judge or verifier is unreachable" in alert.message
        assert "format" not in alert.message


def test_one_component_that_abstains() -> None:
    [alert] = outage(rewards=False, judge=True)
    assert (alert.kind, alert.metric) == (AlertKind.ABSTAINED_RISING, "abstained/judge")
    assert "abstentions of judge rose 0 % → 100 %" in alert.message
    assert outage(rewards=False, judge=False) == []


def test_shares_of_abstentions() -> None:
    found = batch_metrics([1.0, None], components={"judge": [None, None], "format": [1.0, 0.0]})
    assert found["abstained"] == 0.5
    assert found["abstained/judge"] == 1.0
    assert found["abstained/format"] == 0.0
    assert "component/judge" not in found
