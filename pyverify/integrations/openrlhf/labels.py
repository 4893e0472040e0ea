"""Labels of OpenRLHF's data sets as references of the RLPR reward."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

__all__ = ["references_of"]


def references_of(label: object) -> list[str]:
    r"""The references that a label holds: any of them will do.

    Args:
        label: A text, a number, a list of those, ``{"any_of": […]}``, or that as JSON text.

    Returns:
        Texts that aren't empty; none for whatever is no label (None, NaN, an empty text).

    Example:
        >>> references_of("\\frac12"), references_of(0.5), references_of(["1/2", None])
        (['\\frac12'], ['0.5'], ['1/2'])
        >>> references_of('{"any_of": ["1/2", "0.5"]}'), references_of(float("nan"))
        (['1/2', '0.5'], [])
    """
    if isinstance(label, str):
        return _of_text(label)
    if hasattr(label, "tolist"):
        label = label.tolist()
    if isinstance(label, Mapping):
        label = label.get("any_of")
    if isinstance(label, Sequence) and not isinstance(label, (str, bytes)):
        return [text for one in label for text in _single(one)]
    return _single(label)


def _of_text(label: str) -> list[str]:
    # A list in brackets may be an interval or a vector; an object with that name is nothing else.
    if label.lstrip().startswith("{") and '"any_of"' in label:
        try:
            found = json.loads(label)
        except (ValueError, RecursionError):
            return [label]
        if isinstance(found, dict) and isinstance(found.get("any_of"), list):
            return [text for one in found["any_of"] for text in _single(one)]
    return _single(label)


def _single(label: object) -> list[str]:
    if isinstance(label, str):
        return [label] if label.strip() else []
    if isinstance(label, bool) or not isinstance(label, (int, float)):
        return []
    return [str(label)] if math.isfinite(label) else []
