"""Golds and answers as MathML trees that a page can rebuild element by element."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TypeAlias
from xml.etree import ElementTree

from pyverify import Options
from pyverify.golds import gold_spec
from pyverify.io import Gold
from pyverify.reading import mathml

Tree: TypeAlias = "list[str | dict[str, str] | Tree]"
"""An element: its name, its attributes if it has any, and what it holds."""

# Deeper than this no page is readable, and nothing that walks a tree may run out of stack.
_DEEPEST = 60
_LONGEST = 3000


@lru_cache(maxsize=4096)
def answer_maths(text: str, options: Options) -> str:
    """An answer as the JSON of one tree; "" for what is no maths or too long for a page."""
    made = mathml(text, options)
    if not made:
        return ""
    try:
        # The engine's own text, which holds no declaration and no entity.
        root = ElementTree.fromstring(made)  # noqa: S314
    except ElementTree.ParseError:
        return ""
    tree = _tree(root, _DEEPEST)
    found = "" if tree is None else json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return found if len(found) <= _LONGEST else ""


def gold_maths(gold: Gold, options: Options) -> str:
    """A gold of one value as the JSON of one tree, "" for all others."""
    try:
        spec = gold_spec(gold)
    except (TypeError, ValueError):
        return ""
    if len(spec) != 1 or len(spec[0]) != 1:
        return ""
    return answer_maths(spec[0][0], options)


def _tree(element: ElementTree.Element, room: int) -> Tree | None:
    if room == 0:
        return None
    parts: list[str | dict[str, str] | Tree] = [element.text] if element.text else []
    for child in element:
        made = _tree(child, room - 1)
        if made is None:
            return None
        parts.append(made)
    if element.tag == "mrow" and len(parts) == 1 and isinstance(parts[0], list):
        return parts[0]
    head: Tree = [element.tag]
    if element.attrib:
        head.append(dict(element.attrib))
    return head + parts
