"""Numbers that an integer dtype cannot hold, indices out of range, arguments too many."""

import operator

import numpy as np
import pytest

import autograd
from autograd import tensor

ARITHMETIC = [
    operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.and_,
    operator.or_, operator.xor, lambda x, n: n - x, lambda x, n: n + x, lambda x, n: n * x,
]  # fmt: skip
NUMBERS = [300, -1, -200, 2**40, 2**31, -(2**63), 2**63]


def outcome(torch, dtype, f, number):
    try:
        return f(torch.tensor([1, 100, 3], dtype=getattr(torch, dtype)), number).tolist()
    except (RuntimeError, ZeroDivisionError):  # the number wraps around to 0
        return "raises"


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64"])
@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_wrap_around_in_arithmetic_as_in_pytorch(dtype, number):
    torch = pytest.importorskip("torch")
    for f in ARITHMETIC:
        theirs = outcome(torch, dtype, f, number)
        if theirs == "raises":
            continue
        assert outcome(autograd, dtype, f, number) == theirs, f


def test_the_values_without_pytorch():
    x = tensor([1, 200], dtype=autograd.uint8)
    assert (x + 300).tolist() == [45, 244]
    assert (x - 1).tolist() == [0, 199]
    assert (x * -1).tolist() == [255, 56]
    assert (300 - x).tolist() == [43, 100]
    assert (x << 300).tolist() == [0, 0]
    assert (x + 300).dtype is autograd.uint8
    x += 300
    assert x.tolist() == [45, 244]
    assert (x < 300).tolist() == [True, True]  # no arithmetic: the number stays what it is


X = tensor([1, 200], dtype=autograd.uint8)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: X.clamp(-5, 300), "clamp: .*uint8.*-5"),
        (lambda: X.clip(max=300), "clamp: .*uint8.*300"),
        (lambda: autograd.where(X > 1, X, 300), "Where: .*uint8.*300"),
        (lambda: autograd.maximum(X, 300), "Maximum: .*uint8.*300"),
        (lambda: X.masked_fill(X > 1, 300), "MaskedFill: .*uint8.*300"),
        (lambda: X**300, "PowerOfNumber: .*uint8.*300"),
        (lambda: X.clone().fill_(300), "fill_: .*uint8.*300"),
        (lambda: operator.setitem(X.clone(), 0, 300), "index: .*uint8.*300"),
        (lambda: autograd.full((2,), 300, dtype=autograd.uint8), "uint8.*300"),
    ],
)
def test_what_would_be_stored_and_does_not_fit_is_refused(call, words):
    with pytest.raises((ValueError, OverflowError), match=f"^.*{words}") as caught:
        call()
    assert "Python int" not in str(caught.value)


def test_a_number_beyond_64_bits():
    with pytest.raises(
        TypeError, match=r"^Add: a whole number must fit in 64 bits; got 118.*of type int.*float"
    ):
        tensor([1]) + 2**70
    assert (tensor([1.0]) + 2**70).item() == 2.0**70


I, ONE = tensor([[7]]), tensor([5])


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("gather", lambda x: x.gather(1, I)),
        ("scatter", lambda x: x.scatter(1, I, 1.0)),
        ("scatter", lambda x: x.scatter_(1, I, 1.0)),
        ("scatter_add", lambda x: x.scatter_add(1, I, autograd.ones(1, 1))),
        ("scatter_reduce", lambda x: x.scatter_reduce(1, I, autograd.ones(1, 1), "amax")),
        ("index_select", lambda x: x.index_select(1, ONE)),
        ("index_add", lambda x: x.index_add(1, ONE, autograd.ones(2, 1))),
        ("index_copy", lambda x: x.index_copy(1, ONE, autograd.ones(2, 1))),
        ("index_fill", lambda x: x.index_fill(1, ONE, 2.0)),
        ("index_put", lambda x: x.index_put((ONE, ONE), autograd.ones(1))),
        ("index_put", lambda x: x.index_put((ONE, ONE), autograd.ones(1), accumulate=True)),
        ("take", lambda x: x.take(tensor([77]))),
        ("take_along_dim", lambda x: x.take_along_dim(I, 1)),
        ("take_along_dim", lambda x: x.take_along_dim(tensor([77]))),
        ("put", lambda x: x.put(tensor([77]), autograd.ones(1))),
    ],
)
def test_an_index_out_of_range_names_the_function_the_index_and_the_size(name, call):
    with pytest.raises(IndexError) as caught:
        call(autograd.ones(2, 3))
    message = str(caught.value)
    assert message.startswith(f"{name}: index ") and "out of range" in message, message
    index = next(n for n in ("77", "7", "5") if f"index {n} " in message)
    size = {"77": "6"}.get(index, "3" if "axis 1" in message else "2")
    assert f"of size {size}" in message, message


def test_methods_go_by_the_name_that_was_written():
    x = autograd.ones(2)
    for call, name in (
        (lambda: x.mul_(-0.1, x), "mul_"),
        (lambda: x.exp_(1), "exp_"),
        (lambda: x.uniform_(1, 2, 3), "uniform_"),
        (lambda: x.item(1), "item"),
        (lambda: x.fill_(), "fill_"),
    ):
        with pytest.raises(TypeError, match=rf"^Tensor\.{name}\(\) "):
            call()


@pytest.mark.parametrize("call", ["mean", "sum", "amax", "std", "norm", "all"])
def test_keepdim_is_a_truth(call):
    x = autograd.ones(2, 3) if call != "all" else autograd.ones(2, 3) > 0
    with pytest.raises(TypeError, match=r"keepdim must be True or False; got 'yes'"):
        getattr(x, call)(dim=1, keepdim="yes")
    assert getattr(x, call)(dim=1, keepdim=True).shape == (2, 1)


def test_memory_that_cannot_be_written():
    x = tensor([0.0]).expand(2)
    for call in (
        lambda: x.add_(1),
        lambda: x.zero_(),
        lambda: x.index_fill_(0, tensor([0]), 1.0),
        lambda: operator.setitem(x, 0, 1.0),
        lambda: np.add(x, 1, out=x),
    ):
        with pytest.raises(RuntimeError, match=r"memory must be writable; it is read-only.*clone"):
            call()


def test_complex_values_are_not_cut():
    x = autograd.zeros(2)
    for call in (
        lambda: x.fill_(tensor(1j)),
        lambda: operator.setitem(x, 0, tensor(1j)),
        lambda: x.scatter(0, tensor([0]), tensor(1j)),
    ):
        with pytest.raises(TypeError, match="complex values cannot be stored as float32"):
            call()
    assert x.tolist() == [0.0, 0.0]
