"""The reward monitor: what it calls, when, how often, and what it leaves alone."""

from __future__ import annotations

import importlib
import json
import math
import pickle
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from pyverify.monitor import (
    Alert,
    AlertKind,
    MonitorState,
    RewardMonitor,
    Severity,
    Thresholds,
    batch_metrics,
)

EVALUATIONS = {0: 0.089, 5: 0.063, 10: 0.025, 25: 0.008}
SHAPES: dict[str, Callable[[float], float]] = {
    "linear": lambda t: t,
    "early": math.sqrt,
    "late": lambda t: t * t,
    "exponential": lambda t: math.expm1(2 * t) / math.expm1(2),
    "stepwise": lambda t: 0.4 * (t >= 0.2) + 0.3 * (t >= 0.4) + 0.3 * (t >= 1),
}


def watch(rows: list[tuple[int, dict[str, float]]], **settings: int) -> list[Alert]:
    monitor = RewardMonitor(group_size=settings.get("group_size"))
    return [alert for step, row in rows for alert in monitor.update(step, row)]


def collapsing(
    shape: Callable[[float], float], dense: bool, noise: float, seed: int
) -> list[Alert]:
    """The run of the requirement up to step 10 and not a step further."""
    rng = random.Random(seed)
    rows = []
    for step in range(11):
        row = {}
        if step in EVALUATIONS:
            row["validation_reward"] = EVALUATIONS[step]
        if dense or step in EVALUATIONS:
            row["entropy"] = (6.3 + 2.3 * shape(step / 25)) * (1 + rng.gauss(0, noise))
            clipped = 0.026 + 0.224 * shape(step / 25)
            row["clipped_ratio"] = max(0.0, clipped * (1 + rng.gauss(0, 3 * noise)))
        rows.append((step, row))
    return watch(rows)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_a_collapse_is_called_by_step_ten(shape: str, dense: bool, noise: float) -> None:
    for seed in range(10):
        alerts = collapsing(SHAPES[shape], dense, noise, seed)
        assert [alert.severity for alert in alerts] == [Severity.COLLAPSE], seed
        assert alerts[0].kind is AlertKind.VALIDATION_FALLING
        assert alerts[0].step == 10
        assert "0.089" in alerts[0].message
        assert "0.025" in alerts[0].message


def test_the_fall_alone_is_not_called_at_the_third_evaluation() -> None:
    """Thirty problems give such values by chance; a log without symptoms gets more time."""
    assert collapsing(lambda t: 0.0, True, 0.0, 0) == []


def test_a_long_fall_without_symptoms_is_called() -> None:
    values = [0.5, 0.52, 0.51, 0.53, 0.4, 0.25, 0.12, 0.05]
    alerts = watch([(10 * i, {"validation_reward": value}) for i, value in enumerate(values)])
    assert [(a.kind, a.severity) for a in alerts] == [
        (AlertKind.VALIDATION_FALLING, Severity.COLLAPSE)
    ]


def test_one_set_falls_while_another_gains() -> None:
    rows = []
    for i in range(10):
        falls = 0.6 - 0.0613 * i
        row = {
            "validation_reward/a": falls,
            "validation_reward/b": 0.2 + 0.0777 * i,
            "entropy": 1 + i,
        }
        rows.append((10 * i, row))
    alerts = watch(rows)
    assert {alert.metric for alert in alerts} == {"validation_reward/a"}
    assert {alert.severity for alert in alerts} == {Severity.WARNING}


def test_a_symptom_logged_after_the_evaluation_counts() -> None:
    """TRL writes the evaluation and the training metrics of a step in two rows."""
    monitor = RewardMonitor()
    alerts = []
    for step, value in list(EVALUATIONS.items())[:3]:
        alerts += monitor.update(step, {"validation_reward": value})
        alerts += monitor.update(step, {"entropy": 6.3 + 0.1 * step})
    assert [alert.step for alert in alerts] == [10]


@pytest.fixture(scope="module")
def scenarios(repository: Path) -> ModuleType:
    bench = repository / "bench"
    if not (bench / "monitor_scenarios.py").is_file():
        pytest.skip("the generators in bench/ are not part of a source distribution")
    sys.path.insert(0, str(bench))
    try:
        return importlib.import_module("monitor_scenarios")
    finally:
        sys.path.remove(str(bench))


def test_healthy_runs_pass_in_silence(scenarios: ModuleType) -> None:
    for name, scenario in scenarios.HEALTHY.items():
        for seed in range(1000, 1002):
            log, setup, _ = scenarios.make(scenario, seed)
            assert watch(log, group_size=setup.group) == [], (name, seed)


def test_sick_runs_are_called(scenarios: ModuleType) -> None:
    for name, scenario in scenarios.SICK.items():
        for seed in range(1000, 1002):
            log, setup, begins = scenarios.make(scenario, seed)
            alerts = watch(log, group_size=setup.group)
            right = [alert for alert in alerts if alert.kind.value in scenario.kinds]
            assert right, (name, seed)
            assert right[0].step >= begins, (name, seed)


