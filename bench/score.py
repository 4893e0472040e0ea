"""Times `pyverify score` over a large file: whole processes, reading and writing included.

usage: python bench/score.py [--rows N] [--size BYTES] [--ascii] [--keep FOLDER]

The rows are made up: words, formulas and line breaks, four responses to a prompt, three quarters of
them with a box. Prints rows a second, the share of one core that was used, and the most memory, for
each way through; figures compare within one run of one machine. `stages` says where the time of the
native way goes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyverify
from pyverify import _core
from pyverify.io import open_source, read_blocks

_PIECES = (
    *("we have that ", "the sum of all terms is ", "hence it follows\n", "both roots are real, "),
    *("$x^2+1=0$ ", "\\frac{a_n}{2} ", "consider 12 and 7.\n\n", "by symmetry ", "\\[ y = 3x \\] "),
    *("it is “clear” that ", 'called "odd", ', "therefore ", "let us compute "),
)
_ENDINGS = (
    "So the answer is $\\boxed{{{}}}$.",
    "Therefore \\boxed{{{}}}",
    "We get $\\boxed{{{}}}$.\n",
    "The final answer is {}.",
)


def rows(count: int, size: int, pieces: Sequence[str] = _PIECES) -> Iterator[str]:
    """Lines of JSON of about a size."""
    draw = random.Random(1)
    filler = "".join(draw.choices(pieces, k=size // 4))
    for i in range(count):
        begin = draw.randrange(len(filler) - size)
        gold = i // 4 % 997
        text = filler[begin : begin + size - 260] + _ENDINGS[i % 4].format(gold + (i % 3 == 0))
        row = {
            "id": i,
            "problem": f"Problem {i // 4}: what is the value of the expression on the left?",
            "response": text,
            "answer": str(gold),
            "subject": ("algebra", "geometry", "number theory")[i // 4 % 3],
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"


def other_formats(
    folder: Path, count: int, size: int, pieces: Sequence[str]
) -> Iterator[tuple[str, Path]]:
    """The same rows in files that go through Python, and gzip, which doesn't."""
    path = folder / "rows.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(rows(count, size, pieces))
    yield "lines of JSON, gzip", path
    # Written piece by piece: a child begins with its parent's memory, which is what is measured.
    path = folder / "rows.json"
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for i, line in enumerate(rows(count, size, pieces)):
            file.write(("," if i else "") + line)
        file.write("]")
    yield "JSON array", path
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        cells = csv.writer(file)
        for i, line in enumerate(rows(count, size, pieces)):
            row = json.loads(line)
            if i == 0:
                cells.writerow(row.keys())
            cells.writerow(row.values())
    yield "CSV", path
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        print("Parquet: pyarrow is not installed")
        return
    path = folder / "rows.parquet"
    writer = None
    lines = rows(count, size, pieces)
    while group := [json.loads(line) for line in itertools.islice(lines, 10_000)]:
        table = pa.Table.from_pylist(group)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    yield "Parquet", path


def measure(name: str, count: int, arguments: list[str]) -> None:
    """Runs the command and prints a row of the table."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "pyverify.cli", "score", *arguments, "-q"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The greatest of all children so far: run in order of growing memory.
    print(
        f"{name:34} {count / seconds:>10,.0f} rows/s {count / cpu:>10,.0f} per CPU second "
        f"{after.ru_maxrss / 1024:>7,.0f} MB"
    )


def stages(path: Path, count: int) -> None:
    """Where the native way's time goes: each stage alone, one thread."""
    options = _core.NativeOptions(pyverify.Options())
    fields = {"response": "response", "gold": "answer", "id": "id", "group": "problem"}

    def run(what: str) -> float:
        source = open_source(str(path))
        tallies = _core.Tallies(1, options)
        scorer = _core.RowScorer(
            fields={**fields, "response": "nowhere"} if what == "parse" else fields,
            by=[],
            cut_words=[],
            options=options,
            grader="bench",
            source=None,
            table=None,
            source_number=0,
            rows=what == "all",
        )
        start = time.process_time()
        for block in read_blocks(source):
            if what != "read" and not isinstance(block, pyverify.io.BrokenLine):
                scorer.score_lines(block.view, len(block.view), block.first_line, 1, tallies)
        seconds = time.process_time() - start
        source.close()
        return seconds / count * 1e6

    read, parse, judge, everything = (run(what) for what in ("read", "parse", "judge", "all"))
    print(
        f"µs a row: read {read:.2f}, parse {parse - read:.2f}, "
        f"extract, verify and count {judge - parse:.2f}, write {everything - judge:.2f}"
    )


def main() -> None:
    """Writes the files and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--size", type=int, default=4096, help="bytes of a row, about")
    parser.add_argument("--keep", help="a folder for the files; otherwise they are removed")
    parser.add_argument("--ascii", action="store_true", help="without typographic quotes")
    arguments = parser.parse_args()
    pieces = [piece for piece in _PIECES if piece.isascii()] if arguments.ascii else _PIECES
    versions = f"pyverify {pyverify.__version__}, Python {platform.python_version()}"
    print(f"{versions}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(arguments.keep or temporary)
        folder.mkdir(exist_ok=True)
        count = arguments.rows
        plain = folder / "rows.jsonl"
        with plain.open("w", encoding="utf-8") as file:
            file.writelines(rows(count, arguments.size, pieces))
        print(f"{count:,} rows, {plain.stat().st_size / count:,.0f} bytes each")
        stages(plain, count)
        out = ["-o", str(folder / "out.jsonl")]
        measure("lines of JSON, one thread", count, [str(plain), *out, "--threads", "1"])
        measure("lines of JSON, all threads", count, [str(plain), *out])
        measure("the same without rows", count, [str(plain)])
        for name, path in other_formats(folder, count // 2, arguments.size, pieces):
            measure(f"{name}, one thread", count // 2, [str(path), *out, "--threads", "1"])


if __name__ == "__main__":
    main()
