"""What Python's own operators and functions mean for tensors."""

import collections
import math
import operator
from array import array

import numpy as np
import pytest

import autograd
from autograd import tensor

# -- sequences -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [tensor(2), tensor([2]), tensor(2, dtype=autograd.uint8)])
def test_a_sequence_times_a_tensor_is_repeated(n):
    assert [0] * n == [0, 0]
    assert (0, 1) * n == (0, 1, 0, 1)
    assert "ab" * n == "abab"
    assert collections.deque([0]) * n == collections.deque([0, 0])
    row = [7]
    row *= n
    assert row == [7, 7]


@pytest.mark.parametrize("n", [tensor(2.0), tensor([2, 3])])
def test_only_one_integer_repeats(n):
    with pytest.raises(TypeError):
        [0] * n


def test_a_list_is_joined_to_lists_only():
    row = [1]
    row += tensor([2, 3])  # as extend does
    assert row == [1, tensor(2), tensor(3)]
    for operation in (operator.add, operator.sub, operator.truediv, operator.mod, operator.pow):
        for operands in (([1], tensor([2])), (tensor([2]), [1]), ((1,), tensor([2]))):
            with pytest.raises(TypeError):
                operation(*operands)
    with pytest.raises(
        TypeError, match=r"Multiply: operands must be tensors or numbers; got \[0\]"
    ):
        tensor(2) * [0]
    for function in (autograd.add, autograd.mul, autograd.maximum, autograd.lt):
        with pytest.raises(TypeError, match=r"operands must be tensors or numbers; got \[1\]"):
            function(tensor([2]), [1])


def test_numpys_functions_take_lists():
    x = tensor([1.0, 2.0], requires_grad=True)
    out = np.multiply(x, [3, 4])
    out.sum().backward()
    assert out.tolist() == [3, 8] and x.grad.tolist() == [3, 4]


def test_reversed_flips_the_first_axis():
    x = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    back = reversed(x)
    assert back.tolist() == [[3, 4], [1, 2]]
    (back * tensor([[1.0], [10.0]])).sum().backward()
    assert x.grad.tolist() == [[10, 10], [1, 1]]
    number = tensor(2)
    assert reversed(number) is number


def test_in():
    x = tensor([[1, 2], [3, 4]])
    assert 2 in x and tensor(4) in x and 2.5 not in x and tensor([1, 2]) in x
    for value in ("a", None, [1, 2]):
        with pytest.raises(TypeError, match="in: a tensor holds numbers"):
            value in x  # noqa: B015


SEQUENCES = [
    collections.deque([1.0, 2.0]), collections.UserList([1.0, 2.0]), array("d", [1.0, 2.0]),
    collections.deque([tensor(1.0), tensor(2.0)]), (1.0, np.float32(2.0)),
]  # fmt: skip


@pytest.mark.parametrize("data", SEQUENCES, ids=lambda data: type(data).__name__)
def test_any_sequence_is_data(data):
    for made in (tensor(data), autograd.as_tensor(data), autograd.Tensor(data)):
        assert made.tolist() == [1.0, 2.0] and made.dtype == autograd.float32
    nested = tensor([data, (3.0, 4.0)])
    assert nested.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_whole_numbers_from_any_sequence():
    for data in (range(97, 99), bytearray(b"ab"), memoryview(b"ab"), collections.deque([97, 98])):
        made = tensor(data)
        assert made.tolist() == [97, 98] and made.dtype == autograd.int64


@pytest.mark.parametrize("data", [{1, 2}, {1: 2}, "12", (i for i in [1, 2])])
def test_what_is_no_sequence_of_numbers_is_refused(data):
    with pytest.raises(TypeError, match="expected numbers"):
        tensor(data)


def test_any_sequence_is_an_index():
    x = autograd.arange(5)
    for index in (collections.deque([0, 3]), collections.UserList([0, 3]), range(0, 4, 3)):
        assert x[index].tolist() == [0, 3]


# -- numbers ---------------------------------------------------------------------------------------


def test_functions_of_numbers():
    x = tensor(2.5)
    assert (math.floor(x), math.ceil(x), math.sqrt(tensor(4.0))) == (2, 3, 2.0)
    assert (int(x), float(x), complex(x), bool(x), bool(tensor(math.nan))) == (2, 2.5, 2.5, True, 1)
    assert (abs(tensor(-2)).item(), pow(2, tensor(3)).item()) == (2, 8)
    assert (hex(tensor(10)), [1, 2, 3][tensor(1)], list(range(tensor(2)))) == ("0xa", 2, [0, 1])
    assert (f"{x:.2f}", f"{tensor(3):d}") == ("2.50", "3")
    for call in (lambda: pow(tensor(2), 3, 5), lambda: divmod(x, 2), lambda: round(x)):
        with pytest.raises(TypeError):  # as in PyTorch
            call()


def test_functions_of_sequences():
    x = tensor([3, 1, 2])
    assert [one.item() for one in sorted(x)] == [1, 2, 3]
    assert (max(x).item(), min(x).item(), sum(x).item(), len(x)) == (3, 1, 6, 3)
    first, *others = x
    assert (first.item(), len(others)) == (3, 2)
    assert any(x) and all(x) and not any(tensor([0, 0]))
    assert isinstance(x, collections.abc.Reversible) and hash(x) == hash(x)


# -- float16 ---------------------------------------------------------------------------------------

DRAWS = ["random_", "uniform_", "normal_", "exponential_", "cauchy_", "log_normal_", "bernoulli_"]


@pytest.mark.parametrize("draw", DRAWS)
def test_float16_is_drawn_in_place(draw):
    autograd.manual_seed(0)
    x = autograd.zeros(1000, dtype=autograd.float16)
    assert getattr(x, draw)() is x
    assert x.dtype == autograd.float16 and len({*x.tolist()}) > (1 if draw == "bernoulli_" else 100)


def test_float16_random_draws_what_it_can_count():
    autograd.manual_seed(3)
    x = autograd.zeros(20, dtype=autograd.float16).random_()
    assert x[:4].tolist() == [379.0, 896.0, 1705.0, 258.0]  # PyTorch's
    assert 1900 < autograd.zeros(999, dtype=autograd.float16).random_().max().item() <= 2048
