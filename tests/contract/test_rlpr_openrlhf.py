"""The RLPR agent in OpenRLHF's single-turn executor, on a small model's engine."""

from __future__ import annotations

import asyncio
import importlib.util
import math
import pickle
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("openrlhf", reason="openrlhf is not installed")
pytest.importorskip("aiohttp", reason="aiohttp is not installed")

import torch
from openrlhf.utils.agent import AgentExecutorBase

import pyverify
from pyverify.integrations.recipes.tiny import make_model, make_tokenizer, sums
from pyverify.rlpr import ProbabilityReward, Spliced, Splicer, TokenLogProbs

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

TOKENIZER = make_tokenizer()

# Where `pyverify path openrlhf` says.
FILE = Path(pyverify.__file__).parent / "integrations" / "openrlhf" / "rlpr_agent.py"


@dataclass
class SamplingParams:
    """vLLM's, of which nothing may be changed once they ask for a prompt's log-probabilities."""

    max_tokens: int | None = None
    temperature: float = 1.0
    logprobs: int | None = None
    prompt_logprobs: int | None = None
    detokenize: bool = True


@dataclass
class Logprob:
    logprob: float


@dataclass
class Completion:
    token_ids: list[int]
    text: str
    finish_reason: str
    logprobs: list[dict[int, Logprob]]


@dataclass
class RequestOutput:
    outputs: list[Completion]
    prompt_logprobs: list[dict[int, Logprob] | None] | None = None


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    return make_model(TOKENIZER).eval()


@pytest.fixture(autouse=True)
def vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one name of vLLM that the agent needs."""
    module = types.ModuleType("vllm")
    module.SamplingParams = SamplingParams  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", module)


@dataclass
class Engine:
    """An engine's words, by the model itself."""

    model: torch.nn.Module
    asked: list[list[int]] = field(default_factory=list)

    def log_probs(self, ids: list[int]) -> list[float]:
        with torch.no_grad():
            logits = self.model(input_ids=torch.tensor([ids])).logits[0, :-1]
        chosen = logits.double().log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])
        return chosen[:, 0].tolist()

    async def generate(
        self, ids: list[int], params: SamplingParams, multi_modal_data: object = None
    ) -> RequestOutput:
        await asyncio.sleep(0)
        if params.prompt_logprobs is not None:
            assert (params.prompt_logprobs, params.max_tokens, params.detokenize) == (0, 1, False)
            self.asked.append(ids)
            rows = zip(ids[1:], self.log_probs(ids), strict=True)
            empty = Completion([0], "", "length", [])
            return RequestOutput([empty], [None, *({one: Logprob(x)} for one, x in rows)])
        found = self.model.generate(
            torch.tensor([ids]), do_sample=True, max_new_tokens=params.max_tokens
        )
        new = found[0, len(ids) :].tolist()
        ended = new[-1] == TOKENIZER.eos_token_id
        x = [{one: Logprob(-1.0)} for one in new]
        return RequestOutput(
            [Completion(new, TOKENIZER.decode(new), "stop" if ended else "length", x)]
        )


