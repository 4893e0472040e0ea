"""Text made safe to look at: what a reader could not see becomes a mark that he can."""

from __future__ import annotations

import re

# Everything that changes the direction of the text around it, hides, or is no character at all.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_NAMES = {
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}


def visible(text: str) -> str:
    """Replaces control characters, direction marks and halves of characters by visible marks.

    Example:
        >>> visible("1" + chr(0) + chr(0x202E) + "2")
        '1␀⟨RLO⟩2'
    """
    return _UNSEEN.sub(_mark, text)


def _mark(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    name = _NAMES.get(code)
    return "\N{REPLACEMENT CHARACTER}" if name is None else f"⟨{name}⟩"


def clipped(text: str, most: int) -> str:
    """At most `most` characters of a text, as `visible` shows them; dots stand for the rest."""
    return visible(text) if len(text) <= most else visible(text[: max(most - 1, 0)]) + "…"
