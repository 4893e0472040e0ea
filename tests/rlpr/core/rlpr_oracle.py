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
    """Logits of up to 220 either way, and targets: three of four have a probability that counts."""
    base = torch.linspace(-220, 165, count).unsqueeze(1)
    logits = torch.rand((count, width), generator=random) * 40 + base
    targets = torch.randint(width, (count,), generator=random)
    lift = math.log(width / 40) + torch.rand(count, generator=random) * 8 - 4
    likely = torch.arange(count) % 4 > 0
    logits[likely, targets[likely]] = (base[:, 0] + 40 + lift)[likely]
    return logits.to(dtype), targets
