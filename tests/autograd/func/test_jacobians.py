"""Jacobians and Hessians: shapes, trees, chunks, and several routes to one result."""

import numpy as np
import pytest

import autograd
from autograd import func

X = autograd.tensor([0.5, 1.0, 2.0], dtype=autograd.float64)


def close(tensor, expected):
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=1e-12)


def test_a_jacobian_has_the_outputs_shape_before_the_arguments():
    found = func.jacrev(lambda x: x[:, None] * x[None, :2])(X)
    assert found.shape == (3, 2, 3)
    for k in range(3):
        unit = np.eye(3)[k]
        close(found[:, :, k], unit[:, None] * X.numpy()[:2] + X.numpy()[:, None] * unit[:2])


def test_trees_and_several_arguments():
    found = func.jacrev(lambda x: (x**2, {"sum": x.sum()}))(X)
    close(found[0], np.diag(2 * X.numpy()))
    close(found[1]["sum"], np.ones(3))
    by_x, by_y = func.jacrev(lambda x, y: x * y, argnums=(0, 1))(X, X + 1)
    close(by_x, np.diag(X.numpy() + 1))
    close(by_y, np.diag(X.numpy()))
    assert type(func.jacrev(lambda x: x, argnums=(0,))(X)) is tuple
    found, aux = func.jacrev(lambda x: (x, x * 2), has_aux=True)(X)
    close(found, np.eye(3))
    close(aux, 2 * X)


@pytest.mark.parametrize("chunk_size", [1, 2, 4, 100])
def test_chunks_change_nothing(chunk_size):
    call = lambda x: (x**2, x.sum() * x)  # noqa: E731
    for ours, whole in zip(func.jacrev(call, chunk_size=chunk_size)(X), func.jacrev(call)(X)):
        close(ours, whole)


def test_what_is_empty_or_constant():
    assert func.jacrev(lambda x: x[:0])(X).shape == (0, 3)
    close(func.jacrev(lambda x: autograd.ones(2))(X), np.zeros((2, 3)))
    assert func.jacrev(lambda x: x.sum())(X[:0]).shape == (0,)


def test_second_and_third_derivatives():
    close(func.hessian(lambda x: (x**3).sum())(X), np.diag(6 * X.numpy()))
    found = func.hessian(lambda x, y: (x * y).sum(), argnums=(0, 1))(X, X)
    close(found[0][0], np.zeros((3, 3)))
    close(found[0][1], np.eye(3))
    third = func.jacrev(func.hessian(lambda x: (x**4).sum()))(X)
    close(third[1, 1], [0, 24, 0])


def test_a_jacobian_can_be_differentiated():
    w = autograd.tensor(2.0, dtype=autograd.float64, requires_grad=True)
    func.jacrev(lambda x: w * x**2)(X).sum().backward()
    close(w.grad, 2 * X.numpy().sum())


def test_a_chunk_holds_something():
    with pytest.raises(ValueError, match="chunk_size must be at least 1, or None; got 0"):
        func.jacrev(lambda x: x, chunk_size=0)


def test_what_does_not_depend_on_the_point_has_zeros_inside_vmap():
    """The point is a number, not an array, and there are several rows."""
    number = autograd.tensor(1.5, dtype=autograd.float64)
    close(func.jacrev(lambda x: autograd.ones(3, dtype=x.dtype))(number), np.zeros(3))
