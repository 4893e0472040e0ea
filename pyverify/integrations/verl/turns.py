"""Who said what in a response of several turns, which verl hands over as one text.

A tool agent's response holds the tools' output between the model's own words, as the chat template
puts it: ``<tool_response>`` tags inside a turn of the user's or the tool's. It holds no answer.
"""

from __future__ import annotations

from numbers import Integral

from pyverify.messages import Completion

__all__ = ["said"]

_OPEN = "<tool_response>"
_CLOSE = "</tool_response>"
# Markers of turns vanish when verl decodes; the names of roles stay.
_LISTENERS = ("user", "tool", "ipython")
_SPEAKER = "assistant"
# A prompt and an answer.
_ONE_ANSWER = 2


def said(text: object, turns: object = None) -> Completion:
    r"""A response as text, or as a conversation where tools had a say.

    Args:
        text: The response as verl decoded it; what is no text counts as an empty one.
        turns: How many turns verl counted, with the prompt's; anything but a number if it
            isn't known.

    Example:
        >>> said("So 4.")
        'So 4.'
        >>> said("Ask.\nuser\n<tool_response>\n7\n</tool_response>\nassistant\nSo 4.")[-1]
        {'role': 'assistant', 'content': 'So 4.'}
    """
    if not isinstance(text, str):
        return ""
    if isinstance(turns, Integral) and turns <= _ONE_ANSWER:
        return text
    begin = text.find(_OPEN)
    if begin < 0:
        return text
    messages: list[dict[str, object]] = []
    end = 0
    while begin >= 0:
        _add(messages, "assistant", _behind(_before(text[end:begin])))
        inside = begin + len(_OPEN)
        end = text.find(_CLOSE, inside)
        if end < 0:
            # A response may be cut off inside a tool's output.
            end = len(text)
        _add(messages, "tool", text[inside:end])
        end += len(_CLOSE)
        begin = text.find(_OPEN, end)
    _add(messages, "assistant", _behind(text[end:]))
    return messages


def _add(messages: list[dict[str, object]], role: str, content: str) -> None:
    if content.strip() or role == "tool":
        messages.append({"role": role, "content": content})


def _before(text: str) -> str:
    """A turn without the name of who speaks next."""
    kept = text.rstrip()
    line = kept.rpartition("\n")[2].strip()
    return kept[: len(kept) - len(line)].rstrip() if line in _LISTENERS else text


def _behind(text: str) -> str:
    """A turn without the name of its speaker, where it follows another's."""
    kept = text.lstrip()
    line, newline, rest = kept.partition("\n")
    return rest if newline and line.strip() == _SPEAKER else text
