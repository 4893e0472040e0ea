"""Makes the fixtures of this folder, each with the program that writes such files where it runs.

    VENV/bin/python tests/layouts/make_fixtures.py NAME...

Every program wants an environment of its own (the table in fixtures/README.md says what is in it),
so a name is given: trl, lm_eval, verl, inspect, lighteval, opencompass, verifiers. `plain` writes
what is made by hand, with pyarrow alone. No model is run: a stand-in gives prepared responses, and
the program's own code writes them down.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from by_hand import plain
from prepared import HERE, PROBLEMS, rows, write_lines


def trl() -> None:
    """TRL 1.16.0: `GRPOTrainer.log` of a trainer that has run no step, with log_extra."""
    from accelerate import Accelerator
    from transformers import Trainer
    from trl import GRPOTrainer

    Trainer.log = lambda self, logs, start_time=None: None
    for name, golds in (("trl.parquet", True), ("trl_without_gold.parquet", False)):
        folder = Path(tempfile.mkdtemp())
        (folder / "completions").mkdir()
        trainer = GRPOTrainer.__new__(GRPOTrainer)
        trainer.model = SimpleNamespace(training=True)
        trainer._metrics = {"train": {}, "eval": {}}
        trainer.accelerator = Accelerator(cpu=True)
        trainer.log_completions = True
        trainer.log_unique_prompts = False
        trainer.num_completions_to_print = 0
        trainer.state = SimpleNamespace(global_step=10)
        trainer.args = SimpleNamespace(output_dir=str(folder), report_to=[])
        trainer._logs = {
            "images": [],
            "prompt": [[{"role": "user", "content": row["problem"]}] for row in rows()],
            "completion": [[{"role": "assistant", "content": row["response"]}] for row in rows()],
            "rewards": {"accuracy_reward": [float(row["good"]) for row in rows()]},
            "extra": {"solution": [f"It is $\\boxed{{{row['gold']}}}$." for row in rows()]}
            if golds
            else {},
            "advantages": [0.0 for _ in rows()],
        }
        trainer.log({})
        shutil.copy(folder / "completions" / "completions_00010.parquet", HERE / name)


def lm_eval() -> None:
    """lm-eval 0.4.13: `simple_evaluate` of a task with two filters and two samples a problem."""
    import lm_eval as harness
    from lm_eval.api.model import LM
    from lm_eval.loggers import EvaluationTracker

    class Prepared(LM):
        def generate_until(self, requests: list) -> list[str]:
            texts = {problem: list(answers) for problem, _, answers in PROBLEMS}
            return [texts[request.args[0]].pop(0) for request in requests]

        loglikelihood = loglikelihood_rolling = None

    folder = Path(tempfile.mkdtemp())
    data = folder / "data.jsonl"
    data.write_text(
        "".join(
            json.dumps({"problem": problem, "answer": gold, "level": f"Level {i % 2 + 1}"}) + "\n"
            for i, (problem, gold, _) in enumerate(PROBLEMS)
        )
    )
    first = {"function": "take_first"}
    task = {
        "task": "tiny_math",
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(data)}},
        "test_split": "test",
        "output_type": "generate_until",
        "doc_to_text": "{{problem}}",
        "doc_to_target": "{{answer}}",
        "generation_kwargs": {"until": ["\n\n"]},
        "repeats": 2,
        "filter_list": [
            {
                "name": "boxed",
                "filter": [{"function": "regex", "regex_pattern": "boxed.(.+)."}, first],
            },
            {"name": "none", "filter": [first]},
        ],
        "metric_list": [{"metric": "exact_match"}],
    }
    results = harness.simple_evaluate(model=Prepared(), tasks=[task], log_samples=True)
    tracker = EvaluationTracker(output_path=str(folder / "out"))
    tracker.general_config_tracker.model_name_sanitized = "prepared"
    tracker.date_id = "2026-01-01T00-00-00"
    tracker.save_results_samples("tiny_math", results["samples"]["tiny_math"])
    shutil.copy(next((folder / "out").rglob("samples_*.jsonl")), HERE / "lm_eval.jsonl")


def verl() -> None:
    """verl 0.9.1: its writer of dumps, and the table that its `main_eval` reads."""
    import numpy as np
    import pandas as pd
    from verl.trainer.ppo.v1 import trainer_base

    trainer = next(
        value
        for value in vars(trainer_base).values()
        if isinstance(value, type) and "_write_generations" in vars(value)
    )
    for name, wrap in (("verl.jsonl", str), ("verl_arrays.jsonl", lambda gold: np.array([gold]))):
        folder = tempfile.mkdtemp()
        trainer._write_generations(
            inputs=[f"user\n{row['problem']}\nassistant\n" for row in rows()],
            outputs=[row["response"] for row in rows()],
            gts=[wrap(row["gold"]) for row in rows()],
            scores=[np.float32(row["good"]) for row in rows()],
            reward_extra_infos_dict={
                "acc": [bool(row["good"]) for row in rows()],
                "pred": ["" for _ in rows()],
                "uid": [f"{row['index']}_{n % 2}_0" for n, row in enumerate(rows())],
            },
            dump_path=folder,
            global_steps=20,
        )
        shutil.copy(Path(folder) / "20.jsonl", HERE / name)
    # What a version between #6062 and #6167 made of the arrays: their text.
    lines = (HERE / "verl_arrays.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        record["gts"] = str(np.array(record["gts"]))
    write_lines("verl_printed_arrays.jsonl", records)
    table = pd.DataFrame(
        {
            "data_source": ["tiny/one", "tiny/one", "tiny/two", "tiny/two"],
            "prompt": [[{"role": "user", "content": problem}] for problem, _, _ in PROBLEMS],
            "ability": ["math"] * len(PROBLEMS),
            "reward_model": [{"style": "rule", "ground_truth": gold} for _, gold, _ in PROBLEMS],
            "extra_info": [{"split": "test", "index": i} for i in range(len(PROBLEMS))],
            "responses": [list(texts) for _, _, texts in PROBLEMS],
        }
    )
    table.to_parquet(HERE / "verl_eval.parquet")


def inspect() -> None:
    """inspect_ai 0.3.285: `eval` with its mock model, two epochs, as archive and as JSON."""
    from inspect_ai import Task
    from inspect_ai import eval as run
    from inspect_ai.dataset import Sample
    from inspect_ai.log import read_eval_log, write_eval_log
    from inspect_ai.model import ModelOutput, ModelUsage, get_model
    from inspect_ai.scorer import match
    from inspect_ai.solver import generate

    os.environ["INSPECT_DISABLE_MODEL_API"] = "1"
    samples = [
        Sample(id=i + 1, input=problem, target=gold if i else [gold, "42.0"], metadata={"level": i})
        for i, (problem, gold, _) in enumerate(PROBLEMS)
    ]

    texts = {problem: list(answers) * 2 for problem, _, answers in PROBLEMS}

    def answer(messages: list, *_: object) -> ModelOutput:
        text = texts[messages[-1].text].pop(0)
        output = ModelOutput.from_content("mockllm/model", text)
        output.choices[0].stop_reason = "max_tokens" if text.endswith(",") else "stop"
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    for kind in ("eval", "json"):
        folder = tempfile.mkdtemp()
        model = get_model("mockllm/model", custom_outputs=answer)
        task = Task(dataset=samples, solver=generate(), scorer=match(), name="tiny_math", epochs=2)
        run(
            task,
            model=model,
            log_dir=folder,
            log_format=kind,
            display="none",
            max_connections=1,
            max_samples=1,
        )
        # Events are most of a log, and tell of the machine: they are left out.
        log = read_eval_log(str(next(Path(folder).glob(f"*.{kind}"))))
        for sample in log.samples or []:
            sample.events, sample.timelines = [], None
        log.eval.revision = None
        write_eval_log(log, str(HERE / f"inspect.{kind}"), format=kind)


def lighteval() -> None:
    """lighteval 0.13.0: its tracker's details of two samples a problem."""
    from lighteval.logging.evaluation_tracker import EvaluationTracker
    from lighteval.models.model_output import ModelResponse
    from lighteval.tasks.requests import Doc

    folder = tempfile.mkdtemp()
    tracker = EvaluationTracker(output_dir=folder)
    tracker.general_config_logger.model_name = "prepared"
    for i, (problem, gold, texts) in enumerate(PROBLEMS):
        doc = Doc(
            query=f"Solve. {problem}",
            choices=[gold, "none"],
            gold_index=[0],
            id=str(i),
            task_name="tiny:math|0",
            original_query=problem,
            num_samples=2,
        )
        response = ModelResponse(
            input=problem, text=list(texts), input_tokens=[1, 2], output_tokens=[[3], [4]]
        )
        # Its own `log` hashes texts, which the xxhash of today refuses.
        detail = tracker.details_logger.Detail(doc, response, {"pass@k": 0.5})
        tracker.details_logger.details["tiny:math|0"].append(detail)
    from datasets import Dataset

    rows_of_task = tracker.details["tiny:math|0"]
    details = Dataset.from_list(rows_of_task)
    tracker.save_details(
        "2026-01-01", {"tiny:math|0": details.select_columns(sorted(details.column_names))}
    )
    shutil.copy(next(Path(folder).rglob("details_*.parquet")), HERE / "lighteval.parquet")


