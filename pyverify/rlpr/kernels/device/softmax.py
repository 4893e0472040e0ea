"""What the kernels share: sums of exponentials below a running maximum, under a soft cap or not.

Maxima are of logits before the cap, which keeps their order. What a sum takes of a logit x under a
maximum m is ``exp((c(m) - c(x)) / -temperature)``, where ``c(x) = cap * tanh(x / cap)``. Two capped
logits are never subtracted: at a cap of 30 float32 rounds each by up to 1e-6, and the temperature
divides that. With ``t = exp(-2 (m - x) / cap)`` and ``f = exp(-2 m / cap)`` their difference is ::

    c(m) - c(x) = 2 cap f / (1 + f) * (1 - t) / (f + t)

whose error is relative to itself but for that of 1 - t: what is far below the maximum, where it
might be large, weighs nothing.
"""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls
# mypy: allow-untyped-decorators

import triton
import triton.language as tl

# Below every logit but -inf, and finite: a difference of two of them is no NaN.
FLOOR = tl.constexpr(-3.4028234663852886e38)

# In caps: where tanh is 1 to 4e-9. Further above, t and f would both be 0 beside what isn't.
_CEILING = tl.constexpr(10.0)

# A bound of f, so that no quotient is inf / inf where all is the cap's other end.
_MOST = tl.constexpr(1e30)


@triton.jit
def read(x, cap, has_cap: tl.constexpr):
    """A logit as what follows takes it: no further above a cap than makes a difference."""
    if has_cap:
        x = tl.minimum(x, cap * _CEILING, propagate_nan=tl.PropagateNan.ALL)
    return x


@triton.jit
def finite(x, cap, has_cap: tl.constexpr):
    """The same for `fold`, to which -inf is what isn't there: a cap makes a number of it."""
    if has_cap:
        x = tl.maximum(read(x, cap, has_cap), -cap * _CEILING, propagate_nan=tl.PropagateNan.ALL)
    return x


@triton.jit
def below(top, scale, cap, cap_scale, has_cap: tl.constexpr):
    """What `weight` needs to know of a maximum: ``2 cap f / (1 + f) * scale``, and f.

    Args:
        top: The maximum, before the cap.
        scale: ``log2(e) / temperature``.
        cap: The soft cap.
        cap_scale: ``-2 * log2(e) / cap``.
        has_cap: Whether there is a cap.
    """
    if has_cap:
        f = tl.minimum(tl.exp2(top * cap_scale), _MOST)
        return 2 * cap * scale * f / (1 + f), f
    return top, top


@triton.jit
def weight(
    x, top, factor, f, scale, cap_scale, has_cap: tl.constexpr, by_newton: tl.constexpr = False
):
    """What a sum takes of logits: ``exp((c(x) - c(top)) / temperature)``.

    Args:
        x: Logits.
        top: Their maximum, before the cap.
        factor: Of `below`.
        f: Of `below`.
        scale: ``log2(e) / temperature``.
        cap_scale: ``-2 * log2(e) / cap``.
        has_cap: Whether there is a cap.
        by_newton: Whether to divide without the unit that exp2 needs: where that is the bottleneck,
            and registers are not.
    """
    if has_cap:
        t = tl.exp2((top - x) * cap_scale)
        if by_newton:
            return tl.exp2((t * factor - factor) * _reciprocal(f + t))
        return tl.exp2((t * factor - factor) / (f + t))
    # Subtracted before it is scaled: the other way round costs 1.9e-5 in log p.
    return tl.exp2((x - top) * scale)


@triton.jit
def _reciprocal(a):
    """``1 / a`` for a normal, positive number.

    The exponent of 1 / a is had by a subtraction of bits, off by an eighth at most; each step of
    Newton's squares the error.
    """
    r = (0x7EF311C7 - a.to(tl.int32, bitcast=True)).to(tl.float32, bitcast=True)
    r = r * (2.0 - a * r)
    r = r * (2.0 - a * r)
    return r * (2.0 - a * r)


@triton.jit
def fold(top, total, x, scale, cap, cap_scale, has_cap: tl.constexpr):
    """The running maxima and sums of rows, after the columns of `x` have been added.

    A NaN is dropped by the maximum, but not by the sum; without a cap +inf makes its own sum NaN.
    What is -inf adds nothing.
    """
    above = tl.maximum(top, tl.max(x, 1))
    factor, f = below(above, scale, cap, cap_scale, has_cap)
    total = total * weight(top, above, factor, f, scale, cap_scale, has_cap)
    more = weight(x, above[:, None], factor[:, None], f[:, None], scale, cap_scale, has_cap)
    if has_cap:
        more = tl.where(x == float("-inf"), 0.0, more)
    return above, total + tl.sum(more, 1)


@triton.jit
def capped(x, cap):
    """``cap * tanh(x / cap)`` in float64; of -inf, too."""
    wide = x.to(tl.float64)
    size = tl.full([], 0.0, tl.float64) + cap
    # -2 log2(e)
    t = tl.exp2(tl.abs(wide) / size * -2.8853900817779268)
    size = size * (1 - t) / (1 + t)
    return tl.where(wide < 0, -size, size)


@triton.jit
def stored(top, total, scale, cap, has_cap: tl.constexpr):
    """Maxima and sums as they are stored: after the cap, -inf for the maximum of nothing."""
    high = top
    if has_cap:
        exact = capped(top, cap)
        high = exact.to(tl.float32)
        # The sum is of what the maximum was before it was rounded.
        total = total * tl.exp2((exact - high.to(tl.float64)).to(tl.float32) * scale)
    return tl.where(total == 0, float("-inf"), high), total
