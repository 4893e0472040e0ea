"""Turns every form of a gold into the engine's: alternatives of parts, each part a text.

A gold is a text (bare, ``$…$`` or boxed: the engine unwraps it), a number, a list of parts that
are all wanted, `AnyOf`, ``{"any_of": […]}``, `Choice`, ``{"choice": "B", "texts": {…}}``, or one of
those objects as JSON text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from numbers import Integral, Rational

from pyverify import _core
from pyverify.options import Options
from pyverify.types import AnyOf, Choice, Gold

__all__ = ["Spec", "gold_spec", "gold_text"]

# The alternatives of a gold; an alternative is a tuple of parts.
Spec = tuple[tuple[str, ...], ...]

_WANTED = (
    "a str, int, float, Fraction or Decimal, a list of those (all wanted), "
    'AnyOf([...]), {"any_of": [...]} or Choice("B", texts={...})'
)


def _number_text(number: object) -> str | None:
    """Writes a number exactly and without an exponent; None when it isn't one."""
    if isinstance(number, Integral):
        return _digits(int(number))
    if isinstance(number, Rational):
        numerator, denominator = int(number.numerator), int(number.denominator)
        if denominator == 1:
            return _digits(numerator)
        return f"{_digits(numerator)}/{_digits(denominator)}"
    if isinstance(number, float):
        if math.isnan(number):
            raise ValueError("gold is NaN: there is no reference answer")
        if math.isinf(number):
            return "\\infty" if number > 0 else "-\\infty"
        # 12.0 from a column of floats is the integer 12, not a value rounded to a tenth; else the
        # shortest decimal that is this float is what its author wrote.
        if number.is_integer():
            return _digits(int(number))
        return format(Decimal(float.__repr__(number)), "f")
    if isinstance(number, Decimal):
        if number.is_nan():
            raise ValueError("gold is NaN: there is no reference answer")
        if number.is_infinite():
            return "\\infty" if number > 0 else "-\\infty"
        if abs(number.adjusted()) > 10_000:
            raise ValueError(f"gold {number!r} has too many digits")
        return format(number, "f")
    return None


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # the interpreter's own limit on the length of an integer's text
        raise ValueError("gold is an integer of too many digits; give it as a str") from None


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, bool):
        raise TypeError('a gold may not be a bool; give "True" or "False" as a str')
    if part is None:
        raise TypeError("gold is None: there is no reference answer")
    text = _number_text(part)
    if text is None:
        raise TypeError(f"gold must be {_WANTED}, not {type(part).__name__}")
    return text


def _alternative(alternative: object) -> tuple[str, ...]:
    if isinstance(alternative, (list, tuple)):
        if not alternative:
            raise ValueError("a gold of no parts has no answer; give at least one")
        return tuple(_part(part) for part in alternative)
    return (_part(alternative),)


@lru_cache(maxsize=512)
def _choice_spec(letters: str, texts: tuple[tuple[str, str], ...]) -> Spec:
    """The letter, and the option's own text where it tells the option from the others."""
    own = dict(texts).get(letters)
    if own is None:
        return ((letters,),)
    native = _core.NativeOptions(Options())

    def right(answer: str, gold: str) -> bool:
        return bool(_core.NativeVerifier(((gold,),), gold, native).equivalent(answer))

    for letter, other in texts:
        if letter != letters and (right(other, own) or right(own, other)):
            return ((letters,),)
    # The engine knows a letter with its text, and then also that "B. 84" is not "B. 42".
    labelled = f"{letters}. {own}"
    if right(letters, labelled) and right(own, labelled):
        return ((labelled,),)
    return ((letters,), (own,))


def _mapping_spec(mapping: Mapping[str, object]) -> Spec:
    alternatives = mapping.get("any_of")
    if len(mapping) == 1 and isinstance(alternatives, (list, tuple)):
        return gold_spec(AnyOf(alternatives))
    letters, texts = mapping.get("choice"), mapping.get("texts", ())
    known = set(mapping) <= {"choice", "texts"} and isinstance(letters, str)
    if known and isinstance(texts, (Mapping, list, tuple)):
        return gold_spec(Choice(str(letters), texts))
    raise ValueError(
        'a gold that is a dict must be {"any_of": [alternative, ...]} or '
        '{"choice": "B", "texts": {"A": text, ...}}'
    )


def _json_spec(text: str) -> Spec | None:
    """Reads a JSON object that is a gold; None when the text is something else, such as a set."""
    if '"any_of"' not in text and '"choice"' not in text:
        return None
    if not text.lstrip().startswith("{"):
        return None
    try:
        # Numbers stay as they are written: 3.10 has three digits.
        value = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if set(value) not in ({"any_of"}, {"choice"}, {"choice", "texts"}):
        return None
    return _mapping_spec(value)


def gold_spec(gold: Gold) -> Spec:
    """Normalises a gold.

    Args:
        gold: Any form of a gold.

    Returns:
        Its alternatives, each a tuple of parts.

    Raises:
        TypeError: The gold is of no such form.
        ValueError: It is empty or NaN.

    Example:
        >>> gold_spec(["x=1", 2]), gold_spec({"any_of": ["1/2", 0.5]})
        ((('x=1', '2'),), (('1/2',), ('0.5',)))
    """
    if isinstance(gold, str):
        return _json_spec(gold) or ((gold,),)
    if isinstance(gold, AnyOf):
        return tuple(_alternative(alternative) for alternative in gold.alternatives)
    if isinstance(gold, Choice):
        return _choice_spec(gold.letters, tuple((name, _part(text)) for name, text in gold.texts))
    if isinstance(gold, Mapping):
        return _mapping_spec(gold)
    return (_alternative(gold),)


def gold_text(spec: Spec) -> str:
    """Writes a gold as one text: itself, or the JSON that `gold_spec` reads back.

    Example:
        >>> gold_text((("7",),)), gold_text((("1", "2"), ("3",)))
        ('7', '{"any_of": [["1", "2"], "3"]}')
    """
    if len(spec) == 1 and len(spec[0]) == 1:
        return spec[0][0]
    alternatives = [parts[0] if len(parts) == 1 else list(parts) for parts in spec]
    return json.dumps({"any_of": alternatives}, ensure_ascii=False)
