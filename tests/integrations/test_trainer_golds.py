"""Golds as data sets have them."""

from __future__ import annotations

import math

import numpy
import pytest

from pyverify import AnyOf, Choice
from pyverify.integrations.trainer_reward import TrainerReward

BOXED = r"So it is \boxed{%s}."


@pytest.mark.parametrize(
    "gold",
    [
        "4",
        4,
        4.0,
        numpy.int64(4),
        numpy.array("4"),
        numpy.array(["4"]),
        ["4"],
        ("4",),
        {"any_of": ["4", "5"]},
        '{"any_of": ["4", "5"]}',
        {"ground_truth": "4"},
        {"ground_truth": '["4"]'},
        # As pandas reads lists of Parquet.
        {"ground_truth": numpy.array(["4"])},
        {"any_of": numpy.array(["4", "5"])},
        {"any_of": numpy.array([numpy.array(["4"]), numpy.array(["5", "7"])], dtype=object)},
        AnyOf(["4", "5"]),
        "2 + 2 = 4\n#### 4",
    ],
)
def test_golds_come_as_data_sets_have_them(gold: object) -> None:
    assert TrainerReward()([BOXED % 4, BOXED % 6], [gold] * 2).rewards == [1.0, 0.0]


@pytest.mark.parametrize(
    "gold",
    [
        18.0,
        numpy.float64(18),
        numpy.float32(18),
        numpy.array(18.0),
        numpy.array([18.0]),
        [18.0],
        {"any_of": [18.0]},
        {"ground_truth": 18.0},
    ],
)
def test_a_whole_number_in_a_column_of_floats_is_exact(gold: object) -> None:
    texts = [BOXED % "18", BOXED % "18.04", BOXED % "17.96"]
    assert TrainerReward()(texts, [gold] * 3).rewards == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "gold", [None, "", "  ", math.nan, [], {}, object(), numpy.array([]), b"4"]
)
def test_a_gold_that_is_none_abstains(gold: object) -> None:
    assert TrainerReward()([BOXED % 4], [gold]).rewards == [None]


@pytest.mark.parametrize(
    ("gold", "right", "wrong"),
    [
        ('["4"]', "4", "5"),
        (' [ "4" ]\n', "4", "5"),
        ('["1", "2"]', "2, 1", "1"),
        (r'["\\frac{1}{2}"]', r"\frac12", r"\frac13"),
        # Whoever wrote these forgot to escape: \f and \t mean something else in JSON.
        (r'["\frac{1}{2}"]', r"\frac12", r"\frac13"),
        (r'["\sqrt{2}"]', r"\sqrt{2}", r"\sqrt{3}"),
        (r'["2\theta"]', r"2\theta", r"2heta"),
    ],
)
def test_a_list_may_be_json_text(gold: str, right: str, wrong: str) -> None:
    assert TrainerReward()([BOXED % right, BOXED % wrong], [gold] * 2).rewards == [1.0, 0.0]


@pytest.mark.parametrize("gold", ["[1, 2]", "[1,2)", '"4"'])
def test_brackets_without_texts_are_mathematics(gold: str) -> None:
    assert TrainerReward()([BOXED % gold, BOXED % "1, 2"], [gold] * 2).rewards == [1.0, 0.0]


@pytest.mark.parametrize("gold", ['["4", 5]', '["4"', "[" + '["4"]' * 5, '["a"' * 9, "[" * 10**5])
def test_what_looks_like_such_a_list_is_a_text(gold: str) -> None:
    assert TrainerReward()([BOXED % 4], [gold]).rewards in ([0.0], [None])


def test_options_of_a_choice() -> None:
    gold = Choice("B", texts={"A": "3", "B": "4"})
    assert TrainerReward("choice")(["(B)", "(A)", "4"], [gold] * 3).rewards == [1.0, 0.0, 1.0]


def test_a_list_of_golds_wants_all_of_them() -> None:
    gold = numpy.array(["1", "2"], dtype=object)
    assert TrainerReward()([BOXED % "1, 2", BOXED % 1], [gold] * 2).rewards == [1.0, 0.0]
