"""Row statistics from hidden states against float64."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from kernel_cases import CLOSE, chosen, combined, exact, same_bits, shards, targets_like, wide

from pyverify.rlpr.kernels import linear_row_stats
from pyverify.rlpr.kernels.arguments import scaling
from pyverify.rlpr.kernels.choose import CHUNK, LinearLaunch
from pyverify.rlpr.kernels.fused import fused_row_stats

# Small tiles, so that small matrices have many of them; by pointers and by descriptors.
SMALL = [LinearLaunch(16, 32, 16, 2, 4, 5, descriptors) for descriptors in (False, True)]
METHODS = ["fused", "chunked"]


def inputs(
    n: int, width: int, depth: int, dtype: torch.dtype, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Hidden states, a weight and targets, with logits of a usual size."""
    hidden = torch.randn(n, depth)
    weight = torch.randn(width, depth) * (5 / depth**0.5)
    targets = targets_like((n, width), device)
    # Targets that are likely, as answers are.
    hidden[::2] += weight[targets.cpu()[::2]] * 0.4
    return hidden.to(device, dtype), weight.to(device, dtype), targets


def product(
    hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> np.ndarray:
    logits: np.ndarray = wide(hidden) @ wide(weight).T
    return logits if bias is None else logits + wide(bias)


@pytest.mark.parametrize("launch", SMALL, ids=["pointers", "descriptors"])
@pytest.mark.parametrize("shape", [(20, 333, 40), (1, 1000, 32), (33, 31, 24), (5, 40, 7)])
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.bfloat16])
def test_fused(
    launch: LinearLaunch, shape: tuple[int, int, int], dtype: torch.dtype, device: torch.device
) -> None:
    hidden, weight, targets = inputs(*shape, dtype, device)
    stats = fused_row_stats(hidden, weight, None, targets, scaling(1.0, None), 0, launch)
    assert np.abs(combined(stats) - exact(product(hidden, weight), targets)).max() < CLOSE


