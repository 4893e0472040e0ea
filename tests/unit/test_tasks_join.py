"""Predictions joined to a task's problems, and what is said about those that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyverify.io import Gold, JsonLine, Row
from pyverify.io.fields import Fields
from pyverify.io.rows import rows_of
from pyverify.tasks import TASKS, Problem, TaskJoin
from pyverify.tasks.words import ProblemTexts, boiled

ASKED = r"Find the value of $\dfrac{%d}{2}$ when written as a decimal number."


def problems(count: int = 40, first: int = 0) -> list[Problem]:
    return [
        Problem(i, f"amc23/{first + i}", ASKED % i, str(i / 2), {"answer": str(i / 2)})
        for i in range(count)
    ]


@dataclass
class Chunk:
    source: str
    rows: Sequence[Row]
    golds: Sequence[Gold]


def joined(records: Sequence[dict], known: list[Problem] | None, task: str = "amc23") -> TaskJoin:
    join = TaskJoin(TASKS[task], known)
    rows: list[Row] = []
    for number, record in enumerate(records, 1):
        known_of = join.look_up({"response": "4", **record}, record.get("gold"))
        fields = Fields(response="response", gold="gold", id="id", group="problem")
        rows.extend(rows_of(JsonLine(number, known_of.record), fields, known_of))
    join.see(Chunk("p.jsonl", rows, [row.gold for row in rows]))
    return join


def test_text_survives_trivia() -> None:
    assert boiled(r"\left( 3,\, \dfrac{\pi}{2} \right)") == boiled(r"$(3, \frac{\pi}2)$")
    assert boiled("２＋ｘ") == boiled("2 + x")
    assert boiled("find x^2") != boiled("find x^3")


def test_prompt_with_examples_asks_the_last() -> None:
    texts = ProblemTexts({0: "How many apples has Ann got?", 1: "How many pears has Bob got?"})
    prompt = "Q: How many apples has Ann got?\nA: 3\n\nQ: How many pears has Bob got?\nA:"
    assert texts.find(prompt) == 1
    assert texts.find("Q: How many plums are there?\nA:") is None
    assert texts.find("") is None


def test_joined_by_id_text_and_number() -> None:
    known = problems(first=100)
    join = TaskJoin(TASKS["amc23"], known)
    by_id = join.problem_for({"id": "amc23/103"})
    assert by_id is not None
    assert by_id.index == 3
    for record, index in (
        ({"id": "row-9", "problem": ASKED % 5}, 5),
        ({"idx": 7}, 7),  # a position
        ({"idx": 107}, 7),  # a number that is a name
        ({"idx": 107, "input": "P-12"}, 7),  # some name, no problem's text
        ({"doc_id": 2, "doc": {"problem": ASKED % 4}}, 4),  # the text wins over a number
        ({"prompt": [{"role": "user", "content": "Solve: " + ASKED % 6}]}, 6),
    ):
        found = join.problem_for(record)
        assert found is not None
        assert found.index == index
    assert join.problem_for({"idx": 1, "problem": "Something that is not asked there?"}) is None
    assert join.problem_for({"idx": 40}) is None
    assert join.problem_for({}) is None


def test_golds_come_from_either_side() -> None:
    join = TaskJoin(TASKS["amc23"], problems())
    assert join.gold_for({"idx": 3}) == "1.5"
    assert join.gold_for({"idx": 3}, "9") == "9"
    assert join.gold_for({"idx": 300}) is None


def test_fields_of_the_task_fill_in() -> None:
    known = [Problem(0, "a", "How old is she now?", "4", {"level": "3", "subject": "Algebra"})]
    join = TaskJoin(TASKS["math500"], known)
    enriched = join.enrich({"id": "a", "subject": "mine"})
    assert enriched == {"id": "a", "subject": "mine", "level": "3"}
    assert join.enrich({"id": "b"}) == {"id": "b"}


def test_complete_file() -> None:
    report = joined([{"idx": i} for i in range(40)], problems(first=100)).report()
    assert report.complete
    assert report.lines() == ["amc23: 40 of 40 problems (joined by index)"]
    assert report.as_json()["joined_by"] == {"index": 40}


def test_missing_duplicated_extra() -> None:
    records = [{"idx": i, "response": str(i)} for i in range(38)]
    records += [{"idx": 3, "response": "other"}, {"idx": 99}]
    report = joined(records, problems()).report()
    assert not report.complete
    assert report.missing_ids() == ["amc23/38", "amc23/39"]
    assert report.lines() == [
        "amc23: 38 of 40 problems, 39 rows (joined by id)",
        "2 missing: amc23/38, amc23/39",
        "1 duplicated: p.jsonl:39",
        "1 extra: p.jsonl:40",
    ]
    shown = report.as_json()
    assert shown["duplicated"] == {"amc23/3": 2}
    assert shown["extra"] == [{"source": "p.jsonl", "line": 40, "sample": None, "id": None}]


def test_uneven_samples() -> None:
    records = [{"idx": i, "response": [f"{i} {j}" for j in range(4)]} for i in range(40)]
    records[5]["response"] = ["5 0", "5 1", "5 1"]
    report = joined(records, problems()).report()
    assert report.samples == 4
    assert not report.even
    assert report.lines() == [
        "amc23: 40 of 40 problems, 159 rows (joined by id)",
        "1 with fewer than 4 samples: amc23/5 has 3",
        "1 row repeats a response to the same problem word by word",
    ]


def test_other_golds_are_counted() -> None:
    records = [{"idx": i, "gold": str(i / 2)} for i in range(40)]
    records[2]["gold"] = r"\frac{2}{2}"  # the same said otherwise
    records[3]["gold"] = "2"
    report = joined(records, problems()).report()
    assert report.gold_differs_rows == 1
    assert [ref.line for ref in report.gold_differs] == [4]
    assert "another gold than the task's: p.jsonl:4" in report.lines()[-1]


def test_copy_of_another_size() -> None:
    report = joined([{"idx": i} for i in range(39)], problems(39)).report()
    assert report.lines()[1] == "the copy of amc23 has 39 problems instead of 40"


def test_without_data_prompts_are_counted() -> None:
    records = [{"id": i, "problem": ASKED % i, "gold": "1"} for i in range(38)]
    report = joined(records, None).report()
    assert report.lines() == ["amc23: 38 of 40 problems", "2 missing"]
    records += [{"id": i, "problem": ASKED % i, "gold": "1"} for i in range(38, 42)]
    assert "2 prompts too many" in joined(records, None).report().lines()


def test_the_smaller_edition_is_no_fault() -> None:
    records = [{"id": i, "problem": ASKED % i, "gold": "1"} for i in range(674)]
    report = joined(records, None, task="olympiadbench").report()
    assert report.lines() == ["olympiadbench: 674 of 675 problems"]


def test_names_are_safe_for_a_terminal() -> None:
    known = [Problem(0, "\x1b[31mred", "How old is she now?", "4", {})]
    report = joined([], known).report()
    assert "\x1b" not in "".join(report.lines())


def test_other_order_is_noticed() -> None:
    known = problems(first=100)
    records = [{"idx": 39 - i, "gold": str(i / 2)} for i in range(40)]
    assert "in its order?" in joined(records, known).report().lines()[-1]


def test_fields_of_the_input_come_first() -> None:
    join = TaskJoin(TASKS["amc23"], problems(first=100))
    record = {"meta": {"key": "amc23/105"}, "id": "amc23/101", "asked": ASKED % 3}
    found = join.problem_for(record)
    assert found is not None
    assert found.index == 1
    join.read_by(Fields(id="meta.key"))
    found = join.problem_for(record)
    assert found is not None
    assert found.index == 5
    join.read_by(Fields(group="asked"))
    found = join.problem_for({"asked": ASKED % 3})
    assert found is not None
    assert found.index == 3
