r"""Looks at golds before anyone trains on them: what they are read as, and what is wrong with them.

A gold that reads badly costs silently: every response to its prompt scores 0, or the wrong ones
score 1. Each gold is read as the engine reads it, then asked whether it is itself: bare, in
``$…$``, in a box, with other brackets and spaces, and without the shortcut for equal texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from pyverify import Options, Reason, Result, Verdict, _core
from pyverify.evaluate.ambiguity import ambiguities
from pyverify.golds import gold_spec, gold_text
from pyverify.io import Gold
from pyverify.reading import Reading, read_tree

__all__ = ["Finding", "Level", "Lint", "Status", "lint_gold"]


class Status(str, Enum):
    """What was found; the gravest first."""

    EMPTY = "empty"
    LIMIT = "limit"
    UNPARSEABLE = "unparseable"
    UNDEFINED = "undefined"
    NOT_ITSELF = "not_itself"
    OPERATOR = "operator"
    AMBIGUOUS = "ambiguous"
    PARTS = "parts"
    TEXT = "text"
    OK = "ok"


class Level(str, Enum):
    """How grave it is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OK = "ok"


_LEVELS = {
    Status.EMPTY: Level.ERROR,
    Status.LIMIT: Level.ERROR,
    Status.UNPARSEABLE: Level.ERROR,
    Status.UNDEFINED: Level.ERROR,
    Status.NOT_ITSELF: Level.ERROR,
    Status.OPERATOR: Level.WARNING,
    Status.AMBIGUOUS: Level.WARNING,
    Status.PARTS: Level.WARNING,
    Status.TEXT: Level.NOTE,
    Status.OK: Level.OK,
}

