"""Factorisations beyond the table: complex gradients, equal values, what is refused."""

import numpy as np
import pytest

import autograd
from autograd import linalg

RANDOM = np.random.default_rng(0)
TALL = autograd.tensor(RANDOM.standard_normal((2, 4, 3, 2)) @ [1, 1j])
WIDE = TALL.mT.clone()
SQUARE = TALL[:, :3]


def eigenvectors(z):
    values, vectors = linalg.eigh(z + z.mH)
    return values.sum() + abs(vectors[..., 0, :]).square()


INVARIANT = {
    "qr": (lambda z: abs(linalg.qr(z).Q).sum() + abs(linalg.qr(z).R).sum(), (TALL, SQUARE)),
    "svd": (lambda z: sum([abs(one).sum() for one in linalg.svd(z)]), (SQUARE,)),
    "svd without all": (
        lambda z: sum([abs(one).sum() for one in linalg.svd(z, full_matrices=False)]),
        (TALL, WIDE),
    ),
    "svdvals": (lambda z: linalg.svdvals(z), (TALL, WIDE)),
    "eigh": (eigenvectors, (SQUARE,)),
    "eigvalsh": (lambda z: linalg.eigvalsh(z + z.mH), (SQUARE,)),
    "eig": (lambda z: abs(linalg.eig(z).eigenvectors).sum(), (SQUARE,)),
    "eigvals": (lambda z: abs(linalg.eigvals(z)).sum(), (SQUARE, SQUARE.real)),
    "pinv": (lambda z: abs(linalg.pinv(z)).sum(), (TALL, WIDE)),
    "matrix_exp": (lambda z: abs(linalg.matrix_exp(z)).sum(), (SQUARE,)),
    "householder_product": (
        lambda z: abs(linalg.householder_product(z, z[..., 0, :2])).sum(),
        (TALL,),
    ),
    "ormqr": (lambda z: abs(autograd.ormqr(z, z[..., 0, :], z, transpose=True)).sum(), (TALL,)),
    "cond": (lambda z: linalg.cond(z).sum() + linalg.cond(z[..., :3, :], 1).sum(), (TALL,)),
}
CASES = [(name, z) for name, (_, samples) in INVARIANT.items() for z in samples]


@pytest.mark.parametrize("name, z", CASES)
def test_complex_gradients(name, z):
    leaf = z.clone().requires_grad_()
    assert autograd.gradcheck(INVARIANT[name][0], leaf)


def test_factors_make_the_matrix():
    for a in (TALL, WIDE, SQUARE, TALL.real, autograd.zeros(2, 0, 3), autograd.zeros(0, 3, 2)):
        for mode in ("reduced", "complete"):
            q, r = linalg.qr(a, mode)
            assert autograd.allclose(q @ r, a)
        u, s, vh = linalg.svd(a, full_matrices=False)
        assert autograd.allclose(u * s.unsqueeze(-2).to(u.dtype) @ vh, a)
        assert autograd.allclose(linalg.pinv(a).mH, linalg.pinv(a.mH))
    values, vectors = linalg.eig(SQUARE)
    assert autograd.allclose(SQUARE @ vectors, vectors * values.unsqueeze(-2))
    packed, tau = autograd.geqrf(TALL)
    q = linalg.householder_product(packed, tau)
    assert autograd.allclose(q @ packed[:, :3].triu(), TALL)
    c = TALL[..., :2]
    assert autograd.allclose(
        autograd.ormqr(packed, tau, autograd.ormqr(packed, tau, c), transpose=True), c
    )


def test_a_loss_of_equal_values_that_asks_for_no_basis_has_a_gradient():
    """A^½ by eigenvectors, at a multiple of the identity: every basis would do."""
    a = (4 * autograd.eye(3, dtype=autograd.float64)).requires_grad_()
    values, vectors = linalg.eigh(a)
    (vectors * values.sqrt() @ vectors.mT).diagonal().sum().backward()
    assert autograd.allclose(a.grad, autograd.eye(3, dtype=autograd.float64) / 4)
    a.grad = None
    (linalg.svdvals(a).sum() + linalg.eigvalsh(a).sum()).backward()
    assert a.grad.isfinite().all()


