"""The command ``pyverify``."""

from pyverify.cli.entry import main

__all__ = ["main"]