@pytest.mark.parametrize("launch", SMALL, ids=["pointers", "descriptors"])
@pytest.mark.parametrize("softcap", [None, 30.0])
@pytest.mark.parametrize("temperature", [1.0, 0.6])
@pytest.mark.parametrize("biased", [False, True])
def test_fused_options(
    launch: LinearLaunch,
    softcap: float | None,
    temperature: float,
    biased: bool,
    device: torch.device,
) -> None:
    hidden, weight, targets = inputs(20, 333, 40, torch.float16, device)
    bias = torch.randn(333).to(device, torch.float16) if biased else None
    options = scaling(temperature, softcap)
    stats = fused_row_stats(hidden, weight, bias, targets, options, 0, launch)
    wanted = exact(product(hidden, weight, bias), targets, temperature, softcap)
    assert np.abs(combined(stats, temperature) - wanted).max() < CLOSE


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.bfloat16])
def test_both_ways(method: str, dtype: torch.dtype, device: torch.device) -> None:
    hidden, weight, targets = inputs(20, 5003, 64, dtype, device)
    stats = linear_row_stats(hidden, weight, targets, temperature=0.8, softcap=30.0, method=method)
    wanted = exact(product(hidden, weight), targets, 0.8, 30.0)
    assert np.abs(combined(stats, 0.8) - wanted).max() < CLOSE


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [1, 3])
def test_shards(method: str, count: int, device: torch.device) -> None:
    hidden, weight, targets = inputs(6, 333, 40, torch.float16, device)
    bounds = [333 * rank // count for rank in range(count + 1)]
    stats = shards(
        [
            linear_row_stats(hidden, weight[a:b], targets, vocab_start=a, method=method)
            for a, b in pairwise(bounds)
        ]
    )
    assert np.abs(combined(stats) - exact(product(hidden, weight), targets)).max() < CLOSE


@pytest.mark.parametrize("method", METHODS)
def test_rows_that_are_asked_for(method: str, device: torch.device) -> None:
    hidden, weight, targets = inputs(20, 333, 40, torch.float16, device)
    rows = torch.tensor([5, 19, 0, 5], device=device)
    stats = linear_row_stats(hidden, weight, targets[:4], rows=rows, method=method)
    direct = linear_row_stats(hidden[rows], weight, targets[:4], method=method)
    assert same_bits(stats, direct)


@pytest.mark.parametrize("method", METHODS)
def test_a_row_out_of_range_is_nan(method: str, device: torch.device) -> None:
    hidden, weight, _ = inputs(3, 40, 8, torch.float32, device)
    rows = torch.tensor([0, 3, -1], device=device)
    stats = linear_row_stats(hidden, weight, torch.zeros_like(rows), rows=rows, method=method)
    assert np.isnan(combined(stats)).tolist() == [False, True, True]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("strided", [False, True])
def test_matrices_that_begin_anywhere(method: str, strided: bool, device: torch.device) -> None:
    hidden, weight, targets = inputs(6, 200, 48, torch.float16, device)
    hidden, weight = (part[:, 3:40] if strided else part[1:, 8:40] for part in (hidden, weight))
    targets = targets[: len(hidden)] % len(weight)
    stats = linear_row_stats(hidden, weight, targets, method=method)
    assert np.abs(combined(stats) - exact(product(hidden, weight), targets)).max() < CLOSE


@pytest.mark.parametrize("which", ["hidden", "weight"])
def test_rows_beyond_32_bits(which: str, device: torch.device) -> None:
    matrices = dict(
        zip(("hidden", "weight"), inputs(3, 5, 24, torch.float16, device), strict=False)
    )
    # Pages that nobody touches take no memory.
    count, stride = len(matrices[which]), 2**30 + 8
    storage = torch.empty(stride * (count - 1) + 24, dtype=torch.float16, device=device)
    matrices[which] = storage.as_strided((count, 24), (stride, 1)).copy_(matrices[which])
    targets = torch.tensor([4, 2, 4], device=device)
    stats = linear_row_stats(**matrices, targets=targets, method="fused")
    assert np.abs(combined(stats) - exact(product(**matrices), targets)).max() < CLOSE


def test_a_capped_row_of_low_logits(device: torch.device) -> None:
    hidden = torch.ones(1, 16, device=device)
    stats = linear_row_stats(
        hidden, hidden.expand(100, -1) * -20, torch.tensor([5], device=device), softcap=30.0
    )
    assert combined(stats)[0] == pytest.approx(-np.log(100), abs=1e-6)


def test_what_is_far_above_a_cap_leaves_others_their_weight(device: torch.device) -> None:
    hidden, weight, targets = inputs(6, 200, 16, torch.float32, device)
    weight[7] = 1e3 * hidden.sum(0)
    stats = linear_row_stats(hidden, weight, targets, softcap=3.0, method="fused")
    wanted = exact(product(hidden, weight), targets, 1.0, 3.0)
    assert np.abs(combined(stats) - wanted).max() < CLOSE


def test_one_row_asked_of_many_tokens(device: torch.device) -> None:
    hidden, weight, targets = inputs(6, 200, 48, torch.float16, device)
    hidden = hidden[:1].expand(6, -1)
    stats = fused_row_stats(hidden, weight, None, targets, scaling(1.0, None), 0, SMALL[1])
    assert np.abs(combined(stats) - exact(product(hidden, weight), targets)).max() < CLOSE


@pytest.mark.parametrize("method", METHODS)
def test_nan_stays_in_its_row(method: str, device: torch.device) -> None:
    hidden, weight, targets = inputs(4, 333, 40, torch.float16, device)
    hidden[2, 5] = float("nan")
    stats = linear_row_stats(hidden, weight, targets, method=method)
    assert np.isnan(combined(stats)).tolist() == [False, False, True, False]


def test_a_token_masked_by_its_bias(device: torch.device) -> None:
    hidden, weight, _ = inputs(2, 100, 32, torch.float32, device)
    bias = torch.zeros(100, device=device)
    bias[7] = float("-inf")
    stats = linear_row_stats(hidden, weight, torch.tensor([7, 8], device=device), bias=bias)
    wanted = exact(product(hidden, weight, bias), torch.tensor([7, 8]))
    ours = combined(stats)
    assert np.isneginf(ours).tolist() == [True, False]
    assert abs(ours[1] - wanted[1]) < CLOSE


@pytest.mark.parametrize("method", METHODS)
def test_bits_do_not_depend_on_the_batch(method: str, device: torch.device) -> None:
    hidden, weight, targets = inputs(40, 333, 40, torch.float16, device)
    # Whole numbers add up exactly in any order: the interpreter's own matmul has no fixed one.
    hidden, weight = hidden.round(), (2 * weight).round()
    stats = linear_row_stats(hidden, weight, targets, method=method)
    order = torch.randperm(40, device=device)
    shuffled = linear_row_stats(hidden[order], weight, targets[order], method=method)
    assert same_bits(shuffled, chosen(stats, order))
    for rows in (slice(7, 8), slice(30, 40)):
        few = linear_row_stats(hidden[rows], weight, targets[rows], method=method)
        assert same_bits(few, chosen(stats, rows))


def test_more_rows_than_a_chunk(device: torch.device) -> None:
    n = CHUNK + 3
    hidden, weight, targets = inputs(n, 40, 8, torch.float32, device)
    rows = torch.randperm(n, device=device)
    for which in (None, rows):
        stats = linear_row_stats(hidden, weight, targets, rows=which, method="chunked")
        asked = hidden if which is None else hidden[which]
        assert np.abs(combined(stats) - exact(product(asked, weight), targets)).max() < CLOSE


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
@pytest.mark.parametrize("method", METHODS)
def test_autocast_changes_nothing(method: str, dtype: torch.dtype, device: torch.device) -> None:
    hidden, weight, targets = inputs(8, 333, 40, dtype, device)
    stats = linear_row_stats(hidden, weight, targets, method=method)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        inside = linear_row_stats(hidden, weight, targets, method=method)
    assert same_bits(inside, stats)


def test_rounded_logits_are_asked_for(device: torch.device) -> None:
    hidden, weight, targets = inputs(8, 333, 40, torch.bfloat16, device)
    stats = linear_row_stats(hidden, weight, targets, method="chunked", exact=False)
    rounded = (hidden @ weight.T).float()
    assert np.abs(combined(stats) - exact(rounded, targets)).max() < CLOSE


@pytest.mark.parametrize("method", METHODS)
def test_no_row(method: str, device: torch.device) -> None:
    hidden, weight, targets = inputs(3, 40, 8, torch.float32, device)
    stats = linear_row_stats(hidden[:0], weight, targets[:0], method=method)
    assert (stats.maximum.shape[0], stats.target.shape) == (0, (0,))


def test_misuse_is_named(device: torch.device) -> None:
    hidden, weight, targets = inputs(4, 40, 8, torch.float32, device)
    with pytest.raises(ValueError, match=r"weight must be \[V, 8\]"):
        linear_row_stats(hidden, weight[:, :4].contiguous(), targets)
    with pytest.raises(ValueError, match=r"weight must be torch\.float32"):
        linear_row_stats(hidden, weight.half(), targets)
    with pytest.raises(ValueError, match=r"bias must"):
        linear_row_stats(hidden, weight, targets, bias=weight[0])
    with pytest.raises(ValueError, match="method must be"):
        linear_row_stats(hidden, weight, targets, method="fast")
    with pytest.raises(ValueError, match="bias is added by the fused way only"):
        linear_row_stats(hidden, weight, targets, bias=weight[:, 0], method="chunked")
    with pytest.raises(ValueError, match="targets must have 4"):
        linear_row_stats(hidden, weight, targets[:2])
