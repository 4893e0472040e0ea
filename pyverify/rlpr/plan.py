"""What a probability reward asks of a policy, and what becomes of the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyverify.rlpr.aggregate import Aggregation, aggregate
from pyverify.rlpr.baseline import Baseline, baseline_key
from pyverify.rlpr.references import Usable
from pyverify.rlpr.scored import ScoredBatch, ScoredResponse
from pyverify.rlpr.shaping import Shaping
from pyverify.rlpr.splice import Splice, Splicer, Unspliced
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import TokenLogProbs

_UNUSABLE = ("empty_reference", "unaligned")


@dataclass(frozen=True, slots=True)
class Base:
    """A baseline: known, asked for at a place, or neither where it cannot be had."""

    known: float | None = None
    place: int | None = None

    @property
    def lost(self) -> bool:
        """Whether it cannot be had."""
        return self.known is None and self.place is None

    def value(self, values: Sequence[float]) -> float:
        """Its number, given those of all sequences."""
        if self.known is not None:
            return self.known
        return math.nan if self.place is None else values[self.place]


@dataclass(frozen=True, slots=True)
class Row:
    """A response, and where its numbers will be."""

    splice: Splice
    wanted: Usable
    places: list[int]
    bases: list[Base] | None
    reason: Unspliced | None


@dataclass(slots=True)
class Questions:
    """The sequences that a scorer is asked about at once, each baseline once."""

    baseline: Baseline | None
    splicer: Splicer
    aggregation: Aggregation
    hits: int = 0
    misses: int = 0
    sequences: list[Spliced] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    bases: dict[tuple[tuple[int, ...], str], Base] = field(default_factory=dict)

    def row(self, prompt: Sequence[int], response: Sequence[int], wanted: Usable) -> Row:
        """Asks all that a response needs."""
        splice = self.splicer(prompt, response, wanted.texts)
        places = [self.add(one) for one in splice.sequences]
        reason = splice.reason
        bases: list[Base] | None = None
        if self.baseline is not None and reason is None:
            bases = [self.base(prompt, text) for text in wanted.texts]
            if any(base.lost for base in bases):
                reason = "unaligned"
        return Row(splice, wanted, places, bases, reason)

    def add(self, sequence: Spliced) -> int:
        """Its place in the answer."""
        self.sequences.append(sequence)
        return len(self.sequences) - 1

    def base(self, prompt: Sequence[int], reference: str) -> Base:
        """The baseline of a reference, the same for all responses of a prompt."""
        group = (tuple(prompt), reference)
        found = self.bases.get(group)
        if found is None:
            found = self.bases[group] = self._base(prompt, reference)
        return found

    def _base(self, prompt: Sequence[int], reference: str) -> Base:
        if self.baseline is None:
            return Base()
        sequence = self.splicer.baseline_of(prompt, reference, self.baseline.form)
        if sequence is None:
            return Base()
        key = baseline_key(sequence, self.aggregation)
        if key in self.keys:
            return Base(place=self.keys[key])
        known = self.baseline.get(key)
        if known is not None:
            self.hits += 1
            return Base(known=known)
        self.misses += 1
        self.keys[key] = self.add(sequence)
        return Base(place=self.keys[key])

    def values(self, log_probs: TokenLogProbs) -> list[float]:
        """One number for each sequence; new baselines are kept.

        Raises:
            ValueError: The answer is not about these sequences.
        """
        wanted = [len(one.reference) for one in self.sequences]
        if log_probs.cu_seqlens.diff().tolist() != wanted:
            raise ValueError(
                f"scorer must answer for {len(wanted)} references of {sum(wanted)} tokens; "
                f"its cu_seqlens have {len(log_probs.cu_seqlens)} elements"
                f" and its log_probs {len(log_probs.log_probs)}"
            )
        values: list[float] = aggregate(log_probs, aggregation=self.aggregation).rewards.tolist()
        if self.baseline is not None:
            for key, place in self.keys.items():
                self.baseline.put(key, values[place])
        return values


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions of a batch of responses, for a policy that cannot be called like a `Scorer`.

    Between the two halves of `ProbabilityReward` may lie whatever gives log-probabilities: an
    engine that is awaited, a forward that a trainer makes anyway::

        plan = reward.plan([prompt], [response], [reference])
        found = await asyncio.gather(*(ask(one) for one in plan.sequences))
        (scored,) = plan.finish(TokenLogProbs.of(found))

    Attributes:
        questions: What is asked.
        rows: The responses.
        shaping: What becomes of r - r'.
        invalid: The reward of a response without a place for an answer.
    """

    questions: Questions
    rows: tuple[Row, ...]
    shaping: Shaping
    invalid: float

    @property
    def sequences(self) -> tuple[Spliced, ...]:
        """What the policy is to be asked about; there may be nothing."""
        return tuple(self.questions.sequences)

    def finish(self, log_probs: TokenLogProbs) -> ScoredBatch:
        """The rewards; baselines that were not known are kept.

        Args:
            log_probs: Of each sequence's reference tokens, at temperature 1, in order.

        Raises:
            ValueError: They are of others.
        """
        values = self.questions.values(log_probs)
        return ScoredBatch(
            tuple(self._scored(row, values) for row in self.rows),
            self.questions.hits,
            self.questions.misses,
        )

    def _scored(self, row: Row, values: Sequence[float]) -> ScoredResponse:
        """A response's part of what the scorer answered."""
        splice, bases = row.splice, None
        reward, r, baseline = self.invalid, 0.0, None
        if row.reason in _UNUSABLE:
            reward = r = math.nan
        elif row.reason is None:
            found = [values[place] for place in row.places]
            if row.bases is not None:
                bases = [base.value(values) for base in row.bases]
            gains = [
                one - base for one, base in zip(found, bases or [0.0] * len(found), strict=True)
            ]
            # A shaping may compare, and so lose a NaN.
            shaped = [one if math.isnan(one) else self.shaping(one) for one in gains]
            reward = row.wanted.combine(shaped, shaped)
            r = row.wanted.combine(found, shaped)
            baseline = None if bases is None else row.wanted.combine(bases, shaped)
        return ScoredResponse(
            reward=reward,
            r=r,
            baseline=baseline,
            well_formed=splice.well_formed,
            answer=splice.answer,
            reason=row.reason,
            respelled=max((one.respelled for one in splice.sequences), default=0),
        )
