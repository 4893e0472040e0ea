"""verl's trainer with a critic that is set back once."""

from __future__ import annotations

import logging

import ray
from omegaconf import DictConfig
from transfer_queue import KVBatchMeta
from verl.trainer.main_ppo import TaskRunnerV1
from verl.trainer.ppo.v1.trainer_base import TRAINER_REGISTRY, PPOTrainer, get_trainer_cls

__all__ = ["CriticReset", "CriticResetRunner", "resetting"]

_log = logging.getLogger(__name__)


class CriticReset(PPOTrainer):  # type: ignore[misc]
    """Sets the critic back behind an epoch or a step: weights, optimizer and schedule.

    ``trainer.reset_critic`` says when. A run that goes on from the checkpoint of that very step
    sets back the critic that it has loaded.
    """

    _resets = 0

    def on_sample_end(self) -> None:
        """Behind a step's rollout, when the engines have left the GPUs' memory to training."""
        super().on_sample_end()
        behind = self.config.trainer.get("reset_critic") or {}
        at = behind.get("step") or behind.get("epoch", 0) * self.steps_per_epoch
        # A step may sample several times.
        if at and self.global_steps == at + 1 and not self._resets:
            self.critic_wg.reset()
            self._resets += 1
            _log.warning("the critic is set back before the update of step %d", self.global_steps)

    def step(self, metrics: dict[str, object], timing_raw: dict[str, float]) -> KVBatchMeta:
        """A step, with the number of resets among its metrics.

        Args:
            metrics: Where they go.
            timing_raw: As for every trainer.
        """
        batch = super().step(metrics, timing_raw)
        metrics["critic/resets"] = float(self._resets)
        return batch


def resetting(trainer: type[PPOTrainer]) -> type[PPOTrainer]:
    """One of verl's trainers, with a critic that can be set back."""
    return type(f"CriticReset{trainer.__name__}", (CriticReset, trainer), {"__module__": __name__})


# Ray's actor classes cannot be subclassed; what they are made of can.
@ray.remote
class CriticResetRunner(TaskRunnerV1.__ray_metadata__.modified_class):  # type: ignore[misc]
    """verl's runner, with that trainer."""

    def run(self, config: DictConfig) -> None:
        """Trains.

        Args:
            config: verl's whole configuration.
        """
        mode = config.trainer.v1.trainer_mode
        TRAINER_REGISTRY[mode] = resetting(get_trainer_cls(mode))
        super().run(config)
