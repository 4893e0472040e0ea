"""`pyverify doctor --trl` held against TRL's own parser."""

from __future__ import annotations

import importlib.util
import re
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    # TRL imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("trl", reason="TRL is not installed")
    pytest.importorskip("accelerate", reason="accelerate is not installed")

from pyverify.integrations.doctor import Level, check_trl
from pyverify.integrations.doctor.check_trl import _CHOICES, _OLD, _OWN, _known_options

pytestmark = pytest.mark.filterwarnings("ignore")

REWARD = ["--reward_funcs", "accuracy_reward"]


def test_options_of_trl_and_of_its_launcher_are_known() -> None:
    words = ["--num_generations", "8", "--epsilon_high", "0.28", "--num_processes", "2", "--beta=0"]
    examined = check_trl([*REWARD, *words])
    assert examined.findings == []
    assert examined.against.startswith("the parser of TRL 1.")


def test_an_unknown_option_has_the_nearest() -> None:
    (one,) = check_trl([*REWARD, "--num_generation_s", "8"]).findings
    assert (one.level, one.key) == (Level.ERROR, "--num_generation_s")
    assert "--num_generations" in one.instead


def test_the_table_names_what_is_there_and_nothing_that_is() -> None:
    known = _known_options()
    assert known is not None
    assert not {f"--{name}" for name in _OLD} & set(known)
    assert {name for name in _OLD.values() if name.startswith("--")} <= set(known)
    import trl.rewards

    assert all(hasattr(trl.rewards, name) for name in _OWN)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--num_generations", "eight"], "invalid int value: 'eight'"),
        (["--lr_scheduler_type", "flat"], "invalid choice: 'flat'"),
        (["--num_generations"], "expected one argument"),
        (["--loss_type", "gspo"], "TRL has no 'gspo'"),
        (["--scale_rewards", "False"], "TRL has no 'False'"),
    ],
)
def test_a_value_that_trl_refuses(words: list[str], what: str) -> None:
    (one,) = check_trl([*REWARD, *words]).findings
    assert (one.level, one.key) == (Level.ERROR, words[0])
    assert what in one.what


def test_the_trainer_knows_these_choices_and_no_others() -> None:
    spec = importlib.util.find_spec("trl.trainer.grpo_trainer")
    assert spec is not None
    source = Path(str(spec.origin)).read_text(encoding="utf-8")
    for option, choices in _CHOICES.items():
        asked = re.findall(rf"self\.{option[2:]} (?:==|!=|in) (\[.*?\]|\".*?\")", source)
        assert {one for text in asked for one in re.findall(r'"(\w+)"', text)} == set(choices)
