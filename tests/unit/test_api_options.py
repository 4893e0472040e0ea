"""Options and limits: defaults, validation, effect."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

import pyverify
from pyverify import BadGoldError, Limits, Options, Reason, Verdict, Verifier, _core
from pyverify.options import SETTINGS


def test_defaults_are_the_engines() -> None:
    ours = dataclasses.asdict(Options())
    del ours["on_bad_gold"]  # Python's own
    assert ours == _core.default_options()


@pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(Limits)])
def test_limits_are_validated(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 1 << 40})
    for wrong in (1.0, True, "1", None):
        with pytest.raises(TypeError, match=name):
            Limits(**{name: wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("last_number", 1, TypeError),
        ("require_evaluated", None, TypeError),
        ("reasoning", "on", ValueError),
        ("reasoning", True, ValueError),
        ("boxes", "first", ValueError),
        ("units", None, ValueError),
        ("pairs", "Tuple", ValueError),
        ("last_line", 0, TypeError),
        ("round_decimals", 1, TypeError),
        ("base_form", "yes", TypeError),
        ("refuse_doubt", None, TypeError),
        ("on_bad_gold", "ignore", ValueError),
        ("relative_tolerance", "0.1", TypeError),
        ("relative_tolerance", True, TypeError),
        ("relative_tolerance", -0.1, ValueError),
        ("relative_tolerance", float("nan"), ValueError),
        ("absolute_tolerance", float("inf"), ValueError),
        ("seed", -1, ValueError),
        ("seed", 1 << 64, ValueError),
        ("seed", 1.5, TypeError),
        ("limits", {"work": 1}, TypeError),
    ],
)
def test_options_are_validated(name: str, value: object, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        Options(**{name: value})  # type: ignore[arg-type]


def test_unknown_options_are_refused() -> None:
    with pytest.raises(TypeError, match="tolerance"):
        Options(tolerance=0.1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Options(True)  # type: ignore[call-arg]


def test_options_are_values() -> None:
    options = Options(last_number=True, limits=Limits(work=1000))
    assert options == Options(last_number=True, limits=Limits(work=1000))
    assert hash(options) == hash(Options(last_number=True, limits=Limits(work=1000)))
    assert options != Options()
    for same in (pickle.loads(pickle.dumps(options)), copy.deepcopy(options), copy.copy(options)):
        assert same == options
        assert hash(same) == hash(options)
    assert "_hash" not in pickle.dumps(options).decode("latin-1")
    changed = dataclasses.replace(options, last_number=False)
    assert hash(changed) != hash(options)
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.seed = 3  # type: ignore[misc]


def test_last_number() -> None:
    prose = "There were some.\nHe then had 3 apples and 7 pears left over in the end."
    assert not pyverify.verify(prose, gold="7")
    assert pyverify.verify(prose, gold="7", options=Options(last_number=True))


def test_prefilled_reasoning() -> None:
    unfinished = r"Let me see, \boxed{4} perhaps"
    assert pyverify.verify(unfinished, gold="4")
    prefilled = Options(reasoning="prefilled")
    result = pyverify.verify(unfinished, gold="4", options=prefilled)
    assert result.verdict is Verdict.NO_ANSWER
    assert result.reason is Reason.IN_REASONING
    assert pyverify.verify(r"Hm.</think>\boxed{4}", gold="4", options=prefilled)


def test_ordered_lists() -> None:
    assert pyverify.equivalent("2, 1", gold="1, 2")
    assert not pyverify.equivalent("2, 1", gold="1, 2", options=Options(ordered_lists=True))


def test_percent_either_way() -> None:
    assert pyverify.equivalent("50", gold=r"50\%")
    strict = Options(percent_either_way=False)
    assert not pyverify.equivalent("50", gold=r"50\%", options=strict)


def test_every_setting_is_the_engines() -> None:
    for name, settings in SETTINGS.items():
        assert getattr(Options(), name) == settings[0]
        for setting in settings:
            options = Options(**{name: setting})  # type: ignore[arg-type]
            assert pyverify.verify(r"</think>\boxed{1}", gold="1", options=options)


def test_what_options_say_of_extraction() -> None:
    text = r"\boxed{1} comes first.\n\nThen \boxed{2} or \boxed{3}."
    parts = {
        boxes: pyverify.extract(text, options=Options(boxes=boxes)).parts
        for boxes in ("joined", "last", "all")
    }
    assert parts == {"joined": ("2", "3"), "last": (), "all": ("1", "2", "3")}
    lone = "We look at them one by one.\nOnly one is left.\n(B)"
    assert not pyverify.extract(lone)
    assert pyverify.extract(lone, options=Options(last_line=True)).answer == "(B)"


def test_all_boxes_nested_empty_and_unfinished() -> None:
    options = Options(boxes="all")
    text = r"\boxed{\boxed{1}} \boxed{} \boxed{?} \fbox{2} \boxed{ \boxed{3}"
    assert pyverify.extract(text, options=options).reason is Reason.UNCLOSED
    assert pyverify.extract(text[:-10] + "}", options=options).parts == ("1", "2")
    many = "".join(rf"\boxed{{{i}}} " for i in range(200))
    assert len(pyverify.extract(many, options=options).parts) == Limits().boxes


def test_units() -> None:
    def right(answer: str, gold: str) -> dict[str, bool]:
        return {
            units: bool(pyverify.equivalent(answer, gold=gold, options=Options(units=units)))
            for units in ("policy", "required", "ignored")
        }

    assert right("6", r"6\text{ cm}") == {"policy": True, "required": False, "ignored": True}
    assert right("6 kg", r"6\text{ cm}") == {"policy": False, "required": False, "ignored": True}
    assert right("60 mm", r"6\text{ cm}") == {"policy": True, "required": True, "ignored": False}
    assert right(r"\frac{\pi}{6}", r"30^\circ") == dict.fromkeys(
        ("policy", "required", "ignored"), True
    )


def test_money_stays_exact_without_its_sign() -> None:
    options = Options(units="ignored")
    assert pyverify.equivalent("7.25 euros", gold=r"\$7.25", options=options)
    assert not pyverify.equivalent("7.254", gold=r"\$7.25", options=options)


def test_tolerances_spare_no_integer() -> None:
    options = Options(relative_tolerance=0.01)
    assert pyverify.equivalent("101", gold="100", options=options).reason is Reason.TOLERANCE
    assert not pyverify.equivalent("102", gold="100", options=options)
    assert not pyverify.equivalent("B", gold="100", options=options)


def test_tolerances() -> None:
    assert not pyverify.equivalent("3.14", gold=r"\pi")
    assert pyverify.equivalent("3.14", gold=r"\pi", options=Options(relative_tolerance=0.01))
    assert pyverify.equivalent("3.14", gold=r"\pi", options=Options(absolute_tolerance=0.01))
    assert not pyverify.equivalent("3.2", gold=r"\pi", options=Options(relative_tolerance=0.01))


def test_limits_have_effect() -> None:
    options = Options(limits=Limits(answer_bytes=8))
    result = pyverify.equivalent("1234567890", gold="1234567890", options=options)
    assert result.verdict is Verdict.LIMIT
    assert result.reason is Reason.LIMIT_BYTES


def test_bad_golds_give_zero_or_raise() -> None:
    for options in (Options(), Options(on_bad_gold="abstain")):
        result = pyverify.verify(r"\boxed{1}", gold="", options=options)
        assert result.verdict is Verdict.BAD_GOLD
        assert result.score == 0.0
    options = Options(on_bad_gold="raise")
    with pytest.raises(BadGoldError, match="gold") as caught:
        Verifier(gold="", options=options)
    assert caught.value.reason is Reason.EMPTY
    restored = pickle.loads(pickle.dumps(caught.value))
    assert str(restored) == str(caught.value)
    assert restored.reason is Reason.EMPTY
    with pytest.raises(BadGoldError):
        pyverify.verify(r"\boxed{1}", gold="", options=options)
    with pytest.raises(BadGoldError, match=r"golds\[1\]"):
        pyverify.verify_batch([r"\boxed{1}"] * 2, golds=["1", ""], options=options)


def test_golds_are_remembered_per_options() -> None:
    assert pyverify.equivalent("2, 1", gold="1, 2")
    assert not pyverify.equivalent("2, 1", gold="1, 2", options=Options(ordered_lists=True))
    assert pyverify.equivalent("2, 1", gold="1, 2", options=Options())
