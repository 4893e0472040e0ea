"""The reward function and the reward manager in verl's reward loop; runs started by verl itself."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import verl_parts`

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import numpy as np
    import ray
    from datasets import Dataset
    from transformers import LlamaConfig
    from verl.experimental.reward_loop import RewardLoopManager
    from verl.experimental.reward_loop.reward_manager.base import RewardManagerBase
    from verl.protocol import DataProto
    from verl.trainer.ppo.reward import get_custom_reward_fn, load_reward_manager
    from verl_parts import FUNCTION, MANAGER, cluster, config, make_tokenizer, rows

    from pyverify.integrations.verl import compute_score
    from pyverify.integrations.verl.critic import run


pytestmark = pytest.mark.filterwarnings("ignore")

KWARGS = "+reward.reward_kwargs."
FORMAT = ("reward=format_accuracy", "parameters.format_weight=0.2")

TEXTS = [
    r"First 2 + 2, so the answer is \boxed{4}.",
    r"\boxed{5}",
    "The answer is 4.",
    "#### 4",
    "",
    r"So it is \boxed{\frac{8}{2}} and I am cut o",
    "We never get to the end of",
    r"It is \boxed{4} or \boxed{5}.",
    r"ß∂ 数学 答案 \boxed{4}",
    r"\boxed{" * 40,
]
TOKENIZER = make_tokenizer(TEXTS)


def manager(*overrides: str) -> RewardManagerBase:
    """As verl's reward worker loads it."""
    return load_reward_manager(config(*overrides), TOKENIZER)


def ours(*settings: str) -> RewardManagerBase:
    return manager(*MANAGER, *(KWARGS + one for one in settings))


def ask(made: RewardManagerBase, data: DataProto) -> list[dict]:
    """As verl's reward worker asks: all at once, on one event loop."""

    async def together() -> list[dict]:
        single = [data[at : at + 1] for at in range(len(data))]
        return await asyncio.gather(*map(made.run_single, single))

    return made.loop.run_until_complete(together())


