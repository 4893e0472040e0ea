"""Outputs appear whole or not at all, with the same bytes for the same rows."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from pyverify.io import RowSink, SourceError


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("before\n")
    sink = RowSink(str(target))
    sink.write({"b": 1, "a": "数"})
    assert target.read_text() == "before\n"
    sink.commit()
    assert target.read_text(encoding="utf-8") == '{"a": "数", "b": 1}\n'
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_a_failed_run_leaves_nothing(tmp_path: Path) -> None:
    sink = RowSink(str(tmp_path / "out.jsonl"))
    sink.write({"a": 1})
    sink.discard()
    assert os.listdir(tmp_path) == []


def test_an_interrupted_run_keeps_what_it_has(tmp_path: Path) -> None:
    target = str(tmp_path / "out.jsonl")
    sink = RowSink(target)
    sink.write({"a": 1})
    assert sink.keep_partial() == target + ".partial"
    assert os.listdir(tmp_path) == ["out.jsonl.partial"]


def test_gzip_holds_no_time(tmp_path: Path) -> None:
    written = []
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        sink = RowSink(str(tmp_path / name))
        sink.write({"a": 1})
        sink.commit()
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert json.loads(gzip.decompress(written[0])) == {"a": 1}


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    sink = RowSink(str(tmp_path / "out.jsonl"))
    sink.write({"a": "x\ud800y"})
    sink.commit()
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == {"a": "x\ufffdy"}


@pytest.mark.parametrize("name", ["out.parquet", "out.html", "no/such/folder/out.jsonl"])
def test_what_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError):
        RowSink(str(tmp_path / name))
