"""Writing elements in place: by index, mask or triangle, along an axis, from another tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine import versions, views
from autograd.engine.elementwise import cast
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.ops.indexing import getitem, masked, scatter
from autograd.ops.indexing.index import plain_index
from autograd.ops.linalg import products
from autograd.ops.reductions import cumulative, norm
from autograd.ops.shape import reshape, triangular
from autograd.tensors.inplace import check_dtype, check_memory, in_place, recorded, replaced

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType, Number, TensorLike
    from autograd.tensors.tensor import Tensor


class Elements(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def __setitem__(self, index: Any, value: TensorLike) -> None:
        _assign(self, "x[index] = value", index, value)

    def __delitem__(self, index: Any) -> None:
        raise TypeError(
            "Tensor: elements cannot be deleted. Index or concatenate what should stay."
        )

    # -- all of them ------------------------------------------------------------------------------

    def copy_(self, src: TensorLike, non_blocking: bool = False) -> Tensor:
        """Overwrite with the values of ``src``, broadcast and converted; its gradient flows on."""
        return in_place(self, "copy_", _as_copied, src)

    def fill_(self, value: Number) -> Tensor:
        """Overwrite with one number."""
        getitem.check_value("fill_", value)
        try:
            number = np.asarray(unwrap(value), self._data.dtype)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(
                f"fill_: the value must be one that {self._data.dtype} can hold; got "
                f"{value!r:.60}. Convert the tensor first."
            ) from None
        if number.ndim:
            raise TypeError(
                f"fill_: the value must be one number; got shape {number.shape}. Use copy_."
            )
        if isinstance(value, TensorBase) and value._edge is not None:
            return in_place(self, "fill_", _as_copied, value)
        return replaced(self, "fill_", number)

    def zero_(self) -> Tensor:
        """Overwrite with zeros."""
        return replaced(self, "zero_", np.zeros((), self._data.dtype))

    def apply_(self, callable: Callable[[Any], Any]) -> Tensor:
        """Replace each element by ``callable(element)``, in Python: slow, and without gradient."""
        return _by_python(self, "apply_", callable)

    def map_(self, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
        """Replace each element by ``callable(element, element of tensor)``, as :meth:`apply_`."""
        return _by_python(self, "map_", callable, tensor)

    # -- some of them -----------------------------------------------------------------------------

    def index_put_(
        self, indices: tuple[Any, ...], values: TensorLike, accumulate: bool = False
    ) -> Tensor:
        """Write ``values`` at ``x[indices]``, or add them there with ``accumulate``."""
        if accumulate:
            return in_place(self, "index_put_", getitem.index_put, tuple(indices), values, True)
        getitem.same_dtype("index_put_", self, values)
        return _assign(self, "index_put_", tuple(indices), values)

    def put_(self, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
        """Write ``source`` at ``index``, counted along all elements, or add it there."""
        return in_place(self, "put_", getitem.put, index, source, accumulate)

    def index_add_(self, dim: int, index: Tensor, source: Tensor, *, alpha: Number = 1) -> Tensor:
        """Add ``alpha · source`` at ``index`` along ``dim``."""
        return in_place(self, "index_add_", scatter.index_add, dim, index, source, alpha=alpha)

    def index_copy_(self, dim: int, index: Tensor, source: Tensor) -> Tensor:
        """Write ``source`` at ``index`` along ``dim``."""
        return in_place(self, "index_copy_", scatter.index_copy, dim, index, source)

    def index_fill_(self, dim: int, index: Tensor, value: Number) -> Tensor:
        """Write one number at ``index`` along ``dim``."""
        return in_place(self, "index_fill_", scatter.index_fill, dim, index, value)

    def scatter_(self, dim: int, index: Tensor, src: Any = None, **kwargs: Any) -> Tensor:
        """Write ``src`` at ``index`` along ``dim``."""
        return in_place(self, "scatter_", scatter.scatter, dim, index, src, **kwargs)

    def scatter_add_(self, dim: int, index: Tensor, src: Tensor) -> Tensor:
        """Add ``src`` at ``index`` along ``dim``."""
        return in_place(self, "scatter_add_", scatter.scatter_add, dim, index, src)

    def scatter_reduce_(
        self, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
    ) -> Tensor:
        """Merge ``src`` in at ``index`` along ``dim``, by sum, prod, mean, amax or amin."""
        op = scatter.scatter_reduce
        return in_place(
            self, "scatter_reduce_", op, dim, index, src, reduce, include_self=include_self
        )

    def masked_fill_(self, mask: Tensor, value: TensorLike) -> Tensor:
        """Write ``value`` where the mask is True."""
        return in_place(self, "masked_fill_", masked.masked_fill, mask, value)

    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Tensor:
        """Write the elements of ``source``, in order, where the mask is True."""
        return in_place(self, "masked_scatter_", masked.masked_scatter, mask, source)

    def fill_diagonal_(self, fill_value: Number, wrap: bool = False) -> Tensor:
        """Write one number where all indices are equal; with ``wrap`` again below, where tall."""
        return in_place(self, "fill_diagonal_", _with_diagonal, fill_value, wrap)

    def tril_(self, diagonal: int = 0) -> Tensor:
        """Write zeros above a diagonal."""
        return in_place(self, "tril_", triangular.tril, diagonal)

    def triu_(self, diagonal: int = 0) -> Tensor:
        """Write zeros below a diagonal."""
        return in_place(self, "triu_", triangular.triu, diagonal)

    # -- sums and products ------------------------------------------------------------------------

    def cumsum_(self, dim: int, *, dtype: DType = None) -> Tensor:
        """Sum up along ``dim``; another ``dtype`` than the tensor's is refused."""
        check_dtype(self, "cumsum_", dtype)
        return in_place(self, "cumsum_", cumulative.cumsum, dim)

    def cumprod_(self, dim: int, *, dtype: DType = None) -> Tensor:
        """Multiply up along ``dim``; another ``dtype`` than the tensor's is refused."""
        check_dtype(self, "cumprod_", dtype)
        return in_place(self, "cumprod_", cumulative.cumprod, dim)

    def renorm_(self, p: float, dim: int, maxnorm: float) -> Tensor:
        """Scale slices along ``dim`` down to the p-norm ``maxnorm``, where theirs is greater."""
        return in_place(self, "renorm_", norm.renorm, p, dim, maxnorm)

    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """Become beta · x + alpha · (mat1 @ mat2), for matrices."""
        return in_place(self, "addmm_", products.addmm, mat1, mat2, beta=beta, alpha=alpha)

    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """Become beta · x + alpha · (mat @ vec)."""
        return in_place(self, "addmv_", products.addmv, mat, vec, beta=beta, alpha=alpha)

    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """Become beta · x + alpha · vec1 vec2ᵀ."""
        return in_place(self, "addr_", products.addr, vec1, vec2, beta=beta, alpha=alpha)

    def baddbmm_(
        self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1
    ) -> Tensor:
        """Become beta · x + alpha · (batch1 @ batch2), for batches of matrices."""
        return in_place(self, "baddbmm_", products.baddbmm, batch1, batch2, beta=beta, alpha=alpha)

    def addbmm_(
        self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1
    ) -> Tensor:
        """Become beta · x + alpha · Σᵦ batch1ᵦ @ batch2ᵦ, summed over the batch."""
        return in_place(self, "addbmm_", products.addbmm, batch1, batch2, beta=beta, alpha=alpha)


