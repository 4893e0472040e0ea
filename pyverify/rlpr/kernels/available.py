"""Whether Triton's kernels can run here."""

from __future__ import annotations

import os
from importlib.util import find_spec

import torch


def interpreted() -> bool:
    """Whether Triton's interpreter was asked for, by TRITON_INTERPRET."""
    return os.environ.get("TRITON_INTERPRET", "").lower() in ("1", "true", "yes", "on", "y")


def available() -> bool:
    """Whether the kernels can run: Triton is installed, with a CUDA device or its interpreter.

    Imports nothing: not even Triton.
    """
    return (torch.cuda.is_available() or interpreted()) and find_spec("triton") is not None


def require(tensor: torch.Tensor, name: str) -> None:
    """Raises unless kernels can run on a tensor.

    Args:
        tensor: What a kernel is to read.
        name: What the caller calls it.

    Raises:
        ModuleNotFoundError: Triton isn't installed.
        ValueError: The tensor isn't on a CUDA device, and the interpreter wasn't asked for.
    """
    if find_spec("triton") is None:
        raise ModuleNotFoundError(
            "pyverify.rlpr.kernels needs Triton, which torch's CUDA builds bring: "
            "`pip install torch`, or `pip install triton` for its interpreter"
        )
    if not tensor.is_cuda and not interpreted():
        raise ValueError(
            f"{name} is on {tensor.device}: the kernels run on a CUDA device, or in Triton's "
            "interpreter if TRITON_INTERPRET=1 is set before Triton is imported; "
            "pyverify.rlpr.reference runs anywhere"
        )
