"""Complex numbers: an op has a gradient that is right by PyTorch's convention, or refuses."""

import warnings

import numpy as np
import pytest

import autograd
import nn.functional as F
from autograd import tensor
from autograd.engine.backward import grad
from tests.op_cases import ROWS, converted, differentiable, drawn, find, flat, leaves_from

Z = [1 + 2j, -3 + 0.5j]


def turned(array):
    """Real numbers made complex."""
    array = np.asarray(array)
    return array + 1j * np.roll(array, 1) if array.dtype.kind == "f" else array


def weights(outputs):
    """What to multiply the Jacobians by."""
    random = np.random.default_rng(3)
    drawn = [random.uniform(0.5, 1.5, (2, *one.shape)) for one in outputs]
    return [np.asarray(a + 1j * b) for a, b in drawn]


def called(row, sample):
    """The outputs that have a gradient, and the leaves; None where the op refuses."""
    args, kwargs, leaves = leaves_from(drawn(row, sample, np.float64), sample, make=turned)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outputs = flat((row.function or find(row.name))(*args, **kwargs))
    except (RuntimeError, TypeError) as error:
        assert "; " in str(error) and "got" in str(error) or "this one" in str(error), error
        return None
    return differentiable(outputs), leaves


SAMPLES = [
    pytest.param(row, sample, id=f"{row.name} {i}")
    for row in ROWS
    for i, sample in enumerate(row.samples)
    if row.orders and not row.name.startswith("ops.")
]


@pytest.mark.torch
@pytest.mark.parametrize(("row", "sample"), SAMPLES)
def test_a_gradient_is_pytorchs_or_refused(row, sample):
    torch = pytest.importorskip("torch")
    from tests.test_against_torch import known_to_torch, torch_function

    found = called(row, sample)
    if found is None or not found[0] or not known_to_torch(row):
        return
    ends, leaves = found
    given = weights(ends)
    ours = grad(ends, leaves, [tensor(w) for w in given], materialize_grads=True)
    theirs_leaves = []

    def convert(array, active):
        made = torch.from_numpy(np.array(turned(array) if active else array))
        if active:
            theirs_leaves.append(made.requires_grad_())
        return made

    args, kwargs = converted(drawn(row, sample, np.float64), sample, convert)
    try:
        outputs = [one for one in flat(torch_function(row)(*args, **kwargs)) if one.requires_grad]
    except RuntimeError:
        return  # PyTorch does not take complex numbers here
    theirs = torch.autograd.grad(
        outputs, theirs_leaves, [torch.from_numpy(w) for w in given], materialize_grads=True
    )
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.numpy(), b.resolve_conj().numpy(), rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda z: (z * (1 + 1j)).abs(), "Multiply"),
        (lambda z: z.abs(), "Absolute"),
        (lambda z: z * z, "Multiply"),
        (lambda z: 2.0 / z, "Divide"),
        (lambda z: z**3, "PowerOfNumber"),
        (lambda z: z.exp(), "Exp"),
        (lambda z: z @ z, "Dot"),
        (lambda z: z[None] @ z[:, None], "MM"),
        (lambda z: z.prod(), "Prod"),
        (lambda z: z.norm(), "Norm"),
        (lambda z: z.var(), "Var"),
        (lambda z: z.cumsum(0), "Cumsum"),
        (lambda z: z.real, "real"),
        (lambda z: z.mul_(2), "Multiply"),
    ],
)
def test_an_op_without_the_right_formula_refuses_and_is_named(call, name):
    z = tensor(Z, requires_grad=True)
    with pytest.raises(RuntimeError, match=rf"^{name}: .*complex.*two real tensors"):
        call(z.clone())
    with autograd.no_grad():
        call(z.clone())
    assert not call(z.detach().clone()).requires_grad


def test_complex_numbers_are_not_cut_to_their_real_part():
    z = tensor(Z)
    assert autograd.float_power(z, 2).dtype is autograd.complex128
    for call in (autograd.erf, autograd.erfc, autograd.erfinv, F.gelu):
        with pytest.raises(TypeError, match="complex"):
            call(z)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_complex_number_keeps_the_precision_of_the_tensor(dtype):
    x = autograd.ones(2, dtype=dtype)
    wanted = autograd.complex128 if dtype == "float64" else autograd.complex64
    assert (x + 1j).dtype == wanted
    assert (x * tensor(1j, dtype=autograd.complex128)).dtype == wanted
    assert (autograd.ones(2, dtype=autograd.int64) + 1j).dtype == autograd.complex64


def test_what_is_real_and_meets_complex_numbers():
    x = tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(RuntimeError, match="Multiply: .*got complex64"):
        x * (1 + 1j)
    (x + tensor(Z)).sum().backward(tensor(3 + 4j))
    assert x.grad.tolist() == [3.0, 3.0] and x.grad.dtype is autograd.float32


def test_gradients_of_gradients_are_linear_there_too():
    z = tensor(Z, requires_grad=True)
    v = tensor([1 + 1j, 2 - 1j], requires_grad=True)
    (g,) = grad(-z.flip(0), z, v, create_graph=True)
    (back,) = grad(g, v, tensor(Z))
    assert back.tolist() == [3 - 0.5j, -1 - 2j]


def test_a_complex_result_has_no_gradient_by_itself():
    z = tensor(Z, requires_grad=True)
    with pytest.raises(
        RuntimeError, match="backward: .*only for real outputs; this one is complex"
    ):
        z.sum().backward()
    z.sum().backward(tensor(1 - 1j))
    assert z.grad.tolist() == [1 - 1j, 1 - 1j]


class Square(autograd.Function):
    """An op from outside."""

    def forward(self, x):
        return x * x

    def grad_x(self, g, x):
        return g * np.conjugate(2 * x)


class ComplexSquare(Square):
    takes_complex = True


def test_an_op_from_outside_says_that_its_formulas_hold():
    z = tensor([1 + 2j], requires_grad=True)
    with pytest.raises(RuntimeError, match="^Square: .*complex64"):
        Square.apply(z)
    ComplexSquare.apply(z).backward(tensor([1 + 0j]))
    assert z.grad.tolist() == [2 - 4j]


def test_pytorchs_form_is_its_authors_business():
    class Conjugated(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.conj()

        @staticmethod
        def backward(ctx, g):
            return g.conj()

    z = tensor([1 + 2j], requires_grad=True)
    Conjugated.apply(z).backward(tensor([3 + 4j]))
    assert z.grad.tolist() == [3 - 4j]
