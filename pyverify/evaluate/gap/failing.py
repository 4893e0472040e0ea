"""The rows of a chunk that scored nothing, and how they are judged anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyverify import Options, Result, verify_batch
from pyverify.evaluate.judged import Judged
from pyverify.io import Gold, Row, RowFault

__all__ = ["Change", "Failing", "rescored"]

Change = Callable[[Options], Options]
"""Other options for a row; the same where nothing would change."""


@dataclass(frozen=True, slots=True)
class Failing:
    """Rows that are scored and not right, in the file's order.

    Attributes:
        source: The input's name.
        rows: The rows.
        golds: What they were compared with.
        options: How each was judged.
        results: The verdicts; None where there was no response.
    """

    source: str
    rows: list[Row]
    golds: list[Gold]
    options: list[Options]
    results: list[Result | None]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.rows)

    def answered(self) -> Iterator[tuple[int, Result]]:
        """Those with a response, by their place, with their verdicts."""
        for i, result in enumerate(self.results):
            if result is not None:
                yield i, result

    @staticmethod
    def of(judged: Judged) -> Failing:
        """The failing rows of a chunk; rows without a gold are not scored and left out."""
        kept = [
            i
            for i, (row, result) in enumerate(zip(judged.rows, judged.results, strict=True))
            if row.fault is not RowFault.MISSING_GOLD and (result is None or result.score < 1.0)
        ]
        return Failing(
            judged.source,
            [judged.rows[i] for i in kept],
            [judged.golds[i] for i in kept],
            [judged.options[i] for i in kept],
            [judged.results[i] for i in kept],
        )


def rescored(
    failing: Failing,
    change: Change,
    *,
    texts: dict[int, str] | None = None,
    golds: dict[int, Gold] | None = None,
) -> list[bool]:
    """Judges failing rows once more.

    Args:
        failing: The rows.
        change: Their options this time; rows that keep theirs, their text and their gold are not
            judged again.
        texts: Other responses, by place.
        golds: Other golds, by place.

    Returns:
        For every row, whether it is right this time.
    """
    right = [False] * len(failing)
    by_options: dict[Options, list[int]] = {}
    for i, _ in failing.answered():
        options = change(failing.options[i])
        again = i in (texts or ()) or i in (golds or ())
        if again or options != failing.options[i]:
            by_options.setdefault(options, []).append(i)
    for options, places in by_options.items():
        completions = [(texts or {}).get(i, failing.rows[i].completion) for i in places]
        references = [(golds or {}).get(i, failing.golds[i]) for i in places]
        for i, verdict in zip(places, _judge(completions, references, options), strict=True):
            right[i] = verdict
    return right


def _judge(completions: Sequence[str], golds: Sequence[Gold], options: Options) -> list[bool]:
    return [bool(one) for one in verify_batch(completions, golds=golds, options=options)]
