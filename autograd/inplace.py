"""In-place operations: memory really changes, and no gradient is ever silently wrong.

Recorded, ``x.mul_(y)`` is ``x * y`` on a copy of the old values, written back into x's memory; x
then stands for the result. Whoever kept x's memory before, or looks at it as a view, is told by
:mod:`autograd.memory` and :mod:`autograd.views`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import memory, random, views
from autograd.elementwise import cast
from autograd.graph import TensorBase, unwrap, wrap
from autograd.modes import mode
from autograd.ops import (
    arithmetic,
    exponential,
    gathering,
    indexing,
    indices,
    powers,
    rounding,
    selection,
    shape,
    special,
    trigonometric,
)

if TYPE_CHECKING:
    from autograd.annotations import Number, Tensor, TensorLike


def _recorded(tensor: Any, others: tuple[Any, ...], name: str) -> bool:
    """Whether an in-place operation has to be recorded; raises where it cannot be."""
    if not mode.grad:
        return False
    recorded = tensor._edge is not None or any(
        isinstance(other, TensorBase) and other._edge is not None for other in others
    )
    views.check_writable(tensor, name)
    return recorded


def _write(target: Any, values: Any, name: str) -> None:
    """Write ``values`` (an array) into the memory of ``target``."""
    array = target._array()
    _check_writeable(array, name)
    if np.shape(values) != array.shape:
        try:
            np.broadcast_to(values, array.shape)
        except ValueError:
            raise ValueError(
                f"{name}: the result must fit the tensor's shape {tuple(array.shape)}; it has "
                f"{tuple(np.shape(values))}. Write it out of place."
            ) from None
    kinds = "biufc"
    if kinds.index(values.dtype.kind.replace("u", "i")) > kinds.index(
        array.dtype.kind.replace("u", "i")
    ):
        raise RuntimeError(
            f"{name}: the result, {values.dtype}, cannot be stored in a tensor of {array.dtype}. "
            f"Convert the tensor first, or write the operation out of place."
        )
    np.copyto(array, values, casting="unsafe")
    memory.note_change(array)


def in_place(
    tensor: Any, name: str, operation: Callable[..., Any], *args: Any, **options: Any
) -> Any:
    """``tensor`` after ``operation(tensor, *args)`` was written into it, recorded where needed."""
    if not _recorded(tensor, args, name):
        try:
            values = operation(tensor._data, *(unwrap(arg) for arg in args), **options)
        except (TypeError, ValueError):
            values = operation(wrap(tensor._data, None), *args, **options)._data  # in our words
        _write(tensor, values, name)
        return tensor
    before = wrap(tensor._data.copy(), tensor._edge)
    result = operation(before, *args, **options)
    _write(tensor, result._data, name)
    views.made_by(tensor, result._edge)
    views.overwritten(tensor, name)
    return tensor


def _replaced(tensor: Any, name: str, values: Any) -> Any:
    """``tensor`` after constants were written over its values."""
    recorded = _recorded(tensor, (), name)
    _write(tensor, values, name)
    if recorded:
        views.made_by(tensor, None)
        views.overwritten(tensor, name)
    return tensor


def _as_copied(before: Any, source: Any) -> Any:
    """What ``before`` becomes by copying ``source`` into it."""
    indexing.check_value("copy_", source)
    made = cast(source, before.dtype)
    if made.shape != before.shape:
        try:
            return np.broadcast_to(made, before.shape)
        except (ValueError, RuntimeError):
            raise ValueError(
                "copy_: the source must broadcast to the tensor's shape "
                f"{tuple(before.shape)}; it has {tuple(made.shape)}. Reshape it."
            ) from None
    if made is not source or not isinstance(made, TensorBase):
        return made
    return shape.clone(made)  # type: ignore[arg-type]


class InPlace(TensorBase):
    """Mixin of Tensor: the methods whose names end in an underscore, and ``x[index] = value``."""

    __slots__ = ()

    def __setitem__(self, index: Any, value: TensorLike) -> None:
        recorded = _recorded(self, (value,), "x[index] = value")
        array = self._array()  # type: ignore[attr-defined]
        _check_writeable(array, "x[index] = value")
        if not recorded:
            indexing.assign(array, index, value)
            memory.note_change(array)
            return
        if _is_own_region(value, self, index):
            return  # x[i] += y: Python has changed the view, and now hands it back
        result = indexing.setitem(wrap(array, self._edge), index, value, out=array)
        views.made_by(self, result._edge)
        memory.note_change(array)
        views.overwritten(self, "x[index] = value")

    def __delitem__(self, index: Any) -> None:
        raise TypeError(
            "Tensor: elements cannot be deleted. Index or concatenate what should stay."
        )

    def copy_(self, src: TensorLike, non_blocking: bool = False) -> Tensor:
        """Overwrite with the values of ``src``, broadcast and converted; its gradient flows on."""
        return in_place(self, "copy_", _as_copied, src)

    def fill_(self, value: Number) -> Tensor:
        """Overwrite with one number."""
        indexing.check_value("fill_", value)
        number = np.asarray(unwrap(value), self._data.dtype)
        if number.ndim:
            raise TypeError(
                f"fill_: the value must be one number; got shape {number.shape}. Use copy_."
            )
        if isinstance(value, TensorBase) and value._edge is not None:
            return in_place(self, "fill_", _as_copied, value)
        return _replaced(self, "fill_", number)

    def zero_(self) -> Tensor:
        """Overwrite with zeros."""
        return _replaced(self, "zero_", np.zeros((), self._data.dtype))

    def add_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """Add ``alpha · other``."""
        return in_place(self, "add_", arithmetic.add, other, alpha=alpha)

    def sub_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """Subtract ``alpha · other``."""
        return in_place(self, "sub_", arithmetic.sub, other, alpha=alpha)

    def mul_(self, other: TensorLike) -> Tensor:
        """Multiply by ``other``."""
        return in_place(self, "mul_", arithmetic.mul, other)

    def div_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """Divide by ``other``."""
        return in_place(self, "div_", arithmetic.div, other, rounding_mode=rounding_mode)

    def floor_divide_(self, other: TensorLike) -> Tensor:
        """Divide by ``other`` and round down."""
        return in_place(self, "floor_divide_", arithmetic.floor_divide, other)

    def remainder_(self, other: TensorLike) -> Tensor:
        """Take the remainder of dividing by ``other``."""
        return in_place(self, "remainder_", arithmetic.remainder, other)

    def pow_(self, exponent: TensorLike) -> Tensor:
        """Raise to a power."""
        return in_place(self, "pow_", powers.pow, exponent)

    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
        """Add ``value · tensor1 · tensor2``."""
        return in_place(self, "addcmul_", arithmetic.addcmul, tensor1, tensor2, value=value)

    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
        """Add ``value · tensor1 / tensor2``."""
        return in_place(self, "addcdiv_", arithmetic.addcdiv, tensor1, tensor2, value=value)

    def lerp_(self, end: Tensor, weight: TensorLike) -> Tensor:
        """Move towards ``end`` by ``weight`` of the way."""
        return in_place(self, "lerp_", selection.lerp, end, weight)

    def clamp_(self, min: Any = None, max: Any = None) -> Tensor:
        """Limit to [min, max]."""
        return in_place(self, "clamp_", selection.clamp, min, max)

    def masked_fill_(self, mask: Tensor, value: TensorLike) -> Tensor:
        """Write ``value`` where the mask is True."""
        return in_place(self, "masked_fill_", gathering.masked_fill, mask, value)

    def scatter_(self, dim: int, index: Tensor, src: Any = None, **kwargs: Any) -> Tensor:
        """Write ``src`` at ``index`` along ``dim``."""
        return in_place(self, "scatter_", gathering.scatter, dim, index, src, **kwargs)

    def scatter_add_(self, dim: int, index: Tensor, src: Tensor) -> Tensor:
        """Add ``src`` at ``index`` along ``dim``."""
        return in_place(self, "scatter_add_", gathering.scatter_add, dim, index, src)

    def index_add_(self, dim: int, index: Tensor, source: Tensor, *, alpha: Number = 1) -> Tensor:
        """Add ``alpha · source`` at ``index`` along ``dim``."""
        return in_place(self, "index_add_", gathering.index_add, dim, index, source, alpha=alpha)

    def index_copy_(self, dim: int, index: Tensor, source: Tensor) -> Tensor:
        """Write ``source`` at ``index`` along ``dim``."""
        return in_place(self, "index_copy_", gathering.index_copy, dim, index, source)

    def index_fill_(self, dim: int, index: Tensor, value: Number) -> Tensor:
        """Write one number at ``index`` along ``dim``."""
        return in_place(self, "index_fill_", gathering.index_fill, dim, index, value)

    def neg_(self) -> Tensor:
        """Change the sign."""
        return in_place(self, "neg_", arithmetic.neg)

    def abs_(self) -> Tensor:
        """Take the absolute value."""
        return in_place(self, "abs_", arithmetic.abs)

    def square_(self) -> Tensor:
        """Square."""
        return in_place(self, "square_", powers.square)

    def sqrt_(self) -> Tensor:
        """Take the square root."""
        return in_place(self, "sqrt_", powers.sqrt)

    def rsqrt_(self) -> Tensor:
        """Take one over the square root."""
        return in_place(self, "rsqrt_", powers.rsqrt)

    def reciprocal_(self) -> Tensor:
        """Take one over each value."""
        return in_place(self, "reciprocal_", powers.reciprocal)

    def sign_(self) -> Tensor:
        """Take the sign."""
        return in_place(self, "sign_", rounding.sign)

    def exp_(self) -> Tensor:
        """Take the exponential."""
        return in_place(self, "exp_", exponential.exp)

    def expm1_(self) -> Tensor:
        """Take the exponential minus one."""
        return in_place(self, "expm1_", exponential.expm1)

    def log_(self) -> Tensor:
        """Take the natural logarithm."""
        return in_place(self, "log_", exponential.log)

    def log1p_(self) -> Tensor:
        """Take log(1 + x)."""
        return in_place(self, "log1p_", exponential.log1p)

    def log2_(self) -> Tensor:
        """Take the logarithm to base 2."""
        return in_place(self, "log2_", exponential.log2)

    def log10_(self) -> Tensor:
        """Take the logarithm to base 10."""
        return in_place(self, "log10_", exponential.log10)

    def sin_(self) -> Tensor:
        """Take the sine."""
        return in_place(self, "sin_", trigonometric.sin)

    def cos_(self) -> Tensor:
        """Take the cosine."""
        return in_place(self, "cos_", trigonometric.cos)

    def tanh_(self) -> Tensor:
        """Take the hyperbolic tangent."""
        return in_place(self, "tanh_", trigonometric.tanh)

    def sigmoid_(self) -> Tensor:
        """Take the logistic function."""
        return in_place(self, "sigmoid_", special.sigmoid)

    def relu_(self) -> Tensor:
        """Set what is negative to zero."""
        return in_place(self, "relu_", special.relu)

    def floor_(self) -> Tensor:
        """Round down."""
        return in_place(self, "floor_", rounding.floor)

    def ceil_(self) -> Tensor:
        """Round up."""
        return in_place(self, "ceil_", rounding.ceil)

    def trunc_(self) -> Tensor:
        """Round towards zero."""
        return in_place(self, "trunc_", rounding.trunc)

    def round_(self) -> Tensor:
        """Round to the nearest integer, ties to even."""
        return in_place(self, "round_", rounding.round)

    subtract_, multiply_, divide_, clip_, negative_ = sub_, mul_, div_, clamp_, neg_

    # -- random -----------------------------------------------------------------------------------

    def uniform_(self, from_: float = 0.0, to: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with reals uniform in [from, to)."""
        data = self._data
        return _replaced(
            self, "uniform_", random.uniform(data.shape, data.dtype, from_, to, generator)
        )

    def normal_(self, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with Gaussian reals."""
        data = self._data
        return _replaced(
            self, "normal_", random.normal(data.shape, data.dtype, mean, std, generator)
        )

    def random_(
        self, from_: int | None = None, to: int | None = None, *, generator: Any = None
    ) -> Tensor:
        """Overwrite with integers in [from, to); without bounds, in all of the dtype."""
        data = self._data
        if from_ is None:
            values = random.random_integers(data.shape, data.dtype, generator)
        else:
            low, high = (0, from_) if to is None else (from_, to)
            values = random.integers(low, high, data.shape, data.dtype, generator)
        return _replaced(self, "random_", values)

    def bernoulli_(self, p: Any = 0.5, *, generator: Any = None) -> Tensor:
        """Overwrite with ones, each with probability ``p``, and zeros."""
        data, p = self._data, unwrap(p)
        if np.ndim(p):
            try:
                p = np.broadcast_to(p, data.shape)
            except ValueError:
                raise ValueError(
                    f"bernoulli_: p must broadcast to the tensor's shape {tuple(data.shape)}; it "
                    f"has {tuple(p.shape)}. Reshape it."
                ) from None
            values = random.bernoulli_like(p, data.dtype, generator)
        else:
            values = random.bernoulli(float(p), data.shape, data.dtype, generator)
        return _replaced(self, "bernoulli_", values)

    def exponential_(self, lambd: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with exponential reals of rate ``lambd``."""
        data = self._data
        values = random.exponential(data.shape, data.dtype, lambd, generator)
        return _replaced(self, "exponential_", values)

    def log_normal_(self, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Tensor:
        """Overwrite with exponentials of Gaussian reals."""
        data = self._data
        values = random.log_normal(data.shape, data.dtype, mean, std, generator)
        return _replaced(self, "log_normal_", values)

    def geometric_(self, p: float, *, generator: Any = None) -> Tensor:
        """Overwrite with numbers of trials up to the first success."""
        data = self._data
        return _replaced(self, "geometric_", random.geometric(p, data.shape, data.dtype, generator))

    def cauchy_(self, median: float = 0.0, sigma: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with Cauchy reals."""
        data = self._data
        values = random.cauchy(data.shape, data.dtype, median, sigma, generator)
        return _replaced(self, "cauchy_", values)


def _is_own_region(value: Any, tensor: Any, index: Any) -> bool:
    """Whether ``value`` is a view of exactly ``tensor[index]``, so that all is in place already."""
    if not isinstance(value, TensorBase) or value._edge is None:
        return False
    base = views.base_of(value)
    if base is None or (base is not tensor and base is not views.base_of(tensor)):
        return False
    array = tensor._array()
    basic, advanced = indices.plain_index(index, array)
    if advanced is not None:
        return False
    interface = getattr(array[basic], "__array_interface__", None)
    return interface is not None and interface == getattr(value._data, "__array_interface__", 0)


def _check_writeable(array: Any, name: str) -> None:
    if not array.flags.writeable:
        raise RuntimeError(
            f"{name}: the tensor's memory must be writable; it is read-only, or expanded so that "
            "several elements share one place. Use x.clone()."
        )
