"""Tensors filled: with one number, with zeros, at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import number_of
from autograd.engine.graph import TensorBase, unwrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing import getitem, masked
from autograd.random import continuous, discrete
from autograd.random.generator import drawn_in
from autograd.tensors.assignment import as_copied
from autograd.tensors.inplace import changed, check_target, replaced

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor


class Filling(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def fill_(self, value: Number) -> Tensor:
        """Overwrite with one number.

        Shapes: (*) -> (*); ``value`` is a number or a tensor with one element.

        Raises ValueError for a number that the dtype cannot hold, TypeError for several.

        >>> import autograd
        >>> autograd.zeros(2).fill_(7)
        tensor([7., 7.])
        """
        check_target("fill_", self)
        getitem.check_value("fill_", value, self)
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
            return changed(self, "fill_", as_copied, value)
        return replaced(self, "fill_", number[()])

    def zero_(self) -> Tensor:
        """Overwrite with zeros.

        >>> import autograd
        >>> autograd.ones(2).zero_()
        tensor([0., 0.])
        """
        return replaced(self, "zero_", 0)

    def fill_diagonal_(self, fill_value: Number, wrap: bool = False) -> Tensor:
        """Write one number where all indices are equal; with ``wrap`` again below, where tall.

        Shapes: a matrix, or three or more axes of one size.

        >>> import autograd
        >>> autograd.zeros(2, 3).fill_diagonal_(1)
        tensor([[1., 0., 0.],
                [0., 1., 0.]])
        """
        return changed(self, "fill_diagonal_", _with_diagonal, fill_value, wrap)

    def uniform_(self, from_: float = 0.0, to: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with reals uniform in [from, to), or complex numbers of such parts.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(2).uniform_(-1, 1)
        tensor([-0.0075,  0.5364])
        """
        data = self._data
        values = continuous.uniform(data.shape, drawn_in(data.dtype), from_, to, generator)
        return replaced(self, "uniform_", values)

    def normal_(self, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with Gaussian reals, or complex numbers of half the variance in each part.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(2).normal_(10, 2)
        tensor([13.0820,  9.4131])
        """
        data = self._data
        values = continuous.normal(data.shape, drawn_in(data.dtype), mean, std, generator)
        return replaced(self, "normal_", values)

    def random_(
        self, from_: int | None = None, to: int | None = None, *, generator: Any = None
    ) -> Tensor:
        """Overwrite with integers in [from, to); without bounds, in all of the dtype.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(3, dtype=autograd.int64).random_(0, 10)
        tensor([4, 9, 3])
        """
        data = self._data
        if from_ is None:
            values = discrete.random_integers(data.shape, data.dtype, generator)
        else:
            low, high = (0, from_) if to is None else (from_, to)
            values = discrete.integers(low, high, data.shape, data.dtype, generator)
        return replaced(self, "random_", values)

    def bernoulli_(self, p: Any = 0.5, *, generator: Any = None) -> Tensor:
        """Overwrite with ones, each with probability ``p``, and zeros.

        Shapes: ``p`` is a number or a tensor that broadcasts to this one.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(4).bernoulli_(0.5)
        tensor([0., 0., 1., 0.])
        """
        data = self._data
        if isinstance(p, TensorBase) or np.ndim(p):
            p = unwrap(p)
            p = p if hasattr(p, "dtype") else np.asarray(p)
            try:
                p = np.broadcast_to(p, data.shape)
            except ValueError:
                raise ShapeError(
                    f"bernoulli_: p must broadcast to the tensor's shape {tuple(data.shape)}; it "
                    f"has {tuple(p.shape)}. Reshape it."
                ) from None
            values = discrete.bernoulli_like(p, data.dtype, generator)
        else:
            chance = number_of("bernoulli_", "p", p)
            values = discrete.bernoulli(chance, data.shape, data.dtype, generator)
        return replaced(self, "bernoulli_", values)

    def exponential_(self, lambd: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with exponential reals of rate ``lambd``.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(2).exponential_(2.0)
        tensor([1.7542, 0.6152])
        """
        data = self._data
        values = continuous.exponential(data.shape, drawn_in(data.dtype), lambd, generator)
        return replaced(self, "exponential_", values)

    def log_normal_(self, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Tensor:
        """Overwrite with exponentials of Gaussian reals.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(2).log_normal_(0, 1)
        tensor([4.6692, 0.7457])
        """
        data = self._data
        values = continuous.log_normal(data.shape, drawn_in(data.dtype), mean, std, generator)
        return replaced(self, "log_normal_", values)

    def geometric_(self, p: float, *, generator: Any = None) -> Tensor:
        """Overwrite with numbers of trials up to the first success.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(3).geometric_(0.5)
        tensor([1., 1., 2.])
        """
        data = self._data
        return replaced(
            self, "geometric_", discrete.geometric(p, data.shape, data.dtype, generator)
        )

    def cauchy_(self, median: float = 0.0, sigma: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with Cauchy reals.

        >>> import autograd
        >>> _ = autograd.manual_seed(0)
        >>> autograd.empty(2).cauchy_()
        tensor([10.5977,  0.7648])
        """
        data = self._data
        values = continuous.cauchy(data.shape, drawn_in(data.dtype), median, sigma, generator)
        return replaced(self, "cauchy_", values)


def _with_diagonal(before: Any, value: Any, wrap: bool) -> Any:
    """``before`` with one number where all indices are equal."""
    sizes = tuple(before.shape)
    if len(sizes) < 2 or (len(sizes) > 2 and len({*sizes}) > 1):
        raise ShapeError(
            "fill_diagonal_: the tensor must be a matrix, or have three or more axes of one size; "
            f"its shape is {sizes}."
        )
    mask = np.zeros(sizes, np.bool_)
    np.fill_diagonal(mask, True, wrap)
    return masked.masked_fill(before, mask, value)  # type: ignore[arg-type]
