"""A slice of what `readings.py` runs: LaTeX as sympy's parser reads it."""

from __future__ import annotations

import pytest

pytest.importorskip("sympy", reason="sympy is not installed: pip install '.[test]'")
pytest.importorskip("antlr4", reason="antlr4-python3-runtime 4.11 is not installed")

# Old code under new Pythons: their warnings say nothing about this project.
pytestmark = pytest.mark.filterwarnings("ignore")


def _check(texts: int) -> None:
    from readings import EXCEPTIONS, compare

    readings = compare(1, texts)
    assert not readings.refused, "\n".join(readings.refused)
    assert not readings.unexplained, "\n".join(readings.unexplained)
    known = EXCEPTIONS | {"agree", "engine undecided", "unread by sympy"}
    assert set(readings.counts) <= known
    assert readings.counts["agree"] > texts * 0.8


def test_readings() -> None:
    _check(300)


@pytest.mark.slow
def test_many_readings() -> None:
    _check(1500)
