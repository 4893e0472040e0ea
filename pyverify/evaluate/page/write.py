"""Writes the page: everything in one file that appears whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pyverify import __version__
from pyverify.evaluate.names import STDIN_NAME
from pyverify.evaluate.page import charts, figures
from pyverify.evaluate.page.collector import PageCollector
from pyverify.evaluate.page.rows import Commands, embed, html_json
from pyverify.evaluate.page.statuses import outcomes, status_names
from pyverify.evaluate.page.visible import clipped
from pyverify.io import SourceError
from pyverify.io.atomic import write_text

if TYPE_CHECKING:
    from jinja2 import Environment

# With all that stands around them the rows leave the page below ten million bytes.
_MOST_ROW_BYTES = 9_000_000
_MOST_SOURCES = 12
_TEMPLATES = Path(__file__).parent / "templates"


def check_page(target: str) -> None:
    """Says before a run what would keep its page from being written.

    Args:
        target: The file's name.

    Raises:
        SourceError: jinja2 isn't installed, or the file cannot be made there.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise SourceError(f"{target}: the HTML report needs jinja2: pip install jinja2") from None
    path = Path(os.path.realpath(target))
    if path.is_dir():
        raise SourceError(f"cannot write {target}: it is a folder")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise SourceError(f"cannot write {target}: there is no folder {path.parent} to write to")


def write_page(
    target: str,
    summary: Mapping[str, object],
    collector: PageCollector,
    *,
    title: str | None = None,
    commands: Commands | None = None,
) -> None:
    """Writes the report of a run as one HTML file of at most ten million bytes.

    The same run gives the same bytes. The file loads nothing and runs no script but its own.

    Args:
        target: The file's name; the file appears whole or not at all.
        summary: The run's figures, `Report.as_json`; keys that aren't there are left out.
        collector: What it saw.
        title: The page's heading; None for the names of the inputs.
        commands: How rows are explained on the command line; None for ``pyverify explain`` alone.

    Raises:
        SourceError: jinja2 isn't installed, or the file cannot be written.
    """
    check_page(target)
    write_text(target, _page(summary, collector, title, commands or Commands()))


def _page(
    summary: Mapping[str, object], collector: PageCollector, title: str | None, commands: Commands
) -> str:
    from markupsafe import Markup

    chosen = collector.chosen()
    rows, shown = embed(chosen, commands, _MOST_ROW_BYTES)
    bands = collector.lengths.bands()
    drawn = (
        charts.curve(summary),
        charts.difficulty_chart(summary),
        charts.length_chart(bands),
    )
    style, script = (_read(name) for name in ("page.css", "page.js"))
    accuracy = figures.number(summary.get("acc"))
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=clipped(title or _title(collector), 200),
            sources=_sources(collector),
            grader=clipped(str(summary.get("grader", "")), 400),
            version=__version__,
            policy=_policy(style, script),
            # Our own files and JSON without markup: nothing of the run is marked as safe.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            rows=Markup(rows),  # noqa: S704
            names=Markup(html_json(status_names())),  # noqa: S704
            accuracy=figures.percent(accuracy),
            headline=figures.bar("all", summary),
            interval=figures.interval(summary),
            right=collector.statuses["right"],
            total=collector.rows,
            scored=figures.scored(summary, collector.rows),
            prompts=figures.count(summary.get("num_prompts")),
            shown=shown,
            outcomes=outcomes(collector.statuses),
            tiles=figures.tiles(summary),
            datasets=figures.dataset_table(summary),
            fields=figures.field_tables(summary),
            charts=[chart for chart in drawn if chart is not None],
            medians=(collector.lengths.median(right=True), collector.lengths.median(right=False)),
            width=charts.WIDTH,
            height=charts.HEIGHT,
        )
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: use this style and this script, by their hashes, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _title(collector: PageCollector) -> str:
    names = list(collector.sources)
    if not names:
        return "Nothing was scored"
    first = "standard input" if names[0] == STDIN_NAME else os.path.basename(names[0])
    return first if len(names) == 1 else f"{first} and {len(names) - 1} more"


def _sources(collector: PageCollector) -> list[tuple[str, str]]:
    found = [
        (clipped(name, 200), "1 response" if rows == 1 else f"{rows:,} responses")
        for name, rows in list(collector.sources.items())[:_MOST_SOURCES]
    ]
    more = len(collector.sources) - len(found)
    return [*found, (f"{more:,} more files", "")] if more > 0 else found
