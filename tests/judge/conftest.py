"""A server for each test, judges that are closed afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import judge_server`

from judge_server import JudgeServer, running

from pyverify.judge import Judge, JudgeModel

MakeJudge = Callable[..., Judge]


@pytest.fixture
def server() -> Iterator[JudgeServer]:
    with running() as one:
        yield one


@pytest.fixture
def make_judge(server: JudgeServer) -> Iterator[MakeJudge]:
    """Builds judges for the server, quick to give up; closes them in the end."""
    made: list[Judge] = []

    def make(*models: JudgeModel, **settings: object) -> Judge:
        chosen = models or (JudgeModel("m", base_url=server.url, api_key_env=""),)
        quick: dict[str, object] = {"backoff": 0.01, "timeout": 10.0}
        judge = Judge(chosen, **{**quick, **settings})  # type: ignore[arg-type]
        made.append(judge)
        return judge

    yield make
    for judge in made:
        judge.close()