def scores(found: Sequence[dict]) -> list[float]:
    return [one["reward_score"] for one in found]


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the reward loop wants of a model: its tokenizer."""
    folder = tmp_path_factory.mktemp("policy")
    TOKENIZER.save_pretrained(folder)
    LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=len(TOKENIZER),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
    ).save_pretrained(folder)
    return folder


def test_the_reward_loop_with_every_manager(policy: Path) -> None:
    """verl's manager of reward workers, in Ray's actors."""
    data = rows(TOKENIZER, TEXTS, ["4"] * 8 + [None, ["4", "5"]])
    data.non_tensor_batch.pop("raw_prompt")
    settings = [f"+reward.custom_reward_function.reward_kwargs.{one}" for one in FORMAT]
    managers = {
        "naive": [*FUNCTION, *settings],
        "dapo": [*FUNCTION, *settings, "reward.reward_manager.name=dapo"],
        "pyverify": [*MANAGER, *(KWARGS + one for one in FORMAT)],
    }
    found = {}
    with cluster():
        for name, overrides in managers.items():
            whole = config(
                f"actor_rollout_ref.model.path={policy}", "reward.num_workers=1", *overrides
            )
            loop = RewardLoopManager(whole)
            found[name] = loop.compute_rm_score(data)
            for worker in loop.reward_loop_workers:
                ray.kill(worker)
    plain = found["naive"]
    wanted = [1.0, 0.2, 0.8, 0.8, 0.0, 1.0, 0.0, 0.2, 0.0, 0.0]
    assert plain.batch["rm_scores"].sum(1).tolist() == pytest.approx(wanted)
    assert plain.non_tensor_batch["abstained"].tolist() == [0.0] * 8 + [1.0, 0.0]
    for other in ("dapo", "pyverify"):
        assert found[other].batch["rm_scores"].equal(plain.batch["rm_scores"])
        assert found[other].meta_info == plain.meta_info
        for key in plain.meta_info["reward_extra_keys"]:
            column = found[other].non_tensor_batch[key]
            assert column.tolist() == plain.non_tensor_batch[key].tolist()
            assert column.dtype.kind == ("U" if key in ("pred", "verdict", "reason") else "f")


def test_a_run_started_by_verl_gets_as_far_as_it_can(policy: Path, tmp_path: Path) -> None:
    """Configuration, data, sampler, runner: then verl wants a GPU."""
    data = [
        {
            "data_source": "openai/gsm8k",
            "prompt": [{"role": "user", "content": "2 + 2?"}],
            "reward_model": {"style": "rule", "ground_truth": "4"},
            "extra_info": {"index": at},
        }
        for at in range(4)
    ]
    Dataset.from_list(data).to_parquet(tmp_path / "train.parquet")
    TOKENIZER.chat_template = "{{ messages[0]['content'] }}"
    TOKENIZER.save_pretrained(policy)
    agent = Path(sys.modules["pyverify"].__file__).parent / "integrations/verl/rlpr_agent.yaml"
    changes = [
        *MANAGER,
        *(KWARGS + one for one in FORMAT),
        "trainer.device=cpu",
        "trainer.n_gpus_per_node=1",
        "trainer.logger=[]",
        "trainer.total_epochs=3",
        "algorithm.adv_estimator=gae",
        f"actor_rollout_ref.model.path={policy}",
        f"critic.model.path={policy}",
        f"data.train_files={tmp_path / 'train.parquet'}",
        f"data.val_files={tmp_path / 'train.parquet'}",
        "data.train_batch_size=2",
        "data.gen_batch_size=1",
        "actor_rollout_ref.rollout.name=vllm",
        "actor_rollout_ref.actor.ppo_mini_batch_size=2",
        "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=2",
        "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=2",
        "actor_rollout_ref.rollout.agent.default_agent_loop=rlpr_agent",
        f"actor_rollout_ref.rollout.agent.agent_loop_config_path={agent}",
        "critic.ppo_mini_batch_size=2",
        "critic.ppo_micro_batch_size_per_gpu=2",
        "trainer.v1.sampler.custom_sampler.path=pkg://pyverify.integrations.verl",
        "trainer.v1.sampler.custom_sampler.name=std_filter_sampler",
        f"+trainer.v1.sampler.sampler_kwargs.state_path={tmp_path / 'filter.jsonl'}",
        "transfer_queue.backend.SimpleStorage.num_data_storage_units=1",
    ]
    with cluster(), pytest.raises(ray.exceptions.RayTaskError, match="GPUs") as caught:
        run(changes, reset_critic_at_epoch=1)
    trace = str(caught.value)
    assert "create_resource_pool" in trace
    assert "critic_reset.py" in trace


def test_a_file_to_point_at(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What a file defines is called by verl's manager one by one, and by ours in batches."""
    path = tmp_path / "mine.py"
    path.write_text(
        "from pyverify.integrations.verl import ComputeScore\n"
        "from pyverify.rewards import recipe\n"
        "compute_score = ComputeScore(recipe('graded_basic'), abstained=-5.0)\n"
        "def other(data_source, solution_str, ground_truth, extra_info=None):\n"
        "    return 0.25\n"
    )
    pointed = f"reward.custom_reward_function.path={path}"
    data = rows(TOKENIZER, TEXTS, ["4"] * 9 + [None])
    one_by_one, batched = ask(manager(pointed), data), ask(manager(*MANAGER, pointed), data)
    assert one_by_one == batched
    assert scores(batched) == [100.0, 0.0, 100.0, 100.0, -1.0, 100.0, -1.0, 0.0, 100.0, -5.0]
    with pytest.raises(TypeError, match="set up there"):
        manager(*MANAGER, pointed, KWARGS + "reward=r1")
    with caplog.at_level(logging.WARNING):
        made = manager(*MANAGER, pointed, "reward.custom_reward_function.name=other")
    assert "is not used" in caplog.text
    assert scores(ask(made, data))[:2] == [1.0, 0.0]


