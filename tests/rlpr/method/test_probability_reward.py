"""The whole reward, from token ids, against a computation response by response."""

from __future__ import annotations

import asyncio
import math
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
import torch
from toy_tokenizers import PIECES, Composing, Longest

from pyverify.rewards import Given, recipe
from pyverify.rlpr import (
    ANSWER_ONLY,
    Aggregation,
    Baseline,
    Identity,
    OneMinus,
    ProbabilityReward,
    Spliced,
    Splicer,
    TokenLogProbs,
)

TOKENIZER = Longest()
SPLICER = Splicer(TOKENIZER)


@dataclass
class Policy:
    """Probabilities that depend on all ids before a token, from a formula."""

    shift: int = 0
    calls: list[list[Spliced]] = field(default_factory=list)

    def probability(self, before: Sequence[int], token: int) -> float:
        mixed = sum((place % 7 + 1) * one for place, one in enumerate(before))
        return ((mixed * mixed + 13 * token + self.shift) % 97 + 1) / 98

    def tokens(self, sequence: Spliced) -> list[float]:
        ids = [*sequence.context, *sequence.reference]
        first = len(ids) - len(sequence.reference)
        return [self.probability(ids[:at], ids[at]) for at in range(first, len(ids))]

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        self.calls.append(list(sequences))
        found = [self.tokens(one) for one in sequences]
        lengths = torch.tensor([0, *map(len, found)])
        flat = [one for group in found for one in group]
        return TokenLogProbs(torch.tensor(flat).log(), lengths.cumsum(0))

    @property
    def asked(self) -> int:
        return sum(map(len, self.calls))


def encode(text: str) -> list[int]:
    return TOKENIZER.encode(text, add_special_tokens=False)


PROMPTS = [encode("<|im_start|>the 12\n"), encode("<|im_start|>x 42\n")]
THOUGHTS = ["so x", "the answer", "12 < 42", "é"]
GOOD = [encode(f"<think>{one}</think> <answer> 4</answer>") for one in THOUGHTS]
BAD = [encode("It is 4."), encode("<think>x</think><answer>"), []]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def expected(
    policy: Policy, prompt: list[int], response: list[int], reference: str
) -> tuple[float, float]:
    (spliced,) = SPLICER(prompt, response, reference).sequences
    base = SPLICER.baseline_of(prompt, reference)
    assert base is not None
    return mean(policy.tokens(spliced)), mean(policy.tokens(base))


def test_against_each_response_by_itself() -> None:
    policy = Policy()
    prompts = [prompt for prompt in PROMPTS for _ in GOOD]
    references = ["12", "\\frac{1}{2}"]
    wanted = [reference for reference in references for _ in GOOD]
    found = ProbabilityReward(policy, SPLICER)(prompts, GOOD * 2, wanted)
    assert len(found) == 8
    for one, prompt, response, reference in zip(found, prompts, GOOD * 2, wanted, strict=True):
        r, base = expected(policy, prompt, response, reference)
        assert one.r == pytest.approx(r, abs=1e-6)
        assert one.baseline == pytest.approx(base, abs=1e-6)
        assert one.reward == pytest.approx(min(max(r - base, 0), 1), abs=1e-6)
        assert (one.well_formed, one.answer, one.reason) == (True, "4", None)
    assert len({one.r for one in found}) > 4
    assert 0.0 in found.rewards
    assert any(found.rewards)
    # One call for all of it, each baseline once.
    assert (len(policy.calls), policy.asked) == (1, 8 + 2)
    assert (found.baseline_hits, found.baseline_misses) == (0, 2)


