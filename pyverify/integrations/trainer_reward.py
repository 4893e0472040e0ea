"""A reward as trainers call it: golds as data sets have them, rows of numbers, nothing raised.

Trainers differ in what they do with a missing number, with keys that come and go and with an
exception: some drop the sample in silence, some stop. Here every completion has a row, all rows
have the same keys, and every number in them is one.
"""

from __future__ import annotations

import logging
import math
import os
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pyverify.integrations.data_sources import check_presets, preset_of, training_options
from pyverify.integrations.scored import Scored, joined
from pyverify.integrations.trainer_call import TrainerCall, one_each, read_golds
from pyverify.presets import PRESETS
from pyverify.rewards import Correctness, Format, Graded, Reward, VerdictReward, load_reward
from pyverify.rewards import recipe as known_recipe
from pyverify.rewards.base import Primitive
from pyverify.rewards.outcome import RewardBatch
from pyverify.rewards.rebuild import mapped
from pyverify.types import Gold, Result

__all__ = ["OnError", "Scored", "TrainerReward"]

OnError = Literal["abstain", "raise"]
"""What becomes of an exception in a caller's own function."""

_log = logging.getLogger(__name__)

_FIXED = ("acc", "pred", "verdict", "reason", "abstained", "error", "unknown_source")
# Answers are for tables; those of a hostile model are as long as they like.
_LONGEST_ANSWER = 1000
# Names of data sets, too, may come from anywhere: so many are told apart, by so many characters.
_MOST_SOURCES = 1000
_LONGEST_NAME = 200
_OTHERS = "(others)"
# Calls of a function that fails, after which it is taken to fail for all the rest of a batch.
_MOST_FAILURES = 64


