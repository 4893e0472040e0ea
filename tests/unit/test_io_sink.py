"""Outputs appear whole or not at all, with the same bytes for the same rows."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from pyverify.cli import main
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


@pytest.mark.parametrize(
    "name", ["out.txt", "out.v2", "out.parquet.zst", "out.json.gz", "out.csv", "out.xz"]
)
def test_a_name_says_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(SourceError, match=r"\.jsonl\.zst"):
        RowSink(str(tmp_path / name))
    source = tmp_path / "in.jsonl"
    source.write_text('{"response": "1", "gold": "1"}\n')
    assert main(["score", str(source), "-o", str(tmp_path / name)]) == 2
    assert ".parquet, .json, .md, .html" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["in.jsonl"]


@pytest.mark.parametrize("name", ["out", "out.JSONL", ".out", "out.ndjson", "out.gz", "a.b/out"])
def test_names_of_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.b").mkdir()
    sink = RowSink(str(tmp_path / name))
    sink.write({"a": 1})
    sink.commit()
    assert (tmp_path / name).exists()


def test_zstd(tmp_path: Path) -> None:
    zstd = pytest.importorskip("backports.zstd")
    sink = RowSink(str(tmp_path / "out.jsonl.zst"))
    sink.write({"a": 1})
    sink.write_lines(b'{"a": 2}\n')
    sink.commit()
    assert zstd.decompress((tmp_path / "out.jsonl.zst").read_bytes()) == b'{"a": 1}\n{"a": 2}\n'


def test_no_writer_of_zstd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyverify.io.packing._ZSTD_READERS", ())
    with pytest.raises(SourceError, match=r"backports\.zstd"):
        RowSink(str(tmp_path / "out.jsonl.zst"))
    assert os.listdir(tmp_path) == []


def test_pipes_that_have_a_name() -> None:
    read, write = os.pipe()
    sink = RowSink(f"/dev/fd/{write}")
    sink.write({"a": 1})
    sink.commit()
    assert os.read(read, 100) == b'{"a": 1}\n'
    os.close(read)
    os.close(write)


def test_halves_of_characters_in_parquet(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    from pyverify.io.parquet_sink import ParquetSink

    sink = ParquetSink(str(tmp_path / "out.parquet"))
    half = "x\ud800"
    sink.write({"id": half, "by": {half: half, "n": None}, "components": {half: 1.0}})
    sink.write({"id": "a", "by": {}})
    sink.commit()
    first, second = pq.read_table(tmp_path / "out.parquet").to_pylist()
    whole = "x\ufffd"
    assert (first["id"], first["by"], first["components"]) == (
        whole,
        [(whole, whole), ("n", None)],
        [(whole, 1.0)],
    )
    assert (second["by"], second["components"]) == ([], None)
