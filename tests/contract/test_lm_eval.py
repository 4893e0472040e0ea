"""The tasks inside the real lm-evaluation-harness; only the model is made up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lm_eval", reason="lm-eval is not installed: scripts/ci.sh contracts")

import lm_eval.models  # noqa: F401  (registers the dummy model)
from lm_eval import simple_evaluate
from lm_eval.__main__ import cli_evaluate
from lm_eval.api.model import LM
from lm_eval.api.registry import register_model
from lm_eval.tasks import TaskManager

from pyverify.cli import main
from pyverify.tasks import TASKS, TaskError

pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours

# Problems in the columns of the copies on the hub, each with a right answer and a wrong one.
_LINES = (Path(__file__).parent / "lm_eval_rows.jsonl").read_text().splitlines()
ROWS: dict[str, list[dict[str, Any]]] = {name: [] for name in TASKS}
for _row in map(json.loads, _LINES):
    ROWS[_row["task"]].append(_row)

Say = Callable[[str, int, int], str]
"""What the model says to a problem of a row, as its n-th sample."""


@register_model("made-up")
class MadeUp(LM):
    """Says what it is told to; keeps what it was asked."""

    tokenizer_name = "made-up"

    def __init__(self, say: Say | None = None) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, object]]] = []
        self._say = say or right

    def generate_until(self, requests, disable_tqdm=False):
        said: dict[tuple[str, int], int] = {}
        out = []
        for request in requests:
            self.asked.append(request.args)
            key = (request.task_name, request.doc_id)
            said[key] = said.get(key, -1) + 1
            name = request.task_name.removeprefix("pyverify_")
            out.append(self._say(name, request.doc_id, said[key]))
        return out

    def loglikelihood(self, requests, disable_tqdm=False):
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood

    def apply_chat_template(self, chat_history, add_generation_prompt=True):
        return json.dumps(chat_history)


def right(name: str, row: int, sample: int) -> str:
    return ROWS[name][row]["right"]


def wrong(name: str, row: int, sample: int) -> str:
    return ROWS[name][row]["wrong"]


@pytest.fixture
def data(tmp_path: Path) -> str:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, rows in ROWS.items():
        lines = "".join(json.dumps(row["record"]) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines)
    return str(folder)


@pytest.fixture
def tasks_path(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["path", "lm-eval"]) == 0
    return capsys.readouterr().out.strip()


def manager(path: str, **metadata: object) -> TaskManager:
    return TaskManager(include_path=path, include_defaults=False, metadata=metadata)


def evaluated(model: LM, tasks: Sequence[str], found: TaskManager, **options: object) -> dict:
    result = simple_evaluate(model=model, tasks=list(tasks), task_manager=found, **options)
    assert result is not None
    return result


def test_the_tasks_hide_none_of_the_built_in_ones(tasks_path: str) -> None:
    ours = set(manager(tasks_path).all_tasks)
    assert ours == {"pyverify_math", *(f"pyverify_{name}" for name in TASKS)}
    assert not ours & set(TaskManager().all_tasks)


@pytest.mark.parametrize("name", TASKS)
def test_right_and_wrong_answers_are_told_apart(name: str, tasks_path: str, data: str) -> None:
    task = f"pyverify_{name}"
    scores = []
    for say in (right, wrong):
        result = evaluated(MadeUp(say), [task], manager(tasks_path, task_data=data))
        scores.append(result["results"][task]["acc,none"])
        assert result["n-samples"][task]["original"] == len(ROWS[name])
    assert scores == [1.0, 0.0]


def test_every_metric_is_there_whatever_the_model_says(tasks_path: str, data: str) -> None:
    def say(name: str, row: int, sample: int) -> str:
        return ("", r"\boxed{\mathfrak{?}(}")[row]

    result = evaluated(MadeUp(say), ["pyverify_math500"], manager(tasks_path, task_data=data))
    found = result["results"]["pyverify_math500"]
    shown = {key.partition(",")[0]: found[key] for key in found if key.endswith(",none")}
    names = ["acc", "no_answer", "unparseable", "undecided", "limit", "bad_gold"]
    assert [name for name in shown if not name.endswith("_stderr")] == names
    assert shown["acc"] == 0.0
    assert shown["no_answer"] == 0.5
    assert shown["acc"] + sum(shown[name] for name in names[1:]) <= 1.0


def test_repeats_give_pass_at_k_and_a_majority(tasks_path: str, data: str) -> None:
    def say(name: str, row: int, sample: int) -> str:
        # Row 0: 2 of 8 right, written in two ways, against six different wrong ones.
        # Row 1: never right, always the same.
        if row == 1:
            return wrong(name, row, sample)
        return (r"\boxed{0.75}", r"\boxed{\frac{3}{4}}")[sample] if sample < 2 else f"{sample}"

    found = manager(tasks_path, task_data=data, repeats=8)
    model = MadeUp(say)
    result = evaluated(model, ["pyverify_math500"], found)["results"]["pyverify_math500"]
    assert result["acc,none"] == pytest.approx(1 / 8)
    assert result["pass@1,none"] == pytest.approx(1 / 8)
    # 1 - C(6, 4) / C(8, 4), and 0 for the other row
    assert result["pass@4,none"] == pytest.approx((1 - 15 / 70) / 2)
    assert result["pass@8,none"] == 0.5
    assert result["maj@8,none"] == 0.5
    assert result["distinct,none"] == pytest.approx((8 / 8 + 1 / 8) / 2)
    assert result["acc_stderr,none"] == pytest.approx(1 / 8)
    assert all(options["do_sample"] for _, options in model.asked)


def test_the_group_is_the_mean_over_data_sets(tasks_path: str, data: str) -> None:
    def say(name: str, row: int, sample: int) -> str:
        return (right if name == "gsm8k" else wrong)(name, row, sample)

    result = evaluated(MadeUp(say), ["pyverify_math"], manager(tasks_path, task_data=data))
    assert result["groups"]["pyverify_math"]["acc,none"] == pytest.approx(1 / 6)


def test_problems_are_asked_as_the_benchmark_says(tasks_path: str, data: str) -> None:
    found = manager(tasks_path, task_data=data)
    for name, task in TASKS.items():
        chat, plain = MadeUp(), MadeUp()
        evaluated(chat, [f"pyverify_{name}"], found, apply_chat_template=True)
        evaluated(plain, [f"pyverify_{name}"], found)
        record = ROWS[name][0]["record"]
        problem = str(record.get("problem") or record.get("question"))
        told = json.loads(chat.asked[0][0])
        assert told == task.prompt.messages(problem)
        assert plain.asked[0][0] == "\n\n".join(message["content"] for message in told)
        assert chat.asked[0][1]["do_sample"] is False
        assert "\n\n" not in chat.asked[0][1]["until"]


def test_a_yaml_file_of_ones_own_may_ask_otherwise(
    tasks_path: str, data: str, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        f"include: {tasks_path}/aime24.yaml\n"
        "task: my_aime\n"
        'doc_to_text: "Answer briefly: {{problem}}"\n'
        "repeats: 2\n"
    )
    model = MadeUp(lambda name, row, sample: ROWS["aime24"][row]["right"])
    found = manager(str(tmp_path), task_data=data)
    result = evaluated(model, ["my_aime"], found)
    assert model.asked[0][0].startswith("Answer briefly: What is")
    assert result["results"]["my_aime"]["pass@2,none"] == 1.0


def test_grading_options_may_be_changed(tasks_path: str, data: str) -> None:
    def say(name: str, row: int, sample: int) -> str:
        return f"It is {right(name, row, sample)}, I think."  # prefilled: still in its reasoning

    for options, expected in ((None, 1.0), ({"reasoning": "prefilled"}, 0.0)):
        found = manager(tasks_path, task_data=data, options=options)
        result = evaluated(MadeUp(say), ["pyverify_amc23"], found)
        assert result["results"]["pyverify_amc23"]["acc,none"] == expected


@pytest.mark.parametrize(
    ("metadata", "error", "message"),
    [
        ({"repeats": 0}, ValueError, "repeats"),
        ({"repeats": "many"}, ValueError, "'many'"),
        ({"options": {"units": "none"}}, ValueError, "units"),
        ({"options": {"unit": "policy"}}, ValueError, "unit"),
        ({"options": "strict"}, ValueError, "strict"),
        ({"task_data": "/no/such/folder"}, TaskError, "/no/such/folder.*--metadata task_data"),
        ({"benchmark": "math501"}, TaskError, "math500"),
    ],
)
def test_metadata_that_cannot_be_used_is_refused(
    metadata: dict[str, object], error: type, message: str, tasks_path: str, data: str
) -> None:
    found = manager(tasks_path, **{"task_data": data, **metadata})
    with pytest.raises(error, match=message):
        found.load(["pyverify_math500"])


def test_another_number_of_problems_is_said(
    tasks_path: str, data: str, caplog: pytest.LogCaptureFixture
) -> None:
    manager(tasks_path, task_data=data).load(["pyverify_aime24"])
    assert "2 problems" in caplog.text
    assert "30" in caplog.text


def test_the_command_line_and_its_samples(
    tasks_path: str,
    data: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PYVERIFY_TASK_DATA", data)
    monkeypatch.setattr(
        "sys.argv",
        [
            *("lm_eval", "run", "--model", "dummy", "--include_path", tasks_path),
            *("--tasks", "pyverify_math500,pyverify_gsm8k", "--metadata", "repeats=4"),
            *("--log_samples", "--output_path", str(tmp_path / "out")),
        ],
    )
    cli_evaluate()
    assert "pass@4" in capsys.readouterr().out
    for name in ("math500", "gsm8k"):
        (samples,) = (tmp_path / "out").rglob(f"samples_pyverify_{name}_*.jsonl")
        assert main(["score", str(samples), "--format", "json", "-q"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["num_samples"] == 4 * len(ROWS[name])
        assert report["num_prompts"] == len(ROWS[name])
        assert report["acc"] == 0.0
