"""pyverify.integrations.trl in real runs of TRL's trainers, of a small model on a CPU."""

from __future__ import annotations

import copy
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="trl is not installed")

import pyarrow.parquet
import torch
from trl import GRPOConfig, GRPOTrainer, RLOOConfig, RLOOTrainer

from pyverify import verify
from pyverify.integrations import trl
from pyverify.integrations.recipes.launch_trl import SMOKE, SMOKE_ROLLOUT
from pyverify.integrations.recipes.tiny import make_model, make_tokenizer, sums
from pyverify.rewards import Function, recipe

# TRL's own use of transformers' and torch's older names.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

TOKENIZER = make_tokenizer()


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    return make_model(TOKENIZER)


def settings(folder: Path, **changes: object) -> dict[str, object]:
    return {
        **SMOKE,
        **SMOKE_ROLLOUT.settings(),
        "output_dir": str(folder),
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "max_steps": 2,
        "seed": 7,
        **changes,
    }


def made(model: torch.nn.Module, folder: Path, functions: list, **changes: object) -> GRPOTrainer:
    return GRPOTrainer(
        model=copy.deepcopy(model),
        reward_funcs=functions,
        args=GRPOConfig(**settings(folder, **changes)),
        train_dataset=sums(16),
        processing_class=TOKENIZER,
    )


def steps(trainer: GRPOTrainer) -> list[dict[str, float]]:
    return [one for one in trainer.state.log_history if "reward" in one]


def table(folder: Path) -> list[dict[str, object]]:
    """What TRL writes of every completion."""
    files = sorted((folder / "completions").glob("*.parquet"))
    return [row for file in files for row in pyarrow.parquet.read_table(file).to_pylist()]


@pytest.fixture(scope="module")
def run(model: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> GRPOTrainer:
    """Two functions, one of them awaited in TRL's own event loop."""
    judge = trl.reward("correctness", name="judge", asynchronous=True)
    folder = tmp_path_factory.mktemp("run")
    trainer = made(model, folder, [trl.r1, judge], max_steps=6, log_completions=True)
    trainer.train()
    return trainer


def test_rewards_are_those_of_the_texts(run: GRPOTrainer) -> None:
    rows = table(Path(run.args.output_dir))
    assert len(rows) >= 3 * 16
    texts = [row["completion"][0]["content"] for row in rows]
    golds = [str(sum(map(int, row["prompt"][0]["content"][:3].split("+")))) for row in rows]
    assert [row["r1"] for row in rows] == recipe("r1")(texts, golds=golds)
    right = [float(bool(verify(text, gold=gold))) for text, gold in zip(texts, golds, strict=True)]
    assert [row["judge"] for row in rows] == right
    assert {0.0, 1.0} <= set(right)


def test_texts_stand_in_the_table(run: GRPOTrainer) -> None:
    rows = table(Path(run.args.output_dir))
    for row in rows:
        assert row["r1/gold"] == str(sum(map(int, row["prompt"][0]["content"][:3].split("+"))))
        assert row["r1/pred"] == row["judge/pred"]
        assert isinstance(row["r1/reason"], str)
        if row["judge"] == 1.0:
            assert row["r1/pred"] == row["r1/gold"]


def test_components_are_logged(run: GRPOTrainer) -> None:
    logged = steps(run)
    assert len(logged) == 3
    for one in logged:
        # TRL's own mean of the function is that of the components.
        parts = one["r1/correctness"] + one["r1/format"]
        assert one["rewards/r1/mean"] == pytest.approx(parts, abs=1e-6)
        assert one["rewards/judge/mean"] == pytest.approx(one["judge/acc"], abs=1e-6)
        assert one["r1/acc"] == one["r1/correctness"]
        assert one["r1/abstained"] == one["r1/error"] == one["judge/limit"] == 0
        assert 0 <= one["r1/no_answer"] < 1
        assert math.isfinite(one["grad_norm"])
    assert {one["r1/acc"] for one in logged} - {0.0, 1.0}


def test_rloo(model: torch.nn.Module, tmp_path: Path) -> None:
    given = settings(tmp_path, beta=0.0)
    trainer = RLOOTrainer(
        model=copy.deepcopy(model),
        reward_funcs=[trl.r1, trl.reward("correctness", name="judge", asynchronous=True)],
        args=RLOOConfig(**given),
        train_dataset=sums(16),
        processing_class=TOKENIZER,
    )
    trainer.train()
    for one in steps(trainer):
        assert one["rewards/judge/mean"] == pytest.approx(one["judge/acc"], abs=1e-6)
        assert one["rewards/r1/mean"] == pytest.approx(
            one["r1/correctness"] + one["r1/format"], abs=1e-6
        )


def test_the_command_line_takes_a_dotted_name(
    model: torch.nn.Module,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture,
) -> None:
    """`trl grpo` itself, but for the launcher in front of it."""
    from trl.scripts.grpo import main, make_parser

    model.save_pretrained(tmp_path / "model")
    TOKENIZER.save_pretrained(tmp_path / "model")
    (tmp_path / "data").mkdir()
    sums(16).to_json(tmp_path / "data" / "train.jsonl")
    # A file of the user's own beside the run.
    (tmp_path / "own_trl_rewards.py").write_text(
        "from pyverify.integrations.trl import reward\n"
        'prefilled_r1 = reward("r1", name="mine", prefilled=True)\n'
    )
    monkeypatch.chdir(tmp_path)
    arguments = {
        **settings(tmp_path / "out"),
        "model_name_or_path": "model",
        "dataset_name": "data",
        "dtype": "float32",
    }
    words = [word for name, value in arguments.items() for word in (f"--{name}", str(value))]
    names = ["pyverify.integrations.trl.math_reward", "own_trl_rewards.prefilled_r1"]
    monkeypatch.setattr(sys, "argv", ["grpo", *words, "--reward_funcs", *names])
    parsed = make_parser().parse_args_and_config(fail_with_unknown_args=False)[:4]
    main(*parsed)
    printed = capfd.readouterr().out
    for name in ("rewards/math_reward/mean", "rewards/mine/mean", "math_reward/acc", "mine/format"):
        assert f"'{name}'" in printed
    assert (tmp_path / "out" / "model.safetensors").exists()


def test_truncated_responses(model: torch.nn.Module, tmp_path: Path) -> None:
    trainer = made(
        model, tmp_path, [trl.r1], max_completion_length=9, mask_truncated_completions=True
    )
    trainer.train()
    for one in steps(trainer):
        # Nine tokens are never a whole response.
        assert one["completions/clipped_ratio"] == 1
        assert one["rewards/r1/mean"] == one["r1/format"] == one["r1/acc"] == 0
        assert math.isfinite(one["loss"])


# What follows asks TRL's own code for the rewards of completions made up here.


@pytest.fixture(scope="module")
def untrained(
    model: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory
) -> tuple[torch.nn.Module, Path]:
    return model, tmp_path_factory.mktemp("untrained")


def rewards(
    untrained: tuple[torch.nn.Module, Path],
    functions: list,
    completions: Sequence[object],
    **columns: Sequence[object],
) -> tuple[list[list[float]], GRPOTrainer]:
    """A list for each function, NaN where it gave None."""
    trainer = made(*untrained, functions)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    prompts = [[{"role": "user", "content": "2+2="}]] * len(completions)
    ids = [[5, 6, 7]] * len(completions)
    found = trainer._calculate_rewards(rows, prompts, list(completions), ids)
    return found.T.tolist(), trainer


def said(text: str | None) -> list[dict[str, object]]:
    return [{"role": "assistant", "content": text}]


FOURS = [said(r"\boxed{4}"), said(r"\boxed{5}"), said("4"), said(None)]


def test_golds_that_are_missing_or_lists(untrained: tuple[torch.nn.Module, Path]) -> None:
    golds = [None, '{"any_of": ["5", "6"]}', ["4"], "4"]
    (found,), trainer = rewards(untrained, [trl.math_reward], FOURS, answer=golds)
    assert math.isnan(found[0])
    assert found[1:] == [1.0, 1.0, 0.0]
    assert trainer._pending_metrics["math_reward/abstained"] == [0.25]
    with pytest.raises(TypeError, match=r"found no golds.*passed .*level.*gold_column="):
        rewards(untrained, [trl.math_reward], FOURS, level=[1, 2, 3, 4])


def test_messages_of_tools(untrained: tuple[torch.nn.Module, Path]) -> None:
    talk = [
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "add"}}]},
        {"role": "tool", "name": "add", "content": r"\boxed{4}"},
    ]
    talks = [talk, talk + said(r"\boxed{4}"), talk + said(r"\boxed{5}")]
    (found,), _ = rewards(untrained, [trl.math_reward], talks, answer=["4"] * 3)
    assert found == [0.0, 1.0, 0.0]


