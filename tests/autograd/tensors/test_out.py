"""``out=``: the same values, in memory that is there; PyTorch's rules about it."""

import inspect
import pickle

import numpy as np
import pytest

import autograd
from autograd import tensor
from autograd.tensors.out import TAKES_OUT
from tests.op_cases import ROWS, drawn, flat, leaves_from

HERE = [name for name in TAKES_OUT.split() if name in dir(autograd)]
SQUARE = tensor([[2.0, 1.0], [1.0, 3.0]])
MADE = {  # what is in no row
    "arange": (3,), "empty": (2,), "eye": (2,), "full": ((2,), 3.0), "linspace": (0, 1, 3),
    "logspace": (0, 1, 3), "normal": (0.0, 1.0, (2,)), "ones": (2, 3), "rand": (2,),
    "randint": (3, (2,)), "randn": (2,), "randperm": (3,), "zeros": (2,), "range": (1, 3),
    "bernoulli": (tensor([0.5]),), "multinomial": (tensor([0.5, 0.5]), 1),
    "cholesky": (2 * autograd.eye(2),), "cholesky_inverse": (2 * autograd.eye(2),),
    "cholesky_solve": (autograd.ones(2, 1), 2 * autograd.eye(2)),
    "geqrf": (SQUARE,), "qr": (SQUARE,), "svd": (SQUARE,),
}  # fmt: skip
CALLS = {}
for _row in ROWS:
    if _row.function is None and _row.name in HERE and _row.name not in CALLS:
        args, kwargs, _ = leaves_from(drawn(_row, _row.samples[-1], np.float32), _row.samples[-1])
        CALLS[_row.name] = args, kwargs
CALLS.update({name: (args, {}) for name, args in MADE.items() if name in HERE})
ALIASED = [name for name in HERE if name not in CALLS]


def test_every_function_is_called_or_another_name():
    called = {getattr(autograd, name).without_out for name in CALLS}
    assert [n for n in ALIASED if getattr(autograd, n).without_out not in called] == []


@pytest.mark.filterwarnings("ignore:range:UserWarning")
@pytest.mark.parametrize("name", CALLS)
def test_the_same_values_in_memory_that_is_there(name):
    function, (args, kwargs) = getattr(autograd, name), CALLS[name]
    with autograd.no_grad():
        autograd.manual_seed(1)
        expected = function.without_out(*args, **kwargs)
        several = [autograd.empty(0, dtype=one.dtype) for one in flat(expected)]
        out = tuple(several) if isinstance(expected, tuple) else several[0]
        autograd.manual_seed(1)
        found = function(*args, **kwargs, out=out)
        assert type(found) is type(expected)
        for one, other, target in zip(flat(found), flat(expected), several, strict=True):
            assert one is target and one.dtype == other.dtype
            if name != "empty":
                np.testing.assert_array_equal(one, other)


def test_memory_and_views_see_it():
    base = autograd.zeros(2, 3)
    row = base[1]
    assert autograd.add(row, 1, out=row) is row
    assert base.tolist() == [[0, 0, 0], [1, 1, 1]]
    x = autograd.ones(2, requires_grad=True)
    y = x * base[:, 0]
    autograd.exp(autograd.zeros(2, 3), out=base)
    with pytest.raises(RuntimeError, match="changed"):
        y.sum().backward()


@pytest.mark.parametrize("name", ["zeros", "add", "matmul", "where", "clamp"])
def test_the_signature_has_it(name):
    function = getattr(autograd, name)
    shown = inspect.signature(function).parameters
    assert shown["out"].default is None and shown["out"].kind is inspect.Parameter.KEYWORD_ONLY
    plain = inspect.signature(function.without_out).parameters
    assert [one for one in shown if one != "out"] == list(plain)
    assert pickle.loads(pickle.dumps(function)) is function


X, G = tensor([1.0, 2.0, 3.0]), autograd.ones(3, requires_grad=True)


