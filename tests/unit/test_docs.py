"""What the documents say, tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyverify import equivalent

_HEAD = re.compile(r"^\| gold \| ✓ \| ✗ \|\n\|---\|---\|---\|\n((?:\|.*\n)+)", re.MULTILINE)


def _texts(cell: str) -> list[str]:
    """The code of a cell; a word behind all of it (pears) belongs to each."""
    noun = re.search(r"` (apples|pears)$", cell.strip())
    behind = f" {noun[1]}" if noun else ""
    return [text.replace(r"\|", "|") + behind for text in re.findall(r"`([^`]+)`", cell)]


def test_tables_of_the_grading_policy(repository: Path) -> None:
    page = (repository / "docs" / "grading.md").read_text(encoding="utf-8")
    rows = [row for table in _HEAD.findall(page) for row in table.splitlines()]
    assert len(rows) > 30
    for row in rows:
        gold, right, wrong = (_texts(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1])
        for answer in right:
            assert equivalent(answer, gold=gold[0]), row
        for answer in wrong:
            assert not equivalent(answer, gold=gold[0]), row


ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT)) for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(repository: Path, name: str) -> None:
    page = repository / name
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
