"""A run as a PNG, drawn by matplotlib where it is installed."""

from __future__ import annotations

import importlib
import math
import textwrap
from collections.abc import Sequence

from pyverify.monitor.alerts import Severity
from pyverify.monitor.plot import Panel, in_panel
from pyverify.monitor.replay import Replay, value_text

__all__ = ["write_png"]

_INK, _SOFT, _RULE, _LINE = "#1d2330", "#667085", "#e6e4df", "#2563a8"
_MARKS = {Severity.WARNING: "#b26a00", Severity.COLLAPSE: "#c02f3a"}
_MOST_DOTS = 40
_COLUMNS = 3
_WRAP = 78
# Inches for the name of the log above the panels.
_HEAD = 0.6
_MOST_LINES = 12


def write_png(path: str, replay: Replay, drawn: Sequence[Panel]) -> None:
    """Draws the panels and, below them, the alerts in words.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    try:
        figures = importlib.import_module("matplotlib.figure")
        ticker = importlib.import_module("matplotlib.ticker")
    except ImportError:
        raise ImportError(
            "a PNG needs matplotlib: pip install matplotlib; --plot out.html needs nothing"
        ) from None
    columns = min(_COLUMNS, len(drawn))
    rows = math.ceil(len(drawn) / columns)
    words = _words(replay, _WRAP * columns)
    below = 0.22 * len(words) + 0.3
    height = 2.5 * rows + _HEAD + below
    # A Figure of its own: no global state, no window system.
    figure = figures.Figure(figsize=(4.6 * columns, height), dpi=130, facecolor="white")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    steps = [step for panel in drawn for step, _ in panel.points()]
    first, last = min(steps), max(steps)
    for axis, panel in zip(axes, drawn, strict=False):
        few = len(panel.points()) <= _MOST_DOTS
        for points in panel.lines:
            dots = "o" if few or len(points) == 1 else None
            axis.plot(
                *zip(*points, strict=True), color=_LINE, linewidth=1.6, marker=dots, markersize=3.2
            )
        axis.set_xlim(first - 0.02 * (last - first), last + 0.02 * (last - first) + 1e-9)
        axis.set_ylim(panel.low, panel.high)
        axis.set_title(panel.title, loc="left", fontsize=10, fontweight="bold", color=_INK)
        axis.grid(axis="y", color=_RULE, linewidth=0.8)
        axis.set_axisbelow(True)
        axis.tick_params(colors=_SOFT, labelsize=8, length=0)
        axis.yaxis.set_major_locator(ticker.MaxNLocator(4))
        name = panel.name
        axis.yaxis.set_major_formatter(lambda value, _, name=name: value_text(name, value))
        axis.xaxis.set_major_locator(ticker.MaxNLocator(5, integer=True))
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
        axis.spines["bottom"].set_color(_RULE)
        own = {at for at, _ in in_panel(panel, replay.alerts)}
        for at, alert in enumerate(replay.alerts, 1):
            color = _MARKS[alert.severity]
            if at in own:
                axis.axvline(alert.step, color=color, linewidth=1.6)
                box = {"boxstyle": "circle,pad=0.25", "facecolor": color, "edgecolor": "none"}
                place = (alert.step, panel.high)
                axis.annotate(
                    str(at), place, color="white", fontsize=7, ha="center", va="center", bbox=box
                )
            else:
                axis.axvline(alert.step, color=color, linewidth=1, linestyle=(0, (4, 3)), alpha=0.5)
    for axis in axes[len(drawn) :]:
        axis.set_visible(False)
    title = figure.suptitle(_plain(replay.path), x=0.02, ha="left", fontsize=12, color=_INK)
    title.set(y=1 - 0.12 / height, va="top")
    for at, (color, line) in enumerate(words):
        y = (below - 0.25 - 0.22 * at) / height
        figure.text(0.02, y, _plain(line), fontsize=8, color=color, va="center")
    figure.tight_layout(rect=(0, below / height, 1, 1 - 0.4 / height), h_pad=1.6, w_pad=1.6)
    figure.savefig(path)


def _words(replay: Replay, width: int) -> list[tuple[str, str]]:
    """The alerts in lines, each with its colour."""
    if not replay.alerts:
        return [(_SOFT, "No alerts.")]
    lines = []
    for at, alert in enumerate(replay.alerts, 1):
        for line in textwrap.wrap(f"{at}  {alert}", width, subsequent_indent="     "):
            lines.append((_MARKS[alert.severity], line))
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = [(_SOFT, "… more alerts on the command line")]
    return lines


def _plain(text: str) -> str:
    """Text that matplotlib does not take for its own mathematics."""
    return text.replace("$", r"\$")
