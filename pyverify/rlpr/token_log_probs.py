"""Log-probabilities of the tokens of many reference answers, end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pyverify.rlpr.spliced import Spliced

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class TokenLogProbs:
    """Log-probabilities of references, one segment each.

    Attributes:
        log_probs: Natural logarithms, float32, shape ``[N]``: all tokens of all references.
        cu_seqlens: Where segments begin and end, int32 or int64, shape ``[R + 1]``, from 0 to N.
    """

    log_probs: torch.Tensor
    cu_seqlens: torch.Tensor

    @classmethod
    def of(cls, segments: Sequence[Sequence[float]]) -> TokenLogProbs:
        """Log-probabilities given as numbers, end to end.

        Args:
            segments: Those of each reference.

        >>> TokenLogProbs.of([[-0.5, -1.0], [], [-2.0]]).cu_seqlens
        tensor([0, 2, 2, 3])
        """
        import torch

        ends = torch.tensor([0, *map(len, segments)]).cumsum(0)
        flat = [one for segment in segments for one in segment]
        return cls(torch.tensor(flat, dtype=torch.float32), ends)


class Scorer(Protocol):
    """What knows a policy's log-probabilities: a model, a server, a forward already made."""

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """Log-probabilities, at temperature 1, of each sequence's reference tokens, in order."""
