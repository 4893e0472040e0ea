"""Statistics of rows of logits that never lie in memory: a matmul whose epilogue folds them."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls
# mypy: allow-untyped-decorators

import triton
import triton.language as tl

from pyverify.rlpr.kernels.device.softmax import FLOOR, capped, finite, fold, stored


@triton.jit(do_not_specialize=["n", "width", "vocab_start", "parts", "m_blocks"])
def linear_stats_kernel(
    hidden,
    weight,
    bias,
    targets,
    maximum,
    total,
    target,
    n,
    width,
    depth,
    hidden_stride,
    weight_stride,
    scale,
    cap,
    cap_scale,
    vocab_start,
    parts,
    m_blocks,
    block_m: tl.constexpr,
    block_n: tl.constexpr,
    block_k: tl.constexpr,
    has_bias: tl.constexpr,
    has_cap: tl.constexpr,
    descriptors: tl.constexpr,
    even_depth: tl.constexpr,
    precision: tl.constexpr,
):
    """Program ``part * m_blocks + m_block``: `block_m` rows against one part of the vocabulary.

    Row blocks come first, so that programs in flight share tiles of the weight in the cache.
    `hidden` and `weight` are pointers, or tensor descriptors where `descriptors` says so.
    """
    program = tl.program_id(0)
    m_block = program % m_blocks
    part = program // m_blocks
    row = m_block * block_m + tl.arange(0, block_m)
    # Rows past the end repeat the last one.
    inside = tl.minimum(row, n - 1).to(tl.int64)
    column = tl.load(targets + inside).to(tl.int64) - vocab_start
    column = tl.where((column >= 0) & (column < width), column, -1).to(tl.int32)
    m = tl.full([block_m], FLOOR, tl.float32)
    s = tl.zeros([block_m], tl.float32)
    wanted = tl.full([block_m], float("-inf"), tl.float32)
    k = tl.arange(0, block_k)

    tiles = tl.cdiv(width, block_n)
    first = part * tiles // parts
    last = (part + 1) * tiles // parts
    for tile in range(first, last):
        start = tile * block_n
        here = start + tl.arange(0, block_n)
        acc = tl.zeros([block_m, block_n], tl.float32)
        if descriptors:
            for j in range(tl.cdiv(depth, block_k)):
                a = hidden.load([m_block * block_m, j * block_k])
                b = weight.load([start, j * block_k])
                acc = tl.dot(a, b.T, acc, input_precision=precision)
        else:
            a_pointers = hidden + inside[:, None] * hidden_stride + k[None, :]
            token = tl.minimum(here, width - 1).to(tl.int64)
            b_pointers = weight + token[None, :] * weight_stride + k[:, None]
            for j in range(tl.cdiv(depth, block_k)):
                if even_depth:
                    a = tl.load(a_pointers)
                    b = tl.load(b_pointers)
                else:
                    left = depth - j * block_k
                    a = tl.load(a_pointers, mask=(k < left)[None, :], other=0.0)
                    b = tl.load(b_pointers, mask=(k < left)[:, None], other=0.0)
                acc = tl.dot(a, b, acc, input_precision=precision)
                a_pointers += block_k
                b_pointers += block_k
        if has_bias:
            acc += tl.load(bias + here, mask=here < width, other=0.0).to(tl.float32)[None, :]
        acc = finite(acc, cap, has_cap)
        if start + block_n > width:
            acc = tl.where((here < width)[None, :], acc, float("-inf"))
        m, s = fold(m, s, acc, scale, cap, cap_scale, has_cap)
        hit = (column >= start) & (column < start + block_n)
        # Few tiles hold a target of these rows.
        if tl.max(hit.to(tl.int32), 0) > 0:
            same = here[None, :] == column[:, None]
            wanted = tl.where(hit, tl.sum(tl.where(same, acc, 0.0), 1), wanted)

    if has_cap:
        wanted = capped(wanted, cap).to(tl.float32)
    m, s = stored(m, s, scale, cap, has_cap)
    stays = row < n
    place = row.to(tl.int64) * parts + part
    tl.store(maximum + place, m, mask=stays)
    tl.store(total + place, s, mask=stays)
    # One part has the target's column: one writer.
    mine = (column >= first * block_n) & (column < last * block_n)
    tl.store(target + row, wanted, mask=stays & mine)
