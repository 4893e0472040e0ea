"""What records come in: told by content, numbered, damage counted, hostile bytes survived."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.io import (
    BrokenLine,
    Fields,
    FieldsError,
    JsonLine,
    Part,
    SourceError,
    open_records,
)

FIELDS = Fields(response="r", gold="g")
RECORD = {"r": "\\boxed{1}", "g": "1"}


def read(path: Path | str, fixed: Fields = FIELDS) -> tuple[str, list[JsonLine | BrokenLine]]:
    with open_records(str(path), fixed) as records:
        return records.layout, list(records)


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        (json.dumps([RECORD, RECORD]), "a JSON document", 2),
        (json.dumps([RECORD, RECORD], indent=1), "a JSON document", 2),
        ("\ufeff " + json.dumps([RECORD]), "a JSON document", 1),
        (json.dumps({"0": RECORD, "1": RECORD}), "a JSON document", 2),
        (json.dumps({"0": RECORD, "1": RECORD}, indent=4), "a JSON document", 2),
        (json.dumps({"a": RECORD, "b": RECORD}, indent=4), "a JSON document", 2),
        (json.dumps({"model": "m", "results": [RECORD] * 3}), "a JSON document", 3),
        (json.dumps(RECORD, indent=2), "a JSON document", 1),
        ((json.dumps(RECORD, indent=2) + "\n") * 70, "a JSON document", 70),
        (json.dumps([RECORD], indent=2) + json.dumps([RECORD, RECORD]), "a JSON document", 3),
        (json.dumps({"0": RECORD, "acc": 50, "1": RECORD, "by": {}}), "a JSON document", 2),
        (json.dumps({"acc": 0.5, "0": RECORD, "x": RECORD}, indent=1), "a JSON document", 2),
        (json.dumps(RECORD) + "\n\n" + json.dumps(RECORD), "lines of JSON", 2),
        (" \n" + json.dumps(RECORD) + "\n" + json.dumps(RECORD) + "\n", "lines of JSON", 2),
        ('{"r": broken\n' + json.dumps(RECORD), "lines of JSON", 1),
        ("[1]\n" + json.dumps(RECORD), "lines of JSON", 1),
        ("# a remark, first\n" + json.dumps(RECORD), "lines of JSON", 1),
        ("r,g\n1,1\n\n2,2\n", "CSV", 2),
        ("r;g\n1;1\n", "CSV", 1),
        ("r\tg\n1,0\t1\n", "TSV", 1),
    ],
)
def test_told_by_content(tmp_path: Path, text: str, kind: str, count: int) -> None:
    layout, lines = read(put(tmp_path / "anything", text))
    assert layout == kind
    assert sum(isinstance(line, JsonLine) for line in lines) == count


def test_values_one_after_the_other_are_numbered_on(tmp_path: Path) -> None:
    text = json.dumps([RECORD, 7]) + json.dumps(RECORD, indent=1) + json.dumps([RECORD])
    _, lines = read(put(tmp_path / "x.json", "\n" + text.replace("[", "[\n", 1)))
    kinds = [(line.number, isinstance(line, JsonLine)) for line in lines]
    assert kinds == [(1, True), (2, False), (3, True), (4, True)]


@pytest.mark.parametrize("text", ['{"r": NaN, "g": -Infinity}', '[{"r": NaN,\n"g": -Infinity}]'])
def test_what_is_no_number_is_nothing(tmp_path: Path, text: str) -> None:
    _, lines = read(put(tmp_path / "x", text + "\n" + text))
    values = [line.value for line in lines if isinstance(line, JsonLine)]
    assert values == [{"r": None, "g": "-inf"}] * 2


def test_a_document_without_line_breaks(tmp_path: Path) -> None:
    sample = {"id": 1, "epoch": 1, "input": "?" * 40_000, "target": "1", "output": {}}
    log = {"version": 2, "status": "success", "eval": {"task": "t"}, "samples": [sample] * 3}
    layout, lines = read(put(tmp_path / "x.json", json.dumps(log)), Fields(response="input"))
    assert layout == "inspect log"
    assert len(lines) == 3


def test_a_lone_record_may_hold_a_conversation(tmp_path: Path) -> None:
    talk = [{"role": "assistant", "content": "1"}]
    _, lines = read(put(tmp_path / "x.json", json.dumps({"r": "1", "g": "1", "data": talk})))
    assert len(lines) == 1


def test_keys_become_names(tmp_path: Path) -> None:
    text = json.dumps({"7": RECORD, "9": {"key": "mine", **RECORD}})
    _, lines = read(put(tmp_path / "x.json", text))
    assert [line.value["key"] for line in lines if isinstance(line, JsonLine)] == ["7", "mine"]


def test_elements_larger_than_a_step(tmp_path: Path) -> None:
    big = {"r": "é" * 2_000_000, "g": "1"}
    _, lines = read(put(tmp_path / "x.json", json.dumps([big, RECORD, big], ensure_ascii=False)))
    assert [len(str(line.value["r"])) for line in lines if isinstance(line, JsonLine)] == [
        2_000_000,
        9,
        2_000_000,
    ]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('[{"r": "1", "g": "1"}, {"r": "1", "g"', 1),
        ('[{"r": "1", "g": "1"} {"r": "1", "g": "1"}]', 1),
        ('[{"r": "1", "g": "1"}, 7, {"r": "1", "g": "1"}]', 2),
        ('[{"r": "1", "g": "1"}, ' + "[" * 100_000, 1),
        ('[{"r": "1", "g": ' + "9" * 6000 + "}, nonsense]", 1),
        ('[{"r": "1", "g": "1"}]\nand more', 1),
        ('{\n"r": "1", "g": "1"}\n7', 1),
        ('[\n{"r": "1", "g": "1"}\n]\n[{"r": "1", "g": "2"}, {]', 2),
        ('{"0": {"r": "1", "g": "1"}, "1": null, "2": {"r": "1", "g": "1"}}', 2),
    ],
)
def test_damage_is_counted(tmp_path: Path, text: str, good: int) -> None:
    _, lines = read(put(tmp_path / "x.json", text))
    assert sum(isinstance(line, JsonLine) for line in lines) == good
    assert sum(isinstance(line, BrokenLine) for line in lines) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("kind", ["lines", "table", "document"])
def test_other_ways_to_write_text(tmp_path: Path, encoding: str, end: str, kind: str) -> None:
    record = {"r": "é𝑥\u2028", "g": "1"}
    line = json.dumps(record, ensure_ascii=False)
    text = {
        "lines": f"{line}\n{line}\n",
        "table": f"r,g\n{record['r']},1\n{record['r']},1\n",
        "document": f"[\n{line},\n{line}]",
    }[kind]
    path = tmp_path / "x"
    path.write_bytes(text.replace("\n", end).encode(encoding))
    with open_records(str(path), FIELDS) as records:
        assert (records.divisible is not None) is (
            kind == "lines" and encoding == "utf-8-sig" and end != "\r"
        )
        lines = list(records)
    assert [line.value for line in lines if isinstance(line, JsonLine)] == [record] * 2
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert len(read(path)[1]) == 2


def test_packed_with_zstd(tmp_path: Path) -> None:
    zstd = pytest.importorskip("backports.zstd")
    data = zstd.compress(("r,g\n" + "1,1\n" * 9000).encode())
    path = tmp_path / "x"
    path.write_bytes(data)
    _, lines = read(path)
    assert len(lines) == 9000
    path.write_bytes(data[:-4])
    with pytest.raises(SourceError, match="damaged"):
        read(path)


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="two columns"):
        read(put(tmp_path / "x.csv", "r,g,g\n1,1,1\n"))


@pytest.mark.parametrize("text", ["", "\n \n", "[]", "{}", "nothing\n", "null", "[1, 2]"])
def test_nothing_in_it(tmp_path: Path, text: str) -> None:
    with pytest.raises((SourceError, FieldsError)):
        read(put(tmp_path / "x", text), Fields())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "text", [json.dumps([RECORD, RECORD], indent=1), "r,g\n1,1\n2,2\n", json.dumps({"0": RECORD})]
)
def test_standard_input(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    packed: bool,
) -> None:
    data = gzip.compress(text.encode()) if packed else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(data))))
    assert main(["score", "-", "--map", "response=r,gold=g", "-q", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["acc"] == 1.0


class Pipe(io.RawIOBase):
    """Hands over a few bytes at a time, and cannot be sought in."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece, self._data = self._data[:7], self._data[7:]
        buffer[: len(piece)] = piece
        return len(piece)


