"""A reward as a function of a batch, the form that most trainers know.

``f(prompts=[…], completions=[…], **columns) -> [reward, …]`` is how TRL, Unsloth, ms-swift and
Tunix call rewards, and what the group functions of others come down to: a list for each column of
the data set, one value per completion.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeGuard

from pyverify.integrations.trainer_call import completion_list
from pyverify.integrations.trainer_reward import OnError, Scored, TrainerReward
from pyverify.rewards import Reward
from pyverify.rewards.arguments import as_list

__all__ = ["GOLD_COLUMNS", "AsyncBatchReward", "BatchReward", "Column"]

GOLD_COLUMNS = (
    "gold",
    "ground_truth",
    "reward_model",
    "answer",
    "final_answer",
    "expected_answer",
    "reference_answer",
    "solution",
    "label",
    "target",
    "reference",
    "answers",
    "labels",
)
"""Where golds are looked for: the first that is there, answers before worked solutions."""

SOURCE_COLUMN = "data_source"
"""The column that says which data set a row is from, as in verl's files."""

# The names of a reward's own arguments: a column of the data set that is called so isn't passed on.
_RESERVED = frozenset({"completions", "data_sources", "gold", "golds", "prompts", "threads"})

_FAULTS = ("no_answer", "undecided", "limit", "bad_gold")


Column: TypeAlias = Collection[object]
"""A value for each completion: a list, a tuple, an array."""

LogMetric: TypeAlias = Callable[[str, float], None]
LogExtra: TypeAlias = Callable[[str, list[str]], None]


class BatchReward:
    r"""A reward as trainers call it with a batch. Calls may overlap in any thread; it pickles.

    Where the trainer passes ``log_metric`` and ``log_extra``, as TRL does, all components are
    logged under ``NAME/…``, and answers, reasons and golds go into the table of completions.

    Args:
        reward: A reward, a recipe's name, or a file that describes one (``.toml``, ``.json``).
        name: What trainers log it as; by default the name of the recipe or the file.
        parameters: What to change in a recipe.
        gold_column: The column of golds; by default the first of `GOLD_COLUMNS` that there is.
        source_column: The column that names a row's data set, which has a preset.
        presets: Names of data sets of the caller's own, and their presets.
        prefilled: Whether the chat template ends the prompt inside a reasoning block. Needed where
            prompts are conversations, whose template the function never sees.
        abstained: What a trainer that knows no None gets for an abstention.
        on_error: What becomes of an exception in a caller's own function (`rewards.Function`, a
            judge): ``"abstain"`` logs it once and leaves out the completions at fault, ``"raise"``
            lets it through, which ends most trainers' runs.

    Raises:
        ValueError: There is no such reward, parameter or preset.
        TypeError: `reward` is none of these.

    Example:
        >>> reward = BatchReward("format_accuracy")
        >>> reward(completions=[r"\boxed{4}", "It is 4.", "4"], answer=["4", "4", None])
        [1.0, 0.9, None]
    """

    def __init__(
        self,
        reward: Reward | str | os.PathLike[str] = "correctness",
        *,
        name: str | None = None,
        parameters: Mapping[str, object] | None = None,
        gold_column: str | None = None,
        source_column: str = SOURCE_COLUMN,
        presets: Mapping[str, str] | None = None,
        prefilled: bool = False,
        abstained: float | None = None,
        on_error: OnError = "abstain",
    ) -> None:
        self.scorer = TrainerReward(
            reward, parameters=parameters, prefilled=prefilled, presets=presets, on_error=on_error
        )
        # What trainers call a function in their logs.
        self.__name__ = _name(reward) if name is None else name
        self.gold_column = gold_column
        self.source_column = source_column
        self.abstained = abstained

    def __repr__(self) -> str:
        return f"BatchReward({self.scorer.reward!r}, name={self.__name__!r})"

    def __call__(
        self,
        *lists: Column,
        prompts: Column | None = None,
        completions: Column | None = None,
        log_metric: LogMetric | None = None,
        log_extra: LogExtra | None = None,
        **columns: object,
    ) -> list[float | None]:
        """The rewards of a batch.

        Args:
            *lists: Completions, or prompts and completions, for trainers that pass them by place.
            prompts: Texts or conversations.
            completions: Texts or conversations.
            log_metric: Takes the name and the mean of each component.
            log_extra: Takes columns for the table of completions.
            **columns: The columns of the data set, ``completion_ids``, and whatever else a trainer
                passes; what isn't one value for each completion is left alone.

        Returns:
            A number for each completion, None where the reward abstains.

        Raises:
            TypeError: There are no golds, or a column is missing that the reward needs.
            ValueError: Lengths differ.
        """
        if lists:
            if completions is not None or len(lists) > 2:
                raise TypeError("pass completions=…, prompts=… and the columns by name")
            prompts, completions = (prompts, lists[0]) if len(lists) == 1 else lists
        if completions is None:
            raise TypeError("a reward needs completions=[…]")
        whole = completion_list(completions)
        given = {name: list(values) for name, values in columns.items() if _is_column(values)}
        golds = self._golds(given, columns, len(whole))
        scored = self.scorer(
            whole,
            golds,
            prompts=None if prompts is None else as_list(prompts, "prompts"),
            data_sources=given.get(self.source_column),
            **{
                name: values
                for name, values in given.items()
                if name not in _RESERVED and len(values) == len(whole)
            },
        )
        if log_metric is not None:
            for name, value in _metrics(scored).items():
                log_metric(f"{self.__name__}/{name}", value)
        if log_extra is not None:
            for name in ("pred", "reason"):
                log_extra(f"{self.__name__}/{name}", [str(one) for one in scored.columns[name]])
            log_extra(f"{self.__name__}/gold", list(map(_shown, golds)))
        if self.abstained is None:
            return scored.rewards
        return [self.abstained if one is None else one for one in scored.rewards]

    def _golds(
        self, given: Mapping[str, list[object]], columns: Mapping[str, object], size: int
    ) -> list[object]:
        """The column of golds."""
        names = GOLD_COLUMNS if self.gold_column is None else (self.gold_column,)
        for name in names:
            if name in given:
                return given[name]
        if self.gold_column is None and not self._compares():
            return [None] * size
        there = ", ".join(sorted(columns)) or "no columns at all"
        wanted = " or ".join(map(repr, names))
        raise TypeError(
            f"{self.__name__} found no golds: the trainer passed {there}, and no list {wanted}. "
            'Name the data set\'s own by gold_column="…"'
        )

    def _compares(self) -> bool:
        return any(leaf.judges for leaf in self.scorer.reward.leaves())


