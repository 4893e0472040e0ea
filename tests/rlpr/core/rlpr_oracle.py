"""The same numbers by another way: numpy's extended precision and Python's exact sums."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch


def wide(tensor: torch.Tensor) -> np.ndarray:
    """A tensor in extended precision (64 bits of mantissa on x86, float64 elsewhere)."""
    return tensor.double().numpy().astype(np.longdouble)


def log_probs(
    logits: torch.Tensor | np.ndarray,
    targets: torch.Tensor,
    *,
    rows: torch.Tensor | None = None,
    temperature: float = 1.0,
    softcap: float | None = None,
) -> np.ndarray:
    """Log-probabilities of targets, ``[N]``, of a whole vocabulary."""
    given = wide(logits) if isinstance(logits, torch.Tensor) else logits
    found = []
    for token, target in enumerate(targets.tolist()):
        row = given[token if rows is None else int(rows[token])]
        if softcap is not None:
            row = np.longdouble(softcap) * np.tanh(row / np.longdouble(softcap))
        row = row / np.longdouble(temperature)
        top = row.max()
        found.append(row[target] - top - np.log(np.exp(row - top).sum()))
    return np.array(found, dtype=np.longdouble)


def reward(log_probs: list[float], aggregation: str) -> float:
    """One segment's number."""
    if not log_probs:
        return 0.0
    if any(map(math.isnan, log_probs)):
        return math.nan
    probabilities = [math.exp(one) for one in log_probs]
    total = -math.inf if -math.inf in log_probs else math.fsum(log_probs)
    return {
        "mean": math.fsum(probabilities) / len(probabilities),
        "geometric_mean": math.exp(total / len(log_probs)),
        "product": math.exp(total),
        "log_sum": total,
        "log_mean": total / len(log_probs),
        "min": min(probabilities),
    }[aggregation]


def rewards(log_probs: np.ndarray, cu_seqlens: torch.Tensor, aggregation: str) -> list[float]:
    """The numbers of all segments."""
    ends = cu_seqlens.tolist()
    return [
        reward([float(one) for one in log_probs[begin:end]], aggregation)
        for begin, end in pairwise(ends)
    ]


def hard_case(
    count: int, width: int, random: torch.Generator, dtype: torch.dtype = torch.float32
) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of up to 220 either way, and targets: every other one among the likeliest."""
    logits = torch.rand((count, width), generator=random) * 40 + torch.linspace(
        -220, 180, count
    ).unsqueeze(1)
    targets = torch.randint(width, (count,), generator=random)
    top = logits.topk(2).indices
    targets[::2] = top[::2, 0]
    targets[1::4] = top[1::4, 1]
    return logits.to(dtype), targets
