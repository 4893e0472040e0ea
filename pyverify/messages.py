"""Conversations: which of their text the model wrote.

Only what an assistant says counts. Prompts, tool output and anything else that a model could be fed
with is never searched for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeGuard

__all__ = [
    "Completion",
    "Message",
    "asked",
    "content",
    "is_conversation",
    "last_said",
    "prompt_end",
    "said",
]

Message: TypeAlias = Mapping[str, object]
"""One turn: ``{"role": …, "content": …}``."""

Completion: TypeAlias = str | Sequence[Message]
"""Raw model text, or the conversation that it is part of."""

_ASSISTANT_ROLES = ("assistant", "model", "ai", "gpt")
_REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")


def is_conversation(value: object) -> TypeGuard[Sequence[Message]]:
    """Whether a value is a list of messages with roles."""
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and all(isinstance(item, Mapping) and "role" in item for item in value)
    )


def content(message: Message) -> str | None:
    """A message's text; parts that are no text are left out. None when it has no content."""
    value = message.get("content", message.get("text"))
    if isinstance(value, (list, tuple)):
        return "".join(text for part in value if (text := _part(part)) is not None)
    return value if isinstance(value, str) else None


def _part(part: object) -> str | None:
    """A part's text; what a tool gave back stands in parts of other types."""
    if isinstance(part, Mapping) and part.get("type", "text") in ("text", "output_text"):
        part = part.get("text")
    return part if isinstance(part, str) else None


def _is_assistant(message: Message) -> bool:
    role = message.get("role")
    return isinstance(role, str) and role.lower() in _ASSISTANT_ROLES


def last_said(messages: Sequence[Message]) -> str | None:
    """The content of the assistant's last message; None when the assistant says nothing.

    Example:
        >>> talk = [{"role": "assistant", "content": "4"}, {"role": "tool", "content": "5"}]
        >>> last_said(talk)
        '4'
    """
    for message in reversed(messages):
        if _is_assistant(message):
            return content(message)
    return None


def said(messages: Sequence[Message]) -> list[str]:
    """Everything the assistant says, message by message.

    Reasoning that a server took out of the content stands before it again, in ``<think>`` tags.

    Example:
        >>> said([{"role": "assistant", "reasoning_content": "2+2", "content": "4"}])
        ['<think>2+2</think>4']
    """
    texts = []
    for message in messages:
        if not _is_assistant(message):
            continue
        text = content(message) or ""
        reasoning = next((message[key] for key in _REASONING_KEYS if message.get(key)), None)
        if isinstance(reasoning, str):
            text = f"<think>{reasoning}</think>{text}"
        texts.append(text)
    return texts


def asked(prompt: object) -> str | None:
    """A prompt's text: itself, or the user's last message; None where there is none.

    Example:
        >>> asked([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "1+1?"}])
        '1+1?'
    """
    if is_conversation(prompt):
        questions = [content(message) for message in prompt if message.get("role") == "user"]
        return questions[-1] if questions else None
    return prompt if isinstance(prompt, str) else None


def prompt_end(prompt: object) -> str:
    """What a response follows: the end of a prompt; of a conversation, what the assistant began.

    Example:
        >>> prompt_end([{"role": "assistant", "content": "<think>"}])
        '<think>'
    """
    if is_conversation(prompt):
        # Whoever spoke last: a user's own words open nothing.
        return (content(prompt[-1]) or "") if _is_assistant(prompt[-1]) else ""
    return prompt if isinstance(prompt, str) else ""
