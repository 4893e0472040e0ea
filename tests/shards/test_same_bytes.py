"""However a run is divided, rows and numbers are those of the undivided run."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from awkward import awkward_lines

from pyverify.cli import main
from pyverify.evaluate import RunSettings, score_files
from pyverify.evaluate.shards import Division, score_divided
from pyverify.io import Fields, RowSink

Score = Callable[..., tuple[int, dict, str]]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_workers(predictions: Path, tmp_path: Path, score: Score, workers: int) -> None:
    whole, parts = tmp_path / "whole.jsonl", tmp_path / "parts.jsonl"
    expected = score(predictions, "-o", whole)
    found = score(predictions, "-o", parts, "--workers", workers, "--shard-size", "40K")
    assert parts.read_bytes() == whole.read_bytes()
    assert found[:2] == expected[:2]
    assert not (tmp_path / "parts.jsonl.parts").exists()


# A cut may fall into a line, on its end, between CR and LF, into a blank line.
@pytest.mark.parametrize("size", [1, 7, 64, 1000, 4096, 9999, 1 << 20])
def test_cuts(tmp_path: Path, score: Score, size: int) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(awkward_lines(40 if size < 64 else 120, seed=size))
    whole = tmp_path / "whole.jsonl"
    expected = score(source, "-o", whole)
    folder = tmp_path / "folder"
    found = score(source, "-o", f"{folder}/", "--shard-size", size)
    assert found[:2] == expected[:2]
    assert b"".join(p.read_bytes() for p in sorted(folder.glob("*.jsonl"))) == whole.read_bytes()
    assert json.loads((folder / "summary.json").read_bytes()) == expected[1]
    assert (folder / "_SUCCESS").exists()


def test_shares_in_any_order(predictions: Path, tmp_path: Path, score: Score) -> None:
    whole = tmp_path / "whole.jsonl"
    expected = score(predictions, "-o", whole)
    folder = tmp_path / "folder"
    for share in ("3/3", "1/3"):
        code, report, said = score(
            predictions, "-o", f"{folder}/", "--shard", share, "--shard-size", "16K"
        )
        assert (code, report) == (0, {})
        assert "left to the others" in said
    assert score("--merge", folder)[0] == 2
    last = score(predictions, "-o", f"{folder}/", "--shard", "2/3", "--workers", 2)
    assert last[:2] == expected[:2]
    assert score("--merge", folder)[:2] == expected[:2]
    assert score("--merge", folder, "--k", 2)[1]["pass@k"]["pass@2"] > 0.5
    assert b"".join(p.read_bytes() for p in sorted(folder.glob("*.jsonl"))) == whole.read_bytes()


def test_several_inputs_compressed_ones_and_formats(tmp_path: Path, score: Score) -> None:
    a, b, c = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz", tmp_path / "c.csv"
    a.write_bytes(awkward_lines(40, seed=1))
    b.write_bytes(gzip.compress(awkward_lines(90, seed=2)))
    c.write_text("id,response,gold\n1,\\boxed{4},4\n2,\\boxed{5},4\n")
    whole, parts = tmp_path / "whole.jsonl", tmp_path / "parts.jsonl.gz"
    expected = score(a, b, c, "-o", whole)
    found = score(a, b, c, "-o", parts, "--workers", 2, "--shard-size", "1K")
    assert gzip.decompress(parts.read_bytes()) == whole.read_bytes()
    assert found[:2] == expected[:2]
    assert {"x", "y", "z"} <= set(found[1]["datasets"])
    assert "can only be read as a whole" in found[2]


def test_row_groups(tmp_path: Path, score: Score) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [{"id": i, "response": f"\\boxed{{{i % 3}}}", "gold": "1"} for i in range(100)]
    source = tmp_path / "in.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), source, row_group_size=7)
    whole, folder = tmp_path / "whole.jsonl", tmp_path / "folder"
    expected = score(source, "-o", whole)
    found = score(source, "-o", f"{folder}/", "--shard-size", 500)
    assert found[:2] == expected[:2]
    parts = sorted(folder.glob("*.jsonl"))
    assert len(parts) > 3
    assert b"".join(p.read_bytes() for p in parts) == whole.read_bytes()


def test_rewards_are_summed_exactly(predictions: Path, tmp_path: Path, score: Score) -> None:
    whole, parts = tmp_path / "whole.jsonl", tmp_path / "parts.jsonl"
    expected = score(predictions, "-o", whole, "--reward", "dapo")
    options = ("--workers", 2, "--shard-size", "30K", "--reward", "dapo")
    found = score(predictions, "-o", parts, *options)
    assert parts.read_bytes() == whole.read_bytes()
    assert found[:2] == expected[:2]
    assert found[1]["reward"]["std"] > 0


def test_tables_by_a_field(predictions: Path, tmp_path: Path) -> None:
    settings = RunSettings((str(predictions),), fields=Fields(by=("subject",)))
    sink = RowSink(str(tmp_path / "whole.jsonl"))
    whole = score_files(settings, sinks=(sink,))
    sink.commit()
    target = tmp_path / "parts.jsonl"
    sink = RowSink(str(target))
    division = Division(str(tmp_path / "parts"), rows=True, workers=2, shard_bytes=20_000)
    parts = score_divided(settings, division, sinks=(sink,))
    sink.commit()
    assert parts is not None
    assert parts.by == whole.by
    assert [table.name for table in parts.by["subject"]] == [
        table.name for table in whole.by["subject"]
    ]
    assert parts.overall == whole.overall
    assert parts.faults == whole.faults
    assert target.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_golds_in_a_file_of_their_own(tmp_path: Path, score: Score) -> None:
    rows = [{"custom_id": f"q{i}", "response": f"\\boxed{{{i % 5}}}"} for i in range(300)]
    golds = [{"custom_id": f"q{i}", "gold": str(i % 4)} for i in range(290)]
    source, gold = tmp_path / "in.jsonl", tmp_path / "gold.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)))
    gold.write_text("\n".join(map(json.dumps, golds)))
    joined = ("--gold", gold, "--on", "custom_id")
    whole, parts = tmp_path / "whole.jsonl", tmp_path / "parts.jsonl"
    expected = score(source, *joined, "-o", whole)
    found = score(source, *joined, "-o", parts, "--workers", 2, "--shard-size", "1K")
    assert parts.read_bytes() == whole.read_bytes()
    assert found[:2] == expected[:2]
    assert found[1]["faults"]["missing_golds"] == 10
    assert "and 0 more" not in found[2]


def test_numbers_alone(predictions: Path, score: Score) -> None:
    expected = score(predictions)
    assert score(predictions, "--workers", 2, "--shard-size", "40K")[:2] == expected[:2]


def test_standard_output(
    predictions: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    whole = tmp_path / "whole.jsonl"
    main(["score", str(predictions), "-o", str(whole)])
    capfdbinary.readouterr()
    main(["score", str(predictions), "-q", "-o", "-", "--workers", "2"])
    assert capfdbinary.readouterr().out == whole.read_bytes()


def test_every_layout(tmp_path: Path, score: Score) -> None:
    fixtures = Path(__file__).parents[1] / "layouts" / "fixtures"
    divided = 0
    for source in sorted(path for path in fixtures.iterdir() if path.suffix != ".md"):
        whole, folder = tmp_path / f"{source.name}.rows.jsonl", tmp_path / source.name
        expected = score(source, "-o", whole)
        if expected[0] == 2:
            continue  # golds alone, golds elsewhere, or what reads it is not installed
        found = score(source, "-o", f"{folder}/", "--shard-size", 700)
        assert found[:2] == expected[:2], source.name
        parts = sorted(folder.glob("part-*.jsonl"))
        assert b"".join(p.read_bytes() for p in parts) == whole.read_bytes(), source.name
        divided += len(parts) > 1
    assert divided > 3
