"""One forward of a model, whose last layer sees no more than the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import nn

from pyverify.rlpr.scorers.layouts import Batch

Take: TypeAlias = Callable[[nn.Module, torch.Tensor], bool]
"""Gets the output layer and the hidden states of answers, ``[M, H]``; says whether the model's own
logits can be done without."""


def answers(model: nn.Module, layer: nn.Module | None, batch: Batch, take: Take) -> torch.Tensor:
    """The logits of answers, ``[M, V]``; of one of them where `take` had all it wanted.

    Hidden states are taken on their way into the output layer, since a wrapper may have its weight
    there only while it runs. Where there is no such layer, or it isn't called as a module, the
    model makes the logits of all places, and the answers' are taken from those.

    Args:
        model: The model.
        layer: Its output layer, if it has one.
        batch: What it reads.
        take: Gets the hidden states.
    """
    taken: list[torch.Tensor] = []

    def before(
        module: nn.Module, args: tuple[torch.Tensor, ...]
    ) -> tuple[torch.Tensor, ...] | None:
        hidden = _chosen(args[0], batch) if args else None
        if hidden is None:
            return None
        taken.append(hidden)
        shown = hidden[:1] if take(module, hidden) else hidden
        return (shown.reshape(*[1] * (args[0].dim() - 2), *shown.shape), *args[1:])

    handle = None if layer is None else layer.register_forward_pre_hook(before)
    try:
        output = model(**batch.arguments)
    finally:
        if handle is not None:
            handle.remove()
    logits: torch.Tensor = output[0] if isinstance(output, tuple) else output.logits
    chosen = None if taken else _chosen(logits, batch)
    return logits.flatten(0, -2) if chosen is None else chosen


def _chosen(values: torch.Tensor, batch: Batch) -> torch.Tensor | None:
    """The answers' of what there is for all places, ``[M, ...]``; None if that isn't what it is."""
    if values.dim() == 3 and len(values) == batch.rows and values.shape[1] >= batch.columns:
        # Prompt tuning puts places of its own before the others.
        values = values[:, values.shape[1] - batch.columns :].flatten(0, 1)
    if values.dim() != 2 or len(values) != batch.rows * batch.columns:
        return None
    return values.index_select(0, batch.places.to(values.device))
