"""Logs of trainers, in the forms in which they are written."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.monitor import LogError, LogStats, read_log
from pyverify.monitor.aliases import MapError, parse_names
from pyverify.monitor.formats import LineReader

Rows = list[tuple[int, dict[str, float]]]


def read(tmp_path: Path, text: str, name: str = "run.log", **options: dict[str, str]) -> Rows:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(read_log(str(path), names=options.get("names")))


VERL = (
    "2026-01-01 INFO worker started {'tp': 2}\n"
    "\x1b[36m(TaskRunner pid=222265)\x1b[0m step:0 - val-core/openai/gsm8k/acc/mean@1:0.5"
    " - val-aux/openai/gsm8k/reward/mean@1:0.4 - val-core/math/acc/mean@4:0.25"
    " - val-core/math/acc/best@4/mean:0.9\n"
    "\x1b[36m(TaskRunner pid=222265)\x1b[0m step:34 - global_seqlen/min:419336"
    " - actor/entropy:np.float64(0.2226) - actor/pg_clipfrac:0.0007 - actor/kl_loss:0.0013"
    " - actor/grad_norm:0.1296 - actor/lr:2e-06 - training/global_step:34"
    " - critic/score/mean:-0.018 - critic/score/max:1.0 - critic/score/min:-1.0"
    " - critic/rewards/mean:-0.5 - response_length/mean:1267.02 - response_length/clip_ratio:0.06"
    " - prompt_length/clip_ratio:0.5\n"
    "Training Progress:  34%|███\n"
)


def test_console_of_verl(tmp_path: Path) -> None:
    first, second = read(tmp_path, VERL)
    assert first == (0, {"validation_reward/openai/gsm8k": 0.5, "validation_reward/math": 0.25})
    assert second == (
        34,
        {
            "entropy": 0.2226,
            "kl": 0.0013,
            "grad_norm": 0.1296,
            "reward_mean": -0.018,
            "reward_max": 1.0,
            "reward_min": -1.0,
            "response_length": 1267.02,
            "clipped_ratio": 0.06,
        },
    )


def test_file_logger_of_verl(tmp_path: Path) -> None:
    text = json.dumps({"step": 7, "data": {"critic/score/mean": 0.5, "actor/lr": 1e-6}})
    assert read(tmp_path, text, "metrics.jsonl") == [(7, {"reward_mean": 0.5})]


def test_null_is_nan_where_a_trainer_writes_it_so(tmp_path: Path) -> None:
    """verl's file logger and TRL's state know no other way; elsewhere nobody knows what it is."""
    verl = json.dumps({"step": 7, "data": {"actor/grad_norm": None, "other": None}})
    [(step, metrics)] = read(tmp_path, verl, "metrics.jsonl")
    assert step == 7
    assert math.isnan(metrics.pop("grad_norm"))
    assert metrics == {}
    entry = {"step": 3, "entropy": None, "reward": 0.5, "rewards/judge/mean": None}
    [(_, metrics)] = read(tmp_path, json.dumps({"log_history": [entry]}), "trainer_state.json")
    assert math.isnan(metrics.pop("entropy"))
    assert metrics == {"reward_mean": 0.5}
    assert read(tmp_path, json.dumps(entry), "plain.jsonl") == [(3, {"reward_mean": 0.5})]


def test_printed_dictionaries_of_trl(tmp_path: Path) -> None:
    """Newer ones hold text; evaluations have the step of the row before."""
    text = (
        "  1%|▏ | 1/200 [00:12<41:00]\r{'loss': '5.96e-09', 'reward': '0.065', 'entropy': '0.4', "
        "'completions/clipped_ratio': '0.05', 'frac_reward_zero_std': '0.8', 'clip_ratio/low_mean':"
        " '0', 'rewards/accuracy_reward/mean': '0.05', 'rewards/format_reward/mean': '0.15'}\n"
        "{'eval_loss': 0.1, 'eval_reward': 0.25, 'eval_runtime': 3.0}\n"
        "{'loss': nan, 'reward': 0.5, 'reward_std': 0.1}\n"
        "The answer is {'x': y}\n"
    )
    rows = read(tmp_path, text)
    assert rows[0] == (
        1,
        {
            "loss": 5.96e-09,
            "reward_mean": 0.065,
            "entropy": 0.4,
            "clipped_ratio": 0.05,
            "zero_variance_groups": 0.8,
            "correctness": 0.05,
            "component/format_reward": 0.15,
        },
    )
    assert rows[1] == (1, {"validation_reward": 0.25})
    assert rows[2][0] == 2
    assert math.isnan(rows[2][1]["loss"])
    assert len(rows) == 3


@pytest.mark.parametrize("indent", [None, 2])
def test_state_of_trl(tmp_path: Path, indent: int | None) -> None:
    history = [
        {"step": 10, "epoch": 0.1, "reward": 0.1, "completions/mean_length": 100.0},
        {"step": 20, "epoch": 0.2, "eval_reward": 0.2},
        {"step": 20, "train_runtime": 12.0},
    ]
    state = {"best_metric": None, "epoch": 0.2, "log_history": history, "global_step": 20}
    assert read(tmp_path, json.dumps(state, indent=indent), "trainer_state.json") == [
        (10, {"reward_mean": 0.1, "response_length": 100.0}),
        (20, {"validation_reward": 0.2}),
    ]


@pytest.mark.parametrize(
    "entry", [None, 1, {"step": None, "reward": 1}, {"step": "x", "reward": 1}]
)
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("state", [True, False])
def test_one_bad_entry_costs_one_entry(
    tmp_path: Path, entry: object, indent: int | None, separators: tuple[str, str], state: bool
) -> None:
    rows = [entry, {"step": 3, "reward": 0.5}]
    path = tmp_path / "run.json"
    whole = {"log_history": rows} if state else rows
    path.write_text(json.dumps(whole, indent=indent, separators=separators))
    stats = LogStats()
    if not state and entry == 1 and indent is None:
        with pytest.raises(LogError):  # "[1, ..." begins like a line of any program
            list(read_log(str(path)))
        return
    assert list(read_log(str(path), stats=stats)) == [(3, {"reward_mean": 0.5})]
    assert stats.broken == 1
    assert stats.formats == (["TRL"] if state else ["JSON"])


def test_console_of_openrlhf(tmp_path: Path) -> None:
    text = (
        "(PPOTrainer pid=9) 2026-01-01 INFO ✨ Global step 3: {'policy_loss': 0.02, 'reward': 0.4, "
        "'response_length': 512.0, 'truncated': 0.1, 'kl': 0.01, 'group': [1, 2]}\n"
        "(PPOTrainer pid=9) INFO ✨ Evaluation completed in 0:01, global_step 3, eval_metrics: "
        "{'eval_math_pass1': 0.3, 'eval_math_pass4': 0.5}\n"
    )
    assert read(tmp_path, text) == [
        (
            3,
            {
                "loss": 0.02,
                "reward_mean": 0.4,
                "response_length": 512.0,
                "clipped_ratio": 0.1,
                "kl": 0.01,
            },
        ),
        (3, {"validation_reward/math": 0.3}),
    ]


def test_names_of_openrlhf(tmp_path: Path) -> None:
    """Version 0.11: the metrics of the rollout, and evaluations beside asynchronous training."""
    text = (
        "INFO Global step 3: {'rollout/reward_mean': 0.4, 'rollout/response_length_mean': 512.0, "
        "'rollout/truncated_rate': 0.1, 'response_clip_ratio': 0.2, 'ppo_clip_ratio': 0.3}\n"
        "INFO Eval at step 4: {'eval_math_pass1': 0.3, 'eval_math_pass4': 0.5}\n"
    )
    assert read(tmp_path, text) == [
        (3, {"reward_mean": 0.4, "response_length": 512.0, "clipped_ratio": 0.1}),
        (4, {"validation_reward/math": 0.3}),
    ]


def test_csv_of_a_spreadsheet(tmp_path: Path) -> None:
    text = "step;reward;entropy\n1;0,5;0,25\n2;0.6;\n"
    assert read(tmp_path, text, "run.csv") == [
        (1, {"reward_mean": 0.5, "entropy": 0.25}),
        (2, {"reward_mean": 0.6}),
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_characters(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "run.log"
    # The second byte of the first letter of the note is that of a line feed.
    lines = "\ufeffstep:1 - actor/entropy:0.5\n# \u0a05\u050a\nstep:2 - actor/entropy:0.25\n"
    path.write_bytes(lines.encode(encoding))
    assert list(read_log(str(path))) == [(1, {"entropy": 0.5}), (2, {"entropy": 0.25})]


def test_formats_are_those_of_metrics(tmp_path: Path) -> None:
    """verl prints its configuration as dictionaries: that does not make the log one of TRL's."""
    path = tmp_path / "run.log"
    path.write_text("{'lr': 1e-06}\nstep:1 - actor/entropy:0.5\n")
    stats = LogStats()
    assert list(read_log(str(path), stats=stats)) == [(1, {"entropy": 0.5})]
    assert stats.formats == ["verl"]


