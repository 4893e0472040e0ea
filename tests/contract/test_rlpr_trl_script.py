"""trainers/trl/rlpr.py: what its command line makes of a run, and a small one."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="trl is not installed")

from trl import GRPOConfig

RECIPE = Path(__file__).parents[2] / "trainers" / "trl"
sys.path.insert(0, str(RECIPE))

from pyverify.integrations.trl.rlpr import STATE_FILE  # noqa: E402
from pyverify.rlpr import THINK_ANSWER  # noqa: E402

# TRL's own use of transformers' and torch's older names.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")


@pytest.mark.parametrize("way", [[], ["--plain"]])
def test_the_script(
    way: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    arguments = ["rlpr.py", "--smoke", "--output", str(tmp_path), *way]
    monkeypatch.setattr(sys, "argv", arguments)
    runpy.run_path(str(RECIPE / "rlpr.py"), run_name="__main__")
    printed = capfd.readouterr().out
    assert "rewards/rlpr/mean" in printed
    assert "rlpr/filter/threshold" in printed
    assert (tmp_path / "model.safetensors").exists()
    assert list(tmp_path.glob(f"checkpoint-*/{STATE_FILE}"))


def test_settings_and_data_of_a_real_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text('{"question": "1+1?", "solution": "2"}\n')
    columns = ["--problem", "question", "--reference", "solution"]
    arguments = ["--model", "somewhere", "--data", str(data), *columns, "--rows", "8"]
    monkeypatch.setattr(sys, "argv", ["rlpr.py", *arguments])
    monkeypatch.setenv("WORLD_SIZE", "16")
    script = runpy.run_path(str(RECIPE / "rlpr.py"))
    chosen = script["options"]()
    found = script["settings"](chosen)
    rollout = found["per_device_train_batch_size"] * found["steps_per_generation"] * 16
    assert rollout == 768 * found["num_generations"] == 768 * 8
    assert found["steps_per_generation"] == 4 * found["gradient_accumulation_steps"]
    assert found["use_vllm"]
    # RLPR leaves out no sequence that the engine finds likelier than the trainer does.
    assert found["vllm_importance_sampling_correction"] is False
    # All of them are TRL's words; what needs GPUs is left out.
    monkeypatch.delenv("WORLD_SIZE")
    GRPOConfig(**(found | {"bf16": False, "use_cpu": True}))
    (row,) = script["prompts_of"](chosen, THINK_ANSWER)
    assert row["answer"] == "2"
    assert [one["role"] for one in row["prompt"]] == ["system", "user"]
    assert row["prompt"][0]["content"] == THINK_ANSWER.instruction
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--no-system"])
    (row,) = script["prompts_of"](script["options"](), THINK_ANSWER)
    (message,) = row["prompt"]
    assert message["role"] == "user"
    assert message["content"] == f"{THINK_ANSWER.instruction}\n\n1+1?"


@pytest.mark.parametrize(("processes", "rows"), [(10, 4), (16, 5), (768, 4)])
def test_what_does_not_divide_is_named_before_the_run(
    processes: int, rows: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    arguments = ["--model", "somewhere", "--data", "rows.jsonl", "--rows", str(rows)]
    monkeypatch.setattr(sys, "argv", ["rlpr.py", *arguments])
    monkeypatch.setenv("WORLD_SIZE", str(processes))
    script = runpy.run_path(str(RECIPE / "rlpr.py"))
    with pytest.raises(SystemExit):
        script["options"]()
    told = capsys.readouterr().err
    assert f"{processes} processes" in told
    assert "--rows" in told
