"""A run: what is missing is asked for, so much at a time; every answer is kept at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from pyverify.generate.answers import Answers
from pyverify.generate.asker import Asker, Attempt, refused
from pyverify.generate.folder import RunFolder
from pyverify.generate.plan import Ask, TaskPlan, missing_samples
from pyverify.generate.reply import Choice, Reply
from pyverify.generate.settings import Endpoint, Request
from pyverify.servers import Failure, field_of, open_client, read_json, send

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Outcome", "Progress", "ServerError", "ask_all", "model_name"]

# A request for many answers that is cut off by a kill loses them all.
_MOST_A_REQUEST = 16
# So many refusals and not one answer: it is not the problems that are refused.
_REFUSALS = 8
_PROBE_SECONDS = 30.0
_TICK_SECONDS = 1.0


class ServerError(Exception):
    """The server is of no use; the message says what to do."""


@dataclass(slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        wanted: Answers wanted in all.
        kept: Those of them that were there before.
        answers: Those that came.
        failures: Requests that failed, whatever became of them.
        tokens: Tokens of the answers that came, as far as the server counts.
        why: Why the last request failed.
        waits: Seconds for which nothing is asked, because the server wants that.
    """

    wanted: int
    kept: int
    answers: int = 0
    failures: int = 0
    tokens: int = 0
    why: str = ""
    waits: float = 0.0


@dataclass(slots=True)
class Outcome:
    """What became of a run.

    Attributes:
        refused: The server's words by task, problem and sample, for problems that it doesn't take.
        lost: Answers that could not be had; they may be there another time.
        why: Why the last one was lost.
    """

    refused: dict[tuple[str, str, int], str] = field(default_factory=dict)
    lost: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Job:
    """Samples of one problem that are to be asked for."""

    task: str
    ask: Ask
    samples: Sequence[int]


def model_name(endpoint: Endpoint, wanted: str | None) -> str:
    """The name of the model to ask for.

    Args:
        endpoint: The server.
        wanted: What the caller calls it, or None for the only one there is.

    Raises:
        ImportError: The client isn't installed.
        ServerError: The server isn't there, or the name isn't clear.
    """
    return asyncio.run(_model_name(endpoint, wanted))


async def _model_name(endpoint: Endpoint, wanted: str | None) -> str:
    async with _client(endpoint) as client:
        got = await send(
            client.models.with_raw_response.list(timeout=_PROBE_SECONDS), _PROBE_SECONDS
        )
    if isinstance(got, Failure):
        if got.status in (401, 403) or not got.status:
            _fail(endpoint, got)
        names: list[str] = []
    else:
        listed = field_of(read_json(got), "data")
        found = [field_of(one, "id") for one in listed] if isinstance(listed, list) else []
        names = [name for name in found if isinstance(name, str)]
    if wanted is not None:
        return wanted
    if len(names) == 1:
        return names[0]
    said = f"has {len(names)} models ({', '.join(names[:10])})" if names else "names no model"
    raise ServerError(f"{endpoint.base_url} {said}: say which one with --name")


def ask_all(
    plans: Sequence[TaskPlan],
    answers: Mapping[str, Answers],
    folder: RunFolder,
    endpoint: Endpoint,
    request: Request,
    *,
    on_progress: Callable[[Progress], None],
    on_remark: Callable[[str], None],
) -> Outcome:
    """Asks for all answers that are wanted and not there.

    Args:
        plans: What is wanted.
        answers: Where the answers of each task are kept.
        folder: Where requests are logged.
        endpoint: The server.
        request: What the requests have in common.
        on_progress: Told of every answer and failure, and every second.
        on_remark: Told what the server turns out not to take.

    Raises:
        ImportError: The client isn't installed.
        ServerError: Nothing can be had from the server.
    """
    run = _Run(plans, answers, folder, endpoint, request, on_progress, on_remark)
    return asyncio.run(run.all())


