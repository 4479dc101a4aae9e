"""The vector spaces that values belong to, under HIPS autograd's names: ``vspace``, ``VSpace``.

Numbers, arrays and trees of them need nothing. A class of one's own has a space, and a box::

    class PolynomialSpace(VSpace):
        def zeros(self): return Polynomial([])
    PolynomialSpace.register(Polynomial)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd.numpy as anp
from autograd.arrays import dtypes, trees
from autograd.engine.graph import unwrap

__all__ = ["ArrayVSpace", "ComplexArrayVSpace", "VSpace", "vspace"]

spaces: dict[type, Callable[[Any], Any]] = {}  # of a class of values, what makes its space


class VSpace:
    """The vector space that a value belongs to: numbers, arrays, or trees of them.

    Derive from it for a class of your own: ``__init__(value)``, ``zeros``, ``_add``, and for checks
    ``randn``, ``_scalar_mul`` and ``_inner_prod``.

    :raises TypeError: the value is neither numbers nor of a class that was registered.

    >>> import numpy as np
    >>> VSpace(np.zeros((2, 3))).size
    6
    """

    mappings = spaces

    def __init__(self, value: Any) -> None:
        leaves, self.form = trees.flatten(value)
        self.arrays = [np.asarray(unwrap(leaf)) for leaf in leaves]
        for array in self.arrays:
            if not dtypes.numeric(array.dtype):
                raise TypeError(
                    f"vspace: values must be numbers; got {value!r:.100} of type "
                    f"{type(value).__name__}. Register a VSpace for its class."
                )
        self.shape = self.arrays[0].shape if len(self.arrays) == 1 else None
        self.dtype = np.result_type(*self.arrays) if self.arrays else np.dtype(float)
        self.iscomplex = dtypes.complex_valued(self.dtype)
        self.size = sum([a.size * (1 + (dtypes.complex_valued(a.dtype))) for a in self.arrays])

    @classmethod
    def register(cls, kind: type, maker: Callable[[Any], Any] | None = None) -> None:
        """Values of the class ``kind`` belong to this space, or to what ``maker(value)`` gives.

        >>> class Money(float): pass
        >>> VSpace.register(Money, lambda value: VSpace(float(value)))
        >>> vspace(Money(2.0)).size
        1
        """
        spaces[kind] = maker or cls

    def _made(self, make: Callable[[Any], Any]) -> Any:
        return trees.unflatten([make(a) for a in self.arrays], self.form)

    def zeros(self) -> Any:
        """The zero vector."""
        return self._made(lambda a: np.zeros(a.shape, np.result_type(a, np.float16))[()])

    def ones(self) -> Any:
        """The sum of the standard basis: 1, and 1 + i where complex."""
        one = self._made(lambda a: np.ones(a.shape, np.result_type(a, np.float16))[()])
        return trees.map_leaves(
            lambda a: a * (1 + 1j) if dtypes.complex_valued(a.dtype) else a, one
        )

    def randn(self) -> Any:
        """Normal random numbers."""

        def draw(a: Any) -> Any:
            drawn = np.random.standard_normal(a.shape)
            if dtypes.complex_valued(a.dtype):
                drawn = drawn + 1j * np.random.standard_normal(a.shape)
            return np.asarray(drawn).astype(np.result_type(a, np.float16))[()]

        return self._made(draw)

    def standard_basis(self) -> Any:
        """The vectors of the standard basis, one after the other."""
        for n, array in enumerate(self.arrays):
            for i in np.ndindex(array.shape):
                for unit in (1, 1j) if dtypes.complex_valued(array.dtype) else (1,):
                    leaves = trees.flatten(self.zeros())[0]
                    changed = np.array(leaves[n])
                    changed[i] = unit
                    leaves[n] = changed[()]
                    yield trees.unflatten(leaves, self.form)

    def add(self, x: Any, y: Any) -> Any:
        """x + y."""
        return self._add(x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """a x."""
        return self._scalar_mul(x, a)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The real inner product."""
        return self._inner_prod(x, y)

    def covector(self, x: Any) -> Any:
        """The conjugate."""
        return self._covector(x)

    def _add(self, x: Any, y: Any) -> Any:
        return trees.map_leaves(lambda a, b: a + b, x, y)

    def _scalar_mul(self, x: Any, a: Any) -> Any:
        return trees.map_leaves(lambda one: one * a, x)

    def _inner_prod(self, x: Any, y: Any) -> Any:
        pairs = zip(trees.flatten(x)[0], trees.flatten(y)[0], strict=True)
        complexes = [dtypes.complex_valued(a.dtype) for a in self.arrays]
        return sum(
            [
                anp.real(anp.sum(anp.conj(a) * b)) if is_complex else anp.sum(a * b)
                for (a, b), is_complex in zip(pairs, complexes)
            ]
        )

    def _covector(self, x: Any) -> Any:
        return trees.map_leaves(anp.conj, x)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not hasattr(self, "arrays"):
            return type(self) is type(other) and vars(self) == vars(other)
        assert isinstance(other, VSpace)
        return self.form == other.form and [(a.shape, a.dtype) for a in self.arrays] == [
            (a.shape, a.dtype) for a in other.arrays
        ]

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        if not hasattr(self, "arrays"):
            return f"{type(self).__name__}({vars(self)})"
        return f"VSpace({[(a.shape, str(a.dtype)) for a in self.arrays]})"


ArrayVSpace = ComplexArrayVSpace = VSpace  # one class here, for all numbers


def vspace(value: Any) -> Any:
    """The vector space of a value.

    >>> from autograd.extend import vspace
    >>> vspace((1.0, [2.0, 3.0])).size
    3
    """
    return spaces.get(type(value), VSpace)(value)
