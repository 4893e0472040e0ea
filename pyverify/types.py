"""The words of the library: verdicts, reasons, golds and results.

Nothing here touches the engine, so everything pickles, copies and compares by value. The enums
carry the engine's own names, and those of the tiers behind it; a test holds the lists together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

__all__ = [
    "AnyOf",
    "BadGoldError",
    "CandidateText",
    "Choice",
    "Explanation",
    "Extraction",
    "Gold",
    "GoldAlternative",
    "GoldPart",
    "Kind",
    "Reason",
    "Result",
    "Verdict",
]


class _Name(str, Enum):
    """A string enum that prints as its value."""

    def __str__(self) -> str:
        return str(self.value)


class Verdict(_Name):
    """The outcome of one comparison; only ``EQUAL`` is rewarded."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    UNDECIDED = "undecided"
    NO_ANSWER = "no_answer"
    BAD_GOLD = "bad_gold"
    LIMIT = "limit"


class Reason(_Name):
    """Why a verdict was given: a stable, machine-readable code (docs/reasons.md lists them)."""

    NONE = "none"
    # how equality or difference was shown
    TEXT_EXACT = "text_exact"
    RATIONAL = "rational"
    FIELD = "field"
    FIELD_NUMERIC = "field_numeric"
    NUMERIC_DISJOINT = "numeric_disjoint"
    NUMERIC_DD = "numeric_dd"
    NUMERIC_HP = "numeric_hp"
    EXACT = "exact"
    STRUCTURE = "structure"
    TOLERANCE = "tolerance"
    UNIT = "unit"
    CHOICE = "choice"
    # how difference was shown in structure
    KIND_MISMATCH = "kind_mismatch"
    COUNT_MISMATCH = "count_mismatch"
    SYMBOL_MISMATCH = "symbol_mismatch"
    UNIT_MISMATCH = "unit_mismatch"
    FORM_MISMATCH = "form_mismatch"
    NOT_EVALUATED = "not_evaluated"
    UNDEFINED_VALUE = "undefined_value"
    UNSOLVED = "unsolved"
    TAUTOLOGY = "tautology"
    FALSE_CHAIN = "false_chain"
    HEDGED = "hedged"
    MULTIPLE_ANSWERS = "multiple_answers"
    # why nothing could be decided
    UNDECIDED = "undecided"
    UNPARSEABLE = "unparseable"
    UNSUPPORTED = "unsupported"
    AMBIGUOUS = "ambiguous"
    # why there is no answer
    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    IN_REASONING = "in_reasoning"
    UNCLOSED = "unclosed"
    NO_CANDIDATE = "no_candidate"
    # limits
    LIMIT_BYTES = "limit_bytes"
    LIMIT_DEPTH = "limit_depth"
    LIMIT_NODES = "limit_nodes"
    LIMIT_WORK = "limit_work"
    LIMIT_BITS = "limit_bits"
    # not the engine's: the tiers behind it, which are off by default (pyverify.fallback, .judge)
    SYMPY = "sympy"
    JUDGE = "judge"
    UNAVAILABLE = "unavailable"


class Kind(_Name):
    """Where in a completion the answer was found."""

    NONE = "none"
    BOXED = "boxed"
    ANSWER_TAG = "answer_tag"
    HASHES = "hashes"
    CUE = "cue"
    WHOLE_LINE = "whole_line"
    LAST_NUMBER = "last_number"


class BadGoldError(ValueError):
    """The gold is empty or beyond a limit, and ``Options(on_bad_gold="raise")`` asked to be told.

    Attributes:
        reason: What is wrong with the gold.
    """

    def __init__(self, message: str, reason: Reason = Reason.NONE) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[BadGoldError], tuple[str, Reason]]:
        return BadGoldError, (str(self), self.reason)


