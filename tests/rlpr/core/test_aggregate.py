"""Aggregations over segments, each by itself."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from rlpr_oracle import reward, rewards

from pyverify.rlpr import ProbRewards, TokenLogProbs, aggregate

AGGREGATIONS = ("mean", "geometric_mean", "product", "log_sum", "log_mean", "min")


def ends(lengths: list[int]) -> torch.Tensor:
    """Where segments of these lengths begin and end."""
    return torch.tensor([0, *np.cumsum(lengths, dtype=np.int64).tolist()])


def near(found: torch.Tensor, expected: list[float]) -> bool:
    """Whether rewards agree to 1e-6, sums of logarithms to float32's own."""
    return found.tolist() == pytest.approx(expected, abs=1e-7, rel=1e-7, nan_ok=True)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(
    lengths=st.lists(st.integers(0, 9), max_size=8),
    seed=st.integers(0, 2**31),
    special=st.sampled_from([None, math.nan, -math.inf, 0.0]),
)
def test_segments(aggregation: str, lengths: list[int], seed: int, special: float | None) -> None:
    random = np.random.default_rng(seed)
    values = -random.exponential(3.0, sum(lengths))
    if special is not None and len(values):
        values[random.integers(len(values))] = special
    found = aggregate(torch.tensor(values), ends(lengths), aggregation)
    expected = rewards(values, ends(lengths), aggregation)
    assert near(found.rewards, expected)
    assert found.rewards.dtype == torch.float32
    assert found.empty.tolist() == [length == 0 for length in lengths]
    assert found.nan.tolist() == [math.isnan(one) for one in expected]
    assert found.log_probs is None


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_no_bit_depends_on_the_batch(aggregation: str, random: torch.Generator) -> None:
    lengths = [1, 700, 0, 3, 17, 40_000, 2, 17]
    values = -torch.rand(sum(lengths), generator=random) * 0.01
    segments = values.split(lengths)
    found = aggregate(values, ends(lengths), aggregation).rewards
    order = torch.randperm(len(lengths), generator=random).tolist()
    shuffled = aggregate(
        torch.cat([segments[one] for one in order]),
        ends([lengths[one] for one in order]),
        aggregation,
    ).rewards
    assert torch.equal(shuffled, found[order])
    for place, segment in enumerate(segments):
        alone = aggregate(segment, ends([len(segment)]), aggregation).rewards
        assert torch.equal(alone, found[place : place + 1])


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("other", [0.0, 5.0, math.nan, math.inf, -math.inf])
def test_what_does_not_count_is_not_looked_at(
    aggregation: str, other: float, random: torch.Generator
) -> None:
    values = -torch.rand(12, generator=random).double()
    counted = torch.tensor([1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1]).bool()
    values[~counted] = other
    found = aggregate(values, torch.tensor([0, 4, 7, 12]), aggregation, counted=counted)
    expected = [
        reward([float(values[i]) for i in range(a, b) if counted[i]], aggregation)
        for a, b in pairwise((0, 4, 7, 12))
    ]
    assert near(found.rewards, expected)
    assert found.empty.tolist() == [False, True, False]
    assert not found.nan.any()


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_an_empty_reference_earns_nothing(aggregation: str) -> None:
    found = aggregate(torch.zeros(0), torch.tensor([0, 0]), aggregation)
    assert found.rewards.tolist() == [0.0]
    assert found.empty.tolist() == [True]


@pytest.mark.parametrize("integer", [torch.int32, torch.int64])
def test_no_segment(integer: torch.dtype) -> None:
    found = aggregate(torch.zeros(0), torch.zeros(1, dtype=integer))
    assert found.rewards.shape == found.empty.shape == found.nan.shape == (0,)


def test_what_a_scorer_answers() -> None:
    log_probs = torch.tensor([0.25, 0.5, 0.1]).log()
    answer = TokenLogProbs(log_probs, torch.tensor([0, 2, 3], dtype=torch.int32))
    assert near(aggregate(answer).rewards, [0.375, 0.1])
    assert near(aggregate(answer, aggregation="product").rewards, [0.125, 0.1])
    with pytest.raises(ValueError, match="leave it out"):
        aggregate(answer, answer.cu_seqlens)


def test_float64_inside() -> None:
    # Float32 would lose all but the first.
    values = torch.cat([torch.tensor([-1.0]), torch.full((100_000,), -4e-8)])
    found = aggregate(values, torch.tensor([0, len(values)]), "log_sum").rewards.item()
    assert found == pytest.approx(-1.004, abs=1e-7)


def test_a_result_can_be_pickled_and_has_no_gradient() -> None:
    values = torch.zeros(2, requires_grad=True)
    found = aggregate(values, torch.tensor([0, 2]))
    again = pickle.loads(pickle.dumps(found))
    assert isinstance(again, ProbRewards)
    assert torch.equal(again.rewards, found.rewards)
    assert not found.rewards.requires_grad


@pytest.mark.parametrize(
    ("cu_seqlens", "options", "error", "named"),
    [
        ([0, 2, 1, 3], {}, ValueError, "cu_seqlens"),
        ([0, 2], {}, ValueError, "cu_seqlens must go from 0 to 3"),
        ([1, 3], {}, ValueError, "cu_seqlens"),
        ([], {}, ValueError, "cu_seqlens"),
        ([0.0, 3.0], {}, TypeError, "cu_seqlens"),
        (None, {}, ValueError, "cu_seqlens is missing"),
        ([0, 3], {"aggregation": "median"}, ValueError, "aggregation .*geometric_mean.*median"),
        ([0, 3], {"counted": torch.ones(3)}, TypeError, "counted"),
        ([0, 3], {"counted": torch.ones(2, dtype=torch.bool)}, TypeError, "counted"),
    ],
)
def test_errors_name_the_argument(
    cu_seqlens: list[float] | None,
    options: dict[str, object],
    error: type[Exception],
    named: str,
) -> None:
    whole = cu_seqlens is not None and all(isinstance(one, int) for one in cu_seqlens)
    dtype = torch.int64 if whole else torch.float32
    given = None if cu_seqlens is None else torch.tensor(cu_seqlens, dtype=dtype)
    with pytest.raises(error, match=named):
        aggregate(torch.zeros(3), given, **options)


def test_log_probs_must_be_floats() -> None:
    with pytest.raises(TypeError, match="log_probs"):
        aggregate(torch.zeros(3, dtype=torch.int64), torch.tensor([0, 3]))
    with pytest.raises(TypeError, match="log_probs"):
        aggregate(torch.zeros(3, 1), torch.tensor([0, 3]))
