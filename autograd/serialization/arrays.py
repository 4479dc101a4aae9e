"""NumPy's own files, .npy and .npz, as tensors."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np

from autograd.serialization.container import Container, damaged
from autograd.serialization.unpickler import numeric_dtype
from autograd.tensors.from_data import from_numpy

START = b"\x93NUMPY"


def read_array(data: bytes) -> Any:
    """The tensor in the bytes of an .npy file. Raises RuntimeError for what is damaged.

    >>> file = io.BytesIO()
    >>> np.save(file, np.arange(3.0))
    >>> read_array(file.getvalue())
    tensor([0., 1., 2.], dtype=autograd.float64)
    """
    stream = io.BytesIO(data)
    try:
        major, _ = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0
        if major > 1:
            read = np.lib.format.read_array_header_2_0
        shape, by_columns, d = read(stream)
    except Exception as error:  # a header is read by Python's own parser of literals
        raise damaged(f"the head of an array cannot be read ({error!s:.120})") from None
    if not numeric_dtype(d):
        raise RuntimeError(f"load: arrays must hold numbers; the file has {d}.")
    count = math.prod(shape)
    if (
        count * d.itemsize != len(data) - stream.tell()
        or len(shape) > 64
        or min(shape, default=0) < 0
    ):
        raise damaged(f"an array of shape {shape!s:.80} is not {len(data) - stream.tell()} bytes")
    flat = np.frombuffer(bytearray(data[stream.tell() :]), d)
    array = flat.reshape(shape[::-1]).T if by_columns else flat.reshape(shape)
    return from_numpy(array.astype(d.newbyteorder("="), copy=False))


def read_arrays(container: Container) -> dict[str, Any]:
    """The tensors of an .npz file, by name."""
    return {name[: -len(".npy")]: read_array(container.read(name)) for name in container.records}