ADVICE = {
    Status.EMPTY: "give an answer, or leave the row out",
    Status.LIMIT: "shorten it: no response can be compared with it",
    Status.UNPARSEABLE: "write it as maths alone: only the same words would be right",
    Status.UNDEFINED: "give a value: nothing equals this",
    Status.NOT_ITSELF: "rewrite it and report it: a right response may score 0",
    Status.OPERATOR: "give the value: a closed form may stay undecided",
    Status.AMBIGUOUS: "write what is meant, with braces, brackets or words",
    Status.PARTS: 'all parts are wanted; for alternatives use {"any_of": [...]}',
    Status.TEXT: "fine where the answer is a word: content words must agree",
    Status.OK: "",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a gold.

    Attributes:
        status: What it is.
        message: In what way.
        readings: Of an ambiguous gold: the reading that is taken, then the other.
    """

    status: Status
    message: str
    readings: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """How grave it is."""
        return _LEVELS[self.status]


@dataclass(slots=True)
class Lint:
    """What is known about one gold.

    Attributes:
        gold: The gold as text.
        form: How it is read.
        findings: What was found, the gravest first; empty when all is well.
    """

    gold: str
    form: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """The status of the gravest finding."""
        return self.findings[0].status if self.findings else Status.OK

    @property
    def level(self) -> Level:
        """The level of the gravest finding."""
        return _LEVELS[self.status]


def lint_gold(gold: Gold | None, *, options: Options | None = None, choices: bool = False) -> Lint:
    r"""Examines one gold.

    Args:
        gold: The gold; None where a row has none.
        options: The options that will be trained with.
        choices: A lone capital is a choice here, beyond doubt.

    Returns:
        What was found. A gold never raises.

    Example:
        >>> lint_gold(r"\frac{1}{2}").status.value, lint_gold("(1,2)").status.value
        ('ok', 'ambiguous')
    """
    chosen = Options() if options is None else options
    try:
        spec = gold_spec(gold) if gold is not None else ()
    except (TypeError, ValueError) as error:
        return Lint(str(gold)[:400], findings=[Finding(Status.EMPTY, str(error))])
    if not spec:
        return Lint("", findings=[Finding(Status.EMPTY, "the row has no gold")])
    lint = Lint(gold_text(spec))
    forms = []
    for parts in spec:
        readings = [read_tree(part, chosen) for part in parts]
        forms.append(" and ".join(reading.form for reading in readings))
        for part, reading in zip(parts, readings, strict=True):
            lint.findings.extend(_part(part, reading, chosen, choices=choices))
        lint.findings.extend(_parts(parts, readings))
        if not any(finding.level is Level.ERROR for finding in lint.findings):
            lint.findings.extend(_itself(parts, readings, chosen))
    lint.form = " | ".join(forms)
    order = list(Status)
    lint.findings.sort(key=lambda finding: order.index(finding.status))
    return lint


def _part(text: str, reading: Reading, options: Options, *, choices: bool) -> Iterator[Finding]:
    problem = reading.problem
    if problem is Reason.EMPTY:
        yield Finding(Status.EMPTY, "no text")
        return
    if problem.value.startswith("limit"):
        yield Finding(Status.LIMIT, f"a limit ran out: {problem.value}")
        return
    if reading.kind in ("", "text") and _is_choice(text, options):
        return
    found = ambiguities(text, reading, choices=options.choices and not choices)
    if problem is not Reason.NONE:
        sign = _maths_sign(text)
        if problem is Reason.AMBIGUOUS:
            yield Finding(Status.AMBIGUOUS, "the digits before the dots have no clear period")
        elif sign and not found:
            yield Finding(Status.UNPARSEABLE, f"read only as text, although it holds {sign!r}")
        else:
            yield Finding(Status.TEXT, "read as words")
    elif reading.kind == "text":
        yield Finding(Status.TEXT, "read as words")
    for one in found:
        message = f"{one.what}: read as {one.taken}; it could be {one.other}"
        yield Finding(Status.AMBIGUOUS, message, (one.taken, one.other))
    operators = sorted({held for kind, held, _ in reading.nodes if kind == "operator"})
    if operators:
        yield Finding(Status.OPERATOR, f"holds an operator: {', '.join(operators)}")


def _is_choice(text: str, options: Options) -> bool:
    """Choices with their texts and numbered statements are forms of their own, no maths."""
    native = _core.NativeVerifier(((text,),), text, _core.NativeOptions(options))
    return native.equivalent(text).reason is Reason.CHOICE


def _parts(parts: tuple[str, ...], readings: list[Reading]) -> Iterator[Finding]:
    if len(parts) > 1:
        yield Finding(Status.PARTS, f"{len(parts)} parts")
        return
    if readings[0].kind == "list":
        yield Finding(Status.PARTS, f"a list of {len(readings[0].nodes[-1][2])}")
        return
    text = parts[0].casefold()
    for first, second in (("(a)", "(b)"), ("(i)", "(ii)"), ("a)", "b)"), ("(1)", "(2)")):
        if first in text and second in text[text.index(first) :] and readings[0].nodes == ():
            yield Finding(Status.PARTS, f"numbered parts: {first} and {second}")
            return


_SIGNS = frozenset("^_=<>+*/|≤≥≠±√∞∫∑π·×÷²³")
_TEXT_COMMANDS = ("text", "textbf", "textit", "mathrm", "mbox", "quad", "qquad", "boxed")


def _maths_sign(text: str) -> str:
    """What in a text says that it means to be maths; "" when nothing does."""
    i = 0
    digit = ""
    while i < len(text):
        character = text[i]
        if character == "\\":
            end = i + 1
            while end < len(text) and text[end].isalpha():
                end += 1
            if end > i + 1 and text[i + 1 : end] not in _TEXT_COMMANDS:
                return text[i:end]
            if text[i + 1 : end] in _TEXT_COMMANDS[:5] and text[end : end + 1] == "{":
                close = text.find("}", end)
                end = len(text) if close < 0 else close + 1
            i = max(end, i + 1)
            continue
        if character in _SIGNS:
            return character
        if character.isdecimal() and not digit:
            digit = character
        i += 1
    return digit


def _itself(parts: tuple[str, ...], readings: list[Reading], options: Options) -> Iterator[Finding]:
    """Compares a gold with itself as responses will write it."""
    native = _core.NativeVerifier(
        (parts,), ", ".join(parts), _core.NativeOptions(options, text_shortcut=False)
    )
    text = ", ".join(parts)
    maths = all(reading.kind not in ("", "text") for reading in readings)
    for name, written, boxed in _spellings(text, maths=maths):
        result = native.verify(written) if boxed else native.equivalent(written)
        if result.verdict is Verdict.EQUAL:
            continue
        if name == "as it stands" and result.reason is Reason.UNDEFINED_VALUE:
            yield Finding(Status.UNDEFINED, "it has no value")
        elif result.verdict is Verdict.LIMIT:
            yield Finding(Status.LIMIT, f"a limit ran out: {result.reason.value}")
        elif not any(reading.holds("operator") for reading in readings):
            yield Finding(Status.NOT_ITSELF, f"{name}, it is {_outcome(result)}")
        return


def _outcome(result: Result) -> str:
    return f"{result.verdict.value} ({result.reason.value}) to itself"


def _spellings(text: str, *, maths: bool) -> Iterator[tuple[str, str, bool]]:
    yield "as it stands", text, False
    dollars = "$" in text or "\\(" in text or "\\[" in text or "\\boxed" in text
    if maths and not dollars:
        yield "between dollars", f"${text}$", False
    if not text.rstrip().endswith((".", "…", "!", "\\")):
        yield "with spaces and a full stop", f"  {text} .", False
    if maths and (other := _brackets(text)) != text:
        yield "with \\left and \\right added or taken away", other, False
    if "\\boxed" not in text:
        yield "in a box", f"So the answer is \\boxed{{{text}}}.", True


def _brackets(text: str) -> str:
    if "\\left" in text:
        if any(name in text for name in ("\\left.", "\\right.", "\\lefta", "\\leftr", "\\righta")):
            return text  # half a pair, or an arrow
        return text.replace("\\left", "").replace("\\right", "")
    if text.count("(") != text.count(")") or "\\(" in text or "\\big" in text.casefold():
        return text
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return text  # a bracket that closes before it opens: an interval's end
    return text.replace("(", "\\left(").replace(")", "\\right)")
