"""Rewards are summed exactly; progress is that of all workers together."""

from __future__ import annotations

import io
import json
import random
import statistics
from pathlib import Path

import pytest

from pyverify.cli.progress import Reporter
from pyverify.evaluate import RunSettings
from pyverify.evaluate.reward_tally import RewardTally, RowReward
from pyverify.evaluate.settings import Progress
from pyverify.evaluate.shards import plan_shards
from pyverify.evaluate.shards.folder import PartDone
from pyverify.evaluate.shards.watch import Watch


def test_any_division_has_the_same_sums() -> None:
    random_ = random.Random(5)
    values = [random_.choice((1e300, -1e300, 5e-324, 0.1, random_.random())) for _ in range(300)]
    rows = [RowReward(v, {"a": v, "b": None if v == 0.1 else 0.1}) for v in values]
    whole, merged = RewardTally(), RewardTally()
    for row in [*rows, None, RowReward(None, {})]:
        whole.add(row)
    for begin in (200, 0, 100):
        part = RewardTally()
        for row in reversed(rows[begin : begin + 100]):
            part.add(row)
        merged.merge(json.loads(json.dumps(part.dump())))
    for _ in range(2):
        merged.add(None)
    assert merged.as_json() == whole.as_json()
    assert whole.mean == statistics.mean(values)
    assert whole.abstained == 2


def test_deviation() -> None:
    tally = RewardTally()
    assert tally.as_json()["std"] is None
    values = [0.1, 0.1, 0.7, -2.5, 1e-9]
    for value in values:
        tally.add(RowReward(value, {}))
    assert tally.deviation == pytest.approx(statistics.stdev(values), rel=1e-15)
    same = RewardTally()
    for _ in range(3):
        same.add(RowReward(0.1, {}))
    assert same.deviation == 0.0


def test_progress_adds_up(predictions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = plan_shards(RunSettings((str(predictions),)), rows=False, shard_bytes=100_000)
    size = sum(shard.size for shard in manifest.shards)
    assert size == predictions.stat().st_size
    seen: list[Progress] = []
    watch = Watch(manifest, range(len(manifest.shards)), seen.append)
    watch.finished(0, PartDone(100, 50, (), 0), earlier=True)
    watch.moved(1, 10, 5, 1000)
    watch.lost(1)
    watch.moved(1, 20, 20, 2000)
    last = seen[-1]
    assert (last.rows, last.right, last.parts_done, last.total_bytes) == (120, 70, 1, size)
    assert last.bytes_read == manifest.shards[0].size + 2000
    stream = io.StringIO()
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    reporter = Reporter(stream=stream)
    now[0] = 10.0
    reporter.update(last)
    left = (size - manifest.shards[0].size - 2000) // 200
    clock = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"
    parts = f"1 of {len(manifest.shards)} parts"
    assert stream.getvalue() == f"120 responses, {parts}, acc 0.5833, 2/s, {clock}\n"
