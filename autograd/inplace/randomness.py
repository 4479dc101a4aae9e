"""Tensors filled at random, from a generator or the default one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import random
from autograd.arguments import number_of
from autograd.graph import TensorBase, unwrap
from autograd.inplace.writing import replaced

if TYPE_CHECKING:
    from autograd.annotations import Tensor


class Randomness(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def uniform_(self, from_: float = 0.0, to: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with reals uniform in [from, to)."""
        data = self._data
        return replaced(
            self, "uniform_", random.uniform(data.shape, data.dtype, from_, to, generator)
        )

    def normal_(self, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with Gaussian reals."""
        data = self._data
        return replaced(
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
        return replaced(self, "random_", values)

    def bernoulli_(self, p: Any = 0.5, *, generator: Any = None) -> Tensor:
        """Overwrite with ones, each with probability ``p``, and zeros."""
        data = self._data
        if isinstance(p, TensorBase) or np.ndim(p):
            p = unwrap(p)
            try:
                p = np.broadcast_to(p, data.shape)
            except ValueError:
                raise ValueError(
                    f"bernoulli_: p must broadcast to the tensor's shape {tuple(data.shape)}; it "
                    f"has {tuple(p.shape)}. Reshape it."
                ) from None
            values = random.bernoulli_like(p, data.dtype, generator)
        else:
            chance = number_of("bernoulli_", "p", p)
            values = random.bernoulli(chance, data.shape, data.dtype, generator)
        return replaced(self, "bernoulli_", values)

    def exponential_(self, lambd: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with exponential reals of rate ``lambd``."""
        data = self._data
        values = random.exponential(data.shape, data.dtype, lambd, generator)
        return replaced(self, "exponential_", values)

    def log_normal_(self, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Tensor:
        """Overwrite with exponentials of Gaussian reals."""
        data = self._data
        values = random.log_normal(data.shape, data.dtype, mean, std, generator)
        return replaced(self, "log_normal_", values)

    def geometric_(self, p: float, *, generator: Any = None) -> Tensor:
        """Overwrite with numbers of trials up to the first success."""
        data = self._data
        return replaced(self, "geometric_", random.geometric(p, data.shape, data.dtype, generator))

    def cauchy_(self, median: float = 0.0, sigma: float = 1.0, *, generator: Any = None) -> Tensor:
        """Overwrite with Cauchy reals."""
        data = self._data
        values = random.cauchy(data.shape, data.dtype, median, sigma, generator)
        return replaced(self, "cauchy_", values)
