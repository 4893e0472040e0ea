"""From statistics of rows to log-probabilities of tokens and of whole references."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls
# mypy: allow-untyped-decorators

import triton
import triton.language as tl

_LN2 = tl.constexpr(0.6931471805599453)


@triton.jit(do_not_specialize=["tokens", "ignore_index", "parts"])
def segments_kernel(
    maximum,
    total,
    target,
    targets,
    cu_seqlens,
    log_probs,
    values,
    counts,
    tokens,
    scale_high,
    scale_low,
    ignore_index,
    parts,
    parts_block: tl.constexpr,
    block: tl.constexpr,
    has_targets: tl.constexpr,
):
    """One program a segment, in float64: parts and tokens add up in an order of their own.

    Writes `values` ``[R, 6]``: mean p, geometric mean, product, sum and mean of log p, lowest p.
    """
    segment = tl.program_id(0).to(tl.int64)
    begin = tl.maximum(tl.load(cu_seqlens + segment).to(tl.int64), 0)
    end = tl.minimum(tl.load(cu_seqlens + segment + 1).to(tl.int64), tokens)
    scale = tl.full([], 0.0, tl.float64) + scale_high + scale_low
    part = tl.arange(0, parts_block)
    p_sum = tl.zeros([block], tl.float64)
    log_sum = tl.zeros([block], tl.float64)
    lowest = tl.full([block], 1.0, tl.float64)
    count = tl.zeros([block], tl.int32)
    for start in range(begin, end, block):
        token = start + tl.arange(0, block)
        counted = token < end
        places = token[:, None] * parts + part[None, :]
        there = counted[:, None] & (part < parts)[None, :]
        m = tl.load(maximum + places, mask=there, other=float("-inf")).to(tl.float64)
        s = tl.load(total + places, mask=there, other=0.0).to(tl.float64)
        t = tl.load(target + token, mask=counted, other=0.0).to(tl.float64)
        top = tl.max(m, 1)
        # Nothing but -inf: NaN. Where the whole row is masked off, it is not looked at.
        s = tl.sum(s * tl.exp2((m - top[:, None]) * scale), 1)
        log2_p = (t - top) * scale - tl.log2(s)
        if has_targets:
            wanted = tl.load(targets + token, mask=counted, other=0).to(tl.int64)
            counted = counted & (wanted != ignore_index)
        log_p = tl.where(counted, log2_p * _LN2, 0.0)
        tl.store(log_probs + token, log_p.to(tl.float32), mask=token < end)
        p = tl.where(counted, tl.exp2(log2_p), 0.0)
        p_sum += p
        log_sum += log_p
        lowest = tl.minimum(lowest, tl.where(counted, p, 1.0))
        count += counted.to(tl.int32)
    number = tl.sum(count, 0)
    filled = number > 0
    divisor = tl.maximum(number, 1).to(tl.float64)
    p_total = tl.sum(p_sum, 0)
    log_total = tl.sum(log_sum, 0)
    # A minimum drops NaN; the sum has it.
    least = tl.where(p_total == p_total, tl.min(lowest, 0), p_total)
    out = values + segment * 6
    _put(out + 0, p_total / divisor, filled)
    _put(out + 1, tl.exp2(log_total / divisor / _LN2), filled)
    _put(out + 2, tl.exp2(log_total / _LN2), filled)
    _put(out + 3, log_total, filled)
    _put(out + 4, log_total / divisor, filled)
    _put(out + 5, least, filled)
    tl.store(counts + segment, number)


@triton.jit
def _put(pointer, value, filled):
    """0 for a segment without tokens."""
    tl.store(pointer, tl.where(filled, value, 0.0).to(tl.float32))
