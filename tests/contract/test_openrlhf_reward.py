"""The reward files and `pyverify serve` in OpenRLHF's own executor: its loader, its HTTP client."""

from __future__ import annotations

import asyncio
import importlib.util
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("openrlhf", reason="openrlhf is not installed")
pytest.importorskip("aiohttp", reason="aiohttp is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")

import torch
from openrlhf.utils.agent import AgentExecutorBase, SingleTurnAgentExecutor
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

import pyverify

sys.path.insert(0, str(Path(__file__).parents[1] / "integrations"))

from serve_client import Server, serving

FILES = Path(pyverify.__file__).parent / "integrations" / "openrlhf"
REWARDS = Path(__file__).parents[2] / "rewards"
PROMPT = "user: What is 2+2?\nassistant: "
# Responses, labels, rewards of format_accuracy, accuracies.
ROWS = [
    ("It is \\boxed{4}.<|im_end|>", "4", 1.0, 1.0),
    ("It is 4.", "4", 0.9, 1.0),
    ("It is \\boxed{5}.", "4", 0.1, 0.0),
    ("It is \\boxed{4", "4", 0.0, 0.0),  # cut off
    ("<tool_call>\\boxed{4}</tool_call>", "4", 1.0, 1.0),
    ("The roots are \\boxed{1, 2}.", ["1", "2"], 1.0, 1.0),
    ("It is \\boxed{0.5}.", '{"any_of": ["7", "1/2"]}', 1.0, 1.0),
    ("It is \\boxed{4}.", "", 0.0, 0.0),
    ("It is \\boxed{4}.", None, 0.0, 0.0),
    ("", 4, 0.0, 0.0),
]


def make_tokenizer() -> PreTrainedTokenizerFast:
    """One token for each byte, and one for the end of a turn."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE({one: at for at, one in enumerate(letters)}, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(["<|im_end|>"])
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<|im_end|>")


TOKENIZER = make_tokenizer()


@dataclass
class SamplingParams:
    max_tokens: int | None = 200
    logprobs: int | None = None


@dataclass
class Completion:
    token_ids: list[int]
    text: str
    finish_reason: str
    logprobs: None = None


@dataclass
class RequestOutput:
    outputs: list[Completion]


@dataclass
class Engine:
    """An engine that says what it is told to: no reward function sees more of it."""

    responses: list[str]
    told: int = field(default=0)

    async def generate(
        self, ids: list[int], params: SamplingParams, multi_modal_data: object = None
    ) -> RequestOutput:
        text = self.responses[self.told]
        self.told += 1
        await asyncio.sleep(0)
        new = TOKENIZER.encode(text, add_special_tokens=False)
        return RequestOutput([Completion(new, text, "stop" if "<|im_end|>" in text else "length")])


def run(
    executor: AgentExecutorBase,
    rows: list[tuple[str, object]],
    prompt: str = PROMPT,
    tokenizer: PreTrainedTokenizerFast = TOKENIZER,
    length: int = 400,
) -> list[dict]:
    """All rows at once, as the Ray actor does it."""
    engine = Engine([text for text, _ in rows])

    async def every() -> list[dict]:
        return await asyncio.gather(
            *(
                executor.execute(prompt, label, SamplingParams(), length, tokenizer, engine)
                for _, label in rows
            )
        )

    return asyncio.run(every())


def seen(found: dict) -> tuple[float, float]:
    """Reward and score as OpenRLHF makes tensors of them; all that it logs must be numbers."""
    reward, score = (torch.tensor([found[name]]).flatten() for name in ("reward", "scores"))
    logs = [torch.tensor([value]).flatten() for value in found["extra_logs"].values()]
    for one in (reward, score, *logs):
        assert one.shape == (1,)
        assert torch.isfinite(one).all()
    return reward.item(), score.item()


def check(found: list[dict]) -> None:
    """That they are what ROWS says."""
    assert [seen(one) for one in found] == [
        (pytest.approx(reward), score) for *_, reward, score in ROWS
    ]
    assert len({tuple(one["extra_logs"]) for one in found}) == 1
    abstained = [torch.as_tensor(one["extra_logs"]["abstained"]).item() for one in found]
    assert abstained == [0.0] * 7 + [1.0] * 2 + [0.0]


def agent(name: str) -> AgentExecutorBase:
    """An agent as OpenRLHF's Ray actor loads it."""
    spec = importlib.util.spec_from_file_location("agent_module", FILES / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert issubclass(module.AgentExecutor, AgentExecutorBase)
    return module.AgentExecutor()


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Server]]:
    options = ("--reward", "format_accuracy", "--token", "secret")
    with serving(*options) as one, serving(*options) as other:
        yield [one, other]


@pytest.mark.parametrize("file", [FILES / "reward.py", REWARDS / "format_accuracy.py"])
def test_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYVERIFY_REWARD", "format_accuracy")
    executor = SingleTurnAgentExecutor([str(file)])
    assert executor.reward_func is not None
    check(run(executor, [row[:2] for row in ROWS]))


