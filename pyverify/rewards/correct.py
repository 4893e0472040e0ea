"""Rewards for right answers, all over the engine's verdict."""

from __future__ import annotations

import operator
import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from pyverify.golds import gold_spec
from pyverify.options import Options
from pyverify.presets import PRESETS, preset
from pyverify.rewards.base import Bounds, Primitive
from pyverify.rewards.marks import PLACES, stands_there
from pyverify.rewards.numbers import number
from pyverify.rewards.samples import Samples, Values
from pyverify.types import Choice as ChoiceGold
from pyverify.types import Gold, Kind, Reason, Result, Verdict
from pyverify.verify import equivalent

if TYPE_CHECKING:
    from pyverify.judge import Judge

__all__ = ["Choice", "Correctness", "Graded", "Tolerance", "VerdictReward"]


@dataclass(frozen=True, repr=False, kw_only=True)
class VerdictReward(Primitive):
    """What rewards over a verdict have in common.

    Attributes:
        preset: The judgement calls, by name (`pyverify.PRESETS`); ``"strict"`` is made for
            training.
        options: Judgement calls that differ from the preset's; None for the preset's own.
        marks: Where an answer must stand to count, such as ``("boxed",)`` or ``("hashes",)``
            (`pyverify.Kind`); () for anywhere. An answer elsewhere counts as none, unless it only
            says again what stands there.
        judge: Asked about answers that the engine leaves undecided or cannot parse.
    """

    preset: str = "strict"
    options: Options | None = None
    marks: tuple[str, ...] = ()
    judge: Judge | None = None

    judges: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        usual = preset(self.preset)
        if self.options is not None and not isinstance(self.options, Options):
            raise TypeError(f"options must be pyverify.Options, not {type(self.options).__name__}")
        if self.judge is not None and not hasattr(self.judge, "resolve_batch"):
            raise TypeError(f"judge must be a pyverify.judge.Judge, not {self.judge!r}")
        if self.options == usual:
            object.__setattr__(self, "options", None)
        # "boxed" would be five marks of a letter each: a lone text is a tuple of one.
        given: object = self.marks
        marks = (given,) if isinstance(given, str) else tuple(self.marks)
        for mark in marks:
            if mark not in tuple(PLACES):
                raise ValueError(f"marks are {', '.join(PLACES)}, not {mark!r}")
        object.__setattr__(self, "marks", tuple(str(mark) for mark in marks))

    @property
    def judged_by(self) -> Options:
        """The judgement calls that hold."""
        return PRESETS[self.preset].options if self.options is None else self.options

    def read(self, samples: Samples) -> None:
        """Finds the verdicts."""
        samples.results(self.judged_by, self.judge)

    def values(self, samples: Samples) -> Values:
        """A number for each verdict; None where nothing can be said."""
        options = self.judged_by
        results = samples.results(options, self.judge)
        lost = Verdict.BAD_GOLD if options.on_bad_gold == "abstain" else None
        if not self.marks:
            return self.all_values(results, lost)
        return [
            None if _abstains(result, lost) or result is None else self.value(result, not marked)
            for result, marked in zip(results, self._marked(samples, results), strict=True)
        ]

    def _marked(self, samples: Samples, results: list[Result | None]) -> Iterator[bool]:
        """Whether an answer stands where it has to, or stands there as well."""
        golds = samples.answers_for(self.name)
        reasoning = self.judged_by.reasoning
        # Where there is no such mark at all, nothing has to be read again.
        there = [not {"boxed", "hashes"}.issuperset(self.marks)] * len(samples)
        if "boxed" in self.marks:
            there = list(map(operator.or_, there, samples.has_box(reasoning)))
        if "hashes" in self.marks:
            there = list(map(operator.or_, there, samples.has_hashes(reasoning)))
        for text, gold, result, mark in zip(samples.texts, golds, results, there, strict=True):
            if result is None or gold is None or result.kind.value in self.marks:
                yield True
            else:
                yield mark and stands_there(result, text, gold, self.marks, self.judged_by)

    def all_values(self, results: list[Result | None], lost: Verdict | None) -> Values:
        """A number for each verdict, whatever marked the answer; None for the verdict `lost`."""
        return [
            None if _abstains(result, lost) or result is None else self.value(result, False)
            for result in results
        ]

    @abstractmethod
    def value(self, result: Result, unmarked: bool) -> float:
        """The number for one verdict.

        Args:
            result: The verdict.
            unmarked: The answer doesn't stand where it has to.
        """


