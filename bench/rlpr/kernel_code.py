"""What Triton makes of the kernels, for GPUs that need not be there: registers, spills, loops.

    python bench/rlpr/kernel_code.py [--arch 90 80 …] [--check]

Compiles every launch of the tables in pyverify.rlpr.kernels.choose and reads the machine code with
the tools that Triton brings. With --check it fails where a register is spilled, where lanes speak
to each other in the loop over logits, or where loads are narrower than they could be.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import triton
import triton.backends.nvidia
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from pyverify.rlpr.kernels.choose import linear_launch, row_launch
from pyverify.rlpr.kernels.device.linear import linear_stats_kernel
from pyverify.rlpr.kernels.device.rows import row_stats_kernel
from pyverify.rlpr.kernels.device.segments import segments_kernel

TOOLS = Path(triton.backends.nvidia.__file__).parent / "bin"
TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
POINTERS = {
    "targets": "*i64",
    "rows": "*i64",
    "maximum": "*fp32",
    "total": "*fp32",
    "target": "*fp32",
    "bias": "*fp32",
    "cu_seqlens": "*i64",
    "log_probs": "*fp32",
    "values": "*fp32",
    "counts": "*i32",
}
FLOATS = {"scale", "cap", "cap_scale", "scale_high", "scale_low"}
LONG = {"n_rows", "stride", "tokens", "ignore_index"}


@dataclass(frozen=True)
class Code:
    """One kernel as compiled.

    Attributes:
        name: Kernel and launch.
        registers: Of a thread.
        shared: Bytes of shared memory of a program.
        spills: Stores of registers to memory.
        loop: Instructions of the main loop, by their names.
        logits: Logits that a thread handles in the main loop; 0 where it is no loop over logits.
        streams: Whether the loop should read 16 bytes at a time, and keep its lanes apart.
    """

    name: str
    registers: int
    shared: int
    spills: int
    loop: Counter[str]
    logits: int = 0
    streams: bool = False

    @property
    def row(self) -> str:
        """A line of the table."""
        size = self.loop.total()
        each = f"{size / self.logits:6.2f}" if self.logits else "     -"
        return (
            f"{self.name:46}{self.registers:5}{self.spills:8}{self.shared:9}{size:7}{each}"
            f"{self.count('MUFU'):6}{self.count('SHFL'):6}{self.count('HGMMA', 'HMMA'):6}"
        )

    def count(self, *names: str) -> int:
        """Instructions of the loop with one of these names."""
        return sum(n for name, n in self.loop.items() if name.split(".")[0] in names)

    @property
    def faults(self) -> Iterator[str]:
        """What --check objects to."""
        if self.spills:
            yield f"{self.name}: {self.spills} spills"
        if self.streams and self.count("SHFL", "BAR"):
            yield f"{self.name}: lanes speak to each other in the loop"
        if self.streams and self.count("LDG") != sum("128" in n for n in self.loop.elements()):
            yield f"{self.name}: loads of less than 16 bytes"


def compiled(
    kernel: Any,
    arch: int,
    types: dict[str, str],
    constants: dict[str, Any],
    **options: Any,
) -> tuple[str, Any]:
    """Machine code as text, and Triton's own object."""
    names = kernel.arg_names
    signature = {
        arg: "constexpr"
        if arg in constants
        else types.get(arg) or POINTERS.get(arg) or ("fp32" if arg in FLOATS else "i32")
        for arg in names
    } | {arg: "i64" for arg in names if arg in LONG}
    whole = {arg for arg in names if signature[arg].startswith("*")} | {
        arg for arg in names if arg in {"depth", "hidden_stride", "weight_stride"}
    }
    source = ASTSource(
        fn=kernel,
        signature=signature,
        constexprs={(names.index(arg),): value for arg, value in constants.items()},
        attrs={(names.index(arg),): [["tt.divisibility", 16]] for arg in whole},
    )
    made = triton.compile(
        source, target=GPUTarget("cuda", arch, 32), options={"enable_fp_fusion": True, **options}
    )
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(made.asm["cubin"])
        file.flush()
        text = subprocess.run(
            [str(TOOLS / "cuobjdump"), "-sass", "-res-usage", file.name],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return text, made


def instructions(text: str) -> list[tuple[int, str]]:
    """Addresses and instructions."""
    found = re.findall(r"^\s+/\*([0-9a-f]{4,})\*/\s+(.*?);", text, re.MULTILINE)
    return [(int(address, 16), code) for address, code in found]


def loops(text: str) -> list[Counter[str]]:
    """The loops of a program: what lies between a jump backwards and where it goes."""
    code = instructions(text)
    found = []
    for address, one in code:
        jump = re.search(r"\bBRA\b.*?0x([0-9a-f]+)", one)
        if jump and int(jump[1], 16) < address:
            inside = [other for at, other in code if int(jump[1], 16) <= at <= address]
            found.append(Counter(re.sub(r"^@!?U?P\w+\s+", "", o).split()[0] for o in inside))
    return found


def code(name: str, text: str, made: Any, loop: Counter[str], **more: Any) -> Code:
    """The figures of one kernel."""
    registers = re.search(r"REG:(\d+)", text)
    assert registers is not None, text[:500]
    spills = sum("STL" in one for _, one in instructions(text))
    return Code(name, int(registers[1]), made.metadata.shared, spills, loop, **more)


def rows(arch: int) -> Iterator[Code]:
    """Row statistics, by dtype, alignment and soft cap."""
    for kind, aligned_to, has_cap in (
        ("bf16", 8, False),
        ("bf16", 8, True),
        ("fp16", 8, False),
        ("fp32", 8, False),
        ("bf16", 1, False),
    ):
        item = TYPES[kind].itemsize
        launch = row_launch(151936, aligned_to, item)
        constants = {
            "lanes": launch.lanes,
            "vector": launch.vector,
            "item": item,
            "has_rows": False,
            "has_cap": has_cap,
        }
        name = f"sm_{arch} rows {kind} x{launch.vector}{' capped' if has_cap else ''}"
        text, made = compiled(
            row_stats_kernel, arch, {"logits": f"*{kind}"}, constants, num_warps=launch.warps
        )
        logits = 4 * launch.lanes * launch.vector // (32 * launch.warps)
        streams = launch.vector * item == 16
        loop = max(loops(text), key=Counter.total)
        yield code(name, text, made, loop, logits=logits, streams=streams)


def linear(arch: int) -> Iterator[Code]:
    """The fused matmul, by dtype and soft cap; its innermost loop."""
    key = f"sm_{arch}" if arch in (80, 90, 100) else "other"
    for kind, has_cap in (("bf16", False), ("bf16", True), ("fp32", False)):
        launch = linear_launch(key, TYPES[kind])
        types = {"hidden": f"*{kind}", "weight": f"*{kind}"}
        if launch.descriptors:
            types = {
                "hidden": f"tensordesc<{kind}[{launch.block_m}, {launch.block_k}]>",
                "weight": f"tensordesc<{kind}[{launch.block_n}, {launch.block_k}]>",
            }
        constants = {
            "block_m": launch.block_m,
            "block_n": launch.block_n,
            "block_k": launch.block_k,
            "has_bias": False,
            "has_cap": has_cap,
            "descriptors": launch.descriptors,
            "even_depth": True,
            "precision": "ieee",
        }
        tile = f"{launch.block_m}x{launch.block_n}x{launch.block_k}"
        name = f"sm_{arch} linear {kind} {tile}{' capped' if has_cap else ''}"
        text, made = compiled(
            linear_stats_kernel,
            arch,
            types,
            constants,
            num_warps=launch.warps,
            num_stages=launch.stages,
        )
        multiplies = [x for x in loops(text) if any("MMA" in n or n == "FFMA" for n in x)]
        yield code(name, text, made, min(multiplies, key=Counter.total))


def segments(arch: int) -> Iterator[Code]:
    """The reduction of segments, for few and for many parts."""
    for parts, block in ((1, 16), (16, 16), (256, 1)):
        constants = {"parts_block": parts, "block": block, "has_targets": True}
        name = f"sm_{arch} segments of {parts} parts"
        text, made = compiled(segments_kernel, arch, {}, constants, num_warps=1)
        yield code(name, text, made, max(loops(text), key=Counter.total))


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arch", type=int, nargs="+", default=[80, 89, 90, 100])
    parser.add_argument("--check", action="store_true", help="fail on spills and narrow loads")
    options = parser.parse_args()
    print(f"Triton {triton.__version__}")
    print(
        f"{'kernel':46}{'regs':>5}{'spills':>8}{'shared':>9}{'loop':>7}{'/logit':>6}"
        f"{'MUFU':>6}{'SHFL':>6}{'MMA':>6}"
    )
    faults = []
    for arch in options.arch:
        for kernel in (rows, linear, segments):
            for one in kernel(arch):
                print(one.row, flush=True)
                faults += one.faults
    if options.check:
        print(*faults, sep="\n", file=sys.stderr)
        return bool(faults)
    return 0


if __name__ == "__main__":
    sys.exit(main())