def test_an_alert_is_said_once_and_again_after_it_was_gone() -> None:
    limits = Thresholds()
    monitor = RewardMonitor(group_size=8)
    kinds = []
    for step in range(200):
        rate = 0.4 if 60 <= step < 120 else 0.0005
        kinds += [(a.step, a.kind) for a in monitor.update(step, {"correctness": rate})]
    first, second = (step for step, kind in kinds if kind is AlertKind.SPARSE_REWARD)
    assert first < 20
    assert 120 < second < 120 + 2 * limits.block + limits.patience + 5


def test_values_that_are_not_finite() -> None:
    monitor = RewardMonitor()
    first = monitor.update(1, {"grad_norm": math.nan, "learning_rate": math.nan})
    assert [(a.kind, a.severity) for a in first] == [(AlertKind.NOT_FINITE, Severity.WARNING)]
    again = monitor.update(2, {"grad_norm": math.inf})
    assert [a.severity for a in again] == [Severity.COLLAPSE]
    assert monitor.update(3, {"grad_norm": math.nan}) == []
    assert json.loads(json.dumps(again[0].as_json(), allow_nan=False))["value"] is None


def test_state_goes_with_a_checkpoint(scenarios: ModuleType) -> None:
    log, _, _ = scenarios.make(scenarios.SICK["collapse_late"], 3)
    whole = watch(log)
    half = len(log) // 2
    before, after = RewardMonitor(), RewardMonitor()
    alerts = [alert for step, row in log[:half] for alert in before.update(step, row)]
    state: MonitorState = json.loads(json.dumps(before.state_dict()))
    after.load_state_dict(state)
    copy = pickle.loads(pickle.dumps(before))
    rest = [alert for step, row in log[half:] for alert in after.update(step, row)]
    assert alerts + rest == whole
    assert whole
    assert [alert for step, row in log[half:] for alert in copy.update(step, row)] == rest
    state["version"] = 99
    with pytest.raises(ValueError, match="version 99"):
        after.load_state_dict(state)


def test_memory_is_bounded() -> None:
    monitor = RewardMonitor()
    for step in range(3000):
        monitor.update(step, {"entropy": 1.0})
    assert len(json.dumps(monitor.state_dict())) < 10_000


def test_going_back_to_a_checkpoint_forgets_what_came_after() -> None:
    straight, resumed = RewardMonitor(), RewardMonitor()
    for step in range(50):
        straight.update(step, {"reward_mean": step / 100})
    for step in [*range(40), *range(20, 50)]:
        resumed.update(step, {"reward_mean": step / 100})
    assert resumed.state_dict()["series"] == straight.state_dict()["series"]


def test_metrics_of_a_batch() -> None:
    found = batch_metrics(
        [1.0, 0.0, 1.0, 1.0, None, 0.5],
        groups=["a", "a", "b", "b", "c", "c"],
        components={"format": [1, 1, 1, 1, None, 0], "correctness": [1, 0, 1, 1, None, None]},
    )
    assert found["reward_mean"] == pytest.approx(0.7)
    assert found["abstained"] == pytest.approx(1 / 6)
    # Group c has one reward: nothing can be said of its variance.
    assert found["zero_variance_groups"] == 0.5
    assert found["group_size"] == 2
    assert found["component/format"] == pytest.approx(0.8)
    assert found["correctness"] == found["component/correctness"] == 0.75
    assert (found["reward_min"], found["reward_max"]) == (0.0, 1.0)
    with pytest.raises(ValueError, match="2 rewards but 1 groups"):
        batch_metrics([1, 0], groups=["a"])
    with pytest.raises(ValueError, match="1 values of 'format'"):
        batch_metrics([1, 0], components={"format": [1]})


def test_a_batch_of_nothing() -> None:
    monitor = RewardMonitor()
    assert monitor.update_batch(1, []) == []
    assert monitor.update_batch(2, [None, None]) == []
    nan = monitor.update_batch(3, [1.0, math.nan])
    assert [(a.kind, a.metric) for a in nan] == [(AlertKind.NOT_FINITE, "reward_mean")]


def test_batches_show_a_sparse_reward() -> None:
    monitor = RewardMonitor()
    groups = [prompt for prompt in range(16) for _ in range(8)]
    kinds = set()
    for step in range(30):
        rewards = [float(step % 5 == 0 and i == 3) for i in range(128)]
        parts = {"correctness": rewards}
        kinds |= {a.kind for a in monitor.update_batch(step, rewards, groups, parts)}
    assert AlertKind.SPARSE_REWARD in kinds
    assert AlertKind.ZERO_VARIANCE in kinds


def test_thresholds() -> None:
    assert Thresholds().with_values({"patience": "5"}).patience == 5
    with pytest.raises(ValueError, match="no threshold is called 'patient'"):
        Thresholds().with_values({"patient": "5"})
    with pytest.raises(ValueError, match="patience is a whole number"):
        Thresholds().with_values({"patience": "0.5"})
    with pytest.raises(ValueError, match="must be above 0"):
        Thresholds(length_ratio=-1)
    with pytest.raises(ValueError, match="group_size"):
        RewardMonitor(group_size=0)


def test_every_threshold_matters_to_a_reader(repository: Path) -> None:
    page = (repository / "docs" / "monitor.md").read_text(encoding="utf-8")
    for name, value in vars_of(Thresholds()).items():
        assert f"| `{name}` | {value:g} |" in page, name


def vars_of(limits: Thresholds) -> dict[str, float]:
    return {name: getattr(limits, name) for name in Thresholds.__dataclass_fields__}