@pytest.mark.parametrize("loss", [
    lambda z: linalg.svd(z).U.sum().real, lambda z: linalg.eigh(z + z.mH).eigenvectors.sum().real,
    lambda z: linalg.eig(z).eigenvectors.sum().real,
])  # fmt: skip
def test_a_loss_that_depends_on_phases_is_refused(loss):
    with pytest.raises(RuntimeError, match="a loss must not depend on the phases of complex"):
        loss(SQUARE.clone().requires_grad_()).backward()


def test_gradients_that_there_are_not():
    for call, words in (
        (lambda a: linalg.qr(a, "complete").Q, "the added columns of Q are not determined"),
        (lambda a: linalg.qr(a, "r").R, "there is no gradient, which needs Q"),
        (lambda a: autograd.geqrf(a).a, "geqrf: it has no gradient"),
    ):
        with pytest.raises((RuntimeError, NotImplementedError), match=words):
            call(TALL.real.clone().requires_grad_()).sum().backward()


def test_tolerances():
    a = autograd.tensor([[4.0, 0.0], [0.0, 0.5]])
    assert linalg.matrix_rank(a).tolist() == 2 and linalg.matrix_rank(a, atol=0.5) == 1
    assert linalg.matrix_rank(a, rtol=autograd.tensor([0.1, 0.2, 1.0])).tolist() == [2, 1, 0]
    assert linalg.matrix_rank(-a, hermitian=True) == 2 and linalg.matrix_rank(a, 0.6) == 1
    assert linalg.pinv(a, rtol=0.2).tolist() == [[0.25, 0.0], [0.0, 0.0]]
    assert linalg.pinv(-a, hermitian=True).tolist() == [[-0.25, 0.0], [0.0, -2.0]]


def test_exponentials_of_any_size():
    a = autograd.tensor(RANDOM.standard_normal((4, 4)))
    for scale in (1e-9, 1e-3, 0.1, 1.0, 3.0, 30.0):
        skew = scale * (a - a.mT)
        q = linalg.matrix_exp(skew)
        assert autograd.allclose(q @ q.mT, autograd.eye(4, dtype=a.dtype), atol=1e-12)
        assert autograd.allclose(linalg.matrix_exp(-skew), q.mT, atol=1e-12)
    both = autograd.stack([1e-3 * a, 30 * (a - a.mT)])
    assert autograd.allclose(linalg.matrix_exp(both)[0], linalg.matrix_exp(both[0]), rtol=1e-14)
    assert linalg.matrix_exp(a * float("nan")).isnan().all()


