"""Numbers from elsewhere: a column of the caller's, a function of the caller's."""

from __future__ import annotations

import functools
import importlib
import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyverify.rewards.base import Bounds, Primitive
from pyverify.rewards.numbers import number
from pyverify.rewards.samples import Samples, Values

__all__ = ["Function", "Given"]

_ARGUMENTS = frozenset(("completions", "gold", "golds", "prompts", "threads"))


@dataclass(frozen=True, repr=False)
class Given(Primitive):
    """A number that was found elsewhere and comes with the call, such as a probability reward.

    Formula: the value of the column, clipped to its bounds. Abstains where it is None or NaN.

    Attributes:
        column_name: The keyword that brings the numbers, one for each completion.
        low: The lowest value there can be.
        high: The highest.

    Example:
        >>> (0.9 * Given("probability"))(["a", "b"], probability=[0.5, None])
        [0.45, None]
    """

    column_name: str = "probability"
    low: float = 0.0
    high: float = 1.0

    kind = "given"

    @property
    def default_name(self) -> str:
        """The column's name."""
        return self.column_name

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.column_name in _ARGUMENTS:
            raise ValueError(f"{self.column_name!r} is an argument of every call, not a column")
        object.__setattr__(self, "low", number(self.low, "low"))
        object.__setattr__(self, "high", number(self.high, "high"))
        if self.low > self.high:
            raise ValueError(f"low ({self.low:g}) must not be above high ({self.high:g})")

    @property
    def needs(self) -> tuple[str, ...]:
        """Its column."""
        return (self.column_name,)

    @property
    def bounds(self) -> Bounds:
        """Its ends."""
        return self.low, self.high

    @property
    def formula(self) -> str:
        """Where it comes from."""
        return f"{self.column_name}=…, from {self.low:g} to {self.high:g}"

    def values(self, samples: Samples) -> Values:
        """The column's values, clipped."""
        column = samples.column(self.column_name, self.name)
        return [clean(value, self.name, self.low, self.high) for value in column]


@dataclass(frozen=True, repr=False)
class Function(Primitive):
    """A function of yours as a part of a composition.

    It is called once for a list of completions, as
    ``function(completions, golds=…, prompts=…, **columns)`` with a list for each, and gives a
    number or None for each. What it raises reaches the caller. Its values are clipped to the
    bounds.

    Attributes:
        target: The function, or where it is: ``"package.module:name"``. It has to be at the top of
            a module, so that other processes find it.
        low: The lowest value it gives.
        high: The highest.

    Raises:
        TypeError: The target is no such function.

    Example:
        >>> Function("pyverify.rewards:approximate_tokens", high=9.0).name
        'approximate_tokens'
    """

    target: str
    low: float = 0.0
    high: float = 1.0

    kind = "function"
    whole = True

    def __init__(
        self,
        target: str | Callable[..., object],
        low: float = 0.0,
        high: float = 1.0,
        *,
        name: str = "",
    ) -> None:
        where = dotted_name(target)
        object.__setattr__(self, "target", where)
        object.__setattr__(self, "low", number(low, "low"))
        object.__setattr__(self, "high", number(high, "high"))
        object.__setattr__(self, "name", name)
        super().__post_init__()

    @property
    def default_name(self) -> str:
        """The function's name."""
        return self.target.rpartition(":")[2].rpartition(".")[2]

    @property
    def bounds(self) -> Bounds:
        """Its ends."""
        return self.low, self.high

    @property
    def formula(self) -> str:
        """Where the function is."""
        return f"{self.target}(…), from {self.low:g} to {self.high:g}"

    def prepare(self) -> None:
        """Imports the function."""
        resolve(self.target)

    def values(self, samples: Samples) -> Values:
        """What the function gives."""
        rewards = resolve(self.target)(
            list(samples.spoken),
            golds=None if samples.golds is None else list(samples.golds),
            prompts=list(samples.prompts),
            **{name: list(column) for name, column in samples.columns.items()},
        )
        if inspect.iscoroutine(rewards):
            rewards.close()
            raise TypeError(f"{self.target} is async; a reward's function has to be a plain one")
        if isinstance(rewards, (str, bytes, Mapping)) or not isinstance(rewards, Iterable):
            raise TypeError(f"{self.target} must give a list, not {type(rewards).__name__}")
        values = list(rewards)
        if len(values) != len(samples):
            raise ValueError(f"{self.target} gave {len(values)} rewards for {len(samples)}")
        return [clean(value, self.name, self.low, self.high) for value in values]


def clean(value: object, what: str, low: float, high: float) -> float | None:
    """A number from outside: clipped, None and NaN to None.

    Raises:
        TypeError: It is no number.
    """
    if value is None:
        return None
    try:
        found = float(value)  # type: ignore[arg-type]  # numpy's and torch's numbers, too
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be numbers or None, not {value!r}") from None
    return None if math.isnan(found) else min(high, max(low, found))


def dotted_name(target: str | Callable[..., object]) -> str:
    """Where a function is, as ``package.module:name``.

    Raises:
        TypeError: It isn't at the top of a module, or there is no such name.
    """
    if isinstance(target, str):
        module, colon, name = target.partition(":")
        if not colon or not module or not name:
            raise TypeError(f'a function is named as "package.module:name", not {target!r}')
        return target
    module = getattr(target, "__module__", None) or ""
    name = getattr(target, "__qualname__", "")
    if not module or not name or "<" in name:
        raise TypeError(
            f"{target!r} has to be a function at the top of a module, so that workers find it; "
            'give it as "package.module:name"'
        )
    where = f"{module}:{name}"
    try:
        found: object = resolve(where)
    except (ImportError, AttributeError, TypeError):
        found = None
    if found is not target:
        raise TypeError(
            f"{target!r} isn't what {where} means, so workers wouldn't find it; "
            "give a function at the top of a module"
        )
    return where


@functools.lru_cache(maxsize=256)
def resolve(target: str) -> Callable[..., object]:
    """The function behind a dotted name.

    Raises:
        ImportError: There is no such module.
        AttributeError: There is no such name in it.
        TypeError: It cannot be called.
    """
    module, _, name = target.partition(":")
    found: object = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{target} cannot be called")
    return found
