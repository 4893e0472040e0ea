"""Rewards for the form of a response: marks and tags, exact text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pyverify.golds import gold_spec
from pyverify.options import Options, Reasoning
from pyverify.rewards.base import Bounds, Primitive
from pyverify.rewards.numbers import flag
from pyverify.rewards.samples import Samples, Values
from pyverify.types import Gold, Kind
from pyverify.verify import extract

__all__ = ["ExactText", "Format"]

_STYLES = ("boxed", "hashes", "think", "think_answer")
_FORMULAS = {
    "boxed": r"1 if a complete \boxed{…} stands after the reasoning else 0",
    "hashes": "1 if a line #### … stands after the reasoning else 0",
    "think": "1 if the response is <think>…</think> and a rest else 0",
    "think_answer": "1 if the response is <think>…</think><answer>…</answer> else 0",
}
_OPENED, _WHOLE = 2, 1

# For a response that begins inside the reasoning block.
_INSIDE = Options(reasoning="prefilled")


@dataclass(frozen=True, repr=False)
class Format(Primitive):
    r"""1 where a response has the wanted form, else 0; what the answer is doesn't matter.

    Formula: 1 or 0. Range: {0, 1}; never abstains. By `style`:

    - ``"boxed"``: a complete ``\boxed{…}`` or ``\fbox{…}`` that isn't empty or a placeholder, after
      the reasoning; 0 also if a later box is cut off.
    - ``"hashes"``: a line ``#### value``, the mark of GSM8K.
    - ``"think_answer"``: ``<think>…</think><answer>…</answer>`` and nothing else but white space:
      each tag exactly once, in this order, and something in both (DeepSeek-R1, arXiv 2501.12948).
    - ``"think"``: ``<think>…</think>`` likewise, and something behind it.

    Attributes:
        style: The wanted form.
        prefilled: Whether the chat template opened ``<think>`` already, so that the response must
            begin inside it. ``"auto"``: the end of the prompt decides; without prompts either is
            fine.

    Raises:
        ValueError: There is no such style.

    Example:
        >>> Format("think_answer")("<think>2+2</think><answer>4</answer>")
        1.0
        >>> Format("think_answer", prefilled=False)("2+2</think><answer>4</answer>")
        0.0
    """

    style: Literal["boxed", "hashes", "think", "think_answer"] = "boxed"
    prefilled: bool | Literal["auto"] = "auto"

    kind = "format"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.style not in _STYLES:
            raise ValueError(f"a style is one of {', '.join(_STYLES)}, not {self.style!r}")
        if self.prefilled != "auto" and not isinstance(self.prefilled, bool):
            raise ValueError(f'prefilled is True, False or "auto", not {self.prefilled!r}')

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    @property
    def formula(self) -> str:
        """The wanted form in words."""
        inside = "" if self.prefilled == "auto" else f" (prefilled={self.prefilled})"
        return _FORMULAS[self.style] + inside

    def values(self, samples: Samples) -> Values:
        """1 or 0."""
        if self.style in ("boxed", "hashes"):
            has = samples.has_box if self.style == "boxed" else samples.has_hashes
            reasoning: Reasoning = "prefilled" if self.prefilled is True else "auto"
            return [1.0 if flag else 0.0 for flag in has(reasoning)]
        shapes = samples.tag_shapes(answer=self.style == "think_answer")
        if self.prefilled == "auto":
            # A prompt that doesn't end in the tag proves nothing: templates are often applied after
            # it was handed over.
            return [
                1.0 if shape == _OPENED or (shape == _WHOLE and not opened) else 0.0
                for shape, opened in zip(shapes, samples.opened, strict=True)
            ]
        wanted = _OPENED if self.prefilled else _WHOLE
        return [1.0 if shape == wanted else 0.0 for shape in shapes]


@dataclass(frozen=True, repr=False)
class ExactText(Primitive):
    r"""1 where a text is the gold, character by character, else 0.

    Formula: ``1 if text = gold else 0``, without the white space around either. Range: {0, 1}. For
    answers that are no mathematics, such as identifiers. Abstains without a gold.

    Attributes:
        where: ``"answer"`` compares the final answer, ``"completion"`` the whole response after
            the reasoning tags.
        ignore_case: Whether upper and lower case are the same.

    Raises:
        ValueError: There is no such place.

    Example:
        >>> ExactText()([r"\boxed{K_{3,3}}", r"\boxed{K_{3, 3}}"], gold="K_{3,3}")
        [1.0, 0.0]
    """

    where: Literal["answer", "completion"] = "answer"
    ignore_case: bool = False

    kind = "exact_text"

    def __post_init__(self) -> None:
        super().__post_init__()
        flag(self.ignore_case, "ignore_case")
        if self.where not in ("answer", "completion"):
            raise ValueError(f'where is "answer" or "completion", not {self.where!r}')

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    @property
    def formula(self) -> str:
        """What is compared."""
        what = "the answer" if self.where == "answer" else "the response"
        case = " but for case" if self.ignore_case else ""
        return f"1 if {what} is the gold, character by character{case}, else 0"

    def values(self, samples: Samples) -> Values:
        """1, 0, or None without a gold."""
        whole = self.where == "completion"
        golds = samples.golds_for(self.name) if whole else samples.answers_for(self.name)
        read = _rest if whole else _answers
        rows = zip(samples.texts, golds, samples.opened, strict=True)
        return [
            None if gold is None else self._value(read(text, opened), gold)
            for text, gold, opened in rows
        ]

    def _value(self, texts: list[str], gold: Gold) -> float | None:
        try:
            spec = gold_spec(gold)
        except ValueError:
            return None
        wanted = {self._plain(", ".join(parts)) for parts in spec} - {""}
        if not wanted:
            return None
        return 1.0 if any(self._plain(text) in wanted for text in texts) else 0.0

    def _plain(self, text: str) -> str:
        return text.strip().casefold() if self.ignore_case else text.strip()


def _answers(completion: str, opened: bool) -> list[str]:
    """The final answer; joined boxes are one list, and a tag's body is also taken as it stands."""
    found = extract(completion, options=_INSIDE if opened else None)
    if found.answer is None:
        return []
    texts = [", ".join(found.parts) if found.parts else found.answer]
    if found.kind is Kind.ANSWER_TAG:
        texts.append(completion.rpartition("</answer>")[0].rpartition("<answer>")[2])
    return texts


def _rest(completion: str, opened: bool) -> list[str]:
    """What stands behind the reasoning; nothing if the response never leaves it."""
    _, left, rest = completion.rpartition("</think>")
    return [rest] if left or not opened else []
