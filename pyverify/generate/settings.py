"""Who is asked, and how: frozen values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["Api", "Endpoint", "Request", "Sampling", "digest"]

Api: TypeAlias = Literal["chat", "completions"]
"""Which of the protocol's calls is made: conversations, or bare text to be continued."""


def digest(value: object) -> str:
    """Sixteen hexadecimal digits that stand for a value of JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is to answer.

    Attributes:
        temperature: 0 for the likeliest answer; None for what the server usually does.
        top_p: The share of the likeliest tokens to choose from; None for the server's own.
        max_tokens: Tokens of an answer; None for as many as the server allows.
        seed: Of the first sample, each further one has the next; None for none.
        extra: Further fields of the request, such as ``{"top_k": 20}``.
    """

    temperature: float | None = 0.0
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """All of it, for records and digests."""
        return {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "extra": dict(self.extra),
        }

    def fields(self, first: int, count: int, limit: str) -> dict[str, object]:
        """The fields of a request.

        Args:
            first: The first of the samples that it asks for.
            count: How many it asks for.
            limit: The server's name for the limit of tokens.
        """
        fields: dict[str, object] = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            limit: self.max_tokens,
            "seed": None if self.seed is None else self.seed + first,
            "n": count if count > 1 else None,
        }
        return {key: value for key, value in fields.items() if value is not None} | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Request:
    """All that an answer depends on besides its prompt.

    Attributes:
        model: The name the server knows the model by.
        api: Which call is made.
        sampling: How it is to answer.
    """

    model: str
    api: Api
    sampling: Sampling

    def as_json(self) -> dict[str, object]:
        """All of it, for records and digests."""
        return {"model": self.model, "api": self.api, "sampling": self.sampling.as_json()}

    @property
    def digest(self) -> str:
        """What stands for it in the file of answers."""
        return digest(self.as_json())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The server, and how patient one is with it.

    Attributes:
        base_url: Where it is.
        key_env: The environment variable that holds the key, or "" to send none.
        concurrency: Requests on their way at the same time.
        timeout: Seconds for one request.
        attempts: How often a request is made until it counts as lost.
        backoff: Seconds; the wait after the first failure is at most this, and doubles.
        backoff_max: Seconds; the longest wait, also where the server asks for a longer one.
        lost_in_a_row: So many lost requests with no answer between them end the run.
    """

    base_url: str
    key_env: str = "OPENAI_API_KEY"
    concurrency: int = 64
    timeout: float = 1800.0
    attempts: int = 10
    backoff: float = 0.5
    backoff_max: float = 600.0
    lost_in_a_row: int = 16
