"""What tells which samples are of one prompt, where nobody has said it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyverify.io.lines import Json
from pyverify.io.names import GROUPS, PROMPT_IDS, PROMPTS
from pyverify.io.paths import get_path
from pyverify.io.rows import read_gold

__all__ = ["everywhere", "find_group", "find_group_id", "is_running", "nearly_all", "says"]

_Rows = Sequence["dict[str, Json]"]


def find_group(rows: _Rows, gold: str | None, taken: Sequence[str | None] = ()) -> str | None:
    """The field that samples of one prompt share; of several, the first that can be it.

    One under which several golds stand names no prompt. A text that never changes, such as a
    system's prompt, gives way to one that does.

    Args:
        rows: The first records.
        gold: Where their golds are; None if elsewhere.
        taken: Fields that are something else.
    """
    found = next(_fitting(rows, GROUPS, gold, taken), None)
    if found is not None:
        return found
    texts = list(_fitting(rows, PROMPTS, gold, taken))
    changing = (name for name in texts if _distinct(rows, name) > 1)
    return next(changing, texts[0] if texts else None)


def find_group_id(
    rows: _Rows, gold: str | None, named: str | None, taken: Sequence[str | None] = ()
) -> str | None:
    """The id that names a prompt where nothing else does; of several, one that is seen twice.

    Args:
        rows: The first records.
        gold: Where their golds are; None if elsewhere.
        named: The id that the caller named.
        taken: Fields that are something else.
    """
    names = PROMPT_IDS if named is None else (named,)
    ids = list(_fitting(rows, names, gold, taken))
    again = (name for name in ids if _distinct(rows, name) < len(rows))
    return next(again, ids[0] if ids else None)


def _fitting(
    rows: _Rows, names: Sequence[str], gold: str | None, taken: Sequence[str | None]
) -> Iterator[str]:
    for name in names:
        if name not in taken and everywhere(rows, name) and not _disagree(rows, name, gold):
            yield name


def everywhere(rows: _Rows, path: str) -> bool:
    """Whether nearly every record says something there: what comes and goes names nothing."""
    parts = path.split("+")
    if len(parts) > 1 and not all(any(says(get_path(row, part)) for row in rows) for part in parts):
        return False
    return nearly_all(sum(says(get_path(row, path)) for row in rows), len(rows))


def nearly_all(good: int, total: int) -> bool:
    """Whether so few are amiss that they are the odd ones: one of four, a tenth of many."""
    bad = total - good
    return good > 2 * bad and bad <= max(1, total // 10)


def says(value: Json) -> bool:
    """Whether there is more than a blank."""
    if isinstance(value, list):
        return any(says(one) for one in value)
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != {}


def is_running(rows: _Rows, path: str) -> bool:
    """Whether it is a bare number in every record, which says nothing outside of the file."""
    values = (get_path(row, path) for row in rows)
    return all(
        value is None or (isinstance(value, (int, str)) and str(value).isdecimal())
        for value in values
    )


def _distinct(rows: _Rows, name: str) -> int:
    return len({repr(get_path(row, name)) for row in rows})


def _disagree(rows: _Rows, name: str, gold: str | None) -> bool:
    """Whether samples of one value have several golds, and not only by a slip here and there."""
    if gold is None:
        return False
    golds: dict[str, list[str]] = {}
    for row in rows:
        value, found = get_path(row, name), read_gold(get_path(row, gold))
        if says(value) and found is not None:
            golds.setdefault(repr(value), []).append(repr(found))
    shared = [found for found in golds.values() if len(found) > 1]
    return bool(shared) and not nearly_all(sum(len(set(one)) == 1 for one in shared), len(shared))
