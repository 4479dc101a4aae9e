"""Choosing elements by a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd.arrays.arguments import check_numeric
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.kernels.masked import chosen

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = ["where"]


class Where(Elementwise):
    """x where the condition holds, else y. What is not chosen gets an exact zero."""

    untyped = ("condition",)
    takes_complex = True

    def forward(self, condition, x, y):
        return chosen(condition, x, y)

    def grad_x(self, g, condition):
        if type(g) is np.ndarray:
            return chosen(condition, g, 0)  # what the op comes to
        return Where.apply(condition, g, 0)

    def grad_y(self, g, condition):
        if type(g) is np.ndarray:
            return chosen(condition, 0, g)
        return Where.apply(condition, 0, g)

    @classmethod
    def of_one_dtype(cls, *args: Any) -> list[Any]:
        condition, x, y = args
        if isinstance(x, np.generic) or isinstance(y, np.generic):
            if not (
                np.ndim(x) or np.ndim(y) or isinstance(x, TensorBase) or isinstance(y, TensorBase)
            ):  # numbers that formulas kept have a dtype
                dtype = np.result_type(x, y)
                return [condition, dtype.type(x), dtype.type(y)]
        return [condition, *super().of_one_dtype(x, y)]


@overload
def where(condition: TensorLike) -> tuple[Tensor, ...]: ...


@overload
def where(condition: TensorLike, input: TensorLike, other: TensorLike) -> Tensor: ...


def where(
    condition: TensorLike, input: TensorLike | None = None, other: TensorLike | None = None
) -> Any:
    """``input`` where ``condition`` holds, else ``other``, broadcast.

    What is not chosen gets a gradient of exactly zero, which stays zero on its way back: a NaN
    or an infinite derivative behind the branch not taken does no harm.

    With ``condition`` alone: the indices where it holds, one int64 tensor for each dimension.

    Raises TypeError where one value alone is given.

    >>> import autograd
    >>> x = autograd.tensor([0.0, 4.0], requires_grad=True)
    >>> autograd.where(x > 0, x.sqrt(), 0).sum().backward()
    >>> x.grad
    tensor([0.0000, 0.2500])
    """
    if input is None and other is None:
        check_numeric("where", condition=condition)
        return tuple([wrap(found, None) for found in np.nonzero(np.atleast_1d(unwrap(condition)))])
    if not hasattr(condition, "dtype"):
        check_numeric("where", condition=condition)
    if input is None or other is None:
        raise TypeError("where: takes a condition alone or with two values; got one. Pass both.")
    return Where.apply(condition, input, other)


implements(np.where)(where)
