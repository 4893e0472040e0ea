"""Laws that hold for every reward, whatever it is made of and whatever a model wrote."""

from __future__ import annotations

import math
import pickle
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pyverify.rewards as rewards_module
from pyverify import Limits, Options
from pyverify.rewards import (
    RECIPES,
    Choice,
    Clip,
    Correctness,
    CosineLength,
    Ensemble,
    ExactText,
    Format,
    Gate,
    Given,
    Graded,
    LanguageConsistency,
    LengthBonus,
    Maximum,
    Minimum,
    OverlongPenalty,
    ProcessReward,
    Repetition,
    Reward,
    Steps,
    Sum,
    Tolerance,
    from_dict,
    from_json,
    from_toml,
    recipe,
    to_dict,
    to_json,
    to_toml,
)

LAW = settings(max_examples=150, deadline=None, derandomize=True)

LEAVES: tuple[Reward, ...] = (
    Correctness(),
    Correctness(preset="gsm8k", marks=("hashes",), name="strict"),
    Correctness(options=Options(units="required", limits=Limits(depth=40)), name="units"),
    Graded(-1, 0, 100),
    Tolerance(0.01, 0.5),
    Choice("ABCD"),
    ExactText(),
    ExactText("completion", ignore_case=True, name="whole_text"),
    Format(),
    Format("think_answer", prefilled=False, name="tags"),
    Format("think", name="think"),
    Format("hashes", prefilled=True, name="hashes"),
    LengthBonus(100),
    OverlongPenalty(200, 50),
    CosineLength(200),
    Repetition(),
    Repetition(2, allowed=0.25, name="pairs"),
    LanguageConsistency(),
    LanguageConsistency(("en", "ja"), "en", binary=True, name="english"),
    Steps(2),
    Given("probability"),
    Given("prm", -1, 3),
    ProcessReward(reduce="product"),
    ProcessReward("pyverify.rewards.checks:arithmetic", "mean", name="sums"),
)

weights = st.floats(-10, 10, allow_nan=False).map(lambda x: round(x, 3))


def named(rule: str, members: tuple[Reward, ...]) -> str:
    """Two ensembles of one name in one composition have to be equal."""
    return f"{rule}-{zlib.crc32(repr(members).encode())}"


def trees(leaves: st.SearchStrategy[Reward]) -> st.SearchStrategy[Reward]:
    def grown(inner: st.SearchStrategy[Reward]) -> st.SearchStrategy[Reward]:
        some = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(
                lambda pairs, constant: Sum(tuple(pairs), constant),
                st.lists(st.tuples(weights, inner), min_size=1, max_size=3),
                weights,
            ),
            st.builds(Gate, inner, inner, weights, weights),
            st.builds(Minimum, some),
            st.builds(Maximum, some),
            st.builds(lambda r, a, b: Clip(r, min(a, b), max(a, b)), inner, weights, weights),
            st.builds(
                lambda members, rule: Ensemble(members, rule, name=named(rule, members)),
                some,
                st.sampled_from(["majority", "mean", "veto"]),
            ),
        )

    return st.recursive(leaves, grown, max_leaves=6)


rewards = trees(st.sampled_from(LEAVES))

PIECES = (
    "\\boxed{4}",
    "\\boxed{",
    "\\boxed{\\frac{8}{2}}",
    "#### 4",
    "<think>",
    "</think>",
    "<answer>4</answer>",
    "The final answer is 5.",
    "Step 1: add two and two.\nStep 2: look at it.",
    "2+2=4",
    "2+2=5",
    "x = 7",
    "所以答案是4。",
    "首先我们计算总和",
    "na " * 9,
    "$x^2$",
    "```\ncode\n```",
    "(B)",
    "\n\n",
    " ",
    "\x00",
    "\ud800",
    "\u200b",
    "{" * 30,
    "9**9**9",
)
completions = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=8).map(
    "".join
)