def _as_copied(before: Any, source: Any) -> Any:
    """What ``before`` becomes by copying ``source`` into it."""
    getitem.check_value("copy_", source)
    made = cast(source, before.dtype)
    if made.shape != before.shape:
        try:
            return np.broadcast_to(made, before.shape)
        except (ValueError, RuntimeError):
            raise ValueError(
                "copy_: the source must broadcast to the tensor's shape "
                f"{tuple(before.shape)}; it has {tuple(made.shape)}. Reshape it."
            ) from None
    if made is source and getattr(made, "_edge", None) is not None and mode.grad:
        return reshape.clone(made)  # a node of its own
    return made


def _with_diagonal(before: Any, value: Any, wrap: bool) -> Any:
    """``before`` with one number where all indices are equal."""
    sizes = tuple(before.shape)
    if len(sizes) < 2 or (len(sizes) > 2 and len({*sizes}) > 1):
        raise RuntimeError(
            "fill_diagonal_: the tensor must be a matrix, or have three or more axes of one size; "
            f"its shape is {sizes}."
        )
    mask = np.zeros(sizes, np.bool_)
    np.fill_diagonal(mask, True, wrap)
    return masked.masked_fill(before, mask, value)  # type: ignore[arg-type]


def _by_python(tensor: Any, name: str, function: Callable[..., Any], *others: Any) -> Any:
    """``tensor`` after a Python function of its elements, and of those of the others, over it."""
    if tensor._edge is not None:
        raise RuntimeError(
            f"{name}: a Python function has no gradient, and this tensor requires grad. Use "
            f"x.detach().{name}(...), or write a Function."
        )
    array = tensor._data
    try:
        operands = [np.broadcast_to(unwrap(other), array.shape) for other in others]
    except ValueError:
        raise ValueError(
            f"{name}: the tensor must broadcast to the shape {tuple(array.shape)}; it has "
            f"{tuple(np.shape(unwrap(others[0])))}."
        ) from None
    rows = [np.ravel(one).tolist() for one in (array, *operands)]
    made = np.array([function(*numbers) for numbers in zip(*rows)])
    getitem.check_value(name, made)
    return replaced(tensor, name, np.reshape(made.astype(array.dtype), array.shape))


def _assign(tensor: Any, name: str, index: Any, value: Any) -> Any:
    """``tensor`` after ``tensor[index] = value``."""
    recording = recorded(tensor, (value,), name)
    array = tensor._array()
    check_memory(array, name)
    if not recording:
        getitem.assign(array, index, value)
        versions.note_change(array)
        return tensor
    if _is_own_region(value, tensor, index):
        return tensor  # x[i] += y: Python has changed the view, and now hands it back
    result = getitem.setitem(wrap(array, tensor._edge), index, value, out=array)
    views.made_by(tensor, result._edge)
    versions.note_change(array)
    views.overwritten(tensor, name)
    return tensor


def _is_own_region(value: Any, tensor: Any, index: Any) -> bool:
    """Whether ``value`` is a view of exactly ``tensor[index]``, so that all is in place already."""
    if not isinstance(value, TensorBase) or value._edge is None:
        return False
    base = views.base_of(value)
    if base is None or (base is not tensor and base is not views.base_of(tensor)):
        return False
    array = tensor._array()
    basic, advanced = plain_index(index, array)
    if advanced is not None:
        return False
    interface = getattr(array[basic], "__array_interface__", None)
    return interface is not None and interface == getattr(value._data, "__array_interface__", 0)
