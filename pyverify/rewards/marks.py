"""Where an answer stands in a response."""

from __future__ import annotations

from pyverify.options import Options
from pyverify.types import Gold, Kind, Result
from pyverify.verify import explain, verify

PLACES = {
    "boxed": r"\boxed{}",
    "answer_tag": "<answer>",
    "hashes": "a line ####",
    "cue": "a sentence that states it",
    "whole_line": "a line of its own",
    "last_number": "the last number",
}
"""The ways of marking an answer, by the names of `pyverify.Kind`, in words."""


def stands_there(
    result: Result, text: str, gold: Gold, marks: tuple[str, ...], options: Options
) -> bool:
    r"""Whether the final answer also stands where it has to.

    As in ``\boxed{4}. The final answer is 4.`` and in ``<answer>\boxed{4}</answer>``. What is
    marked is the answer only if both are right, or both aren't.
    """
    if result.span is None:
        return False
    if "boxed" in marks and text[: result.span[0]].endswith(("\\boxed{", "\\fbox{")):
        return True
    told = explain(text, gold=gold, options=options).candidates
    begin = text.rfind("</think>", 0, result.span[0])
    marked = [one for one in told if one.kind.value in marks and one.span[0] > begin]
    if not marked:
        return False
    # The response as if it ended with its last mark: so boxes that a sentence joins are one answer.
    last = marked[-1]
    end = last.span[1]
    if last.kind is Kind.BOXED:
        end = text.find("}", end) + 1 or end
    ended = verify(text[:end], gold=gold, options=options)
    return ended.kind is last.kind and bool(ended) is bool(result)
