"""The model's words in OpenRLHF's queries: a query is prompt and response, decoded as one text."""

from __future__ import annotations

import logging

__all__ = ["response_of"]

_log = logging.getLogger(__name__)

# So many characters are compared at once.
_PIECE = 4096
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
    done = 0
    for start in range(0, len(query), _PIECE):
        piece = query[start : start + _PIECE]
        letters = "".join(piece.split())
        if done + len(letters) >= len(wanted):
            rest = wanted[done:]
            return start + _end_of(rest, piece) if letters.startswith(rest) else None
        if not wanted.startswith(letters, done):
            return None
        done += len(letters)
    return None if wanted else 0


def _end_of(wanted: str, piece: str) -> int:
    """Where the letters of a piece that are wanted end."""
    places = [place for place, letter in enumerate(piece) if not letter.isspace()]
    return places[len(wanted) - 1] + 1 if wanted else 0


def _end_of_tail(query: str, prompt: str) -> int | None:
    """Where the longest end of a prompt that a query has ends there."""
    size = len(prompt)
    begin = query[:size][::-1]
    while size >= _SHORTEST_TAIL:
        tail = prompt[-size:]
        # str.rfind takes the square of the lengths where texts repeat themselves, str.find doesn't.
        back = begin.find(tail[::-1])
        place = query.find(tail, len(prompt) - size + 1)
        ends = [len(begin) - back] if back >= 0 else []
        ends += [place + size] if place >= 0 else []
        if ends:
            return min(ends, key=lambda end: abs(end - len(prompt)))
        size //= 2
    return None
