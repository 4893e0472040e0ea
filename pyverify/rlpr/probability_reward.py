"""RLPR's reward from token ids: splicing, scoring, debiasing, shaping, in one call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyverify.rlpr.aggregate import Aggregation, aggregate, known
from pyverify.rlpr.baseline import Baseline, BaselinePolicy, baseline_key
from pyverify.rlpr.references import References, Usable, check, usable
from pyverify.rlpr.scored import ScoredBatch, ScoredResponse
from pyverify.rlpr.shaping import Clip, Shaping
from pyverify.rlpr.splice import Splice, Splicer, Unspliced
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import Scorer

_UNUSABLE = ("empty_reference", "unaligned")


class ProbabilityReward:
    """The policy's own probability of the reference, less what it is without the reasoning.

    For each reference: r is the aggregated probability of its tokens in the place of the response's
    own answer, r' the same without reasoning; the reward is ``shaping(r - r')``. All sequences of a
    call go to the scorer at once, each r' once.

    A response without a place for an answer gets `invalid`. An empty reference, one that cannot be
    joined, and NaN from the scorer make NaN: `pyverify.rewards` abstains there.

    Attributes:
        scorer: Gives the log-probabilities of references.
        splicer: Puts references into responses.
        baseline: Where r' comes from; None for no debiasing.
        shaping: What becomes of r - r'.
        aggregation: How probabilities of tokens become r and r'.
        references: How several references become one.
        invalid: The reward of a response without a place for an answer.

    Raises:
        ValueError: There is no such aggregation, baseline, or way to take several references.
    """

    def __init__(
        self,
        scorer: Scorer,
        splicer: Splicer,
        *,
        baseline: Baseline | BaselinePolicy | None = "initial",
        shaping: Shaping | None = None,
        aggregation: Aggregation = "mean",
        references: References = "max",
        invalid: float = 0.0,
    ) -> None:
        known(aggregation)
        check(references)
        self.scorer = scorer
        self.splicer = splicer
        self.baseline = Baseline(baseline) if isinstance(baseline, str) else baseline
        self.shaping = Clip() if shaping is None else shaping
        self.aggregation = aggregation
        self.references = references
        self.invalid = invalid

    def __call__(
        self,
        prompts: Sequence[Sequence[int]],
        responses: Sequence[Sequence[int]],
        references: Sequence[str | Sequence[str]],
    ) -> ScoredBatch:
        """The rewards of responses.

        Args:
            prompts: Token ids of each response's prompt, as the policy got it.
            responses: Token ids that it sampled, without padding.
            references: Each response's reference, or references.

        Raises:
            TypeError: Ids are no ints, a reference is no text.
            ValueError: Lengths differ, or the scorer's answer doesn't fit.
        """
        if not len(prompts) == len(responses) == len(references):
            raise ValueError(
                "prompts, responses and references must have one length, "
                f"got {len(prompts)}, {len(responses)} and {len(references)}"
            )
        asked = _Asked(self.baseline, self.splicer, self.aggregation)
        rows = []
        for prompt, response, given in zip(prompts, responses, references, strict=True):
            wanted = usable(given, self.references)
            splice = self.splicer(prompt, response, wanted.texts)
            places = [asked.add(one) for one in splice.sequences]
            reason = splice.reason
            bases: list[_Base] | None = None
            if self.baseline is not None and reason is None:
                bases = [asked.base(prompt, text) for text in wanted.texts]
                if any(base.lost for base in bases):
                    reason = "unaligned"
            rows.append(_Row(splice, wanted, places, bases, reason))
        values = asked.answer(self.scorer)
        return ScoredBatch(
            tuple(self._scored(row, values) for row in rows), asked.hits, asked.misses
        )

    def prepare(
        self,
        prompts: Sequence[Sequence[int]],
        references: Sequence[str | Sequence[str]],
        *,
        batch: int = 256,
    ) -> int:
        """Has the baseline of all prompts scored: before training, by the initial policy.

        Args:
            prompts: Token ids of each prompt.
            references: Each prompt's reference, or references.
            batch: How many prompts the scorer gets at once.

        Returns:
            How many baselines were not known before.

        Raises:
            ValueError: There is no baseline that keeps what it finds, or lengths differ.
        """
        if self.baseline is None or self.baseline.policy == "current":
            raise ValueError(
                'prepare needs baseline=Baseline("initial"), which keeps what it finds'
            )
        if len(prompts) != len(references) or batch < 1:
            raise ValueError(
                "prompts and references must have one length and batch be at least 1, "
                f"got {len(prompts)}, {len(references)} and {batch}"
            )
        found = 0
        for begin in range(0, len(prompts), batch):
            asked = _Asked(self.baseline, self.splicer, self.aggregation)
            for at in range(begin, min(begin + batch, len(prompts))):
                for text in usable(references[at], self.references).texts:
                    asked.base(prompts[at], text)
            asked.answer(self.scorer)
            found += asked.misses
        return found

    def _scored(self, row: _Row, values: Sequence[float]) -> ScoredResponse:
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


@dataclass(frozen=True, slots=True)
class _Base:
    """A baseline: known, asked for at a place, or neither where it cannot be had."""

    known: float | None = None
    place: int | None = None

    @property
    def lost(self) -> bool:
        return self.known is None and self.place is None

    def value(self, values: Sequence[float]) -> float:
        if self.known is not None:
            return self.known
        return math.nan if self.place is None else values[self.place]


@dataclass(frozen=True, slots=True)
class _Row:
    """A response, and where its numbers will be."""

    splice: Splice
    wanted: Usable
    places: list[int]
    bases: list[_Base] | None
    reason: Unspliced | None


@dataclass(slots=True)
class _Asked:
    """The sequences of one call to the scorer, each baseline once."""

    baseline: Baseline | None
    splicer: Splicer
    aggregation: Aggregation
    hits: int = 0
    misses: int = 0
    sequences: list[Spliced] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    bases: dict[tuple[tuple[int, ...], str], _Base] = field(default_factory=dict)

    def add(self, sequence: Spliced) -> int:
        """Its place in the answer."""
        self.sequences.append(sequence)
        return len(self.sequences) - 1

    def base(self, prompt: Sequence[int], reference: str) -> _Base:
        """The baseline of a reference, the same for all responses of a prompt."""
        group = (tuple(prompt), reference)
        found = self.bases.get(group)
        if found is None:
            found = self.bases[group] = self._base(prompt, reference)
        return found

    def _base(self, prompt: Sequence[int], reference: str) -> _Base:
        if self.baseline is None:
            return _Base()
        sequence = self.splicer.baseline_of(prompt, reference, self.baseline.form)
        if sequence is None:
            return _Base()
        key = baseline_key(sequence, self.aggregation)
        if key in self.keys:
            return _Base(place=self.keys[key])
        known = self.baseline.get(key)
        if known is not None:
            self.hits += 1
            return _Base(known=known)
        self.misses += 1
        self.keys[key] = self.add(sequence)
        return _Base(place=self.keys[key])

    def answer(self, scorer: Scorer) -> list[float]:
        """One number for each sequence; new baselines are kept."""
        if not self.sequences:
            return []
        log_probs = scorer(self.sequences)
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
