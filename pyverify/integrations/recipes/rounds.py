"""Rounds of training, each from the best checkpoint of the one before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pyverify.integrations.recipes.command_line import Paths, RecipeError
from pyverify.integrations.recipes.harmonic import harmonic_mean_of_ratios
from pyverify.io.atomic import write_text

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Round:
    """One round.

    Attributes:
        reward: A reward's name or file.
        settings: What is different in it, in the trainer's words.
    """

    reward: str
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scored:
    """A model and what it is worth.

    Attributes:
        model: Its folder or name.
        ratio: How many times better than the first model it is.
        scores: Its share of right answers for each benchmark.
    """

    model: str
    ratio: float
    scores: dict[str, float]

    def __str__(self) -> str:
        return f"{self.model}, {self.ratio:.3f} times the baseline: {_shown(self.scores)}"


def run_rounds(
    rounds: Sequence[Round],
    paths: Paths,
    *,
    train: Callable[[int, Paths], None],
    checkpoints: Callable[[Path], Sequence[Path]],
    score: Callable[[str], Scores],
) -> str:
    """Trains round by round, and keeps of each the checkpoint that is best on all benchmarks.

    The best is that with the largest harmonic mean of its benchmarks' ratios to the model before
    the first round. What a round has come to stands in its folder (``best.json``): a run that is
    started again goes on behind the last of them.

    Args:
        rounds: The rounds.
        paths: What the run begins with, and the folder for all rounds.
        train: Trains a round, counted from 0, with its model and its folder in the paths.
        checkpoints: Those that a round has left in its folder.
        score: The share of right answers for each benchmark.

    Returns:
        The last round's best checkpoint.

    Raises:
        RecipeError: A round left no checkpoint.
    """
    output = Path(paths.output)
    baseline = _known(output / "baseline.json")
    if baseline is None:
        baseline = Scored(paths.model, 1.0, dict(score(paths.model)))
        _keep(output / "baseline.json", baseline)
    print(f"baseline {baseline.model}: {_shown(baseline.scores)}")
    model = paths.model
    for number, one in enumerate(rounds):
        folder = output / f"round{number + 1}"
        best = _known(folder / "best.json")
        if best is None:
            train(number, replace(paths, model=model, output=str(folder)))
            best = _best(checkpoints(folder), folder, score, baseline.scores)
            _keep(folder / "best.json", best)
        model = best.model
        print(f"round {number + 1} of {len(rounds)}, {one.reward}: the best is {best}")
    return model


def _best(
    found: Sequence[Path], folder: Path, score: Callable[[str], Scores], baseline: Scores
) -> Scored:
    if not found:
        raise RecipeError(f"no checkpoint in {folder}: save more often than a round has steps")
    tried = []
    for path in found:
        scores = dict(score(str(path)))
        tried.append(Scored(str(path), harmonic_mean_of_ratios(scores, baseline), scores))
        print(f"  {tried[-1]}")
    return max(tried, key=lambda one: one.ratio)


def _known(path: Path) -> Scored | None:
    return Scored(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def _keep(path: Path, value: Scored) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(str(path), json.dumps(asdict(value), indent=2) + "\n")


def _shown(scores: Scores) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
