"""Checks of the numbers that parametrise rewards."""

from __future__ import annotations

import math


def number(value: object, what: str) -> float:
    """A finite number as a float.

    Raises:
        TypeError: It is no number.
        ValueError: It isn't finite.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{what} must be a number, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"{what} must be finite, not {value!r}")
    return float(value)


def share(value: object, what: str) -> float:
    """A number from 0 to 1 as a float.

    Raises:
        TypeError: It is no number.
        ValueError: It is below 0 or above 1.
    """
    found = number(value, what)
    if not 0.0 <= found <= 1.0:
        raise ValueError(f"{what} must be from 0 to 1, not {found:g}")
    return found


def count(value: object, what: str, least: int = 1) -> int:
    """A whole number from `least` on.

    Raises:
        TypeError: It is no int.
        ValueError: It is too low.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be an int, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{what} must be at least {least}, not {value}")
    return value
