"""Golds, as data sets have them, as references of the RLPR reward."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from pyverify.io.rows import plain_text

__all__ = ["references_of"]


def references_of(gold: object) -> list[str]:
    r"""The references that a gold holds: any of them will do.

    Args:
        gold: A text, a number, a list of those, ``{"any_of": […]}``, or that as JSON text.

    Returns:
        Texts that aren't empty; none for whatever is no gold (None, NaN, an empty text).

    Example:
        >>> references_of("\\frac12"), references_of(18.0), references_of(["1/2", None])
        (['\\frac12'], ['18'], ['1/2'])
        >>> references_of('{"any_of": ["1/2", "0.5"]}'), references_of(float("nan"))
        (['1/2', '0.5'], [])
    """
    if isinstance(gold, str):
        return _of_text(gold)
    if hasattr(gold, "tolist"):
        gold = gold.tolist()
    if isinstance(gold, Mapping):
        gold = gold.get("any_of")
    if isinstance(gold, Sequence) and not isinstance(gold, (str, bytes)):
        return [text for one in gold for text in _single(one)]
    return _single(gold)


def _of_text(gold: str) -> list[str]:
    # A list in brackets may be an interval or a vector; an object with that name is nothing else.
    if gold.lstrip().startswith("{") and '"any_of"' in gold:
        try:
            found = json.loads(gold)
        except (ValueError, RecursionError):
            return [gold]
        if isinstance(found, dict) and isinstance(found.get("any_of"), list):
            return [text for one in found["any_of"] for text in _single(one)]
    return _single(gold)


def _single(gold: object) -> list[str]:
    if isinstance(gold, str):
        return [gold] if gold.strip() else []
    if isinstance(gold, bool) or not isinstance(gold, (int, float)) or not math.isfinite(gold):
        return []
    text = plain_text(gold)
    return [] if text is None else [text]
