"""Kills workers and drivers of divided runs at random; the rows must be the serial run's.

Run it as ``python tests/shards/kill_loop.py --times 20 [--engine ray] [--seed 1]``: every time a
run is begun, workers, the driver or both are killed with SIGKILL at random moments, and the run is
resumed until it ends by itself. Exits with 1 at the first difference, or if anything else is left.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from awkward import awkward_lines

_ROWS = 3000
_SHARD = "24K"
_MOST_KILLS = 4


def main() -> int:
    """Runs the loop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=("local", "ray"), default="local")
    arguments = parser.parse_args()
    random_ = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="kill-loop-") as folder:
        source, serial = Path(folder, "in.jsonl"), Path(folder, "serial.jsonl")
        source.write_bytes(awkward_lines(_ROWS))
        begun = time.monotonic()
        summary = _finish(_start(source, serial, ()))
        # A divided run takes longer than the serial one, mostly for starting.
        span = time.monotonic() - begun + (8.0 if arguments.engine == "ray" else 1.0)
        for number in range(arguments.times):
            target = Path(folder, f"{number}.jsonl")
            kills = _one(source, target, arguments.engine, random_, span)
            options = ("--workers", "2", "--resume", "--shard-size", _SHARD)
            found = _finish(_start(source, target, (*options, "--engine", arguments.engine)))
            same = target.read_bytes() == serial.read_bytes() and found == summary
            print(f"{number + 1}: {', '.join(kills) or 'no kill'}: {'same' if same else 'DIFFERS'}")
            left = [*Path(folder).glob("*.parts"), *Path(folder).glob(".*")]
            if not same or left:
                print(*left)
                return 1
    return 0


def _start(source: Path, target: Path, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pyverify.cli", "score", str(source), "-o", str(target)]
    return subprocess.Popen(
        [*command, "--format", "json", "-q", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=target.parent,
    )


def _finish(run: subprocess.Popen[bytes]) -> bytes:
    out, _ = run.communicate(timeout=300)
    # Some rows of the input are broken, which is said by 3.
    if run.returncode != 3:
        raise SystemExit(f"ended with {run.returncode}")
    return out


def _one(source: Path, target: Path, engine: str, random_: random.Random, span: float) -> list[str]:
    """Begins a run and kills what there is of it, again and again; says what was killed."""
    kills: list[str] = []
    while len(kills) < _MOST_KILLS:
        options = ("--workers", "2", "--resume", "--shard-size", _SHARD, "--engine", engine)
        run = _start(source, target, options)
        while run.poll() is None and len(kills) < _MOST_KILLS:
            time.sleep(random_.uniform(0, span))
            what = random_.choice(("worker", "worker", "driver", "both"))
            if what != "driver":
                workers = _workers(run.pid)
                if not workers:
                    continue
                _kill(random_.choice(workers))
                kills.append(f"worker at {_parts(target)}")
            if what != "worker":
                _kill(run.pid)
                kills.append(f"driver at {_parts(target)}")
                break
        if run.poll() is None:
            _kill(run.pid)
        run.communicate(timeout=300)
        if run.returncode == 3:
            break
    return kills


def _parts(target: Path) -> int:
    return len(list(Path(f"{target}.parts").glob("part-*.tally")))


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _workers(driver: int) -> list[int]:
    """The processes below a driver that score parts."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                lines[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
    found = []
    for pid, line in lines.items():
        above = pid
        while above in parents and above != driver:
            above = parents[above]
        if above == driver and pid != driver and ("spawn_main" in line or "ray::" in line):
            found.append(pid)
    return found


if __name__ == "__main__":
    sys.exit(main())
