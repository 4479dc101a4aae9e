"""gradcheck's other ways: forward mode and vmap against backward passes, one at a time."""

import pytest

import autograd
from autograd import gradcheck, gradgradcheck

FIRST = {"check_forward_ad": True, "check_batched_grad": True, "check_batched_forward_grad": True}
SECOND = {"check_fwd_over_rev": True, "check_batched_grad": True}


def leaf(*shape):
    values = autograd.arange(1, 1 + autograd.zeros(*shape).numel()).double() / 3
    return values.reshape(shape).requires_grad_()


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: (x * y.exp(), (x @ y.T).sum(), x > 1),
        lambda x, y: x.softmax(0) / y,
        lambda x, y: autograd.cat([x, y[:1]]).cumsum(0),
    ],
)
def test_right_ones_pass(function):
    assert gradcheck(function, (leaf(2, 3), leaf(2, 3)), **FIRST)
    assert gradgradcheck(function, (leaf(2, 3), leaf(2, 3)), **SECOND)


class Doubled(autograd.Function):
    """Right over arrays; over tensors, which forward mode and second passes are made of, not."""

    def forward(self, x):
        return x * 2.0

    def grad_x(self, g):
        return g * (3.0 if hasattr(g, "detach") else 2.0)


def test_wrong_ones_do_not():
    with pytest.raises(autograd.GradcheckError, match="forward mode must give the derivative"):
        gradcheck(Doubled.apply, leaf(3), check_forward_ad=True)
    assert gradcheck(Doubled.apply, leaf(3))
