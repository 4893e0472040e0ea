"""What records come in, told by the first bytes."""

from pyverify.io.containers.columns import ParquetTable
from pyverify.io.containers.container import Columnar, Container
from pyverify.io.containers.lines import Lines
from pyverify.io.containers.opening import open_container

__all__ = ["Columnar", "Container", "Lines", "ParquetTable", "open_container"]
