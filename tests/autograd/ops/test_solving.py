"""Linear algebra that solves: what is refused, singular matrices, and ways that must agree."""

import numpy as np
import pytest

import autograd
import optim
from autograd import linalg
from autograd.kernels import lapack
from autograd.kernels.ldl import ldl_factored
from autograd.kernels.lu import lu_factored, order_of
from autograd.kernels.triangular import triangular_solved

SINGULAR = autograd.tensor([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 2.0], [2.0, 4.0]]])


@pytest.mark.parametrize(
    "call",
    [
        linalg.inv,
        lambda a: linalg.solve(a, autograd.ones(2, 1)),
        lambda a: linalg.cholesky(a - autograd.eye(2) * 0.1),
        lambda a: linalg.matrix_power(a, -1),
        linalg.lu_factor,
        lambda a: linalg.ldl_factor(a * autograd.tensor([1.0, 0.0])[:, None, None]),
        lambda a: linalg.inv_ex(a, check_errors=True),
    ],
)
def test_singular_matrices_are_refused_by_their_place_in_the_batch(call):
    with pytest.raises(linalg.LinAlgError, match="batch element 1") as told:
        call(SINGULAR)
    assert isinstance(told.value, RuntimeError) and "place" in vars(told.value)


def test_what_says_in_info_that_a_matrix_is_singular():
    for result, info in (
        linalg.inv_ex(SINGULAR),
        linalg.solve_ex(SINGULAR, autograd.eye(2)),
        linalg.cholesky_ex(SINGULAR - autograd.eye(2) * 0.1),
    ):
        assert info.tolist() == [0, 2] and info.dtype is autograd.int32
        assert result[0].isfinite().all() and result[1].isnan().all()


def test_other_arguments_are_refused():
    a = autograd.eye(2)
    for call in (
        lambda: linalg.inv(autograd.ones(2, 3)),
        lambda: linalg.inv(autograd.ones(2)),
        lambda: linalg.inv(a.long()),
        lambda: linalg.inv(a.half()),
        lambda: linalg.solve(a, a.double()),
        lambda: linalg.solve(a, autograd.ones(3)),
        lambda: linalg.solve(a, autograd.ones(2), left=False),
        lambda: linalg.lu(a, pivot=False),
        lambda: linalg.lstsq(autograd.ones(()), autograd.ones(())),
        lambda: linalg.lstsq(a, a, driver="best"),
        lambda: linalg.lstsq(a * 0, a, driver="gels"),
        lambda: linalg.multi_dot([autograd.ones(2, 1), autograd.ones(3, 2)]),
        lambda: autograd.cholesky_inverse(a * 0),
        lambda: linalg.ldl_factor(autograd.ones(2, 3)),
        lambda: linalg.ldl_solve(a, autograd.ones(2), a),
        lambda: linalg.ldl_solve(a, autograd.tensor([1, 2]), a[:1]),
        lambda: linalg.ldl_solve(a, autograd.tensor([1, 2]), a.double()),
        lambda: linalg.ldl_factor(a.requires_grad_()).LD.sum().backward(),
    ):
        with pytest.raises(RuntimeError):
            call()


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_det_of_singular_matrices_has_both_derivatives(rank):
    random = np.random.default_rng(rank)
    array = random.normal(size=(3, rank)) @ random.normal(size=(rank, 3))
    directions = [autograd.tensor(random.normal(size=(3, 3))) for _ in range(2)]
    a = autograd.tensor(array).requires_grad_()
    (slope,) = autograd.grad(linalg.det(a), a, create_graph=True)
    along = (slope * directions[0]).sum()
    (second,) = autograd.grad(along, a)
    u, v = (one.numpy() for one in directions)

    def det(s, t):
        return np.linalg.det(array + s * u + t * v)

    # a polynomial of degree 3: fourth differences are exact but for rounding
    first = (8 * (det(0.5, 0) - det(-0.5, 0)) - (det(1, 0) - det(-1, 0))) / 6
    assert along.item() == pytest.approx(first, abs=1e-12)
    mixed = (det(1, 1) - det(1, -1) - det(-1, 1) + det(-1, -1)) / 4
    assert (second * directions[1]).sum().item() == pytest.approx(mixed, abs=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
def test_slogdet_of_singular_matrices_leaves_others_their_gradient(dtype):
    a = autograd.stack([2 * autograd.eye(2), SINGULAR[1], autograd.zeros(2, 2)]).to(
        getattr(autograd, dtype)
    )
    a.requires_grad_()
    sign, logs = linalg.slogdet(a)
    assert sign[1:].tolist() == [0, 0] and logs[1:].tolist() == [-float("inf")] * 2
    (slope,) = autograd.grad(logs[:2].sum(), a, create_graph=True)
    half = autograd.eye(2, dtype=a.dtype) / 2
    assert slope.dtype is a.dtype and autograd.allclose(slope[0], half)
    assert slope[1].isnan().all() and (slope[2] == 0).all()
    (second,) = autograd.grad(slope.real.sum(), a)
    assert autograd.allclose(second[0], autograd.full((2, 2), -0.25, dtype=a.dtype))
    assert second[1].isnan().all()
    (slope,) = autograd.grad(autograd.where(logs.isfinite(), logs, 0.0).sum(), a)
    assert autograd.allclose(slope[0], half) and (slope[1:] == 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
def test_scipys_lapack_and_numpy_give_the_same(monkeypatch, dtype):
    random = np.random.default_rng(0)
    a = random.normal(size=(70, 70)).astype(dtype)
    if dtype == np.complex128:
        a = a + 1j * random.normal(size=(70, 70))
    lower = np.tril(a) + 40 * np.eye(70, dtype=dtype)
    found = []
    for installed in (True, False):
        if not installed:
            monkeypatch.setattr(lapack, "_lapack", lambda: None)
        packed, pivots = lu_factored(a)
        x = triangular_solved(lower, a[:, :3], upper=False, unit=False)
        assert packed.dtype == x.dtype == dtype
        found.append((packed, pivots, x, triangular_solved(lower.T, a, upper=True, unit=True)))
        for hermitian in (False, True):
            found[-1] += ldl_factored(a, hermitian=hermitian)
        factors = np.tril(packed, -1) + np.eye(70), np.triu(packed)
        order = order_of(pivots, rows=70)
        np.testing.assert_allclose(factors[0] @ factors[1], a[order], rtol=1e-3, atol=1e-3)
    tolerance = 1e-3 if dtype == np.float32 else 1e-9
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * np.abs(other).max())


@pytest.mark.torch
@pytest.mark.parametrize("n", [2, 5, 40])
@pytest.mark.parametrize("hermitian", [None, False, True])
def test_symmetric_factors_are_torchs(n, hermitian):
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(n)
    a = random.normal(size=(4, n, n)) * np.array([1, 0.1, 0, 0])[:, None, None]
    a[2:] = np.where(np.eye(n), 0, random.normal(size=(2, n, n)))  # none can stand alone at first
    a = a if hermitian is None else a + 1j * random.normal(size=a.shape)
    b, options = random.normal(size=(4, n, 2)).astype(a.dtype), {"hermitian": bool(hermitian)}
    found = linalg.ldl_factor_ex(autograd.tensor(a), **options)
    expected = torch.linalg.ldl_factor_ex(torch.tensor(a), **options)
    solved = linalg.ldl_solve(*found[:2], autograd.tensor(b), **options)
    wanted = torch.linalg.ldl_solve(*expected[:2], torch.tensor(b), **options)
    for one, other in zip((*found, solved), (*expected, wanted), strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), 1e-9, 1e-9)
    both = np.tril(a) + np.swapaxes(np.tril(a, -1), -1, -2)
    if hermitian:
        both = np.tril(a, -1) + np.swapaxes(np.tril(a, -1), -1, -2).conj() + np.eye(n) * a.real
    np.testing.assert_allclose(both @ solved.numpy(), b, 1e-6, 1e-6)


