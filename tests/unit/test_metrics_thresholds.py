"""Baselines and thresholds: what a run is measured by."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pyverify.evaluate import Report, Table
from pyverify.evaluate.metrics import (
    Baseline,
    compare,
    missed,
    parse_ceilings,
    parse_floors,
    read_baseline,
)
from pyverify.io import SourceError


def table(name: str | None, right: int, wrong: int, **counts: int) -> Table:
    signatures = {(1, 1, 1, 1): right, (1, 0, 1, 0): wrong}
    return Table(
        name,
        Counter(rows=right + wrong, right=right, **counts),
        {signature: times for signature, times in signatures.items() if times},
    )


def report(*tables: Table) -> Report:
    return Report("pyverify/test", Table.union(tables), list(tables))


def test_ratios() -> None:
    found = compare({"a": 0.6, "b": 0.2, "c": 0.5}, Baseline({"b": 0.4, "a": 0.4, "c": 0.0}))
    assert found.ratios == {"a": pytest.approx(1.5), "b": 0.5}
    assert found.zeros == ("c",)
    assert found.harmonic_mean == pytest.approx(2 / (1 / 1.5 + 1 / 0.5))
    assert found.as_json()["excluded"] == ["c"]
    assert compare({"a": 0.0, "b": 1.0}, Baseline({"a": 0.5, "b": 0.5})).harmonic_mean == 0.0
    assert compare({"a": 0.5}, Baseline({"a": 0.0})).harmonic_mean is None


def test_data_sets_must_be_the_same() -> None:
    with pytest.raises(
        SourceError, match=r"the baseline has no 'b\\x1b'; this run has no 'c', 'd'"
    ):
        compare({"a": 1.0, "b\x1b": 1.0}, Baseline({"a": 1.0, "d": 1.0, "c": 1.0}))
    with pytest.raises(SourceError, match="the baseline has no rows without a data set"):
        compare({"": 1.0}, Baseline({"a": 1.0}))


def test_a_summary_is_a_baseline_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    for one in (report(table("a", 3, 1), table("b", 1, 1)), report(table(None, 3, 1))):
        path.write_text(json.dumps(one.as_json()))
        one.compare_with(read_baseline(str(path)))
        assert one.ratios is not None
        assert set(one.ratios.ratios.values()) == {1.0}
        assert one.as_json()["baseline"]["harmonic_mean"] == 1.0


def test_a_summary_of_schema_1_is_a_baseline(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text('{"schema": 1, "acc": 0.5, "datasets": {"x": {"acc": 0.25}}, "grader": "g"}')
    assert read_baseline(str(path)) == Baseline({"x": 0.25}, "g")
    path.write_text('{"schema": 1, "acc": 1, "datasets": {}}')
    assert read_baseline(str(path)) == Baseline({"": 1.0})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "no summary"),
        (b"[]", "no summary"),
        (b"{}", "no summary"),
        (b"\xff\xfe", "no summary"),
        (b"[" * 100_000, "no summary"),
        (b'{"id": 1, "score": 1.0}\n{"id": 2}', "no summary"),
        (b'{"acc": null}', "missing or no number"),
        (b'{"acc": true}', "missing or no number"),
        (b'{"acc": 84.4}', "84.4, not from 0 to 1"),
        (b'{"acc": NaN}', "nan, not from 0 to 1"),
        (b'{"acc": 1' + b"0" * 400 + b"}", "not from 0 to 1"),
        (b'{"acc": 1' + b"0" * 9000 + b"}", "no summary"),
        (b'{"dataset_acc": {"x\\u001b": "0.5"}}', r"of 'x\\x1b' is missing or no number"),
        (b'{"datasets": {"x": 3}}', "of 'x' is missing"),
    ],
)
def test_a_file_that_is_no_summary(tmp_path: Path, text: bytes, problem: str) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(text)
    with pytest.raises(SourceError, match=problem):
        read_baseline(str(path))


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot read"):
        read_baseline(str(tmp_path / "none.json"))
    with pytest.raises(SourceError, match="cannot read"):
        read_baseline(str(tmp_path))


def test_floors() -> None:
    one = report(table("a", 4, 1), table("b", 1, 3))
    # 4/5 and 1/4: the mean of the data sets is 0.525, that of the rows 5/9.
    floors = parse_floors("final_acc=0.525, acc=0.5555,pass@1=0.55,maj@1=0.6,pass@8=0.1")
    assert missed(one, floors) == [
        "maj@1 is 0.5556, below 0.6",
        "pass@8 is unknown, wanted is 0.1",
    ]
    (floor,) = parse_floors("harmonic_mean=1.01")
    assert floor.needs_baseline
    assert missed(one, [floor]) == ["harmonic_mean is unknown, wanted is 1.01"]
    one.compare_with(Baseline({"a": 0.8, "b": 0.25}))
    assert missed(one, [floor]) == ["harmonic_mean is 1.0000, below 1.01"]
    assert missed(one, parse_floors("harmonic_mean=1")) == []


def test_a_sum_of_floats_meets_its_own_value() -> None:
    tables = [table(name, 1, 9) for name in "abc"]
    assert missed(report(*tables), parse_floors("final_acc=0.1,acc=0.1,avg@1=0.1")) == []


def test_ceilings() -> None:
    counts = {"limit": 2, "no_answer": 1, "bad_gold": 1, "missing_gold": 1, "truncated": 3}
    one = report(table("a", 100, 100, truncation_known=10, **counts))
    assert missed(one, ceilings=parse_ceilings("timeout>1%,empty>0.5%,undecided>0%")) == []
    found = missed(
        one, ceilings=parse_ceilings("timeout>0.99%, truncated>29%,gold_errors>0.5%,no_answer>0%")
    )
    assert found == [
        "timeout is 1% (2 of 200), above 0.99%",
        "truncated is 30% (3 of 10), above 29%",
        "gold_errors is 0.995% (2 of 201), above 0.5%",
        "no_answer is 0.5% (1 of 200), above 0%",
    ]


def test_what_no_row_says_is_no_pass() -> None:
    one = report(table("a", 1, 1))
    assert missed(one, ceilings=parse_ceilings("truncated>5%")) == [
        "truncated is unknown: no row says"
    ]
    assert missed(report(), parse_floors("acc=0"), parse_ceilings("empty>99%")) == [
        "acc is unknown, wanted is 0",
        "empty is unknown: no row says",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acc",
        "acc=",
        "acc=x",
        "acc=nan",
        "acc=1.1",
        "acc=-0.1",
        "acc=80%",
        "acc=1e-3",
        "speed=1",
        "pass@0=1",
        "pass@x=1",
        "pass@1025=1",
        "pass@²=1",
        "acc=0.8,",
        "acc>0.8",
    ],
)
def test_floors_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"=X|at most"):
        parse_floors(text)


@pytest.mark.parametrize(
    "text",
    ["", "timeout", "timeout>1", "timeout>x%", "timeout>101%", "timeout=1%", "speed>1%", ">"],
)
def test_ceilings_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=">P%"):
        parse_ceilings(text)
