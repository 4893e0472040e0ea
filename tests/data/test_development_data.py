"""Where the build stands on the labelled development data; skipped where there is none."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import pyverify
from pyverify import Options
from pyverify._core import NativeOptions, NativeVerifier
from pyverify.golds import gold_spec


def rows(path: Path) -> list[dict]:
    return [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def tally(folder: Path, options: Options | None = None) -> Counter[str]:
    """Right and wrong verdicts over every labelled row of a folder."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        for row in rows(path):
            if row.get("label") is None:
                continue
            if "answer" in row:
                result = pyverify.equivalent(row["answer"], gold=row["gold"], options=options)
            else:
                result = pyverify.verify(row["response"], gold=row["gold"], options=options)
            counts[
                f"{'right' if row['label'] else 'wrong'} {'accepted' if result else 'refused'}"
            ] += 1
    return counts


def recall(counts: Counter[str]) -> float:
    return counts["right accepted"] / (counts["right accepted"] + counts["right refused"])


def false_positives(counts: Counter[str]) -> float:
    return counts["wrong accepted"] / max(1, counts["wrong accepted"] + counts["wrong refused"])


@pytest.mark.parametrize(
    ("folder", "options", "least_recall", "most_false_positives"),
    [
        ("pairs", None, 0.98, 0.002),
        ("responses", None, 0.995, 0.001),
        ("responses_free", Options(last_number=True), 0.97, 0.002),
    ],
)
def test_folder(
    development_data: Path,
    folder: str,
    options: Options | None,
    least_recall: float,
    most_false_positives: float,
) -> None:
    counts = tally(development_data / folder, options)
    assert false_positives(counts) <= most_false_positives
    assert recall(counts) >= least_recall


def test_every_gold_equals_itself(development_data: Path) -> None:
    for path in sorted((development_data / "bench").glob("*.jsonl")):
        for row in rows(path):
            assert pyverify.equivalent(row["answer"], gold=row["answer"]), row["id"]


def test_worked_solutions_verify(development_data: Path) -> None:
    counts: Counter[bool] = Counter()
    for path in sorted((development_data / "bench").glob("*.jsonl")):
        for row in rows(path):
            if "boxed" in (row.get("solution") or ""):
                counts[bool(pyverify.verify(row["solution"], gold=row["answer"]))] += 1
    assert counts[True] >= 0.995 * counts.total()


def spellings(gold: str) -> list[str]:
    """The same gold as people wrap and space it."""
    out = [gold, f" {gold} ", gold.replace(r"\frac", r"\dfrac")]
    if "$" not in gold:
        out.append(f"${gold}$")
    if not gold.endswith("."):
        out.append(gold + ".")
    if gold.count("(") == gold.count(")") and not set(gold) & set("[]|") and r"\left" not in gold:
        out.append(gold.replace("(", r"\left(").replace(")", r"\right)"))
    return out


def test_every_gold_equals_its_spellings_without_the_text_shortcut(development_data: Path) -> None:
    options = NativeOptions(Options(), text_shortcut=False)
    for path in sorted((development_data / "bench").glob("*.jsonl")):
        for row in rows(path):
            verifier = NativeVerifier(gold_spec(row["answer"]), row["answer"], options)
            for spelling in spellings(row["answer"]):
                assert verifier.equivalent(spelling), (row["id"], spelling)


def test_constants_compare_alike_from_both_sides(development_data: Path) -> None:
    """Symmetry where the policy promises it: constants without unit, label, choice or decimal."""
    constant = re.compile(r"(?:\\(?:[dt]?frac|sqrt|pi|cdot|left|right)|[-+*/^(){}\[\]!\d\s])+")
    asked = 0
    for path in sorted((development_data / "pairs").glob("*.jsonl")):
        for row in rows(path):
            gold, answer = row["gold"], row["answer"]
            if not (constant.fullmatch(gold) and constant.fullmatch(answer)):
                continue
            there = bool(pyverify.equivalent(answer, gold=gold))
            assert there is bool(pyverify.equivalent(gold, gold=answer)), (gold, answer)
            asked += 1
    assert asked > 500
