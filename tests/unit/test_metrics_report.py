"""The report of a run: the JSON summary, the tables for terminals and in Markdown."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from pyverify.evaluate import (
    Report,
    RunSettings,
    Table,
    render_markdown,
    render_table,
    score_files,
)
from pyverify.evaluate.metrics import Baseline
from pyverify.io import Fields

FAULTS = ("no_answer", "unparseable", "undecided", "limit", "bad_gold", "missing_gold")


def table(name: str | None, signatures: dict[tuple[int, ...], int], **counts: int) -> Table:
    rows = sum(signature[0] * times for signature, times in signatures.items())
    right = sum(signature[1] * times for signature, times in signatures.items())
    return Table(name, Counter(rows=rows, right=right, **counts), signatures)


def report(*tables: Table, **more: object) -> Report:
    return Report("pyverify/test", Table.union(tables), list(tables), **more)  # type: ignore[arg-type]


def single(name: str | None, right: int, wrong: int) -> Table:
    return table(name, {(1, 1, 1, 1): right, (1, 0, 1, 0): wrong})


def cells(text: str, name: str) -> list[list[str]]:
    """The figures of every line that begins with a name."""
    lines = [line for line in text.splitlines() if line.startswith(name + " ")]
    return [line[len(name) :].split() for line in lines]


def test_a_file_of_samples(tmp_path: Path) -> None:
    """The whole way from responses, against counting every choice of them."""
    rng = random.Random(4)
    golds = {"0.5": ["1/2", "0.50", "\\frac{1}{2}"], "3": ["3", "6/2"]}
    wrong = ["7", "7.0", "9", "\\frac{14}{2}", None]
    rows = []
    for i in range(12):
        gold = rng.choice(list(golds))
        answers = [rng.choice([*golds[gold], *wrong]) for _ in range(6)]
        texts = [f"So \\boxed{{{a}}}." if a is not None else "" for a in answers]
        rows.append({"id": i, "responses": texts, "gold": gold, "level": i % 3, "data_source": "x"})
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    value = {"7": 7, "7.0": 7, "\\frac{14}{2}": 7, "9": 9}

    def majority(texts: tuple[str, ...], gold: str) -> float:
        votes: Counter[object] = Counter()
        for text in texts:
            answer = text[len("So \\boxed{") : -2] if text.startswith("So") else None
            if answer is not None:
                votes["right" if answer in golds[gold] else value[answer]] += 1
        most = [a for a, count in votes.items() if count == max(votes.values())]
        return most.count("right") / len(most) if most else 0.0

    for native in (True, False):
        found = score_files(
            RunSettings(inputs=(str(path),), fields=Fields(by=("level",)), native=native)
        )
        found.ks = (1, 3, 6)
        summary = found.as_json()
        for k in found.ks:
            wanted = [
                majority(some, str(row["gold"]))
                for row in rows
                for some in itertools.combinations(row["responses"], k)  # type: ignore[call-overload]
            ]
            mean = sum(wanted) / len(wanted)
            assert summary["maj@k"][f"maj@{k}"] == pytest.approx(mean)  # type: ignore[index]
        assert summary["n_per_prompt"] == {"min": 6, "max": 6, "mean": 6.0}
        assert set(summary["by"]["level"]) == {"0", "1", "2"}  # type: ignore[index]
        assert sum(summary["difficulty"].values()) == 12  # type: ignore[attr-defined]


def test_keys_that_people_diff() -> None:
    one = report(single("a", 3, 1), single("b", 1, 1))
    summary = one.as_json()
    assert summary["schema"] == 2
    for key in ("num_samples", "num_scores", "timeout_samples", "empty_samples", "acc"):
        assert key in summary
        assert key in summary["datasets"]["a"]  # type: ignore[index]
    assert summary["dataset_acc"] == {"a": 0.75, "b": 0.5}
    assert summary["final_acc"] == 0.625
    for kind in ("pass", "avg", "maj", "cons"):
        keys = [f"{kind}@{k}" for k in (1, 4, 8)]
        assert summary[f"{kind}@k"] == dict(zip(keys, [4 / 6, None, None], strict=True))
    assert summary["prompts@k"] == {"1": 6, "4": 0, "8": 0}
    assert summary["truncated_samples"] is None
    assert "baseline" not in summary
    assert "type_acc" not in summary
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary


def test_chosen_numbers_of_samples_are_added() -> None:
    one = report(table("a", {(16, 8, 8, 8, 8, 0): 3}), ks=(2, 16))
    summary = one.as_json()
    assert list(summary["pass@k"]) == ["pass@1", "pass@2", "pass@4", "pass@8", "pass@16"]  # type: ignore[call-overload]
    assert summary["maj@k"]["maj@16"] == 0.5  # type: ignore[index]
    assert summary["cons@k"]["cons@16"] == 0.0  # type: ignore[index]


def test_types_have_the_key_that_qwen_has() -> None:
    values = [single("Algebra", 1, 1), single(None, 0, 2)]
    one = report(single(None, 1, 3), by={"level": [], "doc.type": values})
    summary = one.as_json()
    assert summary["type_acc"] == {"Algebra": 0.5, "": 0.0}
    assert summary["by"]["doc.type"]["Algebra"]["acc"] == 0.5  # type: ignore[index]
    assert summary["dataset_acc"] == {}
    assert summary["final_acc"] == 0.25


def test_truncated_rows_are_known_or_not() -> None:
    one = report(table("a", {(1, 0): 4}, truncation_known=4, truncated=1), single("b", 1, 0))
    assert one.as_json()["truncated_samples"] == 1
    text = render_table(one)
    assert "truncated" in text
    assert cells(text, "a")[0][4] == "1"
    assert cells(text, "b")[0][4] == "-"
    assert "truncated" not in render_table(report(single("b", 1, 0)))


def test_a_table_of_single_samples() -> None:
    text = render_table(report(single("a", 3, 1), single("b", 1, 1)), 2.0)
    assert cells(text, "a") == [["4", "0.7500", "0.2500", *"00000"]]
    assert cells(text, "overall")[0][:2] == ["6", "0.6667"]
    assert cells(text, "macro average") == [["0.6250"]]
    assert "pass@" not in text
    assert text.endswith("4 of 6 right, ± one standard error; pyverify/test; 3 responses/s")


def test_a_table_of_one_file_has_one_row() -> None:
    text = render_table(report(single(None, 3, 1)))
    assert len(text.splitlines()) == 4
    assert cells(text, "overall")
    assert "macro" not in text


def test_a_table_of_several_samples() -> None:
    one = report(
        table("a", {(16, 4, 12, 0, 4, 4): 1, (16, 16, 16, 16): 1}), table("b", {(4, 1, 1, 1): 3})
    )
    text = render_table(one)
    head = ["prompts", "n/prompt", "avg@4", "avg@16", "pass@4", "pass@8", "pass@16"]
    assert cells(text, "data set")[1] == head
    assert cells(text, "a")[1][:5] == ["2", "16", "0.6250", "0.6250", "0.8640"]
    assert cells(text, "b")[1] == ["3", "4", "0.2500", "-", "1.0000", "-", "-"]
    # Of five prompts two have sixteen samples.
    assert cells(text, "overall")[1][1:4] == ["4–16", "0.4000", "0.6250*"]
    assert "* over the prompts that have as many samples" in text


def test_values_of_fields() -> None:
    values = [single(str(i), 1, i) for i in (10, 9, 2)]
    text = render_table(report(single("a", 3, 21), by={"level": [single(None, 0, 1), *values]}))
    lines = text.splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith("level "))
    assert [line.split()[0] for line in lines[begin : begin + 5]] == [
        "level",
        "2",
        "9",
        "10",
        "(none)",
    ]


def test_most_frequent_values_of_a_field() -> None:
    values = [single(str(i), 1 + i % 2, 0) for i in range(120)]
    text = render_table(report(single(None, 180, 0), by={"n": values}))
    assert "the 50 most frequent of 120 values" in text
    assert len(text.splitlines()) < 60
    # Every odd number stands there twice, and the first fifty of them are shown.
    assert cells(text, "99")
    assert not cells(text, "98")
    assert not cells(text, "101")


def test_a_baseline_has_a_table() -> None:
    one = report(single("a", 3, 1), single("b", 1, 3), single("c", 1, 0))
    one.compare_with(Baseline({"a": 0.5, "b": 0.5, "c": 0.0}, "pyverify/old"))
    text = render_table(one)
    assert ["0.7500", "0.5000", "1.5000"] in cells(text, "a")
    assert ["1.0000", "0.0000", "-"] in cells(text, "c")
    assert cells(text, "harmonic mean") == [["0.7500"]]
    assert "the baseline scored 0: c" in text
    assert "judged by pyverify/old" in text
    assert "| b | 0.2500 | 0.5000 | 0.5000 |" in render_markdown(one)


def test_intervals_are_shown_on_request() -> None:
    one = report(single("a", 50, 50))
    assert "interval" not in render_table(one)
    one.intervals = True
    low, high = cells(render_table(one), "a")[0][3].split("–")
    assert 0.38 < float(low) < 0.43 < 0.57 < float(high) < 0.62
    assert one.as_json()["interval"]["low"] == pytest.approx(float(low), abs=1e-4)  # type: ignore[index]


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_lines_fit(width: int) -> None:
    one = report(table("minerva_math", {(16, 4, 12, 0, 4, 4): 200}), single("几何" * 6, 1, 1))
    one.intervals = True
    lines = render_table(one, width=width).splitlines()[:-1]
    assert max(len(line) for line in lines if not line.startswith("*")) <= width
    # No figure is lost on the way: acc, avg@16, and three of votes.
    words = " ".join(lines).split()
    for column in ("95%", "gold", "avg@16", "pass@16", "maj@16", "cons@16"):
        assert words.count(column) == 1
    assert words.count("0.2500") == 2


def test_a_table_folds_where_it_makes_sense() -> None:
    one = report(single("a-data-set-of-some-name", 3, 1), single("b", 1, 1))
    wide, narrow = (render_table(one, width=width) for width in (120, 80))
    assert cells(wide, "data set") == [
        ["n", "acc", "±", "no-answer", "unparseable", "undecided", "limit", "gold", "errors"]
    ]
    assert cells(narrow, "data set") == [
        ["n", "acc", "±"],
        ["no-answer", "unparseable", "undecided", "limit", "gold", "errors"],
    ]


@pytest.mark.parametrize(
    "name",
    [
        "\x1b[31mred\x07",
        "a\nb\r",
        "\u202egnp",
        "x" * 500,
        "\ud800",
        "<script>",
        "|a|\\|b`c`",
        "@all",
    ],
)
def test_names_from_files_do_no_harm(name: str) -> None:
    values = [single(name, 1, 1), single("b", 1, 1)]
    one = report(*values, by={name: values})
    one.compare_with(Baseline({name: 0.0, "b": 0.5}, name))
    text = render_table(one)
    assert all(c.isprintable() for c in text.replace("\n", ""))
    markdown = render_markdown(one)
    assert all(c.isprintable() for c in markdown.replace("\n", ""))
    for block in markdown.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        # Whatever a name holds, a table keeps its columns.
        assert len({line.replace("\\|", "").count("|") for line in rows}) <= 1
    assert "<script>" not in markdown.replace("`<script>`", "").replace("\\<script\\>", "")
    json.dumps(one.as_json())


def test_markdown_is_a_table() -> None:
    lines = render_markdown(report(single("minerva_math", 3, 1), single("b", 1, 1))).splitlines()
    assert lines[0].startswith("| data set | n | acc | ± |")
    assert lines[1].startswith("| :-- | --: |")
    assert lines[2].startswith("| minerva_math | 4 | 0.7500 |")
    assert lines[-1] == "4 of 6 right, ± one standard error; pyverify/test"


def test_nothing() -> None:
    one = report()
    assert "nothing could be scored" in render_table(one)
    assert one.as_json()["acc"] is None
    assert one.as_json()["n_per_prompt"] is None
    assert one.as_json()["final_acc"] is None
