"""What a softmax needs of a row of logits, in parts that combine in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class RowStats:
    """Statistics of N rows of logits, each in S parts: splits of a row, or shards of a vocabulary.

    Logits are meant after the soft cap and before the temperature: the maximum is subtracted before
    anything is scaled, since the difference of two scaled values costs 1.9e-5 in log p at logits
    near 200. With ``scale = log2(e) / temperature``::

        log2 p = (target - M) * scale - log2(sum_s sum[s] * 2 ** ((maximum[s] - M) * scale))

    where M is the largest of a row's maxima.

    All three are float32, or float64 where the reference multiplied or capped logits itself: at
    logits near 200 float32 rounds by 7.6e-6.

    Attributes:
        maximum: The largest logit of each part, ``[N, S]``; -inf where a part has none.
        sum: ``sum(2 ** ((logit - maximum) * scale))`` over each part, ``[N, S]``.
        target: The target's logit, ``[N]``; -inf where it is in another shard.
    """

    maximum: torch.Tensor
    sum: torch.Tensor
    target: torch.Tensor
