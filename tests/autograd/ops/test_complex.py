"""Complex numbers: an op has a gradient that is right by PyTorch's convention, or refuses."""

import math
import warnings

import numpy as np
import pytest

import autograd
import nn
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
    return [
        np.asarray(a + 1j * b if one.dtype.is_complex else a)
        for (a, b), one in zip(drawn, outputs, strict=True)
    ]


def called(row, sample):
    """The outputs that have a gradient, and the leaves; None where the op refuses."""
    args, kwargs, leaves = leaves_from(drawn(row, sample, np.float64), sample, make=turned)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outputs = flat((row.function or find(row.name))(*args, **kwargs))
    except (RuntimeError, TypeError, ValueError) as error:
        assert "; " in str(error) and "got" in str(error) or "this one" in str(error), error
        return None
    return differentiable(outputs), leaves


SAMPLES = [
    pytest.param(row, sample, id=f"{row.name} {i}")
    for row in ROWS
    for i, sample in enumerate(row.samples)
    if row.orders and not row.name.startswith("ops.")
]


# Where finite differences say that PyTorch's complex gradient is wrong, and that ours is right.
WRONG_THERE = {"cholesky_inverse"}


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's own
@pytest.mark.parametrize(("row", "sample"), SAMPLES)
def test_a_gradient_is_pytorchs_or_refused(row, sample):
    torch = pytest.importorskip("torch")
    from tests.test_against_torch import known_to_torch, torch_function

    found = called(row, sample)
    if found is None or not found[0] or not known_to_torch(row) or row.name in WRONG_THERE:
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
    except (RuntimeError, AssertionError):
        return  # PyTorch does not take complex numbers here
    if not outputs:
        return  # of nothing, PyTorch makes a constant
    for a, b in zip(ends, outputs, strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().resolve_conj().numpy(), 1e-9)
    seeds = [torch.from_numpy(w) for w in given]
    try:
        theirs = torch.autograd.grad(outputs, theirs_leaves, seeds, materialize_grads=True)
    except RuntimeError as error:
        # of a src that is larger than the index; of ldl_solve; of cond and vander
        words = "invalid gradient", "not implemented", "modified by an inplace"
        assert any(one in str(error) for one in words)
        return
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.numpy(), b.resolve_conj().numpy(), rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda z: z.softmax(0), "Softmax"),
        (lambda z: F.silu(z), "Silu"),
        (lambda z: F.avg_pool1d(z[None], 2), "AvgPool"),
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
    (x + tensor(Z)).sum().backward(tensor(3 + 4j))
    assert x.grad.tolist() == [3.0, 3.0] and x.grad.dtype is autograd.float32
    (g,) = grad(x * (1 + 2j), x, tensor([1 + 1j, 1j]))
    assert g.tolist() == [3.0, 2.0] and g.dtype is autograd.float32


def test_gradients_of_gradients_are_linear_there_too():
    z = tensor(Z, requires_grad=True)
    v = tensor([1 + 1j, 2 - 1j], requires_grad=True)
    (g,) = grad(-z.flip(0), z, v, create_graph=True)
    (back,) = grad(g, v, tensor(Z))
    assert back.tolist() == [3 - 0.5j, -1 - 2j]


def test_what_is_written_at_an_index_has_a_gradient():
    z, w = tensor(Z, requires_grad=True), tensor([2 - 1j], requires_grad=True)
    x = tensor([3.0], requires_grad=True)
    y = z * 1
    y[:1] = w
    y[1:] = x
    (y * tensor([1j, 2 + 1j])).sum().backward(tensor(1 + 0j))
    assert z.grad.tolist() == [0, 0] and w.grad.tolist() == [-1j]
    assert x.grad.tolist() == [2.0] and x.grad.dtype is autograd.float32


FACTOR = np.array([[2, 0], [1 - 1j, 1.5]])
SPECTRA = np.array([[1 + 1j, 2], [0.5j, 1], [1, -1j], [2 - 1j, 0.5]])


