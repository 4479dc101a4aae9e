"""Memory that tensors share with others: DLPack, buffers, mapped files, storages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.devices import check_device
from autograd.engine import versions
from autograd.engine.graph import TensorBase
from autograd.tensors.from_data import from_numpy
from autograd.tensors.storage import TypedStorage, UntypedStorage

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = ["from_dlpack", "from_file", "frombuffer", "to_dlpack"]


class Sharing(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """The memory as a DLPack capsule, for ``np.from_dlpack`` and its like.

        Raises BufferError for a tensor that requires grad, and for what the protocol cannot say.
        """
        if self._edge is not None:
            raise BufferError(
                "dlpack: shared memory cannot carry a gradient; this tensor requires grad. "
                "Share tensor.detach()."
            )
        options = {"max_version": max_version, "dl_device": dl_device, "copy": copy}
        given = {name: value for name, value in options.items() if value is not None}
        array = self._array()  # type: ignore[attr-defined]
        try:
            try:
                return array.__dlpack__(**given)
            except TypeError:  # NumPy before 2.1 knows none of these
                return (array.copy() if copy else array).__dlpack__()
        except (BufferError, RuntimeError) as error:
            raise BufferError(
                f"dlpack: the protocol must know the memory; it does not know this one, of dtype "
                f"{array.dtype} and shape {array.shape} ({error}). Share x.clone(), or x.float()."
            ) from None

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0  # the CPU

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The array API standard's functions over tensors, for libraries that take any array.

        Raises ValueError for a version of the standard that is not there.

        >>> import autograd
        >>> x = autograd.tensor([3.0, 4.0], requires_grad=True)
        >>> xp = x.__array_namespace__()
        >>> xp.concat([x, xp.sum(x, keepdims=True)])
        tensor([3., 4., 7.], grad_fn=<CatBackward0>)
        """
        from autograd.tensors.array_api import namespace  # loaded on first use

        if api_version not in (None, "2021.12", "2022.12", "2023.12", "2024.12"):
            raise ValueError(
                "__array_namespace__: api_version must be one from 2021.12 to 2024.12; got "
                f"{api_version!r}. Leave it out for the newest."
            )
        return namespace

    def to_device(self, device: Any, /, *, stream: Any = None) -> Tensor:
        """The tensor on a device, by the array API standard's name.

        >>> import autograd
        >>> autograd.ones(2).to_device("cpu")
        tensor([1., 1.])
        """
        return self.to(device)  # type: ignore[attr-defined]

    def __buffer__(self, flags: int) -> memoryview:
        # memoryview(tensor), from Python 3.12 on; NumPy asks here first, and then __array__
        if self._edge is not None:
            raise BufferError(
                "memoryview: shared memory cannot carry a gradient; this tensor requires grad. "
                "Share tensor.detach()."
            )
        return memoryview(self._array())  # type: ignore[attr-defined]

    def untyped_storage(self) -> UntypedStorage:
        """The memory that the tensor looks at, in bytes.

        >>> import autograd
        >>> autograd.zeros(2, 3)[0].untyped_storage().nbytes()
        24
        """
        return UntypedStorage(_memory(self))

    def storage(self) -> TypedStorage:
        """The memory that the tensor looks at, in elements.

        >>> import autograd
        >>> autograd.zeros(2, 3)[0].storage().size()
        6
        """
        return TypedStorage(_memory(self))


def _memory(tensor: Any) -> Any:
    """All memory that the tensor and its views look at."""
    owner = versions.owner_of(tensor._array())
    return owner if isinstance(owner, np.ndarray) else tensor._array()


class _Capsule:
    """A capsule, as the object that gives it away."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **options: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0


class _Writable:
    """An array's memory to be written to: of it, too, NumPy before 2.1 gives a read-only view."""

    def __init__(self, array: Any) -> None:
        self.array = array
        facts = array.__array_interface__
        self.__array_interface__ = {**facts, "data": (facts["data"][0], False)}


_TOLD = tuple(map(int, np.__version__.split(".")[:2])) >= (2, 1)  # whether it can be written to


