"""Measures pyverify.rlpr and what others use for the same numbers: speed, memory, exactness.

    python bench/rlpr/speed.py [--quick] [--out rlpr.json] [--only logits hidden] [--rows 4096]

For each shape a table: milliseconds (p20, p50, p80), times as long as pyverify, the fraction of
what the machine can do at best (reading the same bytes, multiplying the same matrices, measured in
the same run), the memory that torch holds beyond the inputs, the largest errors of log p, p and the
mean-p reward against float64, and whether half of the references, shuffled, get the same bits.

On a GPU the L2 is flushed before each call; row statistics and segments are replayed as CUDA
graphs. At the end stand the targets: goal, reached, met. Without a GPU the CPU's rows are measured,
by CPU time with one thread. What is to be compared with is in bench/rlpr/rivals.txt; what isn't
installed is a row that says so. Ctrl-C keeps what was measured.
"""

from __future__ import annotations

import argparse
import platform
import signal
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import ceilings
import torch
from clock import Clock, CpuClock, GpuClock, quantile
from contenders import CONTENDERS, Contender, scores
from record import Row, Run, tables, target_table
from targets import TARGETS
from workloads import CHECKED, Case, Workload, build, exact, means, on_cpu, on_gpu

import pyverify
from pyverify.rlpr import kernels

_CEILINGS = {"logits": "read", "row statistics": "read", "hidden": "matmul", "step": "matmul"}


@dataclass
class Truth:
    """What is right about the first references of a case.

    Attributes:
        ends: Where they begin and end.
        log_probs: Float64.
        rewards: Float64.
    """

    ends: list[int]
    log_probs: torch.Tensor
    rewards: torch.Tensor

    @classmethod
    def of(cls, case: Case) -> Truth:
        """As many references as are checked."""
        ends = case.cu_seqlens.tolist()
        ends = [end for end in ends if end <= CHECKED]
        log_probs = exact(case, ends[-1])
        return cls(ends, log_probs, means(log_probs, ends))


def measured(
    case: Case, truth: Truth, contender: Contender, clock: Clock, ceiling: dict[str, float]
) -> Row:
    """A row: with figures, or with the reason why there are none."""
    row = Row(case.workload, contender.name, contender.ours, contender.version)
    if row.version is None:
        row.status = "not installed"
    elif contender.cuda and not torch.cuda.is_available():
        row.status = "needs CUDA"
    else:
        try:
            _fill(row, case, truth, contender, clock)
        except torch.cuda.OutOfMemoryError:
            row.status = "out of memory"
        except Exception as error:  # another's fault must not end the run
            row.status = f"failed: {type(error).__name__}: {str(error).strip()[:200]}"
            row.status = row.status.splitlines()[0]
        name = _CEILINGS.get(case.workload.entry)
        if row.status == "measured" and name in ceiling and row.p50:
            row.ceiling, row.fraction = name, ceiling[name] / row.p50
    return row


