"""The monitor: metrics in, alerts out, each when it begins."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias, TypedDict

from pyverify.monitor import rules
from pyverify.monitor.alerts import Alert, AlertKind, Severity
from pyverify.monitor.metrics import batch_metrics, family, is_canonical, label
from pyverify.monitor.rules_validation import validation_falling
from pyverify.monitor.run import Finding, Run
from pyverify.monitor.series import Series, SeriesState
from pyverify.monitor.shown import figure
from pyverify.monitor.thresholds import Thresholds
from pyverify.monitor.values import measured

__all__ = ["MonitorState", "RewardMonitor"]

Rule: TypeAlias = Callable[[Run, str], "Finding | None"]

_VERSION = 1

_SEVERITIES = (Severity.WARNING, Severity.COLLAPSE)


class MonitorState(TypedDict):
    """What a monitor remembers, as JSON can hold it."""

    version: int
    group_size: int | None
    thresholds: dict[str, int | float]
    series: dict[str, SeriesState]
    watches: dict[str, list[int]]


# Which rules a metric's new value calls for, by its family.
_RULES: dict[str, tuple[tuple[AlertKind, Rule], ...]] = {
    "reward_mean": (
        (AlertKind.REWARD_FALLING, rules.reward_falling),
        (AlertKind.SPARSE_REWARD, rules.sparse_reward),
    ),
    "correctness": ((AlertKind.SPARSE_REWARD, rules.sparse_reward),),
    "entropy": ((AlertKind.ENTROPY_VANISHING, rules.entropy_vanishing),),
    "zero_variance_groups": ((AlertKind.ZERO_VARIANCE, rules.zero_variance),),
    "component": ((AlertKind.COMPONENT_HACKED, rules.component_hacked),),
    "response_length": ((AlertKind.LENGTH_RUNAWAY, rules.length_runaway),),
    "no_answer": ((AlertKind.NO_ANSWER_RISING, rules.no_answer_rising),),
    "abstained": ((AlertKind.ABSTAINED_RISING, rules.abstained_rising),),
}

# Metrics of one update that are named when they are not finite.
_LISTED = 3

_SYMPTOMS = frozenset({"entropy", "clipped_ratio"})

# An evaluation is rare and judged with those before it; a value that is not finite is no noise.
_AT_ONCE = frozenset({AlertKind.VALIDATION_FALLING, AlertKind.NOT_FINITE})


@dataclass(slots=True)
class _Watch:
    """One condition of one metric: how long it has held, and what was said about it.

    Attributes:
        said: 0 for nothing, 1 for a warning, 2 for a collapse.
        held: Looks in a row at which it held, as a warning at least.
        grave: Looks in a row at which it held as a collapse.
        gone: Looks in a row at which it did not hold.
    """

    said: int = 0
    held: int = 0
    grave: int = 0
    gone: int = 0

    def look(self, finding: Finding | None, patience: int, clear_after: int) -> Severity | None:
        """Takes in one look; returns what has to be said now, if anything."""
        if finding is None:
            self.held = self.grave = 0
            self.gone += 1
            if self.gone >= clear_after:
                self.said = 0
            return None
        self.gone = 0
        self.held += 1
        self.grave = self.grave + 1 if finding.severity is Severity.COLLAPSE else 0
        reached = 2 if self.grave >= patience else 1 if self.held >= patience else 0
        if reached <= self.said:
            return None
        self.said = reached
        return _SEVERITIES[reached - 1]


class RewardMonitor:
    """Watches a run's metrics and says in words when something goes wrong.

    It keeps at most 240 points of each metric, so its memory and the time of an update are bounded.
    Each alert is raised when its condition begins and again only after it was gone for a while. A
    step before the last one means that the run was resumed from a checkpoint: what came after it is
    forgotten.

    Args:
        thresholds: What counts as a bad sign.
        group_size: Completions per prompt; None if unknown, or to take it from `update_batch`.

    Raises:
        ValueError: If `group_size` is below 1.

    Example:
        >>> monitor = RewardMonitor(group_size=8)
        >>> for step in range(20):
        ...     for alert in monitor.update(step, {"correctness": 0.001}):
        ...         print(alert.step, alert.kind)
        11 sparse_reward
    """

    def __init__(
        self, *, thresholds: Thresholds | None = None, group_size: int | None = None
    ) -> None:
        if group_size is not None and group_size < 1:
            raise ValueError(f"group_size must be at least 1, not {group_size}")
        self._run = Run(thresholds if thresholds is not None else Thresholds(), group_size)
        self._watches: dict[str, _Watch] = {}

    @property
    def thresholds(self) -> Thresholds:
        """What counts as a bad sign."""
        return self._run.thresholds

    def update(self, step: int, metrics: Mapping[str, object]) -> list[Alert]:
        """Takes in what was logged at a step. No value of a metric raises.

        Args:
            step: The training step. Several updates may belong to one.
            metrics: Numbers by canonical name (`pyverify.monitor.CANONICAL`); other names are left
                alone, and `canonical_metrics` translates those of the trainers. A value that is
                no number (None, say) is as good as absent; one beyond 1e100 is an infinity.

        Returns:
            The alerts that begin here, the gravest first.
        """
        known = {
            name: value
            for name, given in metrics.items()
            if is_canonical(name) and (value := measured(given)) is not None
        }
        finite = {name: value for name, value in known.items() if math.isfinite(value)}
        newest = max(
            (series.step for series in self._run.series.values() if len(series)), default=step
        )
        if step < newest:
            for series in self._run.series.values():
                series.rewind(step)
        for name, value in finite.items():
            self._run.series.setdefault(name, Series()).add(step, value)
        found = [self._not_finite(step, known)]
        names = [*finite, *self._evaluated(step, finite)]
        for name in names:
            for kind, rule in _RULES.get(family(name), ()):
                found.append(self._look(step, kind, name, rule(self._run, name)))
        sets = [name for name in names if family(name) == "validation_reward"]
        for name, finding in validation_falling(self._run, sets):
            found.append(self._look(step, AlertKind.VALIDATION_FALLING, name, finding))
        alerts = [alert for alert in found if alert is not None]
        return sorted(alerts, key=lambda alert: alert.severity is not Severity.COLLAPSE)

    def update_batch(
        self,
        step: int,
        rewards: Sequence[float | None],
        groups: Sequence[Hashable] | None = None,
        components: Mapping[str, Sequence[float | None]] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> list[Alert]:
        """Takes in a batch of rewards; the metrics are computed from it.

        Args:
            step: The training step.
            rewards: A reward per completion; None where the reward abstained.
            groups: What tells the prompts apart, one per completion.
            components: Values of each component, one per completion, None where it abstained.
            extra: Further metrics by canonical name: entropy, response length, ...

        Returns:
            The alerts that begin here.

        Raises:
            ValueError: If the lengths differ.

        Example:
            >>> monitor = RewardMonitor()
            >>> [a.kind.value for a in monitor.update_batch(1, [1.0, float("nan")])]
            ['not_finite']
        """
        return self.update(step, {**batch_metrics(rewards, groups, components), **(extra or {})})

    def state_dict(self) -> MonitorState:
        """Everything the monitor knows, to be saved beside a checkpoint; JSON can hold it."""
        run = self._run
        return {
            "version": _VERSION,
            "group_size": run.group_size,
            "thresholds": asdict(run.thresholds),
            "series": {name: series.state() for name, series in run.series.items()},
            "watches": {
                key: [watch.said, watch.held, watch.grave, watch.gone]
                for key, watch in self._watches.items()
            },
        }

    def load_state_dict(self, state: MonitorState) -> None:
        """Goes on from what `state_dict` gave, thresholds and group size included.

        Raises:
            ValueError: If another version of the monitor wrote it, or no monitor.
        """
        try:
            version = state["version"]
            if version == _VERSION:
                series = {name: Series.from_state(saved) for name, saved in state["series"].items()}
                thresholds = Thresholds(**state["thresholds"])  # type: ignore[arg-type]
                watches = {key: _Watch(*counts) for key, counts in state["watches"].items()}
                size = (
                    state["group_size"] if state["group_size"] is None else int(state["group_size"])
                )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"this is not what RewardMonitor.state_dict() gave ({error!r}): replay the log"
            ) from None
        if version != _VERSION:
            raise ValueError(
                f"this monitor state has version {version}, not {_VERSION}: replay the log"
            )
        self._run, self._watches = Run(thresholds, size, series), watches

    def _evaluated(self, step: int, metrics: Mapping[str, float]) -> list[str]:
        """Validation sets to look at again: a symptom of their step was logged after them."""
        if not _SYMPTOMS & metrics.keys():
            return []
        names = self._run.of_family("validation_reward")
        return [n for n in names if n not in metrics and self._run.series[n].step == step]

    def _look(self, step: int, kind: AlertKind, name: str, finding: Finding | None) -> Alert | None:
        watch = self._watches.setdefault(f"{kind.value} {name}", _Watch())
        limits = self.thresholds
        patience = 1 if kind in _AT_ONCE else limits.patience
        said = watch.look(finding, patience, limits.clear_after)
        if finding is None or said is None:
            return None
        return Alert(step, kind, said, finding.message, finding.metric, finding.value)

    def _not_finite(self, step: int, known: Mapping[str, float]) -> Alert | None:
        """The first value that is not finite is a warning; a second in a row is a collapse.

        One NaN makes others, so that all of an update are said in one alert.
        """
        said: list[tuple[str, Severity]] = []
        for name, value in known.items():
            watch = self._watches.get(f"{AlertKind.NOT_FINITE.value} {name}")
            finding = None
            if not math.isfinite(value):
                again = watch is not None and watch.held > 0
                severity = Severity.COLLAPSE if again else Severity.WARNING
                finding = Finding(severity, "", name, value)
            elif watch is None:
                continue
            alert = self._look(step, AlertKind.NOT_FINITE, name, finding)
            if alert is not None:
                said.append((name, alert.severity))
        if not said:
            return None
        said.sort(key=lambda one: one[1] is not Severity.COLLAPSE)
        first, severity = said[0]
        repeated = " again" if severity is Severity.COLLAPSE else ""
        listed = [f"{label(name)} is {figure(known[name])}" for name, _ in said[:_LISTED]]
        more = f" and {len(said) - _LISTED} more" if len(said) > _LISTED else ""
        message = (
            f"{', '.join(listed)}{more}{repeated}: an overflow, a division by zero or an empty "
            "batch. Look at the loss, the gradient norm and the rewards of this step before any "
            "further one."
        )
        return Alert(step, AlertKind.NOT_FINITE, severity, message, first, known[first])
