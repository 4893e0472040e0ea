"""What may have cost points: each suspect finds the failing rows that it could explain.

Most are judged again with one thing changed, and count the rows that are right then. The others
cannot be tried without a new run: they count every row that shows the sign, which is a bound from
above, and are called so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pyverify import Options, Reason, Verdict, equivalent, explain
from pyverify.evaluate.gap.failing import Change, Failing, rescored
from pyverify.evaluate.lint import Level, Lint, Status, lint_gold
from pyverify.io import Gold
from pyverify.tasks import TaskJoin

__all__ = ["SUSPECTS", "Suspect", "task_gold"]

# The tags that the engine takes for reasoning, also with blanks, bars and attributes.
_REASONING = re.compile(
    r"<[\s/|]{0,4}[a-z_]{0,24}(?:think|thinking|thoughts?|reason|reasoning|scratchpad|analysis"
    r"|reflection|cot|_process)(?:\s[^<>]{0,80})?[\s|]{0,4}>",
    re.IGNORECASE,
)
_TOLERANCE = 0.01
_MORE_WORK = 16
_CANDIDATES = 64
"""So many of the last places are looked at, that a hostile response doesn't take for ever."""
_ENDINGS = frozenset(".!?。！？)]}>$|`*\"'”’")


@dataclass(frozen=True, slots=True)
class Suspect:
    """One thing that may have cost points.

    Attributes:
        key: Its name for programs.
        group: What it belongs to.
        title: What it is, in words.
        tried: Whether rows were judged again; else all that show the sign are counted.
        find: Which of some failing rows it could explain.
        sums_up: Whether it takes in others, so that they are not alone because of it.
    """

    key: str
    group: str
    title: str
    tried: bool
    find: Callable[[Failing], list[bool]]
    sums_up: bool = False


def _sign(holds: Callable[[Failing, int], bool]) -> Callable[[Failing], list[bool]]:
    return lambda failing: [holds(failing, i) for i in range(len(failing))]


def _with(change: Change) -> Callable[[Failing], list[bool]]:
    return lambda failing: rescored(failing, change)


def _same(options: Options) -> Options:
    return options


def _verdict(*verdicts: Verdict) -> Callable[[Failing, int], bool]:
    def holds(failing: Failing, i: int) -> bool:
        result = failing.results[i]
        return result is not None and result.verdict in verdicts

    return holds


def _cut_off(failing: Failing, i: int) -> bool:
    result = failing.results[i]
    if failing.rows[i].truncated:
        return True
    if result is None or result.verdict is not Verdict.NO_ANSWER:
        return False
    if result.reason in (Reason.UNCLOSED, Reason.IN_REASONING):
        return True
    if failing.rows[i].truncated is False:
        return False
    text = failing.rows[i].completion.rstrip()
    return bool(text) and text[-1] not in _ENDINGS


def _unparseable(failing: Failing, i: int) -> bool:
    result = failing.results[i]
    return result is not None and result.reason is Reason.UNPARSEABLE


def _undecided(failing: Failing, i: int) -> bool:
    result = failing.results[i]
    if result is None or result.reason is Reason.UNPARSEABLE:
        return False
    return result.verdict is Verdict.UNDECIDED


def _missing(failing: Failing, i: int) -> bool:
    return failing.results[i] is None


def _in_reasoning(failing: Failing) -> list[bool]:
    texts = {
        i: _REASONING.sub("\n", failing.rows[i].completion)
        for i, _ in failing.answered()
        if _REASONING.search(failing.rows[i].completion)
    }
    if not texts:
        return [False] * len(failing)
    judged = rescored(failing, lambda options: replace(options, reasoning="auto"), texts=texts)
    return [right and i in texts for i, right in enumerate(judged)]


def _anywhere(failing: Failing) -> list[bool]:
    found = [False] * len(failing)
    for i, _ in failing.answered():
        text = _REASONING.sub("\n", failing.rows[i].completion)
        options = replace(failing.options[i], last_line=True, last_number=True)
        gold = failing.golds[i]
        told = explain(text, gold=gold, options=options)
        answers = dict.fromkeys(candidate.text for candidate in reversed(told.candidates))
        found[i] = bool(told) or any(
            equivalent(answer, gold=gold, options=options) for answer in list(answers)[:_CANDIDATES]
        )
    return found


def _limits(options: Options) -> Options:
    limits = options.limits
    # Above these no limit goes, whatever a caller asks for.
    more = replace(
        limits,
        work=min(limits.work * _MORE_WORK, 1 << 31),
        scan_bytes=min(limits.scan_bytes * _MORE_WORK, 1 << 30),
        answer_bytes=min(limits.answer_bytes * _MORE_WORK, 1 << 20),
    )
    return replace(options, limits=more)


def _more_work(failing: Failing) -> list[bool]:
    limited = _verdict(Verdict.LIMIT)
    if not any(limited(failing, i) for i in range(len(failing))):
        return [False] * len(failing)
    return rescored(failing, _limits)


def _forms(options: Options) -> Options:
    return replace(
        options,
        base_form=False,
        require_evaluated=False,
        ordered_lists=False,
        pairs="auto",
        percent_either_way=True,
        round_decimals=True,
    )


