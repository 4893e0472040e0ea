"""Divides a run into parts that can be scored anywhere and in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import pairwise

from pyverify import __version__
from pyverify.evaluate.opening import open_input, settle_columns
from pyverify.evaluate.settings import GoldSource, RunSettings
from pyverify.evaluate.shards.inputs import stamp
from pyverify.evaluate.shards.manifest import Input, Manifest, Shard
from pyverify.io import STDIN, GoldTable, Records, SourceError
from pyverify.io.containers import ParquetTable
from pyverify.io.part import Part

MOST_SHARD_BYTES = 256 << 20
_LEAST_SHARD_BYTES = 4 << 20
_PARTS_PER_WORKER = 4
_STEP = 4 << 20


def plan_shards(
    settings: RunSettings,
    *,
    rows: bool,
    workers: int = 1,
    shard_bytes: int | None = None,
    on_remark: Callable[[str], None] = lambda text: None,
) -> Manifest:
    """Plans a run.

    The fields of every input are settled here, once. A plain file of lines is divided at line ends
    and a Parquet file at row groups; anything else is one part. Lines have to be counted to number
    those of a later part, at some GB/s; a file that makes one part isn't read.

    Args:
        settings: The run.
        rows: Whether verdict rows are wanted.
        workers: How many will work at it.
        shard_bytes: About how large a part is; by default some parts for each worker, of at most
            256 MiB.
        on_remark: Told how each input is read.

    Raises:
        SourceError: An input cannot be read, or not in parts.
        FieldsError: An input's fields are not clear.
    """
    if STDIN in settings.inputs:
        raise SourceError("standard input cannot be divided: name a file, or leave --workers away")
    stamps = [stamp(name) for name in settings.inputs]
    if shard_bytes is None:
        wanted = sum(one.size for one in stamps) // (_PARTS_PER_WORKER * workers)
        shard_bytes = min(max(wanted, _LEAST_SHARD_BYTES), MOST_SHARD_BYTES)
    inputs: list[Input] = []
    shards: list[Shard] = []
    for number, name in enumerate(settings.inputs):
        with open_input(settings, name) as records:
            columns = settle_columns(settings, records, on_remark)
            inputs.append(Input(name, stamps[number], records.layout, records.fields, columns))
            parts = list(_parts(name, records, stamps[number].size, shard_bytes))
        if len(parts) == 1 and workers > 1 and stamps[number].size > shard_bytes:
            on_remark(f"{name}: can only be read as a whole, by one worker")
        shards += [Shard(number, part, size) for part, size in parts]
    return Manifest(
        settings=identity(settings),
        options=settings.options,
        by=settings.by,
        rewarded=settings.rewarded,
        grader=settings.grader,
        rows=rows,
        inputs=tuple(inputs),
        shards=tuple(shards),
    )


def identity(settings: RunSettings) -> dict[str, object]:
    """What decides about verdicts besides the inputs' contents, as plain data."""
    from pyverify.rewards import to_dict

    reward = None
    if settings.reward is not None:
        reward = {
            "reward": to_dict(settings.reward.reward),
            "options": asdict(settings.reward.options),
            "replaces": settings.reward.replaces,
        }
    return {
        "version": __version__,
        "inputs": list(settings.inputs),
        "grader": settings.grader,
        "map": str(settings.fields),
        "by": list(settings.by),
        "dataset": settings.dataset,
        "columns": [list(pair) for pair in settings.fields.columns],
        "golds": None if settings.golds is None else _digest(settings.golds),
        "reward": reward,
    }


def _digest(golds: GoldSource) -> str:
    if not isinstance(golds, GoldTable):
        raise SourceError("golds that depend on more than a row cannot be used in a run of parts")
    return golds.digest()


def _parts(
    name: str, records: Records, size: int, shard_bytes: int
) -> Iterator[tuple[Part | None, int]]:
    """The parts of an input with their bytes; None for all of it."""
    container = records.divisible
    if container is None or size <= shard_bytes:
        yield None, size
    elif isinstance(container, ParquetTable):
        yield from _row_groups(container.row_groups(), shard_bytes)
    else:
        yield from _lines(name, size, shard_bytes)


def _row_groups(
    groups: list[tuple[int, int]], shard_bytes: int
) -> Iterator[tuple[Part | None, int]]:
    begin, first, filled, rows = 0, 1, 0, 0
    for number, (more, size) in enumerate(groups):
        rows += more
        filled += size
        if filled >= shard_bytes or number == len(groups) - 1:
            yield Part("row_groups", begin, number + 1, first), filled
            begin, first, filled, rows = number + 1, first + rows, 0, 0


def _lines(name: str, size: int, shard_bytes: int) -> Iterator[tuple[Part | None, int]]:
    cuts = [0]
    first = 1
    with open(name, "rb") as file:
        for nominal in range(shard_bytes, size, shard_bytes):
            if nominal <= cuts[-1]:
                continue  # inside of a line that is longer than a part
            file.seek(nominal - 1)
            while (tail := file.readline(_STEP)) and not tail.endswith(b"\n"):
                pass
            cuts.append(min(file.tell(), size))
        if cuts[-1] < size:
            cuts.append(size)
        for begin, end in pairwise(cuts):
            yield Part("bytes", begin, end, first), end - begin
            if end < size:
                file.seek(begin)
                first += sum(
                    file.read(min(_STEP, end - at)).count(b"\n") for at in range(begin, end, _STEP)
                )
