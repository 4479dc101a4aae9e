"""Every function of NumPy's that takes arrays: differentiated, constant, or refused. None loses.

Each is called with traced values in several places. A plain result that depends on them, an array
of objects, or another value than NumPy's is a silent loss.
"""

import inspect
import warnings

import numpy as onp
import pytest

import autograd.numpy as np
from autograd.core import make_vjp
from autograd.numpy.table import CONSTANT
from autograd.tensors.array import Array

V = onp.array([0.37, 0.81, 0.55, 0.62])
M = onp.array([[3.4, 0.3, 0.6], [0.3, 4.1, 0.2], [0.6, 0.2, 6.3]])
MASK = onp.array([True, False, True, True])

WAYS_TO_CALL = {
    "x": (lambda x: (x,), V),
    "matrix": (lambda x: (x,), M),
    "number": (lambda x: (x,), onp.float64(0.37)),
    "x, x": (lambda x: (x, x + 1), V),
    "x, c": (lambda x: (x, onp.array([0.4, 0.1, 0.8, 0.6])), V),
    "c, x": (lambda x: (onp.array([0.4, 0.1, 0.8, 0.6]), x), V),
    "matrices": (lambda x: (x, x), M),
    "matrix, vector": (lambda x: (x, onp.arange(3.0)), M),
    "matrix, axis": (lambda x: (x, 1), M),
    "x, number": (lambda x: (x, 1), V),
    "x, numbers": (lambda x: (x, onp.array([2, 0])), V),
    "x, 0, 1": (lambda x: (x, 0, 1), V),
    "matrix, 0, 1": (lambda x: (x, 0, 1), M),
    "list": (lambda x: ([x[0], x[1], 2.0],), V),
    "list of rows": (lambda x: ([x[0], x[1], [0.1, 0.2, 5.0]],), M),
    "x, lists": (lambda x: (x, [0, 1, 2, 3], [1.0, 2.0, 3.0, 4.0]), V),
    "c, c, x": (lambda x: (onp.array([0.5, 0.7]), onp.arange(4.0), x), V),
    "mask, x": (lambda x: (MASK, x), V),
    "mask, x, x": (lambda x: (MASK, x, 2 * x), V),
    "ints, x": (lambda x: (onp.array([0, 2, 2, 1]), x), V),
    "shape, x": (lambda x: ((4, 4), x), V),
    "x, shape": (lambda x: (x, (2, 2)), V),
    "numbers": (lambda x: (x, x + 2, 5), onp.float64(0.37)),
    "function, axis, matrix": (lambda x: (np.sum, 0, x), M),
    "function, matrix, axes": (lambda x: (np.sum, x, [0]), M),
    "words, x, x": (lambda x: ("i,i", x, x), V),
    "matrix, places, axis": (lambda x: (x, onp.array([[0, 1, 2], [2, 1, 0], [0, 0, 1]]), 0), M),
    "matrices, listed": (lambda x: ([x, x],), M),
    "conditions": (lambda x: ([MASK], [x]), V),
    "x, conditions, functions": (lambda x: (x, [MASK], [lambda y: y * 2, lambda y: y]), V),
    "four axes": (lambda x: (np.reshape(x, (2, 2, 2, 2)),), onp.linspace(0.3, 2, 16) ** 2),
    "x, dtype": (lambda x: (x, "float32"), V),
}
# They change an argument, read or write files, or are about the program.
OTHERS = """
    test show_config show_runtime info get_include save savez savez_compressed savetxt load loadtxt
    genfromtxt fromfile setbufsize seterr seterrcall set_printoptions put copyto putmask place
    fill_diagonal empty_like geterr geterrcall getbufsize get_printoptions printoptions errstate
    nested_iters frompyfunc put_along_axis frombuffer fromstring fromregex from_dlpack
""".split()
# Though they have a gradient.
REFUSED = "asmatrix bmat histogram2d histogramdd fromiter"

