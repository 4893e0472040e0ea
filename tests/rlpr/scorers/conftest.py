"""A server for each test, that of the judge's tests with completions in its mouth."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "judge"))  # for `import judge_server`
sys.path.insert(0, str(Path(__file__).parent))  # for `import completions, toy_lm`

from completions import answer
from judge_server import JudgeServer, running


@pytest.fixture
def server() -> Iterator[JudgeServer]:
    with running() as one:
        one.behaviour = lambda number, body: answer(body)
        yield one
