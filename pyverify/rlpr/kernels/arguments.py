"""What kernels ask of a matrix beyond the checks of `pyverify.rlpr.arguments`; their constants."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from pyverify.rlpr import arguments
from pyverify.rlpr.kernels.available import require

FLOATS = (torch.float16, torch.bfloat16, torch.float32)

LOG2_E = 1.4426950408889634


@dataclass(frozen=True, slots=True)
class Scaling:
    """What is done to logits, in the constants that kernels take.

    Attributes:
        scale: ``log2(e) / temperature``.
        cap: The soft cap; 0 without one.
        cap_scale: ``-2 * log2(e) / cap``; 0 without one.
    """

    scale: float
    cap: float
    cap_scale: float

    @property
    def capped(self) -> bool:
        """Whether there is a soft cap."""
        return self.cap > 0


def scaling(temperature: float, softcap: float | None) -> Scaling:
    """Constants for a temperature and a soft cap.

    Raises:
        ValueError: One of them is not finite and positive.
    """
    arguments.scaling(temperature, softcap)
    if softcap is None:
        return Scaling(LOG2_E / temperature, 0.0, 0.0)
    return Scaling(LOG2_E / temperature, softcap, -2 * LOG2_E / softcap)


def readable(tensor: torch.Tensor) -> bool:
    """Whether kernels can read a matrix: of a dtype above, with contiguous rows."""
    return tensor.dtype in FLOATS and (tensor.shape[1] == 1 or tensor.stride(1) == 1)


def matrix(tensor: torch.Tensor, name: str) -> None:
    """Raises unless a tensor is a matrix that kernels can read, where they run."""
    require(tensor, name)
    arguments.matrix(tensor, name)
    if tensor.dtype not in FLOATS:
        raise TypeError(f"{name} must be float16, bfloat16 or float32, got {tensor.dtype}")
    if not readable(tensor):
        raise ValueError(f"{name} must have contiguous rows: pass {name}.contiguous()")
