"""A result is never the input itself where PyTorch makes a new tensor: changes must not meet."""

import pytest

import autograd
from autograd import tensor
from nn import functional as F

NUMBER, VECTOR, MATRIX = 2.0, [1.0, 2.0, 3.0], [[1.0, 2.0], [3.0, 4.0]]

NEW = {
    "diff": (VECTOR, lambda x: x.diff(n=0)),
    "einsum of two": (NUMBER, lambda x: autograd.einsum(",->", x, tensor(1.0))),
    "sum_to_size": (NUMBER, lambda x: x.sum_to_size(())),
    "chain_matmul": (MATRIX, lambda x: autograd.chain_matmul(x)),
    "matrix_power": (MATRIX, lambda x: x.matrix_power(1)),
    "cat": (VECTOR, lambda x: autograd.cat([x])),
    "cat with nothing": (VECTOR, lambda x: autograd.cat([x, autograd.zeros(0)])),
    "flip": (MATRIX, lambda x: x.flip(())),
    "roll": (NUMBER, lambda x: x.roll(1)),
    "rot90": (MATRIX, lambda x: x.rot90(4)),
    "repeat": (MATRIX, lambda x: x.repeat(1, 1)),
    "narrow_copy": (MATRIX, lambda x: x.narrow_copy(0, 0, 2)),
    "sort": (NUMBER, lambda x: x.sort().values),
    "sum": (NUMBER, lambda x: x.sum()),
    "cumsum": (NUMBER, lambda x: x.cumsum(0)),
    "max": (NUMBER, lambda x: x.max(0).values),
    "clamp": (VECTOR, lambda x: x.clamp(-9, 9)),
    "pow": (VECTOR, lambda x: x**1),
    "floor": ([1, 2], lambda x: x.floor()),
    "tril": (MATRIX, lambda x: x.tril(9)),
    "scatter nothing": (VECTOR, lambda x: x.scatter(0, tensor([], dtype=autograd.int64), 1.0)),
    "to": (VECTOR, lambda x: x.to(x.dtype, copy=True)),
    "to, by position": (VECTOR, lambda x: x.to("cpu", x.dtype, False, True)),
    "to another": (VECTOR, lambda x: x.to(x, False, True)),
    "take": (NUMBER, lambda x: x.take(tensor(0))),
    "take one": (VECTOR, lambda x: x.take(tensor(1))),
    "pad": (MATRIX, lambda x: F.pad(x, (0, 0))),
    "pad reflect": (MATRIX, lambda x: F.pad(x, (0, 0), "reflect")),
    "pixel_shuffle": ([MATRIX], lambda x: F.pixel_shuffle(x, 1)),
    "pixel_unshuffle": ([MATRIX], lambda x: F.pixel_unshuffle(x, 1)),
}

VIEWS = {
    "einsum": (NUMBER, lambda x: autograd.einsum("->", x)),
    "einsum i->i": (VECTOR, lambda x: autograd.einsum("i->i", x)),
    "einsum ...": (MATRIX, lambda x: autograd.einsum("...", x)),
    "getitem": (MATRIX, lambda x: x[...]),
    "reshape": (MATRIX, lambda x: x.reshape(2, 2)),
    "expand": (MATRIX, lambda x: x.expand(2, 2)),
    "squeeze": (VECTOR, lambda x: x.squeeze()),
    "permute": (MATRIX, lambda x: x.permute(0, 1)),
    "detach": (VECTOR, lambda x: x.detach()),
}

SAME = {
    "contiguous": (MATRIX, lambda x: x.contiguous()),
    "broadcast_tensors": (MATRIX, lambda x: autograd.broadcast_tensors(x, tensor(1.0))[0]),
    "sum_to_size": (MATRIX, lambda x: x.sum_to_size(2, 2)),
    "positive": (VECTOR, lambda x: +x),
    "to": (VECTOR, lambda x: x.to(x.dtype)),
    "flatten": (VECTOR, lambda x: x.flatten()),
}


@pytest.mark.parametrize(("data", "call"), NEW.values(), ids=NEW)
def test_new(data, call):
    x = tensor(data)
    result = call(x)
    before = result.clone()
    x.add_(1)
    assert result is not x and autograd.equal(result, before)


@pytest.mark.parametrize(("data", "call"), VIEWS.values(), ids=VIEWS)
def test_view(data, call):
    x = tensor(data)
    result = call(x)
    x.add_(1)
    assert result is not x and result.flatten()[0] == x.flatten()[0]


@pytest.mark.parametrize(("data", "call"), SAME.values(), ids=SAME)
def test_the_same(data, call):
    x = tensor(data)
    assert call(x) is x


def test_diff_of_no_order_leaves_the_ends_out():
    x, end = tensor([1.0, 2.0], requires_grad=True), tensor([9.0], requires_grad=True)
    out = x.diff(n=0, prepend=end, append=end)
    assert out.tolist() == [1.0, 2.0]
    out.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0] and end.grad is None