OWNERS = {"numpy": (onp, np), "linalg": (onp.linalg, np.linalg), "fft": (onp.fft, np.fft)}
NAMES = [
    (owner, name)
    for owner, (theirs, _) in OWNERS.items()
    for name in sorted(dir(theirs))
    if not name.startswith("_")
    and name not in OTHERS
    and callable(getattr(theirs, name))
    and not inspect.isclass(getattr(theirs, name))
]


def _leaves(value):
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]


def _numbers(value):
    found = []
    for leaf in _leaves(value):
        array = onp.asarray(leaf._data if isinstance(leaf, Array) else leaf)
        if array.dtype == object:
            return None
        if array.dtype.kind in "fc":
            found.extend(array.ravel())
    return onp.array(found)


def _outcome(theirs, ours, make, x, shift):
    """What becomes of one call: None where NumPy itself refuses it."""
    try:
        base = _numbers(theirs(*make(x.copy())))
        other = _numbers(theirs(*make(x + shift)))
    except Exception:  # noqa: BLE001  NumPy raises all kinds
        return None
    if base is None:
        return None
    varies = base.shape != other.shape or not onp.allclose(base, other, 1e-9, 0, equal_nan=True)
    seen = []

    def call(x):
        seen.append(ours(*make(x)))
        return np.sum(x)

    try:
        make_vjp(call, x.copy())
    except (TypeError, ValueError, IndexError, RuntimeError):  # NotImplementedError, too
        return "raises" if varies else "raises, constant"
    leaves = _leaves(seen)
    if _numbers(seen) is None:
        return "objects"
    values = _numbers(seen)
    if values.shape != base.shape or not onp.allclose(values, base, equal_nan=True):
        return "wrong"
    if any(isinstance(one, Array) and one._edge is not None for one in leaves):
        return "traced"
    return "lost" if varies else "constant"


@pytest.mark.parametrize("owner, name", NAMES, ids=[".".join(one) for one in NAMES])
def test_no_gradient_is_lost(owner, name):
    theirs, ours = (getattr(module, name) for module in OWNERS[owner])
    outcomes = {}
    with warnings.catch_warnings(), onp.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for form, (make, x) in WAYS_TO_CALL.items():
            if isinstance(theirs, onp.ufunc) and len(make(x)) != theirs.nin:
                continue  # the next would be out=
            shift = 1e-4 * onp.cos(onp.arange(x.size)).reshape(x.shape)
            shift = shift + shift.T if x.shape == (3, 3) else shift
            outcomes[form] = _outcome(theirs, ours, make, x, shift)
    bad = {form: found for form, found in outcomes.items() if found in ("objects", "wrong", "lost")}
    if name in CONSTANT:
        bad = {form: found for form, found in bad.items() if found != "lost"}  # at a jump
    assert not bad
    found = set(outcomes.values())
    if name in REFUSED.split():
        assert "traced" not in found
    elif "raises" in found:
        assert "traced" in found, "it has a gradient and no rule"


def test_the_check_finds_a_loss():
    make, x = WAYS_TO_CALL["x"]
    shift = onp.full(4, 1e-4)
    assert _outcome(onp.sin, onp.sin, make, x, shift) == "traced"
    assert _outcome(onp.sin, lambda x: onp.sin(x._data), make, x, shift) == "lost"
    assert _outcome(onp.sin, lambda x: np.sin(x + 1), make, x, shift) == "wrong"
    assert _outcome(onp.sin, lambda x: onp.array([None]), make, x, shift) == "objects"


@pytest.mark.parametrize("name", ["float64", "float32", "complex128", "bool_"])
def test_classes_of_numbers_refuse_traced_values(name):
    with pytest.raises(TypeError, match="would lose its gradient|cannot hold a traced value"):
        make_vjp(lambda x: getattr(np, name)(x), onp.array([1.0, 2.0]))
