"""Times launches of the kernels on the GPU that is here, to fill the tables of choose.py.

    python bench/rlpr/tune.py [--depths 896 2048 3584] [--rows 4096] [--vocabulary 151936]

Prints a line for each launch: milliseconds (median, L2 flushed), and the fraction of what the same
work costs elsewhere in the same run: torch's matmul for the fused kernel, the maximum of the same
logits for row statistics. The launch of the table comes first; the others must agree with it. There
is no tuning at run time: whoever sees a better line changes the table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from triton.runtime.errors import OutOfResources
from triton.testing import do_bench

from pyverify.rlpr.kernels import row_stats, segment_log_probs
from pyverify.rlpr.kernels.arguments import scaling
from pyverify.rlpr.kernels.choose import CHUNK, LinearLaunch, architecture, linear_launch
from pyverify.rlpr.kernels.fused import fused_row_stats
from pyverify.rlpr.stats import RowStats

TILES = [(128, 256, 64), (128, 128, 64), (128, 128, 32), (64, 256, 64), (256, 128, 64)]
SCHEDULES = [(2, 8), (3, 4), (3, 8), (4, 4), (4, 8)]
SPLITS = [1, 2, 4, 6, 8, 9, 12, 16, 24]
CHUNKS = [128, 256, 512, 1024, 2048, 4096]


def milliseconds(work: Callable[[], object]) -> float:
    """The median time of a call."""
    return float(do_bench(work, warmup=50, rep=200, quantiles=[0.5]))


def log_probs(stats: RowStats) -> torch.Tensor:
    """Log-probabilities of all rows."""
    ends = torch.tensor([0, len(stats.target)], device=stats.target.device)
    return segment_log_probs(stats, ends).log_probs


def launches(usual: LinearLaunch) -> Iterator[LinearLaunch]:
    """The table's own, then others: tiles, schedules, then parts and pointers."""
    yield usual
    for tile in TILES:
        for stages, warps in SCHEDULES:
            if tile[0] * tile[1] > 4096 * warps:
                continue  # more than 128 sums a thread spill
            other = replace(
                usual,
                block_m=tile[0],
                block_n=tile[1],
                block_k=tile[2],
                stages=stages,
                warps=warps,
            )
            if other != usual:
                yield other
    for parts in (usual.parts // 2, usual.parts * 2):
        yield replace(usual, parts=parts)
    if usual.descriptors:
        yield replace(usual, descriptors=False)


def tune_fused(rows: int, vocabulary: int, depth: int) -> None:
    """The fused matmul at one depth."""
    hidden = torch.randn(rows, depth, device="cuda").bfloat16()
    weight = (torch.randn(vocabulary, depth, device="cuda") / depth**0.5).bfloat16()
    targets = torch.randint(vocabulary, (rows,), device="cuda")
    chunk = hidden[:CHUNK]
    floor = milliseconds(lambda: chunk @ weight.T) * rows / CHUNK
    print(f"fused, {rows} rows, H {depth}, V {vocabulary}: torch's matmul takes {floor:.3f} ms")
    wanted: torch.Tensor | None = None
    for launch in launches(linear_launch(architecture(hidden.device), hidden.dtype)):

        def work(launch: LinearLaunch = launch) -> RowStats:
            return fused_row_stats(hidden, weight, None, targets, scaling(1.0, None), 0, launch)

        try:
            found = log_probs(work())
        except OutOfResources as error:
            print(f"{'-':>9}{'-':>7}  {launch}: {error}")
            continue
        wanted = found if wanted is None else wanted
        assert torch.allclose(found, wanted, rtol=0, atol=1e-4), launch
        took = milliseconds(work)
        print(f"{took:9.3f}{floor / took:7.3f}  {launch}", flush=True)


def tune_rows(rows: int, vocabulary: int) -> None:
    """Splits of rows of logits."""
    logits = torch.randn(rows, vocabulary, device="cuda").bfloat16()
    targets = torch.randint(vocabulary, (rows,), device="cuda")
    floor = milliseconds(lambda: logits.view(torch.int16).amax())
    print(f"row statistics, {rows} rows, V {vocabulary}: a maximum of all takes {floor:.3f} ms")
    for splits in (None, *SPLITS):
        took = milliseconds(lambda splits=splits: row_stats(logits, targets, splits=splits))
        print(f"{took:9.3f}{floor / took:7.3f}  splits={splits}", flush=True)


def tune_chunks(vocabulary: int, depth: int) -> None:
    """The rows of one matmul of the chunked way."""
    weight = torch.randn(vocabulary, depth, device="cuda").bfloat16()
    for count in CHUNKS:
        chunk = torch.randn(count, depth, device="cuda").bfloat16()
        took = milliseconds(lambda chunk=chunk: torch.mm(chunk, weight.T, out_dtype=torch.float32))
        print(f"{1e3 * took / count:9.3f} µs a row, chunks of {count}, H {depth}", flush=True)


def main() -> int:
    """Prints all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depths", type=int, nargs="+", default=[896, 2048, 3584])
    parser.add_argument("--rows", type=int, default=4096)
    parser.add_argument("--vocabulary", type=int, default=151936)
    options = parser.parse_args()
    if not torch.cuda.is_available():
        print("there is no CUDA device: nothing to time", file=sys.stderr)
        return 1
    torch.manual_seed(0)
    print(torch.cuda.get_device_name(), "torch", torch.__version__)
    for rows in (512, options.rows):
        tune_rows(rows, options.vocabulary)
    for depth in options.depths:
        tune_chunks(options.vocabulary, depth)
        tune_fused(options.rows, options.vocabulary, depth)
    return 0


if __name__ == "__main__":
    sys.exit(main())
