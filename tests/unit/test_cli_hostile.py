"""What comes from files, models and graders acts on no terminal, whichever command shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify.cli import main

EVIL = "\x1b]0;owned\x07\x1b[2J\r\u202e"


def rows(path: Path, answer: str, **more: object) -> str:
    found = [
        {"id": f"{EVIL}{i}", "response": f"\\boxed{{{answer}{EVIL}}}", "gold": "1/2x", **more}
        for i in range(3)
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in found), encoding="utf-8")
    return str(path)


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(arguments)
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert all(line.isprintable() for line in text.split("\n")), text
    return text


def test_no_command_lets_a_control_character_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = rows(tmp_path / "a.jsonl", "1", dataset=EVIL)
    b = rows(tmp_path / "b.jsonl", "x/2", dataset=EVIL)
    named = rows(tmp_path / f"c{EVIL}.jsonl", "1")
    missing = str(tmp_path / f"none{EVIL}.jsonl")
    assert "owned" in shown(capsys, "lint-gold", a)
    assert "owned" in shown(capsys, "compare", a, b)
    assert "owned" in shown(capsys, "compare", a, b, "--on", f"no{EVIL}")
    assert "owned" in shown(capsys, "explain", f"{a}:1")
    assert "owned" in shown(capsys, "explain", f"{named}:99")
    for command in (["lint-gold"], ["compare", a], ["monitor"], ["rewards"]):
        assert "owned" in shown(capsys, *command, missing)


def test_a_grader_s_words_are_shown_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = rows(tmp_path / "a.jsonl", "1")
    grader = tmp_path / "mine.py"
    grader.write_text(f"def judge(completion, gold):\n    raise ValueError({EVIL!r})\n")
    text = shown(capsys, "compare", source, "--grader", f"{grader}:judge")
    assert "raised" in text
    broken = tmp_path / "broken.py"
    broken.write_text(f"raise ValueError({EVIL!r})\n")
    assert "does not start" in shown(capsys, "compare", source, "--grader", f"{broken}:judge")
    many = tmp_path / "many.jsonl"
    many.write_text(Path(source).read_text("utf-8") * 5, encoding="utf-8")
    assert "no verdict" in shown(capsys, "compare", str(many), "--grader", f"{grader}:judge")


def test_a_log_s_words_are_shown_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / f"log{EVIL.replace('/', '')}.jsonl"
    steps = ({"step": i, "reward": 0.5, f"rewards/{EVIL}/mean": 0.1 * i, EVIL: 1} for i in range(9))
    log.write_text("".join(json.dumps(one) + "\n" for one in steps), encoding="utf-8")
    assert "owned" in shown(capsys, "monitor", str(log), str(log))
