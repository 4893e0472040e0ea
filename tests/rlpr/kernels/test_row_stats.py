"""Row statistics of logits against float64."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from kernel_cases import (
    CLOSE,
    chosen,
    combined,
    exact,
    logits_like,
    same_bits,
    shards,
    targets_like,
    wide,
)

from pyverify.rlpr import RowStats
from pyverify.rlpr.kernels import row_stats

HALVES = [torch.bfloat16, torch.float16]


@pytest.mark.parametrize("width", [4, 40, 1000, 5003, 16384, 50257])
@pytest.mark.parametrize("dtype", [*HALVES, torch.float32])
def test_any_width_and_dtype(width: int, dtype: torch.dtype, device: torch.device) -> None:
    logits = logits_like((4, width), dtype, device)
    targets = targets_like((4, width), device)
    stats = row_stats(logits, targets)
    assert np.abs(combined(stats) - exact(logits, targets)).max() < CLOSE
    assert {part.dtype for part in (stats.maximum, stats.sum, stats.target)} == {torch.float32}


@pytest.mark.parametrize("width", [128256, 151936])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_large_vocabularies(width: int, dtype: torch.dtype, device: torch.device) -> None:
    logits = logits_like((2, width), dtype, device)
    targets = targets_like((2, width), device)
    assert np.abs(combined(row_stats(logits, targets)) - exact(logits, targets)).max() < CLOSE


@pytest.mark.parametrize("width", [151936])
def test_a_flat_row_of_many_logits(width: int, device: torch.device) -> None:
    logits = torch.randn(2, width, device=device) * 0.01 + 200
    targets = targets_like((2, width), device)
    assert np.abs(combined(row_stats(logits, targets)) - exact(logits, targets)).max() < CLOSE


@pytest.mark.parametrize("softcap", [None, 30.0, 50.0])
@pytest.mark.parametrize("temperature", [1.0, 0.6, 1.7])
def test_temperature_and_soft_cap(
    softcap: float | None, temperature: float, device: torch.device
) -> None:
    logits = logits_like((6, 5003), torch.bfloat16, device)
    logits[3:] /= 8
    targets = targets_like((6, 5003), device)
    stats = row_stats(logits, targets, temperature=temperature, softcap=softcap)
    wanted = exact(logits, targets, temperature, softcap)
    assert np.abs(combined(stats, temperature) - wanted).max() < CLOSE


@pytest.mark.parametrize("softcap", [15.0, 30.0, 50.0])
@pytest.mark.parametrize("temperature", [1.0, 0.6])
def test_likely_logits_of_every_size_under_a_cap(
    softcap: float, temperature: float, device: torch.device
) -> None:
    # Some that compete, anywhere from one end of the cap to the other, above many that don't.
    sizes = torch.linspace(-2 * softcap, 2 * softcap, 41)[:, None]
    logits = torch.cat([sizes + torch.randn(41, 8) * 0.3, sizes.expand(-1, 700) - 30], 1).to(device)
    targets = torch.arange(41, device=device) % 8
    stats = row_stats(logits, targets, temperature=temperature, softcap=softcap)
    wanted = exact(logits, targets, temperature, softcap)
    assert np.abs(combined(stats, temperature) - wanted).max() < CLOSE
    assert np.abs(np.exp(combined(stats, temperature)) - np.exp(wanted)).max() < 1e-6


def test_what_a_cap_makes_of_infinities(device: torch.device) -> None:
    inf = float("inf")
    logits = torch.tensor(
        [
            [inf, 1.0, 2.0, -inf],
            [-inf, -inf, -inf, -inf],
            [3e38, 1.0, -3e38, 0.0],
            [inf, inf, -inf, -1.0],
            [1.0, float("nan"), 2.0, 3.0],
        ],
        device=device,
    )
    targets = torch.tensor([3, 1, 2, 0, 0], device=device)
    found = combined(row_stats(logits, targets, softcap=30.0))
    assert found == pytest.approx(exact(logits, targets, softcap=30.0), abs=CLOSE, nan_ok=True)
    assert np.isfinite(found[:4]).all()


@pytest.mark.parametrize("softcap", [3.0, 30.0])
@pytest.mark.parametrize("width", [40, 5003])
def test_what_is_far_above_a_cap_leaves_others_their_weight(
    softcap: float, width: int, device: torch.device
) -> None:
    logits = torch.randn(4, width) * softcap / 3
    logits[:, 7] = torch.tensor([12.0, 30.0, 70.0, float("inf")]) * softcap
    logits = logits.to(device)
    targets = torch.tensor([7, 5, 7, 5], device=device)
    for temperature in (1.0, softcap / 2):
        stats = row_stats(logits, targets, temperature=temperature, softcap=softcap)
        wanted = exact(logits, targets, temperature, softcap)
        assert np.abs(combined(stats, temperature) - wanted).max() < CLOSE


def test_soft_cap_of_all_sizes(device: torch.device) -> None:
    x = torch.cat([torch.logspace(-6, 3, 150), torch.tensor([0.0, 1e30, float("inf")])])
    x = torch.cat([x, -x])
    targets = torch.zeros(len(x), dtype=torch.int64)
    stats = row_stats(x[:, None].to(device), targets.to(device), softcap=30.0)
    assert np.abs(wide(stats.target) - 30 * np.tanh(wide(x) / 30)).max() < 6e-6


@pytest.mark.parametrize("width", [40, 5003])
def test_a_capped_row_of_low_logits(width: int, device: torch.device) -> None:
    logits = torch.full((1, width), -300.0, device=device)
    stats = row_stats(logits, torch.tensor([5], device=device), softcap=30.0)
    assert combined(stats)[0] == pytest.approx(-np.log(width), abs=1e-6)


@pytest.mark.parametrize("splits", [1, 3, 8, 40])
@pytest.mark.parametrize("width", [40, 9000, 33000])
def test_splits(splits: int, width: int, device: torch.device) -> None:
    logits = logits_like((3, width), torch.bfloat16, device)
    targets = targets_like((3, width), device)
    stats = row_stats(logits, targets, splits=splits)
    assert stats.maximum.shape == (3, splits)
    assert np.abs(combined(stats) - exact(logits, targets)).max() < CLOSE


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize(
    ("start", "stride"), [(0, 5008), (1, 5005), (2, 5006), (4, 5004), (8, 6000)]
)
def test_rows_that_begin_anywhere(
    start: int, stride: int, dtype: torch.dtype, device: torch.device
) -> None:
    whole = logits_like((3, stride), dtype, device)
    logits = whole[:, start : start + 4990]
    targets = targets_like((3, 4990), device)
    assert np.abs(combined(row_stats(logits, targets)) - exact(logits, targets)).max() < CLOSE


def test_expanded_rows(device: torch.device) -> None:
    logits = logits_like((1, 1000), torch.float32, device).expand(3, 1000)
    targets = targets_like((3, 1000), device)
    assert np.abs(combined(row_stats(logits, targets)) - exact(logits, targets)).max() < CLOSE


def test_rows_beyond_32_bits(device: torch.device) -> None:
    # Pages that nobody touches take no memory.
    stride = 2**31 + 8
    storage = torch.empty(stride + 1000, dtype=torch.float16, device=device)
    logits = storage.as_strided((2, 1000), (stride, 1))
    logits.copy_(logits_like((2, 1000), torch.float16, device))
    targets = targets_like((2, 1000), device)
    assert np.abs(combined(row_stats(logits, targets)) - exact(logits, targets)).max() < CLOSE


@pytest.mark.parametrize("integer", [torch.int32, torch.int64])
def test_rows_that_are_asked_for(integer: torch.dtype, device: torch.device) -> None:
    logits = logits_like((20, 1000), torch.bfloat16, device)
    rows = torch.tensor([5, 19, 0, 5], device=device)
    targets = targets_like((4, 1000), device)
    stats = row_stats(logits, targets.to(integer), rows=rows.to(integer))
    assert same_bits(stats, row_stats(logits[rows], targets))


def test_a_row_out_of_range_is_nan(device: torch.device) -> None:
    logits = logits_like((3, 40), torch.float32, device)
    rows = torch.tensor([0, 3, -1], device=device)
    stats = row_stats(logits, torch.zeros_like(rows), rows=rows)
    assert np.isnan(combined(stats)).tolist() == [False, True, True]


@pytest.mark.parametrize("count", [1, 2, 3, 8])
@pytest.mark.parametrize("softcap", [None, 30.0])
def test_shards(count: int, softcap: float | None, device: torch.device) -> None:
    logits = logits_like((4, 5003), torch.bfloat16, device)
    targets = targets_like((4, 5003), device)
    bounds = [5003 * rank // count for rank in range(count + 1)]
    stats = shards(
        [
            row_stats(logits[:, a:b], targets, softcap=softcap, vocab_start=a)
            for a, b in pairwise(bounds)
        ]
    )
    assert np.abs(combined(stats) - exact(logits, targets, softcap=softcap)).max() < CLOSE


def test_a_target_of_another_shard_is_no_target(device: torch.device) -> None:
    logits = logits_like((4, 100), torch.float32, device)
    targets = torch.tensor([-100, 49, 50, 150], device=device)
    stats = row_stats(logits, targets, vocab_start=50)
    assert np.isneginf(wide(stats.target)).tolist() == [True, True, False, True]


def test_edge_rows(device: torch.device) -> None:
    inf, nan = float("inf"), float("nan")
    logits = torch.randn(9, 300)
    logits[0] = -inf
    logits[0, 0] = 0.5  # the only token there can be
    logits[1, 1] = -inf  # the target is masked off
    logits[2, 250] = nan
    logits[3] = -inf  # nothing can be
    logits[4, 50] = inf
    logits[5] -= 200
    logits[6, 6] = nan  # the target
    logits[7] = -3e38  # a finite mask over all
    logits[8, :200] = -3e38
    targets = torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 250])
    ours = combined(row_stats(logits.to(device), targets.to(device)))
    wanted = exact(logits, targets)
    assert np.isnan(ours).tolist() == np.isnan(wanted).tolist()
    assert np.isnan(ours).tolist() == [r in (2, 3, 4, 6) for r in range(9)]
    assert np.isneginf(ours).tolist() == [r == 1 for r in range(9)]
    finite = np.isfinite(wanted)
    assert np.abs(ours[finite] - wanted[finite]).max() < CLOSE


@pytest.mark.parametrize("width", [40, 9000, 9001])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_and_infinity_are_found_anywhere(
    width: int, value: float, device: torch.device
) -> None:
    places = [0, 7, width // 2, width - 1]
    logits = torch.randn(len(places), width)
    for row, place in enumerate(places):
        logits[row, place] = value
    stats = row_stats(logits.to(device), torch.ones(len(places), dtype=torch.int64).to(device))
    assert np.isnan(combined(stats)).all()


@pytest.mark.parametrize("width", [40, 5000, 5003])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_bits_do_not_depend_on_the_batch(
    width: int, dtype: torch.dtype, device: torch.device
) -> None:
    logits = logits_like((9, width), dtype, device)
    targets = targets_like((9, width), device)
    stats = row_stats(logits, targets)
    order = torch.randperm(9, device=device)
    assert same_bits(row_stats(logits[order], targets[order]), chosen(stats, order))
    for rows in (slice(4, 5), slice(1, 4)):
        assert same_bits(row_stats(logits[rows], targets[rows]), chosen(stats, rows))


def test_no_row(device: torch.device) -> None:
    none = torch.zeros(0, dtype=torch.int64, device=device)
    for logits, rows in ((torch.zeros(0, 40), None), (torch.zeros(3, 40), none)):
        stats = row_stats(logits.to(device), none, rows=rows)
        assert (stats.maximum.shape, stats.target.shape) == ((0, 1), (0,))


def test_gradients_end_here(device: torch.device) -> None:
    logits = torch.randn(2, 40, device=device, requires_grad=True)
    stats = row_stats(logits, torch.tensor([1, 2], device=device))
    assert isinstance(stats, RowStats)
    assert not stats.sum.requires_grad


_INDEX = torch.tensor([0, 1])
MISUSE = {
    "logits must have 2": (torch.zeros(2), {}, _INDEX),
    "logits must be float16": (torch.zeros(2, 3, dtype=torch.float64), {}, _INDEX),
    "logits has rows without": (torch.zeros(2, 0), {}, _INDEX),
    "logits must have contiguous rows": (torch.zeros(3, 2).T, {}, _INDEX),
    "targets must be int32": (torch.zeros(2, 3), {}, torch.tensor([0.0, 1.0])),
    "targets must have 3": (torch.zeros(3, 3), {}, _INDEX),
    "rows must have 2": (torch.zeros(3, 3), {"rows": torch.tensor([0])}, _INDEX),
    "rows has indices": (torch.zeros(0, 3), {"rows": _INDEX}, _INDEX),
    "temperature must be": (torch.zeros(2, 3), {"temperature": 0.0}, _INDEX),
    "softcap must be": (torch.zeros(2, 3), {"softcap": float("nan")}, _INDEX),
    "splits must be": (torch.zeros(2, 3), {"splits": 0}, _INDEX),
}


@pytest.mark.parametrize("message", MISUSE)
def test_misuse_is_named(message: str, device: torch.device) -> None:
    logits, options, targets = MISUSE[message]
    options = {
        name: value.to(device) if isinstance(value, torch.Tensor) else value
        for name, value in options.items()
    }
    with pytest.raises((TypeError, ValueError), match=message):
        row_stats(logits.to(device), targets.to(device), **options)
