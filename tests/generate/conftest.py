"""A server for each test, problems of our own, and the command in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "judge"))  # for `import judge_server`
sys.path.insert(0, str(Path(__file__).parent))  # for `import sums`

from judge_server import JudgeServer, running
from sums import Done, Run, right


@pytest.fixture
def server() -> Iterator[JudgeServer]:
    with running() as one:
        one.behaviour = right
        yield one


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve sums that stand for the problems of aime24."""
    path = tmp_path / "aime24.jsonl"
    rows = [
        {"id": f"sum-{i}", "problem": f"What is {i} + {i + 1}?", "answer": str(2 * i + 1)}
        for i in range(12)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def command(server: JudgeServer, data: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """The command line of an evaluation; further arguments come behind."""

    def line(*more: str) -> list[str]:
        return [
            *(sys.executable, "-m", "pyverify.cli", "eval", "--model", server.url),
            *("--task", "aime24", "--data", str(data), "--any-size"),
            *("-o", str(tmp_path / "run"), *more),
        ]

    return line


@pytest.fixture
def run(command: Callable[..., list[str]]) -> Run:
    """Runs it to its end."""

    def call(*more: str, env: dict[str, str] | None = None) -> Done:
        done = subprocess.run(
            command(*more),
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **(env or {})},
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"
