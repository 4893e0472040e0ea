"""``pyverify score --task``: each benchmark's golds as responses, through the whole command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.tasks import TASKS, load_problems


@pytest.mark.parametrize("name", TASKS)
def test_golds_as_responses(
    development_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = development_data / "bench"
    problems = load_problems(TASKS[name], str(folder))
    assert len(problems) == TASKS[name].size
    path = tmp_path / "responses.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for problem in reversed(problems):
            parts = problem.gold if isinstance(problem.gold, list) else [problem.gold]
            boxes = " and ".join(f"$\\boxed{{{part}}}$" for part in parts)
            responses = [f"Thus {boxes}.", ""]
            file.write(json.dumps({"question": problem.problem, "responses": responses}) + "\n")
    arguments = ["score", str(path), "-q", "--task", name, "--data", str(folder)]
    assert main([*arguments, "--format", "json", "--fail-under", "pass@2=1,avg@2=0.5"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["num_prompts"] == summary["task"]["problems"] == TASKS[name].size
    assert summary["task"]["missing"] == summary["task"]["extra_rows"] == 0
    assert summary["empty_samples"] == TASKS[name].size
