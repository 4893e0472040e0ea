"""The same log-probabilities by several ways: how far they are apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from pyverify.rlpr.scorers import ModelScorer

from pyverify.rlpr import Spliced, TokenLogProbs
from pyverify.rlpr.packing import BranchedScorer
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
            found.append(logits.double().log_softmax(-1).gather(1, targets)[:, 0].float())
        lengths = [0, *(len(one.reference) for one in sequences)]
        return TokenLogProbs(torch.cat(found), torch.tensor(lengths).cumsum(0))


def report(groups: Sequence[Sequence[Pair]]) -> None:
    """Asks about the pairs of some problems in three ways, and prints how far they are apart."""
    model, tokenizer = ask.load()
    plain, scorer = PlainScorer(model), ModelScorer(model)
    model_off = branched_off = response_off = 0.0
    references = tokens = 0
    for group in groups:
        sequences = ask.sequences(group, tokenizer)
        prompts, responses = ask.sampled(group, tokenizer)
        branched = BranchedScorer(scorer, prompts, responses)
        wanted = plain(sequences).log_probs
        model_off = max(model_off, _apart(scorer(sequences).log_probs, wanted))
        branched_off = max(branched_off, _apart(branched(sequences).log_probs, wanted))
        old = plain(branched.responses).log_probs
        response_off = max(response_off, _apart(branched.response_log_probs().log_probs, old))
        references += len(sequences)
        tokens += len(wanted)
    print(f"{references:,} references, {tokens:,} tokens, of {len(groups)} problems, float32")
    print("largest |difference of log p| from one forward for each sequence:")
    print(f"  ModelScorer                                     {model_off:.1e}")
    print(f"  branched off the forward of the responses       {branched_off:.1e}")
    print(f"  the responses' own tokens in that forward       {response_off:.1e}")


def _apart(found: torch.Tensor, wanted: torch.Tensor) -> float:
    return float((found.cpu() - wanted).abs().max())