OWN = """
def fails(completions, **columns):
    if any("5" in one for one in completions):
        raise KeyError("five")
    return [1.0] * len(completions)
"""


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_function_of_the_users_that_fails(
    asynchronous: bool,
    untrained: tuple[torch.nn.Module, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "own_trl_function.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    given = {"answer": ["4"] * 4}
    function = trl.reward(Function("own_trl_function:fails"), asynchronous=asynchronous)
    (found,), trainer = rewards(untrained, [function], FOURS, **given)
    assert math.isnan(found[1])
    assert [found[0], *found[2:]] == [1.0, 1.0, 1.0]
    assert trainer._pending_metrics["reward/error"] == [0.25]
    assert "KeyError: 'five'" in caplog.text
    # Where it is let through, it ends the run.
    function = trl.reward(
        Function("own_trl_function:fails"), asynchronous=asynchronous, on_error="raise"
    )
    with pytest.raises(KeyError, match="five"):
        rewards(untrained, [function], FOURS, **given)


def test_token_counts_come_with_the_call(untrained: tuple[torch.nn.Module, Path]) -> None:
    short = trl.reward("dapo", parameters={"max_length": 4, "buffer": 2})
    (found,), _ = rewards(untrained, [short], FOURS[:2], answer=["4", "4"])
    assert found == [0.5, -1.5]


def test_columns_of_tables_have_one_type(run: GRPOTrainer) -> None:
    # Lists and numbers among golds would be refused by the table that TRL writes.
    golds: list[object] = ["4", 4, ["4"], {"any_of": ["4"]}]
    shown: dict[str, list[object]] = {}
    trl.math_reward(
        completions=["4"] * 4,
        answer=golds,
        log_extra=lambda name, values: shown.update({name: values}),
    )
    assert all(type(one) is str for values in shown.values() for one in values)
    assert [json.loads(one) for one in shown["math_reward/gold"]] == [
        4,
        4,
        ["4"],
        {"any_of": ["4"]},
    ]
