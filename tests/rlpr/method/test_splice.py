"""References in responses, on token ids."""

from __future__ import annotations

import time
from itertools import pairwise, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_tokenizers import PIECES, TAGS, Composing, DummySpace, Longest

from pyverify.rlpr import ANSWER_ONLY, BOXED, THINK_ANSWER, Splicer

WHOLE_TAGS = Longest()
CUT_TAGS = Longest(PIECES)
TOKENIZERS = [WHOLE_TAGS, CUT_TAGS, DummySpace(), DummySpace(PIECES), Composing(PIECES)]
PROMPT = [3, 1, 4]

words = st.lists(
    st.sampled_from(
        ["so", " x", " the", "é", "≤", "1/", "\n\n", "  ", "\\frac", ">", "<", "12", "}{"]
    )
).map("".join)
references = st.lists(
    st.sampled_from(["4", "12", "\\frac{1}{2}", "(", "é", "≤ 2", "answer", " ", "</answer>", "1/"]),
    min_size=1,
).map("".join)


def encode(tokenizer: Longest, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False)


def decode(tokenizer: Longest, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def spelt(tokenizer: Longest, text: str, cuts: list[int]) -> list[int]:
    """A text in a spelling that a model might sample: not the one that the tokenizer gives."""
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]
    parts = [text[a:b] for a, b in pairwise(edges)]
    return [
        i
        for part in parts
        if part
        for i in Longest.encode(tokenizer, part, add_special_tokens=False)
    ]


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@given(
    thought=words,
    white=st.sampled_from(["", " ", "\n", "  ", "\n\n", "\t"]),
    own=words,
    tail=st.sampled_from(["</answer>", "", "</answer><|im_end|>", "</ans"]),
    reference=references.filter(str.strip),
    cuts=st.lists(st.integers(0, 200), max_size=6),
)
def test_the_text_is_the_one_wanted_and_tokens_stay(
    tokenizer: Longest,
    thought: str,
    white: str,
    own: str,
    tail: str,
    reference: str,
    cuts: list[int],
) -> None:
    head = f"<think>{thought}</think> <answer>"
    response = spelt(tokenizer, head + white + own + tail, cuts)
    found = Splicer(tokenizer)(PROMPT, response, reference)
    if found.reason == "mark_missing":
        assert isinstance(tokenizer, DummySpace)  # Nothing else takes characters off a text.
        return
    text = decode(tokenizer, response)
    assert text == head + white + own + tail
    assert found.answer == (own + tail).partition("</answer>")[0].strip()
    (sequence,) = found.sequences
    kept, tokens = list(sequence.kept), list(sequence.reference)

    body = (white + own + tail).partition("</answer>")[0]
    skipped = body[: len(body) - len(body.lstrip())]
    before = head + (skipped or " ")
    reference = reference.strip()
    assert decode(tokenizer, kept + tokens) == before + reference
    # Every token of the reference has some of it, and no token before has any.
    lengths = [len(b"".join(tokenizer.vocabulary[i] for i in kept + tokens[:n])) for n in (0, 1)]
    dummy = isinstance(tokenizer, DummySpace) and tokenizer.vocabulary[kept[0]].startswith(b" ")
    edge = len(before.encode()) + dummy
    assert lengths[0] <= edge < lengths[1]

    # What was sampled stays, but for what touches the join.
    pairs = zip(kept, response, strict=False)
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    count = max(
        n for n in range(len(response) + 1) if before.startswith(decode(tokenizer, response[:n]))
    )
    assert count - same <= sequence.respelled <= 13
    assert sequence.prompt == PROMPT


