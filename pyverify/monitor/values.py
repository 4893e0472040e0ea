"""A logged value as the monitor takes it in: a double that can be squared and summed."""

from __future__ import annotations

import math
import re
from typing import SupportsFloat

__all__ = ["bounded", "measured", "numeric"]

# No metric is meant to be beyond these, and squares of what lies between fit into a double.
_HUGE = 1e100
_TINY = 1e-100

_WRAPPED = re.compile(
    r"(?:np|numpy|torch)?\.?[a-z_]{1,12}\d{0,2}\((.{1,60}?)(?:, ?dtype=.{1,30})?\)"
)


def bounded(value: float) -> float:
    """The value; an infinity from 1e100 on, and 0 below 1e-100.

    Example:
        >>> bounded(0.5), bounded(-1e300), bounded(5e-324)
        (0.5, -inf, 0.0)
    """
    if abs(value) > _HUGE:
        return math.copysign(math.inf, value)
    return 0.0 if abs(value) < _TINY else value


def numeric(value: object) -> float | None:
    """A number in a log, or the text of one, bounded; None for anything else.

    Example:
        >>> numeric("np.float64(0.5)"), numeric("'5e-06'"), numeric("nan"), numeric(True)
        (0.5, 5e-06, nan, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _double(value)
    if not isinstance(value, str) or len(value) > 80:
        return None
    text = value.strip().strip("'\"")
    if (wrapped := _WRAPPED.fullmatch(text)) is not None:
        text = wrapped[1]
    return _double(text)


def measured(value: object) -> float | None:
    """What a caller gives as a number: a scalar of any library too; None for anything else.

    Never raises: a metric that cannot be read must not end a training run.

    Example:
        >>> measured(10**400), measured(True), measured(None), measured([1.0])
        (inf, 1.0, None, None)
    """
    if isinstance(value, str):
        return numeric(value)
    # The plain types first: asking for a protocol takes ten times as long.
    return _double(value) if isinstance(value, (int, float, SupportsFloat)) else None


def _double(value: str | SupportsFloat) -> float | None:
    try:
        return bounded(float(value))
    except OverflowError:  # an integer beyond the range of a double
        return -math.inf if isinstance(value, int) and value < 0 else math.inf
    except Exception:  # an array, say: what a library raises is its own affair
        return None
