"""Problems with worked reasoning: the study's own, and benchmarks that stay where they are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).with_name("problems.jsonl")
SOURCES = ("own", "gsm8k", "math500")

_ANNOTATION = re.compile(r"<<[^<>]*>>")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z$\\])")
_TOKEN = re.compile(r"\\?[A-Za-z]+|[\d.]+|\S")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with its reference answer.

    Attributes:
        id: Its name in its source.
        source: One of `SOURCES`.
        text: What is asked.
        answer: The reference.
        steps: The right reasoning; the last step states the reference.
        raw: The reasoning as published, with the calculations that GSM8K marks in it.
        wrong: Reasoning that arrives at something else, where the source has one.
        wrong_answer: That.
    """

    id: str
    source: str
    text: str
    answer: str
    steps: tuple[str, ...]
    raw: str = ""
    wrong: tuple[str, ...] = ()
    wrong_answer: str = ""


def read(source: str, data: Path | None) -> list[Problem]:
    """All problems of a source, in its order.

    Args:
        source: One of `SOURCES`.
        data: The folder with `bench/gsm8k.jsonl` and `bench/math500.jsonl`; "own" needs none.
    """
    if source == "own":
        return [_own(json.loads(line)) for line in OWN.read_text(encoding="utf-8").splitlines()]
    if data is None:
        raise SystemExit(f"{source}: set PYVERIFY_DATA to the folder that has bench/{source}.jsonl")
    lines = (data / "bench" / f"{source}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [_gsm8k(row) for row in rows] if source == "gsm8k" else [_math(row) for row in rows]


def states(text: str, answer: str) -> bool:
    """Whether an answer stands in a text by itself: not within a longer number or word."""
    inner = r"\s*".join(re.escape(token) for token in _TOKEN.findall(_plain(answer)))
    left = r"(?<![A-Za-z0-9.])" if answer[0].isalnum() else ""
    right = r"(?![A-Za-z0-9]|\.\d)" if answer[-1].isalnum() else ""
    return re.search(left + inner + right, _plain(text)) is not None


def withheld(steps: tuple[str, ...], answer: str) -> tuple[str, ...]:
    """Steps without the last, and without those before it that state the answer, too."""
    kept = steps[:-1]
    while kept and states(kept[-1], answer):
        kept = kept[:-1]
    return kept


def _plain(text: str) -> str:
    """Without commas between thousands."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def _own(row: dict[str, object]) -> Problem:
    right, wrong = row["right"], row["wrong"]
    assert isinstance(right, list)
    assert isinstance(wrong, list)
    return Problem(
        id=str(row["id"]),
        source="own",
        text=str(row["problem"]),
        answer=str(row["answer"]),
        steps=tuple(right),
        wrong=tuple(wrong),
        wrong_answer=str(row["wrong_answer"]),
    )


def _gsm8k(row: dict[str, str]) -> Problem:
    """A line of the solution is a step; the line behind ``####`` is the answer alone."""
    raw = row["solution"].split("\n####")[0]
    return Problem(
        id=row["id"],
        source="gsm8k",
        text=row["problem"],
        answer=row["answer"],
        steps=gsm8k_steps(raw),
        raw=raw,
    )


def gsm8k_steps(raw: str) -> tuple[str, ...]:
    """The lines of a solution, without the calculations in ``<<>>``."""
    lines = (_ANNOTATION.sub("", line).strip() for line in raw.split("\n"))
    return tuple(line for line in lines if line)


def _math(row: dict[str, str]) -> Problem:
    """A sentence of the solution is a step."""
    pieces = (
        piece.strip()
        for paragraph in row["solution"].split("\n\n")
        for piece in _SENTENCE_END.split(paragraph)
    )
    return Problem(
        id=row["id"],
        source="math500",
        text=row["problem"],
        answer=row["answer"],
        steps=tuple(piece for piece in pieces if piece),
        raw=row["solution"],
    )
