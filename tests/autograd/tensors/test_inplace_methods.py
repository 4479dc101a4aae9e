"""Every method whose name ends in an underscore: the op table's rows, written in place."""

import numpy as np
import pytest

import autograd
import nn.functional
from autograd.engine import graph
from autograd.engine.backward import grad
from tests.agreement import agree
from tests.op_cases import ROWS, cases, cotangents, drawn, find, leaf, leaves_from

METHODS = {
    name: getattr(autograd.Tensor, name)
    for name in dir(autograd.Tensor)
    if name.endswith("_") and not name.startswith("_")
}
# these keep the memory and see it otherwise
SHAPES = {"squeeze_", "unsqueeze_", "t_", "transpose_", "swapaxes_", "swapdims_"}
OF_THE_GRAPH = {"requires_grad_", "detach_"}
OF_THE_SIZE = {"resize_", "resize_as_", "share_memory_"}
# what has no function out of place, with arguments
FILLERS = {
    "copy_": (2.5,), "fill_": (2.5,), "zero_": (), "fill_diagonal_": (2.5,),
    "apply_": (lambda v: 2.5,), "map_": (2.5, lambda v, w: w),
    "uniform_": (), "normal_": (), "random_": (), "bernoulli_": (), "exponential_": (),
    "log_normal_": (), "geometric_": (0.5,), "cauchy_": (),
}  # fmt: skip


def _in_place_rows():
    """The rows of functions that have a method to write their result in place."""
    names = METHODS.keys() - FILLERS.keys() - {"polygamma_"}  # whose function has its order first
    found = [row for row in ROWS if row.name + "_" in names and row.function is None]
    return [
        row._replace(samples=[sample for sample in row.samples if hasattr(sample.args[0], "make")])
        for row in found
    ]


IN_PLACE = _in_place_rows()
every_case = pytest.mark.parametrize("row, sample", cases(IN_PLACE, quick=2))
every_row = pytest.mark.parametrize("row", IN_PLACE, ids=lambda row: row.name)
every_filler = pytest.mark.parametrize("name", FILLERS)


def method_of(row):
    return METHODS[row.name + "_"]


def outcome(row, sample):
    """What the function makes of the sample: an array, as it fits the tensor; None if it does not.

    None also where the result has a dtype that the tensor cannot store.
    """
    (x, *others), kwargs, _ = leaves_from(drawn(row, sample), sample, False)
    result = find(row.name)(x, *others, **kwargs)
    if row.name + "_" in SHAPES:
        return result.numpy()
    kinds = "biufc".index
    if result.shape != x.shape or kinds(result.dtype.kind) > kinds(x.dtype.kind):
        return None
    return result.numpy().astype(x.dtype)


def fitting(row):
    """The samples of a row whose results the tensor can hold."""
    return [sample for sample in row.samples if outcome(row, sample) is not None]


def test_every_method_is_tested():
    tested = {method_of(row) for row in IN_PLACE if fitting(row)}
    left = [name for name, one in METHODS.items() if one not in tested]
    assert sorted(left) == sorted([*FILLERS, *OF_THE_GRAPH, *OF_THE_SIZE, "polygamma_"])


def test_polygamma_takes_its_order_last():
    x = autograd.tensor([1.5, 2.0], dtype=autograd.float64, requires_grad=True)
    y = x * 1
    assert y.polygamma_(1) is y
    np.testing.assert_array_equal(y.detach(), autograd.polygamma(1, x).detach())
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, autograd.polygamma(2, x).detach())


def test_functions_are_the_methods():
    for package in (autograd, nn.functional):
        for name in dir(package):
            if name.endswith("_") and not name.startswith("_") and name in METHODS:
                assert getattr(package, name) is METHODS[name], name
    x = autograd.tensor([-1.0, 2.0])
    assert nn.functional.leaky_relu_(x, 0.5) is x and x.tolist() == [-0.5, 2.0]
    x = autograd.tensor([-1.0, 2.0], dtype=autograd.float64)
    assert nn.functional.elu_(x, 2.0) is x
    np.testing.assert_allclose(x.numpy(), [2 * np.expm1(-1), 2.0])


