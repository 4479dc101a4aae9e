"""The writer of pickles: PyTorch's names for tensors and their parts, Python's for the rest.

Protocol 2, which every reader of such files knows. Python's own pickler looks up every name that
it writes; PyTorch's are not there to be found.
"""

from __future__ import annotations

import copyreg
import pickle
import struct
import sys
from collections import OrderedDict
from typing import Any

import numpy as np

from autograd.arrays import devices, dtypes
from autograd.arrays.dialect import inside
from autograd.engine import versions
from autograd.engine.graph import TensorBase
from autograd.serialization.allowed import public_path
from autograd.serialization.builders import STORAGE_OF, UNTYPED
from autograd.tensors.conversion import attributes_of, is_dense
from autograd.tensors.registry import name_of
from autograd.tensors.storage import TypedStorage, UntypedStorage
from autograd.tensors.tensor import Size, Tensor


class Writer:
    """Writes one object; the memory of its tensors is in ``storages``, in order, afterwards.

    :param known: one that has written the same object. Memory that many tensors share is written
        once, from the first element that any of them shows to the last; where these are is known
        afterwards only.
    """

    def __init__(self, known: Writer | None = None) -> None:
        self.out = bytearray(b"\x80\x02")
        self.memo: dict[Any, tuple[int, Any]] = {}
        self.known = known
        self.spans: dict[int, tuple[int, int]] = {}  # by owner: which of its elements are shown
        self.grown = False  # whether memory was written before all of it was known
        self.storages: list[Any] = []  # flat arrays
        self.numbers: dict[Any, int] = {}  # of a storage, by owner and span
        self.kept: list[Any] = []
        self.path: list[tuple[str, Any]] = []  # where in the object we are, for errors

    def finished(self, obj: Any) -> bytes:
        """The pickle of ``obj``."""
        try:
            self.write(obj)
        except RecursionError:
            raise self.fault("objects may be nested a few hundred times", "more of it") from None
        self.out += b"."
        return bytes(self.out)

    def fault(self, requirement: str, found: Any) -> pickle.PicklingError:
        steps = [f".{key}" if kind == "." else f"[{key!r:.40}]" for kind, key in self.path[:12]]
        return pickle.PicklingError(
            f"save: {requirement}; obj{''.join(steps)} is {found!s:.80}. Leave it out, or save "
            "what it is made of: tensors, numbers, text, and lists and dicts of these."
        )

    # -- codes -------------------------------------------------------------------------------------

    def remember(self, obj: Any, key: Any = None) -> None:
        """Number ``obj``, which was just written, so that it is written once."""
        index = len(self.memo)
        self.memo[id(obj) if key is None else key] = index, obj
        self.out += b"q" + bytes([index]) if index < 256 else b"r" + struct.pack("<I", index)

    def again(self, key: Any) -> bool:
        """Whether what has this key in the memo is there already; it is named then."""
        found = self.memo.get(key)
        if found is None:
            return False
        index = found[0]
        self.out += b"h" + bytes([index]) if index < 256 else b"j" + struct.pack("<I", index)
        return True

    def name(self, module: str, name: str) -> None:
        """A class or a function, by its path."""
        if not self.again((module, name)):
            self.out += f"c{module}\n{name}\n".encode()
            self.remember(None, (module, name))

    def call(self, module: str, name: str, *arguments: Any) -> None:
        """What a function returns of ``arguments``."""
        self.name(module, name)
        self.write_tuple(arguments)
        self.out += b"R"

    def inside(self, kind: str, key: Any, obj: Any) -> None:
        self.path.append((kind, key))
        self.write(obj)
        self.path.pop()

    # -- objects -----------------------------------------------------------------------------------

    def write(self, obj: Any) -> None:
        kind = type(obj)
        plain = _PLAIN.get(kind)
        if plain is not None:
            plain(self, obj)
        elif self.again(id(obj)):
            pass
        elif kind in _CONTAINERS:
            _CONTAINERS[kind](self, obj)
        elif isinstance(obj, TensorBase):
            self.write_tensor(obj)
        elif isinstance(obj, UntypedStorage):
            self.write_memory(obj._array, 0, obj._array.size, isinstance(obj, TypedStorage))
            self.remember(obj)
        elif isinstance(obj, _DTYPE):
            self.write_dtype(obj)
        elif isinstance(obj, type) or hasattr(obj, "__qualname__"):
            self.write_global(obj)
        else:
            self.write_object(obj)

    def write_int(self, obj: int) -> None:
        if 0 <= obj < 256:
            self.out += b"K" + bytes([obj])
        elif -(2**31) <= obj < 2**31:
            self.out += b"J" + struct.pack("<i", obj)
        else:
            raw = pickle.encode_long(obj)
            if len(raw) > 255:
                raise self.fault("whole numbers must have less than 2040 bits", "one with more")
            self.out += b"\x8a" + bytes([len(raw)]) + raw

    def write_text(self, obj: str) -> None:
        if not self.again(obj):
            raw = obj.encode("utf-8", "surrogatepass")
            self.out += b"X" + struct.pack("<I", len(raw)) + raw
            self.remember(obj, obj)

    def write_bytes(self, obj: bytes) -> None:
        self.call("_codecs", "encode", obj.decode("latin1"), "latin1")

    def write_tuple(self, obj: tuple[Any, ...]) -> None:
        if not obj:
            self.out += b")"
            return
        if len(obj) > 3:
            self.out += b"("
        for i, item in enumerate(obj):
            self.inside("[", i, item)
        if id(obj) in self.memo:  # it holds itself, through a list: written on the way
            self.out += b"1" if len(obj) > 3 else b"0" * len(obj)
            self.again(id(obj))
            return
        self.out += b"t" if len(obj) > 3 else bytes([0x84 + len(obj)])
        self.remember(obj)

    def write_list(self, obj: list[Any]) -> None:
        self.out += b"]"
        self.remember(obj)
        self.write_items(obj)

    def write_items(self, items: Any) -> None:
        self.out += b"("
        for i, item in enumerate(items):
            plain = _PLAIN.get(type(item))
            if plain is None:
                self.inside("[", i, item)
            else:
                plain(self, item)
        self.out += b"e"

    def write_dict(self, obj: dict[Any, Any]) -> None:
        self.out += b"}"
        self.remember(obj)
        self.write_pairs(obj.items())

    def write_pairs(self, pairs: Any) -> None:
        self.out += b"("
        for key, value in pairs:
            self.write(key)
            plain = _PLAIN.get(type(value))
            if plain is None:
                self.inside("[", key, value)
            else:
                plain(self, value)
        self.out += b"u"

    def write_ordered(self, obj: Any) -> None:
        self.name("collections", "OrderedDict")
        self.out += b")R"
        self.remember(obj)
        self.write_pairs(obj.items())
        if vars(obj):
            self.write(vars(obj))
            self.out += b"b"

    def write_set(self, obj: Any) -> None:
        self.call("builtins", type(obj).__name__, list(obj))
        self.remember(obj)

    def write_bytearray(self, obj: bytearray) -> None:
        self.call("builtins", "bytearray", bytes(obj))
        self.remember(obj)

    def write_complex(self, obj: complex) -> None:
        self.call("builtins", "complex", obj.real, obj.imag)

    def write_size(self, obj: Any) -> None:
        self.call("torch", "Size", tuple(obj))
        self.remember(obj)

    def write_device(self, obj: Any) -> None:
        index = () if obj.index is None else (obj.index,)
        self.call("torch", "device", obj.type, *index)
        self.remember(obj)

    def write_layout(self, obj: Any) -> None:
        self.call("torch.serialization", "_get_layout", "torch.strided")
        self.remember(obj)

    def write_dtype(self, obj: Any) -> None:
        if obj.name not in dtypes.NAMES and obj.name != "bfloat16":
            self.write_object(obj)  # NumPy's alone
        else:
            self.name("torch", obj.name)

    def write_global(self, obj: Any) -> None:
        """A class or a function that can be imported where the file is read."""
        module, name = getattr(obj, "__module__", None) or "builtins", obj.__qualname__
        found: Any = sys.modules.get(module)
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is not obj:
            raise self.fault(
                "classes and functions must be found under their names when they are read",
                repr(obj),
            )
        self.name(public_path(obj)[: -len(name) - 1], name)

    def write_object(self, obj: Any) -> None:
        """Anything else, as Python takes it apart."""
        reduce = copyreg.dispatch_table.get(type(obj))
        try:
            parts = obj.__reduce_ex__(2) if reduce is None else reduce(obj)
        except Exception as error:
            raise self.fault(
                f"what is saved must be what pickle can take apart ({error!s:.120})",
                f"a {type(obj).__name__}",
            ) from None
        if isinstance(parts, str):
            self.name(obj.__module__, parts)
            return
        function, arguments, state, items, pairs = (*parts, None, None, None)[:5]
        if getattr(function, "__name__", "") == "__newobj__":
            self.write(arguments[0])
            self.write_tuple(arguments[1:])
            self.out += b"\x81"
        else:
            self.write(function)
            self.write_numpys(arguments)
            self.out += b"R"
        self.remember(obj)
        if items is not None:
            self.write_items(items)
        if pairs is not None:
            self.write_pairs(pairs)
        if state is not None:
            steps = isinstance(state, dict) and not isinstance(obj, np.generic)
            if steps:
                self.write_state(state)
            else:
                self.write_numpys(state)
            self.out += b"b"

    def write_state(self, state: dict[str, Any]) -> None:
        """A dict of attributes: errors name them as such."""
        self.out += b"}"
        self.remember(state)
        self.out += b"("
        for name, value in state.items():
            self.write(name)
            self.inside(".", name, value)
        self.out += b"u"

    def write_numpys(self, parts: Any) -> None:
        """Arguments, or a state, in which a dtype is NumPy's own: parts of an array of NumPy's."""
        if type(parts) is not tuple or not any([isinstance(one, np.dtype) for one in parts]):
            self.write(parts)
            return
        self.out += b"("
        for one in parts:
            if isinstance(one, np.dtype):
                if not self.again(("numpy.dtype", one.str)):
                    self.call("numpy", "dtype", one.str.lstrip("<>=|"), False, True)
                    self.remember(one, ("numpy.dtype", one.str))
                    self.write((3, one.str[0], None, None, None, -1, -1, 0))
                    self.out += b"b"
            else:
                self.write(one)
        self.out += b"t"

    # -- tensors -----------------------------------------------------------------------------------

    def write_tensor(self, obj: Any) -> None:
        array = inside(obj._array())
        if not isinstance(array, np.ndarray):
            raise self.fault("tensors must be in NumPy's memory", f"one of {type(array).__name__}")
        name = name_of(type(obj))
        state = {k: v for k, v in attributes_of(obj).items() if k != "name"}  # no such in PyTorch
        rebuild = "_rebuild_tensor_v3" if array.dtype.name in UNTYPED else "_rebuild_tensor_v2"
        if name == "Parameter":
            self.name("torch._utils", f"_rebuild_parameter{'_with_state' * bool(state)}")
            self.out += b"("
            self.name("torch._utils", rebuild)
            self.write_arguments(array, False)
            self.out += b"R"
            self.write(obj.requires_grad)
            self.write(OrderedDict())
        elif type(obj) is Tensor and not state:
            self.name("torch._utils", rebuild)
            self.write_arguments(array, obj.requires_grad)
        else:
            self.name("torch._tensor", "_rebuild_from_type_v2")
            self.out += b"("
            self.name("torch._utils", rebuild)
            if name == "Buffer" or type(obj) is Tensor:  # no class of its own in PyTorch
                state.update({"_is_buffer": True} if name else {})
                self.name("torch", "Tensor")
            else:
                self.write_global(type(obj))
            self.write_arguments(array, obj.requires_grad)
        if state:
            self.write_state(state)
        if state or name:
            self.out += b"t"
        self.out += b"R"
        self.remember(obj)

    def write_arguments(self, array: Any, requires_grad: bool) -> None:
        """What ``_rebuild_tensor`` needs to make a tensor over ``array`` again."""
        array, owner, first, last = _in_memory(array)
        self.out += b"("
        typed = array.dtype.name not in UNTYPED
        start = self.write_memory(owner, first, last, typed)
        self.write(first - start)
        self.write(tuple(array.shape))
        self.write(tuple([step // array.itemsize for step in array.strides]))
        self.write(requires_grad)
        self.write(OrderedDict())
        if not typed:
            self.write_dtype(array.dtype)
        self.out += b"t"

    def write_memory(self, owner: Any, first: int, last: int, typed: bool) -> int:
        """The storage of a tensor that shows ``owner`` from ``first`` to ``last``; where it begins.

        Both count the owner's elements as they lie in memory.
        """
        low, high = self.spans.get(id(owner), (first, last))
        self.grown |= first < low or last > high
        self.spans[id(owner)] = min(low, first), max(high, last)
        if self.known is not None:
            low, high = self.known.spans.get(id(owner), (first, last))
            if not low <= first <= last <= high:  # made on the way, at the address of another
                low, high = first, last
        number = self.numbers.setdefault((id(owner), low, high), len(self.storages))
        if number == len(self.storages):
            self.storages.append(flat(owner)[low:high])
            self.kept.append(owner)  # no other one has its id then
        if typed:
            storage, n = ("torch", STORAGE_OF[owner.dtype.name]), high - low
        else:
            storage, n = ("torch.storage", "UntypedStorage"), (high - low) * owner.itemsize
        self.out += b"("
        self.write_text("storage")
        self.name(*storage)
        self.write_text(str(number))
        self.write_text("cpu")
        self.write_int(n)
        self.out += b"tQ"
        return low


def _in_memory(array: Any) -> tuple[Any, Any, int, int]:
    """Memory to write for ``array``: itself or a copy, its owner, its first element, past its last.

    They count the owner's elements as they lie in memory. What no storage of PyTorch's can hold
    (steps backwards, memory that other dtypes look at) is copied.
    """
    owner = versions.owner_of(array)
    if isinstance(owner, np.ndarray) and owner.dtype == array.dtype and is_dense(owner):
        here, there = (one.__array_interface__["data"][0] for one in (array, owner))
        if not any([n < 0 or n % array.itemsize for n in (here - there, *array.strides)]):
            first = (here - there) // array.itemsize
            steps = sum([(n - 1) * step for n, step in zip(array.shape, array.strides)])
            return array, owner, first, first + (steps // array.itemsize + 1) * bool(array.size)
    array = np.array(array, order="C")
    return array, array, 0, array.size


def flat(owner: Any) -> Any:
    """The elements of a dense array as they lie in memory, without a copy."""
    order = sorted(range(owner.ndim), key=lambda axis: -owner.strides[axis])
    return np.reshape(np.transpose(owner, order), -1)


_DTYPE = np.dtype, type(Tensor().dtype)  # NumPy's, and as users hold it

_PLAIN: dict[type, Any] = {
    type(None): lambda w, obj: w.out.extend(b"N"),
    bool: lambda w, obj: w.out.extend(b"\x88" if obj else b"\x89"),
    int: Writer.write_int,
    float: lambda w, obj: w.out.extend(b"G" + struct.pack(">d", obj)),
    complex: Writer.write_complex,
    str: Writer.write_text,
    bytes: Writer.write_bytes,
}
_CONTAINERS: dict[type, Any] = {
    tuple: Writer.write_tuple,
    list: Writer.write_list,
    dict: Writer.write_dict,
    OrderedDict: Writer.write_ordered,
    set: Writer.write_set,
    frozenset: Writer.write_set,
    bytearray: Writer.write_bytearray,
    Size: Writer.write_size,
    devices.device: Writer.write_device,
    devices.layout: Writer.write_layout,
}