class TrainerReward:
    r"""A reward for trainers. Calls may overlap in any thread; it pickles.

    Rows that name a data set are judged by its preset where the reward has none of its own: a
    reward with ``preset="gsm8k"`` or with options keeps them, one with ``"strict"``, which is the
    default, doesn't. Evaluation's last number isn't taken.

    Args:
        reward: A reward, a recipe's name, or a file that describes one (``.toml``, ``.json``).
        parameters: What to change in a recipe.
        prefilled: Whether the chat template ends the prompt inside a reasoning block.
        presets: Names of data sets of the caller's own, and their presets. A known one is judged
            otherwise if it is among them: ``{"minerva_math": "strict"}`` for no tolerance.
        on_error: What becomes of an exception in a caller's own function (`rewards.Function`, a
            judge): ``"abstain"`` logs it once and leaves out the completions at fault, ``"raise"``
            lets it through.

    Attributes:
        names: The columns of every result.
        needs: The columns that every call must bring.
        unknown_sources: Data sets without a preset, and how many of their rows were seen; beyond
            1000 names they are counted together.

    Raises:
        ValueError: There is no such reward, parameter or preset.
        TypeError: `reward` is none of these.

    Example:
        >>> scored = TrainerReward("format_accuracy")([r"\boxed{4}", "It is 4."], ["4", None])
        >>> scored.rewards, scored.columns["pred"], scored.columns["acc"]
        ([1.0, None], ['4', ''], [1.0, 0.0])
    """

    def __init__(
        self,
        reward: Reward | str | os.PathLike[str] = "correctness",
        *,
        parameters: Mapping[str, object] | None = None,
        prefilled: bool = False,
        presets: Mapping[str, str] | None = None,
        on_error: OnError = "abstain",
    ) -> None:
        if on_error not in ("abstain", "raise"):
            raise ValueError(f'on_error is "abstain" or "raise", not {on_error!r}')
        self.reward = _reward(reward, dict(parameters or {}))
        self.prefilled = bool(prefilled)
        self.presets = dict(presets or {})
        self.on_error: OnError = on_error
        check_presets(self.presets)
        for leaf in self.reward.leaves():
            leaf.prepare()
        taken = set(_FIXED) & set(self.reward.components)
        if taken:
            raise ValueError(
                f"a component is called {min(taken)!r}, as a column of every result is: "
                "give it another name=…"
            )
        self.names = (*_FIXED, *self.reward.components)
        self.needs = self.reward.needs
        self._fresh()

    def _fresh(self) -> None:
        """What isn't shared with a copy in another process."""
        self.unknown_sources: Counter[str] = Counter()
        self._judged: dict[str | None, tuple[Reward, Reward]] = {}
        self._failures: set[object] = set()
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, object]:
        own = ("reward", "prefilled", "presets", "on_error", "names", "needs")
        return {name: getattr(self, name) for name in own}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._fresh()

    def __repr__(self) -> str:
        return f"TrainerReward({self.reward!r})"

    def __call__(
        self,
        completions: Sequence[object],
        golds: Sequence[object],
        *,
        prompts: Sequence[object] | None = None,
        data_sources: Sequence[object] | None = None,
        **columns: object,
    ) -> Scored:
        """The rewards of some completions.

        Args:
            completions: Texts or conversations; whatever else there is counts as an empty text.
            golds: A gold for each, as a data set has it: text, number, list of parts that are all
                wanted, array, ``{"any_of": […]}``, or that as JSON text. None, NaN and empty ones
                are missing: their rows abstain.
            prompts: The prompts, texts or conversations.
            data_sources: The name of each row's data set.
            **columns: What `needs` lists, a value for each completion.

        Raises:
            TypeError: A column is missing that the reward needs; something is no list.
            ValueError: Lengths differ.
        """
        lacking = [name for name in self.needs if name not in columns]
        if "token_counts" in lacking and "completion_ids" in columns:
            lacking.remove("token_counts")
        if lacking:
            raise TypeError(f"{self.reward.formula!r} needs {', '.join(lacking)} with every call")
        call = TrainerCall.read(completions, golds, prompts, columns)
        size = len(call.texts)
        if data_sources is None or not size:
            return self._scored(call, None, 0.0)
        groups = self._groups(one_each(data_sources, "data_sources", size))
        if len(groups) == 1:
            (name,) = groups
            return self._scored(call, name, float(name is None))
        parts = [
            (rows, self._scored(call.part(rows), name, float(name is None)))
            for name, rows in groups.items()
        ]
        return joined(size, parts)

    def _groups(self, sources: Sequence[object]) -> dict[str | None, list[int]]:
        """The rows of each preset; under None those of unknown data sets, which are counted."""
        names: dict[str, str | None] = {}
        unknown: Counter[str] = Counter()
        groups: dict[str | None, list[int]] = {}
        if set(map(type, sources)) == {str} and len({*sources}) == 1:
            # The usual batch: rows of one data set.
            first = str(sources[0])
            name = preset_of(first, self.presets)
            if name is None:
                self._count_unknown(Counter({first[:_LONGEST_NAME]: len(sources)}))
            return {name: list(range(len(sources)))}
        for at, source in enumerate(sources):
            name = None
            if isinstance(source, str):
                if source not in names:
                    names[source] = preset_of(source, self.presets)
                name = names[source]
                if name is None:
                    unknown[source[:_LONGEST_NAME]] += 1
            groups.setdefault(name, []).append(at)
        if unknown:
            self._count_unknown(unknown)
        return groups

    def _count_unknown(self, unknown: Counter[str]) -> None:
        """Counts rows of unknown data sets, and warns of each set once."""
        for source, count in unknown.items():
            with self._lock:
                new = source not in self.unknown_sources
                if new and len(self.unknown_sources) >= _MOST_SOURCES:
                    source, new = _OTHERS, _OTHERS not in self.unknown_sources
                self.unknown_sources[source] += count
            if new:
                _log.warning(
                    "no preset for the data source %r: its answers are judged by the default "
                    "policy; name one by presets={%r: …} (%s)",
                    source,
                    source,
                    ", ".join(PRESETS),
                )

    def _scored(self, call: TrainerCall, preset: str | None, unknown: float) -> Scored:
        reward, verdicts = self._for(preset)
        golds = read_golds(call.golds, preset)
        errors = [0.0] * len(call.texts)
        batch = self._evaluate(reward, call, golds, errors)
        if not any(leaf.judges for leaf in reward.leaves()):
            # Format alone, say: its rows tell who was right, too.
            batch.results = replace(call, columns={}).evaluate(verdicts, golds).results
        return self._columns(reward, batch, errors, unknown)

    def _for(self, preset: str | None) -> tuple[Reward, Reward]:
        """The reward for rows of a preset, and what finds verdicts where the reward needs none."""
        known = self._judged.get(preset)
        if known is None:
            usual = training_options("strict" if preset is None else preset, self.prefilled)

            def judged(leaf: Primitive) -> Primitive:
                if isinstance(leaf, Format) and self.prefilled and leaf.prefilled == "auto":
                    return replace(leaf, prefilled=True)
                if not isinstance(leaf, VerdictReward):
                    return leaf
                if leaf.preset == "strict" and leaf.options is None:
                    return replace(leaf, options=usual)
                if self.prefilled:
                    return replace(leaf, options=replace(leaf.judged_by, reasoning="prefilled"))
                return leaf

            known = mapped(self.reward, judged), Correctness(options=usual)
            self._judged[preset] = known
        return known

    def _evaluate(
        self,
        reward: Reward,
        call: TrainerCall,
        golds: list[Gold | None],
        errors: list[float],
    ) -> RewardBatch:
        """The batch; rows at which a caller's function fails abstain."""
        try:
            return call.evaluate(reward, golds)
        except Exception as error:
            if self.on_error == "raise":
                if isinstance(error, StopIteration):
                    # An event loop that awaits it from a thread would wait for ever.
                    raise RuntimeError(f"a part of the reward raised {error!r}") from error
                raise
            self._report(error)
            return self._without_faults(reward, call, golds, errors)

    def _without_faults(
        self,
        reward: Reward,
        call: TrainerCall,
        golds: list[Gold | None],
        errors: list[float],
    ) -> RewardBatch:
        """Halves a batch that failed until the rows at fault stand alone."""
        whole = _nothing(reward, len(golds))
        failures = 0
        waiting = [list(range(len(golds)))]
        while waiting:
            some = waiting.pop()
            try:
                if failures >= _MOST_FAILURES:
                    raise RuntimeError("too many failures in this batch: the rest wasn't tried")
                part = call.part(some).evaluate(reward, [golds[at] for at in some])
            except Exception as error:
                self._report(error)
                failures += 1
                if len(some) == 1 or failures > _MOST_FAILURES:
                    for at in some:
                        errors[at] = 1.0
                else:
                    middle = len(some) // 2
                    waiting += [some[:middle], some[middle:]]
                continue
            for at, reward_of, result in zip(some, part.rewards, part.results, strict=True):
                whole.rewards[at] = reward_of
                whole.results[at] = result
            for name, values in part.components.items():
                for at, value in zip(some, values, strict=True):
                    whole.components[name][at] = value
        return whole

    def _report(self, error: Exception) -> None:
        """Logs a fault with its traceback, once for each place that it comes from."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = None if trace is None else (trace.tb_frame.f_code, trace.tb_lineno)
        kind = type(error), where
        with self._lock:
            if kind in self._failures or len(self._failures) >= 100:
                return
            self._failures.add(kind)
        _log.error("a part of the reward failed; the completions at fault abstain", exc_info=error)

    def _columns(
        self, reward: Reward, batch: RewardBatch, errors: list[float], unknown: float
    ) -> Scored:
        results = batch.results
        columns: dict[str, list[float] | list[str]] = {
            "acc": _accuracy(reward, batch),
            "pred": [
                "" if r is None or r.answer is None else r.answer[:_LONGEST_ANSWER] for r in results
            ],
            # An enum's `value` is a property in Python, at ten times the cost.
            "verdict": ["" if r is None else r.verdict._value_ for r in results],
            "reason": ["" if r is None else r.reason._value_ for r in results],
            "abstained": [0.0 if r is not None else 1.0 for r in batch.rewards],
            "error": errors,
            "unknown_source": [unknown] * len(results),
        }
        for name, values in batch.components.items():
            columns[name] = [0.0 if value is None else value for value in values]
        if not all(map(math.isfinite, reward.bounds)):
            # A function of the caller's may give infinities, and sums of them are nothing at all.
            for at, value in enumerate(batch.rewards):
                if value is not None and not math.isfinite(value):
                    batch.rewards[at] = None
                    columns["abstained"][at] = columns["error"][at] = 1.0  # type: ignore[call-overload]
            for name, found in batch.components.items():
                columns[name] = [v if v is not None and math.isfinite(v) else 0.0 for v in found]
        return Scored(batch.rewards, columns)


def _reward(reward: object, parameters: dict[str, object]) -> Reward:
    if isinstance(reward, Reward):
        if parameters:
            raise TypeError("parameters are for a recipe's name; change the reward itself")
        return reward
    if not isinstance(reward, (str, os.PathLike)):
        raise TypeError(
            "a reward is a pyverify.rewards.Reward, a recipe's name or a file, not "
            f"{type(reward).__name__}"
        )
    name = os.fspath(reward)
    if name == "correctness":
        return Correctness(**parameters)  # type: ignore[arg-type]  # it checks them itself
    return known_recipe(name, **parameters) if parameters else load_reward(name)


def _accuracy(reward: Reward, batch: RewardBatch) -> list[float]:
    """1 where the answer is right, as the reward itself sees it."""
    for leaf in reward.leaves():
        if isinstance(leaf, Graded):
            return [float(value == leaf.right) for value in batch.components[leaf.name]]
        if isinstance(leaf, VerdictReward):
            return [value or 0.0 for value in batch.components[leaf.name]]
    return [0.0 if result is None else result.score for result in batch.results]


def _nothing(reward: Reward, size: int) -> RewardBatch:
    empty: list[Result | None] = [None] * size
    return RewardBatch([None] * size, {name: [None] * size for name in reward.components}, empty)
