"""Data sets by the names that trainers have for them."""

from __future__ import annotations

import time

import pytest

from pyverify.integrations.data_sources import preset_of
from pyverify.integrations.trainer_reward import TrainerReward
from pyverify.rewards import Correctness

BOXED = r"So it is \boxed{%s}."


def test_a_data_set_is_judged_by_its_preset() -> None:
    scorer = TrainerReward()
    sources = ["openai/gsm8k", "math-ai/minervamath", "acme/x", None]
    scored = scorer([BOXED % "3.16"] * 4, ["3.15"] * 4, data_sources=sources)
    assert scored.rewards == [0.0, 1.0, 0.0, 0.0]
    assert scored.columns["unknown_source"] == [0.0, 0.0, 1.0, 1.0]


def test_a_known_data_set_can_be_judged_otherwise() -> None:
    scorer = TrainerReward(presets={"minerva_math": "strict"})
    scored = scorer([BOXED % "3.16"], ["3.15"], data_sources=["minerva_math"])
    assert scored.rewards == scored.columns["unknown_source"] == [0.0]


def test_a_reward_keeps_a_preset_of_its_own() -> None:
    scorer = TrainerReward(Correctness(preset="gsm8k"))
    assert scorer([BOXED % "3.16"], ["3.15"], data_sources=["minerva"]).rewards == [0.0]


def test_training_takes_no_last_number() -> None:
    scored = TrainerReward()(
        ["Dogs have ears. They have 4 legs too."], ["4"], data_sources=["openai/gsm8k"]
    )
    assert scored.columns["verdict"] == ["no_answer"]


def test_an_unknown_data_set_is_counted_and_warned_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scorer = TrainerReward()
    for _ in range(3):
        scorer(["", ""], ["1", "1"], data_sources=["acme/x", "openai/gsm8k"])
    assert scorer.unknown_sources == {"acme/x": 3}
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    named = TrainerReward(presets={"acme/x": "math"})
    assert named([""], ["1"], data_sources=["acme/x"]).columns["unknown_source"] == [0.0]


def test_many_names_of_data_sets_cost_little(caplog: pytest.LogCaptureFixture) -> None:
    size = 20_000
    scorer = TrainerReward()
    names = [f"acme/{'x' * 500}{at}" if at % 2 else f"acme/{at}" for at in range(size)]
    begin = time.perf_counter()
    scored = scorer([BOXED % 4] * size, ["4"] * size, data_sources=names)
    assert time.perf_counter() - begin < 5
    assert scored.rewards == [1.0] * size
    assert sum(scorer.unknown_sources.values()) == size
    assert len(scorer.unknown_sources) == len(caplog.records) == 1001
    assert max(map(len, scorer.unknown_sources)) == 200


def test_a_preset_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="acme/x"):
        TrainerReward(presets={"acme/x": "maths"})


@pytest.mark.parametrize(
    ("name", "preset"),
    [
        ("openai/gsm8k", "gsm8k"),
        ("lighteval/MATH", "math"),
        ("DigitalLearningGmbH/MATH-lighteval", "math"),
        ("HuggingFaceH4/MATH-500", "math"),
        ("math_dapo", "math"),
        ("math_dapo_reasoning", "math"),
        ("aime2024", "aime"),
        ("HuggingFaceH4/aime_2024", "aime"),
        ("AI-MO/aimo-validation-amc", "amc"),
        ("Hothan/OlympiadBench", "olympiadbench"),
        ("math-ai/minervamath", "minerva_math"),
        # Competition problems with Minerva's prompt: one per cent would be too much.
        ("minerva_math500", "math"),
        ("minerva_math_algebra", "math"),
        ("minerva_math_counting_and_prob", "math"),
        ("minerva_math_intermediate_algebra", "math"),
        ("minerva_math_precalc", "math"),
        ("numina_olympiads", "math"),
        ("hiyouga/geometry3k", None),
        ("codecontests", None),
        (None, None),
    ],
)
def test_names_of_data_sets(name: object, preset: str | None) -> None:
    assert preset_of(name) == preset
