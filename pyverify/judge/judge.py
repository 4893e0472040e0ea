"""`Judge`: language models, asked about what the engine leaves undecided and nothing else."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal

from pyverify.judge import runtime
from pyverify.judge.prompt import reference
from pyverify.judge.values import JudgeCounts, JudgeModel, Opinion, Question
from pyverify.types import Reason, Result, Verdict

__all__ = ["Judge"]


@dataclass(frozen=True, slots=True)
class Judge:
    """Asks one or several language models about verdicts that are ``undecided``.

    It is a value: equal settings share one set of connections, one cache, one budget and one count
    in a process, however often they are unpickled. All of that runs in a thread of its own, so the
    methods work from any thread, inside a running event loop and after a fork. See docs/judge.md.

    Args:
        models: The models that vote.
        need: ``"all"``: right only if every vote says right, wrong as soon as one says wrong.
            ``"majority"``: most of the votes that could be had, which are half of all at least;
            a tie is unavailable. The default is the safe one: training finds the softest judge,
            and a majority lets two soft ones through.
        samples: Votes of each model.
        temperature: Of the sampling; above 0 if `samples` is above 1.
        max_tokens: Tokens of a reply; a reasoning model needs thousands.
        concurrency: Requests to each model at the same time.
        timeout: Seconds for one request.
        attempts: Requests for one vote when the server fails.
        deadline: Seconds for one vote, waits and repeated requests included.
        backoff: Seconds; the wait after the first failure is at most this, and doubles.
        backoff_max: Seconds; the longest wait, also where the server asks for a longer one.
        breaker_failures: Votes lost in a row after which a model is left alone.
        breaker_pause: Seconds for which it is.
        cache: A file in which verdicts are kept, shared by processes; None for memory.
        max_requests: The most requests of one process; None for any number.
        max_total_tokens: The most tokens of one process; None for any number.
        max_answer_chars: Longer answers are refused.

    Raises:
        TypeError: `models` holds something else.
        ValueError: A setting is out of range, or two models are the same.

    Example:
        >>> judge = Judge((JudgeModel("judge-7b", base_url="http://127.0.0.1:8000/v1"),))
        >>> judge.need, judge.counts().requests
        ('all', 0)
    """

    models: tuple[JudgeModel, ...]
    _: KW_ONLY
    need: Literal["all", "majority"] = "all"
    samples: int = 1
    temperature: float = 0.0
    max_tokens: int = 1024
    concurrency: int = 8
    timeout: float = 60.0
    attempts: int = 6
    deadline: float = 180.0
    backoff: float = 0.5
    backoff_max: float = 60.0
    breaker_failures: int = 3
    breaker_pause: float = 60.0
    cache: str | None = None
    max_requests: int | None = None
    max_total_tokens: int | None = None
    max_answer_chars: int = 1000

    def __post_init__(self) -> None:
        """Checks the fields; a list of models becomes a tuple."""
        object.__setattr__(self, "models", tuple(self.models))
        for model in self.models:
            if not isinstance(model, JudgeModel):
                raise TypeError(f"models takes JudgeModel(...), not {type(model).__name__}")
        if not self.models or len(set(self.models)) != len(self.models):
            raise ValueError("models needs at least one model, and each only once")
        if self.need not in ("all", "majority"):
            raise ValueError(f"need is 'all' or 'majority', not {self.need!r}")
        _check_ranges(self)
        if self.samples > 1 and self.temperature == 0:
            raise ValueError(
                "several samples at temperature 0 are one vote counted often: "
                "set temperature=1.0, or samples=1 and more models"
            )

    def resolve_batch(
        self, results: Sequence[Result], *, problems: Sequence[str | None] | None = None
    ) -> list[Result]:
        """Settles what it can of many results, in order.

        Only undecided ones with an answer are asked about. What is settled has the reason
        ``judge``. Where no verdict could be had, the reason is ``unavailable``: a reward should
        abstain then. What is refused (see docs/judge.md) stays as it is and scores 0.

        Args:
            results: Verdicts of the engine.
            problems: The problem of each result, None where it isn't known.

        Returns:
            One result per result; those that were not asked about are the same objects.

        Raises:
            ImportError: The openai client isn't installed.
            ValueError: The lengths differ, or there is no key.
        """
        places, questions = _wanted(results, problems)
        opinions = runtime.run(self, questions)
        return _settled(results, places, opinions)

    async def aresolve_batch(
        self, results: Sequence[Result], *, problems: Sequence[str | None] | None = None
    ) -> list[Result]:
        """`resolve_batch` that doesn't block the event loop."""
        places, questions = _wanted(results, problems)
        opinions = await asyncio.wrap_future(runtime.submit(self, questions))
        return _settled(results, places, opinions)

    def decide(self, question: Question) -> Opinion:
        """Asks one question, and shows the votes and raw replies.

        Raises:
            ImportError: The openai client isn't installed.
            ValueError: There is no key.
        """
        return runtime.run(self, [question])[0]

    async def adecide(self, question: Question) -> Opinion:
        """`decide` that doesn't block the event loop."""
        return (await asyncio.wrap_future(runtime.submit(self, [question])))[0]

    def counts(self) -> JudgeCounts:
        """What it did so far in this process."""
        return runtime.counts(self)

    def close(self) -> None:
        """Ends its connections and drops what is on its way, its counts and its budget.

        The next question starts it anew. There is no need to close a judge before a program ends.
        """
        runtime.close(self)