def test_a_space_and_what_it_is_joined_to() -> None:
    for own, kept, reference in [
        (" 4", ["<answer>"], [" 1", "2"]),  # The space of the response's own " 4" stays.
        ("4", ["<answer>"], [" 1", "2"]),  # Where there is none, one is put in.
        ("\n4", ["<answer>", "\n"], ["12"]),  # A line feed is a token of its own: it doesn't count.
    ]:
        response = encode(WHOLE_TAGS, f"<think>x</think><answer>{own}</answer>")
        (found,) = Splicer(WHOLE_TAGS)(PROMPT, response, "12").sequences
        assert list(found.kept)[-len(kept) :] == WHOLE_TAGS.spelt(*kept)
        assert found.reference == WHOLE_TAGS.spelt(*reference)
        assert found.respelled == 0


def test_the_separator_can_be_none_at_all() -> None:
    response = encode(CUT_TAGS, "<think>x</think><answer>4</answer>")
    found = Splicer(CUT_TAGS, separator="")(PROMPT, response, "\\frac").sequences[0]
    # The mark's last character has become part of the reference's first token, and that is told.
    assert list(found.kept)[-2:] == CUT_TAGS.spelt("<", "answer")
    assert found.reference == CUT_TAGS.spelt(">\\", "frac")
    assert found.respelled == 1


def test_a_join_that_the_response_has_is_torn_and_told() -> None:
    response = [*encode(CUT_TAGS, "<think>x</think><answer"), *CUT_TAGS.spelt(">(", "4", ")")]
    found = Splicer(CUT_TAGS)(PROMPT, response, "12").sequences[0]
    assert list(found.kept)[-2:] == CUT_TAGS.spelt("answer", "> ")
    assert found.reference == CUT_TAGS.spelt("12")
    assert found.respelled == 1


def test_spelling_far_from_the_join_stays() -> None:
    letters = [WHOLE_TAGS.ids[bytes([byte])] for byte in b"<think>the think</think><answer> 4"]
    found = Splicer(WHOLE_TAGS)(PROMPT, letters, "12").sequences[0]
    assert list(found.kept) == letters[:-2]
    assert found.reference == WHOLE_TAGS.spelt(" 1", "2")
    assert found.respelled == 1  # The space.


def test_the_reference_may_stand_in_the_marks() -> None:
    response = encode(WHOLE_TAGS, "<think>x</think><answer> 4</answer>")
    found = Splicer(WHOLE_TAGS)(PROMPT, response, "answer").sequences[0]
    assert decode(WHOLE_TAGS, list(found.reference)) == "answer"
    assert decode(WHOLE_TAGS, list(found.kept)) == "<think>x</think><answer> "


def test_text_that_the_tokenizer_rewrites_stays_as_sampled() -> None:
    tokenizer = Composing(PIECES)
    thought = "<think>cafe\u0301</think><answer> "
    response = [tokenizer.ids[bytes([byte])] for byte in (thought + "e\u0301").encode()]
    found = Splicer(tokenizer)(PROMPT, response, "42").sequences[0]
    assert decode(tokenizer, list(found.kept)) + decode(tokenizer, list(found.reference)) in (
        thought + "42",
    )
    assert decode(tokenizer, list(found.reference)).strip() == "42"


def test_a_tokenizer_at_odds_with_itself_is_reported() -> None:
    class Shouting(Longest):
        def decode(self, token_ids: list[int], **options: bool) -> str:
            return super().decode(token_ids, **options) + f"!{len(token_ids)}"

    response = encode(WHOLE_TAGS, "<think>x</think><answer> 4</answer>")
    found = Splicer(Shouting())(PROMPT, response, "12")
    assert found.sequences == ()
    assert found.reason == "unaligned"


def test_several_references_and_none() -> None:
    response = encode(WHOLE_TAGS, "<think>x</think><answer> 4</answer>")
    splicer = Splicer(WHOLE_TAGS)
    found = splicer(PROMPT, response, ["12", "  ", " 42\n"])
    assert [decode(WHOLE_TAGS, list(one.reference)) for one in found.sequences] == [" 12", " 42"]
    for nothing in ("", " \n", [], [""]):
        found = splicer(PROMPT, response, nothing)
        assert (found.sequences, found.reason) == ((), "empty_reference")
        assert found.answer == "4"
        assert found.well_formed


