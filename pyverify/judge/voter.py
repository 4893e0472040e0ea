"""One model as a voter: its slots, retries, breaker and cache. Lives in the judge's own loop."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyverify.judge.breaker import Breaker
from pyverify.judge.cache import Cache
from pyverify.judge.chat import Reply, Wording, post
from pyverify.judge.prompt import PROMPT_VERSION, read_reply
from pyverify.judge.values import JudgeModel, ModelCounts, Vote, VoteVerdict
from pyverify.servers import Failure, Pace

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from pyverify.judge.judge import Judge

__all__ = ["Budget", "Voter"]

logger = logging.getLogger("pyverify.judge")

_KEPT_CHARS = 4000
# Where the server doesn't count: about right for English, too high for few scripts.
_CHARS_PER_TOKEN = 3
# How servers say that they don't know a field.
_REWORD = (400, 422)


class Budget:
    """What a judge may still spend in this process.

    Args:
        requests: The most requests, None for any number.
        tokens: The most tokens, None for any number.
    """

    def __init__(self, requests: int | None, tokens: int | None) -> None:
        """Nothing is spent yet."""
        self._requests = math.inf if requests is None else requests
        self._tokens = math.inf if tokens is None else tokens
        self._told = False

    def take(self) -> bool:
        """Takes one request from it; False when it is spent."""
        if self._requests >= 1 and self._tokens > 0:
            self._requests -= 1
            return True
        if not self._told:
            self._told = True
            logger.warning(
                "the judge's budget is spent: what it would be asked from now on is unavailable. "
                "Raise max_requests or max_total_tokens if that is too early."
            )
        return False

    def pay(self, tokens: int) -> None:
        """Takes tokens from it; requests on their way may overdraw it."""
        self._tokens -= tokens


@dataclass(slots=True)
class _Tally:
    """Counts of one model while they grow, and of one vote."""

    requests: int = 0
    retries: int = 0
    cached: int = 0
    garbled: int = 0
    unavailable: int = 0
    tokens: int = 0


class Voter:
    """Asks one model; every method runs in the judge's loop.

    Args:
        judge: The settings.
        model: The model.
        client: A client for its server, with retries off.
        cache: Where votes are kept.
        budget: What may be spent, shared by all models of the judge.
    """

    def __init__(
        self, judge: Judge, model: JudgeModel, client: AsyncOpenAI, cache: Cache, budget: Budget
    ) -> None:
        """Asks nothing yet."""
        self._judge = judge
        self._model = model
        self._client = client
        self._cache = cache
        self._budget = budget
        self._slots = asyncio.Semaphore(judge.concurrency)
        self._breaker = Breaker(judge.breaker_failures, judge.breaker_pause)
        self._wording = Wording(structured=model.structured)
        self._pace = Pace(judge.backoff, judge.backoff_max)
        self._told: set[str] = set()
        self._tally = _Tally()

    def counts(self) -> ModelCounts:
        """What it was asked so far."""
        tally = self._tally
        return ModelCounts(
            model=self._model.model,
            requests=tally.requests,
            retries=tally.retries,
            cached=tally.cached,
            garbled=tally.garbled,
            unavailable=tally.unavailable,
            tokens=tally.tokens,
        )

    async def vote(self, prompt: str, sample: int) -> Vote:
        """One vote, from the cache or from the server; never raises for what a server does."""
        key = self._key(prompt, sample)
        kept = self._cache.get(key)
        if kept is not None:
            self._tally.cached += 1
            return Vote(self._model.model, sample, kept[0], reply=kept[1], cached=True)
        async with self._slots:
            vote = await self._guarded(prompt, sample)
        if vote.verdict == "unavailable":
            self._tally.unavailable += 1
        else:
            self._cache.put(key, vote.verdict, vote.reply)
        return vote

    def _key(self, prompt: str, sample: int) -> bytes:
        """All that a vote depends on. The prompt holds the question, the URL tells the server."""
        judge, model = self._judge, self._model
        parts = (
            PROMPT_VERSION,
            prompt,
            model.base_url,
            model.model,
            model.structured,
            judge.temperature,
            judge.max_tokens,
            sample,
        )
        return hashlib.sha256(json.dumps(parts).encode()).digest()

    async def _guarded(self, prompt: str, sample: int) -> Vote:
        gate = self._breaker.admit(_now())
        if gate == "open":
            return Vote(
                self._model.model, sample, "unavailable", error="left alone after failures in a row"
            )
        try:
            return await self._ask(prompt, sample)
        finally:
            if gate == "probe":
                self._breaker.release()

    async def _ask(self, prompt: str, sample: int) -> Vote:
        spent = _Tally()
        end = _now() + self._judge.deadline
        failures = 0
        while True:
            outcome = await self._attempt(prompt, sample, end, spent)
            if isinstance(outcome, Reply):
                self._breaker.succeed()
                verdict = read_reply(outcome.text)
                if verdict is not None:
                    return self._ballot(sample, spent, verdict, reply=outcome.text)
                spent.garbled += 1
                self._tally.garbled += 1
                self._say_garbled(outcome)
                if spent.garbled > 1 or not self._more(0.0, end):
                    error = "the reply is no verdict"
                    return self._ballot(sample, spent, reply=outcome.text, error=error)
            else:
                failures += 1
                wait = self._pace.after(failures, outcome.wait, _now())
                again = outcome.retry and failures < self._judge.attempts
                # Once the model is left alone nobody goes on, and a probe has one attempt.
                if not again or self._breaker.is_open or not self._more(wait, end):
                    self._give_up(outcome)
                    return self._ballot(sample, spent, error=outcome.what)
                await asyncio.sleep(wait)
            self._tally.retries += 1

    def _ballot(
        self,
        sample: int,
        spent: _Tally,
        verdict: VoteVerdict = "unavailable",
        *,
        reply: str = "",
        error: str = "",
    ) -> Vote:
        return Vote(
            self._model.model,
            sample,
            verdict,
            reply=reply[-_KEPT_CHARS:],
            error=error,
            attempts=spent.requests,
            tokens=spent.tokens,
        )

    def _more(self, wait: float, end: float) -> bool:
        """Whether there is time for a wait and a request behind it."""
        return max(_now() + wait, self._pace.not_before) < end

    async def _attempt(
        self, prompt: str, sample: int, end: float, spent: _Tally
    ) -> Reply | Failure:
        """One request, or a few while it is found out which fields the server takes."""
        wording = self._wording
        while True:
            while self._pace.not_before > _now() and self._more(0.0, end):
                await asyncio.sleep(self._pace.not_before - _now())
            if not self._more(0.0, end):
                return Failure("no time left before the deadline", retry=False)
            left = min(self._judge.timeout, end - _now())
            if not self._budget.take():
                return Failure("the budget is spent", retry=False, ours=True)
            fields = wording.fields(
                max_tokens=self._judge.max_tokens,
                temperature=self._judge.temperature,
                seed=sample,
            )
            spent.requests += 1
            self._tally.requests += 1
            outcome = await post(self._client, self._model.model, prompt, fields, left)
            if isinstance(outcome, Reply):
                # Only now: a request may also be refused for what is in it.
                if wording != self._wording:
                    self._wording = wording
                    self._say("fields", f"refuses a field; it is asked with {', '.join(fields)}")
                self._pay(prompt, outcome, spent)
                return outcome
            other = wording.without(outcome.what) if outcome.status in _REWORD else None
            if other is None:
                return outcome
            wording = other

    def _pay(self, prompt: str, reply: Reply, spent: _Tally) -> None:
        tokens = reply.tokens
        if tokens is None:
            tokens = (len(prompt) + len(reply.text)) // _CHARS_PER_TOKEN + 1
        spent.tokens += tokens
        self._tally.tokens += tokens
        self._budget.pay(tokens)

    def _give_up(self, failure: Failure) -> None:
        if failure.ours:
            if failure.status:
                self._say("request", f"refuses a request ({failure.what})")
            return
        if failure.status in (401, 403):
            self._say("key", f"doesn't let us in ({failure.what}): set {self._model.api_key_env}")
        elif failure.status == 404:
            self._say(
                "name", f"isn't there ({failure.what}): look at its name and at base_url, …/v1"
            )
        if self._breaker.lose(_now()):
            logger.warning(
                "judge model %s fails (%s); it is left alone for %g s, then tried again. Until "
                "then its votes are unavailable.",
                self._model.model,
                failure.what,
                self._judge.breaker_pause,
            )

    def _say_garbled(self, reply: Reply) -> None:
        logger.debug("judge model %s: no verdict in %r", self._model.model, reply.text)
        if reply.cut:
            self._say("cut", "was cut off before its verdict: raise max_tokens")
        else:
            self._say("garbled", f"doesn't reply with a verdict alone: {reply.text[-200:]!r}")

    def _say(self, kind: str, what: str) -> None:
        if kind not in self._told:
            self._told.add(kind)
            logger.warning("judge model %s %s (said once)", self._model.model, what)


def _now() -> float:
    return asyncio.get_running_loop().time()
