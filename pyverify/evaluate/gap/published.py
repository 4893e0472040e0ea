"""Published scores of MATH-500, with the pages that state them, and what ``--reported`` says."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from importlib import resources

__all__ = ["Published", "Reported", "ReportedError", "published_scores", "read_reported"]


class ReportedError(Exception):
    """What ``--reported`` says is no score; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published score.

    Attributes:
        model: The model's name, in small letters.
        score: The score as it is printed, in per cent.
        source: Our short name of the source.
        own: Whether those who made the model report it.
        task: The benchmark.
        metric: What the source calls it.
        samples: Responses per problem, None where that is not stated.
        temperature: Of sampling, 0 for greedy, None where that is not stated.
        top_p: Likewise.
        max_tokens: Likewise.
        shots: Worked examples in the prompt, likewise.
        prompt: What is said about the prompt.
        url: The page.
        page: Where on it.
        date: Year, or year and month, None where that is not stated.
    """

    model: str
    score: str
    source: str
    own: bool
    task: str
    metric: str
    samples: int | None
    temperature: float | None
    top_p: float | None
    max_tokens: int | None
    shots: int | None
    prompt: str
    url: str
    page: str
    date: str | None

    @property
    def name(self) -> str:
        """A name that is its own: the model and the source."""
        return f"{self.model}@{self.source}"

    def settings(self) -> str:
        """How it was measured, in words."""
        responses = "one response" if self.samples == 1 else f"{self.samples} responses"
        temperature = "greedy" if self.temperature == 0 else f"temperature {self.temperature}"
        known = (
            (self.samples, f"{responses} a problem"),
            (self.temperature, temperature),
            (self.top_p, f"top-p {self.top_p}"),
            (self.max_tokens, f"at most {self.max_tokens} tokens"),
            (self.shots, f"{self.shots} examples in the prompt"),
        )
        return ", ".join([self.metric, *(words for value, words in known if value is not None)])


@dataclass(frozen=True, slots=True)
class Reported:
    """A score to compare with.

    Attributes:
        score: Between 0 and 1.
        text: What the caller said.
        published: Where it comes from, if that is known.
    """

    score: float
    text: str
    published: Published | None = None


def published_scores() -> list[Published]:
    """The table that ships with the package, ordered by model."""
    text = resources.files("pyverify.evaluate.gap").joinpath("published.json").read_text("utf-8")
    table = json.loads(text)
    return [
        Published(task=table["task"], **row, **table["sources"][row["source"]])
        for row in table["scores"]
    ]


def read_reported(text: str) -> Reported:
    """Reads the value of ``--reported``.

    Args:
        text: A percentage (``90.6``, ``90.6%``), a fraction (``0.906``), a model of the table
            (``deepseek-r1``), or a model and a source (``gpt-4o-0513@open-thoughts``).

    Raises:
        ReportedError: It is none of these, or several sources report the model.

    Example:
        >>> read_reported("90.6").score == read_reported("0.906").score == 0.906
        True
        >>> read_reported("deepseek-r1").published.source
        'deepseek-r1'
    """
    plain = text.strip()
    percent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        return _named(plain)
    score = value / 100 if percent or value > 1 else value
    if not 0 <= score <= 1:
        raise ReportedError(f"--reported {text!r}: a score lies between 0 and 100 %")
    # 90.6 / 100 is not the float nearest to 0.906.
    return Reported(round(score, 12), plain)


def _named(text: str) -> Reported:
    table = published_scores()
    name = text.lower().rpartition("/")[2]
    found = [one for one in table if name in (one.model, one.name)]
    if len(found) > 1:
        # Those who made a model know best how it is asked.
        found = [one for one in found if one.own] or found
    if len(found) == 1:
        return Reported(round(float(found[0].score) / 100, 12), text, found[0])
    if found:
        readings = ", ".join(f"{one.name} ({one.score})" for one in found)
        raise ReportedError(f"--reported {text!r}: several sources report it: {readings}")
    near = difflib.get_close_matches(name, {one.model for one in table}, 5, 0.5)
    shown = ", ".join(sorted(near) or sorted({one.model for one in table})[:8])
    raise ReportedError(
        f"--reported {text!r}: neither a score such as 90.6 nor a model of the table; "
        f"{'near it are' if near else 'it has'} {shown}"
    )
