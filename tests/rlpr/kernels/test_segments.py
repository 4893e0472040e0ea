"""Log-probabilities of tokens and their aggregations against float64."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from kernel_cases import combined, exact, logits_like, targets_like, wide

from pyverify.rlpr import RowStats
from pyverify.rlpr.kernels import SegmentLogProbs, row_stats, segment_log_probs

NAMES = ("mean", "geometric_mean", "product", "log_sum", "log_mean", "min")

# float32 rounds what comes out: half a unit in the last place.
ROUNDED = 6.1e-8


def aggregated(log_probs: np.ndarray) -> dict[str, float]:
    """The six aggregations of one segment."""
    if not len(log_probs):
        return dict.fromkeys(NAMES, 0.0)
    values = [float(value) for value in log_probs]
    p = [math.exp(value) for value in values]
    total = math.fsum(values)
    return {
        "mean": math.fsum(p) / len(p),
        "geometric_mean": math.exp(total / len(p)),
        "product": math.exp(total),
        "log_sum": total,
        "log_mean": total / len(p),
        "min": min(p),
    }


def made(n: int, parts: int, device: torch.device) -> RowStats:
    """Statistics that might be those of some rows."""
    maximum = torch.randn(n, parts) * 5 + 190
    total = torch.rand(n, parts) * 10 + 1
    target = maximum.amax(1) - torch.rand(n) * 4
    return RowStats(maximum.to(device), total.to(device), target.to(device))


def offsets(lengths: list[int], device: torch.device) -> torch.Tensor:
    return torch.tensor([0, *np.cumsum(lengths).tolist()], dtype=torch.int32, device=device)


def check(result: SegmentLogProbs, log_probs: np.ndarray, lengths: list[int]) -> None:
    ours = wide(result.log_probs)
    assert np.abs(ours - log_probs).max() <= 1e-12 + ROUNDED * np.abs(log_probs).max()
    bounds = np.cumsum([0, *lengths])
    for index, (a, b) in enumerate(pairwise(bounds)):
        for name, wanted in aggregated(log_probs[a:b]).items():
            got = float(getattr(result, name)[index])
            assert got == pytest.approx(wanted, rel=1e-7, abs=1e-12), (name, index)
    assert result.counts.tolist() == lengths


@pytest.mark.parametrize("parts", [1, 2, 9, 70, 300])
@pytest.mark.parametrize("temperature", [1.0, 0.6])
def test_tokens_and_segments(parts: int, temperature: float, device: torch.device) -> None:
    lengths = [1, 0, 7, 16, 17, 40, 0]
    stats = made(sum(lengths), parts, device)
    result = segment_log_probs(stats, offsets(lengths, device), temperature=temperature)
    check(result, combined(stats, temperature), lengths)


def test_from_logits_to_rewards(device: torch.device) -> None:
    lengths = [3, 5, 4]
    logits = logits_like((12, 50257), torch.bfloat16, device)
    targets = targets_like((12, 50257), device)
    result = segment_log_probs(row_stats(logits, targets), offsets(lengths, device))
    wanted = exact(logits, targets)
    for index, (a, b) in enumerate([(0, 3), (3, 8), (8, 12)]):
        assert float(result.mean[index]) == pytest.approx(np.exp(wanted[a:b]).mean(), abs=1e-6)


@pytest.mark.parametrize("integer", [torch.int32, torch.int64])
def test_ignored_tokens_do_not_count(integer: torch.dtype, device: torch.device) -> None:
    stats = made(6, 3, device)
    stats.sum[1] = float("nan")
    stats.sum[4:] = float("nan")
    targets = torch.tensor([5, -100, 7, 8, -100, -100], dtype=integer, device=device)
    cu_seqlens = offsets([4, 2], device).to(integer)
    result = segment_log_probs(stats, cu_seqlens, targets=targets)
    kept = segment_log_probs(
        RowStats(*(part[[0, 2, 3]] for part in (stats.maximum, stats.sum, stats.target))),
        offsets([3], device),
    )
    for name in NAMES:
        assert getattr(result, name).tolist() == pytest.approx([getattr(kept, name).item(), 0.0])
    assert result.counts.tolist() == [3, 0]
    assert result.log_probs[[1, 4, 5]].tolist() == [0.0, 0.0, 0.0]


def test_another_ignore_index(device: torch.device) -> None:
    targets = torch.tensor([0, -100], device=device)
    result = segment_log_probs(
        made(2, 1, device), offsets([2], device), targets=targets, ignore_index=0
    )
    assert result.counts.tolist() == [1]


def test_nan_is_reported_for_its_segment_alone(device: torch.device) -> None:
    stats = made(6, 3, device)
    stats.sum[1, 2] = float("nan")
    stats.maximum[4] = float("-inf")
    stats.sum[4] = 0.0
    stats.target[4] = float("-inf")
    result = segment_log_probs(stats, offsets([1, 2, 1, 2], device))
    assert torch.isnan(result.log_probs).tolist() == [r in (1, 4) for r in range(6)]
    for name in NAMES:
        assert torch.isnan(getattr(result, name)).tolist() == [False, True, False, True], name


def test_a_part_without_a_logit(device: torch.device) -> None:
    whole = made(4, 2, device)
    nothing = torch.full((4, 1), float("-inf"), device=device)
    stats = RowStats(
        torch.cat([nothing, whole.maximum], 1),
        torch.cat([torch.zeros_like(nothing), whole.sum], 1),
        whole.target,
    )
    check(segment_log_probs(stats, offsets([4], device)), combined(whole), [4])


def test_a_target_that_cannot_be(device: torch.device) -> None:
    stats = made(2, 1, device)
    stats.target[1] = float("-inf")
    result = segment_log_probs(stats, offsets([2], device))
    p = math.exp(combined(stats)[0])
    assert result.log_probs[1].item() == float("-inf")
    assert result.mean.item() == pytest.approx(p / 2, rel=1e-6)
    assert [result.min.item(), result.product.item(), result.geometric_mean.item()] == [0, 0, 0]
    assert (result.log_sum.item(), result.log_mean.item()) == (float("-inf"), float("-inf"))


def test_bits_do_not_depend_on_the_batch(device: torch.device) -> None:
    lengths = [5, 33, 1, 0, 18]
    stats = made(sum(lengths), 9, device)
    bounds = np.cumsum([0, *lengths])
    result = segment_log_probs(stats, offsets(lengths, device))
    order = [4, 2, 1, 3, 0]
    rows = np.concatenate([np.arange(bounds[i], bounds[i + 1]) for i in order])
    moved = RowStats(*(part[rows] for part in (stats.maximum, stats.sum, stats.target)))
    shuffled = segment_log_probs(moved, offsets([lengths[i] for i in order], device))
    for name in NAMES:
        assert torch.equal(getattr(shuffled, name), getattr(result, name)[order]), name


def test_statistics_of_float64(device: torch.device) -> None:
    stats = made(5, 2, device)
    doubled = RowStats(stats.maximum.double(), stats.sum.double(), stats.target.double())
    one, other = (segment_log_probs(each, offsets([5], device)) for each in (stats, doubled))
    assert torch.equal(one.log_probs, other.log_probs)
    assert other.log_probs.dtype == torch.float32


@pytest.mark.parametrize("tokens", [0, 4])
def test_no_segment(tokens: int, device: torch.device) -> None:
    result = segment_log_probs(made(tokens, 2, device), offsets([], device))
    assert (result.mean.shape, result.log_probs.shape) == ((0,), (tokens,))


def test_offsets_outside_read_nothing(device: torch.device) -> None:
    cu_seqlens = torch.tensor([-5, 2, 9], device=device)
    assert segment_log_probs(made(4, 2, device), cu_seqlens).counts.tolist() == [2, 2]


def test_misuse_is_named(device: torch.device) -> None:
    stats = made(4, 2, device)
    cu_seqlens = offsets([4], device)
    with pytest.raises(TypeError, match="cu_seqlens must be int32"):
        segment_log_probs(stats, cu_seqlens.float())
    with pytest.raises(ValueError, match="cu_seqlens must have one element more"):
        segment_log_probs(stats, cu_seqlens[:0])
    with pytest.raises(ValueError, match="targets must have 4"):
        segment_log_probs(stats, cu_seqlens, targets=cu_seqlens)
    with pytest.raises(ValueError, match="temperature must be"):
        segment_log_probs(stats, cu_seqlens, temperature=-1)
    with pytest.raises(
        ValueError, match=r"stats\.sum must be float32 or float64 of shape \[4, 2\]"
    ):
        segment_log_probs(RowStats(stats.maximum, stats.sum[:3], stats.target), cu_seqlens)
