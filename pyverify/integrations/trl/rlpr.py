"""RLPR's reward in TRL: the policy that is being trained gives the probability of the reference.

Two ways, with the same numbers. `RLPRReward` alone is a reward function for any `GRPOTrainer`: it
scores with one more forward. `RLPRTrainer` lets the references ride along in the forward that gives
the old log-probabilities, where a response's reference costs its own tokens and no more.

Text alone: images would have to be in the scoring forward, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, cast

import torch
from accelerate.utils import gather_object
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl import GRPOTrainer

from pyverify.integrations.trl.groups import check_whole_groups
from pyverify.io.atomic import write_text
from pyverify.messages import Completion
from pyverify.rewards import Given
from pyverify.rlpr import (
    THINK_ANSWER,
    ProbabilityReward,
    ScoredBatch,
    Spliced,
    Splicer,
    StdFilter,
    SumOverRanks,
    Template,
    TokenLogProbs,
)
from pyverify.rlpr.packing import BranchedScorer, padded
from pyverify.rlpr.scorers import ModelScorer

__all__ = ["STATE_FILE", "RLPRReward", "RLPRTrainer"]

STATE_FILE = "rlpr.json"
"""What a checkpoint's folder has of filter and baselines."""

References: TypeAlias = Sequence[str | Sequence[str]]
"""For each prompt a reference, or a list of them."""


