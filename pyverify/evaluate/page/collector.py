"""What a page needs of a run: counts of all rows, and a bounded choice of them to show."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from pyverify import Options, Reason, Result, Verdict
from pyverify.evaluate.judged import Judged
from pyverify.evaluate.page.excerpt import Excerpt, excerpt
from pyverify.evaluate.page.lengths import Lengths
from pyverify.io import Gold, Row, RowFault
from pyverify.io.paths import get_path
from pyverify.messages import asked

STATUSES = ("wrong", "undecided", "unparseable", "limit", "no_answer", "gold_error", "right")
"""What can become of a row, in the order that a page shows them."""

# Texts longer than this are never shown whole, nor explained.
LONGEST = 2000
# Spreads indices evenly over 64 bits: the smallest keys are rows from everywhere in the run.
_SPREAD, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that may be shown.

    Attributes:
        index: Its position among all rows.
        source: The input's name.
        line: Its line there, from 1.
        sample: Which of the line's completions it is, or None.
        id: Its name in the file.
        dataset: Its data set, "" for none.
        status: One of `STATUSES`.
        reason: Why.
        answer: The answer, or None; at most `LONGEST` characters and one.
        gold: What it was compared with.
        options: How it was judged.
        result: The verdict alone, to hold an explanation against.
        problem: The problem's text, "" where the record has none.
        response: Parts of the completion.
        truncated: Whether its generation was cut off, as the file says.
    """

    index: int
    source: str
    line: int
    sample: int | None
    id: str
    dataset: str
    status: str
    reason: str
    answer: str | None
    gold: Gold
    options: Options
    result: Verdict | None
    problem: str
    response: Excerpt
    truncated: bool


class _Pool:
    """At most so many rows, from everywhere in the run; which ones depends on their places only."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        self._heap: list[tuple[int, Kept]] = []

    def wants(self, key: int) -> bool:
        self.count += 1
        return self.most > 0 and (len(self._heap) < self.most or -key > self._heap[0][0])

    def add(self, key: int, kept: Kept) -> None:
        if len(self._heap) < self.most:
            heapq.heappush(self._heap, (-key, kept))
        else:
            heapq.heapreplace(self._heap, (-key, kept))

    def first(self, most: int) -> list[Kept]:
        """At most so many, in the run's order."""
        chosen = heapq.nlargest(most, self._heap, key=lambda entry: entry[0])
        return sorted((kept for _, kept in chosen), key=lambda kept: kept.index)


@dataclass(slots=True)
class PageCollector:
    """Looks at every row of a run and keeps what a page shows; memory doesn't grow with the run.

    Wrong answers go first. A tenth of the places is kept for what is neither right nor wrong and a
    twentieth for right answers, as far as there are such rows; right answers never take more than a
    tenth.

    Attributes:
        limit: Rows kept at most.
        rows: Rows seen.
        statuses: How many of them have each status.
        lengths: Lengths of the responses against their scores.
        sources: How many rows came from each input.
    """

    limit: int = 2000
    rows: int = 0
    statuses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    lengths: Lengths = field(default_factory=Lengths)
    sources: dict[str, int] = field(default_factory=dict)
    _pools: dict[str, _Pool] = field(init=False)

    def __post_init__(self) -> None:
        other = _Pool(self.limit)
        self._pools = dict.fromkeys(STATUSES, other)
        self._pools["wrong"] = _Pool(self.limit)
        self._pools["right"] = _Pool(self.limit // 10)

    def see(self, judged: Judged) -> None:
        """Counts a chunk's rows and keeps some of them."""
        rows, results = judged.rows, judged.results
        self.sources[judged.source] = self.sources.get(judged.source, 0) + len(rows)
        for i, (row, result) in enumerate(zip(rows, results, strict=True)):
            status = _status(row, result)
            self.statuses[status] += 1
            if result is not None:
                self.lengths.add(len(row.completion), result.score)
            key = self.rows * _SPREAD & _MASK
            pool = self._pools[status]
            if pool.wants(key):
                pool.add(key, _kept(judged, i, self.rows, status))
            self.rows += 1

    def chosen(self) -> list[Kept]:
        """The rows to show: wrong ones, what is neither, right ones; each in the run's order."""
        wrong, other, right = (self._pools[name] for name in ("wrong", "undecided", "right"))
        kept_right = min(right.count, self.limit // 20)
        kept_other = min(other.count, self.limit // 10)
        shown = wrong.first(self.limit - kept_right - kept_other)
        shown += other.first(self.limit - len(shown) - kept_right)
        return shown + right.first(self.limit - len(shown))


def _status(row: Row, result: Result | None) -> str:
    if result is None:
        return "gold_error" if row.fault is RowFault.MISSING_GOLD else "no_answer"
    verdict = result.verdict
    if verdict is Verdict.EQUAL:
        return "right"
    if verdict is Verdict.NOT_EQUAL:
        return "wrong"
    if verdict is Verdict.BAD_GOLD:
        return "gold_error"
    if verdict is Verdict.UNDECIDED and result.reason is Reason.UNPARSEABLE:
        return "unparseable"
    return str(verdict)


def _kept(judged: Judged, i: int, index: int, status: str) -> Kept:
    row, result = judged.rows[i], judged.results[i]
    answer = None if result is None else result.answer
    reason = row.fault.value if row.fault is not None else ""
    return Kept(
        index=index,
        source=judged.source,
        line=row.line,
        sample=row.sample,
        id=str(index if row.id is None else row.id)[:LONGEST],
        dataset=(row.dataset or "")[:LONGEST],
        status=status,
        reason=reason if result is None else result.reason.value,
        answer=None if answer is None else answer[: LONGEST + 1],
        gold=_short(judged.golds[i]),
        options=judged.options[i],
        result=None if result is None else result.verdict,
        problem=_problem(row, judged.fields.problem)[:LONGEST],
        response=excerpt(row.completion, None if result is None else result.span),
        truncated=bool(row.truncated),
    )


def _problem(row: Row, path: str | None) -> str:
    return "" if row.record is None or path is None else asked(get_path(row.record, path)) or ""


def _short(gold: Gold) -> Gold:
    """A gold that fits in memory two thousand times; longer ones as the beginning of their text."""
    text = gold if isinstance(gold, str) else repr(gold)
    return gold if len(text) <= LONGEST else text[: LONGEST + 1]
