"""``--preset`` and ``--option``: the judgement calls, as every command takes them."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace

from pyverify import PRESETS, Limits, Options, Preset
from pyverify.options import SETTINGS

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


def add_settings(parser: argparse._ActionsContainer) -> None:
    """Adds the options that choose the judgement calls."""
    add = parser.add_argument
    add(
        "--preset",
        choices=tuple(PRESETS),
        metavar="NAME",
        help=f"options by name: {', '.join(PRESETS)} (default: default)",
    )
    add(
        "--option",
        metavar="NAME=VALUE",
        action="append",
        type=_setting,
        default=[],
        help="one judgement call, as units=required or limits.work=100000; may be repeated",
    )
    add(
        "--last-number",
        dest="option",
        action="append_const",
        const=("last_number", True),
        help="prose without a cue answers by its last number",
    )
    add(
        "--reasoning",
        dest="option",
        action="append",
        type=lambda text: _setting(f"reasoning={text}"),
        metavar="{auto,prefilled}",
        help="prefilled: the template opened the reasoning block",
    )


def preset_name(arguments: argparse.Namespace) -> str:
    """The name of the chosen preset."""
    return arguments.preset or "default"


def settings_flags(arguments: argparse.Namespace) -> tuple[str, ...]:
    """What was chosen, as another command takes it."""
    flags: list[str] = []
    if arguments.preset is not None:
        flags += ["--preset", arguments.preset]
    for name, value in arguments.option:
        shown = str(value).lower() if isinstance(value, bool) else value
        flags += ["--option", f"{name}={shown}"]
    return tuple(flags)


def read_settings(
    arguments: argparse.Namespace, usual: Options | None = None
) -> tuple[Preset, Options]:
    """The chosen preset, and its options with what was said beside it.

    Args:
        arguments: The command line.
        usual: What to start from instead of the preset's options.

    Raises:
        ValueError: A value is out of range.
    """
    preset = PRESETS[preset_name(arguments)]
    options = preset.options if usual is None else usual
    limits = options.limits
    for name, value in arguments.option:
        if name.startswith("limits."):
            limits = replace(limits, **{name.removeprefix("limits."): value})
        else:
            options = replace(options, **{name: value})
    return preset, replace(options, limits=limits)


def _setting(text: str) -> tuple[str, object]:
    """Reads ``name=value`` by the type that the option has."""
    name, sign, value = text.partition("=")
    name = name.strip().replace("-", "_")
    known = {option.name: getattr(Options(), option.name) for option in fields(Options)}
    del known["limits"]
    known |= {f"limits.{limit.name}": getattr(Limits(), limit.name) for limit in fields(Limits)}
    if name not in known:
        raise argparse.ArgumentTypeError(f"no option {name!r}; there are {', '.join(known)}")
    if not sign:
        raise argparse.ArgumentTypeError(f"{name} needs a value: {name}={_example(name, known)}")
    try:
        return name, _value(name, value.strip(), known[name])
    except ValueError:
        wanted = _example(name, known)
        raise argparse.ArgumentTypeError(f"{name}={wanted}, not {value.strip()!r}") from None


def _value(name: str, text: str, default: object) -> object:
    if name in SETTINGS:
        if text not in SETTINGS[name]:
            raise ValueError(text)
        return text
    if isinstance(default, bool):
        if text.lower() not in _TRUE + _FALSE:
            raise ValueError(text)
        return text.lower() in _TRUE
    return float(text) if isinstance(default, float) else int(text)


def _example(name: str, known: dict[str, object]) -> str:
    """What may stand behind the sign."""
    if name in SETTINGS:
        return "|".join(SETTINGS[name])
    if isinstance(known[name], bool):
        return "true|false"
    return "NUMBER" if isinstance(known[name], float) else "WHOLE_NUMBER"
