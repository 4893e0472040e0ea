"""Modules that are imported by bare names, from folders on the path, each have a name of their own.

Two called `run` once hid each other: which one a test got hung on the order of the tests.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path


def test_no_two_share_a_name(repository: Path) -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for top in ("bench", "tests"):
        for path in (repository / top).rglob("*.py"):
            by_itself = path.name.startswith("test_") or path.name == "conftest.py"
            if not by_itself and not (path.parent / "__init__.py").exists():
                places[path.stem].append(path.relative_to(repository).as_posix())
    assert len(places) > 40
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
