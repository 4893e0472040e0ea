"""Which way an engine is asked, by a stand-in for vLLM; tests/contract has the real one."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from types import ModuleType, SimpleNamespace

import pytest
from completions import SEQUENCES, expected, flat, log_prob

from pyverify.rlpr import Spliced, TokenLogProbs
from pyverify.rlpr.scorers import VllmScorer

LONG = Spliced(list(range(3, 60)), [8], [9, 10, 11])


class Params(SimpleNamespace):
    """vLLM's parameters, of a version that takes token ids or of an older one."""

    logprob_token_ids = None


class Engine:
    """An LLM with a prefix cache of blocks of 16."""

    def __init__(self, **settings: object) -> None:
        known = {
            "enable_prefix_caching": True,
            "block_size": 16,
            "logprobs_mode": "raw_logprobs",
            "max_model_len": 64,
            "speculative": None,
            **settings,
        }
        config = SimpleNamespace(**known)
        self.llm_engine = SimpleNamespace(
            vllm_config=SimpleNamespace(
                cache_config=config, model_config=config, speculative_config=known["speculative"]
            )
        )
        self.asked: list[tuple[list[int], Params, object]] = []

    def generate(
        self,
        prompts: Sequence[dict[str, list[int]]],
        params: object,
        *,
        use_tqdm: bool,
        lora_request: object,
    ) -> list[object]:
        assert not use_tqdm
        every = params if isinstance(params, list) else [params] * len(prompts)
        outputs: list[object] = []
        for prompt, one in zip(prompts, every, strict=True):
            ids = prompt["prompt_token_ids"]
            self.asked.append((ids, one, lora_request))
            logged = None
            if getattr(one, "prompt_logprobs", None) is not None:
                # The likeliest token stands first.
                logged = [None] + [
                    {0: SimpleNamespace(logprob=-0.1), ids[at]: self.value(ids, at)}
                    for at in range(1, len(ids))
                ]
            wanted = one.logprob_token_ids or []
            row = {
                0: SimpleNamespace(logprob=-0.1),
                **{token: self.value([*ids, token], len(ids)) for token in wanted},
            }
            outputs.append(
                SimpleNamespace(
                    prompt_logprobs=logged,
                    outputs=[SimpleNamespace(logprobs=[row])],
                    num_cached_tokens=len(ids) // 16 * 16 if wanted else None,
                )
            )
        return outputs

    def value(self, ids: list[int], at: int) -> object:
        return SimpleNamespace(logprob=log_prob(ids[:at], ids[at]))


@pytest.fixture(autouse=True)
def _vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("vllm")
    module.SamplingParams = Params  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", module)


def check(found: TokenLogProbs) -> None:
    assert found.log_probs.tolist() == flat(SEQUENCES)
    assert found.cu_seqlens.tolist() == [0, 2, 2, 3, 6]


def test_whole_sequences() -> None:
    engine, adapter = Engine(), object()
    check(VllmScorer(engine, route="prompt_logprobs", lora_request=adapter)(SEQUENCES))  # type: ignore[arg-type]
    assert [ids for ids, _, _ in engine.asked] == [
        [*one.context, *one.reference] for one in SEQUENCES if one.reference
    ]
    for _, params, lora in engine.asked:
        wanted = {"prompt_logprobs": 0, "max_tokens": 1, "detokenize": False, "temperature": 1.0}
        assert vars(params) == wanted
        assert lora is adapter


def test_token_by_token() -> None:
    engine = Engine(logprobs_mode="processed_logprobs")
    scorer = VllmScorer(engine, route="prefix")  # type: ignore[arg-type]
    check(scorer(SEQUENCES))
    asked = [
        ([*one.context, *one.reference[:step]], [token])
        for one in SEQUENCES
        for step, token in enumerate(one.reference)
    ]
    assert [(ids, params.logprob_token_ids) for ids, params, _ in engine.asked] == asked
    for _, params, _ in engine.asked:
        neutral = (params.temperature, params.top_p, params.top_k, params.min_p)
        assert neutral == (1.0, 1.0, -1, 0.0)
        assert (params.max_tokens, params.detokenize) == (1, False)
    assert (scorer.prompt_tokens, scorer.cached_tokens) == (sum(len(ids) for ids, _ in asked), 0)


def test_auto_takes_the_prefix_where_it_computes_less() -> None:
    engine = Engine()
    scorer = VllmScorer(engine)  # type: ignore[arg-type]
    sequences = [SEQUENCES[0], LONG, SEQUENCES[2]]
    assert scorer(sequences).log_probs.tolist() == flat(sequences)
    lengths = [len(ids) for ids, _, _ in engine.asked]
    assert lengths == [6, 4, 58, 59, 60]
    assert scorer.cached_tokens == 3 * 48
    # 58 tokens before it, 4 blocks of 16.
    longer = Spliced(LONG.prompt, LONG.kept, [9, 10, 11, 12])
    engine.asked.clear()
    scorer([longer])
    assert len(engine.asked) == 1


OBSTACLES = [
    ({"enable_prefix_caching": False}, "needs the prefix cache.*enable_prefix_caching=True"),
    ({"logprobs_mode": "raw_logits"}, 'returns raw_logits: .*logprobs_mode="raw_logprobs"'),
    ({"logprobs_mode": "processed_logits"}, "returns processed_logits"),
    ({"speculative": object()}, "speculative decoding"),
]


@pytest.mark.parametrize(("settings", "wanted"), OBSTACLES)
def test_where_the_prefix_cannot_be_had(settings: dict[str, object], wanted: str) -> None:
    engine = Engine(**settings)
    with pytest.raises(ValueError, match=wanted):
        VllmScorer(engine, route="prefix")  # type: ignore[arg-type]
    assert VllmScorer(engine)([LONG]).log_probs.tolist() == expected(LONG)  # type: ignore[arg-type]
    assert len(engine.asked) == 1


def test_an_old_vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Params, "logprob_token_ids")
    engine = Engine()
    with pytest.raises(ValueError, match=r"needs vLLM 0\.22"):
        VllmScorer(engine, route="prefix")  # type: ignore[arg-type]


def test_too_long() -> None:
    engine = Engine(max_model_len=6)
    with pytest.raises(ValueError, match=r"6 tokens doesn't fit into max_model_len = 6.*=7 or"):
        VllmScorer(engine)(SEQUENCES)  # type: ignore[arg-type]
    assert engine.asked == []
    found = VllmScorer(engine, on_failure="nan")(SEQUENCES).log_probs.tolist()  # type: ignore[arg-type]
    assert all(map(math.isnan, found[:2]))
    assert found[2:] == flat(SEQUENCES[1:])


def test_nothing_to_ask_is_not_asked() -> None:
    engine = Engine()
    assert VllmScorer(engine)([SEQUENCES[1]]).cu_seqlens.tolist() == [0, 0]  # type: ignore[arg-type]
    assert VllmScorer(engine)([]).cu_seqlens.tolist() == [0]  # type: ignore[arg-type]
    assert engine.asked == []


def test_misuse(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"route must be one of auto, .*; got 'fast'"):
        VllmScorer(Engine(), route="fast")  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(ImportError, match="pip install vllm"):
        VllmScorer(Engine())  # type: ignore[arg-type]
