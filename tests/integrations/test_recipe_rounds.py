"""Rounds of training: whose checkpoint goes on, and the mean that decides it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.integrations.recipes import rounds_openrlhf, rounds_trl, rounds_verl
from pyverify.integrations.recipes.command_line import Paths, RecipeError
from pyverify.integrations.recipes.harmonic import harmonic_mean_of_ratios
from pyverify.integrations.recipes.rounds import Round, run_rounds

SHARES = st.floats(0.001, 1)
PAIRS = st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=6)


def mean(pairs: list[tuple[float, float]]) -> float:
    scores = {str(at): score for at, (score, _) in enumerate(pairs)}
    return harmonic_mean_of_ratios(scores, {str(at): base for at, (_, base) in enumerate(pairs)})


@given(PAIRS)
def test_the_mean_lies_between_the_ratios_and_below_their_average(
    pairs: list[tuple[float, float]],
) -> None:
    ratios = [score / base for score, base in pairs]
    found = mean(pairs)
    assert min(ratios) * (1 - 1e-9) <= found <= max(ratios) * (1 + 1e-9)
    assert found <= sum(ratios) / len(ratios) * (1 + 1e-9)
    assert found == pytest.approx(mean(pairs[::-1]))


@given(PAIRS, st.floats(1.01, 2))
def test_a_better_benchmark_makes_a_better_mean(
    pairs: list[tuple[float, float]], factor: float
) -> None:
    (score, base), *others = pairs
    better = min(score * factor, 1.0)
    assert mean([(better, base), *others]) >= mean(pairs) * (1 - 1e-12)


def test_a_gain_does_not_make_up_for_a_loss() -> None:
    """Half and double: 0.8, where the average of ratios would be 1.25."""
    assert mean([(0.2, 0.4), (0.8, 0.4)]) == pytest.approx(0.8)
    assert mean([(0.3, 0.3), (0.5, 0.5)]) == pytest.approx(1)
    # Nobody solves the second: the first decides.
    assert mean([(0.5, 0.25), (0.0, 0.0)]) == pytest.approx(2 / (0.5 + 1))


@pytest.mark.parametrize(
    ("scores", "baseline"),
    [
        ({}, {}),
        ({"a": 0.5}, {"b": 0.5}),
        ({"a": 1.5}, {"a": 0.5}),
        ({"a": 0.5}, {"a": math.nan}),
    ],
)
def test_what_has_no_mean(scores: dict[str, float], baseline: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"benchmarks|between 0 and 1"):
        harmonic_mean_of_ratios(scores, baseline)


ROUNDS = [Round("first"), Round("second")]
# The second checkpoint of each round is better on one benchmark alone, the first on both.
SCORES = {
    "begin": {"x": 0.4, "y": 0.4},
    "round1/a": {"x": 0.5, "y": 0.5},
    "round1/b": {"x": 0.9, "y": 0.2},
    "round2/a": {"x": 0.6, "y": 0.6},
    "round2/b": {"x": 0.7, "y": 0.7},
}


class Runs:
    """What a trainer would do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trained: list[tuple[int, str]] = []
        self.scored: list[str] = []

    def train(self, number: int, paths: Paths) -> None:
        self.trained.append((number, self.name(paths.model)))
        for name in "ab":
            (Path(paths.output) / name).mkdir(parents=True)

    def checkpoints(self, folder: Path) -> list[Path]:
        return sorted(one for one in folder.iterdir() if one.is_dir())

    def score(self, model: str) -> dict[str, float]:
        self.scored.append(self.name(model))
        return SCORES[self.scored[-1]]

    def name(self, model: str) -> str:
        return model.removeprefix(f"{self.folder}/")

    def run(self) -> str:
        paths = Paths("begin", ["t"], ["v"], str(self.folder))
        found = run_rounds(
            ROUNDS, paths, train=self.train, checkpoints=self.checkpoints, score=self.score
        )
        return self.name(found)


def test_each_round_goes_on_from_the_best_of_the_one_before(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    assert runs.run() == "round2/b"
    assert runs.trained == [(0, "begin"), (1, "round1/a")]
    assert runs.scored == [*SCORES]


def test_a_run_started_again_goes_on_behind_its_last_whole_round(tmp_path: Path) -> None:
    first = Runs(tmp_path)
    first.run()
    for path in (tmp_path / "round2").iterdir():
        path.unlink() if path.is_file() else path.rmdir()
    again = Runs(tmp_path)
    assert again.run() == "round2/b"
    assert again.trained == [(1, "round1/a")]
    assert again.scored == ["round2/a", "round2/b"]


def test_a_round_without_a_checkpoint_is_said(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    with pytest.raises(RecipeError, match=r"no checkpoint in .*round1: save more often"):
        run_rounds(
            ROUNDS,
            Paths("begin", ["t"], ["v"], str(tmp_path)),
            train=lambda number, paths: None,
            checkpoints=lambda folder: [],
            score=runs.score,
        )


def test_checkpoints_are_in_the_order_of_steps(tmp_path: Path) -> None:
    for step in (9, 10, 100):
        (tmp_path / f"checkpoint-{step}").mkdir()
        (tmp_path / "checkpoints" / f"global_step{step}_hf").mkdir(parents=True)
        model = tmp_path / f"global_step_{step}" / "actor" / "huggingface"
        model.mkdir(parents=True)
        (model / "model.safetensors").touch()
    # What isn't one: the best so far, a tokenizer without weights, something else.
    (tmp_path / "checkpoints" / "best_global_step9_hf").mkdir()
    (tmp_path / "global_step_11" / "actor" / "huggingface").mkdir(parents=True)
    (tmp_path / "checkpoint-last").mkdir()
    names = [one.name for one in rounds_trl.checkpoints(tmp_path)]
    assert names == ["checkpoint-9", "checkpoint-10", "checkpoint-100"]
    names = [one.parts[-3] for one in rounds_verl.checkpoints(tmp_path)]
    assert names == ["global_step_9", "global_step_10", "global_step_100"]
    names = [one.name for one in rounds_openrlhf.checkpoints(tmp_path)]
    assert names == ["global_step9_hf", "global_step10_hf", "global_step100_hf"]
