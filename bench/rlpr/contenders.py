"""What is measured: pyverify's ways, and what others use for the same numbers.

A contender is loaded once a shape, which imports it, and then called. It answers log-probabilities,
rewards, or the statistics of rows that lead to them; what it doesn't do is made by `scores`,
untimed. Others get what they document: they don't know references, so that all of their time is
that of log-probabilities, while pyverify's includes rewards. Targets aren't looked at before,
unless pyverify is "checked", which is its default; of the others, Liger's cross-entropy looks, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from workloads import Case, Workload, means

from pyverify.rlpr import ProbRewards, RowStats, kernels, prob_reward, reference

Answer = torch.Tensor | ProbRewards | RowStats | kernels.SegmentLogProbs
Call = Callable[[Case], Answer]

# What the reference implementation of RLPR scores for one reward, about, and how many at a time.
_RESPONSE, _AT_A_TIME = 1000, 8


@dataclass(frozen=True)
class Contender:
    """Something that can be timed.

    Attributes:
        name: What it is called.
        entries: The entries that it has a way for.
        load: Imports it; what it gives is called.
        package: The distribution that must be there.
        cuda: Whether it needs a CUDA device.
        kernel: Whether it is one of pyverify's kernels, which Triton's interpreter runs, too.
        graph: Whether it is replayed as a CUDA graph.
        fits: Which shapes it is measured at.
        part: The share of a step that a call does; its times are divided by it.
    """

    name: str
    entries: tuple[str, ...]
    load: Callable[[], Call]
    package: str = ""
    cuda: bool = False
    kernel: bool = False
    graph: bool = False
    fits: Callable[[Workload], bool] = lambda shape: shape.rows <= 12288
    part: Callable[[Case], float] = lambda case: 1.0

    @property
    def ours(self) -> bool:
        """Whether it is pyverify's."""
        return self.name.startswith("pyverify")

    @property
    def version(self) -> str | None:
        """What is installed; None if nothing is."""
        try:
            return version(self.package or "torch")
        except PackageNotFoundError:
            return None


