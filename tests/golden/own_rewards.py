"""Functions of a user's, which rows of rewards.jsonl name."""

from __future__ import annotations

from collections.abc import Sequence


def share_of_capitals(completions: Sequence[str], **_: object) -> list[float | None]:
    return [sum(c.isupper() for c in text) / len(text) if text else None for text in completions]


def length_of_gold(
    completions: Sequence[str], *, golds: Sequence[str | None], **_: object
) -> list[int | None]:
    return [None if gold is None else len(gold) for gold in golds]


def half_of_prm(
    completions: Sequence[str], *, prm: Sequence[float], **_: object
) -> list[float | None]:
    return [value / 2 for value in prm]


def one_by_letters(
    steps: Sequence[Sequence[str]], prompts: Sequence[str | None]
) -> list[list[float]]:
    """A scorer of steps: the shorter, the better."""
    return [[1 / len(step) for step in response] for response in steps]
