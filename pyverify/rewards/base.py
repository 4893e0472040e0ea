"""What every reward is: a frozen value that turns completions into numbers.

A reward is called with one completion or a list of them, as text or as conversations. It holds no
state, so calls may overlap, in any thread or event loop, and a pickle of it is its parameters.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias, overload

from pyverify.messages import Completion, Message
from pyverify.options import Options
from pyverify.rewards.arguments import read_samples
from pyverify.rewards.numbers import component_name
from pyverify.rewards.outcome import RewardBatch
from pyverify.rewards.samples import Samples, Values, chunks
from pyverify.types import Gold

if TYPE_CHECKING:
    from pyverify.rewards.compose import Clip, Gate, Sum

__all__ = ["Bounds", "Primitive", "Reward"]

Bounds: TypeAlias = tuple[float, float]
"""The lowest and the highest value there can be."""

_KINDS: dict[str, type[Reward]] = {}


class Reward(ABC):
    """A reward. Frozen: equal parameters make equal rewards.

    Arithmetic composes: ``0.1 * Format() + 0.9 * Correctness()`` is a reward again.
    """

    __slots__ = ()

    kind: ClassVar[str] = ""
    """What configuration files call this class."""

    def __init_subclass__(cls) -> None:
        if cls.__dict__.get("kind"):
            _KINDS[cls.kind] = cls

    # What a subclass says about itself.

    @property
    @abstractmethod
    def parts(self) -> tuple[Reward, ...]:
        """The rewards it is made of, in order; () for a primitive one."""

    @property
    @abstractmethod
    def bounds(self) -> Bounds:
        """The lowest and the highest value that it can give."""

    @property
    @abstractmethod
    def formula(self) -> str:
        """How its value comes about, in one line."""

    @abstractmethod
    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """Its values, after it has put those of its components into `found`."""

    @property
    def default_name(self) -> str:
        """What it is called unless the caller says otherwise."""
        return self.kind

    @property
    def label(self) -> str:
        """What the formula of a composition calls it."""
        return self.formula

    def named(self) -> Iterator[tuple[str, Reward]]:
        """The numbers that it reports: their names, and whose they are; some several times."""
        for part in self.parts:
            yield from part.named()

    @property
    def components(self) -> tuple[str, ...]:
        """The names of all numbers that it reports, the same for every completion."""
        return tuple(dict.fromkeys(name for name, _ in self.named()))

    def leaves(self) -> Iterator[Primitive]:
        """The primitive rewards in it, in order; equal ones several times."""
        for part in self.parts:
            yield from part.leaves()

    def __repr__(self) -> str:
        shown = []
        for one in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, one.name)
            usual = self.default_name if one.name == "name" else one.default
            if usual is not MISSING and value == usual:
                continue
            shown.append(f"{one.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that a call must bring besides completions and golds."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.needs))

    # Calls.

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a str is a sequence of str, too
        self,
        completions: str | Sequence[Message],
        *,
        gold: Gold | None = None,
        golds: None = None,
        prompts: Completion | None = None,
        threads: int | None = None,
        **columns: object,
    ) -> float | None: ...

    @overload
    def __call__(
        self,
        completions: Iterable[Completion],
        *,
        gold: Gold | None = None,
        golds: Iterable[Gold | None] | None = None,
        prompts: Iterable[Completion | None] | None = None,
        threads: int | None = None,
        **columns: object,
    ) -> list[float | None]: ...

    def __call__(
        self,
        completions: Completion | Iterable[Completion],
        *,
        gold: Gold | None = None,
        golds: Iterable[Gold | None] | None = None,
        prompts: Completion | Iterable[Completion | None] | None = None,
        threads: int | None = None,
        **columns: object,
    ) -> float | list[float | None] | None:
        """The reward of one completion, or of each.

        Args:
            completions: A text, a conversation (a list of messages; only what the assistant says
                counts, and its last message answers), or a list of either.
            gold: The gold of all of them.
            golds: One gold for each; None where it is missing: that completion abstains.
            prompts: The prompts, for judges, process rewards and templates that open a tag.
            threads: Native threads; None for as many as the process may use cores.
            **columns: Whatever else a component needs, a value for each completion:
                ``token_counts``, ``completion_ids``, ``probability``, ``step_scores``, …

        Returns:
            A number, or None where the reward abstains (an unusable gold, a judge that is out);
            a list of those for a list.

        Raises:
            TypeError: A completion is neither text nor conversation; something needed is missing.
            ValueError: Lengths differ.
        """
        samples, single = read_samples(
            completions, gold=gold, golds=golds, prompts=prompts, columns=columns, threads=threads
        )
        rewards = self.of(samples).rewards
        return rewards[0] if single else rewards

    def evaluate(
        self,
        completions: Completion | Iterable[Completion],
        *,
        gold: Gold | None = None,
        golds: Iterable[Gold | None] | None = None,
        prompts: Completion | Iterable[Completion | None] | None = None,
        threads: int | None = None,
        **columns: object,
    ) -> RewardBatch:
        """As a call, with every component, every verdict and a summary.

        Args:
            completions: As for a call; one completion makes a batch of one.
            gold: As for a call.
            golds: As for a call.
            prompts: As for a call.
            threads: As for a call.
            **columns: As for a call.
        """
        samples, _ = read_samples(
            completions, gold=gold, golds=golds, prompts=prompts, columns=columns, threads=threads
        )
        return self.of(samples)

    async def acall(
        self,
        completions: Completion | Iterable[Completion],
        *,
        gold: Gold | None = None,
        golds: Iterable[Gold | None] | None = None,
        prompts: Completion | Iterable[Completion | None] | None = None,
        threads: int | None = None,
        **columns: object,
    ) -> float | list[float | None] | None:
        """As a call, in a thread: the event loop goes on meanwhile."""
        call = partial(self.__call__, completions, gold=gold, golds=golds, prompts=prompts)
        return await asyncio.to_thread(call, threads=threads, **columns)

    async def aevaluate(
        self,
        completions: Completion | Iterable[Completion],
        *,
        gold: Gold | None = None,
        golds: Iterable[Gold | None] | None = None,
        prompts: Completion | Iterable[Completion | None] | None = None,
        threads: int | None = None,
        **columns: object,
    ) -> RewardBatch:
        """As `evaluate`, in a thread: the event loop goes on meanwhile."""
        call = partial(self.evaluate, completions, gold=gold, golds=golds, prompts=prompts)
        return await asyncio.to_thread(call, threads=threads, **columns)

    def of(self, samples: Samples) -> RewardBatch:
        """The rewards of completions that were read before."""
        batch = RewardBatch(rewards=[], components={name: [] for name in self.components})
        verdicts = next((leaf for leaf in self.leaves() if leaf.judges), None)
        # A user's function sees all completions of a call, so that it can compare them.
        whole = {leaf.name: leaf.values(samples) for leaf in set(self.leaves()) if leaf.whole}
        for begin, chunk in chunks(samples):
            if verdicts is not None:
                # Before all others: what an answer stands in tells about the format.
                verdicts.read(chunk)
            end = begin + len(chunk)
            found = {name: values[begin:end] for name, values in whole.items()}
            batch.rewards.extend(self.column(chunk, found))
            for name, values in found.items():
                batch.components[name].extend(values)
            results = chunk.any_results()
            batch.results.extend([None] * len(chunk) if results is None else results)
        return batch

    def with_options(self, options: Options) -> Reward:
        """The same reward under other judgement calls, wherever it compares answers."""
        from pyverify.rewards.rebuild import replace_options

        return replace_options(self, options)

    # Composition.

    def __mul__(self, weight: float) -> Sum:
        from pyverify.rewards.compose import weighted

        return weighted(self, weight)

    def __rmul__(self, weight: float) -> Sum:
        return self * weight

    def __truediv__(self, divisor: float) -> Sum:
        return self * (1.0 / divisor)

    def __neg__(self) -> Sum:
        return self * -1.0

    def __add__(self, other: Reward | float) -> Sum:
        from pyverify.rewards.compose import added

        return added(self, other)

    def __radd__(self, other: float) -> Sum:
        return self + other

    def __sub__(self, other: Reward | float) -> Sum:
        return self + (-1.0 * other if isinstance(other, Reward) else -other)

    def __rsub__(self, other: float) -> Sum:
        return -self + other

    def gated(self, by: Reward, *, at_least: float = 1.0, closed: float = 0.0) -> Gate:
        """This reward where `by` is at least `at_least`, else `closed`."""
        from pyverify.rewards.compose import Gate

        return Gate(condition=by, reward=self, at_least=at_least, closed=closed)

    def clipped(self, low: float, high: float) -> Clip:
        """This reward, not below `low` and not above `high`."""
        from pyverify.rewards.compose import Clip

        return Clip(self, low, high)

    def rescaled(self, low: float = 0.0, high: float = 1.0) -> Sum:
        """This reward, its bounds moved to `low` and `high` by a linear map.

        Raises:
            ValueError: Its bounds are infinite or one point.
        """
        from pyverify.rewards.compose import rescaled

        return rescaled(self, low, high)


@dataclass(frozen=True, repr=False)
class Primitive(Reward):
    """A reward that is made of no others.

    Attributes:
        name: What logs call its number. Rewards of one composition that differ need names that
            differ.
    """

    name: str = field(default="", kw_only=True)

    judges: ClassVar[bool] = False
    """Whether it compares answers with golds."""

    whole: ClassVar[bool] = False
    """Whether it wants all completions of a call at once, however many there are."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that a call must bring for it."""
        return ()

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.default_name)
        component_name(self.name)

    @property
    def parts(self) -> tuple[Reward, ...]:
        """None: it is primitive."""
        return ()

    @property
    def label(self) -> str:
        """Its name."""
        return self.name

    def named(self) -> Iterator[tuple[str, Reward]]:
        """Its own number."""
        yield self.name, self

    def leaves(self) -> Iterator[Primitive]:
        """Itself."""
        yield self

    @abstractmethod
    def values(self, samples: Samples) -> Values:
        """One number for each completion; None where it abstains."""

    def prepare(self) -> None:
        """Raises if something that it names isn't there."""

    def read(self, samples: Samples) -> None:
        """Asks for the verdicts that it needs, so that other components can use them."""

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """Its values, found once however often it occurs in a composition."""
        known = found.get(self.name)
        if known is None:
            known = found[self.name] = self.values(samples)
        return known


def reward_kinds() -> dict[str, type[Reward]]:
    """Every class of reward that a configuration file can name."""
    return dict(_KINDS)
