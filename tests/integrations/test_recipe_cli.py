"""pyverify recipe: what it lists, shows and writes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.integrations.recipes import RECIPES, recipe_text


def test_the_list_says_who_cannot_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipe", "list"]) == 0
    told = capsys.readouterr().out
    table = {line.split()[0]: line.split()[1:] for line in told.split("\n\n")[0].splitlines()[1:]}
    assert [*table] == [*RECIPES]
    assert table["ppo_critic"] == ["yes", "–", "yes*"]
    assert table["grpo"] == ["yes", "yes", "yes"]
    assert "ppo_critic, trl: TRL 1.16 has no trainer with a critic" in told
    assert "ppo_critic, openrlhf: no reset of the critic within a run" in told


def test_show_prints_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipe", "show", "gspo", "--trainer", "verl"]) == 0
    assert capsys.readouterr().out == recipe_text("gspo", "verl")


def test_write_fills_in_the_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = ["--model", "/m", "--critic", "/c", "--train", "a.parquet", "b.parquet"]
    command = ["recipe", "write", "ppo_critic", "--trainer", "verl", *paths]
    assert main(command) == 0
    assert "python ppo_critic_verl.py --smoke" in capsys.readouterr().out
    text = (tmp_path / "ppo_critic_verl.py").read_text(encoding="utf-8")
    found = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.List))
        if isinstance(node.targets[0], ast.Name)
    }
    assert found["MODEL"] == "/m"
    assert found["CRITIC"] == "/c"
    assert found["TRAIN"] == ["a.parquet", "b.parquet"]
    assert found["VAL"] == ["data/gsm8k/test.parquet"]


def test_write_overwrites_only_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine.py"
    target.write_text("mine")
    command = ["recipe", "write", "grpo", "--trainer", "trl", "-o", str(target)]
    assert main(command) == 2
    assert "--force overwrites it" in capsys.readouterr().err
    assert target.read_text() == "mine"
    assert main([*command, "--force"]) == 0
    assert target.read_text(encoding="utf-8") == recipe_text("grpo", "trl")
    assert (
        main(["recipe", "write", "grpo", "--trainer", "trl", "-o", str(tmp_path / "no" / "x")]) == 2
    )
    assert "cannot write" in capsys.readouterr().err


def test_write_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipe", "write", "rlpr", "--trainer", "openrlhf", "-o", "-"]) == 0
    assert capsys.readouterr().out == recipe_text("rlpr", "openrlhf")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["show", "ppo_critic", "--trainer", "trl"], "no trainer with a critic"),
        (["show", "ppo", "--trainer", "trl"], "no recipe is called 'ppo'"),
        (["write", "grpo", "--trainer", "slime"], "no recipes for 'slime'"),
        (["write", "grpo", "--trainer", "trl", "--critic", "x"], "the script has no CRITIC"),
    ],
)
def test_mistakes_are_answered(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recipe", *words]) == 2
    assert problem in capsys.readouterr().err
