"""A critic of another model, and one that is set back, in verl's own loop over steps."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import verl_parts`

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    from omegaconf import open_dict
    from transfer_queue import KVBatchMeta
    from verl.trainer.ppo.v1 import PPOTrainerColocateAsync, PPOTrainerSync, trainer_base
    from verl_parts import config, make_tokenizer

    from pyverify.integrations.verl import critic_reset
    from pyverify.integrations.verl.critic import main, run, same_vocabulary

pytestmark = pytest.mark.filterwarnings("ignore")

GAE = ("algorithm.adv_estimator=gae", "trainer.logger=[]", "trainer.val_before_train=False")


class Run:
    """verl's loop over steps; what needs a GPU is counted instead."""

    def __init__(self, kind: type, monkeypatch: pytest.MonkeyPatch, begun: int = 0) -> None:
        self.reset_before: list[int] = []
        self.logged: dict[int, dict[str, float]] = {}
        self.awake = True
        parts: dict[str, object] = {
            name: lambda trainer, batch, metrics: batch
            for name in (
                "_balance_batch",
                "_compute_old_log_prob",
                "_compute_values",
                "_compute_advantage",
                "_update_critic",
                "_update_actor",
            )
        }
        parts["prepare_step"] = lambda trainer: {}
        parts["_compute_metrics"] = lambda *_, **__: None
        trainer = type("Trainer", (critic_reset.resetting(kind),), parts)
        made = trainer.__new__(trainer)
        made.global_steps, made.steps_per_epoch = begun, 3
        made.trainer_mode, made.parameter_sync_step = "sync", 1
        made.total_training_steps = 12
        made.use_critic, made.use_reference_policy = True, False
        made.curr_step_profile = False
        made.reward_loop_manager = SimpleNamespace(reward_loop_worker_handles=[])
        made.replay_buffer = SimpleNamespace(sample=self._sample)
        made.checkpoint_manager = SimpleNamespace(
            update_weights=lambda steps: self._engines(awake=True),
            resume_generation_replicas=lambda: None,
            abort_replicas=lambda: None,
            sleep_replicas=lambda: self._engines(awake=False),
        )
        made.critic_wg = SimpleNamespace(reset=self._reset)
        monkeypatch.setattr(made, "_shutdown_dump_executor", lambda: None, raising=False)
        monkeypatch.setattr(trainer_base.tq, "kv_clear", lambda **_: None)
        log = SimpleNamespace(log=lambda data, step: self.logged.__setitem__(step, data))
        monkeypatch.setattr(trainer_base, "Tracking", lambda **_: log)
        self.made = made

    def _sample(self, **_: object) -> tuple[KVBatchMeta, dict[str, float]]:
        return KVBatchMeta(partition_id="train", keys=[], tags=[], extra_info={}), {}

    def _engines(self, *, awake: bool) -> None:
        self.awake = awake

    def _reset(self) -> None:
        assert not self.awake, "engines have the GPUs' memory while they are awake"
        self.reset_before.append(self.made.global_steps)

    def __call__(self, **behind: int) -> list[int]:
        self.made.config = config(*GAE)
        with open_dict(self.made.config):
            self.made.config.trainer.reset_critic = behind
            self.made.config.trainer.total_epochs = 4
        self.made.fit(None)
        return self.reset_before


@pytest.mark.parametrize("kind", [PPOTrainerSync, PPOTrainerColocateAsync])
@pytest.mark.parametrize(("behind", "before"), [({"epoch": 2}, [7]), ({"step": 4}, [5]), ({}, [])])
def test_the_critic_is_set_back_once(
    kind: type, behind: dict[str, int], before: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Run(kind, monkeypatch)
    monkeypatch.setattr(made.made, "_add_async_warmup_batches", lambda count: None)
    assert made(**behind) == before
    resets = [made.logged[step]["critic/resets"] for step in range(1, 13)]
    assert resets == [float(bool(before) and step >= before[0]) for step in range(1, 13)]


@pytest.mark.parametrize(("begun", "before"), [(5, [7]), (6, [7]), (7, [])])
def test_a_run_that_goes_on(begun: int, before: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert Run(PPOTrainerSync, monkeypatch, begun)(epoch=2) == before


def test_what_cannot_be_is_refused_before_anything_starts() -> None:
    with pytest.raises(ValueError, match="no critic to set back"):
        run(["algorithm.adv_estimator=grpo"], reset_critic_at_epoch=2)
    with pytest.raises(ValueError, match=r"more than reset_critic_at_epoch=15"):
        run([*GAE, "trainer.total_epochs=15"], reset_critic_at_epoch=15)
    with pytest.raises(ValueError, match="give one of them"):
        run([*GAE], reset_critic_at_epoch=1, reset_critic_at_step=1)
    with pytest.raises(ValueError, match="at least 1"):
        run([*GAE], reset_critic_at_step=0)
    with pytest.raises(ValueError, match=r"trainer\.use_v1=True"):
        run([*GAE, "trainer.use_v1=False"])
    with pytest.raises(SystemExit, match=r"error: .*no critic to set back"):
        main(["--reset-at-epoch", "2", "algorithm.adv_estimator=grpo"])


def test_vocabularies(tmp_path: Path) -> None:
    actor, other = make_tokenizer(), make_tokenizer(["Other words make other tokens. " * 99])
    assert same_vocabulary(actor, make_tokenizer())
    found = same_vocabulary(actor, other)
    assert not found
    assert "tokens" in str(found)
    more = make_tokenizer()
    more.add_tokens(["<more>"])
    # What only the critic has does no harm; what it lacks does.
    assert same_vocabulary(actor, more)
    assert "lacks 1 of" in str(same_vocabulary(more, actor))
    assert same_vocabulary(actor, more, rows=len(actor))
    assert "rows" in str(same_vocabulary(actor, more, rows=len(actor) - 1))


def test_a_critic_that_cannot_read_is_refused(tmp_path: Path) -> None:
    from transformers import LlamaConfig

    texts = {"actor": [], "critic": ["Other words make other tokens. " * 99]}
    for name, words in texts.items():
        made = make_tokenizer(words)
        made.save_pretrained(tmp_path / name)
        LlamaConfig(
            vocab_size=len(made),
            hidden_size=32,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
        ).save_pretrained(tmp_path / name)
    changes = [
        *GAE,
        f"actor_rollout_ref.model.path={tmp_path / 'actor'}",
        f"critic.model.path={tmp_path / 'critic'}",
        "actor_rollout_ref.rollout.name=vllm",
        "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=4",
        "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=4",
        "critic.ppo_micro_batch_size_per_gpu=4",
    ]
    with pytest.raises(ValueError, match="doesn't fit the actor"):
        run(changes)
