"""pass@k, avg@k, maj@k and cons@k against counting every choice of k samples."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import comb, sqrt

import pytest

from pyverify.evaluate.metrics import Figures, Samples, majority, parse_ks, pass_at_k, usual_ks

Sample = tuple[int | None, bool]
"""The answer, None for none, and whether it is right."""


def signature(samples: list[Sample]) -> tuple[int, ...]:
    """What the engine makes of the samples of a prompt."""
    sizes: Counter[int] = Counter(answer for answer, _ in samples if answer is not None)
    right: Counter[int] = Counter(answer for answer, good in samples if answer is not None and good)
    groups = sorted(((size, right[answer]) for answer, size in sizes.items()), reverse=True)
    return (len(samples), right.total(), *itertools.chain.from_iterable(groups))


def best(some: tuple[Sample, ...]) -> Fraction:
    return Fraction(any(good for _, good in some))


def shared(some: tuple[Sample, ...]) -> Fraction:
    """The mean score of the answers with the most votes; of one that is partly right, its share."""
    winners = _winners(some)
    return sum(winners, Fraction(0)) / len(winners) if winners else Fraction(0)


def alone(some: tuple[Sample, ...]) -> Fraction:
    winners = _winners(some)
    return winners[0] if len(winners) == 1 else Fraction(0)


def _winners(some: tuple[Sample, ...]) -> list[Fraction]:
    votes = Counter(answer for answer, _ in some if answer is not None)
    return [
        Fraction(sum(good for given, good in some if given == answer), count)
        for answer, count in votes.items()
        if count == max(votes.values())
    ]


def expected(
    samples: list[Sample], k: int, score: Callable[[tuple[Sample, ...]], Fraction]
) -> Fraction:
    choices = [score(some) for some in itertools.combinations(samples, k)]
    return sum(choices, Fraction(0)) / len(choices)


def prompt(rng: random.Random, count: int) -> list[Sample]:
    answers = [rng.choice([None, 0, 1, 2, 3][: rng.randint(2, 5)]) for _ in range(count)]
    # Usually all or none of an answer's samples are right; an answer may be right in part, too.
    chances = [rng.choice((0.0, 0.0, 0.5, 1.0)) for _ in range(4)]
    return [(a, a is not None and rng.random() < chances[a]) for a in answers]


@pytest.mark.parametrize("seed", range(60))
def test_figures_count_every_choice(seed: int) -> None:
    rng = random.Random(seed)
    samples = prompt(rng, rng.randint(1, 9))
    figures = Figures({signature(samples): 1})
    for k in range(1, len(samples) + 1):
        for kind, score in (("pass", best), ("maj", shared), ("cons", alone)):
            wanted = float(expected(samples, k, score))
            assert figures.figure(kind, k).value == pytest.approx(wanted, abs=1e-13), (kind, k)


def test_pass_at_k_is_the_unbiased_estimator() -> None:
    for n, c, k in itertools.product((1, 5, 64), range(6), (1, 3, 32)):
        if c <= n and k <= n:
            assert pass_at_k(n, c, k) == float(1 - Fraction(comb(n - c, k), comb(n, k)))


def test_one_sample_is_the_same_for_all() -> None:
    figures = Figures({(4, 2, 2, 2, 1, 0): 3, (8, 1, 7, 0, 1, 1): 1})
    found = {figures.figure(kind, 1).value for kind in ("pass", "avg", "maj", "cons")}
    assert found == {(3 * 0.5 + 0.125) / 4}


def test_a_vote_of_all() -> None:
    assert majority(5, [(2, 2), (2, 0)], 5) == (0.5, 0.0)
    assert majority(6, [(2, 2), (2, 0), (2, 0)], 6) == (1 / 3, 0.0)
    assert majority(5, [(3, 0), (2, 2)], 5) == (0.0, 0.0)
    # Nobody votes, and one vote against three that abstain.
    assert majority(3, [], 3) == (0.0, 0.0)
    assert majority(4, [(1, 1)], 4) == (1.0, 1.0)


def test_chances_of_all_answers_add_up() -> None:
    """Every choice with a vote has winners, whose shares make one."""
    rng = random.Random(7)
    for _ in range(20):
        sizes = sorted((rng.randint(1, 12) for _ in range(rng.randint(1, 9))), reverse=True)
        n = sum(sizes) + rng.randint(0, 10)
        for k in (1, 2, 5, n // 2 or 1, n):
            if k > n:
                continue
            total = sum(
                majority(n, [(size, size if i == j else 0) for j, size in enumerate(sizes)], k)[0]
                for i in range(len(sizes))
            )
            assert total == pytest.approx(1 - comb(n - sum(sizes), k) / comb(n, k), abs=1e-12)


def test_means_over_prompts_that_have_enough_samples() -> None:
    figures = Figures({(2, 1, 1, 1, 1, 0): 2, (4, 4, 4, 4): 1, (1, 0): 5})
    figure = figures.figure("pass", 2)
    assert (figure.value, figure.prompts) == (1.0, 3)
    figure = figures.figure("avg", 2)
    assert figure.value == pytest.approx((0.5 + 0.5 + 1) / 3)
    # The sample deviation of 0.5, 0.5, 1 over the root of 3.
    assert figure.stderr == pytest.approx(sqrt(1 / 12 / 3))
    assert figures.figure("maj", 5).value is None
    assert figures.figure("maj", 5).prompts == 0


def test_figures_do_not_depend_on_order() -> None:
    rng = random.Random(1)
    counts = Counter(signature(prompt(rng, 8)) for _ in range(300))
    backwards = dict(reversed(counts.items()))
    for kind, k in itertools.product(("pass", "avg", "maj", "cons"), (1, 3, 8)):
        assert Figures(counts).figure(kind, k) == Figures(backwards).figure(kind, k)


def test_votes_that_would_take_long_are_not_counted() -> None:
    crowd = (100_000, 1, *((1, 1) + (1, 0) * 99_999))
    figures = Figures({crowd: 1})
    assert figures.figure("maj", 4).value == pytest.approx(1e-5)
    assert figures.figure("maj", 100).value is None
    assert figures.figure("maj", 100).prompts == 1
    assert figures.figure("pass", 100).value == pytest.approx(1e-3)
    assert figures.figure("cons", 100_000).value == 0.0


def test_numbers_of_samples() -> None:
    assert parse_ks("16, 1,4,4") == (1, 4, 16)
    for text in ("", "0", "1,,4", "-1", "1.5", "x", "1025", "9" * 5000, "²", "１"):
        with pytest.raises(ValueError, match="numbers of samples"):
            parse_ks(text)
    with pytest.raises(ValueError, match="at most 32"):
        parse_ks(",".join(map(str, range(1, 40))))


def test_usual_numbers_of_samples() -> None:
    # One prompt stands twice in the file and has 32 samples; the others have 16.
    twice = Samples.of({(16, 0): 499, (32, 0): 1})
    assert twice is not None
    assert (twice.least, twice.most, twice.usual) == (16, 32, 16)
    assert usual_ks([twice, Samples.of({(64, 0): 30}), None]) == (1, 4, 8, 16, 64)
    assert usual_ks([Samples.of({(10**6, 0): 1})]) == (1, 4, 8)
    assert Samples.of({}) is None
