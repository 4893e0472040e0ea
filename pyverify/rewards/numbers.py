"""Checks of the numbers that parametrise rewards."""

from __future__ import annotations

import math
import operator
from numbers import Real


def number(value: object, what: str) -> float:
    """A finite number as a float.

    Raises:
        TypeError: It is no number.
        ValueError: It isn't finite.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{what} must be a number, not {type(value).__name__}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ValueError(f"{what} must be finite, not {value!r}")
    return found


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


def count(value: object, what: str, least: int = 1, most: int = 1 << 53) -> int:
    """A whole number from `least` to `most`.

    Raises:
        TypeError: It is no int.
        ValueError: It is too low or too high.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        found = operator.index(value)  # type: ignore[arg-type]  # raises for what is none
    except TypeError:
        raise TypeError(f"{what} must be an int, not {type(value).__name__}") from None
    if found < least:
        raise ValueError(f"{what} must be at least {least}, not {found}")
    if found > most:
        raise ValueError(f"{what} must be at most {most}, not {found}")
    return found


def flag(value: object, what: str) -> bool:
    """True or False.

    Raises:
        TypeError: It is neither.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{what} must be True or False, not {value!r}")
    return value


# What summaries and rows call numbers of their own.
_TAKEN = frozenset(("reward", "mean", "std", "min", "max", "abstained"))


def component_name(value: object) -> str:
    """A name under which a number can be logged.

    Raises:
        TypeError: It is no text.
        ValueError: It holds more than letters, digits, - and _, or means something else.
    """
    if not isinstance(value, str):
        raise TypeError(f"a reward's name must be a str, not {type(value).__name__}")
    if not value.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"a reward's name is letters, digits, - and _, not {value!r}")
    if value in _TAKEN:
        raise ValueError(f"a reward may not be called {value!r}: reports use the name themselves")
    return value
