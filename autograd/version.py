"""``torch.version``: which PyTorch this library does as, and that it is for the CPU."""

from __future__ import annotations

from autograd.script.version import FOLLOWED as __version__  # noqa: F401

debug = False
cuda: str | None = None
hip: str | None = None
rocm: str | None = None
xpu: str | None = None
git_version = "unknown"
