"""An array that is not NumPy's: what a GPU array looks like to code that is written for NumPy.

It speaks NumPy's protocols (``__array_ufunc__``, ``__array_function__``) and the part of the array
interface that op formulas may use: operators, indexing, shape, ndim, dtype, size, astype, copy. It
refuses to become an ndarray, and refuses to be mixed with one: a formula that quietly computes on
the host fails here.
"""

import operator

import numpy as np

from autograd.engine.graph import TensorBase


class ForeignArray:
    """Wraps an ndarray and never gives it away; ``host(array)`` is for tests alone."""

    __slots__ = ("__weakref__", "_hidden", "base")

    def __init__(self, array, base=None):
        self._hidden = np.asarray(array)
        self.base = base  # the foreign array that owns the memory, as for ndarray

    shape = property(lambda self: self._hidden.shape)
    ndim = property(lambda self: self._hidden.ndim)
    size = property(lambda self: self._hidden.size)
    dtype = property(lambda self: self._hidden.dtype)
    flags = property(lambda self: self._hidden.flags)

    def astype(self, dtype, copy=True):
        if not copy and self.dtype == dtype:
            return self
        return ForeignArray(self._hidden.astype(dtype))

    def copy(self):
        return ForeignArray(self._hidden.copy())

    def item(self):
        return self._hidden.item()

    def __len__(self):
        return len(self._hidden)

    def __repr__(self):
        return f"ForeignArray({self._hidden!r})"

    def __getitem__(self, index):
        return _wrapped(self._hidden[_index(index)], (self,))

    def __setitem__(self, index, value):
        self._hidden[_index(index)] = _hidden(value)

    # -- no way out ----------------------------------------------------------------------------

    def __array__(self, dtype=None, copy=None):
        raise TypeError("ForeignArray: refuses conversion to a NumPy array.")

    def _number(convert):
        def number(self):
            if self.ndim:
                raise TypeError(f"ForeignArray: only 0-d is a number; this has shape {self.shape}.")
            return convert(self._hidden[()])

        return number

    __float__, __int__ = _number(float), _number(int)
    __index__, __complex__ = _number(operator.index), _number(complex)
    __bool__ = _number(bool)
    del _number

    # -- the protocols -------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, where=True, **kwargs):
        if any(isinstance(value, TensorBase) for value in inputs):
            return NotImplemented  # it knows what to do
        if out is not None:
            kwargs["out"] = _hidden(tuple(out))
        if where is not True:
            kwargs["where"] = _hidden(where)
        if method == "at":
            target, index, *values = inputs
            ufunc.at(_hidden(target), _index(index), *_hidden(values))
            return None
        if method == "reduceat":
            inputs = (inputs[0], ForeignArray(_index(inputs[1])))
        result = getattr(ufunc, method)(*_hidden(list(inputs)), **kwargs)
        if out is not None:
            return out[0] if len(out) == 1 else out
        return _wrapped(result, inputs)

    def __array_function__(self, function, types, args, kwargs):
        if not all(issubclass(kind, (ForeignArray, np.ndarray)) for kind in types):
            return NotImplemented
        out = kwargs.get("out")
        result = function(*_hidden(list(args)), **_hidden(kwargs))
        return _wrapped(result, (*args, *kwargs.values())) if out is None else out


def _operator(ufunc, reflected=False):
    def method(self, *other):
        return ufunc(*other, self) if reflected else ufunc(self, *other)

    return method


for _name, _ufunc in {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "floordiv": np.floor_divide,
    "mod": np.remainder,
    "pow": np.power,
    "matmul": np.matmul,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
}.items():
    setattr(ForeignArray, f"__{_name}__", _operator(_ufunc))
    setattr(ForeignArray, f"__r{_name}__", _operator(_ufunc, reflected=True))
    setattr(
        ForeignArray,
        f"__i{_name}__",
        lambda self, other, ufunc=_ufunc: ufunc(self, other, out=(self,)),
    )
for _name, _ufunc in {
    "neg": np.negative,
    "pos": np.positive,
    "abs": np.absolute,
    "invert": np.invert,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}.items():
    setattr(ForeignArray, f"__{_name}__", _operator(_ufunc))
ForeignArray.__hash__ = None


def host(value):
    """The ndarray inside; for tests, which look at results from outside."""
    return value._hidden if isinstance(value, ForeignArray) else np.asarray(value)


def _hidden(value):
    """``value`` with every foreign array in it opened. Raises TypeError for an ndarray."""
    if isinstance(value, ForeignArray):
        return value._hidden
    if isinstance(value, np.ndarray):
        raise TypeError(f"ForeignArray: mixed with a NumPy array of shape {value.shape}.")
    if type(value) in (list, tuple):
        return type(value)(_hidden(one) for one in value)
    if type(value) is dict:
        return {key: _hidden(one) for key, one in value.items()}
    return value


def _index(value):
    """As ``_hidden``; an index may come from the host, as it may for a GPU array."""
    if isinstance(value, tuple):
        return tuple(_index(one) for one in value)
    return value._hidden if isinstance(value, ForeignArray) else value


def _wrapped(result, sources):
    """``result`` with every array in it made foreign; views know the foreign array they look at."""
    if isinstance(result, (np.ndarray, np.generic)):
        return ForeignArray(result, _owner(result, sources))
    if isinstance(result, list):
        return [_wrapped(one, sources) for one in result]
    if isinstance(result, tuple):
        made = [_wrapped(one, sources) for one in result]
        return type(result)(*made) if hasattr(result, "_fields") else tuple(made)
    return result


def _owner(array, sources):
    for source in sources:
        if isinstance(source, (list, tuple)):
            owner = _owner(array, source)
        elif isinstance(source, ForeignArray) and np.may_share_memory(array, source._hidden):
            owner = source if source.base is None else source.base
        else:
            continue
        if owner is not None:
            return owner
    return None
