"""What a server takes on, and how it says no."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

__all__ = ["Admission", "Limits", "RefusedError"]

# Bodies that are held at once, as a multiple of the largest one.
_HELD_BODIES = 32
# What is too long is still read, or the client would never see why it was refused.
_DISCARDED_BODIES = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes on.

    Attributes:
        body: Bytes of a request's body.
        batch: Completions in a request.
        concurrency: Requests at the same time.
        patience: Seconds within which a body must have arrived.
    """

    body: int = 16 << 20
    batch: int = 8192
    concurrency: int = 1024
    patience: float = 30.0

    def __post_init__(self) -> None:
        for name in ("body", "batch", "concurrency", "patience"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")


class RefusedError(Exception):
    """A request that gets no rewards.

    Attributes:
        status: The HTTP status.
        headers: What goes with it.
    """

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


class Admission:
    """Counts what is in flight; one for an event loop.

    Attributes:
        requests: How many there are.
        held: Bytes of their bodies.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.requests = 0
        self.held = 0

    def enter(self) -> Visit:
        """A request begins: a context, within which its body may be read.

        Raises:
            RefusedError: There are too many.
        """
        if self.requests >= self.limits.concurrency:
            raise busy(f"{self.limits.concurrency} requests are being answered")
        return Visit(self)


def busy(reason: str) -> RefusedError:
    """No, for the moment."""
    return RefusedError(503, f"{reason}: try again", {"Retry-After": "1"})


class Visit:
    """A request in flight."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._held = 0

    def __enter__(self) -> Visit:
        self._admission.requests += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._admission.requests -= 1
        self._admission.held -= self._held

    async def body(self, declared: str | None, stream: Callable[[], AsyncIterator[bytes]]) -> bytes:
        """Reads a body, and no more of it than is allowed.

        Args:
            declared: The header Content-Length, which may lie.
            stream: Gives what arrives.

        Raises:
            RefusedError: It is too long, too slow, or there is no room for it.
        """
        limits = self._admission.limits
        task = asyncio.current_task()
        late = False

        def stop() -> None:
            nonlocal late
            late = True
            if task is not None:
                task.cancel()

        # asyncio.wait_for makes a task of its own, which costs more than all the rest of this.
        timer = asyncio.get_running_loop().call_later(limits.patience, stop)
        try:
            return await self._read(declared, stream())
        except asyncio.CancelledError:
            if not late:
                raise
            if sys.version_info >= (3, 11) and task is not None:
                task.uncancel()
            raise RefusedError(
                408, f"the body wasn't there after {limits.patience:g} s", {"Connection": "close"}
            ) from None
        finally:
            timer.cancel()

    async def _read(self, declared: str | None, stream: AsyncIterator[bytes]) -> bytes:
        limit = self._admission.limits.body
        too_long = declared is not None and declared.isdecimal() and _above(declared, limit)
        pieces: list[bytes] = []
        size = 0
        async for piece in stream:
            size += len(piece)
            too_long = too_long or size > limit
            if too_long:
                pieces.clear()
                if size > _DISCARDED_BODIES * limit:
                    break
                continue
            self._hold(len(piece))
            pieces.append(piece)
        if too_long:
            raise RefusedError(
                413,
                f"the body is longer than {limit} bytes: send fewer completions at once, or start "
                "the server with a larger --max-body",
                {"Connection": "close"},
            )
        return b"".join(pieces)

    def _hold(self, size: int) -> None:
        admission = self._admission
        admission.held += size
        self._held += size
        if admission.held > _HELD_BODIES * admission.limits.body:
            raise busy("too many bytes are waiting for their rewards")


def _above(digits: str, limit: int) -> bool:
    # int() refuses more digits than some thousands.
    return len(digits) > 20 or int(digits) > limit