@pytest.mark.torch
def test_names_are_pytorchs():
    torch = pytest.importorskip("torch")
    for theirs, ours in ((torch, autograd), (torch.nn.functional, nn.functional)):
        names = {name for name in dir(theirs) if name.endswith("_") and name[0] != "_"}
        here = {name for name in dir(ours) if name.endswith("_") and name[0] != "_"}
        known = (
            {*METHODS, *autograd._LAZY} if ours is autograd else {f"{name}_" for name in dir(ours)}
        )
        left = {"resize_as_"}  # a method only
        assert here == {name for name in names if name in known} - left
    theirs = {name for name in dir(torch.Tensor) if name.endswith("_") and name[0] != "_"}
    functions = {*dir(autograd), *dir(autograd.Tensor)}
    assert {*METHODS} <= theirs
    # as_strided's views are read-only: what it is done to in place could not be written to again
    absent = {"as_strided_"}
    assert {name for name in theirs if name[:-1] in functions} <= {*METHODS, *absent}


# -- values and memory -----------------------------------------------------------------------------


@every_case
def test_the_result_is_in_the_tensors_memory(row, sample):
    expected = outcome(row, sample)
    args, kwargs, _ = leaves_from(drawn(row, sample), sample, False)
    x, array = args[0], args[0]._data
    if expected is None:
        before = array.copy()
        with pytest.raises((RuntimeError, ValueError), match=f"^{method_of(row).__name__[:-1]}"):
            method_of(row)(*args, **kwargs)
        np.testing.assert_array_equal(array, before, "refused, and yet changed")
        return
    view, dtype = x[...], x.dtype
    assert method_of(row)(*args, **kwargs) is x
    assert x.dtype == dtype and tuple(x.shape) == expected.shape
    np.testing.assert_array_equal(x.numpy(), expected)
    if array.size:
        assert np.shares_memory(x._data, array) and np.shares_memory(view._data, array)
    if row.name + "_" not in SHAPES:
        np.testing.assert_array_equal(array, expected)
        np.testing.assert_array_equal(view.numpy(), expected)


@every_filler
def test_a_filler_writes_to_the_tensors_memory(name):
    array = np.full((4, 4), -7.25)
    x = autograd.from_numpy(array)
    autograd.manual_seed(0)
    assert METHODS[name](x, *FILLERS[name]) is x
    assert x._data is array and x.dtype == autograd.float64
    if "fill_diagonal" in name:
        np.testing.assert_array_equal(array == 2.5, np.eye(4) == 1)
    elif 2.5 in FILLERS[name] or name == "apply_":
        assert (array == 2.5).all()
    elif name == "zero_":
        assert not array.any()
    else:
        assert (array != -7.25).all()


@every_row
def test_read_only_memory_is_refused(row):
    sample = next(iter(fitting(row)), None)
    if sample is None:
        return
    args, kwargs, _ = leaves_from(drawn(row, sample), sample, False)
    args[0]._data.flags.writeable = False
    if row.name + "_" in SHAPES:
        assert method_of(row)(*args, **kwargs) is args[0]  # nothing is written
        return
    with pytest.raises(RuntimeError, match="read-only"):
        method_of(row)(*args, **kwargs)


@every_filler
def test_a_filler_refuses_read_only_memory(name):
    x = autograd.zeros(3, 3).expand(2, 3, 3)[0]
    with pytest.raises(RuntimeError, match="read-only"):
        METHODS[name](x, *FILLERS[name])


# -- gradients -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row, sample", cases([row for row in IN_PLACE if row.orders or row.name == "round"], quick=2)
)
@pytest.mark.parametrize("through", ["itself", "a view", "its base"])
def test_gradients_are_those_of_the_function(row, sample, through):
    if outcome(row, sample) is None:
        return
    args, kwargs, leaves = leaves_from(drawn(row, sample), sample)
    expected_end = find(row.name)(*args, **kwargs)
    if expected_end._edge is None:
        return
    if through != "itself" and (row.name + "_" in SHAPES or not args[0].numel()):
        return  # the others keep their shape; where nothing is written, no view hears of it
    weights = [leaf(w, False) for w in cotangents([expected_end])]
    expected = grad(expected_end, leaves, weights, materialize_grads=True)
    base = autograd.zeros(2, *args[0].shape, dtype=autograd.float64)
    if through == "its base":
        base[1] = args[0]
        changed = base[1]
    else:
        changed = args[0].clone()
    view = changed[...]
    method_of(row)(changed, *args[1:], **kwargs)
    end = {"itself": changed, "a view": view, "its base": base[1]}[through]
    found = grad(end, leaves, weights, materialize_grads=True)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), 1e-12, 1e-12)
        assert one.dtype == other.dtype


