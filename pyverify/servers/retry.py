"""When to ask a server again, and how long to wait."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime

__all__ = ["Pace", "backoff", "retry_after", "retryable"]


def retryable(status: int) -> bool:
    """Whether a status may pass by itself.

    Example:
        >>> retryable(429), retryable(503), retryable(401)
        (True, True, False)
    """
    return status in (408, 409, 425, 429) or status >= 500


def backoff(failures: int, base: float, cap: float, rng: random.Random) -> float:
    """Seconds to wait after so many failures: exponential, with full jitter.

    Uniform between 0 and ``min(cap, base * 2**(failures - 1))``: without jitter all workers that
    failed together come back together (M. Brooker, "Exponential Backoff And Jitter", AWS
    Architecture Blog, 2015).

    Example:
        >>> 0 <= backoff(3, 0.5, 60.0, random.Random(0)) <= 2.0
        True
    """
    return rng.uniform(0.0, min(cap, base * 2.0 ** min(failures - 1, 60)))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a server asks to wait (RFC 9110, 10.2.3), None where it doesn't say.

    Args:
        headers: The headers of the response, names in lower case or a mapping that folds case.
        now: Seconds since the epoch.

    Returns:
        From ``retry-after-ms``, or ``retry-after`` in seconds or as a date; never below 0.

    Example:
        >>> retry_after({"retry-after": "2.5"}, 0.0)
        2.5
        >>> retry_after({"retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"}, 50.0)
        10.0
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000.0
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:  # RFC 9110: a date is in GMT
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, moment.timestamp() - now)


def _number(text: str | None) -> float | None:
    if text is None or len(text) > 40:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


class Pace:
    """When a server may be asked again: what it asked of one request holds for all.

    Args:
        base: Seconds; the wait after the first failure is at most this, and doubles.
        cap: Seconds; the longest wait, also where the server asks for a longer one.
    """

    def __init__(self, base: float, cap: float) -> None:
        """At any time, so far."""
        self._base = base
        self._cap = cap
        # Its own: the user's seeds stay untouched, and forked workers don't wait in step.
        self._rng = random.Random()  # noqa: S311
        self.not_before = 0.0

    def after(self, failures: int, asked: float | None, now: float) -> float:
        """Seconds to wait after so many failures of a request.

        Args:
            failures: How often it failed.
            asked: Seconds that the server asked for, or None.
            now: The clock that `not_before` is of.
        """
        pause = backoff(failures, self._base, self._cap, self._rng)
        if asked is None:
            return pause
        asked = min(asked, self._cap)
        self.not_before = max(self.not_before, now + asked)
        # Those that waited don't come back in the same moment.
        return asked + min(pause, self._base)
