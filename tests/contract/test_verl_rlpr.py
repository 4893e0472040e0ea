"""The agent loop in verl's own worker, with an engine made of a small model."""

from __future__ import annotations

import asyncio
import math
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import numpy as np
    import torch
    from hydra import compose, initialize_config_module
    from verl.experimental.agent_loop.agent_loop import AgentLoopWorker
    from verl.protocol import DataProto
    from verl.workers.rollout.llm_server import FullyAsyncLLMServerClient
    from verl.workers.rollout.replica import TokenOutput

    from pyverify.integrations.recipes.tiny import make_model, make_tokenizer, sums
    from pyverify.integrations.verl import rlpr_agent_loop

from pyverify.rlpr import ProbabilityReward, Splicer, TokenLogProbs

pytestmark = pytest.mark.filterwarnings("ignore")

YAML = Path(rlpr_agent_loop.__file__).with_name("rlpr_agent.yaml")
TOKENIZER = make_tokenizer()
MODEL = make_model(TOKENIZER).eval()


def log_probs(ids: list[int]) -> list[float]:
    """Of each token but the first, given those before it."""
    with torch.no_grad():
        logits = MODEL(input_ids=torch.tensor([ids])).logits[0, :-1]
    chosen = logits.double().log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])
    return chosen[:, 0].tolist()


class Engine:
    """What verl's client of its servers does, by the model itself, in one process.

    `prompt_logprobs` are given as verl's vLLM server gives them: verl's extract_prompt_logprobs
    leaves out the first position, and pads the end.
    """

    def __init__(self, aborts: int = 0) -> None:
        self.asked: list[list[int]] = []
        self.aborts = aborts

    async def generate(
        self, request_id: str, *, prompt_ids: list[int], sampling_params: dict, **_: object
    ) -> TokenOutput:
        await asyncio.sleep(0)
        if sampling_params.get("prompt_logprobs") is not None:
            assert sampling_params == {
                "max_tokens": 1,
                "temperature": 1.0,
                "prompt_logprobs": 0,
                "detokenize": False,
            }
            self.asked.append(prompt_ids)
            if self.asked.count(prompt_ids) <= self.aborts:
                # As a server answers what a weight update aborts before it was begun.
                return TokenOutput(
                    token_ids=[], stop_reason="aborted", extra_fields={"global_steps": 1}
                )
            fields = {
                "prompt_ids": [[one] for one in prompt_ids[1:]] + [[0]],
                "prompt_logprobs": [[x] for x in log_probs(prompt_ids)] + [[0.0]],
            }
            return TokenOutput(token_ids=[0], extra_fields=fields)
        whole = MODEL.generate(
            torch.tensor([prompt_ids]), do_sample=True, max_new_tokens=32, temperature=1.0
        )
        return TokenOutput(token_ids=whole[0, len(prompt_ids) :].tolist())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("model")
    TOKENIZER.save_pretrained(found)
    MODEL.save_pretrained(found)
    return found


def worker(folder: Path, engine: Engine, *changes: str, **loop: object) -> AgentLoopWorker:
    listed = folder / "agent.yaml"
    text = YAML.read_text()
    for name, value in loop.items():
        assert f"  {name}: " in text
        text = "\n".join(
            f"  {name}: {value}" if line.startswith(f"  {name}: ") else line
            for line in text.splitlines()
        )
    listed.write_text(text)
    with initialize_config_module(config_module="verl.trainer.config", version_base=None):
        config = compose(
            config_name="ppo_trainer",
            overrides=[
                f"actor_rollout_ref.model.path={folder}",
                "actor_rollout_ref.rollout.name=vllm",
                "actor_rollout_ref.rollout.prompt_length=16",
                "actor_rollout_ref.rollout.response_length=32",
                "actor_rollout_ref.rollout.temperature=1.0",
                "actor_rollout_ref.rollout.agent.default_agent_loop=rlpr_agent",
                f"actor_rollout_ref.rollout.agent.agent_loop_config_path={listed}",
                *changes,
            ],
        )
    return AgentLoopWorker(config, llm_client=engine)


