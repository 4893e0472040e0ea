"""The page as a file: what is in it, how large it gets, and what never leaves its text."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from pages import (
    FIGURES,
    PAYLOADS,
    collect,
    elements,
    embedded,
    hostile_rows,
    write,
    write_rows,
)

from pyverify import Options, verify
from pyverify.evaluate import Judged
from pyverify.evaluate.page import Commands, PageCollector, check_page, write_page
from pyverify.io import Fields, Json, Row, SourceError

LIMIT = 10_000_000


def rows(count: int, response: str = "so \\boxed{2}", gold: str = "3") -> list[dict[str, Any]]:
    return [
        {"id": f"r{i}", "problem": f"{i} + 1?", "response": response, "gold": gold}
        for i in range(count)
    ]


def test_a_page_holds_rows_and_figures(tmp_path: Path, repository: Path) -> None:
    page = write(tmp_path / "r.html", repository / "examples" / "preds.jsonl", extra=FIGURES)
    found = embedded(page)
    assert len(found) == 79
    wrong = next(row for row in found if row["id"] == "c01-2")
    assert wrong["status"] == "wrong"
    assert wrong["problem"].startswith("Simplify")
    assert {"mark": "5.196"} in wrong["response"]
    assert wrong["goldMaths"] == ["math", ["mn", "3"], ["mo", "\u2062"], ["msqrt", ["mn", "3"]]]
    assert wrong["difference"] == "answer 5.196, gold 3*sqrt(3)"
    assert wrong["command"].startswith("pyverify explain ")
    assert wrong["command"].endswith("preds.jsonl:18")
    assert [row["status"] for row in found] == sorted(
        (row["status"] for row in found), key=["wrong", "no_answer", "right"].index
    )
    for text in (
        "52.0 %",
        "± 2.0",
        "pass@4",
        "75.0 %",
        "61.0 %",
        "By subject",
        "Algebra",
        "≤50",
        "95 % interval from 48.0 to 56.0 %",
        "102.0 %",
    ):
        assert text in page


def test_the_commands_of_a_page_give_its_verdicts(tmp_path: Path, repository: Path) -> None:
    import shlex
    import subprocess

    page = write(tmp_path / "r.html", repository / "examples" / "preds.jsonl")
    row = embedded(page)[0]
    command = shlex.split(row["command"])
    assert command[0] == "pyverify"
    told = subprocess.run(
        [sys.executable, "-m", "pyverify.cli", *command[1:], "--json"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found = json.loads(told.stdout)
    assert (found["verdict"], found["reason"]) == ("not_equal", row["reason"])
    assert found["answer"] == row["answer"]


def test_a_command_carries_what_the_run_was_given(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "two words.jsonl",
        [{"id": 1, "responses": ["\\boxed{1}", "\\boxed{2}"], "gold": "3"}],
    )
    summary, collector = collect(path)
    target = tmp_path / "r.html"
    commands = Commands(flags=("--preset", "math"), gold_apart=True)
    write_page(str(target), summary, collector, commands=commands)
    found = [row["command"] for row in embedded(target.read_text("utf-8"))]
    assert found == [
        f"pyverify explain '{path}:1' --preset math --gold 3",
        f"pyverify explain '{path}:1' --sample 1 --preset math --gold 3",
    ]


def test_a_command_takes_a_name_or_a_gold_for_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is an option because it begins with a minus."""
    import shlex

    from pyverify.cli.entry import build_parser

    monkeypatch.chdir(tmp_path)
    write_rows(Path("-q.jsonl"), [{"id": 1, "response": "\\boxed{1}", "gold": "-x"}])
    summary, collector = collect(Path("-q.jsonl"))
    write_page("r.html", summary, collector, commands=Commands(gold_apart=True))
    (row,) = embedded(Path("r.html").read_text("utf-8"))
    told = build_parser().parse_args(shlex.split(row["command"])[1:])
    assert (told.response, told.gold) == ("./-q.jsonl:1", "-x")
    assert Path(told.response.removesuffix(":1")).is_file()


def test_standard_input_cannot_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    from types import SimpleNamespace

    from pyverify.evaluate import RunSettings, score_files

    text = b'{"id": 1, "response": "\\\\boxed{1}", "gold": "2"}\n'
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    collector, target = PageCollector(), tmp_path / "r.html"
    report = score_files(RunSettings(inputs=("-",)), observers=[collector])
    write_page(str(target), report.as_json(), collector, commands=Commands())
    page = target.read_text("utf-8")
    (row,) = embedded(page)
    assert "command" not in row
    assert "<h1><bdi>standard input</bdi></h1>" in page


