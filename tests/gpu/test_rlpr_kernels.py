"""The kernels at full size on a real GPU: what the interpreter is too slow for, or cannot show.

The tests of `tests/rlpr/kernels` run on the GPU, too, where there is one.
"""

from __future__ import annotations

import pytest
import torch

from pyverify.rlpr import RowStats
from pyverify.rlpr.kernels import linear_row_stats, row_stats, segment_log_probs

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device"),
    pytest.mark.filterwarnings("ignore::UserWarning"),  # Triton's own, of its defaults
]

VOCABULARY = 151936
CLOSE = 5e-6


@pytest.fixture(autouse=True)
def _clean() -> None:
    torch.manual_seed(0)
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()


def ends(n: int, step: int = 16) -> torch.Tensor:
    """Segments of 16 tokens."""
    return torch.arange(0, n + 1, step, device="cuda")


def exact(
    logits: torch.Tensor,
    targets: torch.Tensor,
    temperature: float = 1.0,
    softcap: float | None = None,
) -> torch.Tensor:
    """Log-probabilities by float64, some rows at a time."""
    found = []
    for z, y in zip(logits.split(64), targets.split(64), strict=True):
        z = z.double()
        if softcap is not None:
            z = softcap * torch.tanh(z / softcap)
        found.append(torch.log_softmax(z / temperature, -1).gather(1, y[:, None])[:, 0])
    return torch.cat(found)


def product(hidden: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Logits in float64."""
    return hidden.double() @ weight.double().T


def answers(n: int, depth: int, dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
    """Hidden states, a weight and targets that are likely, as answers are."""
    weight = torch.randn(VOCABULARY, depth, device="cuda") * (3 / depth**0.5)
    targets = torch.randint(VOCABULARY, (n,), device="cuda")
    hidden = torch.randn(n, depth, device="cuda") + weight[targets]
    return hidden.to(dtype), weight.to(dtype), targets


def close(log_probs: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Whether log-probabilities are as close as promised; float32 rounds large ones."""
    error = (log_probs.double() - wanted).abs()
    return bool((error <= CLOSE + 6.1e-8 * wanted.abs()).all())


def same_bits(left: RowStats, right: RowStats, rows: torch.Tensor) -> bool:
    """Whether `left` is what `right` has in some rows, to the last bit."""
    return all(
        torch.equal(getattr(left, name), getattr(right, name)[rows]) for name in RowStats.__slots__
    )


@pytest.mark.parametrize("width", [40, 50257, 128256, VOCABULARY])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize(
    ("temperature", "softcap"), [(1.0, None), (0.6, None), (1.0, 30.0), (0.6, 30.0)]
)
def test_logits(width: int, dtype: torch.dtype, temperature: float, softcap: float | None) -> None:
    # Under a cap most of them would be the cap itself, and no error of it be seen.
    spread = 40 if softcap is None else 6
    logits = (torch.randn(512, width, device="cuda") * spread).clamp(-220, 220).to(dtype)
    targets = torch.where(
        torch.rand(512, device="cuda") < 0.5,
        logits.argmax(1),
        torch.randint(width, (512,), device="cuda"),
    )
    stats = row_stats(logits, targets, temperature=temperature, softcap=softcap)
    result = segment_log_probs(stats, ends(512), temperature=temperature)
    wanted = exact(logits, targets, temperature, softcap)
    assert close(result.log_probs, wanted)
    rewards = wanted.exp().view(-1, 16).mean(1)
    assert (result.mean.double() - rewards).abs().max() <= 1e-6


def test_more_logits_than_32_bits_count() -> None:
    n = 16384
    logits = torch.empty(n, VOCABULARY, device="cuda", dtype=torch.bfloat16).normal_(0, 4)
    targets = torch.randint(VOCABULARY, (n,), device="cuda")
    stats = row_stats(logits, targets)
    last = torch.arange(n - 64, n, device="cuda")
    few = row_stats(logits[-64:], targets[-64:])
    assert same_bits(few, stats, last)
    assert close(segment_log_probs(few, ends(64)).log_probs, exact(logits[-64:], targets[-64:]))


@pytest.mark.parametrize("width", [50257, VOCABULARY])
def test_logits_have_the_same_bits_in_any_batch(width: int) -> None:
    logits = (torch.randn(256, width, device="cuda") * 5).bfloat16()
    targets = torch.randint(width, (256,), device="cuda")
    stats = row_stats(logits, targets)
    for _ in range(3):
        order = torch.randperm(256, device="cuda")[: torch.randint(1, 257, ()).item()]
        assert same_bits(row_stats(logits[order], targets[order]), stats, order)


@pytest.mark.parametrize("method", ["fused", "chunked"])
@pytest.mark.parametrize("depth", [896, 2048, 3584])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_hidden_states(method: str, depth: int, dtype: torch.dtype) -> None:
    hidden, weight, targets = answers(256, depth, dtype)
    stats = linear_row_stats(hidden, weight, targets, method=method)
    result = segment_log_probs(stats, ends(256))
    wanted = exact(product(hidden, weight), targets)
    assert (result.log_probs.double().exp() - wanted.exp()).abs().max() <= CLOSE
    rewards = wanted.exp().view(-1, 16).mean(1)
    assert (result.mean.double() - rewards).abs().max() <= 1e-6


@pytest.mark.parametrize("method", ["fused", "chunked"])
@pytest.mark.parametrize("options", [{"temperature": 0.6}, {"softcap": 30.0}])
def test_hidden_states_of_float32(method: str, options: dict[str, float]) -> None:
    hidden, weight, targets = answers(64, 256, torch.float32)
    stats = linear_row_stats(hidden, weight, targets, method=method, **options)
    result = segment_log_probs(stats, ends(64), temperature=options.get("temperature", 1.0))
    wanted = exact(product(hidden, weight), targets, **options)
    assert (result.log_probs.double().exp() - wanted.exp()).abs().max() <= CLOSE


@pytest.mark.parametrize("method", ["fused", "chunked"])
def test_hidden_states_have_the_same_bits_in_any_batch(method: str) -> None:
    hidden, weight, targets = answers(700, 896, torch.bfloat16)
    stats = linear_row_stats(hidden, weight, targets, method=method)
    for count in (1, 130, 700):
        order = torch.randperm(700, device="cuda")[:count]
        few = linear_row_stats(hidden[order], weight, targets[order], method=method)
        assert same_bits(few, stats, order)


def test_fused_holds_no_logits() -> None:
    hidden, weight, targets = answers(2048, 896, torch.bfloat16)
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    linear_row_stats(hidden, weight, targets, method="fused")
    assert torch.cuda.max_memory_allocated() - before < 2048 * VOCABULARY * 2 / 100


def test_a_graph_can_be_captured() -> None:
    logits = torch.randn(64, VOCABULARY, device="cuda").bfloat16()
    targets = torch.randint(VOCABULARY, (64,), device="cuda")
    cu_seqlens = ends(64)
    wanted = segment_log_probs(row_stats(logits, targets), cu_seqlens)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = segment_log_probs(row_stats(logits, targets), cu_seqlens)
    graph.replay()
    assert torch.equal(result.mean, wanted.mean)
