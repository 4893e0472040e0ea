"""The names that fields usually have, by what they are for.

Each inner tuple is a rank: a field of an earlier rank wins, two different ones of one rank are
ambiguous.
"""

from __future__ import annotations

RESPONSES: tuple[tuple[str, ...], ...] = (
    (
        "completion",
        "completions",
        "response",
        "responses",
        "generation",
        "generations",
        "generated",
        "output",
        "outputs",
        "prediction",
        "predictions",
        "model_answer",
        "model_output",
        "model_response",
        "generated_text",
        "generated_text[].generated_text",
        "output_text",
        "response_text",
        "solution_str",
        "resps",
        "response.body.choices[].message.content",
        "response.body.choices[].text",
        "response.choices[].message.content",
        "response.choices[].text",
        "choices[].message.content",
        "choices[].text",
        "output.completion",
    ),
    ("messages", "conversation"),
    ("code", "text", "samples", "pred"),
)

CONVERSATIONS = ("messages", "conversation")
"""They are a response only where the model speaks last; otherwise they are what it was asked."""

UNSURE = ("code", "text")
"""They hold a response in some files and what was asked in others."""

BARE = ("answer", "solution")
"""They mean the gold in most sets and the response in some, so they are read as a response only
when nothing else can be one and the gold is elsewhere."""

GOLDS: tuple[tuple[str, ...], ...] = (
    (
        "gold",
        "golds",
        "gold_answer",
        "ground_truth",
        "ground_truths",
        "reward_model.ground_truth",
        "gts",
        "gt",
        "expected_answer",
        "correct_answer",
        "reference_answer",
    ),
    ("target", "reference", "expected", "label", "labels", "answer", "final_answer", "answers"),
    ("solution",),
)

IDS = (
    "id",
    "task_id",
    "custom_id",
    "unique_id",
    "uid",
    "uuid",
    "request_id",
    "sample_id",
    "doc_id",
    "problem_id",
    "question_id",
    "extra_info.index",
    "idx",
    "index",
    "key",
)

GROUPS = ("group", "group_id", "prompt_id", "problem_id", "question_id", "doc_id")
"""They name a prompt, and nothing else."""

PROMPTS = ("prompt", "problem", "question", "query", "instruction+input", "instruction", "input")
"""They are one, or the part of it that all problems share."""

PROMPT_IDS = (
    "task_id",
    "custom_id",
    "unique_id",
    "id",
    "extra_info.index",
    "idx",
    "index",
    "line",
    "key",
)
"""Ids that name a prompt where nothing else does; the rest of `IDS` name samples."""

DATASETS = ("dataset", "data_source", "data_name", "benchmark")

FINISH_REASONS = (
    "finish_reason",
    "finish_reasons",
    "stop_reason",
    "truncated",
    "is_truncated",
    "response.body.choices[].finish_reason",
    "response.choices[].finish_reason",
    "choices[].finish_reason",
    "outputs[].finish_reason",
)

PROBLEMS = (
    "problem",
    "question",
    "prompt",
    "query",
    "instruction+input",
    "instruction",
    "input",
    "messages",
    "doc.problem",
    "doc.question",
)