def test_settings_of_the_function_hold_for_the_manager() -> None:
    settings = [f"+reward.custom_reward_function.reward_kwargs.{one}" for one in FORMAT]
    data = rows(TOKENIZER, TEXTS, ["4"] * len(TEXTS))
    assert ask(manager(*FUNCTION, *settings), data) == ask(
        manager(*MANAGER, *FUNCTION, *settings), data
    )
    with pytest.raises(ValueError, match="keep one of them"):
        manager(*MANAGER, *FUNCTION, *settings, KWARGS + "reward=r1")


def test_settings_that_do_not_exist() -> None:
    with pytest.raises(TypeError, match=r"unknown reward_kwargs \['rewrad'\]"):
        ours("rewrad=r1")
    with pytest.raises(TypeError, match=r"reward=dapo parameters\.max_length"):
        ours("max_resp_len=99", "overlong_buffer_cfg.len=9")


def test_a_reward_model_that_asks_no_manager_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        manager(*MANAGER, "reward.reward_model.enable=True")
    assert "asks no reward manager" in caplog.text


def test_golds_as_data_sets_have_them() -> None:
    golds = ["4", 4, ["4"], np.array(["4"]), {"any_of": ["3", "4"]}, "2 + 2 = 4\n#### 4"]
    none = [None, math.nan, "", [], np.array([]), object()]
    found = ask(ours("abstained=-3"), rows(TOKENIZER, [r"\boxed{4}"] * 12, golds + none))
    assert scores(found) == [1.0] * 6 + [-3.0] * 6
    assert len({tuple(one["reward_extra_info"]) for one in found}) == 1


def test_token_counts_are_verls() -> None:
    """The penalty of verl's own dapo manager, and its twin in the recipe."""
    texts = [r"\boxed{4} " + "x" * n for n in (0, 40, 60, 80, 200)]
    data = rows(TOKENIZER, texts, ["4"] * 5)
    most, buffer = len(TOKENIZER.encode(texts[3])) + 4, 40
    own = [
        *FUNCTION,
        "+reward.custom_reward_function.reward_kwargs.reward=graded_basic",
        "reward.reward_manager.name=dapo",
        f"{KWARGS}max_resp_len={most}",
        f"{KWARGS}overlong_buffer_cfg.enable=True",
        f"{KWARGS}overlong_buffer_cfg.len={buffer}",
        f"{KWARGS}overlong_buffer_cfg.penalty_factor=1.0",
        f"{KWARGS}overlong_buffer_cfg.log=False",
    ]
    theirs = [float(one) - 99.0 for one in scores(ask(manager(*own), data))]
    found = ask(
        ours("reward=dapo", f"parameters.max_length={most}", f"parameters.buffer={buffer}"), data
    )
    # verl's has no floor, and 32 bits.
    assert scores(found) == pytest.approx([max(one, 0.0) for one in theirs], abs=1e-5)
    assert 0.0 < scores(found)[2] < 1.0
    assert scores(found)[4] == 0.0


def test_a_prompt_that_opens_a_reasoning_block() -> None:
    texts = [r"2+2</think><answer>4</answer>", r"I think \boxed{4}"]
    asked = {}
    for prompt in ("Q\nassistant\n", "Q\nassistant\n<think>\n", "Q\n<think>\n\n</think>\n\n"):
        found = ask(ours("reward=r1"), rows(TOKENIZER, texts, ["4", "4"], prompt=prompt))
        asked[prompt.count("<think>") - prompt.count("</think>")] = scores(found)
    assert asked[0] == [2.0, 1.0]
    # What is inside the block is no answer.
    assert asked[1] == [2.0, 0.0]
    known = ask(ours("reward=r1", "prefilled=True"), rows(TOKENIZER, texts, ["4", "4"]))
    assert scores(known) == [2.0, 0.0]


def test_what_tools_say_is_no_answer() -> None:
    tool = "\nuser\n<tool_response>\n\\boxed{4}\n</tool_response>\nassistant\n"
    texts = [r"\boxed{3}" + tool, r"\boxed{3}" + tool + r"\boxed{5}", tool + r"So \boxed{4}"]
    found = ask(ours(), rows(TOKENIZER, texts, ["4"] * 3, turns=4))
    assert [one["reward_extra_info"]["pred"] for one in found] == ["3", "5", "4"]
    assert scores(found) == [0.0, 0.0, 1.0]