def agent(**constants: object) -> AgentExecutorBase:
    """The file as OpenRLHF loads it."""
    spec = importlib.util.spec_from_file_location("agent_module", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in constants.items():
        assert hasattr(module, name)
        setattr(module, name, value)
    assert issubclass(module.AgentExecutor, AgentExecutorBase)
    return module.AgentExecutor()


def run(
    made: AgentExecutorBase, engine: Engine, labels: list[object], max_length: int = 48
) -> list[dict]:
    torch.manual_seed(3)
    prompts = [f"{row['prompt'][0]['content']}\n" for row in sums(len(labels), seed=5)]
    # OpenRLHF leaves the prompt what the response has no right to.
    params = SamplingParams(max_tokens=max_length - 6, logprobs=0)

    async def every() -> list[dict]:
        return await asyncio.gather(
            *(
                made.execute(prompt, label, params, max_length, TOKENIZER, engine)
                for prompt, label in zip(prompts, labels, strict=True)
            )
        )

    return asyncio.run(every())


def test_rewards_are_the_models(model: torch.nn.Module) -> None:
    engine = Engine(model)
    labels = sums(8, seed=5)["answer"]
    found = run(agent(), engine, labels)

    def scorer(sequences: list[Spliced]) -> TokenLogProbs:
        return TokenLogProbs.of(
            [engine.log_probs([*x.context, *x.reference])[-len(x.reference) :] for x in sequences]
        )

    reward = ProbabilityReward(scorer, Splicer(TOKENIZER))
    values = []
    for one, label in zip(found, labels, strict=True):
        ((start, end),) = one["action_ranges"]
        ids = one["observation_tokens"]
        assert end == len(ids)
        assert len(one["rollout_log_probs"]) == len(ids)
        (scored,) = reward([ids[:start]], [ids[start:end]], [label])
        values.append(0.9 * scored.reward + 0.1 * scored.well_formed)
        assert one["scores"] == pytest.approx(scored.r, abs=1e-6)
        assert one["label"] == label
    assert [one["reward"] for one in found] == pytest.approx(values, abs=1e-6)
    assert len({round(x, 3) for x in values}) > 4
    assert len({frozenset(one["extra_logs"]) for one in found}) == 1


def test_numbers_whatever_happens(model: torch.nn.Module) -> None:
    engine = Engine(model)
    labels = sums(4, seed=5)["answer"]
    strange = [None, math.nan, {"answer": "7"}, [None, ""]]
    useful = [7, ["7", "seven"], '{"any_of": ["7", "7.0"]}', {"any_of": [7, 7.0]}]
    lost = []
    for given, length in (
        (["", " ", "7", ""], 48),
        (labels, 48),
        ([x * 3 for x in labels], 20),
        (strange, 48),
        (useful, 48),
    ):
        found = run(agent(), engine, given, length)
        for one in found:
            values = [one["reward"], one["scores"], *one["extra_logs"].values()]
            assert all(isinstance(x, float) and math.isfinite(x) for x in values)
        lost.append(sum(one["extra_logs"]["rlpr_nan"] for one in found))
        # Nothing went to the engine that it has no room for.
        assert all(len(ids) < length for ids in engine.asked)
        engine.asked.clear()
    assert lost[0] >= 2
    assert lost[1] == 0
    assert lost[2] >= 1
    assert lost[3] >= 3
    assert lost[4] == 0


def test_known_baselines_are_not_asked_for(model: torch.nn.Module, tmp_path: Path) -> None:
    engine = Engine(model)
    rows = sums(4, seed=5)
    reward = ProbabilityReward(
        lambda sequences: TokenLogProbs.of(
            [[math.log(0.25)] * len(x.reference) for x in sequences]
        ),
        Splicer(TOKENIZER),
    )
    prompts = [TOKENIZER.encode(f"{row['prompt'][0]['content']}\n") for row in rows]
    reward.prepare(prompts, rows["answer"])
    reward.baseline.save(tmp_path / "baseline.json")
    found = run(agent(BASELINE_PATH=tmp_path / "baseline.json"), engine, rows["answer"])
    spliced = [one for one in found if not one["extra_logs"]["rlpr_unspliced"]]
    assert spliced
    assert [one["extra_logs"]["rlpr_baseline"] for one in spliced] == pytest.approx(
        [0.25] * len(spliced)
    )
    assert len(engine.asked) == len(spliced)


def test_baselines_are_asked_for_once(model: torch.nn.Module) -> None:
    """Ray gives every call a tokenizer of its own."""
    engine = Engine(model)
    made = agent()
    (prompt,) = [f"{row['prompt'][0]['content']}\n" for row in sums(1, seed=5)]
    params = SamplingParams(max_tokens=40)
    spliced = 0
    torch.manual_seed(3)
    for _ in range(4):
        own = pickle.loads(pickle.dumps(TOKENIZER))
        one = asyncio.run(made.execute(prompt, "7", params, 48, own, engine))
        spliced += not one["extra_logs"]["rlpr_unspliced"]
    assert spliced >= 2
    assert len(engine.asked) == spliced + 1
