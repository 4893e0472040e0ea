"""When to leave a model alone, and when to try it again."""

from __future__ import annotations

from typing import Literal

__all__ = ["Breaker"]


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
