r"""Where a response has its answer: the marks it must use, and the words that ask for them.

A reference answer can only take the place of a response's own if that place is beyond doubt. RLPR
wants one ``<think>…</think>…<answer>`` and nothing else of the kind; for models that were not
taught to think in tags, Gemma and Llama in the paper, one ``<answer>``
(https://arxiv.org/abs/2506.18254).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pyverify import _core
from pyverify.options import Options
from pyverify.verify import native_options

MissingPlace: TypeAlias = Literal["mark_missing", "mark_repeated", "marks_out_of_order"]
"""Why a response has no place for a reference."""

_WHOLE, _OPENED = 1, 2
_AFTER_REASONING = native_options(Options())


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a template finds in a completion.

    Attributes:
        start: Index of the character behind the mark that opens the answer: white space, answer and
            closing mark follow; None where there is no such place.
        end: Index of the first character behind the answer, or of the end if nothing closes it.
        well_formed: Whether the whole completion has the wanted form: what a format reward asks.
        reason: Why there is no place.
    """

    start: int | None
    end: int | None
    well_formed: bool
    reason: MissingPlace | None = None


@dataclass(frozen=True, slots=True)
class Template:
    r"""Marks around the reasoning and the answer.

    To find the place only what stands before it counts, so a response that was cut off in its
    answer has one. ``well_formed`` is about all of it.

    Attributes:
        name: What summaries call it.
        marks: What must stand in a completion exactly once each, in this order. The answer follows
            the last.
        closing: What closes the answer.
        instruction: Words for a system prompt that ask for the form.
        empty: The marks around no reasoning at all, up to the answer: a debiasing baseline can be
            taken behind it.
        separator: What goes before the reference where a response has no white space of its own.
        prefilled: Whether the chat template wrote the first mark into the prompt already, so that
            completions must not have it.
        last: Whether earlier occurrences of the mark don't matter: the last is the place, and must
            come after ``</think>`` if there is any.
    """

    name: str
    marks: tuple[str, ...]
    closing: str
    instruction: str
    empty: str
    separator: str = " "
    prefilled: bool = False
    last: bool = False

    def __post_init__(self) -> None:
        if not self.marks or not all(self.marks) or not self.closing:
            raise ValueError("marks and closing must be texts that aren't empty")
        if self.prefilled and len(self.marks) == 1:
            raise ValueError("prefilled: the only mark opens the answer, so it can't be in prompts")

    def parse(self, completion: str) -> Parsed:
        """Finds the place of the answer, in time linear in the completion, whatever it is.

        >>> THINK_ANSWER.parse("<think>2 + 2</think> <answer> 4 </answer>")
        Parsed(start=29, end=32, well_formed=True, reason=None)
        >>> THINK_ANSWER.parse("<answer>4</answer>").reason
        'mark_missing'
        """
        place = self._last(completion) if self.last else self._only(completion)
        if not isinstance(place, int):
            return Parsed(None, None, False, place)
        end = self._end(completion, place)
        return Parsed(place, end, self._well_formed(completion, place))

    def behind(self, opening: str = "<think>") -> Template:
        """The same for chat templates that end the prompt with the first mark.

        Args:
            opening: That mark.

        Raises:
            ValueError: It isn't the first of several marks.
        """
        if self.marks[0] != opening or len(self.marks) == 1:
            raise ValueError(f"{self.name} doesn't begin with {opening}")
        return replace(self, prefilled=True, empty=self.empty.removeprefix(opening))

    def _only(self, completion: str) -> int | MissingPlace:
        """The end of the last mark if each is there as often as it must be, and in order."""
        counts = [completion.count(mark) for mark in self.marks]
        wanted = [1] * len(counts)
        if self.prefilled:
            wanted[0] = 0
        if any(there > may for there, may in zip(counts, wanted, strict=True)):
            return "mark_repeated"
        if counts != wanted:
            return "mark_missing"
        behind = 0
        for mark, count in zip(self.marks, counts, strict=True):
            if not count:
                continue
            at = completion.find(mark, behind)
            if at < 0:
                return "marks_out_of_order"
            behind = at + len(mark)
        return behind

    def _last(self, completion: str) -> int | MissingPlace:
        at = completion.rfind(self.marks[-1])
        if at < 0:
            return "mark_missing"
        if at < completion.rfind("</think>"):
            return "marks_out_of_order"
        return at + len(self.marks[-1])

    def _end(self, completion: str, start: int) -> int:
        if self.closing == "}":
            return _brace_end(completion, start)
        found = completion.find(self.closing, start)
        return len(completion) if found < 0 else found

    def _well_formed(self, completion: str, start: int) -> bool:
        if self.last:
            return bool(_core.has_box((completion,), _AFTER_REASONING, 1)[0])
        wanted = _OPENED if self.prefilled else _WHOLE
        if len(self.marks) == 1:
            # The shape that the engine knows has reasoning in it.
            completion = "<think>x</think>" + completion[start - len(self.marks[0]) :]
        return _core.tag_shape((completion,), True, 1)[0] == wanted


def _brace_end(text: str, start: int) -> int:
    """Where the brace closes that was opened before `start`; the end of the text if nowhere."""
    depth, at = 1, start
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at
        at += 1
    return len(text)


THINK_ANSWER = Template(
    name="think_answer",
    marks=("<think>", "</think>", "<answer>"),
    closing="</answer>",
    instruction=(
        "Work the problem out before you answer. Put your reasoning between <think> and </think>, "
        "then the final answer, and only that, between <answer> and </answer>:\n"
        "<think> reasoning </think> <answer> answer </answer>"
    ),
    empty="<think></think> <answer>",
)
"""Reasoning in ``<think>``, the answer in ``<answer>``: each tag once."""

ANSWER_ONLY = Template(
    name="answer_only",
    marks=("<answer>",),
    closing="</answer>",
    instruction=(
        "Work the problem out step by step. Then give the final answer, and only that, between "
        "<answer> and </answer>, once:\n"
        "reasoning <answer> answer </answer>"
    ),
    empty="<answer>",
)
"""The answer in one ``<answer>``, whatever goes before: for models that don't think in tags."""

BOXED = Template(
    name="boxed",
    marks=("\\boxed{",),
    closing="}",
    instruction=(
        "Work the problem out step by step. Then put the final answer, and only that, "
        "into \\boxed{}."
    ),
    empty="\\boxed{",
    separator="",
    last=True,
)
r"""The answer in the last ``\boxed{}``. Not of RLPR."""

TEMPLATES = {one.name: one for one in (THINK_ANSWER, ANSWER_ONLY, BOXED)}
"""The templates by name."""
