"""What a verl command says of the algorithm, the batches and the lengths."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Mapping

from pyverify.integrations.doctor.findings import Finding, error, warning
from pyverify.integrations.doctor.verl_run import Run
from pyverify.integrations.doctor.vocabulary import check_vocabularies
from pyverify.integrations.verl.overrides import DEFAULTS

__all__ = ["check_training"]

_ACTOR = "actor_rollout_ref.actor"
_ROLLOUT = "actor_rollout_ref.rollout"
_STRATEGY = f"{_ACTOR}.strategy"

_ESTIMATORS = frozenset(
    [
        "gae",
        "grpo",
        "reinforce_plus_plus",
        "reinforce_plus_plus_baseline",
        "remax",
        "rloo",
        "opo",
        "grpo_passk",
        "gpg",
        "rloo_vectorized",
        "grpo_vectorized",
        "optimal_token_baseline",
        "tir_optimal_token_baseline",
        "gdpo",
    ]
)
# Those that the present trainer doesn't give what they want.
_FORMER: Mapping[str, str] = {
    "remax": "the rewards of greedy responses",
    "gdpo": "the parts of the reward",
    "optimal_token_baseline": "sums of squared probabilities",
    "tir_optimal_token_baseline": "sums of squared probabilities",
}
# Those that compare the responses to one prompt.
_OF_GROUPS = frozenset(
    [
        "grpo",
        "grpo_vectorized",
        "grpo_passk",
        "gdpo",
        "rloo",
        "rloo_vectorized",
        "opo",
        "gpg",
        "reinforce_plus_plus_baseline",
    ]
)
_LOSSES = frozenset(
    [
        "vanilla",
        "dppo_tv",
        "dppo_kl",
        "gspo",
        "sapo",
        "gpg",
        "clip_cov",
        "kl_cov",
        "geo_mean",
        "dro",
        "cispo",
        "bypass_mode",
    ]
)
_AGGREGATIONS = (
    "token-mean",
    "token-sum",
    "seq-mean-token-sum",
    "seq-mean-token-mean",
    "seq-mean-token-sum-norm",
)
_MODES = ("sync", "colocate_async", "separate_async")


def check_training(run: Run) -> Iterator[Finding]:
    """What will fail or is probably not meant in the training itself."""
    yield from _algorithm(run)
    yield from _clipping(run)
    yield from _batches(run)
    yield from _micro_batches(run)
    yield from _lengths(run)
    yield from _models(run)
    yield from _trainer(run)


def _algorithm(run: Run) -> Iterator[Finding]:
    estimator = run.text("algorithm.adv_estimator")
    key = "algorithm.adv_estimator"
    if estimator not in _ESTIMATORS:
        yield error(
            key,
            f"verl has no {estimator!r}: the first update fails",
            "one of " + _listed(_ESTIMATORS),
        )
    elif estimator in _FORMER and run.get("trainer.use_v1"):
        yield error(
            key,
            f"{estimator} wants {_FORMER[estimator]}, which only the former trainer hands over: "
            "the first update fails",
            f"{key}=grpo",
        )
    elif estimator in _OF_GROUPS and run.number(f"{_ROLLOUT}.n") == 1:
        yield warning(
            f"{_ROLLOUT}.n",
            f"{estimator} compares responses to one prompt, and there is one",
            f"{_ROLLOUT}.n=8",
        )
    if run.get(f"{_ACTOR}.use_kl_loss") and run.get("algorithm.use_kl_in_reward"):
        yield warning(
            "algorithm.use_kl_in_reward",
            "the distance to the reference model counts twice: in the loss and in the reward",
            "algorithm.use_kl_in_reward=False",
        )
    loss = run.text(f"{_ACTOR}.policy_loss.loss_mode")
    if loss not in _LOSSES:
        yield error(
            f"{_ACTOR}.policy_loss.loss_mode",
            f"verl has no loss called {loss!r}: the first update fails",
            "one of " + _listed(_LOSSES),
        )
    aggregation = run.text(f"{_ACTOR}.loss_agg_mode")
    if aggregation not in _AGGREGATIONS:
        yield error(
            f"{_ACTOR}.loss_agg_mode",
            f"there is no mode {aggregation!r}",
            "one of " + ", ".join(_AGGREGATIONS),
        )
    elif loss == "gspo" and aggregation != "seq-mean-token-mean":
        yield warning(
            f"{_ACTOR}.loss_agg_mode",
            f"GSPO is a mean over sequences; {aggregation} weighs long ones more",
            f"{_ACTOR}.loss_agg_mode=seq-mean-token-mean",
        )
    schedule = run.text(f"{_ACTOR}.optim.lr_scheduler_type")
    if run.text(_STRATEGY).startswith("fsdp") and schedule not in ("constant", "cosine"):
        yield error(
            f"{_ACTOR}.optim.lr_scheduler_type",
            f"there is no schedule {schedule!r}",
            "constant or cosine",
        )


def _clipping(run: Run) -> Iterator[Finding]:
    both = (f"{_ACTOR}.clip_ratio_low", f"{_ACTOR}.clip_ratio_high")
    missing = [key for key in both if not run.has(key)]
    if run.has(f"{_ACTOR}.clip_ratio") and missing:
        ratio = run.text(f"{_ACTOR}.clip_ratio")
        at = " and ".join(f"{key.rpartition('.')[2]}={run.get(key)}" for key in missing)
        yield error(
            f"{_ACTOR}.clip_ratio",
            f"the ratio is clipped at {at}, which have values of their own and win",
            " ".join(f"{key}={ratio}" for key in missing),
        )
    for key in both:
        bound = run.number(key)
        if bound is not None and bound >= (1 if key.endswith("low") else 1.000001):
            side = "below" if key.endswith("low") else "above"
            yield warning(
                key,
                f"it is a distance from 1, so that the ratio is hardly clipped {side}",
                f"{key}={round(abs(1 - bound), 6):g}, if {bound:g} is meant as the bound itself",
            )
    low, high = (run.number(key) for key in both)
    if low is not None and high is not None and high < low < 1:
        yield warning(both[1], f"it is below clip_ratio_low ({low:g}): clip-higher is the reverse")
    dual = run.number(f"{_ACTOR}.clip_ratio_c")
    if dual is not None and dual <= 1:
        yield error(f"{_ACTOR}.clip_ratio_c", "it must be above 1", f"{_ACTOR}.clip_ratio_c=3.0")


def _batches(run: Run) -> Iterator[Finding]:
    train = run.number("data.train_batch_size")
    mini = run.number(f"{_ACTOR}.ppo_mini_batch_size")
    samples = run.number(f"{_ROLLOUT}.n")
    if train is None or mini is None or samples is None or min(train, mini, samples) < 1:
        return
    if train < mini:
        # With batches by tokens verl doesn't check, and fills up with padding.
        level = warning if run.get(f"{_ACTOR}.use_dynamic_bsz") else error
        yield level(
            f"{_ACTOR}.ppo_mini_batch_size",
            f"a step has {train:g} prompts, fewer than a mini-batch of {mini:g}",
            f"{_ACTOR}.ppo_mini_batch_size={train:g}",
        )
    elif train % mini:
        yield warning(
            "data.train_batch_size",
            f"{train:g} prompts are no multiple of {mini:g}: the last mini-batch is filled up with "
            "padding",
            f"data.train_batch_size={train - train % mini:g}",
        )
    gpus = (run.number("trainer.n_gpus_per_node") or 0) * (run.number("trainer.nnodes") or 0)
    # Megatron divides by its data-parallel ranks alone.
    checked = not run.get(f"{_ACTOR}.use_dynamic_bsz") and run.text(_STRATEGY) != "megatron"
    if gpus and checked and train * samples % gpus:
        yield error(
            "data.train_batch_size",
            f"{train:g} prompts x {samples:g} responses can't be divided among {gpus:g} GPUs",
            "a multiple of the GPUs, or trainer.n_gpus_per_node=N trainer.nnodes=M as they are",
        )
    parts = run.number(f"{_ROLLOUT}.tensor_model_parallel_size")
    if gpus and parts and gpus % parts:
        yield error(
            f"{_ROLLOUT}.tensor_model_parallel_size",
            f"{gpus:g} GPUs can't be divided into engines of {parts:g}",
            f"{_ROLLOUT}.tensor_model_parallel_size=1",
        )
    if run.number(f"{_ROLLOUT}.val_kwargs.temperature") == 0:
        repeated = run.number(f"{_ROLLOUT}.val_kwargs.n") or 1
        if repeated > 1:
            yield warning(
                f"{_ROLLOUT}.val_kwargs.n",
                f"with val_kwargs.temperature=0 the {repeated:g} responses are all the same",
                f"{_ROLLOUT}.val_kwargs.temperature=1.0",
            )


def _micro_batches(run: Run) -> Iterator[Finding]:
    if run.get(f"{_ACTOR}.use_dynamic_bsz"):
        return
    wanted = {
        f"{_ACTOR}.ppo_micro_batch_size": "an update",
        f"{_ROLLOUT}.log_prob_micro_batch_size": "log-probabilities",
    }
    if run.get(f"{_ACTOR}.use_kl_loss") or run.get("algorithm.use_kl_in_reward"):
        wanted["actor_rollout_ref.ref.log_prob_micro_batch_size"] = "the reference model"
    if run.has_critic():
        wanted["critic.ppo_micro_batch_size"] = "an update of the critic"
    for key, what in wanted.items():
        per_gpu = f"{key}_per_gpu"
        instead = f"{per_gpu}=N"
        # The critic's second key takes the value of the first, and verl refuses both.
        if run.has(key) and (run.has(per_gpu) or key.startswith("critic.")):
            yield error(key, f"verl refuses it beside {per_gpu}", f"{instead}, without {key}")
        elif run.has(key):
            yield error(
                key,
                f"the check at the start lets it pass; then workers stop, as {per_gpu} isn't set",
                f"{instead}, for each GPU instead of all",
            )
        elif run.get(per_gpu) is None:
            yield error(
                per_gpu, f"it has no default: how many sequences at once for {what}", instead
            )


def _lengths(run: Run) -> Iterator[Finding]:
    prompt, response = (run.number(f"data.max_{one}_length") for one in ("prompt", "response"))
    if prompt is None or response is None:
        return
    most = prompt + response
    longest = run.number(f"{_ROLLOUT}.max_model_len")
    if longest is not None and longest < most:
        yield warning(
            f"{_ROLLOUT}.max_model_len",
            f"prompt and response may have {prompt:g} + {response:g} tokens: responses behind long "
            "prompts are cut off early",
            f"{_ROLLOUT}.max_model_len={most:g}",
        )
    if run.get(f"{_ACTOR}.use_dynamic_bsz"):
        parallel = run.number(f"{_ACTOR}.ulysses_sequence_parallel_size") or 1
        packed = run.number(f"{_ACTOR}.ppo_max_token_len_per_gpu")
        if packed is not None and packed * parallel < most:
            yield error(
                f"{_ACTOR}.ppo_max_token_len_per_gpu",
                f"a sequence may have {most:g} tokens, and one of more than {packed * parallel:g} "
                "stops the update",
                f"{_ACTOR}.ppo_max_token_len_per_gpu={-(-most // parallel):g}",
            )


def _models(run: Run) -> Iterator[Finding]:
    default = DEFAULTS["critic.model.path"]
    keys = ["actor_rollout_ref.model.path"]
    if run.has_critic():
        keys.append("critic.model.path")
    for key in keys:
        path = os.path.expanduser(run.text(key))
        if path == os.path.expanduser(str(default)) and not os.path.isdir(path):
            yield error(key, f"it isn't set, and the default is {default}", f"{key}=MODEL")
        elif path.startswith(("/", "./", "../", "~/")) and not os.path.isdir(path):
            yield error(key, f"there is no folder {path}", f"{key}=MODEL")
    if run.has_critic():
        yield from check_vocabularies(*(os.path.expanduser(run.text(key)) for key in keys))


def _trainer(run: Run) -> Iterator[Finding]:
    # Hydra writes ??? for what has no default.
    if run.get(f"{_ROLLOUT}.name") in (None, "???"):
        yield error(
            f"{_ROLLOUT}.name", "it has no default: which engine responds", f"{_ROLLOUT}.name=vllm"
        )
    mode = run.text("trainer.v1.trainer_mode")
    if mode not in _MODES:
        yield error(
            "trainer.v1.trainer_mode", f"there is no {mode!r}", "one of " + ", ".join(_MODES)
        )
    missing = run.composed is not None and importlib.util.find_spec("wandb") is None
    if missing and "wandb" in run.names("trainer.logger"):
        yield error(
            "trainer.logger",
            "wandb is among the loggers, as it is by default, and isn't installed here",
            "trainer.logger=[console]",
        )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
