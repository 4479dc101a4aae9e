"""What a recorder has of NumPy's arrays besides what ops use: for a user's code that is given one.

A step written for NumPy works on its arguments itself, ``w - 0.1 * g.mean(axis=0)``. So recorders
have the methods and attributes of arrays: each is a call of the function of NumPy's that does the
same, and is noted as that. To the user's code they are of NumPy's classes, too
(``isinstance(x, np.ndarray)``); what writes a value into a text is a read, which no tape holds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.watching.kinds import whose

# Methods that are NumPy's function of the same name
_FUNCTIONS = """
    all any argmax argmin argpartition argsort choose clip compress conj conjugate cumprod cumsum
    diagonal dot max mean min nonzero prod ravel repeat round searchsorted squeeze std sum swapaxes
    take trace var
""".split()
_IN_PLACE = ("fill", "partition", "put", "sort")  # which write, and give nothing


def asked_by_user() -> bool:
    """Whether the code that asks a recorder, two calls from here, is neither ours nor NumPy's.

    NumPy's and Python's own modules ask for whoever has called them.
    """
    frame = sys._getframe(2)
    while frame is not None:
        owner = whose(frame.f_globals.get("__name__"), frame.f_code.co_filename)
        if owner != "pure":
            return owner != "ours"
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _through(function: Any) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **options: Any) -> Any:
        return function(self, *args, **options)

    method.__name__ = function.__name__
    return method


def _writing(name: str) -> Callable[..., Any]:
    function = getattr(np.ndarray, name)

    def method(self: Any, *args: Any, **options: Any) -> None:
        tape = self.tape
        function(self.inside, *tape.opened(args), **tape.opened(options))
        tape.note(function, (self, *args), options, None)

    return method


def _worded(convert: Callable[..., Any], name: str) -> Callable[..., Any]:
    def word(self: Any, *args: Any) -> Any:
        self.tape.refuse(f"a value was read into Python, by {name}")
        return convert(self.inside, *args)

    return word


class Methods:
    """Methods and attributes of NumPy's arrays, of whoever answers to NumPy's protocols."""

    __slots__ = ()
    __array_priority__ = 1000.0
    inside: Any
    tape: Any

    T = property(lambda self: np.transpose(self))
    mT = property(lambda self: np.swapaxes(self, -1, -2))
    real = property(lambda self: np.real(self))
    imag = property(lambda self: np.imag(self))
    flat = property(lambda self: iter(np.ravel(self)))

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """NumPy's class, to the user's code."""
        return type(self.inside) if asked_by_user() else type(self)

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """As NumPy's: the sizes as one tuple, or one by one."""
        options = {} if order == "C" else {"order": order}
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **options)  # type: ignore

    def transpose(self, *axes: Any) -> Any:
        """As NumPy's: the axes as one tuple, or one by one; none reverses them."""
        axes = axes[0] if len(axes) == 1 else axes
        return np.transpose(self, axes) if axes else np.transpose(self)  # type: ignore

    def flatten(self, order: str = "C") -> Any:
        """As NumPy's: all elements along one axis, copied."""
        return np.ravel(self, order).copy()  # type: ignore

    def __iter__(self) -> Any:
        if not self.inside.ndim:
            raise TypeError("iteration over a 0-d array")
        return iter([self[i] for i in range(len(self.inside))])  # type: ignore

    def __contains__(self, item: Any) -> bool:
        return bool((self == item).any())

    def __divmod__(self, other: Any) -> Any:
        return np.divmod(self, other)  # type: ignore

    def __rdivmod__(self, other: Any) -> Any:
        return np.divmod(other, self)  # type: ignore

    def __copy__(self) -> Any:
        return self.copy()  # type: ignore

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()  # type: ignore

    __str__, __format__ = _worded(str, "str"), _worded(format, "a text")
    __round__ = _worded(round, "round")
    __reduce_ex__ = _worded(lambda array, protocol: array.__reduce_ex__(protocol), "pickle")


for _name in _FUNCTIONS:
    setattr(Methods, _name, _through(getattr(np, _name)))
for _name in _IN_PLACE:
    setattr(Methods, _name, _writing(_name))