GoldPart: TypeAlias = str | int | float | Fraction | Decimal
GoldAlternative: TypeAlias = GoldPart | Sequence[GoldPart]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A gold with alternatives: any one of them is right.

    Args:
        alternatives: The alternatives, each one gold or a list of parts which are all wanted.

    Raises:
        TypeError: The alternatives are a string or not iterable.
        ValueError: There is none.

    Example:
        >>> AnyOf(["1/2", ["x=1", "x=2"]]).alternatives
        ('1/2', ('x=1', 'x=2'))
    """

    alternatives: tuple[GoldAlternative, ...]

    def __init__(self, alternatives: Iterable[GoldAlternative]) -> None:
        if isinstance(alternatives, (str, bytes, Mapping)):
            raise TypeError(
                "AnyOf takes a list of alternatives, such as AnyOf(['1/2', '0.5']), "
                f"not a {type(alternatives).__name__}"
            )
        frozen = (tuple(one) if isinstance(one, list) else one for one in alternatives)
        object.__setattr__(self, "alternatives", tuple(frozen))
        if not self.alternatives:
            raise ValueError("AnyOf needs at least one alternative")


_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Choice:
    """A gold that is an option, or several, of a multiple-choice problem.

    With the texts of the options an answer may also give the right one's text, unless another
    option has an equal one. `Options.choices` must be on, as it is by default.

    Args:
        letters: The right option, ``"B"``, or all that are wanted, ``"BD"``.
        texts: The options by letter, or a list of them from A on; () when they aren't known.

    Raises:
        TypeError: The letters are no str, or the texts no mapping or list.
        ValueError: A letter is none of A to J, occurs twice or is missing among the texts.

    Example:
        >>> Choice("B", texts={"A": "3", "B": "42"}).texts
        (('A', '3'), ('B', '42'))
    """

    letters: str
    texts: tuple[tuple[str, GoldPart], ...]

    def __init__(
        self, letters: str, texts: Mapping[str, GoldPart] | Sequence[GoldPart] = ()
    ) -> None:
        if not isinstance(letters, str):
            raise TypeError(f"Choice takes letters as a str, not {type(letters).__name__}")
        if isinstance(texts, (str, bytes)) or not isinstance(texts, (Mapping, Sequence)):
            raise TypeError("the texts of a Choice are a dict by letter, or a list from A on")
        if not isinstance(texts, Mapping):
            if len(texts) > len(_LETTERS):
                raise ValueError(f"a Choice has at most {len(_LETTERS)} options")
            texts = dict(zip(_LETTERS, texts, strict=False))
        for letter in (*letters, *texts):
            if len(letter) != 1 or letter not in _LETTERS:
                raise ValueError(f"the options of a Choice are A to J, not {letter!r}")
        if not letters or len(set(letters)) != len(letters):
            raise ValueError(f"a Choice takes letters, each one once, not {letters!r}")
        if texts and not set(letters) <= set(texts):
            raise ValueError(f"the texts of a Choice are for {''.join(texts)}, not for {letters}")
        object.__setattr__(self, "letters", letters)
        object.__setattr__(self, "texts", tuple(texts.items()))


Gold: TypeAlias = GoldAlternative | AnyOf | Choice | Mapping[str, object]

_EQUAL = Verdict.EQUAL
_TIERS = {Reason.SYMPY: "sympy", Reason.JUDGE: "judge", Reason.UNAVAILABLE: "judge"}


@dataclass(frozen=True, slots=True)
class Result:
    """One verdict. ``bool(result)`` is ``result.verdict is Verdict.EQUAL``.

    Attributes:
        verdict: The outcome.
        reason: Why, as a stable code.
        score: 1.0 for ``EQUAL``, else 0.0.
        answer: The answer as the completion gives it, ``None`` where there is none.
        gold: The gold as text; golds with parts or alternatives as JSON ``{"any_of": …}``.
        span: Where the answer stands, in characters: ``completion[span[0]:span[1]]``.
        kind: How the answer was marked.
        unevaluated: Equal, but arithmetic was left undone (``2*3`` for ``6``).
        work: Work units spent; the same on every machine.
    """

    verdict: Verdict
    reason: Reason
    score: float
    answer: str | None
    gold: str
    span: tuple[int, int] | None
    kind: Kind
    unevaluated: bool
    work: int

    def __bool__(self) -> bool:
        return self.verdict is _EQUAL

    @property
    def tier(self) -> str:
        """Who was asked last: ``"engine"``, or ``"sympy"`` or ``"judge"`` behind it.

        Those are `pyverify.fallback` and `pyverify.judge`.
        """
        return _TIERS.get(self.reason, "engine")


@dataclass(frozen=True, slots=True)
class Extraction:
    """The final answer of a completion. ``bool(extraction)`` says whether there is one.

    Attributes:
        answer: The answer as the completion gives it, ``None`` where there is none.
        span: Where it stands, in characters.
        kind: How it was marked.
        reason: ``Reason.NONE``, or why there is no answer.
        parts: The texts of several boxes joined in the final sentence, else empty.
        work: Work units spent.
    """

    answer: str | None
    span: tuple[int, int] | None
    kind: Kind
    reason: Reason
    parts: tuple[str, ...]
    work: int

    def __bool__(self) -> bool:
        return self.answer is not None


@dataclass(frozen=True, slots=True)
class CandidateText:
    """A place of a completion that could have been its final answer.

    Attributes:
        text: What stands there.
        span: Where, in characters.
        kind: How it was marked.
    """

    text: str
    span: tuple[int, int]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a verdict came about. ``str(explanation)`` is a readable report.

    Attributes:
        result: The verdict.
        candidates: Every candidate answer in text order.
        gold_form: The gold as the engine read it.
        answer_form: The answer as the engine read it.
        difference: The first difference found, each side named; "" when equal.
    """

    result: Result
    candidates: tuple[CandidateText, ...]
    gold_form: str
    answer_form: str
    difference: str

    def __bool__(self) -> bool:
        return bool(self.result)

    def __str__(self) -> str:
        result = self.result
        lines = [f"verdict     {result.verdict} ({result.reason})"]
        if result.unevaluated:
            lines.append("            equal, but left unevaluated")
        lines.append(f"gold        {result.gold}")
        if self.gold_form:
            lines.append(f"  read as   {self.gold_form}")
        lines.append(f"answer      {'(none)' if result.answer is None else result.answer}")
        if self.answer_form:
            lines.append(f"  read as   {self.answer_form}")
        if result.span is not None:
            lines.append(f"  found     {result.kind}, characters {result.span[0]}-{result.span[1]}")
        if self.difference:
            lines.append(f"difference  {self.difference}")
        for candidate in self.candidates:
            begin, end = candidate.span
            lines.append(f"candidate   {candidate.kind} {begin}-{end}: {candidate.text}")
        lines.append(f"work        {result.work}")
        return "\n".join(lines)
