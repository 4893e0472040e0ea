"""Excerpts, lengths, marks and figures by themselves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.evaluate.page.charts import curve, difficulty_chart, length_chart
from pyverify.evaluate.page.excerpt import Piece, excerpt
from pyverify.evaluate.page.figures import tiles
from pyverify.evaluate.page.lengths import Lengths
from pyverify.evaluate.page.visible import clipped, visible


def whole(pieces: list[Piece], text: str) -> str:
    """Puts a text together again from its pieces, gaps from the text itself."""
    found = ""
    for piece in pieces:
        if isinstance(piece, str):
            found += piece
        elif "mark" in piece:
            found += str(piece["mark"])
        else:
            found += text[len(found) : len(found) + int(piece["gap"])]
    return found


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000))
def test_an_excerpt_loses_nothing_but_its_gaps(length: int, a: int, b: int) -> None:
    text = "".join(chr(97 + i * 7 % 26) for i in range(length))
    first, last = sorted((min(a, length), min(b, length)))
    cut = excerpt(text, (first, last))
    for scale in (1.0, 0.5, 0.25, 0.0625):
        pieces = cut.pieces(scale)
        assert whole(pieces, text) == text
        shown = sum(len(piece) for piece in pieces if isinstance(piece, str))
        marks = [str(p["mark"]) for p in pieces if isinstance(p, dict) and "mark" in p]
        assert shown + sum(map(len, marks)) <= 3000 * scale + 3 * 40
        assert first == last or text[first:last].startswith(marks[0])
        if 0 < last - first <= 300 * scale:
            assert marks == [text[first:last]]


def test_an_excerpt_without_an_answer() -> None:
    pieces = excerpt("a" * 5000).pieces()
    assert [p if isinstance(p, dict) else len(p) for p in pieces] == [300, {"gap": 3200}, 1500]
    assert excerpt("").pieces() == []


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([0.0, 1.0])), min_size=1))
def test_bands_hold_every_response_once(rows: list[tuple[int, float]]) -> None:
    lengths = Lengths()
    for length, score in rows:
        lengths.add(length, score)
    bands = lengths.bands()
    assert sum(band.count for band in bands) == len(rows)
    assert sum(band.right for band in bands) == sum(score for _, score in rows)
    assert 1 <= len(bands) <= 10
    assert all(a.high < b.low for a, b in pairwise(bands))
    for band in bands:
        inside = [score for length, score in rows if band.low <= length <= band.high]
        assert (len(inside), sum(inside)) == (band.count, band.right)


def test_bands_are_tenths() -> None:
    lengths = Lengths()
    for length in range(1000, 11000):
        lengths.add(length, float(length < 6000))
    bands = lengths.bands()
    assert len(bands) == 10
    assert all(650 <= band.count <= 1400 for band in bands)
    assert bands[0].accuracy == 1.0
    assert bands[-1].accuracy == 0.0
    assert lengths.median(right=True) == pytest.approx(3500, rel=0.04)
    assert lengths.median(right=False) == pytest.approx(8500, rel=0.04)
    assert Lengths().median(right=True) is None
    assert Lengths().bands() == []


@given(st.text())
def test_what_is_visible_can_be_written_and_stays_so(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert visible(shown) == shown
    assert all(c.isprintable() or c.isspace() or not c.isascii() for c in shown)


def test_clipped_counts_characters_before_their_marks() -> None:
    assert clipped("abc", 3) == "abc"
    assert clipped("abcd", 3) == "ab…"
    assert clipped("\u202eab", 2) == "⟨RLO⟩…"


def test_charts_are_left_out_where_they_would_say_nothing() -> None:
    assert curve({"pass@k": {"pass@1": 0.5, "pass@4": None}}) is None
    assert length_chart([]) is None
    assert difficulty_chart({"difficulty": {"0": 4, "(0, 0.1]": 0, "1": 2}}) is None


@pytest.mark.parametrize(
    ("most", "top"), [(1, 4), (5, 8), (20, 20), (21, 40), (95, 120), (201, 400)]
)
def test_the_axis_ends_close_above_the_highest_column(most: int, top: int) -> None:
    chart = difficulty_chart({"difficulty": {"0": 0, "(0, 0.1]": most, "1": 0}})
    assert chart is not None
    assert [tick.text for tick in chart.ticks] == [f"{top * i // 4}" for i in range(5)]
    assert [column.name for column in chart.columns] == ["0", "≤10", "100"]


def test_a_curve_compares_the_same_prompts_only() -> None:
    figures = {"pass@1": 0.25, "pass@2": 0.5, "pass@4": 0.4}
    chart = curve({"pass@k": figures, "prompts@k": {"1": 9, "2": 9, "4": 3}})
    assert chart is not None
    assert [point.name for point in chart.lines[0].shapes] == ["k = 1", "k = 2"]
    alone = {"pass@k": figures, "prompts@k": {"1": 9, "2": 4, "4": 3}, "num_prompts": 9}
    assert curve(alone) is None
    assert [(tile.name, tile.note) for tile in tiles(alone)] == [("pass@4", "of 3 prompts")]


def test_a_curve_climbs_with_its_figures() -> None:
    chart = curve({"pass@k": {"pass@1": 0.25, "pass@2": 0.5, "pass@16": 1.0}})
    assert chart is not None
    points = chart.lines[0].shapes
    assert [point.value for point in points] == ["25.0 %", "50.0 %", "100.0 %"]
    assert points[0].y > points[1].y > points[2].y == chart.ticks[-1].at
    # One doubling takes a quarter of the way that four take.
    assert points[2].x - points[0].x == pytest.approx(4 * (points[1].x - points[0].x), abs=0.3)