def test_csv_as_wandb_exports_it(tmp_path: Path) -> None:
    text = (
        '"Step","brisk-sun-3 - train/reward","brisk-sun-3 - train/reward__MIN",'
        '"brisk-sun-3 - train/entropy"\n"1","0.5","0.1",""\n"2","0.6","0.1","0.25"\n"3","0.6"\n'
    )
    assert read(tmp_path, text, "wandb.csv") == [
        (1, {"reward_mean": 0.5}),
        (2, {"reward_mean": 0.6, "entropy": 0.25}),
    ]


def test_csv_of_several_runs_is_refused(tmp_path: Path) -> None:
    text = '"Step","a - reward","b - reward"\n1,0.5,0.1\n'
    with pytest.raises(LogError, match="several runs"):
        read(tmp_path, text, "wandb.csv")


def test_lines_of_json_nested_broken_and_compressed(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl.gz"
    lines = [
        '{"_step": 1, "train": {"reward": 0.5}, "note": "x"}',
        '{"_step": 2, "train": {"reward": 0.6',
        '{"_step": 3, "train/reward": NaN, "eval/reward": 1' + "0" * 400 + "}",
    ]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    stats = LogStats()
    rows = list(read_log(str(path), stats=stats))
    assert [step for step, _ in rows] == [1, 3]
    assert rows[1][1]["validation_reward"] == math.inf
    assert (stats.broken, stats.rows, stats.formats) == (1, 2, ["JSON"])


def test_rows_without_a_step_are_counted(tmp_path: Path) -> None:
    text = '{"reward": 0.1}\n{"eval_reward": 0.2}\n{"reward": 0.3}\n'
    assert [step for step, _ in read(tmp_path, text)] == [1, 1, 2]


def test_steps_of_the_trainer_win_over_rows_of_the_tracker(tmp_path: Path) -> None:
    text = (
        '{"_step": 0, "train/global_step": 1, "train/reward": 0.1}\n'
        '{"_step": 1, "eval/math_reward": 0.2}\n'
        '{"_step": 2, "train/global_step": 2, "train/reward": 0.3}\n'
    )
    assert [step for step, _ in read(tmp_path, text)] == [1, 1, 2]


def test_names_can_be_given(tmp_path: Path) -> None:
    names = parse_names(["reward_mean=my/score,validation_reward/aime=mine@1"])
    text = '{"step": 1, "my/score": 0.5, "reward": 0.1, "mine@1": 0.3}'
    assert read(tmp_path, text, names=names) == [
        (1, {"reward_mean": 0.5, "validation_reward/aime": 0.3})
    ]


def test_a_given_name_that_never_occurs(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"--map kl=my_kl: .*\nits names are: step, reward"):
        read(tmp_path, '{"step": 1, "reward": 0.5}', names={"kl": "my_kl"})


def test_names_that_are_wrong() -> None:
    with pytest.raises(MapError, match="no metric is called 'rewrad'"):
        parse_names(["rewrad=x"])
    with pytest.raises(MapError, match="METRIC=NAME"):
        parse_names(["reward_mean"])


def test_a_log_in_which_nothing_is_known(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"--map reward_mean=my_thing.*\n.*my_thing, other"):
        read(tmp_path, '{"my_thing": 1, "other": 2}')


@pytest.mark.parametrize("text", ["", "hello\nworld\n", "{", "[1, 2", "a,b\n", "\x00\xff" * 50])
def test_what_is_no_log(tmp_path: Path, text: str) -> None:
    with pytest.raises(LogError):
        read(tmp_path, text)


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot read"):
        list(read_log(str(tmp_path / "none.log")))
    with pytest.raises(LogError, match=r"TensorBoard|tensorboard"):
        list(read_log(str(tmp_path)))


def test_hostile_lines_cost_little(tmp_path: Path) -> None:
    bad = ["{'" * 50_000, "step:1 - " * 50_000, "'a': " * 50_000, "{" * 100_000, "\x1b[" * 50_000]
    rows = read(tmp_path, "\n".join([*bad, "step:2 - actor/entropy:0.5"]))
    assert rows[-1] == (2, {"entropy": 0.5})


@given(st.text(max_size=200) | st.text("{}'\": ,-step:0123456789.naninfE+[]()\\\x1b", max_size=200))
def test_no_line_raises(line: str) -> None:
    reader = LineReader()
    for text in (
        line,
        "{'" + line,
        '{"' + line,
        "step:1 - " + line,
        "Global step 1: {'a': " + line,
    ):
        row = reader.read(text)
        assert row is None or all(isinstance(value, float) for value in row.values.values())


def test_names_are_safe_to_print(tmp_path: Path) -> None:
    row = {"step": 1, "rewards/\ud800\x1b[2J/mean": 0.5}
    assert read(tmp_path, json.dumps(row)) == [(1, {"component/??[2J": 0.5})]


def test_event_files(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    writers = pytest.importorskip("tensorboardX")
    writer = writers.SummaryWriter(str(tmp_path / "events"))
    for step in range(3):
        writer.add_scalar("train/reward", 0.25 * step, step)
    writer.close()
    assert list(read_log(str(tmp_path / "events"))) == [
        (0, {"reward_mean": 0.0}),
        (1, {"reward_mean": 0.25}),
        (2, {"reward_mean": 0.5}),
    ]
