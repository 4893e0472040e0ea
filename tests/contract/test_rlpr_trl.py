"""RLPR in real GRPO runs of a small model, both ways."""

from __future__ import annotations

import copy
import json
import math
import runpy
import sys
import types
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="trl is not installed")

import torch
from trl import GRPOConfig, GRPOTrainer

from pyverify.integrations.recipes.catalog import scripts_folder
from pyverify.integrations.recipes.launch_trl import SMOKE, SMOKE_ROLLOUT
from pyverify.integrations.recipes.tiny import make_model, make_tokenizer, sums
from pyverify.integrations.trl.rlpr import STATE_FILE, RLPRReward, RLPRTrainer
from pyverify.rlpr import FilterStep, StdFilter

# TRL's own use of transformers' and torch's older names.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

TOKENIZER = make_tokenizer()
CLOSE = 5e-5


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    return make_model(TOKENIZER)


def config(folder: Path, **changes: object) -> GRPOConfig:
    chosen = {**SMOKE, **SMOKE_ROLLOUT.settings()} | {
        "output_dir": str(folder),
        "epsilon_high": 0.27,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "seed": 7,
    }
    return GRPOConfig(**(chosen | changes))


def train(
    kind: type[GRPOTrainer], model: torch.nn.Module, settings: GRPOConfig, **options: object
) -> GRPOTrainer:
    """A run of a copy of the model; its reward is `trainer.rlpr`."""
    reward = RLPRReward(keeps=options.pop("keeps", None))
    resume = options.pop("resume", None)
    trainer = kind(
        model=copy.deepcopy(model),
        reward_funcs=[reward],
        args=settings,
        train_dataset=sums(16),
        processing_class=TOKENIZER,
        **options,
    )
    if kind is Plain:
        reward.bind(trainer)
    trainer.rlpr = reward
    trainer.train(resume_from_checkpoint=resume)
    return trainer


class Recording:
    """Keeps what a trainer found for each rollout."""

    def __init__(self, *args: object, **options: object) -> None:
        self.rollouts: list[dict] = []
        self.asked: list[int] = []
        super().__init__(*args, **options)

    def _generate(self, prompts: list) -> tuple:
        self.rollouts.append({"prompts": prompts})
        found = super()._generate(prompts)
        self.rollouts[-1] |= {"prompt_ids": found[0], "completion_ids": found[1]}
        return found

    def _calculate_rewards(self, *args: object) -> torch.Tensor:
        found = super()._calculate_rewards(*args)
        self.rollouts[-1]["rewards"] = found[:, 0]
        return found

    def _generate_and_score_completions(self, inputs: list[dict]) -> dict:
        found = super()._generate_and_score_completions(inputs)
        answers = [row["answer"] for row in inputs]
        self.rollouts[-1] |= {"advantages": found["advantages"], "answers": answers}
        return found


class Plain(Recording, GRPOTrainer):
    """Scores by a forward of its own."""


class Fast(Recording, RLPRTrainer):
    """Scores along with the old log-probabilities; asks TRL's own code for these as well."""

    def _get_per_token_logps_and_entropies(
        self,
        model: torch.nn.Module,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        logits_to_keep: int,
        **options: object,
    ) -> tuple:
        waits = self._old is not None
        arguments = (model, input_ids, attention_mask, logits_to_keep)
        found = super()._get_per_token_logps_and_entropies(*arguments, **options)
        if waits:
            plain = GRPOTrainer._get_per_token_logps_and_entropies(self, *arguments, **options)
            self.rollouts[-1] |= {"old": found[0], "old_of_trl": plain[0]}
            assert self._old is None
        return found


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    assert one.shape == other.shape
    assert torch.equal(one.isnan(), other.isnan())
    return (one - other).abs().nan_to_num().max().item()


def probability(model: torch.nn.Module, before: str, reference: str) -> float:
    """The mean probability of a reference's characters, by a forward of its own."""
    context = TOKENIZER.encode(before, add_special_tokens=False)
    ids = context + TOKENIZER.encode(reference, add_special_tokens=False)
    with torch.no_grad():
        logits = model.eval()(input_ids=torch.tensor([ids])).logits[0]
    chances = logits.double().softmax(-1)
    p = [chances[at - 1, ids[at]].item() for at in range(len(context), len(ids))]
    return sum(p) / len(p)


def expected(model: torch.nn.Module, prompt: str, response: str, reference: str) -> float:
    """RLPR's reward from texts."""
    text = response.removesuffix("<eos>")
    counts = [text.count(tag) for tag in ("<think>", "</think>", "<answer>")]
    head, mark, _ = text.partition("<answer>")
    if counts != [1, 1, 1] or not (0 <= head.find("<think>") < head.find("</think>")):
        return 0.0
    gain = probability(model, f"{prompt}{head}{mark} ", reference)
    gain -= probability(model, f"{prompt} ", reference)
    thought, _, rest = text.partition("</think>")
    whole = thought.startswith("<think>") and bool(thought.removeprefix("<think>").strip())
    closed = rest.strip().startswith("<answer>") and rest.strip().endswith("</answer>")
    inner = rest.strip().removeprefix("<answer>").removesuffix("</answer>").strip()
    return 0.9 * min(max(gain, 0.0), 1.0) + 0.1 * (whole and closed and bool(inner))


