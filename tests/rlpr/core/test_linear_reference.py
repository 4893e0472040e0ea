"""Row statistics from hidden states: the multiplication is in float64, whatever comes in."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from rlpr_oracle import log_probs, wide

from pyverify.rlpr import combine, reference


def case(
    random: torch.Generator, dtype: torch.dtype, count: int = 40, width: int = 3001, depth: int = 48
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Hidden states, a weight and targets; logits reach 100 and more."""
    hidden = (torch.randn((count, depth), generator=random) * 4).to(dtype)
    weight = torch.randn((width, depth), generator=random).to(dtype)
    targets = torch.randint(width, (count,), generator=random)
    targets[::2] = (hidden.float() @ weight.float().T).argmax(1)[::2]
    return hidden, weight, targets


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("softcap", [None, 30.0])
def test_log_probs_are_those_of_extended_precision(
    dtype: torch.dtype, softcap: float | None, random: torch.Generator
) -> None:
    hidden, weight, targets = case(random, dtype)
    bias = torch.randn(len(weight), generator=random)
    logits = wide(hidden) @ wide(weight).T + wide(bias)
    assert np.abs(logits).max() > 80
    stats = reference.linear_row_stats(
        hidden, weight, targets, bias=bias, temperature=0.6, softcap=softcap
    )
    found = wide(reference.log_probs(stats, temperature=0.6))
    expected = log_probs(logits, targets, temperature=0.6, softcap=softcap)
    assert np.abs(found - expected).max() <= 1e-9


def test_parts_and_rows_and_shards(
    random: torch.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "_HELD", 48 * 500)
    hidden, weight, _ = case(random, torch.bfloat16)
    rows = torch.randint(40, (67,), generator=random)
    targets = torch.randint(3001, (67,), generator=random)
    shards = [
        reference.linear_row_stats(hidden, weight[a:b], targets, rows=rows, vocab_start=a)
        for a, b in ((0, 1000), (1000, 1001), (1001, 3001))
    ]
    assert [one.maximum.shape for one in shards] == [(67, 2), (67, 1), (67, 4)]
    found = wide(reference.log_probs(combine(shards)))
    expected = log_probs(wide(hidden) @ wide(weight).T, targets, rows=rows)
    assert np.abs(found - expected).max() <= 1e-9


@pytest.mark.parametrize(("width", "depth"), [(4099, 96), (40, 31), (1003, 33)])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_no_bit_depends_on_the_batch(
    dtype: torch.dtype, width: int, depth: int, random: torch.Generator
) -> None:
    hidden, weight, targets = case(random, dtype, count=101, width=width, depth=depth)
    whole = reference.linear_row_stats(hidden, weight, targets)
    order = torch.randperm(101, generator=random)
    shuffled = reference.linear_row_stats(hidden, weight, targets[order], rows=order)
    alone = reference.linear_row_stats(hidden[70:71], weight, targets[70:71])
    for name in ("maximum", "sum", "target"):
        assert torch.equal(getattr(shuffled, name), getattr(whole, name)[order])
        assert torch.equal(getattr(alone, name), getattr(whole, name)[70:71])


def test_nan_stays_in_its_row(random: torch.Generator) -> None:
    hidden, weight, targets = case(random, torch.float32)
    hidden[3, 5] = torch.nan
    found = reference.log_probs(reference.linear_row_stats(hidden, weight, targets))
    assert found.isnan().nonzero().flatten().tolist() == [3]


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"hidden": torch.zeros(2, 5)}, ValueError, r"weight must be \[V, 5\]"),
        ({"weight": torch.zeros(0, 4)}, ValueError, "weight"),
        ({"weight": torch.zeros(3, 4, dtype=torch.int8)}, TypeError, "weight"),
        ({"bias": torch.zeros(4)}, ValueError, r"bias must be \[3\]"),
        ({"bias": torch.zeros(3, dtype=torch.int64)}, TypeError, r"bias must be floats"),
        ({"weight": torch.zeros(3, 4, device="meta")}, ValueError, "weight must be on cpu"),
        ({"targets": torch.zeros(1, dtype=torch.int64)}, ValueError, "targets"),
    ],
)
def test_errors_name_the_argument(
    change: dict[str, torch.Tensor], error: type[Exception], named: str
) -> None:
    given = {"hidden": torch.zeros(2, 4), "weight": torch.zeros(3, 4), **change}
    targets = given.pop("targets", torch.tensor([0, 1]))
    with pytest.raises(error, match=named):
        reference.linear_row_stats(given.pop("hidden"), given.pop("weight"), targets, **given)
