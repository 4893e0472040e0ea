"""Lines and rows: compressed or not, broken or whole, texts, samples and conversations."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import pytest

from pyverify.io import (
    BrokenLine,
    Fields,
    JsonLine,
    Number,
    Row,
    RowFault,
    SourceError,
    expand_inputs,
    open_source,
    read_gold_table,
    rows_of,
)
from pyverify.io.containers import Lines
from pyverify.io.lines import load_json
from pyverify.io.rows import read_gold

FIELDS = Fields(response="r", gold="g", id="i", group="p", dataset="d")


def lines_of(path: Path) -> list[JsonLine | BrokenLine]:
    source = open_source(str(path))
    try:
        return list(Lines(source).records())
    finally:
        source.close()


def rows(**value: object) -> list[Row]:
    return list(rows_of(JsonLine(1, value), FIELDS))  # type: ignore[arg-type]


@pytest.mark.parametrize("packed", [False, True])
def test_good_and_broken_lines(tmp_path: Path, packed: bool) -> None:
    data = b'\xef\xbb\xbf{"a": 1}\r\n\n{"a": \n[1]\n3\nnull\n' + b"[" * 100_000 + b'\n{"a": "\xff"}'
    path = tmp_path / "anything"
    path.write_bytes(gzip.compress(data) if packed else data)
    found = lines_of(path)
    assert [line.number for line in found] == [1, 3, 4, 5, 6, 7, 8]
    broken = [line.number for line in found if isinstance(line, BrokenLine)]
    assert broken == [3, 4, 5, 6, 7]
    last = found[-1]
    assert isinstance(last, JsonLine)
    assert last.value == {"a": "\ufffd"}


def test_a_damaged_gzip_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}\n' * 10_000)[:-20])
    with pytest.raises(SourceError, match="damaged"):
        lines_of(path)


def test_inputs(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", "c.txt"):
        (tmp_path / name).write_text("{}\n")
    pattern = str(tmp_path / "*.jsonl")
    first = str(tmp_path / "a.jsonl")
    assert expand_inputs([pattern, first]) == [first, str(tmp_path / "b.jsonl")]
    with pytest.raises(SourceError, match="no such file"):
        expand_inputs([str(tmp_path / "*.csv")])
    with pytest.raises(SourceError, match="once"):
        expand_inputs(["-", "-"])


def test_numbers_keep_their_digits() -> None:
    value = load_json('{"a": 0.10, "b": 1e400, "c": 7, "d": ' + "9" * 5000 + "}")
    assert isinstance(value, dict)
    assert value["a"] == "0.10"
    assert value["b"] == "1e400"
    assert value["c"] == 7
    assert value["d"] == "9" * 5000


@pytest.mark.parametrize(
    ("value", "gold"),
    [
        ("5", "5"),
        (5, "5"),
        (Number("0.10"), "0.10"),
        (Number("18.0"), "18"),
        (18.0, "18"),
        (math.nan, None),
        ([math.nan], None),
        ({"any_of": [math.nan, "a"]}, {"any_of": ["a"]}),
        (True, "True"),
        (["a", 2], ["a", "2"]),
        (["a"], "a"),
        ({"any_of": ["a", ["b", "c"]]}, {"any_of": ["a", ["b", "c"]]}),
        ({"ground_truth": "a", "style": "rule"}, "a"),
        (None, None),
        ("  ", None),
        ([], None),
        ({"x": "a"}, None),
        ([["a", "b"], "c"], None),
        ({"any_of": [["a", ["b"]], "c"]}, {"any_of": ["c"]}),
    ],
)
def test_golds(value: object, gold: object) -> None:
    assert read_gold(value) == gold  # type: ignore[arg-type]


def test_one_row() -> None:
    (row,) = rows(r="text", g="1", i=7, p="prompt", d="set")
    assert (row.completion, row.gold, row.id, row.dataset) == ("text", "1", 7, "set")
    assert row.sample is None
    assert row.fault is None


def test_samples_share_a_prompt() -> None:
    found = rows(r=["a", "b", None], g="1")
    assert [row.completion for row in found] == ["a", "b", ""]
    assert [row.sample for row in found] == [0, 1, 2]
    assert len({row.group for row in found}) == 1
    assert found[2].fault is RowFault.MISSING_RESPONSE
    assert [row.completion for row in rows(r=[["a", "b"]], g="1")] == ["a", "b"]


def test_conversations_answer_by_what_the_assistant_said_last() -> None:
    talk = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "first"},
        {"role": "tool", "content": "99"},
        {"role": "assistant", "content": [{"type": "text", "text": "last"}]},
    ]
    assert [row.completion for row in rows(r=talk, g="1")] == ["last"]
    assert [row.completion for row in rows(r=[talk, talk], g="1")] == ["last", "last"]


def test_faults() -> None:
    assert rows(r=None, g="1")[0].fault is RowFault.MISSING_RESPONSE
    assert rows(r="a", g=None)[0].fault is RowFault.MISSING_GOLD
    assert rows(r="", g="1")[0].fault is None
    assert rows(r=[], g="1")[0].fault is RowFault.MISSING_RESPONSE


def test_gold_table(tmp_path: Path) -> None:
    path = tmp_path / "golds.jsonl"
    path.write_text('{"k": 1, "answer": "5"}\n{"k": "x", "answer": "6"}\nnope\n')
    table = read_gold_table(str(path), "k", Fields())
    assert len(table) == 2
    assert table.look_up({"k": "1"}).gold == "5"
    assert table.look_up({"k": "y"}).gold is None
    assert table.look_up({}).gold is None
    assert len(table.broken) == 1
