"""A vocabulary that lies in shards on several devices (tensor parallel).

Statistics of each shard's own logits travel, 12 bytes a row, rather than logits. Every rank adds up
the same numbers in the order of ranks, so that all have the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from pyverify.rlpr.reference import merge
from pyverify.rlpr.stats import RowStats

if TYPE_CHECKING:
    from torch.distributed import ProcessGroup


def combine(stats: Sequence[RowStats]) -> RowStats:
    """Statistics of whole rows from those of the shards, whose parts are kept, in order.

    Args:
        stats: Of the same N rows, in the order of ranks.

    Raises:
        ValueError: There are none, or their N or dtypes differ.
    """
    if not stats:
        raise ValueError("stats has no shard in it")
    kinds = {(tuple(one.target.shape), one.target.dtype) for one in stats}
    if len(kinds) > 1:
        raise ValueError(f"stats of shards must have one length and dtype, got {sorted(kinds)}")
    return RowStats(
        maximum=torch.cat([one.maximum for one in stats], 1),
        sum=torch.cat([one.sum for one in stats], 1),
        target=torch.stack([one.target for one in stats]).amax(0),
    )


def gather_shards(
    stats: RowStats, group: ProcessGroup | None = None, *, temperature: float = 1.0
) -> RowStats:
    """Statistics of whole rows on every rank, a part for each rank.

    Args:
        stats: Of this rank's shard, of the same N rows as on all other ranks.
        group: The ranks that share the vocabulary, in torch.distributed's word; None for all.
        temperature: The one that `stats` was made with.

    Raises:
        ValueError: The temperature is not finite and positive.
    """
    # One part of each rank: shards of unequal size may have been read in unequal numbers of parts.
    mine = merge(stats, temperature=temperature)
    packed = torch.cat([mine.maximum, mine.sum, mine.target[:, None]], 1)
    ranks = torch.distributed.get_world_size(group)
    received = [torch.empty_like(packed) for _ in range(ranks)]
    torch.distributed.all_gather(received, packed, group=group)
    return combine([RowStats(one[:, :1], one[:, 1:2], one[:, 2]) for one in received])


def vocabulary(
    start: int, end: int, group: ProcessGroup | None, device: torch.device
) -> tuple[int, int]:
    """The first token of all shards and the one after the last; waits for all ranks.

    Args:
        start: The first token of this rank's shard.
        end: The one after its last.
        group: The ranks that share the vocabulary; None for all.
        device: Where the group's tensors are.
    """
    ends = torch.tensor([-start, end], device=device)
    torch.distributed.all_reduce(ends, torch.distributed.ReduceOp.MAX, group=group)
    first, last = ends.tolist()
    return -first, last
