"""Features of whole responses as the engine counts them, against twins in Python."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify import Kind, Options, Reason, _core, verify
from pyverify._core import NativeOptions

GOLDEN = Path(__file__).parents[1] / "golden"
DEFAULT = NativeOptions(Options())

FEATURES: dict[str, Callable[[tuple[str, ...], int], Any]] = {
    "has_box": lambda texts, threads: _core.has_box(texts, DEFAULT, threads),
    "has_hashes": lambda texts, threads: _core.has_hashes(texts, DEFAULT, threads),
    "tag_shape": lambda texts, threads: _core.tag_shape(texts, True, threads),
    "tag_shape of thought": lambda texts, threads: _core.tag_shape(texts, False, threads),
    "repetition": lambda texts, threads: _core.repetition(texts, 4, threads),
    "scripts": _core.scripts,
    "count_units": _core.count_units,
    "steps": _core.steps,
}

# Pieces that meet in a response, and some that should never.
PIECES = [
    *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{align}", "\\end{align}", "\\text{", "}"),
    *("`", "```", "\n```\n", "~~~\n", "\n", "\n\n", " ", "\t", "\u3000", "\u200b", "\x00"),
    *("<think>", "</think>", "<answer>", "</answer>", "< think >", "<", ">", "####", "#### 5\n"),
    *("\\boxed{5}", "\\boxed{", "\\boxed{}", "\\boxed{?}", "\\fbox{x}", "ox", "The answer is "),
    *("Step 1: ", "Step ", "- ", "1. ", "(2) ", "First, ", "Then ", "第一步：", "首先，", "一、"),
    *("<|im_end|>", "</s>", "\\boxed{\\boxed{}}", "\\boxed{\\phantom{4}}", "\\boxed{，}", "\ufe0f"),
    *("word", "Words", "don't", "ABC", "sin", "x", "5", "12", "=", "+", ",", "。", "，", "汉字"),
    *(
        "かな",
        "한국",
        "мир",
        "αβ",
        "שלום",
        "مرحبا",
        "हिन्दी",
        "ไทย",
        "É",
        "😀",
        "\ud800",
        "http://a.b ",
    ),
]
texts = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


def one(name: str, text: str) -> Any:
    return FEATURES[name]((text,), 1)[0]


def golden_completions() -> list[tuple[str, Options]]:
    found = []
    for name in ("cases.jsonl", "false_positives.jsonl", "extraction.jsonl"):
        for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row.get("completion") or row.get("response")
            if text is None:
                continue
            options = row.get("options", {})
            if options.pop("prefilled_reasoning", False):
                options["reasoning"] = "prefilled"
            found.append((text, Options(**options)))
    return found


def check_marks(text: str, options: Options) -> Kind:
    """Whatever the engine takes as its answer's mark is a mark; what it finds empty is none."""
    native = NativeOptions(options)
    result = verify(text, gold="1", options=options)
    kind = result.kind
    if kind is Kind.BOXED:
        assert _core.has_box((text,), native, 1) == b"\x01", text
    if kind is Kind.NONE and result.reason is Reason.EMPTY:
        assert _core.has_box((text,), native, 1) == b"\x00", text
    if kind is Kind.HASHES:
        assert _core.has_hashes((text,), native, 1) == b"\x01", text
    return kind


def test_marks_of_the_golden_corpus() -> None:
    kinds = [check_marks(text, options) for text, options in golden_completions()]
    assert kinds.count(Kind.BOXED) > 150
    assert kinds.count(Kind.HASHES) > 5


