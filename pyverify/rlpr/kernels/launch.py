"""Where a kernel is launched."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def on_device(tensor: torch.Tensor) -> Iterator[None]:
    """Makes a tensor's device the current one: Triton launches there, wherever the tensors are.

    On the CPU that is the interpreter, by numpy, which warns of every overflow and NaN: the kernels
    mean them. Triton 3.6 besides calls numpy in ways that numpy has deprecated.
    """
    if tensor.is_cuda:
        with torch.cuda.device(tensor.device):
            yield
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
