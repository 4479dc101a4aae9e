"""An array that writes down every NumPy call on it, and refuses what it would not see."""

import operator

import numpy as np


class RecordedArray(np.lib.mixins.NDArrayOperatorsMixin):
    """Runs each call on the ndarray inside, and notes it on a tape that :func:`replay` plays.

    It becomes no ndarray and mixes with none: what is computed past the tape raises.
    """

    base = None

    def __init__(self, array, tape):
        self.array, self.tape = array, tape

    shape = property(lambda self: self.array.shape)
    ndim = property(lambda self: self.array.ndim)
    size = property(lambda self: self.array.size)
    dtype = property(lambda self: self.array.dtype)

    def __array__(self, dtype=None, copy=None):
        raise TypeError("RecordedArray: becomes no NumPy array.")

    def _noted(self, function, args, kwargs):
        result = function(*_opened(args), **_opened(kwargs))
        if kwargs.get("out") is not None:
            (out,) = kwargs["out"]
        else:
            out = RecordedArray(np.asarray(result), self.tape)
        self.tape.append((function, args, kwargs, out))
        return out

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return self._noted(getattr(ufunc, method), inputs, kwargs)

    def __array_function__(self, function, types, args, kwargs):
        return self._noted(function, args, kwargs)

    def __getitem__(self, index):
        return self._noted(operator.getitem, (self, index), {})

    def __setitem__(self, index, value):
        operator.setitem(self.array, index, _opened(value))
        self.tape.append((operator.setitem, (self, index, value), {}, None))

    def astype(self, dtype):
        return self._noted(np.ndarray.astype, (self, dtype), {})


def _opened(value, known=lambda recorded: recorded.array):
    if isinstance(value, RecordedArray):
        return known(value)
    if isinstance(value, (np.ndarray, np.generic)):
        raise TypeError(f"RecordedArray: mixed with a NumPy array of shape {value.shape}.")
    if isinstance(value, (tuple, list)):
        return type(value)(_opened(one, known) for one in value)
    if isinstance(value, dict):
        return {name: _opened(one, known) for name, one in value.items()}
    return value


def replay(tape, given):
    """Call what the tape holds once more, on ``given``: pairs (recorded array, other array)."""
    arrays = {id(recorded): array for recorded, array in given}

    def known(recorded):
        return arrays[id(recorded)]

    for function, args, kwargs, out in tape:
        result = function(*_opened(args, known), **_opened(kwargs, known))
        if kwargs.get("out") is None and out is not None:
            arrays[id(out)] = np.asarray(result)
