"""RLPR's reward in OpenRLHF: ``--train.agent_func_path trainers/openrlhf/rlpr_agent.py``.

OpenRLHF's reward functions never see the policy; an agent is given the vLLM engine, which has its
weights. Behind the rollout it sends prompt, reasoning and reference as one prompt, and reads the
log-probabilities of the reference from the answer.

An agent takes no options: copy the file and change the constants.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Sequence
from functools import cache

from openrlhf.utils.agent import SingleTurnAgentExecutor

from pyverify.rlpr import THINK_ANSWER, ProbabilityReward, Spliced, Splicer, TokenLogProbs
from pyverify.rlpr.scorers.prompt_log_probs import read_prompt_log_probs, scoring_params

# ANSWER_ONLY for models that don't think in tags, BOXED; THINK_ANSWER.behind() if the chat template
# ends the prompt with <think> itself.
TEMPLATE = THINK_ANSWER

# 0.9 * probability + 0.1 * format.
FORMAT_WEIGHT = 0.1

# The initial policy's baselines, made by trainers/baseline.py; without them a prompt's baseline is
# that of the policy that first sees it, in each engine.
BASELINE_PATH = os.environ.get("RLPR_BASELINE")


class AgentExecutor(SingleTurnAgentExecutor):
    """One turn, and the probability of the reference behind its reasoning.

    The label is the reference. A response that cannot be scored (an empty label, no room in the
    engine) gets what its form is worth, and 1 in `nan`: OpenRLHF knows no missing reward.
    """

    async def execute(
        self,
        prompt: str,
        label: str | Sequence[str],
        sampling_params: object,
        max_length: int,
        hf_tokenizer: object,
        llm_engine: object,
        images: object = None,
    ) -> dict[str, object]:
        """A response with its reward."""
        output = await super().execute(
            prompt, label, sampling_params, max_length, hf_tokenizer, llm_engine, images
        )
        ((start, end),) = output["action_ranges"]
        ids = list(output["observation_tokens"])

        async def ask(sequence: Spliced) -> Sequence[float]:
            whole = [*sequence.context, *sequence.reference]
            if len(whole) >= max_length:
                return [math.nan] * len(sequence.reference)
            answer = await llm_engine.generate(whole, scoring_params())
            return read_prompt_log_probs(answer, sequence)

        plan = _reward(hf_tokenizer).plan([ids[:start]], [ids[start:end]], [label])
        found = await asyncio.gather(*map(ask, plan.sequences))
        (scored,) = plan.finish(TokenLogProbs.of(found))
        numbers = scored.as_numbers()
        reward = (1 - FORMAT_WEIGHT) * numbers["probability_reward"]
        reward += FORMAT_WEIGHT * numbers["format"]
        logs = {f"rlpr_{name}": x for name, x in numbers.items()}
        # Scores decide which groups dynamic filtering keeps: strictly between 0 and 1, all of them.
        output.update(reward=reward, scores=numbers["probability"], extra_logs=logs)
        return output


@cache
def _reward(tokenizer: object) -> ProbabilityReward:
    """What the executions of an engine share."""
    reward = ProbabilityReward(None, Splicer(tokenizer, TEMPLATE))
    if BASELINE_PATH is not None:
        reward.baseline.load(BASELINE_PATH)
    return reward
