"""References scored by a real vLLM engine and a real server, against transformers in float32.

PYVERIFY_POLICY may name the folder of another model to try, instead of a small random one.
"""

from __future__ import annotations

import asyncio
import copy
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

if find_spec("vllm") is None or find_spec("transformers") is None:
    pytest.skip("vllm or transformers is not installed", allow_module_level=True)

# Read when vLLM or torch's compiler is imported. The engine runs in this process, so that the
# tests can change its weights.
SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "TORCHDYNAMO_DISABLE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1",
}
os.environ.update(SETTINGS)

import torch  # noqa: E402  # after the settings

from pyverify.rlpr import Spliced, TokenLogProbs  # noqa: E402
from pyverify.rlpr.scorers import VllmScorer, VllmServerScorer  # noqa: E402
from pyverify.rlpr.scorers.prompt_log_probs import scoring_params  # noqa: E402

# What vLLM's own imports warn of is not ours to repair.
pytestmark = pytest.mark.filterwarnings("default")

VOCABULARY, BLOCK, LONGEST = 384, 32, 512
TOLERANCE = 5e-5


def ids(random_: random.Random, count: int) -> list[int]:
    return [random_.randrange(3, VOCABULARY) for _ in range(count)]


def groups(seed: int) -> list[Spliced]:
    """Two prompts with responses of all lengths, and a baseline without any."""
    random_ = random.Random(seed)
    found = []
    for prompt in (ids(random_, 70), ids(random_, 9)):
        for kept in (0, 1, 31, 100, 257):
            reference = ids(random_, random_.randrange(1, 6))
            found.append(Spliced(prompt, ids(random_, kept), reference))
    found.append(Spliced(ids(random_, 400), ids(random_, LONGEST - 403), ids(random_, 2)))
    return found


def by_transformers(model: torch.nn.Module, sequences: Sequence[Spliced]) -> torch.Tensor:
    found = []
    for one in sequences:
        whole = torch.tensor([[*one.context, *one.reference]])
        with torch.inference_mode():
            logits = model(whole).logits[0, len(one.context) - 1 : -1].double()
        targets = torch.tensor(one.reference)[:, None]
        found.append(logits.log_softmax(-1).gather(1, targets)[:, 0])
    return torch.cat(found)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> tuple[torch.nn.Module, Path]:
    """A small policy with opinions, and the folder that vLLM reads it from."""
    import tokenizers
    import transformers

    other = os.environ.get("PYVERIFY_POLICY")
    if other is not None:
        load = transformers.AutoModelForCausalLM.from_pretrained
        return load(other, dtype=torch.float32).eval(), Path(other)
    torch.manual_seed(7)
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=LONGEST,
        initializer_range=0.2,
    )
    model = transformers.LlamaForCausalLM(config).eval()
    folder = tmp_path_factory.mktemp("policy")
    model.save_pretrained(folder)
    words = {f"t{i}": i for i in range(VOCABULARY)}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="t0"))
    transformers.PreTrainedTokenizerFast(tokenizer_object=made).save_pretrained(folder)
    # What a server samples by, and scores must not show.
    sampling = {"temperature": 0.5, "top_p": 0.5, "top_k": 3, "repetition_penalty": 1.3}
    (folder / "generation_config.json").write_text(json.dumps(sampling))
    return model, folder


@pytest.fixture(scope="module")
def address() -> str:
    """Where the server will be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"127.0.0.1:{port}"


@pytest.fixture(scope="module", autouse=True)
def starting(
    policy: tuple[torch.nn.Module, Path], address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The server, which starts while the engine does."""
    log = tmp_path_factory.mktemp("server") / "log"
    # vllm-cpu's command `vllm` asks for the version of a package of that name, and fails.
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(policy[1]), "--served-model-name", "policy", "--dtype", "float32"]
    command += ["--enforce-eager", "--max-model-len", str(LONGEST)]
    command += ["--host", "127.0.0.1", "--port", address.split(":")[1]]
    with log.open("wb") as said:
        child = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    yield child, log
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


@pytest.fixture(scope="module")
def engine(policy: tuple[torch.nn.Module, Path]) -> object:
    from vllm import LLM

    return LLM(
        model=str(policy[1]),
        dtype="float32",
        enforce_eager=True,
        max_model_len=LONGEST,
        block_size=BLOCK,
        enable_prefix_caching=True,
        # As verl's and TRL's engines have it: what is sampled from, after all processing.
        logprobs_mode="processed_logprobs",
    )


@pytest.fixture(scope="module")
def server(starting: tuple[subprocess.Popen[bytes], Path], address: str, engine: object) -> str:
    child, log = starting
    end = time.monotonic() + 600
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}/health", timeout=5):
                return f"http://{address}/v1"
        except OSError:
            assert child.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < end, log.read_text()[-3000:]
            time.sleep(0.25)


def check(found: TokenLogProbs, model: torch.nn.Module, sequences: Sequence[Spliced]) -> None:
    assert found.cu_seqlens.diff().tolist() == [len(one.reference) for one in sequences]
    off = (found.log_probs.double() - by_transformers(model, sequences)).abs().max()
    assert off <= TOLERANCE


