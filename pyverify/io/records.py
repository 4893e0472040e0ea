"""One input opened for reading: its records, and the fields that they are read by."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import NoReturn

from pyverify.io.blocks import Block
from pyverify.io.containers import Columnar, Container, Lines, ParquetTable, open_container
from pyverify.io.detect import find_finish_reason
from pyverify.io.errors import DamagedError, SourceError
from pyverify.io.fields import LATER_BYTES, LATER_ROWS, ROLES, SAMPLE_ROWS, Fields
from pyverify.io.layouts import GENERIC, Layout, Prepare, find_layout
from pyverify.io.lines import BrokenLine, Json, JsonLine
from pyverify.io.part import Part
from pyverify.io.rows import usual_samples
from pyverify.io.settle import Settle, Wanted, settle_fields


def open_records(
    name: str,
    fixed: Fields | Settle,
    *,
    need_gold: bool = True,
    need_response: bool = True,
    repeats: bool = False,
    part: Part | None = None,
    settled: tuple[str, Fields] | None = None,
) -> Records:
    """Opens an input and settles how it is read.

    Args:
        name: A file, a folder of a saved data set, or ``-`` for standard input.
        fixed: Fields the caller named, or what names them when it has seen the first records.
        need_gold: False when the golds come from elsewhere.
        need_response: False for a file of golds alone.
        repeats: Whether records that only repeat another one are wanted, too.
        part: Which part of it is read; None for all.
        settled: Layout and fields, where another part of the same input has settled them.

    Raises:
        SourceError: It cannot be read, or holds no record.
        FieldsError: Its fields are not clear.
    """
    container = open_container(name, part)
    try:
        layout = None if settled is None else settled[0]
        records = Records(container, layout, whole=part is None, repeats=repeats)
        if settled is None:
            records.settle(fixed, need_gold=need_gold, need_response=need_response)
        else:
            records.fields = settled[1]
        return records
    except BaseException:
        container.close()
        raise


class Records:
    """An input whose fields are settled; a context manager, read once.

    Attributes:
        source: What messages and reports call it.
        total_bytes: Its size, or None if unknown.
        layout: What wrote it.
        fields: Where things are.
        head: The first records.
        repeated: Records passed over because another one holds the same response.
        remarks: What else is worth saying about how it is read.
    """

    def __init__(
        self,
        container: Container,
        layout: str | None = None,
        *,
        whole: bool = True,
        repeats: bool = False,
    ) -> None:
        """Takes over an opened container; see `open_records`."""
        self.source = container.name
        self.total_bytes = container.total_bytes
        self.repeated = 0
        self.fields = Fields()
        self.remarks: list[str] = []
        self._container = container
        self._columns: Collection[str] | None = None
        first, self._rest = self._read_head(needed=layout is None)
        self._taken = 0
        raw = _good(first)
        self._layout: Layout = find_layout(raw, layout)
        refusal = self._layout.refusal
        ours = [record for record in raw if self._layout.wrote(record)]
        self._refusal = None if refusal is None else refusal(ours)
        self._repeats = repeats
        preparation = self._layout.preparation
        if not whole and self._layout.prepared_gold is None:
            # What is read in parts needs none (`divisible`), whatever a part begins with.
            preparation = None
        self._prepare = None if preparation is None else preparation(ours)
        self._look = self._prepare
        if preparation is not None and isinstance(container, Lines):
            # Lines are read again from the first, by what has not seen them.
            self._look = preparation(ours)
        self._first: list[JsonLine | BrokenLine] = []
        self.head: list[dict[str, Json]] = []
        self._add_to_head(first)

    @property
    def layout(self) -> str:
        """What wrote it, as far as its records tell."""
        return self._container.kind if self._layout is GENERIC else self._layout.name

    @property
    def plain(self) -> bool:
        """Whether the fields alone say how its records, which are lines of JSON, are read.

        Then `blocks` may be read instead; lines of them that the engine leaves are `prepared`.
        """
        if not isinstance(self._container, Lines):
            return False
        return self._prepare is None or self._layout.prepared_gold == self.fields.gold

    @property
    def divisible(self) -> Lines | ParquetTable | None:
        """What it comes in, if a part of that reads as it does within the whole; else None."""
        container = self._container
        if not isinstance(container, (Lines, ParquetTable)):
            return None
        if self._prepare is not None and self._layout.prepared_gold is None:
            return None
        return container if container.divisible else None

    def settle(self, fixed: Fields | Settle, *, need_gold: bool, need_response: bool) -> None:
        """Finds the fields that are not fixed.

        Raises:
            SourceError: There are no responses in such files.
            FieldsError: They are not clear.
        """
        if need_response and self._refusal is not None:
            raise SourceError(f"{self.source}: {self._layout.name}: {self._refusal}")
        wanted = Wanted(gold=need_gold, response=need_response)
        settled = settle_fields(self.head, fixed, self._layout, wanted)
        if settled.lacking and self._look_further():
            settled = settle_fields(self.head, fixed, self._layout, wanted)
        if settled.error is not None:
            raise type(settled.error)(f"{self.source}: {settled.error}")
        self.fields = settled.fields
        self.remarks = [f"{self.source}: {remark}" for remark in settled.remarks]
        if self.fields.finish_reason is None and self._may_say_why():
            self.fields = replace(self.fields, finish_reason=find_finish_reason(self.head))
        self.fields = replace(self.fields, samples=usual_samples(self.head, self.fields))

    def _may_say_why(self) -> bool:
        """Whether records behind the first ones say why generation ended; they are looked at."""
        container = self._container
        words = (b"finish_reason", b"stop_reason", b"truncated")
        if not isinstance(container, Lines) or not any(map(container.mentions, words)):
            return False
        return self._look_further()

    def _look_further(self) -> bool:
        """Takes more records into the head; False if there are none."""
        container, seen = self._container, len(self._first)
        if isinstance(container, Lines):
            more = container.head(LATER_ROWS)[self._taken :]
        else:
            begin = container.bytes_read() or 0
            more, damage = _take(
                self._rest,
                LATER_ROWS - self._taken,
                lambda: (container.bytes_read() or 0) - begin < LATER_BYTES,
            )
            if damage is not None:
                self._rest = map(_raise, (damage,))
        self._add_to_head(more)
        return len(self._first) > seen

    def _add_to_head(self, lines: Sequence[JsonLine | BrokenLine]) -> None:
        repeated = self.repeated
        self._first += self._prepared(self._look, lines)
        self._taken += len(lines)
        self.head = _good(self._first)
        if isinstance(self._container, Lines):
            self.repeated = repeated

    def narrow(self, paths: Iterable[str]) -> None:
        """Lets columns that neither the fields nor these paths need be left unread."""
        if self._prepare is not None and self._layout.prepared_gold is None:
            # What it makes the fields of is its own matter.
            return
        named = [getattr(self.fields, role) for role in ROLES]
        wanted = [*named, *self.fields.tables, *(path for _, path in self.fields.columns), *paths]
        paths = [path for path in wanted if path is not None]
        parts = [part for path in paths for part in path.split("+")]
        # A column may be called like a whole path.
        self._columns = {part.split(".")[0].removesuffix("[]") for part in parts}
        self._columns.update(paths, parts)

    def _read_head(
        self, *, needed: bool
    ) -> tuple[list[JsonLine | BrokenLine], Iterator[JsonLine | BrokenLine]]:
        rest: Iterator[JsonLine | BrokenLine]
        if isinstance(self._container, Lines):
            first, rest = self._container.head(SAMPLE_ROWS), iter(())
            damage = self._container.damage
        else:
            rest = self._container.records()
            first, damage = _take(rest, SAMPLE_ROWS)
            if damage is not None:
                # Told when the records are read.
                rest = map(_raise, (damage,))
        if needed and not any(isinstance(line, JsonLine) for line in first):
            if not first:
                raise damage or SourceError(f"{self.source} is empty")
            problem = next(line.problem for line in first if isinstance(line, BrokenLine))
            wrong = f"not one record in it is a JSON object; the first: {problem}"
            raise SourceError(f"{self.source}: {wrong}")
        return first, rest

    def __enter__(self) -> Records:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the input."""
        self.close()

    def close(self) -> None:
        """Closes the input."""
        self._container.close()

    def bytes_read(self) -> int | None:
        """Bytes of the input taken so far, or None if unknown."""
        return self._container.bytes_read()

    def blocks(self) -> Iterator[Block | BrokenLine]:
        """Whole lines of a plain input in blocks; a view lives until the next is asked for."""
        if isinstance(self._container, Lines):
            yield from self._container.blocks()

    def __iter__(self) -> Iterator[JsonLine | BrokenLine]:
        """Every record and everything that should have been one, in order."""
        if isinstance(self._container, Lines):
            return self.prepared(self._container.records())
        if self._columns is not None and isinstance(self._container, Columnar):
            return self.prepared(self._container.narrowed(self._columns))
        return itertools.chain(self._first, self.prepared(self._rest))

    def prepared(self, lines: Iterable[JsonLine | BrokenLine]) -> Iterator[JsonLine | BrokenLine]:
        """Lines of its blocks, made readable by its fields."""
        return self._prepared(self._prepare, lines)

    def _prepared(
        self, prepare: Prepare | None, lines: Iterable[JsonLine | BrokenLine]
    ) -> Iterator[JsonLine | BrokenLine]:
        for line in lines:
            if prepare is None or isinstance(line, BrokenLine):
                yield line
                continue
            found = 0
            for value in prepare(line.value):
                found += 1
                yield JsonLine(line.number, value)
            self.repeated += not found
            if not found and self._repeats:
                yield line


def _raise(damage: DamagedError) -> NoReturn:
    raise damage


def _good(lines: Iterable[JsonLine | BrokenLine]) -> list[dict[str, Json]]:
    return [line.value for line in lines if isinstance(line, JsonLine)]


def _take(
    lines: Iterator[JsonLine | BrokenLine],
    most: int,
    goes_on: Callable[[], bool] = lambda: True,
) -> tuple[list[JsonLine | BrokenLine], DamagedError | None]:
    """The first lines, up to so many good ones while it goes on, and what kept it from more."""
    found: list[JsonLine | BrokenLine] = []
    good = 0
    try:
        while good < most and goes_on() and (line := next(lines, None)) is not None:
            found.append(line)
            good += isinstance(line, JsonLine)
    except DamagedError as error:
        return found, error
    return found, None
