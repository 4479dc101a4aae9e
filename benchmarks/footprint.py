"""What a peer takes besides time: memory while it runs, and room on the disk."""

from __future__ import annotations

import gc
import re
import resource
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
STEPS = 5


def _resident(word: str) -> int:
    """A line of the system's account of this process, in bytes; its peak alone outside Linux."""
    if STATUS.exists():
        found = re.search(rf"{word}:\s+(\d+) kB", STATUS.read_text())
        assert found
        return int(found[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def growth(warm: Callable[[], Any], start: Callable[[], Callable[[], Any]]) -> int:
    """The growth of the process's peak by ``STEPS`` calls of what ``start`` makes, after ``warm``.

    The warm start brings in code and threads, which are the same for every size of model.
    """
    warm()
    gc.collect()
    if CLEAR.exists():
        CLEAR.write_text("5")  # the peak so far is forgotten
    before = _resident("VmRSS")
    step = start()
    for _ in range(STEPS):
        step()
    return _resident("VmHWM") - before


def installed(names: list[str], folders: list[Path]) -> int:
    """The bytes of the distributions ``names``, of all that they require, and of ``folders``.

    Compiled caches do not count. NumPy counts for whoever requires it: PyTorch does not.
    """
    total = sum(_bytes(file) for folder in folders for file in folder.rglob("*"))
    seen: set[str] = set()
    while names:
        name, *names = names
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:  # for another system, or another Python
            continue
        names += [_name(line) for line in found.requires or () if "extra ==" not in line]
        total += sum(_bytes(Path(str(found.locate_file(file)))) for file in found.files or ())
    return total


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _bytes(file: Path) -> int:
    return file.stat().st_size if file.is_file() and file.suffix != ".pyc" else 0