@pytest.fixture(scope="module")
def fast(model: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Fast:
    folder = tmp_path_factory.mktemp("fast")
    return train(Fast, model, config(folder, save_strategy="steps", save_steps=4))


@pytest.fixture(scope="module")
def plain(model: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Plain:
    return train(Plain, model, config(tmp_path_factory.mktemp("plain")))


def test_rewards_are_those_of_the_texts(model: torch.nn.Module, plain: Plain) -> None:
    first = plain.rollouts[0]
    wanted = [
        expected(model, *texts)
        for texts in zip(
            TOKENIZER.batch_decode(first["prompt_ids"]),
            TOKENIZER.batch_decode(first["completion_ids"]),
            first["answers"],
            strict=True,
        )
    ]
    assert len(wanted) == 16
    assert len({round(x, 3) for x in wanted}) > 5
    assert first["rewards"].tolist() == pytest.approx(wanted, abs=CLOSE)


def test_both_ways_agree(fast: Fast, plain: Plain) -> None:
    # The same seed and the same rewards make the same run.
    assert len(fast.rollouts) == len(plain.rollouts) == 3
    assert fast.rollouts[0]["completion_ids"] == plain.rollouts[0]["completion_ids"]
    assert difference(fast.rollouts[0]["rewards"], plain.rollouts[0]["rewards"]) <= CLOSE
    for one, other in zip(fast.rollouts, plain.rollouts, strict=True):
        assert one["rewards"].std() > 0.01
        # Each against TRL's own forward, whatever became of the two runs.
        assert difference(one["old"], one["old_of_trl"]) <= CLOSE
        assert one["old"].min() < -0.5
        assert ("old" in other) is False
    assert [one["loss"] for one in fast.state.log_history if "loss" in one] == pytest.approx(
        [one["loss"] for one in plain.state.log_history if "loss" in one], abs=1e-3
    )


def test_the_packed_forward_costs_little(
    model: torch.nn.Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """References ride along: one forward for a rollout, a few tokens for each response."""
    sizes: list[tuple[int, int]] = []
    ask = RLPRReward._ask

    def counting(self: RLPRReward, sequences: Sequence) -> object:
        sizes.append((len(sequences), sum(len(one.reference) for one in sequences)))
        return ask(self, sequences)

    monkeypatch.setattr(RLPRReward, "_ask", counting)
    trainer = train(Fast, model, config(tmp_path, max_steps=4))
    # 16 prompts have at most 16 baselines; then each rollout asks once, and about no baseline.
    assert sizes[0][0] <= 16
    assert len(sizes) == 1 + 2
    for (count, tokens), rollout in zip(sizes[1:], trainer.rollouts, strict=True):
        assert 16 < count <= 32
        assert tokens <= sum(map(len, rollout["completion_ids"])) + 2 * 16


def test_what_is_logged(fast: Fast) -> None:
    logged = [one for one in fast.state.log_history if "reward" in one]
    assert len(logged) == 3
    for one in logged:
        assert 0 < one["rewards/rlpr/mean"] < 1
        assert 0 < one["rlpr/probability"] < 1
        assert one["rlpr/baseline_misses"] == one["rlpr/nan"] == 0
        assert one["rlpr/filter/kept"] == 4
        assert math.isfinite(one["grad_norm"])


def test_a_run_goes_on_from_its_checkpoint(model: torch.nn.Module, fast: Fast) -> None:
    folder = Path(fast.args.output_dir)
    checkpoint = folder / "checkpoint-4"
    state = json.loads((checkpoint / STATE_FILE).read_text())
    assert state["filter"]["step"] == 2
    known = fast.rlpr.probability.baseline
    assert known is not None
    assert state["baseline"] == known.state_dict()
    again = train(Fast, model, config(folder, max_steps=6), resume=str(checkpoint))
    assert len(again.rollouts) == 1
    assert again.rlpr.keeps.step == 3
    resumed = again.rlpr.probability.baseline
    assert resumed is not None
    # Those of the initial policy: nobody asked for them again.
    assert resumed.misses == 0
    assert resumed.state_dict() == known.state_dict()


def test_a_checkpoint_from_elsewhere_is_named(
    model: torch.nn.Module, fast: Fast, tmp_path: Path
) -> None:
    checkpoint = Path(fast.args.output_dir) / "checkpoint-4"
    with pytest.raises(FileNotFoundError, match=r"call load\(checkpoint\) before train"):
        train(Fast, model, config(tmp_path), resume=str(checkpoint))


class EverySecond(StdFilter):
    """Drops every second group, whatever it is."""

    def __call__(self, groups: Sequence, *, refill: bool = False) -> FilterStep:
        step = super().__call__(groups, refill=refill)
        return replace(step, keep=tuple(at % 2 == 0 for at in range(len(groups))))


def test_groups_that_the_filter_drops_move_nothing(model: torch.nn.Module, tmp_path: Path) -> None:
    trainer = train(Fast, model, config(tmp_path, max_steps=4), keeps=EverySecond())
    for one in trainer.rollouts:
        groups, advantages = one["rewards"].view(4, 4), one["advantages"].view(4, 4)
        assert groups[[1, 3]].isnan().all()
        assert not groups[[0, 2]].isnan().any()
        assert (advantages[[1, 3]] == 0).all()
        moving = groups[[0, 2]].std(1) > 1e-3
        assert ((advantages[[0, 2]] != 0).any(1) == moving).all()
    logged = [one for one in trainer.state.log_history if "reward" in one]
    assert [one["rlpr/filter/dropped"] for one in logged] == [2, 2]


def test_an_evaluation_is_no_step_of_the_filter(fast: Fast) -> None:
    before = fast.rlpr.keeps.step
    found = fast.evaluate(eval_dataset=sums(4, seed=3))
    assert math.isfinite(found["eval_reward"])
    assert fast.rlpr.keeps.step == before
    assert "eval_rlpr/filter/kept" not in found


def test_truncated_responses_that_are_masked(model: torch.nn.Module, tmp_path: Path) -> None:
    settings = config(
        tmp_path, max_completion_length=14, mask_truncated_completions=True, max_steps=4
    )
    trainer = train(Fast, model, settings)
    for one in trainer.rollouts:
        assert difference(one["old"], one["old_of_trl"]) <= CLOSE
    assert any(
        ids[-1] != TOKENIZER.eos_token_id
        for one in trainer.rollouts
        for ids in one["completion_ids"]
    )
    losses = [one["loss"] for one in trainer.state.log_history if "loss" in one]
    assert all(map(math.isfinite, losses))


def test_without_old_log_probabilities_it_scores_by_itself(
    model: torch.nn.Module, tmp_path: Path
) -> None:
    settings = config(tmp_path, gradient_accumulation_steps=2, max_steps=2)
    trainer = train(Fast, model, settings)
    assert len(trainer.rollouts) == 2
    assert all("old" not in one for one in trainer.rollouts)
    assert all(one["rewards"].max() > 0.1 for one in trainer.rollouts)


def test_misuse(model: torch.nn.Module, plain: Plain, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one RLPRReward, it has 0"):
        RLPRTrainer(
            model=copy.deepcopy(model),
            reward_funcs=[lambda completions, **_: [0.0] * len(completions)],
            args=config(tmp_path),
            train_dataset=sums(4),
            processing_class=TOKENIZER,
        )
    with pytest.raises(ValueError, match=r"no column 'answer'.*prompt, solution.*column="):
        RLPRTrainer(
            model=copy.deepcopy(model),
            reward_funcs=[RLPRReward()],
            args=config(tmp_path),
            train_dataset=sums(4).rename_column("answer", "solution"),
            processing_class=TOKENIZER,
        )
    first = plain.rollouts[0]
    plain.model.train()
    with pytest.raises(ValueError, match="whole groups of 4 responses, it has 3"):
        plain.rlpr(first["prompts"][:3], [""] * 3, first["completion_ids"][:3], answer=["1"] * 3)
    # Several ranks may have whole groups together, which is all that TRL asks for, and none alone.
    sizes = types.SimpleNamespace(per_device_train_batch_size=8, steps_per_generation=2)
    few = types.SimpleNamespace(args=sizes, num_generations=3, train_dataset=sums(4))
    with pytest.raises(ValueError, match="whole groups of 3 responses, it has 16"):
        RLPRReward().bind(few)
    with pytest.raises(RuntimeError, match=r"use RLPRTrainer, or call reward.bind\(trainer\)"):
        RLPRReward()(first["prompts"], [""] * 16, first["completion_ids"], answer=["1"] * 16)


def test_baselines_from_outside(
    model: torch.nn.Module, fast: Fast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that agents of other trainers read are those that the trainer asks for itself."""
    model.save_pretrained(tmp_path / "model")
    TOKENIZER.save_pretrained(tmp_path / "model")
    rows = [
        {"prompt": row["prompt"], "reward_model": {"ground_truth": row["answer"]}}
        for row in sums(16)
    ]
    data, out = tmp_path / "rows.jsonl", tmp_path / "baseline.json"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["--model", str(tmp_path / "model"), "--data", str(data), "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["baseline.py", *arguments])
    runpy.run_path(str(scripts_folder() / "baseline.py"), run_name="__main__")
    found = json.loads(out.read_text())
    known = fast.rlpr.probability.baseline
    assert known is not None
    wanted = known.state_dict()["values"]
    assert len(found["values"]) == len({(row["prompt"][0]["content"]) for row in sums(16)})
    for key, value in found["values"].items():
        assert value == pytest.approx(wanted[key], abs=CLOSE)
