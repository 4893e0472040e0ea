"""Checks of what a caller hands over, each naming the argument and the way out."""

from __future__ import annotations

import math

import torch

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
INTEGERS = (torch.int32, torch.int64)


def positive(value: float, name: str) -> None:
    """Raises unless a number is finite and above 0.

    Raises:
        ValueError: It isn't.
    """
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be finite and above 0, got {value}")


def scaling(temperature: float, softcap: float | None) -> None:
    """Raises unless a temperature and a soft cap can be applied.

    Raises:
        ValueError: One of them is not finite and positive.
    """
    positive(temperature, "temperature")
    if softcap is not None:
        positive(softcap, "softcap")


def matrix(tensor: torch.Tensor, name: str) -> None:
    """Raises unless a tensor is a matrix of floats with a column at least.

    Raises:
        TypeError: Its dtype is none of `FLOATS`.
        ValueError: Its shape is wrong, or its device has no float64.
    """
    if tensor.dtype not in FLOATS:
        raise TypeError(f"{name} must be float16, bfloat16, float32 or float64, got {tensor.dtype}")
    if tensor.dim() != 2:
        raise ValueError(
            f"{name} must have 2 dimensions, got shape {list(tensor.shape)}: "
            f"pass {name}.flatten(0, -2)"
        )
    if tensor.shape[1] == 0:
        raise ValueError(f"{name} has rows without a column: shape {list(tensor.shape)}")
    if tensor.device.type == "mps":
        raise ValueError(f"{name} is on {tensor.device}, which has no float64: pass {name}.cpu()")


def linear(hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
    """Raises unless hidden states, the weight of lm_head and its bias fit.

    Raises:
        TypeError: A dtype is none of `FLOATS`.
        ValueError: A shape or a device is wrong.
    """
    matrix(hidden, "hidden")
    matrix(weight, "weight")
    if hidden.shape[1] != weight.shape[1]:
        raise ValueError(
            f"weight must be [V, {hidden.shape[1]}] beside hidden {list(hidden.shape)}, "
            f"got {list(weight.shape)}"
        )
    if not len(weight):
        raise ValueError("weight has no row: the vocabulary is empty")
    if bias is not None and bias.dtype not in FLOATS:
        raise TypeError(f"bias must be floats, got {bias.dtype}")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"bias must be [{len(weight)}], got {list(bias.shape)}")
    for name, tensor in (("weight", weight), ("bias", bias)):
        if tensor is not None and tensor.device != hidden.device:
            raise ValueError(f"{name} must be on {hidden.device}, is on {tensor.device}")


def indices(
    tensor: torch.Tensor, name: str, beside: torch.Tensor, length: int | None = None
) -> None:
    """Raises unless a tensor is a vector of integers, of some length, on another's device.

    Raises:
        TypeError: Its dtype is none of `INTEGERS`, or it is no vector.
        ValueError: Its length or its device is another.
    """
    if tensor.dim() != 1 or tensor.dtype not in INTEGERS:
        raise TypeError(
            f"{name} must be int32 or int64 with 1 dimension, "
            f"got {tensor.dtype} of shape {list(tensor.shape)}"
        )
    if length is not None and len(tensor) != length:
        raise ValueError(f"{name} must have {length} elements, got {len(tensor)}")
    if tensor.device != beside.device:
        raise ValueError(f"{name} must be on {beside.device}, is on {tensor.device}")


def vector(tensor: torch.Tensor, name: str, beside: torch.Tensor, length: int) -> None:
    """Raises unless a tensor is a vector of floats, of some length, on another's device.

    Raises:
        TypeError: Its dtype is none of `FLOATS`.
        ValueError: Its shape or its device is another.
    """
    if tensor.dtype not in FLOATS:
        raise TypeError(f"{name} must be floats, got {tensor.dtype}")
    if tensor.shape != (length,) or tensor.device != beside.device:
        raise ValueError(
            f"{name} must have shape [{length}] on {beside.device}, "
            f"got {list(tensor.shape)} on {tensor.device}"
        )


def row_indices(rows: torch.Tensor | None, targets: torch.Tensor, beside: torch.Tensor) -> None:
    """Raises unless each target has a row: as many as there are, or an index each.

    Raises:
        TypeError: An index is no integer.
        ValueError: A length or a device is wrong.
    """
    indices(targets, "targets", beside, len(beside) if rows is None else None)
    if rows is not None:
        indices(rows, "rows", beside, len(targets))
        if len(rows) and not len(beside):
            raise ValueError("rows has indices, but there is no row")


def within(tensor: torch.Tensor, name: str, count: int) -> None:
    """Raises unless all of a tensor's elements are from 0 to `count` - 1; waits for its device.

    Raises:
        ValueError: One isn't.
    """
    if len(tensor) and bool(((tensor < 0) | (tensor >= count)).any()):
        raise ValueError(
            f"{name} must be from 0 to {count - 1}, got {int(tensor.min())} to {int(tensor.max())}"
        )


def tokens(targets: torch.Tensor, start: int, end: int, ignore_index: int) -> None:
    """Raises unless all targets are of a vocabulary or to be ignored; waits for their device.

    Raises:
        ValueError: One isn't.
    """
    outside = ((targets < start) | (targets >= end)) & (targets != ignore_index)
    if len(targets) and bool(outside.any()):
        raise ValueError(
            f"targets must be from {start} to {end - 1}, or ignore_index ({ignore_index}); "
            f"got {int(targets[outside][0])}"
        )


def segments(cu_seqlens: torch.Tensor, tokens: int) -> None:
    """Raises unless `cu_seqlens` goes from 0 to `tokens`, nowhere down; waits for its device.

    Raises:
        ValueError: It doesn't.
    """
    if not len(cu_seqlens):
        raise ValueError("cu_seqlens must have one element more than there are segments, got none")
    first, last = int(cu_seqlens[0]), int(cu_seqlens[-1])
    if (first, last) != (0, tokens) or bool((cu_seqlens[1:] < cu_seqlens[:-1]).any()):
        raise ValueError(
            f"cu_seqlens must go from 0 to {tokens}, the number of tokens, and nowhere down; "
            f"it goes from {first} to {last}"
        )
