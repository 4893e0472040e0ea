"""The command ``pyverify monitor``, its plots and its sinks."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.monitor import (
    CANONICAL,
    Alert,
    AlertKind,
    JsonlSink,
    Severity,
    TensorBoardSink,
    WandbSink,
    read_log,
)

SICK = {
    0: (0.089, 6.3, 0.026),
    5: (0.063, 6.8, 0.07),
    10: (0.025, 7.3, 0.12),
    25: (0.008, 8.6, 0.25),
}


def verl_line(step: int, validation: float, entropy: float, clipped: float) -> str:
    return (
        f"(TaskRunner pid=1) step:{step} - val-core/math/acc/mean@1:{validation} - "
        f"actor/entropy:{entropy} - response_length/clip_ratio:{clipped}\n"
    )


@pytest.fixture
def sick(tmp_path: Path) -> Path:
    path = tmp_path / "sick <run>.log"
    path.write_text("".join(verl_line(step, *row) for step, row in SICK.items()))
    return path


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    path = tmp_path / "healthy.log"
    path.write_text("".join(verl_line(i, 0.1 + 0.01 * i, 0.5, 0.01) for i in range(20)))
    return path


def test_a_sick_run(sick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(sick)]) == 1
    out = capsys.readouterr().out
    assert re.search(r"^validation reward of math +4 +0.089 +0.008 +0.089 +0 ", out, re.MULTILINE)
    assert re.search(r"^clipped responses +4 +2.6 % +25 %", out, re.MULTILINE)
    assert re.search(
        r"^step 10: COLLAPSE validation reward of math fell from 0.089 \(step 0\) to 0.025 while "
        r"entropy rose 6.3 → 7.3 and clipped responses rose 2.6 % → 12 %",
        out,
        re.MULTILINE,
    )


def test_a_healthy_run(healthy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(healthy), "--fail-on", "warning"]) == 0
    assert "no alerts" in capsys.readouterr().out


def test_what_fails(sick: Path, healthy: Path) -> None:
    assert main(["monitor", str(healthy), str(sick)]) == 1
    assert main(["monitor", str(sick), "--fail-on", "never"]) == 0
    assert main(["monitor", str(sick), "--threshold", "validation_drop=0.99"]) == 0


def test_json(sick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(sick), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["formats"] == ["verl"]
    assert found["metrics"]["entropy"] == {
        "points": 4,
        "first": 6.3,
        "last": 8.6,
        "highest": 8.6,
        "lowest": 6.3,
    }
    assert [(a["step"], a["kind"]) for a in found["alerts"]] == [(10, "validation_falling")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.log"], "cannot read none.log"),
        (["none.log", "--map", "x=y"], "no metric is called 'x'"),
        (["none.log", "--threshold", "patience"], "--threshold takes NAME=X"),
        (["none.log", "--threshold", "x=1"], "no threshold is called 'x'"),
        (["a", "b", "--plot", "x.html"], "take one log"),
        (["a", "b", "--follow"], "take one log"),
        (["none.log", "--plot", "run.gif"], "--plot writes .html or .png, not run.gif"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_mapped_name_that_never_occurs(sick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(sick), "--map", "entropy=actor/entropi"]) == 2
    error = capsys.readouterr().err
    assert "--map entropy=actor/entropi" in error
    assert "val-core/math/acc/mean@1, actor/entropy, response_length/clip_ratio" in error


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text('{"step": 1, "reward": 0.5, "time": 3, "aime24": 1, "H_entropy": 2}\n{"a')
    assert main(["monitor", str(path)]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "pyverify: no validation reward, no entropy, no clipped responses; not understood: "
        "H_entropy, time, aime24 (--map METRIC=NAME)",
        "pyverify: 1 broken entry was left out",
    ]
    assert main(["monitor", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["not_understood"] == ["H_entropy", "time", "aime24"]


def test_nothing_is_missing(sick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sick.open("a") as log:
        log.write("step:26 - perf/mfu:0.5\n")
    main(["monitor", str(sick)])
    assert capsys.readouterr().err == ""


def test_help_names_every_metric(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", "--help"]) == 0
    words = set(re.findall(r"[\w/]+", capsys.readouterr().out))
    named = {"component/NAME" if name == "component" else name for name in CANONICAL}
    assert named <= words


def test_a_page(sick: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    assert main(["monitor", str(sick), "--plot", str(path)]) == 1
    page = path.read_text(encoding="utf-8")
    assert page.count("<svg ") == page.count("</svg>") == 3
    assert "sick &lt;run&gt;.log" in page
    assert "<run>" not in page
    assert "<script" not in page
    # Nothing is loaded from anywhere.
    assert not re.search(r"(?:src|href|url\(|@import|https?:)", page)
    assert "prefers-color-scheme: dark" in page
    assert page.count('class="alert own"') == 1
    assert page.count('class="alert"') == 2


def test_a_picture(sick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run.png"
    code = main(["monitor", str(sick), "--plot", str(path)])
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        assert code == 2
        assert "pip install matplotlib" in capsys.readouterr().err
    else:
        assert code == 1
        assert path.read_bytes().startswith(b"\x89PNG")
    assert main(["monitor", str(sick), "--plot", str(tmp_path / "run.pdf")]) == 2


def test_a_run_that_went_back_has_a_line_for_each_part(tmp_path: Path) -> None:
    steps = [*range(60), *range(30, 80)]
    path, page = tmp_path / "run.jsonl", tmp_path / "run.html"
    path.write_text("".join(f'{{"step": {i}, "entropy": 0.5}}\n' for i in steps))
    assert main(["monitor", str(path), "--plot", str(page)]) == 0
    lines = re.findall(r'<polyline class="curve" points="([^"]*)"', page.read_text("utf-8"))
    assert [len(line.split()) for line in lines] == [60, 50]
    for line in lines:
        across = [float(spot.split(",")[0]) for spot in line.split()]
        assert across == sorted(across)


def test_the_last_value_is_shown_even_if_it_is_none(tmp_path: Path) -> None:
    path, page = tmp_path / "run.jsonl", tmp_path / "run.html"
    path.write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "loss": NaN}\n')
    assert main(["monitor", str(path), "--plot", str(page)]) == 0
    assert "<small>0.5 → nan</small>" in page.read_text("utf-8")


@pytest.mark.parametrize("value", ["1e308", "1e99", "-1e99", "5e-324", "1e-99", "1" + "0" * 400])
@pytest.mark.parametrize("end", ["html", "png"])
def test_extreme_values_are_drawn(tmp_path: Path, value: str, end: str) -> None:
    if end == "png":
        pytest.importorskip("matplotlib")
    path = tmp_path / "run.jsonl"
    rows = [f'{{"step": {i}, "val_reward": {value if i % 2 else 0.5}}}\n' for i in range(30)]
    path.write_text("".join(rows))
    assert main(["monitor", str(path), "--plot", str(tmp_path / f"x.{end}")]) in (0, 1)


def test_following_a_log_that_grows(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    path.write_text(verl_line(0, *SICK[0]))
    command = [sys.executable, "-m", "pyverify.cli", "monitor", str(path), "--follow"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        with path.open("a") as log:
            log.write(verl_line(5, *SICK[5]))
            line = verl_line(10, *SICK[10])
            log.write(line[:30])
            log.flush()
            log.write(line[30:])
        try:
            assert process.stdout.readline().startswith("step 10: COLLAPSE")
        finally:
            process.kill()


ALERT = Alert(2, AlertKind.NOT_FINITE, Severity.COLLAPSE, "loss is nan", "loss", float("nan"))


def test_lines_of_json_are_a_log_again(sick: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["monitor", str(sick), "--sink", str(out)]) == 1
    assert list(read_log(str(out))) == list(read_log(str(sick)))
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["step"] for row in rows if "alerts" in row] == [10]
    sink = JsonlSink(str(out))
    sink.log(26, {"loss": float("nan")}, [ALERT])
    sink.close()
    last = json.loads(out.read_text().splitlines()[-1])
    assert last["loss"] == "nan"
    assert last["alerts"][0]["message"] == "loss is nan"
    step, metrics = list(read_log(str(out)))[-1]
    assert step == 26
    assert math.isnan(metrics["loss"])


def test_tensorboard(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    sink = TensorBoardSink(str(tmp_path))
    sink.log(1, {"entropy": 0.5}, [])
    sink.log(2, {"entropy": 0.25}, [ALERT])
    sink.close()
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(tmp_path))
    events.Reload()
    assert [event.value for event in events.Scalars("monitor/entropy")] == [0.5, 0.25]
    assert [event.value for event in events.Scalars("monitor/alerts")] == [0.0, 1.0]


@pytest.mark.filterwarnings("ignore")
def test_wandb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wandb = pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    with pytest.raises(RuntimeError, match=r"wandb\.init"):
        WandbSink()
    with wandb.init(project="monitor", dir=str(tmp_path)) as run:
        sink = WandbSink()
        sink.log(1, {"entropy": 0.5}, [])
        sink.log(2, {"entropy": 0.25}, [ALERT])
        sink.close()
        assert dict(run.summary)["monitor/entropy"] == 0.25
        assert dict(run.summary)["monitor/alerts"] == 1


@pytest.mark.filterwarnings("ignore")
def test_trackio(tmp_path: Path) -> None:
    """In a process of its own: trackio settles its folder when it is imported."""
    pytest.importorskip("trackio")
    code = (
        "from pyverify.monitor import Alert, AlertKind, Severity, TrackioSink\n"
        "sink = TrackioSink('monitor')\n"
        "sink.log(1, {'entropy': 0.5}, [])\n"
        "alert = Alert(2, AlertKind.NOT_FINITE, Severity.COLLAPSE, 'm', 'loss', 1.0)\n"
        "sink.log(2, {'entropy': 0.25}, [alert])\n"
        "sink.close()\n"
        "from trackio.sqlite_storage import SQLiteStorage as store\n"
        "name = store.get_runs('monitor')[0]\n"
        "print([row.get('monitor/entropy') for row in store.get_logs('monitor', name)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "TRACKIO_DIR": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "[0.5, 0.25]", done.stderr


def test_a_sink_that_is_unknown(sick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(sick), "--sink", "mlflow"]) == 2
    assert "no such sink" in capsys.readouterr().err
