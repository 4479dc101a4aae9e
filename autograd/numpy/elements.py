"""One element after the other: functions that NumPy calls for each, of traced values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.numpy.functions import array
from autograd.numpy.table import is_traced


class vectorize(np.vectorize):
    """NumPy's; a function of traced values is called for each, and its results are stacked.

    >>> import autograd.numpy as anp
    >>> from autograd import elementwise_grad
    >>> clipped = vectorize(lambda x: x * x if x < 2 else 4.0)
    >>> elementwise_grad(clipped)(np.array([1.0, 3.0]))
    array([2., 0.])
    """

    def __call__(self, *args: Any, **options: Any) -> Any:
        if not any(map(is_traced, (*args, *options.values()))):
            return super().__call__(*args, **options)
        if self.signature is not None or options or self.excluded:
            raise NotImplementedError(
                "vectorize: traced values are taken by position, without a signature; got more. "
                "Write a loop and np.stack."
            )
        given = np.broadcast_arrays(*map(array, args))
        shape = given[0].shape
        found = [self.pyfunc(*[one[i] for one in given]) for i in np.ndindex(shape)]
        if isinstance(found[0], tuple):
            return tuple([_shaped(list(column), shape) for column in zip(*found)])
        return _shaped(found, shape)


def _shaped(found: list[Any], shape: Any) -> Any:
    return np.reshape(array(found), shape)[()]


class ndenumerate(np.ndenumerate):
    """NumPy's: pairs of an index and the element there, traced where the array is.

    >>> [*ndenumerate(np.array([1.0, 2.0]))][1]
    ((1,), np.float64(2.0))
    """

    def __new__(cls, arr: Any) -> Any:
        if is_traced(arr):
            return _pairs(array(arr))
        return np.ndenumerate(arr)


def _pairs(x: Any) -> Iterator[Any]:
    for index in np.ndindex(x.shape):
        yield index, x[index]