def from_dlpack(ext_tensor: Any) -> Tensor:
    """A tensor over the memory of another library's array (or of a DLPack capsule), shared.

    Raises TypeError for what does not speak the protocol, BufferError for memory that NumPy cannot
    look at: of another device, or in a dtype that it does not know.

    >>> import numpy as np
    >>> a = np.zeros(2)
    >>> from_dlpack(a)
    tensor([0., 0.], dtype=autograd.float64)
    """
    if type(ext_tensor).__name__ == "PyCapsule":
        ext_tensor = _Capsule(ext_tensor)
    if isinstance(ext_tensor, type) or not hasattr(ext_tensor, "__dlpack__"):
        raise TypeError(
            "from_dlpack: expected an array that has __dlpack__, or a capsule; got "
            f"{type(ext_tensor).__name__}. Use autograd.tensor(...)."
        )
    try:
        array = np.from_dlpack(ext_tensor)
        return from_numpy(array if _TOLD else np.asarray(_Writable(array)))
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise BufferError(
            f"from_dlpack: the memory must be the CPU's, and of numbers known here; that of "
            f"{type(ext_tensor).__name__} is not ({error}). Bring it to the CPU, as plain numbers."
        ) from None


def to_dlpack(tensor: Tensor) -> Any:
    """The memory of ``tensor`` as a DLPack capsule, which can be taken once.

    >>> import autograd
    >>> from_dlpack(to_dlpack(autograd.ones(2)))
    tensor([1., 1.])
    """
    check_tensors("to_dlpack", tensor=tensor)
    return tensor.__dlpack__()


def frombuffer(
    buffer: Any,
    *,
    dtype: DType,
    count: int = -1,
    offset: int = 0,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor (n,) over the memory of ``buffer``: bytes, a bytearray, an array, a memoryview.

    What cannot be written there cannot be written through the tensor.

    :param count: how many elements; -1 means all.
    :param offset: bytes to skip.

    Raises TypeError for what is no buffer, ValueError where it has too few bytes.

    >>> import autograd
    >>> frombuffer(bytearray(8), dtype=autograd.float32)
    tensor([0., 0.])
    """
    kind = dtypes.as_dtype(dtype)
    for name, value in (("count", count), ("offset", offset)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
            raise TypeError(f"frombuffer: {name} must be an integer; got {value!r:.60}.")
    try:
        held = memoryview(buffer).nbytes
    except (TypeError, BufferError, ValueError):
        raise TypeError(
            f"frombuffer: expected an object with a buffer; got {type(buffer).__name__}. Use "
            "autograd.tensor(...)."
        ) from None
    n = (held - offset) // kind.itemsize if count == -1 else count
    whole = count != -1 or (held - offset) % kind.itemsize == 0
    if not (0 <= offset < held and 0 < n <= (held - offset) // kind.itemsize and whole):
        raise ValueError(
            f"frombuffer: the buffer must hold elements of {kind.itemsize} bytes, all of them; it "
            f"has {held} bytes; got offset {offset} and count {count}. Pass a count that fits."
        )
    made = from_numpy(np.frombuffer(buffer, kind, n, offset))
    return made.requires_grad_(requires_grad)


def from_file(
    filename: Any,
    shared: bool | None = None,
    size: int = 0,
    *,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor (size,) over the first elements of a file, which is mapped into memory.

    With ``shared``, what is written to the tensor is written to the file, which is made if it is
    not there and grows to the size; else it stays in memory.

    Raises OSError where there is no such file, ValueError where it is too small.

    >>> import pathlib, tempfile, autograd
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "numbers"
    >>> _ = path.write_bytes(bytes(8))
    >>> from_file(str(path), size=2, dtype=autograd.float32)
    tensor([0., 0.])
    """
    check_device(device)
    kind = dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    if not isinstance(filename, (str, os.PathLike)):
        raise TypeError(
            f"from_file: expected the path of a file; got {filename!r:.60} of type "
            f"{type(filename).__name__}. Pass its name."
        )
    if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or size < 0:
        raise ValueError(f"from_file: size must be a count of elements; got {size!r:.60}.")
    there = os.path.isfile(filename)
    if not there and not shared:
        raise FileNotFoundError(
            f"from_file: the file must be there; there is no {os.fspath(filename)!r:.200}. Pass "
            "shared=True to make it."
        )
    held = os.path.getsize(filename) // kind.itemsize if there else 0
    if held < size and not shared:
        raise ValueError(
            f"from_file: the file must hold as many elements as asked for; it has {held}, got "
            f"size {size}. Ask for less, or pass shared=True to let it grow."
        )
    if not size:
        return from_numpy(np.empty(0, kind)).requires_grad_(requires_grad)
    mode: Any = "c" if not shared else "r+" if there else "w+"
    mapped = np.memmap(filename, kind, mode, shape=(int(size),))
    return from_numpy(mapped).requires_grad_(requires_grad)
