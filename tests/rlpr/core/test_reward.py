"""prob_reward: the same numbers from logits and hidden states, by torch and by the kernels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from rlpr_oracle import hard_case, log_probs, rewards, wide

from pyverify.rlpr import aggregate, kernels, prob_reward
from pyverify.rlpr.inputs import Inputs

AGGREGATIONS = ("mean", "geometric_mean", "product", "log_sum", "log_mean", "min")
IMPLEMENTATIONS = ("reference", "triton")
CU = torch.tensor([0, 4, 4, 9, 12])


@pytest.fixture(params=IMPLEMENTATIONS)
def implementation(request: pytest.FixtureRequest) -> str:
    """Each that can run here."""
    if request.param == "triton":
        pytest.importorskip("triton", reason="no kernels here")
    return str(request.param)


def close(found: torch.Tensor, expected: list[float]) -> bool:
    """Rewards to 1e-6; sums of logarithms to 5e-6 each token and what float32 can say."""
    return found.tolist() == pytest.approx(expected, abs=1e-6, rel=2e-7, nan_ok=True)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_logits(
    aggregation: str, dtype: torch.dtype, implementation: str, random: torch.Generator
) -> None:
    logits, targets = hard_case(12, 1001, random, dtype)
    found = prob_reward(
        logits=logits,
        targets=targets,
        cu_seqlens=CU,
        aggregation=aggregation,
        temperature=0.6,
        implementation=implementation,
        per_token=True,
    )
    tokens = log_probs(logits, targets, temperature=0.6)
    expected = rewards(tokens, CU, aggregation)
    if "log" in aggregation:
        assert found.rewards.tolist() == pytest.approx(expected, abs=5e-6 * 5, rel=2e-7)
    else:
        assert close(found.rewards, expected)
    rounding = np.abs(tokens) * 2.0**-24
    assert (np.abs(wide(found.log_probs) - tokens) <= 5e-6 + rounding).all()
    assert found.empty.tolist() == [False, True, False, False]
    assert not found.nan.any()
    assert found.rewards.dtype == found.log_probs.dtype == torch.float32


@pytest.mark.parametrize("width", [40, 50257, 128256, 151936])
def test_vocabularies(width: int, implementation: str, random: torch.Generator) -> None:
    logits, targets = hard_case(4, width, random)
    cu_seqlens = torch.tensor([0, 1, 4], dtype=torch.int32)
    found = prob_reward(
        logits=logits, targets=targets, cu_seqlens=cu_seqlens, implementation=implementation
    )
    assert close(found.rewards, rewards(log_probs(logits, targets), cu_seqlens, "mean"))
    assert found.log_probs is None


@pytest.mark.parametrize("softcap", [None, 30.0])
@pytest.mark.parametrize("biased", [False, True])
def test_hidden_states(
    softcap: float | None, biased: bool, implementation: str, random: torch.Generator
) -> None:
    hidden = torch.randn((7, 32), generator=random) * 3
    weight = torch.randn((777, 32), generator=random)
    bias = torch.randn(777, generator=random) if biased else None
    rows = torch.randint(7, (12,), generator=random)
    logits = wide(hidden) @ wide(weight).T + (wide(bias) if bias is not None else 0)
    targets = torch.tensor(logits.argmax(1).astype(np.int64))[rows]
    targets[::3] = 5
    found = prob_reward(
        hidden=hidden,
        weight=weight,
        bias=bias,
        rows=rows,
        targets=targets,
        cu_seqlens=CU,
        softcap=softcap,
        implementation=implementation,
    )
    expected = rewards(log_probs(logits, targets, rows=rows, softcap=softcap), CU, "mean")
    # Kernels multiply in float32.
    slack = 1e-6 if implementation == "reference" else 1e-5
    assert found.rewards.tolist() == pytest.approx(expected, abs=slack)
    assert max(expected) > 0.2


def test_no_bit_depends_on_the_batch(implementation: str, random: torch.Generator) -> None:
    logits, targets = hard_case(12, 1001, random, torch.bfloat16)
    common = {"per_token": True, "implementation": implementation}
    whole = prob_reward(logits=logits, targets=targets, cu_seqlens=CU, **common)
    order = torch.tensor([9, 10, 11, 4, 5, 6, 7, 8, 0, 1, 2, 3])
    shuffled = prob_reward(
        logits=logits,
        rows=order,
        targets=targets[order],
        cu_seqlens=torch.tensor([0, 3, 8, 8, 12]),
        **common,
    )
    assert torch.equal(shuffled.rewards, whole.rewards[[3, 2, 1, 0]])
    assert torch.equal(shuffled.log_probs, whole.log_probs[order])
    alone = prob_reward(
        logits=logits[4:9], targets=targets[4:9], cu_seqlens=torch.tensor([0, 5]), **common
    )
    assert torch.equal(alone.rewards, whole.rewards[2:3])


@pytest.mark.parametrize("ignore_index", [-100, 0])
def test_ignored_targets(ignore_index: int, implementation: str, random: torch.Generator) -> None:
    logits, targets = hard_case(12, 50, random)
    targets[targets == 0] = 1
    ignored = torch.tensor([1, 9, 10, 11])
    targets[ignored] = ignore_index
    logits[ignored] = torch.nan
    found = prob_reward(
        logits=logits,
        targets=targets,
        cu_seqlens=CU,
        ignore_index=ignore_index,
        implementation=implementation,
        per_token=True,
    )
    tokens = log_probs(logits, targets.clamp(min=0))
    expected = [np.exp(tokens[[0, 2, 3]]).mean(), 0.0, np.exp(tokens[4:9]).mean(), 0.0]
    assert close(found.rewards, [float(one) for one in expected])
    assert found.empty.tolist() == [False, True, False, True]
    assert not found.nan.any()
    assert found.log_probs[ignored].tolist() == [0.0] * 4


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_nan_is_reported(aggregation: str, implementation: str) -> None:
    logits = torch.zeros(5, 4)
    logits[0, 2] = torch.nan
    logits[1] = -torch.inf
    logits[2, 0] = torch.inf
    logits[3, 1] = -torch.inf
    found = prob_reward(
        logits=logits,
        targets=torch.ones(5, dtype=torch.int64),
        cu_seqlens=torch.arange(6),
        aggregation=aggregation,
        implementation=implementation,
    )
    assert found.nan.tolist() == [True, True, True, False, False]
    assert found.rewards.isnan().tolist() == found.nan.tolist()
    logs = "log" in aggregation
    assert found.rewards[3:].tolist() == pytest.approx(
        [-np.inf, np.log(0.25)] if logs else [0.0, 0.25]
    )


def test_baseline(implementation: str) -> None:
    logits = torch.tensor([[0.2, 0.8], [0.3, 0.7], [0.6, 0.4], [0.5, 0.5]]).log()
    found = prob_reward(
        logits=logits,
        targets=torch.tensor([1, 1, 1, 1]),
        cu_seqlens=torch.tensor([0, 1, 2, 3, 3, 4]),
        baseline=torch.tensor([0.5, 0.9, -3.0, torch.nan, torch.nan]),
        implementation=implementation,
    )
    assert close(found.rewards, [0.3, 0.0, 1.0, 0.0, np.nan])
    assert found.nan.tolist() == [False, False, False, False, True]
    assert found.empty.tolist() == [False, False, False, True, False]


def test_rewards_are_those_of_its_log_probs(random: torch.Generator) -> None:
    logits, targets = hard_case(12, 1001, random)
    found = prob_reward(logits=logits, targets=targets, cu_seqlens=CU, per_token=True)
    again = aggregate(found.log_probs, CU).rewards
    torch.testing.assert_close(again, found.rewards, atol=1e-7, rtol=0)


@pytest.mark.parametrize("references", [0, 3])
def test_no_tokens(references: int, implementation: str) -> None:
    found = prob_reward(
        logits=torch.zeros(0, 5),
        targets=torch.zeros(0, dtype=torch.int64),
        cu_seqlens=torch.zeros(references + 1, dtype=torch.int32),
        implementation=implementation,
    )
    assert found.rewards.tolist() == [0.0] * references
    assert found.empty.tolist() == [True] * references


def test_float64_logits_and_mixed_dtypes_are_for_the_reference(random: torch.Generator) -> None:
    hidden = torch.randn((12, 8), generator=random)
    weight = torch.randn((30, 8), generator=random).bfloat16()
    targets = torch.arange(12)
    found = prob_reward(hidden=hidden, weight=weight, targets=targets, cu_seqlens=CU)
    logits = hidden.double() @ weight.double().T
    again = prob_reward(logits=logits, targets=targets, cu_seqlens=CU)
    assert torch.equal(found.rewards, again.rewards)
    if kernels.available():
        with pytest.raises(TypeError, match="logits"):
            prob_reward(logits=logits, targets=targets, cu_seqlens=CU, implementation="triton")


def test_what_kernels_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    logits = torch.zeros(3, 8)
    inputs = Inputs(logits, None, None, torch.arange(3), None, 1.0, None, 0)
    assert not inputs.suit_kernels()

    class OnDevice(torch.Tensor):
        is_cuda = True

    def offered(matrix: torch.Tensor, weight: torch.Tensor | None = None) -> bool:
        matrix = matrix.as_subclass(OnDevice)
        return Inputs(matrix, weight, None, torch.arange(3), None, 1.0, None, 0).suit_kernels()

    monkeypatch.setattr(kernels, "available", lambda: True)
    assert offered(logits)
    assert offered(logits, torch.zeros(5, 8))
    assert not offered(logits.double())
    assert not offered(logits[:, ::2])
    assert not offered(logits, torch.zeros(5, 8).bfloat16())
    monkeypatch.setattr(kernels, "available", lambda: False)
    assert not offered(logits)


def test_no_gradient(implementation: str) -> None:
    hidden = torch.ones((2, 4), requires_grad=True)
    weight = torch.ones((3, 4), requires_grad=True)
    found = prob_reward(
        hidden=hidden,
        weight=weight,
        targets=torch.tensor([0, 1]),
        cu_seqlens=torch.tensor([0, 2]),
        baseline=torch.zeros(1, requires_grad=True),
        implementation=implementation,
        per_token=True,
    )
    assert close(found.rewards, [1 / 3])
    assert not found.rewards.requires_grad
    assert not found.log_probs.requires_grad


def test_unchecked_numbers_do_no_harm(implementation: str) -> None:
    found = prob_reward(
        logits=torch.zeros(2, 4),
        targets=torch.tensor([4, 1]),
        cu_seqlens=torch.tensor([0, 1, 2]),
        check=False,
        implementation=implementation,
    )
    assert close(found.rewards, [0.0, 0.25])


MATRIX = {"logits": torch.zeros(2, 3)}
HIDDEN = {"hidden": torch.zeros(2, 4), "weight": torch.zeros(3, 4)}


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({}, TypeError, "logits, or hidden and weight"),
        ({**MATRIX, **HIDDEN}, TypeError, "either logits"),
        ({"hidden": HIDDEN["hidden"]}, TypeError, "weight"),
        ({**MATRIX, "weight": HIDDEN["weight"]}, TypeError, "hidden"),
        ({**MATRIX, "bias": torch.zeros(3)}, TypeError, "bias"),
        ({**MATRIX, "targets": torch.tensor([0, 3])}, ValueError, "targets must be from 0 to 2.*3"),
        ({**MATRIX, "targets": torch.tensor([-1, 0])}, ValueError, "targets"),
        ({**MATRIX, "vocab_start": 1}, ValueError, "targets must be from 1 to 3"),
        ({**MATRIX, "rows": torch.tensor([0, 2])}, ValueError, "rows"),
        ({**MATRIX, "cu_seqlens": torch.tensor([0, 3])}, ValueError, "cu_seqlens"),
        ({**MATRIX, "cu_seqlens": torch.tensor([0.0, 2.0])}, TypeError, "cu_seqlens"),
        ({**MATRIX, "aggregation": "sum"}, ValueError, "aggregation"),
        ({**MATRIX, "implementation": "cuda"}, ValueError, "implementation.*auto.*cuda"),
        ({**MATRIX, "baseline": torch.zeros(2)}, ValueError, r"baseline must have shape \[1\]"),
        ({**MATRIX, "baseline": torch.zeros(1).long()}, TypeError, "baseline"),
        ({**MATRIX, "temperature": -1.0}, ValueError, "temperature"),
        ({**MATRIX, "softcap": 0.0}, ValueError, "softcap"),
    ],
)
def test_errors_name_the_argument(
    change: dict[str, object], error: type[Exception], named: str
) -> None:
    given = {"targets": torch.tensor([0, 1]), "cu_seqlens": torch.tensor([0, 2]), **change}
    with pytest.raises(error, match=named):
        prob_reward(**given)
