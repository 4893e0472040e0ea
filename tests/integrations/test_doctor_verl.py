"""`pyverify doctor --verl` without verl: the table, values, rewards."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from doctor_commands import LOG_PROBS, MICRO, REWARD, found

from pyverify.integrations.doctor import Level, check_verl
from pyverify.integrations.doctor.words import read_words
from pyverify.integrations.verl.overrides import IDLE, UNREAD

pytestmark = pytest.mark.usefixtures("_without_verl")


def test_a_good_command_is_left_alone(good: list[str]) -> None:
    examined = check_verl(["python3", "-m", "verl.trainer.main_ppo", *good])
    assert examined.findings == []
    assert "verl isn't installed here" in examined.against


def test_words_are_read_as_hydra_reads_them() -> None:
    command = read_words(
        [
            "--config-name=mine.yaml",
            "-cd",
            "/configs",
            "++a.b=[1,2]",
            "~c.d",
            "e='x=y'",
            "oops",
            "-x",
        ]
    )
    assert (command.name, command.folder) == ("mine", "/configs")
    assert [(one.sign, one.key, one.text) for one in command.overrides] == [
        ("++", "a.b", "[1,2]"),
        ("~", "c.d", None),
        ("", "e", "'x=y'"),
    ]
    assert command.strange == ["oops", "-x"]


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("custom_reward_function.path=x.py", "reward.custom_reward_function.path=x.py"),
        ("+reward_model.reward_kwargs.max_resp_len=9", "+reward.reward_kwargs.max_resp_len=9"),
        ("reward_model.reward_manager=dapo", "reward.reward_manager.name=dapo"),
        ("reward_model.reward_manager=batch", "reward.reward_manager.name=naive"),
        ("reward_model.reward_manager=prime", "reward.reward_manager.name=naive"),
        ("reward_model.overlong_buffer.len=9", "+reward.reward_kwargs.overlong_buffer_cfg.len=9"),
        ("reward_model.model.external_lib=x", ""),
    ],
)
def test_an_old_key_is_an_error_with_the_new_one(good: list[str], word: str, instead: str) -> None:
    one = found([*good, word], word.lstrip("+").partition("=")[0])
    assert (one.level, one.instead) == (Level.ERROR, instead)


def test_a_key_that_nobody_reads_is_a_warning_unless_another_does_it(good: list[str]) -> None:
    key = "actor_rollout_ref.rollout.val_kwargs.do_sample"
    one = found([*good, f"{key}=True"], key)
    assert one.level is Level.WARNING
    assert "greedy" in one.what
    words = [*good, f"{key}=True", "actor_rollout_ref.rollout.val_kwargs.temperature=0.6"]
    assert check_verl(words).findings == []


def test_the_former_trainer_is_only_noted(good: list[str]) -> None:
    words = [*good, "trainer.use_v1=False", "trainer.balance_batch=False"]
    (one,) = check_verl(words).findings
    assert (one.level, one.key) == (Level.NOTE, "trainer.use_v1")


@pytest.mark.parametrize(
    "word",
    [
        "actor_rollout_ref.actor.kl_loss_coef=0.01",
        "algorithm.kl_ctrl.kl_coef=0.01",
        "algorithm.lam=0.95",
        "algorithm.filter_groups.metric=acc",
        "trainer.v1.separate_async.parameter_sync_step=4",
        "critic.optim.lr=1e-5",
    ],
)
def test_a_key_that_waits_for_another_is_a_warning(good: list[str], word: str) -> None:
    assert found([*good, word], word.partition("=")[0]).level is Level.WARNING


def test_kl_in_both_places_counts_twice(good: list[str]) -> None:
    words = [
        *good,
        "actor_rollout_ref.actor.use_kl_loss=True",
        "algorithm.use_kl_in_reward=True",
        "actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu=4",
    ]
    (one,) = check_verl(words).findings
    assert one.key == "algorithm.use_kl_in_reward"


def test_the_page_has_every_key(repository: Path) -> None:
    page = (repository / "docs" / "doctor.md").read_text(encoding="utf-8")
    for key in (*(row.key for row in UNREAD), *(row.key for row in IDLE)):
        words = key.split(".")
        # A row of the page may be about all that lies below a part of a key.
        parts = [words[-1], *(f"{'.'.join(words[:n])}.*" for n in range(1, len(words)))]
        parts += [f"{words[-2]}.*", f"{words[-1]}.*", f"{words[-1].split('_')[0]}_*"]
        assert any(part in page for part in parts), key


# Values


ACTOR = "actor_rollout_ref.actor"
ROLLOUT = "actor_rollout_ref.rollout"


@pytest.mark.parametrize(
    ("words", "key", "level"),
    [
        (["algorithm.adv_estimator=grop"], "algorithm.adv_estimator", Level.ERROR),
        (["algorithm.adv_estimator=remax"], "algorithm.adv_estimator", Level.ERROR),
        (["algorithm.adv_estimator=gdpo"], "algorithm.adv_estimator", Level.ERROR),
        ([f"{ROLLOUT}.n=1"], f"{ROLLOUT}.n", Level.WARNING),
        ([f"{ACTOR}.policy_loss.loss_mode=gpso"], f"{ACTOR}.policy_loss.loss_mode", Level.ERROR),
        ([f"{ACTOR}.policy_loss.loss_mode=gspo"], f"{ACTOR}.loss_agg_mode", Level.WARNING),
        ([f"{ACTOR}.loss_agg_mode=mean"], f"{ACTOR}.loss_agg_mode", Level.ERROR),
        (
            [f"{ACTOR}.optim.lr_scheduler_type=linear"],
            f"{ACTOR}.optim.lr_scheduler_type",
            Level.ERROR,
        ),
        ([f"{ACTOR}.clip_ratio=0.3"], f"{ACTOR}.clip_ratio", Level.ERROR),
        ([f"{ACTOR}.clip_ratio_high=1.27"], f"{ACTOR}.clip_ratio_high", Level.WARNING),
        ([f"{ACTOR}.clip_ratio_high=0.1"], f"{ACTOR}.clip_ratio_high", Level.WARNING),
        ([f"{ACTOR}.clip_ratio_c=1.0"], f"{ACTOR}.clip_ratio_c", Level.ERROR),
        ([f"{ACTOR}.ppo_mini_batch_size=16"], f"{ACTOR}.ppo_mini_batch_size", Level.ERROR),
        ([f"{ACTOR}.ppo_mini_batch_size=3"], "data.train_batch_size", Level.WARNING),
        (["trainer.n_gpus_per_node=6", f"{ROLLOUT}.n=7"], "data.train_batch_size", Level.ERROR),
        (
            [f"{ROLLOUT}.tensor_model_parallel_size=3"],
            f"{ROLLOUT}.tensor_model_parallel_size",
            Level.ERROR,
        ),
        ([f"{ROLLOUT}.val_kwargs.n=4"], f"{ROLLOUT}.val_kwargs.n", Level.WARNING),
        ([f"{ROLLOUT}.max_model_len=1000"], f"{ROLLOUT}.max_model_len", Level.WARNING),
        (
            [f"{ACTOR}.use_dynamic_bsz=True", f"{ACTOR}.ppo_max_token_len_per_gpu=1000"],
            f"{ACTOR}.ppo_max_token_len_per_gpu",
            Level.ERROR,
        ),
        (["reward.num_workers=0"], "reward.num_workers", Level.ERROR),
        (["trainer.v1.trainer_mode=async"], "trainer.v1.trainer_mode", Level.ERROR),
        (
            ["data.train_batch_size=16", f"{ACTOR}.ppo_mini_batch_size=16"],
            "data.train_batch_size",
            Level.ERROR,
        ),
        (["actor_rollout_ref.model.path=/no/model"], "actor_rollout_ref.model.path", Level.ERROR),
        (["data.val_files=/no/file.parquet"], "data.val_files", Level.ERROR),
        (
            [f"{ROLLOUT}.agent.agent_loop_config_path=/no/file.yaml"],
            f"{ROLLOUT}.agent.agent_loop_config_path",
            Level.ERROR,
        ),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else None,
)
def test_a_value_that_fails_later(
    good: list[str], words: list[str], key: str, level: Level
) -> None:
    assert found([*good, *words], key).level is level


def test_the_same_clip_ratio_on_both_sides_is_fine(good: list[str]) -> None:
    words = [f"{ACTOR}.{one}=0.3" for one in ("clip_ratio", "clip_ratio_low", "clip_ratio_high")]
    assert check_verl([*good, *words]).findings == []


def test_micro_batches_are_per_gpu(good: list[str]) -> None:
    without = [word for word in good if word not in (MICRO, LOG_PROBS)]
    key = f"{ACTOR}.ppo_micro_batch_size"
    assert found([*without, LOG_PROBS], f"{key}_per_gpu").level is Level.ERROR
    assert "workers stop" in found([*without, LOG_PROBS, f"{key}=8"], key).what
    assert "beside" in found([*good, f"{key}=8"], key).what
    assert check_verl([*without, f"{ACTOR}.use_dynamic_bsz=True"]).findings == []


def test_an_engine_must_be_named(good: list[str]) -> None:
    key = f"{ROLLOUT}.name"
    words = [word for word in good if not word.startswith(key)]
    assert found(words, key).level is Level.ERROR


def test_a_critic_needs_a_model_and_its_sizes_arent_read(good: list[str]) -> None:
    size = "critic.ppo_micro_batch_size_per_gpu"
    words = [*good, "algorithm.adv_estimator=gae", f"{size}=4"]
    assert found(words, "critic.model.path").level is Level.ERROR
    assert "32,768 tokens" in found(words, size).what
    words += ["critic.model.path=Qwen/Qwen2.5-7B", "+critic.ppo_infer_max_token_len_per_gpu=9000"]
    assert check_verl(words).findings == []


# Rewards


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("def other(x):\n    return x\n", "has no compute_score; it has other"),
        ("import nothing_of_this_name\n", "ModuleNotFoundError"),
        ("raise SystemExit(3)\n", "SystemExit"),
    ],
)
def test_a_reward_that_cant_be_imported(
    good: list[str], tmp_path: Path, text: str, what: str
) -> None:
    (tmp_path / "reward.py").write_text(text, encoding="utf-8")
    one = found(good, "reward.custom_reward_function.path")
    assert one.level is Level.ERROR
    assert what in one.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("def compute_score(solution, gold):\n    return 1.0\n", "data_source"),
        (
            "def compute_score(data_sources, solution_strs, **kwargs):\n    return []\n",
            "takes lists",
        ),
        (
            "class A:\n    async def __call__(self):\n        pass\n\n\ncompute_score = A()\n",
            "async __call__",
        ),
        ("compute_score = 3\n", "no function"),
    ],
)
def test_a_reward_that_verl_cant_call(
    good: list[str], tmp_path: Path, text: str, what: str
) -> None:
    (tmp_path / "reward.py").write_text(text, encoding="utf-8")
    one = found(good, "reward.custom_reward_function.name")
    assert one.level is Level.ERROR
    assert what in one.what


def test_what_a_reward_is_given_must_be_its_own(good: list[str]) -> None:
    key = "+reward.custom_reward_function.reward_kwargs"
    assert check_verl([*good, f"{key}.weight=0.5"]).findings == []
    one = found([*good, f"{key}.wieght=0.5"], "reward.custom_reward_function.name")
    assert "'wieght'" in one.what


def test_what_a_module_prints_isnt_the_doctors(
    good: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reward.py").write_text("print('hello')\n" + REWARD, encoding="utf-8")
    assert check_verl(good).findings == []
    assert capsys.readouterr() == ("", "hello\n")


def test_a_module_beside_the_command_is_found(
    good: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside_the_command.py").write_text(REWARD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = [*good, "reward.custom_reward_function.path=pkg://beside_the_command"]
    before = list(sys.path)
    assert check_verl(words).findings == []
    assert sys.path == before
    del sys.modules["beside_the_command"]


@pytest.mark.parametrize("name", ["batch", "prime", "mine"])
def test_a_manager_that_isnt_there(good: list[str], name: str) -> None:
    assert (
        found([*good, f"reward.reward_manager.name={name}"], "reward.reward_manager.name").level
        is Level.ERROR
    )


def test_a_manager_of_ones_own_is_looked_at(good: list[str], tmp_path: Path) -> None:
    file = tmp_path / "manager.py"
    file.write_text(
        "class Manager:\n"
        "    def __init__(self, config, tokenizer, compute_score, **kwargs):\n        pass\n\n"
        "    async def run_single(self, data):\n        return {}\n\n\n"
        "class Narrow(Manager):\n"
        "    def __init__(self, config):\n        pass\n\n\n"
        "class Empty:\n    pass\n",
        encoding="utf-8",
    )
    words = [
        *good,
        "reward.reward_manager.source=importlib",
        f"reward.reward_manager.module.path={file}",
    ]
    key = "reward.reward_manager.name"
    assert check_verl([*words, f"{key}=Manager"]).findings == []
    assert "can't make" in found([*words, f"{key}=Narrow"], key).what
    assert "run_single" in found([*words, f"{key}=Empty"], key).what
    assert found([*words, f"{key}=Gone"], "reward.reward_manager.module.path").level is Level.ERROR


def test_an_overlong_penalty_needs_its_manager_and_all_its_parts(good: list[str]) -> None:
    below = "reward.reward_kwargs.overlong_buffer_cfg"
    words = [*good, f"+{below}.enable=True", f"+{below}.len=128"]
    assert found(words, below).instead == "reward.reward_manager.name=dapo"
    words.append("reward.reward_manager.name=dapo")
    keys = {one.key for one in check_verl(words).findings}
    assert keys == {
        f"{below}.penalty_factor",
        f"{below}.log",
        "reward.reward_kwargs.max_resp_len",
    }
    words += [
        f"+{below}.penalty_factor=1",
        f"+{below}.log=True",
        "+reward.reward_kwargs.max_resp_len=512",
    ]
    assert check_verl(words).findings == []


def test_a_filters_metric_of_a_function_that_isnt_called(good: list[str]) -> None:
    words = [*good, "algorithm.filter_groups.enable=True"]
    assert check_verl(words).findings == []
    one = found([*words, "algorithm.filter_groups.metric=acc"], "algorithm.filter_groups.metric")
    assert one.level is Level.NOTE
    assert one.what == "compute_score must return acc for every response"


def test_a_reward_of_pyverifys_own_is_tried(good: list[str], tmp_path: Path) -> None:
    words = [*good, "reward.custom_reward_function.path=pkg://pyverify.integrations.verl"]
    words.append("algorithm.filter_groups.enable=True")
    key = "algorithm.filter_groups.metric"
    assert check_verl([*words, f"{key}=acc"]).findings == []
    assert "acc, abstained" in found([*words, f"{key}=accuracy"], key).instead
    assert found([*words, f"{key}=verdict"], key).level is Level.ERROR
    given = "+reward.custom_reward_function.reward_kwargs.reward"
    assert check_verl([*words, f"{given}=graded_basic"]).findings == []
    one = found([*words, f"{given}=no_such_reward"], "reward.custom_reward_function")
    assert one.level is Level.ERROR
    assert "no_such_reward" in one.what


def test_a_sampler_needs_path_and_name(good: list[str]) -> None:
    key = "trainer.v1.sampler.custom_sampler"
    assert found([*good, f"{key}.path=x.py"], f"{key}.name").level is Level.ERROR


def test_what_needs_verl_isnt_looked_into(good: list[str], tmp_path: Path) -> None:
    file = tmp_path / "sampler.py"
    file.write_text("raise ModuleNotFoundError('No module', name='verl')\n", encoding="utf-8")
    key = "trainer.v1.sampler.custom_sampler"
    one = found([*good, f"{key}.path={file}", f"{key}.name=Mine"], f"{key}.path")
    assert one.level is Level.NOTE


def test_rlpr_wants_temperature_room_and_no_other_reward(good: list[str], tmp_path: Path) -> None:
    agent = tmp_path / "rlpr_agent.yaml"
    agent.write_text("- name: rlpr_agent\n", encoding="utf-8")
    words = [
        *[word for word in good if not word.startswith("reward.custom")],
        f"{ROLLOUT}.agent.agent_loop_config_path={agent}",
        f"{ROLLOUT}.agent.default_agent_loop=rlpr_agent",
    ]
    assert check_verl(words).findings == []
    wrong = [
        f"{ROLLOUT}.temperature=0.7",
        f"{ROLLOUT}.max_model_len=1030",
        "algorithm.filter_groups.enable=True",
        "algorithm.filter_groups.metric=acc",
        f"reward.custom_reward_function.path={tmp_path / 'reward.py'}",
    ]
    keys = {one.key for one in check_verl([*words, *wrong]).findings}
    assert keys == {
        f"{ROLLOUT}.temperature",
        f"{ROLLOUT}.max_model_len",
        "algorithm.filter_groups.metric",
        "reward.custom_reward_function.path",
    }
