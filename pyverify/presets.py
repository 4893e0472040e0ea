"""Options by name: for training and evaluation in general, and for well-known data sets.

A preset is data. It says which judgement calls a data set needs, and how its files write golds;
`pyverify score --preset NAME` follows both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from pyverify.options import Options, Pairs

__all__ = ["PRESETS", "Preset", "preset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The options of a data set or a purpose, and how its files write golds.

    Attributes:
        about: What it is for, and what is our reading of it.
        options: The judgement calls.
        gold_fields: Where the gold stands in a row, the first that is there; () for the usual
            names.
        gold_list: What a list of golds means: ``"all"`` of them are wanted, or ``"any"`` will do.
        tolerance_field: A field with a row's own absolute tolerance, a number or its text; of
            several, joined by commas, the smallest holds for every entry.
        type_field: A field that says what kind of answer a row's gold is.
        pairs_of_types: What a bare pair is in a gold of such a kind.
    """

    about: str
    options: Options = field(default_factory=Options)
    gold_fields: tuple[str, ...] = ()
    gold_list: Literal["all", "any"] = "all"
    tolerance_field: str | None = None
    type_field: str | None = None
    pairs_of_types: tuple[tuple[str, Pairs], ...] = ()

    def row_options(self, row: Mapping[str, object], options: Options | None = None) -> Options:
        """The options for one row of a file.

        Args:
            row: The row, as its file has it.
            options: What to start from; those of the preset by default.

        Example:
            >>> row = {"error": "1e-1", "answer_type": "Numerical"}
            >>> PRESETS["olympiadbench"].row_options(row).absolute_tolerance
            0.1
        """
        chosen = self.options if options is None else options
        if self.tolerance_field is not None:
            tolerance = _tolerance(row.get(self.tolerance_field))
            if tolerance > chosen.absolute_tolerance:
                chosen = replace(chosen, absolute_tolerance=tolerance)
        if self.type_field is not None:
            kind = str(row.get(self.type_field)).strip().lower()
            pairs = dict(self.pairs_of_types).get(kind)
            if pairs is not None and pairs != chosen.pairs:
                chosen = replace(chosen, pairs=pairs)
        return chosen


def _tolerance(value: object) -> float:
    """The smallest number of a text such as ``1e-2`` or ``0.1,0.5``; 0 when there is none."""
    try:
        found = min(float(part) for part in str(value).split(","))
    except ValueError:
        return 0.0
    return found if 0.0 < found < math.inf else 0.0


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "default": Preset(about="The grading policy."),
        "strict": Preset(
            about=(
                "For training. Arithmetic must be done, a percentage is no bare figure, and a gold "
                "that cannot be used gives no reward at all instead of 0."
            ),
            options=Options(
                require_evaluated=True, percent_either_way=False, on_bad_gold="abstain"
            ),
        ),
        "lenient": Preset(
            about=(
                "For evaluation of models that were not told how to answer: the last line or the "
                "last number will do, units, the form of a numeral and words of doubt don't count. "
                "Values are as exact as ever. Not for training."
            ),
            options=Options(
                last_line=True,
                last_number=True,
                base_form=False,
                units="ignored",
                refuse_doubt=False,
            ),
        ),
        "gsm8k": Preset(
            about=(
                "Grade-school problems whose answer is one number. The gold is a worked solution "
                "that ends in '#### 42'; a response without any cue answers by its last number."
            ),
            options=Options(last_number=True, choices=False),
            gold_fields=("answer",),
        ),
        "math": Preset(
            about=(
                "Competition problems with answers of every kind, in a field of their own or in "
                "the box of a worked solution. Some are choices."
            ),
            gold_fields=("answer", "solution"),
        ),
        "minerva_math": Preset(
            about=(
                "Undergraduate science. Our reading of the original evaluation: numeric answers "
                "count within one per cent of the gold's size; whole numbers are no exception."
            ),
            options=Options(relative_tolerance=0.01, choices=False),
            gold_fields=("answer", "solution"),
        ),
        "olympiadbench": Preset(
            about=(
                "Olympiad problems, in mathematics and physics. 'final_answer' lists golds that "
                "are all wanted, 'error' is a row's absolute tolerance, 'answer_type' tells points "
                "from intervals. Golds leave their unit to a field of its own, which isn't looked "
                "at: answers may have it or not, as to any bare gold."
            ),
            options=Options(choices=False),
            gold_fields=("final_answer",),
            tolerance_field="error",
            type_field="answer_type",
            pairs_of_types=(("tuple", "tuple"), ("interval", "interval")),
        ),
        "amc": Preset(
            about="AMC problems asked without their choices: the answer is a number.",
            options=Options(choices=False, percent_either_way=False),
            gold_fields=("answer",),
        ),
        "aime": Preset(
            about=(
                "AIME: whole numbers from 0 to 999. Leading zeros don't count (073 is 73), and the "
                "number must be worked out."
            ),
            options=Options(choices=False, percent_either_way=False, require_evaluated=True),
            gold_fields=("answer",),
        ),
        "choice": Preset(
            about=(
                "Multiple choice. The gold is a letter from A to J or several; a letter alone in "
                "the last line is an answer too. With the texts of the options, see "
                "`pyverify.Choice`, the right one's text is right as well."
            ),
            options=Options(last_line=True),
        ),
    }
)
"""The presets by name."""


def preset(name: str) -> Options:
    """The options of a preset.

    Args:
        name: One of `PRESETS`.

    Raises:
        ValueError: There is no preset of that name.

    Example:
        >>> preset("minerva_math").relative_tolerance
        0.01
    """
    found = PRESETS.get(name)
    if found is None:
        raise ValueError(f"no preset {name!r}; there are {', '.join(PRESETS)}")
    return found.options