def _abstains(result: Result | None, lost: Verdict | None) -> bool:
    """Whether nothing can be said: no gold, one that cannot be used, no judge."""
    return result is None or result.verdict is lost or result.reason is Reason.UNAVAILABLE


class _RightOrWrong(VerdictReward):
    """1 for the right answer, 0 for any other."""

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    def value(self, result: Result, unmarked: bool) -> float:
        """1 or 0."""
        return 0.0 if unmarked else result.score


_EQUAL, _NOT_EQUAL = Verdict.EQUAL, Verdict.NOT_EQUAL


@dataclass(frozen=True, repr=False)
class Correctness(_RightOrWrong):
    r"""1 where the final answer is the gold, else 0.

    Formula: ``1 if verdict is equal else 0``. Range: {0, 1}. Undecided, unparseable and missing
    answers are not right: 0. Abstains without a usable gold (under the preset ``"strict"``), and
    where a judge was asked and couldn't be had.

    Example:
        >>> Correctness()(r"so \boxed{0.5}", gold=r"\frac12")
        1.0
    """

    kind = "correctness"

    @property
    def formula(self) -> str:
        """The one case that counts."""
        where = f" in {' or '.join(PLACES[mark] for mark in self.marks)}" if self.marks else ""
        by = "" if self.preset == "strict" else f" ({self.preset})"
        return f"1 if the answer{where} is right{by} else 0"

    def all_values(self, results: list[Result | None], lost: Verdict | None) -> Values:
        """As ever, with the two usual cases first: this is every reward's inner loop."""
        return [
            None
            if result is None
            else 1.0
            if (verdict := result.verdict) is _EQUAL
            else 0.0
            if verdict is _NOT_EQUAL or not _abstains(result, lost)
            else None
            for result in results
        ]


@dataclass(frozen=True, repr=False)
class Graded(VerdictReward):
    r"""Three grades: no answer that can be read, a wrong one, the right one.

    Formula: `unparseable` without an answer, or with one that is no mathematics the engine reads,
    is beyond a limit, or is a line of words and all of the response; `right` if the verdict is
    equal; else `wrong`, undecided answers included.
    Abstains like `Correctness`; a gold that cannot be used counts as `wrong` if the options say
    ``on_bad_gold="zero"``.

    Attributes:
        unparseable: The grade without a readable answer.
        wrong: The grade of an answer that isn't right.
        right: The grade of the right answer.

    Raises:
        ValueError: The grades don't rise.

    Example:
        >>> Graded(-1, 0, 100)(["I give up.", r"\boxed{3}", r"\boxed{4}"], gold="4")
        [-1.0, 0.0, 100.0]
    """

    unparseable: float = -1.0
    wrong: float = 0.0
    right: float = 1.0

    kind = "graded"

    def __post_init__(self) -> None:
        super().__post_init__()
        for grade in ("unparseable", "wrong", "right"):
            object.__setattr__(self, grade, number(getattr(self, grade), grade))
        if not self.unparseable <= self.wrong <= self.right:
            raise ValueError("the grades must rise: unparseable ≤ wrong ≤ right")

    @property
    def bounds(self) -> Bounds:
        """From the lowest grade to the highest."""
        return self.unparseable, self.right

    @property
    def formula(self) -> str:
        """The three cases."""
        return f"{self.unparseable:g} unparseable, {self.wrong:g} wrong, {self.right:g} right"

    def value(self, result: Result, unmarked: bool) -> float:
        """One of the grades."""
        if unmarked or result.verdict is Verdict.NO_ANSWER or result.verdict is Verdict.LIMIT:
            return self.unparseable
        if result.verdict is Verdict.EQUAL:
            return self.right
        if result.reason is Reason.UNPARSEABLE or _is_remark(result):
            return self.unparseable
        return self.wrong


# A text beside a gold that is none, and letters multiplied: "give" is g·i·v·e to the engine.
_OF_REMARKS = (Reason.KIND_MISMATCH, Reason.FIELD)


def _is_remark(result: Result) -> bool:
    """Whether a response that is one line only says something, such as "I give up."."""
    if result.kind is not Kind.WHOLE_LINE or result.reason not in _OF_REMARKS:
        return False
    answer = result.answer or ""
    if any(c.isdigit() or c in "\\=<>+*/^" for c in answer):
        return False
    words = answer.split()
    # Chinese has no spaces: three characters say something.
    several = sum("\u3040" <= c <= "\u9fff" for c in answer) > 2
    return several or (len(words) > 1 and any(len(word) > 2 for word in words))


