"""A reward by tokens: ``--train.agent_func_path "$(pyverify path openrlhf)/reward_agent.py"``.

The same as ``reward.py``, but an agent has the response's own tokens: rewards that count them know
how many there are, and no prompt has to be found in a text. Responses that end at about the same
time are scored in one call. ``PYVERIFY_REWARD`` says which reward, as there.
"""

from __future__ import annotations

from openrlhf.utils.agent import SingleTurnAgentExecutor

from pyverify.integrations.openrlhf.agents import Output, Row, RowReward
from pyverify.integrations.openrlhf.environment import reward_of_environment
from pyverify.rlpr.tokens import Tokenizer


class AgentExecutor(SingleTurnAgentExecutor):  # type: ignore[misc]  # it has no types
    """One turn, and its reward: 0 where that abstains, as in ``reward.py``.

    Raises:
        ValueError: The reward needs what an agent doesn't know.
    """

    def __init__(self) -> None:
        super().__init__()
        self._reward = RowReward(reward_of_environment())

    async def execute(
        self,
        prompt: str,
        label: object,
        sampling_params: object,
        max_length: int,
        hf_tokenizer: Tokenizer,
        llm_engine: object,
        images: object = None,
    ) -> Output:
        """A response with its reward."""
        output: Output = await super().execute(
            prompt, label, sampling_params, max_length, hf_tokenizer, llm_engine, images
        )
        ((start, end),) = output["action_ranges"]
        ids = list(output["observation_tokens"][start:end])
        text = hf_tokenizer.decode(
            ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        found = await self._reward(Row(str(text), len(ids), prompt, label))
        output["reward"] = found.reward
        output["scores"] = found.score
        output["extra_logs"] = found.logs
        return output
