"""What the kernels share: the soft cap, and sums of exponentials below a running maximum."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls
# mypy: allow-untyped-decorators

import triton
import triton.language as tl

# Below every logit but -inf, and finite: a difference of two of them is no NaN.
FLOOR = tl.constexpr(-3.4028234663852886e38)


@triton.jit
def soft_capped(x, cap, cap_scale):
    """``cap * tanh(x / cap)``, where `cap_scale` is ``-2 * log2(e) / cap``.

    With ``t = exp(-2 |x| / cap)`` its size is ``cap - 2 * cap * t / (1 + t)``, whose error is least
    where p is not small: near the cap. The quotient comes from a polynomial and Newton's method: a
    hardware reciprocal shares its unit with exp2, which is the bottleneck.
    """
    t = tl.exp2(tl.abs(x) * cap_scale)
    a = 1.0 + t
    # 1/a on [1, 2] by Chebyshev, relative error 1/99; one step makes it 1e-4, the last 1e-8.
    r = 2.1212121212 + a * (-1.4545454545 + a * 0.3232323232)
    r = r * (2.0 - a * r)
    q = t * r
    q = q + r * (t - a * q)
    q = cap - 2 * cap * q
    return tl.where(x < 0, -q, q)


@triton.jit
def fold(top, total, x, scale):
    """The running maxima and sums of rows, after the columns of `x` have been added.

    A NaN is dropped by the maximum, but not by the sum; +inf makes its own sum NaN.
    """
    above = tl.maximum(top, tl.max(x, 1))
    total = total * tl.exp2((top - above) * scale)
    total += tl.sum(tl.exp2((x - above[:, None]) * scale), 1)
    return above, total
