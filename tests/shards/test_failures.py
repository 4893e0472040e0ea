"""What is killed, full, read-only, changed or poisonous: nothing is lost, nothing counted twice."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from awkward import awkward_lines

from pyverify.evaluate import RunSettings
from pyverify.evaluate.reward_run import RewardSettings
from pyverify.evaluate.shards import Division, Job, plan_shards, score_divided, score_part
from pyverify.io import SourceError
from pyverify.rewards import Function

Score = Callable[..., tuple[int, dict, str]]

_SMALL = ("--shard-size", "16K")


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pyverify.cli", "score", *map(str, arguments)]


def _half_done(predictions: Path, folder: Path, score: Score) -> list[Path]:
    """A folder with the first of two shares; its parts."""
    assert score(predictions, "-o", f"{folder}/", "--shard", "1/2", *_SMALL)[0] == 0
    return sorted(folder.glob("*.jsonl"))


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="workers are found in /proc")
def test_killed_at_random(tmp_path: Path) -> None:
    loop = Path(__file__).with_name("kill_loop.py")
    times = os.environ.get("PYVERIFY_KILLS", "1")
    done = subprocess.run(
        [sys.executable, loop, "--times", times], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": same") == int(times)


def test_a_part_twice_at_once(predictions: Path, tmp_path: Path) -> None:
    settings = RunSettings((str(predictions),))
    manifest = plan_shards(settings, rows=True, shard_bytes=100_000)
    job = Job(str(tmp_path / "parts"), manifest, settings)
    os.mkdir(job.folder)
    context = multiprocessing.get_context("spawn")
    twins = [context.Process(target=score_part, args=(job, 0)) for _ in range(3)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
        assert twin.exitcode == 0
    assert sorted(os.listdir(job.folder)) == ["part-00000.jsonl", "part-00000.tally"]
    first = {path: path.read_bytes() for path in Path(job.folder).iterdir()}
    assert score_part(job, 0).rows > 0
    (Path(job.folder) / "part-00000.tally").unlink()
    score_part(job, 0)
    assert {path: path.read_bytes() for path in Path(job.folder).iterdir()} == first


def test_resume_keeps_what_is_finished(predictions: Path, tmp_path: Path, score: Score) -> None:
    whole, folder = tmp_path / "whole.jsonl", tmp_path / "folder"
    expected = score(predictions, "-o", whole)
    parts = _half_done(predictions, folder, score)
    before = {path: path.stat().st_ino for path in parts}
    # Rows without their counts.
    (folder / "part-00003.jsonl").write_bytes(b"left over")
    found = score(predictions, "-o", f"{folder}/", "--resume", "--workers", 2)
    assert found[:2] == expected[:2]
    assert {path: path.stat().st_ino for path in parts} == before
    assert b"".join(p.read_bytes() for p in sorted(folder.glob("*.jsonl"))) == whole.read_bytes()


@pytest.mark.parametrize("ending", ["tally", "jsonl"])
def test_a_damaged_part_is_done_again(
    predictions: Path, tmp_path: Path, score: Score, ending: str
) -> None:
    whole, folder = tmp_path / "whole.jsonl", tmp_path / "folder"
    expected = score(predictions, "-o", whole)
    assert score(predictions, "-o", f"{folder}/", *_SMALL)[:2] == expected[:2]
    victim = folder / f"part-00001.{ending}"
    victim.write_bytes(victim.read_bytes()[:-5])
    assert score("--merge", folder)[0] == 2
    assert score(predictions, "-o", f"{folder}/", "--resume")[:2] == expected[:2]
    assert b"".join(p.read_bytes() for p in sorted(folder.glob("*.jsonl"))) == whole.read_bytes()


def test_an_earlier_run_is_not_touched(predictions: Path, tmp_path: Path, score: Score) -> None:
    folder = tmp_path / "folder"
    _half_done(predictions, folder, score)
    code, _, said = score(predictions, "-o", f"{folder}/")
    assert code == 2
    assert "--resume goes on with it" in said


def test_another_run_is_not_continued(predictions: Path, tmp_path: Path, score: Score) -> None:
    folder = tmp_path / "folder"
    _half_done(predictions, folder, score)
    code, _, said = score(predictions, "-o", f"{folder}/", "--resume", "--preset", "strict")
    assert code == 2
    assert "another run: its grader was pyverify/" in said
    with predictions.open("ab") as file:
        file.write(b'\n{"completion": "4", "answer": "4"}')
    code, _, said = score(predictions, "-o", f"{folder}/", "--resume")
    assert code == 2
    assert "has changed since this run was planned" in said


def test_a_folder_of_something_else(predictions: Path, tmp_path: Path, score: Score) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    code, _, said = score(predictions, "-o", f"{tmp_path}/")
    assert code == 2
    assert "parts need a folder of their own" in said


def test_nothing_to_resume(predictions: Path, tmp_path: Path, score: Score) -> None:
    code, report, said = score(predictions, "-o", tmp_path / "out.jsonl", "--resume")
    assert code == 3
    assert report["num_samples"] > 600
    assert "nothing to resume" in said


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["-", "--workers", "2"], "standard input cannot be divided"),
        (["IN", "--shard", "1/2"], "-o DIR/"),
        (["IN", "--resume"], "--resume needs an -o"),
        ([], "name a file to score"),
        (["IN", "--merge", "DIR"], "--merge DIR needs no inputs"),
        (["IN", "-o", "x.html", "--workers", "2"], "looks at the rows in one process"),
        (["IN", "--task", "aime24", "--workers", "2"], "looks at the rows in one process"),
        (["IN", "-o", "a/", "-o", "b/"], "not in several"),
        (["--merge", "DIR"], "holds no parts"),
        (["IN", "-o", "IN", "--workers", "2"], "is also an input"),
    ],
)
def test_wrong_usage(
    predictions: Path, tmp_path: Path, score: Score, arguments: list[str], wanted: str
) -> None:
    names = {"IN": str(predictions), "DIR": str(tmp_path)}
    code, _, said = score(*(names.get(one, one) for one in arguments))
    assert code == 2
    assert wanted in said


def test_damaged_input(tmp_path: Path, score: Score) -> None:
    good = tmp_path / "good.jsonl"
    good.write_bytes(awkward_lines(50))
    bad = tmp_path / "bad.jsonl.gz"
    bad.write_bytes(gzip.compress(awkward_lines(5000))[:-2000])
    code, _, said = score(good, bad, "-o", tmp_path / "out.jsonl", "--workers", 2)
    assert code == 3
    assert "damaged" in said
    # What stands before the damage is scored, as in a run that isn't divided.
    assert score(good, bad, "-o", tmp_path / "whole.jsonl")[0] == 3
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_read_only_folder(predictions: Path, tmp_path: Path, score: Score) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    code, _, said = score(predictions, "-o", folder / "out.jsonl", "--workers", 2)
    assert code == 2
    assert "cannot write" in said


def test_an_output_that_cannot_grow(predictions: Path, tmp_path: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    for workers in ((), ("--workers", "2")):
        target = tmp_path / f"out{len(workers)}.jsonl"
        command = _command(predictions, "-o", target, "--shard-size", "1M", *workers)
        done = subprocess.run(command, preexec_fn=small_files, capture_output=True, text=True)
        assert done.returncode == 2, done.stderr
        assert "cannot write" in done.stderr
        assert not target.exists()


def test_a_full_device(predictions: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    command = _command(predictions, "-o", "/dev/full", "--workers", "2")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "cannot write" in done.stderr
    assert not os.path.exists("/dev/full.parts")


def test_poison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A part that kills whoever touches it is tried three times; all others are finished.
    (tmp_path / "poison.py").write_text(
        "import os, signal\n"
        "def deadly(completions, **columns):\n"
        "    if any('poison' in text for text in completions):\n"
        "        with open(os.environ['TRIES'], 'a') as file: file.write('x')\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return [1.0] * len(completions)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    source = tmp_path / "in.jsonl"
    rows = [{"response": f"\\boxed{{{i}}}", "gold": "7"} for i in range(40)]
    rows[23]["response"] = "poison"
    source.write_text("\n".join(map(json.dumps, rows)))
    reward = Function("poison:deadly")
    settings = RunSettings((str(source),))
    settings = RunSettings(
        settings.inputs, reward=RewardSettings("poison", reward, settings.options)
    )
    parts = tmp_path / "parts"
    division = Division(str(parts), rows=True, workers=2, shard_bytes=300)
    with pytest.raises(SourceError, match=r"ended their workers 3 times") as error:
        score_divided(settings, division)
    assert "from line 1" in str(error.value) or "from line 2" in str(error.value)
    assert "SIGKILL" in str(error.value)
    assert (tmp_path / "tries").read_text() == "xxx"
    manifest = plan_shards(settings, rows=True, shard_bytes=300)
    assert len(list(parts.glob("*.tally"))) == len(manifest.shards) - 1


def test_interrupt(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(awkward_lines(6_000))
    options = ("-o", target, "--workers", "2", "--shard-size", "32K")
    run = subprocess.Popen(
        _command(source, *options), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    parts = Path(f"{target}.parts")
    for _ in range(600):
        if len(list(parts.glob("*.tally"))) > 2:
            break
        time.sleep(0.05)
    # As a terminal does it: everybody in the group gets the signal.
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "--resume goes on" in said
    assert "Traceback" not in said, said
    assert len(list(parts.glob("*.tally"))) > 2
    again = subprocess.run(_command(source, *options, "--resume"), capture_output=True, text=True)
    assert again.returncode == 3, again.stderr
    serial = tmp_path / "serial.jsonl"
    subprocess.run(_command(source, "-o", serial), capture_output=True)
    assert target.read_bytes() == serial.read_bytes()
    assert not parts.exists()