class RLPRReward(TrainerCallback):  # type: ignore[misc]
    """RLPR's reward as a reward function of TRL, and the callback that keeps its state.

    The reward is ``(1 - format_weight) * probability + format_weight * format``. The probability is
    the policy's own for the reference behind the response's reasoning, less the initial policy's
    without reasoning, clipped to [0, 1]. That baseline is asked for all prompts before the first
    step, and saved with the filter's state in each checkpoint.

    Groups whose rewards hardly differ get None instead: TRL gives them the advantage 0. It has no
    refill, so that they keep their share of the loss's denominator, and it warns of rows without a
    reward; both are meant.

    Args:
        template: Where answers stand.
        column: The column of the data set that has the reference, or a list of them.
        format_weight: What a well-formed response is worth.
        keeps: The filter; None for RLPR's own, `StdFilter`.
        max_tokens: How many tokens a scoring forward has at most, which bounds its memory.
        exact: Whether log-probabilities come from logits that aren't rounded to 16 bits. TRL rounds
            its own: in bfloat16 exact old log-probabilities differ from those of its forward by
            about 2e-3, inexact rewards from exact ones by up to 3e-3.
        **options: For `ProbabilityReward`: baseline, shaping, aggregation, references, invalid.
    """

    def __init__(
        self,
        template: Template = THINK_ANSWER,
        *,
        column: str = "answer",
        format_weight: float = 0.1,
        keeps: StdFilter | None = None,
        max_tokens: int = 8192,
        exact: bool = True,
        **options: object,
    ) -> None:
        # TRL logs it as rewards/rlpr/mean.
        self.__name__ = "rlpr"
        self.template = template
        self.column = column
        self.mixed = (1 - format_weight) * Given("probability") + format_weight * Given("format")
        self.keeps = StdFilter() if keeps is None else keeps
        self.max_tokens = max_tokens
        self.exact = exact
        self.options: dict[str, Any] = options
        self._trainer: GRPOTrainer | None = None
        self._scorer: ModelScorer | None = None
        self._known: tuple[list[list[int]], ScoredBatch] | None = None
        self._restored = False

    @property
    def trainer(self) -> GRPOTrainer:
        """The trainer whose model is asked.

        Raises:
            RuntimeError: There is none yet.
        """
        if self._trainer is None:
            raise RuntimeError(
                "RLPRReward knows no trainer: use RLPRTrainer, or call reward.bind(trainer)"
            )
        return self._trainer

    def bind(self, trainer: GRPOTrainer) -> None:
        """Lets the reward reach the trainer's model, and adds it to the trainer's callbacks.

        Raises:
            ValueError: The data set has no references, or a rank no whole groups.
        """
        self._trainer = trainer
        columns = getattr(trainer.train_dataset, "column_names", None)
        if columns is not None and self.column not in columns:
            raise ValueError(
                f"the data set has no column {self.column!r} of references, it has "
                f"{', '.join(sorted(columns))}: pass RLPRReward(column=...)"
            )
        args = trainer.args
        each = args.per_device_train_batch_size * args.steps_per_generation
        check_whole_groups(each, trainer.num_generations)
        self.probability = ProbabilityReward(
            self._ask, Splicer(trainer.processing_class, self.template), **self.options
        )
        if trainer.accelerator.num_processes > 1 and self.keeps.reduce is None:
            self.keeps.reduce = SumOverRanks()
        trainer.add_callback(self)

    def __call__(
        self,
        prompts: list[Completion],
        completions: list[Completion],
        completion_ids: list[list[int]],
        log_metric: Callable[[str, float], None] | None = None,
        **columns: object,
    ) -> list[float | None]:
        """The rewards of this rank's responses, None in groups that the filter drops."""
        scored = self._take(completion_ids)
        if scored is None:
            references = cast(References, columns[self.column])
            scored = self.score(self.prompt_ids(prompts), completion_ids, references)
        metrics = scored.as_metrics("rlpr")
        parts: dict[str, Any] = scored.columns
        rewards = self.mixed.evaluate(completions, **parts).rewards
        # An evaluation is no step of the run.
        if self.trainer.model.training:
            step = self.keeps(self._groups(rewards))
            metrics |= step.as_metrics("rlpr/filter")
            size = self.trainer.num_generations
            rewards = [x if step.keep[at // size] else None for at, x in enumerate(rewards)]
        if log_metric is not None:
            for name, value in metrics.items():
                log_metric(name, value)
        return rewards

    def score(
        self,
        prompts: Sequence[Sequence[int]],
        responses: Sequence[Sequence[int]],
        references: References,
    ) -> ScoredBatch:
        """The probability rewards of responses, by a forward of their own."""
        return self.probability(prompts, responses, references)

    def score_along(
        self,
        prompts: Sequence[Sequence[int]],
        responses: list[list[int]],
        references: References,
    ) -> TokenLogProbs:
        """The responses' own log-probabilities, by a forward that has the references, too.

        Rewards are kept for the call with these responses.
        """
        plan = self.probability.plan(prompts, responses, references)
        branched = BranchedScorer(self._ask, prompts, responses)
        self._known = responses, plan.finish(branched(plan.sequences))
        return branched.response_log_probs()

    def prompt_ids(self, prompts: list[Completion]) -> list[list[int]]:
        """Prompts as the trainer gives them to the policy."""
        ids: list[list[int]]
        ids, images, _ = self.trainer._tokenize_prompts(prompts)
        if images is not None:
            raise ValueError("RLPRReward scores text alone: leave images out of the prompts")
        return ids

    def prepare(self) -> int:
        """Asks the policy, as it is, for the baseline of all training prompts.

        Ranks divide the work. A data set that can only be streamed isn't asked about: its prompts'
        baselines are those of the policy that first sees them.

        Returns:
            How many baselines this rank asked for.
        """
        rows, baseline = self.trainer.train_dataset, self.probability.baseline
        if baseline is None or baseline.policy == "current" or not hasattr(rows, "__len__"):
            return 0
        accelerator = self.trainer.accelerator
        mine = range(accelerator.process_index, len(rows), accelerator.num_processes)
        prompts = self.prompt_ids([rows[at]["prompt"] for at in mine])
        found = self.probability.prepare(prompts, [rows[at][self.column] for at in mine])
        if accelerator.num_processes > 1:
            state = baseline.state_dict()
            everyones = gather_object([state["values"]])
            values = {key: value for one in everyones for key, value in one.items()}
            baseline.load_state_dict({**state, "values": values})
        return found

    def load(self, checkpoint: str | Path) -> None:
        """Goes on from a checkpoint: call it before ``train(resume_from_checkpoint=...)``.

        Not needed where the checkpoint is in the trainer's own output folder.
        """
        state = json.loads((Path(checkpoint) / STATE_FILE).read_text(encoding="utf-8"))
        self.keeps.load_state_dict(state["filter"])
        if self.probability.baseline is not None:
            self.probability.baseline.load_state_dict(state["baseline"])
        self._restored = True

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Asks for baselines, or takes up those of the checkpoint that the run goes on from."""
        if self._restored:
            return
        if not state.global_step:
            self.prepare()
            return
        checkpoint = Path(args.output_dir, f"checkpoint-{state.global_step}")
        if not (checkpoint / STATE_FILE).exists():
            raise FileNotFoundError(
                f"{checkpoint} has no {STATE_FILE}, the baselines of the initial policy: call "
                "load(checkpoint) before train(resume_from_checkpoint=checkpoint)"
            )
        self.load(checkpoint)

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Writes filter and baselines into the checkpoint."""
        if not state.is_world_process_zero:
            return
        baseline = self.probability.baseline
        mine = {
            "filter": self.keeps.state_dict(),
            "baseline": None if baseline is None else baseline.state_dict(),
        }
        checkpoint = Path(args.output_dir, f"checkpoint-{state.global_step}")
        write_text(str(checkpoint / STATE_FILE), json.dumps(mine))

    def _take(self, responses: list[list[int]]) -> ScoredBatch | None:
        """What is known of responses already."""
        known, self._known = self._known, None
        return known[1] if known is not None and known[0] is responses else None

    def _ask(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """The trainer's model as it is now, at the temperature that it samples with."""
        model = self.trainer.model
        # FSDP replaces the model when training begins.
        if self._scorer is None or self._scorer.model is not model:
            self._scorer = ModelScorer(
                model,
                max_tokens=self.max_tokens,
                temperature=self.trainer.temperature,
                exact=self.exact,
            )
        with self.trainer.accelerator.autocast():
            return self._scorer(sequences)

    def _groups(self, rewards: list[float | None]) -> list[list[float | None]]:
        size: int = self.trainer.num_generations
        check_whole_groups(len(rewards), size)
        return [rewards[at : at + size] for at in range(0, len(rewards), size)]


class RLPRTrainer(GRPOTrainer):  # type: ignore[misc]
    """GRPO whose old log-probabilities and rewards come from one forward.

    Where TRL needs old log-probabilities (several updates for each rollout, or vLLM's sampling to
    be corrected), references are packed into the forward that gives them. Where it needs none, an
    `RLPRReward` scores by itself, as in any trainer.

    Args:
        *args: As for `GRPOTrainer`.
        **options: As for `GRPOTrainer`; one of the reward functions must be an `RLPRReward`.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        found = [one for one in self.reward_funcs if isinstance(one, RLPRReward)]
        if len(found) != 1:
            raise ValueError(f"reward_funcs must have one RLPRReward, it has {len(found)}")
        (self.rlpr,) = found
        self.rlpr.bind(self)
        self._references: References = []
        self._old: TokenLogProbs | None = None

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        self._references = [row[self.rlpr.column] for row in inputs]
        batch: dict[str, Any] = super()._generate_and_score_completions(inputs)
        return batch

    def _generate(self, prompts: list[Completion]) -> tuple[Any, ...]:
        found: tuple[Any, ...] = super()._generate(prompts)
        prompt_ids, completion_ids, images = found[0], found[1], found[6]
        if self._wants_old_log_probs() and images is None:
            self._old = self.rlpr.score_along(prompt_ids, completion_ids, self._references)
        return found

    def _get_per_token_logps_and_entropies(
        self,
        model: torch.nn.Module,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        logits_to_keep: int,
        *args: object,
        **options: object,
    ) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]:
        old, self._old = self._old, None
        if old is None:
            found: tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]
            found = super()._get_per_token_logps_and_entropies(
                model, input_ids, attention_mask, logits_to_keep, *args, **options
            )
            return found
        # The first forward after generation is the one for old log-probabilities. TRL has 0 where
        # nothing counts: padding, and truncated responses if they are masked.
        mask = attention_mask[:, -logits_to_keep:]
        return padded(old, logits_to_keep).to(mask.device) * mask, None, None

    def _wants_old_log_probs(self) -> bool:
        """Whether TRL will ask for them, by its own condition."""
        every: int = self.args.steps_per_generation * self.num_iterations
        several: bool = self.args.gradient_accumulation_steps % every != 0
        return several or bool(self.use_vllm and self.vllm_importance_sampling_correction)
