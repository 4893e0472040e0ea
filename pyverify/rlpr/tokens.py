"""A tokenizer in three words: text to ids, ids to text, and where tokens end in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class Tokenizer(Protocol):
    """What is asked of a tokenizer: those of transformers have it, fast or not."""

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        """The token ids of a text."""

    def decode(
        self, token_ids: list[int], *, skip_special_tokens: bool, clean_up_tokenization_spaces: bool
    ) -> str | list[str]:
        """The text of token ids."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenizer that neither adds nor leaves out anything.

    Where a token ends is found by decoding what comes before it, not from a tokenizer's offsets:
    ids that a model sampled have none, slow tokenizers give none, and those of some fast ones leave
    out white space.
    """

    tokenizer: Tokenizer

    def encode(self, text: str) -> list[int]:
        """The ids of a text."""
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, special tokens included."""
        text = self.tokenizer.decode(
            list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        if not isinstance(text, str):
            raise TypeError(f"decode() of a tokenizer must give one str, not {type(text).__name__}")
        return text

    def ends(self, ids: Sequence[int], text: str) -> Iterator[tuple[int, int]]:
        """How many tokens make how many characters of a text, for each token that ends in one.

        A token that ends within a character, as bytes may, is passed over.

        Args:
            ids: Tokens.
            text: What they are at the beginning of.
        """
        for count in range(1, len(ids) + 1):
            piece = self.decode(ids[:count])
            if text.startswith(piece):
                yield count, len(piece)

    def count_within(self, ids: Sequence[int], text: str, length: int) -> int | None:
        """How many tokens make the first `length` characters of a text, or less: the most.

        Args:
            ids: Tokens of the text.
            text: It.
            length: How many characters, at most.

        Returns:
            None where that cannot be told: the decoded tokens are no beginnings of the text.
        """
        low, high = 0, len(ids)
        while low < high:
            middle = (low + high + 1) // 2
            if len(self.decode(ids[:middle])) <= length:
                low = middle
            else:
                high = middle - 1
        # A character has four bytes, so three tokens at most end within one.
        for count in range(low, max(low - 4, -1), -1):
            if text.startswith(self.decode(ids[:count])):
                return count
        return None


def token_ids(ids: Sequence[int], name: str) -> list[int]:
    """Token ids as a list.

    Raises:
        TypeError: They are no ints.
    """
    found = list(ids)
    if found and not isinstance(found[0], int):
        raise TypeError(f"{name} must be ints, not {type(found[0]).__name__}: pass .tolist()")
    return found