def test_of_several_sequences_the_last_counts() -> None:
    data = rows(TOKENIZER, [r"\boxed{5}", r"So \boxed{4}"], ["4", "4"])
    for made in (ours(), manager(*FUNCTION)):
        found = made.loop.run_until_complete(made.run_single(data))
        assert found["reward_score"] == 1.0


@pytest.fixture
def own_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's module: a function that fails where a response says 5, one that sees prompts."""
    (tmp_path / "verl_user_rewards.py").write_text(
        "def fails(completions, **_):\n"
        "    if any('5' in one for one in completions):\n"
        "        raise RuntimeError('no fives')\n"
        "    return [1.0] * len(completions)\n"
        "def sees(completions, prompts, **_):\n"
        "    return [float('2 + 2' in one) for one in prompts]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("fails", "sees"):
        table = {"type": "function", "target": f"verl_user_rewards:{name}"}
        (tmp_path / f"{name}.json").write_text(json.dumps(table))
    return tmp_path


def test_an_exception_in_a_users_function(own_function: Path) -> None:
    made = ours(f"reward={own_function / 'fails.json'}", "abstained=-1")
    found = ask(made, rows(TOKENIZER, TEXTS[:4], ["4"] * 4))
    assert scores(found) == [1.0, -1.0, 1.0, 1.0]
    assert [one["reward_extra_info"]["error"] for one in found] == [0.0, 1.0, 0.0, 0.0]


def test_a_users_function_sees_the_question(own_function: Path) -> None:
    data = rows(TOKENIZER, ["x", "y"], ["4"] * 2, prompt="What is 2 + 2?\n<think>\n")
    assert scores(ask(ours(f"reward={own_function / 'sees.json'}"), data)) == [1.0, 1.0]


def test_columns_come_from_agent_loops_and_from_data() -> None:
    made = ours("reward=rlpr")
    data = rows(
        TOKENIZER,
        ["<think>x</think><answer>4</answer>"] * 2,
        ["4"] * 2,
        tool_extra_fields=[{"probability": 0.5}] * 2,
    )
    assert scores(ask(made, data)) == pytest.approx([0.55, 0.55])
    with pytest.raises(TypeError, match=r"'probability'.*extra_info"):
        ask(made, rows(TOKENIZER, ["x"], ["4"]))


def test_no_gold_at_all_is_an_error() -> None:
    data = rows(TOKENIZER, ["x"], ["4"])
    data.non_tensor_batch.pop("reward_model")
    with pytest.raises(TypeError, match="enable_resource_pool=True"):
        ask(ours(), data)


def test_a_hundred_thousand_responses() -> None:
    count = 100_000
    data = rows(TOKENIZER, TEXTS[:8], ["4"] * 8)
    made, slices = ours(), [data[at : at + 1] for at in range(8)]
    wanted = scores(ask(made, data))

    async def together() -> list[dict]:
        return await asyncio.gather(*(made.run_single(slices[at % 8]) for at in range(count)))

    assert scores(made.loop.run_until_complete(together())) == wanted * (count // 8)


def test_several_loops_in_several_threads() -> None:
    data = rows(TOKENIZER, TEXTS[:8], ["4"] * 8)
    made = ours()
    wanted = scores(ask(made, data))
    found: list[list[float]] = []

    async def together() -> list[dict]:
        return await asyncio.gather(*(made.run_single(data[at : at + 1]) for at in range(8)))

    threads = [
        threading.Thread(target=lambda: found.append(scores(asyncio.run(together()))))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [wanted] * 4


def test_verl_finds_the_function_in_the_package() -> None:
    loaded = get_custom_reward_fn(config(*FUNCTION))
    assert loaded.args[0] is compute_score
    assert loaded("math", r"\boxed{4}", "4")["score"] == 1.0
