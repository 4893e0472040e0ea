"""Log-probabilities of tokens, and what becomes of them over each reference, by Triton."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from pyverify.rlpr.arguments import indices
from pyverify.rlpr.kernels import arguments
from pyverify.rlpr.kernels.available import require
from pyverify.rlpr.kernels.launch import on_device
from pyverify.rlpr.stats import RowStats

# Tokens of a segment that are added up side by side, and parts of them.
_TOKENS = 16
_PARTS = 256


@dataclass(frozen=True, slots=True)
class SegmentLogProbs:
    """Log-probabilities of tokens, and aggregations of them over R segments.

    A segment without a counted token has 0 everywhere. One with NaN in it is NaN.

    Attributes:
        log_probs: Natural logarithms, float32, ``[N]``; 0 for ignored tokens.
        mean: Mean probability, float32, ``[R]``; so are all below.
        geometric_mean: ``exp(log_mean)``.
        product: ``exp(log_sum)``.
        log_sum: Sum of log-probabilities.
        log_mean: Mean of log-probabilities.
        min: Lowest probability.
        counts: Tokens that count, int32, ``[R]``: 0 where a segment is empty.
    """

    log_probs: torch.Tensor
    mean: torch.Tensor
    geometric_mean: torch.Tensor
    product: torch.Tensor
    log_sum: torch.Tensor
    log_mean: torch.Tensor
    min: torch.Tensor
    counts: torch.Tensor


def segment_log_probs(
    stats: RowStats,
    cu_seqlens: torch.Tensor,
    *,
    temperature: float = 1.0,
    targets: torch.Tensor | None = None,
    ignore_index: int = -100,
) -> SegmentLogProbs:
    """Combines the parts of rows, and aggregates the tokens of segments, in float64.

    Parts add up in their order, tokens by their place in the segment: a segment has the same bits
    wherever it stands in a batch.

    Args:
        stats: Statistics of N rows: of one vocabulary, or of all shards in the order of ranks.
        cu_seqlens: Where segments begin and end, int32 or int64, ``[R + 1]``, from 0 to N. What
            lies outside is left out.
        temperature: The one that `stats` was made with.
        targets: The tokens, int32 or int64, ``[N]``; needed only for `ignore_index`.
        ignore_index: Tokens with this number don't count. They may be NaN.

    Raises:
        ModuleNotFoundError: Triton isn't installed.
        TypeError: A dtype isn't one of those above.
        ValueError: A shape, a device or a number is wrong.
    """
    n, parts = _shape(stats)
    indices(cu_seqlens, "cu_seqlens", stats.target)
    if not len(cu_seqlens):
        raise ValueError("cu_seqlens must have one element more than there are segments, got none")
    if targets is not None:
        indices(targets, "targets", stats.target, n)
    scale = arguments.scaling(temperature, None).scale
    high = torch.tensor(scale, dtype=torch.float32, device="cpu").item()

    segments = len(cu_seqlens) - 1
    across = 1 << (parts - 1).bit_length()
    log_probs = torch.zeros_like(stats.target, dtype=torch.float32)
    values = log_probs.new_empty((segments, 6))
    counts = log_probs.new_empty(segments, dtype=torch.int32)
    if segments:
        from pyverify.rlpr.kernels.device.segments import segments_kernel

        with on_device(stats.target):
            segments_kernel[(segments,)](
                stats.maximum.contiguous(),
                stats.sum.contiguous(),
                stats.target.contiguous(),
                cu_seqlens if targets is None else targets.contiguous(),
                cu_seqlens.contiguous(),
                log_probs,
                values,
                counts,
                n,
                high,
                scale - high,
                ignore_index,
                parts,
                parts_block=across,
                block=max(1, min(_TOKENS, _PARTS // across)),
                has_targets=targets is not None,
                num_warps=1,
                enable_fp_fusion=True,
            )
    return SegmentLogProbs(
        log_probs=log_probs,
        mean=values[:, 0],
        geometric_mean=values[:, 1],
        product=values[:, 2],
        log_sum=values[:, 3],
        log_mean=values[:, 4],
        min=values[:, 5],
        counts=counts,
    )


def _shape(stats: RowStats) -> tuple[int, int]:
    """N and S of statistics, after a check of what they are made of."""
    require(stats.target, "stats.target")
    n, parts = len(stats.target), stats.maximum.shape[-1]
    for name, tensor, shape in (
        ("maximum", stats.maximum, (n, parts)),
        ("sum", stats.sum, (n, parts)),
        ("target", stats.target, (n,)),
    ):
        floats = tensor.dtype in (torch.float32, torch.float64)
        if tensor.shape != shape or not floats or parts == 0:
            raise ValueError(
                f"stats.{name} must be float32 or float64 of shape {list(shape)}, "
                f"got {tensor.dtype} of shape {list(tensor.shape)}"
            )
    return n, parts
