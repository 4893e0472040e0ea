"""Concurrent calls made one batch."""

from __future__ import annotations

import asyncio
import threading

import pytest

from pyverify.integrations.merge import Merger


def test_calls_of_one_moment_are_one_batch() -> None:
    sizes = []

    def double(items: list[int]) -> list[int]:
        sizes.append(len(items))
        return [2 * one for one in items]

    async def run() -> list[int]:
        merger = Merger(double)
        return list(await asyncio.gather(*(merger(i) for i in range(1000))))

    assert asyncio.run(run()) == [2 * i for i in range(1000)]
    assert sizes == [1000]


def test_what_comes_meanwhile_is_the_next_batch() -> None:
    sizes, going = [], threading.Event()

    def score(items: list[int]) -> list[int]:
        sizes.append(len(items))
        going.wait(10)
        return items

    async def run() -> None:
        merger = Merger(score, most=4)
        first = asyncio.create_task(merger(0))
        while not sizes:
            await asyncio.sleep(0.001)
        rest = [asyncio.create_task(merger(i)) for i in range(1, 7)]
        await asyncio.sleep(0)
        going.set()
        assert await asyncio.gather(first, *rest) == list(range(7))

    asyncio.run(run())
    assert sizes == [1, 4, 2]


def test_an_exception_reaches_every_call_of_its_batch_and_no_other() -> None:
    def score(items: list[int]) -> list[int]:
        if 3 in items:
            raise LookupError("three")
        return items

    async def run() -> None:
        merger = Merger(score, most=2)
        found = await asyncio.gather(*(merger(i) for i in range(6)), return_exceptions=True)
        assert [repr(one) for one in found[2:4]] == ["LookupError('three')"] * 2
        assert found[:2] + found[4:] == [0, 1, 4, 5]
        assert await merger(7) == 7

    asyncio.run(run())


def test_an_iterator_that_ends_is_an_error_not_a_wait() -> None:
    async def run() -> None:
        merger = Merger(lambda items: next(iter([])))
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(merger(1), 5)

    asyncio.run(run())


def test_a_result_too_few_is_an_error_not_a_wait() -> None:
    async def run() -> None:
        with pytest.raises(ValueError, match="0 results for 1 items"):
            await Merger(lambda items: [])(1)

    asyncio.run(run())


def test_a_caller_that_goes_away_disturbs_nobody() -> None:
    going = threading.Event()

    def score(items: list[int]) -> list[int]:
        going.wait(10)
        return items

    async def run() -> None:
        merger = Merger(score)
        gone, stays = (asyncio.create_task(merger(i)) for i in range(2))
        await asyncio.sleep(0.01)
        gone.cancel()
        going.set()
        assert await stays == 1
        assert gone.cancelled() or gone.done()

    asyncio.run(run())


def test_loops_have_batches_of_their_own() -> None:
    merger = Merger(lambda items: items)

    async def one(i: int) -> int:
        return await merger(i)

    assert [asyncio.run(one(i)) for i in range(3)] == [0, 1, 2]


def test_a_batch_has_one_item_at_least() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Merger(lambda items: items, most=0)
