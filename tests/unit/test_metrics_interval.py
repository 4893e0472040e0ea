"""Intervals by bootstrap and by Wilson's formula, binomial draws, solve rates."""

from __future__ import annotations

import random
from collections import Counter
from math import comb, sqrt

import pytest

from pyverify.evaluate.metrics import BINS, Z95, bootstrap, difficulty, wilson
from pyverify.evaluate.metrics.binomial import draw


@pytest.mark.parametrize(
    ("trials", "chance"), [(6, 0.3), (40, 0.5), (300, 0.02), (90, 0.9), (1_000_000, 0.25)]
)
def test_draws_are_binomial(trials: int, chance: float) -> None:
    rng = random.Random(11)
    count = 20_000
    found = [draw(rng, trials, chance) for _ in range(count)]
    assert 0 <= min(found) <= max(found) <= trials
    mean, variance = trials * chance, trials * chance * (1 - chance)
    drawn = sum(found) / count
    assert abs(drawn - mean) < 4 * sqrt(variance / count)
    assert sum((x - mean) ** 2 for x in found) / count == pytest.approx(variance, rel=0.06)
    if trials <= 90:
        # Chi squared over the values that are expected often enough.
        times = Counter(found)
        wanted = {
            k: count * comb(trials, k) * chance**k * (1 - chance) ** (trials - k)
            for k in range(trials + 1)
        }
        often = [k for k, times_wanted in wanted.items() if times_wanted > 20]
        squares = sum((times[k] - wanted[k]) ** 2 / wanted[k] for k in often)
        assert squares < len(often) + 4 * sqrt(2 * len(often))


def test_draws_at_the_ends() -> None:
    rng = random.Random(0)
    assert draw(rng, 0, 0.5) == 0
    assert draw(rng, 10, 0.0) == 0
    assert draw(rng, 10, 1.0) == 10
    assert draw(rng, 10, 1e-30) == 0


def test_interval_is_that_of_drawn_prompts() -> None:
    """Against drawing prompts one by one."""
    signatures = {(4, 4, 4, 4): 30, (4, 1, 3, 0, 1, 1): 50, (8, 2, 6, 0, 2, 2): 20}
    prompts = [(n, c) for (n, c, *_), times in signatures.items() for _ in range(times)]
    rng = random.Random(2)
    drawn = []
    for _ in range(4000):
        some = rng.choices(prompts, k=len(prompts))
        drawn.append(sum(c for _, c in some) / sum(n for n, _ in some))
    drawn.sort()
    found = bootstrap(signatures)
    assert found is not None
    width = drawn[3900] - drawn[100]
    assert found.low == pytest.approx(drawn[100], abs=0.1 * width)
    assert found.high == pytest.approx(drawn[3900], abs=0.1 * width)
    assert (found.level, found.resamples) == (0.95, 2000)


def test_interval_repeats_and_ignores_order() -> None:
    signatures = {(1, 1, 1, 1): 700, (1, 0, 1, 0): 200, (1, 0): 100}
    found = bootstrap(signatures)
    assert found == bootstrap(dict(reversed(signatures.items())))
    assert found != bootstrap(signatures, seed=1)
    # What a wrong sample answered doesn't matter.
    assert found == bootstrap({(1, 1, 1, 1): 700, (1, 0): 300})


def test_interval_of_little() -> None:
    assert bootstrap({}) is None
    assert bootstrap({(16, 4, 12, 0, 4, 4): 1}) is None
    found = bootstrap({(1, 1, 1, 1): 5})
    assert found is not None
    assert (found.low, found.high) == (1.0, 1.0)


def test_many_kinds_of_prompts_get_fewer_resamples() -> None:
    found = bootstrap({(n, c): 1 for n in range(1, 40) for c in range(n + 1)})
    assert found is not None
    assert found.resamples == 200


@pytest.mark.parametrize(("share", "count"), [(0.0, 10), (0.3, 10), (0.8, 1000), (1.0, 7)])
def test_ends_of_wilsons_interval_are_as_far_off_as_it_says(share: float, count: int) -> None:
    low, high = wilson(share, count)
    assert 0 <= low <= share <= high <= 1
    # The defining equation: the share lies z standard errors of the end from the end.
    for end in (low, high):
        if 0 < end < 1:
            assert abs(share - end) == pytest.approx(Z95 * sqrt(end * (1 - end) / count))
    assert high > low


def test_no_trial_says_nothing() -> None:
    assert wilson(0.0, 0) == (0.0, 1.0)


def test_solve_rates() -> None:
    found = difficulty({(10, c): c + 1 for c in range(11)})
    assert list(found) == list(BINS)
    assert list(found.values()) == [*range(1, 11), 0, 11]
    assert difficulty({(16, 1): 1, (16, 15): 1, (1, 0): 2, (3, 3): 4}) == {
        **dict.fromkeys(BINS, 0),
        "0": 2,
        "(0, 0.1]": 1,
        "(0.9, 1)": 1,
        "1": 4,
    }