@dataclass(frozen=True, repr=False)
class Tolerance(_RightOrWrong):
    r"""1 where a numeric answer is near enough to the gold, else 0.

    Formula: ``1 if |answer - gold| ≤ max(relative·|gold|, absolute) else 0``; what isn't numeric
    has to be equal as ever. Range: {0, 1}. Holds for a bare number and for each entry of a list,
    tuple, matrix or quantity; whole numbers are no exception. Abstains like `Correctness`.

    Attributes:
        relative: Accepted error as a part of the gold's size.
        absolute: Accepted error as a number.

    Raises:
        ValueError: An error is negative or not finite, or both are 0.

    Example:
        >>> Tolerance(0.01)([r"\boxed{3.10}", r"\boxed{3.12}"], gold=r"\pi")
        [0.0, 1.0]
    """

    relative: float = 0.0
    absolute: float = 0.0

    kind = "tolerance"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.relative and not self.absolute:
            raise ValueError("Tolerance needs relative=… or absolute=…; Correctness has neither")
        self.judged_by  # noqa: B018  # checks the two numbers

    @property
    def judged_by(self) -> Options:
        """The judgement calls with the tolerance."""
        return replace(
            super().judged_by,
            relative_tolerance=number(self.relative, "relative"),
            absolute_tolerance=number(self.absolute, "absolute"),
            # The caller said how near is near enough: the gold's own digits no longer do.
            round_decimals=False,
        )

    @property
    def formula(self) -> str:
        """The wider of the two errors."""
        sizes = [f"{self.relative:g}·|gold|"] if self.relative else []
        sizes += [f"{self.absolute:g}"] if self.absolute else []
        size = sizes[0] if len(sizes) == 1 else f"max({', '.join(sizes)})"
        return f"1 if |answer - gold| ≤ {size} else 0"


@dataclass(frozen=True, repr=False)
class Choice(_RightOrWrong):
    """1 where the right option of a multiple-choice problem is chosen, else 0.

    Formula: ``1 if the letters chosen are the gold's else 0``. Range: {0, 1}. The gold is a letter
    or several ("B", "BD"), or `pyverify.Choice` with the options' texts, by which the text of the
    right option is right as well. Abstains like `Correctness`, and where the gold is no option:
    then the problem isn't multiple choice.

    Attributes:
        letters: The options there are.

    Raises:
        ValueError: A letter is none of A to J.

    Example:
        >>> Choice("ABCD")(["The answer is (B).", "B or C"], gold="B")
        [1.0, 0.0]
    """

    letters: str = "ABCDEFGHIJ"
    preset: str = field(default="choice", kw_only=True)

    kind = "choice"

    def __post_init__(self) -> None:
        super().__post_init__()
        ChoiceGold(self.letters)  # raises for what is no letter

    @property
    def judged_by(self) -> Options:
        """The judgement calls; letters are choices in any case."""
        return replace(super().judged_by, choices=True)

    @property
    def formula(self) -> str:
        """The one case that counts."""
        return f"1 if the letters chosen from {self.letters} are the gold's else 0"

    def values(self, samples: Samples) -> Values:
        """1, 0, or None where the gold is no option."""
        golds = samples.answers_for(self.name)
        options, letters = self.judged_by, frozenset(self.letters)
        known: dict[Gold | None, bool] = {}
        found: Values = []
        for value, gold in zip(super().values(samples), golds, strict=True):
            key = gold if isinstance(gold, str) else repr(gold)
            if key not in known:
                known[key] = gold is not None and letters >= _letters(gold, options)
            found.append(value if known[key] else None)
        return found


_LETTERS = re.compile(r"(?<![A-Za-z\\])[A-J]{1,10}(?![A-Za-z])")


def _letters(gold: Gold, options: Options) -> frozenset[str]:
    """The letters of a gold that is a choice; something that is no letter for any other gold."""
    none = frozenset("?")
    try:
        text = ", ".join(gold_spec(gold)[0])
    except ValueError:
        return none
    letters = "".join(dict.fromkeys("".join(_LETTERS.findall(text))))
    if not letters:
        return none
    # What the engine takes for the letters of an option is one: "(B)", "B. 42", "B and D".
    found = equivalent(", ".join(letters), gold=text, options=options)
    return frozenset(letters) if found.reason is Reason.CHOICE else none