def test_marks_of_real_responses(development_data: Path) -> None:
    kinds = []
    for path in sorted((development_data / "responses").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            kinds.append(check_marks(json.loads(line)["response"], Options()))
    assert kinds.count(Kind.BOXED) > 1000


@given(texts, st.sampled_from(["auto", "prefilled"]), st.sampled_from(["joined", "last", "all"]))
def test_marks_of_made_responses(text: str, reasoning: Any, boxes: Any) -> None:
    check_marks(text, Options(reasoning=reasoning, boxes=boxes))


@pytest.mark.parametrize("name", FEATURES)
def test_a_batch_is_a_loop_on_any_number_of_threads(name: str) -> None:
    feature = FEATURES[name]
    batch = tuple(text for text, _ in golden_completions()) * 3
    batch += ("x" * 300_000, "", "\ud800", "\x00")
    once = feature(batch, 1)
    assert len(once) == len(batch)
    assert type(once) is type(feature((), 1))
    assert once == feature(batch, 2) == feature(batch, 7) == feature(batch, 0)
    assert list(once[:400]) == [feature((text,), 1)[0] for text in batch[:400]]


@pytest.mark.parametrize("name", FEATURES)
def test_only_a_wrong_type_raises(name: str) -> None:
    feature = FEATURES[name]
    for wrong in (None, b"x", 5, ["x"]):
        with pytest.raises(TypeError, match=r"completions\[1\] must be a str"):
            feature(("x", wrong), 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        feature(["x"], 1)  # type: ignore[arg-type]


@given(texts)
def test_any_text_has_features(text: str) -> None:
    assert one("has_box", text) in (0, 1)
    assert one("has_hashes", text) in (0, 1)
    assert one("tag_shape", text) in (0, 1, 2)
    assert 0 <= one("repetition", text) < 1
    assert len(one("scripts", text)) == len(_core.SCRIPTS)
    assert 0 <= one("count_units", text) <= len(text.encode("utf-8", "surrogatepass"))
    assert 0 <= one("steps", text) <= len(text)


@given(texts)
def test_a_text_twice_repeats_itself_more(text: str) -> None:
    doubled = f"{text} {text}"
    assert one("repetition", doubled) >= one("repetition", text) - 0.3
    # No step is counted twice but where the last one ran into the first words of the second text.
    assert one("steps", f"{text}\n\n{text}") <= one("steps", text) + 2


# ---- the ends of responses

ENDED = [
    "4",
    "#### 4",
    r"So \boxed{4}",
    "The answer is 4.",
    "The answer is $4$",
    "<think>2+2</think><answer>4</answer>",
    "Step 1: add two and two.\nStep 2: write down the sum",
    "so so so so it is 四",
    "No idea.",
    "",
]
ENDS = [
    *("<|im_end|>", "</s>", "<|eot_id|>", "<|end_of_text|>", "<eos>", "<end_of_turn>", "<|end|>"),
    *("<|endoftext|>", "<｜end▁of▁sentence｜>", "<|return|>", "[EOS]", "<pad>", "<|pad|>"),
    *("<|im_end|>\n", " </s>", "\n<|im_end|>\n<|endoftext|>", "<eos>" + "<pad>" * 500),
]


@pytest.mark.parametrize("end", ENDS)
def test_an_end_token_is_as_if_it_werent_there(end: str) -> None:
    for text in ENDED:
        bare, ended = (verify(one, gold="4") for one in (text, text + end))
        assert (ended.verdict, ended.reason, ended.kind) == (bare.verdict, bare.reason, bare.kind)
        assert (ended.answer, ended.span) == (bare.answer, bare.span)
        for name, feature in FEATURES.items():
            assert feature((text + end,), 1) == feature((text,), 1), (name, text + end)


def test_an_end_token_elsewhere_is_text() -> None:
    assert one("tag_shape", "<think>2</think><answer>4</answer><|im_end|>so") == 0
    assert one("tag_shape", "<think>2</think><answer>4</answer><|IM_END|>") == 0
    assert one("count_units", "4</s>4") > one("count_units", "44")
    assert verify("4</s>5", gold="4").verdict is not verify("4</s>", gold="4").verdict


# ---- empty boxes

EMPTY = [
    *(
        "",
        " ",
        "{}",
        "\\,",
        "$$",
        r"\boxed{}",
        r"\fbox{ }",
        r"\text{}",
        r"\boxed{\boxed{\text{ }}}",
    ),
    *(r"\phantom{4}", r"\text{\phantom{4}}", r"\hspace{1cm}", r"\vphantom{\frac12}", r"\label{a}"),
    *(
        r"\color{red}",
        r"\textcolor{red}{}",
        r"\displaystyle",
        r"\quad\enspace",
        ",",
        "，",
        "**",
        "``",
    ),
    *("\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\u200b"),
    *(r"\phantom{", r"\textbf{\textit{}}", r"\ \ ", r"\\\\"),
]


@pytest.mark.parametrize("content", EMPTY)
def test_an_empty_box_is_no_mark(content: str) -> None:
    box = "\\boxed{" + content + "}"
    assert one("has_box", box) == 0
    assert verify(box, gold="4").kind is Kind.NONE
    # As ever, it doesn't take back the box before it.
    if content != r"\phantom{":
        assert verify(r"\boxed{4}, so " + box, gold="4").verdict.value == "equal"


@pytest.mark.parametrize(
    "content", [r"\boxed{4}", r"\phantom{5}4", r"\color{red}4", r"\textcolor{red}{4}", "*", "="]
)
def test_a_box_with_something_to_see_is_a_mark(content: str) -> None:
    assert one("has_box", "\\boxed{" + content + "}") == 1


@pytest.mark.parametrize(
    "nothing", ["", " ", "\u200b", "\u3164", "\u115f\u1160", "\uffa0", "\u2800"]
)
def test_what_shows_nothing_fills_no_tags(nothing: str) -> None:
    assert one("tag_shape", f"<think>{nothing}</think><answer>4</answer>") == 0
    assert one("tag_shape", f"<think>2</think><answer>{nothing}</answer>") == 0
    assert one("tag_shape", f"<think>2</think>{nothing}<answer>4</answer>{nothing}") == 1


# ---- prompts

OPEN = [
    *("<think>", "<think>\n", "<|im_start|>assistant\n<think>\n", "2+2?<｜Assistant｜><think>\n"),
    *(
        "[INST] 2+2? [/INST]<thinking>",
        "<|assistant|>\n< think >",
        "◁think▷",
        "[THINK]",
        "<seed:think>",
    ),
    *("<|begin_of_thought|>\n\n", "<THINK>\n", '<think id="1">', "</think> again: <think>"),
    "<|start|>assistant<|channel|>analysis<|message|>",
    "<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n<think>\nOkay, ",
    "User: 2+2? Assistant: Let me see.\n<think>",
    "User: 2+2?\nAssistant: <think>So, the user",
    "<start_of_turn>user\nWhat is <think>?<end_of_turn>\n<start_of_turn>model\n<think>Well",
    "x" * 100_000 + "<|im_start|>assistant\n<think>" + " " * 1000,
]
CLOSED = [
    *("", "2+2?", "<think>\n\n</think>\n\n", "<|im_start|>assistant\n<think></think>", "<answer>"),
    *("Put your reasoning between <think> and </think>.", "<rethink", "<think", "thinking>"),
    "Explain what <think> does",
    "Write <think> first, then the answer.\n",
    "<|im_start|>user\nWhat is <think>?<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>assistant\nHi<|im_end|>\n<|im_start|>user\nWhat does <think> mean",
    "User: what is <think> for? Assistant:",
    "[INST] Begin with <think> [/INST] Sure",
    "<|im_start|>assistant\n<think>" + "so " * 200,
]


def test_prompts_that_open_reasoning() -> None:
    assert _core.opens_reasoning(tuple(OPEN)) == b"\x01" * len(OPEN)
    assert _core.opens_reasoning(tuple(CLOSED)) == b"\x00" * len(CLOSED)
    assert _core.opens_reasoning(()) == b""


def test_the_response_is_the_rest_of_the_prompts_reasoning() -> None:
    """A prompt opens what an option says that it opened, in every spelling the engine knows."""
    for tag in ("<think>", "<thinking>", "<|begin_of_thought|>", "◁think▷", "[THINK]", "< think>"):
        assert verify(tag + " 4", gold="4").reason is Reason.IN_REASONING
        assert _core.opens_reasoning((tag,)) == b"\x01"


def test_prompts_must_be_texts() -> None:
    for wrong in (None, b"x", 5):
        with pytest.raises(TypeError, match=r"prompts\[1\] must be a str"):
            _core.opens_reasoning(("x", wrong))  # type: ignore[arg-type]


@given(texts)
def test_any_text_is_a_prompt(text: str) -> None:
    assert _core.opens_reasoning((text,)) in (b"\x00", b"\x01")


# ---- cost

HOSTILE = [
    *("$", "$ ", "$a", "$$", "$$\n", "\\(", "\\[", "\\]", "\\begin{", "\\begin{align}", "\\end{"),
    *("\\text{", "`", "` ``", "```\n", "```a\n", "~~~\n", "<", "< ", "<think>", "</", "<think "),
    *("<a ", "http://", "#", "####", "#### ", "####\n", "\\boxed{", "\\boxed{}", "\\boxed\\left("),
    *("Step 1: ", "1. ", "- ", "* ", "第", "一、", "First, ", "Then a b c. ", "\n", " ", "\u200b"),
    *(
        "<|im_end|>",
        "</s>",
        "<|im_end|",
        "<pad> ",
        "!",
        "a! ",
        "! a",
        "\\text{a b c d}",
        "A ",
        "ABC ",
    ),
    *("[asy]", "[", "a.", "a@", "a.b@c.d ", "sin", "sinx", "，", "（", "（一", "(a", "word"),
    *("\\boxed{\\phantom{", "\\phantom{", "<think>Assistant:", "\ufe0f", "a\u0301", "𝐚", "$中$"),
    *("a", "a'", "aé", "x\u0301", "我", "。", "\x00", "\ud800", "😀", "a b ", "\\", "(", "1"),
]


def seconds(feature: Callable[[tuple[str, ...], int], Any], text: str) -> float:
    feature((text,), 1)  # a str with other than ASCII keeps its UTF-8 from here on
    best = float("inf")
    for _ in range(3):
        start = time.process_time()  # whatever else the machine does
        feature((text,), 1)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("name", FEATURES)
def test_cost_is_linear_on_hostile_texts(name: str) -> None:
    feature = FEATURES[name]
    for unit in HOSTILE:
        size = len(unit.encode("utf-8", "surrogatepass"))
        short, long = (seconds(feature, unit * (n // size)) for n in (500_000, 4_000_000))
        # Eight times as long; a quadratic cost would be 64 times as high.
        assert long < 24 * short + 0.01, (unit, short, long)
        assert long < 1, (unit, long)


def test_one_step_per_repeat_at_most() -> None:
    assert one("steps", "Step 1: add two numbers.\n" * 50_000) == 1
    many = "".join(f"{i % 999}. x = {i}\n" for i in range(20_000))
    assert one("steps", many) == 20_000
