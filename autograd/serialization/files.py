"""Files that are whole at every moment: written beside the old one, then put in its place."""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from collections.abc import Iterator
from typing import IO, Any


def is_path(f: Any) -> bool:
    """Whether ``f`` names a file."""
    return isinstance(f, (str, os.PathLike))


def opened(call: str, path: Any) -> IO[bytes]:
    """The file at ``path``, to be read. Raises what ``open`` does, in our words."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise type(error)(
            error.errno,
            f"{call}: the file must be there and readable; {error.strerror}. Working directory: "
            f"{os.getcwd()}.",
            os.fspath(path),
        ) from None
    except ValueError as error:  # a null character
        raise ValueError(f"{call}: expected the path of a file; {error}.") from None


@contextlib.contextmanager
def replaced(call: str, path: Any) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of ``path`` when all is written and on the disk.

    Until then, and after a crash at any moment, what was at ``path`` is there unchanged. Links are
    followed, permissions kept. What is no regular file (a pipe, /dev/null) is written directly.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replaced("save", path) as file:
    ...     _ = file.write(b"new")
    >>> path.read_bytes()
    b'new'
    """
    target = os.path.realpath(os.fspath(path))
    folder, name = os.path.split(target)
    if not os.path.isdir(folder):
        raise RuntimeError(
            f"{call}: the folder must exist; there is no {folder!r}. Make it first: "
            "os.makedirs(folder, exist_ok=True)."
        )
    try:
        before = os.stat(target)
    except FileNotFoundError:
        before = None
    if before is not None and stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(
            f"{call}: expected the path of a file; {target!r} is a folder. Add a file name."
        )
    if before is not None and not stat.S_ISREG(before.st_mode):
        with open(target, "wb") as file:
            yield file
        return
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    beside = os.path.join(folder, f".{name[:60]}.{uuid.uuid4().hex[:12]}.tmp")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(beside, flags, 0o666)  # the mask of the process applies
    try:
        with open(handle, "w+b") as file:
            yield file
            file.flush()
            if before is not None:
                os.chmod(beside, stat.S_IMODE(before.st_mode))
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
    _settle(folder)


def _settle(folder: Any) -> None:
    """Have the system write down the folder, so that the new name outlives a loss of power."""
    with contextlib.suppress(OSError):  # not every system opens folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
