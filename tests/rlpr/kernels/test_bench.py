"""bench/rlpr: what it writes down, on a CPU and, by Triton's interpreter, as on a GPU."""

from __future__ import annotations

import functools
import json
import math
import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import Any

import pytest
import torch


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    found = repository / "bench" / "rlpr"
    if not found.is_dir():
        pytest.skip("bench/ is not part of a source distribution")
    return found


@pytest.fixture
def modules(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its modules can be imported."""
    monkeypatch.syspath_prepend(folder)


def command(folder: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, str(folder / "speed.py"), "--quick", "--out", str(out), *more]


def environment(interpreter: bool) -> dict[str, str]:
    """Without a GPU, whether there is one or not."""
    found = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TRITON_INTERPRET": "1"}
    if not interpreter:
        del found["TRITON_INTERPRET"]
    return found


def run(folder: Path, out: Path, *more: str, interpreter: bool = False) -> tuple[str, Any]:
    done = subprocess.run(
        command(folder, out, "--seconds", "0.001", *more),
        env=environment(interpreter),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(out.read_text(encoding="utf-8"))


def test_rows_of_a_cpu(folder: Path, tmp_path: Path) -> None:
    names = ("pyverify", "eager", "row by row", "F.cross_entropy", "flash-attn")
    sizes = ("--rows", "40", "--vocabulary", "500", "--depth", "64")
    told, found = run(folder, tmp_path / "out.json", *sizes, "--contenders", *names)
    assert "There is no CUDA device: no GPU row is measured." in told
    assert found["format"] == 1
    assert found["complete"]
    assert not found["gpu"]
    assert found["versions"]["torch"] == torch.__version__
    assert all(value > 0 for value in found["ceilings"].values())
    rows = {(row["workload"]["entry"], row["contender"]): row for row in found["rows"]}
    assert {entry for entry, _ in rows} == {"logits", "segments", "hidden"}
    for (entry, name), row in rows.items():
        if name == "flash-attn" and row["status"] != "measured":
            assert row["p50"] is None
            continue
        assert row["status"] == "measured"
        assert 0 < row["p20"] <= row["p50"] <= row["p80"]
        assert row["peak_bytes"] >= 0
        assert (row["fraction"] is None) == (entry == "segments")
        if row["ours"]:
            assert row["log_p_error"] <= 5e-6
            assert row["reward_error"] <= 1e-6
            assert row["same_bits"]
    # bfloat16 logits that a model rounded, and log_softmax in bfloat16.
    assert rows["hidden", "eager"]["reward_error"] > 1e-4
    eager = [row for row in found["rows"] if row["contender"] == "eager"]
    assert eager[0]["workload"]["dtype"] == "bf16"
    # Their result lies in memory whole.
    assert eager[0]["peak_bytes"] >= 2 * 40 * 500
    assert all(one["why"] == "not measured: no GPU" for one in found["targets"])
    assert all(one["reached"] is None for one in found["targets"])


@pytest.mark.slow
def test_rows_of_the_kernels(folder: Path, tmp_path: Path) -> None:
    sizes = ("--rows", "18", "--vocabulary", "300", "--depth", "64")
    names = ("pyverify", "checked", "not exact", "fused", "chunked", "chunked, not exact")
    wanted = [names[0], *(f"pyverify, {name}" for name in names[1:])]
    told, found = run(
        folder, tmp_path / "out.json", *sizes, "--contenders", *wanted, interpreter=True
    )
    assert "Triton's interpreter" in told
    entries = {(row["workload"]["entry"], row["contender"]) for row in found["rows"]}
    assert {entry for entry, _ in entries} == {
        "logits",
        "row statistics",
        "hidden",
        "segments",
        "step",
    }
    assert {name for _, name in entries} == set(wanted)
    for row in found["rows"]:
        assert row["status"] == "measured"
        # The interpreter's own matmul rounds a row otherwise at another place.
        assert row["same_bits"] or row["workload"]["depth"]
        if "not exact" not in row["contender"]:
            assert row["log_p_error"] <= 5e-6
            assert row["reward_error"] <= 1e-6


def test_what_was_measured_is_kept(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    many = ("--vocabulary", *map(str, range(900, 1000)))
    with subprocess.Popen(
        command(folder, out, "--rows", "40", "--only", "logits", "--contenders", "pyverify", *many),
        env=environment(interpreter=False),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        while not out.exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        told = process.communicate()[0]
    assert process.returncode == 130
    found = json.loads(out.read_text(encoding="utf-8"))
    assert not found["complete"]
    assert 0 < len(found["rows"]) < 200
    assert found["targets"]
    assert "| pyverify" in told


@pytest.mark.usefixtures("modules")
def test_a_row_says_what_went_wrong() -> None:
    from clock import CpuClock
    from contenders import Contender
    from speed import Truth, measured
    from workloads import Workload, build

    case = build(Workload("logits", 64, 200, dtype="fp32"), torch.device("cpu"))
    truth, clock = Truth.of(case), CpuClock(0.001)

    def by_place(case: Any) -> torch.Tensor:
        found = torch.log_softmax(case.matrix, -1).gather(1, case.targets[:, None])[:, 0]
        return found + torch.linspace(0, 0.25, len(found))

    def broken(case: Any) -> torch.Tensor:
        raise RuntimeError("no such kernel\nand more")

    def row(call: Any, **more: Any) -> Any:
        return measured(case, truth, Contender("x", ("logits",), lambda: call, **more), clock, {})

    found = row(by_place)
    assert found.status == "measured"
    assert not found.same_bits
    assert found.log_p_error == pytest.approx(0.25, abs=1e-5)
    assert row(broken).status == "failed: RuntimeError: no such kernel"
    assert row(broken, package="no-such-package-anywhere").status == "not installed"
    if not torch.cuda.is_available():
        assert row(broken, cuda=True).status == "needs CUDA"


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize("more", [{}, {"gathered": True}, {"softcap": 5.0}, {"temperature": 0.6}])
def test_liger_gets_no_copy_that_others_are_spared(
    more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wants a row more than it answers for, which must not cost it another copy of all rows."""
    from clock import CpuClock
    from contenders import CONTENDERS, _scaled
    from workloads import Workload, build, exact

    def selective(logits: torch.Tensor, ids: torch.Tensor, temperature: float) -> torch.Tensor:
        assert logits.is_contiguous()
        assert logits.shape == (1, ids.shape[1] + 1, 300)
        found = (logits[:, :-1] / temperature).log_softmax(-1)
        return found.gather(-1, ids[..., None])[..., 0]

    ops = types.ModuleType("liger_kernel.ops.grpo_loss")
    ops.fused_selective_log_softmax = selective  # type: ignore[attr-defined]
    for name in ("liger_kernel", "liger_kernel.ops"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, ops.__name__, ops)
    case = build(Workload("logits", 40, 300, dtype="fp32", **more), torch.device("cpu"))
    (liger,) = (one for one in CONTENDERS if one.name == "Liger selective")
    found = liger.load()(case)
    assert isinstance(found, torch.Tensor)
    torch.testing.assert_close(found.double(), exact(case, 40), atol=1e-4, rtol=0)
    ops.fused_selective_log_softmax = lambda z, ids, t: z[:, :-1, 0]  # type: ignore[attr-defined]
    call, clock = liger.load(), CpuClock(0.001)
    assert clock.peak(lambda: call(case)) <= clock.peak(lambda: _scaled(case)) * 41 / 40 + 1000


@pytest.mark.usefixtures("modules")
def test_a_shape_that_does_not_fit_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import argparse

    import speed as program
    from record import tables

    def build(shape: Any, device: torch.device) -> Any:
        if shape.rows == 41:
            raise torch.cuda.OutOfMemoryError("much too large")
        return workloads_build(shape, device)

    workloads_build = program.build
    monkeypatch.setattr(program, "build", build)
    monkeypatch.setattr(program.ceilings, "in_general", lambda device, clock: {})
    options = argparse.Namespace(
        quick=True,
        only=["logits"],
        contenders=["eager", "F.cross_entropy"],
        rows=[41, 40],
        vocabulary=[500],
        depth=None,
        seconds=0.001,
        out=None,
    )
    found = program.begun(gpu=False)
    program.measure(found, options, torch.device("cpu"))
    assert found.complete
    told = {(row.workload.rows, row.contender, row.status) for row in found.rows}
    wanted = [(41, "out of memory"), (40, "measured")]
    assert told == {(n, name, status) for n, status in wanted for name in options.contenders}
    assert "F.cross_entropy: out of memory" in "\n".join(tables(found.rows))


@pytest.mark.usefixtures("modules")
def test_targets_take_the_worst_of_all_shapes() -> None:
    from record import Row, target_table
    from targets import TARGETS
    from workloads import Workload

    def row(name: str, p50: float, width: int, fraction: float | None = None) -> Any:
        shape = Workload("logits", 4096, width)
        ours = name.startswith("pyverify")
        return Row(shape, name, ours, "1", p50=p50, fraction=fraction, same_bits=True)

    rows = [
        row("pyverify", 1.0, 151936, 0.98),
        row("pyverify", 0.5, 128256, 0.96),
        row("pyverify", 0.5, 50257, 0.5),  # of no target
        Row(Workload("row statistics", 512), "pyverify", True, "1", fraction=0.9, same_bits=True),
        # Liger looks at its targets, and so must what it is compared with.
        row("pyverify, checked", 1.1, 151936, 0.9),
        row("pyverify, checked", 0.6, 128256, 0.9),
        row("Liger", 1.43, 151936),
        row("Liger", 0.72, 128256),
        row("flash-attn", 1.4, 151936),
    ]
    reached = {one.name: one.reached(rows) for one in TARGETS}
    reading, liger = TARGETS[0], TARGETS[1]
    assert reached[reading.name] == 0.96
    assert not reading.met(0.96)
    assert reached[liger.name] == pytest.approx(1.2)
    assert liger.met(1.2)
    assert reached["logits, N ≥ 4096, bf16: flash-attn takes times as long"] == 1.4
    assert reached["row statistics, N = 512: of reading"] == 0.9
    rows[0].log_p_error = float("nan")
    assert {one.name: one.reached(rows) for one in TARGETS}[
        "exact ways: error of log p"
    ] == math.inf
    assert reached["step, 12,288 rows, 7B"] is None
    assert reached["the same bits in any batch (1: all)"] == 1
    one = {"name": "a", "goal": 18.5, "unit": " ms", "at_least": False, "why": "not measured"}
    assert "not measured" in target_table([one | {"reached": None, "met": None}])
    assert " 20 ms |" in target_table([one | {"reached": 20.0, "met": False}])


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize("each", [1, 3])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_the_ceiling_reads_every_word(each: int, dtype: torch.dtype, device: torch.device) -> None:
    from stream import read

    matrix = torch.randn(16, 1024, device=device).to(dtype)  # whole tiles
    words = matrix.view(torch.int32).flatten().tolist()
    found = read(matrix, each).tolist()
    tiles = matrix.numel() * matrix.element_size() // 8192
    assert len(found) == -(-tiles // each)
    xor = functools.partial(functools.reduce, lambda a, b: a ^ b)
    assert xor(found) == xor(words)
