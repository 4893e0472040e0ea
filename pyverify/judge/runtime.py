"""What a `Judge` needs while it runs: clients, votes on their way, counts.

The state below is only touched in the loop of `pyverify.servers.background` and needs no locks.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyverify.judge.cache import open_cache
from pyverify.judge.prefilter import refusal
from pyverify.judge.prompt import build_prompt
from pyverify.judge.values import JudgeCounts, JudgeModel, Opinion, OpinionVerdict, Question, Vote
from pyverify.judge.voter import Budget, Voter
from pyverify.servers import background, open_client
from pyverify.servers.background import Running

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from pyverify.judge.judge import Judge

__all__ = ["close", "counts", "run", "submit"]


class _Flight:
    """A question on its way, and how many wait for it."""

    __slots__ = ("task", "waiting")

    def __init__(self, task: asyncio.Task[Opinion]) -> None:
        self.task = task
        self.waiting = 0


class _Runtime:
    """The running side of one judge."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._clients = [_client(model, judge.timeout) for model in judge.models]
        self._cache = open_cache(judge.cache)
        budget = Budget(judge.max_requests, judge.max_total_tokens)
        self._voters = [
            Voter(judge, model, client, self._cache, budget)
            for model, client in zip(judge.models, self._clients, strict=True)
        ]
        self._flights: dict[Question, _Flight] = {}
        self._seen: dict[OpinionVerdict, int] = {}
        self._shared = 0

    async def opinions(self, questions: Sequence[Question]) -> list[Opinion]:
        return list(await asyncio.gather(*(self._opinion(question) for question in questions)))

    async def _opinion(self, question: Question) -> Opinion:
        why = refusal(question.answer, self._judge.max_answer_chars)
        opinion = Opinion("refused", why=why) if why else await self._join(question)
        self._seen[opinion.verdict] = self._seen.get(opinion.verdict, 0) + 1
        return opinion

    async def _join(self, question: Question) -> Opinion:
        """Asks once, however many ask the same at the same time; ends when nobody waits."""
        flight = self._flights.get(question)
        if flight is None:
            task = asyncio.get_running_loop().create_task(self._ask(question))
            flight = self._flights[question] = _Flight(task)
        else:
            self._shared += 1
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                self._flights.pop(question, None)
                flight.task.cancel()  # nothing happens if it is done

    async def _ask(self, question: Question) -> Opinion:
        prompt = build_prompt(question)
        votes = await asyncio.gather(
            *(
                voter.vote(prompt, sample)
                for voter in self._voters
                for sample in range(self._judge.samples)
            )
        )
        return Opinion(_decide(votes, self._judge.need), tuple(votes))

    def counts(self) -> JudgeCounts:
        return JudgeCounts(
            questions=sum(self._seen.values()),
            shared=self._shared,
            refused=self._seen.get("refused", 0),
            right=self._seen.get("right", 0),
            wrong=self._seen.get("wrong", 0),
            unavailable=self._seen.get("unavailable", 0),
            models=tuple(voter.counts() for voter in self._voters),
        )

    async def close(self) -> None:
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in self._clients:
            await client.close()
        self._cache.close()


def _decide(votes: Sequence[Vote], need: str) -> OpinionVerdict:
    right = sum(vote.verdict == "right" for vote in votes)
    wrong = sum(vote.verdict == "wrong" for vote in votes)
    if need == "all":
        return "wrong" if wrong else "right" if right == len(votes) else "unavailable"
    if right == wrong or 2 * (right + wrong) < len(votes):
        return "unavailable"
    return "right" if right > wrong else "wrong"


def _client(model: JudgeModel, timeout: float) -> AsyncOpenAI:
    return open_client(model.base_url, model.api_key_env, timeout, who="the judge")


_running = Running(_Runtime)


async def _opinions(judge: Judge, questions: Sequence[Question]) -> list[Opinion]:
    return await _running.of(judge).opinions(questions)


async def _counts(judge: Judge) -> JudgeCounts:
    runtime = _running.get(judge)
    return JudgeCounts() if runtime is None else runtime.counts()


async def _close(judge: Judge) -> None:
    runtime = _running.pop(judge)
    if runtime is not None:
        await runtime.close()


def submit(judge: Judge, questions: Sequence[Question]) -> concurrent.futures.Future[list[Opinion]]:
    """Hands questions over; the future is done when all are decided, and may be cancelled."""
    return background.submit(_opinions(judge, questions))


def run(judge: Judge, questions: Sequence[Question]) -> list[Opinion]:
    """Hands questions over and waits."""
    return background.wait(submit(judge, questions))


def counts(judge: Judge) -> JudgeCounts:
    """What a judge did in this process."""
    return background.wait(background.submit(_counts(judge)))


def close(judge: Judge) -> None:
    """Ends what a judge holds open in this process."""
    background.wait(background.submit(_close(judge)))
