"""Every op, by the table: values, derivatives, dtypes, memory, protocols, completeness."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import autograd
import autograd.ops
import nn.functional
from autograd.compiler.replaying import buffers
from autograd.compiler.replaying.replay import Changed, program
from autograd.compiler.tapes.recorder import Tape
from autograd.engine import dispatch, graph
from autograd.engine.backward import grad
from autograd.engine.function import Function
from tests.foreign_array import ForeignArray, host
from tests.op_cases import (
    ROWS,
    cases,
    converted,
    cotangents,
    differentiable,
    drawn,
    find,
    flat,
    gradients,
    leaf,
    leaves_from,
)
from tests.rows.row import BINARY, UNARY

every_case = pytest.mark.parametrize("row, sample", cases())
DIFFERENTIABLE = [row for row in ROWS if row.orders]
# Values are compared for every sample; of what costs more, `make test` takes a row's first ones
two_of_each = pytest.mark.parametrize("row, sample", cases(DIFFERENTIABLE, quick=2))
one_of_each = pytest.mark.parametrize("row, sample", cases(DIFFERENTIABLE, quick=1))

COMPLEX = [case for row in ROWS if row.complex for case in cases([row])[:1]]


def values(outputs):
    return [host(graph.unwrap(one)) for one in outputs]


def compare(found, expected, tolerance, what):
    assert len(found) == len(expected), f"{what}: {len(found)} results, expected {len(expected)}"
    for i, (a, e) in enumerate(zip(values(found), values(expected), strict=True)):
        assert a.shape == e.shape, f"{what} {i}: shape {a.shape}, expected {e.shape}"
        np.testing.assert_allclose(a, e, tolerance, tolerance, err_msg=f"{what} {i}")


def run(row, args, kwargs):
    return flat((row.function or find(row.name))(*args, **kwargs))


NUMPY_NAMES = {"dim": "axis", "keepdim": "keepdims", "correction": "ddof", "dims": "axis"}


def in_numpys_words(kwargs):
    return {NUMPY_NAMES.get(key, key): value for key, value in kwargs.items()}


def reference(row, args, kwargs):
    """What plain NumPy, or the row's slow definition, makes of the arrays."""
    if row.reference is None:
        kwargs = in_numpys_words(kwargs)
    return flat((row.reference or row.function or getattr(np, row.name))(*args, **kwargs))


# -- values and derivatives ------------------------------------------------------------------------


@every_case
def test_value(row, sample, dtype=np.float64):
    given = drawn(row, sample, dtype)
    args, kwargs, _ = leaves_from(given, sample, requires_grad=False)
    found = run(row, args, kwargs)
    compare(found, reference(row, *drawn(row, sample, dtype)), row.tolerance / 1000, "value")
    for one in found:
        if not isinstance(one, bool):
            assert isinstance(one, graph.TensorBase) and not one.requires_grad


@two_of_each
def test_first_derivative(row, sample, dtype=np.float64):
    _, found = gradients(row, sample, drawn(row, sample, dtype))
    given = drawn(row, sample, dtype)
    arrays = []
    converted(given, sample, lambda array, active: arrays.append(array) if active else None)

    def weighted():
        args, kwargs, _ = leaves_from(given, sample, requires_grad=True)
        ends = [one for one in run(row, args, kwargs) if one.dtype.kind in "fc"]
        pairs = zip(ends, cotangents(ends), strict=True)
        return sum(np.sum(end._data * np.conjugate(w)).real for end, w in pairs)

    compare(found, [_slopes(weighted, array) for array in arrays], row.tolerance, "gradient")


def _slopes(function, array, step=1e-6):
    """Central differences of a scalar function of ``array``, which it reads.

    Of a complex array those by the real and the imaginary parts: ∂L/∂a + i ∂L/∂b for a + ib.
    """
    slopes = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        for unit in (1, 1j) if array.dtype.kind == "c" else (1,):
            array[index] = before + step * unit
            above = function()
            array[index] = before - step * unit
            slopes[index] += (above - function()) / (2 * step) * unit
        array[index] = before
    return slopes


