"""The numbers of a run: a table for people, one JSON object for programs."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyverify.evaluate.table import Table

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
        by: The rows of each value of each field that tables go by.
        faults: What could not be used.
    """

    grader: str
    overall: Table
    datasets: list[Table] = field(default_factory=list)
    by: dict[str, list[Table]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)

    def as_json(self) -> dict[str, object]:
        """The summary as an object for JSON: no times, the same for every number of threads."""
        summary = _summary(self.overall)
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
        summary["datasets"] = {table.name: _summary(table) for table in self.datasets if table.name}
        return summary


def _summary(tally: Table) -> dict[str, object]:
    counts = tally.counts
    rewards = {} if tally.rewards is None else {"reward": tally.rewards.as_json()}
    return {
        **rewards,
        "num_samples": counts["rows"] + counts["missing_gold"],
        "num_scores": counts["rows"],
        "num_prompts": tally.prompts,
        "acc": tally.accuracy,
        "stderr": tally.standard_error,
        "empty_samples": counts["no_answer"],
        "unparseable_samples": counts["unparseable"],
        "undecided_samples": counts["undecided"],
        "timeout_samples": counts["limit"],
        "gold_errors": counts["bad_gold"] + counts["missing_gold"],
        "unevaluated_samples": counts["unevaluated"],
    }


def render_table(report: Report, seconds: float | None = None) -> str:
    """The table for standard output.

    Args:
        report: The numbers.
        seconds: How long the run took; None leaves the rate out.
    """
    named = [(table.name or "(none)", table) for table in report.datasets]
    rewarded = report.overall.rewards is not None
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


def _cells(tally: Table, rewarded: bool) -> tuple[str, ...]:
    rewards: tuple[str, ...] = ()
    if tally.rewards is not None:
        rewards = (_decimal(tally.rewards.mean), f"{tally.rewards.abstained:,}")
    counts = tally.counts
    return (
        f"{counts['rows']:,}",
        _decimal(tally.accuracy),
        _decimal(tally.standard_error),
        f"{counts['no_answer']:,}",
        f"{counts['unparseable']:,}",
        f"{counts['undecided']:,}",
        f"{counts['limit']:,}",
        f"{counts['bad_gold'] + counts['missing_gold']:,}",
        *rewards,
    )


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _footer(report: Report, seconds: float | None) -> str:
    overall = report.overall
    rows = overall.counts["rows"]
    right = f"{overall.counts['right']:,} of {rows:,} right"
    if rows == 0:
        right = "nothing could be scored"
    elif overall.prompts != rows:
        right += f", ± one standard error, clustered by {overall.prompts:,} prompts"
    else:
        right += ", ± one standard error"
    parts = [right, report.grader]
    if seconds is not None and rows:
        parts.append(f"{rows / max(seconds, 1e-6):,.0f} responses/s")
    return "; ".join(parts)


def _plain(text: str) -> str:
    """A data set's name comes from the file: control characters must not reach a terminal."""
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return shown if len(shown) <= 40 else shown[:39] + "…"
