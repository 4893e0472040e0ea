"""A log run through the monitor: its alerts, a table of its metrics, and what a plot needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pyverify.monitor.alerts import Alert, Severity
from pyverify.monitor.logs import LogStats, read_log, shown_names
from pyverify.monitor.metrics import family, label
from pyverify.monitor.series import Point
from pyverify.monitor.shown import figure, number, share
from pyverify.monitor.thresholds import Thresholds
from pyverify.monitor.watch import RewardMonitor

__all__ = ["Replay", "replay", "value_text"]

_SHARES = frozenset({"clipped_ratio", "zero_variance_groups", "no_answer", "abstained"})
_VITAL = ("validation_reward", "entropy", "clipped_ratio")
_SHOWN = 12
_ORDER = (
    "validation_reward",
    "reward_mean",
    "correctness",
    "component",
    "entropy",
    "clipped_ratio",
    "response_length",
    "zero_variance_groups",
    "reward_std",
    "no_answer",
    "abstained",
    "kl",
    "grad_norm",
    "loss",
)


def value_text(name: str, value: float) -> str:
    """A metric's value as people read it: shares in per cent."""
    return share(value) if family(name) in _SHARES else figure(value)


OnRow: TypeAlias = "Callable[[int, Mapping[str, float], Sequence[Alert]], object]"


@dataclass(slots=True)
class Replay:
    """What a log shows.

    Attributes:
        path: The log.
        stats: What was met while reading it.
        history: Every point of each metric, by canonical name.
        alerts: The alerts, in the order of the log.
    """

    path: str
    stats: LogStats
    history: dict[str, list[Point]] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)

    def names(self) -> list[str]:
        """The metrics worth showing, the most telling first."""
        known = [name for name in self.history if family(name) in _ORDER]
        return sorted(known, key=lambda name: (_ORDER.index(family(name)), name))

    def gravest(self) -> Severity | None:
        """The gravest severity among the alerts, None if there are none."""
        if any(alert.severity is Severity.COLLAPSE for alert in self.alerts):
            return Severity.COLLAPSE
        return Severity.WARNING if self.alerts else None

    def missing(self) -> str:
        """What the gravest rules live on and the log lacks, with the names that may be it.

        Empty if nothing is missing, or no name is left that could be it.
        """
        known = {family(name) for name in self.history}
        lacking = [label(name) for name in _VITAL if name not in known]
        unknown = self.stats.not_understood()
        if not lacking or not unknown:
            return ""
        return (
            f"no {', no '.join(lacking)}; not understood: {shown_names(unknown, _SHOWN)} "
            "(--map METRIC=NAME)"
        )

    def table(self) -> str:
        """First, last, best and lowest of each metric, with the steps, in aligned columns."""
        head = ("metric", "points", "first", "last", "highest", "at step", "lowest", "at step")
        rows = [head, *(self._row(name) for name in self.names())]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = []
        for row in rows:
            cells = [row[0].ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    def _row(self, name: str) -> tuple[str, ...]:
        points = self.history[name]
        finite = [point for point in points if math.isfinite(point[1])] or points
        high = max(finite, key=lambda point: point[1])
        low = min(finite, key=lambda point: point[1])
        return (
            label(name),
            f"{len(points):,}",
            value_text(name, points[0][1]),
            value_text(name, points[-1][1]),
            value_text(name, high[1]),
            str(high[0]),
            value_text(name, low[1]),
            str(low[0]),
        )

    def as_json(self) -> dict[str, object]:
        """The same as plain values."""
        return {
            "log": self.path,
            "formats": self.stats.formats,
            "rows": self.stats.rows,
            "broken": self.stats.broken,
            "not_understood": self.stats.not_understood(),
            "metrics": {name: self._summary(name) for name in self.names()},
            "alerts": [alert.as_json() for alert in self.alerts],
        }

    def _summary(self, name: str) -> dict[str, float | None]:
        points = self.history[name]
        finite = [value for _, value in points if math.isfinite(value)]
        return {
            "points": len(points),
            "first": number(points[0][1]),
            "last": number(points[-1][1]),
            "highest": max(finite, default=None),
            "lowest": min(finite, default=None),
        }


def replay(
    path: str,
    *,
    names: Mapping[str, str] | None = None,
    thresholds: Thresholds | None = None,
    group_size: int | None = None,
    follow: bool = False,
    found: Replay | None = None,
    on_row: OnRow | None = None,
) -> Iterator[Alert]:
    """Runs a log through the monitor.

    Args:
        path: The log, as for `read_log`.
        names: The trainer's name for a canonical name, where the usual one is wrong.
        thresholds: What counts as a bad sign.
        group_size: Completions per prompt, if the log does not say.
        follow: Wait for more at the end.
        found: Filled on the way, with every point; None if nobody wants them.
        on_row: Called with each step, its metrics and the alerts that begin there.

    Yields:
        The alerts, as they begin.

    Raises:
        LogError: As `read_log`.
    """
    monitor = RewardMonitor(thresholds=thresholds, group_size=group_size)
    stats = found.stats if found is not None else None
    for step, metrics in read_log(path, names=names, stats=stats, follow=follow):
        alerts = monitor.update(step, metrics)
        if found is not None:
            found.alerts.extend(alerts)
            for name, value in metrics.items():
                found.history.setdefault(name, []).append((step, value))
        if on_row is not None:
            on_row(step, metrics, alerts)
        yield from alerts