def rows(count: int, answers: list[object] | None = None) -> DataProto:
    data = sums(count, seed=5)
    wanted = data["answer"] if answers is None else answers
    columns = {
        "raw_prompt": list(data["prompt"]),
        "reward_model": [{"style": "rule", "ground_truth": one} for one in wanted],
        "data_source": ["sums"] * count,
    }
    filled = {}
    for name, values in columns.items():
        filled[name] = np.empty(count, dtype=object)
        filled[name][:] = values
    return DataProto.from_dict(
        tensors={"dummy": torch.zeros(count, 1)}, non_tensors=filled, meta_info={"global_steps": 1}
    )


def run(made: AgentLoopWorker, batch: DataProto) -> DataProto:
    torch.manual_seed(3)
    rlpr_agent_loop._reward.cache_clear()
    return asyncio.run(made.generate_sequences(batch))


def expected(found: DataProto, at: int, answer: str) -> float:
    """The reward by a scorer that has the model itself."""

    def scorer(sequences: list) -> TokenLogProbs:
        return TokenLogProbs.of(
            [log_probs([*x.context, *x.reference])[-len(x.reference) :] for x in sequences]
        )

    mask = found.batch["attention_mask"][at].bool()
    width = found.batch["prompts"].shape[1]
    prompt = found.batch["prompts"][at][mask[:width]].tolist()
    response = found.batch["responses"][at][mask[width:]].tolist()
    (scored,) = ProbabilityReward(scorer, Splicer(TOKENIZER))([prompt], [response], [answer])
    return 0.9 * scored.reward + 0.1 * scored.well_formed


def test_a_batch_through_the_worker(folder: Path) -> None:
    engine, count = Engine(), 12
    batch = rows(count)
    answers = [one["ground_truth"] for one in batch.non_tensor_batch["reward_model"]]
    found = run(worker(folder, engine), batch)
    scores = found.batch["rm_scores"].sum(1).tolist()
    wanted = [expected(found, at, answer) for at, answer in enumerate(answers)]
    assert scores == pytest.approx(wanted, abs=1e-6)
    assert len({round(x, 3) for x in scores}) > count / 2
    # The reward stands at the response's last token.
    assert ((found.batch["rm_scores"] != 0).sum(1) <= 1).all()
    extra = found.non_tensor_batch
    assert extra["score"].tolist() == pytest.approx(wanted, abs=1e-6)
    assert {"pred", "rlpr_probability", "rlpr_baseline", "rlpr_format", "rlpr_nan"} <= extra.keys()
    assert set(found.meta_info["reward_extra_keys"]) >= {"score", "rlpr_probability"}
    spliced = sum(x == 0 for x in extra["rlpr_unspliced"])
    # A question for each response with a place for a reference, one more for its baseline.
    assert spliced < len(engine.asked) <= 2 * spliced


def test_known_baselines_are_not_asked_for(folder: Path, tmp_path: Path) -> None:
    engine, count = Engine(), 4
    batch = rows(count)
    # As the baseline's script does: by the tokenizer's own chat template.
    reward = ProbabilityReward(
        lambda sequences: TokenLogProbs.of(
            [[math.log(0.25)] * len(x.reference) for x in sequences]
        ),
        Splicer(TOKENIZER),
    )
    prompts = [
        TOKENIZER.apply_chat_template(one, add_generation_prompt=True, return_dict=False)
        for one in batch.non_tensor_batch["raw_prompt"]
    ]
    answers = [one["ground_truth"] for one in batch.non_tensor_batch["reward_model"]]
    reward.prepare(prompts, answers)
    reward.baseline.save(tmp_path / "baseline.json")
    found = run(worker(folder, engine, baseline_path=tmp_path / "baseline.json"), batch)
    extra = found.non_tensor_batch
    spliced = extra["rlpr_unspliced"] == 0
    assert spliced.any()
    assert extra["rlpr_baseline"][spliced].tolist() == pytest.approx([0.25] * int(spliced.sum()))
    assert len(engine.asked) == int(spliced.sum())


def test_what_cannot_be_scored_is_a_number(folder: Path) -> None:
    engine = Engine()
    found = run(worker(folder, engine), rows(4, ["", " ", ["7", ""], "7"]))
    extra = found.non_tensor_batch
    scores = found.batch["rm_scores"].sum(1)
    assert scores.isfinite().all()
    assert extra["rlpr_unspliced"][:2].tolist() == [1.0, 1.0]
    assert all(TOKENIZER.decode(ids[-1:]) == "7" for ids in engine.asked)


