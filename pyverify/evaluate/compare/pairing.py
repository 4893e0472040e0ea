"""Two files of the same rows: the first is kept by its keys, the second looked up in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from pyverify import Options
from pyverify.evaluate.compare.comparison import Change, Comparison, RowName, Side, Trace
from pyverify.evaluate.compare.detail import bare_detail
from pyverify.evaluate.compare.keys import NTH, Key, KeyMaker
from pyverify.evaluate.compare.sides import SideReader, SideRow
from pyverify.evaluate.compare.spool import Spool
from pyverify.graders import Judgement
from pyverify.io import FieldsError
from pyverify.io.shown import one_line

__all__ = ["compare_files"]

_MOST_GRADERS = 4
_MOST_UNPAIRED = 5


def compare_files(
    comparison: Comparison,
    reader: SideReader,
    *,
    on: Sequence[str],
    options: Options,
    on_change: Callable[[Change], None],
) -> None:
    """Compares two files, named by the sides of the comparison, which is filled.

    Args:
        comparison: What is counted.
        reader: Reads a file.
        on: The fields that pair rows.
        options: How pyverify reads answers where a change is explained.
        on_change: Shown every row that one side calls right and the other doesn't.

    Raises:
        SourceError: A file cannot be read.
        FieldsError: Two rows have the same key, or none pairs.
    """
    with Spool() as spool:
        pairing = _Pairing(comparison, spool, on, options, on_change)
        reader.read(comparison.a.name, pairing.keep)
        reader.read(comparison.b.name, pairing.match)
        pairing.finish()


class _Pairing:
    def __init__(
        self,
        comparison: Comparison,
        spool: Spool,
        on: Sequence[str],
        options: Options,
        on_change: Callable[[Change], None],
    ) -> None:
        self._comparison = comparison
        self._spool = spool
        self._on = on
        self._options = options
        self._on_change = on_change
        self._keys = {"a": KeyMaker(on), "b": KeyMaker(on)}
        # Where a row of a stands in the spool, until its partner comes; then its key alone.
        self._places: dict[bytes, int] = {}
        self._paired: set[bytes] = set()
        self._others: set[bytes] = set()

    def keep(self, row: SideRow) -> None:
        """Takes a row of the first file."""
        side = self._comparison.a
        key = self._key(row, side, self._keys["a"])
        if key is None or row.judgement is None:
            return
        if key.row in self._places:
            raise self._twice(side, row)
        found = row.judgement
        self._places[key.row] = self._spool.write(
            {
                "judgement": [found.right, found.verdict, found.reason, found.score],
                "extracted": found.extracted,
                "gold": row.out.get("gold"),
                "id": row.out.get("id"),
                "line": row.line,
                "prompt": key.prompt if isinstance(key.prompt, str) else None,
            }
        )

    def match(self, row: SideRow) -> None:
        """Takes a row of the second file."""
        side = self._comparison.b
        key = self._key(row, side, self._keys["b"])
        if key is None or row.judgement is None:
            return
        if key.row in self._paired or key.row in self._others:
            raise self._twice(side, row)
        place = self._places.pop(key.row, None)
        if place is None:
            self._others.add(key.row)
            _leave(side, row.out.get("id"), row.line)
            return
        self._paired.add(key.row)
        kept = self._spool.read(place)
        assert isinstance(kept, dict)  # noqa: S101
        self._pair(kept, row, row.judgement, key)

    def finish(self) -> None:
        """Counts what is left of the first file."""
        side = self._comparison.a
        for place in self._places.values():
            kept = self._spool.read(place) if side.unpaired < _MOST_UNPAIRED else {}
            assert isinstance(kept, dict)  # noqa: S101
            _leave(side, kept.get("id"), kept.get("line"))
        if not self._paired:
            raise self._nothing()

    def _pair(self, kept: dict[str, object], row: SideRow, b: Judgement, key: Key) -> None:
        right, verdict, reason, score = kept["judgement"]  # type: ignore[misc]
        extracted = kept["extracted"]
        a = Judgement(right, verdict, reason, score, extracted)  # type: ignore[arg-type, has-type]
        prompt: Hashable | None = kept["prompt"] or key.prompt
        dataset = row.out.get("dataset")
        name = RowName(
            None if dataset is None else str(dataset), row.out.get("id"), row.out.get("sample")
        )
        gold = row.out.get("gold")
        comparison = self._comparison
        comparison.other_golds += kept["gold"] != gold
        if comparison.add(name.dataset, a, b, prompt):
            change = Change(
                name,
                self._trace(comparison.a, a, kept["gold"], kept["line"]),
                self._trace(comparison.b, b, gold, row.line),
            )
            comparison.add_change(change)
            self._on_change(change)

    def _trace(self, side: Side, found: Judgement, gold: object, line: object) -> Trace:
        own = side.grader.startswith("pyverify/")
        detail = bare_detail(found.extracted, gold, self._options) if own else None
        return Trace(found, gold, int(str(line)), detail)

    def _key(self, row: SideRow, side: Side, maker: KeyMaker) -> Key | None:
        grader = one_line(str(row.out.get("grader")))
        known = side.grader.split(", ") if side.grader else []
        if grader not in known and len(known) < _MOST_GRADERS:
            side.grader = ", ".join([*known, grader])
        if row.judgement is None:
            side.unjudged += 1
            return None
        key = maker.make(row.out, row.record)
        if key is None:
            _leave(side, row.out.get("id"), row.line)
        return key

    def _twice(self, side: Side, row: SideRow) -> FieldsError:
        fields = ", ".join(self._on)
        return FieldsError(
            f"{side.name}, line {row.line}: a second row of the same {fields} "
            f"(id {one_line(str(row.out.get('id')), 60)}). --on FIELD,... names what tells rows "
            f"apart; --on {','.join([*(name for name in self._on if name != NTH), NTH])} pairs "
            "the first with the first, the second with the second; --on line pairs lines"
        )

    def _nothing(self) -> FieldsError:
        a, b = self._comparison.a, self._comparison.b
        lines = [
            f"no row of {side.name} has the field {' or '.join(maker.absent)}"
            for side, maker in ((a, self._keys["a"]), (b, self._keys["b"]))
            if maker.absent
        ]
        if not lines:
            lines = [f"no row of {a.name} has a partner in {b.name} by {', '.join(self._on)}"]
            for side in (a, b):
                if side.first_unpaired:
                    shown = "; ".join(side.first_unpaired)
                    lines.append(f"  {side.name} has {shown}")
        lines.append("--on FIELD,... names fields that both have; --on line pairs lines")
        return FieldsError("\n".join(lines))


def _leave(side: Side, name: object, line: object) -> None:
    side.unpaired += 1
    if len(side.first_unpaired) < _MOST_UNPAIRED:
        side.first_unpaired.append(f"{one_line(str(name), 60)} (line {line})")
