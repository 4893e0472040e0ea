"""From the log-probabilities of a reference's tokens to one number."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import torch

from pyverify.rlpr import arguments
from pyverify.rlpr.prob_rewards import ProbRewards
from pyverify.rlpr.token_log_probs import TokenLogProbs

Aggregation: TypeAlias = Literal["mean", "geometric_mean", "product", "log_sum", "log_mean", "min"]
"""How the probabilities p of a reference's tokens become one number.

========================  ==========================  =============
``mean``                  mean of p                   from 0 to 1
``geometric_mean``        exp(mean of log p)          from 0 to 1
``product``               exp(sum of log p)           from 0 to 1
``log_sum``               sum of log p                from -inf to 0
``log_mean``              mean of log p               from -inf to 0
``min``                   lowest p                    from 0 to 1
========================  ==========================  =============

RLPR takes the mean: one small p ruins the product, and much of the geometric mean
(https://arxiv.org/abs/2506.18254, section 2.2).
"""


def aggregate(
    log_probs: TokenLogProbs | torch.Tensor,
    cu_seqlens: torch.Tensor | None = None,
    aggregation: Aggregation = "mean",
    *,
    counted: torch.Tensor | None = None,
) -> ProbRewards:
    """One number for each segment of log-probabilities, added up in float64.

    A segment is added up from its first token to its last: its bits are the same wherever it stands
    and whatever stands beside it.

    Args:
        log_probs: What a scorer answered; or log-probabilities alone, float32 or float64, ``[N]``.
        cu_seqlens: Where segments begin and end, int32 or int64, ``[R + 1]``, from 0 to N; None if
            the scorer's answer has them.
        aggregation: How.
        counted: Which tokens count, bool, ``[N]``; None for all. Others may be anything.

    Returns:
        Rewards without log-probabilities. A segment with NaN is NaN, one without tokens is 0.

    Raises:
        TypeError: A dtype is wrong.
        ValueError: `aggregation` is none, `cu_seqlens` is missing, there twice, or not from 0 to N.

    >>> import torch
    >>> log_probs = torch.tensor([0.9, 0.5, 0.8]).log()
    >>> aggregate(log_probs, torch.tensor([0, 2, 3])).rewards
    tensor([0.7000, 0.8000])
    """
    known(aggregation)
    if isinstance(log_probs, TokenLogProbs):
        if cu_seqlens is not None:
            raise ValueError("cu_seqlens is part of TokenLogProbs: leave it out")
        cu_seqlens = log_probs.cu_seqlens
        log_probs = log_probs.log_probs
    if cu_seqlens is None:
        raise ValueError("cu_seqlens is missing: where segments begin and end")
    if log_probs.dim() != 1 or log_probs.dtype not in arguments.FLOATS:
        raise TypeError(
            "log_probs must be floats with 1 dimension, "
            f"got {log_probs.dtype} of shape {list(log_probs.shape)}"
        )
    arguments.indices(cu_seqlens, "cu_seqlens", log_probs)
    arguments.segments(cu_seqlens, len(log_probs))
    if counted is None:
        counted = torch.ones_like(log_probs, dtype=torch.bool)
    elif counted.dtype != torch.bool or counted.shape != log_probs.shape:
        raise TypeError(
            f"counted must be bool of shape {list(log_probs.shape)}, "
            f"got {counted.dtype} of shape {list(counted.shape)}"
        )
    return _aggregate(log_probs.detach().double(), cu_seqlens.long(), aggregation, counted)


def known(aggregation: str) -> None:
    """Raises unless it is the name of an aggregation.

    Raises:
        ValueError: It isn't.
    """
    if aggregation not in get_args(Aggregation):
        names = ", ".join(get_args(Aggregation))
        raise ValueError(f"aggregation must be one of {names}; got {aggregation!r}")


def _aggregate(
    log_probs: torch.Tensor, offsets: torch.Tensor, aggregation: Aggregation, counted: torch.Tensor
) -> ProbRewards:
    """The same, of what was checked."""
    counts = _reduce(counted.double(), "sum", offsets)
    empty = counts == 0
    nan = _reduce((log_probs.isnan() & counted).double(), "sum", offsets) > 0
    if aggregation == "mean":
        values = _reduce(torch.where(counted, log_probs.exp(), 0.0), "sum", offsets) / counts
    elif aggregation == "min":
        values = _reduce(torch.where(counted, log_probs, float("inf")), "min", offsets).exp()
    else:
        values = _reduce(torch.where(counted, log_probs, 0.0), "sum", offsets)
        if aggregation in ("geometric_mean", "log_mean"):
            values = values / counts
        if aggregation in ("geometric_mean", "product"):
            values = values.exp()
    values = values.masked_fill(nan, float("nan")).masked_fill(empty, 0.0)
    return ProbRewards(rewards=values.float(), empty=empty, nan=nan)


def _reduce(values: torch.Tensor, how: str, offsets: torch.Tensor) -> torch.Tensor:
    """The sum or the minimum of each segment, each by itself and in order."""
    if len(offsets) == 1:
        # torch's own makes a vector of another length of no segment.
        return values.new_zeros(0)
    return torch.segment_reduce(values, how, offsets=offsets, axis=0)
