"""Times the engine without Python: writes the cases for `engine/measure.cpp`, builds and runs it.

usage: python bench/engine.py [--sets golds,pairs,responses] [--limit N] [--runs N] [--build DIR]
                              [--program FILE] [--cases FILE]

Beside the sets of `corpus.py` it makes scans of given lengths: real responses with other real
responses in front, once ending in a box and once without any mark of an answer, where every cue is
searched to the beginning.
"""

from __future__ import annotations

import argparse
import os
import random
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import corpus

# What marks an answer; lines with one are left out of padding.
_MARKS = ("box", "answer", "option", "####", "答", "选", "think")
_SCAN_BYTES = (1_200, 4_000, 16_000, 64_000)
_SCAN_CASES = 50
_SCAN = "scan of "
# What measure.cpp does with a group, and how its name says so.
_KINDS = (", responses", ", answers", "")


def scans(responses: Sequence[corpus.Case], seed: int) -> list[corpus.Case]:
    """Long responses with and without a box at their end."""
    texts = ["\n".join(_unmarked(case.text)) for case in responses]
    texts = [text for text in texts if text]
    if not texts:
        return []
    made: list[corpus.Case] = []
    for size in _SCAN_BYTES:
        for ending, name in (("\nThus \\boxed{42}.", "box"), ("", "no mark")):
            draw = random.Random(seed)
            for index in range(_SCAN_CASES):
                text = ""
                while len(text.encode()) < size:
                    text = draw.choice(texts) + "\n" + text
                body = text.encode()[len(ending) - size if ending else -size :]
                text = body.decode("utf-8", "ignore") + ending
                group = f"{_SCAN}{size / 1000:g} kB, {name}"
                label = True if ending else None
                made.append(corpus.Case(group, f"{group}/{index}", "42", text, False, label))
    return made


def _unmarked(text: str) -> list[str]:
    lines = text.splitlines()
    return [line for line in lines if not any(mark in line.lower() for mark in _MARKS)]


def write(cases: Sequence[corpus.Case], path: Path) -> None:
    """Writes the cases as `measure.cpp` reads them."""
    # A set may hold both bare answers and responses.
    groups = list(dict.fromkeys((case.group, _kind(case)) for case in cases))
    both = {name for name, kind in groups if (name, 1 - kind) in groups}
    with path.open("wb") as file:
        file.write(struct.pack("<I", len(groups)))
        for name, kind in groups:
            _write_text(file, name + (_KINDS[kind] if name in both else ""))
            file.write(struct.pack("<I", kind))
        for case in cases:
            label = 2 if case.label is None else int(case.label)
            file.write(struct.pack("<II", groups.index((case.group, _kind(case))), label))
            _write_text(file, case.gold)
            _write_text(file, case.text)


def _kind(case: corpus.Case) -> int:
    return 2 if case.group.startswith(_SCAN) else int(case.bare)


def _write_text(file: BinaryIO, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    file.write(struct.pack("<I", len(data)) + data)


def build(folder: Path) -> Path:
    """Builds the program and says where it is."""
    configure = ["cmake", "-S", str(corpus.ROOT), "-B", str(folder), "-DPYVERIFY_BENCH=ON"]
    configure += ["-DCMAKE_BUILD_TYPE=Release"]
    # CMake wants a version; nothing here shows it.
    configure += ["-DSKBUILD_PROJECT_VERSION=0"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    command = ["cmake", "--build", str(folder), "--target", "pyverify_measure"]
    command += ["--parallel", str(os.cpu_count() or 2)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "pyverify_measure"


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", default=",".join(corpus.SETS))
    parser.add_argument("--limit", type=int, help="cases of each set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--build", type=Path, default=corpus.ROOT / "build" / "bench")
    parser.add_argument("--program", type=Path, help="a built pyverify_measure")
    parser.add_argument("--cases", type=Path, help="only write the cases there")
    args = parser.parse_args()
    cases = corpus.load(args.sets.split(","), limit=args.limit, seed=args.seed)
    cases += scans([case for case in cases if not case.bare], args.seed)
    if args.cases:
        write(cases, args.cases)
        return
    program = args.program or build(args.build)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.bin"
        write(cases, path)
        subprocess.run([str(program), str(path), str(args.runs)], check=True)


if __name__ == "__main__":
    main()
