"""A kernel that reads and does nothing else: the ceiling of all that reads logits once."""
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import torch
import triton
import triton.language as tl

from pyverify.rlpr.kernels.launch import on_device

# Words of 4 bytes that a program of 4 warps reads at once, 16 bytes a thread.
_STEP = 512
_IN_FLIGHT = 4
# Tiles of a program: whole programs a tile, or few that go on.
GRIDS = (1, 4, 16, 64)


@triton.jit
def _read_kernel(words, found, tiles, each, step: tl.constexpr):
    """Program i: the exclusive or of its tiles' words, for which all must be read."""
    program = tl.program_id(0)
    first = program * each
    last = tl.minimum(first + each, tiles)
    offsets = tl.arange(0, step)
    pointers = words + first.to(tl.int64) * (4 * step) + offsets
    held = tl.zeros([step], tl.int32)
    for _ in range(first, last):
        a = tl.load(pointers, eviction_policy="evict_first")
        b = tl.load(pointers + step, eviction_policy="evict_first")
        c = tl.load(pointers + 2 * step, eviction_policy="evict_first")
        d = tl.load(pointers + 3 * step, eviction_policy="evict_first")
        held = held ^ a ^ b ^ c ^ d
        pointers += 4 * step
    tl.store(found + program, tl.xor_sum(held, 0))


def read(matrix: torch.Tensor, each: int) -> torch.Tensor:
    """Reads a contiguous matrix, but for less than 8 kB at its end.

    Args:
        matrix: What to read.
        each: Tiles of 8 kB that a program reads.

    Returns:
        An exclusive or of each program's words, int32.
    """
    flat = matrix.reshape(-1).view(torch.uint8)
    words = flat[: len(flat) // 4 * 4].view(torch.int32)
    tiles = len(words) // (_IN_FLIGHT * _STEP)
    programs = -(-tiles // each)
    found = words.new_empty(programs)
    if programs:
        with on_device(matrix):
            _read_kernel[(programs,)](words, found, tiles, each, step=_STEP, num_warps=4)
    return found
