"""A tensor in another dtype, or on another device, of which there is one."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.devices import CPU, check_device, device, preserve_format
from autograd.engine.elementwise import cast
from autograd.engine.graph import TensorBase
from autograd.ops.shape.reshape import clone, contiguous

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor


def _cast(x: Any, dtype: Any, memory_format: Any) -> Any:
    made = cast(x, dtype)
    return made if memory_format in (None, preserve_format) else contiguous(made, memory_format)


class Casts(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def to(
        self,
        *args: Any,
        dtype: DType = None,
        device: Any = None,
        copy: builtins.bool = False,
        non_blocking: builtins.bool = False,
        memory_format: Any = None,
    ) -> Tensor:
        """The tensor in another dtype, or as it is: ``to(dtype)``, ``to(device)``, ``to(other)``.

        The gradient comes back in the dtype of this tensor. Raises RuntimeError for a device
        other than the CPU.

        >>> import autograd
        >>> autograd.arange(2).to(autograd.float64)
        tensor([0., 1.], dtype=autograd.float64)
        """
        flags = [value for value in args if isinstance(value, builtins.bool)]
        copy = flags[1] if len(flags) > 1 else copy  # by position, after non_blocking
        for value in args:
            if isinstance(value, TensorBase):
                dtype = value._data.dtype
            elif isinstance(value, builtins.bool):
                continue
            elif _names_a_device(value):
                device = value
            else:
                dtype = value
        check_device(device)
        made: Any = self if dtype is None else cast(self, dtypes.as_dtype(dtype))
        if memory_format is not None and memory_format is not preserve_format:
            made = contiguous(made, memory_format)
        return clone(made) if copy and made is self else made  # type: ignore[arg-type]

    def cpu(self) -> Tensor:
        """The tensor itself: it lives on the CPU.

        >>> import autograd
        >>> x = autograd.ones(2)
        >>> x.cpu() is x
        True
        """
        return self  # type: ignore[return-value]

    def cuda(self, device: Any = None, non_blocking: builtins.bool = False) -> Tensor:
        """Raises RuntimeError: there is no GPU.

        >>> import autograd
        >>> try:
        ...     autograd.ones(2).cuda()
        ... except RuntimeError as error:
        ...     print(error)
        device: tensors live on the CPU; got 'cuda'. Choose the device by ...
        """
        return self.to("cuda")

    def float(self, memory_format: Any = None) -> Tensor:
        """The tensor in float32.

        >>> import autograd
        >>> autograd.tensor([1, 2]).float()
        tensor([1., 2.])
        """
        return _cast(self, dtypes.float32, memory_format)

    def double(self, memory_format: Any = None) -> Tensor:
        """The tensor in float64.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).double()
        tensor([0.0000, 1.5000], dtype=autograd.float64)
        """
        return _cast(self, dtypes.float64, memory_format)

    def half(self, memory_format: Any = None) -> Tensor:
        """The tensor in float16.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).half()
        tensor([0.0000, 1.5000], dtype=autograd.float16)
        """
        return _cast(self, dtypes.float16, memory_format)

    def bfloat16(self, memory_format: Any = None) -> Tensor:
        """The tensor in bfloat16. Raises ModuleNotFoundError where ``ml_dtypes`` is missing.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).bfloat16()
        tensor([0.0000, 1.5000], dtype=autograd.bfloat16)
        """
        return cast(self, dtypes.of_name("bfloat16"))

    def long(self, memory_format: Any = None) -> Tensor:
        """The tensor in int64, fractions cut off.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).long()
        tensor([0, 1])
        """
        return _cast(self, dtypes.int64, memory_format)

    def int(self, memory_format: Any = None) -> Tensor:
        """The tensor in int32, fractions cut off.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).int()
        tensor([0, 1], dtype=autograd.int32)
        """
        return _cast(self, dtypes.int32, memory_format)

    def short(self, memory_format: Any = None) -> Tensor:
        """The tensor in int16, fractions cut off.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).short()
        tensor([0, 1], dtype=autograd.int16)
        """
        return _cast(self, dtypes.int16, memory_format)

    def byte(self, memory_format: Any = None) -> Tensor:
        """The tensor in uint8, fractions cut off.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).byte()
        tensor([0, 1], dtype=autograd.uint8)
        """
        return _cast(self, dtypes.uint8, memory_format)

    def char(self, memory_format: Any = None) -> Tensor:
        """The tensor in int8, fractions cut off.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).char()
        tensor([0, 1], dtype=autograd.int8)
        """
        return _cast(self, dtypes.int8, memory_format)

    def cfloat(self, memory_format: Any = None) -> Tensor:
        """The tensor in complex64.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).cfloat()
        tensor([0.0000+0.j, 1.5000+0.j])
        """
        return _cast(self, dtypes.complex64, memory_format)

    def cdouble(self, memory_format: Any = None) -> Tensor:
        """The tensor in complex128.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).cdouble()
        tensor([0.0000+0.j, 1.5000+0.j], dtype=autograd.complex128)
        """
        return _cast(self, dtypes.complex128, memory_format)

    def bool(self, memory_format: Any = None) -> Tensor:
        """Where the tensor is not zero.

        >>> import autograd
        >>> autograd.tensor([0.0, 1.5]).bool()
        tensor([False,  True])
        """
        return _cast(self, dtypes.bool, memory_format)

    def type(self, dtype: DType = None) -> Tensor | Any:
        """The tensor in ``dtype``; without one, the name of its legacy tensor type.

        >>> import autograd
        >>> autograd.ones(1).type()
        'autograd.FloatTensor'
        """
        if dtype is None:
            return f"{dtypes.DTYPE_PREFIX}{_LEGACY[self._data.dtype.name]}Tensor"
        if isinstance(dtype, str) and dtype.endswith("Tensor"):
            name = dtype.rpartition(".")[2].removesuffix("Tensor")
            dtype = next((key for key, value in _LEGACY.items() if value == name), dtype)
        return cast(self, dtypes.as_dtype(dtype))

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype of ``other``.

        >>> import autograd
        >>> autograd.tensor([1, 2]).type_as(autograd.ones(1))
        tensor([1., 2.])
        """
        check_tensors("type_as", other=other)
        return cast(self, other._data.dtype)

    def to_dense(self, dtype: DType = None, *, masked_grad: builtins.bool | None = None) -> Tensor:
        """The tensor itself: all its elements are stored.

        >>> import autograd
        >>> autograd.eye(2).to_sparse().to_dense()
        tensor([[1., 0.],
                [0., 1.]])
        """
        return self if dtype is None else self.to(dtype)  # type: ignore[return-value]

    def to_sparse(self, sparse_dim: builtins.int | None = None, *, layout: Any = None) -> Tensor:
        """The elements that are not zero, with their places; see ``sparse_coo_tensor``.

        >>> import autograd
        >>> autograd.tensor([0.0, 3.0]).to_sparse()
        tensor(indices=tensor([[1]]),
               values=tensor([3.]),
               size=(2,), nnz=1, layout=autograd.sparse_coo)
        """
        from autograd.tensors.sparse.creation import to_sparse  # it is the exception

        made: Tensor = to_sparse(self, sparse_dim, layout)
        return made

    def to_sparse_csr(self, dense_dim: builtins.int | None = None) -> Tensor:
        """The elements of a matrix that are not zero, by rows; see ``sparse_csr_tensor``.

        >>> import autograd
        >>> autograd.eye(2).to_sparse_csr().to_dense()
        tensor([[1., 0.],
                [0., 1.]])
        """
        return self.to_sparse().to_sparse_csr()

    @property
    def device(self) -> device:
        """Where the tensor lives: the CPU.

        >>> import autograd
        >>> autograd.ones(1).device
        device(type='cpu')
        """
        return CPU

    @property
    def is_cpu(self) -> builtins.bool:
        """Whether the tensor is on the CPU: yes.

        >>> import autograd
        >>> autograd.ones(1).is_cpu
        True
        """
        return True

    @property
    def is_sparse(self) -> builtins.bool:
        """Whether only the elements that are not zero are stored: no.

        >>> import autograd
        >>> autograd.ones(1).is_sparse
        False
        """
        return False

    @property
    def is_cuda(self) -> builtins.bool:
        """Whether the tensor is on a GPU: no.

        >>> import autograd
        >>> autograd.ones(1).is_cuda
        False
        """
        return False


_LEGACY = {
    "float16": "Half", "float32": "Float", "float64": "Double", "int8": "Char", "int16": "Short",
    "int32": "Int", "int64": "Long", "uint8": "Byte", "bool": "Bool",
    "bfloat16": "BFloat16",
}  # fmt: skip


def _names_a_device(value: Any) -> bool:
    if isinstance(value, device):
        return True
    return isinstance(value, str) and value.partition(":")[0] in ("cpu", "cuda", "mps", "xpu")
