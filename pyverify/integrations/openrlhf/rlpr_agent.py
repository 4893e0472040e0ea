"""RLPR's reward in OpenRLHF: ``--train.agent_func_path "$(pyverify path openrlhf)/rlpr_agent.py"``.

OpenRLHF's reward functions never see the policy; an agent is given the vLLM engine, which has its
weights. Behind the rollout it sends prompt, reasoning and reference as one prompt, and reads the
log-probabilities of the reference from the answer.

An agent takes no options: the environment of the Ray actors has them, or a copy of this file whose
constants were changed.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Sequence

from openrlhf.utils.agent import SingleTurnAgentExecutor

from pyverify.integrations.openrlhf.agents import Engine, Output
from pyverify.integrations.openrlhf.environment import flag
from pyverify.integrations.references import references_of
from pyverify.rlpr import (
    TEMPLATES,
    Baseline,
    ProbabilityReward,
    Spliced,
    Splicer,
    TokenLogProbs,
)
from pyverify.rlpr.scorers.prompt_log_probs import read_prompt_log_probs, scoring_params
from pyverify.rlpr.tokens import Tokenizer

# answer_only for models that don't think in tags, or boxed.
TEMPLATE = TEMPLATES[os.environ.get("PYVERIFY_RLPR_TEMPLATE", "think_answer")]

# For chat templates that end the prompt with <think> themselves.
if flag("PYVERIFY_PREFILLED"):
    TEMPLATE = TEMPLATE.behind()

# 0.9 * probability + 0.1 * format.
FORMAT_WEIGHT = float(os.environ.get("PYVERIFY_RLPR_FORMAT_WEIGHT", "0.1"))

# The initial policy's baselines, made by trainers/baseline.py; without them a prompt's baseline is
# that of the policy that first sees it, in each engine.
BASELINE_PATH = os.environ.get("PYVERIFY_RLPR_BASELINE")


class AgentExecutor(SingleTurnAgentExecutor):  # type: ignore[misc]  # it has no types
    """One turn, and the probability of the reference behind its reasoning.

    The label is the reference. A response that cannot be scored (an empty label, no room in the
    engine) gets what its form is worth, and 1 in `nan`: OpenRLHF knows no missing reward.
    """

    _reward: ProbabilityReward | None = None

    async def execute(
        self,
        prompt: str,
        label: object,
        sampling_params: object,
        max_length: int,
        hf_tokenizer: Tokenizer,
        llm_engine: Engine,
        images: object = None,
    ) -> Output:
        """A response with its reward."""
        output: Output = await super().execute(
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

        plan = self._shared(hf_tokenizer).plan(
            [ids[:start]], [ids[start:end]], [references_of(label)]
        )
        found = await asyncio.gather(*map(ask, plan.sequences))
        (scored,) = plan.finish(TokenLogProbs.of(found))
        numbers = scored.as_numbers()
        reward = (1 - FORMAT_WEIGHT) * numbers["probability_reward"]
        reward += FORMAT_WEIGHT * numbers["format"]
        logs = {f"rlpr_{name}": x for name, x in numbers.items()}
        # Scores decide which groups dynamic filtering keeps: strictly between 0 and 1, all of them.
        output["reward"] = reward
        output["scores"] = numbers["probability"]
        output["extra_logs"] = logs
        return output

    def _shared(self, tokenizer: Tokenizer) -> ProbabilityReward:
        """What the executions of an engine share: Ray gives each a copy of the same tokenizer."""
        if self._reward is None:
            baseline = Baseline("initial")
            if BASELINE_PATH is not None:
                baseline.load(BASELINE_PATH)
            self._reward = ProbabilityReward(None, Splicer(tokenizer, TEMPLATE), baseline=baseline)
        return self._reward
