"""Which kernel and which launch, from shapes alone: there is no tuning at run time.

Nothing here may depend on the number of rows. What a row's sums look like must not change with the
batch that it comes in, or its bits would.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

# Deeper than this the matmul outweighs a second look at logits, and a library does it better.
FUSED_DEPTH = 1536

# Rows of logits that the chunked way holds at a time: 311 MB of float32 for 152k tokens.
CHUNK = 512


@dataclass(frozen=True, slots=True)
class RowLaunch:
    """How rows of logits are read.

    Attributes:
        lanes: Running maxima and sums of a program.
        vector: Logits that a lane reads at once: at most 16 bytes.
        splits: Programs for one row.
        warps: Warps of a program.
    """

    lanes: int
    vector: int
    splits: int
    warps: int


@dataclass(frozen=True, slots=True)
class LinearLaunch:
    """How the fused matmul is tiled.

    Attributes:
        block_m: Rows of a tile.
        block_n: Tokens of the vocabulary of a tile.
        block_k: Of the hidden dimension, what is multiplied at once.
        stages: Tiles in flight.
        warps: Warps of a program.
        parts: Programs that share a vocabulary, at most.
        descriptors: Whether tiles come by tensor descriptors (TMA) where the inputs allow it.
    """

    block_m: int
    block_n: int
    block_k: int
    stages: int
    warps: int
    parts: int
    descriptors: bool


_IEEE = LinearLaunch(64, 64, 32, 3, 8, 128, False)
# Keyed by architecture: shared memory and registers decide the tiles, and there are as many parts
# as multiprocessors, so that a single block of rows keeps all of them busy.
_HALF = {
    "sm_80": LinearLaunch(128, 128, 64, 3, 8, 108, False),
    "sm_90": LinearLaunch(128, 256, 64, 3, 8, 132, True),
    "sm_100": LinearLaunch(128, 128, 64, 4, 8, 148, True),
    "other": LinearLaunch(128, 128, 32, 3, 8, 128, False),
}


def architecture(device: torch.device) -> str:
    """A key of the tables: a data-centre part, "sm_80", "sm_90" or "sm_100", or "other"."""
    if device.type != "cuda" or torch.version.hip is not None:
        return "other"
    major, minor = torch.cuda.get_device_capability(device)
    key = f"sm_{major}0"
    return key if key in _HALF and (major != 8 or minor == 0) else "other"


def row_launch(width: int, aligned_to: int, itemsize: int) -> RowLaunch:
    """The launch for rows of `width` logits.

    Args:
        width: Length of a row.
        aligned_to: The largest number of elements, a power of two, that every row begins a multiple
            of. Rows that begin anywhere (V = 50257) are read element by element.
        itemsize: Bytes of a logit.
    """
    vector = min(16 // itemsize, aligned_to)
    step = 128 * (16 // itemsize)
    return RowLaunch(step // vector, vector, max(1, min(16, round(width / 16384))), 4)


def linear_launch(arch: str, dtype: torch.dtype) -> LinearLaunch:
    """The tiling of the fused matmul for an architecture and a dtype."""
    return _IEEE if dtype == torch.float32 else _HALF[arch]


def fused(hidden: torch.Tensor, *, bias: bool, exact: bool) -> bool:
    """Whether the fused matmul is the way, rather than chunks of logits in memory.

    Args:
        hidden: The hidden states ``[N, H]``; what counts is H, dtype and device.
        bias: Whether a bias is added: only the fused way does.
        exact: Whether logits must be float32.
    """
    if bias or hidden.shape[1] <= FUSED_DEPTH:
        return True
    if hidden.dtype == torch.float32:
        return hidden.is_cuda and rounds_float32()
    return exact and hidden.is_cuda and not has_float32_out()


def rounds_float32() -> bool:
    """Whether torch's matmul of float32 rounds what goes in to TF32."""
    matmul = torch.backends.cuda.matmul
    # From torch 2.9 on; the older question raises where this was set.
    setting: str | None = getattr(matmul, "fp32_precision", None)
    if setting is None:
        return torch.get_float32_matmul_precision() != "highest"
    return setting == "tf32"


def has_float32_out() -> bool:
    """Whether torch multiplies 16-bit matrices into a float32 one: from 2.8 on, on CUDA."""
    return tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 8)
