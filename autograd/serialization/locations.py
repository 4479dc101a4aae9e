"""``map_location``: there is one device, the CPU; what was written elsewhere comes here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograd.arrays.devices import check_device, device
from autograd.tensors.storage import UntypedStorage


def restorer(map_location: Any) -> Callable[[UntypedStorage, str], UntypedStorage]:
    """What puts a storage, written on a device of that name, where ``map_location`` says.

    Raises TypeError for what is no form of it, RuntimeError for a device that is not the CPU.
    """
    if map_location is None:
        return lambda storage, location: storage
    if isinstance(map_location, (str, device)):
        check_device(map_location)
        return lambda storage, location: storage
    if isinstance(map_location, Mapping):
        return lambda storage, location: _at(storage, map_location.get(location))
    if callable(map_location):
        return lambda storage, location: _moved(map_location, storage, location)
    raise TypeError(
        "load: map_location must be a device, its name, a dict of names, or a function of a "
        f"storage and its location; got {map_location!r:.60}. Leave it out, or pass 'cpu'."
    )


def _at(storage: UntypedStorage, location: Any) -> UntypedStorage:
    check_device(location)
    return storage


def _moved(function: Callable[..., Any], storage: UntypedStorage, location: str) -> Any:
    try:
        moved = function(storage, location)
    except Exception as error:
        raise RuntimeError(
            f"load: map_location must tell where a storage goes; for {location!r:.60} it raised "
            f"{type(error).__name__}: {error}"
        ) from error
    if moved is not None and not isinstance(moved, UntypedStorage):
        raise RuntimeError(
            "load: map_location must return the storage, or None; got "
            f"{type(moved).__name__}. Write lambda storage, location: storage."
        )
    return storage if moved is None else moved
