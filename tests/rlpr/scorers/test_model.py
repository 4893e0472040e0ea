"""The scorer around a model: layouts tried, answers alone made into logits, nothing left behind."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn
from toy_lm import ToyLM, alone

from pyverify.rlpr import Spliced
from pyverify.rlpr.packing import BranchedScorer
from pyverify.rlpr.scorers import ModelScorer

PROMPT = [1, 2, 3, 4, 5]
SEQUENCES = [
    Spliced(PROMPT, [6, 7, 8], [9, 10]),
    Spliced(PROMPT, [6, 7, 8], [9, 11, 12]),
    Spliced([8, 9], [1, 1], [2]),
    Spliced(PROMPT, [], [9, 10]),
    Spliced(PROMPT, [], []),
    Spliced(PROMPT, [7, 6], [5, 4, 3, 2]),
]


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("sharing", ["auto", "tree", "flat", "padded"])
@pytest.mark.parametrize("most", [1, 12, 1000])
def test_as_each_sequence_alone(exact: bool, sharing: str, most: int) -> None:
    model = ToyLM()
    scorer = ModelScorer(model, max_tokens=most, sharing=sharing, exact=exact)  # type: ignore[arg-type]
    expected = alone(model, SEQUENCES)
    for _ in range(2):
        found = scorer(SEQUENCES)
        assert found.cu_seqlens.tolist() == [0, 2, 5, 6, 8, 8, 12]
        assert found.log_probs.dtype == torch.float32
        torch.testing.assert_close(found.log_probs, expected, atol=2e-6, rtol=0)
    assert scorer.sharing == ("tree" if sharing == "auto" else sharing)
    assert scorer.reads_hidden_states == exact


def test_temperature() -> None:
    model = ToyLM()
    one = SEQUENCES[0]
    ids = torch.tensor([[*one.context, *one.reference]])
    with torch.no_grad():
        logits = model.eval()(ids, use_cache=False).logits[0].double() / 0.6
    expected = logits.log_softmax(1)[[7, 8], [9, 10]].float()
    for exact in (True, False):
        found = ModelScorer(model, temperature=0.6, exact=exact)([one])
        torch.testing.assert_close(found.log_probs, expected, atol=2e-6, rtol=0)


def test_how_many_tokens_are_read() -> None:
    model = ToyLM()
    scorer = ModelScorer(model)
    scorer(SEQUENCES)
    # Two short sequences plainly and as a tree; then prompt 5, thought 3, reference 1 (and 11),
    # prompt and reference 5 + 1, another prompt 4, and a thought and its reference 5.
    assert model.calls[:2] == [(2, 9), (1, 14)]
    assert model.calls[2:] == [(1, 5 + 3 + 2 + 1 + 4 + 5)]
    model.calls.clear()
    scorer(SEQUENCES)
    assert len(model.calls) == 1
    flat = ModelScorer(model, sharing="flat")
    flat(SEQUENCES)
    assert model.calls[-1] == (1, 9 + 10 + 4 + 6 + 10)
    padded = ModelScorer(model, sharing="padded", max_tokens=22)
    model.calls.clear()
    padded(SEQUENCES)
    # Of one length or nearly so together: the budget counts padding.
    assert model.calls[1:] == [(2, 6), (2, 10), (1, 10)]


def test_nothing_asked_is_no_forward() -> None:
    model = ToyLM()
    for some in ([], [Spliced(PROMPT, [], []), Spliced([], [], [])]):
        found = ModelScorer(model)(some)
        assert (len(found.log_probs), len(found.cu_seqlens)) == (0, len(some) + 1)
    assert model.calls == []


def test_a_layout_that_gives_other_numbers_is_not_taken() -> None:
    model = ToyLM(blind=True)
    scorer = ModelScorer(model)
    torch.testing.assert_close(
        scorer(SEQUENCES).log_probs, alone(model, SEQUENCES), atol=2e-6, rtol=0
    )
    assert scorer.sharing == "flat"
    with pytest.raises(ValueError, match='sharing="tree" isn\'t for this model'):
        ModelScorer(model, sharing="tree")(SEQUENCES)


def test_layouts_that_a_configuration_rules_out() -> None:
    for model, layout in (
        (ToyLM("flash_attention_2"), "flat"),
        (ToyLM("something_else"), "padded"),
        (ToyLM(layer_types=["full_attention", "linear_attention"]), "padded"),
        (ToyLM(attention_layers=["global", "local"]), "padded"),
        (ToyLM(sliding_window=3, layer_types=["full_attention"]), "tree"),
        (ToyLM(sliding_window=3, use_sliding_window=False), "tree"),
    ):
        scorer = ModelScorer(model)
        found = scorer(SEQUENCES)
        torch.testing.assert_close(found.log_probs, alone(model, SEQUENCES), atol=2e-6, rtol=0)
        assert scorer.sharing == layout


def test_only_answers_become_logits() -> None:
    model, rows = ToyLM(), []
    model.lm_head.register_forward_hook(
        lambda layer, args, out: rows.append(len(out.flatten(0, -2)))
    )
    ModelScorer(model)(SEQUENCES)
    ModelScorer(model, exact=False)(SEQUENCES)
    # Those of two short sequences, twice; then one of hidden states, or all twelve, of which the
    # two references of one thought have the same contexts.
    assert rows == [12, 11, 1, 12, 11, 10]


class Doubled(nn.Module):
    """An output layer that is no matrix to be read."""

    def __init__(self, inner: nn.Linear) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        return 2 * self.inner(hidden)


def test_logits_of_its_own() -> None:
    """What cannot be read, isn't there, or is scaled as nobody says, is left to the model."""

    class Hidden(ToyLM):
        def get_output_embeddings(self) -> None:
            raise NotImplementedError

    wrapped, scaled, declared = ToyLM(), ToyLM(), ToyLM(logit_scale=1.5)
    wrapped.lm_head = Doubled(wrapped.lm_head)  # type: ignore[assignment]
    scaled.factor = declared.factor = 1.5
    for model in (scaled, Hidden(), wrapped):
        scorer = ModelScorer(model)
        found = scorer(SEQUENCES)
        torch.testing.assert_close(found.log_probs, alone(model, SEQUENCES), atol=2e-6, rtol=0)
        assert not scorer.reads_hidden_states
        assert scorer.sharing == "tree"
    scorer = ModelScorer(declared)
    torch.testing.assert_close(
        scorer(SEQUENCES).log_probs, alone(declared, SEQUENCES), atol=2e-6, rtol=0
    )
    assert scorer.reads_hidden_states


