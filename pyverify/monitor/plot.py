"""Small multiples of a run's metrics, alerts marked: what HTML and PNG have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyverify.monitor.alerts import Alert
from pyverify.monitor.metrics import label
from pyverify.monitor.replay import Replay
from pyverify.monitor.series import Point

__all__ = ["Panel", "ceiling_ticks", "check_plot", "in_panel", "panels", "write_plot"]

_PAGES = (".html", ".htm")
_PICTURES = (".png",)

_MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class Panel:
    """One metric's picture.

    Attributes:
        name: The metric.
        title: What it is called.
        lines: What is drawn; a run that went back to a checkpoint begins a new line there. Of a
            long run, means of neighbours.
        first: The first value logged, finite or not.
        last: The last one.
        low: Bottom of the axis.
        high: Top of the axis.
    """

    name: str
    title: str
    lines: list[list[Point]]
    first: float
    last: float
    low: float
    high: float

    def points(self) -> list[Point]:
        """All that is drawn."""
        return [point for line in self.lines for point in line]


def panels(replay: Replay) -> list[Panel]:
    """A panel for every metric that is worth one and has a finite value."""
    found = []
    for name in replay.names():
        history = replay.history[name]
        lines = thinned([point for point in history if math.isfinite(point[1])])
        if not lines:
            continue
        values = [value for line in lines for _, value in line]
        low, high = min(values), max(values)
        room = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
        # A share or a reward that is never negative has no axis below zero.
        bottom = max(low - room, 0.0) if low >= 0 else low - room
        title = label(name)
        title = title[:1].upper() + title[1:]
        first, last = history[0][1], history[-1][1]
        found.append(Panel(name, title, lines, first, last, bottom, high + room))
    return found


def thinned(points: Sequence[Point]) -> list[list[Point]]:
    """Lines of about 400 points at most: means of as many neighbours as it takes keep the shape.

    Example:
        >>> thinned([(0, 1.0), (1, 3.0), (1, 2.0), (0, 5.0)])
        [[(0, 1.0), (1, 3.0), (1, 2.0)], [(0, 5.0)]]
        >>> len(thinned([(i, 0.0) for i in range(1000)])[0])
        334
    """
    lines: list[list[Point]] = []
    for point in points:
        if not lines or point[0] < lines[-1][-1][0]:
            lines.append([])
        lines[-1].append(point)
    size = math.ceil(len(points) / _MOST_POINTS)
    return [_means(line, size) if size > 1 else line for line in lines]


def _means(line: list[Point], size: int) -> list[Point]:
    parts = [line[at : at + size] for at in range(0, len(line), size)]
    return [(part[-1][0], math.fsum(value for _, value in part) / len(part)) for part in parts]


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
    # Twelve digits: three steps of 0.1 are 0.3.
    return [float(f"{i * step:.12g}") for i in range(first, last + 1)]


def check_plot(path: str) -> None:
    """Refuses a picture of a kind that is not drawn, before anything is read.

    Raises:
        ValueError: If the name does not end in ``.html``, ``.htm`` or ``.png``.
    """
    if not path.lower().endswith(_PAGES + _PICTURES):
        raise ValueError(f"--plot writes .html or .png, not {path}")


def write_plot(path: str, replay: Replay) -> None:
    """Writes a picture of a run: ``.html`` (one file, offline, no script) or ``.png``.

    Raises:
        ValueError: If the name ends otherwise, or the log has nothing to draw.
        ImportError: If a PNG is asked for and matplotlib is not installed.
        OSError: If the file cannot be written.
    """
    check_plot(path)
    drawn = panels(replay)
    if not drawn:
        raise ValueError(f"{replay.path} has no finite value to draw")
    if path.lower().endswith(_PAGES):
        from pyverify.monitor.plot_html import page

        with open(path, "w", encoding="utf-8") as file:
            file.write(page(replay, drawn))
    else:
        from pyverify.monitor.plot_png import write_png

        write_png(path, replay, drawn)


def in_panel(panel: Panel, alerts: Sequence[Alert]) -> list[tuple[int, Alert]]:
    """The alerts about a panel's metric, with their numbers from 1."""
    return [(at, alert) for at, alert in enumerate(alerts, 1) if alert.metric == panel.name]
