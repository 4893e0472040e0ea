"""Columns that are called like paths, as flattened tables have them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TABLE = {
    "response": ["\\boxed{1}", "\\boxed{2}"] * 4,
    "reward_model.ground_truth": ["1"] * 8,
    "meta.level": ["easy"] * 4 + ["hard"] * 4,
    "step+prompt": [str(i // 2) for i in range(8)],
    "left.out": [list(range(100))] * 8,
}


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_columns_called_like_paths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table(TABLE), path)
    else:
        rows = [
            dict(zip(TABLE, values, strict=True)) for values in zip(*TABLE.values(), strict=True)
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    by = ["--by", "meta.level", "--map", "group=step+prompt"]
    assert main(["score", str(path), "-q", "--format", "json", *by]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["num_scores"] == 8
    assert found["num_prompts"] == 4
    assert {name: table["acc"] for name, table in found["by"]["meta.level"].items()} == {
        "easy": 0.5,
        "hard": 0.5,
    }
