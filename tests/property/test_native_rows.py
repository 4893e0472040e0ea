"""The engine's own way through a file gives the bytes and the numbers that Python's gives."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.evaluate import RunSettings, score_files
from pyverify.io import Fields, FieldsError, RowSink, SourceError

_ANSWERS = [
    "42",
    "\\frac12",
    "0.5",
    "x+1",
    "",
    "no",
    "(1,2)",
    "½",
    "中文",
    "\U0001f600",
    "\ud800",
    "B",
]
_GOLDS: list[object] = [
    *["42", "1/2", "x+1", "(1,2)", "B", "", " ", "中文", "2 + 2 = 4\n#### 4", "\\boxed{42}"],
    *['{"any_of": ["42", "43"]}', '{"choice": "B"}', "\u00a0", "\x1c"],
    *[42, -0, 0.5, 18.0, 1e400, True, None, ["42"], ["1", "2"], [], {"any_of": ["42"]}, {"x": 1}],
    *[10**30, float("nan"), float("-inf"), {"choice": 3}, "['42']", "array(['42'])"],
]
_NAMES: list[object] = ["a", "é\n", "", 7, -0, -3, 10**30, 2.0, True, None, ["a"], {"a": 1}]


def _response(answer: str) -> str:
    return f"First\t“this”, then \\boxed{{{answer}}}. \x7f"


_TEXTS = st.one_of(
    st.sampled_from(_ANSWERS).map(_response),
    st.text(max_size=20),
    st.sampled_from(["", "no answer", "x" * 3000 + "\\boxed{42}"]),
)
_RESPONSES = st.one_of(
    _TEXTS,
    st.lists(_TEXTS, max_size=4),
    st.sampled_from(
        [
            None,
            5,
            True,
            [None],
            [["\\boxed{42}"]],
            [{"role": "assistant", "content": "\\boxed{42}"}],
        ]
    ),
)
_RECORDS = st.fixed_dictionaries(
    {"response": _RESPONSES, "meta": st.fixed_dictionaries({"gold": st.sampled_from(_GOLDS)})},
    optional={
        "id": st.sampled_from(_NAMES),
        "problem": st.sampled_from(_NAMES),
        "dataset": st.sampled_from(_NAMES),
        "level": st.sampled_from(_NAMES),
        "finish_reason": st.sampled_from(
            ["stop", "LENGTH", "max_tokens", None, True, 3, ["length"]]
        ),
        "meta.gold": st.just("42"),
        "level+problem": st.just("a"),
        "nested": st.recursive(st.none(), st.lists, max_leaves=5),
    },
)
_RAW = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b"", b"   ", b"\xef\xbb\xbf{}", b"[]", b"{", b'{"response": NaN}', b"\x0b", b"\xc2\xa0"]
    ),
)


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    lines = []
    for record in draw(st.lists(_RECORDS, min_size=1, max_size=12)):
        text = json.dumps(record, ensure_ascii=draw(st.booleans()))
        line = text.encode("utf-8", "surrogatepass")
        if draw(st.integers(0, 9)) == 0:
            random_ = draw(st.randoms(use_true_random=False))
            line = _broken(line, random_)
        lines.append(line)
    lines[draw(st.integers(0, len(lines))) : 0] = draw(st.lists(_RAW, max_size=2))
    return b"\n".join(lines) + draw(st.sampled_from([b"", b"\n", b"\r\n", b"\n\n"]))


def _broken(line: bytes, random_: random.Random) -> bytes:
    at = random_.randrange(len(line))
    return random_.choice(
        [line[:at], line[:at] + b"\xff" + line[at:], line[:at] + line[at + 1 :], line + b"}"]
    )


def _score(
    folder: Path,
    inputs: tuple[str, ...],
    native: bool,
    threads: int,
    group: str = "problem",
    within: bool = False,
) -> object:
    fields = Fields(
        response="response",
        gold="meta.gold",
        id="id",
        group=group,
        group_within=within,
        dataset="dataset",
        finish_reason="finish_reason",
        by=("level", "meta.gold"),
    )
    settings = RunSettings(inputs, fields=fields, native=native, threads=threads)
    out = folder / f"{native}-{threads}.jsonl"
    sink = RowSink(str(out))
    notes: list[str] = []
    try:
        report = score_files(settings, sinks=(sink,), on_note=notes.append)
    except (FieldsError, SourceError) as error:
        sink.discard()
        return str(error)
    sink.commit()
    tables = [report.overall, *report.datasets, *(t for ts in report.by.values() for t in ts)]
    figures = [(t.name, dict(t.counts), dict(t.signatures)) for t in tables]
    return out.read_bytes(), figures, report.faults, sorted(notes)


@given(
    st.lists(_files(), min_size=1, max_size=2),
    st.sampled_from(["problem", "level+problem", "problem+meta.gold+id"]),
    st.booleans(),
)
def test_both_ways_agree(
    tmp_path_factory: pytest.TempPathFactory, files: list[bytes], group: str, within: bool
) -> None:
    folder = tmp_path_factory.mktemp("lines")
    names = []
    for i, content in enumerate(files):
        path = folder / f"{i}.jsonl"
        path.write_bytes(content)
        names.append(str(path))
    slow = _score(folder, tuple(names), False, 1, group, within)
    assert _score(folder, tuple(names), True, 1, group, within) == slow
    assert _score(folder, tuple(names), True, 3, group, within) == slow


@given(st.lists(_RECORDS, min_size=1, max_size=12), st.booleans(), st.booleans())
def test_both_ways_agree_on_other_containers(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, object]],
    ascii_only: bool,
    within: bool,
) -> None:
    path = tmp_path_factory.mktemp("array") / "rows.json"
    text = json.dumps(records, ensure_ascii=ascii_only, indent=1)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    slow = _score(path.parent, (str(path),), False, 1, within=within)
    assert _score(path.parent, (str(path),), True, 1, within=within) == slow
    assert _score(path.parent, (str(path),), True, 3, within=within) == slow


def test_both_ways_agree_on_a_large_table(tmp_path: Path) -> None:
    """Several chunks, with rows in each that the engine leaves to Python."""
    random_ = random.Random(7)
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "problem", "response", "meta.gold", "level"])
        for i in range(9000):
            response = '"é"' * random_.randrange(300) + _response(random_.choice(_ANSWERS[:-2]))
            gold = random_.choice(["42", "\\boxed{42}", "", '{"any_of": ["42"]}', "['1', '2']"])
            table.writerow([i, i // 4, response if i % 97 else "", gold, "é" if i % 3 else None])
    slow = _score(tmp_path, (str(path),), native=False, threads=1)
    assert _score(tmp_path, (str(path),), native=True, threads=2) == slow


def test_both_ways_agree_on_a_large_file(tmp_path: Path) -> None:
    """Several blocks and slices, with strange lines at their borders."""
    random_ = random.Random(5)
    path = tmp_path / "large.jsonl"
    with path.open("w", encoding="utf-8", errors="surrogatepass") as file:
        for i in range(6000):
            response: object = "é" * random_.randrange(3000) + _response(random_.choice(_ANSWERS))
            if i % 97 == 0:
                response = None
            record = {"id": i, "problem": str(i // 4), "response": response, "meta": {"gold": "42"}}
            if i % 89 == 0:
                file.write("\n{broken\n")
            file.write(json.dumps(record, ensure_ascii=i % 2 == 0) + "\n")
    slow = _score(tmp_path, (str(path),), native=False, threads=1)
    assert _score(tmp_path, (str(path),), native=True, threads=2) == slow
