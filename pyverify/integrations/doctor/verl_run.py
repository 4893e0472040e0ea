"""A verl command as its configuration: composed by Hydra where verl is, else from a table."""

from __future__ import annotations

import difflib
import importlib.metadata
import importlib.util
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pyverify.integrations.doctor.findings import Finding, error, warning
from pyverify.integrations.doctor.words import Command, Override, read_value
from pyverify.integrations.verl.overrides import DEFAULTS, GONE_MANAGERS, MOVED, VERSION

__all__ = ["Run", "compose_run", "written_now"]

# Each faulty key costs a composition, of a second or two.
_MOST_REFUSED = 20
# Places for keys of one's own.
_OPEN = re.compile(r"kwargs|override_|runtime_env|\.custom\.")
_REFUSED = re.compile(
    r"(?:Could not override|Could not delete from config\.?|already at) '([^']+)'"
)


class Run:
    """What a command sets, and what holds where it sets nothing.

    Args:
        overrides: What the command sets, as far as it is accepted.
        composed: The whole configuration, nested; None where verl isn't installed.

    Attributes:
        composed: As given.
        given: The keys that the command sets, and how.
    """

    def __init__(
        self, overrides: Sequence[Override], composed: Mapping[str, object] | None
    ) -> None:
        self.composed = composed
        self.given: dict[str, Override] = {one.key: one for one in overrides}

    def has(self, key: str) -> bool:
        """Whether the command sets a key, or one below it."""
        below = key + "."
        return any(one == key or one.startswith(below) for one in self.given)

    def set_below(self, key: str) -> list[str]:
        """The keys that the command sets at or below a key."""
        below = key + "."
        return [one for one in self.given if one == key or one.startswith(below)]

    def get(self, key: str) -> object:
        """The value that a key has; None for a key that isn't there."""
        if self.composed is not None:
            return _at(self.composed, key)
        override = self.given.get(key)
        if override is not None:
            return None if override.text is None else read_value(override.text)
        return DEFAULTS.get(key)

    def text(self, key: str) -> str:
        """The value of a key as a text; empty for none."""
        value = self.get(key)
        return "" if value is None else str(value)

    def number(self, key: str) -> float | None:
        """The value of a key where it is a number, else None."""
        value = self.get(key)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def names(self, key: str) -> list[str]:
        """The value of a key as a list of texts: one text is a list of one."""
        value = self.get(key)
        if value is None:
            return []
        many = value if isinstance(value, list | tuple) else [value]
        return [str(one) for one in many if one is not None]

    def has_critic(self) -> bool:
        """Whether a critic is trained."""
        enabled = self.get("critic.enable")
        if enabled is not None:
            return bool(enabled)
        return self.get("algorithm.adv_estimator") == "gae"


def _at(config: object, key: str) -> object:
    for part in key.split("."):
        if not isinstance(config, Mapping) or part not in config:
            return None
        config = config[part]
    return config


def written_now(override: Override) -> str | None:
    """An override of an old key as it is written now.

    Returns:
        The new override; empty where nothing took the key's place; None for a key that isn't old.
    """
    key = override.key
    fits = [old for old in MOVED if key == old or key.startswith(old + ".")]
    if not fits:
        return "" if key.split(".")[0] in {old.split(".")[0] for old in MOVED} else None
    old = max(fits, key=len)
    new = MOVED[old] + key[len(old) :]
    plus = "+" if "kwargs" in new else ""
    if old == "reward_model.reward_manager" and override.text in GONE_MANAGERS:
        return f"{new}=naive"
    return f"{plus}{new}={override.text}"


def compose_run(command: Command) -> tuple[Run, str, list[Finding]]:
    """The configuration of a command.

    Args:
        command: The words.

    Returns:
        The run, what it was held against, and what Hydra refuses, with the nearest keys there are.
    """
    found = [warning(word, "no override: it has no key=value") for word in command.strange]
    folder = _verl_folder()
    if folder is None or importlib.util.find_spec("hydra") is None:
        against = (
            f"a table for verl {VERSION}; verl isn't installed here, so unknown keys aren't seen"
        )
        return Run(command.overrides, None), against, found
    accepted = list(command.overrides)
    composed, refused = _compose(command, accepted, folder / "trainer" / "config")
    version = importlib.metadata.version("verl")
    against = f"the configuration of verl {version}, composed by Hydra"
    if version != VERSION:
        found.append(warning("verl", f"the tables here are about {VERSION}, this is {version}"))
    return Run(accepted, composed), against, [*found, *refused]


def _verl_folder() -> Path | None:
    # Not imported: that takes torch, Ray and many seconds.
    spec = importlib.util.find_spec("verl")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _compose(
    command: Command, left: list[Override], folder: Path
) -> tuple[dict[str, object] | None, list[Finding]]:
    """Composes the configuration, and takes out of `left` what Hydra refuses."""
    from hydra import compose, initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    search = [] if command.folder is None else [_searched(command.folder)]
    refused: list[Finding] = []
    keys: list[str] | None = None
    with initialize_config_dir(str(folder), version_base=None):
        while len(refused) <= _MOST_REFUSED:
            words = [*search, *(one.word for one in left)]
            try:
                composed = compose(command.name, overrides=words)
            except (HydraException, OmegaConfBaseException) as problem:
                guilty = _guilty(left, str(problem))
                if guilty is None:
                    return None, [*refused, error(command.name, _first_line(problem))]
                if keys is None:
                    keys = list(_leaves(OmegaConf.to_container(compose(command.name, search))))
                refused.append(_refusal(guilty, str(problem), keys))
                left.remove(guilty)
                continue
            return _plain(composed), refused
    return None, refused


def _searched(folder: str) -> str:
    return f"hydra.searchpath=['file://{os.path.abspath(folder)}']"


def _plain(composed: object) -> dict[str, object]:
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        plain = OmegaConf.to_container(composed, resolve=True)
    except OmegaConfBaseException:  # an interpolation into nothing; verl meets it later
        plain = OmegaConf.to_container(composed, resolve=False)
    return {str(key): value for key, value in plain.items()} if isinstance(plain, dict) else {}


def _guilty(left: Sequence[Override], problem: str) -> Override | None:
    """The override that a message of Hydra's is about."""
    named = _REFUSED.search(problem)
    if named is not None:
        for one in left:
            if one.key == named.group(1) or named.group(1).startswith(one.key + "."):
                return one
    for one in left:
        if one.word in problem or (one.text and f"'{one.text}'" in problem):
            return one
    return None


def _refusal(override: Override, problem: str, keys: Sequence[str]) -> Finding:
    what = "Hydra refuses it: " + " ".join(problem.split())
    if override.sign or "already at" in problem or "override" not in problem:
        return error(override.key, what)
    instead = written_now(override)
    if instead is not None:
        return error(override.key, what, instead)
    if _OPEN.search(override.key):
        return error(override.key, what, f"+{override.word}")
    near = difflib.get_close_matches(override.key, keys, n=2, cutoff=0.8)
    if not near:
        # An actor's key is nothing for a critic.
        root, last = override.key.split(".")[0], override.key.rpartition(".")[2]
        near = [one for one in keys if one.split(".")[0] == root and one.split(".")[-1] == last][:2]
    if near:
        return error(override.key, what, " or ".join(f"{key}={override.text}" for key in near))
    return error(override.key, what, f"+{override.word}, if something of yours reads it")


def _first_line(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]


def _leaves(config: object, path: str = "") -> Iterator[str]:
    if isinstance(config, Mapping) and config:
        for key, value in config.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif path:
        yield path