def columns(size: int) -> dict[str, list[object]]:
    """Everything that some reward asks for, abstentions among it."""
    return {
        "token_counts": [i * 37 % 251 for i in range(size)],
        "probability": [None if i % 3 == 2 else i / (size + 1) for i in range(size)],
        "prm": [math.nan if i % 4 == 3 else float(i) for i in range(size)],
        "step_scores": [[] if i % 3 == 1 else [0.5, None, 0.25] for i in range(size)],
    }


@LAW
@given(rewards, st.lists(completions, min_size=1, max_size=4))
def test_values_are_within_bounds_and_the_same_however_asked(
    reward: Reward, texts: list[str]
) -> None:
    golds = ["4", None, "B", "4"][: len(texts)]
    given_columns = columns(len(texts))
    batch = reward.evaluate(texts, golds=golds, threads=1, **given_columns)
    low, high = reward.bounds
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    assert len(batch) == len(texts) == len(batch.results)
    for value in batch.rewards:
        assert value is None or (low - slack <= value <= high + slack and not math.isnan(value))
    assert tuple(batch.components) == reward.components
    assert all(len(column) == len(texts) for column in batch.components.values())
    assert reward(texts, golds=golds, threads=3, **given_columns) == batch.rewards
    for i, text in enumerate(texts):
        alone = {name: column[i] for name, column in given_columns.items()}
        if golds[i] is not None:
            assert reward(text, gold=golds[i], **alone) == batch.rewards[i]


@LAW
@given(rewards)
def test_a_reward_is_a_value(reward: Reward) -> None:
    for copy in (
        pickle.loads(pickle.dumps(reward)),
        from_dict(to_dict(reward)),
        from_json(to_json(reward)),
        from_toml(to_toml(reward)),
        eval(repr(reward), {**vars(rewards_module), "Options": Options, "Limits": Limits}),
    ):
        assert copy == reward
        assert hash(copy) == hash(reward)
        assert repr(copy) == repr(reward)
        assert copy.components == reward.components


@LAW
@given(rewards, completions)
def test_no_text_of_a_model_raises(reward: Reward, text: str) -> None:
    talk = [{"role": "assistant", "content": text}, {"role": "tool", "content": "\\boxed{4}"}]
    alone = {name: column[0] for name, column in columns(1).items()}
    assert reward(talk, gold="4", **alone) == reward(text, gold="4", **alone)


@pytest.mark.parametrize("name", sorted(RECIPES))
@given(
    text=st.sampled_from(["So ", "<think>a b</think>", "我们得到 ", "la la la la la la la ", ""])
)
@settings(max_examples=5, deadline=None, derandomize=True)
def test_right_earns_no_less_than_wrong(name: str, text: str) -> None:
    reward = recipe(name)
    answers = (r"\boxed{B}", r"\boxed{C}") if name == "choice" else (r"\boxed{7}", r"\boxed{8}")
    gold = "B" if name == "choice" else "7"
    given_columns: dict[str, object] = {"token_counts": [50, 50], "probability": [0.9, 0.1]}
    right, wrong = reward([text + answers[0], text + answers[1]], gold=gold, **given_columns)
    assert right is not None
    assert wrong is not None
    assert right >= wrong
    if name not in ("gsm8k_strict",):
        assert right > wrong


@LAW
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_lengths_are_monotone(one: int, other: int) -> None:
    short, long = sorted((one, other))
    both = {"token_counts": [short, long]}
    for reward, rises in (
        (LengthBonus(1024), True),
        (OverlongPenalty(3000, 700), False),
        (CosineLength(4000), False),
    ):
        first, second = reward([r"\boxed{4}", r"\boxed{4}"], gold="4", **both)
        assert first is not None
        assert second is not None
        assert first <= second if rises else first >= second


@LAW
@given(st.lists(st.integers(0, 10**9), unique=True, max_size=40), st.integers(1, 5))
def test_only_repetition_is_repetition(words: list[int], n: int) -> None:
    once = " ".join(map(str, words))
    again = f"{once} {once} {once}"
    first, second = Repetition(n)([once, again])
    assert first == 0.0
    if len(words) >= n:
        assert second is not None
        assert second <= -0.3
