"""Inputs that are hard to divide, and runs of the command to compare."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyverify.cli import main

# Also found by the programs that the tests start.
sys.path.insert(0, str(Path(__file__).parent))

from awkward import awkward_lines


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    """A file of some hundred rows."""
    path = tmp_path / "in.jsonl"
    path.write_bytes(awkward_lines(600))
    return path


@pytest.fixture
def score(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict, str]]:
    """Runs the command; its exit code, its summary and what it said."""

    def run(*arguments: object) -> tuple[int, dict, str]:
        code = main(["score", *map(str, arguments), "--format", "json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else {}, said.err

    return run
