"""What goes into the judge and what comes out of it: frozen values, nothing that runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "JudgeCounts",
    "JudgeModel",
    "ModelCounts",
    "Opinion",
    "OpinionVerdict",
    "Question",
    "Vote",
    "VoteVerdict",
]

VoteVerdict: TypeAlias = Literal["right", "wrong", "unavailable"]
OpinionVerdict: TypeAlias = Literal["right", "wrong", "unavailable", "refused"]


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """One model behind a server that speaks the OpenAI chat protocol.

    The key itself is no part of the value, so that it ends in no log, pickle or configuration.

    Args:
        model: The name the server knows it by.
        base_url: The server, such as ``"http://127.0.0.1:8000/v1"``; None for the client's own
            default (``OPENAI_BASE_URL``, or OpenAI).
        api_key_env: The environment variable that holds the key. With a `base_url` it may be unset,
            or "" to send no key of yours: local servers take anything.
        structured: Ask the server to hold the reply to the grammar (``response_format``); a server
            that refuses is asked without. Set it to False for a reasoning model that is served
            without a reasoning parser, because it would be kept from thinking.

    Raises:
        ValueError: The name is empty, or the URL isn't http(s).

    Example:
        >>> JudgeModel("judge-7b", base_url="http://127.0.0.1:8000/v1").api_key_env
        'OPENAI_API_KEY'
    """

    model: str
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    structured: bool = True

    def __post_init__(self) -> None:
        """Checks the fields."""
        if not self.model.strip():
            raise ValueError("JudgeModel needs the name of a model")
        if self.base_url is not None and not self.base_url.startswith(("http://", "https://")):
            raise ValueError(
                f"base_url must be a URL such as 'http://127.0.0.1:8000/v1', not {self.base_url!r}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to decide: is this answer the same as the gold?

    Args:
        answer: The extracted answer, never a whole response.
        gold: The reference answer; several, one a line, if any of them will do.
        problem: The problem, where it is known. It settles what a bare answer can't, such as units.

    Example:
        >>> Question(answer="zeta(2)", gold="pi^2/6").problem is None
        True
    """

    answer: str
    gold: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What one model said in one sample.

    Attributes:
        model: The model's name.
        sample: Which of the samples, from 0 on.
        verdict: ``"right"``, ``"wrong"`` or ``"unavailable"``.
        reply: The last 4,000 characters of the raw reply, "" where there was none.
        error: Why it is unavailable, else "".
        cached: No request was sent for it.
        attempts: Requests sent for it.
        tokens: Tokens spent on it, prompt included.
    """

    model: str
    sample: int
    verdict: VoteVerdict
    reply: str = ""
    error: str = ""
    cached: bool = False
    attempts: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judges decided together. ``bool(opinion)`` is ``verdict == "right"``.

    Attributes:
        verdict: ``"right"``, ``"wrong"``; ``"unavailable"`` where no verdict could be had, which is
            nothing the answer can be blamed for; ``"refused"`` where the answer is of a kind that
            is never sent.
        votes: One per model and sample, in order; () when refused.
        why: Why it was refused, else "".
    """

    verdict: OpinionVerdict
    votes: tuple[Vote, ...] = ()
    why: str = ""

    def __bool__(self) -> bool:
        return self.verdict == "right"


@dataclass(frozen=True, slots=True)
class ModelCounts:
    """What one model was asked in this process.

    Attributes:
        model: The model's name.
        requests: Requests sent, retries among them.
        retries: Requests sent again after a failure or a garbled reply.
        cached: Votes found in the cache.
        garbled: Replies without a verdict.
        unavailable: Votes that could not be had.
        tokens: Tokens spent, prompts included; estimated where the server doesn't say.
    """

    model: str
    requests: int = 0
    retries: int = 0
    cached: int = 0
    garbled: int = 0
    unavailable: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class JudgeCounts:
    """What a judge did in this process. ``str()`` of it is one line for a report.

    Attributes:
        questions: Questions put to it, repeated ones too.
        shared: Those answered by an equal question on its way at the same time.
        refused: Those never sent, because of the answer.
        right: Found right.
        wrong: Found wrong.
        unavailable: Those without a verdict.
        models: The same by model, in requests and votes.
    """

    questions: int = 0
    shared: int = 0
    refused: int = 0
    right: int = 0
    wrong: int = 0
    unavailable: int = 0
    models: tuple[ModelCounts, ...] = ()

    @property
    def requests(self) -> int:
        """Requests sent to all models."""
        return sum(model.requests for model in self.models)

    @property
    def tokens(self) -> int:
        """Tokens spent on all models."""
        return sum(model.tokens for model in self.models)

    def __str__(self) -> str:
        return (
            f"judge asked {self.questions:,}: {self.right:,} right, {self.wrong:,} wrong, "
            f"{self.unavailable:,} unavailable, {self.refused:,} refused; "
            f"{self.requests:,} requests, {sum(m.retries for m in self.models):,} retries, "
            f"{sum(m.cached for m in self.models):,} cached votes, {self.tokens:,} tokens"
        )
