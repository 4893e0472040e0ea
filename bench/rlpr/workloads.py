"""What is measured: shapes, inputs that look like a policy's, and what is right about them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch

from pyverify.rlpr import RowStats

TYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}
# Tokens of references, 16 on average.
_LENGTHS = (4, 28, 16, 12, 20, 16, 1, 31)
# Rows of float64 logits that are held at a time, and rows of a weight.
_BLOCK, _COLUMNS = 32, 16384
# Rows whose errors are measured, at most.
CHECKED = 512
# Parts of the statistics that segments are made of: those of a row of 151,936 logits.
_PARTS = 9


@dataclass(frozen=True)
class Workload:
    """One shape.

    Attributes:
        entry: "logits", "row statistics", "hidden", "segments" or "step".
        rows: N, tokens of references.
        vocabulary: V.
        depth: H; 0 where there are no hidden states.
        dtype: "bf16" or "fp32".
        temperature: What logits are divided by.
        softcap: The soft cap, if any.
        gathered: Whether rows are picked from a matrix of twice as many.
    """

    entry: str
    rows: int
    vocabulary: int = 151936
    depth: int = 0
    dtype: str = "bf16"
    temperature: float = 1.0
    softcap: float | None = None
    gathered: bool = False

    @property
    def name(self) -> str:
        """All of it in a line."""
        said = [self.entry, f"N {self.rows:,}", f"V {self.vocabulary:,}"]
        said += [f"H {self.depth:,}"] * (self.depth > 0) + [self.dtype]
        said += [f"temperature {self.temperature}"] * (self.temperature != 1)
        said += [f"softcap {self.softcap}"] * (self.softcap is not None)
        return ", ".join(said + ["gathered"] * self.gathered)


@dataclass(frozen=True)
class Case:
    """A workload's inputs.

    Attributes:
        workload: Its shape.
        matrix: Logits ``[M, V]`` or hidden states ``[M, H]``; of logits, a row more lies behind.
        weight: ``[V, H]`` beside hidden states.
        targets: ``[N]``.
        rows: Which row each target is asked of, ``[N]``; None where N = M.
        cu_seqlens: Where references begin and end.
        stats: The statistics that segments are made of, instead of a matrix.
    """

    workload: Workload
    matrix: torch.Tensor
    weight: torch.Tensor | None
    targets: torch.Tensor
    rows: torch.Tensor | None
    cu_seqlens: torch.Tensor
    stats: RowStats | None = None

    @property
    def chosen(self) -> torch.Tensor:
        """A row for each target: a copy where rows are gathered."""
        return self.matrix if self.rows is None else self.matrix[self.rows]

    def part(self, segments: torch.Tensor) -> tuple[Case, torch.Tensor]:
        """A batch of some segments, and which tokens of this one they are."""
        ends = self.cu_seqlens.tolist()
        tokens = torch.tensor(
            [i for one in segments.tolist() for i in range(ends[one], ends[one + 1])],
            device=self.targets.device,
        )
        lengths = torch.tensor([ends[one + 1] - ends[one] for one in segments.tolist()])
        cu_seqlens = torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)])
        picked = tokens if self.rows is None else self.rows[tokens]
        stats = self.stats
        if stats is not None:
            stats = RowStats(stats.maximum[tokens], stats.sum[tokens], stats.target[tokens])
        part = Case(
            replace(self.workload, rows=len(tokens)),
            with_spare_row(self.matrix[picked]) if stats is None else self.matrix,
            self.weight,
            self.targets[tokens],
            None if self.rows is None else torch.arange(len(tokens), device=tokens.device),
            cu_seqlens.to(tokens.device),
            stats,
        )
        return part, tokens


def with_spare_row(matrix: torch.Tensor) -> torch.Tensor:
    """The same rows in memory that has one row more."""
    return torch.cat([matrix, matrix[:1]])[:-1]


def build(workload: Workload, device: torch.device, seed: int = 0) -> Case:
    """Inputs of a shape, always the same on a device."""
    random = torch.Generator(device).manual_seed(seed)
    n, width = workload.rows, workload.vocabulary
    held = 2 * n if workload.gathered else n
    targets = torch.randint(width, (held,), generator=random, device=device)
    rows = None
    if workload.gathered:
        rows = torch.randperm(held, generator=random, device=device)[:n]
    matrix, weight, stats = torch.empty(0, device=device), None, None
    if workload.entry == "segments":
        stats = _stats(n, random)
    elif workload.depth:
        matrix, weight = _hidden(workload, targets, random)
    else:
        matrix = _logits(workload, targets, random)
    lengths = list(itertools.islice(itertools.cycle(_LENGTHS), n))
    ends = [0, *itertools.takewhile(lambda end: end < n, itertools.accumulate(lengths)), n]
    cu_seqlens = torch.tensor(ends, device=device)
    picked = targets if rows is None else targets[rows]
    return Case(workload, matrix, weight, picked, rows, cu_seqlens, stats)


def _logits(workload: Workload, targets: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Logits of which the target and one rival hold much of the mass, p being anything."""
    n, width = len(targets), workload.vocabulary
    found = torch.empty((n + 1, width), dtype=TYPES[workload.dtype], device=targets.device)[:n]
    for here, wanted in zip(found.split(1024), targets.split(1024), strict=True):
        z = torch.randn((len(here), width), generator=random, device=here.device) * 3
        level = z.logsumexp(1)
        for tokens in ((wanted + width // 3) % width, wanted):
            margin = torch.rand(len(here), generator=random, device=here.device) * 10 - 3
            z.scatter_(1, tokens[:, None], (level + margin)[:, None])
        here.copy_(z)
    return found


def _hidden(
    workload: Workload, targets: torch.Tensor, random: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Hidden states that lean towards their targets, and a weight; logits are about 3 in size."""
    shape, depth, device = (len(targets),), workload.depth, targets.device
    weight = torch.randn((workload.vocabulary, depth), generator=random, device=device)
    weight *= 3 / depth**0.5
    hidden = torch.randn((len(targets), depth), generator=random, device=device)
    lean = 1 + 1.4 * torch.rand(shape, generator=random, device=device)
    hidden += lean[:, None] * weight[targets]
    dtype = TYPES[workload.dtype]
    return hidden.to(dtype), weight.to(dtype)


def _stats(n: int, random: torch.Generator) -> RowStats:
    """Statistics of rows in parts."""
    device = random.device
    maximum = 15 + 3 * torch.randn((n, _PARTS), generator=random, device=device)
    total = 1 + 9 * torch.rand((n, _PARTS), generator=random, device=device)
    target = maximum.amax(1) - 4 * torch.rand(n, generator=random, device=device)
    return RowStats(maximum, total, target)


def exact(case: Case, tokens: int) -> torch.Tensor:
    """Log-probabilities of the first tokens, in float64 by another way than pyverify's."""
    work = case.workload
    if case.stats is not None:
        m, s, t = (
            x[:tokens].double() for x in (case.stats.maximum, case.stats.sum, case.stats.target)
        )
        return t - (m + s.log()).logsumexp(1)
    found = []
    for begin in range(0, tokens, _BLOCK):
        here = slice(begin, min(begin + _BLOCK, tokens))
        z = (case.matrix[here] if case.rows is None else case.matrix[case.rows[here]]).double()
        if case.weight is not None:
            z = torch.cat([z @ w.double().T for w in case.weight.split(_COLUMNS)], 1)
        if work.softcap is not None:
            z = work.softcap * torch.tanh(z / work.softcap)
        z = z / work.temperature
        found.append(z.gather(1, case.targets[here, None])[:, 0] - z.logsumexp(1))
    return torch.cat(found)


def means(log_probs: torch.Tensor, ends: list[int]) -> torch.Tensor:
    """The mean-p reward of each reference, in float64."""
    p = log_probs.double().exp()
    return torch.stack([p[begin:end].mean() for begin, end in itertools.pairwise(ends)])


def on_gpu(quick: bool) -> Iterator[Workload]:
    """The shapes for a GPU; the short ones first."""
    for cap in (None, 30.0):
        yield Workload("row statistics", 512, softcap=cap)
        yield Workload("logits", 4096, softcap=cap)
    for depth in (896, 2048, 3584):
        yield Workload("hidden", 4096, depth=depth)
    yield Workload("segments", 12288)
    yield Workload("step", 12288, depth=3584)
    yield Workload("logits", 4096, 128256)
    if quick:
        return
    yield Workload("logits", 4096, temperature=0.6)
    yield Workload("logits", 4096, gathered=True)
    for width in (50257, 128256, 151936):
        for dtype in ("bf16", "fp32"):
            yield Workload("logits", 512, width, dtype=dtype)
            if (width, dtype) not in ((128256, "bf16"), (151936, "bf16")):
                yield Workload("logits", 4096, width, dtype=dtype)
        yield (
            Workload("row statistics", 512, width)
            if width != 151936
            else Workload("row statistics", 512, width, dtype="fp32")
        )
    yield Workload("hidden", 512, depth=3584)
    yield Workload("hidden", 12288, depth=896)
    yield Workload("hidden", 512, depth=896, dtype="fp32")
    yield Workload("logits", 12288)
    yield Workload("logits", 98304)


def on_cpu(quick: bool) -> Iterator[Workload]:
    """The shapes for a CPU, as small as they can be and still be memory's."""
    yield Workload("logits", 64)
    yield Workload("logits", 64, dtype="fp32")
    yield Workload("segments", 12288)
    yield Workload("hidden", 32, 50257, depth=896)
    if quick:
        return
    yield Workload("logits", 64, temperature=0.6)
    yield Workload("logits", 64, softcap=30.0)
    yield Workload("logits", 64, gathered=True)
    yield Workload("row statistics", 64)
    for width in (50257, 128256):
        for dtype in ("bf16", "fp32"):
            yield Workload("logits", 64, width, dtype=dtype)
    yield Workload("hidden", 32, 50257, depth=896, dtype="fp32")
    yield Workload("hidden", 32, 50257, depth=2048)
    yield Workload("hidden", 32, 50257, depth=3584)
