"""One request to one server: what is sent, what came back, in which wording it takes it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyverify.judge.prompt import REPLY_SCHEMA
from pyverify.judge.retry import retry_after, retryable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Failure", "Reply", "Wording", "post"]

_BAD_REQUEST = (400, 413, 422)


@dataclass(frozen=True, slots=True)
class Wording:
    """Which of the protocol's fields a server takes; what one refuses, the next request lacks.

    Attributes:
        structured: Send ``response_format``.
        new_limit: Say ``max_completion_tokens`` rather than ``max_tokens``.
        temperature: Send ``temperature``.
        seed: Send ``seed``.
    """

    structured: bool = True
    new_limit: bool = False
    temperature: bool = True
    seed: bool = True

    def fields(self, *, max_tokens: int, temperature: float, seed: int) -> dict[str, object]:
        """The fields of a request besides model and messages."""
        fields: dict[str, object] = {
            "max_completion_tokens" if self.new_limit else "max_tokens": max_tokens
        }
        if self.temperature:
            fields["temperature"] = temperature
            if self.seed and temperature > 0:
                fields["seed"] = seed
        if self.structured:
            fields["response_format"] = REPLY_SCHEMA
        return fields

    def without(self, refused: str) -> Wording | None:
        """The wording to try after a request was refused; None when nothing is left to change.

        Args:
            refused: The server's words, which mostly name the field.

        Example:
            >>> Wording().without("'max_tokens' is not supported with this model").new_limit
            True
        """
        # First what is most often refused: some servers echo the whole request in their words.
        if "response_format" in refused and self.structured:
            return replace(self, structured=False)
        if "max_tokens" in refused and not self.new_limit:
            return replace(self, new_limit=True)
        if "temperature" in refused and self.temperature:
            return replace(self, temperature=False)
        if "seed" in refused and self.seed:
            return replace(self, seed=False)
        return replace(self, structured=False) if self.structured else None


@dataclass(frozen=True, slots=True)
class Reply:
    """The server answered.

    Attributes:
        text: What the model said, "" where the body holds no such thing.
        tokens: What the server counted, None where it didn't.
        cut: The model was stopped by the limit of tokens.
    """

    text: str
    tokens: int | None
    cut: bool


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


async def post(
    client: AsyncOpenAI, model: str, prompt: str, fields: dict[str, object], timeout: float
) -> Reply | Failure:
    """Sends one request. Raises nothing but cancellation.

    Args:
        client: A client with retries of its own off.
        model: The model's name.
        prompt: The only message.
        fields: The other fields of the request.
        timeout: Seconds for all of it: the client's own clock starts anew with every byte.
    """
    import openai

    try:
        raw = await asyncio.wait_for(
            client.chat.completions.with_raw_response.create(
                model=model,
                messages=[{"role": "user", "content": prompt}],
                extra_body=fields,
                timeout=timeout,
            ),
            timeout,
        )
        return read_body(raw.http_response.content)
    except openai.APIStatusError as error:
        status = error.status_code
        wait = retry_after(error.response.headers, time.time())
        said = str(error).removeprefix(f"Error code: {status} - ")
        what = f"status {status}: {said[:500]}"
        ours = status in _BAD_REQUEST
        return Failure(what, retry=retryable(status), wait=wait, status=status, ours=ours)
    except (openai.APITimeoutError, asyncio.TimeoutError):
        return Failure(f"no answer within {timeout:g} s", retry=True)
    except openai.APIConnectionError as error:
        return Failure(f"no connection: {error.__cause__ or error}", retry=True)
    except Exception as error:  # whatever a server makes the client trip over
        return Failure(f"{type(error).__name__}: {error}", retry=False)


def read_body(body: bytes) -> Reply:
    """Reads the body of a chat completion; anything else is a reply without text.

    Example:
        >>> read_body(b'{"choices": [{"message": {"content": "hi"}}]}').text
        'hi'
        >>> read_body(b"<html>").text
        ''
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    choice = _item(_item(value, "choices"), 0)
    text = _item(_item(choice, "message"), "content")
    tokens = _item(_item(value, "usage"), "total_tokens")
    return Reply(
        # a lone surrogate can be neither stored nor printed
        text=text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else "",
        tokens=tokens if type(tokens) is int and tokens >= 0 else None,
        cut=_item(choice, "finish_reason") == "length",
    )


def _item(value: object, key: str | int) -> object:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None
