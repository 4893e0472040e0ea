"""Dynamic sampling for TRL: groups whose rewards are all the same are replaced by others.

A group without a spread has no advantage and teaches nothing, so that the batch is smaller than it
looks. DAPO (https://arxiv.org/abs/2503.14476, section 3.2) samples on until the batch is full of
groups that teach. TRL itself only counts them (``frac_reward_zero_std``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from accelerate.utils import gather
from trl import GRPOTrainer

from pyverify.integrations.trl.groups import check_whole_groups

__all__ = ["DynamicSamplingTrainer"]


@dataclass(slots=True)
class _Group:
    """The responses to one prompt, as the trainer's own methods gave them.

    Attributes:
        rows: Of the data set, one for each response.
        responses: Prompt ids, completion ids, completions and log-probabilities, a list each;
            None where the trainer has none.
        rewards: Of each response by each function.
        extra: What the functions logged for the table.
    """

    rows: list[dict[str, Any]]
    responses: list[list[Any] | None]
    rewards: torch.Tensor
    extra: dict[str, list[object]]


class DynamicSamplingTrainer(GRPOTrainer):  # type: ignore[misc]
    """GRPO on groups that teach something.

    Each round generates a whole batch, the first for the prompts that are due, the others for
    prompts drawn at random. Groups with a spread of rewards are kept until there are enough. After
    the last round, groups without one fill the rest: their advantages are 0, as ever. Groups that a
    reward leaves out altogether (None for all) have no spread either, so that what a filter such as
    RLPR's drops is replaced, too.

    Metrics of responses (lengths, rewards' own) are those of all rounds; ``rewards/…``,
    ``reward_std`` and ``frac_reward_zero_std`` those of the batch that is trained on.
    ``dynamic_sampling/rounds`` and ``dynamic_sampling/kept``, the share of groups with a spread,
    say what it cost.

    Args:
        *args: As for `GRPOTrainer`.
        rounds: How many batches are generated at most for one.
        **options: As for `GRPOTrainer`.

    Raises:
        ValueError: The data set can only be streamed, a rank has no whole groups, or there are
            tools, environments, or images: what they leave behind cannot be put together again.
    """

    def __init__(self, *args: object, rounds: int = 3, **options: object) -> None:
        if rounds < 1:
            raise ValueError(f"rounds must be at least 1, not {rounds}")
        super().__init__(*args, **options)
        if not hasattr(self.train_dataset, "__len__"):
            raise ValueError("dynamic sampling draws prompts at random: give a data set with a len")
        if self.tools or self.environment_factories is not None or self.rollout_func is not None:
            raise ValueError("dynamic sampling takes no tools, environments or rollout_func")
        each = self.args.per_device_train_batch_size * self.args.steps_per_generation
        check_whole_groups(each, self.num_generations)
        self.rounds = rounds
        self._chosen: list[_Group] | None = None
        self._order = self._endless_order()

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any]
        if not self.model.training:
            found = super()._generate_and_score_completions(inputs)
            return found
        self._chosen = self._sample(inputs)
        rows = [row for group in self._chosen for row in group.rows]
        try:
            found = super()._generate_and_score_completions(rows)
        finally:
            self._chosen = None
        return found

    def _generate(self, prompts: list[object]) -> tuple[Any, ...]:
        found: tuple[Any, ...]
        if self._chosen is None:
            found = super()._generate(prompts)
            return found
        prompt_ids, completion_ids, completions, log_probs = (
            None if None in parts else [one for part in parts for one in part]
            for parts in zip(*(group.responses for group in self._chosen), strict=True)
        )
        return prompt_ids, completion_ids, None, completions, log_probs, {}, None, []

    def _calculate_rewards(
        self,
        inputs: list[dict[str, Any]],
        prompts: list[object],
        completions: list[object],
        completion_ids: list[list[int]],
    ) -> torch.Tensor:
        found: torch.Tensor
        if self._chosen is None:
            found = super()._calculate_rewards(inputs, prompts, completions, completion_ids)
            return found
        names = sorted({name for group in self._chosen for name in group.extra})
        for name in names:
            for group in self._chosen:
                values = group.extra.get(name, [None] * len(group.rows))
                self._log_completion_extra(name, values)
        found = gather(torch.cat([group.rewards for group in self._chosen]))
        return found

    def _sample(self, inputs: list[dict[str, Any]]) -> list[_Group]:
        """As many groups as the rows make, those with a spread of rewards first."""
        wanted = len(inputs) // self.num_generations
        kept: list[_Group] = []
        flat: list[_Group] = []
        for done in range(1, self.rounds + 1):
            for group in self._scored(inputs):
                (kept if self._has_spread(group.rewards) else flat).append(group)
            # All processes go on as long as one of them lacks groups.
            counts = torch.tensor([[wanted, len(kept), len(kept) + len(flat)]])
            everywhere = gather(counts.to(self.accelerator.device))
            if done == self.rounds or not (everywhere[:, 1] < everywhere[:, 0]).any():
                break
            drawn = [self.train_dataset[next(self._order)] for _ in range(wanted)]
            inputs = [dict(row) for row in drawn for _ in range(self.num_generations)]
        total = everywhere.sum(0).tolist()
        self._metrics["train"]["dynamic_sampling/rounds"].append(done)
        self._metrics["train"]["dynamic_sampling/kept"].append(total[1] / total[2])
        return (kept + flat[::-1])[:wanted]

    def _scored(self, rows: list[dict[str, Any]]) -> Iterator[_Group]:
        """A batch generated and rewarded, group by group."""
        prompts = [row["prompt"] for row in rows]
        found = super()._generate(prompts)
        prompt_ids, completion_ids, _, completions, log_probs, _, images, _ = found
        if images is not None:
            raise ValueError("dynamic sampling takes no images")
        everyones = super()._calculate_rewards(rows, prompts, completions, completion_ids)
        begin = self.accelerator.process_index * len(rows)
        rewards = everyones[begin : begin + len(rows)]
        extra = dict(self._pending_extra_logs)
        self._pending_extra_logs.clear()
        columns = (prompt_ids, completion_ids, completions, log_probs)
        for at in range(0, len(rows), self.num_generations):
            some = slice(at, at + self.num_generations)
            yield _Group(
                rows[some],
                [None if column is None else column[some] for column in columns],
                rewards[some],
                {name: values[some] for name, values in extra.items()},
            )

    def _has_spread(self, rewards: torch.Tensor) -> bool:
        """Whether some response of a group has an advantage, by the trainer's own sum."""
        if self.multi_objective_aggregation != "normalize_then_sum":
            none = rewards.isnan().all(dim=1)
            sums = (rewards * self.reward_weights.to(rewards.device)).nansum(dim=1)
            rewards = sums.masked_fill(none, torch.nan)[:, None]
        known = [column[~column.isnan()] for column in rewards.T]
        return any(len(column) and bool(column.max() > column.min()) for column in known)

    def _endless_order(self) -> Iterator[int]:
        """Rows in random orders without an end, other ones in each process."""
        # The seed itself would give the trainer's own order, and the prompts that were just flat.
        seed = self.args.seed + 1 + self.accelerator.process_index
        order = torch.Generator().manual_seed(seed)
        while True:
            found: Sequence[int] = torch.randperm(len(self.train_dataset), generator=order).tolist()
            yield from found