class _Run:
    def __init__(
        self,
        plans: Sequence[TaskPlan],
        answers: Mapping[str, Answers],
        folder: RunFolder,
        endpoint: Endpoint,
        request: Request,
        on_progress: Callable[[Progress], None],
        on_remark: Callable[[str], None],
    ) -> None:
        self._plans = plans
        self._answers = answers
        self._folder = folder
        self._endpoint = endpoint
        self._request = request
        self._on_progress = on_progress
        self._on_remark = on_remark
        self._settings = request.digest
        wanted = sum(plan.size for plan in plans)
        self._progress = Progress(wanted, kept=wanted)
        self._outcome = Outcome()
        self._queue: asyncio.Queue[_Job] = asyncio.Queue()
        self._lost_in_a_row = 0

    async def all(self) -> Outcome:
        self._fill()
        if self._queue.empty():
            return self._outcome
        async with _client(self._endpoint) as client:
            self._asker = Asker(client, self._endpoint, self._request, self._on_remark)
            workers = min(self._endpoint.concurrency, self._progress.wanted)
            tasks = [asyncio.create_task(self._work()) for _ in range(workers)]
            tasks.append(asyncio.create_task(self._tick()))
            done = asyncio.create_task(self._queue.join())
            try:
                # The others only end by an error.
                ended, _ = await asyncio.wait({done, *tasks}, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
            finally:
                for task in (done, *tasks):
                    task.cancel()
                await asyncio.gather(done, *tasks, return_exceptions=True)
        return self._outcome

    async def _tick(self) -> None:
        """Long answers and long waits must not look like a standstill."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self._tell()

    def _tell(self) -> None:
        self._progress.waits = self._asker.waits
        self._on_progress(self._progress)

    def _fill(self) -> None:
        for plan in self._plans:
            kept = self._answers[plan.task.name]
            for ask, missing in missing_samples(plan, kept, self._settings):
                self._progress.kept -= len(missing)
                for at in range(0, len(missing), _MOST_A_REQUEST):
                    part = missing[at : at + _MOST_A_REQUEST]
                    self._queue.put_nowait(_Job(plan.task.name, ask, part))

    async def _work(self) -> None:
        while True:
            job = await self._queue.get()
            await self._do(job)
            self._queue.task_done()

    async def _do(self, job: _Job) -> None:
        def log(attempt: Attempt) -> None:
            self._log(job, attempt)

        got = await self._asker.ask(job.ask.content, job.samples, log)
        if isinstance(got, Reply):
            self._lost_in_a_row = 0
            for sample, choice in zip(job.samples, got.choices, strict=False):
                self._keep(job, sample, choice, got)
            self._put_back(job, job.samples[len(got.choices) :])
        elif refused(got):
            self._refuse(job, got)
        else:
            self._lose(job, got)
        self._tell()

    def _put_back(self, job: _Job, samples: Sequence[int]) -> None:
        """What is still missing is asked for by whoever is free."""
        parts = [samples] if self._asker.many else [[sample] for sample in samples]
        for part in parts:
            if part:
                self._queue.put_nowait(_Job(job.task, job.ask, part))

    def _keep(self, job: _Job, sample: int, choice: Choice, reply: Reply) -> None:
        row: dict[str, object] = {
            **job.ask.row,
            "sample": sample,
            "completion": choice.text,
            "finish_reason": choice.finish,
            "usage": reply.usage(),
            "model": self._request.model,
            "prompt_digest": job.ask.prompt,
            "settings_digest": self._settings,
        }
        if choice.reasoning:
            row["reasoning"] = choice.reasoning
        self._answers[job.task].add(job.ask.key(self._settings, sample), row)
        self._progress.answers += 1

    def _refuse(self, job: _Job, failure: Failure) -> None:
        for sample in job.samples:
            self._outcome.refused[job.task, job.ask.id, sample] = failure.what
        problems = {(task, name) for task, name, _ in self._outcome.refused}
        if len(problems) >= _REFUSALS and not self._progress.answers and not self._progress.kept:
            raise ServerError(f"{self._endpoint.base_url} refuses every request: {failure.what}")

    def _lose(self, job: _Job, failure: Failure) -> None:
        if failure.status and not failure.retry:
            _fail(self._endpoint, failure)
        self._outcome.lost += len(job.samples)
        self._outcome.why = failure.what
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= self._endpoint.lost_in_a_row:
            raise ServerError(
                f"{self._endpoint.base_url} gives no answers any more: {failure.what}"
            )

    def _log(self, job: _Job, attempt: Attempt) -> None:
        outcome = attempt.outcome
        row: dict[str, object] = {
            "dataset": job.task,
            "id": job.ask.id,
            "samples": list(job.samples[: attempt.count]),
            "attempt": attempt.number,
            "seconds": round(attempt.seconds, 3),
        }
        if isinstance(outcome, Reply):
            row |= {"status": 200, **outcome.usage()}
            self._progress.tokens += outcome.completion_tokens or 0
        else:
            row |= {"status": outcome.status, "error": outcome.what}
            self._progress.failures += 1
            self._progress.why = outcome.what
            self._tell()
        self._folder.log(row)


def _client(endpoint: Endpoint) -> AsyncOpenAI:
    return open_client(endpoint.base_url, endpoint.key_env, endpoint.timeout, who="pyverify eval")


def _fail(endpoint: Endpoint, failure: Failure) -> NoReturn:
    where = endpoint.base_url
    if failure.status in (401, 403):
        raise ServerError(
            f"{where} doesn't let us in ({failure.what}): set {endpoint.key_env or '--key-env'}"
        )
    if failure.status == 404:
        raise ServerError(
            f"{where} has no such model or address ({failure.what}): look at --name, and at the "
            "address, which mostly ends in /v1"
        )
    raise ServerError(f"{where} is of no use: {failure.what}")