def scores(case: Case, answer: Answer, ends: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probabilities and rewards of the first references, whose ends are given, in float64."""
    if isinstance(answer, RowStats):
        answer = reference.log_probs(answer, temperature=case.workload.temperature)
    if isinstance(answer, kernels.SegmentLogProbs):
        return answer.log_probs[: ends[-1]].double(), answer.mean[: len(ends) - 1].double()
    if isinstance(answer, ProbRewards):
        assert answer.log_probs is not None
        return answer.log_probs[: ends[-1]].double(), answer.rewards[: len(ends) - 1].double()
    return answer[: ends[-1]].double(), means(answer, ends)


def _ours(*, exact: bool = True, check: bool = False) -> Call:
    def call(case: Case) -> Answer:
        work = case.workload
        inputs = {"hidden": case.matrix, "weight": case.weight}
        if case.weight is None:
            inputs = {"logits": case.matrix}
        return prob_reward(
            **inputs,
            targets=case.targets,
            cu_seqlens=case.cu_seqlens,
            rows=case.rows,
            temperature=work.temperature,
            softcap=work.softcap,
            per_token=True,
            exact=exact,
            check=check,
            implementation="triton" if kernels.available() else "reference",
        )

    return call


def _our_rows(case: Case) -> Answer:
    work = case.workload
    row_stats = kernels.row_stats if kernels.available() else reference.row_stats
    return row_stats(
        case.matrix,
        case.targets,
        rows=case.rows,
        temperature=work.temperature,
        softcap=work.softcap,
    )


def _our_linear(**how: object) -> Call:
    def call(case: Case) -> Answer:
        work = case.workload
        return kernels.linear_row_stats(
            case.matrix,
            case.weight,
            case.targets,
            rows=case.rows,
            temperature=work.temperature,
            softcap=work.softcap,
            **how,
        )

    return call


def _our_segments(case: Case) -> Answer:
    assert case.stats is not None
    if not kernels.available():
        from pyverify.rlpr import aggregate

        log_probs = reference.log_probs(case.stats)
        found = aggregate(log_probs, case.cu_seqlens)
        return ProbRewards(found.rewards, found.empty, found.nan, log_probs)
    return kernels.segment_log_probs(case.stats, case.cu_seqlens)


def _scaled(case: Case, *, wide: bool = False) -> torch.Tensor:
    """Logits as a softmax wants them, by the operations that trainers do; of hidden states, too."""
    z = case.chosen
    if case.weight is not None:
        z = z @ case.weight.T
    z = z.float() if wide else z
    if case.workload.softcap is not None:
        z = case.workload.softcap * torch.tanh(z / case.workload.softcap)
    return z if case.workload.temperature == 1 else z / case.workload.temperature


def _picked(z: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.log_softmax(z, -1).gather(-1, targets[:, None])[:, 0]


def _eager(*, wide: bool) -> Call:
    return lambda case: _picked(_scaled(case, wide=wide), case.targets)


def _all_wide(case: Case) -> Answer:
    assert case.weight is not None
    return _picked(case.chosen.float() @ case.weight.float().T, case.targets)


def _cross_entropy(case: Case) -> Answer:
    return -F.cross_entropy(_scaled(case), case.targets, reduction="none")


def _row_by_row(case: Case) -> Answer:
    rows = zip(_scaled(case), case.targets, strict=True)
    return torch.stack([F.log_softmax(z, -1)[target] for z, target in rows])


def _compiled() -> Call:
    torch.compiler.reset()
    made = torch.compile(lambda z, y: _picked(z.float(), y), dynamic=False)
    return lambda case: made(_scaled(case), case.targets)


def _trl() -> Call:
    from trl.trainer.utils import selective_log_softmax

    return lambda case: selective_log_softmax(_scaled(case), case.targets)


def _verl() -> Call:
    from verl.utils.torch_functional import logprobs_from_logits

    return lambda case: logprobs_from_logits(_scaled(case), case.targets, inplace_backward=False)


def _verl_linear() -> Call:
    from verl.utils.kernel.linear_cross_entropy import linear_cross_entropy

    return lambda case: linear_cross_entropy(case.matrix, case.weight, case.targets, 1.0, "none")[0]


def _flash_attn() -> Call:
    from flash_attn.ops.triton.cross_entropy import cross_entropy_loss

    return lambda case: -cross_entropy_loss(_scaled(case), case.targets)[0]


def _liger_selective() -> Call:
    from liger_kernel.ops.grpo_loss import fused_selective_log_softmax

    def call(case: Case) -> Answer:
        work = case.workload
        n, width = work.rows, work.vocabulary
        # It leaves the last row of a sequence out: there is one more than are asked for.
        if case.rows is None:
            whole = case.matrix.as_strided((n + 1, width), (width, 1))
        else:
            whole = case.matrix[torch.cat([case.rows, case.rows[:1]])]
        temperature = work.temperature
        if work.softcap is not None:
            whole, temperature = _scaled(replace(case, matrix=whole, rows=None)), 1.0
        return fused_selective_log_softmax(whole[None], case.targets[None], temperature)[0]

    return call


def _liger() -> Call:
    from liger_kernel.ops.cross_entropy import LigerCrossEntropyFunction

    return lambda case: (
        -LigerCrossEntropyFunction.apply(_scaled(case), case.targets, None, -100, 0.0, 0.0, "none")[
            0
        ]
    )


def _liger_linear() -> Call:
    from liger_kernel.ops.fused_linear_scaled_cross_entropy import (
        LigerFusedLinearScaledCrossEntropyFunction as Function,
    )

    return lambda case: -Function.apply(case.matrix, case.weight, case.targets)


def _cut() -> Call:
    from cut_cross_entropy import linear_cross_entropy

    how = "cce" if torch.cuda.is_available() else "torch_compile"
    torch.compiler.reset()
    return lambda case: (
        -linear_cross_entropy(case.matrix, case.weight, case.targets, reduction="none", impl=how)
    )


def _vllm() -> Call:
    from vllm.v1.sample.sampler import Sampler

    return lambda case: Sampler.compute_logprobs(_scaled(case)).gather(1, case.targets[:, None])[
        :, 0
    ]


def _whole_responses(case: Case) -> Answer:
    """Log-probabilities of all tokens of some responses, as the reference implementation has them.

    Logits of all positions in bfloat16, the temperature, the entropy, which it throws away, and
    log_softmax; without its forward through the model's body.
    """
    assert case.weight is not None
    count = min(_AT_A_TIME, len(case.cu_seqlens) - 1) * _RESPONSE
    hidden = case.matrix.repeat(-(-count // len(case.matrix)), 1)[:count]
    targets = case.targets.repeat(-(-count // len(case.targets)))[:count]
    z = (hidden @ case.weight.T).div_(case.workload.temperature)
    torch.logsumexp(z, -1) - (F.softmax(z, -1) * z).sum(-1)
    return _picked(z, targets)


def _share(case: Case) -> float:
    responses = len(case.cu_seqlens) - 1
    return min(_AT_A_TIME, responses) / responses


def _worth_compiling(shape: Workload) -> bool:
    """A CPU compiles for as long as all else takes together."""
    plain = shape.temperature == 1 and shape.softcap is None and not shape.gathered
    return shape.rows <= 12288 and (plain or torch.cuda.is_available())


def _worth_widening(shape: Workload) -> bool:
    """What is float32 already is wide by itself."""
    return shape.rows <= 12288 and shape.dtype != "fp32"


_LOGITS = ("logits",)
_HIDDEN = ("hidden", "step")

CONTENDERS = (
    Contender("pyverify", ("logits", "hidden", "step"), _ours, fits=lambda shape: True),
    Contender("pyverify, checked", _LOGITS, lambda: _ours(check=True), kernel=True),
    Contender("pyverify", ("row statistics",), lambda: _our_rows, graph=True),
    Contender("pyverify", ("segments",), lambda: _our_segments, graph=True),
    Contender("pyverify, not exact", ("step",), lambda: _ours(exact=False), kernel=True),
    Contender("pyverify, fused", ("hidden",), lambda: _our_linear(method="fused"), kernel=True),
    Contender("pyverify, chunked", ("hidden",), lambda: _our_linear(method="chunked"), kernel=True),
    Contender(
        "pyverify, chunked, not exact",
        ("hidden",),
        lambda: _our_linear(method="chunked", exact=False),
        kernel=True,
    ),
    Contender("eager", (*_LOGITS, "hidden"), lambda: _eager(wide=False)),
    Contender(
        "eager, float32 softmax",
        (*_LOGITS, "hidden"),
        lambda: _eager(wide=True),
        fits=_worth_widening,
    ),
    Contender("eager, float32 matmul", ("hidden",), lambda: _all_wide, fits=_worth_widening),
    Contender("F.cross_entropy", _LOGITS, lambda: _cross_entropy),
    Contender("row by row", _LOGITS, lambda: _row_by_row, fits=lambda shape: shape.rows <= 4096),
    Contender("torch.compile", (*_LOGITS, "hidden"), _compiled, fits=_worth_compiling),
    Contender("TRL", _LOGITS, _trl, "trl"),
    Contender("verl", _LOGITS, _verl, "verl"),
    Contender("flash-attn", _LOGITS, _flash_attn, "flash-attn", cuda=True),
    Contender("Liger selective", _LOGITS, _liger_selective, "liger-kernel", cuda=True),
    Contender("Liger", _LOGITS, _liger, "liger-kernel", cuda=True),
    Contender("vLLM", _LOGITS, _vllm, "vllm"),
    Contender("Liger linear", ("hidden",), _liger_linear, "liger-kernel"),
    Contender("cut-cross-entropy", ("hidden",), _cut, "cut-cross-entropy"),
    Contender("verl linear", ("hidden",), _verl_linear, "verl", cuda=True),
    Contender("whole responses", ("step",), lambda: _whole_responses, part=_share),
)
