"""``save`` and ``load``: PyTorch's files, written and read without PyTorch."""

from __future__ import annotations

import io
import mmap as mapping
import os
import pickle
import pickletools
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

import numpy as np

from autograd.serialization import arrays, old
from autograd.serialization.allowed import allowed_by_user
from autograd.serialization.builders import Refused, StorageType, filled, find, in_words, storage_of
from autograd.serialization.container import (
    Container,
    Records,
    Stream,
    byteorder,
    bytes_of,
    damaged,
)
from autograd.serialization.files import is_path, opened, replaced
from autograd.serialization.locations import restorer
from autograd.serialization.unpickler import Unpickler
from autograd.serialization.writer import Writer

__all__ = ["load", "save"]


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = pickle,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
    _disable_byteorder_record: bool = False,
) -> None:
    """Write tensors, numbers, text and containers of these to a file that PyTorch reads, too.

    Tensors that share memory share it after :func:`load`; a file at the path is replaced when the
    new one is whole, so that a crash leaves the old one. What Python can pickle can be written:
    an object of a class, such as a whole module, comes back where :func:`load` is told of that
    class. The last four arguments are accepted and change nothing: there is one format, the zip
    files of PyTorch 1.6.

    :param f: a path, or a file open for writing in binary.

    Raises PicklingError for what cannot be written, with its place in ``obj``; RuntimeError where
    there is no such folder; TypeError where ``f`` is neither. Nothing is written then.

    >>> import io, autograd
    >>> file = io.BytesIO()
    >>> save({"weight": autograd.ones(2), "epoch": 3}, file)
    >>> _ = file.seek(0)
    >>> load(file)
    {'weight': tensor([1., 1.]), 'epoch': 3}
    """
    if not is_path(f) and (not hasattr(f, "write") or isinstance(f, io.TextIOBase)):
        raise TypeError(
            "save: expected a path, or a file open for writing in binary; got "
            f"{f!r:.60} of type {type(f).__name__}. Write save(obj, 'model.pt')."
        )
    writer = Writer()
    content = writer.finished(obj)
    if writer.grown:
        writer = Writer(known=writer)
        content = writer.finished(obj)
    if not is_path(f):
        _write(Stream(f), "archive", content, writer.storages)
        return
    with replaced("save", f) as file:
        folder = os.path.splitext(os.path.basename(os.fsdecode(f)))[0]
        _write(file, folder or "archive", content, writer.storages)


def _write(file: Any, folder: str, content: bytes, storages: list[Any]) -> None:
    with Records(file, folder) as records:
        records.write("data.pkl", content)
        records.write(".format_version", b"1")
        records.write(".storage_alignment", b"64")
        records.write("byteorder", byteorder().encode())
        for i, array in enumerate(storages):
            records.write(f"data/{i}", bytes_of(array))
        records.write("version", b"3\n")


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """What :func:`save` or PyTorch's ``torch.save`` has written; also NumPy's .npy and .npz.

    A file cannot run code: it builds tensors, parameters and plain containers, and what
    :func:`autograd.serialization.safe_globals` lists. Memory is taken only as far as the file's
    size justifies it. All tensors come to the CPU, wherever they were. An .npz gives a dict.

    :param f: a path, or a file open for reading in binary that can seek.
    :param map_location: the CPU, in any form that PyTorch has for it: a device, its name, a dict of
        names, a function of a storage and its location.
    :param weights_only: False would let the file run code: it is refused for a file that names
        other classes, and for any other the same as True.
    :param mmap: whether memory is mapped from the file, when it is read first; needs a path.

    Raises UnpicklingError for content that is refused or damaged, RuntimeError for a damaged file
    and for ``weights_only=False``, EOFError for an empty one, OSError for none.

    >>> import tempfile, autograd
    >>> path = tempfile.mkdtemp() + "/model.pt"
    >>> save({"a": autograd.arange(3)}, path)
    >>> load(path, map_location="cpu", weights_only=True)
    {'a': tensor([0, 1, 2])}
    """
    if weights_only not in (None, True, False):
        raise TypeError(f"load: weights_only must be True or False; got {weights_only!r:.60}.")
    encoding = pickle_load_args.pop("encoding", "utf-8")
    if pickle_load_args:
        raise TypeError(f"load: got an unexpected argument {next(iter(pickle_load_args))!r}.")
    if encoding not in _ENCODINGS:
        raise ValueError(
            f"load: encoding must be one of {', '.join(_ENCODINGS)}; got {encoding!r:.60}."
        )
    restore = restorer(map_location)
    if is_path(f):
        with opened("load", f) as file:
            return _Reader(file, restore, encoding).read(weights_only is False, bool(mmap))
    if not (hasattr(f, "read") and hasattr(f, "seek")):
        raise TypeError(
            "load: expected a path, or a file open for reading in binary that can seek; got "
            f"{f!r:.60} of type {type(f).__name__}. Read a stream into io.BytesIO first."
        )
    if mmap:
        raise ValueError("load: mmap needs the path of a file; got a file. Pass its path.")
    return _Reader(f, restore, encoding).read(weights_only is False, False)


_ENCODINGS = "utf-8", "ascii", "latin1", "bytes"


