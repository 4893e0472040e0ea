"""Presets: data that says what a data set means."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

import pyverify
from pyverify import PRESETS, Options, preset
from pyverify.cli import main


def test_presets_are_data() -> None:
    assert list(PRESETS)[:3] == ["default", "strict", "lenient"]
    assert preset("default") == Options()
    for name, one in PRESETS.items():
        assert preset(name) is one.options
        assert one.about.endswith(".")
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.about = ""  # type: ignore[misc]
    with pytest.raises(TypeError):
        PRESETS["mine"] = PRESETS["default"]  # type: ignore[index]
    with pytest.raises(ValueError, match="gsm8k"):
        preset("gsm8")


@pytest.mark.parametrize(
    ("name", "completion", "gold", "right"),
    [
        ("strict", r"\boxed{2\cdot3}", "6", False),
        ("strict", r"\boxed{60}", r"60\%", False),
        ("strict", r"\boxed{6.0}", "6", True),
        ("lenient", "First we count them.\nThat makes 6 cm in all, I guess.", "6 kg", True),
        ("lenient", r"\boxed{0.333}", r"\frac13", False),
        ("gsm8k", "He has 3 cats.\nThen he gets 4 more, so he has 7 cats.", "7", True),
        ("math", r"\boxed{\text{(C)}}", r"\text{(C)}", True),
        ("minerva_math", r"\boxed{4.53\times 10^{33}}", "4.49e33", True),
        ("minerva_math", r"\boxed{4.6\times 10^{33}}", "4.49e33", False),
        ("amc", r"\boxed{142}", "142.0", True),
        ("aime", r"\boxed{073}", "73", True),
        ("aime", r"\boxed{73}", "073", True),
        ("aime", r"\boxed{7\cdot 10+3}", "73", False),
        ("choice", "Only one of them fits.\nIt is not the first.\nB", "B", True),
        ("choice", "Only one of them fits.\nIt is not the first.\nB", "C", False),
    ],
)
def test_what_presets_mean(name: str, completion: str, gold: str, right: bool) -> None:
    assert bool(pyverify.verify(completion, gold=gold, options=preset(name))) is right


def test_rows_of_olympiadbench() -> None:
    olympiad = PRESETS["olympiadbench"]
    assert olympiad.row_options({}) == olympiad.options
    assert olympiad.row_options({"error": None, "answer_type": None}) == olympiad.options
    for text in ("", "about 1", "nan", "-1", "inf", "0.1,"):
        assert olympiad.row_options({"error": text}).absolute_tolerance == 0.0
    assert olympiad.row_options({"error": "0.5,1e-2"}).absolute_tolerance == 0.01
    assert olympiad.row_options({"answer_type": "Interval"}).pairs == "interval"
    assert olympiad.row_options({"answer_type": "Tuple"}).pairs == "tuple"
    assert PRESETS["math"].row_options({"error": "1", "answer_type": "Tuple"}) == Options()


def score(
    capsys: pytest.CaptureFixture[str], path: Path, rows: list[object], *arguments: str
) -> dict[str, object]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["score", str(path), "-q", "--format", "json", *arguments]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_scoring_by_a_preset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[object] = [
        # within the row's own error, and not
        {"response": r"\boxed{3.2}", "final_answer": ["3.3"], "error": "0.1", "answer": "1"},
        {"response": r"\boxed{3.1}", "final_answer": ["3.3"], "error": "0.1", "answer": "1"},
        # a point is no interval
        {"response": r"\boxed{1<x<2}", "final_answer": ["(1,2)"], "answer_type": "Tuple"},
        {"response": r"\boxed{1<x<2}", "final_answer": ["(1,2)"], "answer_type": "Interval"},
        # all golds of a list are wanted
        {"response": r"\boxed{1}", "final_answer": ["1", "2"]},
        {"response": r"\boxed{2, 1}", "final_answer": ["1", "2"]},
    ]
    found = score(capsys, tmp_path / "in.jsonl", rows, "--preset", "olympiadbench")
    assert found["acc"] == 0.5
    assert str(found["grader"]).endswith("+olympiadbench")


def test_a_list_of_alternatives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    any_of = dataclasses.replace(PRESETS["default"], gold_list="any")
    monkeypatch.setattr("pyverify.cli.settings.PRESETS", {"default": any_of})
    rows: list[object] = [{"response": r"\boxed{2}", "gold": ["1", "2"]}]
    assert score(capsys, tmp_path / "in.jsonl", rows)["acc"] == 1.0


def test_the_callers_gold_field_wins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[object] = [{"response": r"\boxed{2}", "answer": "1", "checked": "2"}]
    path = tmp_path / "in.jsonl"
    assert score(capsys, path, rows, "--preset", "math")["acc"] == 0.0
    assert score(capsys, path, rows, "--preset", "math", "--map", "gold=checked")["acc"] == 1.0


def test_options_of_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[object] = [{"response": r"\boxed{6 kg}", "gold": "6 cm"}]
    path = tmp_path / "in.jsonl"
    assert score(capsys, path, rows)["acc"] == 0.0
    found = score(
        capsys,
        path,
        rows,
        *("--preset", "gsm8k", "--option", "units=ignored", "--option", "last-number=false"),
        *("--option", "limits.work=1000"),
    )
    assert found["acc"] == 1.0
    marks = str(found["grader"]).split("+")[1:]
    assert marks == ["gsm8k", "last_number=false", "units=ignored", "limits.work=1000"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("unit=ignored", "no option 'unit'"),
        ("units", "units needs a value: units=policy|required|ignored"),
        ("units=never", "units=policy|required|ignored, not 'never'"),
        ("choices=maybe", "choices=true|false, not 'maybe'"),
        ("relative_tolerance=x", "relative_tolerance=NUMBER, not 'x'"),
        ("relative_tolerance=-1", "must be finite and not negative"),
        ("seed=1.5", "seed=WHOLE_NUMBER, not '1.5'"),
        ("limits.depth=0", "Limits.depth must be between 1 and"),
        ("limits=1", "no option 'limits'"),
    ],
)
def test_wrong_options_are_explained(
    setting: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["score", "-"], ["explain", "1", "--gold", "1"]):
        assert main([*command, "--option", setting]) == 2
        assert message in capsys.readouterr().err


def test_wrong_presets_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "-", "--preset", "gsm8"]) == 2
    assert "gsm8k" in capsys.readouterr().err


def test_explaining_by_a_preset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "He has 3 cats.\nThen he gets 4 more, so he has 7 cats."
    arguments = ["explain", text, "--gold", "7", "--json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "no_answer"
    assert main([*arguments, "--preset", "gsm8k"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "equal"
    assert found["grader"].endswith("+gsm8k")
    path = tmp_path / "in.jsonl"
    row = {"response": r"\boxed{3.2}", "final_answer": ["3.3"], "error": "0.1"}
    path.write_text(json.dumps(row) + "\n")
    assert main(["explain", f"{path}:1", "--json", "--preset", "olympiadbench"]) == 0
    assert json.loads(capsys.readouterr().out)["reason"] == "tolerance"