def new(*size, dtype=None):
    return autograd.zeros(*size, dtype=dtype)


CASES = {
    "fits": lambda: autograd.add(X, 1, out=new(3)),
    "empty": lambda: autograd.add(X, 1, out=new(0)),
    "smaller": lambda: autograd.add(X, 1, out=new(2)),
    "larger": lambda: autograd.add(X, 1, out=new(3, 3)),
    "wider": lambda: autograd.add(X, 1, out=new(3, dtype=autograd.float64)),
    "integer": lambda: autograd.add(X, 1, out=new(3, dtype=autograd.int64)),
    "bool as float": lambda: autograd.eq(X, 1, out=new(3)),
    "requires grad": lambda: autograd.add(G, 1, out=new(3)),
    "out requires grad": lambda: autograd.add(X, 1, out=autograd.ones(3, requires_grad=True)),
    "a list requires grad": lambda: autograd.cat([X, G], out=new(6)),
    "sum in its dtype": lambda: autograd.sum(X, 0, out=new((), dtype=autograd.int64)),
    "softmax": lambda: autograd.softmax(X, 0, out=new(3)),
    "a complex norm": lambda: autograd.linalg.norm(X * 1j, out=new(())),
    "created": lambda: autograd.zeros(3, out=new(3, dtype=autograd.float64)),
    "created in another": lambda: autograd.zeros(3, dtype=autograd.float64, out=new(3)),
    "two": lambda: autograd.max(X[None], 1, out=(new(0), new(0, dtype=autograd.int64))),
    "one for two": lambda: autograd.max(X[None], 1, out=new(1)),
    "no tensor": lambda: autograd.add(X, 1, out="x"),
    "expanded": lambda: autograd.cat([X, X], out=new(6)),
    "None": lambda: autograd.add(X, 1, out=None),
}
WARN = "smaller", "larger"
REFUSED = {
    "integer": (RuntimeError, "float32 cannot be stored in a tensor of int64"),
    "requires grad": (RuntimeError, "requires grad"),
    "out requires grad": (RuntimeError, "requires grad"),
    "a list requires grad": (RuntimeError, "requires grad"),
    "created in another": (RuntimeError, "cannot be stored"),
    "one for two": (TypeError, "Pass a tuple"),
    "no tensor": (TypeError, "out must be a tensor"),
}


def test_a_norm_of_complex_numbers_is_written_as_it_is():
    z = tensor([3.0j, 4.0])
    assert autograd.norm(z, out=new(())) == autograd.linalg.vector_norm(z, out=new(())) == 5


@pytest.mark.parametrize("name", CASES)
def test_rules(name):
    if name in REFUSED:
        kind, words = REFUSED[name]
        with pytest.raises(kind, match=words):
            CASES[name]()
    elif name in WARN:
        with pytest.warns(UserWarning, match="was resized") as told:
            CASES[name]()
        assert told[0].filename == __file__
    else:
        CASES[name]()


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_rules_are_those_of_torch(name, monkeypatch):
    torch = pytest.importorskip("torch")
    expected = None if name in REFUSED or name in WARN else flat(CASES[name]())
    monkeypatch.setitem(globals(), "autograd", torch)
    monkeypatch.setitem(globals(), "X", torch.tensor(X.tolist()))
    monkeypatch.setitem(globals(), "G", torch.ones(3, requires_grad=True))
    if name in REFUSED:
        with pytest.raises(REFUSED[name][0]):
            CASES[name]()
    elif name in WARN:
        with pytest.warns(UserWarning, match="was resized"):
            CASES[name]()
    else:
        for ours, theirs in zip(expected, flat(CASES[name]()), strict=True):
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-6)
            assert ours.numpy().dtype == theirs.numpy().dtype


def test_without_gradients_everything_goes():
    with autograd.no_grad():
        assert autograd.add(G, 1, out=new(3)).tolist() == [2, 2, 2]
