"""``pyverify rewards`` and ``pyverify score --reward``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.rewards import (
    RECIPES,
    Repetition,
    from_dict,
    from_toml,
    load_reward,
    recipe,
    to_toml,
)
from pyverify.rewards.base import reward_kinds

ROWS = [
    {"id": 1, "response": r"\boxed{4}", "gold": "4", "tokens": 512},
    {"id": 2, "response": r"\boxed{5}", "gold": "4", "tokens": 512},
    {"id": 3, "response": "I give up.", "gold": "4", "tokens": 4},
    {"id": 4, "response": None, "gold": "4", "tokens": 0},
    {"id": 5, "response": r"\boxed{4}", "gold": "", "tokens": 9},
]


def written(tmp_path: Path, rows: list[dict[str, object]]) -> Path:
    path = tmp_path / "preds.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_all_are_listed_with_their_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rewards"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for name in RECIPES:
        assert f" {name} " in shown
        assert f"= {recipe(name).formula} " in shown
    for kind in reward_kinds():
        assert f" {kind} " in shown
    assert "min(1, tokens/target) if repetition ≤ max_repetition else 0" in shown


def test_what_is_shown_is_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    for name in RECIPES:
        assert main(["rewards", name]) == 0
        assert from_toml(capsys.readouterr().out) == recipe(name)
        assert main(["rewards", name, "--json"]) == 0
        assert from_dict(json.loads(capsys.readouterr().out)["config"]) == recipe(name)
    assert main(["rewards", "--json"]) == 0
    assert sorted(json.loads(capsys.readouterr().out)["recipes"]) == sorted(RECIPES)


def test_a_mistake_in_a_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('type = "length_bonus"\ntokens = 3\n', encoding="utf-8")
    assert main(["rewards", str(path)]) == 2
    assert "length_bonus has no 'tokens'; it has name, target" in capsys.readouterr().err
    assert main(["score", str(path), "--reward", "gold"]) == 2
    assert "neither a recipe (format_accuracy, " in capsys.readouterr().err


def test_rows_get_rewards_and_components(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = written(tmp_path, ROWS), tmp_path / "out.jsonl"
    arguments = ["score", str(path), "--reward", "graded_quality", "-o", str(out)]
    assert main([*arguments, "--map", "token_counts=tokens", "--format", "json"]) == 3
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["reward"] for row in rows] == [110.0, 0.0, -10.0, None, None]
    assert rows[0]["components"] == {"graded": 100.0, "language": 1.0, "length_bonus": 0.5}
    assert len({tuple(sorted(row)) for row in rows}) == 1
    assert rows[0]["grader"].endswith("+strict+reward=graded_quality")
    summary = json.loads(capsys.readouterr().out)["reward"]
    assert summary["mean"] == pytest.approx(100 / 3)
    assert (summary["num_rewards"], summary["abstained"]) == (3, 2)
    assert summary["components"]["graded"] == pytest.approx(30.0)


def test_token_counts_are_found_or_estimated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, [{**ROWS[0], "usage": {"completion_tokens": 1024}}])
    assert main(["score", str(path), "--reward", "graded_quality"]) == 0
    found = capsys.readouterr()
    assert "token_counts=usage.completion_tokens" in found.err
    assert "115.0000" in found.out
    path = written(tmp_path, ROWS[:1])
    assert main(["score", str(path), "--reward", "graded_quality"]) == 0
    assert "estimated" in capsys.readouterr().err


def test_columns_have_a_value_for_each_sample(tmp_path: Path) -> None:
    row = {"responses": ["a", "<think>x</think><answer>4</answer>"], "gold": "4", "p": [0.5, 0.25]}
    path, out = written(tmp_path, [row]), tmp_path / "out.jsonl"
    arguments = ["score", str(path), "--reward", "rlpr", "--map", "probability=p", "-q"]
    assert main([*arguments, "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["reward"] for row in rows] == [pytest.approx(0.45), pytest.approx(0.325)]
    assert [row["score"] for row in rows] == [0.0, 1.0]


def test_a_missing_column_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, ROWS)
    assert main(["score", str(path), "--reward", "rlpr"]) == 2
    assert "--map probability=FIELD" in capsys.readouterr().err
    assert main(["score", str(path), "--reward", "r1", "--map", "tokens=tokens"]) == 2
    assert "expected name=path" in capsys.readouterr().err


def test_options_on_the_command_line_win(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"response": r"\boxed{2\cdot 2}", "gold": "4"}]
    path, out = written(tmp_path, rows), tmp_path / "out.jsonl"
    arguments = ["score", str(path), "--reward", "math_boxed", "-q", "-o", str(out)]
    for more, wanted in (([], 0.0), (["--preset", "math"], 1.0)):
        assert main([*arguments, *more]) == 0
        row = json.loads(out.read_text(encoding="utf-8"))
        assert (row["reward"], row["score"]) == (wanted, wanted)


def test_rows_may_have_tolerances_of_their_own(tmp_path: Path) -> None:
    row = {"response": r"\boxed{4.05}", "final_answer": ["4"], "error": "1e-1"}
    path, out = written(tmp_path, [row, {**row, "error": None}]), tmp_path / "out.jsonl"
    arguments = ["score", str(path), "--reward", "format_accuracy", "--preset", "olympiadbench"]
    assert main([*arguments, "-q", "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["reward"] for row in rows] == [1.0, 0.1]
    # The same where it is the reward that names the preset.
    mine = tmp_path / "mine.toml"
    mine.write_text('type = "correctness"\npreset = "olympiadbench"\n', encoding="utf-8")
    assert main(["score", str(path), "--reward", str(mine), "-q", "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["reward"] for row in rows] == [row["score"] for row in rows] == [1.0, 0.0]


def test_two_second_opinions_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, ROWS)
    assert main(["score", str(path), "--reward", "r1", "--fallback", "sympy"]) == 2
    assert "cannot be used together" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["abc", -5, 3.5, True, [1]])
def test_a_bad_value_costs_its_row_the_reward(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: object
) -> None:
    rows = [{**ROWS[0], "tokens": 100}, {**ROWS[0], "tokens": count}]
    path, out = written(tmp_path, rows), tmp_path / "out.jsonl"
    arguments = ["score", str(path), "--reward", "graded_quality", "-o", str(out), "-q"]
    assert main([*arguments, "--map", "token_counts=tokens"]) == 3
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert found[0]["reward"] is not None
    assert found[1]["reward"] is None
    assert found[1]["score"] == 1.0
    assert "line 2: token_counts is" in capsys.readouterr().err


def test_a_function_that_fails_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_rewards.py").write_text("def bad(texts, **_):\n    raise OSError('mine')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    mine = tmp_path / "mine.toml"
    mine.write_text('type = "function"\ntarget = "my_rewards:bad"\n', encoding="utf-8")
    path = written(tmp_path, ROWS)
    assert main(["score", str(path), "--reward", str(mine)]) == 2
    assert "the reward failed: OSError: mine" in capsys.readouterr().err
    mine.write_text('type = "function"\ntarget = "my_rewards:none"\n', encoding="utf-8")
    assert main(["score", str(path), "--reward", str(mine)]) == 2
    assert "no attribute 'none'" in capsys.readouterr().err


def test_conversations_earn_what_they_earn_in_python(tmp_path: Path) -> None:
    talks = [
        [{"role": "assistant", "reasoning_content": "2+2", "content": "<answer>4</answer>"}],
        [
            {"role": "assistant", "content": "a b c d e f"},
            {"role": "tool", "content": r"\boxed{4}"},
            {"role": "assistant", "content": "a b c d e f"},
        ],
    ]
    reward = tmp_path / "mine.toml"
    reward.write_text(to_toml(recipe("r1") + Repetition(2)), encoding="utf-8")
    path = written(tmp_path, [{"response": talk, "gold": "4"} for talk in talks])
    out = tmp_path / "out.jsonl"
    assert main(["score", str(path), "--reward", str(reward), "-q", "-o", str(out)]) == 0
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["reward"] for row in found] == load_reward(reward)(talks, gold="4")
    begin, end = found[0]["span"]
    assert "<answer>4</answer>"[begin:end] == "4"


def test_an_option_changes_the_judgement_of_the_reward(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"response": r"#### 2 \cdot 2", "gold": "4"}]
    path, out = written(tmp_path, rows), tmp_path / "out.jsonl"
    arguments = ["score", str(path), "--reward", "gsm8k_strict", "-q", "-o", str(out)]
    assert main([*arguments, "--option", "units=required"]) == 0
    row = json.loads(out.read_text(encoding="utf-8"))
    assert row["reward"] == 0.0
    assert "+gsm8k+" in row["grader"]
    assert "require_evaluated" in row["grader"]
    assert "units=required" in row["grader"]
