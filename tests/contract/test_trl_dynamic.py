"""Dynamic sampling in real GRPO runs of a small model: what is trained on has a spread."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="trl is not installed")

import torch
from datasets import Dataset, IterableDataset
from trl import GRPOConfig

from pyverify.integrations import trl
from pyverify.integrations.recipes.launch_trl import SMOKE, SMOKE_ROLLOUT
from pyverify.integrations.recipes.tiny import make_model, make_tokenizer, sums
from pyverify.integrations.trl.dynamic import DynamicSamplingTrainer
from pyverify.integrations.trl.groups import check_whole_groups
from pyverify.integrations.trl.rlpr import RLPRReward
from pyverify.rlpr import FilterStep, StdFilter

# TRL's own use of transformers' and torch's older names.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

TOKENIZER = make_tokenizer()


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    return make_model(TOKENIZER)


def flat_if_even(completions: list, answer: list[str], **_: object) -> list[float]:
    """The same for all responses to a prompt with an even answer; others come in two kinds."""
    return [
        at % 2 if int(gold) % 2 else 1.0
        for at, (_, gold) in enumerate(zip(completions, answer, strict=True))
    ]


def flat(completions: list, **_: object) -> list[float]:
    return [1.0] * len(completions)


class Recording(DynamicSamplingTrainer):
    """Keeps what is trained on, and counts batches."""

    def __init__(self, *args: object, **options: object) -> None:
        self.batches: list[dict] = []
        self.generated: list[list] = []
        super().__init__(*args, **options)

    def _generate_single_turn(self, prompt_ids: list, *rest: object) -> tuple:
        self.generated.append(prompt_ids)
        return super()._generate_single_turn(prompt_ids, *rest)

    def _generate_and_score_completions(self, inputs: list[dict]) -> dict:
        found = super()._generate_and_score_completions(inputs)
        logs = {name: list(values) for name, values in self._logs["extra"].items()}
        self.batches.append({"output": found, "texts": list(self._logs["completion"]), **logs})
        return found


def made(
    model: torch.nn.Module, folder: Path, functions: list, data: Dataset, **changes: object
) -> Recording:
    rounds = {"rounds": changes.pop("rounds")} if "rounds" in changes else {}
    chosen = {
        **SMOKE,
        **SMOKE_ROLLOUT.settings(),
        "output_dir": str(folder),
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "max_steps": 4,
        "seed": 7,
        **changes,
    }
    return Recording(
        model=copy.deepcopy(model),
        reward_funcs=functions,
        args=GRPOConfig(**chosen),
        train_dataset=data,
        processing_class=TOKENIZER,
        **rounds,
    )


def trained(*arguments: object, **changes: object) -> Recording:
    trainer = made(*arguments, **changes)
    trainer.train()
    return trainer


def steps(trainer: Recording) -> list[dict[str, float]]:
    return [one for one in trainer.state.log_history if "reward" in one]


def test_groups_without_a_spread_are_replaced(model: torch.nn.Module, tmp_path: Path) -> None:
    functions = [flat_if_even, trl.r1]
    weights = [1.0, 0.0]
    trainer = trained(
        model, tmp_path, functions, sums(64), rounds=8, max_steps=6, reward_weights=weights
    )
    logged = steps(trainer)
    assert len(logged) == len(trainer.batches) == 3
    assert len(trainer.generated) == sum(one["dynamic_sampling/rounds"] for one in logged) > 3
    for one, batch in zip(logged, trainer.batches, strict=True):
        assert one["frac_reward_zero_std"] == 0
        assert one["rewards/flat_if_even/mean"] == 0.5
        assert 0 < one["dynamic_sampling/kept"] < 1
        assert math.isfinite(one["grad_norm"])
        output = batch["output"]
        assert output["advantages"].shape == (16,)
        assert (output["advantages"].abs() > 0.5).all()
        # Prompts, responses and what was logged of them stayed together.
        golds = batch["r1/gold"]
        assert len(golds) == 16
        assert all(int(gold) % 2 for gold in golds)
        asked = TOKENIZER.batch_decode(output["prompt_ids"], skip_special_tokens=True)
        assert [str(eval(text.strip()[:3])) for text in asked] == golds
        said = TOKENIZER.batch_decode(output["completion_ids"], skip_special_tokens=True)
        assert said == [text[0]["content"] for text in batch["texts"]]
        assert trl.math_reward(completions=said, answer=golds) == [
            float(pred == gold) for pred, gold in zip(batch["r1/pred"], golds, strict=True)
        ]


def test_a_batch_that_is_complete_is_generated_once(model: torch.nn.Module, tmp_path: Path) -> None:
    odd = sums(64).filter(lambda row: int(row["answer"]) % 2)
    trainer = trained(model, tmp_path, [flat_if_even], odd)
    assert len(trainer.generated) == len(trainer.batches) == 2
    for one in steps(trainer):
        assert one["dynamic_sampling/rounds"] == one["dynamic_sampling/kept"] == 1


def test_it_gives_up_behind_the_last_round(model: torch.nn.Module, tmp_path: Path) -> None:
    trainer = trained(model, tmp_path, [flat], sums(16), rounds=2, max_steps=2)
    assert len(trainer.generated) == 2
    (logged,) = steps(trainer)
    assert logged["dynamic_sampling/rounds"] == 2
    assert logged["dynamic_sampling/kept"] == 0
    assert logged["frac_reward_zero_std"] == 1
    (batch,) = trainer.batches
    assert (batch["output"]["advantages"] == 0).all()
    # The rounds have other prompts.
    assert trainer.generated[0] != trainer.generated[1]


class EverySecond(StdFilter):
    """Drops every second group, whatever it is."""

    def __call__(self, groups: Sequence, *, refill: bool = False) -> FilterStep:
        step = super().__call__(groups, refill=refill)
        return replace(step, keep=tuple(at % 2 == 0 for at in range(len(groups))))


def test_groups_that_rlprs_filter_drops_are_replaced(
    model: torch.nn.Module, tmp_path: Path
) -> None:
    reward = RLPRReward(keeps=EverySecond())
    trainer = made(model, tmp_path, [reward], sums(16), max_steps=2)
    reward.bind(trainer)
    trainer.train()
    (logged,) = steps(trainer)
    (batch,) = trainer.batches
    assert logged["dynamic_sampling/rounds"] >= 2
    assert logged["dynamic_sampling/kept"] <= 0.5
    assert (batch["output"]["advantages"].view(4, 4).abs().sum(1) > 0).all()


def test_an_evaluation_is_no_sample(model: torch.nn.Module, tmp_path: Path) -> None:
    trainer = trained(model, tmp_path, [flat], sums(16), rounds=1, max_steps=2)
    count = len(trainer.generated)
    found = trainer.evaluate(eval_dataset=sums(2))
    assert found["eval_reward"] == 1
    assert len(trainer.generated) == count + 1


def test_misuse(model: torch.nn.Module, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rounds must be at least 1"):
        trained(model, tmp_path, [flat], sums(4), rounds=0)
    streamed = IterableDataset.from_generator(lambda: iter(sums(4)))
    with pytest.raises(ValueError, match="a data set with a len"):
        trained(model, tmp_path, [flat], streamed)
    # Several processes may have whole groups together, which is all that TRL asks for.
    check_whole_groups(8, 4)
    with pytest.raises(ValueError, match=r"whole groups of 4 responses, it has 6"):
        check_whole_groups(6, 4)
