"""The words of the library: verdicts, reasons, options, golds and results.

Nothing here touches the engine, so everything pickles, copies and compares by value. The enums
carry the engine's own names; a test holds the two lists together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Literal, TypeAlias

__all__ = [
    "AnyOf",
    "BadGoldError",
    "CandidateText",
    "Explanation",
    "Extraction",
    "Gold",
    "GoldAlternative",
    "GoldPart",
    "Kind",
    "Limits",
    "Options",
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


# The largest value of each limit. They keep recursion within a thread's stack and one verdict's
# memory within some hundred megabytes, whatever a caller asks for.
_CEILINGS = {
    "scan_bytes": 1 << 30,
    "answer_bytes": 1 << 20,
    "gold_bytes": 1 << 24,
    "depth": 400,
    "nodes": 1 << 18,
    "elements": 1 << 14,
    "literal_bits": 1 << 17,
    "combinatorial": 20_000,
    "boxes": 1 << 16,
    "work": 1 << 31,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one verdict may cost at most; a limit that runs out gives ``Verdict.LIMIT``.

    No limit is a clock: the same input gives the same verdict on any machine.

    Args:
        scan_bytes: Candidates are looked for in the last so many bytes of a completion.
        answer_bytes: A longer answer is not read.
        gold_bytes: A longer gold is refused.
        depth: Nesting of an expression.
        nodes: Nodes of an expression.
        elements: Entries of a list, set or matrix.
        literal_bits: Size of one integer literal or exact intermediate value.
        combinatorial: Largest argument of a factorial or binomial that is multiplied out.
        boxes: Candidate boxes looked at.
        work: Work units of one verdict, about 10 ns each.

    Raises:
        TypeError: A limit is not an int.
        ValueError: A limit is below 1 or above its ceiling.
    """

    scan_bytes: int = 1 << 20
    answer_bytes: int = 8 << 10
    gold_bytes: int = 64 << 10
    depth: int = 160
    nodes: int = 4096
    elements: int = 256
    literal_bits: int = 8 << 10
    combinatorial: int = 3000
    boxes: int = 64
    work: int = 200_000

    def __post_init__(self) -> None:
        for name, ceiling in _CEILINGS.items():
            value = getattr(self, name)
            if type(value) is not int:
                raise TypeError(f"Limits.{name} must be an int, not {type(value).__name__}")
            if not 1 <= value <= ceiling:
                raise ValueError(f"Limits.{name} must be between 1 and {ceiling}, not {value}")


@dataclass(frozen=True, eq=True, kw_only=True)
class Options:
    """The judgement calls of the grading policy; the defaults are the policy.

    Args:
        last_number: Prose without any answer cue answers by its last number.
        reasoning: ``"auto"`` follows the tags of the completion; ``"prefilled"`` says that the
            chat template already opened the reasoning block, so that a completion which never
            closes it has no answer.
        require_evaluated: Refuse unevaluated arithmetic such as ``2*3`` for ``6``.
        percent_either_way: A bare figure above 1 may stand for the same figure in percent.
        choices: A gold of one capital A-J is a multiple-choice letter.
        ordered_lists: Bare lists compare in order.
        relative_tolerance: Accepted relative error, 0 for none.
        absolute_tolerance: Accepted absolute error, 0 for none.
        on_bad_gold: What to do with a gold that cannot be used. ``"zero"`` gives the verdict
            ``bad_gold`` and the score 0; ``"raise"`` raises `BadGoldError` as soon as the gold is
            read; ``"abstain"`` gives what ``"zero"`` gives and tells rewards to return nothing.
        seed: Seed of the sample points; verdicts don't depend on it.
        limits: What one verdict may cost.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: An option has the wrong value.
    """

    last_number: bool = False
    reasoning: Literal["auto", "prefilled"] = "auto"
    require_evaluated: bool = False
    percent_either_way: bool = True
    choices: bool = True
    ordered_lists: bool = False
    relative_tolerance: float = 0.0
    absolute_tolerance: float = 0.0
    on_bad_gold: Literal["zero", "raise", "abstain"] = "zero"
    seed: int = 0
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for name in (
            "last_number",
            "require_evaluated",
            "percent_either_way",
            "choices",
            "ordered_lists",
        ):
            if type(getattr(self, name)) is not bool:
                raise TypeError(f"Options.{name} must be True or False")
        if self.reasoning not in ("auto", "prefilled"):
            raise ValueError(
                f'Options.reasoning must be "auto" or "prefilled", not {self.reasoning!r}'
            )
        if self.on_bad_gold not in ("zero", "raise", "abstain"):
            raise ValueError(
                'Options.on_bad_gold must be "zero", "raise" or "abstain", '
                f"not {self.on_bad_gold!r}"
            )
        for name in ("relative_tolerance", "absolute_tolerance"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise TypeError(f"Options.{name} must be a float")
            if not 0.0 <= value < math.inf:
                raise ValueError(f"Options.{name} must be finite and not negative, not {value!r}")
        if type(self.seed) is not int:
            raise TypeError("Options.seed must be an int")
        if not 0 <= self.seed < 1 << 64:
            raise ValueError("Options.seed must be between 0 and 2**64 - 1")
        if not isinstance(self.limits, Limits):
            raise TypeError("Options.limits must be a Limits")

    # The cache of prepared golds looks options up on every call: hash them once per object. The
    # hash stays out of pickles, because it differs between processes.
    def __hash__(self) -> int:
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = hash(tuple(getattr(self, f.name) for f in fields(self)))
            self.__dict__["_hash"] = known
        return known

    def __getstate__(self) -> dict[str, object]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)


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


Gold: TypeAlias = GoldAlternative | AnyOf | Mapping[str, Sequence[GoldAlternative]]

_EQUAL = Verdict.EQUAL


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
        difference: The first difference found, "" when equal.
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
