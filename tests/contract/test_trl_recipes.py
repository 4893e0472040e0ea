"""The recipes for TRL: real runs of a tiny model, and what their command lines make of a run."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="trl is not installed")

from pyverify.integrations.recipes import RECIPES, recipe_path
from pyverify.integrations.trl.rlpr import STATE_FILE
from pyverify.rlpr import THINK_ANSWER

# TRL's own use of transformers' and torch's older names.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

NAMES = [name for name, recipe in RECIPES.items() if "trl" not in recipe.missing]
ON_A_CPU = ["--bf16", "False", "--use_cpu", "True"]


def run(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    *words: str,
    code: int = 0,
) -> str:
    """A recipe as its user starts it; what it prints."""
    monkeypatch.setattr(sys, "argv", [str(recipe_path(name, "trl")), *words])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(sys.argv[0], run_name="__main__")
    told = capfd.readouterr()
    assert stop.value.code == code, told.err
    return told.out + told.err


@pytest.mark.parametrize("name", ["grpo", "dapo", "gspo"])
def test_a_smoke_run_trains(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    run(monkeypatch, capfd, name, "--smoke", "--output", str(tmp_path))
    (state,) = tmp_path.glob("checkpoint-*/trainer_state.json")
    logged = json.loads(state.read_text())["log_history"]
    rewards = [one["reward"] for one in logged if "reward" in one]
    # What the tiny model writes differs in what it is worth: there is something to learn from.
    assert len(rewards) == 3
    assert any(one["reward_std"] > 0 for one in logged if "reward_std" in one)
    assert any("eval_reward" in one for one in logged)
    assert (tmp_path / "model.safetensors").exists()


@pytest.mark.parametrize("way", [[], ["--plain"]])
def test_rlpr_scores_both_ways(
    way: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    printed = run(monkeypatch, capfd, "rlpr", "--smoke", "--output", str(tmp_path), *way)
    assert "rewards/rlpr/mean" in printed
    assert "rlpr/filter/threshold" in printed
    assert (tmp_path / "model.safetensors").exists()
    assert list(tmp_path.glob(f"checkpoint-*/{STATE_FILE}"))


def test_staged_grpo_goes_through_all_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, capfd, "staged_grpo", "--smoke", "--output", str(tmp_path))
    for number in range(1, 6):
        folder = tmp_path / f"round{number}"
        best = json.loads((folder / "best.json").read_text())
        steps = sorted(one.name for one in folder.glob("checkpoint-*"))
        assert steps == ["checkpoint-2", "checkpoint-4"]
        assert Path(best["model"]).parent == folder
        # Two benchmarks, scored by pyverify.
        assert set(best["scores"]) == {"val", "more"}


def test_a_round_alone_and_a_written_script(tmp_path: Path) -> None:
    """What the driver starts under accelerate, from a file far from the others."""
    script = tmp_path / "mine.py"
    write = ["-m", "pyverify.cli", "recipe", "write", "staged_grpo", "--trainer", "trl"]
    small = tmp_path / "out" / "smoke"
    data = ["--train", str(small / "train.jsonl"), "--model", str(small / "model")]
    subprocess.run([sys.executable, *write, *data, "-o", str(script)], cwd=tmp_path, check=True)
    from pyverify.integrations.recipes.tiny import BOXED, save_model, sums

    save_model(small / "model", 1, BOXED)
    sums(8).to_json(small / "train.jsonl")
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", str(script)]
    words = ["--smoke", "--round", "5", "--output", str(tmp_path / "out" / "round5")]
    done = subprocess.run(
        [*launch, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "round5" / "checkpoint-4" / "model.safetensors").exists()


def settings(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, *words: str
) -> dict[str, object]:
    """What of TRL's configuration a recipe changes."""
    shown = run(monkeypatch, capfd, name, "--print", *ON_A_CPU, *words)
    found: dict[str, object] = json.loads(shown[shown.index("{") : shown.rindex("}") + 1])
    return found


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "grpo",
            {
                "num_generations": 6,
                "learning_rate": 1e-5,
                "num_train_epochs": 15,
                "eval_steps": 30,
                "save_steps": 600,
            },
        ),
        ("dapo", {"epsilon_high": 0.28, "num_generations": 16, "max_completion_length": 20480}),
        (
            "gspo",
            {
                "importance_sampling_level": "sequence",
                "epsilon": 3e-4,
                "epsilon_high": 4e-4,
                "loss_type": "grpo",
            },
        ),
        (
            "rlpr",
            {
                "epsilon_high": 0.27,
                "max_completion_length": 3072,
                # RLPR leaves out no sequence that the engine finds likelier than the trainer does.
                "vllm_importance_sampling_correction": False,
            },
        ),
    ],
)
def test_the_settings_land_in_trl(
    name: str,
    wanted: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = settings(monkeypatch, capfd, name)
    assert {key: found.get(key) for key in wanted} == wanted
    assert found["use_vllm"] is True


def test_a_rollout_is_as_large_on_many_processes(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "16")
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("LOCAL_RANK", "0")
    from pyverify.integrations.recipes.launch_trl import Rollout

    found = Rollout(prompts=768, responses=8, updates=4, rows=8).settings(16)
    rollout = int(found["per_device_train_batch_size"]) * int(found["steps_per_generation"]) * 16
    assert rollout == 768 * 8
    assert found["steps_per_generation"] == 4 * int(found["gradient_accumulation_steps"])
    told = run(monkeypatch, capfd, "rlpr", "--print", "--rows", "5", code=2)
    assert "16 processes with --rows 5" in told


def test_the_users_words_win_and_wrong_ones_are_refused(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    found = settings(monkeypatch, capfd, "grpo", "--learning_rate", "3e-6", "--max_steps", "7")
    assert (found["learning_rate"], found["max_steps"]) == (3e-6, 7)
    told = run(monkeypatch, capfd, "grpo", "--print", *ON_A_CPU, "--learning_rat", "1", code=2)
    assert "GRPOConfig doesn't take this" in told
    told = run(monkeypatch, capfd, "grpo", *ON_A_CPU, "--train", "nowhere.jsonl", code=2)
    assert "nowhere.jsonl" in told


def test_data_as_trl_wants_it(tmp_path: Path) -> None:
    from types import SimpleNamespace

    from pyverify.integrations.recipes.launch_trl import data_set

    data = tmp_path / "rows.jsonl"
    data.write_text(
        '{"question": "1+1?", "solution": "2"}\n{"question": "x?", "solution": [3, 4]}\n'
    )
    options = SimpleNamespace(problem="question", reference="solution", no_system=False)
    first, second = data_set([str(data)], options, THINK_ANSWER.instruction)
    assert (first["answer"], second["answer"]) == ("2", "[3, 4]")
    assert [one["role"] for one in first["prompt"]] == ["system", "user"]
    assert first["prompt"][0]["content"] == THINK_ANSWER.instruction
    options.no_system = True
    (message,) = data_set([str(data)], options, THINK_ANSWER.instruction)[0]["prompt"]
    assert message == {"role": "user", "content": f"{THINK_ANSWER.instruction}\n\n1+1?"}
