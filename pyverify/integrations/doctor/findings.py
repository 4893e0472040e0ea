"""What the doctor says: findings, and how grave they are."""

from __future__ import annotations

from dataclasses import dataclass

from pyverify.evaluate.lint import Level

__all__ = ["Examined", "Finding", "Level", "error", "note", "warning"]

_GRAVEST_FIRST = (Level.ERROR, Level.WARNING, Level.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a command or a set-up.

    Attributes:
        level: How grave it is: an error fails or trains something else than what is written, a
            warning is probably not meant, a note is worth knowing.
        key: What it is about: a key, an option, a package.
        what: What happens.
        instead: What to write or to do instead; empty where nothing is to be done.
    """

    level: Level
    key: str
    what: str
    instead: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as an object for JSON."""
        return {
            "level": self.level.value,
            "key": self.key,
            "what": self.what,
            "instead": self.instead,
        }


def error(key: str, what: str, instead: str = "") -> Finding:
    """A finding that stops a run, or changes what it trains."""
    return Finding(Level.ERROR, key, what, instead)


def warning(key: str, what: str, instead: str = "") -> Finding:
    """A finding that is probably not meant."""
    return Finding(Level.WARNING, key, what, instead)


def note(key: str, what: str, instead: str = "") -> Finding:
    """A finding that is worth knowing."""
    return Finding(Level.NOTE, key, what, instead)


class Examined:
    """What was examined, and what was found.

    Args:
        subject: What it is.
        against: What it was held against: a package and its version, or a table.
        findings: In any order.

    Attributes:
        subject: As given.
        against: As given.
        findings: The gravest first; each once.
    """

    def __init__(self, subject: str, against: str, findings: list[Finding]) -> None:
        self.subject = subject
        self.against = against
        once = dict.fromkeys(findings)
        self.findings = sorted(once, key=lambda one: _GRAVEST_FIRST.index(one.level))

    def count(self, level: Level) -> int:
        """How many findings are of a level."""
        return sum(one.level is level for one in self.findings)

    def as_json(self) -> dict[str, object]:
        """Everything as an object for JSON."""
        return {
            "subject": self.subject,
            "against": self.against,
            "findings": [one.as_json() for one in self.findings],
        }
