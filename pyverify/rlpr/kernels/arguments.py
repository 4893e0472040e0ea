"""Checks of what a caller hands to the kernels, each naming the argument and the way out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from pyverify.rlpr.kernels.available import require

FLOATS = (torch.float16, torch.bfloat16, torch.float32)
INTEGERS = (torch.int32, torch.int64)

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
    for name, value in (("temperature", temperature), ("softcap", softcap)):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be finite and above 0, got {value}")
    if softcap is None:
        return Scaling(LOG2_E / temperature, 0.0, 0.0)
    return Scaling(LOG2_E / temperature, softcap, -2 * LOG2_E / softcap)


def matrix(tensor: torch.Tensor, name: str) -> None:
    """Raises unless a tensor is a matrix of floats whose rows are contiguous."""
    require(tensor, name)
    if tensor.dim() != 2:
        raise ValueError(f"{name} must have 2 dimensions, got shape {list(tensor.shape)}")
    if tensor.dtype not in FLOATS:
        raise TypeError(f"{name} must be float16, bfloat16 or float32, got {tensor.dtype}")
    if tensor.shape[1] == 0:
        raise ValueError(f"{name} has rows without a column: shape {list(tensor.shape)}")
    if tensor.shape[1] > 1 and tensor.stride(1) != 1:
        raise ValueError(f"{name} must have contiguous rows: pass {name}.contiguous()")


def indices(tensor: torch.Tensor, name: str, beside: torch.Tensor, length: int | None) -> None:
    """Raises unless a tensor is a vector of integers, of some length, beside another."""
    if tensor.dim() != 1 or tensor.dtype not in INTEGERS:
        raise TypeError(
            f"{name} must be int32 or int64 with 1 dimension, "
            f"got {tensor.dtype} of shape {list(tensor.shape)}"
        )
    if length is not None and len(tensor) != length:
        raise ValueError(f"{name} must have {length} elements, got {len(tensor)}")
    if tensor.device != beside.device:
        raise ValueError(f"{name} must be on {beside.device}, is on {tensor.device}")


def row_indices(rows: torch.Tensor | None, targets: torch.Tensor, tensor: torch.Tensor) -> None:
    """Raises unless there is a row for each target: as many as there are, or one index each."""
    indices(targets, "targets", tensor, len(tensor) if rows is None else None)
    if rows is None:
        return
    indices(rows, "rows", tensor, len(targets))
    if len(rows) and not len(tensor):
        raise ValueError("rows has indices, but there is no row")
