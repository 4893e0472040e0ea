"""Rewards for how a response is written: repetition, languages, steps."""

from __future__ import annotations

from dataclasses import dataclass

from pyverify import _core
from pyverify.rewards.base import Bounds, Primitive
from pyverify.rewards.numbers import count, flag, share
from pyverify.rewards.samples import Samples, Values

__all__ = ["LanguageConsistency", "Repetition", "Steps"]

_SCRIPTS = {
    "ar": ("arabic",),
    "el": ("greek",),
    "en": ("latin",),
    "he": ("hebrew",),
    "hi": ("devanagari",),
    "ja": ("kana", "han"),
    "ko": ("hangul",),
    "ru": ("cyrillic",),
    "th": ("thai",),
    "zh": ("han",),
}


@dataclass(frozen=True, repr=False)
class Repetition(Primitive):
    """A penalty for repeating oneself, by word n-grams (Yeo et al., arXiv 2502.03373).

    Formula: ``-max(0, ratio - allowed)/(1 - allowed)`` with ``ratio = 1 - distinct/all`` n-grams.
    Range: [-1, 0]. Words are what stands between white space, in small letters, without the marks
    around them; of scripts without spaces each character is one; what goes on without a space is
    cut up. Linear in the text.

    Attributes:
        n: Words in an n-gram.
        allowed: The ratio up to which nothing is taken off.

    Example:
        >>> Repetition(n=2)(["one two three four", "no no no no no"])
        [0.0, -0.75]
    """

    n: int = 6
    allowed: float = 0.0

    kind = "repetition"

    def __post_init__(self) -> None:
        super().__post_init__()
        count(self.n, "n", most=64)
        object.__setattr__(self, "allowed", share(self.allowed, "allowed"))
        if self.allowed == 1.0:
            raise ValueError("allowed must be below 1, or there is no penalty")

    @property
    def bounds(self) -> Bounds:
        """-1 to 0."""
        return -1.0, 0.0

    @property
    def formula(self) -> str:
        """The penalty."""
        ratio = f"repeated share of {self.n}-grams"
        if not self.allowed:
            return f"-({ratio})"
        return f"-max(0, {ratio} - {self.allowed:g})/{1 - self.allowed:g}"

    def values(self, samples: Samples) -> Values:
        """The penalties."""
        allowed = self.allowed
        return [
            -(ratio - allowed) / (1.0 - allowed) if ratio > allowed else 0.0
            for ratio in samples.repetition(self.n)
        ]


@dataclass(frozen=True, repr=False)
class LanguageConsistency(Primitive):
    """How much of a response is in one language (DeepSeek-R1, arXiv 2501.12948, section 2.3.2).

    Formula: with ``share`` = words and characters of the main language over all of them: ``share``,
    or with `binary` ``1 if 1 - share ≤ tolerance else 0``. Range: [0, 1]. The main language is
    `target`, or else the one of `languages` with the largest share. LaTeX, code, links, tags, names
    of functions and units, names in capitals and Latin words of one or two letters are nobody's. A
    response without
    any words counts as consistent if it isn't empty.

    Languages are told apart by their scripts, so English and French are one.

    Attributes:
        languages: What the response may be in: ar, el, en, he, hi, ja, ko, ru, th, zh.
        target: What it has to be in; None for any one of `languages`.
        binary: All or nothing.
        tolerance: With `binary`, the share of other languages that still counts as none.

    Raises:
        ValueError: A language isn't among those, or `target` isn't among `languages`.

    Example:
        >>> LanguageConsistency(binary=True)(["So the sum is five.", "So the 和是 five."])
        [1.0, 0.0]
    """

    languages: tuple[str, ...] = ("zh", "en")
    target: str | None = None
    binary: bool = False
    tolerance: float = 0.02

    kind = "language"

    def __post_init__(self) -> None:
        super().__post_init__()
        flag(self.binary, "binary")
        object.__setattr__(self, "languages", tuple(self.languages))
        for language in self.languages:
            if language not in _SCRIPTS:
                raise ValueError(f"languages are {', '.join(_SCRIPTS)}, not {language!r}")
        if not self.languages:
            raise ValueError("give at least one language")
        if self.target is not None and self.target not in self.languages:
            raise ValueError(f"target {self.target!r} is not among the languages")
        object.__setattr__(self, "tolerance", share(self.tolerance, "tolerance"))

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    @property
    def formula(self) -> str:
        """The share, or its threshold."""
        what = self.target or f"the main one of {', '.join(self.languages)}"
        if self.binary:
            return f"1 if at most {self.tolerance:g} of the words are outside {what} else 0"
        return f"share of the words in {what}"

    def values(self, samples: Samples) -> Values:
        """The shares."""
        wanted = (self.target,) if self.target is not None else self.languages
        places = [
            [_core.SCRIPTS.index(script) for script in _SCRIPTS[language]] for language in wanted
        ]
        found: Values = []
        for counts, text in zip(samples.scripts(), samples.spoken, strict=True):
            total = sum(counts)
            if total:
                main = max(sum(counts[i] for i in own) for own in places)
            else:
                # No words: nothing is mixed, but nothing is said either where there is no text.
                main, total = (1, 1) if text.strip() else (0, 1)
            if self.binary:
                found.append(float((total - main) / total <= self.tolerance))
            else:
                found.append(main / total)
        return found


@dataclass(frozen=True, repr=False)
class Steps(Primitive):
    r"""Rewards reasoning in marked steps, up to a number of them.

    Formula: ``min(1, steps/wanted)``. Range: [0, 1]. A step is a line that begins with ``Step 2:``,
    ``2.``, ``-`` or ``*``, a sentence that begins with First, Next, Finally and the like, or their
    Chinese kin, and says something that no step before it said.

    Attributes:
        wanted: Steps from which on it is 1.

    Example:
        >>> Steps(2)(["Step 1: add two and three.\nStep 2: take one away.", "Step 1: Step 2:"])
        [1.0, 0.0]
    """

    wanted: int = 3

    kind = "steps"

    def __post_init__(self) -> None:
        super().__post_init__()
        count(self.wanted, "wanted")

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    @property
    def formula(self) -> str:
        """The ramp."""
        return f"min(1, steps/{self.wanted})"

    def values(self, samples: Samples) -> Values:
        """The ramp's values."""
        return [min(1.0, steps / self.wanted) for steps in samples.steps()]