def hooks(model: nn.Module) -> int:
    return sum(len(one._forward_pre_hooks) + len(one._forward_hooks) for one in model.modules())


def test_the_model_is_left_as_it_was() -> None:
    model = ToyLM()
    model.train()
    model.queries.eval()
    scorer = ModelScorer(model)
    too_long = Spliced([1] * 70, [], [2])
    for given, error in ((SEQUENCES, None), ([too_long], IndexError)):
        if error is None:
            scorer(given)
        else:
            with pytest.raises(error):
                scorer(given)
        assert [one.training for one in model.modules()] == [True, True, True, False, True, True]
        assert hooks(model) == 0
        assert torch.is_grad_enabled()
    assert all(one.requires_grad for one in model.parameters())


def test_16_bit_logits_are_not_rounded() -> None:
    model = ToyLM().bfloat16()
    with torch.no_grad():
        model.lm_head.weight.mul_(8)
    one = SEQUENCES[0]
    seen: list[torch.Tensor] = []
    handle = model.lm_head.register_forward_pre_hook(lambda layer, args: seen.append(args[0][0]))
    model.alone(one)
    handle.remove()
    logits = seen[0].double() @ model.lm_head.weight.double().T + model.lm_head.bias.double()
    expected = logits.log_softmax(1)[[7, 8], [9, 10]].float()
    found = ModelScorer(model, sharing="padded")([one]).log_probs
    rounded = ModelScorer(model, sharing="padded", exact=False)([one]).log_probs
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
    assert (rounded - expected).abs().max() > 1e-4


