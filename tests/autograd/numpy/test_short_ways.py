"""The short ways that common calls take give what the long ones do."""

import numpy as onp
import pytest

import autograd.numpy as np
from autograd import grad, jacobian, make_hvp
from autograd.core import make_vjp
from autograd.engine import sweep
from autograd.kernels.triangular import triangular_solved

rng = onp.random.default_rng(3)
A = rng.standard_normal((4, 4)) + 4 * onp.eye(4)
b = rng.standard_normal(4)


def cubes(x):
    return np.sum(x**3)


def test_a_recorded_vjp_finds_its_way_once(monkeypatch):
    found = []
    known = sweep._ways_to
    monkeypatch.setattr(sweep, "_ways_to", lambda *args: found.append(1) or known(*args))

    def function(x):
        vjp, _ = make_vjp(lambda y: y * y, x)
        return sum([np.sum(vjp(onp.ones(4)) * x) for _ in range(5)])

    slope = grad(function)(b)
    assert len(found) == 1
    assert onp.allclose(slope, 20 * b)


def test_what_a_vjp_gives_is_nobody_elses():
    seed = onp.ones(4)
    vjp, _ = make_vjp(lambda x: x, b)
    first, second = vjp(seed), vjp(seed)
    first[:] = 7
    assert second.tolist() == seed.tolist() == [1.0] * 4


def test_products_with_the_hessian_one_after_the_other():
    product, slope = make_hvp(cubes)(b)
    assert onp.allclose(slope, 3 * b**2)
    for v in onp.eye(4):
        assert onp.allclose(product(v), 6 * b * v)


def test_rows_of_a_recorded_jacobian():
    second = jacobian(jacobian(lambda x: x**3))(b)
    expected = onp.zeros((4, 4, 4))
    expected[range(4), range(4), range(4)] = 6 * b
    assert onp.allclose(second, expected)


@pytest.mark.parametrize("right", [b, b.tolist(), onp.arange(4), b.astype(onp.float32)])
def test_one_matrix_and_one_vector_are_solved(right):
    def function(a):
        return np.linalg.solve(a, right)

    x = onp.linalg.solve(A, onp.asarray(right))
    vjp, value = make_vjp(function, A)
    assert value.shape == (4,)
    assert onp.allclose(value, x)
    back = onp.linalg.solve(A.T, onp.ones(4))
    assert onp.allclose(vjp(onp.ones(4)), -onp.outer(back, x))


def test_a_vector_and_a_stack_of_matrices_are_solved():
    stack = onp.stack([A, 2 * A])
    back = jacobian(lambda x: np.linalg.solve(stack, x))(b)
    assert onp.allclose(back, onp.linalg.inv(stack))


@pytest.mark.parametrize(
    "move",
    [
        lambda x: np.reshape(x, (2, 2)),
        lambda x: np.swapaxes(np.reshape(x, (2, 2)), axis1=0, axis2=1),
        lambda x: np.expand_dims(x, axis=0),
        lambda x: np.transpose(np.reshape(x, (2, 2)), axes=(1, 0)),
        lambda x: np.transpose(np.reshape(x, (2, 2)), (1, 0)),
    ],
)
def test_elements_are_moved_by_position_and_by_name(move):
    weights = onp.arange(1.0, 5.0).reshape(move(b).shape)
    slope = grad(lambda x: np.sum(move(x) * weights))(b)
    assert sorted(slope) == [1.0, 2.0, 3.0, 4.0]


def test_what_was_moved_still_looks_at_its_memory():
    def function(x):
        y = x * 1.0
        z = np.reshape(y, (2, 2))
        z[0] = 0.0
        return np.sum(y * y)

    assert grad(function)(b).tolist() == [0.0, 0.0, *(2 * b[2:])]


def test_joined_numbers_and_values_of_two_dtypes():
    half = b.astype(onp.float32)
    vjp, value = make_vjp(lambda x: np.concatenate([x, onp.arange(2), [1.5]]), half)
    assert value.dtype == onp.float64
    assert vjp(onp.ones(7)).dtype == onp.float32


@pytest.mark.parametrize("x, y, share", [(1e4, 0.0, 1.0), (-1e4, 0.0, 0.0), (0.0, 0.0, 0.5)])
def test_shares_of_a_sum_of_exponentials(x, y, share):
    found = grad(lambda x: np.sum(np.logaddexp(x, y)))(onp.full(3, x))
    assert found.tolist() == [share] * 3


def test_equal_infinities_share_a_sum_of_exponentials():
    x = onp.array([onp.inf, -onp.inf, 1.0])
    vjp, _ = make_vjp(lambda y: np.logaddexp(y, x), x)
    assert vjp(onp.ones(3)).tolist() == [0.5] * 3


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("unit", [False, True])
def test_small_triangles_are_solved_whatever_is_in_the_other_half(upper, unit):
    a = A.copy()
    kept = onp.triu(a) if upper else onp.tril(a)
    if unit:
        onp.fill_diagonal(kept, 1)
    found = triangular_solved(a, b[:, None], upper=upper, unit=unit)
    assert onp.allclose(kept @ found, b[:, None])


def test_a_zero_on_the_diagonal_of_a_small_triangle_gives_infinities():
    a = onp.array([[1.0, 0.0], [1.0, 0.0]])
    found = triangular_solved(a, onp.array([[1.0], [2.0]]), upper=False, unit=False)
    assert found.tolist() == [[1.0], [onp.inf]]


def test_what_is_not_finite_stays_in_its_rows_of_a_small_triangle():
    a = onp.eye(3)
    found = triangular_solved(a, onp.array([[onp.inf], [1.0], [2.0]]), upper=True, unit=False)
    assert found[1:].tolist() == [[1.0], [2.0]]
