"""The model's words in OpenRLHF's queries: a query is prompt and response, decoded as one text."""

from __future__ import annotations

import logging

__all__ = ["response_of"]

_log = logging.getLogger(__name__)

# A shorter end of a prompt may stand anywhere in a text.
_SHORTEST_TAIL = 8


def response_of(query: str, prompt: str) -> str:
    r"""What follows the prompt in a query.

    OpenRLHF encodes a prompt, has it continued, and decodes both. Mostly the query begins with the
    prompt. It doesn't where a long prompt was cut at its beginning, and where the tokenizer changes
    texts: by white space, by normal forms, by tokens that it doesn't know. Then the longest end of
    the prompt that is in the query says where the response begins; of several places the one where
    the prompt's length has it. A prompt that isn't there at all is taken to be as long as it was.

    Args:
        query: Prompt and response.
        prompt: The prompt, as it was before it was encoded.

    Example:
        >>> response_of("2+2=? 4", "2+2=?"), response_of("…what is 2+2? 4", "So: what is 2+2?")
        (' 4', ' 4')
    """
    if query.startswith(prompt):
        return query[len(prompt) :]
    end = _end_without_spaces(query, prompt)
    if end is None:
        end = _end_of_tail(query, prompt)
    if end is None:
        _log.warning(
            "a query has no end of its prompt in it: what is behind the prompt's length counts as "
            "the response; reward_agent.py reads the response's own tokens instead"
        )
        end = len(prompt)
    return query[end:]


def _end_without_spaces(query: str, prompt: str) -> int | None:
    """Where a prompt ends in a query that begins with it but for white space."""
    wanted = "".join(prompt.split())
    at = 0
    for place, letter in enumerate(query):
        if at == len(wanted):
            return place
        if letter.isspace():
            continue
        if letter != wanted[at]:
            return None
        at += 1
    return len(query) if at == len(wanted) else None


def _end_of_tail(query: str, prompt: str) -> int | None:
    """Where the longest end of a prompt that a query has ends there."""
    size = len(prompt)
    while size >= _SHORTEST_TAIL:
        tail = prompt[-size:]
        places = (query.rfind(tail, 0, len(prompt)), query.find(tail, len(prompt) - size + 1))
        ends = [start + size for start in places if start >= 0]
        if ends:
            return min(ends, key=lambda end: abs(end - len(prompt)))
        size //= 2
    return None