def _wanted(
    results: Sequence[Result], problems: Sequence[str | None] | None
) -> tuple[list[int], list[Question]]:
    """The places of the results to ask about, and the questions."""
    if problems is not None and len(problems) != len(results):
        raise ValueError(f"{len(results)} results, but {len(problems)} problems")
    places, questions = [], []
    for i, result in enumerate(results):
        answer = (result.answer or "").strip()
        if result.verdict is Verdict.UNDECIDED and answer:
            problem = None if problems is None else problems[i]
            places.append(i)
            questions.append(Question(answer=answer, gold=reference(result.gold), problem=problem))
    return places, questions


def _settled(
    results: Sequence[Result], places: Sequence[int], opinions: Sequence[Opinion]
) -> list[Result]:
    out = list(results)
    for i, opinion in zip(places, opinions, strict=True):
        if opinion.verdict == "right":
            out[i] = replace(out[i], verdict=Verdict.EQUAL, reason=Reason.JUDGE, score=1.0)
        elif opinion.verdict == "wrong":
            out[i] = replace(out[i], verdict=Verdict.NOT_EQUAL, reason=Reason.JUDGE, score=0.0)
        elif opinion.verdict == "unavailable":
            out[i] = replace(out[i], reason=Reason.UNAVAILABLE, score=0.0)
    return out


def _check_ranges(judge: Judge) -> None:
    ranges: tuple[tuple[str, float | None, float, float], ...] = (
        ("samples", judge.samples, 1, 64),
        ("temperature", judge.temperature, 0.0, 2.0),
        ("max_tokens", judge.max_tokens, 8, 1 << 20),
        ("concurrency", judge.concurrency, 1, 4096),
        ("timeout", judge.timeout, 0.01, 3600.0),
        ("attempts", judge.attempts, 1, 100),
        ("deadline", judge.deadline, 0.01, 86_400.0),
        ("backoff", judge.backoff, 0.0, 3600.0),
        ("backoff_max", judge.backoff_max, 0.0, 3600.0),
        ("breaker_failures", judge.breaker_failures, 1, 1_000_000),
        ("breaker_pause", judge.breaker_pause, 0.0, 86_400.0),
        ("max_requests", judge.max_requests, 0, math.inf),
        ("max_total_tokens", judge.max_total_tokens, 0, math.inf),
        ("max_answer_chars", judge.max_answer_chars, 1, 100_000),
    )
    for name, value, low, high in ranges:
        if value is not None and not low <= value <= high:
            raise ValueError(f"{name} must be between {low:g} and {high:g}, not {value}")