def _tolerant(options: Options) -> Options:
    return replace(options, relative_tolerance=max(options.relative_tolerance, _TOLERANCE))


def _lenient(options: Options) -> Options:
    return replace(
        _tolerant(_forms(options)),
        last_line=True,
        last_number=True,
        boxes="last",
        units="ignored",
        refuse_doubt=False,
    )


def _any_part(failing: Failing) -> list[bool]:
    golds: dict[int, Gold] = {}
    for i, gold in enumerate(failing.golds):
        if isinstance(gold, list) and len(gold) > 1:
            golds[i] = {"any_of": list(gold)}
    return rescored(failing, _same, golds=golds)


@lru_cache(maxsize=4096)
def _lint(gold: str, options: Options) -> Lint:
    return lint_gold(gold, options=options)


def _doubtful(failing: Failing, i: int) -> bool:
    result, gold = failing.results[i], failing.golds[i]
    if result is None or not isinstance(gold, str):
        return False
    return _lint(gold, failing.options[i]).level is Level.ERROR


def _other_reading(failing: Failing) -> list[bool]:
    golds: dict[int, Gold] = {}
    for i, _ in failing.answered():
        gold = failing.golds[i]
        if not isinstance(gold, str):
            continue
        others = [
            finding.readings[1]
            for finding in _lint(gold, failing.options[i]).findings
            if finding.status is Status.AMBIGUOUS and len(finding.readings) > 1
        ]
        if others:
            golds[i] = {"any_of": others}
    return rescored(failing, _same, golds=golds)


SUSPECTS: Sequence[Suspect] = (
    Suspect(
        "missing_response",
        "missing",
        "no response in the file",
        False,
        _sign(_missing),
    ),
    Suspect(
        "cut_off",
        "truncation",
        "cut off, or it ends before an answer",
        False,
        _sign(_cut_off),
    ),
    Suspect(
        "in_reasoning",
        "extraction",
        "an answer inside the reasoning counts",
        True,
        _in_reasoning,
    ),
    Suspect(
        "last_line",
        "extraction",
        "unmarked: the last line counts",
        True,
        _with(lambda options: replace(options, last_line=True)),
    ),
    Suspect(
        "last_number",
        "extraction",
        "unmarked: the last number counts",
        True,
        _with(lambda options: replace(options, last_number=True)),
    ),
    Suspect(
        "last_box",
        "extraction",
        "only the last box counts",
        True,
        _with(lambda options: replace(options, boxes="last")),
    ),
    Suspect(
        "all_boxes",
        "extraction",
        "all boxes are one list",
        True,
        _with(lambda options: replace(options, boxes="all")),
    ),
    Suspect(
        "anywhere",
        "extraction",
        "the gold stands at some place for answers",
        False,
        _anywhere,
        sums_up=True,
    ),
    Suspect(
        "bad_gold",
        "gold",
        "the gold cannot be used",
        False,
        _sign(_verdict(Verdict.BAD_GOLD)),
    ),
    Suspect(
        "doubtful_gold",
        "gold",
        "the gold is an error to lint-gold",
        False,
        _sign(_doubtful),
    ),
    Suspect(
        "other_reading",
        "gold",
        "the gold's other reading is meant",
        True,
        _other_reading,
    ),
    Suspect("any_part", "gold", "one of the gold's parts is enough", True, _any_part),
    Suspect(
        "units",
        "policy",
        "units don't count",
        True,
        _with(lambda options: replace(options, units="ignored")),
    ),
    Suspect("tolerance", "policy", "within 1 % is right", True, _with(_tolerant)),
    Suspect(
        "forms",
        "policy",
        "forms don't count",
        True,
        _with(_forms),
    ),
    Suspect(
        "choices",
        "policy",
        "choices: the other way than here",
        True,
        _with(lambda options: replace(options, choices=not options.choices)),
    ),
    Suspect(
        "doubt",
        "policy",
        "words of doubt don't count",
        True,
        _with(lambda options: replace(options, refuse_doubt=False)),
    ),
    Suspect(
        "lenient",
        "policy",
        "all lenient ways at once",
        True,
        _with(_lenient),
        sums_up=True,
    ),
    Suspect("unparseable", "undecided", "the answer is not read", False, _sign(_unparseable)),
    Suspect("undecided", "undecided", "neither right nor wrong", False, _sign(_undecided)),
    Suspect("limit", "undecided", "a limit ran out", False, _sign(_verdict(Verdict.LIMIT))),
    Suspect("more_work", "undecided", "sixteen times the work is allowed", True, _more_work),
)
"""All suspects, in the order of the report."""


def task_gold(join: TaskJoin) -> Suspect:
    """The suspect that the file's gold is not the task's."""

    def find(failing: Failing) -> list[bool]:
        golds: dict[int, Gold] = {}
        for i, _ in failing.answered():
            row = failing.rows[i]
            problem = join.problem_for(row.record)
            if problem is not None and join.differs(row, failing.golds[i]):
                golds[i] = problem.gold
        return rescored(failing, _same, golds=golds)

    return Suspect("task_gold", "gold", "the task's gold, not the file's", True, find)
