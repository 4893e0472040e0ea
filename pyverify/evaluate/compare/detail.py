"""How pyverify read a row, in the words of ``pyverify explain``."""

from __future__ import annotations

from pyverify import Explanation, Options, explain
from pyverify.io import Gold

__all__ = ["bare_detail", "detail_of"]

_MOST_CANDIDATES = 20


def detail_of(completion: str, gold: Gold, options: Options) -> dict[str, object] | None:
    """How a whole response was read; None where the gold cannot be used."""
    found = _explained(completion, gold, options, bare=False)
    if found is None:
        return None
    candidates = [
        {"kind": one.kind.value, "span": list(one.span), "text": one.text}
        for one in found.candidates[-_MOST_CANDIDATES:]
    ]
    return {**_forms(found), "candidates": candidates}


def bare_detail(answer: str | None, gold: object, options: Options) -> dict[str, object] | None:
    """How an extracted answer is read, where the response isn't at hand."""
    if answer is None or not isinstance(gold, (str, list, dict)):
        return None
    found = _explained(answer, gold, options, bare=True)
    return None if found is None else _forms(found)


def _explained(text: str, gold: Gold, options: Options, *, bare: bool) -> Explanation | None:
    try:
        return explain(text, gold=gold, options=options, bare=bare)
    except (TypeError, ValueError):
        return None


def _forms(found: Explanation) -> dict[str, object]:
    return {
        "answer_form": found.answer_form,
        "difference": found.difference,
        "gold_form": found.gold_form,
    }