@pytest.mark.parametrize(
    "aggregation", ["mean", "geometric_mean", "product", "log_sum", "log_mean", "min"]
)
def test_aggregations(aggregation: Aggregation) -> None:
    policy = Policy()
    reward = ProbabilityReward(policy, SPLICER, aggregation=aggregation, shaping=Identity())
    (found,) = reward([PROMPTS[0]], [GOOD[0]], ["\\frac{1}{2}"])
    values = []
    for sequence in policy.calls[0]:
        p = policy.tokens(sequence)
        logs = math.log(math.prod(p))
        values.append(
            {
                "mean": mean(p),
                "geometric_mean": math.exp(logs / len(p)),
                "product": math.prod(p),
                "log_sum": logs,
                "log_mean": logs / len(p),
                "min": min(p),
            }[aggregation]
        )
    assert found.r == pytest.approx(values[0], rel=1e-5)
    assert found.baseline == pytest.approx(values[1], rel=1e-5)
    assert found.reward == pytest.approx(values[0] - values[1], abs=1e-5)


def test_bits_do_not_depend_on_the_batch() -> None:
    reward = ProbabilityReward(Policy(), SPLICER, baseline="current")
    whole = reward([PROMPTS[0]] * 4, GOOD, ["12"] * 4).responses
    assert reward([PROMPTS[0]] * 4, GOOD[::-1], ["12"] * 4).responses == whole[::-1]
    for response, one in zip(GOOD, whole, strict=True):
        assert reward([PROMPTS[0]], [response], ["12"]).responses == (one,)


def test_the_initial_policys_baseline_stays() -> None:
    policy = Policy()
    reward = ProbabilityReward(policy, SPLICER)
    assert reward.prepare(PROMPTS, ["12", ["42", " "]], batch=1) == 2
    assert reward.prepare(PROMPTS, ["12", "42"]) == 0
    assert (len(policy.calls), policy.asked) == (2, 2)
    _, before = expected(policy, PROMPTS[0], GOOD[0], "12")
    policy.shift = 31
    (found,) = reward([PROMPTS[0]], [GOOD[0]], ["12"])
    r, after = expected(policy, PROMPTS[0], GOOD[0], "12")
    assert found.baseline == pytest.approx(before, abs=1e-6)
    assert abs(before - after) > 0.01
    assert found.r == pytest.approx(r, abs=1e-6)
    assert policy.asked == 3
    state = reward.baseline.state_dict() if reward.baseline else {}
    again = ProbabilityReward(policy, SPLICER)
    assert again.baseline is not None
    again.baseline.load_state_dict(state)
    assert again([PROMPTS[0]], [GOOD[0]], ["12"]).responses == (found,)


def test_the_current_policys_baseline_follows() -> None:
    policy = Policy()
    reward = ProbabilityReward(policy, SPLICER, baseline=Baseline("current", form="template"))
    for shift in (0, 31):
        policy.shift = shift
        (found,) = reward([PROMPTS[0]], [GOOD[0]], ["12"])
        base = SPLICER.baseline_of(PROMPTS[0], "12", "template")
        assert base is not None
        assert found.baseline == pytest.approx(mean(policy.tokens(base)), abs=1e-6)
    with pytest.raises(ValueError, match=r'prepare needs baseline=Baseline\("initial"\)'):
        reward.prepare(PROMPTS, ["12", "42"])


def test_without_a_baseline() -> None:
    policy = Policy()
    (found,) = ProbabilityReward(policy, SPLICER, baseline=None)([PROMPTS[0]], [GOOD[0]], ["12"])
    assert found.baseline is None
    assert found.reward == found.r == pytest.approx(mean(policy.tokens(policy.calls[0][0])))
    assert policy.asked == 1


