"""References scored by a vLLM engine in this process."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from pyverify.rlpr.scorers.failures import OnFailure, checked, unscored
from pyverify.rlpr.scorers.prompt_log_probs import (
    log_prob_of,
    prompt_of,
    read_prompt_log_probs,
    scoring_params,
    takes_one_token,
)
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import TokenLogProbs

if TYPE_CHECKING:
    from vllm import LLM, RequestOutput, SamplingParams

Route: TypeAlias = Literal["auto", "prompt_logprobs", "prefix"]
"""How a `VllmScorer` asks."""

_ROUTES = ("auto", "prompt_logprobs", "prefix")
_logger = logging.getLogger(__name__)


class VllmScorer:
    """A `Scorer` around a ``vllm.LLM``: the policy as the engine holds it now.

    Two routes lead to the same numbers:

    - ``"prompt_logprobs"``: one request a sequence, which has the engine compute all of its
      positions. vLLM never reads the prefix cache for these (it does write it), so that a rollout
      just before saves nothing. Any version, any setting.
    - ``"prefix"``: one request a reference token, each with the context and what precedes the token
      as its prompt. A request computes what the prefix cache doesn't hold, hardly more than a
      block where the same engine has generated the response. Only the first request of a sequence
      pays for a context that isn't cached: those behind it find its blocks. Needs prefix caching,
      vLLM 0.22 and log-probabilities as what the engine returns (``logprobs_mode``
      ``"raw_logprobs"``, or ``"processed_logprobs"`` as trainers set it: nothing is processed at
      the temperature 1 that is asked for).

    ``"auto"`` decides sequence by sequence: ``"prefix"`` where the engine can and computes fewer
    tokens that way, a whole block for each reference token counted, if the context is cached; in
    other words for short references behind long reasoning.

    After the weights have changed, whoever changed them must call ``llm.reset_prefix_cache()``, as
    trainers do on each sync: ``"prefix"`` (like vLLM's own generation) would otherwise go on
    from keys and values of the old policy. ``"prompt_logprobs"`` isn't affected.

    An ``LLM`` is to be used by one thread at a time, and so is this. For an asynchronous engine see
    `pyverify.rlpr.scorers.prompt_log_probs`.

    Attributes:
        llm: The engine.
        route: How it asks.
        lora_request: The adapter (``vllm.lora.request.LoRARequest``) that is the policy; None for
            the model itself.
        on_failure: What becomes of a sequence longer than the engine's ``max_model_len``: an error,
            or NaN, which a reward abstains at.
        prompt_tokens: How many tokens all requests so far had.
        cached_tokens: How many of them came from the prefix cache.

    Raises:
        ImportError: vLLM isn't installed.
        ValueError: There is no such route, or the engine cannot go it.
    """

    def __init__(
        self,
        llm: LLM,
        *,
        route: Route = "auto",
        lora_request: object | None = None,
        on_failure: OnFailure = "raise",
    ) -> None:
        if route not in _ROUTES:
            raise ValueError(f"route must be one of {', '.join(_ROUTES)}; got {route!r}")
        self.llm = llm
        self.route = route
        self.lora_request = lora_request
        self.on_failure = checked(on_failure)
        self.prompt_tokens = 0
        self.cached_tokens = 0
        self._engine = _Engine.of(llm)
        self._obstacle = self._engine.obstacle()
        if route == "prefix" and self._obstacle is not None:
            raise ValueError(f'route "prefix" {self._obstacle}, or take route "prompt_logprobs"')

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """Log-probabilities of each sequence's reference tokens, in order.

        Raises:
            ValueError: A sequence is too long, or its reference has nothing before it.
        """
        found: dict[int, list[float]] = {}
        whole: list[int] = []
        stepwise: list[int] = []
        for at, one in enumerate(sequences):
            if not one.reference:
                found[at] = []
            elif (error := self._engine.refusal(one)) is not None:
                found[at] = unscored(one, error, self.on_failure, _logger)
            else:
                (stepwise if self._takes_prefix(one) else whole).append(at)
        found.update(self._by_prompt_logprobs({at: sequences[at] for at in whole}))
        found.update(self._by_prefix({at: sequences[at] for at in stepwise}))
        return TokenLogProbs.of([found[at] for at in range(len(sequences))])

    def _takes_prefix(self, one: Spliced) -> bool:
        if self.route != "auto":
            return self.route == "prefix"
        context = len(one.prompt) + len(one.kept)
        return self._obstacle is None and len(one.reference) * self._engine.block_size < context

    def _by_prompt_logprobs(self, asked: dict[int, Spliced]) -> dict[int, list[float]]:
        params = scoring_params()
        outputs = self._generate([prompt_of(one) for one in asked.values()], params)
        return {
            at: read_prompt_log_probs(output, one)
            for (at, one), output in zip(asked.items(), outputs, strict=True)
        }

    def _by_prefix(self, asked: dict[int, Spliced]) -> dict[int, list[float]]:
        prompts: list[dict[str, list[int]]] = []
        tokens: list[tuple[int, int]] = []
        for at, one in asked.items():
            # In this order the scheduler has cached the context when the second token's turn comes.
            for step, token in enumerate(one.reference):
                prompts.append({"prompt_token_ids": [*one.context, *one.reference[:step]]})
                tokens.append((at, token))
        outputs = self._generate(prompts, [scoring_params(token) for _, token in tokens])
        found: dict[int, list[float]] = {at: [] for at in asked}
        for (at, token), output in zip(tokens, outputs, strict=True):
            rows = output.outputs[0].logprobs
            found[at].append(log_prob_of(rows[0] if rows else None, token))
        return found

    def _generate(
        self,
        prompts: Sequence[dict[str, list[int]]],
        params: SamplingParams | Sequence[SamplingParams],
    ) -> Sequence[RequestOutput]:
        if not prompts:
            return []
        outputs: Sequence[RequestOutput] = self.llm.generate(
            prompts, params, use_tqdm=False, lora_request=self.lora_request
        )
        self.prompt_tokens += sum(len(one["prompt_token_ids"]) for one in prompts)
        self.cached_tokens += sum(output.num_cached_tokens or 0 for output in outputs)
        return outputs


@dataclass(frozen=True, slots=True)
class _Engine:
    """What must be known of an engine's settings."""

    caches: bool
    block_size: int
    logprobs_mode: str
    speculates: bool
    max_model_len: int

    @staticmethod
    def of(llm: LLM) -> _Engine:
        config = llm.llm_engine.vllm_config
        return _Engine(
            caches=bool(config.cache_config.enable_prefix_caching),
            block_size=config.cache_config.block_size,
            logprobs_mode=str(config.model_config.logprobs_mode),
            speculates=config.speculative_config is not None,
            max_model_len=config.model_config.max_model_len,
        )

    def obstacle(self) -> str | None:
        """What keeps it from scoring token by token, and the way out."""
        if not takes_one_token():
            return "needs vLLM 0.22 or a later one: update it"
        if not self.caches:
            return "needs the prefix cache: make the engine with enable_prefix_caching=True"
        if "logprobs" not in self.logprobs_mode:
            return (
                f"needs log-probabilities, but the engine returns {self.logprobs_mode}: "
                'make it with logprobs_mode="raw_logprobs"'
            )
        if self.speculates:
            return "doesn't go together with speculative decoding: make the engine without"
        return None

    def refusal(self, one: Spliced) -> ValueError | None:
        """What is wrong with a sequence that cannot be scored."""
        length = len(one.prompt) + len(one.kept) + len(one.reference)
        # vLLM wants room for the token that it samples behind the prompt.
        if length < self.max_model_len:
            return None
        return ValueError(
            f"a sequence of {length} tokens doesn't fit into max_model_len = {self.max_model_len}: "
            f"make the engine with max_model_len={length + 1} or more"
        )
