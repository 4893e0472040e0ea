"""Graders that need no process of their own: they start from what the engine found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyverify.golds import gold_spec
from pyverify.graders.base import Case, Judgement

__all__ = ["Exact", "Pyverify"]


class Pyverify:
    """The verdict that the run has found anyway.

    Args:
        label: The grader's name in verdict rows.
    """

    name = "pyverify"

    def __init__(self, label: str) -> None:
        """Keeps the label."""
        self.label = label

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """Repeats it."""
        for case in cases:
            found = case.result
            yield Judgement(
                right=bool(found),
                verdict=found.verdict.value,
                reason=found.reason.value,
                score=found.score,
                extracted=found.answer,
            )

    def close(self) -> None:
        """Nothing was started."""


class Exact:
    """The floor: the extracted answer and the gold are the same characters, spaces around apart."""

    name = "exact"
    label = "exact"

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """Compares texts."""
        for case in cases:
            answer = case.result.answer
            if answer is None:
                yield Judgement(False, "no_answer", case.result.reason.value, 0.0)
                continue
            same = answer.strip() in _texts(case.result.gold)
            verdict = "equal" if same else "not_equal"
            yield Judgement(same, verdict, "characters", float(same), answer)

    def close(self) -> None:
        """Nothing was started."""


def _texts(gold: str) -> list[str]:
    """The gold's alternatives, the parts of each in one line."""
    return [", ".join(part.strip() for part in parts) for parts in gold_spec(gold)]
