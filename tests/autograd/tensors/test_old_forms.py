"""What scripts wrote before PyTorch 1.5, and still do."""

import warnings

import numpy as np
import pytest

import autograd
from autograd import tensor
from autograd.arrays import old_forms

X, Y, M = tensor([1.0, 2.0]), tensor([3.0, 4.0]), tensor([[1.0, 2.0], [3.0, 4.0]])

FORMS = {  # the old form, and today's
    "add_": (lambda x: x.add_(2, Y), lambda x: x.add_(Y, alpha=2)),
    "add_ of numbers": (lambda x: x.add_(2, 3), lambda x: x.add_(3, alpha=2)),
    "sub_": (lambda x: x.sub_(-0.5, Y), lambda x: x.sub_(Y, alpha=-0.5)),
    "add": (lambda x: autograd.add(x, 2, Y), lambda x: x.add(Y, alpha=2)),
    "sub": (lambda x: x.sub(2, Y), lambda x: x.sub(Y, alpha=2)),
    "addcmul_": (lambda x: x.addcmul_(2, x, Y), lambda x: x.addcmul_(x, Y, value=2)),
    "addcdiv_": (lambda x: x.addcdiv_(2, x, Y), lambda x: x.addcdiv_(x, Y, value=2)),
    "addcmul": (lambda x: autograd.addcmul(x, 2, x, Y), lambda x: x.addcmul(x, Y, value=2)),
    "addcdiv": (lambda x: autograd.addcdiv(x, 2, x, Y), lambda x: x.addcdiv(x, Y, value=2)),
    "addmv": (
        lambda x: autograd.addmv(2, x, 3, M, Y),
        lambda x: autograd.addmv(x, M, Y, beta=2, alpha=3),
    ),
    "addmm": (lambda x: x.addmm(2, M, M), lambda x: x.addmm(M, M, beta=2)),
    "addmm_": (
        lambda x: M.clone().addmm_(2, 3, M, M),
        lambda x: M.clone().addmm_(M, M, beta=2, alpha=3),
    ),
    "addr": (lambda x: M.addr(2, 3, x, Y), lambda x: M.addr(x, Y, beta=2, alpha=3)),
    "baddbmm": (
        lambda x: autograd.baddbmm(2, M, 3, M[None], M[None]),
        lambda x: autograd.baddbmm(M, M[None], M[None], beta=2, alpha=3),
    ),
    "addbmm": (
        lambda x: M.addbmm(2, M[None], M[None]),
        lambda x: M.addbmm(M[None], M[None], beta=2),
    ),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.filterwarnings("ignore:.*form before 1.5")
def test_the_old_order_of_arguments(name):
    old, new = FORMS[name]
    np.testing.assert_array_equal(old(X.clone()), new(X.clone()))


@pytest.mark.torch
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.filterwarnings("ignore")
def test_torch_takes_them_too(name, monkeypatch):
    torch = pytest.importorskip("torch")
    expected = FORMS[name][0](X.clone()).tolist()
    for one, value in (("autograd", torch), ("Y", torch.tensor(Y.tolist()))):
        monkeypatch.setitem(globals(), one, value)
    monkeypatch.setitem(globals(), "M", torch.tensor(M.tolist()))
    np.testing.assert_allclose(FORMS[name][0](torch.tensor(X.tolist())).tolist(), expected)


def test_it_is_said_once(monkeypatch):
    monkeypatch.setattr(old_forms, "_told", False)
    with pytest.warns(UserWarning, match=r"Write add\(\.\.\., alpha=\.\.\.\)") as told:
        X.clone().add_(2, Y)
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        X.clone().add_(2, Y)


def test_gradients_reach_both():
    x, y = X.clone().requires_grad_(), Y.clone().requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        autograd.add(x, 3, y).sum().backward()
    assert x.grad.tolist() == [1, 1] and y.grad.tolist() == [3, 3]


@pytest.mark.parametrize(
    "call",
    [
        lambda: X.add(Y, 2),
        lambda: X.add(1, 2, Y),
        lambda: X.addcmul(X, Y, 2),
        lambda: M.addmm(M, M, 2),
        lambda: M.addmm(1, 2, 3, M, M),
    ],
)
def test_what_is_no_form_at_all(call):
    with pytest.raises(TypeError, match="positional arguments; got"):
        call()


def test_new_and_resize():
    x = autograd.arange(6)
    assert x.new(2, 3).shape == (2, 3) and x.new().shape == (0,) and x.new([1, 2]).dtype == x.dtype
    assert x.new(np.ones(2)).tolist() == [1, 1] and x.new(autograd.Size([4])).shape == (4,)
    assert x.new(x).data_ptr() == x.data_ptr()
    with pytest.raises(TypeError, match="dtype"):
        x.new(X)
    first = x.data_ptr()
    assert x.resize_(2, 2).tolist() == [[0, 1], [2, 3]] and x.data_ptr() == first
    assert x.resize_(5).shape == (5,) and x[:4].tolist() == [0, 1, 2, 3]
    assert x.resize_as_(M).shape == (2, 2)
    with pytest.raises(RuntimeError, match="requires grad"):
        X.clone().requires_grad_().resize_(3)
