"""Cells of tables: quotes, damage, and what is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyverify.io import BrokenLine, Fields, JsonLine, open_records

FIELDS = Fields(response="r", gold="g")


def read(path: Path) -> tuple[str, list[JsonLine | BrokenLine]]:
    with open_records(str(path), FIELDS) as records:
        return records.layout, list(records)


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_cells(tmp_path: Path) -> None:
    text = (
        '\ufeffid,r,g\r\n1,"a ""b""\n\nc, d",1\r\n2,,1\r\n3,x\r\n4,"x"y,1\r\n5,z,1\r\n6,"open,1\r\n'
    )
    _, lines = read(put(tmp_path / "x.csv", text))
    good = {line.number: line.value for line in lines if isinstance(line, JsonLine)}
    assert good == {
        1: {"id": "1", "r": 'a "b"\n\nc, d', "g": "1"},
        2: {"id": "2", "r": None, "g": "1"},
        5: {"id": "5", "r": "z", "g": "1"},
    }
    broken = {line.number: line.problem for line in lines if isinstance(line, BrokenLine)}
    assert list(broken) == [3, 4, 6]
    assert broken[3] == "2 cells where the header has 3"


@pytest.mark.parametrize(
    "broken", ['"open\nand, on \\boxed{3}', '"open \\boxed{3}', '"open\n\nand,\nand,\n and,']
)
def test_an_open_quote_takes_no_other_row(tmp_path: Path, broken: str) -> None:
    rows = [f'{n},"so ""x""\nand, on \\boxed{{{n}}}",{n}' for n in range(9)]
    rows[3] = f"3,{broken},3"
    _, lines = read(put(tmp_path / "x.csv", "\n".join(["id,r,g", *rows]) + "\n"))
    assert [line.number for line in lines if isinstance(line, BrokenLine)] == [4]
    good = [line.value["id"] for line in lines if isinstance(line, JsonLine)]
    assert good == ["0", "1", "2", "4", "5", "6", "7", "8"]


def test_a_quote_that_stays_open(tmp_path: Path) -> None:
    text = 'r,g\n1,1\n2,"2\n3,3\n4,4\n'
    _, lines = read(put(tmp_path / "x.csv", text))
    assert [type(line) for line in lines] == [JsonLine, BrokenLine, JsonLine, JsonLine]
    assert isinstance(lines[1], BrokenLine)
    assert lines[1].problem.endswith("a quote that is never closed")
    _, lines = read(put(tmp_path / "y.csv", 'r,g\n1,1\n2,"2\n3\n4\n'))
    assert isinstance(lines[1], BrokenLine)
    assert "3 lines are lost" in lines[1].problem


def test_many_open_quotes_take_no_time(tmp_path: Path) -> None:
    text = "r,g\n" + '1,"b""""\n' * 20_000 + '1,"""\n' * 20_000 + "1,2\n" * 20_000
    _, lines = read(put(tmp_path / "x.csv", text))
    assert any(isinstance(line, BrokenLine) for line in lines)
