"""Tokenizers small enough to read, each with a trait that makes splicing hard."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

TAGS = ("<think>", "</think>", "<answer>", "</answer>", "<|im_end|>", "<|im_start|>")
PIECES: tuple[str | bytes, ...] = (
    *("answer", "think", "</", "> ", ">\\", ">\n", ">(", "> (", " (", " 1", " 4", "12", "42"),
    *(" x", " so", " the", "\n\n", "  ", " \\", "\\frac", "}{", "frac", "1/", "</think"),
    *(b" \xc3", "é", "≤", " ≤"),
)


class Longest:
    """Bytes, and the longest piece that fits: a token may end within a character."""

    def __init__(self, pieces: Sequence[str | bytes] = (*TAGS, *PIECES)) -> None:
        known = [one if isinstance(one, bytes) else one.encode() for one in pieces]
        self.vocabulary = [bytes([byte]) for byte in range(256)] + known
        self.ids = {piece: i for i, piece in enumerate(self.vocabulary)}
        self.longest = max(map(len, self.vocabulary))

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        assert not add_special_tokens
        data, at, found = text.encode("utf-8", "replace"), 0, []
        while at < len(data):
            size = next(n for n in range(self.longest, 0, -1) if data[at : at + n] in self.ids)
            found.append(self.ids[data[at : at + size]])
            at += len(data[at : at + size])
        return found

    def decode(
        self, token_ids: list[int], *, skip_special_tokens: bool, clean_up_tokenization_spaces: bool
    ) -> str:
        assert not skip_special_tokens
        assert not clean_up_tokenization_spaces
        return b"".join(self.vocabulary[i] for i in token_ids).decode("utf-8", "replace")

    def spelt(self, *pieces: str) -> list[int]:
        """Ids of pieces, as a model may have sampled them."""
        return [self.ids[one.encode()] for one in pieces]


class DummySpace(Longest):
    """Puts a space before every text, and takes it off again: Llama 2, Mistral."""

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        return super().encode(" " + text, add_special_tokens=add_special_tokens)

    def decode(
        self, token_ids: list[int], *, skip_special_tokens: bool, clean_up_tokenization_spaces: bool
    ) -> str:
        return (
            super()
            .decode(
                token_ids,
                skip_special_tokens=skip_special_tokens,
                clean_up_tokenization_spaces=clean_up_tokenization_spaces,
            )
            .removeprefix(" ")
        )


class Composing(Longest):
    """Composes accents before it encodes: Qwen's normal form."""

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        return super().encode(
            unicodedata.normalize("NFC", text), add_special_tokens=add_special_tokens
        )
