"""What the kernels are compared with: float64 by numpy, which shares nothing with them."""

from __future__ import annotations

import numpy as np
import torch

from pyverify.rlpr import RowStats

# The promise: log p this close to float64 for logits up to 220.
CLOSE = 5e-6


def wide(tensor: torch.Tensor) -> np.ndarray:
    """A tensor as float64 (or int64) in numpy."""
    tensor = tensor.detach().cpu()
    return (tensor.double() if tensor.is_floating_point() else tensor.long()).numpy()


def exact(
    logits: torch.Tensor | np.ndarray,
    targets: torch.Tensor,
    temperature: float = 1.0,
    softcap: float | None = None,
) -> np.ndarray:
    """Log-probabilities of the targets of rows, float64 ``[N]``."""
    z = logits if isinstance(logits, np.ndarray) else wide(logits)
    y = wide(targets)
    with np.errstate(all="ignore"):
        if softcap is not None:
            z = softcap * np.tanh(z / softcap)
        z = z / temperature
        top = z.max(axis=1, keepdims=True)
        # Never the difference of two large numbers: a finite mask may be -3e38.
        whole = np.log(np.exp(z - top).sum(axis=1))
        return (z[np.arange(len(y)), y] - top[:, 0]) - whole


def combined(stats: RowStats, temperature: float = 1.0) -> np.ndarray:
    """Log-probabilities from statistics, float64 ``[N]``: what RowStats says they mean."""
    m, s, t = (wide(part) for part in (stats.maximum, stats.sum, stats.target))
    with np.errstate(all="ignore"):
        top = m.max(axis=1)
        scale = np.log2(np.e) / temperature
        whole = (s * np.exp2((m - top[:, None]) * scale)).sum(axis=1)
        return ((t - top) * scale - np.log2(whole)) * np.log(2)


def logits_like(shape: tuple[int, int], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Logits up to 220 in size, of which some near the largest count, side by side and apart."""
    logits = (torch.randn(shape) * 40).clamp(-220, 220)
    logits[:, :12] = 219 - torch.rand(shape[0], min(12, shape[1])) * 3
    logits[:, 3] = 219.0
    logits[:, shape[1] // 2] = 217.5
    logits[:, -1] = 218.25
    return logits.to(device=device, dtype=dtype)


def targets_like(shape: tuple[int, int], device: torch.device) -> torch.Tensor:
    """A target for each row, of which some are likely."""
    targets = torch.randint(0, shape[1], (shape[0],))
    likely = torch.tensor([3, shape[1] // 2, shape[1] - 1])
    targets[::2] = likely.repeat(len(targets))[: len(targets[::2])]
    return targets.to(device)


def same_bits(left: RowStats, right: RowStats) -> bool:
    """Whether two statistics are the same to the last bit (NaN being NaN)."""
    pairs = ((getattr(left, name), getattr(right, name)) for name in RowStats.__slots__)
    return all(np.array_equal(wide(a), wide(b), equal_nan=True) for a, b in pairs)


def chosen(stats: RowStats, rows: torch.Tensor | slice) -> RowStats:
    """Some rows of statistics."""
    return RowStats(stats.maximum[rows], stats.sum[rows], stats.target[rows])


def shards(parts: list[RowStats]) -> RowStats:
    """The statistics of a vocabulary from those of its shards, in order."""
    return RowStats(
        torch.cat([part.maximum for part in parts], 1),
        torch.cat([part.sum for part in parts], 1),
        torch.stack([part.target for part in parts]).amax(0),
    )
