"""The command ``pyverify compare`` on two files: pairing, tables, rows, exit codes."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify.cli import main


def row(name: object, answer: str, gold: object = "42", **more: object) -> dict[str, object]:
    return {"id": name, "response": f"It is \\boxed{{{answer}}}.", "gold": gold, **more}


def write(path: Path, rows: Sequence[object]) -> str:
    lines = [line if isinstance(line, str) else json.dumps(line) for line in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def verdicts(path: Path, rows: Sequence[object]) -> str:
    """A file of verdicts, as score writes it."""
    source = write(path.with_suffix(".in"), rows)
    assert main(["score", source, "-q", "-o", str(path)]) in (0, 3)
    return str(path)


def compared(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict:
    capsys.readouterr()
    assert main(["compare", *arguments, "-q", "--format", "json"]) == code
    summary = json.loads(capsys.readouterr().out)
    assert summary["schema"] == 1
    (found,) = summary["comparisons"]
    return found


def counts(found: dict) -> tuple[int, int, int, int]:
    one = found["overall"]
    return one["both_right"], one["only_a_right"], one["only_b_right"], one["both_wrong"]


# Of four rows one stays right, one turns wrong, one turns right, one stays wrong.
A = [row("p", "42"), row("q", "42"), row("r", "1"), row("s", "1")]
B = [row("s", "2"), row("r", "42"), row("q", "41"), row("p", "6\\cdot7")]


@pytest.mark.parametrize("kinds", ["vv", "vp", "pv", "pp"])
def test_verdicts_and_predictions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kinds: str
) -> None:
    make = {"v": verdicts, "p": write}
    a = make[kinds[0]](tmp_path / "a.jsonl", A)
    b = make[kinds[1]](tmp_path / "b.jsonl", B)
    out = tmp_path / "changes.jsonl"
    found = compared(capsys, a, b, "-o", str(out))
    assert counts(found) == (1, 1, 1, 1)
    assert found["overall"]["agreement"] == 0.5
    assert found["overall"]["p_value"] == 1.0
    assert found["a"]["grader"].startswith("pyverify/")
    changes = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    # In the order of the second file, whichever way it was judged.
    assert [(one["id"], one["change"]) for one in changes] == [
        ("r", "wrong_to_right"),
        ("q", "right_to_wrong"),
    ]
    worse = changes[1]
    assert worse["a"]["extracted"] == "42"
    assert worse["a"]["verdict"] == "equal"
    assert worse["b"]["extracted"] == "41"
    assert worse["b"]["verdict"] == "not_equal"
    assert worse["b"]["reason"] == "rational"
    assert worse["b"]["explanation"]["answer_form"] == "41"
    assert worse["b"]["gold"] == "42"
    assert (worse["a"]["line"], worse["b"]["line"]) == (2, 3)
    assert all(list(one) == sorted(one) for one in changes)


def test_the_same_bytes_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = verdicts(tmp_path / "a.jsonl", A), write(tmp_path / "b.jsonl", B)
    capsys.readouterr()
    found = []
    for threads in ("1", "2"):
        out = tmp_path / f"{threads}.jsonl"
        main(["compare", a, b, "-q", "-o", str(out), "--threads", threads])
        found.append((capsys.readouterr().out, out.read_bytes()))
    assert found[0] == found[1]


def test_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", [row(i, "42", dataset="x" if i < 5 else "y") for i in range(9)])
    rows = [row(i, "42" if i else "41", dataset="x" if i < 5 else "y") for i in range(9)]
    b = write(tmp_path / "b.jsonl", rows)
    assert main(["compare", a, b]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert "a right        8        1" in lines
    assert [line.split()[:2] for line in lines if line.startswith(("x ", "y ", "overall "))] == [
        ["x", "5"],
        ["y", "4"],
        ["overall", "9"],
    ]
    assert "right to wrong: 1 of 1" in lines
    assert "  0 (x), line 1" in lines
    assert any("equal (rational) → not_equal (rational)" in line for line in lines)
    assert any(line.strip() == "difference: answer 41, gold 42" for line in lines)
    assert "read as" in captured.err


def test_rows_without_a_partner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", [row("p", "42"), row("only-a", "42"), row("q", "42")])
    b = write(tmp_path / "b.jsonl", [row("q", "42"), row("p", "42"), row("only-b", "42")])
    assert main(["compare", a, b]) == 3
    text = capsys.readouterr().out
    assert "a: 1 row without a partner, left out: only-a (line 2)" in text
    assert "b: 1 row without a partner, left out: only-b (line 3)" in text
    found = compared(capsys, a, b, code=3)
    assert (found["a"]["unpaired"], found["b"]["unpaired"]) == (1, 1)
    assert found["overall"]["num_pairs"] == 2


def test_ids_as_numbers_and_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", [row(7, "42"), row(8, "42")])
    b = write(tmp_path / "b.jsonl", [row("8", "42"), row("7", "1")])
    assert counts(compared(capsys, a, b)) == (1, 1, 0, 0)


def test_one_id_in_two_data_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", [row(1, "42", dataset="x"), row(1, "1", dataset="y")])
    b = write(tmp_path / "b.jsonl", [row(1, "1", dataset="y"), row(1, "42", dataset="x")])
    found = compared(capsys, a, b)
    assert counts(found) == (1, 0, 0, 1)
    assert [one["both_right"] for one in found["datasets"].values()] == [1, 0]


@pytest.mark.parametrize("second", [False, True])
def test_a_key_that_occurs_twice_is_refused_with_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], second: bool
) -> None:
    twice = write(tmp_path / "twice.jsonl", [row("p", "42"), row("q", "42"), row("p", "1")])
    once = write(tmp_path / "once.jsonl", [row("p", "42"), row("q", "42")])
    pair = (once, twice) if second else (twice, once)
    out = tmp_path / "changes.jsonl"
    assert main(["compare", *pair, "-o", str(out)]) == 2
    error = capsys.readouterr().err
    assert "twice.jsonl, line 3: a second row of the same dataset, id (id p)" in error
    assert "--on dataset,id,nth" in error
    assert "--on line" in error
    assert not out.exists()
    found = compared(capsys, twice, twice, "--on", "dataset,id,nth")
    assert counts(found) == (2, 0, 0, 1)
    # What shares an id shares a prompt.
    assert found["overall"]["num_prompts"] == 2
    assert counts(compared(capsys, *pair, "--on", "line", code=3)) == (2, 0, 0, 0)


def test_on_a_field_of_the_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(
        tmp_path / "a.jsonl", [row("a1", "42", meta={"key": 1}), row("a2", "1", meta={"key": 2})]
    )
    b = write(
        tmp_path / "b.jsonl", [row("b2", "1", meta={"key": 2}), row("b1", "42", meta={"key": 1})]
    )
    assert main(["compare", a, b]) == 2
    error = capsys.readouterr().err
    assert "no row of" in error
    assert "a1 (line 1)" in error
    assert "b2 (line 1)" in error
    assert counts(compared(capsys, a, b, "--on", "meta.key")) == (1, 0, 0, 1)


def test_a_field_that_no_row_has_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = write(tmp_path / "a.jsonl", [row("p", "42", key=1)])
    b = write(tmp_path / "b.jsonl", [row("p", "42")])
    assert main(["compare", a, b, "-q", "--on", "key,dataset"]) == 2
    error = capsys.readouterr().err
    assert f"no row of {b} has the field key\n" in error
    assert a not in error
    assert "partner" not in error


def test_standard_input_cannot_be_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "-", "-"]) == 2
    assert "standard input ('-') can be read only once" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", [("--deadline", "10"), ("--python", "p"), ("--memory", "0"), ("--workers", "1")]
)
def test_what_is_for_graders_is_refused_for_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    a = write(tmp_path / "a.jsonl", [row("p", "42")])
    assert main(["compare", a, a, *option]) == 2
    assert f"{option[0]} is for the processes of graders" in capsys.readouterr().err


def test_samples_of_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def many(name: str, answers: str) -> dict[str, object]:
        return {"id": name, "responses": [f"\\boxed{{{one}}}" for one in answers], "gold": "1"}

    a = verdicts(tmp_path / "a.jsonl", [many("p", "1111"), many("q", "1122")])
    b = write(tmp_path / "b.jsonl", [many("p", "1112"), many("q", "2211")])
    found = compared(capsys, a, b)
    assert counts(found) == (3, 3, 2, 0)
    assert found["overall"]["num_prompts"] == 2
    # q's changes even out: only one prompt says anything.
    assert found["overall"]["p_value"] == 1.0


def test_golds_from_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    golds = write(tmp_path / "golds.jsonl", [{"key": "x", "gold": "42"}, {"key": "y", "gold": "7"}])
    a = write(
        tmp_path / "a.jsonl",
        [{"key": "x", "response": "\\boxed{42}"}, {"key": "y", "response": "\\boxed{7}"}],
    )
    b = write(
        tmp_path / "b.jsonl",
        [{"key": "y", "response": "\\boxed{8}"}, {"key": "x", "response": "\\boxed{42}"}],
    )
    assert counts(compared(capsys, a, b, "--gold", golds, "--on", "key")) == (1, 1, 0, 0)
    assert main(["compare", a, b, "--gold", golds]) == 2


def test_other_golds_and_missing_ones_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = verdicts(tmp_path / "a.jsonl", [row("p", "42"), row("q", "42"), row("r", "42", None)])
    b = verdicts(tmp_path / "b.jsonl", [row("p", "42"), row("q", "42", "41"), row("r", "42", None)])
    assert main(["compare", a, b]) == 3
    text = capsys.readouterr().out
    assert "1 pairs have other golds on the two sides" in text
    assert "a: 1 row that could not be judged, left out" in text
    assert "          gold 41" in text


def test_a_missing_response_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = {"id": "q", "response": None, "gold": "42"}
    a = verdicts(tmp_path / "a.jsonl", [row("p", "42"), row("q", "42")])
    b = verdicts(tmp_path / "b.jsonl", [row("p", "42"), lost])
    found = compared(capsys, a, b)
    assert counts(found) == (1, 1, 0, 0)
    assert found["changes"] == [
        {"a": "equal (rational)", "b": "missing (missing_response)", "num": 1}
    ]


def test_fail_on_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = verdicts(tmp_path / "good.jsonl", [row(i, "42") for i in range(20)])
    bad = verdicts(tmp_path / "bad.jsonl", [row(i, "42" if i > 5 else "1") for i in range(20)])
    assert main(["compare", good, bad, "-q", "--fail-on", "worse"]) == 1
    error = capsys.readouterr().err
    assert "bad.jsonl is worse than" in error
    assert "by 0.3000 (p 0.031, below 0.05)" in error
    assert main(["compare", good, bad, "-q"]) == 0
    assert main(["compare", bad, good, "-q", "--fail-on", "worse"]) == 0
    assert main(["compare", good, bad, "-q", "--fail-on", "worse", "--alpha", "0.03"]) == 0
    few = verdicts(tmp_path / "few.jsonl", [row(i, "42" if i > 4 else "1") for i in range(20)])
    assert main(["compare", good, few, "-q", "--fail-on", "worse"]) == 0


def test_markdown_holds_hostile_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "`x` | <script>alert(1)</script>\n# y\x1b[31m"
    a = write(tmp_path / "a.jsonl", [row(name, "42", dataset=name), row("q", "42", dataset="y")])
    b = write(
        tmp_path / "b.jsonl", [row(name, "</code><b>", dataset=name), row("q", "42", dataset="y")]
    )
    assert main(["compare", a, b, "-q", "--format", "md"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "\x1b" not in "".join(lines)
    assert not any(line.startswith("# y") for line in lines)
    (cells,) = [line for line in lines if line.startswith("| ``")]
    assert cells.count("|") == 13
    # Everything else that the file says stands indented, where nothing is markup.
    hostile = [line for line in lines if "<script>" in line and not line.startswith("| ``")]
    assert hostile
    assert all(line.startswith("    ") for line in hostile)


def test_text_holds_hostile_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b]0;owned\x07\u202e" + "x" * 5000
    a = write(tmp_path / "a.jsonl", [row(evil, "42", dataset=evil)])
    b = write(tmp_path / "b.jsonl", [row(evil, f"41{evil}", dataset=evil)])
    assert main(["compare", a, b, "-q"]) == 0
    text = capsys.readouterr().out
    assert not set("\x1b\x07\u202e") & set(text)
    assert max(map(len, text.splitlines())) < 400


def test_broken_rows_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = Path(verdicts(tmp_path / "a.jsonl", A))
    text = a.read_text(encoding="utf-8")
    endless = text.splitlines()[0].replace('"score": 1.0', '"score": 1e999')
    a.write_text(f'{text}{{"id": "p", "verdict": 3}}\n{endless}\nnothing\n', encoding="utf-8")
    assert main(["compare", str(a), write(tmp_path / "b.jsonl", B), "-q"]) == 3
    captured = capsys.readouterr()
    assert "line 5: no verdict row" in captured.err
    assert "line 6: no verdict row" in captured.err
    assert "3 broken lines" in captured.err
    assert "right to wrong: 1 of 1" in captured.out


def test_standard_input_and_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    b = write(tmp_path / "b.jsonl", B)
    data = Path(verdicts(tmp_path / "a.jsonl", A)).read_bytes()
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["compare", "-", b, "-q", "--format", "json"]) == 0
    assert counts(json.loads(capsys.readouterr().out)["comparisons"][0]) == (1, 1, 1, 1)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(b).read_bytes())))
    assert main(["compare", "-", b, "-q"]) == 2
    assert "can be read only once, so it must hold verdicts" in capsys.readouterr().err


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", A)
    assert main(["compare", a]) == 2
    assert "one file needs --grader" in capsys.readouterr().err
    assert main(["compare", a, str(tmp_path / "none.jsonl")]) == 2
    assert main(["compare", a, a, "-o", a]) == 2
    assert "is also an input" in capsys.readouterr().err
    assert main(["compare", a, a, "--on", "nth"]) == 2
    assert main(["compare", a, a, "--alpha", "2"]) == 2
