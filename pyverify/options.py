"""What a caller may change: the judgement calls of the grading policy, and the limits.

The defaults are the policy and the engine's own; a test holds the two together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias, get_args

__all__ = ["SETTINGS", "Limits", "Options"]

Reasoning: TypeAlias = Literal["auto", "prefilled"]
Boxes: TypeAlias = Literal["joined", "last", "all"]
Units: TypeAlias = Literal["policy", "required", "ignored"]
Pairs: TypeAlias = Literal["auto", "tuple", "interval"]
OnBadGold: TypeAlias = Literal["zero", "raise", "abstain"]

SETTINGS: dict[str, tuple[str, ...]] = {
    "reasoning": get_args(Reasoning),
    "boxes": get_args(Boxes),
    "units": get_args(Units),
    "pairs": get_args(Pairs),
    "on_bad_gold": get_args(OnBadGold),
}
"""The settings of each option that has several, its default first."""

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

    The numbers are the paragraphs of docs/grading.md that an option belongs to.

    Args:
        reasoning: ``"auto"`` follows the tags of the completion; ``"prefilled"`` says that the
            chat template already opened the reasoning block, so that a completion which never
            closes it has no answer (26).
        last_line: Without any answer cue, a value or a choice that stands alone in the last line
            is the answer (27).
        last_number: Prose without any answer cue answers by its last number (27).
        boxes: Which boxes are the answer. ``"joined"``: the last one, and those that its sentence
            joins to it by a comma, "and" or "or"; ``"last"``: that one alone; ``"all"``: every
            box after the reasoning, as one list, whose result names the stretch of text that holds
            them (27).
        require_evaluated: Refuse unevaluated arithmetic such as ``2*3`` for ``6`` (1).
        relative_tolerance: Accepted error of a real constant, as a part of the gold's size; 0 for
            none. A tolerance holds for a bare number and for each entry of a list, set, tuple,
            matrix or quantity (in the gold's unit); not for complex numbers, expressions with
            variables and their coefficients, or the ends of intervals. Integers are no exception
            (2).
        absolute_tolerance: Likewise, as a number. Where both are given the larger one counts (2).
        round_decimals: A decimal gold of three or more significant digits is a rounded value;
            False: it is exact, like any other gold (3).
        percent_either_way: A bare figure above 1 may stand for the same figure in percent (5).
        base_form: A gold in a base, such as ``1010_2``, wants that form; False: the same number in
            another base, or in none, is right too (7).
        units: ``"policy"``: a unit may be missing but not wrong, and is converted;
            ``"required"``: likewise, but a gold with a unit of measurement, a currency or a degree
            sign wants one in the answer; ``"ignored"``: units, currencies and counted nouns fall
            away on both sides and the figures compare as they are written, without conversion (11).
        ordered_lists: Bare lists compare in order (14).
        pairs: What a bare gold ``(a,b)`` or ``[a,b]`` is. ``"auto"``: ``(a,b)`` is whatever the
            answer makes of it, and ``[a,b]`` with a < b an interval; ``"tuple"``: a point;
            ``"interval"``: an interval, if a < b (15, 17).
        choices: A gold of one capital A-J is a multiple-choice letter (21).
        refuse_doubt: Words of doubt in the answer ("maybe 4") make it wrong; False: they don't
            count (24).
        on_bad_gold: What to do with a gold that cannot be used. ``"zero"`` gives the verdict
            ``bad_gold`` and the score 0; ``"raise"`` raises `BadGoldError` as soon as the gold is
            read; ``"abstain"`` gives what ``"zero"`` gives and tells rewards to return nothing.
        seed: Seed of the sample points. No two seeds contradict each other, but one may leave
            undecided what another settles.
        limits: What one verdict may cost.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: An option has the wrong value.

    Example:
        >>> Options(units="required", relative_tolerance=0.01).units
        'required'
    """

    reasoning: Reasoning = "auto"
    last_line: bool = False
    last_number: bool = False
    boxes: Boxes = "joined"
    require_evaluated: bool = False
    relative_tolerance: float = 0.0
    absolute_tolerance: float = 0.0
    round_decimals: bool = True
    percent_either_way: bool = True
    base_form: bool = True
    units: Units = "policy"
    ordered_lists: bool = False
    pairs: Pairs = "auto"
    choices: bool = True
    refuse_doubt: bool = True
    on_bad_gold: OnBadGold = "zero"
    seed: int = 0
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for option in fields(self):
            value = getattr(self, option.name)
            if option.type == "bool" and type(value) is not bool:
                raise TypeError(f"Options.{option.name} must be True or False")
            settings = SETTINGS.get(option.name)
            if settings is not None and value not in settings:
                known = ", ".join(f'"{setting}"' for setting in settings)
                raise ValueError(f"Options.{option.name} must be one of {known}, not {value!r}")
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
