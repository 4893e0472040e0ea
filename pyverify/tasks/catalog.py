"""Benchmarks by name: how many problems, where copies lie, how they are asked and judged.

A task is data. No problem is shipped: copies are read from a file, a folder or the hub.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["TASKS", "Columns", "HubSource", "Prompt", "Task", "TaskError", "task"]

_PROBLEM = "{problem}"
_BOXED = r"Reason step by step and put your final answer in \boxed{}."


class TaskError(Exception):
    """A task, or a copy of its data, is not to be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """Where the hub keeps a copy.

    Attributes:
        repo: Its name there.
        config: The configuration, or None for the only one.
        split: The split.
    """

    repo: str
    config: str | None = None
    split: str = "test"


@dataclass(frozen=True, slots=True)
class Columns:
    """What the copies call things, the first that is there; all copies of a task are read by it.

    Attributes:
        problem: The problem's text.
        gold: The gold, or a worked solution that ends in it.
        id: The problem's name.
        context: Text that belongs before the problem.
        fields: What else is worth a table or changes the grading, by our name for it.
    """

    problem: tuple[str, ...] = ("problem", "question", "Problem", "Question")
    gold: tuple[str, ...] = ("answer", "Answer", "solution", "Solution")
    id: tuple[str, ...] = ("unique_id", "id", "ID", "idx")
    context: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prompt:
    """How a problem is put to a model.

    Attributes:
        user: The user's message; ``{problem}`` stands for the problem.
        system: The system's message, or None for none at all.
    """

    user: str = f"{_PROBLEM}\n\n{_BOXED}"
    system: str | None = None

    def messages(self, problem: str) -> list[dict[str, str]]:
        """The conversation that asks a problem.

        Example:
            >>> Prompt(user="{problem}").messages("1+1?")
            [{'role': 'user', 'content': '1+1?'}]
        """
        # Not str.format: problems and templates are full of braces.
        asked = {"role": "user", "content": self.user.replace(_PROBLEM, problem)}
        return [asked] if self.system is None else [self.told(), asked]

    def told(self) -> dict[str, str]:
        """The system's message."""
        return {"role": "system", "content": self.system or ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One benchmark.

    Attributes:
        name: What the command line calls it.
        title: What papers call it.
        size: How many problems it has.
        editions: Sizes of other copies that go around under the same name.
        preset: The preset it is judged by.
        aliases: Other names, in small letters and digits alone.
        by: Fields that its tables go by.
        columns: What its copies call things.
        sources: Copies on the hub, the first one preferred.
        prompt: How a problem is put to a model.
    """

    name: str
    title: str
    size: int
    editions: tuple[int, ...] = ()
    preset: str
    aliases: tuple[str, ...]
    by: tuple[str, ...] = ()
    columns: Columns = field(default_factory=Columns)
    sources: tuple[HubSource, ...]
    prompt: Prompt = field(default_factory=Prompt)


_ALL = (
    Task(
        name="gsm8k",
        title="GSM8K",
        size=1319,
        preset="gsm8k",
        aliases=("gsm8k",),
        sources=(HubSource("openai/gsm8k", "main"),),
        prompt=Prompt(user=_PROBLEM, system=_BOXED),
    ),
    Task(
        name="math500",
        title="MATH-500",
        size=500,
        preset="math",
        aliases=("math500",),
        by=("subject", "level"),
        columns=Columns(fields={"subject": ("subject", "type"), "level": ("level",)}),
        sources=(HubSource("HuggingFaceH4/MATH-500"), HubSource("math-ai/math500")),
    ),
    Task(
        name="minerva_math",
        title="Minerva-Math",
        size=272,
        preset="minerva_math",
        aliases=("minervamath", "minerva"),
        by=("subject",),
        columns=Columns(fields={"subject": ("subject", "type")}),
        sources=(HubSource("math-ai/minervamath"),),
    ),
    Task(
        name="olympiadbench",
        title="OlympiadBench",
        size=675,
        editions=(674,),
        preset="olympiadbench",
        aliases=("olympiadbench", "olympiad"),
        by=("subject",),
        columns=Columns(
            gold=("final_answer", "answer", "solution"),
            context=("context",),
            fields={
                "subject": ("subfield", "subject"),
                "answer_type": ("answer_type",),
                "error": ("error", "precision"),
            },
        ),
        sources=(
            HubSource("Hothan/OlympiadBench", "OE_TO_maths_en_COMP", "train"),
            HubSource("math-ai/olympiadbench"),
        ),
    ),
    Task(
        name="amc23",
        title="AMC 2023",
        size=40,
        preset="amc",
        aliases=("amc23", "amc2023"),
        sources=(HubSource("math-ai/amc23"),),
    ),
    Task(
        name="aime24",
        title="AIME 2024",
        size=30,
        preset="aime",
        aliases=("aime24", "aime2024"),
        sources=(
            HubSource("HuggingFaceH4/aime_2024", split="train"),
            HubSource("math-ai/aime24"),
        ),
    ),
)

TASKS: Mapping[str, Task] = MappingProxyType({one.name: one for one in _ALL})
"""The benchmarks by name."""


def task(name: str) -> Task:
    """A benchmark.

    Args:
        name: Its name, or another that goes around (``MATH-500``, ``openai/gsm8k``).

    Raises:
        TaskError: There is none of that name.

    Example:
        >>> task("MATH-500").name, task("gsm8k").size
        ('math500', 1319)
    """
    plain = plain_name(name)
    for one in TASKS.values():
        if name == one.name or plain in one.aliases:
            return one
    raise TaskError(f"no task {name!r}; there are {', '.join(TASKS)}")


def plain_name(name: str) -> str:
    """A data set's name without its owner, in small letters and digits alone."""
    return "".join(c for c in name.rstrip("/").rpartition("/")[2].lower() if c.isalnum())