@pytest.mark.parametrize(
    ("call", "arrays"),
    [
        (lambda a: a.tril().cholesky_inverse(), [FACTOR]),
        (lambda a: a.mT.triu().cholesky_inverse(True), [FACTOR]),
        (lambda a, b: b.cholesky_solve(a.tril()), [FACTOR, FACTOR * 1j]),
        (autograd.polar, [np.array([1.0, -2.0]), np.array([0.3, 0.7])]),
        (
            lambda z, w: autograd.istft(z, 4, 1, 2, window=w, return_complex=True),
            [SPECTRA, np.array([1 + 0.5j, 2 - 1j])],
        ),
    ],
    ids=["cholesky_inverse", "upper", "cholesky_solve", "polar", "istft"],
)
def test_gradients_that_pytorch_gets_wrong_are_those_of_differences(call, arrays):
    """Of complex factors, of negative radii, of a window that is shorter than the transform."""
    leaves = [tensor(one, requires_grad=True) for one in arrays]
    assert autograd.gradcheck(call, leaves) and autograd.gradgradcheck(call, leaves)


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
        return g * 2 * x


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


# -- the doors: PyTorch's convention outside, unconjugated formulas inside -------------------------

W = [2 + 1j, 1 - 3j]
SLOPES = [(a * b).conjugate() * 2 for a, b in zip(W, Z)]  # of Σ w z², by z, in PyTorch's convention


def squares(z, w):
    return z * z * w


def test_every_way_out_shows_the_conjugate():
    z, w = tensor(Z, requires_grad=True), tensor(W)
    one = tensor([1 + 0j, 1 + 0j])
    assert grad(squares(z, w), z, one)[0].tolist() == SLOPES
    (recorded,) = grad(squares(z, w), z, one, create_graph=True)
    assert recorded.tolist() == SLOPES and recorded.requires_grad
    rows = tensor([[1 + 0j, 0j], [0j, 1 + 0j]])
    (both,) = grad(squares(z, w), z, rows, is_grads_batched=True)
    assert both.tolist() == [[SLOPES[0], 0j], [0j, SLOPES[1]]]
    y = z * 1
    y.retain_grad()
    squares(y, w).backward(one)
    assert z.grad.tolist() == y.grad.tolist() == SLOPES
    squares(z, w).backward(one)
    assert z.grad.tolist() == [2 * one for one in SLOPES]  # added up
    z.grad = None
    squares(z, w).backward(one, create_graph=True)
    assert z.grad.tolist() == SLOPES
    y = z * 1
    squares(y, w).backward(one, inputs=[y])
    assert y.grad.tolist() == SLOPES


@pytest.mark.parametrize("create_graph", [False, True])
def test_hooks_see_the_conjugate_and_may_give_one_back(create_graph):
    z, w = tensor(Z, requires_grad=True), tensor(W)
    seen = []

    def look(*given):
        parts = [one for part in given for one in (part if type(part) is tuple else (part,))]
        seen.append([one.tolist() for one in parts if one is not None])

    y = z * z
    out = y * w
    for node in (y.grad_fn, out.grad_fn):
        node.register_hook(look)
        node.register_prehook(look)
    y.register_hook(look)
    z.register_hook(look)
    (g,) = grad(out, z, tensor([1 + 1j, 1j]), create_graph=create_graph)
    at_y = [(1 + 1j) * W[0].conjugate(), 1j * W[1].conjugate()]
    at_z = [2 * a * b.conjugate() for a, b in zip(at_y, Z)]
    assert seen[0] == [[1 + 1j, 1j]] and seen[1] == [at_y, [1 + 1j, 1j]]
    assert seen[2] == [at_y] and seen[3] == [at_y] and seen[-1] == [at_z] and g.tolist() == at_z

    out = z * w
    out.register_hook(lambda g: g * (2 + 1j))
    out.grad_fn.register_hook(lambda inward, outward: (inward[0] * 1j, None))
    (g,) = grad(out, z, tensor([1 + 0j, 1 + 0j]), create_graph=create_graph)
    assert g.tolist() == [(2 + 1j) * 1j * one.conjugate() for one in W]


