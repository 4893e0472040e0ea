"""RLPR's filter as verl's sampler: its own replay buffers, on its own store."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import verl_parts`

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import torch
    import transfer_queue as tq
    from tensordict import TensorDict
    from verl.trainer.ppo.v1.replay_buffer import ReplayBuffer, ReplayBufferAsync
    from verl.trainer.ppo.v1.trainer_base import PPOTrainer
    from verl_parts import cluster, config, transfer_queue


from pyverify.rlpr import StdFilter

pytestmark = pytest.mark.filterwarnings("ignore")

# Rewards of a group whose deviation is about 0.5, 0.25 or nothing.
WIDE, NARROW, FLAT = (1.0, 0.0, 1.0, 0.0), (0.5, 0.0, 0.5, 0.0), (0.3, 0.3, 0.3, 0.3)


@pytest.fixture(scope="module", autouse=True)
def _store() -> Iterator[None]:
    with cluster(), transfer_queue():
        yield


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    yield
    for partition, items in (tq.kv_list() or {}).items():
        if items:
            tq.kv_clear(partition_id=partition, keys=list(items))


class Rollout:
    """Prompts whose groups get the rewards that a test plans, as verl's agent loops put them."""

    def __init__(self, planned: Sequence[Sequence[float]], status: str = "finished") -> None:
        self.planned = list(planned)
        self.asked: list[int] = []
        self.made = 0
        self.status = status
        self.step = 1

    def __call__(self, count: int) -> int:
        self.asked.append(count)
        for _ in range(count):
            self.put(f"p{self.made}", self.planned[self.made])
            self.made += 1
        return count

    def put(self, uid: str, rewards: Sequence[float], partition: str = "train") -> None:
        tag = {"is_prompt": True, "status": self.status, "global_steps": self.step}
        tq.kv_batch_put(keys=[uid], partition_id=partition, tags=[tag])
        if not rewards:
            return
        keys = [f"{uid}_{session}_0" for session in range(len(rewards))]
        scores = torch.zeros(len(rewards), 3)
        scores[:, 2] = torch.tensor(rewards)
        tq.kv_batch_put(
            keys=keys,
            partition_id=partition,
            fields=TensorDict({"rm_scores": scores}, batch_size=len(rewards)),
            tags=[{"status": "success", "global_steps": self.step}] * len(rewards),
        )


def sampler(
    rollout: Callable[[int], object], mode: str = "sync", **settings: object
) -> ReplayBuffer:
    """As verl's trainer builds it from its configuration."""
    names = {"ema_start": 1, "filter_start": 2, "poll_interval": 0.01, **settings}
    whole = config(
        "trainer.v1.sampler.custom_sampler.path=pkg://pyverify.integrations.verl",
        "trainer.v1.sampler.custom_sampler.name=std_filter_sampler",
        f"trainer.v1.trainer_mode={mode}",
        *(f"+trainer.v1.sampler.sampler_kwargs.{name}={one}" for name, one in names.items()),
    )
    trainer = SimpleNamespace(config=whole, trainer_mode=mode, _add_prompts_to_generate=rollout)
    return PPOTrainer._build_replay_buffer(trainer)


def test_the_sampler_fits_the_mode() -> None:
    assert isinstance(sampler(Rollout([])), ReplayBuffer)
    assert not isinstance(sampler(Rollout([])), ReplayBufferAsync)
    assert isinstance(sampler(Rollout([]), "colocate_async"), ReplayBufferAsync)
    with pytest.raises(TypeError, match=r"unknown sampler_kwargs \['scael'\].*filter_start"):
        sampler(Rollout([]), scael=0.5)
    with pytest.raises(ValueError, match="ratio must be from 0 to 1"):
        sampler(Rollout([]), ratio=2)


def uids(batch: object) -> set[str]:
    return {key.split("_")[0] for key in batch.keys}


def left() -> set[str]:
    """Prompts that are still in the store."""
    return {key.split("_")[0] for key in (tq.kv_list("train") or {}).get("train", {})}


@pytest.mark.parametrize("mode", ["sync", "colocate_async"])
def test_flat_groups_make_room_for_others(mode: str) -> None:
    first, second, others = [WIDE, WIDE, FLAT, WIDE], [WIDE, FLAT, WIDE, NARROW], [FLAT, WIDE, WIDE]
    rollout = Rollout([*first, *second, *others])
    made = sampler(rollout, mode, scale=0.8)
    rollout(4)
    batch, metrics = made.sample(1, "train", 4)
    # Before filter_start all stays.
    assert len(batch.keys) == 16
    assert metrics["std_filter/kept"] == 4.0
    assert "std_filter/threshold" not in metrics
    tq.kv_clear(partition_id="train", keys=batch.keys)
    rollout.step = 2
    rollout(4)
    batch, metrics = made.sample(2, "train", 4)
    # Two of four are dropped, and one of the two that come instead.
    assert rollout.asked == [4, 4, 2, 1]
    assert uids(batch) == {"p4", "p6", "p9", "p10"}
    # What is dropped is gone from the store; the batch is cleared by the trainer.
    assert left() == uids(batch)
    wanted = StdFilter(scale=0.8, ema_start=1, filter_start=2)
    wanted(first)
    threshold = wanted(second).threshold
    assert metrics["std_filter/threshold"] == pytest.approx(threshold)
    assert metrics["std_filter/mean_std"] == pytest.approx(wanted.beta)
    counted = [metrics[f"std_filter/{name}"] for name in ("kept", "dropped", "refills")]
    assert counted == [4.0, 3.0, 2.0]
    assert metrics["training/filter_groups/evicted_samples"] == 3
    assert "training/rollout_failure/evicted_samples" not in metrics


