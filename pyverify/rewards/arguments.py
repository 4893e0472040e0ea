"""The arguments of a call: one completion, a list of them, or conversations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from pyverify import _core
from pyverify.messages import asked, is_conversation, prompt_end, said
from pyverify.rewards.numbers import count
from pyverify.rewards.samples import Samples
from pyverify.types import Gold
from pyverify.verify import usable_cores

__all__ = ["as_list", "read_samples"]

# More threads than this are a mistake.
_MOST_THREADS = 1024


def read_samples(
    completions: object,
    *,
    gold: Gold | None,
    golds: Iterable[Gold | None] | None,
    prompts: object,
    columns: Mapping[str, object],
    threads: int | None,
) -> tuple[Samples, bool]:
    """Reads the arguments of a call.

    Returns:
        The completions as columns, and whether it was a single one.

    Raises:
        TypeError: A completion is neither text nor conversation, or both `gold` and `golds` are
            given.
        ValueError: A column has another length than the completions.
    """
    single = isinstance(completions, str) or is_conversation(completions)
    if single:
        listed: Sequence[object] = [completions]
        if golds is not None:
            raise TypeError("one completion takes gold=…; golds=[…] is for a list of completions")
        columns = {name: [value] for name, value in columns.items()}
        prompts = None if prompts is None else [prompts]
    else:
        listed = as_list(completions, "completions")
    if gold is not None and golds is not None:
        raise TypeError("gold=… is one gold for all and golds=[…] one for each: give one of them")
    size = len(listed)
    references: Sequence[object] | None = [gold] * size if gold is not None else None
    if golds is not None:
        references = as_list(golds, "golds")
    listed_prompts = None if prompts is None else as_list(prompts, "prompts")
    # Trainers pass more than lists: a state, a logger. Only what has a value for each is a column.
    found = {
        name: as_list(values, name)
        for name, values in columns.items()
        if hasattr(values, "__len__") and not isinstance(values, (str, bytes, Mapping))
    }
    checked = {"golds": references, "prompts": listed_prompts, **found}
    for name, column in checked.items():
        if column is not None and len(column) != size:
            raise ValueError(f"{size} completions but {len(column)} {name}: give one each")
    texts, spoken = _texts(listed)
    samples = Samples(
        texts=texts,
        spoken=spoken,
        golds=None if references is None else tuple(map(_gold, references)),  # type: ignore[arg-type]
        prompts=(None,) * size if listed_prompts is None else tuple(map(asked, listed_prompts)),
        opened=_opened(listed_prompts, size),
        columns=found,
        threads=_threads(threads),
    )
    return samples, single


def _threads(threads: int | None) -> int:
    return usable_cores() if threads is None else min(count(threads, "threads"), _MOST_THREADS)


def as_list(values: object, name: str) -> Sequence[object]:
    """A column as a list.

    Raises:
        TypeError: It is none.
    """
    # A set has no order that golds could follow.
    unordered = isinstance(values, (str, bytes, Mapping, AbstractSet))
    if unordered or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list, not {type(values).__name__}")
    return values if isinstance(values, (list, tuple)) else list(values)


def _opened(prompts: Sequence[object] | None, size: int) -> tuple[bool, ...]:
    """Whether each response begins inside a reasoning block."""
    if prompts is None:
        return (False,) * size
    return tuple(map(bool, _core.opens_reasoning(tuple(map(prompt_end, prompts)))))


def _gold(gold: object) -> object:
    """Scalars of numpy and torch as Python's own."""
    item = getattr(gold, "item", None)
    return gold if isinstance(gold, str) or item is None else item()


def _texts(completions: Sequence[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is searched for answers, and all that was said."""
    plain = tuple(value for value in completions if type(value) is str)
    if len(plain) == len(completions):
        return plain, plain
    spans = [_spans(value, i) for i, value in enumerate(completions)]
    # Of several turns the last one answers: what stands before a tool's output is no answer to it.
    return tuple(s[-1] if s else "" for s in spans), tuple("\n\n".join(s) for s in spans)


def _spans(value: object, index: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if is_conversation(value):
        return said(value)
    if isinstance(value, (list, tuple)) and not value:
        return []
    raise TypeError(
        f"completions[{index}] must be a str or a list of messages with roles, "
        f"not {type(value).__name__}"
    )
