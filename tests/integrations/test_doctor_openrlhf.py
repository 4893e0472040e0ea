"""`pyverify doctor --openrlhf` without OpenRLHF: the table, the reward's file, values."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pyverify.integrations.doctor import Finding, Level, check_openrlhf

GROUP = ["--algo.advantage.estimator", "group_norm", "--rollout.n_samples_per_prompt", "8"]
NO_KL = ["--algo.kl.init_coef", "0"]
LABEL = ["--data.label_key", "answer"]


@pytest.fixture(autouse=True)
def _without_openrlhf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[check_openrlhf.__module__], "real_parser", lambda: None)


@pytest.fixture
def good(tmp_path: Path) -> list[str]:
    """A command without fault."""
    file = tmp_path / "reward.py"
    file.write_text(
        "def reward_func(queries, prompts, labels):\n    return {'rewards': 1.0}\n",
        encoding="utf-8",
    )
    return ["--reward.remote_url", str(file), *LABEL, *GROUP, *NO_KL]


def found(words: list[str], key: str) -> Finding:
    (one,) = [one for one in check_openrlhf(words).findings if one.key == key]
    return one


def test_a_good_command_is_left_alone(good: list[str]) -> None:
    examined = check_openrlhf(["python", "-m", "openrlhf.cli.train_ppo_ray", *good])
    assert examined.findings == []
    assert "isn't installed here" in examined.against


def test_an_old_option_is_an_error_with_the_new_one(good: list[str]) -> None:
    one = found([*good, "--remote_rm_url", "x"], "--remote_rm_url")
    assert (one.level, one.instead) == (Level.ERROR, "--reward.remote_url")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("def reward(queries):\n    return 1.0\n", "has no reward_func; it has reward"),
        ("async def reward_func(queries, prompts, labels):\n    return {}\n", "async"),
        ("def reward_func(queries, labels):\n    return {}\n", "too many positional arguments"),
    ],
)
def test_a_file_that_openrlhf_cant_take(
    good: list[str], tmp_path: Path, text: str, what: str
) -> None:
    (tmp_path / "reward.py").write_text(text, encoding="utf-8")
    one = found(good, "--reward.remote_url")
    assert one.level is Level.ERROR
    assert what in one.what


def test_a_file_stands_first(good: list[str]) -> None:
    words = [*good[2:], "--reward.remote_url", "http://host/get_reward,reward.py"]
    assert "stands first" in found(words, "--reward.remote_url").what


def test_without_a_label_nothing_is_right(good: list[str]) -> None:
    words = [word for word in good if word not in LABEL]
    assert found(words, "--data.label_key").level is Level.ERROR


def test_an_agent_makes_the_rewards(good: list[str], tmp_path: Path) -> None:
    agent = tmp_path / "agent.py"
    key = "--train.agent_func_path"
    assert found([*good, key, str(agent)], key).level is Level.ERROR
    agent.write_text("class Other:\n    pass\n", encoding="utf-8")
    assert found([*good, key, str(agent)], key).level is Level.NOTE
    agent.write_text("class AgentExecutor:\n    pass\n", encoding="utf-8")
    assert found([*good, key, str(agent)], "--reward.remote_url").level is Level.WARNING


@pytest.mark.parametrize(
    ("words", "key", "level"),
    [
        (["--critic.adam.lr", "1e-5"], "--critic.adam.lr", Level.WARNING),
        (
            ["--actor.eps_clip", "0.2", "--actor.eps_clip_low_high", "0.2", "0.28"],
            "--actor.eps_clip",
            Level.WARNING,
        ),
        (
            ["--algo.dynamic_filtering_range", "0", "1"],
            "--algo.dynamic_filtering_range",
            Level.WARNING,
        ),
    ],
)
def test_a_value_that_does_nothing(
    good: list[str], words: list[str], key: str, level: Level
) -> None:
    assert found([*good, *words], key).level is level


def test_one_response_has_no_group(good: list[str]) -> None:
    words = [word for word in good if word not in GROUP[2:]]
    assert found(words, "--rollout.n_samples_per_prompt").level is Level.ERROR


def test_defaults_that_surprise_are_noted(good: list[str]) -> None:
    words = [word for word in good if word not in (*GROUP, *NO_KL)]
    levels = {one.key: one.level for one in check_openrlhf(words).findings}
    assert levels == {
        "--critic.model_name_or_path": Level.NOTE,
        "--algo.kl.init_coef": Level.NOTE,
    }
