"""Statistics of rows of logits that lie in memory: one read of each logit."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls
# mypy: allow-untyped-decorators

import triton
import triton.language as tl

from pyverify.rlpr.kernels.device.softmax import (
    FLOOR,
    below,
    capped,
    finite,
    fold,
    read,
    stored,
    weight,
)


@triton.jit
def _loaded(pointers, mask, cap, has_cap: tl.constexpr):
    """Logits as float32; -inf where the mask is not set."""
    x = tl.load(pointers, mask=mask, other=float("-inf")).to(tl.float32)
    if has_cap:
        x = tl.where(mask, finite(x, cap, has_cap), float("-inf"))
    return x


@triton.jit
def _streamed(pointers, cap, has_cap: tl.constexpr):
    """Logits as float32, none of them needed again."""
    x = tl.load(pointers, eviction_policy="evict_first").to(tl.float32)
    return read(x, cap, has_cap)


@triton.jit(
    do_not_specialize=["n_rows", "width", "stride", "vocab_start", "splits"],
)
def row_stats_kernel(
    logits,
    targets,
    rows,
    maximum,
    total,
    target,
    n_rows,
    width,
    stride,
    scale,
    cap,
    cap_scale,
    vocab_start,
    splits,
    lanes: tl.constexpr,
    vector: tl.constexpr,
    item: tl.constexpr,
    has_rows: tl.constexpr,
    has_cap: tl.constexpr,
):
    """Program ``row * splits + split``: the statistics of one split of one row.

    Each lane (`lanes` of them; one or several a thread) has a maximum and a sum of its own and
    reads `vector` logits at a time, four times in flight: nothing crosses lanes in the loop. What a
    lane reads depends on the row's length alone, so that a row has the same bits in any batch.
    """
    program = tl.program_id(0)
    split = program % splits
    row = (program // splits).to(tl.int64)
    source = row
    inside = row >= 0
    if has_rows:
        source = tl.load(rows + row).to(tl.int64)
        inside = (source >= 0) & (source < n_rows)
        source = tl.where(inside, source, 0)
    # In bytes: what a lane reads at once.
    base = tl.multiple_of(logits + source * stride, vector * item)

    step: tl.constexpr = lanes * vector
    tile: tl.constexpr = 4 * step
    offsets = tl.arange(0, lanes)[:, None] * vector + tl.arange(0, vector)[None, :]
    m = tl.full([lanes], FLOOR, tl.float32)
    s = tl.zeros([lanes], tl.float32)

    # Splits are counted in tiles: the compiler must see that each begins at a whole vector.
    tiles = width // tile
    first = split * tiles // splits
    last = (split + 1) * tiles // splits
    pointers = base + first * tile + offsets
    for _ in range(first, last):
        x0 = _streamed(pointers, cap, has_cap)
        x1 = _streamed(pointers + step, cap, has_cap)
        x2 = _streamed(pointers + 2 * step, cap, has_cap)
        x3 = _streamed(pointers + 3 * step, cap, has_cap)
        above = tl.maximum(
            tl.maximum(tl.max(x0, 1), tl.max(x1, 1)), tl.maximum(tl.max(x2, 1), tl.max(x3, 1))
        )
        above = tl.maximum(m, above)
        factor, f = below(above, scale, cap, cap_scale, has_cap)
        s = s * weight(m, above, factor, f, scale, cap_scale, has_cap)
        high, factor, f = above[:, None], factor[:, None], f[:, None]
        s += tl.sum(weight(x0, high, factor, f, scale, cap_scale, has_cap, True), 1)
        s += tl.sum(weight(x1, high, factor, f, scale, cap_scale, has_cap, True), 1)
        s += tl.sum(weight(x2, high, factor, f, scale, cap_scale, has_cap, True), 1)
        s += tl.sum(weight(x3, high, factor, f, scale, cap_scale, has_cap, True), 1)
        m = above
        pointers += tile
    if split == splits - 1:
        for start in range(tiles * tile, width, step):
            here = start + offsets
            x = _loaded(base + here, here < width, cap, has_cap)
            m, s = fold(m, s, x, scale, cap, cap_scale, has_cap)

    top = tl.max(m, 0)
    factor, f = below(top, scale, cap, cap_scale, has_cap)
    sums = tl.sum(s * weight(m, top, factor, f, scale, cap_scale, has_cap), 0)
    high, sums = stored(top, sums, scale, cap, has_cap)
    place = row * splits + split
    tl.store(maximum + place, high)
    tl.store(total + place, tl.where(inside, sums, float("nan")))
    if split == 0:
        column = tl.load(targets + row).to(tl.int64) - vocab_start
        here = (column >= 0) & (column < width)
        x = _loaded(base + column, here, cap, has_cap)
        if has_cap:
            x = tl.where(here, capped(x, cap).to(tl.float32), x)
        tl.store(target + row, x)
