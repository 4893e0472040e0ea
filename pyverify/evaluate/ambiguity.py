r"""Golds that print allows two readings of: what they are, and which one the engine settles on.

The engine reads every such gold in one documented way (docs/grading.md). A person who wrote it may
have meant the other one, so a linter asks. Everything here looks at characters, one pass each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pyverify.reading import Reading

_FUNCTIONS = frozenset(
    (
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "arcsin",
        "arccos",
        "arctan",
        "ln",
        "log",
        "lg",
        "exp",
    )
)
# What may stand behind a factor without being one.
_NO_FACTORS = frozenset(
    (
        "cdot",
        "times",
        "div",
        "pm",
        "mp",
        "le",
        "leq",
        "ge",
        "geq",
        "ne",
        "neq",
        "approx",
        "equiv",
        "in",
        "to",
        "cup",
        "cap",
        "setminus",
        "mid",
        "text",
        "mathrm",
        "right",
        "left",
        "quad",
        "qquad",
        "and",
        "or",
        "circ",
        "degree",
        "end",
        "rightarrow",
        "implies",
    )
)
_UNIT_LETTERS = frozenset("mgshLlVWNJKCAT")
_CHOICES = frozenset("ABCDEFGHIJ")


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """One place with two readings.

    Attributes:
        what: What is ambiguous.
        taken: The reading that the engine settles on.
        other: The other one.
    """

    what: str
    taken: str
    other: str


def ambiguities(text: str, reading: Reading, *, choices: bool = True) -> list[Ambiguity]:
    """Every ambiguity of a gold that was noticed.

    Args:
        text: The gold.
        reading: How the engine reads it.
        choices: Whether a lone capital is worth a remark.

    Example:
        >>> from pyverify.reading import read_tree
        >>> [(a.taken, a.other) for a in ambiguities("1/2x", read_tree("1/2x"))]
        [('(1/2)x', '1/(2x)')]
    """
    bare = text.strip().strip("$").strip()
    found = [
        *_times(bare),
        *_commas(bare),
        *(_letters(bare) if choices else ()),
    ]
    if reading.kind in ("", "text"):
        return found
    if not reading.holds("quantity") and not reading.holds("text"):
        found.extend(_slashes(bare))
    found.extend(_arguments(bare))
    found.extend(_exponents(bare))
    found.extend(_pairs(bare, reading))
    found.extend(_units(bare, reading))
    return found


def _letters(text: str) -> Iterator[Ambiguity]:
    if text in _CHOICES:
        yield Ambiguity(f"the letter {text}", f"choice {text}", f"a variable named {text}")


def is_choice_letter(text: str) -> bool:
    """Whether a gold is nothing but the capital of a choice."""
    return text.strip().strip("$").strip().strip("()") in _CHOICES


def _times(text: str) -> Iterator[Ambiguity]:
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return
    if len(hours) <= 2 and int(hours) < 24 and int(minutes) < 60:
        yield Ambiguity(text, f"the time {text}", f"the ratio of {hours} to {minutes}")


def _commas(text: str) -> Iterator[Ambiguity]:
    whole, comma, rest = text.partition(",")
    if comma and whole.lstrip("-").isdecimal() and rest.isdecimal() and len(rest) != 3:
        yield Ambiguity(text, f"the list of {whole} and {rest}", f"the number {whole}.{rest}")
        return
    depth = 0
    groups: list[tuple[str, int]] = []
    commas = 0
    i = 0
    while i < len(text):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
        elif text[i] == "," and text[i - 1 : i] != "{":
            commas += 1
        elif text[i].isdecimal():
            end = _grouped(text, i)
            if "," in text[i:end]:
                groups.append((text[i:end], depth))
            i = end
            continue
        i += 1
    # With several commas the others show what they mean: (2,251,252) is a triple.
    if len(groups) != 1:
        return
    group, inside = groups[0]
    parts = " and ".join(group.split(","))
    number = group.replace(",", "")
    if inside > 0 and commas == 0 and group.count(",") == 1:
        yield Ambiguity(group, f"{parts}, between brackets", f"the number {number}")
    elif inside == 0 and commas > 0:
        yield Ambiguity(group, f"the number {number}, in a list", parts)


def _grouped(text: str, start: int) -> int:
    """The end of the digits at `start`, with groups of exactly three behind commas."""
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    if end - start > 3:
        return end
    while text[end : end + 1] == "," and text[end + 1 : end + 4].isdecimal():
        if len(text[end + 1 : end + 4]) < 3 or text[end + 4 : end + 5].isdecimal():
            break
        end += 4
    return end


def _slashes(text: str) -> Iterator[Ambiguity]:
    for i, character in enumerate(text):
        if character != "/":
            continue
        end = _factor(text, i + 1)
        if end == i + 1 or (text[i + 1 : end] == "d" and text[end : end + 1].isalpha()):
            continue  # nothing to divide by, or dy/dx
        after = _factor(text, end)
        if after == end:
            continue
        start = i
        while start > 0 and (text[start - 1].isalnum() or text[start - 1] in ".\\"):
            start -= 1
        above, below, rest = text[start:i], text[i + 1 : end], text[end:after]
        yield Ambiguity(text[start:after], f"({above}/{below}){rest}", f"{above}/({below}{rest})")


def _factor(text: str, start: int) -> int:
    """The end of the factor that begins right at `start`; `start` itself when none does."""
    first = text[start : start + 1]
    if first.isdecimal():
        end = start
        while end < len(text) and (text[end].isdecimal() or text[end] == "."):
            end += 1
    elif first.isalpha():
        end = start + 1
    elif first and first in "({":
        end = _closing(text, start)
    elif first == "\\" and text[start + 1 : start + 2].isalpha():
        end = start + 1
        while end < len(text) and text[end].isalpha():
            end += 1
        if text[start + 1 : end] in _NO_FACTORS:
            return start
        while text[end : end + 1] == "{":
            end = _closing(text, end)
    else:
        return start
    if text[end : end + 1] == "^":
        inner = _factor(text, end + 1)
        end = inner if inner > end + 1 else end
    return end


def _closing(text: str, start: int) -> int:
    depth = 0
    for i in range(start, len(text)):
        if text[i] in "({[":
            depth += 1
        elif text[i] in ")}]":
            depth -= 1
            if depth == 0:
                return i + 1
    return len(text)


def _arguments(text: str) -> Iterator[Ambiguity]:
    i = text.find("\\")
    while i >= 0:
        end = i + 1
        while end < len(text) and text[end].isalpha():
            end += 1
        name = text[i + 1 : end]
        if name in _FUNCTIONS:
            yield from _argument(text, name, end)
        i = text.find("\\", max(end, i + 1))


def _argument(text: str, name: str, start: int) -> Iterator[Ambiguity]:
    while text[start : start + 1] == " ":
        start += 1
    first = text[start : start + 1]
    if first in ("", "(", "{", "^", "_") or text.startswith("\\left", start):
        return
    end = _factor(text, start)
    while end > start and (further := _factor(text, end)) > end and text[end] != "(":
        end = further
    space = end
    while text[space : space + 1] == " ":
        space += 1
    after = _factor(text, space)
    follows = text[space : space + 1]
    if end == start or after == space or follows == "\\" or (space == end and follows != "("):
        return
    inner, rest = text[start:end], text[space:after]
    apart, joined = f"{name}({inner})*{rest}", f"{name}({inner}*{rest})"
    bracket = follows == "("
    yield Ambiguity(
        f"\\{name} {inner} {rest}",
        apart if bracket else joined,
        joined if bracket else apart,
    )


def _exponents(text: str) -> Iterator[Ambiguity]:
    if "\\" not in text and "{" not in text:
        return  # plain text: the exponent is the whole number, nobody would write it otherwise
    for i, character in enumerate(text):
        if character == "^" and text[i + 1 : i + 3].isdecimal() and len(text[i + 1 : i + 3]) == 2:
            end = i + 1
            while end < len(text) and text[end].isdecimal():
                end += 1
            one, rest = text[i + 1], text[i + 2 : end]
            what = f"^{text[i + 1 : end]}"
            yield Ambiguity(what, f"^{{{one}}}{rest}, as TeX sets it", f"^{{{one}{rest}}}")


def _pairs(text: str, reading: Reading) -> Iterator[Ambiguity]:
    if reading.kind not in ("tuple", "bracket") or len(reading.nodes[-1][2]) != 2:
        return
    opening = text.replace("\\left", "").replace("\\quad", "").lstrip()
    if not opening.startswith(("(", "[")):
        return  # a vector by its components
    if any(kind in ("symbol", "infinity") for kind, _, _ in reading.nodes):
        return
    low, high = (_value(reading, operand) for operand in reading.nodes[-1][2])
    if low is not None and high is not None and low >= high:
        return
    if reading.kind == "tuple":
        yield Ambiguity(
            text, "a point, or the interval where the answer is one", "one of them only"
        )
    else:
        yield Ambiguity(text, "the closed interval", "the list of two")


def _value(reading: Reading, at: int) -> Fraction | None:
    kind, text, operands = reading.nodes[at]
    if kind == "number":
        digits, _, exponent = text.partition("e")
        power = int(exponent or "0")
        if len(digits) > 300 or abs(power) > 300:
            return None
        return Fraction(int(digits)) * Fraction(10) ** power
    parts = [_value(reading, operand) for operand in operands] if kind in ("neg", "div") else []
    if not parts or any(part is None for part in parts):
        return None
    values = [part for part in parts if part is not None]
    if kind == "neg":
        return -values[0]
    return values[0] / values[1] if values[1] else None


def _units(text: str, reading: Reading) -> Iterator[Ambiguity]:
    if reading.kind != "mul" or text[-1:] not in _UNIT_LETTERS:
        return
    left, right = reading.nodes[-1][2]
    if reading.nodes[left][0] != "number" or reading.nodes[right][0] != "symbol":
        return
    number = text[:-1]
    if number.endswith((" ", "\\,", "~")):
        figure = number.rstrip(" ~,\\")
        letter = text[-1]
        yield Ambiguity(text, f"{figure} times {letter}", f"{figure} of the unit {letter}")
