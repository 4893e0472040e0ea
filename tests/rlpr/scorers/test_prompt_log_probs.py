"""What engines answer about a prompt, and answers that are none."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from completions import SEQUENCES, expected, rows
from hypothesis import given
from hypothesis import strategies as st

from pyverify.rlpr import Spliced
from pyverify.rlpr.scorers.prompt_log_probs import (
    prompt_of,
    read_prompt_log_probs,
)

ONE = SEQUENCES[0]
IDS = [*ONE.context, *ONE.reference]


def objects() -> list[object]:
    """The same as vLLM's own objects."""
    found: list[object] = [None]
    for row in rows(IDS)[1:]:
        assert isinstance(row, dict)
        found.append({int(token): SimpleNamespace(**value) for token, value in row.items()})
    return found


def test_answers_of_an_engine_and_of_a_server() -> None:
    for answer in (objects(), rows(IDS), SimpleNamespace(prompt_logprobs=objects())):
        assert read_prompt_log_probs(answer, ONE) == expected(ONE)


def test_the_answer_of_verl() -> None:
    """Ids and numbers apart, without the first position, one more at the end."""
    numbers = [[row[token]["logprob"]] for row, token in zip(rows(IDS)[1:], map(str, IDS[1:]))]  # type: ignore[index]  # noqa: B905
    fields = {
        "prompt_ids": [[token] for token in IDS[1:]] + [[0]],
        "prompt_logprobs": [*numbers, [0.0]],
    }
    pairs = zip(fields["prompt_ids"][:-1], fields["prompt_logprobs"][:-1], strict=True)
    answer = [None, *(dict(zip(*pair, strict=True)) for pair in pairs)]
    assert read_prompt_log_probs(answer, ONE) == expected(ONE)


def test_a_prompt_is_plain_ids() -> None:
    np = pytest.importorskip("numpy", reason="numpy is not installed")
    ids = prompt_of(Spliced(np.array([5, 6]), [], np.array([7])))["prompt_token_ids"]
    assert ids == [5, 6, 7]
    assert {type(one) for one in ids} == {int}


def test_nan_and_no_probability_pass() -> None:
    for value in (math.nan, -math.inf, 0):
        (found,) = read_prompt_log_probs([None, {7: value}], Spliced([5], [], [7]))
        assert type(found) is float
        assert found == value or (math.isnan(value) and math.isnan(found))


def test_without_prompt_log_probs() -> None:
    for answer in (None, SimpleNamespace(prompt_logprobs=None), "text", {}, 3):
        with pytest.raises(ValueError, match=r"no prompt_logprobs: ask with .* scoring_params\(\)"):
            read_prompt_log_probs(answer, ONE)


def test_about_other_tokens() -> None:
    """An engine that puts a token in front, or cuts off, is found out before it is misread."""
    for answer in (objects()[1:], [None, *objects()]):
        with pytest.raises(ValueError, match=rf"{len(answer)} positions, but 6 tokens"):
            read_prompt_log_probs(answer, ONE)
    other = [None, *({1: -1.0} for _ in IDS[1:])]
    with pytest.raises(ValueError, match="no log-probability of token 9 where it stands"):
        read_prompt_log_probs(other, ONE)


def test_a_reference_needs_something_before_it() -> None:
    with pytest.raises(ValueError, match="first token of a sequence never has one"):
        read_prompt_log_probs([None, {7: -1.0}], Spliced([], [], [5, 7]))


@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=3) | st.lists(st.none(), max_size=1),
            lambda inner: st.dictionaries(st.sampled_from([9, "9", "logprob", 10]), inner),
        ),
        min_size=6,
        max_size=6,
    )
)
def test_hostile_rows_are_an_error(answer: list[object]) -> None:
    with pytest.raises(ValueError, match="no log-probability"):
        read_prompt_log_probs(answer, ONE)
