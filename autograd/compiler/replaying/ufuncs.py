"""Which calls of a tape a ufunc does, element by element, and so into memory that it is given."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Call, Recorded, RecordedScalar
from autograd.kernels import pointwise
from autograd.kernels.parts import PAYS

# Not pow: x ** 2 is a square, x ** 0.5 a root, and np.power neither
_OPERATORS = {
    operator.add: np.add, operator.sub: np.subtract, operator.mul: np.multiply,
    operator.truediv: np.divide, operator.floordiv: np.floor_divide, operator.mod: np.remainder,
    operator.and_: np.bitwise_and, operator.or_: np.bitwise_or, operator.xor: np.bitwise_xor,
    operator.lt: np.less, operator.le: np.less_equal, operator.gt: np.greater,
    operator.ge: np.greater_equal, operator.eq: np.equal, operator.ne: np.not_equal,
    operator.neg: np.negative, operator.pos: np.positive, operator.abs: np.absolute,
    operator.invert: np.invert,
}  # fmt: skip
IN_PLACE = {
    operator.iadd: np.add, operator.isub: np.subtract, operator.imul: np.multiply,
    operator.itruediv: np.divide,
}  # fmt: skip
_SHARED = ("cos", "exp", "expm1", "log", "log1p", "sin", "tanh")
_KERNELS = {getattr(pointwise, name): getattr(np, name) for name in _SHARED}
_INTO = _KERNELS | {
    getattr(pointwise, name): getattr(pointwise, f"{name}_into")
    for name in ("quotient", "sigmoid", "sigmoid_slope", "tanh_slope")
}

# Of which both operands, and so a number that stands for one, have the dtype that they reckon in
_OF_ONE_DTYPE = {
    np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum, np.less, np.less_equal,
    np.greater, np.greater_equal, np.equal, np.not_equal,
}  # fmt: skip

FLOATS = (np.float32, np.float64)


def ufunc_of(call: Call) -> Any:
    """The ufunc that gives the fresh array that a call gives, bit for bit; None where none does.

    >>> x = Recorded(np.ones(2), None)
    >>> ufunc_of(Call(operator.mul, (x, 2), {}, x))
    <ufunc 'multiply'>
    >>> ufunc_of(Call(operator.pow, (x, 2), {}, x))
    """
    function, result = call.function, call.result
    if call.options or type(result) is not Recorded or result.inside.base is not None:
        return None
    if not all([isinstance(one, (Recorded, Number, int, float, np.generic)) for one in call.args]):
        return None
    if function in _KERNELS:  # of few elements; more of them are shared by threads
        return _KERNELS[function] if result.size < PAYS else None
    if isinstance(function, np.ufunc):
        plain = function.signature is None and function.nout == 1
        return function if plain and len(call.args) == function.nin else None
    return _OPERATORS.get(function)


def into_of(call: Call) -> Any:
    """What writes a slice of a call's result, ``out``, when given those of its operands; or None.

    >>> x = Recorded(np.ones(2), None)
    >>> into_of(Call(pointwise.quotient, (x, x), {}, x)).__name__
    'quotient_into'
    """
    if call.function not in _INTO:
        return ufunc_of(call)
    arrays = [one for one in (*call.args, call.result) if type(one) is Recorded]
    alike = len(arrays) == len(call.args) + 1 and len({one.dtype for one in arrays}) == 1
    fresh = alike and arrays[-1].inside.base is None and arrays[-1].dtype.type in FLOATS
    return _INTO[call.function] if fresh else None


def reckoned_in(call: Call) -> Any:
    """The dtype of a call's operands, where numbers among them may be arrays of it; else None.

    A number of Python's takes the dtype of the array beside it; but for each call anew, which takes
    as long as the call itself where the array is small.

    >>> x = Recorded(np.ones(2, np.float32), None)
    >>> reckoned_in(Call(operator.mul, (x, 2), {}, x))
    dtype('float32')
    """
    ufunc = IN_PLACE.get(call.function) or ufunc_of(call)
    arrays = [one for one in call.args if type(one) is Recorded]
    if ufunc not in _OF_ONE_DTYPE or not arrays or len(arrays) == len(call.args):
        return None
    dtype = arrays[0].dtype
    return dtype if dtype.type in FLOATS and all([x.dtype == dtype for x in arrays]) else None


def as_array(value: Any, dtype: Any) -> Any:
    """A number as the array of shape () that stands for it among arrays of ``dtype``, or None.

    >>> as_array(0.5, np.dtype(np.float32)), as_array(1e300, np.dtype(np.float32))
    (array(0.5, dtype=float32), None)
    """
    if isinstance(value, np.generic):
        return np.array(value) if value.dtype == dtype else None
    exact = type(value) is float or (type(value) is int and abs(value) < 1 << 24)
    return np.array(value, dtype) if exact and abs(value) <= float(np.finfo(dtype).max) else None


def is_array(value: Any) -> bool:
    """Whether a value is a recorder with memory of its own or another's.

    >>> is_array(Recorded(np.ones(2), None)), is_array(2)
    (True, False)
    """
    return isinstance(value, Recorded) and type(value) is not RecordedScalar