def opencompass() -> None:
    """opencompass 0.5.4: its handler of generated outputs, texts and lists of samples."""
    from opencompass.openicl.icl_inferencer.icl_base_inferencer import GenInferencerOutputHandler

    for name, pick in (("opencompass.json", lambda t: t[0]), ("opencompass_samples.json", list)):
        handler = GenInferencerOutputHandler()
        for i, (problem, gold, texts) in enumerate(PROBLEMS):
            prompt = [{"role": "HUMAN", "prompt": problem}]
            handler.save_results(prompt, pick(texts), i, gold=gold)
        handler.write_to_json(str(HERE), name)


def verifiers() -> None:
    """verifiers 0.4.0: its own models of an episode, written as its trace store does."""
    from verifiers.v1.episode import EnvInfo, Episode
    from verifiers.v1.graph import MessageNode
    from verifiers.v1.task import TaskData
    from verifiers.v1.trace import AgentInfo, ModelCall, Trace, TraceTask
    from verifiers.v1.types import AssistantMessage, UserMessage
    from verifiers.v1.utils.trace_store import write_episode

    class MathData(TaskData):
        answer: str

    folder = Path(tempfile.mkdtemp())
    for n, row in enumerate(rows()):
        data = MathData(idx=row["index"], prompt=row["problem"], answer=row["gold"])
        task = TraceTask(type="Math", data=data, key=f"task-{row['index']}")
        asked = MessageNode(message=UserMessage(content=row["problem"]), timestamp=0.0)
        said = MessageNode(
            parent=0,
            message=AssistantMessage(content=row["response"], reasoning_content="Hm: 41?"),
            sampled=True,
            timestamp=0.0,
        )
        trace = Trace(
            id=f"trace-{n}",
            task=task,
            agent=AgentInfo.model_construct(),
            nodes=[asked, said],
            is_completed=True,
            ok=True,
            calls=[ModelCall.model_construct(finish_reason="length" if n == 6 else "stop")],
        )
        episode = Episode(env=EnvInfo(id="tiny-math"), task=task, traces=[trace], ok=True)
        write_episode(folder, episode)
    shutil.copy(folder / "traces.jsonl", HERE / "verifiers_traces.jsonl")


def saved() -> None:
    """datasets: `Dataset.save_to_disk`, and a dictionary of two splits."""
    from datasets import Dataset, DatasetDict

    records = [
        {"id": n, "question": row["problem"], "answer": row["gold"], "response": row["response"]}
        for n, row in enumerate(rows())
    ]
    for folder in ("saved", "saved_dict"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    Dataset.from_list(records).save_to_disk(str(HERE / "saved"), num_shards=2)
    splits = {"one": Dataset.from_list(records[:4]), "two": Dataset.from_list(records[4:])}
    DatasetDict(splits).save_to_disk(str(HERE / "saved_dict"))


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    makers = (trl, lm_eval, verl, inspect, lighteval, opencompass, verifiers, plain, saved)
    by_name = {maker.__name__: maker for maker in makers}
    for name in sys.argv[1:]:
        by_name[name]()
