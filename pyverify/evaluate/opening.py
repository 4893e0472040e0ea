"""Opens the inputs of a run, and settles how each is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pyverify.evaluate.golds import preset_fields
from pyverify.evaluate.reward_columns import RewardColumns, reward_columns
from pyverify.evaluate.settings import RunSettings
from pyverify.io import Fields, FieldsError, Json, Records, detect_fields, open_records
from pyverify.io.named import by_words, holds, one_level_down
from pyverify.io.part import Part


@dataclass(frozen=True, slots=True)
class Piece:
    """Some records of an input, and how the input was found to be read.

    Attributes:
        layout: What wrote it.
        fields: Where things are.
        columns: Where the reward's columns are.
        part: Which records; None for all.
    """

    layout: str
    fields: Fields
    columns: RewardColumns
    part: Part | None


def open_input(settings: RunSettings, name: str, piece: Piece | None = None) -> Records:
    """Opens an input as a run reads it.

    Args:
        settings: The run.
        name: The input.
        piece: Which records of it, read as it was settled; None for all, settled anew.

    Raises:
        SourceError: It cannot be read, or holds no record.
        FieldsError: Its fields are not clear.
    """

    def fixed(head: Sequence[dict[str, Json]]) -> Fields:
        found = preset_fields(settings.preset, settings.fields, head)
        if settings.golds is None:
            return found
        if not settings.golds.own:
            # Their file's own field must not be taken for this file's.
            return replace(found, gold=None)
        try:
            return replace(found, gold=detect_fields(head, found).gold)
        except FieldsError:
            return found

    need_gold = settings.golds is None
    if piece is None:
        records = open_records(name, fixed, need_gold=need_gold)
        try:
            _settle_tables(settings, records)
            _check_golds(settings, records)
        except BaseException:
            records.close()
            raise
        return records
    settled = (piece.layout, piece.fields)
    return open_records(name, fixed, need_gold=need_gold, part=piece.part, settled=settled)


def _settle_tables(settings: RunSettings, records: Records) -> None:
    """Finds what tables go by, if need be in an object of the record, and how far prompts go."""
    golds, head = settings.golds, records.head
    if golds is not None:
        golds.read_by(records.fields)
        head = [golds.look_up(record).record for record in head]
    paths = []
    for name in records.fields.by:
        path = None if holds(head, name) else one_level_down(head, name)
        paths.append(path or name)
        # What a task's tables go by was not asked for.
        if path is not None or not (holds(head, name) or (golds is not None and golds.own)):
            records.remarks.append(f"{records.source}: {by_words(name, path)}")
    # A task numbers its problems, whatever file they are in.
    within = records.fields.group_within and not (golds is not None and golds.own)
    records.fields = replace(records.fields, by_paths=tuple(paths), group_within=within)


def _check_golds(settings: RunSettings, records: Records) -> None:
    """Refuses an input without golds where none come from elsewhere."""
    golds = settings.golds
    if golds is not None and golds.without is not None and records.fields.gold is None:
        raise FieldsError(f"{records.source}: {golds.without}")


def settle_columns(
    settings: RunSettings, records: Records, remark: Callable[[str], None]
) -> RewardColumns:
    """Settles where the reward's columns are, and says how the input is read.

    Raises:
        FieldsError: A column is nowhere.
    """
    remark(f"{records.source}: {records.layout}, read as {records.fields}")
    for found in records.remarks:
        remark(found)
    if settings.reward is None:
        return RewardColumns({})
    try:
        columns = reward_columns(settings.reward.reward.needs, records.fields, records.head)
    except FieldsError as error:
        raise FieldsError(f"{records.source}: {error}") from None
    if str(columns):
        remark(f"{records.source}: for the reward, {columns}")
    if columns.estimated:
        remark(
            f"{records.source}: no token counts are there, so they are estimated from the "
            "texts; --map token_counts=FIELD names them"
        )
    return columns