def test_lu_gives_a_permutation_too():
    a = autograd.tensor([[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]] * 2)
    p, lower, upper = linalg.lu(a)
    assert p.shape == (2, 3, 3) and autograd.allclose(p @ lower @ upper, a)
    again = autograd.lu_unpack(*linalg.lu_factor_ex(a)[:2])
    assert all(autograd.equal(x, y) for x, y in zip(again, (p, lower, upper), strict=True))


def test_lstsq_says_what_its_driver_says():
    a, b = autograd.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), autograd.tensor([1.0, 3.0, 6.0])
    shapes = {None: (0, (), 0), "gelsy": (0, (), 0), "gels": (1, (0,), 0), "gelsd": (1, (), 2)}
    for driver, (residuals, rank, values) in shapes.items():
        found = linalg.lstsq(a, b, driver=driver)
        assert found.residuals.shape == (residuals,) and found.rank.shape == rank
        assert found.singular_values.shape == (values,)
    deficient = linalg.lstsq(autograd.ones(3, 2), b)
    assert deficient.rank.item() == 1
    assert autograd.allclose(deficient.solution, autograd.full((2,), 10 / 6))


def test_what_divides_by_zero_is_infinite():
    x = linalg.solve_triangular(autograd.tensor([[2.0, 1], [0, 0]]), autograd.eye(2), upper=True)
    assert x[1, 1] == float("inf") and x[0, 1] == -float("inf") and x[:, 0].isnan().all()


def test_lstsq_takes_a_right_side_of_fewer_axes_for_vectors_where_it_has_their_shape():
    a = autograd.tensor(np.random.default_rng(0).normal(size=(2, 3, 2)))
    b = a.sum(-1)
    assert autograd.allclose(linalg.lstsq(a, b).solution, autograd.ones_like(b[:, :2]))
    x = linalg.lstsq(a, b.mT).solution  # (3, 2), for both
    assert autograd.allclose(x[0][:, :1], autograd.ones_like(x[0][:, :1])) and x.shape == (2, 2, 2)


def test_a_gaussian_process_learns_its_length_scale():
    """By the marginal likelihood (Rasmussen & Williams 2006, equation 5.8), cholesky and LBFGS."""
    x = autograd.linspace(0, 4, 25, dtype=autograd.float64)
    y = (2 * x).sin() + autograd.tensor(np.random.default_rng(0).normal(0, 0.1, 25))
    logs = autograd.tensor([0.0, 0.0, -2.0], dtype=autograd.float64, requires_grad=True)
    rule = optim.LBFGS([logs], line_search_fn="strong_wolfe", max_iter=50)

    def loss():
        scale, height, noise = logs.exp()
        gram = height * (-((x[:, None] - x) ** 2) / (2 * scale**2)).exp()
        factor = linalg.cholesky(gram + noise * autograd.eye(25, dtype=autograd.float64))
        half = linalg.solve_triangular(factor, y[:, None], upper=False)
        return 0.5 * (half**2).sum() + factor.diagonal().log().sum()

    def closure():
        rule.zero_grad()
        value = loss()
        value.backward()
        return value

    before = loss().item()
    rule.step(closure)
    assert loss().item() < before - 5 and 0.4 < logs[0].exp().item() < 2
