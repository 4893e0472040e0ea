"""What is shipped with rewards: files to point at, the page, lines for trainers."""

from __future__ import annotations

import doctest
import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from pyverify.rewards import (
    RECIPES,
    Reward,
    approximate_tokens,
    from_toml,
    recipe,
)

FOUR = r"\boxed{4}"


def test_point_at_files_are_the_recipes(repository: Path) -> None:
    files = sorted((repository / "rewards").glob("*.py"))
    assert [file.stem for file in files] == sorted(RECIPES)
    for file in files:
        spec = importlib.util.spec_from_file_location(f"pointed_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert module.reward == recipe(file.stem)
        assert type(module.reward).__module__.startswith("pyverify.")


def test_lines_for_trainers_in_the_readme(repository: Path) -> None:
    text = (repository / "rewards" / "README.md").read_text(encoding="utf-8")
    names: dict[str, object] = {"reward": recipe("format_accuracy")}
    exec(text.split("```python\n")[3].split("```")[0], names)  # the block of trainers
    compute_score, trl_reward = names["compute_score"], names["trl_reward"]
    assert callable(compute_score)
    assert callable(trl_reward)
    found = compute_score("gsm8k", FOUR, "4", {"index": 3})
    assert found == {"score": 1.0, "format": 1.0, "correctness": 1.0}
    assert compute_score("gsm8k", FOUR, None) == {"score": 0.0, "format": 1.0, "correctness": 0.0}
    talks = [[{"role": "assistant", "content": FOUR}]] * 2
    columns = {"completion_ids": [[1], [2, 3]], "trainer_state": object(), "log_metric": print}
    assert trl_reward(["1+3?"] * 2, talks, answer=["4", "#### 5"], **columns) == [1.0, 0.1]


def test_other_processes_get_equal_rewards() -> None:
    code = (
        "import pickle, sys; reward = pickle.loads(sys.stdin.buffer.read());"
        r"print(reward(r'\boxed{4}', gold='4', token_counts=3), hash(reward) == hash(reward))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(recipe("dapo")),
        capture_output=True,
        check=True,
        cwd="/",
    )
    assert done.stdout.split() == [b"1.0", b"True"]


def test_the_page_is_right(repository: Path) -> None:
    page = repository / "docs" / "rewards.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 40
    assert failed == 0
    text = page.read_text(encoding="utf-8")
    for name in RECIPES:
        assert f"| `{name}` |" in text
    toml = text.split("```toml\n")[1].split("```")[0]
    assert isinstance(from_toml(toml), Reward)


def test_token_estimates() -> None:
    assert approximate_tokens([]) == []
    few, many = approximate_tokens(["We add 2 and 3.", "We add 2 and 3. " * 10])
    assert 4 <= few <= 9
    assert many == pytest.approx(10 * few, abs=10)
