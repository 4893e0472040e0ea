"""`pyverify doctor --trl` without TRL: the table, rewards by dotted names, values."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyverify.integrations.doctor import Finding, Level, check_trl

REWARDS = """\
def good(prompts, completions, answer=None, **kwargs):
    return [1.0 for _ in completions]


def columns(completions, answer, *, level, **kwargs):
    return [1.0 for _ in completions]


def same(completions, **kwargs):
    return [0.0 for _ in completions]


same.__name__ = "good"


def narrow(completions, answer):
    return [1.0 for _ in completions]


class Reward:
    def __call__(self, completions, **kwargs):
        return [1.0 for _ in completions]


reward = Reward()
"""
GOOD = ["--reward_funcs", "doctors_rewards.good", "doctors_rewards.reward"]


@pytest.fixture(autouse=True)
def _beside_rewards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "doctors_rewards.py").write_text(REWARDS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules[check_trl.__module__], "_known_options", lambda: None)
    yield
    sys.modules.pop("doctors_rewards", None)


def found(words: list[str], key: str) -> Finding:
    (one,) = [one for one in check_trl(words).findings if one.key == key]
    return one


def test_a_good_command_is_left_alone() -> None:
    rewards = [*GOOD, "doctors_rewards.columns", "think_format_reward"]
    examined = check_trl(["trl", "grpo", *rewards, "--epsilon_high=0.28", "--num_generations=4"])
    assert examined.findings == []
    assert "TRL isn't installed here" in examined.against


def test_there_must_be_a_reward_unless_a_file_may_have_it() -> None:
    assert found(["--beta", "0"], "--reward_funcs").level is Level.ERROR
    assert check_trl(["--config", "grpo.yaml"]).findings == []


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("good", "neither a reward of TRL's nor a dotted path"),
        ("./rewards.py", "neither a reward of TRL's nor a dotted path"),
        ("doctors_rewards.gone", "has no gone; it has"),
        ("no_module_of_this_name.reward", "ModuleNotFoundError"),
        ("doctors_rewards.narrow", "unexpected keyword argument 'prompts'"),
        ("doctors_rewards.Reward", "is a class"),
    ],
)
def test_a_reward_that_trl_cant_take(name: str, what: str) -> None:
    one = found(["--reward_funcs", name], "--reward_funcs")
    assert one.level is Level.ERROR
    assert what in one.what


def test_two_rewards_of_one_name_share_their_metrics() -> None:
    one = found(
        ["--reward_funcs", "doctors_rewards.good", "doctors_rewards.same"], "--reward_funcs"
    )
    assert one.level is Level.WARNING


@pytest.mark.parametrize(
    ("words", "key", "level"),
    [
        (["--clip_ratio_high", "0.28"], "--clip_ratio_high", Level.ERROR),
        (["--num_generations", "1"], "--num_generations", Level.ERROR),
        (["--num_generations", "3"], "--num_generations", Level.NOTE),
        (["--loss_type", "gspo"], "--loss_type", Level.ERROR),
        (["--epsilon_high", "1.28"], "--epsilon_high", Level.WARNING),
        (["--epsilon_high", "0.1"], "--epsilon_high", Level.WARNING),
        (
            ["--generation_batch_size", "8", "--steps_per_generation", "1"],
            "--generation_batch_size",
            Level.ERROR,
        ),
    ],
)
def test_a_value_that_isnt_meant(words: list[str], key: str, level: Level) -> None:
    assert found([*GOOD, *words], key).level is level
