"""Counts and the accuracy of some rows, with an error bar that respects shared prompts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from pyverify import Reason, Result, Verdict
from pyverify.evaluate.reward_run import RewardTally


@dataclass(slots=True)
class Tally:
    """What is known about the rows of one data set.

    Memory grows with the number of prompts that have a group, not with the number of rows.

    Attributes:
        rows: Rows scored.
        total: Sum of their scores.
        no_answer: Responses without a final answer, missing responses included.
        missing: Responses that the file does not have.
        unparseable: Answers that are no mathematics the engine reads.
        undecided: Answers neither shown right nor wrong, the unparseable left out.
        limit: Answers beyond a limit.
        bad_gold: Golds that the engine refuses.
        missing_gold: Rows without a gold; these are not scored and not among `rows`.
        unevaluated: Right answers that leave arithmetic undone.
        rewards: The rewards of the rows, where the run has a reward.
    """

    rows: int = 0
    total: float = 0.0
    no_answer: int = 0
    missing: int = 0
    unparseable: int = 0
    undecided: int = 0
    limit: int = 0
    bad_gold: int = 0
    missing_gold: int = 0
    unevaluated: int = 0
    rewards: RewardTally = field(default_factory=RewardTally)
    _squares: float = 0.0
    _singles: int = 0
    _singles_total: float = 0.0
    _groups: dict[bytes, list[float]] = field(default_factory=dict)

    def add(self, result: Result, group: bytes | None) -> None:
        """Counts one verdict."""
        self._add_score(result.score, group)
        self.unevaluated += result.unevaluated
        verdict = result.verdict
        if verdict is Verdict.EQUAL or verdict is Verdict.NOT_EQUAL:
            return
        if verdict is Verdict.NO_ANSWER:
            self.no_answer += 1
        elif verdict is Verdict.LIMIT:
            self.limit += 1
        elif verdict is Verdict.BAD_GOLD:
            self.bad_gold += 1
        elif result.reason is Reason.UNPARSEABLE:
            self.unparseable += 1
        else:
            self.undecided += 1

    def add_missing(self, group: bytes | None) -> None:
        """Counts a response that the file does not have: it answered nothing, so it scores 0."""
        self._add_score(0.0, group)
        self.no_answer += 1
        self.missing += 1

    def add_missing_gold(self) -> None:
        """Counts a row that nothing can be said about."""
        self.missing_gold += 1

    def _add_score(self, score: float, group: bytes | None) -> None:
        self.rows += 1
        self.total += score
        if group is None:
            self._singles += 1
            self._singles_total += score
            self._squares += score * score
            return
        known = self._groups.get(group)
        if known is None:
            self._groups[group] = [1, score]
        else:
            known[0] += 1
            known[1] += score

    @property
    def accuracy(self) -> float | None:
        """Mean score, or None of nothing."""
        return self.total / self.rows if self.rows else None

    @property
    def prompts(self) -> int:
        """Number of prompts; a row that shares its prompt with none counts as one."""
        return self._singles + len(self._groups)

    @property
    def standard_error(self) -> float | None:
        """Standard error of the accuracy, clustered by prompt; None for fewer than two prompts.

        The residuals of one prompt's samples are added before they are squared, because they are
        not independent draws (the sandwich estimator with the usual small-sample factor
        G / (G - 1)). With one sample per prompt it is the sample deviation over the root of n.
        """
        mean, clusters = self.accuracy, self.prompts
        if mean is None or clusters < 2:
            return None
        squares = self._squares - 2 * mean * self._singles_total + mean * mean * self._singles
        squares += math.fsum((total - n * mean) ** 2 for n, total in self._groups.values())
        return math.sqrt(max(squares, 0.0) * clusters / (clusters - 1)) / self.rows
