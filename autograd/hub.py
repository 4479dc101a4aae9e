"""``torch.hub``: models of others' are programs for PyTorch, and nothing is fetched here."""

from __future__ import annotations

import os as _os
import typing as _typing
from typing import Any, NoReturn

__all__ = [
    "download_url_to_file", "get_dir", "help", "list", "load", "load_state_dict_from_url",
    "set_dir",
]  # fmt: skip

_directory: str | None = None


def get_dir() -> str:
    """Where PyTorch keeps what it fetched: ``$TORCH_HOME/hub``, by default in ``~/.cache``.

    >>> get_dir().endswith("hub")
    True
    """
    if _directory is not None:
        return _directory
    cache = _os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = _os.environ.get("TORCH_HOME", _os.path.join(cache, "torch"))
    return _os.path.join(_os.path.expanduser(home), "hub")


def set_dir(d: Any) -> None:
    """Let :func:`get_dir` answer ``d``."""
    global _directory
    _directory = _os.path.expanduser(_os.fspath(d))


def load(repo_or_dir: Any, model: Any, *args: Any, **keywords: Any) -> NoReturn:
    """Raises RuntimeError: the code of a repository is not fetched and not run."""
    raise RuntimeError(
        f"hub.load: a model must be in code that runs here; {repo_or_dir!r:.80} would be "
        "fetched and run. Write the module yourself, and load its weights from a file."
    )


def list(github: Any, *args: Any, **keywords: Any) -> NoReturn:  # noqa: A001 - torch.hub.list
    """Raises RuntimeError: the code of a repository is not fetched and not run."""
    load(github, None)


help = list  # noqa: A001 - torch.hub.help


def download_url_to_file(url: Any, dst: Any, *args: Any, **keywords: Any) -> NoReturn:
    """Raises RuntimeError: nothing is fetched from elsewhere."""
    raise RuntimeError(
        f"hub.download_url_to_file: files must be there already; {url!r:.80} would be fetched. "
        f"Put the file at {dst!r:.80} yourself."
    )


def load_state_dict_from_url(url: Any, *args: Any, **keywords: Any) -> NoReturn:
    """Raises RuntimeError: nothing is fetched from elsewhere."""
    raise RuntimeError(
        f"hub.load_state_dict_from_url: weights must be in a file; {url!r:.80} would be fetched. "
        "Fetch it yourself, and load the file."
    )


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
