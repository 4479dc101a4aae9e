"""What files may name: PyTorch's tensors and their parts, and plain containers of Python's."""

from __future__ import annotations

import math
import sys
import warnings
from collections import Counter, OrderedDict
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

import numpy as np

from autograd.arrays import devices, dtypes
from autograd.engine.graph import wrap
from autograd.serialization.unpickler import Global, Unpickler, checked_key, numeric_dtype
from autograd.tensors.registry import class_named
from autograd.tensors.storage import TypedStorage, UntypedStorage
from autograd.tensors.tensor import Size, Tensor

# PyTorch's name of a storage -> its dtype
STORAGES = {
    "FloatStorage": "float32", "DoubleStorage": "float64", "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16", "LongStorage": "int64", "IntStorage": "int32",
    "ShortStorage": "int16", "CharStorage": "int8", "ByteStorage": "uint8", "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
}  # fmt: skip
STORAGE_OF = {dtype: name for name, dtype in STORAGES.items()}
UNTYPED = "uint16", "uint32", "uint64"  # PyTorch writes these into bytes without a dtype


class StorageType:
    """A storage's class, as a file names it; ``dtype`` is None for bytes."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: str | None) -> None:
        self.dtype = dtype

    @property
    def itemsize(self) -> int:
        """The bytes of one element in the file."""
        if self.dtype is None:
            return 1
        return 2 if self.dtype == "bfloat16" else np.dtype(self.dtype).itemsize

    def empty(self, n: int) -> Any:
        """Memory for ``n`` elements, to be filled as they are in the file."""
        return np.empty(n, bfloat16() if self.dtype == "bfloat16" else self.dtype or "uint8")

    def finished(self, array: Any) -> UntypedStorage:
        """The storage over what was filled."""
        if self.dtype is None:
            return UntypedStorage(array)
        return TypedStorage(from_bfloat16(array) if self.dtype == "bfloat16" else array)


def storage_of(parts: Any) -> tuple[StorageType, str, str, int]:
    """Of what stands in a file for a storage: its type, name and place, its number of elements."""
    tag, kind, key, location, n = parts
    texts = all([type(one) is str for one in (tag, key, location)])
    if not texts or tag != "storage" or type(kind) is not StorageType or not _whole(n):
        raise UnpicklingError("load: what is stored apart are storages; the file has others.")
    return kind, key, location, n


def filled(array: Any) -> Any:
    """The array after its bytes were read: whatever they were, true is one."""
    if array.dtype == dtypes.bool:
        raw = array.view(np.uint8)
        np.minimum(raw, 1, out=raw)
    return array


def bfloat16() -> Any:
    """What holds bfloat16: its dtype where NumPy is taught it, else whole numbers of its size."""
    try:
        return np.dtype(dtypes.as_dtype("bfloat16"))
    except (TypeError, ImportError):
        return np.dtype("uint16")


def from_bfloat16(array: Any) -> Any:
    """Memory of :func:`bfloat16` as it can be used: as it is, or in float32."""
    if array.dtype != "uint16":
        return array
    warnings.warn(
        "load: bfloat16 is read as float32, which changes no number. To keep the dtype: "
        'pip install "gradloom[bfloat16]".',
        stacklevel=2,
    )
    return (array.astype(np.uint32) << 16).view(np.float32)


def find(path: str) -> Any:
    """What a file means by ``path``. Raises UnpicklingError for what is not in the table."""
    module, _, name = path.rpartition(".")
    if path in _TABLE:
        return _TABLE[path]
    if module in ("torch", "torch.storage") and name in STORAGES:
        return StorageType(STORAGES[name])
    if module == "torch" and name in _DTYPES:
        return getattr(sys.modules["autograd"], name)  # as users hold it
    raise Refused(path)


class Refused(UnpicklingError):
    """A file names what is not in the table; ``args`` are the paths."""

    def __str__(self) -> str:
        return f"load: a file may hold tensors and plain containers; {in_words(list(self.args))}"


def in_words(paths: list[str]) -> str:
    """What a file names besides, and what to write."""
    named = f"this one names {', '.join(paths[:20])}."
    if any([path.startswith("torch.nn.modules") for path in paths]):
        return (
            f"{named} Have PyTorch save what a module knows: torch.save(model.state_dict(), path), "
            "and load that into a model made here."
        )
    if any([path.startswith("torch.") for path in paths]):
        return (
            f"{named} Have PyTorch save plain numbers: x.float(), x.to_dense(), x.dequantize() of "
            "what is narrow, sparse or quantized."
        )
    listed = [path.removeprefix("__main__.").removeprefix("builtins.") for path in paths[:20]]
    return (
        f"{named} Where you trust these, name them and leave weights_only out: with "
        f"autograd.serialization.safe_globals([{', '.join(listed)}]): autograd.load(path). Of a "
        "model, better save what it knows: autograd.save(model.state_dict(), path)."
    )


# -- tensors ---------------------------------------------------------------------------------------


def _whole(*numbers: Any) -> bool:
    return all([type(n) is int and 0 <= n < 2**63 for n in numbers])


def tensor_over(
    machine: Unpickler, storage: Any, offset: Any, size: Any, stride: Any, dtype: Any = None
) -> Any:
    """A tensor that looks at ``storage``, if it lies within."""
    if not isinstance(storage, UntypedStorage):
        raise UnpicklingError("load: a tensor needs a storage; the file gives it none.")
    flat = storage._array if dtype is None else storage._array.view(np.uint8)
    kind = flat.dtype if dtype is None else np.dtype(dtype)
    fits = isinstance(size, tuple) and isinstance(stride, tuple) and len(size) == len(stride) <= 64
    if not (fits and _whole(offset, *size, *stride)):
        raise UnpicklingError("load: sizes and strides of a tensor must be counts, 64 at most.")
    span = 0 if 0 in size else 1 + sum([(n - 1) * step for n, step in zip(size, stride)])
    held = flat.nbytes // kind.itemsize
    if math.prod(size) >= 2**62 or (span and offset + span > held):
        raise UnpicklingError(
            f"load: a tensor must lie within its storage; one of size {size}, stride {stride} and "
            f"offset {offset} is said to be in {held} elements. The file is damaged."
        )
    memory = flat if flat.size else np.empty(1, kind)
    strides = [kind.itemsize * n for n in stride]
    array: Any = np.ndarray(size, kind, memory, offset * kind.itemsize * bool(span), strides)
    if span and any([n > 1 and not s for n, s in zip(size, stride)]):
        array.flags.writeable = False  # as what expand returns
    return wrap(array, None, Tensor)


def _rebuild_tensor_v2(
    machine: Unpickler, storage: Any, offset: Any, size: Any, stride: Any, requires_grad: Any,
    hooks: Any = None, metadata: Any = None,
) -> Any:  # fmt: skip
    made = tensor_over(machine, storage, offset, size, stride)
    return _with_metadata(machine, made, requires_grad, metadata)


def _rebuild_tensor_v3(
    machine: Unpickler, storage: Any, offset: Any, size: Any, stride: Any, requires_grad: Any,
    hooks: Any, dtype: Any, metadata: Any = None,
) -> Any:  # fmt: skip
    if getattr(dtype, "name", None) not in dtypes.NAMES:
        raise UnpicklingError("load: a tensor must have a dtype known here; it has none.")
    made = tensor_over(machine, storage, offset, size, stride, np.dtype(dtype))
    return _with_metadata(machine, made, requires_grad, metadata)


def _with_metadata(machine: Unpickler, made: Any, requires_grad: Any, metadata: Any) -> Any:
    for name, change in (("conj", np.conjugate), ("neg", np.negative)):
        if metadata and metadata.get(name):  # bits of PyTorch's: not computed yet
            machine.spend(made._data.size)
            made._data = change(made._data)
    if requires_grad:
        _check_learns(made)
        made.requires_grad_()
    return made


def _check_learns(tensor: Any) -> None:
    if not dtypes.differentiable(tensor._data.dtype):
        raise UnpicklingError(
            f"load: only floating-point tensors have gradients; the file has one of "
            f"{tensor._data.dtype} that requires grad. It is damaged."
        )


def _rebuild_parameter(
    machine: Unpickler, data: Any, requires_grad: Any, hooks: Any = None, state: Any = None
) -> Any:
    if not isinstance(data, Tensor):
        raise UnpicklingError("load: a parameter needs a tensor; the file gives it none.")
    if requires_grad:
        _check_learns(data)
    return _with_state(class_named("Parameter")(data.detach(), bool(requires_grad)), state)


def _rebuild_from_type(
    machine: Unpickler, function: Any, cls: Any, arguments: Any, state: Any
) -> Any:
    made = function.build(machine, *arguments)
    if type(cls) is Global:
        if cls.path == "torch.Tensor":
            kind = "Buffer" if state and state.get("_is_buffer") else None
        else:
            kind = cls.path.rpartition(".")[2]
        cls = type(made) if kind is None else class_named(kind)
    elif not (machine.is_granted(cls) and isinstance(cls, type) and issubclass(cls, Tensor)):
        raise UnpicklingError("load: a tensor's class must be one; the file names another.")
    if cls is not type(made):
        like, made = made, object.__new__(cls)
        made.__setstate__((like._array(), None, like.requires_grad, {}))
    return _with_state(made, state)


def _with_state(made: Any, state: Any) -> Any:
    """The tensor with attributes that somebody had put on it; none of its own is replaced."""
    for name, value in (state or {}).items():
        if hasattr(Tensor, name):
            raise UnpicklingError(f"load: a tensor keeps its attributes; got another {name}.")
        if name != "_is_buffer":  # its class says so
            vars(made)[name] = value
    return made


def _tensor_class(machine: Unpickler, *arguments: Any) -> Any:
    raise UnpicklingError(
        "load: tensors of the oldest releases of PyTorch are not read. Save the file anew with "
        "one that is newer than 0.4."
    )


# -- plain values ----------------------------------------------------------------------------------


def _size(machine: Unpickler, numbers: Any = ()) -> Any:
    machine.spend(len(numbers))
    if not _whole(*numbers):
        raise UnpicklingError("load: a size is a tuple of counts; the file holds another.")
    return Size(numbers)


def _device(machine: Unpickler, kind: str, index: int | None = None) -> Any:
    if type(kind) is not str or type(index) not in (int, type(None)):
        raise UnpicklingError("load: a device has a name and a number; the file has another.")
    return devices.device(kind, index)


def _layout(machine: Unpickler, name: str) -> Any:
    if name != "torch.strided":
        raise UnpicklingError("load: tensors lie by strides; the file names another layout.")
    return devices.strided


def _encoded(machine: Unpickler, text: str, encoding: str = "latin1") -> bytes:
    machine.spend(len(text))
    if encoding not in ("latin1", "latin-1"):
        raise UnpicklingError("load: bytes are written in latin1; the file names another code.")
    return text.encode("latin1")


def _bytes(machine: Unpickler, raw: Any = b"") -> bytes:
    return bytes(_raw(machine, raw))


def _bytearray(machine: Unpickler, raw: Any = b"") -> bytearray:
    return bytearray(_raw(machine, raw))


def _raw(machine: Unpickler, raw: Any) -> Any:
    if type(raw) not in (bytes, bytearray):  # of a number they would make as many zeros
        raise UnpicklingError(f"load: bytes are made of bytes; got a {type(raw).__name__}.")
    machine.spend(len(raw))
    return raw


def _members(machine: Unpickler, items: Any) -> Any:
    if type(items) not in (list, tuple):
        raise UnpicklingError(f"load: a set is made of a list; got a {type(items).__name__}.")
    machine.spend(len(items))
    return map(checked_key, items)


def _set(machine: Unpickler, items: Any = ()) -> Any:
    return set(_members(machine, items))


def _frozenset(machine: Unpickler, items: Any = ()) -> Any:
    return frozenset(_members(machine, items))


def _ordered(machine: Unpickler, items: Any = ()) -> Any:
    machine.spend(len(items))
    return OrderedDict([(checked_key(key), value) for key, value in items])


def _counter(machine: Unpickler, items: Any = ()) -> Any:
    machine.spend(len(items))
    return Counter(items if type(items) is dict else ())


def _complex(machine: Unpickler, real: Any = 0.0, imaginary: Any = 0.0) -> complex:
    return complex(*[float(one) for one in (real, imaginary) if type(one) in (int, float)])


# -- NumPy's ---------------------------------------------------------------------------------------


def _numpy_dtype(machine: Unpickler, code: Any, *flags: Any) -> Any:
    if type(code) is str and len(code) <= 3 and numeric_dtype(made := np.dtype(code)):
        return made.newbyteorder("=")
    raise UnpicklingError("load: arrays of NumPy's must hold numbers; the file has others.")


def _numpy_scalar(machine: Unpickler, d: Any, raw: Any) -> Any:
    if not numeric_dtype(d) or type(raw) is not bytes or len(raw) != d.itemsize:
        raise UnpicklingError("load: a scalar of NumPy's must be a number; got another.")
    return np.frombuffer(raw, d)[0]


def _numpy_array(machine: Unpickler, *arguments: Any) -> Any:
    return np.empty(0)  # its state comes later


def _numpy_class(machine: Unpickler, *arguments: Any) -> Any:
    raise UnpicklingError("load: arrays are made by NumPy's function for that; got their class.")


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "torch._utils._rebuild_tensor": tensor_over,
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor_v2,
    "torch._utils._rebuild_tensor_v3": _rebuild_tensor_v3,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
    "torch._utils._rebuild_parameter_with_state": _rebuild_parameter,
    "torch._tensor._rebuild_from_type_v2": _rebuild_from_type,
    "torch.Tensor": _tensor_class,
    "torch.nn.parameter.Parameter": _tensor_class,
    "torch.nn.parameter.Buffer": _tensor_class,
    "torch.Size": _size,
    "torch.device": _device,
    "torch.serialization._get_layout": _layout,
    "_codecs.encode": _encoded,
    "collections.OrderedDict": _ordered,
    "collections.Counter": _counter,
    "builtins.bytes": _bytes,
    "builtins.bytearray": _bytearray,
    "builtins.set": _set,
    "builtins.frozenset": _frozenset,
    "builtins.complex": _complex,
    "numpy.dtype": _numpy_dtype,
    "numpy.ndarray": _numpy_class,
    "numpy._core.multiarray.scalar": _numpy_scalar,
    "numpy._core.multiarray._reconstruct": _numpy_array,
}
_TABLE: dict[str, Any] = {path: Global(path, build) for path, build in _FUNCTIONS.items()}
for _name in ("bytes", "bytearray", "set", "frozenset", "complex"):  # as Python 2 called it
    _TABLE[f"__builtin__.{_name}"] = _TABLE[f"builtins.{_name}"]
for _name in ("scalar", "_reconstruct"):  # as NumPy 1 did
    _TABLE[f"numpy.core.multiarray.{_name}"] = _TABLE[f"numpy._core.multiarray.{_name}"]
_TABLE["torch.storage.UntypedStorage"] = _TABLE["torch.UntypedStorage"] = StorageType(None)

_DTYPES = (*dtypes.NAMES, "bfloat16")
