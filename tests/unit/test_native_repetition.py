"""Repetition as the engine measures it, against a twin in Python and a table of evasions."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pyverify import _core

GOLDEN = Path(__file__).parents[1] / "golden"


def ratio(text: str) -> float:
    return _core.repetition((text,), 4, 1)[0]


HIDDEN = regex.compile(
    r"(?V1)[[\p{Mn}\p{Me}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[\t\n\v\f\r\x85]]"
)
MARK = regex.compile(r"(?V1)[[\p{P}\p{S}\p{Co}]--\p{Script=Han}]")
BLANK = regex.compile(r"[\s\p{Z}]")
PIECE = regex.compile(
    r"(?P<one>[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\u0e00-\u0eff"
    r"\u3001-\u303f\uff01-\uff0f\uff1a-\uff20])|(?:(?!(?&one)).)+"
)


def cut(run: str) -> int:
    """Where a run of 24 characters is cut: behind the first four whose hash says so."""
    for end in range(8, 25):
        mixed = 0
        for c in run[end - 4 : end].lower():
            mixed = mixed << 16 | ord(c) & 0xFFFF
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            mixed = (mixed ^ mixed >> 33) * factor % 2**64
        if (mixed ^ mixed >> 33) % 4 == 0:
            return end
    return 24


def pieces(text: str) -> list[str]:
    """What the engine cuts a text into, marks at the ends of words left out."""
    found = []
    for run in HIDDEN.sub("", text).split():
        for piece in (match.group() for match in PIECE.finditer(run)):
            while piece:
                lead = next((i for i, c in enumerate(piece[:24]) if not MARK.match(c)), None)
                start = lead or 0
                token = piece[start : start + 24]
                token = token[: cut(token)] if len(token) == 24 else token
                piece = piece[start + len(token) :]
                while lead is not None and MARK.match(token[-1]):
                    token = token[:-1]
                found.append(token.lower())
    return found


def tokens(text: str) -> list[str]:
    """A twin of the engine's tokens, for the letters that the tests use."""
    kept: list[str] = []
    passed, value = 0, None
    for token in pieces(text):
        if not MARK.match(token[0]):
            passed = 0
            value = any(c.isdigit() for c in token) or (len(token) == 1 and token.isascii())
        elif value is not None and not (value and token[0] in "+-*/=<>^|%&"):
            passed += 1
            token = "marks"
        if passed == 0 or passed > 4 or token != "marks":
            kept.append(token)
    return kept


def naive_repetition(text: str, n: int) -> float:
    words = tokens(text)
    if len(words) <= n:
        if len(words) < 3:
            return 0.0
        n = len(words) - 1
    grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    return 1 - len(set(grams)) / len(grams)


LETTERS = ["a", "b", "A", "é", "É", "ж", "Ж", "我", "是", "ไ", "カ", "。", "，", "😀", "5", "x^2"]
MARKS = ["!", "?", "(", ")", "+", "-", " = ", "…", "“", "\\", "$", " . ", "!" * 30]
BLANKS = [" ", "\n", "\u3000", "\u200b", "\xa0", "\xad", "\u0301", "\x00", "\ufe0f"]
WORDS = ["ab ", "a" * 30, "long-word-without-blanks-in-it", "$x=1$", "(word)", "a" * 24 + "! "]
loops = st.lists(st.sampled_from([*LETTERS, *MARKS, *BLANKS, *WORDS]), max_size=60).map("".join)


@given(loops, st.integers(1, 9))
def test_repetition_is_that_of_its_twin(text: str, n: int) -> None:
    assert _core.repetition((text,), n, 1)[0] == pytest.approx(naive_repetition(text, n), abs=1e-12)


