"""Counting what came out."""

from __future__ import annotations

import pytest
from reasoning.ask import Answered, grouped
from reasoning.pairs import registered
from reasoning.tables import count, counts, examples, table, verdict


def row(
    right: float, corrupted: float, kind: str = "wrong", variant: str = "stated", base: float = 0.0
) -> Answered:
    return Answered("own", "own/01", kind, variant, right, corrupted, base)


def test_wins_ties_and_margins() -> None:
    found = count("all", [row(0.9, 0.1), row(0.5, 0.5), row(0.2, 0.3, base=0.4), row(0.5, 0.2)])
    assert (found.pairs, found.wins, found.share) == (4, 2, 0.5)
    assert found.margin == pytest.approx((0.8 + 0.0 - 0.1 + 0.3) / 4)
    # Equal, and both below the baseline.
    assert (found.clip_wins, found.clip_ties) == (2, 2)
    assert found.low < 0.5 < found.high


def test_the_primary_set_is_the_registered_one() -> None:
    rows = [
        row(0.9, 0.1),
        row(0.9, 0.1, "shuffled_steps"),
        row(0.1, 0.9, "shuffled_words"),
        row(0.9, 0.1, "other"),
        row(0.9, 0.1, "wrong", "withheld"),
    ]
    found = counts(rows)
    assert (found[0].name, found[0].pairs, found[0].wins) == (
        "primary: stated, without other",
        3,
        2,
    )
    assert {one.name: one.pairs for one in found}["all pairs"] == 5
    assert "is not decided" in verdict(found)
    assert "66.7 %" in verdict(found)
    assert len(table(found).splitlines()) == 2 + len(found)


@pytest.mark.parametrize(("wins", "word"), [(813, "holds"), (812, "does not hold")])
def test_the_hypothesis_wants_four_fifths(wins: int, word: str) -> None:
    rows = [row(0.9, 0.1)] * wins + [row(0.1, 0.9)] * (1016 - wins)
    assert f"The hypothesis {word}:" in verdict(counts(rows))


def test_examples_are_losses_and_wins() -> None:
    rows = [row(0.1 * at, 0.3) for at in range(7)]
    assert [one.right for one in examples(rows)] == [rows[at].right for at in (0, 1, 5, 6)]
    assert len(examples(rows[:3])) == 3


def test_groups_are_of_one_problem_and_variant() -> None:
    pairs = registered(None, ["own"])
    groups = grouped(pairs)
    assert sum(map(len, groups)) == len(pairs)
    assert len(groups) == 2 * 72
    assert [{one.variant for one in group} for group in groups] == [{"stated"}] * 72 + [
        {"withheld"}
    ] * 72
    assert all(len({one.problem.id for one in group}) == 1 for group in groups)