def test_no_room_in_the_engine(folder: Path) -> None:
    engine = Engine()
    changes = ["actor_rollout_ref.rollout.max_model_len=12"]
    found = run(worker(folder, engine, *changes), rows(4))
    extra = found.non_tensor_batch
    # Baselines are short enough, responses aren't.
    assert all(len(ids) < 12 for ids in engine.asked)
    spliced = extra["rlpr_unspliced"] == 0
    assert spliced.any()
    assert extra["rlpr_nan"][spliced].tolist() == [1.0] * int(spliced.sum())
    wanted = [0.1 * x for x in extra["rlpr_format"]]
    assert found.batch["rm_scores"].sum(1).tolist() == pytest.approx(wanted)


def test_no_reference_is_no_number(folder: Path) -> None:
    answers = [None, math.nan, np.array([], dtype=object), np.array(["7", "8"], dtype=object)]
    found = run(worker(folder, Engine()), rows(4, answers))
    extra = found.non_tensor_batch
    assert found.batch["rm_scores"].sum(1).isfinite().all()
    # A place for an answer is no use without one.
    assert extra["rlpr_nan"][:3].tolist() == [1.0] * 3
    assert extra["rlpr_nan"][3] == 0.0


def test_a_row_without_a_reference_is_scored_by_its_form(folder: Path) -> None:
    batch = rows(2)
    batch.non_tensor_batch["reward_model"][0] = {"style": "rule"}
    batch.non_tensor_batch["reward_model"][1] = None
    made = run(worker(folder, Engine()), batch)
    assert made.non_tensor_batch["rlpr_nan"].tolist() == [1.0, 1.0]
    assert made.batch["rm_scores"].sum(1).isfinite().all()


def test_what_a_weight_update_aborts_is_asked_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rlpr_agent_loop, "_PAUSE", 0.0)
    quiet = run(worker(folder, Engine()), rows(4))
    aborted = run(worker(folder, Engine(aborts=2)), rows(4))
    assert aborted.batch["rm_scores"].tolist() == quiet.batch["rm_scores"].tolist()
    assert (quiet.batch["rm_scores"] != 0).any()


def test_what_is_aborted_every_time_is_a_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rlpr_agent_loop, "_PAUSE", 0.0)
    found = run(worker(folder, Engine(aborts=99)), rows(4))
    extra = found.non_tensor_batch
    spliced = extra["rlpr_unspliced"] == 0
    assert spliced.any()
    assert extra["rlpr_nan"][spliced].tolist() == [1.0] * int(spliced.sum())
    wanted = [0.1 * x for x in extra["rlpr_format"]]
    assert found.batch["rm_scores"].sum(1).tolist() == pytest.approx(wanted)


class Server:
    """A server's handle, as Ray would give it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def generate(self) -> Server:
        return self

    async def remote(self, **asked: object) -> TokenOutput:
        return await self.engine.generate(**asked)


class AsyncClient(FullyAsyncLLMServerClient):
    """verl's own client of its async trainers, with one server that Ray doesn't run."""

    def __init__(self, config: object, engine: Engine) -> None:
        super().__init__(config)
        self.server = Server(engine)

    async def _acquire_server(self, request_id: str, **_: object) -> tuple[str, Server]:
        return "0", self.server

    def _release_server(self, server_id: str, request_id: str | None = None) -> None:
        pass


def test_the_client_of_the_async_trainers(folder: Path) -> None:
    engine = Engine()
    made = worker(folder, engine)
    wanted = run(made, rows(4))
    made.llm_client = AsyncClient(made.config, engine)
    found = run(made, rows(4))
    assert found.batch["rm_scores"].tolist() == wanted.batch["rm_scores"].tolist()
    assert (wanted.batch["rm_scores"] != 0).any()


class NoLogProbs(Engine):
    """An engine that doesn't know of prompt_logprobs."""

    async def generate(self, request_id: str, **asked: object) -> TokenOutput:
        found = await super().generate(request_id, **asked)
        return TokenOutput(token_ids=found.token_ids)


def test_an_engine_without_log_probabilities_is_an_error(folder: Path) -> None:
    with pytest.raises(RuntimeError, match=r"rollout\.name=vllm"):
        run(worker(folder, NoLogProbs()), rows(4))
