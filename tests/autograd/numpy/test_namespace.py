"""autograd.numpy beside NumPy: values, and derivatives of both orders by differences."""

import numpy as np
import pytest

import autograd
import autograd.numpy as anp
from autograd import elementwise_grad, grad, hessian, jacobian
from autograd.test_util import check_grads

X = np.linspace(0.3, 1.7, 6).reshape(2, 3)
SQUARE = np.array([[2.0, 0.3, 0.1], [0.2, 1.5, 0.4], [0.1, 0.3, 3.0]])
SYMMETRIC = SQUARE + SQUARE.T

CASES = {
    "sin": (anp.sin, np.sin, X),
    "sum_axis": (lambda x: anp.sum(x, axis=1, keepdims=True), None, X),
    "std": (lambda x: anp.std(x, axis=0), None, X),
    "var_ddof": (lambda x: anp.var(x, ddof=1), None, X),
    "mean_of_a_list": (lambda x: anp.mean([x[0, 0], x[1, 1]]), None, X),
    "prod": (lambda x: anp.prod(x, axis=0), None, X),
    "max": (lambda x: anp.max(x, axis=1), None, X),
    "concatenate": (lambda x: anp.concatenate([x, np.ones((1, 3)), x[:1]]), None, X),
    "stack": (lambda x: anp.stack([x, 2 * x], axis=1), None, X),
    "array_of_lists": (lambda x: anp.array([[x[0, 0], 1.0], [2, x[1, 1] ** 2]]), None, X),
    "append": (lambda x: anp.append(x, 3.0), None, X),
    "r_": (lambda x: anp.r_[x[0], 1.0, 0:3], None, X),
    "c_": (lambda x: anp.c_[x[0], x[1]], None, X),
    "where": (lambda x: anp.where(x > 1, x, x**2), None, X),
    "select": (lambda x: anp.select([x > 1.2, x > 0.7], [x, x**2], 0.0), None, X),
    "linspace": (lambda x: anp.linspace(x[0, 0], x[1, 2], 5), None, X),
    "full": (lambda x: anp.full((2, 2), x[0, 1]), None, X),
    "partition": (lambda x: anp.partition(x, 1, axis=1), None, X[:, ::-1].copy()),
    "rollaxis": (lambda x: anp.rollaxis(x, 1), None, X),
    "cross": (lambda x: anp.cross(x[0], x[1]), None, X),
    "gradient": (lambda x: anp.gradient(x, axis=1), None, X),
    "average": (lambda x: anp.average(x, axis=1, weights=np.array([1.0, 2.0, 3.0])), None, X),
    "ptp": (lambda x: anp.ptp(x, axis=1), None, X),
    "dot_3d": (lambda x: anp.dot(x, np.arange(24.0).reshape(2, 3, 4)), None, X),
    "dot_number": (lambda x: anp.dot(x, 2.0), None, X),
    "einsum": (lambda x: anp.einsum("ij,kj->ik", x, np.arange(6).reshape(2, 3)), None, X),
    "tensordot": (lambda x: anp.tensordot(x, np.ones((3, 2), np.float32), 1), None, X),
    "reversed": (lambda x: x[::-1, 1] * x[[0, 1], [2, 0]], None, X),
    "methods": (lambda x: x.T.reshape(-1).cumsum() + x.std() + x.transpose(1, 0).ravel(), None, X),
    "solve": (lambda x: anp.linalg.solve(x, np.arange(3.0)), None, SQUARE),
    "inv": (anp.linalg.inv, np.linalg.inv, SQUARE),
    "det": (anp.linalg.det, np.linalg.det, SQUARE),
    "slogdet": (lambda x: anp.linalg.slogdet(x)[1], None, SQUARE),
    "svd": (lambda x: anp.linalg.svd(x, compute_uv=False), None, SQUARE),
    "nuclear": (lambda x: anp.linalg.norm(x, "nuc"), None, SQUARE),
    "eigvalsh": (anp.linalg.eigvalsh, np.linalg.eigvalsh, SYMMETRIC),
    "upper": (lambda x: anp.linalg.eigvalsh(x, UPLO="U"), None, SYMMETRIC),
    "fft": (lambda x: anp.real(anp.fft.fft(x, axis=1)), None, X),
    "irfft": (lambda x: anp.fft.irfft(anp.fft.rfft(x) * 2, n=3), None, X),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives(name):
    ours, theirs, x = CASES[name]
    seen = []

    def told(x):
        seen.append(ours(x))
        return seen[-1]

    check_grads(told, modes=["fwd", "rev"], order=2)(x)
    assert any(type(one).__name__ == "Array" for one in seen)
    plain = ours(x)
    assert type(plain) is not type(seen[0]) or not isinstance(plain, autograd.Tensor)
    assert np.allclose(plain, seen[0]._value, rtol=1e-12)
    if theirs is not None:
        assert np.array_equal(plain, theirs(x))


def test_numpy_itself_finds_ours():
    assert np.allclose(
        elementwise_grad(lambda x: np.exp(np.sin(x)))(X), np.exp(np.sin(X)) * np.cos(X)
    )


def test_what_has_no_gradient_is_plain():
    seen = []

    def f(x):
        seen.extend([x > 1, anp.argmax(x), anp.floor(x), anp.shape(x), anp.isnan(x)])
        return anp.sum(x)

    grad(f)(X)
    assert [type(one) for one in seen] == [np.ndarray, np.int64, np.ndarray, tuple, np.ndarray]


def test_a_write_is_differentiated():
    def f(x):
        y = anp.zeros_like(x)
        y[0] = x[1] ** 2
        return anp.sum(y * x)

    assert np.allclose(grad(f)(X), np.array([X[1] ** 2, 2 * X[1] * X[0]]))


def test_jacobian_and_hessian():
    assert np.allclose(jacobian(lambda x: anp.dot(SQUARE, x))(np.ones(3)), SQUARE)
    assert np.allclose(
        hessian(lambda x: anp.sum(x**3))(np.arange(3.0)), np.diag(6 * np.arange(3.0))
    )


def test_a_function_that_returns_no_number_is_refused():
    with pytest.raises(TypeError, match="real scalar"), pytest.warns(UserWarning):
        grad(lambda x: anp.allclose(x, x))(X)


def test_complex_gradients_have_the_holomorphic_convention():
    z = 0.5 + 2j
    found = autograd.holomorphic_grad(lambda z: z**2 * anp.exp(z))(z)
    assert np.allclose(found, (2 * z + z**2) * np.exp(z))


def test_both_faces_in_one_program():
    w = autograd.ones(3, dtype=autograd.float64, requires_grad=True)
    assert np.allclose(grad(lambda x: anp.sum(w * x * x))(np.arange(3.0)), 2 * np.arange(3.0))
    assert autograd.grad((w * w).sum(), w)[0].tolist() == [2.0, 2.0, 2.0]


def test_its_rooms_are_our_own():
    rooms = [anp.fft, anp.linalg, anp.random]
    names = [f"autograd.numpy.{name}" for name in ("fft", "linalg", "random")]
    assert [one.__name__ for one in rooms] == names


@pytest.mark.parametrize("other", [None, "a"], ids=["None", "str"])
def test_what_is_no_number_is_refused(other):
    for form in (lambda x: x + other, lambda x: other * x, lambda x: anp.maximum(x, other)):
        for _ in range(2):  # an operator's first call takes another way
            with pytest.raises(TypeError, match="must be numbers or arrays of them; got"):
                grad(lambda x, form=form: anp.sum(form(x)))(X)
