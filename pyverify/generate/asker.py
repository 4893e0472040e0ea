"""Makes requests: asks again what may pass, finds out what the server doesn't take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyverify.generate.reply import Reply, read_reply
from pyverify.generate.settings import Endpoint, Request
from pyverify.servers import Failure, Pace, send

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Asker", "Attempt", "refused"]

_REFUSED = (400, 413, 422)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, for the log.

    Attributes:
        count: Answers it asked for.
        number: Which attempt it was, from 1.
        seconds: How long it took.
        outcome: What came of it.
    """

    count: int
    number: int
    seconds: float
    outcome: Reply | Failure


def refused(failure: Failure) -> bool:
    """Whether the server found fault with what was asked."""
    return failure.status in _REFUSED


class Asker:
    """Asks one model.

    Args:
        client: A client for its server, with retries off.
        endpoint: How patient to be.
        request: What the requests have in common.
        remark: Told what the server turns out not to take.
    """

    def __init__(
        self,
        client: AsyncOpenAI,
        endpoint: Endpoint,
        request: Request,
        remark: Callable[[str], None],
    ) -> None:
        """Asks nothing yet."""
        self._client = client
        self._endpoint = endpoint
        self._request = request
        self._remark = remark
        self._pace = Pace(endpoint.backoff, endpoint.backoff_max)
        self._limit = "max_tokens"
        self.many = "n" not in request.sampling.extra
        """Whether several answers can be asked for in one request, as far as is known."""

    @property
    def waits(self) -> float:
        """Seconds until the server may be asked again, by its own words."""
        return max(0.0, self._pace.not_before - _now())

    async def ask(
        self,
        content: Mapping[str, object],
        samples: Sequence[int],
        on_attempt: Callable[[Attempt], None],
    ) -> Reply | Failure:
        """Asks one problem; raises nothing but cancellation.

        Args:
            content: The field that holds the prompt.
            samples: The samples wanted.
            on_attempt: Told of each request.

        Returns:
            One answer at least, and mostly one per sample; or why there is none.
        """
        count = len(samples) if self.many else 1
        outcome = await self._patiently(content, samples[0], count, on_attempt)
        if count > 1 and isinstance(outcome, Failure) and refused(outcome):
            outcome = await self._patiently(content, samples[0], 1, on_attempt)
            if isinstance(outcome, Reply):
                self._one_by_one()
        elif isinstance(outcome, Reply) and len(outcome.choices) < count:
            self._one_by_one()
        return outcome

    def _one_by_one(self) -> None:
        if self.many:
            self.many = False
            self._remark("the server gives one answer a request; each is asked for by itself")

    async def _patiently(
        self,
        content: Mapping[str, object],
        first: int,
        count: int,
        on_attempt: Callable[[Attempt], None],
    ) -> Reply | Failure:
        failures = 0
        while True:
            start = await self._turn()
            limit = self._limit
            outcome = await self._once(content, first, count, limit)
            on_attempt(Attempt(count, failures + 1, _now() - start, outcome))
            if isinstance(outcome, Reply):
                return outcome
            if refused(outcome) and self._reword(limit, outcome.what):
                continue
            failures += 1
            wait = self._pace.after(failures, outcome.wait, _now())
            if not outcome.retry or failures >= self._endpoint.attempts:
                return outcome
            await asyncio.sleep(wait)

    async def _turn(self) -> float:
        """Waits as long as the server asked all requests to; the time it is then."""
        while self._pace.not_before > _now():
            await asyncio.sleep(self._pace.not_before - _now())
        return _now()

    async def _once(
        self, content: Mapping[str, object], first: int, count: int, limit: str
    ) -> Reply | Failure:
        request, timeout = self._request, self._endpoint.timeout
        body = {**request.sampling.fields(first, count, limit), **content}
        # In extra_body the fields of all servers go as they are, whatever the client knows of them.
        if request.api == "chat":
            asked = self._client.chat.completions.with_raw_response.create(
                model=request.model, messages=[], extra_body=body, timeout=timeout
            )
            got = await send(asked, timeout)
        else:
            continued = self._client.completions.with_raw_response.create(
                model=request.model, prompt="", extra_body=body, timeout=timeout
            )
            got = await send(continued, timeout)
        if isinstance(got, Failure):
            return got
        return read_reply(got) or Failure("the reply is no completion", retry=True, status=200)

    def _reword(self, limit: str, words: str) -> bool:
        """Whether the request is to be made anew with the limit's other name."""
        if limit != "max_tokens" or self._request.sampling.max_tokens is None:
            return False
        if "max_completion_tokens" not in words:
            return False
        self._limit = "max_completion_tokens"
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()
