"""Real models in the wrappers that trainers put around them give the same, and are left alone."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")

sys.path.insert(0, str(Path(__file__).parent))  # for `import rlpr_models`

from rlpr_models import SEQUENCES, VOCABULARY, alone, made, off  # noqa: E402

from pyverify.rlpr import Spliced  # noqa: E402
from pyverify.rlpr.scorers import ModelScorer  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours


def test_autocast_is_the_callers() -> None:
    model = made("llama")
    expected = alone(model)
    with torch.autocast("cpu", torch.bfloat16):
        scorer = ModelScorer(model)
        found = scorer(SEQUENCES)
    assert scorer.sharing == "tree"
    assert scorer.reads_hidden_states
    assert 1e-4 < off(found, expected) < 0.5


def hooks(model: Any) -> int:
    return sum(len(one._forward_pre_hooks) + len(one._forward_hooks) for one in model.modules())


def test_the_model_is_left_as_it_was() -> None:
    model = made("llama").train()
    model.model.layers[1].eval()
    model.gradient_checkpointing_enable()
    modes, count = [one.training for one in model.modules()], hooks(model)
    for given in (SEQUENCES, [Spliced([1], [], [VOCABULARY])]):
        try:
            ModelScorer(model)(given)
        except ValueError:
            assert given is not SEQUENCES
        assert [one.training for one in model.modules()] == modes
        assert hooks(model) == count
        assert model.config.use_cache
        assert torch.is_grad_enabled()
    assert all(one.grad is None and one.requires_grad for one in model.parameters())


def lora(model: Any, *targets: str) -> Any:
    peft = pytest.importorskip("peft", reason="peft is not installed")
    config = peft.LoraConfig(
        r=4, target_modules=list(targets), init_lora_weights=False, task_type="CAUSAL_LM"
    )
    return peft.get_peft_model(copy.deepcopy(model), config).eval()


@pytest.mark.parametrize(
    ("targets", "reads"), [(("q_proj", "down_proj"), True), (("q_proj", "lm_head"), False)]
)
def test_adapters(targets: tuple[str, ...], reads: bool) -> None:
    base = made("llama")
    model = lora(base, *targets)
    assert (alone(model) - alone(base)).abs().max() > 1e-2
    expected = alone(model)
    model.train()
    scorer = ModelScorer(model)
    assert off(scorer(SEQUENCES), expected) <= 5e-5
    assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", reads)
    with model.disable_adapter():
        assert off(scorer(SEQUENCES), alone(base)) <= 5e-5
    assert model.training


@pytest.mark.parametrize("kind", ["PromptTuningConfig", "PrefixTuningConfig"])
def test_virtual_tokens(kind: str) -> None:
    peft = pytest.importorskip("peft", reason="peft is not installed")
    config = getattr(peft, kind)(num_virtual_tokens=3, task_type="CAUSAL_LM")
    model = peft.get_peft_model(made("llama"), config).eval()
    # Each sequence as the scorer must: with a mask of its tokens, and its places from the end.
    scorer = ModelScorer(model)
    assert off(scorer(SEQUENCES), alone(model)) <= 5e-5
    assert (scorer.sharing, scorer.reads_hidden_states) == ("padded", True)


def test_quantised() -> None:
    quantization = pytest.importorskip("torchao.quantization", reason="torchao is not installed")
    for every in (True, False):
        model = made("llama")
        quantization.quantize_(
            model,
            quantization.Int8WeightOnlyConfig(),
            lambda layer, name, every=every: (
                isinstance(layer, torch.nn.Linear) and (every or name != "lm_head")
            ),
        )
        assert (alone(model) - alone(made("llama"))).abs().max() > 1e-4
        scorer = ModelScorer(model)
        assert off(scorer(SEQUENCES), alone(model)) <= 5e-5
        assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", not every)


def test_wrapped_by_accelerate() -> None:
    accelerate = pytest.importorskip("accelerate", reason="accelerate is not installed")
    expected = alone(made("llama"))
    offloaded = accelerate.cpu_offload(made("llama"), execution_device="cpu")
    assert next(offloaded.parameters()).device.type == "meta"
    scorer = ModelScorer(offloaded)
    assert off(scorer(SEQUENCES), expected) <= 5e-5
    assert not scorer.reads_hidden_states
    mixed = accelerate.Accelerator(cpu=True, mixed_precision="bf16").prepare(made("llama"))
    scorer = ModelScorer(mixed)
    assert 1e-4 < off(scorer(SEQUENCES), expected) < 0.5
    assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", True)


def test_wrapped_by_torch(tmp_path: Any) -> None:
    expected = alone(made("llama"))
    assert off(ModelScorer(torch.compile(made("llama")))(SEQUENCES), expected) <= 5e-5
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{tmp_path / 'store'}", rank=0, world_size=1
    )
    try:
        parallel = torch.nn.parallel.DistributedDataParallel(made("llama"))
        assert off(ModelScorer(parallel)(SEQUENCES), expected) <= 5e-5
        mesh = torch.distributed.device_mesh.init_device_mesh("cpu", (1,))
        model = made("llama")
        for layer in model.model.layers:
            torch.distributed.fsdp.fully_shard(layer, mesh=mesh)
        sharded = torch.distributed.fsdp.fully_shard(model, mesh=mesh)
        scorer = ModelScorer(sharded)
        assert off(scorer(SEQUENCES), expected) <= 5e-5
        assert (scorer.sharing, scorer.reads_hidden_states) == ("tree", True)
    finally:
        torch.distributed.destroy_process_group()
