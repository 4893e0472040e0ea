"""A benchmark of `pyverify.tasks` as a task of lm-evaluation-harness."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from datasets import Dataset
from lm_eval.api.task import ConfigurableTask

from pyverify import PRESETS
from pyverify.integrations.lm_eval.figures import figures, metric_names
from pyverify.integrations.samples import changed, gold_as_text, judge
from pyverify.tasks import DATA_VARIABLE, Problem, Task, TaskError, load_problems, task

_log = logging.getLogger(__name__)

_SPLIT = "test"

# Not a blank line, which is lm-eval's own default: it would end a solution after its first
# paragraph. Ends of a turn, for models whose configuration lacks them.
_STOPS = ("</s>", "<|im_end|>", "<|eot_id|>")
_MAX_TOKENS = 2048
_GREEDY = {"do_sample": False, "temperature": 0.0}
_SAMPLED = {"do_sample": True, "temperature": 0.6, "top_p": 0.95}


class MathTask(ConfigurableTask):  # type: ignore[misc]
    """One benchmark, zero-shot, its samples judged by pyverify.

    A YAML file names the benchmark in its metadata; what else it says (`doc_to_text`,
    `description`, `generation_kwargs`, …) wins over what is set here. The caller's metadata may
    hold `task_data` (where the problems are, as `load_problems` takes it), `repeats` (samples of
    each prompt) and `options` (grading options that differ from the preset's).

    Args:
        config: The task as lm-eval read it from the YAML file.

    Raises:
        TaskError: There is no such benchmark, or no data.
        ValueError: `repeats` or `options` cannot be used.
    """

    def __init__(self, config: Mapping[str, object]) -> None:
        own = {key: value for key, value in config.items() if key != "class"}
        metadata = own.get("metadata")
        told = dict(metadata) if isinstance(metadata, Mapping) else {}
        self._asked = task(str(told.get("benchmark")))
        self._preset = PRESETS[self._asked.preset]
        self._options = changed(self._preset.options, told.get("options"))
        self._data = str(told.get("task_data") or os.environ.get(DATA_VARIABLE) or "hub")
        self._repeats = _repeats(told.get("repeats", own.get("repeats", 1)))
        super().__init__(config={**_defaults(self._asked, self._repeats), **own, **self._fixed()})

    def _fixed(self) -> dict[str, object]:
        first = {"function": "take_first_k", "k": self._repeats}
        return {
            "repeats": self._repeats,
            "filter_list": [{"name": "none", "filter": [first]}],
            "metric_list": [
                {"metric": name, "aggregation": "mean", "higher_is_better": better}
                for name, better in metric_names(self._repeats).items()
            ],
            # Any value keeps lm-eval from looking for metrics of these names.
            "process_results": f"{__name__}.MathTask.process_results",
        }

    def download(self, dataset_kwargs: object = None, **kwargs: object) -> None:
        """Reads the problems, which lm-eval asks a task to do when it is made."""
        try:
            problems = load_problems(self._asked, self._data)
        except TaskError as error:
            raise TaskError(f"{error} (in lm-eval: --metadata task_data=FILE)") from None
        sizes = (self._asked.size, *self._asked.editions)
        if len(problems) not in sizes:
            _log.warning(
                "%s: %d problems in %s; %s has %d",
                self.config.task,
                len(problems),
                self._data,
                self._asked.title,
                self._asked.size,
            )
        self.dataset = {_SPLIT: Dataset.from_list([self._doc(problem) for problem in problems])}

    def _doc(self, problem: Problem) -> dict[str, str | None]:
        # All texts: a column of a data set has one type, and golds and levels come in several.
        fields = {name: problem.record.get(name) for name in self._asked.columns.fields}
        return {
            "id": problem.id,
            "problem": problem.problem,
            "gold": gold_as_text(self._preset, problem.gold),
            **{name: None if value is None else str(value) for name, value in fields.items()},
        }

    def fewshot_context(
        self,
        doc: Mapping[str, object],
        *,
        chat_template: Callable[..., str] | None = None,
        **kwargs: object,
    ) -> object:
        """What the model is asked: the same messages as everywhere in pyverify."""
        if chat_template is not None:
            chat_template = partial(_without_blank_ends, chat_template)
        return super().fewshot_context(doc, chat_template=chat_template, **kwargs)

    def process_results(
        self, doc: Mapping[str, str | None], results: Sequence[Sequence[object]]
    ) -> dict[str, float]:
        """Judges the samples of one problem.

        Args:
            doc: The problem.
            results: A list that holds the list of its samples.

        Returns:
            Every metric of the task.
        """
        options = self._preset.row_options(doc, self._options)
        (samples,) = results
        judged = judge(samples, gold=doc["gold"] or "", options=options)
        return figures(samples, judged, options)


def _without_blank_ends(
    chat_template: Callable[..., str], messages: Sequence[Mapping[str, str]], **kwargs: object
) -> str:
    """Undoes in a conversation the blank line that keeps a description apart in plain text."""
    plain = [{**message, "content": message["content"].strip()} for message in messages]
    return chat_template(plain, **kwargs)


def _defaults(asked: Task, repeats: int) -> dict[str, object]:
    prompt = asked.prompt
    return {
        "test_split": _SPLIT,
        "num_fewshot": 0,
        "output_type": "generate_until",
        # Without a chat template, lm-eval puts nothing between a description and the problem.
        "description": f"{prompt.system}\n\n" if prompt.system else "",
        "doc_to_text": prompt.user.replace("{problem}", "{{problem}}"),
        "doc_to_target": "gold",
        "generation_kwargs": {
            "until": list(_STOPS),
            "max_gen_toks": _MAX_TOKENS,
            **(_GREEDY if repeats == 1 else _SAMPLED),
        },
    }


def _repeats(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ValueError(f"repeats={value!r}: the samples of each prompt must be a whole number from 1")
