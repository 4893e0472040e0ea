"""One request to one server: what is sent, what came back, in which wording it takes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyverify.judge.prompt import REPLY_SCHEMA
from pyverify.servers import Failure, field_of, plain_text, read_json, send

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Reply", "Wording", "post"]


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


async def post(
    client: AsyncOpenAI, model: str, prompt: str, fields: dict[str, object], timeout: float
) -> Reply | Failure:
    """Sends one request. Raises nothing but cancellation.

    Args:
        client: A client with retries of its own off.
        model: The model's name.
        prompt: The only message.
        fields: The other fields of the request.
        timeout: Seconds for all of it.
    """
    asked = client.chat.completions.with_raw_response.create(
        model=model,
        messages=[{"role": "user", "content": prompt}],
        extra_body=fields,
        timeout=timeout,
    )
    body = await send(asked, timeout)
    return body if isinstance(body, Failure) else read_body(body)


def read_body(body: bytes) -> Reply:
    """Reads the body of a chat completion; anything else is a reply without text.

    Example:
        >>> read_body(b'{"choices": [{"message": {"content": "hi"}}]}').text
        'hi'
        >>> read_body(b"<html>").text
        ''
    """
    value = read_json(body)
    choice = field_of(field_of(value, "choices"), 0)
    tokens = field_of(field_of(value, "usage"), "total_tokens")
    return Reply(
        text=plain_text(field_of(field_of(choice, "message"), "content")),
        tokens=tokens if type(tokens) is int and tokens >= 0 else None,
        cut=field_of(choice, "finish_reason") == "length",
    )
