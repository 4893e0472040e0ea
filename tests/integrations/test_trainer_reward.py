"""A reward as trainers call it."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pyverify.integrations.trainer_reward import TrainerReward
from pyverify.rewards import Correctness, Format, Function, Given, Graded, OverlongPenalty, recipe

BOXED = r"So it is \boxed{%s}."


def test_all_rows_have_the_same_keys_and_no_number_is_missing() -> None:
    scorer = TrainerReward("format_accuracy")
    completions = [BOXED % 4, BOXED % 5, "", None, 7, "I give up.", BOXED % 4]
    golds = ["4", "4", "4", "4", "4", "", math.nan]
    rows = scorer(completions, golds).rows(abstained=-2.0)
    assert all(tuple(row) == ("reward", *scorer.names) for row in rows)
    assert [row["reward"] for row in rows] == [1.0, 0.1, 0.0, 0.0, 0.0, -2.0, -2.0]
    assert [row["acc"] for row in rows] == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert [row["abstained"] for row in rows] == [0.0] * 5 + [1.0] * 2
    numbers = [v for row in rows for k, v in row.items() if k not in ("pred", "verdict", "reason")]
    assert all(type(v) is float and math.isfinite(v) for v in numbers)
    assert rows[1]["pred"] == "5"
    assert rows[1]["verdict"] == "not_equal"


def test_who_was_right_is_told_where_the_reward_looks_at_the_form_alone() -> None:
    scored = TrainerReward(Format("boxed"))([BOXED % 4, BOXED % 5, "It is 4."], ["4"] * 3)
    assert scored.rewards == [1.0, 1.0, 0.0]
    assert scored.columns["acc"] == [1.0, 0.0, 1.0]


def test_accuracy_is_the_grade_of_a_graded_reward() -> None:
    scored = TrainerReward(Graded(-1, 0, 100))([BOXED % 4, BOXED % 5], ["4"] * 2)
    assert scored.rewards == [100.0, 0.0]
    assert scored.columns["acc"] == [1.0, 0.0]


def test_accuracy_heeds_marks() -> None:
    scored = TrainerReward("math_boxed")(["The answer is 4."], ["4"])
    assert scored.columns["acc"] == [0.0]


def test_a_missing_column_is_the_callers_mistake() -> None:
    scorer = TrainerReward("dapo")
    assert scorer.needs == ("token_counts",)
    with pytest.raises(TypeError, match="token_counts"):
        scorer([BOXED % 4], ["4"])
    assert scorer([BOXED % 4], ["4"], token_counts=[20480]).rewards == [0.0]
    assert scorer([BOXED % 4], ["4"], completion_ids=[[1, 2]]).rewards == [1.0]


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="1 completions but 2 golds"):
        TrainerReward()([""], ["1", "2"])
    with pytest.raises(ValueError, match="1 completions but 2 data_sources"):
        TrainerReward()([""], ["1"], data_sources=["gsm8k", "math"])
    # A count for all of them would be the first one's.
    with pytest.raises(ValueError, match="3 completions but 1 token_counts"):
        TrainerReward("dapo")([BOXED % 4] * 3, ["4"] * 3, token_counts=[20480])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"completions": "4"}, "completions must be a list, not str"),
        ({"completions": [{"role": "assistant", "content": "4"}]}, "a single conversation"),
        ({"golds": "4"}, "golds must be a list, not str"),
        ({"golds": None}, "golds must be a list, not NoneType"),
        ({"prompts": "2+2"}, "prompts must be a list, not str"),
        ({"data_sources": "gsm8k"}, "data_sources must be a list, not str"),
        ({"token_counts": None}, "token_counts must be a list, not NoneType"),
        ({"token_counts": 3}, "token_counts must be a list, not int"),
        ({"token_counts": "3"}, "token_counts must be a list, not str"),
        ({"gold": ["4"]}, "'gold' is no column"),
        ({"threads": ["4"]}, "'threads' is no column"),
    ],
)
def test_arguments_that_are_no_lists_are_the_callers_mistake(
    call: dict[str, object], message: str
) -> None:
    usual = {"completions": [BOXED % 4], "golds": ["4"], "token_counts": [3]}
    with pytest.raises(TypeError, match=message):
        TrainerReward("dapo")(**{**usual, **call})


class Table:
    """A column that is indexed by names of its own, as those of pandas are."""

    def __init__(self, values: list[object]) -> None:
        self.values = values

    def __iter__(self) -> Iterator[object]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, name: int) -> object:
        return self.values[::-1][name]


def test_a_tables_columns_are_taken_by_place() -> None:
    texts = Table([BOXED % 4, BOXED % 5, BOXED % 6])
    sources = Table(["openai/gsm8k", "math", "openai/gsm8k"])
    scored = TrainerReward()(texts, Table(["4", "5", "7"]), data_sources=sources)
    assert scored.rewards == [1.0, 1.0, 0.0]


def test_no_completions_have_all_columns() -> None:
    scorer = TrainerReward("format_accuracy")
    for sources in (None, []):
        scored = scorer([], [], data_sources=sources)
        assert scored.rewards == []
        assert scored.columns == {name: [] for name in scorer.names}


def failing(completions: list[str], **columns: object) -> list[float]:
    if any("bad" in one for one in completions):
        raise RuntimeError("no such thing")
    return [0.5] * len(completions)


def hopeless(completions: list[str], **columns: object) -> list[float]:
    hopeless.calls += 1  # type: ignore[attr-defined]
    raise RuntimeError("always")


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def talkative(completions: list[str], **columns: object) -> list[float]:
    if len(completions) == 1 and "none" in completions[0]:
        raise UnspeakableError
    raise LookupError(f"nothing is known of {completions[0]!r}")


def infinite(completions: list[str], **columns: object) -> list[float]:
    return [math.inf if "bad" in one else 1.0 for one in completions]


def _function(target: object, **bounds: float) -> Function:
    # Test files have no name that other processes could import.
    made = object.__new__(Function)
    values = {"target": "tests:function", "low": 0.0, "high": 1.0, "name": "own", **bounds}
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    found: dict[str, object] = {}
    monkeypatch.setattr("pyverify.rewards.given.resolve", lambda target: found["function"])
    return found


def test_only_the_completions_at_fault_abstain(
    resolves: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    resolves["function"] = failing
    scorer = TrainerReward(Correctness() + _function(failing))
    completions = [BOXED % 4] * 300
    completions[17] = completions[205] = "bad " + BOXED % 4
    scored = scorer(completions, ["4"] * 300)
    assert [at for at, reward in enumerate(scored.rewards) if reward is None] == [17, 205]
    assert [at for at, error in enumerate(scored.columns["error"]) if error] == [17, 205]
    assert scored.rewards[0] == 1.5
    assert scored.columns["verdict"][0] == "equal"
    assert sum("RuntimeError: no such thing" in (r.exc_text or "") for r in caplog.records) == 1


def test_a_fault_is_logged_once_whatever_it_says(
    resolves: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    resolves["function"] = talkative
    scorer = TrainerReward(_function(talkative))
    for _ in range(2):
        scored = scorer(["one", "two", "three", "none"], ["4"] * 4)
    assert scored.rewards == [None] * 4
    kinds = [type(record.exc_info[1]) for record in caplog.records if record.exc_info]
    assert kinds == [LookupError, UnspeakableError]


def test_a_function_that_always_fails_is_not_asked_for_every_completion(
    resolves: dict[str, object],
) -> None:
    resolves["function"] = hopeless
    hopeless.calls = 0  # type: ignore[attr-defined]
    scored = TrainerReward(_function(hopeless))([""] * 5000, ["4"] * 5000)
    assert scored.rewards == [None] * 5000
    assert scored.columns["error"] == [1.0] * 5000
    assert hopeless.calls < 200  # type: ignore[attr-defined]


def test_errors_can_be_let_through(resolves: dict[str, object]) -> None:
    resolves["function"] = failing
    scorer = TrainerReward(_function(failing), on_error="raise")
    with pytest.raises(RuntimeError, match="no such thing"):
        scorer(["bad"], ["4"])


def test_an_iterator_that_ends_does_not_end_an_event_loops_wait(
    resolves: dict[str, object],
) -> None:
    # asyncio cannot hand StopIteration on: whoever awaits the thread would wait for ever.
    resolves["function"] = lambda completions, **columns: [next(iter(()))]
    scorer = TrainerReward(_function(failing), on_error="raise")
    with pytest.raises(RuntimeError, match="StopIteration"):
        scorer(["good"], ["4"])


def test_an_infinite_reward_is_none(resolves: dict[str, object]) -> None:
    resolves["function"] = infinite
    scored = TrainerReward(_function(infinite, high=math.inf))(["bad", ""], ["4"] * 2)
    assert scored.rewards == [None, 1.0]
    assert scored.columns["error"] == [1.0, 0.0]
    assert scored.columns["own"] == [0.0, 1.0]


def test_given_numbers_reach_the_reward() -> None:
    scored = TrainerReward(Given("probability"))(["", ""], ["4"] * 2, probability=[0.5, None])
    assert scored.rewards == [0.5, None]


def test_a_prefilled_reasoning_block_has_no_answer_before_it_ends() -> None:
    texts = [r"\boxed{4}", r"hm</think>\boxed{4}"]
    assert TrainerReward(prefilled=True)(texts, ["4"] * 2).rewards == [0.0, 1.0]
    form = TrainerReward(Format("think"), prefilled=True)
    assert form([r"<think>hm</think>\boxed{4}"], ["4"]).rewards == [0.0]


def test_conversations_are_completions() -> None:
    said = [{"role": "assistant", "content": BOXED % 4}]
    asked = [{"role": "user", "content": "2+2?"}]
    assert TrainerReward()([said], ["4"], prompts=[asked]).rewards == [1.0]


def test_a_component_may_not_be_called_as_a_column_is() -> None:
    with pytest.raises(ValueError, match="'acc'"):
        TrainerReward(Correctness(name="acc"))


def test_it_pickles_and_serves_threads() -> None:
    scorer = TrainerReward(recipe("dapo", max_length=100, buffer=10), presets={"a": "math"})
    copy = pickle.loads(pickle.dumps(scorer))
    texts, golds = [BOXED % i for i in range(40)], ["7"] * 40

    def rewards(_: int) -> list[float | None]:
        return copy(texts, golds, token_counts=[5] * 40, data_sources=["a", "b"] * 20).rewards

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(rewards, range(32)))
    assert all(one == found[0] for one in found)
    assert copy.unknown_sources == {"b": 32 * 20}


def test_long_answers_are_cut() -> None:
    scored = TrainerReward()([r"\boxed{" + "9" * 2_000 + "}"], ["4"])
    assert len(scored.columns["pred"][0]) == 1000  # type: ignore[arg-type]


def test_a_hundred_thousand_completions() -> None:
    texts = [BOXED % (i % 10) for i in range(100_000)]
    scored = TrainerReward("format_accuracy")(texts, ["4"] * len(texts))
    assert sum(scored.columns["acc"]) == 10_000  # type: ignore[arg-type]


def test_what_cannot_be_a_reward_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a recipe"):
        TrainerReward("nonsense")
    with pytest.raises(TypeError, match="not int"):
        TrainerReward(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="dapo"):
        TrainerReward("dapo", parameters={"length": 3})
    with pytest.raises(TypeError, match="change the reward itself"):
        TrainerReward(OverlongPenalty(10, 5), parameters={"buffer": 3})
    with pytest.raises(ValueError, match="on_error"):
        TrainerReward(on_error="ignore")  # type: ignore[arg-type]
