"""What is shipped with rewards: files to point at, the page, lines for trainers."""

from __future__ import annotations

import doctest
import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pyverify.rewards import (
    RECIPES,
    Reward,
    approximate_tokens,
    from_toml,
    recipe,
)

FOUR = r"\boxed{4}"
BOTH = f"So {FOUR}.\n#### 4"


def pointed(file: Path) -> ModuleType:
    """A file as trainers load it: by its path, under a name that nobody can import."""
    spec = importlib.util.spec_from_file_location(f"pointed_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def called_by_trainers(module: ModuleType) -> None:
    """The signatures of the three trainers, on an answer that is right and a gold that is none."""
    extra = {"index": 3, "token_counts": 2}
    best = module.reward(BOTH, gold="4", token_counts=2)
    right, none = (module.compute_score("set", BOTH, gold, extra) for gold in ("4", None))
    assert right["score"] == best
    assert right["acc"] == 1.0
    assert right["pred"] == "4"
    assert list(none) == list(right)
    assert none["abstained"] == 1.0
    talks = [[{"role": "assistant", "content": BOTH}]] * 2
    columns = {"completion_ids": [[1, 2]] * 2, "trainer_state": object(), "answer": ["4", None]}
    assert module.trl_reward(prompts=["1+3?"] * 2, completions=talks, **columns) == [best, None]


def test_point_at_files_are_the_recipes(repository: Path) -> None:
    files = sorted((repository / "rewards").glob("*.py"))
    assert [file.stem for file in files] == sorted(RECIPES)
    for file in files:
        module = pointed(file)
        assert module.reward == recipe(file.stem)
        for name in {"reward", "compute_score", "reward_func", "trl_reward"} & set(vars(module)):
            # What stands in such a file reaches other processes by the package's own names.
            value = getattr(module, name)
            assert type(value).__module__.startswith("pyverify.")
            assert type(pickle.loads(pickle.dumps(value))) is type(value)
        assert hasattr(module, "reward_func") == (not module.reward.needs)
        if file.stem == "rlpr":
            assert not hasattr(module, "trl_reward")
        elif file.stem != "choice":
            assert module.trl_reward.__name__ == file.stem
            called_by_trainers(module)


def test_the_file_to_copy_in_the_readme(repository: Path, tmp_path: Path) -> None:
    text = (repository / "rewards" / "README.md").read_text(encoding="utf-8")
    mine = tmp_path / "mine.py"
    mine.write_text(text.split("```python\n")[1].split("```")[0], encoding="utf-8")
    module = pointed(mine)
    called_by_trainers(module)
    assert module.trl_reward.__name__ == "mine"
    assert hasattr(module, "reward_func")


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
