"""RLPR's filter as verl's sampler: groups whose rewards hardly differ make room for others.

verl's own filter of groups drops those whose rewards are all the same, which probabilities never
are. This one drops those whose standard deviation is below a share of its running mean
(`StdFilter`)::

    trainer.v1.sampler.custom_sampler.path=pkg://pyverify.integrations.verl
    trainer.v1.sampler.custom_sampler.name=std_filter_sampler
    data.gen_batch_size=1
    +trainer.v1.sampler.sampler_kwargs.state_path=/checkpoints/std_filter.jsonl

The last two let verl fetch as many prompts as were dropped, and the filter go on after a restart.
Other settings of ``sampler_kwargs`` are those of `StdFilter`, and ``most_refills``.
"""

from __future__ import annotations

import json
import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, cast

import transfer_queue as tq
from transfer_queue import KVBatchMeta
from verl.trainer.ppo.v1.replay_buffer import ReplayBuffer, ReplayBufferAsync

from pyverify.rlpr import StdFilter

__all__ = ["StdFilterReplayBuffer", "StdFilterReplayBufferAsync", "std_filter_sampler"]

_log = logging.getLogger(__name__)

# Stale, filtered and failed groups, and how many share which value.
Reasons: TypeAlias = tuple[set[str], set[str], set[str], "Counter[float]"]

_FILTER = ("scale", "ratio", "ema_start", "filter_start")
_OWN = ("most_refills", "state_path", "poll_interval")