@pytest.mark.parametrize("row, sample", cases([row for row in ROWS if row.orders == 2], quick=2))
def test_second_derivative(row, sample, dtype=np.float64):
    """With s(x, u) = <∇x (u · f(x)), v>: ds/dx is the slope of ∇x along v, ds/du that of f."""
    given = drawn(row, sample, dtype)
    args, kwargs, leaves = leaves_from(given, sample)
    ends = differentiable(run(row, args, kwargs))
    if not ends or not leaves:
        return
    weights = [leaf(w) for w in cotangents(ends)]
    first = grad(ends, leaves, weights, create_graph=True, materialize_grads=True)
    plain = gradients(row, sample, drawn(row, sample, dtype))[1]
    compare(first, plain, 1e-12, "recorded gradient")
    directions = cotangents(leaves, seed=2)
    pairs = [(g, leaf(v, False)) for g, v in zip(first, directions) if g.requires_grad]
    wanted = [*leaves, *weights]
    found = [leaf(np.zeros(one.shape, one.dtype), False) for one in wanted]
    if pairs:
        found = grad([g for g, _ in pairs], wanted, [v for _, v in pairs], materialize_grads=True)

    def moved(step):
        outputs, slopes = gradients(row, sample, _shifted(given, sample, directions, step))
        return values([*slopes, *differentiable(outputs)])

    step = 1e-6
    expected = [(a - b) / (2 * step) for a, b in zip(moved(step), moved(-step), strict=True)]
    compare(found, expected, row.tolerance, "second derivative")
    for one, wanted_one in zip(found, wanted, strict=True):
        assert one.dtype == wanted_one.dtype


def _shifted(given, sample, directions, step):
    along = iter(directions)
    return converted(
        given, sample, lambda array, active: array + step * next(along) if active else array
    )


@pytest.mark.parametrize("row, sample", COMPLEX)
def test_complex_numbers(row, sample):
    """Values and derivatives, which for complex numbers are those by real and imaginary parts."""
    if row.reference is not None or row.function is not None or hasattr(np, row.name):
        test_value(row, sample, np.complex128)
    test_first_derivative(row, sample, np.complex128)
    test_second_derivative(row, sample, np.complex128)
    outputs, found = gradients(row, sample, drawn(row, sample, np.complex64))
    for one in differentiable(outputs):
        assert one.dtype in ("complex64", "float32"), f"result is {one.dtype}"
    for one in found:
        assert one.dtype == "complex64", f"gradient is {one.dtype}"


# -- dtypes ----------------------------------------------------------------------------------------


@one_of_each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(row, sample, dtype):
    for create_graph in (False, True)[: row.orders]:
        outputs, found = gradients(row, sample, drawn(row, sample, dtype), create_graph)
        for one in differentiable(outputs):
            assert one.dtype == (row.dtype or dtype), f"result is {one.dtype}"
        for one in found:
            assert one.dtype == dtype, f"gradient is {one.dtype}"
    exact_outputs, exact = gradients(row, sample, drawn(row, sample))
    if dtype == np.float32:
        compare(outputs, exact_outputs, 1e-3, "float32 value")
        compare(found, exact, 5e-3, "float32 gradient")


ELEMENTWISE = [
    row
    for row in ROWS
    if row.orders and row.samples[0] in (UNARY[0], BINARY[0]) and not row.name.startswith("ops.")
]


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.name)
def test_integers_make_the_default_dtype(row):
    sample = row.samples[0]
    args, kwargs = converted(
        drawn(row, sample),
        sample,
        lambda array, _: autograd.tensor(np.ceil(array).astype(np.int64)),
    )
    try:
        with np.errstate(all="ignore"):
            found = run(row, args, kwargs)
    except (TypeError, RuntimeError):
        return  # it is not for integers
    for one in found:
        assert one.dtype.kind not in "fc" or one.dtype == (row.dtype or np.float32)


@pytest.mark.parametrize("row, sample", cases([row for row in ROWS if not row.orders]))
def test_dtype_of_what_has_no_gradient(row, sample):
    for dtype in (np.float32, np.float64):
        args, kwargs, _ = leaves_from(drawn(row, sample, dtype), sample)
        for one, like in zip(
            run(row, args, kwargs), reference(row, *drawn(row, sample, dtype)), strict=True
        ):
            if not isinstance(one, bool):
                assert one.dtype == np.asarray(like).dtype
                assert not one.requires_grad


