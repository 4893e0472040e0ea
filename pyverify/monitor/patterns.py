"""Names of metrics that follow a habit: which split, which set, which measure, in any order."""

from __future__ import annotations

import re

__all__ = ["UNLISTED", "by_habit", "hints"]

UNLISTED = 1000
"""Place of a name that no table lists: whatever a table lists is preferred to it."""

# verl's own, whose sets may have slashes in their names; the mean over samples, not the best of k.
_VERL = re.compile(r"val-core/(?P<set>.{1,200})/(?:acc|reward|score)/mean@\d{1,6}")
_VERL_SCORE = re.compile(r"val/test_score/(?P<set>.{1,200})")
_COMPONENT = re.compile(r"rewards/(?P<name>[^/]{1,200})(?:/mean)?|gdpo/(?P<gdpo>[^/]{1,200})/mean")
_CORRECT = re.compile(r"accuracy|correct|(?:^|_)acc(?:_|$)", re.IGNORECASE)
_NO_COMPONENTS = frozenset({"mean", "std", "min", "max", "chosen", "rejected", "margins"})

_LONGEST = 200
_WORDS = re.compile(r"[/_\-]+")

_SPLITS = frozenset(
    {"eval", "evaluation", "val", "valid", "validation", "test", "dev", "holdout", "heldout"}
)
# The more to the left, the better it is where a row has several of one set.
_MEASURES = ("reward", "rewards", "acc", "accuracy", "pass1", "pass@1", "score", "correct")
_MEANS = frozenset({"mean", "avg", "average"})
_OVER_SAMPLES = re.compile(r"(?:mean|avg)@?\d{1,6}")

# What is about a set and is not how good it is: spreads, extremes, costs, parts of the reward.
_OTHER = re.compile(
    r"""advantages?|aux|bonus|chosen|clip(?:frac|ped)?|completions?|core|count|critic|entropy|epoch
    |error|format|frac|fraction|grad|kl|len(?:gth)?|loss|lr|margins?|max(?:imum)?|med(?:ian)?
    |min(?:imum)?|norm|num|penalty|per|perplexity|rate|ratio|rejected|returns?|runtime|samples
    |seconds?|seed|size|stdev|steps?|time|timing|tokens?|total|train(?:ing)?|truncated|turns|value
    |var(?:iance)?|zero|(?:best|maj|majority|cons|pass|worst|std)@?\d{0,6}(?:of\d{1,6})?""",
    re.VERBOSE,
)

# Of which words the names of other metrics may consist, and which they must have.
_RESPONSES = frozenset(
    {
        *("completion", "completions", "generated", "generation", "generations", "output"),
        *("outputs", "response", "responses", "rollout", "rollouts"),
    }
)
_SHARE = frozenset({"frac", "fraction", "is", "portion", "proportion", "rate", "ratio", "share"})
_CUT = frozenset({"clipped", "overlong", "truncated", "truncation"})
_LENGTH = frozenset({"len", "length", "lengths", "tokens"})
_ENTROPY_OF = frozenset({"actor", "policy", "ppo", "rollout", "token", "tokens"})


def by_habit(name: str) -> tuple[str, int] | None:
    """The canonical name of a metric whose name follows a habit, and its place among its likes.

    Args:
        name: A trainer's name, of any length; only short ones are looked into.

    Returns:
        The canonical name and a place, the smaller the better; None if no habit is known.

    Example:
        >>> by_habit("eval/aime24/pass@1"), by_habit("dev_reward"), by_habit("val/math/loss")
        (('validation_reward/aime24', 1005), ('validation_reward', 1000), None)
        >>> by_habit("frac_clipped"), by_habit("actor/pg_clipfrac")
        (('clipped_ratio', 1000), None)
    """
    if len(name) > _LONGEST:
        return None
    for pattern in (_VERL, _VERL_SCORE):
        if (found := pattern.fullmatch(name)) is not None:
            return f"validation_reward/{found['set']}", UNLISTED
    short = name.removeprefix("train/")
    component = _COMPONENT.fullmatch(short)
    if component is not None:
        part = component["name"] or component["gdpo"]
        if part in _NO_COMPONENTS:
            return None
        return ("correctness" if _CORRECT.search(part) else f"component/{part}"), UNLISTED
    return _training(short.lower()) or _validation(name)


