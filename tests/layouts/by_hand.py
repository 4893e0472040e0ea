"""Fixtures that no program here can write: made after what the sources say (fixtures/README.md)."""

from __future__ import annotations

import csv
import gzip
import json

from prepared import HERE, PROBLEMS, rows, write_lines


def plain() -> None:
    """By hand, after what the sources say: see the table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    write_lines(
        "qwen.jsonl",
        [
            {
                "idx": i,
                "question": problem,
                "gt_cot": f"It is ${gold}$.",
                "gt": gold,
                "level": i + 1,
                "type": "Algebra" if i % 2 else "Number Theory",
                "solution": f"It is ${gold}$.",
                "answer": gold,
                "code": list(texts),
                "pred": ["1", gold],
                "report": [None, None],
                "score": [False, True],
            }
            for i, (problem, gold, texts) in enumerate(PROBLEMS)
        ],
    )
    write_lines(
        "nemo_skills.jsonl",
        [
            {
                "problem": row["problem"],
                "expected_answer": row["gold"],
                "generation": row["response"],
                "num_generated_tokens": 9,
                "finish_reason": "length" if row["response"].endswith(",") else "stop",
                "predicted_answer": None,
                "symbolic_correct": bool(row["good"]),
            }
            for row in rows()
        ],
    )
    texts = [
        {"query": f"<|user|>{row['problem']}<|assistant|>{row['response']}<|im_end|>", "row": row}
        for row in rows()
    ]
    write_lines(
        "openrlhf.jsonl",
        [
            {
                "queries": [one["query"] for one in texts[n : n + 2]],
                "prompts": [
                    f"<|user|>{one['row']['problem']}<|assistant|>" for one in texts[n : n + 2]
                ],
                "labels": [one["row"]["gold"] for one in texts[n : n + 2]],
            }
            for n in range(0, len(texts), 2)
        ],
    )
    batch = []
    for i, (_, _, (first, second)) in enumerate(PROBLEMS):
        choices = [
            {
                "index": j,
                "message": {"role": "assistant", "content": text, "reasoning_content": "Is it 41?"},
                "finish_reason": "length" if text.endswith(",") else "stop",
            }
            for j, text in enumerate((first, second))
        ]
        body = {"id": f"chatcmpl-{i}", "object": "chat.completion", "choices": choices}
        response = {"status_code": 200, "request_id": f"req-{i}", "body": body}
        batch.append({"id": f"b-{i}", "custom_id": f"q{i}", "response": response, "error": None})
    batch[0]["response"]["body"]["choices"][1]["message"]["content"] = None
    batch.append(
        {
            "id": "b-4",
            "custom_id": "q4",
            "response": None,
            "error": {"code": "server_error", "message": "overloaded"},
        }
    )
    write_lines("batch.jsonl", [batch[n] for n in (2, 0, 4, 3, 1)])
    golds = [{"custom_id": f"q{i}", "answer": gold} for i, (_, gold, _) in enumerate(PROBLEMS)]
    write_lines("batch_golds.jsonl", [*golds, {"custom_id": "q4", "answer": "9"}])
    write_lines(
        "verifiers_results.jsonl",
        [
            {
                "example_id": row["index"],
                "prompt": [{"role": "user", "content": row["problem"]}],
                "completion": [
                    {"role": "assistant", "content": "I ask a tool.", "tool_calls": []},
                    {"role": "tool", "content": "\\boxed{" + str(row["gold"]) + "}"},
                    {"role": "assistant", "content": row["response"]},
                ],
                "answer": row["gold"],
                "task": "tiny-math",
                "reward": float(row["good"]),
                "is_truncated": False,
            }
            for row in rows()
        ],
    )
    records = [
        {"id": n, "question": row["problem"], "answer": row["gold"], "response": row["response"]}
        for n, row in enumerate(rows())
    ]
    (HERE / "array.json").write_text(json.dumps(records, indent=2))
    text = "".join(json.dumps(record) + "\n" for record in records)
    (HERE / "lines.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    for name, sign in (("table.csv", ","), ("table.tsv", "\t")):
        with open(HERE / name, "w", newline="") as file:
            writer = csv.DictWriter(file, records[0], delimiter=sign, lineterminator="\n")
            writer.writeheader()
            writer.writerows(records)
    table = pa.Table.from_pylist(records)
    pq.write_table(table, HERE / "table.parquet", row_group_size=3)
