"""The launch of the fused matmul."""

from __future__ import annotations

from importlib.util import find_spec

import torch

from pyverify.rlpr.kernels.arguments import Scaling
from pyverify.rlpr.kernels.available import interpreted
from pyverify.rlpr.kernels.choose import LinearLaunch, architecture, linear_launch
from pyverify.rlpr.kernels.launch import on_device
from pyverify.rlpr.stats import RowStats

_DESCRIPTORS = "triton.tools.tensor_descriptor"


def fused_row_stats(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    targets: torch.Tensor,
    scaling: Scaling,
    vocab_start: int,
    launch: LinearLaunch | None = None,
) -> RowStats:
    """Statistics of ``hidden @ weight.T + bias`` without logits in memory; inputs were checked.

    Args:
        hidden: ``[N, H]``.
        weight: ``[V, H]``.
        bias: ``[V]`` or None.
        targets: ``[N]``.
        scaling: Temperature and soft cap.
        vocab_start: The token of the weight's first row.
        launch: The tiling; None for that of the table.
    """
    if hidden.dtype == torch.bfloat16 and interpreted():
        # The interpreter multiplies the bits of bfloat16 as if they were integers.
        hidden, weight = hidden.float(), weight.float()
    n, depth = hidden.shape
    width = len(weight)
    if launch is None:
        launch = linear_launch(architecture(hidden.device), hidden.dtype)
    parts = min(launch.parts, -(-width // launch.block_n))
    m_blocks = -(-n // launch.block_m)
    maximum = hidden.new_empty((n, parts), dtype=torch.float32)
    total = torch.empty_like(maximum)
    target = hidden.new_full((n,), float("-inf"), dtype=torch.float32)
    if n == 0:
        return RowStats(maximum, total, target)

    from pyverify.rlpr.kernels.device.linear import linear_stats_kernel

    descriptors = launch.descriptors and all(map(_describable, (hidden, weight)))
    with on_device(hidden):
        linear_stats_kernel[(parts * m_blocks,)](
            _described(hidden, launch.block_m, launch.block_k) if descriptors else hidden,
            _described(weight, launch.block_n, launch.block_k) if descriptors else weight,
            targets if bias is None else bias.detach().contiguous(),
            targets.contiguous(),
            maximum,
            total,
            target,
            n,
            width,
            depth,
            hidden.stride(0),
            weight.stride(0),
            scaling.scale,
            scaling.cap,
            scaling.cap_scale,
            vocab_start,
            parts,
            m_blocks,
            block_m=launch.block_m,
            block_n=launch.block_n,
            block_k=launch.block_k,
            has_bias=bias is not None,
            has_cap=scaling.capped,
            descriptors=descriptors,
            even_depth=depth % launch.block_k == 0,
            precision="ieee",
            num_warps=launch.warps,
            enable_fp_fusion=True,
            num_stages=launch.stages,
        )
    return RowStats(maximum, total, target)


def _describable(matrix: torch.Tensor) -> bool:
    """Whether a tensor descriptor can describe a matrix: rows lie apart, on whole 16 bytes."""
    stride = matrix.stride(0)
    aligned = matrix.data_ptr() % 16 == 0 and stride * matrix.element_size() % 16 == 0
    # Triton has descriptors for the host from 3.4 on.
    return aligned and stride >= matrix.shape[1] and find_spec(_DESCRIPTORS) is not None


def _described(matrix: torch.Tensor, rows: int, columns: int) -> object:
    """A descriptor of a matrix, for tiles of some size."""
    from triton.tools.tensor_descriptor import TensorDescriptor

    return TensorDescriptor.from_tensor(matrix, [rows, columns])