class AsyncBatchReward:
    """As `BatchReward`, as a coroutine: it scores in a thread, and the event loop goes on.

    For trainers that await their rewards all at once: one that asks a judge then keeps no other
    waiting.

    Args:
        reward: What is called in the thread.
    """

    def __init__(self, reward: BatchReward) -> None:
        self.reward = reward
        self.__name__ = reward.__name__

    def __repr__(self) -> str:
        return f"AsyncBatchReward({self.reward!r})"

    async def __call__(
        self,
        *lists: Column,
        prompts: Column | None = None,
        completions: Column | None = None,
        log_metric: LogMetric | None = None,
        log_extra: LogExtra | None = None,
        **columns: object,
    ) -> list[float | None]:
        """As `BatchReward`'s.

        Args:
            *lists: As there.
            prompts: As there.
            completions: As there.
            log_metric: As there.
            log_extra: As there.
            **columns: As there.
        """
        call = partial(self.reward, *lists, prompts=prompts, completions=completions)
        return await asyncio.to_thread(call, log_metric=log_metric, log_extra=log_extra, **columns)


def _is_column(values: object) -> TypeGuard[Column]:
    """Whether it may have a value for each completion: no text, no table, nothing unordered."""
    unordered = isinstance(values, (str, bytes, Mapping, AbstractSet))
    return isinstance(values, Collection) and not unordered


def _name(reward: Reward | str | os.PathLike[str]) -> str:
    return "reward" if isinstance(reward, Reward) else Path(os.fspath(reward)).stem


def _shown(gold: object) -> str:
    """A gold in a table, whose columns have one type."""
    if gold is None or isinstance(gold, str):
        return gold or ""
    try:
        plain = gold.tolist() if hasattr(gold, "tolist") else gold
        try:
            return json.dumps(plain, ensure_ascii=False)
        except (TypeError, ValueError):
            return str(plain)
    except Exception:  # nested too deeply, a fault of its own: no reason to end a training
        return f"({type(gold).__name__})"


def _metrics(scored: Scored) -> dict[str, float]:
    """Means of the columns over the completions that don't abstain, and what went wrong of all."""
    columns, size = scored.columns, len(scored)
    if not size:
        return {}
    verdicts = columns["verdict"]
    found = {name: verdicts.count(name) / size for name in _FAULTS}  # type: ignore[arg-type]
    there = [at for at, reward in enumerate(scored.rewards) if reward is not None]
    for name, values in columns.items():
        if isinstance(values[0], str):
            continue
        rows = range(size) if name in ("abstained", "error", "unknown_source") else there
        if rows:
            found[name] = sum(float(values[at]) for at in rows) / len(rows)
    return found
