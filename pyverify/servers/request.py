"""One request to one server: what came back, or why nothing did."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from pyverify.servers.retry import retry_after, retryable

__all__ = ["Failure", "field_of", "plain_text", "read_json", "send"]

_BAD_REQUEST = (400, 413, 422)


class _Response(Protocol):
    @property
    def content(self) -> bytes: ...


class _Refusal(_Response, Protocol):
    @property
    def text(self) -> str: ...
    @property
    def reason_phrase(self) -> str: ...


class Answered(Protocol):
    """What the client's ``with_raw_response`` gives."""

    @property
    def http_response(self) -> _Response:
        """The response with its body."""


@dataclass(frozen=True, slots=True)
class Failure:
    """There is no answer.

    Attributes:
        what: In words, for people.
        retry: It may pass by itself.
        wait: Seconds the server asked to wait, None where it didn't.
        status: The HTTP status, 0 without one.
        ours: It says nothing about the server: the request was bad, or never sent.
    """

    what: str
    retry: bool
    wait: float | None = None
    status: int = 0
    ours: bool = False


async def send(asked: Awaitable[Answered], timeout: float) -> bytes | Failure:
    """Waits for one request. Raises nothing but cancellation.

    Args:
        asked: The request, of a client with retries of its own off.
        timeout: Seconds for all of it: the client's own clock starts anew with every byte.

    Returns:
        The body of the answer, whatever it is.
    """
    import openai

    try:
        raw = await asyncio.wait_for(asked, timeout)
        return raw.http_response.content
    except openai.APIStatusError as error:
        status = error.status_code
        wait = retry_after(error.response.headers, time.time())
        what = f"status {status}: {_said(error.response)}"
        ours = status in _BAD_REQUEST
        return Failure(what, retry=retryable(status), wait=wait, status=status, ours=ours)
    except (openai.APITimeoutError, asyncio.TimeoutError):
        return Failure(f"no answer within {timeout:g} s", retry=True)
    except openai.APIConnectionError as error:
        return Failure(f"no connection: {error.__cause__ or error}", retry=True)
    except Exception as error:  # whatever a server makes the client trip over
        return Failure(f"{type(error).__name__}: {error}", retry=False)


def _said(response: _Refusal) -> str:
    """What a server says about a request that it doesn't answer, in one line."""
    found = read_json(response.content)
    error = field_of(found, "error")
    texts = (
        field_of(error, "message"),
        error,
        *(field_of(found, key) for key in ("message", "detail")),
        response.text,
        response.reason_phrase,
    )
    lines = (" ".join(text.split()) for text in texts if isinstance(text, str))
    return plain_text(next((line for line in lines if line), "no words"))[:500]


def read_json(body: bytes) -> object:
    """What a body holds; None for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def field_of(value: object, key: str | int) -> object:
    """A field or an element of what a server sent, None where there is none.

    Example:
        >>> field_of({"choices": ["a"]}, "choices"), field_of(["a"], 1)
        (['a'], None)
    """
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def plain_text(value: object) -> str:
    """A text that can be stored and printed: half a surrogate pair can't. "" for what is none."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
