"""Which field is which: usual names, the caller's names, and refusal where two readings exist."""

from __future__ import annotations

import pytest

from pyverify.io import (
    AmbiguousFieldsError,
    Fields,
    FieldsError,
    NoFieldsError,
    detect_fields,
    parse_map,
)
from pyverify.io.paths import get_path


@pytest.mark.parametrize(
    ("row", "response", "gold"),
    [
        ({"completion": "a", "answer": "1"}, "completion", "answer"),
        ({"input": "q", "output": "a", "gts": "1", "score": 0.0}, "output", "gts"),
        (
            {"responses": ["a", "b"], "reward_model": {"style": "rule", "ground_truth": "1"}},
            "responses",
            "reward_model.ground_truth",
        ),
        ({"prompt": "q", "completion": "a", "solution": "1"}, "completion", "solution"),
        ({"problem": "q", "solution": "s", "answer": "1", "response": "a"}, "response", "answer"),
        ({"resps": [["a"]], "target": "1", "doc": {"answer": "1"}}, "resps", "target"),
        ({"code": ["a"], "gt": "1", "idx": 0}, "code", "gt"),
        ({"generation": "a", "expected_answer": "1"}, "generation", "expected_answer"),
        ({"answer": "a", "gold": "1"}, "answer", "gold"),
        ({"response": "a", "label": 7}, "response", "label"),
        ({"response": "a", "label": True, "answer": "1"}, "response", "answer"),
        # The same content under two names is one reading.
        ({"response": "a", "output": "a", "gold": "1"}, "response", "gold"),
    ],
)
def test_usual_layouts(row: dict, response: str, gold: str) -> None:
    found = detect_fields([row])
    assert (found.response, found.gold) == (response, gold)


@pytest.mark.parametrize(
    "row",
    [
        {"answer": "a", "solution": "b"},
        {"response": "a", "prediction": "b", "gold": "1"},
        {"response": "a", "gold": "1", "ground_truth": "2"},
        {"response": "a", "target": "1", "answer": "2"},
        {"answer": "a", "solution": "b", "gold": "1"},
    ],
)
def test_two_readings_are_refused_and_shown(row: dict) -> None:
    with pytest.raises(AmbiguousFieldsError) as caught:
        detect_fields([row])
    assert str(caught.value).count("--map response=") == 2


@pytest.mark.parametrize("row", [{"answer": "1"}, {"question": "q"}, {"response": "a"}, {}])
def test_nothing_to_read(row: dict) -> None:
    with pytest.raises(NoFieldsError, match="--map"):
        detect_fields([row])


def test_the_callers_word_is_final() -> None:
    row = {"response": "a", "prediction": "b", "gold": "1", "answer": "2"}
    found = detect_fields([row], Fields(response="prediction", gold="answer"))
    assert (found.response, found.gold) == ("prediction", "answer")
    found = detect_fields([{"answer": "a", "solution": "b"}], Fields(response="answer"))
    assert found.gold == "solution"


def test_ids_and_groups_are_fields_of_every_row() -> None:
    rows = [{"id": 1, "prompt": "p", "response": "a", "gold": "1"}]
    assert detect_fields(rows).id == "id"
    assert detect_fields(rows).group == "prompt"
    rows.append({"response": "a", "gold": "1"})
    assert detect_fields(rows).id is None


def test_map_is_read() -> None:
    found = parse_map(["response=a.b,gold=c", "id = d"])
    assert found == Fields(response="a.b", gold="c", id="d")
    assert str(found) == "response=a.b, gold=c, id=d"


@pytest.mark.parametrize("text", ["response", "answer=x", "gold=", "=x", ""])
def test_map_that_means_nothing(text: str) -> None:
    with pytest.raises(FieldsError, match="name=path"):
        parse_map([text])


def test_paths() -> None:
    row = {"a": {"b": [{"c": 1}, {"c": 2}]}, "a.b": "key", "n": None}
    assert get_path(row, "a.b") == "key"
    assert get_path(row, "a.b[].c") == [1, 2]
    assert get_path(row, "a.b.1.c") == 2
    assert get_path(row, "a.b.7.c") is None
    assert get_path(row, "n.x") is None
    assert get_path(row, "a.b[].c[].d") == [None, None]
