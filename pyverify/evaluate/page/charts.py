"""Where the lines and columns of the page's charts stand; the template draws them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyverify.evaluate.page.figures import count, mapping, percent, whole
from pyverify.evaluate.page.lengths import Band
from pyverify.evaluate.page.visible import clipped

WIDTH, HEIGHT = 340, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 10, 36
_MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or a number on an axis.

    Attributes:
        at: Where, in units of the drawing.
        text: What it says.
    """

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A column, or a point of a line.

    Attributes:
        x: Left edge of a column, middle of a point.
        y: Its top.
        width: 0 for points.
        height: 0 for points.
        name: What it stands for.
        value: Its figure as text.
        note: What the figure is of.
    """

    x: float
    y: float
    width: float
    height: float
    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined, with a name and a class for its colour."""

    name: str
    style: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        key: Its name in the page.
        title: Its heading.
        about: What a reader should know.
        axis: What the horizontal axis says.
        value_name: What the figures are.
        ticks: Marks of the vertical axis.
        labels: Marks of the horizontal one.
        columns: Columns, if it has some.
        lines: Lines, if it has some.
    """

    key: str
    title: str
    about: str
    axis: str
    value_name: str
    ticks: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    columns: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = ()


def curve(summary: Mapping[str, object]) -> Chart | None:
    """The figures by k, such as pass@k; None for fewer than two k."""
    kinds = (("pass@k", "pass@k", "one"), ("maj@k", "maj@k", "two"))
    found = [(name, style, whole(summary, key)) for key, name, style in kinds]
    found = [entry for entry in found if len(entry[2]) > 1]
    ks = sorted({k for _, _, points in found for k, _ in points})
    if len(ks) < 2:
        return None
    span = math.log2(ks[-1]) - math.log2(ks[0])

    def x(k: int) -> float:
        return _round(_LEFT + 10 + (math.log2(k / ks[0]) / span) * (WIDTH - _LEFT - _RIGHT - 20))

    lines = tuple(
        Line(
            name,
            style,
            tuple(Shape(x(k), _y(value), 0, 0, f"k = {k}", percent(value)) for k, value in points),
        )
        for name, style, points in found
    )
    labels = tuple(Mark(x(k), f"{k}") for k in ks)
    about = "Of k samples of a prompt: is one right (pass), is the vote right (maj)?"
    return Chart("curve", "With k samples", about, "k", "share", _percents(), labels, lines=lines)


def length_chart(bands: Sequence[Band]) -> Chart | None:
    """Accuracy by length, the shortest tenth of the responses first; None for one band alone."""
    if len(bands) < 2:
        return None
    columns = [
        (_short(band.low), band.accuracy, percent(band.accuracy), _band_note(band))
        for band in bands
    ]
    return Chart(
        "lengths",
        "Accuracy by length",
        "Each column is about a tenth of the responses, the shortest ones on the left.",
        "characters, from",
        "accuracy",
        _percents(),
        _labels([name for name, *_ in columns]),
        columns=_columns([(_range(b), *rest[1:]) for b, rest in zip(bands, columns, strict=True)]),
    )


def difficulty_chart(summary: Mapping[str, object]) -> Chart | None:
    """Prompts by the share of their samples that are right; None where all prompts have one."""
    read = [(_bin_name(n), count(c)) for n, c in mapping(summary.get("difficulty")).items()]
    most, total = max((c for _, c in read), default=0), sum(c for _, c in read)
    if sum(c for _, c in read[1:-1]) == 0:
        return None
    top = _nice(most)
    columns = [
        (name, some / top, f"{some:,}", percent(some / total) + " of prompts")
        for name, some in read
    ]
    ticks = tuple(Mark(_y(i / 4), f"{top * i / 4:,.0f}") for i in range(5))
    return Chart(
        "difficulty",
        "Prompts by solve rate",
        "Prompts solved never, sometimes and always; what a training run learns from is between.",
        "samples that are right, %",
        "prompts",
        ticks,
        _labels([name for name, _ in read]),
        columns=_columns(columns),
    )


def _columns(values: Sequence[tuple[str, float, str, str]]) -> tuple[Shape, ...]:
    step = (WIDTH - _LEFT - _RIGHT) / len(values)
    floor = _y(0.0)
    return tuple(
        Shape(
            x=_round(_LEFT + step * (i + 0.12)),
            y=_y(share),
            width=_round(step * 0.76),
            height=_round(floor - _y(share)),
            name=name,
            value=value,
            note=note,
        )
        for i, (name, share, value, note) in enumerate(values)
    )


def _labels(names: Sequence[str]) -> tuple[Mark, ...]:
    step = (WIDTH - _LEFT - _RIGHT) / len(names)
    # Where names would touch, every other one is left out, but not the last.
    thin, last = (1 if len(names) <= _MOST_LABELS else 2), len(names) - 1
    return tuple(
        Mark(_round(_LEFT + step * (i + 0.5)), name)
        for i, name in enumerate(names)
        if i == last or (i % thin == 0 and i <= last - thin)
    )


def _percents() -> tuple[Mark, ...]:
    return tuple(Mark(_y(i / 4), f"{25 * i} %") for i in range(5))


def _y(share: float) -> float:
    return _round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - min(max(share, 0.0), 1.0)))


def _round(value: float) -> float:
    return round(value, 1)


def _nice(most: int) -> int:
    """The next of 4, 8, 12, 16, 20, 40, 80, ...: a quarter of it is a whole number."""
    power = 1
    while most > 20 * power:
        power *= 10
    return next(top * power for top in (4, 8, 12, 16, 20) if top * power >= most)


def _short(length: int) -> str:
    if length < 1000:
        return str(length)
    return f"{length / 1000:.1f}k" if length < 10_000 else f"{length // 1000}k"


def _range(band: Band) -> str:
    return f"{band.low:,}" if band.high <= band.low else f"{band.low:,} to {band.high:,}"


def _band_note(band: Band) -> str:
    return f"{band.right:,.0f} of {band.count:,} right"


def _bin_name(name: str) -> str:
    """(0.1, 0.2] as ≤20: percentages, and only the upper end."""
    end = re.search(r"[\d.]+(?=[\])]?$)", name)
    upper = f"{100 * float(end[0]):.0f}" if end else clipped(name, 8)
    return upper if name[-1:].isdigit() else f"{'<' if name.endswith(')') else '≤'}{upper}"