def test_several_references() -> None:
    policy = Policy()
    texts = ["12", "42", "\\frac{1}{2}"]
    pairs = [expected(policy, PROMPTS[0], GOOD[0], text) for text in texts]
    gains = [max(r - base, 0.0) for r, base in pairs]
    assert len(set(gains)) > 1

    def ask(references: object) -> tuple[float, float, float | None]:
        reward = ProbabilityReward(policy, SPLICER, references=references)  # type: ignore[arg-type]
        (found,) = reward([PROMPTS[0]], [GOOD[0]], [texts])
        return found.reward, found.r, found.baseline

    best = gains.index(max(gains))
    assert ask("max") == pytest.approx((gains[best], *pairs[best]), abs=1e-6)
    wanted = (mean(gains), mean([r for r, _ in pairs]), mean([base for _, base in pairs]))
    assert ask("mean") == pytest.approx(wanted, abs=1e-6)
    weights = (1.0, 0.0, 3.0)
    wanted = tuple(
        (column[0] + 3 * column[2]) / 4
        for column in (gains, [r for r, _ in pairs], [base for _, base in pairs])
    )  # type: ignore[assignment]
    assert ask(weights) == pytest.approx(wanted, abs=1e-6)


def test_empty_references_are_left_out_with_their_weights() -> None:
    policy = Policy()
    reward = ProbabilityReward(policy, SPLICER, references=[5.0, 1.0])
    (found,) = reward([PROMPTS[0]], [GOOD[0]], [[" ", "12"]])
    assert found.r == pytest.approx(expected(policy, PROMPTS[0], GOOD[0], "12")[0], abs=1e-6)
    with pytest.raises(ValueError, match="2 weights, but a response has 1 references"):
        reward([PROMPTS[0]], [GOOD[0]], ["12"])


def test_invalid_responses_and_references() -> None:
    policy = Policy()
    reward = ProbabilityReward(policy, SPLICER, shaping=OneMinus())
    found = reward([PROMPTS[0]] * 5, [*BAD, GOOD[0], GOOD[0]], ["12", "12", "12", " ", []])
    reasons = ["mark_missing", None, "mark_missing", "empty_reference", "empty_reference"]
    assert [one.reason for one in found] == reasons
    assert [found.responses[i].reward for i in (0, 2)] == [0.0, 0.0]
    assert [found.responses[i].r for i in (0, 2)] == [0.0, 0.0]
    assert not found.responses[1].well_formed
    for one in found.responses[3:]:
        assert math.isnan(one.reward)
        assert (one.well_formed, one.baseline) == (True, None)
    assert policy.asked == 2
    punished = ProbabilityReward(policy, SPLICER, invalid=-1.0)
    assert punished([PROMPTS[0]], [BAD[0]], ["12"]).rewards == [-1.0]
    metrics = found.as_metrics()
    assert metrics["rlpr/invalid/mark_missing"] == metrics["rlpr/invalid/empty_reference"] == 2.0
    # Loggers average over ranks and steps: one that is left out where it is 0 comes out too large.
    assert metrics["rlpr/invalid/mark_repeated"] == metrics["rlpr/invalid/unaligned"] == 0.0
    assert metrics["rlpr/nan"] == 2.0


def test_numbers_are_finite_and_have_the_same_names() -> None:
    policy = Policy()
    found = ProbabilityReward(policy, SPLICER)(
        [PROMPTS[0]] * 3, [*GOOD[:1], *BAD[:1], GOOD[0]], ["12", "12", ""]
    )
    good, unplaced, unusable = (one.as_numbers() for one in found)
    assert good.keys() == unplaced.keys() == unusable.keys()
    assert all(math.isfinite(x) for one in (good, unplaced, unusable) for x in one.values())
    r, base = expected(policy, PROMPTS[0], GOOD[0], "12")
    assert (good["probability"], good["baseline"]) == pytest.approx((r, base), abs=1e-6)
    assert [one["unspliced"] for one in (good, unplaced, unusable)] == [0.0, 1.0, 1.0]
    assert [one["nan"] for one in (good, unplaced, unusable)] == [0.0, 0.0, 1.0]
    assert (unusable["probability_reward"], unusable["format"]) == (0.0, 1.0)


def test_a_tokenizer_at_odds_with_itself_abstains() -> None:
    class Shouting(Longest):
        def decode(self, token_ids: list[int], **options: bool) -> str:
            return super().decode(token_ids, **options) + f"!{len(token_ids)}"

    (found,) = ProbabilityReward(Policy(), Splicer(Shouting()))([PROMPTS[0]], [GOOD[0]], ["12"])
    assert math.isnan(found.reward)
    assert found.reason == "unaligned"


