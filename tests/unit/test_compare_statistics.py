"""The figures of a comparison, against direct computation."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter

import pytest

from pyverify.evaluate.compare.mcnemar import EXACT_UP_TO, sign_test
from pyverify.evaluate.compare.outcomes import Figures, Outcomes, figures_of


def binomial(b: int, c: int) -> float:
    """McNemar's exact test: twice the smaller tail."""
    n = b + c
    tail = sum(math.comb(n, k) for k in range(min(b, c) + 1))
    return min(1.0, 2 * tail / 2**n)


def every_sign(nets: list[int]) -> float:
    """The test by its definition: all choices of signs."""
    found = abs(sum(nets))
    sums = [
        sum(sign * net for sign, net in zip(signs, nets, strict=True))
        for signs in itertools.product((1, -1), repeat=len(nets))
    ]
    return sum(abs(one) >= found for one in sums) / len(sums)


@pytest.mark.parametrize(("b", "c"), [(0, 0), (0, 1), (0, 6), (2, 8), (5, 5), (31, 50), (400, 420)])
def test_single_samples_give_mcnemar(b: int, c: int) -> None:
    p, test = sign_test({1: c, -1: b, 0: 1000})
    assert test == "exact"
    assert p == pytest.approx(binomial(b, c), rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_prompts_are_swapped_whole(seed: int) -> None:
    draw = random.Random(seed)
    nets = [draw.randint(-4, 4) for _ in range(10)]
    p, _ = sign_test(Counter(nets))
    assert p == pytest.approx(every_sign(nets), rel=1e-9)


def test_four_samples_of_one_prompt_are_one_draw() -> None:
    # Ten samples changed, but of one prompt: that may be luck. Of ten prompts it isn't.
    assert sign_test({10: 1})[0] == 1.0
    assert sign_test({1: 10})[0] < 0.01


def test_many_changes_meet_the_exact_test_where_it_ends() -> None:
    c = EXACT_UP_TO // 2 + 40
    b = EXACT_UP_TO - c
    exact, approximate = sign_test({1: c, -1: b}), sign_test({1: c + 1, -1: b + 1})
    assert (exact[1], approximate[1]) == ("exact", "chi-square")
    assert approximate[0] == pytest.approx(exact[0], rel=0.02)
    assert sign_test({1: 100_000, -1: 100_000})[0] == 1.0
    assert sign_test({5: 100_000, -1: 1})[0] == 0.0


def figures(rows: list[tuple[bool, bool, str | None]]) -> Figures:
    outcomes = Outcomes()
    for a, b, prompt in rows:
        outcomes.add(a, b, prompt)
    found = figures_of(outcomes.signatures())
    assert found is not None
    return found


def test_counts_of_single_rows() -> None:
    rows: list[tuple[bool, bool, str | None]] = []
    for a, b, times in ((True, True, 60), (True, False, 12), (False, True, 4), (False, False, 24)):
        rows += [(a, b, None)] * times
    found = figures(rows)
    assert (found.both, found.only_a, found.only_b, found.neither) == (60, 12, 4, 24)
    assert found.pairs == found.prompts == 100
    assert (found.acc_a, found.acc_b) == (0.72, 0.64)
    assert found.difference == pytest.approx(-0.08)
    assert found.agreement == 0.84
    # kappa: chance agrees on 0.72 * 0.64 + 0.28 * 0.36.
    assert found.kappa == pytest.approx((0.84 - 0.5616) / (1 - 0.5616))
    # The deviation of +1, -1, 0 over the root of n, with n - 1.
    variance = (16 - 100 * 0.08**2) / 99
    assert found.stderr == pytest.approx(math.sqrt(variance / 100))
    assert found.stderr_a == pytest.approx(math.sqrt(0.72 * 0.28 / 99))
    low, high = found.interval or (0.0, 0.0)
    assert (low + high) / 2 == pytest.approx(-0.08)
    assert high - low == pytest.approx(2 * 1.96 * (found.stderr or 0), rel=1e-4)
    assert found.worse(0.1)
    assert not found.worse(0.05)


def test_errors_are_clustered_by_prompt() -> None:
    # Every prompt's samples turn out alike: four times the rows are no more than one of each.
    alone = figures([(i % 3 > 0, i % 5 > 0, f"p{i}") for i in range(30)])
    four = figures([(i % 3 > 0, i % 5 > 0, f"p{i}") for i in range(30) for _ in range(4)])
    unnamed = figures([(i % 3 > 0, i % 5 > 0, None) for i in range(30) for _ in range(4)])
    assert four.prompts == alone.prompts == 30
    assert four.stderr == pytest.approx(alone.stderr)
    assert four.stderr_b == pytest.approx(alone.stderr_b)
    assert four.p_value == pytest.approx(alone.p_value)
    assert unnamed.stderr is not None
    assert four.stderr is not None
    assert unnamed.stderr < 0.6 * four.stderr
    assert unnamed.p_value < four.p_value


def test_unequal_clusters_against_the_formula() -> None:
    draw = random.Random(5)
    rows: list[tuple[bool, bool, str | None]] = [
        (draw.random() < 0.6, draw.random() < 0.5, f"p{draw.randrange(12)}") for _ in range(90)
    ]
    found = figures(rows)
    mean = sum(b - a for a, b, _ in rows) / 90
    residuals: Counter[str | None] = Counter()
    for a, b, prompt in rows:
        residuals[prompt] += b - a - mean  # type: ignore[assignment]
    squares = sum(one * one for one in residuals.values())
    g = len(residuals)
    assert found.stderr == pytest.approx(math.sqrt(squares * g / (g - 1)) / 90)


def test_nothing_and_next_to_nothing() -> None:
    assert figures_of({}) is None
    one = figures([(True, False, None)])
    assert (one.stderr, one.interval, one.p_value) == (None, None, 1.0)
    same = figures([(True, True, None)] * 5)
    assert (same.kappa, same.interval, same.p_value) == (None, None, 1.0)
    assert not same.worse(0.05)


def test_luck_is_called_luck() -> None:
    # Between two equally good sides p lies below 0.05 in at most a twentieth of all runs, with
    # samples of one prompt that hang together.
    draw = random.Random(1)
    below = 0
    for _ in range(300):
        rows: list[tuple[bool, bool, str | None]] = []
        for prompt in range(20):
            a, b = draw.random(), draw.random()
            rows += [(draw.random() < a**3, draw.random() < b**3, str(prompt)) for _ in range(4)]
        below += figures(rows).p_value < 0.05
    assert below <= 27
