"""Small multiples of a run's metrics, alerts marked: what HTML and PNG have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyverify.monitor.alerts import Alert
from pyverify.monitor.metrics import label
from pyverify.monitor.replay import Replay
from pyverify.monitor.series import Point

__all__ = ["Panel", "ceiling_ticks", "in_panel", "panels", "write_plot"]

_MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class Panel:
    """One metric's picture.

    Attributes:
        name: The metric.
        title: What it is called.
        points: What is drawn; of a long run, means of neighbours.
        low: Bottom of the axis.
        high: Top of the axis.
    """

    name: str
    title: str
    points: list[Point]
    low: float
    high: float


def panels(replay: Replay) -> list[Panel]:
    """A panel for every metric that is worth one and has a finite value."""
    found = []
    for name in replay.names():
        points = [point for point in replay.history[name] if math.isfinite(point[1])]
        if not points:
            continue
        drawn = thinned(points)
        low = min(value for _, value in drawn)
        high = max(value for _, value in drawn)
        room = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
        # A share or a reward that is never negative has no axis below zero.
        bottom = max(low - room, 0.0) if low >= 0 else low - room
        title = label(name)
        found.append(Panel(name, title[:1].upper() + title[1:], drawn, bottom, high + room))
    return found


def thinned(points: Sequence[Point]) -> list[Point]:
    """At most 400 points: means of as many neighbours as it takes, which keeps the shape.

    Example:
        >>> thinned([(0, 1.0), (1, 3.0)])
        [(0, 1.0), (1, 3.0)]
        >>> len(thinned([(i, 0.0) for i in range(1000)]))
        334
    """
    size = math.ceil(len(points) / _MOST_POINTS)
    if size <= 1:
        return list(points)
    parts = [points[at : at + size] for at in range(0, len(points), size)]
    return [(part[-1][0], math.fsum(v for _, v in part) / len(part)) for part in parts]


def ceiling_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers inside an interval, at most `most`.

    Example:
        >>> ceiling_ticks(0.0, 1.06)
        [0.0, 0.5, 1.0]
    """
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(m * power for m in (1, 2, 5, 10, 20) if span / (m * power) <= most - 0.5)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def write_plot(path: str, replay: Replay) -> None:
    """Writes a picture of a run: ``.html`` (one file, offline, no script) or ``.png``.

    Raises:
        ValueError: If the name ends otherwise, or the log has nothing to draw.
        ImportError: If a PNG is asked for and matplotlib is not installed.
        OSError: If the file cannot be written.
    """
    drawn = panels(replay)
    if not drawn:
        raise ValueError(f"{replay.path} has no finite value to draw")
    if path.lower().endswith((".html", ".htm")):
        from pyverify.monitor.plot_html import page

        with open(path, "w", encoding="utf-8") as file:
            file.write(page(replay, drawn))
    elif path.lower().endswith(".png"):
        from pyverify.monitor.plot_png import write_png

        write_png(path, replay, drawn)
    else:
        raise ValueError(f"--plot writes .html or .png, not {path}")


def in_panel(panel: Panel, alerts: Sequence[Alert]) -> list[tuple[int, Alert]]:
    """The alerts about a panel's metric, with their numbers from 1."""
    return [(at, alert) for at, alert in enumerate(alerts, 1) if alert.metric == panel.name]
