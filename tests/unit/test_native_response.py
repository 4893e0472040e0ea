"""Features of whole responses as the engine counts them, against twins in Python."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pyverify import Kind, Options, _core, verify
from pyverify._core import NativeOptions

GOLDEN = Path(__file__).parents[1] / "golden"
DEFAULT = NativeOptions(Options())

FEATURES: dict[str, Callable[[tuple[str, ...], int], Any]] = {
    "has_box": lambda texts, threads: _core.has_box(texts, DEFAULT, threads),
    "has_hashes": lambda texts, threads: _core.has_hashes(texts, DEFAULT, threads),
    "tag_shape": lambda texts, threads: _core.tag_shape(texts, True, threads),
    "tag_shape of thought": lambda texts, threads: _core.tag_shape(texts, False, threads),
    "repetition": lambda texts, threads: _core.repetition(texts, 4, threads),
    "scripts": _core.scripts,
    "count_units": _core.count_units,
    "steps": _core.steps,
}

# Pieces that meet in a response, and some that should never.
PIECES = [
    *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{align}", "\\end{align}", "\\text{", "}"),
    *("`", "```", "\n```\n", "~~~\n", "\n", "\n\n", " ", "\t", "\u3000", "\u200b", "\x00"),
    *("<think>", "</think>", "<answer>", "</answer>", "< think >", "<", ">", "####", "#### 5\n"),
    *("\\boxed{5}", "\\boxed{", "\\boxed{}", "\\boxed{?}", "\\fbox{x}", "ox", "The answer is "),
    *("Step 1: ", "Step ", "- ", "1. ", "(2) ", "First, ", "Then ", "第一步：", "首先，", "一、"),
    *("word", "Words", "don't", "ABC", "sin", "x", "5", "12", "=", "+", ",", "。", "，", "汉字"),
    *(
        "かな",
        "한국",
        "мир",
        "αβ",
        "שלום",
        "مرحبا",
        "हिन्दी",
        "ไทย",
        "É",
        "😀",
        "\ud800",
        "http://a.b ",
    ),
]
texts = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


def one(name: str, text: str) -> Any:
    return FEATURES[name]((text,), 1)[0]


def golden_completions() -> list[tuple[str, Options]]:
    found = []
    for name in ("cases.jsonl", "false_positives.jsonl", "extraction.jsonl"):
        for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row.get("completion") or row.get("response")
            if text is None:
                continue
            options = row.get("options", {})
            if options.pop("prefilled_reasoning", False):
                options["reasoning"] = "prefilled"
            found.append((text, Options(**options)))
    return found


def check_marks(text: str, options: Options) -> Kind:
    """Whatever the engine takes as its answer's mark is a mark."""
    native = NativeOptions(options)
    kind = verify(text, gold="1", options=options).kind
    if kind is Kind.BOXED:
        assert _core.has_box((text,), native, 1) == b"\x01", text
    if kind is Kind.HASHES:
        assert _core.has_hashes((text,), native, 1) == b"\x01", text
    return kind


def test_marks_of_the_golden_corpus() -> None:
    kinds = [check_marks(text, options) for text, options in golden_completions()]
    assert kinds.count(Kind.BOXED) > 150
    assert kinds.count(Kind.HASHES) > 5


