"""What a server answered: texts, why they ended, tokens."""

from __future__ import annotations

from dataclasses import dataclass

from pyverify.servers import field_of, plain_text, read_json

__all__ = ["Choice", "Reply", "read_reply"]

_REASONING = ("reasoning_content", "reasoning")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer.

    Attributes:
        text: What the model said.
        reasoning: What it thought before, where the server keeps that apart; else "".
        finish: Why it ended, in the server's word; None where it doesn't say.
    """

    text: str
    reasoning: str
    finish: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers to one request.

    Attributes:
        choices: One at least.
        prompt_tokens: What the server counted, None where it didn't.
        completion_tokens: The same of all answers together.
    """

    choices: tuple[Choice, ...]
    prompt_tokens: int | None
    completion_tokens: int | None

    def usage(self) -> dict[str, object]:
        """Tokens of the request, and the number of answers that they are for."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "choices": len(self.choices),
        }


def read_reply(body: bytes) -> Reply | None:
    """Reads the body of a completion, of a chat or of text; None for anything else.

    Example:
        >>> read_reply(b'{"choices": [{"text": "4"}]}').choices[0].text
        '4'
        >>> read_reply(b"<html>") is None
        True
    """
    value = read_json(body)
    listed = field_of(value, "choices")
    choices = [_choice(one) for one in listed] if isinstance(listed, list) else []
    whole = tuple(choice for choice in choices if choice is not None)
    if not whole or len(whole) < len(choices):
        return None
    usage = field_of(value, "usage")
    return Reply(whole, _count(usage, "prompt_tokens"), _count(usage, "completion_tokens"))


def _choice(value: object) -> Choice | None:
    message = field_of(value, "message")
    bare = field_of(value, "text")
    if not isinstance(message, dict) and not isinstance(bare, str):
        return None
    finish = field_of(value, "finish_reason")
    thought = (plain_text(field_of(message, name)) for name in _REASONING)
    return Choice(
        text=plain_text(field_of(message, "content") if isinstance(message, dict) else bare),
        reasoning=next((text for text in thought if text), ""),
        finish=plain_text(finish) or None,
    )


def _count(usage: object, name: str) -> int | None:
    count = field_of(usage, name)
    return count if type(count) is int and count >= 0 else None
