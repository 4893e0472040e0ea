"""What rewards say to wrong use and to files that describe none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyverify.rewards import (
    Choice,
    Clip,
    ConfigError,
    Correctness,
    CosineLength,
    Ensemble,
    ExactText,
    Format,
    Given,
    Graded,
    LanguageConsistency,
    LengthBonus,
    Minimum,
    OverlongPenalty,
    ProcessReward,
    Repetition,
    Steps,
    Sum,
    Tolerance,
    from_dict,
    from_json,
    from_toml,
    load_reward,
    recipe,
    to_toml,
)

REWARD = 0.1 * Format("boxed") + 0.9 * Correctness()
FOUR = r"\boxed{4}"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: REWARD(FOUR), TypeError, "needs golds"),
        (lambda: REWARD(4, gold="4"), TypeError, "must be a list"),
        (lambda: REWARD([None], golds=["4"]), TypeError, r"completions\[0\]"),
        (lambda: REWARD([FOUR], golds=["4", "5"]), ValueError, "1 completions but 2 golds"),
        (lambda: REWARD([FOUR], gold="4", golds=["4"]), TypeError, "one of them"),
        (lambda: REWARD(FOUR, golds=["4"]), TypeError, "takes gold="),
        (lambda: REWARD([FOUR], golds="4"), TypeError, "golds must be a list"),
        (lambda: LengthBonus()(FOUR), TypeError, "token_counts"),
        (lambda: LengthBonus()([FOUR], token_counts=[-1]), ValueError, "at least 0"),
        (lambda: LengthBonus()([FOUR], token_counts=["many"]), TypeError, "must be an int"),
        (lambda: LengthBonus()([FOUR], token_counts=[1, 2]), ValueError, "2 token_counts"),
        (lambda: Given("p")(FOUR), TypeError, "pass p="),
        (lambda: Given("p")(FOUR, p="high"), TypeError, "must be numbers or None"),
        (lambda: Correctness(preset="harsh"), ValueError, "no preset"),
        (lambda: Correctness(marks=("bold",)), ValueError, "marks are"),
        (lambda: Correctness(options="strict"), TypeError, "pyverify.Options"),
        (lambda: Correctness(name="a b"), ValueError, "name is letters"),
        (lambda: Correctness(name=5), TypeError, "name must be a str"),
        (lambda: Given("reward"), ValueError, "may not be called"),
        (lambda: Given("golds"), ValueError, "argument of every call"),
        (lambda: Ensemble((Correctness(),), name=""), ValueError, "name is letters"),
        (lambda: Correctness(judge="m"), TypeError, "judge must be"),
        (lambda: Correctness(marks=(["boxed"],)), ValueError, "marks are"),
        (lambda: REWARD({FOUR}, golds=["4"]), TypeError, "must be a list, not set"),
        (lambda: REWARD([FOUR], golds=["4"], threads=0), ValueError, "threads must be at least 1"),
        (lambda: REWARD([FOUR], golds=[object()]), TypeError, "gold must be"),
        (lambda: Format(prefilled=1), ValueError, "prefilled"),
        (lambda: LanguageConsistency(binary="no"), TypeError, "True or False"),
        (lambda: recipe("rlpr", gated="no"), TypeError, "True or False"),
        (lambda: Repetition(65), ValueError, "at most 64"),
        (lambda: Correctness() * 10**400, ValueError, "finite"),
        (lambda: Minimum(Correctness()), TypeError, "a tuple of rewards"),
        (lambda: Graded(1, 0, 2), ValueError, "must rise"),
        (lambda: Graded(float("nan")), ValueError, "finite"),
        (lambda: Tolerance(), ValueError, "relative=… or absolute=…"),
        (lambda: Tolerance(-1), ValueError, "negative"),
        (lambda: Choice("XYZ"), ValueError, "A to J"),
        (lambda: ExactText("box"), ValueError, "where is"),
        (lambda: Format("bold"), ValueError, "a style is one of"),
        (lambda: Format(prefilled="yes"), ValueError, "prefilled"),
        (lambda: LengthBonus(0), ValueError, "at least 1"),
        (lambda: OverlongPenalty(10, 20), ValueError, "longer than max_length"),
        (lambda: CosineLength(1.5), TypeError, "must be an int"),
        (lambda: Repetition(allowed=1), ValueError, "below 1"),
        (lambda: LanguageConsistency(("xx",)), ValueError, "languages are"),
        (lambda: LanguageConsistency(target="ru"), ValueError, "not among"),
        (lambda: Steps(True), TypeError, "must be an int"),
        (lambda: Sum(()), ValueError, "at least one"),
        (lambda: Sum(((1.0, 2.0),)), TypeError, "a reward was expected"),
        (lambda: Correctness() * float("inf"), ValueError, "finite"),
        (lambda: Clip(Correctness(), 1, 0), ValueError, "must not be above"),
        (lambda: Minimum(()), ValueError, "at least one"),
        (lambda: Ensemble(()), TypeError, "one or more"),
        (lambda: Ensemble((Correctness(),), "loud"), ValueError, "a rule is one of"),
        (lambda: Ensemble((Correctness(),), weights=(1, 2)), ValueError, "1 members but 2"),
        (lambda: Ensemble((Correctness(),), quorum=2), ValueError, "quorum"),
        (lambda: ProcessReward(reduce="max"), ValueError, "reduce is one of"),
        (lambda: recipe("golden"), ValueError, "no recipe"),
        (lambda: recipe("dapo", length=3), TypeError, "it has max_length"),
    ],
)
def test_wrong_use_is_said(call: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, 'type = "…" is one of'),
        ({"type": "correct"}, "not 'correct'"),
        ({"type": "correctness", "presets": "gsm8k"}, "correctness has no 'presets'"),
        ({"type": "correctness", "preset": "hard"}, "no preset 'hard'"),
        ({"type": "correctness", "options": {"unit": "x"}}, "unit"),
        ({"type": "overlong_penalty", "max_length": 5}, "buffer"),
        (
            {"type": "sum", "terms": [{"weight": 1, "rewards": {}}]},
            "a term is a weight and a reward",
        ),
        (
            {"type": "sum", "terms": [{"reward": {"type": "steps", "wanted": 0}}]},
            r"terms\[0\].reward: ",
        ),
        ({"type": "clip", "reward": 3}, "clip"),
        ({"recipe": "dapo", "size": 3}, "has no 'size'"),
        ({"recipe": "golden"}, "no recipe"),
        ([], "a table with a type"),
    ],
)
def test_mistakes_in_files_are_placed(table: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        from_dict(table)  # type: ignore[arg-type]


def test_files(tmp_path: Path) -> None:
    where = tmp_path / "mine.toml"
    where.write_text(to_toml(REWARD), encoding="utf-8")
    assert load_reward(where) == load_reward(str(where)) == REWARD
    where.write_text("type = ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml: this is no TOML"):
        load_reward(where)
    with pytest.raises(ConfigError, match="neither a recipe"):
        load_reward("mine.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_reward(tmp_path / "none.json")
    with pytest.raises(ConfigError, match="no JSON"):
        from_json("{")


def test_options_beside_a_preset_are_changes_to_it() -> None:
    found = from_toml('type = "correctness"\npreset = "gsm8k"\noptions = {units = "required"}\n')
    assert isinstance(found, Correctness)
    assert found.judged_by.last_number
    assert found.judged_by.units == "required"
