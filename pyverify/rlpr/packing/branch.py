"""References branched off the forward that a trainer makes for its responses anyway."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import Scorer, TokenLogProbs


class BranchedScorer:
    """A scorer that asks about the sampled responses, too, in the same forward.

    A trainer needs the log-probabilities of its responses under the policy that sampled them. A
    reference stands behind the same prompt and the same reasoning: where the scorer packs what
    sequences share, it costs its own tokens and no more. So one forward gives the reward and the
    old log-probabilities::

        branched = BranchedScorer(scorer, prompts, responses)
        reward.scorer = branched
        scored = reward(prompts, responses, references)
        old = padded(branched.response_log_probs(), width)

    Each instance is for one batch of responses. The scorer must be at the temperature that the
    trainer samples with, if its log-probabilities are to be used.

    Attributes:
        scorer: What is asked.
        responses: The responses as sequences.

    Raises:
        ValueError: There are not as many prompts as responses.
    """

    def __init__(
        self,
        scorer: Scorer,
        prompts: Sequence[Sequence[int]],
        responses: Sequence[Sequence[int]],
    ) -> None:
        if len(prompts) != len(responses):
            raise ValueError(
                "prompts and responses must have one length, "
                f"got {len(prompts)} and {len(responses)}"
            )
        self.scorer = scorer
        self.responses = [
            Spliced(prompt, (), response)
            for prompt, response in zip(prompts, responses, strict=True)
        ]
        self._found: TokenLogProbs | None = None

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """Log-probabilities of each sequence's reference.

        The first call asks about the responses, too.
        """
        if self._found is not None:
            return self.scorer(sequences)
        return self._ask(sequences)[1]

    def response_log_probs(self) -> TokenLogProbs:
        """Log-probabilities of the responses' own tokens, in their order.

        Where nothing was asked yet (no response had a place for a reference), they are asked now.
        """
        return self._ask(())[0] if self._found is None else self._found

    def _ask(self, sequences: Sequence[Spliced]) -> tuple[TokenLogProbs, TokenLogProbs]:
        """Of the responses, and of other sequences."""
        both = self.scorer([*self.responses, *sequences])
        count = len(self.responses)
        edge = int(both.cu_seqlens[count])
        self._found = TokenLogProbs(both.log_probs[:edge], both.cu_seqlens[: count + 1])
        return self._found, TokenLogProbs(both.log_probs[edge:], both.cu_seqlens[count:] - edge)


def unpadded(ids: torch.Tensor, mask: torch.Tensor) -> list[list[int]]:
    """The tokens of each row of a padded tensor, whichever side the padding is on.

    Args:
        ids: Integers, ``[B, T]``.
        mask: What is no padding, bool or integers, ``[B, T]``.

    Raises:
        ValueError: Shapes differ.
    """
    if ids.shape != mask.shape or ids.dim() != 2:
        raise ValueError(
            f"ids and mask must have one shape [B, T], got {list(ids.shape)} and {list(mask.shape)}"
        )
    kept: list[list[int]] = [
        row[wanted].tolist() for row, wanted in zip(ids.cpu(), mask.cpu().bool(), strict=True)
    ]
    return kept


def padded(found: TokenLogProbs, width: int, fill: float = 0.0) -> torch.Tensor:
    """Log-probabilities as trainers hold them, float32, ``[R, width]``: padded on the right.

    Args:
        found: One segment for each row.
        width: Columns.
        fill: What stands where there is no token.

    Raises:
        ValueError: A segment is longer than the width.
    """
    lengths = found.cu_seqlens.diff()
    if len(lengths) and int(lengths.max()) > width:
        raise ValueError(f"width must be at least {int(lengths.max())}, got {width}")
    inside = torch.arange(width, device=lengths.device) < lengths[:, None]
    values = torch.full(inside.shape, fill, dtype=torch.float32, device=found.log_probs.device)
    values[inside.to(values.device)] = found.log_probs.float()
    return values
