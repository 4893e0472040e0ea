"""Row statistics of logits in memory, by Triton."""

from __future__ import annotations

import torch

from pyverify.rlpr.arguments import row_indices
from pyverify.rlpr.kernels import arguments
from pyverify.rlpr.kernels.choose import row_launch
from pyverify.rlpr.kernels.launch import on_device
from pyverify.rlpr.stats import RowStats


def row_stats(
    logits: torch.Tensor,
    targets: torch.Tensor,
    *,
    rows: torch.Tensor | None = None,
    temperature: float = 1.0,
    softcap: float | None = None,
    vocab_start: int = 0,
    splits: int | None = None,
) -> RowStats:
    """Statistics of rows of logits, each logit read once.

    The same row has the same bits in any batch: what is added to what depends on its length, its
    dtype and the alignment of the matrix.

    Args:
        logits: ``[M, V]``, float16, bfloat16 or float32; any row stride, contiguous rows.
        targets: The token of each row, int32 or int64, ``[N]``. One that is not of this vocabulary
            (another shard's, or one to ignore) gets -inf.
        rows: Which row each target is asked of, int32 or int64, ``[N]``; None where N = M. An index
            out of range makes NaN.
        temperature: What logits are divided by.
        softcap: c in ``c * tanh(logit / c)``, done before the temperature. Log p is within
            5e-6 for caps up to 50 and temperatures from 0.6 on.
        vocab_start: The token of the first column.
        splits: Parts of a row; None for what its length asks.

    Returns:
        Statistics in `splits` parts.

    Raises:
        ModuleNotFoundError: Triton isn't installed.
        TypeError: A dtype isn't one of those above.
        ValueError: A shape, a device or a number is wrong.
    """
    arguments.matrix(logits, "logits")
    row_indices(rows, targets, logits)
    scaling = arguments.scaling(temperature, softcap)
    if splits is not None and splits < 1:
        raise ValueError(f"splits must be 1 or more, got {splits}")

    n, width = len(targets), logits.shape[1]
    launch = row_launch(width, _alignment(logits), logits.element_size())
    parts = launch.splits if splits is None else splits
    maximum = logits.new_empty((n, parts), dtype=torch.float32)
    total = torch.empty_like(maximum)
    target = logits.new_empty(n, dtype=torch.float32)
    if n:
        from pyverify.rlpr.kernels.device.rows import row_stats_kernel

        with on_device(logits):
            row_stats_kernel[(n * parts,)](
                logits.detach(),
                targets.contiguous(),
                targets if rows is None else rows.contiguous(),
                maximum,
                total,
                target,
                len(logits),
                width,
                logits.stride(0),
                scaling.scale,
                scaling.cap,
                scaling.cap_scale,
                vocab_start,
                parts,
                lanes=launch.lanes,
                vector=launch.vector,
                item=logits.element_size(),
                has_rows=rows is not None,
                has_cap=scaling.capped,
                num_warps=launch.warps,
                enable_fp_fusion=True,
            )
    return RowStats(maximum, total, target)


def _alignment(logits: torch.Tensor) -> int:
    """The largest power of two of elements, at most 16, that every row begins a multiple of."""
    start = logits.data_ptr() // logits.element_size()
    together = start | logits.stride(0) | 16
    return together & -together
