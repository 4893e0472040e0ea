"""What every fixture holds: problems, golds, and responses, each known to be right or wrong."""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent / "fixtures"

# Problem, gold, and two responses: right or wrong as GOOD says.
PROBLEMS = (
    ("What is 6 times 7?", "42", ("6 * 7 = \\boxed{42}.", "It is \\boxed{42}.")),
    ("What is a half?", "\\frac{1}{2}", ("As a decimal \\boxed{0.5}.", "\\boxed{\\frac12}")),
    ("Solve x + 1 = 4.", "3", ("So x = \\boxed{4}.", "Then $x = 3$, so \\boxed{3}.")),
    ("How many primes are below 10?", "4", ("Let me count them: 2, 3,", "\\boxed{5}")),
)
GOOD = ((1, 1), (1, 1), (0, 1), (0, 0))


def rows() -> list[dict[str, object]]:
    """One row per response, samples of a problem next to each other."""
    return [
        {"index": i, "problem": problem, "gold": gold, "response": text, "good": GOOD[i][j]}
        for i, (problem, gold, texts) in enumerate(PROBLEMS)
        for j, text in enumerate(texts)
    ]


def write_lines(name: str, records: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (HERE / name).write_text(text, encoding="utf-8")
