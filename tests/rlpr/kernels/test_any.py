"""Any shapes, options and values at once, from logits and hidden states to rewards."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_cases import exact, wide

from pyverify.rlpr.kernels import linear_row_stats, row_stats, segment_log_probs

CASES = {
    "lengths": st.lists(st.integers(0, 4), min_size=1, max_size=4),
    "width": st.integers(1, 6000),
    "dtype": st.sampled_from([torch.float16, torch.bfloat16, torch.float32]),
    "temperature": st.floats(0.25, 4.0),
    "softcap": st.none() | st.floats(5.0, 50.0),
    "spread": st.floats(0.0, 50.0),
    "seed": st.integers(0, 2**31),
}


def check(
    logits: np.ndarray, stats: object, targets: torch.Tensor, lengths: list[int], **options: object
) -> None:
    """Compares what comes out with float64."""
    ends = torch.tensor([0, *np.cumsum(lengths).tolist()], device=targets.device)
    result = segment_log_probs(stats, ends, temperature=options["temperature"])
    p = np.exp(exact(logits, targets, **options))
    # A capped logit is rounded to float32, and the temperature divides that.
    limit = 2e-7 if options["softcap"] is None else 2e-6 / min(1.0, options["temperature"])
    assert np.abs(np.exp(wide(result.log_probs)) - p).max(initial=0.0) < limit + 2e-6
    for index, (a, b) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)):
        mean = p[a:b].mean() if b > a else 0.0
        assert abs(float(result.mean[index]) - mean) < limit + 1e-6
    assert result.counts.tolist() == lengths


@given(**CASES, splits=st.none() | st.integers(1, 9))
@settings(max_examples=30)
def test_logits(lengths, width, dtype, temperature, softcap, spread, seed, splits, device) -> None:
    generator = torch.Generator().manual_seed(seed)
    n = sum(lengths)
    logits = torch.randn(n, width, generator=generator).mul(spread).clamp(-220, 220)
    logits = logits.to(device, dtype)
    targets = torch.randint(width, (n,), generator=generator).to(device)
    options = {"temperature": temperature, "softcap": softcap}
    stats = row_stats(logits, targets, splits=splits, **options)
    check(wide(logits), stats, targets, lengths, **options)


@given(**CASES, depth=st.integers(1, 80), method=st.sampled_from(["fused", "chunked"]))
@settings(max_examples=30)
def test_hidden_states(
    lengths, width, dtype, temperature, softcap, spread, seed, depth, method, device
) -> None:
    generator = torch.Generator().manual_seed(seed)
    n = sum(lengths)
    hidden = torch.randn(n, depth, generator=generator).to(device, dtype)
    weight = torch.randn(width, depth, generator=generator) * (spread / 5 / depth**0.5)
    weight = weight.to(device, dtype)
    targets = torch.randint(width, (n,), generator=generator).to(device)
    options = {"temperature": temperature, "softcap": softcap}
    stats = linear_row_stats(hidden, weight, targets, method=method, **options)
    check(wide(hidden) @ wide(weight).T, stats, targets, lengths, **options)
