"""The table of published scores, and what ``--reported`` takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyverify.evaluate.gap import ReportedError, published_scores, read_reported


@pytest.mark.parametrize("text", ["90.6", "90.6%", "90.6 %", "0.906", " 0.906 "])
def test_percent_or_fraction(text: str) -> None:
    assert read_reported(text).score == 0.906


def test_small_scores() -> None:
    assert read_reported("0").score == 0.0
    assert read_reported("1").score == 1.0
    assert read_reported("1%").score == 0.01
    assert read_reported("100").score == 1.0


@pytest.mark.parametrize("text", ["101", "-3", "nan", "inf", "-0.1"])
def test_no_score(text: str) -> None:
    with pytest.raises(ReportedError, match="between 0 and 100 %"):
        read_reported(text)


def test_names() -> None:
    own = read_reported("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B")
    assert own.published is not None
    assert (own.score, own.published.source) == (0.928, "deepseek-r1")
    other = read_reported("deepseek-r1-distill-qwen-7b@open-r1")
    assert other.score == 0.918
    assert other.published is not None
    assert not other.published.own


def test_several_sources_are_refused() -> None:
    with pytest.raises(ReportedError, match=r"gpt-4o-0513@deepseek-r1-others \(74\.6\)"):
        read_reported("gpt-4o-0513")


def test_unknown_names_get_near_ones() -> None:
    with pytest.raises(ReportedError, match="deepseek-r1-distill-qwen-7b"):
        read_reported("deepseek-r1-destill-qwen-7b")


def test_table() -> None:
    table = published_scores()
    assert 15 <= len(table) <= 40
    assert len({one.name for one in table}) == len(table)
    assert [one.name for one in table] == sorted(one.name for one in table)
    for one in table:
        assert one.task == "math500"
        assert 0 < float(one.score) < 100
        assert one.url.startswith("https://")
        assert one.page
        assert one.model == one.model.lower()


def test_the_page_has_the_table(repository: Path) -> None:
    page = (repository / "docs" / "score-gap.md").read_text(encoding="utf-8")
    for one in published_scores():
        own = "" if one.own else "no"
        assert f"| `{one.model}` | {one.score} | {own} | {one.source} |" in page
        assert one.url in page
