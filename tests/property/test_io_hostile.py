"""Whatever stands in a file: it is read, counted as broken, or refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyverify.io import (
    BrokenLine,
    Fields,
    FieldsError,
    SourceError,
    open_records,
    problem_text,
    rows_of,
)
from pyverify.io.layouts import LAYOUTS, Layout

SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LEAVES = st.none() | st.booleans() | st.integers(-3, 300) | st.text("ab'\"[]{}\\ 1,\n", max_size=9)
NAMES = ("text", "content", "role", "choices", "message", "nodes", "data", "answer", "any_of", "a")
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
        | st.just([{"role": "assistant", "content": "1"}])
    ),
    max_leaves=8,
)


def nested(path: str, value: object) -> object:
    for step in reversed(path.split(".")):
        value = {step.removesuffix("[]"): [value] if step.endswith("[]") else value}
    return value


def merged(one: object, other: object) -> object:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one
    both = one.keys() & other.keys()
    return {**other, **one, **{key: merged(one[key], other[key]) for key in both}}


def record_of(layout: Layout, values: list[object], used: list[str]) -> object:
    whole: object = {}
    for path, value in zip((*layout.keys, *used), values, strict=False):
        whole = merged(nested(path, value), whole)
    return whole


def read(path: Path) -> int:
    """Reads everything; how many rows there are, or -1 if it is refused."""
    count = 0
    try:
        with open_records(str(path), Fields()) as records:
            for line in records:
                if isinstance(line, BrokenLine):
                    continue
                for row in rows_of(line, records.fields):
                    assert isinstance(row.completion, str)
                    assert row.truncated in (None, True, False)
                    problem_text(line.value, records.fields)
                    count += 1
    except (SourceError, FieldsError):
        return -1
    return count


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@SETTINGS
@given(data=st.data())
def test_records_of_any_values(layout: Layout, data: st.DataObject, tmp_path: Path) -> None:
    paths = [path for role in layout.fields.values() for path in role if "+" not in path]
    records = []
    for _ in range(data.draw(st.integers(1, 3))):
        used = data.draw(st.lists(st.sampled_from(paths), max_size=5))
        values = data.draw(st.lists(VALUES, min_size=8, max_size=8))
        records.append(record_of(layout, values, used))
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert read(path) >= -1


@SETTINGS
@given(
    text=st.text('{}[]":,\n\r\t ab1\\;é"', max_size=60)
    | st.binary(max_size=40).map(lambda data: data.decode("latin-1"))
)
@pytest.mark.parametrize("head", ["", "{", "[", '{"0": {', "response,gold\n", "PK\x03\x04", "PAR1"])
def test_any_text(head: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes((head + text).encode("latin-1", "replace"))
    assert read(path) >= -1