class TestArchive:
    def make(self, path: Path, members: dict[str, str]) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in members.items():
                file.writestr(name, text)
        return path

    def sample(self, **more: object) -> str:
        whole = {"id": 1, "epoch": 1, "input": "?", "target": "1", "output": {}, **more}
        return json.dumps(whole)

    def test_samples_of_a_run_that_died(self, tmp_path: Path) -> None:
        members = {
            "_journal/start.json": json.dumps({"eval": {"task": "t"}}),
            "samples/b.json": self.sample(output={"completion": "", "choices": []}),
            "samples/a.json": self.sample(output={"completion": "\\boxed{1}", "choices": [{}]}),
            "samples/c.json": "{",
        }
        layout, lines = read(self.make(tmp_path / "x.eval", members), Fields())
        assert layout == "inspect log"
        assert [type(line) for line in lines] == [JsonLine, JsonLine, BrokenLine]
        values = [line.value for line in lines if isinstance(line, JsonLine)]
        assert [value["output"] for value in values] == [
            {"completion": "\\boxed{1}", "choices": [{}]},
            {"completion": None, "choices": []},
        ]
        assert values[0]["eval"] == {"task": "t"}

    def test_long_texts_stand_apart(self, tmp_path: Path) -> None:
        sample = self.sample(
            input="attachment://p",
            output={"completion": "attachment://q", "choices": [{}]},
            attachments={"p": "long?", "q": "long"},
        )
        _, lines = read(self.make(tmp_path / "x.eval", {"samples/a.json": sample}), Fields())
        value = lines[0].value  # type: ignore[union-attr]
        assert value["input"] == "long?"
        assert value["output"]["completion"] == "long"  # type: ignore[index, call-overload]

    def test_other_archives_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="without samples"):
            read(self.make(tmp_path / "x.zip", {"a.jsonl": "{}"}))
        with pytest.raises(SourceError, match="no whole zip"):
            read(put(tmp_path / "y.zip", "PK\x03\x04 nothing"))