class _Filtering(ReplayBuffer):  # type: ignore[misc]
    """What both of verl's replay buffers lack.

    A step's groups are looked at together, once there are as many as the step wants; what takes the
    place of dropped ones is held to the same threshold. verl wants its batches whole: behind
    ``most_refills`` rounds a step takes what there is.

    Args:
        sampler_kwargs: ``scale``, ``ratio``, ``ema_start``, ``filter_start`` as for `StdFilter`;
            ``most_refills``, how many times a step may ask for other prompts; ``state_path``, a
            file that the filter's state is appended to after each step, and read from when the run
            goes on behind one; ``poll_interval``, in seconds.
        **given: As for verl's replay buffers.

    Raises:
        TypeError: There is no such setting.
        ValueError: A setting has a wrong value.
    """

    def __init__(
        self, *, sampler_kwargs: Mapping[str, object] | None = None, **given: object
    ) -> None:
        settings = dict(sampler_kwargs or {})
        unknown = sorted({*settings} - {*_FILTER, *_OWN})
        if unknown:
            raise TypeError(
                f"unknown sampler_kwargs {unknown}; the settings are {', '.join((*_FILTER, *_OWN))}"
            )
        if "poll_interval" in settings:
            given["poll_interval"] = settings["poll_interval"]
        refill = given.pop("refill_fn", None)
        super().__init__(
            sampler_kwargs=sampler_kwargs,
            refill_fn=None if refill is None else _Refill(cast("Callable[[int], object]", refill)),
            **given,
        )
        self.filter = StdFilter(**{name: settings[name] for name in _FILTER if name in settings})  # type: ignore[arg-type]  # it checks them itself
        most = settings.get("most_refills", 10)
        if not isinstance(most, int) or most < 0:
            raise ValueError(f"most_refills must be an int from 0, not {most!r}")
        self.most_refills = most
        path = settings.get("state_path")
        self._state_path = None if path is None else Path(str(path))
        self._restored = False
        # The step that is being filled, how many rounds it took, and how many groups it wants.
        self._step: int | None = None
        self._rounds = 0
        self._wanted: int | None = None
        self._kept: set[str] = set()
        self._dropped: set[str] = set()
        self._counts: Counter[str] = Counter()

    def sample(
        self, global_steps: int, partition_id: str, batch_size: int
    ) -> tuple[KVBatchMeta, dict[str, object]]:
        """A batch of groups that differ enough; in validation of all.

        Args:
            global_steps: The step of training.
            partition_id: ``"train"`` or ``"val"``.
            batch_size: How many groups.

        Returns:
            The batch, and metrics: verl's, and what the filter did.
        """
        if partition_id == "val":
            return cast(
                "tuple[KVBatchMeta, dict[str, object]]",
                super().sample(global_steps, partition_id, batch_size),
            )
        self._restore(global_steps)
        self._counts.clear()
        self._wanted = batch_size
        try:
            batch, metrics = super().sample(global_steps, partition_id, batch_size)
        finally:
            self._wanted = None
        if self._step != global_steps:
            # What an async trainer had left over was enough.
            self._begin(global_steps)
            self.filter([])
        self._kept -= {key.split("_")[0] for key in batch.keys}  # a list called keys
        self._save(global_steps)
        return batch, {**metrics, **self._metrics()}

    def _terminal_eviction_reasons(self, global_steps: int, partition_id: str) -> Reasons:
        """Verl's reasons, and as failed what the filter drops: verl fetches others for those."""
        stale, same, failed, counts = super()._terminal_eviction_reasons(global_steps, partition_id)
        if partition_id == "val":
            return stale, same, failed, counts
        terminal = self.finished_keys[partition_id] | self.failure_keys[partition_id]
        self._kept &= terminal
        self._dropped &= terminal
        usable = terminal - (stale | same | failed)
        new = usable - self._kept - self._dropped
        there = len(self._kept & usable) + len(new)
        if new and self._wanted is not None and there >= self._wanted:
            self._look_at(sorted(new), global_steps, partition_id)
        return stale, same, failed | self._dropped, counts

    def _begin(self, global_steps: int) -> None:
        self._step, self._rounds = global_steps, 0

    def _look_at(self, uids: list[str], global_steps: int, partition_id: str) -> None:
        """Keeps or drops groups."""
        first = self._step != global_steps
        if first:
            self._begin(global_steps)
        groups = _rewards(uids, self.partitions[partition_id], partition_id)
        found = self.filter([groups[uid] for uid in uids], refill=not first)
        full = self._rounds >= self.most_refills
        keep = [full or one for one in found.keep]
        self._kept |= {uid for uid, one in zip(uids, keep, strict=True) if one}
        self._dropped |= {uid for uid, one in zip(uids, keep, strict=True) if not one}
        self._rounds += 1
        self._counts["kept"] += sum(keep)
        self._counts["dropped"] += len(keep) - sum(keep)
        self._counts["unfiltered"] += sum(keep) - found.kept
        if full and sum(keep) > found.kept:
            _log.warning(
                "step %d: %d refills brought too few groups whose rewards differ; it takes what "
                "there is",
                global_steps,
                self.most_refills,
            )

    def _evict_terminal_groups(
        self, global_steps: int, partition_id: str, eviction_reasons: Reasons
    ) -> tuple[set[str], int, int, dict[str, object]]:
        """As verl's; what was dropped counts as filtered, not as failed."""
        stale, same, failed, counts = eviction_reasons
        reasons = (stale, same | (failed & self._dropped), failed - self._dropped, counts)
        return cast(
            "tuple[set[str], int, int, dict[str, object]]",
            super()._evict_terminal_groups(global_steps, partition_id, reasons),
        )

    def _metrics(self) -> dict[str, object]:
        beta = self.filter.beta
        active = self.filter.step >= self.filter.filter_start and beta is not None
        found: dict[str, object] = {
            f"std_filter/{name}": float(self._counts[name])
            for name in ("kept", "dropped", "unfiltered")
        }
        found["std_filter/refills"] = float(max(self._rounds - 1, 0))
        if beta is not None:
            found["std_filter/mean_std"] = beta
        if active and beta is not None:
            found["std_filter/threshold"] = self.filter.scale * beta
        return found

    def _save(self, global_steps: int) -> None:
        """Appends the state behind a step."""
        if self._state_path is None:
            return
        self._state_path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"global_steps": global_steps, **self.filter.state_dict()})
        with self._state_path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def _restore(self, global_steps: int) -> None:
        """Goes on from the step before, once."""
        if self._restored:
            return
        self._restored = True
        if global_steps <= 1:
            return
        wanted = global_steps - 1
        if self._state_path is not None and self._state_path.exists():
            with self._state_path.open(encoding="utf-8") as file:
                states = [state for state in _states(file) if state.get("global_steps") == wanted]
            if states:
                # A run may have come here before, and have been set back.
                self.filter.load_state_dict(states[-1])
                return
        _log.warning(
            "step %d: no state of the filter behind step %d%s; it begins afresh",
            global_steps,
            wanted,
            "" if self._state_path is None else f" in {self._state_path}",
        )


