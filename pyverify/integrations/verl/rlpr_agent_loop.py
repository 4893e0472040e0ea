"""RLPR's reward in verl: the rollout engine, which has the policy's weights, scores the reference.

verl's reward functions run in processes of their own and never see the policy. An agent loop has
the engine at hand: behind the rollout, it sends prompt, reasoning and reference as one prompt, and
reads the log-probabilities of the reference from the answer. verl computes no reward where a loop
has set one.

`pyverify path verl` prints the folder of rlpr_agent.yaml, which switches it on and has the options.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeAlias
from uuid import uuid4

from verl.experimental.agent_loop.agent_loop import AgentLoopOutput, register
from verl.experimental.agent_loop.single_turn_agent_loop import SingleTurnAgentLoop
from verl.workers.rollout.llm_server import LLMServerClient
from verl.workers.rollout.replica import TokenOutput

from pyverify.integrations.references import references_of
from pyverify.rlpr import TEMPLATES, Baseline, ProbabilityReward, Spliced, Splicer, TokenLogProbs
from pyverify.rlpr.scorers.prompt_log_probs import SCORING, read_prompt_log_probs
from pyverify.rlpr.tokens import Tokenizer

Generate: TypeAlias = Callable[..., Awaitable[TokenOutput]]

# A question that a weight update aborts is asked again: the engine takes it with the new weights.
_ATTEMPTS = 3
_PAUSE = 1.0


@register("rlpr_agent")
class RLPRAgentLoop(SingleTurnAgentLoop):  # type: ignore[misc]
    """One turn, and the probability of the reference behind its reasoning.

    A response that cannot be scored (no reference, no room in the engine, a question that weight
    updates abort every time) gets what its form is worth, and 1 in ``rlpr_nan``: verl knows no
    missing reward.

    Args:
        *args: As for `SingleTurnAgentLoop`.
        template: The name of the template.
        prefilled: Whether the chat template ends the prompt with ``<think>`` itself.
        format_weight: What a well-formed response is worth.
        baseline_path: The initial policy's baselines, which baseline.py writes; without them a
            prompt's baseline is the policy's that first sees it, in each worker.
        **kwargs: As for `SingleTurnAgentLoop`.
    """

    def __init__(
        self,
        *args: object,
        template: str = "think_answer",
        prefilled: bool = False,
        format_weight: float = 0.1,
        baseline_path: str | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.format_weight = format_weight
        # verl makes a loop for each trajectory: they share what is known of baselines.
        self.reward = _reward(self.tokenizer, template, prefilled, baseline_path)

    async def run(self, sampling_params: dict[str, object], **kwargs: object) -> AgentLoopOutput:
        """A response with its reward.

        Args:
            sampling_params: For the rollout.
            **kwargs: The row of the data set; the reference is ``reward_model["ground_truth"]``.
        """
        output = await super().run(sampling_params, **kwargs)
        row = kwargs.get("reward_model")
        references = references_of(row.get("ground_truth") if isinstance(row, Mapping) else None)
        plan = self.reward.plan([output.prompt_ids], [output.response_ids], [references])
        found = await asyncio.gather(*(self._ask(one) for one in plan.sequences))
        (scored,) = plan.finish(TokenLogProbs.of(found))
        numbers = scored.as_numbers()
        score = (1 - self.format_weight) * numbers["probability_reward"]
        score += self.format_weight * numbers["format"]
        output.reward_score = score
        output.extra_fields["reward_extra_info"] = {
            "score": score,
            "pred": scored.answer or "",
            **{f"rlpr_{name}": x for name, x in numbers.items()},
        }
        return output

    async def _ask(self, sequence: Spliced) -> Sequence[float]:
        """The log-probabilities of a reference's tokens; NaN where the engine has none."""
        unknown = [math.nan] * len(sequence.reference)
        ids = [*sequence.context, *sequence.reference]
        most = self.rollout_config.max_model_len
        if most is not None and len(ids) >= most:
            return unknown
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(_PAUSE)
            output = await self._generate(
                request_id=uuid4().hex,
                prompt_ids=ids,
                # verl hands these to vLLM's SamplingParams, and changes them.
                sampling_params={**SCORING, "detokenize": False},
            )
            if output.stop_reason not in ("aborted", "abort"):
                return _read(output.extra_fields, sequence)
        return unknown

    @property
    def _generate(self) -> Generate:
        """What asks the engine once, and hands on all that it answers."""
        client = self.server_manager
        if isinstance(client, LLMServerClient):
            # That of the async trainers goes on where an abort stopped a rollout, and hands on
            # nothing but its tokens: a question is asked of the client beneath it.
            return partial(LLMServerClient.generate, client)
        generate: Generate = client.generate
        return generate


def _read(fields: Mapping[str, Any], sequence: Spliced) -> Sequence[float]:
    """The log-probabilities in verl's answer, which lacks the first position and pads the end."""
    if "prompt_logprobs" not in fields:
        raise RuntimeError(
            "the rollout engine gives no log-probabilities of prompts: RLPR needs "
            "actor_rollout_ref.rollout.name=vllm"
        )
    pairs = zip(fields["prompt_ids"][:-1], fields["prompt_logprobs"][:-1], strict=True)
    rows = [None, *(dict(zip(tokens, values, strict=True)) for tokens, values in pairs)]
    return read_prompt_log_probs(rows, sequence)


@cache
def _reward(
    tokenizer: Tokenizer, template: str, prefilled: bool, baseline_path: str | None
) -> ProbabilityReward:
    """What the loops of a worker share."""
    chosen = TEMPLATES[template].behind() if prefilled else TEMPLATES[template]
    baseline = Baseline("initial")
    if baseline_path is not None:
        baseline.load(baseline_path)
    return ProbabilityReward(None, Splicer(tokenizer, chosen), baseline=baseline)
