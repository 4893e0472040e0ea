"""Text of a file as people may be shown it: model text is hostile to terminals, too."""

from __future__ import annotations

__all__ = ["one_line"]


def one_line(text: str, limit: int = 240) -> str:
    r"""The text in one line, without control characters, not endless.

    Example:
        >>> one_line("a\x1b[31m\nb"), one_line("abcdef", 4)
        ('a [31m b', 'abc…')
    """
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * limit]).strip()
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
