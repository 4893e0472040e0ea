"""Rewards and old log-probabilities from one forward."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from toy_model import Toy

from pyverify.rlpr import Spliced, TokenLogProbs
from pyverify.rlpr.packing import BranchedScorer, pack, packed_log_probs, padded, unpadded

PROMPTS = [[1, 2, 3, 4], [1, 2, 3, 4], [5]]
RESPONSES = [[6, 7, 8, 9], [6, 6], []]
REFERENCES = [
    Spliced([1, 2, 3, 4], [6, 7, 8], [10, 5]),
    Spliced([1, 2, 3, 4], [6], [10]),
    Spliced([5], [], [10]),
]


class Forward:
    """One row, one forward: what a trainer's own scorer would be."""

    def __init__(self) -> None:
        self.toy = Toy()
        self.lengths: list[int] = []

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        packed = pack(sequences)
        self.lengths.append(len(packed))
        logits = self.toy.logits(packed.input_ids[0], packed.position_ids[0], packed.mask()[0, 0])
        return packed_log_probs(packed, logits=logits)


def alone(sequences: Sequence[Spliced]) -> torch.Tensor:
    return torch.cat(list(map(Toy().alone, sequences))).float()


def test_references_branch_off_the_responses() -> None:
    forward = Forward()
    branched = BranchedScorer(forward, PROMPTS, RESPONSES)
    found = branched(REFERENCES)
    own = branched.response_log_probs()
    assert found.cu_seqlens.tolist() == [0, 2, 3, 4]
    torch.testing.assert_close(found.log_probs, alone(REFERENCES), atol=1e-6, rtol=0)
    assert own.cu_seqlens.tolist() == [0, 4, 6, 6]
    torch.testing.assert_close(own.log_probs, alone(branched.responses), atol=1e-6, rtol=0)
    # Seven tokens of prompt and responses, one of the first reference, one of another prompt: last
    # tokens predict nothing.
    assert forward.lengths == [9]


def test_later_calls_ask_for_no_response_again() -> None:
    forward = Forward()
    branched = BranchedScorer(forward, PROMPTS, RESPONSES)
    branched(REFERENCES)
    found = branched(REFERENCES[2:])
    assert found.cu_seqlens.tolist() == [0, 1]
    assert forward.lengths == [9, 1]
    assert len(branched.response_log_probs().log_probs) == 6


def test_responses_are_asked_about_where_nothing_else_is() -> None:
    forward = Forward()
    own = BranchedScorer(forward, PROMPTS, RESPONSES).response_log_probs()
    expected = [Spliced(p, (), r) for p, r in zip(PROMPTS, RESPONSES, strict=True)]
    torch.testing.assert_close(own.log_probs, alone(expected), atol=1e-6, rtol=0)
    assert forward.lengths == [7]


def test_as_many_prompts_as_responses() -> None:
    with pytest.raises(ValueError, match="one length, got 3 and 2"):
        BranchedScorer(Forward(), PROMPTS, RESPONSES[:2])


def test_padding_off_and_on() -> None:
    ids = torch.tensor([[0, 0, 5], [7, 8, 9]])
    mask = torch.tensor([[0, 0, 1], [1, 1, 1]])
    assert unpadded(ids, mask) == [[5], [7, 8, 9]]
    assert unpadded(ids, mask.flip(1).bool()) == [[0], [7, 8, 9]]
    found = TokenLogProbs(torch.tensor([-1.0, -2.0, -3.0]), torch.tensor([0, 1, 1, 3]))
    assert padded(found, 3).tolist() == [[-1, 0, 0], [0, 0, 0], [-2, -3, 0]]
    assert padded(found, 2, fill=1.0).tolist() == [[-1, 1], [1, 1], [-2, -3]]
    with pytest.raises(ValueError, match="width must be at least 2, got 1"):
        padded(found, 1)
    with pytest.raises(ValueError, match="one shape"):
        unpadded(ids, mask[:1])
