"""Baselines that are kept."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from pyverify.rlpr import Baseline, Spliced
from pyverify.rlpr.baseline import baseline_key


def test_the_initial_policys_are_kept() -> None:
    kept = Baseline()
    assert kept.get("a") is None
    kept.put("a", 0.25)
    assert kept.get("a") == 0.25
    assert (kept.hits, kept.misses, len(kept)) == (1, 1, 1)


def test_the_current_policys_are_not() -> None:
    kept = Baseline("current")
    kept.put("a", 0.25)
    assert kept.get("a") is None
    assert len(kept) == 0


def test_nan_is_asked_again() -> None:
    kept = Baseline()
    kept.put("a", math.nan)
    assert kept.get("a") is None


def test_the_oldest_make_place() -> None:
    kept = Baseline(capacity=2)
    for key, value in [("a", 0.1), ("b", 0.2), ("c", 0.3)]:
        kept.put(key, value)
        kept.get("a")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, 0.2, 0.3)
    assert (len(kept), kept.dropped) == (2, 1)


def test_saved_and_read_again(tmp_path: Path) -> None:
    kept = Baseline(form="template")
    for number in range(100):
        kept.put(str(number), 1 / (number + 3))
    kept.save(tmp_path / "baseline.json")
    again = Baseline(form="template")
    again.put("gone", 0.5)
    again.load(tmp_path / "baseline.json")
    assert again.state_dict() == kept.state_dict()
    assert [again.get(str(number)) for number in range(100)] == [1 / (n + 3) for n in range(100)]
    assert again.get("gone") is None


def test_a_state_that_does_not_fit() -> None:
    kept = Baseline(form="template")
    with pytest.raises(ValueError, match="form='bare', this one has 'template'"):
        kept.load_state_dict(Baseline().state_dict())
    with pytest.raises(ValueError, match="policy='current', this one has 'initial'"):
        Baseline().load_state_dict(Baseline("current").state_dict())
    for values in (None, {"a": "0.5"}, [0.5]):
        with pytest.raises(ValueError, match="state has no values"):
            Baseline().load_state_dict({"policy": "initial", "form": "bare", "values": values})


def test_a_file_that_is_none(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"policy": "initial"}'):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(ValueError, match=r"baseline|line 1|state is of"):
            Baseline().load(tmp_path / "x.json")


def test_a_key_is_what_the_value_depends_on() -> None:
    base = Spliced([1, 2], [3], [4, 5])
    assert baseline_key(base, "mean") == baseline_key(Spliced([1], [2, 3], (4, 5)), "mean")
    others = [
        baseline_key(base, "min"),
        baseline_key(Spliced([1, 2], [3, 4], [5]), "mean"),
        baseline_key(Spliced([1, 2], [], [3, 4, 5]), "mean"),
        baseline_key(Spliced([1, 2], [3], [4, 6]), "mean"),
        baseline_key(Spliced([1, 7], [3], [4, 5]), "mean"),
    ]
    assert len({baseline_key(base, "mean"), *others}) == 6
    json.dumps(others)


def test_misuse() -> None:
    with pytest.raises(ValueError, match='policy must be "initial" or "current"'):
        Baseline("last")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match='form must be "bare" or "template"'):
        Baseline(form="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="capacity must be at least 1"):
        Baseline(capacity=0)