@pytest.mark.parametrize("route", ["prompt_logprobs", "prefix", "auto"])
def test_the_engine_agrees(
    engine: object, policy: tuple[torch.nn.Module, Path], route: object
) -> None:
    sequences = groups(1)
    scorer = VllmScorer(engine, route=route)  # type: ignore[arg-type]
    check(scorer(sequences), policy[0], sequences)
    # From the cache, and in another order.
    check(scorer(sequences[::-1]), policy[0], sequences[::-1])


def test_what_reads_the_prefix_cache(engine: object) -> None:
    """Whole sequences never do; token by token a context is computed once, or not at all."""
    sequences = groups(2)
    whole = VllmScorer(engine, route="prompt_logprobs")  # type: ignore[arg-type]
    for _ in range(2):
        whole(sequences)
    assert whole.cached_tokens == 0
    assert whole.prompt_tokens == 2 * sum(
        len(one.context) + len(one.reference) for one in sequences
    )

    fresh = [one for one in groups(3) if len(one.context) > 100]
    for warm in (False, True):
        stepwise = VllmScorer(engine, route="prefix")  # type: ignore[arg-type]
        stepwise(fresh)
        computed = stepwise.prompt_tokens - stepwise.cached_tokens
        steps = sum(len(one.reference) for one in fresh)
        # A request computes the last block that isn't full, or all of one: a token at least.
        most = BLOCK * steps
        assert computed <= most + (0 if warm else sum(len(one.context) for one in fresh))
        assert stepwise.cached_tokens > 0.5 * stepwise.prompt_tokens


def test_auto_goes_by_what_is_computed(engine: object) -> None:
    scorer = VllmScorer(engine)  # type: ignore[arg-type]
    short = [one for one in groups(4) if len(one.context) <= BLOCK]
    assert short
    for _ in range(2):
        scorer(short)
    assert scorer.cached_tokens == 0
    long = [one for one in groups(4) if len(one.context) > BLOCK * 5]
    for _ in range(2):
        scorer(long)
    assert scorer.cached_tokens > 0


def test_after_a_weight_update(engine: object, policy: tuple[torch.nn.Module, Path]) -> None:
    """Keys and values of the old policy stay in the prefix cache until it is reset."""
    sequences = [one for one in groups(5) if len(one.context) > 100]
    whole = VllmScorer(engine, route="prompt_logprobs")  # type: ignore[arg-type]
    stepwise = VllmScorer(engine, route="prefix")  # type: ignore[arg-type]
    check(stepwise(sequences), policy[0], sequences)
    updated = copy.deepcopy(policy[0])
    scale(updated, 0.5)
    engine.apply_model(lambda model: scale(model, 0.5))  # type: ignore[attr-defined]
    try:
        stale = stepwise(sequences).log_probs.double() - by_transformers(updated, sequences)
        assert stale.abs().max() > 0.01
        check(whole(sequences), updated, sequences)
        engine.reset_prefix_cache()  # type: ignore[attr-defined]
        check(stepwise(sequences), updated, sequences)
    finally:
        engine.apply_model(lambda model: scale(model, 2.0))  # type: ignore[attr-defined]
        engine.reset_prefix_cache()  # type: ignore[attr-defined]
    check(stepwise(sequences), policy[0], sequences)


def scale(model: torch.nn.Module, factor: float) -> None:
    """Another policy, by weights that no engine keeps packed elsewhere."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("input_layernorm.weight"):
                parameter.mul_(factor)


def test_the_parameters_decide_about_the_cache() -> None:
    assert scoring_params().skip_reading_prefix_cache is True
    assert scoring_params(5).skip_reading_prefix_cache is False


def test_sequences_that_do_not_fit(engine: object) -> None:
    scorer = VllmScorer(engine, on_failure="nan")  # type: ignore[arg-type]
    fits = Spliced([5] * (LONGEST - 2), [], [7])
    found = scorer([fits, Spliced([5] * (LONGEST - 1), [], [7])]).log_probs.tolist()
    assert list(map(math.isnan, found)) == [False, True]


@pytest.mark.parametrize("batch", [1, 8])
def test_the_server_agrees(server: str, policy: tuple[torch.nn.Module, Path], batch: int) -> None:
    sequences = groups(6)
    scorer = VllmServerScorer(server, api_key_env="", batch=batch)
    check(scorer(sequences), policy[0], sequences)
    check(asyncio.run(scorer.ascore(sequences)), policy[0], sequences)


def test_what_the_server_refuses(server: str, policy: tuple[torch.nn.Module, Path]) -> None:
    sequences = [*groups(7), Spliced([5] * LONGEST, [], [7])]
    with pytest.raises(ValueError, match=f"--max-model-len must be {LONGEST + 2} at least"):
        VllmServerScorer(server, api_key_env="")(sequences)
    found = VllmServerScorer(server, api_key_env="", on_failure="nan")(sequences)
    assert found.log_probs.isnan().tolist() == [False] * (len(found.log_probs) - 1) + [True]
    with pytest.raises(ValueError, match=r"The model `other` does not exist.*look at model"):
        VllmServerScorer(server, "other", api_key_env="")(sequences)
