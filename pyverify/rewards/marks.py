"""Where an answer stands in a response."""

from __future__ import annotations

from pyverify.options import Options
from pyverify.types import Gold, Result
from pyverify.verify import equivalent, explain

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
    told = explain(text, gold=gold, options=options).candidates
    begin = text.rfind("</think>", 0, result.span[0])
    marked = [one for one in told if one.kind.value in marks and one.span[0] > begin]
    if "boxed" in marks and text[: result.span[0]].endswith(("\\boxed{", "\\fbox{")):
        return True
    if not marked:
        return False
    return bool(equivalent(marked[-1].text, gold=gold, options=options)) is bool(result)