# -- memory ----------------------------------------------------------------------------------------


def _transposed(array):
    return np.ascontiguousarray(array.T).T


def _reversed(array):
    flip = (slice(None, None, -1),) * array.ndim
    return np.ascontiguousarray(array[flip])[flip]


def _every_second(array):
    room = np.full([2 * size for size in array.shape], 99, array.dtype)
    view = room[(slice(None, None, 2),) * array.ndim]
    view[...] = array
    return view


LAYOUTS = [_transposed, _reversed, _every_second]


@pytest.mark.slow
@every_case
def test_inputs_of_any_layout_are_only_read(row, sample):
    outputs, plain = gradients(row, sample, drawn(row, sample))
    for layout in LAYOUTS if row.any_layout else ():
        given = drawn(row, sample)
        lent = []

        def hostile(array, layout=layout, lent=lent):
            array = layout(array) if array.ndim else array.copy()
            array.flags.writeable = False
            lent.append((array, array.copy()))
            return array

        found_outputs, found = gradients(row, sample, given, make=hostile)
        compare(found_outputs, outputs, 1e-12, f"value of {layout.__name__} input")
        compare(found, plain, 1e-12, f"gradient of {layout.__name__} input")
        for array, before in lent:
            np.testing.assert_array_equal(array, before, "an input was changed")


@one_of_each
def test_gradients_own_their_memory(row, sample):
    """Writing to one gradient changes no other, and neither inputs nor the incoming gradient."""
    args, kwargs, leaves = leaves_from(drawn(row, sample), sample)
    ends = differentiable(run(row, args, kwargs))
    if not ends or not leaves:
        return
    weights = [leaf(w, False) for w in cotangents(ends)]
    found = grad(ends, leaves, weights, materialize_grads=True)
    arrays = [one._data for one in [*found, *weights, *leaves] if np.ndim(one._data)]
    for i, one in enumerate(arrays[: len(found)]):
        for other in arrays[i + 1 :]:
            assert not np.shares_memory(one, other)


# -- other ways in ---------------------------------------------------------------------------------


def test_the_foreign_array_keeps_to_itself():
    array = ForeignArray([1.0, 2.0])
    for escape in (np.asarray, float, lambda a: np.ones(2) + a, lambda a: a @ np.ones(2)):
        with pytest.raises(TypeError):
            escape(array)
    assert isinstance(np.zeros(2, like=array), ForeignArray)
    assert isinstance(np.add.reduce(array), ForeignArray) and float(np.sum(array)) == 3.0


@pytest.mark.slow
@every_case
def test_foreign_array(row, sample):
    plain_outputs, plain = gradients(row, sample, drawn(row, sample))
    outputs, found = gradients(row, sample, drawn(row, sample), make=ForeignArray)
    for one in [*outputs, *found]:
        if not isinstance(one, bool):
            assert isinstance(one._data, ForeignArray), f"became {type(one._data).__name__}"
    compare(outputs, plain_outputs, 1e-12, "foreign value")
    compare(found, plain, 1e-12, "foreign gradient")
    if row.orders == 2:
        _, again = gradients(row, sample, drawn(row, sample), True, make=ForeignArray)
        compare(again, plain, 1e-12, "recorded foreign gradient")


def keeper(given):
    """Copies each array that is given to an op, and keeps another copy."""

    def copied(array):
        given.append(array.copy())
        return array.copy()

    return copied


# What asks how many elements its mask has, to give so many; what lays out labels by their lengths
# what answers with Python's own words; what multiplies by numbers that it draws
READS = {"histogram", "masked_scatter", "nn.functional.ctc_loss", "allclose", "equal"}
READS |= {"svd_lowrank", "pca_lowrank"}


