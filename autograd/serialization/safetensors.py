"""Files of safetensors: tensors by name, and nothing else. Needs the library of that name."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.arrays.devices import check_device
from autograd.engine.graph import TensorBase
from autograd.serialization.builders import bfloat16, from_bfloat16
from autograd.serialization.files import is_path, opened, replaced
from autograd.tensors.from_data import from_numpy

_CODES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64",
    "int32": "I32", "int16": "I16", "int8": "I8", "uint64": "U64", "uint32": "U32", "uint16": "U16",
    "uint8": "U8", "bool": "BOOL", "complex64": "C64",
}  # fmt: skip
_DTYPES = {code: name for name, code in _CODES.items()}


def _library() -> Any:
    try:
        importlib.import_module("safetensors.numpy")
        return importlib.import_module("safetensors")
    except ImportError:
        raise ImportError(
            "safetensors: the library of that name must be installed; it is not. Run: "
            'pip install "gradloom[safetensors]".'
        ) from None


def save(tensors: Mapping[str, Any], metadata: dict[str, str] | None = None) -> bytes:
    """The bytes of a file that holds ``tensors``, and ``metadata``: text by text.

    Raises TypeError for what is no dict of tensors, RuntimeError where two share memory: the format
    cannot say so.
    """
    if not isinstance(tensors, Mapping):
        raise TypeError(
            f"save_file: expected a dict of tensors; got {type(tensors).__name__}. Pass what "
            "state_dict() returned."
        )
    arrays: dict[str, Any] = {}
    places: dict[Any, str] = {}
    for name, tensor in tensors.items():
        if not isinstance(tensor, TensorBase) or not isinstance(name, str):
            raise TypeError(
                f"save_file: expected a dict of names to tensors; got {name!r:.60}: a "
                f"{type(tensor).__name__}. Leave it out, or make it a tensor."
            )
        array = tensor._array()  # type: ignore[attr-defined]
        if array.dtype.name not in _CODES:
            raise TypeError(
                f"save_file: the format must know the dtype; {name!r:.60} is {array.dtype}. "
                "Convert it first."
            )
        if array.size:
            other = places.setdefault(array.__array_interface__["data"][0], name)
            if other != name:
                raise RuntimeError(
                    f"save_file: tensors must not share memory, as the format cannot say so; "
                    f"{other!r:.60} and {name!r:.60} do. Save a clone of one, or the whole module: "
                    "save_model(model, path)."
                )
        arrays[name] = np.asarray(array, order="C")
    return _library().numpy.save(arrays, metadata)


def load(data: bytes) -> dict[str, Any]:
    """The tensors, by name, in the bytes of a file.

    Raises TypeError for what is not bytes, RuntimeError for a damaged file.
    """
    if not isinstance(data, bytes):
        raise TypeError(
            f"load: expected bytes; got {type(data).__name__}. For a file, load_file(path)."
        )
    library = _library()
    try:
        entries = library.deserialize(data)
    except library.SafetensorError as error:
        raise RuntimeError(
            f"load_file: the file must be of safetensors, and whole; it is not ({error}). Save or "
            "download it anew."
        ) from None
    return {name: _tensor(name, **entry) for name, entry in sorted(entries)}


def _tensor(name: str, dtype: str, shape: Any, data: Any) -> Any:
    if dtype not in _DTYPES:
        raise RuntimeError(f"load_file: the dtype must be known here; {name!r:.60} is {dtype}.")
    kind = _DTYPES[dtype]
    raw = bytearray(data) if not isinstance(data, bytearray) else data
    array = np.frombuffer(raw, bfloat16() if kind == "bfloat16" else kind)
    array = from_bfloat16(array) if kind == "bfloat16" else array
    return from_numpy(array.reshape(shape))


def save_file(
    tensors: Mapping[str, Any], filename: Any, metadata: dict[str, str] | None = None
) -> None:
    """Write ``tensors`` to a file, replaced when the new one is whole; see :func:`save`."""
    data = save(tensors, metadata)
    if not is_path(filename):
        raise TypeError(f"save_file: expected a path; got {filename!r:.60}.")
    with replaced("save_file", filename) as file:
        file.write(data)


def load_file(filename: Any, device: Any = "cpu") -> dict[str, Any]:
    """The tensors, by name, in a file; see :func:`load`. Raises OSError where there is none."""
    check_device(device)
    if not is_path(filename):
        raise TypeError(f"load_file: expected a path; got {filename!r:.60}.")
    with opened("load_file", filename) as file:
        return load(file.read())


def save_model(
    model: Any, filename: Any, metadata: dict[str, str] | None = None, force_contiguous: bool = True
) -> None:
    """Write the state of a module; of tensors that are one, only the first by name."""
    state = model.state_dict()
    dropped = _tied(state)
    kept = {name: tensor for name, tensor in state.items() if name not in dropped}
    save_file(kept, filename, {**dropped, **(metadata or {})} or None)


def load_model(
    model: Any, filename: Any, strict: bool = True, device: Any = "cpu"
) -> tuple[set[str], list[str]]:
    """Take the state of a file into a module; the names that are missing, and those too many.

    Raises RuntimeError where, with ``strict``, there are such; or shapes differ.
    """
    state = load_file(filename, device)
    tied = _tied(model.state_dict(), first=state)
    missing, unexpected = model.load_state_dict(state, strict=False)
    lacking = set(missing) - set(tied)
    if strict and (lacking or unexpected):
        raise RuntimeError(
            f"load_model: names must match; missing: {', '.join(sorted(lacking)) or 'none'}; "
            f"unexpected: {', '.join(sorted(unexpected)) or 'none'}. Build the module as it was "
            "saved, or pass strict=False."
        )
    return lacking, unexpected


def _tied(state: Mapping[str, Any], first: Any = ()) -> dict[str, str]:
    """Of tensors that are one: each name besides the one that stands for all, and that."""
    names: dict[Any, str] = {}
    tied = {}
    for name in sorted(state, key=lambda name: (name not in first, name)):
        array = state[name]._array()
        if array.size:
            place = array.__array_interface__["data"][0], array.shape, array.strides
            if names.setdefault(place, name) != name:
                tied[name] = names[place]
    return tied
