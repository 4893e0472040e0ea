"""The same log-probabilities by several ways: how far they are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from pyverify.rlpr import Spliced, TokenLogProbs
from pyverify.rlpr.packing import BranchedScorer
from pyverify.rlpr.scorers import ModelScorer
from reasoning import ask
from reasoning.pairs import Pair


class PlainScorer:
    """One forward for each sequence, nothing shared or packed, and a float64 softmax."""

    def __init__(self, model: Any) -> None:
        self.model = model

    @torch.no_grad()
    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """Log-probabilities of each sequence's reference."""
        found = []
        for one in sequences:
            count = len(one.reference)
            ids = torch.tensor([[*one.context, *one.reference]])
            logits = self.model(ids[:, :-1], logits_to_keep=count).logits[0]
            targets = torch.tensor(list(one.reference))[:, None]
            found.append(logits.double().log_softmax(-1).gather(1, targets)[:, 0].tolist())
        return TokenLogProbs.of(found)


@dataclass(frozen=True, slots=True)
class Apart:
    """How far log-probabilities are from those of one forward for each sequence.

    Attributes:
        model: Those of references by `ModelScorer`.
        branched: Those of references branched off the forward of the responses.
        responses: Those of the responses' own tokens in that forward.
        references: How many references there were.
        tokens: How many tokens they have.
    """

    model: float
    branched: float
    responses: float
    references: int
    tokens: int


def compare(groups: Sequence[Sequence[Pair]], model: Any, tokenizer: Any) -> Apart:
    """Asks about some groups of pairs in three ways."""
    plain, scorer = PlainScorer(model), ModelScorer(model)
    by_model = by_branches = by_responses = 0.0
    references = tokens = 0
    for group in groups:
        sequences = ask.sequences(group, tokenizer)
        branched = BranchedScorer(scorer, *ask.sampled(group, tokenizer))
        wanted = plain(sequences).log_probs
        old = plain(branched.responses).log_probs
        by_model = max(by_model, _apart(scorer(sequences).log_probs, wanted))
        by_branches = max(by_branches, _apart(branched(sequences).log_probs, wanted))
        found = branched.response_log_probs().log_probs
        by_responses = max(by_responses, _apart(found, old))
        references += len(sequences)
        tokens += len(wanted)
    return Apart(by_model, by_branches, by_responses, references, tokens)


def report(groups: Sequence[Sequence[Pair]]) -> None:
    """Prints how far the three ways are apart."""
    found = compare(groups, *ask.load())
    print(f"float32, {found.references:,} references of {found.tokens:,} tokens")
    print("largest |difference of log p| from one forward for each sequence:")
    print(f"  ModelScorer                                   {found.model:.1e}")
    print(f"  branched off the forward of the responses     {found.branched:.1e}")
    print(f"  the responses' own tokens in that forward     {found.responses:.1e}")


def _apart(found: torch.Tensor, wanted: torch.Tensor) -> float:
    return float((found.cpu() - wanted).abs().max())
