"""Text of a file as people may be shown it: model text is hostile to terminals, too."""

from __future__ import annotations

__all__ = ["one_line", "visible", "whole_text"]

_LONGEST_LINE = 2000


def visible(text: str) -> str:
    r"""The text as a terminal may show it: what would act there is spelt out, lines are cut.

    Example:
        >>> visible("a\x1b[31m\nb")
        'a\\x1b[31m\nb'
    """
    lines = (line[:_LONGEST_LINE] + "…" * (len(line) > _LONGEST_LINE) for line in text.split("\n"))
    return "\n".join(
        line if line.isprintable() else "".join(c if c.isprintable() else _spelt(c) for c in line)
        for line in lines
    )


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: str, limit: int = 240) -> str:
    r"""The text in one line, without control characters, not endless.

    Example:
        >>> one_line("a\x1b[31m\nb"), one_line("abcdef", 4)
        ('a [31m b', 'abc…')
    """
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * limit]).strip()
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def whole_text(text: str) -> str:
    r"""The text as UTF-8 can have it: half a surrogate pair is the replacement character.

    Example:
        >>> whole_text("a\ud800b") == "a\ufffdb"
        True
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