class _Reader:
    """Reads one file, of whatever kind its first bytes say."""

    def __init__(self, file: Any, restore: Callable[[Any, str], Any], encoding: str) -> None:
        self.restore = restore
        self.encoding = encoding
        try:
            start = file.tell()
            self.size = file.seek(0, os.SEEK_END) - start
            file.seek(start)
        except (OSError, ValueError) as error:
            raise TypeError(
                f"load: a file must be one that can seek, from its end, too; this one cannot "
                f"({error}). Read it into io.BytesIO first."
            ) from None
        if start:  # what comes before is no part of it
            file = io.BytesIO(file.read())
        self.file = file
        self.storages: dict[str, Any] = {}

    def read(self, freely: bool, mapped: bool) -> Any:
        head = self.file.read(512)
        self.file.seek(0)
        if not isinstance(head, bytes):
            raise TypeError("load: the file must be open in binary. Open it with mode 'rb'.")
        if not head:
            raise EOFError(
                "load: the file must hold what save() wrote; it is empty. "
                "Of a file that has just been written, file.seek(0) goes back to its beginning."
            )
        if head.startswith(arrays.START):
            return arrays.read_array(self.file.read())
        if head.startswith(old.START):
            data = self.file.read()
            if freely:
                _check_harmless(data, old=True)
            return old.load(data, allowed_by_user(), self.restore, self.encoding)
        if not head.startswith(b"PK\x03\x04"):
            raise UnpicklingError(_unknown(head))
        container = Container(self.file, self.size)
        names = [name for name in container.records if name.endswith("/data.pkl")]
        names = [name for name in names if name.count("/") == 1]
        if not names and all([name.endswith(".npy") for name in container.records]):
            return arrays.read_arrays(container)
        if len(names) != 1:
            raise damaged("it does not hold one 'data.pkl' in a folder")
        self.folder = names[0][: -len("data.pkl")]
        if self.folder + "constants.pkl" in container.records:
            raise RuntimeError(
                "load: the file must hold data; this one holds a program, a module of TorchScript. "
                "Have PyTorch save module.state_dict()."
            )
        content = container.read(names[0])
        if freely:
            _check_harmless(content)
        self.container = container
        order = self.folder + "byteorder"
        written = container.read(order) if order in container.records else byteorder().encode()
        self.swap = written.strip() != byteorder().encode()
        self.map = self._mapped() if mapped and not self.swap else None
        machine = Unpickler(
            content, find, self.storage, 2 * self.size + 1000, allowed_by_user(), self.encoding
        )
        try:
            return machine.load()
        except Refused as error:  # it tells all names at once
            names = [name for name in _names(content) if name not in machine.granted]
            raise Refused(*(names or error.args)) from None

    def _mapped(self) -> Any:
        return mapping.mmap(self.file.fileno(), 0, access=mapping.ACCESS_COPY)

    def storage(self, parts: Any) -> Any:
        """The storage that a tuple in the pickle stands for."""
        kind, key, location, n = storage_of(parts)
        if key not in self.storages:
            name, size = f"{self.folder}data/{key}", n * kind.itemsize
            self.container.entry(name, size)
            array = self._memory(kind, name, n)
            self.storages[key] = kind, n, self.restore(kind.finished(array), location)
        known, length, made = self.storages[key]
        if (known.dtype, length) != (kind.dtype, n):
            raise UnpicklingError(f"load: a storage has one dtype and size; {key!r:.40} has two.")
        return made

    def _memory(self, kind: StorageType, name: str, n: int) -> Any:
        if self.map is not None and n:
            place = self.container.place(name)
            if place + n * kind.itemsize > self.size:
                raise damaged(f"the record {name!r:.80} ends after the file")
            if place % kind.itemsize == 0:
                return filled(np.frombuffer(self.map, kind.empty(0).dtype, n, place))
        array = kind.empty(n)
        self.container.read_into(name, bytes_of(array))
        return filled(array.byteswap() if self.swap else array)


def _unknown(head: bytes) -> str:
    if head[8:9] == b"{":
        return (
            "load: the file must be of save(); this one is of safetensors. Read it with "
            "autograd.serialization.safetensors.load_file(path)."
        )
    if head[257:262] == b"ustar":
        return (
            "load: the file must be of save(); this one is a tar file, as PyTorch wrote before "
            "0.1.10. Have a PyTorch that still reads it save it anew."
        )
    if head[:1] == b"\x80":
        return (
            "load: the file must be of save(); this one is a pickle, which can run any code. Where "
            "you trust it: pickle.load(file)."
        )
    return f"load: the file must be of save(), or NumPy's; this one begins with {head[:16]!r}."


def _names(content: bytes, old: bool = False) -> list[str]:
    """The classes and functions that a pickle names and the table does not hold."""
    missing: list[str] = []
    texts: list[str] = []
    stream = io.BytesIO(content)
    try:
        for _ in range(4 if old else 1):  # before the object: two numbers and the machine
            for code, value, _ in pickletools.genops(stream):
                if isinstance(value, str):
                    texts = [*texts[-1:], value]
                if code.name in ("GLOBAL", "STACK_GLOBAL"):
                    path = value.replace(" ", ".") if value else ".".join(texts)
                    try:
                        find(path)
                    except UnpicklingError:
                        missing.append(path)
    except (ValueError, Warning) as error:
        raise UnpicklingError(f"load: the pickle in the file must be whole; {error}.") from None
    return list(dict.fromkeys(missing))


def _check_harmless(content: bytes, old: bool = False) -> None:
    """Raise for ``weights_only=False`` where it would make a difference."""
    missing = [name for name in _names(content, old) if name not in allowed_by_user()]
    if missing:
        raise RuntimeError(
            "load: weights_only=False would let the file run any code, and is refused; a file may "
            f"hold tensors and plain containers; {in_words(missing)}"
        )
