"""Kept rows as a page embeds them: explained, clipped, and within a number of bytes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from pyverify import Explanation, explain
from pyverify.evaluate.names import STDIN_NAME
from pyverify.evaluate.page.collector import LONGEST, Kept
from pyverify.evaluate.page.maths import answer_maths, gold_maths
from pyverify.evaluate.page.visible import clipped
from pyverify.golds import gold_spec
from pyverify.io import Gold

# Smaller and smaller parts of long texts are tried until all rows fit.
_SCALES = (1.0, 0.5, 0.25, 0.125, 0.0625)
_NAME, _PROBLEM, _ANSWER, _FORM, _COMMAND = 80, 600, 300, 300, 600


@dataclass(frozen=True, slots=True)
class Commands:
    """How a row is explained on the command line.

    Attributes:
        flags: What the command needs beside the row, as it was given to ``pyverify score``.
        gold_apart: The golds are in a file of their own, so the command names the gold.
    """

    flags: tuple[str, ...] = ()
    gold_apart: bool = False

    def of(self, kept: Kept) -> str:
        """The command, "" for rows that cannot be read again."""
        if kept.source == STDIN_NAME:
            return ""
        # A name that begins like an option would be taken for one.
        here = "./" if kept.source.startswith("-") else ""
        words = ["pyverify", "explain", f"{here}{kept.source}:{kept.line}"]
        if kept.sample:
            words += ["--sample", str(kept.sample)]
        words += self.flags
        if self.gold_apart:
            if not isinstance(kept.gold, str):
                return ""
            # Golds begin with a minus, too, and one word cannot be taken for an option.
            words += [f"--gold={kept.gold}"] if kept.gold.startswith("-") else ["--gold", kept.gold]
        command = shlex.join(words)
        # A command that is cut, or has marks for what can't be seen, would say something else.
        return command if clipped(command, _COMMAND) == command else ""


def embed(rows: Sequence[Kept], commands: Commands, most: int) -> tuple[str, int]:
    """Writes rows as a JSON list that may stand in HTML.

    Args:
        rows: What to show, the most important ones first.
        commands: How each is explained.
        most: Bytes that the list may take.

    Returns:
        The JSON, and how many of the rows are in it: all, unless even their shortest parts are too
        long.
    """
    explained = [_Explained(kept, commands) for kept in rows]
    texts: list[str] = []
    for scale in _SCALES:
        texts = [row.text(scale) for row in explained]
        if sum(map(_bytes, texts)) <= most:
            break
    while sum(map(_bytes, texts)) > most:
        texts = texts[: len(texts) * 3 // 4]
    return "[" + ",\n".join(texts) + "]", len(texts)


def html_json(value: object) -> str:
    """JSON without any character that could end a script element or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


class _Explained:
    """A kept row with everything that a page says about it."""

    def __init__(self, kept: Kept, commands: Commands) -> None:
        self._kept = kept
        self._command = commands.of(kept)
        told = _explanation(kept)
        self._forms = ("", "", "") if told is None else _forms(told)
        short = kept.answer is not None and len(kept.answer) <= LONGEST
        answer = answer_maths(kept.answer, kept.options) if kept.answer and short else ""
        self._maths = (answer, gold_maths(kept.gold, kept.options))

    def text(self, scale: float) -> str:
        kept = self._kept

        def cut(text: str, most: int) -> str:
            return clipped(text, max(int(most * scale), 16))

        answer_form, gold_form, difference = self._forms
        answer, gold = (
            json.loads(maths) if maths and len(maths) <= 3000 * scale else None
            for maths in self._maths
        )
        row: dict[str, object] = {
            "status": kept.status,
            "reason": kept.reason,
            "id": cut(kept.id, _NAME),
            "dataset": cut(kept.dataset, _NAME),
            "source": cut(kept.source, 2 * _NAME),
            "line": kept.line,
            "sample": kept.sample,
            "length": kept.response.length,
            "truncated": kept.truncated,
            "problem": cut(kept.problem, _PROBLEM),
            "response": kept.response.pieces(scale),
            "answer": None if kept.answer is None else cut(kept.answer, _ANSWER),
            "gold": cut(_gold_text(kept.gold), _ANSWER),
            "answerMaths": answer,
            "goldMaths": gold,
            "answerForm": "" if answer else cut(answer_form, _FORM),
            "goldForm": "" if gold else cut(gold_form, _FORM),
            "difference": cut(difference, _FORM),
            "command": self._command if len(self._command) <= _COMMAND * scale else "",
        }
        # What is empty isn't there: most rows lack something.
        return html_json(
            {key: value for key, value in row.items() if value not in (None, "", False)}
        )


def _explanation(kept: Kept) -> Explanation | None:
    """What the engine says about the answer; None where it says something else without its text."""
    if kept.answer is None or len(kept.answer) > LONGEST:
        return None
    try:
        told = explain(kept.answer, gold=kept.gold, options=kept.options, bare=True)
    except (TypeError, ValueError):
        return None
    return told if told.result.verdict is kept.result else None


def _forms(told: Explanation) -> tuple[str, str, str]:
    return told.answer_form, told.gold_form, told.difference


def _gold_text(gold: Gold) -> str:
    if isinstance(gold, str):
        return gold
    try:
        spec = gold_spec(gold)
    except (TypeError, ValueError):
        return repr(gold)
    return " or ".join(", ".join(parts) for parts in spec)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8")) + 2
