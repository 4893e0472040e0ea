"""Several runs at one folder, at once and one after the other's death."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from awkward import awkward_lines

from pyverify.evaluate import RunSettings, score_files
from pyverify.evaluate.settings import Progress
from pyverify.evaluate.shards import (
    Division,
    Job,
    plan_shards,
    pool,
    ray_engine,
    run,
    score_divided,
)
from pyverify.evaluate.shards.folder import Folder
from pyverify.evaluate.shards.manifest import Manifest
from pyverify.io import RowSink, SourceError

Score = Callable[..., tuple[int, dict, str]]

_PATIENT = """
import os, time
def wait(completions, **columns):
    open(os.environ["BEGUN"], "w").close()
    while not os.path.exists(os.environ["GO"]):
        time.sleep(0.02)
    return [1.0] * len(completions)
"""


def _killed_while_writing(target: Path) -> Path:
    """What a process leaves that is ended while it writes a file."""
    program = "import os, sys; from pyverify.io import RowSink; RowSink(sys.argv[1]); os._exit(9)"
    before = set(target.parent.iterdir())
    subprocess.run([sys.executable, "-c", program, str(target)], check=False)
    (left,) = set(target.parent.iterdir()) - before
    return left


def _wait_for(path: Path) -> None:
    for _ in range(1500):
        if path.exists():
            return
        time.sleep(0.02)
    raise AssertionError(f"{path} did not come")


def test_a_second_run_is_refused(
    tmp_path: Path, score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "patient.py").write_text(_PATIENT)
    reward = tmp_path / "reward.json"
    reward.write_text('{"type": "function", "target": "patient:wait"}')
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"response": "4", "gold": "4"}\n' * 9)
    begun, go = tmp_path / "begun", tmp_path / "go"
    monkeypatch.setenv("BEGUN", str(begun))
    monkeypatch.setenv("GO", str(go))
    monkeypatch.syspath_prepend(str(tmp_path))
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    options = (source, "-o", target, "--reward", reward, "--workers", 1)
    command = [sys.executable, "-m", "pyverify.cli", "score", *map(str, options)]
    first = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, stderr=subprocess.PIPE, text=True
    )
    try:
        _wait_for(begun)
        for resume in ((), ("--resume",)):
            code, _, said = score(*options, *resume)
            assert code == 2
            assert f"another run is at work in {target}.parts (process {first.pid} on " in said
    finally:
        go.touch()
        _, said = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert target.read_bytes().count(b"\n") == 9
    assert not Path(f"{target}.parts").exists()
    assert not list(tmp_path.glob(".*"))


def test_missing_parts_are_no_success(predictions: Path, tmp_path: Path) -> None:
    parts = tmp_path / "parts"

    def lose(progress: Progress) -> None:
        for path in parts.glob("part-00001.*"):
            path.unlink()

    division = Division(str(parts), shard_bytes=20_000)
    with pytest.raises(SourceError, match=r"1 of \d+ parts are missing"):
        score_divided(RunSettings((str(predictions),)), division, on_progress=lose)


def test_shares_that_plan_at_once(
    predictions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RunSettings((str(predictions),))
    parts = tmp_path / "parts"
    plan = run.plan_shards

    def share(index: int, size: int) -> Division:
        return Division(str(parts), keep=True, rows=True, share=(index, 2), shard_bytes=size)

    def overtaken(*arguments: object, **options: object) -> Manifest:
        monkeypatch.setattr(run, "plan_shards", plan)
        assert score_divided(settings, share(1, 30_000)) is None
        return plan(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "plan_shards", overtaken)
    report = score_divided(settings, share(0, 11_000))
    assert report is not None
    assert report.overall == score_files(settings).overall
    shards = json.loads((parts / "manifest.json").read_text())["shards"]
    assert len(list(parts.glob("*.tally"))) == len(shards)


def test_what_the_killed_left_goes(predictions: Path, tmp_path: Path, score: Score) -> None:
    folder, target = tmp_path / "folder", tmp_path / "out.jsonl"
    folder.mkdir()
    dead = [
        _killed_while_writing(path)
        for path in (folder / "part-00001.jsonl", folder / "manifest.json.jsonl", target)
    ]
    living = [RowSink(str(path)) for path in (folder / "part-00002.jsonl", target)]
    mine = [path for path in (*folder.iterdir(), *tmp_path.glob(".*")) if path not in dead]
    assert len(mine) == 2
    for options in (("-o", f"{folder}/", "-o", target), ("-o", target, "--workers", 1)):
        assert score(predictions, *options)[0] == 3
    assert [path.exists() for path in dead] == [False] * 3
    assert [path.exists() for path in mine] == [True] * 2
    # Of another machine nobody knows who lives there; after a week nobody waits for it.
    last_month = time.time() - 30 * 24 * 3600
    os.utime(mine[0], (last_month, last_month))
    assert score(predictions, "-o", f"{folder}/", "--resume")[0] == 3
    assert [path.exists() for path in mine] == [False, True]
    for sink in living:
        sink.discard()


def test_a_long_name(predictions: Path, tmp_path: Path, score: Score) -> None:
    target = tmp_path / ("ü" * 50 + "n" * 130 + ".jsonl")
    dead = _killed_while_writing(target)
    assert score(predictions, "-o", target, "--workers", 1)[0] == 3
    assert not dead.exists()


def test_outputs_alone_differ(predictions: Path, tmp_path: Path, score: Score) -> None:
    numbers, rows = tmp_path / "r.json", tmp_path / "r.jsonl"
    parts = f"{numbers}.parts"
    assert score_divided(RunSettings((str(predictions),)), Division(parts)) is not None
    code, _, said = score(predictions, "-o", numbers, "-o", rows, "--resume")
    assert code == 2
    assert "holds counts alone, as its run wrote no rows, and this one writes them" in said
    assert score(predictions, "-o", numbers, "--resume")[0] == 3
    assert not os.path.exists(parts)


def test_a_refused_input_leaves_nothing(tmp_path: Path, score: Score) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"a": 1}\n')
    (tmp_path / "mine").mkdir()
    for target in ("out.jsonl", "new/", "mine/"):
        code, _, _ = score(source, "-o", f"{tmp_path}/{target}", "--workers", 1)
        assert code == 2
    assert sorted(os.listdir(tmp_path)) == ["in.jsonl", "mine"]
    assert os.listdir(tmp_path / "mine") == []


def _edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: _edited(text, '"input": 0', '"input": 7'),
        lambda text: _edited(text, '"begin": 0', '"begin": "x"'),
        lambda text: _edited(text, '"dataset": null', '"data": null'),
        lambda text: _edited(text, '"grader": "', '"grader": "other '),
        lambda text: text[: len(text) // 2],
        lambda text: "[" * 100_000,
        lambda text: '{"schema": 1}',
        lambda text: "[]",
        lambda text: "\0",
    ],
)
def test_a_damaged_plan(
    predictions: Path, tmp_path: Path, score: Score, damage: Callable[[str], str]
) -> None:
    folder = tmp_path / "folder"
    assert score(predictions, "-o", f"{folder}/", "--shard-size", "60K")[0] == 3
    plan = folder / "manifest.json"
    plan.write_text(damage(plan.read_text()))
    for arguments in (("--merge", folder), (predictions, "-o", f"{folder}/", "--resume")):
        code, _, said = score(*arguments)
        assert code == 2
        assert f"{plan} is " in said


def test_a_share_does_not_read_what_others_did(
    predictions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RunSettings((str(predictions),))
    division = Division(str(tmp_path / "parts"), share=(0, 3), shard_bytes=8_000)
    assert score_divided(settings, division) is None
    read: list[int] = []
    digested: list[object] = []
    true_read, true_table = Folder.read, Manifest._table

    def reading(self: Folder, index: int, *rest: object) -> object:
        read.append(index)
        return true_read(self, index, *rest)  # type: ignore[arg-type]

    def digesting(self: Manifest) -> dict[str, object]:
        digested.append(self)
        return true_table(self)

    monkeypatch.setattr(Folder, "read", reading)
    monkeypatch.setattr(Manifest, "_table", digesting)
    share = Division(division.folder, share=(1, 3), shard_bytes=8_000)
    assert score_divided(settings, share) is None
    assert len(set(read)) > 5
    assert {index % 3 for index in read} == {1}
    assert len(digested) == 1


def test_workers_that_fail_to_start_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(awkward_lines(60))
    team: list[pool._Worker] = []
    start = pool._start

    def start_badly(job: pool.Job) -> pool._Worker:
        worker = start(job)
        team.append(worker)
        if len(team) % 2:
            worker.process.kill()
        return worker

    finished: set[int] = set()

    def end(progress: Progress) -> None:
        if progress.parts_done not in {0, *finished}:
            finished.add(progress.parts_done)
            team[-1].process.kill()

    monkeypatch.setattr(pool, "_start", start_badly)
    settings = RunSettings((str(source),))
    division = Division(str(tmp_path / "parts"), workers=1, shard_bytes=source.stat().st_size // 4)
    assert score_divided(settings, division, on_progress=end) is not None
    assert len(team) >= 2 * pool.ATTEMPTS


def test_a_node_without_the_folder(predictions: Path, tmp_path: Path) -> None:
    settings = RunSettings((str(predictions),))
    job = Job(str(tmp_path / "parts"), plan_shards(settings, rows=False), settings)
    gone = str(tmp_path / "gone")
    outcome = ray_engine._part(job, 0, gone)
    assert outcome.kind == "refused"
    assert f"a node of the cluster cannot enter {gone}: No such file" in outcome.text
    os.mkdir(job.folder)
    # Names from the root need no folder.
    assert ray_engine._part(job, 0, None).kind == "done"
