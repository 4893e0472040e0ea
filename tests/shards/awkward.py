"""Input that is hard to divide."""

from __future__ import annotations

import json
import random


def awkward_lines(rows: int, seed: int = 0) -> bytes:
    """Lines of all lengths and endings: blank, broken, CRLF, no UTF-8, without one at the end."""
    random_ = random.Random(seed)
    lines = []
    for number in range(rows):
        gold = number // 3 * 7 % 50
        said = gold if random_.random() < 0.6 else random_.randrange(50)
        record = {
            "id": f"r{number}",
            "prompt": f"p{number // 3}",
            "completion": "…é" * random_.choice((0, 1, 7, 400)) + f" so \\boxed{{{said}}}",
            "answer": gold,
            "dataset": random_.choice("xyz"),
            "subject": random_.choice(("algebra", "géométrie", None)),
            "completion_tokens": random_.randrange(1, 900),
        }
        line = json.dumps(record, ensure_ascii=random_.random() < 0.5).encode()
        line += random_.choice((b"\n", b"\n", b"\r\n", b"\n\n", b"\r\n  \n"))
        if number % 37 == 36:
            line += b'{"id": "cut", "completion": "\n'
        if number % 53 == 52:
            line += (
                b'{"prompt": "q", "dataset": "x", "completion": "\xff \\\\boxed{3}", "answer": 3}\n'
            )
        if number % 71 == 70:
            line += b'{"prompt": "q", "dataset": "y", "completion": null, "answer": 3}\n'
        lines.append(line)
    return b"".join(lines).rstrip()