def test_hooks_of_modules_see_it_too():
    class Twice(nn.Module):
        def forward(self, x):
            return x * tensor(W)

    seen = []
    module = Twice()
    module.register_full_backward_hook(
        lambda module, inward, outward: seen.extend([inward[0].tolist(), outward[0].tolist()])
    )
    z = tensor(Z, requires_grad=True)
    module(z).backward(tensor([1j, 1 + 0j]))
    assert seen == [[1j * W[0].conjugate(), W[1].conjugate()], [1j, 1 + 0j]]
    assert z.grad.tolist() == seen[0]


def test_a_gradient_of_a_gradient_passes_the_doors_twice():
    """d/dz of |dL/dz|² for L = Re Σ w z²: dL/dz is 2 conj(wz), so it is 8 |w|² z."""
    z, w = tensor(Z, requires_grad=True), tensor(W)
    (g,) = grad(squares(z, w).sum().real, z, create_graph=True)
    assert g.tolist() == SLOPES
    (second,) = grad((g * g.conj()).sum().real, z)
    np.testing.assert_allclose(second.numpy(), [8 * abs(b) ** 2 * a for a, b in zip(Z, W)], 1e-6)


def test_pytorchs_form_has_pytorchs_convention_in_recorded_passes_too():
    class Product(autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, g):
            x, y = ctx.saved_tensors
            return g * y.conj(), g * x.conj()

    z, w = (tensor(one, dtype=autograd.complex128, requires_grad=True) for one in (Z, W))
    assert autograd.gradcheck(Product.apply, (z, w))
    assert autograd.gradgradcheck(Product.apply, (z, w))


def test_gradcheck_finds_a_forgotten_conjugate():
    class Forgotten(Square):
        takes_complex = True

        def grad_x(self, g, x):
            return g * 2 * np.conjugate(x)

    z = tensor(Z, dtype=autograd.complex128, requires_grad=True)
    assert autograd.gradcheck(ComplexSquare.apply, z)
    with pytest.raises(autograd.GradcheckError, match="imaginary part"):
        autograd.gradcheck(Forgotten.apply, z)


@pytest.mark.parametrize(
    "function",
    [
        autograd.real, autograd.imag, autograd.conj, autograd.abs, autograd.angle, autograd.sgn,
        autograd.view_as_real, lambda z: autograd.view_as_complex(autograd.view_as_real(z) * 2),
        lambda z: autograd.polar(z.real, z.imag), lambda z: autograd.complex(z.imag, z.real),
        lambda z: z.real.to(autograd.complex128) * z, lambda z: z.real + z, lambda z: z / z.imag,
    ],
)  # fmt: skip
def test_parts_and_casts(function):
    z = tensor(Z, dtype=autograd.complex128, requires_grad=True)
    assert autograd.gradcheck(function, z)
    assert autograd.gradgradcheck(function, z)


def test_singular_points_have_the_gradient_zero():
    z = tensor([0j, 3 + 4j], requires_grad=True)
    for function in (autograd.abs, autograd.angle, lambda z: autograd.sgn(z).real):
        (g,) = grad(function(z).sum(), z)
        assert g.tolist()[0] == 0j and g.tolist()[1] != 0j
    with pytest.raises(TypeError, match="^sign: .*Use sgn"):
        autograd.sign(z)


