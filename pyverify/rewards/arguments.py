"""The arguments of a call: one completion, a list of them, or conversations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pyverify.messages import asked, is_conversation, opens_reasoning, said
from pyverify.rewards.samples import Samples
from pyverify.types import Gold
from pyverify.verify import usable_cores
from pyverify.worked import final_gold

__all__ = ["read_samples"]

_SHORTEST_SOLUTION = 6


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
        listed = _listed(completions, "completions")
    if gold is not None and golds is not None:
        raise TypeError("gold=… is one gold for all and golds=[…] one for each: give one of them")
    count = len(listed)
    references: Sequence[object] | None = [gold] * count if gold is not None else None
    if golds is not None:
        references = _listed(golds, "golds")
    listed_prompts = None if prompts is None else _listed(prompts, "prompts")
    found = {name: _listed(values, name) for name, values in columns.items()}
    checked = {"golds": references, "prompts": listed_prompts, **found}
    for name, column in checked.items():
        if column is not None and len(column) != count:
            raise ValueError(f"{count} completions but {len(column)} {name}: give one each")
    texts, spoken = _texts(listed)
    samples = Samples(
        texts=texts,
        spoken=spoken,
        golds=None if references is None else tuple(map(_gold, references)),  # type: ignore[arg-type]
        prompts=(None,) * count if listed_prompts is None else tuple(map(asked, listed_prompts)),
        opened=(False,) * count
        if listed_prompts is None
        else tuple(map(opens_reasoning, listed_prompts)),
        columns=found,
        threads=usable_cores() if threads is None else threads,
    )
    return samples, single


def _listed(values: object, name: str) -> Sequence[object]:
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list, not {type(values).__name__}")
    return values if isinstance(values, (list, tuple)) else list(values)


def _gold(gold: object) -> object:
    """The answer of a worked solution; anything else as it is."""
    # Most golds are too short to be one: looking for its marks would cost as much as a verdict.
    return final_gold(gold) if isinstance(gold, str) and len(gold) > _SHORTEST_SOLUTION else gold


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
