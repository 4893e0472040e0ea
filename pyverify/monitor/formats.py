"""One line of a log as a row of numbers: verl, TRL, OpenRLHF, JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyverify.monitor.aliases import STEP_NAMES

__all__ = ["LineReader", "Row", "flatten", "numeric"]

_ANSI = re.compile(r"\x1b\[[0-9;?]{0,40}[A-Za-z]")
# verl: step:12 - actor/entropy:0.31 - critic/score/mean:np.float64(0.5), after any prefix of Ray's.
_VERL = re.compile(r"(?:^|\s)step:(\d{1,12}) - ")
# OpenRLHF: ... Global step 12: {'reward': 0.4, ...}; and evaluation after that step.
_OPENRLHF = re.compile(r"[Gg]lobal[ _]step:? (\d{1,12})")
_EVALUATION = "eval_metrics"
_PAIR = re.compile(r"['\"]([^'\"]{1,200})['\"]: ?([^,{}\[\]]{1,80})")
_WRAPPED = re.compile(
    r"(?:np|numpy|torch)?\.?[a-z_]{1,12}\d{0,2}\((.{1,60}?)(?:, ?dtype=.{1,30})?\)"
)
_NESTED = 8


@dataclass(frozen=True, slots=True)
class Row:
    """What one line logs.

    Attributes:
        step: Its step; None if the line has none.
        values: Numbers by the trainer's names.
    """

    step: int | None
    values: dict[str, float]


def numeric(value: object) -> float | None:
    """A number, or the text of one; None for anything else.

    Example:
        >>> numeric("np.float64(0.5)"), numeric("'5e-06'"), numeric("nan"), numeric(True)
        (0.5, 5e-06, nan, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _float(value)
    if not isinstance(value, str) or len(value) > 80:
        return None
    text = value.strip().strip("'\"")
    if (wrapped := _WRAPPED.fullmatch(text)) is not None:
        text = wrapped[1]
    return _float(text)


def _float(value: str | int | float) -> float | None:
    try:
        return float(value)
    except OverflowError:  # an integer beyond the range of a double
        return math.inf
    except ValueError:
        return None


def flatten(
    value: Mapping[str, object], prefix: str = "", depth: int = 0
) -> Iterator[tuple[str, float]]:
    """The numbers of an object, names of nested ones joined with ``/``.

    Example:
        >>> dict(flatten({"reward": 1, "eval": {"reward": 0.5}, "note": "x"}))
        {'reward': 1.0, 'eval/reward': 0.5}
    """
    for name, inner in value.items():
        if isinstance(inner, dict):
            if depth < _NESTED:
                yield from flatten(inner, f"{prefix}{name}/", depth + 1)
        elif (found := numeric(inner)) is not None:
            yield f"{prefix}{name}", found


def of_object(value: Mapping[str, object]) -> Row:
    """The row of one JSON object; verl's file logger keeps the metrics under ``data``."""
    data = value.get("data")
    if isinstance(data, dict) and "step" in value:
        return Row(step_of(dict(flatten({"step": value["step"]}))), dict(flatten(data)))
    values = dict(flatten(value))
    return Row(step_of(values), values)


def step_of(values: Mapping[str, float]) -> int | None:
    """The step that a row names."""
    for name in STEP_NAMES:
        found = values.get(name)
        if found is not None and math.isfinite(found):
            return int(found)
    return None


class LineReader:
    """Reads the lines of a log one by one; lines of other programs between them are left alone.

    Attributes:
        broken: Lines that look like metrics and cannot be read.
        kinds: Formats met so far, in order: ``verl``, ``OpenRLHF``, ``TRL``, ``JSON``.

    Example:
        >>> LineReader().read("(TaskRunner pid=7) step:3 - actor/entropy:0.5 - actor/lr:1e-06")
        Row(step=3, values={'actor/entropy': 0.5, 'actor/lr': 1e-06})
    """

    def __init__(self) -> None:
        self.broken = 0
        self.kinds: dict[str, None] = {}

    def read(self, line: str) -> Row | None:
        """The row of a line, None if it logs nothing."""
        text = _ANSI.sub("", line).strip()
        if not text:
            return None
        if text.startswith("{") and (row := self._json(text)) is not None:
            return row
        if (found := _VERL.search(text)) is not None:
            return self._verl(int(found[1]), text[found.end() :])
        return self._printed(text)

    def _json(self, text: str) -> Row | None:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            # Python's printed dictionaries begin alike; they are read elsewhere.
            if text.startswith('{"'):
                self.broken += 1
                return Row(None, {})
            return None
        if not isinstance(value, dict):
            return None
        self.kinds["JSON"] = None
        return of_object(value)

    def _verl(self, step: int, rest: str) -> Row:
        values = {}
        for entry in rest.split(" - "):
            name, colon, figure = entry.rpartition(":")
            found = numeric(figure) if colon else None
            if found is None:
                # A line that was cut or written into: the rest of it still counts.
                self.broken += 1
            else:
                values[name.strip()] = found
        self.kinds["verl"] = None
        return Row(step, values)

    def _printed(self, text: str) -> Row | None:
        """A printed dictionary: TRL's has no step, OpenRLHF's stands behind one."""
        start = text.find("{'")
        if start < 0:
            return None
        values = {
            name: found
            for name, figure in _PAIR.findall(text[start:])
            if (found := numeric(figure)) is not None
        }
        if not values:
            return None
        step = _OPENRLHF.search(text[:start])
        if step is None:
            self.kinds["TRL"] = None
            return Row(step_of(values), values)
        self.kinds["OpenRLHF"] = None
        if _EVALUATION in text[:start]:
            values = {f"eval/{name}": value for name, value in values.items()}
        return Row(int(step[1]), values)