@pytest.mark.parametrize("row, sample", cases(quick=1))
def test_recorder(row, sample, monkeypatch):
    """What was recorded, done again, gives the same bits, and on other values what those give."""
    tape, lifted, others = Tape(), [], []

    def lift(array):
        lifted.append(tape.lift(array.copy()))
        return lifted[-1]

    def other(array):  # of the same domain, and the same shape where that depends on values
        others.append(np.reshape(np.ravel(array)[::-1], array.shape).copy())
        return others[-1].copy()

    outputs, found = gradients(row, sample, drawn(row, sample), make=lift)
    if row.name in READS:
        return
    told = [f"{reason} at {line}" for reason, line in tape.refusals]
    assert not told
    results = [graph.unwrap(one) for one in [*outputs, *found]]
    monkeypatch.setattr(buffers, "_FEW", 1)
    again = program(tape, {f"x{i}": one for i, one in enumerate(lifted)}, results)
    again.memory.fill(255)  # it reads nothing there that it has not written
    given = []
    outputs, found = gradients(row, sample, drawn(row, sample), make=keeper(given))
    for a, e in zip(again(*given), [*outputs, *found], strict=True):
        np.testing.assert_array_equal(a, host(graph.unwrap(e)))
    expected = gradients(row, sample, drawn(row, sample), make=other)
    try:
        compare(again(*others), [*expected[0], *expected[1]], 1e-11, "replayed")
    except Changed:  # which an engine that replays is told
        pass


@pytest.mark.parametrize("row, sample", cases(quick=1))
def test_method_and_numpy_agree_with_function(row, sample):
    args, kwargs, _ = leaves_from(drawn(row, sample), sample, requires_grad=False)
    expected = run(row, args, kwargs)
    method = getattr(autograd.Tensor, row.name, None) if row.method and not row.function else None
    if method is not None and args and isinstance(args[0], graph.TensorBase):
        found = flat(method(*args, **kwargs))
        compare(found, expected, 0, "method")
    numpys = row.numpy or getattr(np, row.name, None)
    if numpys in dispatch.table and (row.numpy or row.reference in (None, numpys)):
        found = flat(numpys(*args, **in_numpys_words(kwargs)))
        compare(found, expected, 0, "NumPy's function")
        assert all(isinstance(one, (graph.TensorBase, bool)) for one in found)


# -- completeness ----------------------------------------------------------------------------------


def _modules():
    for package in (autograd.ops, nn.functional):
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(info.name)


def _ops():
    found = set()
    for module in _modules():
        for one in vars(module).values():
            if inspect.isclass(one) and issubclass(one, Function) and "forward" in vars(one):
                if one.__module__ == module.__name__:
                    found.add(one)
    return found


def _public_functions():
    """Functions of autograd and nn.functional that have a Tensor in their signature."""
    found = {}
    for package, home in ((autograd, "autograd.ops."), (nn.functional, "nn.functional.")):
        for name, one in vars(package).items():
            if name.endswith("_"):  # in place; see test_inplace_methods.py
                continue
            if name.startswith(
                "upsample"
            ):  # older names, which warn; see tests/nn/test_resizing.py
                continue
            if inspect.isfunction(one) and one.__module__.startswith(home):
                if "Tensor" in str(one.__annotations__):
                    found[f"{package.__name__}.{name}"] = one
    return found


def test_every_op_has_a_row(monkeypatch):
    """An op is covered when a row's own call runs its forward."""
    made = set()
    monkeypatch.setattr(Function, "__init__", lambda node: made.add(type(node)), raising=False)
    for row in ROWS:
        for sample in row.samples:
            args, kwargs, _ = leaves_from(drawn(row, sample), sample)
            run(row, args, kwargs)
    missing = sorted(f"{op.__module__}.{op.__name__}" for op in _ops() - made)
    assert not missing, f"ops without a row in the op tables: {', '.join(missing)}"


def test_every_public_function_has_a_row():
    named = {find(row.name) for row in ROWS if not row.function}
    named |= {getattr(autograd.Tensor, row.name, None) for row in ROWS}
    named.add(nn.functional.gumbel_softmax)  # random: tests/nn/test_dropout.py
    rows = {row.name for row in ROWS}  # some call by a function of their own
    missing = [
        name
        for name, one in _public_functions().items()
        if one not in named and name.removeprefix("autograd.") not in rows
    ]
    assert not missing, f"functions without a row in the op tables: {', '.join(missing)}"