@pytest.mark.parametrize("row, sample", cases([row for row in IN_PLACE if not row.orders], quick=2))
def test_what_has_no_gradient_ends_the_history(row, sample):
    if outcome(row, sample) is None:
        return
    args, kwargs, _ = leaves_from(drawn(row, sample), sample, False)
    if args[0].dtype.kind != "f" or not args[0].numel():
        return
    w = leaf(args[0].numpy().copy())
    x = w * 1
    view = x[...]
    method_of(row)(x, *args[1:], **kwargs)
    assert not x.requires_grad and not view.requires_grad


@every_row
def test_a_leaf_is_refused(row):
    sample = next(iter(fitting(row)), None)
    if sample is None:
        return
    args, kwargs, _ = leaves_from(drawn(row, sample), sample, False)
    if args[0].dtype.kind == "f":
        _refuses(args[0], lambda x: method_of(row)(x, *args[1:], **kwargs), "leaf")


@every_filler
def test_a_filler_refuses_a_leaf(name):
    word = "no gradient" if name in ("apply_", "map_") else "leaf"
    _refuses(autograd.ones(3, 3), lambda x: METHODS[name](x, *FILLERS[name]), word)


def _refuses(x, change, word):
    before = x.clone()
    x.requires_grad_()
    with pytest.raises(RuntimeError, match=word):
        change(x)
    with pytest.raises(RuntimeError, match=word):
        change(x[...])
    assert x.shape == before.shape
    np.testing.assert_array_equal(x.detach().numpy(), before.numpy())
    if word == "leaf":
        with autograd.no_grad():
            assert change(x) is x and type(x._edge) is graph.Leaf


# -- dtypes ----------------------------------------------------------------------------------------

DTYPES = ["float32", "int64", "uint8", "bool"]


@pytest.mark.torch
@every_row
@pytest.mark.parametrize("other", DTYPES)
@pytest.mark.parametrize("own", DTYPES)
@pytest.mark.filterwarnings("ignore")
def test_dtypes_are_pytorchs(row, own, other):
    """The same values, or a refusal as well, for every dtype of the tensor and of the others.

    Where PyTorch has no kernel for a dtype there may be an answer here.
    """
    torch = pytest.importorskip("torch")
    sample = row.samples[0]
    (x, *others), kwargs, _ = leaves_from(drawn(row, sample), sample, False)
    found = []
    for library in (autograd, torch):
        given = [_in(library, x, own), *[_in(library, one, other) for one in others]]
        named = {key: _in(library, one, other) for key, one in kwargs.items()}
        try:
            made = getattr(given[0], row.name + "_")(*given[1:], **named)
            found.append((str(made.dtype).split(".")[-1], made.tolist()))
        except (RuntimeError, TypeError, ValueError, NotImplementedError) as error:
            found.append(error)
    ours, theirs = found
    if isinstance(theirs, Exception):
        by_rule = any(
            words in str(theirs) for words in ("can't be cast", "requires dtype", "match")
        )
        assert isinstance(ours, Exception) or not by_rule, found
        return
    assert not isinstance(ours, Exception), found
    assert ours[0] == theirs[0]
    agree(*(np.array(one, dtype=ours[0] if "float" in ours[0] else None) for _, one in found))


def _in(library, value, dtype):
    """A tensor, in a tuple or not, as one of the library's; floats in ``dtype``."""
    if isinstance(value, (tuple, list)):
        return type(value)(_in(library, one, dtype) for one in value)
    if not isinstance(value, graph.TensorBase):
        return value
    if value.dtype.kind != "f":
        return library.tensor(value.tolist())
    made = library.tensor(value.tolist(), dtype=library.float64)
    return made.to(getattr(library, dtype))