class TestColumns:
    @pytest.fixture
    def table(self, tmp_path: Path) -> Path:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        rows = [
            {"r": f"\\boxed{{{n}}}", "g": float(n), "meta": {"level": n, "rate": n / 4}, "l": [n]}
            for n in range(10)
        ]
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet", row_group_size=4)
        return tmp_path / "x.parquet"

    def test_values_are_those_of_json(self, table: Path) -> None:
        _, lines = read(table)
        value = lines[7].value  # type: ignore[union-attr]
        assert value == {
            "r": "\\boxed{7}",
            "g": "7.0",
            "meta": {"level": 7, "rate": "1.75"},
            "l": [7],
        }
        assert [line.number for line in lines] == list(range(1, 11))

    def test_needless_columns_are_left_unread(self, table: Path) -> None:
        with open_records(str(table), FIELDS) as records:
            records.narrow(["meta.level"])
            values = [line.value for line in records if isinstance(line, JsonLine)]
            assert records.bytes_read() == records.total_bytes
        assert len(values) == 10
        assert set(values[0]) == {"r", "g", "meta"}

    def test_what_prepares_records_sees_all_of_them(self, tmp_path: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        record = {"query": "a?1", "prompt": "a?", "label": "1"}
        pq.write_table(pa.Table.from_pylist([record]), tmp_path / "x.parquet")
        with open_records(str(tmp_path / "x.parquet"), Fields()) as records:
            records.narrow([])
            values = [line.value for line in records if isinstance(line, JsonLine)]
        assert values == [record | {"response": "1"}]

    def test_row_groups(self, table: Path) -> None:
        part = Part("row_groups", 1, 3, 5)
        with open_records(str(table), FIELDS, part=part) as records:
            lines = list(records)
        assert [line.number for line in lines] == list(range(5, 11))
        assert lines[0].value["r"] == "\\boxed{4}"  # type: ignore[union-attr]

    def test_what_is_no_number_is_nothing(self, tmp_path: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        table = pa.table({"r": ["1", "2"], "g": [float("nan"), 1.5], "b": [b"\xff", None]})
        pq.write_table(table, tmp_path / "x.parquet")
        _, lines = read(tmp_path / "x.parquet")
        assert [line.value for line in lines if isinstance(line, JsonLine)] == [
            {"r": "1", "g": None, "b": "\ufffd"},
            {"r": "2", "g": "1.5", "b": None},
        ]

    def test_numbers_of_every_width(self, tmp_path: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        numbers = [0.1, 1 / 3, 16777216.0, 3.4028235e38, 1e-45, -2.5, float("inf"), float("nan")]
        single = pa.array(numbers, pa.float32())
        half = pa.array([0.1, None, 65504.0, *numbers[-5:]], pa.float64()).cast(pa.float16())
        maps = pa.array([[("a", 0.1)]] * 8, pa.map_(pa.string(), pa.float32()))
        table = pa.table({"r": ["1"] * 8, "g": single, "half": half, "map": maps})
        pq.write_table(table, tmp_path / "x.parquet")
        _, lines = read(tmp_path / "x.parquet")
        values = [line.value for line in lines if isinstance(line, JsonLine)]
        assert [value["g"] for value in values] == [
            *["0.1", "0.33333334", "16777216.0", "3.4028235e+38", "1e-45", "-2.5", "inf", None]
        ]
        assert [value["half"] for value in values][:3] == ["0.1", None, "65500.0"]
        assert values[0]["map"] == {"a": "0.1"}

    def test_texts_that_are_no_utf8(self, tmp_path: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        column = pa.array([b"\xff1", b"2"]).cast(pa.string(), safe=False)
        pq.write_table(pa.table({"r": column, "g": ["1", "2"]}), tmp_path / "x.parquet")
        _, lines = read(tmp_path / "x.parquet")
        assert [line.value["r"] for line in lines if isinstance(line, JsonLine)] == ["\ufffd1", "2"]

    @pytest.mark.parametrize("keep", [4, 300, -9])
    def test_damage_says_so(self, table: Path, keep: int) -> None:
        table.write_bytes(table.read_bytes()[:keep])
        with pytest.raises(SourceError, match="no whole Parquet"):
            read(table)

    def test_damage_inside(self, table: Path) -> None:
        data = bytearray(table.read_bytes())
        data[4:400] = bytes(396)
        table.write_bytes(data)
        with pytest.raises(SourceError, match="damaged"):
            read(table)

    def test_a_packed_one(self, table: Path) -> None:
        packed = table.with_name("x.parquet.gz")
        packed.write_bytes(gzip.compress(table.read_bytes()))
        _, lines = read(packed)
        assert len(lines) == 10

    def test_one_arrow_file(self, tmp_path: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        table = pa.table({"r": ["1"] * 9000, "g": ["1"] * 9000})
        for name, write in (("x", pa.ipc.new_stream), ("y", pa.ipc.new_file)):
            with write(str(tmp_path / name), table.schema) as file:
                file.write_table(table)
            layout, lines = read(tmp_path / name)
            assert layout == "Arrow"
            assert len(lines) == 9000

    def test_a_packed_arrow_file_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "x.arrow.gz"
        path.write_bytes(gzip.compress(b"ARROW1\0\0"))
        with pytest.raises(SourceError, match="not packed"):
            read(path)

    def test_a_folder_that_is_not_whole(self, tmp_path: Path) -> None:
        pytest.importorskip("pyarrow")
        put(tmp_path / "state.json", '{"_data_files": [{"filename": "../x.arrow"}]}')
        with pytest.raises(SourceError, match="outside"):
            read(tmp_path)
        put(tmp_path / "state.json", '{"_data_files": [{"filename": "x.arrow"}]}')
        with pytest.raises(SourceError, match="lacks a file"):
            read(tmp_path)