def hints(name: str) -> bool:
    """Whether a name that is not known looks like a validation reward, entropy or clipping."""
    words = {word.lower() for word in _WORDS.split(name[:_LONGEST])}
    if "entropy" in words or words & _CUT:
        return True
    if any(_measure([word]) is not None for word in words):
        return True
    return bool(words & _SPLITS) and not any(map(_OTHER.fullmatch, words))


def _training(name: str) -> tuple[str, int] | None:
    words = frozenset(_WORDS.split(name))
    means = words & _MEANS
    rest = words - means - {"train", "training"}
    of_responses = rest & (_RESPONSES | {"length"})
    cut = rest & (_CUT | {"clip"})
    # PPO clips ratios, too: "clip" says nothing without a word about responses.
    if cut and (of_responses or (cut != {"clip"} and not name.startswith("ratio"))):
        kind = rest - _RESPONSES - _SHARE - {"length"} - cut
        if not kind and (rest & (_SHARE | _RESPONSES) or means):
            return "clipped_ratio", UNLISTED
    if "entropy" in rest and rest - {"entropy"} <= _ENTROPY_OF:
        return "entropy", UNLISTED
    if rest & _LENGTH and rest & _RESPONSES and rest <= _LENGTH | _RESPONSES:
        return "response_length", UNLISTED
    return None


def _validation(name: str) -> tuple[str, int] | None:
    """One split, one measure, and what is left together is the set."""
    words: list[tuple[str, int, int]] = []  # a word, where it begins, where it ends
    at = 0
    for found in _WORDS.finditer(name):
        words.append((name[at : found.start()].lower(), at, found.start()))
        at = found.end()
    words.append((name[at:].lower(), at, len(name)))
    for place, (word, begin, _) in enumerate(words):
        # A split begins a part of the name; reward_val is one only if there is nothing else.
        if word in _SPLITS and (begin == 0 or name[begin - 1] == "/" or place == len(words) - 1):
            rest = words[:place] + words[place + 1 :]
            whole = begin == 0 or name[begin - 1] == "/"
            if rest and rest[0][0] == word and rest[0][1] < begin + len(word) + 2:
                rest = rest[1:]  # eval/eval_math_pass1
            found_set = _set(name, rest)
            if found_set is not None and (whole or not found_set[0]):
                label, rank = found_set
                return f"validation_reward{'/' if label else ''}{label}", UNLISTED + rank
    return None


def _set(name: str, words: list[tuple[str, int, int]]) -> tuple[str, int] | None:
    """The set among words that hold one measure, and the measure's rank."""
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            rank = _measure([word for word, _, _ in words[at : at + size]])
            if rank is None:
                continue
            before, after = words[:at], words[at + size :]
            left = before or after
            if (before and after) or any(_no_set(word) for word, _, _ in left):
                return None
            return (name[left[0][1] : left[-1][2]] if left else ""), rank
    return None


def _no_set(word: str) -> bool:
    return _OTHER.fullmatch(word) is not None or _measure([word]) is not None


def _measure(words: list[str]) -> int | None:
    """The rank of a measure such as acc, mean reward, acc mean@8, avg@32; None if it is none."""
    plain = [word for word in words if word not in _MEANS and not _OVER_SAMPLES.fullmatch(word)]
    if len(plain) > 1 or (len(words) > 1 and not plain):
        return None
    if not plain:
        return len(_MEASURES) if _OVER_SAMPLES.fullmatch(words[0]) else None
    return _MEASURES.index(plain[0]) if plain[0] in _MEASURES else None