NAN = autograd.full((2, 2), float("nan"))
A = TALL[0].real.float()
WRONG = {
    "linalg.qr(A, 'fast')": "mode must be 'reduced', 'complete' or 'r'",
    "linalg.svd(A, driver='gesvd')": "driver is for GPUs",
    "linalg.eigh(A[:3], 'X')": "UPLO must be 'L' or 'U'",
    "linalg.eigh(A)": r"square matrices \(\*, n, n\); got shape \(4, 3\)",
    "linalg.eig(A[0])": "a matrix, or a stack of them",
    "linalg.svd(A.int())": "must be of float32, float64 or complex numbers; got .*int32",
    "linalg.qr(A.half())": "must be of float32, float64 or complex numbers; got .*float16",
    "linalg.svd(NAN)": "the iteration must converge; it did not",
    "linalg.eig(NAN)": "the iteration must converge; it did not",
    "linalg.matrix_rank(A, atol=autograd.tensor(1j))": "atol must be real",
    "linalg.householder_product(A, A[:, 0])": "there is a reflection for each column at most",
    "linalg.householder_product(A.mT, A[0])": "must not have more columns than rows",
    "linalg.householder_product(A, A[0].double())": "dtype",
    "linalg.cond(A, 3)": "p must be None, 1, -1, 2, -2, inf, -inf, 'fro' or 'nuc'; got 3",
    "linalg.cond(A, 1)": "square matrices",
    "linalg.norm(A[None], 2)": r"ord needs a vector or a matrix; got shape \(1, 4, 3\)",
    "linalg.norm(A[None], dim=(0, 1, 2))": r"dim must name one axis or two; got \(0, 1, 2\)",
    "linalg.norm(A, 2, ())": r"dim must name one axis or two; got \(\)",
    "linalg.matrix_norm(A[0])": r"at least 2 dimensions; got \(3,\)",
    "linalg.matrix_norm(A, dim=(0,))": r"dim must name two axes; got \(0,\)",
    "linalg.matrix_norm(A, 1, (0, 0))": "each axis may be named once",
    "linalg.vector_norm(A.int(), dtype=autograd.float32)": "or complex dtype; got .*int",
    "linalg.vector_norm(A.double(), dtype=autograd.float32)": "not narrower; got .*float32",
    "linalg.matrix_norm(A, dtype=autograd.complex64)": "of the tensor's kind.*got .*complex64",
    "linalg.vector_norm(A[:0], -1)": r"ord -1 needs an element; got shape \(0, 3\)",
    "linalg.cross(A[0], A)": r"as many dimensions; got shapes \(3,\) and \(4, 3\)",
    "autograd.ormqr(A, A[0], A.mT)": r"Q has shape \(4, 4\), and other must fit it",
    "autograd.ormqr(A, A[0, :2], A)": "tau must be as many as there are reflections, 3; got 2",
}


@pytest.mark.parametrize("call", WRONG)
def test_what_is_refused(call):
    with pytest.raises((RuntimeError, NotImplementedError), match=WRONG[call]):
        eval(call, {"autograd": autograd, "linalg": linalg, "A": A, "NAN": NAN})


def test_condition_numbers_of_what_cannot_be_inverted():
    stack = autograd.tensor([[[1.0, 0.0], [0.0, 0.5]], [[1.0, 2.0], [2.0, 4.0]]])
    assert linalg.cond(stack, 1).tolist() == [2.0, float("inf")]
    assert linalg.cond(autograd.zeros(2, 0, 0), "fro").tolist() == [0.0, 0.0]
    assert linalg.cond(autograd.zeros(2, 0), 1) == 0
    assert linalg.cond(autograd.zeros(0, 2, 3), -2).tolist() == []
    assert linalg.cond(0 * stack[0]).isnan()  # 0 / 0, as PyTorch has it


def test_a_complex_norm_is_smooth_where_one_element_is_zero():
    z = autograd.tensor([[0j, 2.0], [1j, 1.0]], dtype=autograd.complex128, requires_grad=True)
    for norm in (autograd.norm, lambda z: linalg.vector_norm(z, dim=1, keepdim=True)):
        assert autograd.gradgradcheck(norm, z)


def test_complex_phases_are_compared_with_the_size_of_what_cancels():
    """Singular values over 10⁵ apart, in float32: what they are derived by twice is that large."""
    a = SQUARE[0].clone()
    u, _, vh = linalg.svd(a)
    s = autograd.tensor([1.0, 1e-2, 1e-5], dtype=a.dtype)
    z = (u * s @ vh).to(autograd.complex64).requires_grad_()
    (slope,) = autograd.grad(linalg.cond(z).sum(), z, create_graph=True)
    (second,) = autograd.grad(abs(slope).sum(), z)
    assert second.isfinite().all()


def test_norms_of_no_elements_are_zero():
    for ord in ("fro", "nuc", 1, 2, float("inf")):
        for shape in ((2, 0), (0, 2), (0, 0)):
            assert linalg.matrix_norm(autograd.zeros(shape), ord) == 0, (ord, shape)