def test_repetition_of_real_text_is_that_of_its_twin() -> None:
    rows = (GOLDEN / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    texts = (json.loads(row).get("completion") for row in rows)
    batch = tuple(text for text in texts if text is not None)
    for n in (1, 3, 20):
        for text, found in zip(batch, _core.repetition(batch, n, 2), strict=True):
            assert found == pytest.approx(naive_repetition(text, n), abs=1e-12), text


def test_the_table_of_characters() -> None:
    """Every assigned character is a mark, hidden, a blank or content, as Unicode has it."""
    points = [
        chr(point)
        for point in range(0x80, 0x110000)
        if not 0xD800 <= point < 0xE000 and unicodedata.category(chr(point)) != "Cn"
    ]
    inside = _core.repetition(tuple(f"xx{c}yy xxyy" for c in points), 1, 2)
    behind = _core.repetition(tuple(f"xx{c} xx" for c in points), 1, 2)
    wrong = []
    for c, joined, ended in zip(points, inside, behind, strict=True):
        hidden = bool(HIDDEN.match(c))
        edge = hidden or bool(MARK.match(c)) or bool(BLANK.match(c))
        if ((joined == 0.5) is not hidden) or ((ended == 0.5) is not edge):
            wrong.append((hex(ord(c)), joined, ended))
    assert not wrong, wrong[:20]


EVASIONS: dict[str, Callable[[str, int], str]] = {
    "a mark behind": lambda word, i: word + ".,;:!?…"[i % 7],
    "a mark in front": lambda word, i: "\"'([{<*_"[i % 8] + word,
    "marks around": lambda word, i: "*" * (i % 4) + word + "!?"[i % 2] * (i % 5),
    "a mark between": lambda word, i: f"{word} {'.,;:-—/'[i % 7]}",
    "marks between": lambda word, i: f"{word} {'.,;'[i % 3]} {'!?-+'[i % 4]}",
    "Chinese marks": lambda word, i: word + "，。；、！？"[i % 6],
    "an emoji": lambda word, i: f"{word}{'😀😃😄😁'[i % 4]}",
    "an emoji between": lambda word, i: f"{word} {'😀😃😄😁'[i % 4]}",
    "variation selectors": lambda word, i: word + chr(0xFE00 + i % 16),
    "more variation selectors": lambda word, i: word[0] + chr(0xE0100 + i) + word[1:],
    "grapheme joiners": lambda word, i: word[0] + "\u034f" * (i % 4) + word[1:],
    "tag characters": lambda word, i: word + chr(0xE0020 + i % 95),
    "accents": lambda word, i: word[0] + chr(0x300 + i) + word[1:],
    "enclosing marks": lambda word, i: word[0] + chr(0x20DD + i % 4) + word[1:],
    "fillers": lambda word, i: "\u115f\u1160\u3164\uffa0"[i % 4] + word,
    "controls": lambda word, i: word[0] + "\x00\x01\x08\x1b\x7f\x9f"[i % 6] + word[1:],
    "soft hyphens": lambda word, i: word[0] + "\xad" * (i % 3) + word[1:],
    "zero widths": lambda word, i: word[0] + "\u200b\u200d\u2060\ufeff"[i % 4] * (i % 3) + word[1:],
    "directions": lambda word, i: word[0] + chr(0x202A + i % 5) + word[1:],
    "capitals": lambda word, i: "".join(c.upper() if i >> k & 1 else c for k, c in enumerate(word)),
    "full width": lambda word, i: "".join(chr(ord(c) + 0xFEE0) if i % 3 else c for c in word),
    "alphabets for maths": lambda word, i: "".join(
        chr(0x1D400 + 52 * (i % 13) + 26 + ord(c) - 97) if ord(c) != ord("h") else c for c in word
    ),
}


@pytest.mark.parametrize("evasion", EVASIONS)
def test_decoration_makes_no_new_words(evasion: str) -> None:
    words = ("we go on and on " * 20).split()
    decorated = " ".join(EVASIONS[evasion](word + "", i) for i, word in enumerate(words))
    for n in (1, 2, 4):
        wanted = _core.repetition((" ".join(words),), n, 1)
        # The last word may be one token more.
        assert _core.repetition((decorated,), n, 1) == pytest.approx(wanted, abs=0.02), decorated


def test_what_differs_inside_is_no_repetition() -> None:
    assert ratio("x^2+1 x^2-1 x^2*1 x^2/1 x^2=1 x^2<1") == 0
    assert ratio("1 + 2 - 3 * 4 = 5") == 0
    assert ratio("5 + 5 - 5 * 5 = 5 / 5") == 0


@pytest.mark.parametrize("period", [7, 23, 25, 62, 97, 180])
def test_loops_without_blanks_are_loops(period: int) -> None:
    loop = (
        r"\frac{1}{2}+\sqrt{x^2+1}=\left(a_{1}-b\right)^{3}\cdot\sin(2\pi{t})\leq\int_{0}^{1}f(u)"
        * 2
    )
    once, often = loop[:period], loop[:period] * (2400 // period)
    assert ratio(often) > 0.6
    assert ratio(once) < 0.2


def test_loops_of_marks_are_loops() -> None:
    for loop in (
        "! " * 100,
        "!" * 1000,
        "…。" * 100,
        "go " + ". " * 100,
        "go" + "." * 1000,
        "😀" * 500,
    ):
        assert ratio(loop) > 0.7, loop
