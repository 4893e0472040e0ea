"""Runs in parts on a real Ray: same bytes, kills, a cluster that is there already, poison."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray.exceptions", reason="the package ray is not installed")

_SHARDS = Path(__file__).resolve().parents[1] / "shards"
sys.path.insert(0, str(_SHARDS))

from awkward import awkward_lines  # noqa: E402  # beside the tests of runs in parts

RAY = ("--engine", "ray", "--workers", "2", "--shard-size", "40K")


def score(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder."""
    command = [sys.executable, "-m", "pyverify.cli", "score", *map(str, arguments)]
    return subprocess.run(
        [*command, "--format", "json"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with an input and the rows of an undivided run, and its summary."""
    folder = tmp_path_factory.mktemp("ray")
    (folder / "in.jsonl").write_bytes(awkward_lines(900))
    return folder, score(folder, "in.jsonl", "-o", "serial.jsonl").stdout


@pytest.fixture
def cluster() -> Iterator[dict[str, str]]:
    """A Ray that somebody else has started, and guards by a token; the environment for it."""
    environment = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0123456789abcdef" * 4}
    ray = str(Path(sys.executable).with_name("ray"))
    options = ("--port=6399", "--num-cpus=2", "--include-dashboard=false", "--block")
    head = subprocess.Popen(
        [ray, "start", "--head", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
        start_new_session=True,
    )
    try:
        for _ in range(60):
            if _answers(6399) or head.poll() is not None:
                break
            time.sleep(0.5)
        yield environment | {"RAY_ADDRESS": "127.0.0.1:6399"}
    finally:
        os.killpg(head.pid, signal.SIGTERM)
        head.wait(timeout=60)


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_same_bytes_by_relative_names(serial: tuple[Path, str]) -> None:
    folder, summary = serial
    done = score(folder, "in.jsonl", "-o", "own.jsonl", *RAY)
    assert done.returncode == 3, done.stderr
    assert done.stdout == summary
    assert (folder / "own.jsonl").read_bytes() == (folder / "serial.jsonl").read_bytes()


def test_a_cluster_that_is_there(serial: tuple[Path, str], cluster: dict[str, str]) -> None:
    folder, summary = serial
    for name in ("first", "second"):
        done = score(folder, "in.jsonl", "-o", f"{name}/", *RAY, **cluster)
        assert done.returncode == 3, done.stderr
        assert done.stdout == summary
        rows = b"".join(part.read_bytes() for part in sorted((folder / name).glob("*.jsonl")))
        assert rows == (folder / "serial.jsonl").read_bytes()


def test_kills(tmp_path: Path) -> None:
    loop = [sys.executable, _SHARDS / "kill_loop.py", "--engine", "ray", "--times", "2"]
    done = subprocess.run(loop, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": same") == 2


def test_poison(tmp_path: Path) -> None:
    (tmp_path / "poison.py").write_text(
        "import os, signal\n"
        "def deadly(completions, **columns):\n"
        "    if any('poison' in text for text in completions):\n"
        "        with open('tries', 'a') as file: file.write('x')\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return [1.0] * len(completions)\n"
    )
    (tmp_path / "reward.json").write_text('{"type": "function", "target": "poison:deadly"}')
    rows = [{"response": f"\\boxed{{{i}}}", "gold": "7"} for i in range(40)]
    rows[23]["response"] = "poison"
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = ("--engine", "ray", "--workers", "2", "--shard-size", "300")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = score(
        tmp_path, "in.jsonl", "-o", "out/", "--reward", "reward.json", *options, PYTHONPATH=path
    )
    assert done.returncode == 2, done.stderr
    assert "1 of the parts ended their workers 3 times" in done.stderr
    assert (tmp_path / "tries").read_text() == "xxx"
    shards = json.loads((tmp_path / "out" / "manifest.json").read_text())["shards"]
    assert len(list((tmp_path / "out").glob("*.tally"))) == len(shards) - 1


_STUCK = """
from pyverify.evaluate import RunSettings
from pyverify.evaluate.shards import Division, score_divided


def arrive():
    raise FileNotFoundError("nothing of that name on this node")


class Stuck(str):
    def __reduce__(self):
        return arrive, ()


division = Division("out", engine="ray", workers=2, shard_bytes=40_000)
score_divided(RunSettings(("in.jsonl",), dataset=Stuck("x")), division)
"""


def test_what_no_node_can_do(serial: tuple[Path, str]) -> None:
    # The task fails before it begins: not the worker's end, and no better the next time.
    done = subprocess.run(
        [sys.executable, "-c", _STUCK],
        cwd=serial[0],
        capture_output=True,
        text=True,
        timeout=100,
    )
    said = done.stderr.splitlines()[-1]
    assert "SourceError: Ray cannot run a part of this: " in said, done.stderr
    assert "nothing of that name on this node" in said
    assert done.stderr.count("nothing of that name") == 1
