"""What becomes of r - r'."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.rlpr import Bins, Clip, Identity, Leaky, OneMinus, Shaping, Sigmoid, Threshold

ALL: list[Shaping] = [
    Clip(),
    Clip(-1, 0.5),
    Identity(),
    Threshold(),
    Threshold(0.2),
    Leaky(),
    Leaky(0.1, 0.5),
    Sigmoid(),
    Sigmoid(1e6),
    OneMinus(),
    Bins(10),
    Bins(4, of=Identity()),
]


@pytest.mark.parametrize(
    ("shaping", "gain", "reward"),
    [
        (Clip(), -0.5, 0.0),
        (Clip(), 1.5, 1.0),
        (Clip(), 0.3, 0.3),
        (Identity(), -0.5, -0.5),
        (Threshold(0.2), 0.2, 0.2),
        (Threshold(0.2), 0.1999, 0.0),
        (Leaky(0.1, 0.5), 0.3, 0.3),
        (Leaky(0.1, 0.5), -0.1, 0.0),
        (Sigmoid(2.0), math.log(3) / 2, 0.75),
        (Sigmoid(2.0), -math.log(3) / 2, 0.25),
        (Sigmoid(), -1e9, 0.0),
        (Sigmoid(), math.inf, 1.0),
        (OneMinus(), 0.25, 0.75),
        (Bins(10), 0.26, 0.3),
        (Bins(10), -0.5, 0.0),
        (Bins(4, of=Identity()), -0.5, -0.5),
        (Bins(4, of=Identity()), -math.inf, -math.inf),
    ],
)
def test_values(shaping: Shaping, gain: float, reward: float) -> None:
    assert shaping(gain) == pytest.approx(reward, abs=1e-12)


@pytest.mark.parametrize("shaping", ALL)
def test_nan_stays_nan(shaping: Shaping) -> None:
    assert math.isnan(shaping(math.nan))


@pytest.mark.parametrize("shaping", ALL)
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_the_better_is_never_worth_less(shaping: Shaping, one: float, other: float) -> None:
    low, high = sorted((one, other))
    if isinstance(shaping, OneMinus):
        low, high = high, low
    assert shaping(low) <= shaping(high)


@pytest.mark.parametrize("shaping", ALL)
def test_it_travels(shaping: Shaping) -> None:
    assert pickle.loads(pickle.dumps(shaping)) == shaping


def test_misuse() -> None:
    for make in (
        lambda: Clip(1, 0),
        lambda: Clip(math.nan, 1),
        lambda: Threshold(math.nan),
        lambda: Leaky(math.inf),
        lambda: Leaky(slope=-0.1),
        lambda: Leaky(slope=2),
        lambda: Sigmoid(0),
        lambda: Sigmoid(math.nan),
        lambda: Bins(0),
    ):
        with pytest.raises(ValueError, match="must"):
            make()
