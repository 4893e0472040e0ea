"""OpenRLHF's reward function without OpenRLHF: responses found in queries, numbers always."""

from __future__ import annotations

import importlib.util
import logging
import math
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

import pyverify.integrations.openrlhf as ours
from pyverify.integrations.openrlhf import RewardFunc, reward_func_of
from pyverify.integrations.openrlhf.responses import response_of
from pyverify.integrations.references import references_of
from pyverify.rewards import Correctness, Function

FOLDER = Path(ours.__file__).parent
PROMPT = (
    "<|im_start|>user\nWhat is 1+1?<|im_end|>\n<|im_start|>assistant\nIt is \\boxed{2}.<|im_end|>\n"
    "<|im_start|>user\nWhat is 2+2? Put it into \\boxed{}.<|im_end|>\n<|im_start|>assistant\n"
)
RESPONSE = "\n It is \\boxed{4}.<|im_end|>"


def load(name: str, path: Path) -> object:
    """A file as OpenRLHF loads it."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fails(texts: list[str], **_: object) -> list[float]:
    """A user's function with a fault."""
    if any("boom" in one for one in texts):
        raise ValueError("boom")
    return [0.5] * len(texts)


def huge(texts: list[str], **_: object) -> list[float]:
    """A user's function without bounds."""
    return [math.nan if "nan" in one else math.inf for one in texts]


@pytest.mark.parametrize(
    "seen",
    [
        PROMPT,
        f"<s>{PROMPT}",
        PROMPT[40:],  # cut at its beginning
        PROMPT[110:],
        PROMPT.replace("2+2? Put", "2+2 ? Put"),  # white space from decoding
        PROMPT.replace("\n", " "),
        PROMPT.lstrip("<").replace("What is 1", "What's 1"),
        PROMPT.replace("2+2", "２+２"),  # as a normal form would have it
    ],
)
def test_the_response_is_what_follows_the_prompt(seen: str) -> None:
    assert response_of(seen + RESPONSE, PROMPT).strip() == RESPONSE.strip()


def test_a_prompt_that_is_not_there_is_as_long_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    assert response_of("#" * len(PROMPT) + RESPONSE, PROMPT) == RESPONSE
    assert "reward_agent.py" in caplog.text
    assert response_of("", PROMPT) == ""
    assert response_of(RESPONSE, "") == RESPONSE


@pytest.mark.parametrize(
    ("query", "prompt"),
    [
        ("b" + "a" * 200_000, "c" + "a" * 100_000),
        ("y" + "a" * 200_000, "x" + "a" * 150_000 + "b" + "a" * 50_000),
        ("y" + "ab" * 100_000, "x" + "ab" * 50_000 + "aab" + "ab" * 12_000),
        (" a" * 2_000_000, "a" * 2_000_000),
    ],
)
def test_a_text_that_repeats_itself_costs_no_square(query: str, prompt: str) -> None:
    begin = time.perf_counter()
    response_of(query, prompt)
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 9000])
def test_white_space_of_any_length_is_looked_past(size: int) -> None:
    prompt = "a b" * size + "end"
    for query in ("ab" * size + "end", " " * size + "a\nb " * size + "end"):
        for response in ("", " ", " 4 ", "end"):
            assert response_of(query + response, prompt) == response


def test_a_box_of_the_prompt_is_no_answer() -> None:
    found = reward_func_of("correctness")([PROMPT[40:] + "I don't know."], [PROMPT], ["2"])
    assert found["rewards"].tolist() == [0.0]


def test_one_number_for_each_response() -> None:
    func = reward_func_of("format_accuracy")
    golds = ["4", 4, 4.0, ["4"], '{"any_of": ["4", "four"]}', {"any_of": [4]}, "", None, math.nan]
    found = func([PROMPT + RESPONSE] * 9, [PROMPT] * 9, golds)
    assert found["rewards"].tolist() == [1.0] * 6 + [0.0] * 3
    assert found["scores"].tolist() == [1.0] * 6 + [0.0] * 3
    assert found["extra_logs"]["abstained"].tolist() == [0.0] * 6 + [1.0] * 3
    for label in (*golds, {"x": [[]]}, [None], [], b"4", object(), 10**500, "\ud800", "(" * 9999):
        one = func([PROMPT + RESPONSE], [PROMPT], [label])
        assert list(one["extra_logs"]) == list(found["extra_logs"])
        for values in (one["rewards"], one["scores"], *one["extra_logs"].values()):
            assert values.shape == (1,)
            assert torch.isfinite(values).all()


@pytest.mark.parametrize("response", ["", "\ud800", "\x00", "<think>", "\\boxed{" * 5000])
def test_whatever_a_model_writes(response: str) -> None:
    found = reward_func_of("r1")([PROMPT + response], [PROMPT], ["4"])
    assert found["scores"].tolist() == [0.0]


