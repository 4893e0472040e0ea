"""Whether two models mean the same by a token's number, read from their files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from pyverify.integrations.doctor.findings import Finding, error

__all__ = ["check_vocabularies"]

_FILE = "tokenizer.json"
_SHOWN = 3


def check_vocabularies(actor: str, critic: str) -> Iterator[Finding]:
    """Compares the tokens of an actor and of a critic that is given the actor's numbers.

    Nothing is said where one of them doesn't lie here as a folder with a ``tokenizer.json``.

    Args:
        actor: The folder of a model.
        critic: The same.
    """
    if actor == critic:
        return
    ours, theirs = _vocabulary(actor), _vocabulary(critic)
    if ours is None or theirs is None:
        return
    differ = sorted(token for token, number in ours.items() if theirs.get(token) != number)
    if differ:
        shown = ", ".join(f"{one!r} ({ours[one]}, {theirs.get(one)})" for one in differ[:_SHOWN])
        yield error(
            "critic.model.path",
            f"the critic is given the actor's token numbers, and {len(differ):,} of {len(ours):,} "
            f"mean something else to it: {shown}",
            "a critic of the actor's family",
        )


def _vocabulary(folder: str) -> dict[str, int] | None:
    try:
        with open(os.path.join(folder, _FILE), encoding="utf-8") as file:
            read = json.load(file)
        tokens = read["model"]["vocab"]
        if isinstance(tokens, list):  # Unigram: pairs of token and score, in their order
            found = {str(pair[0]): number for number, pair in enumerate(tokens)}
        else:
            found = {str(token): int(number) for token, number in tokens.items()}
        added = read.get("added_tokens", [])
        found.update((str(one["content"]), int(one["id"])) for one in added)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    return found