def test_the_headline_is_of_the_rows_that_are_scored(tmp_path: Path) -> None:
    found = [{**row, "gold": "2" if i < 3 else None} for i, row in enumerate(rows(5))]
    page = write(tmp_path / "r.html", write_rows(tmp_path / "a.jsonl", found))
    assert "100.0 %" in page
    assert "3 of 3 right; 2 without a gold are not scored" in page
    assert "5 responses (3 scored), judged by" in page
    assert "clustered by prompt" not in page


@pytest.mark.parametrize(
    "response",
    [
        "x" * 1_000_000 + "\\boxed{2}",
        "<&>" * 333_333 + "\\boxed{2}",
        "\U0001d465" * 1_000_000 + "\\boxed{2}",
        "\\boxed{2}" + "\u202e\u0000" * 500_000,
        "\\boxed{" + "<" * 1_000_000 + "}",
        "\\boxed{" + "\\frac{1}{x}+" * 80_000 + "1}",
    ],
    ids=["letters", "markup", "four bytes", "unseen", "long answer", "long maths"],
)
def test_a_page_stays_below_ten_million_bytes(tmp_path: Path, response: str) -> None:
    record: dict[str, Json] = {"problem": response}
    row = Row(1, None, response[:9000], None, response, response, "3", None, record=record)
    result = verify(response, gold="3")
    collector, fields = PageCollector(), Fields(problem="problem")
    for _ in range(20):
        collector.see(
            Judged(
                "r.jsonl", [row] * 100, ["3"] * 100, [Options()] * 100, [result] * 100, [], fields
            )
        )
    target = tmp_path / "r.html"
    write_page(str(target), FIGURES, collector)
    page = target.read_bytes()
    assert len(page) <= LIMIT
    found = embedded(page.decode("utf-8"))
    assert len(found) == 2000
    assert {row["length"] for row in found} == {len(response)}
    assert any("gap" in piece for piece in found[0]["response"] if isinstance(piece, dict))


def test_many_data_sets_and_values_stay_below_it_too(tmp_path: Path) -> None:
    lines = [
        {"response": "\\boxed{1}", "gold": "1", "dataset": f"{i}" + "<" * 5000} for i in range(2000)
    ]
    many = {f"{i}" + "&" * 5000: {"num_scores": 1, "acc": 1.0} for i in range(2000)}
    source = write_rows(tmp_path / "d.jsonl", lines)
    page = write(tmp_path / "r.html", source, extra={"by": {"f": many}})
    assert len(page.encode()) < LIMIT
    assert "more are not shown" in page


def test_failures_come_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    lines = rows(3000) + rows(900, response="") + rows(5000, gold="2")
    page = write(tmp_path / "r.html", write_rows(tmp_path / "d.jsonl", lines))
    found = [row["status"] for row in embedded(page)]
    assert found == ["wrong"] * 1700 + ["no_answer"] * 200 + ["right"] * 100
    assert "2,000 of 8,900 are in this file" in page
    indices = [int(row["id"][1:]) for row in embedded(page)[:1700]]
    assert indices == sorted(indices)
    # They come from everywhere, not from the beginning alone.
    assert sum(i >= 1500 for i in indices) > 800


def test_right_answers_take_a_tenth_at_most(tmp_path: Path) -> None:
    page = write(tmp_path / "r.html", write_rows(tmp_path / "d.jsonl", rows(3000, gold="2")))
    assert len(embedded(page)) == 200


def test_the_same_run_gives_the_same_bytes(tmp_path: Path, repository: Path) -> None:
    source = repository / "examples" / "preds.jsonl"
    assert write(tmp_path / "a.html", source) == write(tmp_path / "b.html", source)


def test_hostile_text_makes_no_element(tmp_path: Path) -> None:
    tame = write_rows(tmp_path / "d.jsonl", [{**row, "dataset": "d"} for row in rows(3)])
    quiet = write(
        tmp_path / "q.html", tame, write_rows(tmp_path / "e.jsonl", rows(3)), extra=FIGURES
    )
    source = write_rows(tmp_path / "<img src=x onerror=canary()>.jsonl", hostile_rows())
    summary, collector = collect(source, source)
    summary["by"] = {payload: {payload: {"acc": 0.5}} for payload in PAYLOADS}
    summary["grader"] = PAYLOADS[1]
    write_page(str(tmp_path / "h.html"), summary, collector, title=PAYLOADS[0])
    page = (tmp_path / "h.html").read_text(encoding="utf-8")
    names = {name for name, _ in elements(quiet)}
    for name, attributes in elements(page):
        assert name in names, name
        assert not any(key.startswith("on") for key in attributes)
        assert not any(key in ("src", "srcdoc", "style", "action") for key in attributes)
        assert attributes.get("href") in (None, "#responses")
    scripts = [attributes for name, attributes in elements(page) if name == "script"]
    assert scripts == [
        {"type": "application/json", "id": "names"},
        {"type": "application/json", "id": "rows"},
        {},
    ]
    texts = {row["id"] for row in embedded(page)}
    assert "<script>canary()</script>" in texts
    assert "⟨RLO⟩)(yranac⟨PDF⟩␀<scr␀ipt>canary()</script>" in texts


