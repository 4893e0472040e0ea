"""The command ``pyverify explain``."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from pyverify.cli import main


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = "First \\boxed{3}. No, the final answer is 0.5"
    assert main(["explain", text, "--gold", "\\frac12"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("verdict     equal (rational)")
    assert "boxed at 13-14: 3\n" in out
    assert "0.5  <- chosen" in out
    assert "work" in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "\\boxed{7}", "--gold", "8", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "not_equal"
    assert found["answer"] == "7"
    assert found["candidates"] == [{"kind": "boxed", "span": [7, 8], "text": "7"}]
    assert found["difference"]


def test_bare_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--answer", "x=3 or x=-3", "--gold", "\\pm 3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "equal"


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"so \\boxed{5}")))
    assert main(["explain", "-", "--gold", "5"]) == 0
    assert "equal" in capsys.readouterr().out


def test_a_line_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.jsonl"
    rows = [
        {"response": "\\boxed{1}", "gold": "1"},
        {"response": ["\\boxed{1}", "\\boxed{2}"], "gold": "2"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "nope\n")
    assert main(["explain", f"{path}:2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "not_equal"
    assert main(["explain", f"{path}:2", "--json", "--sample", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "equal"
    assert main(["explain", f"{path}:2", "--json", "--gold", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "equal"
    assert main(["explain", f"{path}:2", "--sample", "2"]) == 2
    assert main(["explain", f"{path}:3"]) == 2
    assert main(["explain", f"{path}:9"]) == 2


def test_no_control_characters_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "\\boxed{\x1b[31mred\x07}", "--gold", "5\x1b"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "I think.\nTherefore I am.\n", "--gold", "5"]) == 0
    assert "no_answer" in capsys.readouterr().out


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "\\boxed{5}"]) == 2
    assert "--gold is needed" in capsys.readouterr().err


def test_a_sample_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"response": "1", "gold": "1"}\n')
    assert main(["explain", f"{source}:1", "--sample", "1"]) == 2
    assert "line 1 holds 1 response; --sample is from 0" in capsys.readouterr().err
