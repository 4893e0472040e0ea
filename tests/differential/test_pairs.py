"""A slice of what `run.py` runs: no equal pair refused, no different one accepted."""

from __future__ import annotations

import pytest

SEED = 20


def _failures(rows: list[dict[str, object]]) -> str:
    return "\n".join(f"{row['kind']}: {row['gold']}   {row['answer']}" for row in rows[:10])


def _check(pairs: int, seeds: int) -> None:
    from run import run

    tally = run(SEED, pairs, seeds=seeds)
    assert not tally.wrong, _failures(tally.wrong)
    assert not tally.unstable, _failures(tally.unstable)
    assert tally.open <= pairs // 1000
    accepted, undecided = tally.total(True, "accepted"), tally.total(True, "undecided")
    assert accepted > pairs / 3
    assert undecided < accepted / 50


def test_no_wrong_verdict() -> None:
    _check(5000, 1)


def test_verdicts_do_not_depend_on_the_seed() -> None:
    _check(1000, 5)


@pytest.mark.slow
def test_no_wrong_verdict_in_many() -> None:
    _check(60_000, 2)


def test_pairs_depend_on_nothing_but_their_seed() -> None:
    from generate import pairs

    one, two = ([(p.gold, p.answer, p.equal) for p in pairs("any", 200)] for _ in range(2))
    assert one == two
    assert {equal for *_, equal in one} == {True, False}
