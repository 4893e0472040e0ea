"""RLPR's reward from token ids: splicing, scoring, debiasing, shaping, in one call."""

from __future__ import annotations

from collections.abc import Sequence

from pyverify.rlpr.aggregate import Aggregation, known
from pyverify.rlpr.baseline import Baseline, BaselinePolicy
from pyverify.rlpr.plan import Plan, Questions
from pyverify.rlpr.references import References, check, usable
from pyverify.rlpr.scored import ScoredBatch
from pyverify.rlpr.shaping import Clip, Shaping
from pyverify.rlpr.splice import Splicer
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import Scorer, TokenLogProbs


class ProbabilityReward:
    """The policy's own probability of the reference, less what it is without the reasoning.

    For each reference: r is the aggregated probability of its tokens in the place of the response's
    own answer, r' the same without reasoning; the reward is ``shaping(r - r')``. All sequences of a
    call go to the scorer at once, each r' once.

    A response without a place for an answer gets `invalid`. An empty reference, one that cannot be
    joined, and NaN from the scorer make NaN: `pyverify.rewards` abstains there.

    Attributes:
        scorer: Gives the log-probabilities of references; None where only `plan` is called.
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
        scorer: Scorer | None,
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
            ValueError: Lengths differ, there is no scorer, or its answer doesn't fit.
        """
        plan = self.plan(prompts, responses, references)
        return plan.finish(self._answer(plan.sequences))

    def plan(
        self,
        prompts: Sequence[Sequence[int]],
        responses: Sequence[Sequence[int]],
        references: Sequence[str | Sequence[str]],
    ) -> Plan:
        """The first half of a call: what is to be asked, for whoever can answer it.

        Args:
            prompts: As for a call.
            responses: As for a call.
            references: As for a call.

        Raises:
            TypeError: Ids are no ints, a reference is no text.
            ValueError: Lengths differ.
        """
        if not len(prompts) == len(responses) == len(references):
            raise ValueError(
                "prompts, responses and references must have one length, "
                f"got {len(prompts)}, {len(responses)} and {len(references)}"
            )
        questions = self._questions()
        rows = tuple(
            questions.row(prompt, response, usable(given, self.references))
            for prompt, response, given in zip(prompts, responses, references, strict=True)
        )
        return Plan(questions, rows, self.shaping, self.invalid)

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
            ValueError: There is no baseline that keeps what it finds, or no scorer, or lengths
                differ.
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
            questions = self._questions()
            for at in range(begin, min(begin + batch, len(prompts))):
                for text in usable(references[at], self.references).texts:
                    questions.base(prompts[at], text)
            questions.values(self._answer(questions.sequences))
            found += questions.misses
        return found

    def _questions(self) -> Questions:
        return Questions(self.baseline, self.splicer, self.aggregation)

    def _answer(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """What the scorer says; it isn't asked about nothing."""
        if not sequences:
            return TokenLogProbs.of([])
        if self.scorer is None:
            raise ValueError("there is no scorer to ask: pass one, or use plan()")
        return self.scorer(sequences)
