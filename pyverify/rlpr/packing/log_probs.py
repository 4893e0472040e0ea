"""From what a forward over a row gave to log-probabilities."""

from __future__ import annotations

from typing import cast

import torch

from pyverify.rlpr.packing.pack import Packed
from pyverify.rlpr.reward import prob_reward
from pyverify.rlpr.token_log_probs import TokenLogProbs


def packed_log_probs(
    packed: Packed,
    *,
    logits: torch.Tensor | None = None,
    hidden: torch.Tensor | None = None,
    weight: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
    temperature: float = 1.0,
    softcap: float | None = None,
    exact: bool = True,
) -> TokenLogProbs:
    """Log-probabilities of all that was asked about, from a forward over a row.

    From the logits of the forward, or from its last hidden states and the weight of lm_head, which
    spares rounding to 16 bits. Of all places of the row, or of those alone that `Packed.answers`
    names. Without gradients.

    Args:
        packed: The row, anywhere.
        logits: ``[L, V]`` or ``[1, L, V]``; ``[M, V]`` or ``[1, M, V]`` of the M answers alone.
        hidden: Hidden states instead, ``[L, H]`` and so on.
        weight: The weight of lm_head, ``[V, H]``, beside `hidden`.
        bias: Its bias, ``[V]``, if it has one.
        temperature: What logits are divided by.
        softcap: The cap of Gemma's final logits, where they don't have it yet.
        exact: As for `prob_reward`.

    Raises:
        TypeError: A dtype is wrong, or logits and hidden states are both there, or neither is.
        ValueError: A shape or a number is wrong.
    """
    given = [one for one in (logits, hidden) if one is not None]
    places, which = packed.answers()
    for one in given:
        if one.dim() > 2 and one.shape[:-2].numel() != 1:
            raise ValueError(
                f"logits or hidden must be of one row, [L, V] or [1, L, V]; got {list(one.shape)}"
            )
        count = one.shape[-2] if one.dim() > 1 else 0
        if count not in (len(packed), len(places)):
            raise ValueError(
                f"logits or hidden must have {len(packed)} rows, one for each token, or "
                f"{len(places)}, one for each of packed.answers(); got shape {list(one.shape)}"
            )
        if count == len(packed):
            which = packed.rows
    device = given[0].device if given else packed.rows.device
    found = prob_reward(
        logits=None if logits is None else logits.flatten(0, -2),
        hidden=None if hidden is None else hidden.flatten(0, -2),
        weight=weight,
        bias=bias,
        rows=which.to(device),
        targets=packed.targets.to(device),
        cu_seqlens=packed.cu_seqlens.to(device),
        temperature=temperature,
        softcap=softcap,
        # A vocabulary has no such token.
        ignore_index=-1,
        per_token=True,
        exact=exact,
    )
    return TokenLogProbs(cast("torch.Tensor", found.log_probs), packed.cu_seqlens.to(device))