def test_nothing_to_ask_is_not_asked() -> None:
    policy = Policy()
    reward = ProbabilityReward(policy, SPLICER)
    assert reward([], [], []).rewards == []
    assert reward([], [], []).as_metrics()["rlpr/nan"] == 0.0
    assert reward([PROMPTS[0]], [BAD[0]], ["12"]).rewards == [0.0]
    assert policy.calls == []


@pytest.mark.parametrize("references", ["max", "mean"])
def test_nan_from_the_scorer_is_reported(references: object) -> None:
    class Broken(Policy):
        def probability(self, before: Sequence[int], token: int) -> float:
            broken = self.shift and token == TOKENIZER.ids[b"42"]
            return math.nan if broken else super().probability(before, token)

    policy = Broken(shift=1)
    reward = ProbabilityReward(policy, SPLICER, references=references)  # type: ignore[arg-type]
    found = reward([PROMPTS[1]] * 2, GOOD[:2], [["12", "\n42"], "12"])
    newline = [encode("<think>x</think><answer>\n4</answer>")]
    found = reward([PROMPTS[1]] * 2, newline * 2, [["12", "42"], "12"])
    assert math.isnan(found.rewards[0])
    assert not math.isnan(found.rewards[1])
    assert found.as_metrics()["rlpr/nan"] == 1.0


def test_respelled_tokens_are_reported() -> None:
    tokenizer = Longest(PIECES)
    splicer = Splicer(tokenizer, separator="")
    texts = ["<think>x</think><answer>4", "<think>x</think><answer>\n4"]
    responses = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
    found = ProbabilityReward(Policy(), splicer)([[1, 2]] * 2, responses, ["\\frac"] * 2)
    assert [one.respelled for one in found] == [1, 0]
    metrics = found.as_metrics("x")
    assert (metrics["x/respelled_tokens"], metrics["x/respelled_responses"]) == (1.0, 1.0)


def test_the_recipe_takes_what_comes_out() -> None:
    found = ProbabilityReward(Policy(), SPLICER)([PROMPTS[0]] * 3, [*GOOD[:2], BAD[1]], ["12"] * 3)
    texts = ["<think>x</think><answer>4</answer>"] * 2 + ["<think>x</think><answer>"]
    wanted = [0.9 * one.reward + 0.1 * one.well_formed for one in found]
    assert recipe("rlpr")(texts, **found.columns) == pytest.approx(wanted)
    mixed = 0.9 * Given("probability") + 0.1 * Given("format")
    assert mixed(texts, **found.columns) == pytest.approx(wanted)
    nan = ProbabilityReward(Policy(), SPLICER)([PROMPTS[0]], GOOD[:1], [""])
    assert mixed(texts[:1], **nan.columns) == [None]


def test_other_templates() -> None:
    reward = ProbabilityReward(Policy(), Splicer(TOKENIZER, ANSWER_ONLY))
    (found,) = reward([PROMPTS[0]], [encode("so <answer> 4</answer>")], ["12"])
    assert (found.well_formed, found.answer, found.reason) == (True, "4", None)


def test_a_scorer_whose_answer_does_not_fit() -> None:
    class Short(Policy):
        def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
            return super().__call__(sequences[:-1])

    with pytest.raises(ValueError, match="scorer must answer for 2 references of 4 tokens"):
        ProbabilityReward(Short(), SPLICER)([PROMPTS[0]], [GOOD[0]], ["12"])


