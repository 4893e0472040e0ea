"""The probability reward of logits or hidden states in memory: one call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import torch

from pyverify.rlpr import arguments, kernels, reference
from pyverify.rlpr.aggregate import Aggregation, aggregate, known
from pyverify.rlpr.inputs import Inputs, one_matrix
from pyverify.rlpr.prob_rewards import ProbRewards
from pyverify.rlpr.shards import gather_shards, vocabulary
from pyverify.rlpr.stats import RowStats

if TYPE_CHECKING:
    from torch.distributed import ProcessGroup

Implementation: TypeAlias = Literal["auto", "reference", "triton"]
"""What computes: plain torch, Triton's kernels, or what device, dtype and strides ask for."""


def prob_reward(
    *,
    targets: torch.Tensor,
    cu_seqlens: torch.Tensor,
    logits: torch.Tensor | None = None,
    hidden: torch.Tensor | None = None,
    weight: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
    rows: torch.Tensor | None = None,
    aggregation: Aggregation = "mean",
    temperature: float = 1.0,
    softcap: float | None = None,
    ignore_index: int = -100,
    baseline: torch.Tensor | None = None,
    group: ProcessGroup | None = None,
    vocab_start: int = 0,
    per_token: bool = False,
    implementation: Implementation = "auto",
    exact: bool = True,
    check: bool = True,
) -> ProbRewards:
    """The policy's probabilities of reference answers, a reward for each response.

    From logits, or from hidden states and the weight of lm_head, whose logits never lie in memory
    whole. A logit becomes a probability as ``softmax(softcap * tanh(logit / softcap) /
    temperature)``. All is computed without gradients; inputs may require them.

    The same response has the same bits in any batch. NaN, +inf, or nothing but -inf in a row that
    counts makes the reward NaN and sets its flag; a target masked with -inf has probability 0.

    Args:
        targets: The tokens of all references, int32 or int64, ``[N]``.
        cu_seqlens: Where references begin and end, int32 or int64, ``[R + 1]``, from 0 to N.
        logits: What predicts the targets, ``[M, V]``: each row belongs to the token *before*.
            float16, bfloat16, float32 or float64.
        hidden: The last hidden states instead, ``[M, H]``, in the same place.
        weight: The weight of lm_head, ``[V, H]``, beside `hidden`.
        bias: The bias of lm_head, ``[V]``, if it has one.
        rows: Which row of `logits` or `hidden` each target is asked of, int32 or int64, ``[N]``;
            None where N = M. Spares a copy.
        aggregation: How a reference's tokens become one number; see `Aggregation`.
        temperature: What logits are divided by.
        softcap: The cap of Gemma's final logits, before the temperature; None for no cap. An
            infinity becomes the cap, and no NaN.
        ignore_index: Targets of this number don't count.
        baseline: r', the reward of each reference without reasoning, floats, ``[R]``. The reward
            becomes ``clip(r - r', 0, 1)``.
        group: The ranks that share the vocabulary, in torch.distributed's word: each gives its
            columns of `logits`, or rows of `weight`, and the same of all else. All get the result.
        vocab_start: The token of this rank's first column.
        per_token: Whether log-probabilities are wanted, too.
        implementation: "triton" and "reference" insist; "auto" takes the kernels on a CUDA device
            if Triton is there, and plain torch elsewhere, or where inputs are float64, of two
            dtypes, or rows aren't contiguous.
        exact: Whether kernels keep float32 logits of 16-bit hidden states; otherwise they may round
            them, as a model's forward does: faster, and off by up to 3e-3. The reference is exact.
        check: Whether all numbers in `targets`, `rows` and `cu_seqlens` are checked, which waits
            for the device. Unchecked ones do no harm to memory, but may give wrong rewards; plain
            torch raises all the same where rows or segments don't exist.

    Raises:
        ModuleNotFoundError: "triton" was asked for and isn't installed.
        TypeError: A dtype is wrong, or logits and hidden states are both there, or neither is.
        ValueError: A shape, a device, a number or a name is wrong.

    >>> import torch
    >>> logits = torch.tensor([[0.0, 0.0], [0.9, 0.1]]).add(0.1).log()
    >>> prob_reward(
    ...     logits=logits, targets=torch.tensor([1, 0]), cu_seqlens=torch.tensor([0, 2])
    ... ).rewards
    tensor([0.6667])
    """
    known(aggregation)
    if implementation not in get_args(Implementation):
        names = ", ".join(get_args(Implementation))
        raise ValueError(f"implementation must be one of {names}; got {implementation!r}")
    matrix = one_matrix(logits, hidden, weight, bias)
    inputs = Inputs(matrix, weight, bias, targets, rows, temperature, softcap, vocab_start)
    arguments.indices(cu_seqlens, "cu_seqlens", targets)
    if baseline is not None:
        arguments.vector(baseline, "baseline", targets, len(cu_seqlens) - 1)
    if check:
        _check(inputs, cu_seqlens, ignore_index, group)

    by_kernels = implementation == "triton" or (implementation == "auto" and inputs.suit_kernels())
    stats = inputs.stats_by_kernels(exact=exact) if by_kernels else inputs.stats_by_torch()
    if group is not None:
        stats = gather_shards(stats, group, temperature=temperature)
    finish = _by_kernels if by_kernels else _by_torch
    found = finish(stats, inputs, cu_seqlens, aggregation, ignore_index)
    if baseline is not None:
        gain = (found.rewards - baseline.detach().float()).clamp(0.0, 1.0)
        gain = gain.masked_fill(found.empty, 0.0)
        found = replace(found, rewards=gain, nan=gain.isnan())
    return found if per_token else replace(found, log_probs=None)


def _check(
    inputs: Inputs, cu_seqlens: torch.Tensor, ignore_index: int, group: ProcessGroup | None
) -> None:
    """Raises unless all tokens, rows and segments exist; waits for the device."""
    arguments.segments(cu_seqlens, len(inputs.targets))
    if inputs.rows is not None:
        arguments.within(inputs.rows, "rows", len(inputs.matrix))
    start, end = inputs.vocab_start, inputs.vocab_end
    if group is not None:
        start, end = vocabulary(start, end, group, inputs.targets.device)
    arguments.tokens(inputs.targets, start, end, ignore_index)


def _by_torch(
    stats: RowStats,
    inputs: Inputs,
    cu_seqlens: torch.Tensor,
    aggregation: Aggregation,
    ignore_index: int,
) -> ProbRewards:
    """Rewards and log-probabilities, by plain torch in float64."""
    log_probs = reference.log_probs(stats, temperature=inputs.temperature)
    counted = inputs.targets != ignore_index
    found = aggregate(log_probs, cu_seqlens, aggregation, counted=counted)
    return replace(found, log_probs=torch.where(counted, log_probs, 0.0).float())


def _by_kernels(
    stats: RowStats,
    inputs: Inputs,
    cu_seqlens: torch.Tensor,
    aggregation: Aggregation,
    ignore_index: int,
) -> ProbRewards:
    """The same, by Triton."""
    found = kernels.segment_log_probs(
        stats,
        cu_seqlens,
        temperature=inputs.temperature,
        targets=inputs.targets,
        ignore_index=ignore_index,
    )
    rewards: torch.Tensor = getattr(found, aggregation)
    return ProbRewards(rewards, found.counts == 0, rewards.isnan(), found.log_probs)