INDEX = tensor([0, 1])
REAL = {
    "Relu": lambda z: z.relu(),
    "Maximum": lambda z: autograd.maximum(z, z),
    "clamp": lambda z: z.clamp(min=0),
    "Less": lambda z: z < 1,
    "GreaterEqual": lambda z: autograd.ge(1, z),
    "Lgamma": lambda z: autograd.lgamma(z),
    "Floor": lambda z: z.floor(),
    "amax": lambda z: z.amax(),
    "max": lambda z: z.max(0),
    "argmin": lambda z: z.argmin(),
    "median": lambda z: z.median(),
    "nanmedian": lambda z: z.nanmedian(),
    "mode": lambda z: z.mode(),
    "cummax": lambda z: z.cummax(0),
    "unique": lambda z: z.unique(),
    "isposinf": lambda z: z.isposinf(),
    "scatter_reduce": lambda z: z.scatter_reduce(0, INDEX, z, "amin"),
    "max_pool": lambda z: F.max_pool1d(z[None], 2),
}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("requires_grad", [False, True])
def test_what_real_numbers_alone_have_is_refused_to_complex_ones(name, requires_grad):
    with pytest.raises(TypeError, match=rf"^{name}: .*complex64.*z\.(abs|real)"):
        REAL[name](tensor(Z, requires_grad=requires_grad))


def test_an_op_of_ones_own_takes_what_its_forward_takes():
    class Doubled(autograd.Elementwise):
        def forward(self, x):
            return x * 2

        def grad_x(self, g):
            return g * 2

    assert Doubled.apply(tensor(Z)).tolist() == [2 + 4j, -6 + 1j]
    assert autograd.nan_to_num(tensor([complex(math.nan, 1)])).tolist() == [1j]


def test_what_parts_cannot_be_taken_of():
    x = autograd.ones(3, 2)
    for call, match in [
        (lambda: autograd.view_as_real(x), "only complex"),
        (lambda: autograd.view_as_complex(x.long()), "float32 or float64"),
        (lambda: autograd.view_as_complex(x[:, :1]), "pairs"),
        (lambda: autograd.view_as_complex(x.t()[:, :2]), "side by side"),
        (lambda: autograd.complex(x, x.double()), "both be float32"),
        (lambda: autograd.polar(x.long(), x.long()), "both be float32"),
    ]:
        with pytest.raises(RuntimeError, match=match):
            call()


def doubled(z):
    z.real.mul_(2)
    return z


def assigned(z):
    part = z.real.clone()
    z.imag = part * part
    return z * z


def through_pairs(z):
    autograd.view_as_real(z)[..., 1] *= z.real.clone() + 1
    return z * z


def seen_afterwards(z):
    part, pairs = z.imag, autograd.view_as_real(z)
    z.mul_(1 + 2j)
    return part * pairs[..., 0]


def written_as_complex(z):
    pairs = autograd.view_as_real(z) * 1
    rest = pairs[0]
    autograd.view_as_complex(pairs).mul_(2 - 1j)
    return pairs * rest


@pytest.mark.parametrize(
    "function", [doubled, assigned, through_pairs, seen_afterwards, written_as_complex]
)
def test_what_is_written_through_a_part_reaches_the_whole(function):
    z = tensor(Z, dtype=autograd.complex128, requires_grad=True)
    assert autograd.gradcheck(lambda z: function(z * 1), z)
    assert autograd.gradgradcheck(lambda z: function(z * 1), z)


def test_parts_share_memory():
    z = tensor(Z)
    z.real, z.imag[0] = 5, 7
    assert z.tolist() == [5 + 7j, 5 + 0.5j]
    autograd.view_as_real(z)[1, 0] = 0
    assert z.tolist() == [5 + 7j, 0.5j] and not z.is_conj() and not z.conj().is_conj()


def test_logaddexp_of_complex_numbers_far_apart():
    x, y = (
        tensor(one, dtype=autograd.complex128, requires_grad=True)
        for one in ([1000 + 1j, 0, -math.inf, -math.inf], [1000 + 1j, 1000 + 2j, 1j, -math.inf])
    )
    out = autograd.logaddexp(x, y)
    expected = [1000 + math.log(2) + 1j, 1000 + 2j, 1j, -math.inf]
    np.testing.assert_allclose(out.detach().numpy(), expected)
    given = autograd.grad(out.real[:2].sum(), (x, y))
    assert [one[:2].tolist() for one in given] == [[0.5, 0], [0.5, 1]]
