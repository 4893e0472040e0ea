"""The initial policy's baselines for a data set, for the agents of verl and OpenRLHF.

An agent's engine has the policy of the day. RLPR subtracts what the reference is worth to the
policy before training, so that is asked beforehand, once:

    python baseline.py --model MODEL --data train.parquet --out baseline.json

TRL needs none of it: `RLPRReward` asks before the first step.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import torch
from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer

from pyverify.rlpr import TEMPLATES, ProbabilityReward, Splicer
from pyverify.rlpr.scorers import ModelScorer


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True, help="what training begins with")
    parser.add_argument("--data", required=True, help="a file of JSON lines or Parquet")
    parser.add_argument("--out", required=True)
    parser.add_argument("--prompt", default="prompt", help="column: messages, or a text")
    parser.add_argument(
        "--reference",
        default="reward_model.ground_truth",
        help="column of the reference, or a field of one; verl's by default",
    )
    parser.add_argument(
        "--chat",
        action="store_true",
        help="a text is what a user says, as with OpenRLHF's --data.apply_chat_template",
    )
    parser.add_argument("--template", choices=sorted(TEMPLATES), default="think_answer")
    parser.add_argument("--max-tokens", type=int, default=8192, help="of one forward")
    return parser.parse_args()


def prompt_ids(tokenizer: object, prompt: str | list[dict[str, str]], chat: bool) -> list[int]:
    """A prompt as trainers give it to the policy."""
    if isinstance(prompt, str):
        if not chat:
            return tokenizer.encode(prompt, add_special_tokens=False)
        prompt = [{"role": "user", "content": prompt}]
    return tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=False)


def field(row: dict[str, object], name: str) -> str | Sequence[str]:
    """A column, or what is under dots in it."""
    found: object = row
    for part in name.split("."):
        found = found[part]
    return found


def main() -> None:
    """Asks, and writes."""
    chosen = options()
    kind = "parquet" if chosen.data.endswith(".parquet") else "json"
    rows = load_dataset(kind, data_files=chosen.data, split="train")
    tokenizer = AutoTokenizer.from_pretrained(chosen.model)
    model = AutoModelForCausalLM.from_pretrained(chosen.model, dtype="auto")
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    reward = ProbabilityReward(
        ModelScorer(model, max_tokens=chosen.max_tokens),
        Splicer(tokenizer, TEMPLATES[chosen.template]),
    )
    found = reward.prepare(
        [prompt_ids(tokenizer, row[chosen.prompt], chosen.chat) for row in rows],
        [field(row, chosen.reference) for row in rows],
    )
    reward.baseline.save(chosen.out)
    print(f"{found} baselines of {len(rows)} rows in {chosen.out}")


if __name__ == "__main__":
    main()
