"""Whether a critic can read an actor's tokens, from the files of their models alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyverify.integrations.doctor.findings import Finding, error
from pyverify.integrations.verl.critic import same_vocabulary

__all__ = ["check_vocabularies"]


@dataclass(frozen=True, slots=True)
class _Saved:
    """The tokens of a ``tokenizer.json``, without transformers, which takes seconds to import."""

    tokens: dict[str, int]

    def get_vocab(self) -> dict[str, int]:
        return self.tokens


def check_vocabularies(actor: str, critic: str) -> Iterator[Finding]:
    """Compares the tokens of an actor with those of a critic, which is given the actor's numbers.

    Nothing is said where one of them doesn't lie here as a folder with a ``tokenizer.json``.

    Args:
        actor: The folder of a model.
        critic: The same.
    """
    ours, theirs = _saved(actor), _saved(critic)
    if actor == critic or ours is None or theirs is None:
        return
    found = same_vocabulary(ours, theirs, rows=_rows(critic))
    if not found:
        yield error(
            "critic.model.path",
            f"the critic is given the actor's token numbers, and can't read them: {found}",
            "a critic of the actor's family",
        )


def _saved(folder: str) -> _Saved | None:
    read = _read(folder, "tokenizer.json")
    try:
        tokens = read["model"]["vocab"]
        if isinstance(tokens, list):  # Unigram: pairs of token and score, in their order
            found = {str(pair[0]): number for number, pair in enumerate(tokens)}
        else:
            found = {str(token): int(number) for token, number in tokens.items()}
        added = read.get("added_tokens", ())
        found.update((str(one["content"]), int(one["id"])) for one in added)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    return _Saved(found)


def _rows(folder: str) -> int | None:
    config = _read(folder, "config.json")
    text = config.get("text_config", config)
    found = text.get("vocab_size") if isinstance(text, Mapping) else None
    return found if isinstance(found, int) else None


def _read(folder: str, name: str) -> dict[str, Any]:
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            read = json.load(file)
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
