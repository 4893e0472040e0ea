"""RLPR with TRL's GRPOTrainer: `python rlpr.py --model MODEL --data train.jsonl`.

The data set has a column with the problem and one with the reference answer: a text of any kind, no
verifier reads it. `--smoke` trains a model of 64 dimensions on sums instead, in a minute on a CPU.
On several GPUs: `accelerate launch rlpr.py ...`.
"""

from __future__ import annotations

import argparse
import os

from datasets import Dataset, load_dataset
from transformers import AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

from pyverify.integrations.trl.rlpr import RLPRReward, RLPRTrainer
from pyverify.rlpr import TEMPLATES, StdFilter, Template

# Of a rollout.
PROMPTS, RESPONSES, UPDATES = 768, 8, 4


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", help="a folder or a name on the hub")
    parser.add_argument("--data", help="a file of JSON lines or Parquet")
    parser.add_argument("--problem", default="problem", help="its column of problems")
    parser.add_argument("--reference", default="answer", help="its column of reference answers")
    parser.add_argument("--output", default="runs/rlpr")
    parser.add_argument("--template", choices=sorted(TEMPLATES), default="think_answer")
    parser.add_argument(
        "--prefilled",
        action="store_true",
        help="the model's chat template ends the prompt with <think> itself",
    )
    parser.add_argument(
        "--no-system",
        action="store_true",
        help="instructions before the problem: for chat templates without a system turn (Gemma 2)",
    )
    parser.add_argument(
        "--plain", action="store_true", help="score by a forward of its own, in a GRPOTrainer"
    )
    parser.add_argument("--vllm", choices=("none", "colocate", "server"), default="colocate")
    parser.add_argument("--steps", type=int, default=-1, help="updates; by default one epoch")
    parser.add_argument("--rows", type=int, default=4, help="responses of a forward on a GPU")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--smoke", action="store_true")
    chosen = parser.parse_args()
    if chosen.smoke:
        return chosen
    if not (chosen.model and chosen.data):
        parser.error("--model and --data are needed, or --smoke")
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    # Whole groups in each process, and as many forwards in each of 4 updates.
    if PROMPTS % processes or PROMPTS * RESPONSES % (UPDATES * processes * chosen.rows):
        parser.error(
            f"{PROMPTS} groups of {RESPONSES} responses don't divide into {UPDATES} updates on "
            f"{processes} processes with --rows {chosen.rows}: take as many processes as divide "
            f"{PROMPTS}, and --rows so that processes x rows divides "
            f"{PROMPTS * RESPONSES // UPDATES}"
        )
    return chosen


def settings(chosen: argparse.Namespace) -> dict[str, object]:
    """RLPR's settings (https://arxiv.org/abs/2506.18254), in TRL's words."""
    steps = PROMPTS * RESPONSES // (chosen.rows * int(os.environ.get("WORLD_SIZE", "1")))
    found: dict[str, object] = {
        "output_dir": chosen.output,
        "num_generations": RESPONSES,
        "per_device_train_batch_size": chosen.rows,
        "steps_per_generation": steps,
        # Several updates for each rollout, so that old log-probabilities are needed.
        "gradient_accumulation_steps": steps // UPDATES,
        # 0.6 in the paper for Gemma and Llama.
        "temperature": 1.0,
        "max_completion_length": 3072,
        # Ratios are clipped to [0.8, 1.27], and there is no KL term: TRL loads no reference model.
        "epsilon": 0.2,
        "epsilon_high": 0.27,
        "beta": 0.0,
        "learning_rate": 1e-6,
        "lr_scheduler_type": "constant",
        "bf16": True,
        "num_train_epochs": 1,
        "max_steps": chosen.steps,
        "logging_steps": 1,
        "save_steps": 20,
        "report_to": "none",
    }
    if chosen.vllm != "none":
        found |= {
            "use_vllm": True,
            "vllm_mode": chosen.vllm,
            # RLPR corrects nothing here. TRL would leave out responses whose probabilities in vLLM
            # and in the trainer are far apart, as those of long ones are.
            "vllm_importance_sampling_correction": False,
        }
    return found


def prompts_of(chosen: argparse.Namespace, template: Template) -> Dataset:
    """The data set as TRL wants it: `prompt`, and the reference in `answer`."""
    kind = "parquet" if chosen.data.endswith(".parquet") else "json"
    rows = load_dataset(kind, data_files=chosen.data, split="train")

    def row(given: dict[str, object]) -> dict[str, object]:
        messages = [
            {"role": "system", "content": template.instruction},
            {"role": "user", "content": given[chosen.problem]},
        ]
        if chosen.no_system:
            both = "\n\n".join(one["content"] for one in messages)
            messages = [{"role": "user", "content": both}]
        return {"prompt": messages, "answer": given[chosen.reference]}

    return rows.map(row, remove_columns=rows.column_names)


def main() -> None:
    """Trains."""
    chosen = options()
    template = TEMPLATES[chosen.template]
    if chosen.prefilled:
        template = template.behind()
    if chosen.smoke:
        from smoke import SETTINGS, make_model, make_tokenizer, sums

        tokenizer = make_tokenizer()
        model, data = make_model(tokenizer), sums(64)
        config = GRPOConfig(**settings(chosen) | SETTINGS)
        # So early that the smoke test sees it at work.
        keeps = StdFilter(ema_start=1, filter_start=2)
    else:
        tokenizer = AutoTokenizer.from_pretrained(chosen.model)
        model, data = chosen.model, prompts_of(chosen, template)
        config = GRPOConfig(**settings(chosen))
        keeps = StdFilter()
    reward = RLPRReward(template, keeps=keeps)
    made = GRPOTrainer if chosen.plain else RLPRTrainer
    trainer = made(
        model=model,
        reward_funcs=[reward],
        args=config,
        train_dataset=data,
        processing_class=tokenizer,
    )
    if chosen.plain:
        reward.bind(trainer)
    trainer.train(resume_from_checkpoint=chosen.resume)
    trainer.save_model()


if __name__ == "__main__":
    main()
