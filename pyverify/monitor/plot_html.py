"""A run as one HTML file: inline SVG, light and dark, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pyverify.monitor.alerts import Alert
from pyverify.monitor.plot import Panel, ceiling_ticks, in_panel
from pyverify.monitor.replay import Replay, value_text

__all__ = ["page"]

_WIDTH, _HEIGHT = 380, 190
_MOST_DOTS = 40
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 14, 24

_STYLE = """
:root { color-scheme: light dark; --back: #fbfaf8; --card: #ffffff; --ink: #1d2330; --soft: #667085;
  --rule: #e6e4df; --line: #2563a8; --dot: #2563a8; --warning: #b26a00; --collapse: #c02f3a; }
@media (prefers-color-scheme: dark) { :root { --back: #14161b; --card: #1c1f26; --ink: #e8eaef;
  --soft: #98a1b3; --rule: #2c313b; --line: #74b0f4; --dot: #74b0f4; --warning: #f0b04a;
  --collapse: #ff7b83; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2.2rem clamp(1rem, 4vw, 3rem);
  background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.45rem; font-weight: 650; margin: 0 0 .2rem; overflow-wrap: anywhere; }
p.about { color: var(--soft); margin: 0 0 1.4rem; }
ol { list-style: none; margin: 0 0 1.8rem; padding: 0; max-width: 62rem;
  display: grid; gap: .6rem; }
li { display: grid; grid-template-columns: 12rem 1fr; gap: .2rem .8rem; background: var(--card);
  border: 1px solid var(--rule); border-left: 4px solid var(--mark); border-radius: 8px;
  padding: .7rem 1rem; }
li b { color: var(--mark); white-space: nowrap; }
li span { overflow-wrap: anywhere; }
@media (max-width: 40rem) { li { grid-template-columns: 1fr; } }
.warning { --mark: var(--warning); } .collapse { --mark: var(--collapse); }
p.fine { background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
  padding: .7rem 1rem; max-width: 62rem; margin: 0 0 1.8rem; }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
  padding: .8rem .8rem .4rem; }
figcaption { display: flex; justify-content: space-between; gap: 1rem; font-weight: 600;
  padding: 0 .2rem .2rem; }
figcaption small { color: var(--soft); font-weight: 400; font-size: .85rem; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; }
text { fill: var(--soft); font: 11px system-ui, "Segoe UI", Helvetica, Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); stroke-width: 1; } .dot { fill: var(--dot); }
.curve { fill: none; stroke: var(--line); stroke-width: 1.8; stroke-linejoin: round; }
.alert { stroke: var(--mark); stroke-width: 1.2; stroke-dasharray: 4 3; opacity: .55; }
.alert.own { stroke-width: 1.8; stroke-dasharray: none; opacity: 1; }
.flag { fill: var(--mark); } .flag-text { fill: var(--card); font-weight: 700; font-size: 10px; }
"""


def page(replay: Replay, drawn: Sequence[Panel]) -> str:
    """The whole page.

    Args:
        replay: The run.
        drawn: Its panels.

    Returns:
        HTML; every text of the log in it is escaped.
    """
    steps = [step for panel in drawn for step, _ in panel.points()]
    first, last = min(steps), max(steps)
    figures = "\n".join(_figure(panel, replay.alerts, first, last) for panel in drawn)
    formats = ", ".join(replay.stats.formats)
    about = f"{formats} log, {replay.stats.rows:,} rows, steps {first:,} to {last:,}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(replay.path)} - pyverify monitor</title>\n<style>{_STYLE}</style>\n"
        f"</head>\n<body>\n<h1>{escape(replay.path)}</h1>\n"
        f'<p class="about">{escape(about)}</p>\n{_alerts(replay.alerts)}\n'
        f"<main>\n{figures}\n</main>\n</body>\n</html>\n"
    )


def _alerts(alerts: Sequence[Alert]) -> str:
    if not alerts:
        return '<p class="fine">No alerts.</p>'
    items = "\n".join(
        f'<li class="{alert.severity.value}"><b>{at} · step {alert.step:,} · '
        f"{alert.severity.value}</b><span>{escape(alert.message)}</span></li>"
        for at, alert in enumerate(alerts, 1)
    )
    return f"<ol>\n{items}\n</ol>"


def _figure(panel: Panel, alerts: Sequence[Alert], first: int, last: int) -> str:
    begin, end = value_text(panel.name, panel.first), value_text(panel.name, panel.last)
    title = escape(panel.title)
    return (
        f"<figure><figcaption>{title}<small>{begin} → {end}</small></figcaption>\n"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title} over the steps">\n'
        f"{_axes(panel, first, last)}\n{_marks(panel, alerts, first, last)}\n"
        f"{_curve(panel, first, last)}\n</svg></figure>"
    )


def _x(step: float, first: int, last: int) -> float:
    return _LEFT + (step - first) / max(last - first, 1) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, panel: Panel) -> float:
    height = _HEIGHT - _TOP - _BOTTOM
    return _TOP + height * (1 - (value - panel.low) / (panel.high - panel.low))


def _axes(panel: Panel, first: int, last: int) -> str:
    parts = []
    for tick in ceiling_ticks(panel.low, panel.high):
        y = _y(tick, panel)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 7}" y="{y + 3.5:.1f}" text-anchor="end">'
            f"{value_text(panel.name, tick)}</text>"
        )
    for tick in ceiling_ticks(first, max(last, first + 1), 6):
        x = _x(tick, first, last)
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 7}" text-anchor="middle">{tick:,.0f}</text>')
    return "".join(parts)


def _curve(panel: Panel, first: int, last: int) -> str:
    lines = [[(_x(s, first, last), _y(v, panel)) for s, v in line] for line in panel.lines]
    drawn = "".join(
        f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}"/>'
        for spots in lines
    )
    spots = [spot for line in lines for spot in line]
    # A line of one point is only seen as a dot.
    if len(spots) > _MOST_DOTS:
        spots = [line[0] for line in lines if len(line) == 1]
    return drawn + "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>' for x, y in spots
    )


def _marks(panel: Panel, alerts: Sequence[Alert], first: int, last: int) -> str:
    """A line at the step of every alert; those about this metric are solid and numbered."""
    own = {at for at, _ in in_panel(panel, alerts)}
    parts = []
    for at, alert in enumerate(alerts, 1):
        x = _x(alert.step, first, last)
        mine = " own" if at in own else ""
        line = (
            f'<line class="alert{mine}" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" '
            f'y2="{_HEIGHT - _BOTTOM}"/>'
        )
        flag = (
            f'<circle class="flag" cx="{x:.1f}" cy="{_TOP}" r="8"/>'
            f'<text class="flag-text" x="{x:.1f}" y="{_TOP + 3.5}" text-anchor="middle">{at}</text>'
            if mine
            else ""
        )
        parts.append(
            f'<g class="{alert.severity.value}"><title>{escape(str(alert))}</title>{line}{flag}</g>'
        )
    return "".join(parts)
