"""What ``importlib.metadata`` says of PyTorch while this library takes its place."""

from __future__ import annotations

from importlib.metadata import Distribution
from typing import Any

from autograd.script.version import FOLLOWED


class PyTorch(Distribution):
    """The distribution ``torch`` of a process that runs scripts: a name and a version, no files."""

    def read_text(self, filename: str) -> str | None:
        if filename != "METADATA":
            return None
        return f"Metadata-Version: 2.1\nName: torch\nVersion: {FOLLOWED}\n"

    def locate_file(self, path: Any) -> Any:
        raise FileNotFoundError(f"torch: gradloom takes its place, which has no file {path}.")
