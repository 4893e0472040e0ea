"""Every number the monitor goes by, with its reason; docs/monitor.md has the same as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

__all__ = ["Thresholds"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as a bad sign.

    A *level* is a reward's height above the bottom of its scale (0 for rewards that are never
    negative), so that a fall of 25 % means the same for rewards in [0, 1] and in [-1, 1]. A *sigma*
    is the noise of one logged value, estimated from the log itself (`Series.noise`). A *point* is
    one logged value of a metric, whatever the distance between the steps.

    Attributes:
        block: Points that are averaged before a training metric is judged. One step of training
            sees few prompts; five tame that and cost little delay.
        validation_samples: Completions assumed behind one validation value until the log shows its
            noise. 200 lies between 30 prompts sampled four times and a test set of 500.
        validation_drop: Fall of the validation level that, with a symptom beside it, is a collapse.
            A quarter is more than the dip in which many healthy runs begin.
        validation_drop_alone: The same without a symptom, as the mean of two evaluations.
        validation_drop_steady: Fall that, with a symptom, is a collapse if all of the first four to
            six evaluations fell: by chance that is rarer than two falls in a row.
        validation_drop_warning: Fall that is worth a warning when three evaluations show it.
        validation_sigmas: Sigmas such a fall must have at the third evaluation. Later it is up to
            2.5 more: among many evaluations one is high by luck, and looks like a peak.
        validation_sigmas_alone: The same for a fall without a symptom.
        entropy_rise: Relative rise of the entropy since the best reward that is one whole symptom.
            Healthy entropies rise, too, which is why it only counts while a reward falls.
        clipped_rise: Rise of the share of clipped responses that is one whole symptom.
        reward_drop: Fall of the training reward's level that, with symptoms, is a collapse.
        reward_drop_alone: The same without symptoms, for a warning.
        reward_sigmas: Sigmas of either fall. Training rewards are logged often, and a hundred looks
            find many a chance.
        reward_symptoms: Symptoms wanted with a falling training reward. More than with validation,
            as harder prompts in a curriculum lower the reward and lengthen the responses.
        entropy_floor: Entropy, in nats per token, below which nothing is explored any more ...
        entropy_share: ... if it is also less than this share of what the run began with.
        solved: Height on the reward's scale, from 0 to 1, above which a run counts as solved: there
            entropy and variance vanish because there is nothing left to learn.
        zero_variance: Share of groups whose rewards are all the same that is too high. Each such
            group costs its tokens and gives no gradient; half is usual.
        mixed_groups: Share of groups with a right and a wrong response below which the reward is
            too sparse. Below one in ten, most of a step's prompts teach nothing.
        length_ratio: Growth of the mean response length since the reward was last at its best that
            is a runaway.
        component_rise: Rise of one component's mean, on a scale of 1, that may be a hack.
        correctness_drop: Fall of correctness beside it that makes it one.
        hack_sigmas: Sigmas that both must have.
        no_answer_rise: Rise of the share of responses without an answer since its lowest.
        patience: Points for which a condition of training metrics must hold before it is said.
        clear_after: Points for which it must be gone before it can be said again.

    Example:
        >>> Thresholds().with_values({"length_ratio": "3"}).length_ratio
        3.0
    """

    block: int = 5
    validation_samples: int = 200
    validation_drop: float = 0.25
    validation_drop_alone: float = 0.5
    validation_drop_steady: float = 0.45
    validation_drop_warning: float = 0.15
    validation_sigmas: float = 2.5
    validation_sigmas_alone: float = 5.0
    entropy_rise: float = 0.04
    clipped_rise: float = 0.02
    reward_drop: float = 0.25
    reward_drop_alone: float = 0.5
    reward_sigmas: float = 5.0
    reward_symptoms: float = 3.0
    entropy_floor: float = 0.05
    entropy_share: float = 0.1
    solved: float = 0.8
    zero_variance: float = 0.9
    mixed_groups: float = 0.1
    length_ratio: float = 2.0
    component_rise: float = 0.05
    correctness_drop: float = 0.2
    hack_sigmas: float = 5.0
    no_answer_rise: float = 0.15
    patience: int = 3
    clear_after: int = 10

    def __post_init__(self) -> None:
        """Refuses what would switch a rule on for ever or divide by nothing.

        Raises:
            ValueError: If a value is not finite, not positive, or a count is below 1.
        """
        for name, value in asdict(self).items():
            if not math.isfinite(value) or value <= 0:
                raise ValueError(f"threshold {name} must be above 0, not {value}")

    def with_values(self, values: Mapping[str, str]) -> Thresholds:
        """The same with some values replaced, given as text.

        Raises:
            ValueError: If a name is none of a threshold, or its value no number of its type.
        """
        changed: dict[str, int | float] = asdict(self)
        for name, text in values.items():
            if name not in changed:
                names = ", ".join(field.name for field in fields(self))
                raise ValueError(f"no threshold is called {name!r}; there are: {names}")
            try:
                changed[name] = type(changed[name])(text)
            except ValueError:
                kind = "a whole number" if isinstance(changed[name], int) else "a number"
                raise ValueError(f"threshold {name} is {kind}, not {text!r}") from None
        return Thresholds(**changed)  # type: ignore[arg-type]
