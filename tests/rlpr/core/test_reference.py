"""Row statistics by plain torch: exact, in any layout, the same in any batch."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest
import torch
from rlpr_oracle import hard_case, log_probs, wide
from torch.utils._python_dispatch import TorchDispatchMode

from pyverify.rlpr import combine, reference
from pyverify.rlpr.stats import RowStats

DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
WIDTHS = (40, 50257, 128256, 151936)


def difference(found: torch.Tensor, expected: np.ndarray) -> float:
    """The largest error of log-probabilities."""
    return float(np.abs(wide(found) - expected).max())


def same_bits(one: RowStats, other: RowStats) -> bool:
    """Whether statistics are the same to the last bit."""
    return all(
        torch.equal(getattr(one, name), getattr(other, name))
        for name in ("maximum", "sum", "target")
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_log_probs_are_those_of_extended_precision(
    width: int, dtype: torch.dtype, random: torch.Generator
) -> None:
    logits, targets = hard_case(6, width, random, dtype)
    found = reference.log_probs(reference.row_stats(logits, targets))
    expected = log_probs(logits, targets)
    assert difference(found, expected) <= 5e-7
    assert difference(found.exp(), np.exp(expected)) <= 1e-7


@pytest.mark.parametrize(
    ("temperature", "softcap"), list(itertools.product((0.6, 1.0, 1.7), (None, 30.0, 220.0)))
)
def test_temperature_and_soft_cap(
    temperature: float, softcap: float | None, random: torch.Generator
) -> None:
    logits, targets = hard_case(8, 50257, random)
    stats = reference.row_stats(logits, targets, temperature=temperature, softcap=softcap)
    found = reference.log_probs(stats, temperature=temperature)
    expected = log_probs(logits, targets, temperature=temperature, softcap=softcap)
    assert difference(found, expected) <= 5e-7


def test_a_spread_of_440() -> None:
    logits = torch.linspace(-220, 220, 151936).flip(0).repeat(3, 1)
    targets = torch.tensor([0, 75968, 151935])
    found = reference.log_probs(reference.row_stats(logits, targets))
    assert found[2] < -440
    assert difference(found, log_probs(logits, targets)) <= 5e-7


def test_rows_by_mpmath(random: torch.Generator) -> None:
    logits, targets = hard_case(3, 40, random)
    found = reference.log_probs(
        reference.row_stats(logits, targets, temperature=0.6), temperature=0.6
    )
    with mpmath.workdps(50):
        for row, target, one in zip(logits.tolist(), targets.tolist(), found.tolist(), strict=True):
            total = mpmath.fsum(mpmath.exp(mpmath.mpf(x) / mpmath.mpf(0.6)) for x in row)
            exact = mpmath.mpf(row[target]) / mpmath.mpf(0.6) - mpmath.log(total)
            assert abs(one - exact) <= 5e-7


def test_statistics_are_what_they_are_called() -> None:
    logits = torch.tensor([[1.0, 3.0, 2.0]], dtype=torch.bfloat16)
    stats = reference.row_stats(logits, torch.tensor([2]), temperature=0.5)
    assert stats.maximum.tolist() == [[3.0]]
    assert stats.target.tolist() == [2.0]
    scale = 1 / np.log(2) / 0.5
    assert stats.sum.item() == pytest.approx(2 ** (-2 * scale) + 1 + 2**-scale, rel=1e-7)
    assert {stats.maximum.dtype, stats.sum.dtype, stats.target.dtype} == {torch.float32}


LAYOUTS = {
    "contiguous": lambda x: x,
    "a longer row's middle": lambda x: torch.nn.functional.pad(x, (3, 5), value=9e9)[:, 3:-5],
    "every other row": lambda x: torch.stack([x, x + 1], 1).flatten(0, 1)[::2],
    "transposed": lambda x: x.T.contiguous().T,
    "every third column": lambda x: torch.stack([x, x + 1, x + 2], 2).flatten(1)[:, ::3],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_strides_change_nothing(layout: str, dtype: torch.dtype, random: torch.Generator) -> None:
    logits, targets = hard_case(5, 1001, random, dtype)
    laid = LAYOUTS[layout](logits)
    before = laid.clone()
    assert same_bits(reference.row_stats(laid, targets), reference.row_stats(logits, targets))
    assert torch.equal(laid, before)


@pytest.mark.parametrize("integer", [torch.int32, torch.int64])
def test_rows_are_gathered(integer: torch.dtype, random: torch.Generator) -> None:
    logits, _ = hard_case(4, 1001, random)
    rows = torch.tensor([3, 0, 0, 2, 3, 3])
    targets = torch.tensor([5, 0, 1000, 7, 8, 5])
    found = reference.row_stats(logits, targets.to(integer), rows=rows.to(integer))
    assert same_bits(found, reference.row_stats(logits[rows], targets))
    assert not same_bits(found, reference.row_stats(logits[rows.flip(0)], targets))


def test_offsets_beyond_32_bits(random: torch.Generator) -> None:
    row, _ = hard_case(1, 151936, random, torch.bfloat16)
    many = row.expand(40_000, -1)
    assert many.numel() > 2**32
    found = reference.row_stats(many, torch.tensor([9, 9]), rows=torch.tensor([0, 39_999]))
    one = reference.row_stats(row, torch.tensor([9]))
    assert same_bits(
        found, RowStats(*(torch.cat([x, x]) for x in (one.maximum, one.sum, one.target)))
    )


def test_no_bit_depends_on_the_batch(random: torch.Generator) -> None:
    # More rows than are held at a time, so that a row comes first, last, and alone.
    logits, targets = hard_case(70, 128256, random, torch.bfloat16)
    whole = reference.row_stats(logits, targets)
    order = torch.randperm(70, generator=random)
    shuffled = reference.row_stats(logits, targets[order], rows=order)
    assert same_bits(
        shuffled, RowStats(whole.maximum[order], whole.sum[order], whole.target[order])
    )
    alone = reference.row_stats(logits[7:8], targets[7:8])
    assert same_bits(alone, RowStats(whole.maximum[7:8], whole.sum[7:8], whole.target[7:8]))


class Largest(TorchDispatchMode):
    """Notes the most numbers that any operation has put into new memory."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        found = function(*args, **(kwargs or {}))
        if isinstance(found, torch.Tensor) and not found._is_view():
            self.numbers = max(self.numbers, found.untyped_storage().nbytes() // 8)
        return found


def test_memory_does_not_grow_with_the_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for limit in ("_HELD", "_LOGITS"):
        monkeypatch.setattr(reference, limit, 64_000)
    logits = torch.zeros(1, 1000).expand(500, 1000)
    targets = torch.zeros(500, dtype=torch.int64)
    with Largest() as most:
        reference.row_stats(logits, targets, rows=targets)
        assert 60_000 <= most.numbers <= 64_000
        reference.linear_row_stats(logits, logits, targets)
    assert most.numbers <= 64_000


def test_no_bit_depends_on_threads(one_thread: None, random: torch.Generator) -> None:
    logits, targets = hard_case(3, 151936, random)
    one = reference.row_stats(logits, targets)
    torch.set_num_threads(2)
    assert same_bits(reference.row_stats(logits, targets), one)


@pytest.mark.parametrize("count", [1, 2, 3, 8])
@pytest.mark.parametrize("softcap", [None, 30.0])
def test_shards_make_the_whole(count: int, softcap: float | None, random: torch.Generator) -> None:
    logits, targets = hard_case(9, 50257, random)
    bounds = torch.linspace(0, 50257, count + 1).long().tolist()
    parts = [
        reference.row_stats(
            logits[:, begin:end], targets, temperature=0.7, softcap=softcap, vocab_start=begin
        )
        for begin, end in itertools.pairwise(bounds)
    ]
    stats = combine(parts)
    assert stats.maximum.shape == stats.sum.shape == (9, count)
    expected = log_probs(logits, targets, temperature=0.7, softcap=softcap)
    assert difference(reference.log_probs(stats, temperature=0.7), expected) <= 5e-7
    merged = reference.merge(stats, temperature=0.7)
    assert merged.maximum.shape == (9, 1)
    assert difference(reference.log_probs(merged, temperature=0.7), expected) <= 5e-7


def test_a_target_of_another_shard_is_minus_infinity() -> None:
    logits = torch.zeros(4, 10)
    stats = reference.row_stats(logits, torch.tensor([99, 100, 109, 110]), vocab_start=100)
    assert stats.target.tolist() == [-np.inf, 0.0, 0.0, -np.inf]


INF, NAN = np.inf, np.nan
EDGES = {
    "NaN": ([0.0, NAN, 1.0], 0, NAN),
    "NaN at the target": ([0.0, NAN, 1.0], 1, NAN),
    "nothing but -inf": ([-INF, -INF, -INF], 1, NAN),
    "+inf elsewhere": ([0.0, INF, 1.0], 0, NAN),
    "+inf at the target": ([0.0, INF, 1.0], 1, NAN),
    "masked target": ([0.0, -INF, 0.0], 1, -INF),
    "masked others": ([-INF, 5.0, -INF], 1, 0.0),
    "huge": ([3e38, -3e38, 3e38], 0, -np.log(2.0)),
    "NaN and +inf": ([INF, NAN, 1.0], 2, NAN),
}


@pytest.mark.parametrize("cut", [None, 1, 2])
@pytest.mark.parametrize("edge", EDGES)
def test_edges(edge: str, cut: int | None) -> None:
    row, target, expected = EDGES[edge]
    logits, targets = torch.tensor([row, [0.0, 0.0, 0.0]]), torch.tensor([target, 0])
    if cut is None:
        stats = reference.row_stats(logits, targets)
    else:
        left = reference.row_stats(logits[:, :cut], targets)
        stats = combine([left, reference.row_stats(logits[:, cut:], targets, vocab_start=cut)])
    for one in (stats, reference.merge(stats)):
        found = reference.log_probs(one)
        assert found[0].item() == pytest.approx(expected, abs=1e-7, nan_ok=True)
        assert found[1].item() == pytest.approx(-np.log(3.0), abs=1e-7)
    if cut is None:
        ours = torch.log_softmax(logits[0].double(), 0)[target].item()
        assert ours == pytest.approx(expected, abs=1e-7, nan_ok=True)


def test_no_rows() -> None:
    stats = reference.row_stats(torch.zeros(0, 7), torch.zeros(0, dtype=torch.int64))
    assert stats.maximum.shape == (0, 1)
    assert reference.log_probs(stats).shape == (0,)


def test_no_gradient() -> None:
    logits = torch.zeros(1, 3, requires_grad=True)
    assert not reference.row_stats(logits, torch.tensor([0])).sum.requires_grad


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"logits": torch.zeros(2, 3, 4)}, ValueError, r"logits .*flatten"),
        ({"logits": torch.zeros(2, 3, dtype=torch.int64)}, TypeError, "logits"),
        ({"logits": torch.zeros(2, 0)}, ValueError, "logits"),
        ({"targets": torch.zeros(3, dtype=torch.int64)}, ValueError, "targets"),
        ({"targets": torch.zeros(2)}, TypeError, "targets"),
        ({"rows": torch.tensor([0])}, ValueError, "rows"),
        ({"rows": torch.tensor([0, 2])}, ValueError, "rows must be from 0 to 1"),
        ({"rows": torch.tensor([-1, 0])}, ValueError, "rows must be from 0 to 1"),
        ({"rows": torch.tensor([0.0, 1.0])}, TypeError, "rows"),
        ({"logits": torch.zeros(0, 3), "rows": torch.tensor([0, 0])}, ValueError, "no row"),
        ({"targets": torch.zeros(2, device="meta").long()}, ValueError, "targets must be on cpu"),
        ({"temperature": 0.0}, ValueError, "temperature"),
        ({"temperature": NAN}, ValueError, "temperature"),
        ({"softcap": -1.0}, ValueError, "softcap"),
        ({"softcap": INF}, ValueError, "softcap"),
    ],
)
def test_errors_name_the_argument(
    change: dict[str, object], error: type[Exception], named: str
) -> None:
    given = {"logits": torch.zeros(2, 3), "targets": torch.tensor([0, 1]), **change}
    with pytest.raises(error, match=named):
        reference.row_stats(given.pop("logits"), given.pop("targets"), **given)


def test_a_device_without_float64_is_refused() -> None:
    class OnMps(torch.Tensor):
        device = torch.device("mps")

    with pytest.raises(ValueError, match=r"logits is on mps.*logits\.cpu\(\)"):
        reference.row_stats(torch.zeros(1, 3).as_subclass(OnMps), torch.tensor([0]))
