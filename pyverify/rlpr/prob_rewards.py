"""What comes out: a number for each response, and what there is to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class ProbRewards:
    """Rewards of R responses.

    Attributes:
        rewards: Float32, ``[R]``: 0 where `empty`, NaN where `nan`.
        empty: No token counts: the reference is empty, or all of it is ignored; bool, ``[R]``.
        nan: The reward is no number; bool, ``[R]``. A token's log-probability is NaN because its
            row of logits has NaN or +inf in it, or nothing but -inf; or the baseline is NaN.
        log_probs: Natural logarithms of all tokens, float32, ``[N]``, 0 for those that don't count;
            None unless asked for.
    """

    rewards: torch.Tensor
    empty: torch.Tensor
    nan: torch.Tensor
    log_probs: torch.Tensor | None = None
