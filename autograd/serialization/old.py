"""The format of PyTorch before 1.6: pickles one after another, then the memory of all storages."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

from autograd.serialization.builders import filled, find, storage_of
from autograd.serialization.container import bytes_of
from autograd.serialization.unpickler import Unpickler

_MAGIC, _VERSION = 0x1950A86A20F9469CFC6C, 1001
START = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."  # the first pickle, the magic number


def load(
    data: bytes, granted: dict[str, Any], restore: Callable[[Any, str], Any], encoding: str
) -> Any:
    """The object in ``data``. Raises UnpicklingError for what is damaged or refused."""
    storages: dict[str, Any] = {}
    to_fill: dict[str, Any] = {}
    left = len(data)

    def persistent(parts: Any) -> Any:
        nonlocal left
        kind, key, location, n = storage_of(parts[:-1])
        if kind.dtype == "bfloat16":
            raise UnpicklingError(
                "load: bfloat16 is read from files of PyTorch 1.6 and newer; this one is older. "
                "Have a newer PyTorch load it and save it anew."
            )
        if key not in storages:
            left -= n * kind.itemsize
            if left < 0:
                raise UnpicklingError(
                    f"load: storages must be within the file; its {len(data)} bytes are too few."
                )
            to_fill[key] = kind.empty(n)
            storages[key] = restore(kind.finished(to_fill[key]), location)
        if parts[-1] is not None:
            raise UnpicklingError("load: storages must be whole; the file has parts of some.")
        return storages[key]

    machine = Unpickler(data, find, persistent, 2 * len(data) + 1000, granted, encoding)
    if machine.load() != _MAGIC or machine.load() != _VERSION:
        raise UnpicklingError("load: the file must be of PyTorch's; its first numbers are not.")
    machine.load()  # what machine it was
    made = machine.load()
    keys = machine.load()
    if type(keys) is not list or keys != [one for one in keys if type(one) is str]:
        raise UnpicklingError("load: after the object come the keys of storages; here are others.")
    if sorted(keys) != sorted(to_fill):
        raise UnpicklingError("load: every storage must be in the file once; here they are not.")
    for key in keys:
        fill(machine, to_fill[key])
    return made


def fill(machine: Unpickler, array: Any) -> None:
    """Put what comes next in the file into the memory of a storage."""
    try:
        n = machine.number("<q")
        if n != array.size:
            raise ValueError(f"{array.size} elements are announced and {n} come")
        bytes_of(array)[:] = machine.take(array.nbytes)
    except (ValueError, struct.error) as error:
        raise UnpicklingError(
            f"load: storages must be whole; this one is not ({error}). Save the file anew."
        ) from None
    filled(array)
