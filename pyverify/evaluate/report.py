"""The numbers of a run: a table for people, one JSON object for programs."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyverify.evaluate.tally import Tally

SCHEMA = 1
"""Version of the JSON summary; keys are added without changing it, never renamed or removed."""

_COLUMNS = ("n", "acc", "±", "no-answer", "unparseable", "undecided", "limit", "gold errors")


@dataclass(slots=True)
class Faults:
    """Rows that could not be used as they should.

    Attributes:
        broken_lines: Lines that are no JSON object.
        missing_golds: Rows without a gold; they are not scored.
        missing_responses: Rows without a response; they score 0.
        bad_golds: Rows whose gold the engine refuses; they score 0.
        bad_values: Rows with a value that the reward cannot use; they get no reward.
        repeated_lines: Lines left out because another one holds the same response; no fault.
    """

    broken_lines: int = 0
    missing_golds: int = 0
    missing_responses: int = 0
    bad_golds: int = 0
    bad_values: int = 0
    repeated_lines: int = 0

    def any(self) -> bool:
        """Whether some row was lost or could not count."""
        return bool(
            self.broken_lines
            or self.missing_golds
            or self.missing_responses
            or self.bad_golds
            or self.bad_values
        )

    def describe(self) -> str:
        """One line of words for what went wrong."""
        counts = (
            (self.broken_lines, "broken line"),
            (self.missing_golds, "row without a gold"),
            (self.missing_responses, "row without a response"),
            (self.bad_golds, "unusable gold"),
            (self.bad_values, "row with an unusable value"),
        )
        words = []
        for count, what in counts:
            if count:
                plural = what.replace("row ", "rows ") if what.startswith("row ") else what + "s"
                words.append(f"{count} {what if count == 1 else plural}")
        return ", ".join(words)


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        grader: Who judged.
        overall: All rows.
        datasets: The rows of each data set, in the order they were met.
        faults: What could not be used.
        rewarded: Whether there are rewards besides verdicts.
    """

    grader: str
    rewarded: bool = False
    overall: Tally = field(default_factory=Tally)
    datasets: dict[str, Tally] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)

    def tally(self, name: str) -> Tally:
        """The tally of one data set, made when it is first asked for."""
        known = self.datasets.get(name)
        if known is None:
            known = self.datasets[name] = Tally()
        return known

    def as_json(self) -> dict[str, object]:
        """The summary as an object for JSON: no times, the same for every number of threads."""
        summary = _summary(self.overall, self.rewarded)
        summary["schema"] = SCHEMA
        summary["grader"] = self.grader
        summary["faults"] = {
            "broken_lines": self.faults.broken_lines,
            "missing_golds": self.faults.missing_golds,
            "missing_responses": self.faults.missing_responses,
            "bad_golds": self.faults.bad_golds,
            "bad_values": self.faults.bad_values,
            "repeated_lines": self.faults.repeated_lines,
        }
        summary["datasets"] = {
            name: _summary(tally, self.rewarded) for name, tally in self.datasets.items() if name
        }
        return summary


def _summary(tally: Tally, rewarded: bool) -> dict[str, object]:
    rewards: dict[str, object] = {"reward": tally.rewards.as_json()} if rewarded else {}
    return {
        **rewards,
        "num_samples": tally.rows + tally.missing_gold,
        "num_scores": tally.rows,
        "num_prompts": tally.prompts,
        "acc": tally.accuracy,
        "stderr": tally.standard_error,
        "empty_samples": tally.no_answer,
        "unparseable_samples": tally.unparseable,
        "undecided_samples": tally.undecided,
        "timeout_samples": tally.limit,
        "gold_errors": tally.bad_gold + tally.missing_gold,
        "unevaluated_samples": tally.unevaluated,
    }


def render_table(report: Report, seconds: float | None = None) -> str:
    """The table for standard output.

    Args:
        report: The numbers.
        seconds: How long the run took; None leaves the rate out.
    """
    named = [(name or "(none)", tally) for name, tally in report.datasets.items()]
    rewarded = report.rewarded
    head = (*_COLUMNS, "reward", "abstained") if rewarded else _COLUMNS
    rows: list[tuple[str, ...]] = [("data set", *head)]
    if len(named) > 1 or (named and named[0][0] != "(none)"):
        rows.extend((_plain(name), *_cells(tally, rewarded)) for name, tally in named)
    if len(rows) != 2:
        rows.append(("overall", *_cells(report.overall, rewarded)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    ]
    lines.append("")
    lines.append(_footer(report, seconds))
    return "\n".join(lines)


def _cells(tally: Tally, rewarded: bool) -> tuple[str, ...]:
    rewards = (_decimal(tally.rewards.mean), f"{tally.rewards.abstained:,}") if rewarded else ()
    return (
        f"{tally.rows:,}",
        _decimal(tally.accuracy),
        _decimal(tally.standard_error),
        f"{tally.no_answer:,}",
        f"{tally.unparseable:,}",
        f"{tally.undecided:,}",
        f"{tally.limit:,}",
        f"{tally.bad_gold + tally.missing_gold:,}",
        *rewards,
    )


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _footer(report: Report, seconds: float | None) -> str:
    overall = report.overall
    right = f"{overall.total:,.0f} of {overall.rows:,} right"
    if overall.rows == 0:
        right = "nothing could be scored"
    elif overall.prompts != overall.rows:
        right += f", ± one standard error, clustered by {overall.prompts:,} prompts"
    else:
        right += ", ± one standard error"
    parts = [right, report.grader]
    if seconds is not None and overall.rows:
        parts.append(f"{overall.rows / max(seconds, 1e-6):,.0f} responses/s")
    return "; ".join(parts)


def _plain(text: str) -> str:
    """A data set's name comes from the file: control characters must not reach a terminal."""
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return shown if len(shown) <= 40 else shown[:39] + "…"
