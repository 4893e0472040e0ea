"""The log-probabilities that vLLM gives for a prompt, read for a reference at its end.

What an engine is sent, and how its answer is read: `VllmScorer` does this with a `vllm.LLM`, and an
integration with whatever engine its trainer has at hand::

    output = await engine.generate(prompt_of(spliced), scoring_params(), request_id)  # or the like
    log_probs = read_prompt_log_probs(output, spliced)

One that takes a mapping of parameters, as verl's server manager does, gets `SCORING`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from pyverify.rlpr.spliced import Spliced

if TYPE_CHECKING:
    from vllm import SamplingParams

SCORING: Mapping[str, object] = MappingProxyType(
    {"prompt_logprobs": 0, "max_tokens": 1, "temperature": 1.0}
)
"""What asks an engine or a server for the log-probability of each token of a prompt."""


def prompt_of(spliced: Spliced) -> dict[str, list[int]]:
    """The whole sequence as a prompt of token ids, which vLLM doesn't tokenise again."""
    return {"prompt_token_ids": [int(one) for one in (*spliced.context, *spliced.reference)]}


def scoring_params(token: int | None = None) -> SamplingParams:
    """Sampling parameters for the log-probabilities of a prompt's tokens, or of one next token.

    Nothing of them may be changed afterwards: vLLM decides when they are made whether the prefix
    cache can be read, and with ``prompt_logprobs`` it cannot (the cached positions would hold
    numbers of nobody's). Such log-probabilities are those of the softmax itself, whatever
    temperature and ``logprobs_mode`` are. That of a next token is what the sampler sees of it, so
    that all that changes the distribution is off.

    Args:
        token: The next token; None for all tokens of the prompt.

    Raises:
        ImportError: vLLM isn't installed.
        ValueError: It is too old to be asked for one token.
    """
    sampling = _sampling_params()
    if token is None:
        return sampling(**SCORING, detokenize=False)
    if not takes_one_token():
        raise ValueError("this vLLM has no logprob_token_ids: take version 0.22 or a later one")
    return sampling(
        logprob_token_ids=[token],
        max_tokens=1,
        detokenize=False,
        temperature=1.0,
        top_p=1.0,
        top_k=-1,
        min_p=0.0,
    )


def takes_one_token() -> bool:
    """Whether the vLLM that is installed can be asked for a token of one's choice.

    Raises:
        ImportError: There is none.
    """
    return hasattr(_sampling_params(), "logprob_token_ids")


def _sampling_params() -> type[SamplingParams]:
    try:
        from vllm import SamplingParams
    except ImportError as error:
        raise ImportError("scoring with vLLM needs it: pip install vllm") from error
    found: type[SamplingParams] = SamplingParams
    return found


def read_prompt_log_probs(output: object, spliced: Spliced) -> list[float]:
    """The log-probability of each token of a reference.

    They are looked up by token id: a position may hold further tokens, in any order.

    Args:
        output: What an engine answered (``RequestOutput``), or its ``prompt_logprobs``: for each
            position of the sequence None or a mapping from token ids to log-probabilities. Ids may
            be texts, as in a server's JSON; a log-probability may be a number, an object that has
            it, or a mapping with ``"logprob"``. verl's `TokenOutput` has ids and numbers apart,
            leaves out the first position and pads the end::

                fields = output.extra_fields
                pairs = zip(fields["prompt_ids"][:-1], fields["prompt_logprobs"][:-1])
                rows = [None, *(dict(zip(*pair)) for pair in pairs)]

        spliced: What was asked about.

    Returns:
        Natural logarithms, one for each token of the reference. NaN where the engine says NaN.

    Raises:
        ValueError: The output has none, is about another number of tokens, or lacks the token of a
            position.
    """
    rows = getattr(output, "prompt_logprobs", output)
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise ValueError(
            "the answer has no prompt_logprobs: ask with the parameters of scoring_params()"
        )
    length = len(spliced.prompt) + len(spliced.kept) + len(spliced.reference)
    if len(rows) != length:
        raise ValueError(
            f"prompt_logprobs are of {len(rows)} positions, but {length} tokens were asked about: "
            "send the ids of prompt_of(), which nothing may be added to or cut off from"
        )
    first = length - len(spliced.reference)
    return [log_prob_of(rows[at], token) for at, token in enumerate(spliced.reference, start=first)]


def log_prob_of(row: object, token: int) -> float:
    """A token's log-probability at one position.

    Args:
        row: A mapping from token ids, as in `read_prompt_log_probs`.
        token: The token.

    Raises:
        ValueError: The position has no log-probability of it.
    """
    found: object = None
    if isinstance(row, Mapping):
        found = row.get(token, row.get(str(token)))
    value = found.get("logprob") if isinstance(found, Mapping) else found
    value = getattr(value, "logprob", value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(
            f"there is no log-probability of token {token} where it stands; the first token of a "
            "sequence never has one, others lack it if the prefix cache was read"
        )
    return float(value)
