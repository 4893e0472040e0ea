"""One line of a log as a row of numbers: verl, TRL, OpenRLHF, JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyverify.monitor.aliases import STEP_NAMES
from pyverify.monitor.values import numeric

__all__ = ["LineReader", "Row", "flatten"]

_ANSI = re.compile(r"\x1b\[[0-9;?]{0,40}[A-Za-z]")
# verl: step:12 - actor/entropy:0.31 - critic/score/mean:np.float64(0.5), after any prefix of Ray's.
_VERL = re.compile(r"(?:^|\s)step:(\d{1,12}) - ")
# OpenRLHF: ... Global step 12: {'reward': 0.4, ...}; evaluations name the step before them, too.
_OPENRLHF = re.compile(r"(?:[Gg]lobal[ _]step:?|Eval at step) (\d{1,12})")
_PAIR = re.compile(r"['\"]([^'\"]{1,200})['\"]: ?([^,{}\[\]]{1,80})")
_NESTED = 8
_LAST_STEP = 1e18


@dataclass(frozen=True, slots=True)
class Row:
    """What one line logs.

    Attributes:
        step: Its step; None if the line has none.
        values: Numbers by the trainer's names.
        kind: Who wrote it: ``verl``, ``OpenRLHF``, ``TRL``, ``JSON``, ``CSV``, ``TensorBoard``.
    """

    step: int | None
    values: dict[str, float]
    kind: str


def flatten(
    value: Mapping[str, object], prefix: str = "", *, nulls: bool = False, depth: int = 0
) -> Iterator[tuple[str, float]]:
    """The numbers of an object, names of nested ones joined with ``/``.

    Args:
        value: The object.
        prefix: What stands before each name.
        nulls: Whether null is a NaN that JSON could not hold; else it is no number.
        depth: How deep the object lies.

    Example:
        >>> dict(flatten({"reward": 1, "eval": {"reward": 0.5}, "note": "x"}))
        {'reward': 1.0, 'eval/reward': 0.5}
    """
    for name, inner in value.items():
        if isinstance(inner, dict):
            if depth < _NESTED:
                yield from flatten(inner, f"{prefix}{name}/", nulls=nulls, depth=depth + 1)
        elif (found := numeric(inner)) is not None:
            yield f"{prefix}{name}", found
        elif nulls and inner is None:
            yield f"{prefix}{name}", math.nan


def of_object(value: Mapping[str, object]) -> Row | None:
    """The row of one JSON object; None if it names a step that is none.

    verl's file logger keeps the metrics under ``data`` and writes NaN as null.
    """
    data = value.get("data")
    if isinstance(data, dict) and "step" in value:
        step = step_of(dict(flatten({"step": value["step"]})))
        return None if step is None else Row(step, dict(flatten(data, nulls=True)), "verl")
    return _dated(value, Row(None, dict(flatten(value)), "JSON"))


def of_history(value: Mapping[str, object]) -> Row | None:
    """The row of an entry of TRL's ``log_history``; None if its step is none.

    TRL writes NaN as null. The mean of one reward function is null where none of the samples was
    its business, too, and is no number then.
    """
    known = {n: v for n, v in value.items() if v is not None or "rewards/" not in n}
    return _dated(value, Row(None, dict(flatten(known, nulls=True)), "TRL"))


def _dated(value: Mapping[str, object], row: Row) -> Row | None:
    step = step_of(row.values)
    if step is None and any(name in value for name in STEP_NAMES):
        return None
    return Row(step, row.values, row.kind)


def step_of(values: Mapping[str, float]) -> int | None:
    """The step that a row names."""
    for name in STEP_NAMES:
        found = values.get(name)
        if found is not None and abs(found) <= _LAST_STEP:
            return int(found)
    return None


class LineReader:
    """Reads the lines of a log one by one; lines of other programs between them are left alone.

    Attributes:
        broken: Lines that look like metrics and cannot be read.

    Example:
        >>> LineReader().read("(TaskRunner pid=7) step:3 - actor/entropy:0.5 - actor/lr:1e-06")
        Row(step=3, values={'actor/entropy': 0.5, 'actor/lr': 1e-06}, kind='verl')
    """

    def __init__(self) -> None:
        self.broken = 0

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
                return Row(None, {}, "JSON")
            return None
        if not isinstance(value, dict):
            return None
        row = of_object(value)
        self.broken += row is None
        return row if row is not None else Row(None, {}, "JSON")

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
        return Row(step, values, "verl")

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
            return Row(step_of(values), values, "TRL")
        return Row(int(step[1]), values, "OpenRLHF")