def test_misuse() -> None:
    reward = ProbabilityReward(Policy(), SPLICER)
    with pytest.raises(ValueError, match="one length, got 1, 2 and 1"):
        reward([PROMPTS[0]], GOOD[:2], ["12"])
    with pytest.raises(ValueError, match="prompts and references must have one length"):
        reward.prepare(PROMPTS, ["12"])
    with pytest.raises(ValueError, match="aggregation must be one of"):
        ProbabilityReward(Policy(), SPLICER, aggregation="median")  # type: ignore[arg-type]
    for references in ("min", [-1.0], [0.0, 0.0], [], [math.nan]):
        with pytest.raises(ValueError, match="references"):
            ProbabilityReward(Policy(), SPLICER, references=references)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="policy must be"):
        ProbabilityReward(Policy(), SPLICER, baseline="last")  # type: ignore[arg-type]


def test_a_plan_asks_and_finishes_like_a_call() -> None:
    policy = Policy()
    arguments = ([PROMPTS[0]] * 5, [*GOOD, BAD[0]], [["12", "42"], "12", "x", " ", "12"])
    plan = ProbabilityReward(None, SPLICER).plan(*arguments)
    whole = ProbabilityReward(policy, SPLICER)
    called = whole(*arguments)
    assert list(plan.sequences) == policy.calls[0]
    again = plan.finish(policy(plan.sequences))
    assert repr(again) == repr(called)  # NaN is no equal of NaN.
    with pytest.raises(ValueError, match="scorer must answer for 7 references"):
        plan.finish(policy(plan.sequences[1:]))


def test_plans_answered_one_by_one_and_later() -> None:
    policy = Policy()
    reward = ProbabilityReward(None, SPLICER, shaping=Identity())

    async def one(response: list[int], waits: int) -> tuple[float, int]:
        plan = reward.plan([PROMPTS[0]], [response], ["12"])
        for _ in range(waits):
            await asyncio.sleep(0)
        found = [list(map(math.log, policy.tokens(one))) for one in plan.sequences]
        (scored,) = plan.finish(TokenLogProbs.of(found))
        return scored.reward, len(plan.sequences)

    async def all_of(waits: list[int]) -> list[tuple[float, int]]:
        return await asyncio.gather(*map(one, GOOD, waits))

    whole = ProbabilityReward(policy, SPLICER, shaping=Identity())
    wanted = whole([PROMPTS[0]] * 4, GOOD, ["12"] * 4).rewards
    assert len(set(wanted)) == 4
    assert asyncio.run(all_of([4, 1, 3, 2])) == [(pytest.approx(x, abs=1e-6), 2) for x in wanted]
    # The baseline is known by now.
    assert asyncio.run(all_of([0, 1, 0, 1])) == [(pytest.approx(x, abs=1e-6), 1) for x in wanted]


def test_log_probabilities_from_numbers() -> None:
    found = TokenLogProbs.of([[-1.0, -2.0], [], [-3.0]])
    assert found.log_probs.tolist() == [-1.0, -2.0, -3.0]
    assert found.log_probs.dtype == torch.float32
    assert found.cu_seqlens.tolist() == [0, 2, 2, 3]
    assert TokenLogProbs.of([]).cu_seqlens.tolist() == [0]


def test_without_a_scorer() -> None:
    reward = ProbabilityReward(None, SPLICER)
    assert reward([PROMPTS[0]], [BAD[0]], ["12"]).rewards == [0.0]
    plan = reward.plan([PROMPTS[0]], [BAD[0]], ["12"])
    assert plan.sequences == ()
    assert plan.finish(TokenLogProbs.of([])).rewards == [0.0]
    with pytest.raises(ValueError, match=r"no scorer to ask: pass one, or use plan\(\)"):
        reward([PROMPTS[0]], [GOOD[0]], ["12"])
    with pytest.raises(ValueError, match="no scorer to ask"):
        reward.prepare(PROMPTS, ["12", "42"])


def test_it_travels() -> None:
    reward = ProbabilityReward(Policy(), Splicer(Composing()))
    again = pickle.loads(pickle.dumps(reward))
    arguments = ([PROMPTS[0]] * 4, GOOD, ["12"] * 4)
    assert again(*arguments).responses == reward(*arguments).responses
