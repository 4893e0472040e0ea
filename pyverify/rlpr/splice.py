"""Reference answers put in the place of a response's own, on token ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pyverify.rlpr.joining import join
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.templates import THINK_ANSWER, MissingPlace, Template
from pyverify.rlpr.tokens import Tokenizer, Tokens, token_ids

Unspliced: TypeAlias = MissingPlace | Literal["empty_reference", "unaligned"]
"""Why there is no spliced sequence.

``mark_missing``, ``mark_repeated``, ``marks_out_of_order``: the response has no place for an
answer. ``empty_reference``: there is no reference, or nothing but white space. ``unaligned``: what
the tokenizer decodes cannot be matched with what it encodes.
"""

BaselineForm: TypeAlias = Literal["bare", "template"]
"""What stands between prompt and reference in a debiasing baseline: a space, as in RLPR's own code,
or the template's marks around no reasoning."""

# No join looks further back than this into a prompt.
_PROMPT_TAIL = 64


@dataclass(frozen=True, slots=True)
class Splice:
    """A response with references in the place of its answer.

    Attributes:
        sequences: One for each reference, in order; none if there is a `reason`.
        answer: The response's own answer without the white space around it; None where it has no
            place for one.
        well_formed: Whether the whole response has the form that the template wants.
        reason: Why there are no sequences.
    """

    sequences: tuple[Spliced, ...]
    answer: str | None
    well_formed: bool
    reason: Unspliced | None = None


@dataclass(frozen=True, slots=True)
class Splicer:
    r"""Puts references into responses.

    A response keeps its tokens as sampled up to its answer. What touches the reference is tokenised
    again (``>`` and ``\`` may be one token), and what changed is counted. RLPR's own code
    tokenises all of it again, and looks for the reference in the text from its end.

    The reference's tokens are those that have a character of it in them. So in ``<answer> 4`` the
    token " 4" counts, and in ``<answer>\frac`` the token ``>\`` does; white space that is a token
    of its own doesn't.

    White space with which the response begins its answer stays. Where there is none, a separator
    goes before the reference.

    Attributes:
        tokenizer: A tokenizer of transformers, or anything like it.
        template: Where answers stand.
        separator: What goes before a reference where the response has no white space of its own;
            None for the template's.
    """

    tokenizer: Tokenizer
    template: Template = THINK_ANSWER
    separator: str | None = None

    def __call__(
        self,
        prompt_ids: Sequence[int],
        response_ids: Sequence[int],
        references: str | Sequence[str],
    ) -> Splice:
        """A response with each reference in place.

        Args:
            prompt_ids: The prompt as the policy got it, chat template and all.
            response_ids: What it sampled, without padding; tokens that end a turn do no harm.
            references: One reference or several; white space around them is dropped.

        Raises:
            TypeError: Ids are no ints, a reference is no text.
        """
        wanted = texts(references)
        tokens, ids = Tokens(self.tokenizer), token_ids(response_ids, "response_ids")
        text = tokens.decode(ids)
        parsed = self.template.parse(text)
        if parsed.start is None or parsed.end is None:
            return Splice((), None, False, parsed.reason)
        inner = text[parsed.start : parsed.end]
        answer = inner.strip()
        if not wanted:
            return Splice((), answer, parsed.well_formed, "empty_reference")
        begin = parsed.end - len(inner.lstrip())
        middle = "" if begin > parsed.start else self._separator
        sequences = []
        for reference in wanted:
            joined = join(tokens, ids, text, begin, middle, reference)
            if joined is None:
                return Splice((), answer, parsed.well_formed, "unaligned")
            kept = [*ids[: joined.cut], *joined.between]
            sequences.append(Spliced(prompt_ids, kept, joined.reference, joined.respelled))
        return Splice(tuple(sequences), answer, parsed.well_formed)

    def baseline_of(
        self, prompt_ids: Sequence[int], reference: str, form: BaselineForm = "bare"
    ) -> Spliced | None:
        """The prompt with the reference behind it and no reasoning between: what r' is taken from.

        Args:
            prompt_ids: The prompt as the policy got it.
            reference: The reference.
            form: What stands between.

        Returns:
            None for an empty reference, or where tokens cannot be aligned.

        Raises:
            TypeError: Ids are no ints, the reference is no text.
            ValueError: There is no such form.
        """
        if form not in ("bare", "template"):
            raise ValueError(f'form must be "bare" or "template", got {form!r}')
        wanted = texts(reference)
        if not wanted:
            return None
        tokens, ids = Tokens(self.tokenizer), token_ids(prompt_ids, "prompt_ids")
        tail = ids[-_PROMPT_TAIL:]
        middle = " " if form == "bare" else self.template.empty + self._separator
        text = tokens.decode(tail)
        joined = join(tokens, tail, text, len(text), middle, wanted[0])
        if joined is None:
            return None
        prompt = ids[: len(ids) - len(tail) + joined.cut]
        return Spliced(prompt, joined.between, joined.reference, joined.respelled)

    @property
    def _separator(self) -> str:
        return self.template.separator if self.separator is None else self.separator


def texts(references: str | Sequence[str]) -> list[str]:
    """References without white space around them, and without those that are nothing else.

    Raises:
        TypeError: One is no text.
    """
    given = [references] if isinstance(references, str) else list(references)
    for one in given:
        if not isinstance(one, str):
            raise TypeError(f"references must be str, not {type(one).__name__}")
    return [text for one in given if (text := one.strip())]
