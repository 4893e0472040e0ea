"""What the machine can do at best, measured in the same run."""

from __future__ import annotations

from collections.abc import Callable

import torch
from clock import Clock, quantile
from workloads import Case

from pyverify.rlpr.kernels import available

# Bytes of the general figures, and the side of the matrices.
_BYTES = {"cpu": 1 << 28, "cuda": 1 << 32}
_SIDE = {"cpu": 1024, "cuda": 8192}


def of_case(case: Case, clock: Clock) -> dict[str, float]:
    """Milliseconds that the least work of a case takes by itself: "read" or "matmul"."""
    if case.stats is not None:
        return {}
    rows = case.matrix[: case.workload.rows]
    if case.weight is None:
        return {"read": _read(rows, clock)}
    return {"matmul": _matmul(rows, case.weight, clock)}


def in_general(device: torch.device, clock: Clock) -> dict[str, float]:
    """GB/s of reading and of copying, TFLOP/s of multiplying."""
    try:
        words, other = torch.ones((2, _BYTES[device.type] // 4), device=device)
    except torch.cuda.OutOfMemoryError:
        words, other = torch.ones((2, 1 << 26), device=device)
    size = words.numel() * words.element_size()
    side = _SIDE[device.type]
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    square = torch.randn((side, side), device=device).to(dtype)
    copy = quantile(clock.times(lambda: other.copy_(words)), 0.5)
    return {
        "read_gb_per_s": size / _read(words, clock) / 1e6,
        "copy_gb_per_s": 2 * size / copy / 1e6,
        "matmul_tflop_per_s": 2 * side**3 / _matmul(square, square, clock) / 1e9,
    }


def _read(matrix: torch.Tensor, clock: Clock) -> float:
    """The fastest of what reads all of a matrix once."""
    readers: list[Callable[[], object]] = [matrix.amax]
    if matrix.is_cuda:
        # Integers compare faster than bfloat16 does.
        whole = matrix.view(torch.int16 if matrix.element_size() == 2 else torch.int32)
        readers = [whole.amax]
    else:
        readers.append(matrix.sum)
    if available() and matrix.is_cuda:
        from stream import GRIDS, read

        readers += [lambda each=each: read(matrix, each) for each in GRIDS]
    # As a graph: a launch is no part of what memory can do.
    return min(quantile(clock.times(one, graph=matrix.is_cuda), 0.5) for one in readers)


def _matmul(left: torch.Tensor, right: torch.Tensor, clock: Clock) -> float:
    """torch's matmul, of what a GPU multiplies; in float32 on a CPU."""
    if not left.is_cuda:
        left, right = left.float(), right.float()
    out = left.new_empty((len(left), len(right)))
    return quantile(clock.times(lambda: torch.mm(left, right.T, out=out)), 0.5)
