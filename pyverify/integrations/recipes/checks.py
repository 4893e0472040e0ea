"""What is looked at before a run: data, golds, vocabularies. All that fails late without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pyverify.evaluate.lint import Level, lint_gold
from pyverify.integrations.recipes.command_line import RecipeError
from pyverify.integrations.recipes.rows import read_rows
from pyverify.io import read_gold
from pyverify.io.paths import get_path, has_path
from pyverify.options import Options

# A handful of strange golds is usual; with more of them something else is wrong.
_MOST_UNUSABLE = 0.5


def check_rows(
    names: Sequence[str], columns: Sequence[str], gold: str, *, verified: bool = True
) -> list[str]:
    """Looks at files of training data.

    Args:
        names: The files.
        columns: What every row must have; dots lead into a column, bars are between alternatives.
        gold: Where the gold is, in the same words.
        verified: Whether a verifier reads the golds; else any text is one.

    Returns:
        What to say of each file.

    Raises:
        RecipeError: A file or a column is missing, or most golds are of no use.
    """
    return [_check_file(name, (*columns, gold), gold, verified) for name in names]


def _check_file(name: str, columns: Sequence[str], gold: str, verified: bool) -> str:
    levels: Counter[Level] = Counter()
    rows = 0
    for row in read_rows(name):
        rows += 1
        for column in columns:
            if not any(has_path(row, one) for one in column.split("|")):
                raise RecipeError(
                    f"{name}, row {rows}: no {column.replace('|', ' or ')}; it has "
                    f"{', '.join(sorted(row))}"
                )
        value = read_gold(get_path(row, next(one for one in gold.split("|") if has_path(row, one))))
        if value in (None, "", []):
            levels[Level.ERROR] += 1
        else:
            levels[lint_gold(value, options=Options()).level if verified else Level.OK] += 1
    unusable = levels[Level.ERROR]
    if not rows or unusable > _MOST_UNUSABLE * rows:
        raise RecipeError(
            f"{name}: {unusable:,} of {rows:,} golds can't be used; 'pyverify lint-gold {name}' "
            "says why"
        )
    found = f"{name}: {rows:,} rows"
    if unusable:
        found += f", {unusable:,} golds that can't be used: 'pyverify lint-gold {name}' says why"
    return found


def check_vocabularies(actor: str, critic: str) -> str:
    """Compares what two models' token ids mean.

    A critic is given the actor's ids: with another vocabulary it reads something else, and nothing
    says so.

    Args:
        actor: A folder or a name on the hub.
        critic: The same.

    Returns:
        What to say of them.

    Raises:
        RecipeError: An id that the actor can write means something else to the critic.
    """
    from pyverify.integrations.verl.critic import same_vocabulary

    found = same_vocabulary(actor, critic)
    if not found:
        raise RecipeError(f"{actor} and {critic}: {found}; take a critic of the actor's family")
    return f"{actor} and {critic}: {found}"
