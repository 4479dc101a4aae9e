"""Processes that a script starts through ``multiprocessing`` import what it imports.

A forked process has everything already. One that is started anew (``spawn``, ``forkserver``) is
sent a dictionary on how to prepare itself, and imports the script after that: the hook goes along
in it.
"""

from __future__ import annotations

import sys
from typing import Any

from autograd.script.finder import ROOT

# Run in the child while it reads the dictionary, before its sys.path is what its parent's was.
_PREPARE = """
import sys
path, sys.path = sys.path, {path!r}
from autograd.script.run import take_torchs_place
take_torchs_place()
sys.path = path
"""


class Preparation:
    """What puts the hook in place where it is unpickled."""

    def __init__(self, path: list[str]) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return exec, (_PREPARE.format(path=self.path), {})


def prepare() -> None:
    """Let processes that are started from now on prepare themselves so."""
    from multiprocessing import spawn

    original = spawn.get_preparation_data
    if getattr(original, "of", None) == ROOT:
        return
    preparation = Preparation([*sys.path[1:], ROOT])  # the first is the script's folder

    def get_preparation_data(name: str) -> dict[str, Any]:
        return {"gradloom": preparation, **original(name)}

    get_preparation_data.of = ROOT  # type: ignore[attr-defined]
    spawn.get_preparation_data = get_preparation_data
