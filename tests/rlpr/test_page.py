"""docs/rlpr.md: its examples, and that it names what there is."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path
from typing import get_args

import pytest

from pyverify import rlpr


@pytest.fixture(scope="module")
def page() -> Path:
    return Path(__file__).parents[2] / "docs" / "rlpr.md"


def test_examples(page: Path) -> None:
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 50
    assert failed == 0


def test_everything_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for how in get_args(rlpr.Aggregation):
        assert f'| `"{how}"` |' in text
    for template in ("THINK_ANSWER", "ANSWER_ONLY", "BOXED"):
        assert f"| `{template}` |" in text
    for shaping in (rlpr.Bins, rlpr.Clip, rlpr.Identity, rlpr.Leaky, rlpr.OneMinus, rlpr.Sigmoid):
        assert f"| `{shaping.__name__}(" in text
    assert "| `Threshold(" in text
    for call in (rlpr.ProbabilityReward, rlpr.StdFilter, rlpr.prob_reward):
        for name in inspect.signature(call).parameters:
            # A table may name several in one row.
            assert f"`{name}`" in text, name


@pytest.mark.parametrize(
    ("call", "defaults"),
    [
        (rlpr.StdFilter, {"scale": 0.5, "ratio": 0.99, "ema_start": 6, "filter_start": 11}),
        (rlpr.ProbabilityReward, {"aggregation": "mean", "baseline": "initial", "invalid": 0.0}),
    ],
)
def test_defaults_are_those_of_the_page(call: type, defaults: dict[str, object]) -> None:
    parameters = inspect.signature(call).parameters
    assert {name: parameters[name].default for name in defaults} == defaults
