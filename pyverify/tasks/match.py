"""Which problem of a task a record answers: by its id, its text or its position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from pyverify.io import Json
from pyverify.io.paths import get_path
from pyverify.messages import asked
from pyverify.tasks.problems import Problem
from pyverify.tasks.words import ProblemTexts

__all__ = ["How", "Matcher"]

_IDS = (
    "unique_id",
    "problem_id",
    "question_id",
    "task_id",
    "id",
    "custom_id",
    "idx",
    "index",
    "doc_id",
    "doc.unique_id",
    "doc.id",
    "extra_info.id",
    "extra_info.index",
)
_TEXTS = (
    "problem",
    "question",
    "doc.problem",
    "doc.question",
    "extra_info.problem",
    "extra_info.question",
    "prompt",
    "input",
    "query",
    "messages",
)
_REMEMBERED = 4096


class How(str, Enum):
    """How a record was joined to its problem."""

    ID = "id"
    TEXT = "text"
    INDEX = "index"


class Matcher:
    """Finds problems. A name is believed before a text, a text before a bare number.

    A bare number is the weakest: rows are numbered, too. So it counts only where the record has no
    text of a problem that could say otherwise.

    Args:
        name: The task's name, which ids may begin with.
        problems: Its problems.
    """

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self._prefix = f"{name}/"
        self._problems = problems
        self._by_id = {self._bare(problem.id): problem.index for problem in problems}
        self._texts = ProblemTexts({problem.index: problem.problem for problem in problems})
        self._remembered: dict[str, int | None] = {}
        self._ids, self._prompts = _rooted(_IDS), _rooted(_TEXTS)
        self._last: dict[str, Json] | None = None
        self._found: tuple[Problem, How] | None = None

    def look_at(self, ids: Iterable[str], texts: Iterable[str]) -> None:
        """Names the paths of an input's ids and problems; they come before the usual ones."""
        self._ids = _rooted(dict.fromkeys((*ids, *_IDS)))
        self._prompts = _rooted(dict.fromkeys((*texts, *_TEXTS)))
        self._last = None

    def find(self, record: dict[str, Json]) -> tuple[Problem, How] | None:
        """The record's problem, and how it was found."""
        # The samples of a line share its record.
        if record is not self._last:
            self._last, self._found = record, self._find(record)
        return self._found

    def _find(self, record: dict[str, Json]) -> tuple[Problem, How] | None:
        keys = [self._bare(str(value)) for value in _plain(record, self._ids)]
        for key in keys:
            if not key.isdecimal() and key in self._by_id:
                return self._problems[self._by_id[key]], How.ID
        texts = [text for value in _values(record, self._prompts) if (text := asked(value))]
        for text in texts:
            found = self._by_text(text)
            if found is not None:
                return self._problems[found], How.TEXT
        if any(" " in text.strip() for text in texts):
            return None  # a problem, but none of these; a lone word is some name
        return self._by_number([key for key in keys if key.isdecimal()])

    def _by_text(self, text: str) -> int | None:
        # Samples of one prompt mostly follow each other.
        if text not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[text] = self._texts.find(text)
        return self._remembered[text]

    def _by_number(self, keys: Sequence[str]) -> tuple[Problem, How] | None:
        for key in keys:
            if key in self._by_id:
                return self._problems[self._by_id[key]], How.ID
        for key in keys:
            if len(key) < 10 and int(key) < len(self._problems):
                return self._problems[int(key)], How.INDEX
        return None

    def _bare(self, key: str) -> str:
        return key.removeprefix(self._prefix)


def _values(record: dict[str, Json], paths: Sequence[tuple[str, str]]) -> Iterator[Json]:
    for root, path in paths:
        # Most records have few of these names.
        if root in record or path in record:
            yield get_path(record, path)


def _plain(record: dict[str, Json], paths: Sequence[tuple[str, str]]) -> Iterator[str | int]:
    for value in _values(record, paths):
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            yield value


def _rooted(paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((path.partition(".")[0].removesuffix("[]"), path) for path in paths)
