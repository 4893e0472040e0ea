"""The command ``pyverify lint-gold``, and the linter behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyverify import Options
from pyverify.cli import main
from pyverify.evaluate.lint import Status, lint_gold

OK = [
    "42",
    r"\frac12",
    "1,234",
    r"2^{10}",
    "x=3",
    "5 cm",
    r"5\text{ m/s}",
    r"\sin 2x",
    r"\sin x \cos y",
    r"\ln(x)y",
    "(3,1)",
    "(x,y)",
    "(-\\infty, 3)",
    "3.14",
    r"\{1,2\}",
    "dy/dx",
    "C. 12",
    "②③",
    r"\text{(D)}",
    r"2\mathbf{i}+3\mathbf{j}",
    r"x/2+1",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
]
FOUND = [
    ("", Status.EMPTY),
    ("   ", Status.EMPTY),
    ("$ $", Status.EMPTY),
    ("1" * 70_000, Status.LIMIT),
    ("(" * 2000 + "1" + ")" * 2000, Status.LIMIT),
    ("12 +", Status.UNPARSEABLE),
    (r"\frac{1}{2", Status.NOT_ITSELF),
    (r"a^2 + \heartsuit^", Status.UNPARSEABLE),
    ("1/0", Status.UNDEFINED),
    (r"\frac{x}{0}", Status.UNDEFINED),
    (r"\int_0^1 x\,dx", Status.OPERATOR),
    (r"\sum_{k=1}^{n} k", Status.OPERATOR),
    ("1/2x", Status.AMBIGUOUS),
    ("a/bc", Status.AMBIGUOUS),
    (r"1/2\pi", Status.AMBIGUOUS),
    (r"\sin x y", Status.AMBIGUOUS),
    (r"\sin x(y+1)", Status.AMBIGUOUS),
    ("3,14", Status.AMBIGUOUS),
    ("1,234, 5", Status.AMBIGUOUS),
    ("(1,234)", Status.AMBIGUOUS),
    ("(1,2)", Status.AMBIGUOUS),
    ("[1,2]", Status.AMBIGUOUS),
    ("B", Status.AMBIGUOUS),
    ("5 m", Status.AMBIGUOUS),
    ("3:45", Status.AMBIGUOUS),
    (r"\frac{2^10}{3}", Status.AMBIGUOUS),
    ("0.3...", Status.AMBIGUOUS),
    ("1, 2, 3", Status.PARTS),
    ("x=1 or x=2", Status.PARTS),
    ("no solution in integers", Status.TEXT),
]


@pytest.mark.parametrize("gold", OK)
def test_nothing_to_say(gold: str) -> None:
    found = lint_gold(gold)
    assert (found.status, found.findings) == (Status.OK, [])


@pytest.mark.parametrize(("gold", "status"), FOUND)
def test_found(gold: str, status: Status) -> None:
    assert lint_gold(gold).status is status


def test_readings_are_named() -> None:
    finding = lint_gold("1/2x").findings[0]
    assert finding.readings == ("(1/2)x", "1/(2x)")
    assert "1/(2x)" in finding.message


def test_forms_of_golds() -> None:
    assert lint_gold(None).status is Status.EMPTY
    assert lint_gold({"any_of": []}).status is Status.EMPTY
    assert lint_gold(["1", "2"]).status is Status.PARTS
    assert lint_gold({"any_of": ["7", "12 +"]}).status is Status.UNPARSEABLE
    assert lint_gold("B", options=Options(choices=False)).status is Status.OK
    assert lint_gold("B", choices=True).status is Status.OK


def write(path: Path, golds: list[object]) -> str:
    rows = [{"problem": f"p{i}", "answer": gold, "id": f"q{i}"} for i, gold in enumerate(golds)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_table_and_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = write(tmp_path / "in.jsonl", ["42", "12 +", "(1,2)", None, "triangle"])
    out = tmp_path / "out.jsonl"
    assert main(["lint-gold", name, "-o", str(out)]) == 1
    text = capsys.readouterr().out
    assert "unparseable         1   20.0%  error" in text
    assert "line 3 (q2): (1,2)" in text
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["status"] for row in rows] == ["ok", "unparseable", "ambiguous", "empty", "text"]
    assert rows[1]["findings"][0]["advice"]
    assert rows[2]["findings"][0]["readings"]
    assert [row["id"] for row in rows] == ["q0", "q1", "q2", "q3", "q4"]


@pytest.mark.parametrize(
    ("golds", "arguments", "code"),
    [
        (["1", "2"], [], 0),
        (["1", "(1,2)"], [], 0),
        (["1", "(1,2)"], ["--fail-on", "warning"], 1),
        (["1", "1/0"], [], 1),
        (["1", "1/0"], ["--fail-on", "never"], 0),
        (["1", "triangle"], ["--fail-on", "warning"], 0),
    ],
)
def test_exit_codes(golds: list[object], arguments: list[str], code: int, tmp_path: Path) -> None:
    name = write(tmp_path / "in.jsonl", golds)
    assert main(["lint-gold", name, "-q", *arguments]) == code


def test_broken_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = write(tmp_path / "in.jsonl", ["1"])
    with open(name, "a", encoding="utf-8") as file:
        file.write("nope\n")
    assert main(["lint-gold", name]) == 3
    assert "line 2: not JSON" in capsys.readouterr().err


def test_unusable_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint-gold", str(tmp_path / "none.jsonl")]) == 2
    (tmp_path / "empty.jsonl").write_text("")
    assert main(["lint-gold", str(tmp_path / "empty.jsonl")]) == 2
    (tmp_path / "other.jsonl").write_text('{"a": 1}\n')
    assert main(["lint-gold", str(tmp_path / "other.jsonl")]) == 2
    assert "Name it: --map gold=FIELD" in capsys.readouterr().err


def test_a_file_of_choices_is_no_ambiguity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path / "in.jsonl", ["A", "C", "(B)", "42"])
    assert main(["lint-gold", name, "--fail-on", "warning", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["statuses"]["ok"] == 4


def test_no_control_characters_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path / "in.jsonl", ["\x1b[31m12 +\x07"])
    main(["lint-gold", name])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint-gold", "--help"]) == 0
    out = capsys.readouterr().out
    assert "examples:" in out
    assert "exit codes:" in out
