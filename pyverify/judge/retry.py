"""When to ask again, how long to wait, and when to leave a server alone."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Literal

__all__ = ["Breaker", "backoff", "retry_after", "retryable"]


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


class Breaker:
    """Leaves a model alone for a while after so many votes in a row were lost to it.

    Without it a dead server costs every vote all its attempts, and training stands still. After the
    pause one vote may probe, with a single attempt; meanwhile the others are lost at once.

    Args:
        failures: Lost votes in a row that open it.
        pause: Seconds it stays open.
    """

    def __init__(self, failures: int, pause: float) -> None:
        """Closed at first."""
        self._most = failures
        self._pause = pause
        self._lost = 0
        self._open_until: float | None = None
        self._probing = False

    def admit(self, now: float) -> Literal["closed", "probe", "open"]:
        """What a vote may do now; who gets ``"probe"`` must report or `release`."""
        if self._open_until is None:
            return "closed"
        if self._probing or now < self._open_until:
            return "open"
        self._probing = True
        return "probe"

    @property
    def is_open(self) -> bool:
        """Whether votes are being turned away; those on their way may give up."""
        return self._open_until is not None

    def succeed(self) -> None:
        """The server answered."""
        self._lost = 0
        self._open_until = None
        self._probing = False

    def lose(self, now: float) -> bool:
        """A vote was lost.

        Returns:
            Whether that opened it.
        """
        self._lost += 1
        if self._lost < self._most:
            return False
        opened = self._open_until is None
        self._open_until = now + self._pause
        self._probing = False
        return opened

    def release(self) -> None:
        """A probe ended without news of the server."""
        self._probing = False
