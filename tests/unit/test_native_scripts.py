"""Scripts of prose as the engine counts them, against Unicode and a table of hiding places."""

from __future__ import annotations

import unicodedata

import pytest
import regex

from pyverify import _core


def counts(text: str) -> tuple[int, ...]:
    return _core.scripts((text,), 1)[0]


ORACLES = {
    # The letters that alphabets for maths have (their Greek ones aside) are those of Latin words.
    "latin": r"[[\p{Script=Latin}&&\p{L}]\U0001d400-\U0001d6a5ℂℊ-ℎℐ-ℓℕℙ-ℝℤℨℬℭℯ-ℱℳℴℹⅅ-ⅉ]",
    "han": r"[\p{Script=Han}&&[\p{L}\p{Nl}\p{So}]]",
    "kana": r"[[[\p{Script=Hiragana}\p{Script=Katakana}]&&\p{L}]\u30fc\uff70]",
    "hangul": r"[\p{Script=Hangul}&&[\p{L}\p{M}]]",
    "cyrillic": r"[\p{Script=Cyrillic}&&[\p{L}\p{M}]]",
    "greek": r"[\p{Script=Greek}&&[\p{L}\p{M}]]",
    "arabic": r"[\p{Script=Arabic}&&[\p{L}\p{M}]]",
    "hebrew": r"[\p{Script=Hebrew}&&[\p{L}\p{M}]]",
    "devanagari": r"[\p{Script=Devanagari}&&[\p{L}\p{M}]]",
    "thai": r"[\p{Script=Thai}&&\p{L}]",
}


def test_the_table_of_scripts() -> None:
    """Every assigned character is in the script that Unicode gives it."""
    assert (*ORACLES, "other") == _core.SCRIPTS
    # What this Python knows: later characters may be newer than the engine's table.
    points = [
        point
        for point in range(0x110000)
        if not 0xD800 <= point < 0xE000 and unicodedata.category(chr(point)) != "Cn"
    ]
    # Twice, for words of Greek; with two Latin letters, for words of Latin.
    batch = tuple(chr(point) * 2 + "aa" for point in points)
    expected = {name: regex.compile("(?V1)" + oracle) for name, oracle in ORACLES.items()}
    capital = regex.compile(r"[A-Za-z]")
    wrong = []
    for point, found_counts in zip(points, _core.scripts(batch, 2), strict=True):
        if capital.match(chr(point)):
            continue
        found = {name for name, count in zip(_core.SCRIPTS, found_counts, strict=True) if count}
        wanted = {name for name, oracle in expected.items() if oracle.match(chr(point))}
        if found - {"other"} != wanted or (wanted and "other" in found):
            wrong.append((hex(point), found, wanted))
    assert not wrong, wrong[:20]


def test_letters_of_other_scripts_are_other() -> None:
    for text in ("தமிழ்", "ქართული", "አማርኛ", "հայերեն", "ខ្មែរ", "ລາວ", "မြန်မာ", "བོད"):
        assert counts(text)[-1] >= 1, text
        assert sum(counts(text)[:-1]) == 0, text


SCRIPTS_OF = {
    # Other scripts are prose in notation, too.
    "设 $中文字$ 为": {"han": 5},
    "$$中\n文$$ \\[日\\] \\(本\\)": {"han": 4},
    "\\text{你好} \\mathrm{吗} \\operatorname{函}": {"han": 4},
    "\\begin{align}你\\text{好}\\end{align}": {"han": 2},
    "```\n# 你好\n```\n`注释`\n~~~\nかな\n~~~\n": {"han": 4, "kana": 2},
    "```中文\n": {"han": 2},
    "\\begin{verbatim}привет мир\\end{verbatim}": {"cyrillic": 2},
    "<a b='中文'>": {"han": 2},
    "$\\alpha αβγ x yz foo$ `foo bar baz qux quux`": {},
    # English in maths, when it is a sentence.
    "$\\text{we find that this is it}$": {"latin": 3},
    "\\text{the sum of all terms}": {"latin": 4},
    "$$\\text{we find} \\mathrm{that this}$$": {"latin": 3},
    "$5\\text{ cm} \\text{ and } 6\\text{ cm}$": {},
    "$\\begin{cases}1&\\text{if } x>0\\\\2&\\text{otherwise}\\end{cases}$": {},
    "$\\sin\\cos\\tan\\log\\lim x$ \\text{if n is odd}": {},
    # Functions and what they are of; drawings; addresses.
    "由 sinA+cosx=xln2 sinAcosB 得 cost model limit since sing": {"han": 2, "latin": 5},
    "[asy]\nlabel(foo);\n\ndraw(bar);\n[/asy] so [it goes]": {"latin": 1},
    "[asy] unclosed word": {"latin": 2},
    "mail jane.doe_1@mail.example.org or foo@bar.": {"latin": 3},
    # English in capitals, when it is a sentence.
    "THE SUM OF ALL TERMS IS FIVE": {"latin": 5},
    "因此 WE FIND THE ANSWER 了": {"han": 3, "latin": 3},
    "△ABC 与 △BCD 和 △CDE, ABC, BCD, CDE": {"han": 2},
    "ABC DEF\nGHI": {},
    # Letters in disguise.
    "𝐓𝐡𝐞 𝓼𝓾𝓶 𝑡ℎ𝑒 ℝ 𝑥": {"latin": 3},
    "H\u200be\u200bl\u200blo w\xado\u2060r\ufe0fd": {"latin": 2},
    "c\u0327a va\u0301 p\u200dр": {"cyrillic": 1},
    "⼀⼆⺁⿕": {"han": 4},
}


@pytest.mark.parametrize("text", SCRIPTS_OF)
def test_scripts_in_hiding(text: str) -> None:
    found = dict(zip(_core.SCRIPTS, counts(text), strict=True))
    assert {name: count for name, count in found.items() if count} == SCRIPTS_OF[text]
