"""Runs and pages for the tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pyverify.evaluate import RunSettings, score_files
from pyverify.evaluate.page import Commands, PageCollector, write_page

# What a model, a data set or a file name could hold to get a script to run: each calls canary().
PAYLOADS = (
    "<script>canary()</script>",
    "</script><script>canary()</script>",
    "<!--<script>canary()</script>-->",
    "]]><script>canary()</script>",
    '"><img src=x onerror=canary()>',
    "'><svg onload=canary()>",
    "<math><mi//xlink:href='javascript:canary()'>click</mi></math>",
    "<iframe srcdoc='<script>parent.canary()</script>'></iframe>",
    "javascript:canary()",
    "<a href=javascript:canary()>x</a>",
    "<details open ontoggle=canary()>",
    "{{ canary() }}{% raw %}${canary()}`${canary()}`",
    "\\u003cscript\\u003ecanary()\\u003c/script\\u003e",
    "&lt;script&gt;canary()&lt;/script&gt;",
    "</title><script>canary()</script>",
    "</style><script>canary()</script>",
    "<base href='https://example.invalid/'><script src=a.js></script>",
    "<meta http-equiv=refresh content='0;url=javascript:canary()'>",
    "\u2028canary()\u2029<script>canary()</script>",
    "\u202e)(yranac\u202c\u0000<scr\u0000ipt>canary()</script>",
    "\\text{<script>canary()</script>}",
    "x_{<img src=x onerror=canary()>}",
    "5\\text{ <script>canary()</script>}",
    "__proto__",
    "constructor",
    "<form action='https://example.invalid'><input name=getElementById></form>",
)


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def hostile_rows() -> list[dict[str, object]]:
    """Every payload in every field, as a whole and inside a box."""
    rows: list[dict[str, object]] = []
    for payload in PAYLOADS:
        for response in (payload, f"\\boxed{{{payload}}}", f"\\boxed{{1}} {payload}", "\\boxed{2}"):
            rows.append(
                {
                    "id": payload,
                    "dataset": payload,
                    "problem": payload,
                    "response": response,
                    "gold": payload if response == "\\boxed{2}" else "1",
                    "prompt": payload,
                }
            )
    return rows


def collect(*paths: Path, limit: int = 2000) -> tuple[dict[str, object], PageCollector]:
    collector = PageCollector(limit)
    report = score_files(
        RunSettings(inputs=tuple(str(path) for path in paths)), observers=[collector]
    )
    return report.as_json(), collector


def write(target: Path, *paths: Path, extra: Mapping[str, object] | None = None) -> str:
    """Scores files and writes their page; returns its text."""
    summary, collector = collect(*paths)
    write_page(str(target), {**summary, **(extra or {})}, collector, commands=Commands())
    return target.read_text(encoding="utf-8")


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inside = ""
        self.texts: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.inside = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.texts[self.inside] = self.texts.get(self.inside, "") + data


def elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Elements()
    parser.feed(page)
    return parser.found


def embedded(page: str) -> list[dict[str, Any]]:
    """The rows in a page."""
    parser = _Elements()
    parser.feed(page)
    rows: list[dict[str, Any]] = json.loads(parser.texts["rows"])
    return rows


# Figures as a run with four samples of a prompt has them.
FIGURES: dict[str, object] = {
    "acc": 0.52,
    "stderr": 0.02,
    "truncated_samples": 3,
    "final_acc": 0.45,
    "pass@k": {"pass@1": 0.52, "pass@4": 0.75, "pass@8": None},
    "maj@k": {"maj@1": 0.52, "maj@4": 0.61},
    "prompts@k": {"1": 27, "4": 27, "8": 0},
    "by": {"subject": {"Algebra": {"num_scores": 12, "acc": 0.5, "stderr": 0.1}}},
    "difficulty": {"0": 4, "(0, 0.1]": 0, "(0.4, 0.5]": 7, "(0.9, 1)": 1, "1": 2},
    "interval": {"low": 0.48, "high": 0.56, "level": 0.95},
    "baseline": {"harmonic_mean": 1.02},
}
