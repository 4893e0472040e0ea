"""RLPR's reward in verl: the rollout engine, which has the policy's weights, scores the reference.

verl's reward functions run in processes of their own and never see the policy. An agent loop has
the engine at hand: behind the rollout, it sends prompt, reasoning and reference as one prompt, and
reads the log-probabilities of the reference from the answer. verl computes no reward where a loop
has set one.

See the README beside this folder for how to switch it on; rlpr_agent.yaml has the options.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from functools import cache
from uuid import uuid4

from verl.experimental.agent_loop.agent_loop import AgentLoopOutput, register
from verl.experimental.agent_loop.single_turn_agent_loop import SingleTurnAgentLoop

from pyverify.rlpr import TEMPLATES, ProbabilityReward, Spliced, Splicer, TokenLogProbs
from pyverify.rlpr.scorers.prompt_log_probs import SCORING, read_prompt_log_probs


@register("rlpr_agent")
class RLPRAgentLoop(SingleTurnAgentLoop):
    """One turn, and the probability of the reference behind its reasoning.

    A response that cannot be scored (an empty reference, no room in the engine) gets what its form
    is worth, and 1 in `nan`: verl knows no missing reward.

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
        given = kwargs["reward_model"]["ground_truth"]
        references = given if isinstance(given, str) else list(given)
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
        """The log-probabilities of a reference's tokens; NaN where the engine has no room."""
        ids = [*sequence.context, *sequence.reference]
        most = self.rollout_config.max_model_len
        if most is not None and len(ids) >= most:
            return [math.nan] * len(sequence.reference)
        # verl hands these to vLLM's SamplingParams.
        wanted = {**SCORING, "detokenize": False}
        output = await self.server_manager.generate(
            request_id=uuid4().hex, prompt_ids=ids, sampling_params=wanted
        )
        # verl leaves out the first position, which has none, and pads the end.
        fields = output.extra_fields
        pairs = zip(fields["prompt_ids"][:-1], fields["prompt_logprobs"][:-1], strict=True)
        rows = [None, *(dict(zip(tokens, values, strict=True)) for tokens, values in pairs)]
        return read_prompt_log_probs(rows, sequence)


@cache
def _reward(
    tokenizer: object, template: str, prefilled: bool, baseline_path: str | None
) -> ProbabilityReward:
    """What the loops of a worker share."""
    chosen = TEMPLATES[template].behind() if prefilled else TEMPLATES[template]
    reward = ProbabilityReward(None, Splicer(tokenizer, chosen))
    if baseline_path is not None:
        reward.baseline.load(baseline_path)
    return reward
