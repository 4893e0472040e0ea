"""Row statistics from hidden states and the weight of lm_head, by Triton and torch's matmul."""

from __future__ import annotations

from typing import Literal

import torch

from pyverify.rlpr.arguments import linear, row_indices
from pyverify.rlpr.kernels import arguments
from pyverify.rlpr.kernels.choose import CHUNK, fused, has_float32_out
from pyverify.rlpr.kernels.fused import fused_row_stats
from pyverify.rlpr.kernels.row_stats import row_stats
from pyverify.rlpr.stats import RowStats


def linear_row_stats(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    targets: torch.Tensor,
    *,
    rows: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
    temperature: float = 1.0,
    softcap: float | None = None,
    vocab_start: int = 0,
    exact: bool = True,
    method: Literal["fused", "chunked"] | None = None,
) -> RowStats:
    """Statistics of the rows of ``hidden @ weight.T + bias``, which never lies in memory whole.

    Two ways. "fused": a matmul whose epilogue folds logits in registers. "chunked": torch's matmul
    for 512 rows at a time, into float32 if `exact`, and :func:`row_stats`; the last chunk is filled
    up, so that a row's bits don't depend on how many there are.

    Args:
        hidden: ``[M, H]``, float16, bfloat16 or float32.
        weight: ``[V, H]``, of the same dtype.
        targets: The token of each row, int32 or int64, ``[N]``.
        rows: Which row each target is asked of, int32 or int64, ``[N]``; None where N = M. An index
            out of range makes NaN.
        bias: ``[V]``, added to logits; the fused way only.
        temperature: What logits are divided by.
        softcap: c in ``c * tanh(logit / c)``, done before the temperature; see :func:`row_stats`.
        vocab_start: The token of the weight's first row.
        exact: Whether logits stay float32. Otherwise the chunked way rounds them to the dtype of
            `hidden`, as a model's own forward does: an error of up to 3e-3 in the reward.
        method: Which way; None for the one that the shape asks for, which is fused up to H = 1536.

    Raises:
        ModuleNotFoundError: Triton isn't installed.
        TypeError: A dtype isn't one of those above.
        ValueError: A shape, a device or a number is wrong.
    """
    _check(hidden, weight, bias)
    row_indices(rows, targets, hidden)
    scaling = arguments.scaling(temperature, softcap)
    if method not in (None, "fused", "chunked"):
        raise ValueError(f"method must be 'fused', 'chunked' or None, got {method!r}")
    if method == "chunked" and bias is not None:
        raise ValueError("bias is added by the fused way only: leave out method")

    hidden, weight = hidden.detach(), weight.detach()
    if method is None:
        method = "fused" if fused(hidden, bias=bias is not None, exact=exact) else "chunked"
    asked = rows
    if rows is not None:
        # An index out of range would make the device unusable.
        rows = rows.clamp(0, max(len(hidden) - 1, 0))
    if method == "fused":
        chosen = hidden if rows is None else hidden.index_select(0, rows)
        stats = fused_row_stats(chosen, weight, bias, targets, scaling, vocab_start)
    else:
        stats = _chunked(hidden, weight, targets, rows, temperature, softcap, vocab_start, exact)
    if asked is not None:
        outside = (asked < 0) | (asked >= len(hidden))
        stats.sum.masked_fill_(outside[:, None], float("nan"))
    return stats


def _chunked(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    targets: torch.Tensor,
    rows: torch.Tensor | None,
    temperature: float,
    softcap: float | None,
    vocab_start: int,
    exact: bool,
) -> RowStats:
    """The same by logits of some rows at a time, of what was checked."""
    chunks = []
    for start in range(0, max(len(targets), 1), CHUNK):
        asked = targets[start : start + CHUNK]
        chunk = _filled(hidden, rows, start, len(asked))
        logits = _product(chunk, weight, exact)[: len(asked)]
        chunks.append(
            row_stats(
                logits, asked, temperature=temperature, softcap=softcap, vocab_start=vocab_start
            )
        )
    return RowStats(
        torch.cat([chunk.maximum for chunk in chunks]),
        torch.cat([chunk.sum for chunk in chunks]),
        torch.cat([chunk.target for chunk in chunks]),
    )


def _check(hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
    arguments.matrix(hidden, "hidden")
    arguments.matrix(weight, "weight")
    linear(hidden, weight, bias)
    if weight.dtype != hidden.dtype:
        raise ValueError(f"weight must be {hidden.dtype} as hidden is, got {weight.dtype}")


def _filled(
    hidden: torch.Tensor, rows: torch.Tensor | None, start: int, count: int
) -> torch.Tensor:
    """The rows of one chunk, and zeros up to a whole one."""
    chunk = (
        hidden[start : start + count]
        if rows is None
        else hidden.index_select(0, rows[start : start + count])
    )
    if count == CHUNK:
        return chunk
    whole = chunk.new_zeros((CHUNK, chunk.shape[1]))
    whole[:count] = chunk
    return whole


def _product(chunk: torch.Tensor, weight: torch.Tensor, exact: bool) -> torch.Tensor:
    """Logits of one chunk: float32 if `exact`, else of the inputs' dtype."""
    # Autocast would round what goes in.
    with torch.autocast(chunk.device.type, enabled=False):
        if not exact or chunk.dtype == torch.float32:
            return torch.mm(chunk, weight.t())
        if chunk.is_cuda and has_float32_out():
            return torch.mm(chunk, weight.t(), out_dtype=torch.float32)
        return torch.mm(chunk.float(), weight.float().t())
