"""What is asked of the worker: two readings, if they are worth asking about."""

from __future__ import annotations

from typing import TypeAlias

from pyverify.options import Options
from pyverify.reading import Node, Reading, read_tree
from pyverify.types import Reason

Job: TypeAlias = "dict[str, list[Node] | bool]"
"""Both sides as nodes, and whether a difference of their values counts."""

MOST_NODES = 512
MOST_DIGITS = 1200


def make_job(gold: str, answer: str, options: Options) -> Job | None:
    """The question whether an answer is a gold; None when the tier must stay out of it.

    Args:
        gold: The gold's text.
        answer: The answer's text.
        options: As the engine read them.

    Example:
        >>> job = make_job("x^2", "x*x", Options())
        >>> None if job is None else job["exact"]
        True
    """
    mine, theirs = read_tree(gold, options), read_tree(answer, options)
    if not _fits(mine) or not _fits(theirs) or options.ordered_lists:
        return None
    if options.relative_tolerance or options.absolute_tolerance:
        return None
    # An answer that leaves an operator standing is the question copied (docs/grading.md).
    if theirs.holds("operator") and not mine.holds("operator"):
        return None
    # A decimal gold is a rounded value: being another number proves nothing.
    exact = not any(kind == "number" and "e-" in text for kind, text, _ in mine.nodes)
    return {"gold": list(mine.nodes), "answer": list(theirs.nodes), "exact": exact}


def leaves_arithmetic(gold: str, answer: str, options: Options) -> bool:
    """Whether an equal answer leaves arithmetic undone that the gold does not leave."""
    mine, theirs = read_tree(gold, options), read_tree(answer, options)
    return not theirs.evaluated and mine.evaluated


def _fits(reading: Reading) -> bool:
    if reading.problem is not Reason.NONE or not 0 < len(reading.nodes) <= MOST_NODES:
        return False
    return all(len(text) <= MOST_DIGITS for kind, text, _ in reading.nodes if kind == "number")
