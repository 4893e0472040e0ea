"""What a recipe's command line says, and what is looked at before a run."""

from __future__ import annotations

import argparse
import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyverify.integrations.recipes.checks import check_rows
from pyverify.integrations.recipes.command_line import Paths, RecipeError, read_command_line
from pyverify.integrations.recipes.launch_openrlhf import arguments, reward_file, rlpr_file
from pyverify.integrations.recipes.launch_trl import Rollout
from pyverify.integrations.recipes.rows import gold_of, messages_of
from pyverify.integrations.recipes.smoke_verl import smoke

PATHS = Paths("model", ["train.jsonl"], ["val.jsonl"], "runs/x")


def test_the_scripts_constants_are_the_defaults() -> None:
    chosen = read_command_line("about", PATHS, [])
    assert (chosen.paths.model, chosen.paths.train) == ("model", ("train.jsonl",))
    assert (chosen.smoke, chosen.show, chosen.extra) == (False, False, ())


def test_words_for_the_trainer_are_left_for_it(tmp_path: Path) -> None:
    odd = tmp_path / "a=b.jsonl"
    odd.touch()
    words = ["--train", "a", str(odd), "trainer.total_epochs=3", "--lr", "1", "--print"]
    chosen = read_command_line("about", PATHS, words)
    assert chosen.paths.train == ("a", str(odd))
    assert chosen.extra == ("--lr", "1", "trainer.total_epochs=3")
    assert chosen.show


def test_an_abbreviation_is_a_word_for_the_trainer() -> None:
    assert read_command_line("about", PATHS, ["--mod", "x"]).extra == ("--mod", "x")


def test_a_critic_only_where_there_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    with_critic = Paths("m", ["t"], ["v"], "o", "c")
    assert read_command_line("about", with_critic, ["--critic", "d"]).paths.critic == "d"
    assert read_command_line("about", PATHS, ["--critic", "d"]).extra == ("--critic", "d")


def rows(path: Path, *given: dict[str, object]) -> str:
    path.write_text("".join(json.dumps(one) + "\n" for one in given))
    return str(path)


def test_data_that_can_be_trained_on(tmp_path: Path) -> None:
    good = {"prompt": "1+1?", "reward_model": {"ground_truth": "2"}}
    bad = {"prompt": "x?", "reward_model": {"ground_truth": ""}}
    name = rows(tmp_path / "t.jsonl", good, good, bad)
    (told,) = check_rows([name], ("prompt|input",), "answer|reward_model.ground_truth")
    assert told.startswith(f"{name}: 3 rows, 1 golds that can't be used")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"prompt": "1+1?"}, "row 1: no answer; it has prompt"),
        ({"answer": "2", "text": "x"}, "row 1: no prompt or input; it has answer, text"),
        ({"prompt": "1+1?", "answer": None}, r"1 of 1 golds can't be used"),
        ({"prompt": "1+1?", "answer": r"\frac{"}, r"1 of 1 golds can't be used"),
    ],
)
def test_data_that_cannot(given: dict[str, object], problem: str, tmp_path: Path) -> None:
    name = rows(tmp_path / "t.jsonl", given)
    with pytest.raises(RecipeError, match=problem):
        check_rows([name], ("prompt|input",), "answer")


def test_without_a_verifier_any_text_is_a_gold(tmp_path: Path) -> None:
    name = rows(tmp_path / "t.jsonl", {"prompt": "?", "answer": r"\frac{"})
    assert check_rows([name], ("prompt",), "answer", verified=False) == [f"{name}: 1 rows"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="--smoke needs no files"):
        check_rows([str(tmp_path / "none.jsonl")], ("prompt",), "answer")


def test_a_prompt_is_complete_and_a_problem_is_not() -> None:
    turns = [{"role": "user", "content": "x"}]
    assert messages_of({"prompt": turns}, "Think.") == turns
    assert messages_of({"prompt": "x"}, "Think.") == "x"
    assert messages_of({"input": "x"}) == turns
    system, user = messages_of({"problem": "x"}, "Think.")
    assert (system, user) == ({"role": "system", "content": "Think."}, turns[0])
    (both,) = messages_of({"problem": "x"}, "Think.", system=False)
    assert both == {"role": "user", "content": "Think.\n\nx"}
    assert gold_of({"reward_model": {"ground_truth": "2"}}) == "2"
    with pytest.raises(RecipeError, match="no prompt or input or problem or question; it has a"):
        messages_of({"a": 1})


def test_a_rollout_has_whole_groups_in_each_process() -> None:
    rollout = Rollout(prompts=264, responses=6, updates=3, rows=4)
    found = rollout.settings(4)
    assert found["steps_per_generation"] == 99
    assert found["gradient_accumulation_steps"] == 33
    with pytest.raises(RecipeError, match="5 processes"):
        rollout.settings(5)
    with pytest.raises(RecipeError, match="8 processes with --rows 4"):
        rollout.settings(8)


def test_switches_lists_and_what_is_not_given() -> None:
    hook = reward_file(PATHS, "format_accuracy")
    settings = {"a.switch": True, "b.off": False, "c.none": None, "d.pair": (0.2, 0.28), "e": 3}
    words = arguments(PATHS, settings, hook, ["--f", "x"])
    assert words[-8:] == ["--a.switch", "--d.pair", "0.2", "0.28", "--e", "3", "--f", "x"]
    assert words[words.index("--reward.remote_url") + 1] == str(Path("runs/x/reward.py").resolve())


def test_a_reward_that_counts_tokens_becomes_an_agent() -> None:
    assert reward_file(PATHS, "correctness").option == "reward.remote_url"
    hook = reward_file(PATHS, "dapo")
    assert (hook.option, hook.path.name) == ("train.agent_func_path", "reward_agent.py")
    assert "os.environ['PYVERIFY_REWARD'] = 'dapo'" in hook.text
    compile(hook.text, "reward_agent.py", "exec")
    assert not rlpr_file(PATHS, {"A": "b"}).verified
    with pytest.raises(RecipeError, match="correctnes"):
        reward_file(PATHS, "correctnes")


def test_own_options_are_read() -> None:
    def own(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=4)

    assert read_command_line("about", PATHS, ["--rows", "2"], own).options.rows == 2


@pytest.mark.parametrize("absent", ["verl", "hydra"])
def test_without_verl_a_smoke_run_makes_nothing(
    absent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = SimpleNamespace(origin=str(tmp_path / "verl" / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else here)
    paths = replace(PATHS, output=str(tmp_path / "run"))
    chosen = read_command_line("about", paths, ["--smoke"])
    with pytest.raises(RecipeError, match="verl isn't installed"):
        smoke(chosen, {}, reward="correctness", command=[])
    assert not (tmp_path / "run").exists()