def test_no_place() -> None:
    found = Splicer(WHOLE_TAGS)(PROMPT, encode(WHOLE_TAGS, "It is 4."), "4")
    assert (found.sequences, found.reason, found.answer) == ((), "mark_missing", None)
    assert Splicer(WHOLE_TAGS)(PROMPT, [], "4").reason == "mark_missing"


def test_other_templates() -> None:
    response = encode(CUT_TAGS, r"so \boxed{\frac{1}{2}}. <answer>4")
    found = Splicer(CUT_TAGS, BOXED)(PROMPT, response, "12").sequences[0]
    assert decode(CUT_TAGS, [*found.kept, *found.reference]) == r"so \boxed{12"
    found = Splicer(CUT_TAGS, ANSWER_ONLY)(PROMPT, response, "12").sequences[0]
    assert decode(CUT_TAGS, [*found.kept, *found.reference]).endswith("}}. <answer> 12")


def test_bytes_that_are_no_text() -> None:
    odd = [200, 0xE2, 0x89]
    response = [*encode(WHOLE_TAGS, "<think>"), *odd, *encode(WHOLE_TAGS, "</think><answer>"), *odd]
    for size in (1, 100):
        found = Splicer(WHOLE_TAGS)(PROMPT, response + odd * size, "12").sequences[0]
        assert list(found.kept) == response[: -len(odd)]
        assert found.reference == WHOLE_TAGS.spelt(" 1", "2")


@pytest.mark.parametrize("piece", [" x", "<answer", "é", "\n", "\udcff", "}{"])
def test_long_responses(piece: str) -> None:
    begin = time.perf_counter()
    for before, after in [(20_000, 0), (0, 20_000)]:
        text = f"<think>{piece * before}</think><answer>{' ' * after}{piece * after}"
        response = encode(CUT_TAGS, text)
        found = Splicer(CUT_TAGS)(PROMPT, response, "12")
        assert decode(CUT_TAGS, list(found.sequences[0].reference)).strip() == "12"
    assert time.perf_counter() - begin < 20


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@given(start=words, reference=references.filter(str.strip))
def test_baselines(tokenizer: Longest, start: str, reference: str) -> None:
    text = f"<|im_start|>{start}\n"
    prompt = encode(tokenizer, text)
    splicer = Splicer(tokenizer)
    bare = splicer.baseline_of(prompt, reference)
    empty = splicer.baseline_of(prompt, reference, "template")
    assert bare is not None
    assert empty is not None
    assert decode(tokenizer, bare.context + list(bare.reference)) == f"{text} {reference.strip()}"
    wanted = f"{text}{THINK_ANSWER.empty} {reference.strip()}"
    assert decode(tokenizer, empty.context + list(empty.reference)) == wanted
    # The reference begins in its first token, not before and not after.
    edge = len(wanted) - len(reference.strip())
    assert len(decode(tokenizer, empty.context)) <= edge
    assert len(decode(tokenizer, [*empty.context, empty.reference[0]])) > edge


def test_baselines_of_nothing_and_misuse() -> None:
    splicer = Splicer(WHOLE_TAGS)
    assert splicer.baseline_of(PROMPT, " ") is None
    assert splicer.baseline_of([], "12") is not None
    with pytest.raises(ValueError, match='form must be "bare" or "template"'):
        splicer.baseline_of(PROMPT, "4", "none")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="references must be str, not int"):
        splicer(PROMPT, [1], [4])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"response_ids must be ints, not float: pass .tolist\(\)"):
        splicer(PROMPT, [1.0], "4")  # type: ignore[list-item]


def test_whole_tags_are_known() -> None:
    assert all(one.encode() in WHOLE_TAGS.ids for one in TAGS)