def test_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYVERIFY_REWARD", "format_accuracy")
    check(run(agent("reward_agent.py"), [row[:2] for row in ROWS]))


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """A fault in a user's function costs the responses at fault, and nothing else."""
    own = tmp_path / "own.py"
    own.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "from pyverify.rewards import Correctness, Function\n"
        "from pyverify.integrations.openrlhf import reward_func_of\n"
        "reward_func = reward_func_of(0.5 * Correctness() + Function('own_reward:own'))\n"
    )
    (tmp_path / "own_reward.py").write_text(
        "def own(completions, **_):\n    return [1 / ('boom' not in one) for one in completions]\n"
    )
    found = run(SingleTurnAgentExecutor([str(own)]), [("\\boxed{4}", "4"), ("boom", "4")])
    assert [seen(one) for one in found] == [(1.5, 1.0), (0.0, 0.0)]
    assert [one["extra_logs"]["error"].item() for one in found] == [0.0, 1.0]


def test_http_over_several_servers(servers: list[Server]) -> None:
    urls = [server.url.replace("http://", "http://pyverify:secret@") for server in servers]
    executor = SingleTurnAgentExecutor([f"{url}/get_reward" for url in urls])
    check(run(executor, [row[:2] for row in ROWS]))
    for server in servers:
        server.client.auth = ("", "secret")
        counts = server.metrics()
        name = 'pyverify_requests_total{endpoint="/get_reward",status="200"}'
        assert counts[name] == len(ROWS) / 2


def test_openrlhf_comes_again_when_the_server_is_busy(tmp_path: Path) -> None:
    (tmp_path / "slow_reward.py").write_text(
        "import time\ndef slow(completions, **_):\n    time.sleep(0.5)\n"
        "    return [0.5] * len(completions)\n"
    )
    config = tmp_path / "slow.toml"
    config.write_text('type = "function"\ntarget = "slow_reward:slow"\n')
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    options = ("--reward", str(config), "--max-concurrency", "2")
    with serving(*options, env={"PYTHONPATH": path}) as server:
        found = run(SingleTurnAgentExecutor([f"{server.url}/get_reward"]), [("4", "4")] * 4)
        assert [seen(one)[0] for one in found] == [0.5] * 4
        refused = 'pyverify_requests_total{endpoint="/get_reward",status="503"}'
        assert server.metrics()[refused] >= 2


def test_a_prompt_that_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prompt's own box must not become the answer."""
    monkeypatch.setenv("PYVERIFY_REWARD", "correctness")
    prompt = "user: \\boxed{3} is wrong. " * 10 + "What is it? Not \\boxed{4}.\nassistant: "
    executor = SingleTurnAgentExecutor([str(FILES / "reward.py")])
    rows = [("I don't know.", "4"), ("So \\boxed{5}.", "5")]
    for one in (executor, agent("reward_agent.py")):
        found = run(one, rows, prompt=prompt, length=260)
        assert len(found[0]["observation_tokens"]) < len(prompt)
        assert [seen(x)[0] for x in found] == [0.0, 1.0]


def test_a_tokenizer_that_changes_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    from tokenizers import normalizers

    monkeypatch.setenv("PYVERIFY_REWARD", "correctness")
    tokenizer = make_tokenizer()
    tokenizer.backend_tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace("  ", " ")]
    )
    prompt = "user: What is ２＋２  in the  form of \\boxed{4}?\nassistant: "
    executor = SingleTurnAgentExecutor([str(FILES / "reward.py")])
    found = run(executor, [("No idea.", "4"), ("\\boxed{4}", "4")], prompt, tokenizer)
    assert [seen(one)[0] for one in found] == [0.0, 1.0]


def test_tokens_are_counted_by_the_agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "long.toml"
    config.write_text('type = "overlong_penalty"\nmax_length = 100\nbuffer = 50\n')
    monkeypatch.setenv("PYVERIFY_REWARD", str(config))
    with pytest.raises(ValueError, match=r"reward_agent\.py"):
        SingleTurnAgentExecutor([str(FILES / "reward.py")])
    found = run(agent("reward_agent.py"), [("x" * size, "4") for size in (50, 75, 100)])
    assert [seen(one)[0] for one in found] == [0.0, -0.5, -1.0]
    monkeypatch.setenv("PYVERIFY_REWARD", "rlpr")
    with pytest.raises(ValueError, match="probability"):
        agent("reward_agent.py")


def test_a_large_batch_through_the_executor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYVERIFY_REWARD", "correctness")
    rows = [(f"\\boxed{{{at % 10}}}", "4") for at in range(2000)]
    for executor in (SingleTurnAgentExecutor([str(FILES / "reward.py")]), agent("reward_agent.py")):
        found = run(executor, rows)
        assert math.fsum(seen(one)[0] for one in found) == 200
