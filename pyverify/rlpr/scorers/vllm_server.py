"""References scored by a vLLM server."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, TypeVar

from pyverify.rlpr.scorers.failures import OnFailure, checked, unscored
from pyverify.rlpr.scorers.prompt_log_probs import (
    SCORING,
    prompt_of,
    read_prompt_log_probs,
)
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import TokenLogProbs
from pyverify.servers import Failure, Pace, field_of, open_client, plain_text, read_json, send
from pyverify.servers.background import Running, submit, wait
from pyverify.servers.request import Answered

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_T = TypeVar("_T")

_logger = logging.getLogger(__name__)
_REFUSED = (400, 413, 422)
# What the server writes for -inf, which JSON has not.
_MINUS_INF = -9999.0


@dataclass(frozen=True, slots=True)
class VllmServerScorer:
    """A `Scorer` around a vLLM server: a frozen policy, or one whose weights a trainer updates.

    It asks ``/v1/completions`` for the ``prompt_logprobs`` of token ids: those of the softmax
    itself, whatever ``--generation-config`` and ``--logprobs-mode`` are. The prefix cache isn't
    read for them: each sequence is computed anew, by the server's weights of that moment.

    It is a value: equal settings share one set of connections in a process. All requests are made
    in a thread of their own, so that it can be called from any thread, inside a running event loop
    (which `ascore` doesn't block), and after a fork. Needs the openai client.

    Attributes:
        base_url: The server, such as ``"http://127.0.0.1:8000/v1"``.
        model: The name it knows the policy by; None for the only one that it has.
        api_key_env: The environment variable that holds the key; it may be unset.
        batch: Sequences in one request.
        concurrency: Requests on their way at the same time.
        timeout: Seconds for one request.
        attempts: How often a request is made until it counts as lost.
        backoff: Seconds; the wait after the first failure is at most this, and doubles.
        backoff_max: Seconds; the longest wait, also where the server asks for a longer one.
        on_failure: What becomes of a sequence that the server refuses, as it does where one is
            longer than its ``--max-model-len``, and of those whose request is lost: an error, or
            NaN, which a reward abstains at. A model that isn't there, a wrong key, or a server
            without ``prompt_logprobs`` is an error always.

    Raises:
        ValueError: A setting is out of range.
    """

    base_url: str
    model: str | None = None
    _: KW_ONLY
    api_key_env: str = "OPENAI_API_KEY"
    batch: int = 8
    concurrency: int = 16
    timeout: float = 600.0
    attempts: int = 6
    backoff: float = 0.5
    backoff_max: float = 60.0
    on_failure: OnFailure = "raise"

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("http://", "https://")):
            raise ValueError(
                f"base_url must be a URL such as 'http://127.0.0.1:8000/v1', not {self.base_url!r}"
            )
        for name in ("batch", "concurrency", "timeout", "attempts"):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"{name} must be above 0, got {value}")
        checked(self.on_failure)

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """Log-probabilities of each sequence's reference tokens, in order.

        Raises:
            ConnectionError: A request was lost.
            ImportError: The openai client isn't installed.
            ValueError: The server refuses what it is asked, or isn't one of vLLM's.
        """
        found = wait(self._submit(sequences))
        return TokenLogProbs.of(found)

    async def ascore(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """The same without blocking the event loop."""
        found = await asyncio.wrap_future(self._submit(sequences))
        return TokenLogProbs.of(found)

    def close(self) -> None:
        """Ends its connections; the next call opens others."""
        wait(submit(_close(self)))

    def _submit(self, sequences: Sequence[Spliced]) -> concurrent.futures.Future[list[list[float]]]:
        return submit(_score(self, list(sequences)))


async def _score(scorer: VllmServerScorer, sequences: list[Spliced]) -> list[list[float]]:
    return await _running.of(scorer).score(sequences)


async def _close(scorer: VllmServerScorer) -> None:
    runtime = _running.pop(scorer)
    if runtime is not None:
        await runtime.client.close()


class _Runtime:
    """The running side of one scorer."""

    def __init__(self, scorer: VllmServerScorer) -> None:
        self.client: AsyncOpenAI = open_client(
            scorer.base_url, scorer.api_key_env, scorer.timeout, who="VllmServerScorer"
        )
        self._scorer = scorer
        self._slots = asyncio.Semaphore(scorer.concurrency)
        self._pace = Pace(scorer.backoff, scorer.backoff_max)
        self._model = scorer.model

    async def score(self, sequences: Sequence[Spliced]) -> list[list[float]]:
        found: list[list[float]] = [[] for _ in sequences]
        asked = [at for at, one in enumerate(sequences) if one.reference]
        if not asked:
            return found
        model = self._model = self._model or await self._only_model()
        size = self._scorer.batch
        parts = [asked[begin : begin + size] for begin in range(0, len(asked), size)]
        tasks = [
            asyncio.ensure_future(self._part(model, [sequences[at] for at in part]))
            for part in parts
        ]
        try:
            scored = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()  # nothing happens if it is done
        for part, values in zip(parts, scored, strict=True):
            for at, one in zip(part, values, strict=True):
                found[at] = one
        return found

    async def _part(self, model: str, part: Sequence[Spliced]) -> list[list[float]]:
        body = {"prompt": [prompt_of(one)["prompt_token_ids"] for one in part], **SCORING}
        timeout = self._scorer.timeout

        def ask() -> Awaitable[Answered]:
            # In extra_body the fields go as they are, whatever the client knows of them.
            asked: Awaitable[Answered] = self.client.completions.with_raw_response.create(
                model=model, prompt="", extra_body=body, timeout=timeout
            )
            return asked

        async with self._slots:
            outcome = await self._patiently(ask, lambda reply: _rows(reply, len(part)))
        if not isinstance(outcome, Failure):
            return [_read(rows, one) for rows, one in zip(outcome, part, strict=True)]
        if outcome.status in _REFUSED and len(part) > 1:
            # One sequence that is too long spoils the request for all.
            return [(await self._part(model, [one]))[0] for one in part]
        return [self._unscored(one, outcome) for one in part]

    async def _only_model(self) -> str:
        """The name of the server's model.

        Raises:
            ConnectionError: The server doesn't say.
            ValueError: It has none, or several.
        """
        names = await self._patiently(self.client.models.with_raw_response.list, _names)
        if isinstance(names, Failure):
            raise self._error(names)
        if len(names) != 1:
            raise ValueError(
                f"{self._scorer.base_url} has {len(names)} models ({', '.join(names)}): "
                "say which one is the policy, model=..."
            )
        return names[0]

    async def _patiently(
        self, ask: Callable[[], Awaitable[Answered]], read: Callable[[object], _T | Failure]
    ) -> _T | Failure:
        """Asks until there is an answer, or no hope of one."""
        failures = 0
        while True:
            while self._pace.not_before > _now():
                await asyncio.sleep(self._pace.not_before - _now())
            got = await send(ask(), self._scorer.timeout)
            outcome = got if isinstance(got, Failure) else read(read_json(got))
            if not isinstance(outcome, Failure):
                return outcome
            failures += 1
            pause = self._pace.after(failures, outcome.wait, _now())
            if not outcome.retry or failures >= self._scorer.attempts:
                return outcome
            await asyncio.sleep(pause)

    def _unscored(self, one: Spliced, failure: Failure) -> list[float]:
        """NaN for what may be the sequence's own fault, or the moment's; else an error."""
        error = self._error(failure)
        if failure.status in _REFUSED:
            length = len(one.prompt) + len(one.kept) + len(one.reference)
            error = ValueError(
                f"{error}; the sequence has {length} tokens, "
                f"so that --max-model-len must be {length + 1} at least"
            )
        elif not failure.retry:
            raise error
        return unscored(one, error, self._scorer.on_failure, _logger)

    def _error(self, failure: Failure) -> ConnectionError | ValueError:
        """A failure in words, with a way out."""
        scorer = self._scorer
        if failure.retry:
            return ConnectionError(
                f"{scorer.base_url} doesn't answer ({scorer.attempts} attempts): {failure.what}"
            )
        way_out = ""
        if failure.status in (401, 403):
            way_out = f": set the environment variable {scorer.api_key_env or 'of api_key_env'}"
        elif failure.status == 404:
            way_out = ": look at model, and at base_url, which mostly ends in /v1"
        return ValueError(f"{scorer.base_url} refuses ({failure.what}){way_out}")


_running = Running(_Runtime)


def _rows(reply: object, count: int) -> list[object] | Failure:
    """Each prompt's log-probabilities in the order of the prompts, if a reply has them."""
    choices = field_of(reply, "choices")
    if not isinstance(choices, list):
        return Failure("the reply is no completion", retry=True, status=200)
    found = {
        index: rows
        for one in choices
        if type(index := field_of(one, "index")) is int
        and isinstance(rows := field_of(one, "prompt_logprobs"), list)
    }
    if sorted(found) != list(range(count)):
        return Failure(
            f"the reply has prompt_logprobs for {len(found)} of {count} prompts: vLLM's has them",
            retry=False,
            status=200,
        )
    return [found[index] for index in range(count)]


def _read(rows: object, one: Spliced) -> list[float]:
    return [
        -math.inf if value == _MINUS_INF else value for value in read_prompt_log_probs(rows, one)
    ]


def _names(reply: object) -> list[str] | Failure:
    """The names of a server's models."""
    listed = field_of(reply, "data")
    if not isinstance(listed, list):
        return Failure("the reply is no list of models", retry=True, status=200)
    names = (plain_text(field_of(one, "id")) for one in listed)
    return [name for name in names if name]


def _now() -> float:
    return asyncio.get_running_loop().time()
