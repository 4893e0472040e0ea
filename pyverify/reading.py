"""What the engine reads in one text, node by node, for tools that look at golds or ask a prover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pyverify import _core
from pyverify.options import Options
from pyverify.types import Reason

__all__ = ["Node", "Reading", "mathml", "read_tree"]

Node: TypeAlias = tuple[str, str, tuple[int, ...]]
"""A node's kind, what it holds beside its operands, and its operands: earlier nodes by position."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the engine reads it.

    Attributes:
        problem: ``Reason.NONE``, or why it is no maths; then there are no nodes.
        form: Plain maths for people, or the text itself.
        evaluated: No arithmetic is left undone.
        nodes: Operands first, the root last. Names are single letters or hashes, never text.
    """

    problem: Reason
    form: str
    evaluated: bool
    nodes: tuple[Node, ...]

    @property
    def kind(self) -> str:
        """The kind of the root, "" of what is no maths."""
        return self.nodes[-1][0] if self.nodes else ""

    def holds(self, kind: str) -> bool:
        """Whether a node of this kind occurs."""
        return any(node[0] == kind for node in self.nodes)


def read_tree(text: str, options: Options | None = None) -> Reading:
    r"""Reads a bare answer or gold.

    Args:
        text: The text, without the response around it.
        options: Its limits matter; the defaults otherwise.

    Returns:
        The reading. Text never raises.

    Raises:
        TypeError: `text` is no str.

    Example:
        >>> read_tree(r"\frac12").nodes
        (('number', '1', ()), ('number', '2', ()), ('div', '', (0, 1)))
    """
    native = _core.NativeOptions(Options() if options is None else options)
    return Reading(*_core.read_tree(text, native))


def mathml(text: str, options: Options | None = None) -> str:
    r"""Writes what is read in a bare answer or gold as presentation MathML, for pages.

    Args:
        text: The text, without the response around it.
        options: Its limits matter; the defaults otherwise.

    Returns:
        A well-formed ``<math>`` element in which every text of the source is escaped; ``""`` for
        what is no maths, has no such form or would be longer than 12,000 bytes. Text never raises.

    Raises:
        TypeError: `text` is no str.

    Example:
        >>> mathml(r"x_1^2")
        '<math><msup><mrow><msub><mi>x</mi><mn>1</mn></msub></mrow><mrow><mn>2</mn></mrow></msup></math>'
    """
    return _core.mathml(text, _core.NativeOptions(Options() if options is None else options))