def test_a_step_that_finds_nothing_takes_what_there_is() -> None:
    rollout = Rollout([WIDE, WIDE, *[FLAT] * 9])
    made = sampler(rollout, most_refills=2)
    rollout(2)
    tq.kv_clear(partition_id="train", keys=made.sample(1, "train", 2)[0].keys)
    rollout(2)
    batch, metrics = made.sample(2, "train", 2)
    assert len(batch.keys) == 8
    assert rollout.asked == [2, 2, 2, 2]
    assert metrics["std_filter/unfiltered"] == 2.0


def test_validation_is_not_filtered() -> None:
    rollout = Rollout([])
    made = sampler(rollout, filter_start=2)
    for step in (1, 2):
        rollout.put(f"v{step}", FLAT, "val")
        batch, metrics = made.sample(step, "val", 1)
        assert uids(batch) == {f"v{step}"}
        assert metrics == {}
        tq.kv_clear(partition_id="val", keys=batch.keys)
    assert made.filter.step == 0


def test_a_group_without_rewards_is_dropped() -> None:
    rollout = Rollout([WIDE, WIDE, (), WIDE, WIDE], status="failure")
    made = sampler(rollout)
    rollout(2)
    tq.kv_clear(partition_id="train", keys=made.sample(1, "train", 2)[0].keys)
    rollout(2)
    batch, _ = made.sample(2, "train", 2)
    assert uids(batch) == {"p3", "p4"}


def test_of_several_sequences_the_last_has_the_reward() -> None:
    rollout = Rollout([WIDE])
    made = sampler(rollout, ema_start=1, filter_start=2)
    rollout(1)
    # An agent loop's earlier sequences are copies with a reward of their own making.
    tq.kv_batch_put(
        keys=["p0_0_1", "p0_2_1"],
        partition_id="train",
        fields=TensorDict({"rm_scores": torch.zeros(2, 3)}, batch_size=2),
        tags=[{"status": "success", "global_steps": 1}] * 2,
    )
    _, metrics = made.sample(1, "train", 1)
    assert metrics["std_filter/mean_std"] == 0.0


def test_the_state_goes_on_behind_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "filter.jsonl"
    plan = [WIDE, NARROW, WIDE, FLAT, WIDE, WIDE]
    rollout = Rollout([*plan, *plan])
    made = sampler(rollout, state_path=path)
    for step in (1, 2):
        rollout(2)
        tq.kv_clear(partition_id="train", keys=made.sample(step, "train", 2)[0].keys)
    beta, count = made.filter.beta, made.filter.step
    with path.open("a") as file:
        file.write('{"global_steps": 2, "st')
    rollout(2)
    restarted = sampler(rollout, state_path=path)
    restarted.sample(3, "train", 2)
    assert restarted.filter.step == count + 1 == 3
    # A step moves the mean by a hundredth; a filter that begins afresh would have none yet.
    assert restarted.filter.beta == pytest.approx(beta, rel=0.02)
    assert restarted.filter.beta != beta


def test_a_restart_without_a_state_is_told(caplog: pytest.LogCaptureFixture) -> None:
    rollout = Rollout([WIDE])
    made = sampler(rollout)
    rollout(1)
    made.sample(7, "train", 1)
    assert "begins afresh" in caplog.text


def test_verl_must_be_able_to_fetch_single_prompts() -> None:
    def refill(count: int) -> int:
        raise ValueError("num_prompts (1) must be a positive multiple of gen_batch_size (2)")

    rollout = Rollout([WIDE, WIDE, WIDE, FLAT])
    made = sampler(refill)
    rollout(2)
    tq.kv_clear(partition_id="train", keys=made.sample(1, "train", 2)[0].keys)
    rollout(2)
    with pytest.raises(ValueError, match=r"data\.gen_batch_size=1"):
        made.sample(2, "train", 2)


def test_rewards_must_be_there_before_sampling() -> None:
    rollout = Rollout([])
    tag = {"is_prompt": True, "status": "finished", "global_steps": 1}
    tq.kv_batch_put(keys=["p0"], partition_id="train", tags=[tag])
    tq.kv_batch_put(
        keys=["p0_0_0"],
        partition_id="train",
        fields=TensorDict({"prompts": torch.zeros(1, 2)}, batch_size=1),
        tags=[{"status": "success"}],
    )
    with pytest.raises(RuntimeError, match="rewards before sampling"):
        sampler(rollout).sample(1, "train", 1)
