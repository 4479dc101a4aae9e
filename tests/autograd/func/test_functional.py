"""torch.autograd.functional: packing, options, what is refused; values are compared with torch."""

import numpy as np
import pytest

import autograd
from autograd import functional

X = autograd.tensor([1.0, 2.0], dtype=autograd.float64)


def close(tensor, expected):
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=1e-12)


def test_results_are_packed_as_inputs_and_outputs_are():
    jacobian = functional.jacobian
    assert type(jacobian(lambda x: x, X)) is autograd.Tensor
    (one,) = jacobian(lambda x: x, (X,))
    ((two,),) = jacobian(lambda x: (x,), (X,))
    close(one, np.eye(2))
    close(two, np.eye(2))
    for strategy in ("reverse-mode", "forward-mode"):
        calls = []

        def call(x, y, calls=calls):
            calls.append(1)
            return x * y, y.sum()

        rows = jacobian(call, (X, X + 1), strategy=strategy)
        close(rows[0][0], np.diag(X.numpy() + 1))
        close(rows[1][0], [0, 0])
        close(rows[1][1], [1, 1])
        assert calls == [1]


def test_results_are_recorded_where_that_is_asked_for():
    x = X.clone().requires_grad_()
    call = lambda x: (x**3).sum()  # noqa: E731
    assert not functional.jacobian(call, x).requires_grad
    functional.jacobian(call, x, create_graph=True).sum().backward()
    close(x.grad, 6 * X.numpy())
    x.grad = None
    functional.hvp(call, x, X, create_graph=True)[1].sum().backward()
    close(x.grad, 6 * X.numpy())
    for product in (functional.hvp, functional.vhp):
        value, found = product(call, x, X)
        close(value, 9)
        close(found, 6 * X.numpy() ** 2)
        assert not value.requires_grad and not found.requires_grad


REFUSED = {
    "jacobian: inputs must be a tensor or a tuple of tensors; got list": (
        lambda: functional.jacobian(lambda x: x, [X])
    ),
    "jacobian: outputs must be a tensor or a tuple of tensors; got int": (
        lambda: functional.jacobian(lambda x: 3, X)
    ),
    "'reverse-mode' or 'forward-mode'; got 'sideways'": (
        lambda: functional.jacobian(lambda x: x, X, strategy="sideways")
    ),
    "strict=True is for reverse mode": (
        lambda: functional.jacobian(lambda x: x, X, strict=True, strategy="forward-mode")
    ),
    "output 0 does not depend on input 1": (
        lambda: functional.jacobian(lambda x, y: x, (X, X), strict=True)
    ),
    "must return a single element; it returned a tensor of shape": (
        lambda: functional.hessian(lambda x: x, X)
    ),
    "v can be left out only for one tensor of one element": (
        lambda: functional.vjp(lambda x: x, X)
    ),
    "v must have the shape": lambda: functional.vjp(lambda x: x, X, X[:1]),
    "v must have a tensor for each of 1; it has 2": (
        lambda: functional.jvp(lambda x: x, X, (X, X))
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(text):
    with pytest.raises((TypeError, ValueError, RuntimeError), match=text):
        REFUSED[text]()


def test_the_module_is_torch_functional_too():
    assert functional.einsum is autograd.einsum
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        functional.nothing  # noqa: B018
