"""Row statistics by plain torch: for the CPU, and what the kernels are tested against.

A row is added up in float64, in an order that depends on its length alone, so that its bits do not
change with the batch it comes in. Exponentials are of float32 where float32 holds logits exactly:
what goes into one is the distance to the row's maximum, whose rounding weighs little where the
distance is large. torch's own float32 log_softmax is off by 1.8e-5 at logits near 220.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from pyverify.rlpr import arguments
from pyverify.rlpr.stats import RowStats

# Numbers of the weight in float64 that are held at a time, 64 MiB.
_HELD = 1 << 23

# Logits that are worked on at a time, so that they stay in a cache; of one row, if it is longer.
_LOGITS = 1 << 21

# Columns that a row is folded into before it is added up: a cache's worth of sums.
_COLUMNS = 8192

# Rows of one matmul: always as many, since a matmul may add up otherwise for other shapes.
_TILE = 32

# What the hidden dimension is filled up to a multiple of, by zeros: where rows begin off a
# processor's vectors, a matmul may add up otherwise for another place in the tile.
_DEPTH = 8


def row_stats(
    logits: torch.Tensor,
    targets: torch.Tensor,
    *,
    rows: torch.Tensor | None = None,
    temperature: float = 1.0,
    softcap: float | None = None,
    vocab_start: int = 0,
) -> RowStats:
    """Statistics of rows of logits, in one part.

    A row with NaN, or with +inf, has a sum of NaN; one of nothing but -inf has a sum of 0.

    Args:
        logits: ``[M, V]``, float16, bfloat16, float32 or float64, of any strides.
        targets: The token of each row, int32 or int64, ``[N]``. One that is not of this vocabulary
            (another shard's, or one to ignore) gets -inf.
        rows: Which row each target is asked of, int32 or int64, ``[N]``; None where N = M.
        temperature: What logits are divided by.
        softcap: c in ``c * tanh(logit / c)``, done before the temperature. It makes -c of -inf: a
            mask belongs behind it.
        vocab_start: The token of the first column.

    Returns:
        Statistics in float32 where it holds logits exactly, else (float64 or a soft cap) in
        float64. No gradient.

    Raises:
        TypeError: A dtype isn't one of those above.
        ValueError: A shape, a device or a number is wrong.
    """
    arguments.matrix(logits, "logits")
    arguments.row_indices(rows, targets, logits)
    arguments.scaling(temperature, softcap)
    if rows is not None:
        arguments.within(rows, "rows", len(logits))
    exact = softcap is None and logits.dtype != torch.float64
    logits = logits.detach()
    stats = _empty(logits, len(targets), 1, torch.float32 if exact else torch.float64)
    for here in _slices(len(targets), max(1, _LOGITS // logits.shape[1])):
        chosen = logits[here] if rows is None else logits.index_select(0, rows[here])
        if not exact:
            chosen = chosen.to(torch.float64, copy=True)
        _fold(chosen, targets[here] - vocab_start, temperature, softcap, stats, here, 0)
    return stats


def linear_row_stats(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    targets: torch.Tensor,
    *,
    rows: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
    temperature: float = 1.0,
    softcap: float | None = None,
    vocab_start: int = 0,
) -> RowStats:
    """Statistics of the rows of ``hidden @ weight.T + bias``, multiplied in float64.

    Holds 64 MiB of the weight and at most as much of logits at a time, whatever N and V, besides
    what it returns.

    Args:
        hidden: ``[M, H]``, float16, bfloat16, float32 or float64.
        weight: ``[V, H]``, any of these dtypes.
        targets: The token of each row, int32 or int64, ``[N]``.
        rows: Which row each target is asked of, int32 or int64, ``[N]``; None where N = M.
        bias: ``[V]``, added to logits.
        temperature: What logits are divided by.
        softcap: c in ``c * tanh(logit / c)``, done before the temperature.
        vocab_start: The token of the weight's first row.

    Returns:
        Statistics in float64, a part for every 64 MiB of the weight. No gradient.

    Raises:
        TypeError: A dtype isn't one of those above.
        ValueError: A shape, a device or a number is wrong.
    """
    arguments.linear(hidden, weight, bias)
    arguments.row_indices(rows, targets, hidden)
    arguments.scaling(temperature, softcap)
    if rows is not None:
        arguments.within(rows, "rows", len(hidden))
    hidden, weight = hidden.detach(), weight.detach()
    depth = hidden.shape[1]
    filled = -(-depth // _DEPTH) * _DEPTH
    # Not by the number of rows, on which no bit may depend.
    parts = list(_slices(len(weight), max(1, _HELD // max(filled, _TILE))))
    stats = _empty(hidden, len(targets), len(parts), torch.float64)
    tile = hidden.new_zeros((_TILE, filled), dtype=torch.float64)
    for part, columns in enumerate(parts):
        matrix = weight.new_zeros((columns.stop - columns.start, filled), dtype=torch.float64)
        matrix[:, :depth] = weight[columns]
        shift = None if bias is None else bias.detach()[columns].to(torch.float64)
        for here in _slices(len(targets), _TILE):
            count = here.stop - here.start
            chosen = hidden[here] if rows is None else hidden.index_select(0, rows[here])
            tile[:count, :depth] = chosen
            logits = (tile @ matrix.T)[:count]
            if shift is not None:
                logits += shift
            wanted = targets[here] - (vocab_start + columns.start)
            _fold(logits, wanted, temperature, softcap, stats, here, part)
    return stats


def log_probs(stats: RowStats, *, temperature: float = 1.0) -> torch.Tensor:
    """Log-probabilities of targets from all parts of their rows, added up in order.

    Args:
        stats: Statistics of N rows, of a whole vocabulary.
        temperature: The one that they were made with.

    Returns:
        Natural logarithms, float64, ``[N]``: NaN for a row with NaN, with +inf, or of nothing but
        -inf; -inf for a target of -inf beside others.

    Raises:
        ValueError: The temperature is not finite and positive.
    """
    top, total = _whole(stats, temperature)
    return (stats.target.double() - top) / temperature - total.log()


def merge(stats: RowStats, *, temperature: float = 1.0) -> RowStats:
    """The same statistics in one part.

    Args:
        stats: Statistics of N rows, in any parts.
        temperature: The one that they were made with.

    Raises:
        ValueError: The temperature is not finite and positive.
    """
    top, total = _whole(stats, temperature)
    dtype = stats.sum.dtype
    return RowStats(top[:, None].to(dtype), total[:, None].to(dtype), stats.target)


def _whole(stats: RowStats, temperature: float) -> tuple[torch.Tensor, torch.Tensor]:
    """The maximum and the sum of whole rows, float64, ``[N]`` each."""
    arguments.positive(temperature, "temperature")
    maximum, parts = stats.maximum.double(), stats.sum.double()
    top = maximum.amax(1)
    base = _finite_base(top)
    total = torch.zeros_like(top)
    for part in range(maximum.shape[1]):
        total += parts[:, part] * ((maximum[:, part] - base) / temperature).exp()
    return top, total


def _finite_base(top: torch.Tensor) -> torch.Tensor:
    """What to subtract from rows: their maximum, or 0 where all is -inf and so is the maximum."""
    return top.masked_fill(top == float("-inf"), 0.0)


def _fold(
    logits: torch.Tensor,
    wanted: torch.Tensor,
    temperature: float,
    softcap: float | None,
    stats: RowStats,
    here: slice,
    part: int,
) -> None:
    """Writes statistics of rows into their place; `logits` of float64 are used up.

    Args:
        logits: ``[n, v]``; float64 gets exponentials of float64, all else of float32.
        wanted: The columns of the targets, ``[n]``; those that are none are skipped.
        temperature: What logits are divided by.
        softcap: The soft cap, if any.
        stats: Where to write.
        here: The rows of `stats`.
        part: The part of `stats`.
    """
    if softcap is not None:
        logits.div_(softcap).tanh_().mul_(softcap)
    inside = (wanted >= 0) & (wanted < logits.shape[1])
    column = wanted.long().clamp(0, logits.shape[1] - 1)
    target = logits.gather(1, column[:, None])[:, 0]
    stats.target[here] = torch.where(inside, target.to(stats.target.dtype), stats.target[here])
    stats.maximum[here, part] = logits.amax(1).to(stats.maximum.dtype)
    # What is stored is what must be subtracted, rounded or not.
    base = _finite_base(stats.maximum[here, part])[:, None]
    narrow = logits.dtype != torch.float64
    if narrow and temperature == 1.0:
        wide = logits.float()
        below = wide - base if wide is logits else wide.sub_(base)
    else:
        # float32 would round the temperature, by which all exponents are off the same way.
        below = logits.double().sub_(base).div_(temperature)
        below = below.float() if narrow else below
    stats.sum[here, part] = _row_sums(below.exp_()).to(stats.sum.dtype)


def _row_sums(values: torch.Tensor) -> torch.Tensor:
    """Sums of rows ``[n]`` of a matrix ``[n, v]``, in float64; one of float64 is used up.

    The order is that of v, never of n, where torch's own sum is free to take another: columns far
    apart first, then one half and the other.
    """
    sums = values[:, :_COLUMNS].double()
    for begin in range(_COLUMNS, values.shape[1], _COLUMNS):
        more = values[:, begin : begin + _COLUMNS]
        sums[:, : more.shape[1]] += more
    width = sums.shape[1]
    while width > 1:
        half = (width + 1) // 2
        sums[:, : width - half] += sums[:, half:width]
        width = half
    return sums[:, 0]


def _empty(beside: torch.Tensor, count: int, parts: int, dtype: torch.dtype) -> RowStats:
    """Statistics to be filled, with no target found."""
    return RowStats(
        maximum=beside.new_empty((count, parts), dtype=dtype),
        sum=beside.new_empty((count, parts), dtype=dtype),
        target=beside.new_full((count,), float("-inf"), dtype=dtype),
    )


def _slices(count: int, step: int) -> Iterator[slice]:
    """From 0 to `count`, in steps."""
    for begin in range(0, count, step):
        yield slice(begin, min(begin + step, count))
