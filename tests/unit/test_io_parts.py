"""Parts of inputs, and folders of them."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.io import Fields, JsonLine, Part, SourceError, expand_inputs, open_records

FIELDS = Fields(response="r", gold="g")


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


class TestParts:
    def test_bytes(self, tmp_path: Path) -> None:
        lines = [json.dumps({"r": f"{n}", "g": f"{n}"}) + "\n" for n in range(10)]
        path = put(tmp_path / "x.jsonl", "".join(lines))
        with open_records(str(path), FIELDS) as whole:
            settled = (whole.layout, whole.fields)
        size = len(lines[0])
        part = Part("bytes", 3 * size, 7 * size, 4)
        with open_records(str(path), Fields(), part=part, settled=settled) as records:
            assert records.plain
            assert records.total_bytes == 4 * size
            found = list(records)
            assert records.bytes_read() == 4 * size
        assert [line.number for line in found] == [4, 5, 6, 7]
        assert [line.value["r"] for line in found if isinstance(line, JsonLine)] == list("3456")
        empty = Part("bytes", 10 * size, 10 * size, 11)
        with open_records(str(path), Fields(), part=empty, settled=settled) as records:
            assert list(records) == []

    def test_a_part_is_read_as_the_whole_is(self, tmp_path: Path) -> None:
        golds = ["1"] * 70 + ["['1']"] * 70
        lines = [json.dumps({"input": "", "output": "", "gts": gold}) + "\n" for gold in golds]
        path = put(tmp_path / "1.jsonl", "".join(lines))
        with open_records(str(path), Fields()) as whole:
            settled = (whole.layout, whole.fields)
            expected = list(whole)
        begin = sum(len(line) for line in lines[:70])
        part = Part("bytes", begin, path.stat().st_size, 71)
        with open_records(str(path), Fields(), part=part, settled=settled) as records:
            assert list(records) == expected[70:]

    def test_a_packed_file_has_no_parts(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl.gz"
        path.write_bytes(gzip.compress(b"{}\n"))
        with pytest.raises(SourceError, match="as a whole"):
            open_records(str(path), FIELDS, part=Part("bytes", 0, 3, 1))


class TestFolders:
    def test_predictions_alone(self, tmp_path: Path) -> None:
        for name in (
            "a.jsonl",
            "b/c.json.gz",
            "b/results_x.json",
            "b/.hidden.jsonl",
            "b/tmp_1.json",
            "x_metrics.json",
            "config.json",
            "log.txt",
            "z.jsonl.partial",
        ):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            put(tmp_path / name, "{}")
        found = expand_inputs([str(tmp_path)])
        assert found == [str(tmp_path / "a.jsonl"), str(tmp_path / "b" / "c.json.gz")]

    def test_none_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no file of predictions"):
            expand_inputs([str(tmp_path)])

    def test_links_in_circles(self, tmp_path: Path) -> None:
        put(tmp_path / "a.jsonl", "{}")
        (tmp_path / "again").symlink_to(tmp_path)
        assert expand_inputs([str(tmp_path)]) == [str(tmp_path / "a.jsonl")]

    def test_what_was_written_there_before(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put(tmp_path / "a.jsonl", '{"response": "1", "gold": "1"}\n' * 3)
        score = ["score", str(tmp_path), "--format", "json"]
        names = ["v.jsonl", "v.jsonl.gz", "s.json"]
        if importlib.util.find_spec("pyarrow") is not None:
            names.append("v.parquet")
        outputs = [word for name in names for word in ("-o", str(tmp_path / name))]
        for _ in range(2):
            assert main([*score, *outputs]) == 0
            captured = capsys.readouterr()
            assert json.loads(captured.out)["num_samples"] == 3
        assert "left out what pyverify wrote itself: s.json, v.jsonl" in captured.err
        assert main([*score, "--workers", "1", "-o", str(tmp_path / "parts/")]) == 0
        capsys.readouterr()
        assert main(score) == 0
        assert json.loads(capsys.readouterr().out)["num_samples"] == 3
        assert main(["score", str(tmp_path / "v.jsonl")]) == 2

    def test_findings_of_before(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put(tmp_path / "a.jsonl", '{"gold": "1"}\n')
        for _ in range(2):
            assert main(["lint-gold", str(tmp_path), "-o", str(tmp_path / "f.jsonl")]) == 0
        assert "f.jsonl" in capsys.readouterr().err
        assert (tmp_path / "f.jsonl").read_text().count("\n") == 1

    def test_predictions_that_name_a_grader(self, tmp_path: Path) -> None:
        put(tmp_path / "a.jsonl", '{"response": "1", "grader": "pyverify/1", "verdict": "x"}\n')
        put(tmp_path / "b.json", '[{"grader": "pyverify/1"}]')
        put(tmp_path / "c.jsonl.gz", "no gzip")
        assert len(expand_inputs([str(tmp_path)], print)) == 3
