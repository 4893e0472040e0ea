"""Calls that an event loop makes at the same time, made one batch.

A trainer or a server asks for one completion at a time, in many coroutines; the engine is fastest
at many completions at once. No timer: while a batch is scored in a thread, the next one gathers, so
that a lone call waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

__all__ = ["Merger"]

Item = TypeVar("Item")
Found = TypeVar("Found")


class Merger(Generic[Item, Found]):
    """Makes concurrent calls batches of a function.

    Batches of one event loop follow each other; each loop has batches of its own.

    Args:
        score: Called in a thread with the items of several calls, in the order of the calls; gives
            one result for each. What it raises reaches every call of its batch.
        most: How many items a batch has at most.

    Example:
        >>> import asyncio
        >>> async def three():
        ...     merger = Merger(lambda words: [f"{word} of {len(words)}" for word in words])
        ...     return await asyncio.gather(*(merger(word) for word in "abc"))
        >>> asyncio.run(three())
        ['a of 3', 'b of 3', 'c of 3']
    """

    def __init__(self, score: Callable[[list[Item]], Sequence[Found]], *, most: int = 8192) -> None:
        if most < 1:
            raise ValueError(f"most must be at least 1, not {most}")
        self._score = score
        self._most = most
        self._waiting: dict[
            asyncio.AbstractEventLoop, list[tuple[Item, asyncio.Future[Found]]]
        ] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, item: Item) -> Found:
        """The result for one item."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Found] = loop.create_future()
        waiting = self._waiting.get(loop)
        if waiting is None:
            self._waiting[loop] = [(item, future)]
            task = loop.create_task(self._run(loop))
            # The loop itself holds tasks only weakly.
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            waiting.append((item, future))
        return await future

    async def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Batches until nobody waits."""
        waiting = self._waiting[loop]
        try:
            while waiting:
                batch = [one for one in waiting[: self._most] if not one[1].done()]
                del waiting[: self._most]
                if batch:
                    await self._answer(batch)
        finally:
            del self._waiting[loop]
            # Only where the task was cancelled: nobody will answer these any more.
            for _, future in waiting:
                future.cancel()

    def _scored(self, items: list[Item]) -> Sequence[Found]:
        """What the function gives; asyncio would wait for ever for one that ends an iterator."""
        try:
            return self._score(items)
        except StopIteration as error:
            raise RuntimeError(f"the function raised {error!r}") from error

    async def _answer(self, batch: list[tuple[Item, asyncio.Future[Found]]]) -> None:
        """Answers the calls of one batch."""
        try:
            found = await asyncio.to_thread(self._scored, [item for item, _ in batch])
            if len(found) != len(batch):
                raise ValueError(f"{len(found)} results for {len(batch)} items")
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except BaseException as error:  # a caller must not wait for ever, whatever it was
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), one in zip(batch, found, strict=True):
            # A caller may have gone away meanwhile.
            if not future.done():
                future.set_result(one)