def test_references_branch_off_responses() -> None:
    model = ToyLM()
    responses = [[6, 7, 8, 1, 1, 0], [7, 6, 0]]
    branched = BranchedScorer(ModelScorer(model), [PROMPT, PROMPT], responses)
    references = [SEQUENCES[0], SEQUENCES[5]]
    found = branched(references)
    torch.testing.assert_close(found.log_probs, alone(model, references), atol=2e-6, rtol=0)
    expected = alone(model, [Spliced(PROMPT, [], one) for one in responses])
    model.calls.clear()
    own = branched.response_log_probs()
    assert model.calls == []
    torch.testing.assert_close(own.log_probs, expected, atol=2e-6, rtol=0)


def test_wrapped_models() -> None:
    model = ToyLM()
    expected = alone(model, SEQUENCES)
    compiled = torch.compile(model, backend="eager")
    parallel = nn.DataParallel(model)
    for wrapped in (compiled, parallel):
        found = ModelScorer(wrapped)(SEQUENCES)  # type: ignore[arg-type]
        torch.testing.assert_close(found.log_probs, expected, atol=2e-6, rtol=0)


class Handing(nn.Module):
    """A wrapper as FSDP's and PEFT's: it has all that the module inside has, and must be called."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.calls_of_its_own = 0

    def __getattr__(self, name: str) -> object:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(self.inner, name)

    def forward(self, **arguments: object) -> object:
        self.calls_of_its_own += 1
        return self.inner(**{"use_cache": False, **arguments})


def test_a_wrapper_around_a_compiled_module_stays() -> None:
    model = ToyLM()
    wrapped = Handing(torch.compile(model, backend="eager"))  # type: ignore[arg-type]
    found = ModelScorer(wrapped)(SEQUENCES)
    torch.testing.assert_close(found.log_probs, alone(model, SEQUENCES), atol=2e-6, rtol=0)
    assert wrapped.calls_of_its_own > 0


def test_threads_take_turns() -> None:
    """One's hook and mode would be another's, too: of one shape, it would take the other's rows."""
    model = ToyLM()
    model.tokens.register_forward_pre_hook(lambda layer, args: time.sleep(0.002))
    questions = [Spliced([1, 2, 3], [4], [5, 6]), Spliced([9, 8, 7], [6], [5, 2])]
    expected = [alone(model, [one]) for one in questions]
    model.train()
    scorers = [ModelScorer(model), ModelScorer(nn.DataParallel(model))]

    def ask(which: int) -> list[torch.Tensor]:
        return [scorers[which]([questions[which]]).log_probs for _ in range(20)]

    with ThreadPoolExecutor(2) as pool:
        for found, wanted in zip(pool.map(ask, range(2)), expected, strict=True):
            for one in found:
                torch.testing.assert_close(one, wanted, atol=2e-6, rtol=0)
    assert model.training


def test_a_first_call_of_one_token_again_and_again() -> None:
    model = ToyLM(blind=True)
    for token in (0, 1):
        scorer = ModelScorer(model)
        scorer([Spliced([token], [], [token])])
        assert scorer.sharing == "flat"


def test_bad_arguments() -> None:
    model = ToyLM()
    with pytest.raises(ValueError, match="max_tokens must be at least 1, got 0"):
        ModelScorer(model, max_tokens=0)
    with pytest.raises(
        ValueError, match="sharing must be one of auto, tree, flat, padded; got 'x'"
    ):
        ModelScorer(model, sharing="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="temperature must be finite and above 0, got 0"):
        ModelScorer(model, temperature=0.0)
    with pytest.raises(ValueError, match="a reference needs a token before it"):
        ModelScorer(model)([Spliced([], [], [1])])
    model.calls.clear()
    with pytest.raises(ValueError, match=r"token ids must be below 13, .* got 99"):
        ModelScorer(model)([Spliced([1, 2], [], [3, 99])])
    assert model.calls == []