def test_marks_of_real_responses(development_data: Path) -> None:
    kinds = []
    for path in sorted((development_data / "responses").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            kinds.append(check_marks(json.loads(line)["response"], Options()))
    assert kinds.count(Kind.BOXED) > 1000


@given(texts, st.sampled_from(["auto", "prefilled"]), st.sampled_from(["joined", "last", "all"]))
def test_marks_of_made_responses(text: str, reasoning: Any, boxes: Any) -> None:
    check_marks(text, Options(reasoning=reasoning, boxes=boxes))


@pytest.mark.parametrize("name", FEATURES)
def test_a_batch_is_a_loop_on_any_number_of_threads(name: str) -> None:
    feature = FEATURES[name]
    batch = tuple(text for text, _ in golden_completions()) * 3
    batch += ("x" * 300_000, "", "\ud800", "\x00")
    once = feature(batch, 1)
    assert len(once) == len(batch)
    assert type(once) is type(feature((), 1))
    assert once == feature(batch, 2) == feature(batch, 7) == feature(batch, 0)
    assert list(once[:400]) == [feature((text,), 1)[0] for text in batch[:400]]


@pytest.mark.parametrize("name", FEATURES)
def test_only_a_wrong_type_raises(name: str) -> None:
    feature = FEATURES[name]
    for wrong in (None, b"x", 5, ["x"]):
        with pytest.raises(TypeError, match=r"completions\[1\] must be a str"):
            feature(("x", wrong), 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        feature(["x"], 1)  # type: ignore[arg-type]


@given(texts)
def test_any_text_has_features(text: str) -> None:
    assert one("has_box", text) in (0, 1)
    assert one("has_hashes", text) in (0, 1)
    assert one("tag_shape", text) in (0, 1, 2)
    assert 0 <= one("repetition", text) < 1
    assert len(one("scripts", text)) == len(_core.SCRIPTS)
    assert 0 <= one("count_units", text) <= len(text.encode("utf-8", "surrogatepass"))
    assert 0 <= one("steps", text) <= len(text)


@given(texts)
def test_a_text_twice_repeats_itself_more(text: str) -> None:
    doubled = f"{text} {text}"
    assert one("repetition", doubled) >= one("repetition", text) - 0.3
    # No step is counted twice but where the last one ran into the first words of the second text.
    assert one("steps", f"{text}\n\n{text}") <= one("steps", text) + 2


# ---- repetition


def tokens(text: str) -> list[str]:
    """A twin of the engine's tokens, for the letters that the tests use."""
    alone = (
        r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\u0e00-\u0eff"
        r"\u3001-\u303f\uff01-\uff0f\uff1a-\uff20]"
    )
    blank = "[\\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]"
    found = regex.findall(f"{alone}|(?:(?!{alone}|{blank}).){{1,24}}", text, flags=regex.DOTALL)
    return [token.lower() for token in found]


def naive_repetition(text: str, n: int) -> float:
    words = tokens(text)
    if len(words) <= n:
        if len(words) < 3:
            return 0.0
        n = len(words) - 1
    grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    return 1 - len(set(grams)) / len(grams)


LETTERS = ["a", "b", "A", "é", "É", "ж", "Ж", "我", "是", "ไ", "カ", "。", "，", "😀"]
BLANKS = [" ", "\n", "\u3000", "\u200b", "\xa0"]
WORDS = ["ab ", "a" * 30, "long-word-without-blanks-in-it", "$x=1$"]
loops = st.lists(st.sampled_from([*LETTERS, *BLANKS, *WORDS]), max_size=60).map("".join)


@given(loops, st.integers(1, 9))
def test_repetition_is_that_of_its_twin(text: str, n: int) -> None:
    assert _core.repetition((text,), n, 1)[0] == pytest.approx(naive_repetition(text, n), abs=1e-12)


def test_repetition_of_real_text_is_that_of_its_twin() -> None:
    batch = tuple(text for text, _ in golden_completions())
    for n in (1, 3, 20):
        for text, found in zip(batch, _core.repetition(batch, n, 2), strict=True):
            assert found == pytest.approx(naive_repetition(text, n), abs=1e-12), text


# ---- scripts

ORACLES = {
    "latin": r"[\p{Script=Latin}&&\p{L}]",
    "han": r"[\p{Script=Han}&&[\p{L}\p{Nl}]]",
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
    for point, counts in zip(points, _core.scripts(batch, 2), strict=True):
        if capital.match(chr(point)):
            continue
        found = {name for name, count in zip(_core.SCRIPTS, counts, strict=True) if count}
        wanted = {name for name, oracle in expected.items() if oracle.match(chr(point))}
        if found - {"other"} != wanted or (wanted and "other" in found):
            wrong.append((hex(point), found, wanted))
    assert not wrong, wrong[:20]


def test_letters_of_other_scripts_are_other() -> None:
    for text in ("தமிழ்", "ქართული", "አማርኛ", "հայերեն", "ខ្មែរ", "ລາວ", "မြန်မာ", "བོད"):
        assert one("scripts", text)[-1] >= 1, text
        assert sum(one("scripts", text)[:-1]) == 0, text


# ---- cost

HOSTILE = [
    *("$", "$ ", "$a", "$$", "$$\n", "\\(", "\\[", "\\]", "\\begin{", "\\begin{align}", "\\end{"),
    *("\\text{", "`", "` ``", "```\n", "```a\n", "~~~\n", "<", "< ", "<think>", "</", "<think "),
    *("<a ", "http://", "#", "####", "#### ", "####\n", "\\boxed{", "\\boxed{}", "\\boxed\\left("),
    *("Step 1: ", "1. ", "- ", "* ", "第", "一、", "First, ", "Then a b c. ", "\n", " ", "\u200b"),
    *("a", "a'", "aé", "x\u0301", "我", "。", "\x00", "\ud800", "😀", "a b ", "\\", "(", "1"),
]


def seconds(feature: Callable[[tuple[str, ...], int], Any], text: str) -> float:
    feature((text,), 1)  # a str with other than ASCII keeps its UTF-8 from here on
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        feature((text,), 1)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("name", FEATURES)
def test_cost_is_linear_on_hostile_texts(name: str) -> None:
    feature = FEATURES[name]
    for unit in HOSTILE:
        size = len(unit.encode("utf-8", "surrogatepass"))
        short, long = (seconds(feature, unit * (n // size)) for n in (500_000, 4_000_000))
        # Eight times as long; a quadratic cost would be 64 times as high.
        assert long < 24 * short + 0.01, (unit, short, long)
        assert long < 1, (unit, long)


def test_one_step_per_repeat_at_most() -> None:
    assert one("steps", "Step 1: add two numbers.\n" * 50_000) == 1
    many = "".join(f"{i % 999}. x = {i}\n" for i in range(20_000))
    assert one("steps", many) == 20_000
