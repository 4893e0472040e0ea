"""The native engine, hand-written and checked against the extension by stubtest."""

from collections.abc import Callable, Sequence

from pyverify.golds import Spec
from pyverify.options import Options
from pyverify.types import Explanation, Extraction, Gold, Reason, Result

__version__: str
VERDICTS: tuple[str, ...]
REASONS: tuple[str, ...]
KINDS: tuple[str, ...]

class NativeOptions:
    def __init__(self, options: Options, text_shortcut: bool = True) -> None: ...

class NativeVerifier:
    def __init__(
        self, alternatives: Sequence[Sequence[str]], gold: str, options: NativeOptions
    ) -> None: ...
    def verify(self, completion: str) -> Result: ...
    def equivalent(self, answer: str) -> Result: ...
    def explain(self, text: str, bare: bool) -> Explanation: ...
    @property
    def gold_problem(self) -> Reason: ...

def default_options() -> dict[str, object]: ...
def extract(completion: str, options: NativeOptions) -> Extraction: ...
def read_tree(
    text: str, options: NativeOptions
) -> tuple[Reason, str, bool, tuple[tuple[str, str, tuple[int, ...]], ...]]: ...
def verify_batch(
    completions: tuple[str, ...],
    golds: tuple[Gold, ...],
    read_gold: Callable[[Gold], tuple[Spec, str]],
    options: NativeOptions,
    threads: int,
    bare: bool,
) -> list[Result]: ...