def test_scores_are_accuracies_whatever_the_reward() -> None:
    found = reward_func_of("graded_basic")(
        [PROMPT + RESPONSE, PROMPT + "\\boxed{5}"], [PROMPT] * 2, ["4"] * 2
    )
    assert found["rewards"].max() > 1
    assert found["scores"].tolist() == [1.0, 0.0]


def test_a_fault_in_a_users_function_is_a_number(caplog: pytest.LogCaptureFixture) -> None:
    reward = 0.5 * Correctness() + Function(fails, name="own")
    func = reward_func_of(reward)
    found = func([PROMPT + RESPONSE, f"{PROMPT}boom"], [PROMPT] * 2, ["4", "4"])
    assert found["rewards"].tolist() == [1.0, 0.0]
    assert found["extra_logs"]["error"].tolist() == [0.0, 1.0]
    assert "boom" in caplog.text
    found = reward_func_of(Function(huge, name="own"))(
        [PROMPT + "nan", PROMPT], [PROMPT] * 2, [4, 4]
    )
    for values in (found["rewards"], *found["extra_logs"].values()):
        assert torch.isfinite(values).all()


def test_no_component_hides_what_openrlhf_logs() -> None:
    func = reward_func_of(0.5 * Correctness(name="score") + 0.5 * Correctness(name="mine"))
    found = func([PROMPT + RESPONSE], [PROMPT], ["4"])
    assert {"pyverify_score", "mine"} <= set(found["extra_logs"])
    assert not {"score", "reward", "kl", "pred"} & set(found["extra_logs"])


def test_in_many_threads_and_in_another_process() -> None:
    func = pickle.loads(pickle.dumps(reward_func_of("format_accuracy")))
    texts = [f"\\boxed{{{at % 7}}}" for at in range(400)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda text: func([PROMPT + text], [PROMPT], ["3"]), texts))
    whole = func([PROMPT + text for text in texts], [PROMPT] * 400, ["3"] * 400)
    assert torch.cat([one["rewards"] for one in found]).tolist() == whole["rewards"].tolist()
    assert whole["scores"].sum() == 57


def test_a_large_batch_is_one_call() -> None:
    size = 100_000
    found = reward_func_of("correctness")([PROMPT + RESPONSE] * size, [PROMPT] * size, ["4"] * size)
    assert found["rewards"].sum() == size


def test_the_file_takes_its_reward_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    monkeypatch.delenv("PYVERIFY_REWARD", raising=False)
    module = load("reward_func", FOLDER / "reward.py")
    assert isinstance(module.reward_func, RewardFunc)
    assert "PYVERIFY_REWARD is not set: the reward is correctness" in caplog.text
    caplog.clear()
    monkeypatch.setenv("PYVERIFY_REWARD", "format_accuracy")
    module = load("reward_func", FOLDER / "reward.py")
    found = module.reward_func([PROMPT + "The answer is 4."], [PROMPT], ["4"])
    assert found["rewards"].tolist() == [pytest.approx(0.9)]
    assert caplog.text == ""
    (tmp_path / "mine.toml").write_text('[reward]\nkind = "nothing"\n')
    monkeypatch.setenv("PYVERIFY_REWARD", str(tmp_path / "mine.toml"))
    with pytest.raises(ValueError, match=r"mine\.toml"):
        load("reward_func", FOLDER / "reward.py")


@pytest.mark.parametrize(
    ("said", "prefilled"),
    [("1", True), ("true", True), ("0", False), ("False", False), (" no", False), ("", False)],
)
def test_the_file_is_told_of_a_reasoning_block(
    monkeypatch: pytest.MonkeyPatch, said: str, prefilled: bool
) -> None:
    monkeypatch.setenv("PYVERIFY_REWARD", "correctness")
    monkeypatch.setenv("PYVERIFY_PREFILLED", said)
    assert load("reward_func", FOLDER / "reward.py").reward_func.reward.prefilled is prefilled


@pytest.mark.parametrize(
    ("recipe", "agent"), [("dapo", "reward_agent.py"), ("rlpr", "rlpr_agent.py")]
)
def test_what_a_function_cannot_know_is_refused_at_once(recipe: str, agent: str) -> None:
    with pytest.raises(ValueError, match=agent):
        reward_func_of(recipe)


def test_references_are_texts() -> None:
    assert references_of(" 7 ") == [" 7 "]
    assert references_of(7.0) == references_of([7.0, math.nan]) == ["7"]
    assert references_of(torch.tensor([7, 8])) == ["7", "8"]
    assert references_of("{not json") == ["{not json"]
    assert references_of('{"any_of": 3}') == ['{"any_of": 3}']
    assert references_of('{"any_of": [' + "[" * 100_000) == ['{"any_of": [' + "[" * 100_000]
    assert references_of(["a", None, ["b"], 2]) == ["a", "2"]
    for nothing in (None, "", " ", math.inf, True, {}, {"x": 1}, b"7", object()):
        assert references_of(nothing) == []