def _fill(row: Row, case: Case, truth: Truth, contender: Contender, clock: Clock) -> None:
    call = contender.load()
    log_probs, rewards = scores(case, call(case), truth.ends)
    row.log_p_error = _error(log_probs, truth.log_probs)
    row.p_error = _error(log_probs.exp(), truth.log_probs.exp())
    row.reward_error = _error(rewards, truth.rewards)
    times = clock.times(lambda: call(case), graph=contender.graph)
    share = contender.part(case)
    row.p20, row.p50, row.p80 = (quantile(times, part) / share for part in (0.2, 0.5, 0.8))
    row.calls = len(times)
    row.peak_bytes = clock.peak(lambda: call(case))

    order = torch.randperm(len(truth.ends) - 1, generator=torch.Generator().manual_seed(1))
    half = order[: (len(order) + 1) // 2]
    other, tokens = case.part(half)
    ends = other.cu_seqlens.tolist()
    again, again_rewards = scores(other, call(other), ends)
    row.same_bits = torch.equal(again, log_probs[tokens]) and torch.equal(
        again_rewards, rewards[half.to(rewards.device)]
    )


def _error(found: torch.Tensor, wanted: torch.Tensor) -> float:
    return float((found - wanted).abs().max())


def workloads(options: argparse.Namespace) -> list[Workload]:
    """The shapes that were asked for, each once."""
    # On a CPU the kernels are there if Triton's interpreter is: its shapes must be asked for.
    large = torch.cuda.is_available() or kernels.available()
    shapes = (on_gpu if large else on_cpu)(options.quick)
    if options.only:
        shapes = (one for one in shapes if one.entry in options.only)
    return list(dict.fromkeys(one for shape in shapes for one in _changed(shape, options)))


def _changed(shape: Workload, options: argparse.Namespace) -> Iterator[Workload]:
    """A shape by the numbers that were asked for."""
    for rows in options.rows or [shape.rows]:
        for width in options.vocabulary or [shape.vocabulary]:
            depths = options.depth if options.depth and shape.depth else [shape.depth]
            for depth in depths:
                yield replace(shape, rows=rows, vocabulary=width, depth=depth)


def contenders(shape: Workload, options: argparse.Namespace) -> list[Contender]:
    """Who is measured at a shape."""
    return [
        one
        for one in CONTENDERS
        if shape.entry in one.entries
        and one.fits(shape)
        and (kernels.available() or not one.kernel)
        and (options.contenders is None or one.name in options.contenders)
    ]


def measure(run: Run, options: argparse.Namespace, device: torch.device) -> None:
    """Measures all shapes, and writes down what there is after each."""
    clock: Clock = GpuClock(options.seconds) if run.gpu else CpuClock(options.seconds)
    print("ceilings", file=sys.stderr)
    run.ceilings = ceilings.in_general(device, clock)
    shapes = workloads(options)
    for number, shape in enumerate(shapes, 1):
        said = f"[{number}/{len(shapes)}] {shape.name}"
        try:
            _measure_shape(run, shape, options, device, clock, said)
        except torch.cuda.OutOfMemoryError:
            # The inputs themselves are too large for this device.
            print(f"{said}: out of memory", file=sys.stderr)
            run.rows += [
                Row(shape, one.name, one.ours, one.version, "out of memory")
                for one in contenders(shape, options)
            ]
        if run.gpu:
            torch.cuda.empty_cache()
        if options.out:
            run.write(options.out)
    run.complete = True


def _measure_shape(
    run: Run,
    shape: Workload,
    options: argparse.Namespace,
    device: torch.device,
    clock: Clock,
    said: str,
) -> None:
    case = build(shape, device)
    truth = Truth.of(case)
    ceiling = run.case_ceilings[shape.name] = ceilings.of_case(case, clock)
    for contender in contenders(shape, options):
        print(f"{said}: {contender.name}", file=sys.stderr)
        run.rows.append(measured(case, truth, contender, clock, ceiling))
        if run.gpu:
            torch.cuda.empty_cache()


def check_targets(run: Run) -> None:
    """Holds the rows against the targets."""
    for target in TARGETS:
        reached = target.reached(run.rows) if run.gpu else None
        run.targets.append(
            {
                "name": target.name,
                "goal": target.goal,
                "unit": target.unit,
                "at_least": target.at_least,
                "reached": reached,
                "met": None if reached is None else target.met(reached),
                "why": "not measured" if run.gpu else "not measured: no GPU",
            }
        )


def begun(gpu: bool) -> Run:
    """A run without rows."""
    packages = sorted({one.package for one in CONTENDERS if one.package})
    threads = torch.get_num_threads()
    clock = "CPU time" if threads == 1 else "wall clock"
    return Run(
        date=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        device=torch.cuda.get_device_name() if gpu else _cpu(),
        gpu=gpu,
        threads=threads,
        clock="CUDA events, L2 flushed" if gpu else clock,
        versions={
            "pyverify": pyverify.__version__,
            "python": platform.python_version(),
            "torch": torch.__version__,
            "cuda": torch.version.cuda if gpu else None,
            **{name: _version(name) for name in ("triton", *packages)},
        },
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu() -> str:
    """The CPU's name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    name = next(names, platform.processor() or platform.machine())
    return f"{name}, {torch.backends.cpu.get_cpu_capability()}"


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the most telling shapes alone")
    entries = ("logits", "row statistics", "hidden", "segments", "step")
    parser.add_argument("--only", nargs="+", choices=entries, help="entries")
    parser.add_argument("--contenders", nargs="+", help="names, as the tables have them")
    parser.add_argument("--rows", type=int, nargs="+", help="N, instead of each shape's own")
    parser.add_argument("--vocabulary", type=int, nargs="+", help="V, instead of each shape's own")
    parser.add_argument("--depth", type=int, nargs="+", help="H, instead of each shape's own")
    parser.add_argument("--seconds", type=float, help="for a contender's calls at a shape")
    parser.add_argument("--threads", type=int, default=1, help="of torch on the CPU")
    parser.add_argument("--out", type=Path, help="a file for all of it, as JSON")
    return parser.parse_args()


def main() -> int:
    """Measures and prints."""
    options = arguments()
    # `timeout` and cluster schedulers end a run so: what was measured must not be lost.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    warnings.simplefilter("ignore")
    gpu = torch.cuda.is_available()
    torch.set_num_threads(options.threads)
    options.seconds = options.seconds or (0.2 if gpu else 0.6)
    run = begun(gpu)
    print(f"{run.device}, torch {torch.__version__}, {run.date}")
    if not gpu:
        print(
            "There is no CUDA device: no GPU row is measured. These are the CPU's rows, "
            f"{run.threads} thread(s), by {run.clock}."
        )
        if kernels.available():
            print("The kernels run in Triton's interpreter: their times mean nothing.")
    stopped = False
    try:
        with torch.no_grad():
            measure(run, options, torch.device("cuda" if gpu else "cpu"))
    except KeyboardInterrupt:
        stopped = True
        print("stopped: what follows is what was measured", file=sys.stderr)
    check_targets(run)
    if options.out:
        run.write(options.out)
    print("versions: " + ", ".join(f"{k} {v or 'not installed'}" for k, v in run.versions.items()))
    print("ceilings: " + ", ".join(f"{k} {v:.4g}" for k, v in run.ceilings.items()))
    print(*tables(run.rows), sep="\n")
    print(f"\n{target_table(run.targets)}")
    failed = any(row.ours and row.status.startswith("failed") for row in run.rows)
    return 130 if stopped else int(failed)


if __name__ == "__main__":
    sys.exit(main())