def test_unseen_characters_are_seen(tmp_path: Path) -> None:
    raw = "a\u0000b\u202ec\u2066d\u200be\ud800f\ufeff" + "g"
    path = write_rows(tmp_path / "d.jsonl", [{"id": raw, "response": raw + ".", "gold": "1"}])
    page = write(tmp_path / "r.html", path)
    seen = "a␀b⟨RLO⟩c⟨LRI⟩d⟨ZWSP⟩e\N{REPLACEMENT CHARACTER}f⟨BOM⟩g"
    assert embedded(page)[0]["id"] == seen
    assert seen in json.dumps(embedded(page)[0]["response"], ensure_ascii=False)
    assert not re.search("[\u0000-\u0008\u202a-\u202e\u2066-\u2069\u2028\u2029]", page)


def test_nothing_is_loaded_and_only_our_script_may_run(tmp_path: Path) -> None:
    page = write(tmp_path / "r.html", write_rows(tmp_path / "d.jsonl", rows(3)), extra=FIGURES)
    policy = next(
        attributes["content"] or ""
        for name, attributes in elements(page)
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    own = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.S)
    assert set(re.findall(r"https?://[^\s\"'<]+", own)) == {"http://www.w3.org/1998/Math/MathML"}
    assert "innerHTML" not in page
    assert "url(" not in page


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"pass@k": None, "maj@k": [], "by": "x", "difficulty": [], "datasets": 3, "acc": "0.5"},
        {
            "pass@k": {"pass@4": 0.5},
            "difficulty": {"": 1, "x]": 2, ")": 3},
            "by": {"f": {}},
            "stderr": float("nan"),
        },
        {
            "acc": None,
            "stderr": None,
            "difficulty": {"0": None, "(0.1, 0.2]": "a"},
            "datasets": {"a": None},
        },
        {"acc": float("inf"), "pass@k": {"pass@x": 1, "pass@2": 2.0, "pass@1": 0.1}},
    ],
)
def test_figures_may_be_missing(tmp_path: Path, extra: dict[str, object]) -> None:
    page = write(tmp_path / "r.html", write_rows(tmp_path / "d.jsonl", rows(3)), extra=extra)
    assert "Responses" in page
    assert "nan" not in page.split("<main>")[1].split("<script")[0].lower()


def test_a_problem_may_be_a_conversation(tmp_path: Path) -> None:
    talk = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "1 + 1?"}]
    lines = [{"prompt": talk, "response": "\\boxed{3}", "gold": "2"}]
    found = embedded(write(tmp_path / "r.html", write_rows(tmp_path / "d.jsonl", lines)))
    assert found[0]["problem"] == "1 + 1?"


def test_golds_of_several_parts(tmp_path: Path) -> None:
    lines = [
        {"response": "\\boxed{3}", "gold": {"any_of": ["1", "2"]}},
        {"response": "\\boxed{3}", "gold": ["1", "2"]},
        {"response": "\\boxed{3}", "gold": ""},
    ]
    found = embedded(write(tmp_path / "r.html", write_rows(tmp_path / "d.jsonl", lines)))
    assert [row.get("gold") for row in found] == ["1 or 2", "1, 2", None]
    assert [row["status"] for row in found] == ["wrong", "wrong", "gold_error"]


def test_without_jinja2_it_says_so_before_anything_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(SourceError, match="pip install jinja2"):
        check_page(str(tmp_path / "r.html"))


def test_a_page_that_cannot_be_written_is_said_first(tmp_path: Path) -> None:
    check_page(str(tmp_path / "r.html"))
    with pytest.raises(SourceError, match="cannot write"):
        check_page(str(tmp_path / "none" / "r.html"))
    with pytest.raises(SourceError, match="folder"):
        check_page(str(tmp_path))


def test_a_failed_page_leaves_the_old_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary, collector = collect(write_rows(tmp_path / "d.jsonl", rows(3)))
    target = tmp_path / "r.html"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(SourceError, match="No space left"):
        write_page(str(target), summary, collector)
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.jsonl", "r.html"]