class StdFilterReplayBuffer(_Filtering):
    """For ``trainer.v1.trainer_mode=sync``."""


class StdFilterReplayBufferAsync(_Filtering, ReplayBufferAsync):  # type: ignore[misc]
    """For the modes ``colocate_async`` and ``separate_async``."""

    def wait_for_sampleable(
        self, global_steps: int, partition_id: str, target_count: int
    ) -> tuple[set[str], dict[str, object]]:
        """As verl's; ``target_count`` groups are looked at together."""
        before = self._wanted
        self._wanted = target_count
        try:
            return cast(
                "tuple[set[str], dict[str, object]]",
                super().wait_for_sampleable(global_steps, partition_id, target_count),
            )
        finally:
            self._wanted = before


def std_filter_sampler(trainer_mode: str, **given: object) -> ReplayBuffer:
    """The sampler that fits the trainer's mode.

    Args:
        trainer_mode: ``trainer.v1.trainer_mode``.
        **given: As for verl's replay buffers.

    Raises:
        TypeError: There is no such setting in ``sampler_kwargs``.
        ValueError: A setting has a wrong value.
    """
    made = StdFilterReplayBuffer if trainer_mode == "sync" else StdFilterReplayBufferAsync
    return made(trainer_mode=trainer_mode, **given)  # type: ignore[arg-type]  # verl's own


class _Refill:
    """Asks for prompts; says what to do where verl can't fetch so few."""

    def __init__(self, given: Callable[[int], object]) -> None:
        self._given = given

    def __call__(self, count: int) -> object:
        try:
            return self._given(count)
        except ValueError as error:
            raise ValueError(
                f"verl can't fetch {count} prompts: set data.gen_batch_size=1"
            ) from error


def _rewards(
    uids: Iterable[str], partition: Mapping[str, object], partition_id: str
) -> dict[str, list[float]]:
    """The rewards of each group's sessions; a session's last sequence has the reward.

    Raises:
        RuntimeError: They aren't there before sampling.
    """
    groups: dict[str, list[float]] = {uid: [] for uid in uids}
    last: dict[str, str] = {}
    for key in partition:
        session, _, index = key.rpartition("_")
        known = last.get(session)
        if key.split("_")[0] in groups and (
            known is None or int(known.rpartition("_")[2]) < int(index)
        ):
            last[session] = key
    if not last:
        return groups
    keys = list(last.values())
    try:
        data = tq.kv_batch_get(keys=keys, partition_id=partition_id, select_fields=["rm_scores"])
        scores = list(data["rm_scores"])
    except Exception as error:
        raise RuntimeError(
            "the filter needs rewards before sampling: a reward model without a resource pool of "
            "its own comes too late (reward.reward_model.enable_resource_pool=True)"
        ) from error
    for key, value in zip(keys, scores, strict=True):
        reward = float(value.sum())
        groups[key.split("_")[0]].append(reward if math.isfinite(reward) else math.nan)
    return groups


def _states(lines: Iterable[str]) -> Iterable[dict[str, object]]:
    """The states in a file; a line that was cut off has none."""
    for line in lines:
        try:
            state = json.loads(line)
        except ValueError:
            continue
        if isinstance(state, dict):
            yield state
