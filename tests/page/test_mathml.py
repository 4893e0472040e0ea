"""What readings look like as MathML: one line of the golden file per form."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.reading import mathml

GOLDEN = Path(__file__).parents[1] / "golden" / "mathml.jsonl"
CASES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
SCRIPTS = {"msup", "msub", "msubsup", "mover", "munder", "munderover"}
TABLES = {"mtable", "mtr", "mtd"}
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot"}
ELEMENTS |= SCRIPTS | TABLES
# How many children the elements have that need a certain number of them.
CHILDREN = {
    "mfrac": 2,
    "mroot": 2,
    "msup": 2,
    "msub": 2,
    "mover": 2,
    "munder": 2,
    "msubsup": 3,
    "munderover": 3,
}


def check(text: str) -> ElementTree.Element:
    root = ElementTree.fromstring(text)
    assert root.tag == "math"
    for element in root.iter():
        assert element.tag in ELEMENTS
        assert len(element) == CHILDREN.get(element.tag, len(element))
    return root


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60
    assert len({case["text"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_golden(case: dict[str, str]) -> None:
    found = mathml(case["text"])
    assert found == case["mathml"]
    check(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (r"\frac{-b+\sqrt{b^2-4ac}}{2a}", "−b+b2−4ac2a"),
        (r"(x+1)(x-1)", "(x+1)(x−1)"),
        (r"a-(b-c)", "a−(b−c)"),
        (r"x=\pm 2", "x=2,x=−2"),
        (r"(-\infty,1)\cup(2,3]", "(−∞,1)∪(2,3]"),
        (r"9.8\ \mathrm{m/s^2}", "9.8m/s2"),
    ],
)
def test_what_a_reader_reads(text: str, says: str) -> None:
    shown = "".join(check(mathml(text)).itertext())
    assert shown.replace("\u2061", "").replace("\u2062", "") == says


@given(st.text(alphabet=r"\{}()[]^_+-*/=<>&|,.$%'01239abexyzEπ∞≤½ " + "\u0000\ufffe\ud800"))
def test_any_text_is_well_formed(text: str) -> None:
    found = mathml(text)
    if found:
        check(found)


@given(st.lists(st.sampled_from([*(case["text"] for case in CASES), "<b>", "&amp;", "{", "}"])))
def test_pieces_of_maths_are_well_formed(pieces: list[str]) -> None:
    found = mathml(" ".join(pieces))
    if found:
        check(found)
        assert len(found) <= 12_020


def test_only_text_is_read() -> None:
    with pytest.raises(TypeError):
        mathml(3)  # type: ignore[arg-type]
