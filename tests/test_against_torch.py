"""The table of ops, and the dtypes of mixed operands, beside an installed PyTorch."""

import math
import operator

import numpy as np
import pytest

import autograd
from autograd.engine.backward import grad
from tests.agreement import agree
from tests.op_cases import (
    ROWS,
    cases,
    converted,
    cotangents,
    differentiable,
    drawn,
    find,
    flat,
    leaf,
    leaves_from,
)

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


def torch_function(row):
    if row.function is not None or callable(row.torch):
        return row.torch if callable(row.torch) else row.function
    name = row.name if row.torch == "same" else row.torch
    return operator.attrgetter(name)(torch)


def known_to_torch(row):
    if row.torch is None or row.name.startswith("ops."):
        return False
    try:
        return torch_function(row) is not None
    except AttributeError:
        return False


def test_every_row_is_compared():
    expected = [row for row in ROWS if not row.name.startswith("ops.") and row.torch is not None]
    unknown = [row.name for row in expected if not known_to_torch(row)]
    assert not unknown, f"not in torch; give the row's torch=: {unknown}"


def torch_arguments(row, sample, dtype):
    leaves = []

    def convert(array, active):
        tensor = torch.from_numpy(np.array(array))
        if active:
            leaves.append(tensor.requires_grad_())
        return tensor

    args, kwargs = converted(drawn(row, sample, dtype), sample, convert)
    return args, kwargs, leaves


def arrays_of(tensors):
    return [
        one.detach().numpy(force=True) if hasattr(one, "detach") else np.asarray(one)
        for one in tensors
    ]


def dtype_name(value):
    return str(getattr(value, "dtype", type(value).__name__)).rpartition(".")[2]


# Where the terms of a row cancel, what is left is small beside them: how many times as far from the
# oracle values and gradients may be, and second derivatives.
CANCELLING = {
    "atan2": (1, 4),
    "copysign": (1, math.inf),  # 0 here; PyTorch subtracts two quotients
    "einsum": (2, 1),
    "hypot": (1, 4),
    "log_softmax": (1, 4),
    "logaddexp": (1, 8),
    "logaddexp2": (1, 16),
    "logcumsumexp": (1, 8),
    "logsumexp": (1, 8),
    "masked.cumprod": (16, 16),
    "masked.log_softmax": (1, 4),
    "masked.logsumexp": (1, 8),
    "masked.mean": (16, 1),
    "masked.softmax": (16, 16),
    "masked.softmin": (16, 16),
    "mean": (16, 1),
    "mvlgamma": (8, 8),
    "nanmean": (4, 1),
    "nn.functional.batch_norm": (16, 64),
    "nn.functional.adaptive_avg_pool2d": (32, 1),
    "nn.functional.adaptive_avg_pool3d": (32, 1),
    "nn.functional.binary_cross_entropy": (1, 2**17),  # PyTorch keeps 1e-12 away from 0
    "nn.functional.cross_entropy": (1, 8),
    "nn.functional.group_norm": (16, 64),
    "nn.functional.instance_norm": (16, 64),
    "nn.functional.layer_norm": (16, 64),
    "nn.functional.linear_cross_entropy": (1, 8),
    "nn.functional.log_softmax": (1, 4),
    "nn.functional.multi_head_attention_forward": (32, 32),
    "nn.functional.scaled_dot_product_attention": (4, 16),
    "nn.functional.rms_norm": (16, 64),
    "nn.functional.softmax": (4, 16),
    "nn.functional.softmin": (4, 16),
    "nn.functional.tanhshrink": (32, 1),
    "nn.functional.triplet_margin_loss": (4, 1),
    "scatter_reduce": (1, 4),
    "sinc": (1, 16),
    "softmax": (4, 16),
    **{  # PyTorch's own are some units off, and products of them more
        f"special.{one}": (32, 256)
        for one in "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 erfcx i0e i1 i1e "
        "ndtri shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w".split()
    },
    "special.log_ndtr": (2**9, math.inf),  # of PyTorch's, whose φ / Φ is made of rounded squares
    **{  # LAPACK's order of operations is another
        f"linalg.{one}": (32, 2**12)
        for one in "cond eig eigh eigvals eigvalsh householder_product inv inv_ex lu_factor "
        "lu_factor_ex matrix_norm pinv qr solve solve_ex svd svdvals tensorinv tensorsolve".split()
    },
    "linalg.lstsq": (2**10, 2**16),
    "norm": (16, 2**12),  # of singular values
    "linalg.vector_norm": (1, 8),
    **{
        one: (32, 2**12)
        for one in "cholesky_inverse igamma igammac inverse lu matrix_exp orgqr ormqr pca_lowrank "
        "pinverse qr svd svd_lowrank".split()
    },
    "std": (1, 8),
    "std_mean": (16, 1),
    "sum": (4, 1),
    "var_mean": (16, 1),
}
# PyTorch's polygamma is this good, in whatever dtype
SHORT_SERIES = {"lgamma": 1e-8, "digamma": 1e-8, "polygamma": 1e-8, "mvlgamma": 1e-8}
SHORT_SERIES |= {f"special.bessel_{one}": 1e-6 for one in ("j0", "j1", "y0", "y1")}
SHORT_SERIES |= {
    "igamma": 1e-8,
    "igammac": 1e-8,
    "special.airy_ai": 1e-7,
}
# What it says of float16, where it has nothing for it
NO_HALF = ("not implemented for 'Half'", "float or double", "type: Half", "dtype Half")
NO_HALF += ("Low precision dtypes", "other than float and double", "of float, double, cfloat")
NO_HALF += ("must have a last dimension with stride 1",)  # strides of empty arrays are 0 in NumPy
OVERFLOWS_IN_HALF = {"matrix_exp"}


def compare(row, found, expected, what):
    assert len(found) == len(expected), what
    second = what == "second derivative"
    factor = CANCELLING.get(row.name, (1, 1))[second]
    if factor == math.inf:
        return
    for i, (a, e) in enumerate(zip(arrays_of(found), arrays_of(expected), strict=True)):
        # a second derivative that is 0 by cancelling is what two terms near 1 were rounded by
        noise = 2 * second
        if e.dtype == np.float64:
            noise += SHORT_SERIES.get(row.name, 0) / np.finfo(np.float64).eps
        agree(a, e, of_largest=3 * factor, noise=noise, what=f"{what} {i}")


def zeros_for_none(found, like):
    return [torch.zeros_like(x) if g is None else g for g, x in zip(found, like, strict=True)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("row, sample", cases([row for row in ROWS if known_to_torch(row)]))
@pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's own
def test_as_torch_does_it(row, sample, dtype):
    if dtype == np.float16 and row.name in OVERFLOWS_IN_HALF:
        return
    args, kwargs, leaves = leaves_from(drawn(row, sample, dtype), sample)
    torch_args, torch_kwargs, torch_leaves = torch_arguments(row, sample, dtype)
    try:
        theirs = flat(torch_function(row)(*torch_args, **torch_kwargs))
    except (NotImplementedError, RuntimeError) as error:
        assert any(words in str(error) for words in NO_HALF), error
        return
    try:
        outputs = flat((row.function or find(row.name))(*args, **kwargs))
    except RuntimeError as error:  # PyTorch takes halves where there is nothing to compute
        assert dtype == np.float16 and "must be of float32, float64 or complex" in str(error)
        return
    compare(row, outputs, theirs, "value")
    assert [dtype_name(one) for one in outputs] == [dtype_name(one) for one in theirs]
    if not row.orders:
        return
    ends = differentiable(outputs)
    their_ends = [one for one in theirs if isinstance(one, torch.Tensor) and one.requires_grad]
    if not their_ends:
        return
    weights = [leaf(w) for w in cotangents(ends)]
    their_weights = [torch.from_numpy(np.array(w._data)).requires_grad_() for w in weights]
    try:
        their_first = torch.autograd.grad(
            their_ends, torch_leaves, their_weights, create_graph=True, allow_unused=True
        )
    except (RuntimeError, NotImplementedError) as error:
        words = "not implemented", "invalid gradient", "modified by an inplace"  # of linalg.cond
        assert any(one in str(error) for one in words)
        return
    first = grad(ends, leaves, weights, create_graph=True, materialize_grads=True)
    their_first = zeros_for_none(their_first, torch_leaves)
    compare(row, first, their_first, "gradient")
    if row.orders < 2:
        return
    directions = cotangents(leaves, seed=2)
    pairs = [(g, leaf(v, False)) for g, v in zip(first, directions) if g.requires_grad]
    their_pairs = [
        (g, torch.from_numpy(np.array(v)))
        for g, v in zip(their_first, directions, strict=True)
        if g.requires_grad
    ]
    if not their_pairs or not pairs:
        return
    try:
        their_second = torch.autograd.grad(
            [g for g, _ in their_pairs],
            [*torch_leaves, *their_weights],
            [v for _, v in their_pairs],
            allow_unused=True,
        )
    except (RuntimeError, NotImplementedError) as error:
        assert "not implemented" in str(error) or "not differentiable" in str(error)
        return
    second = grad(
        [g for g, _ in pairs], [*leaves, *weights], [v for _, v in pairs], materialize_grads=True
    )
    their_second = zeros_for_none(their_second, [*torch_leaves, *their_weights])
    compare(row, second, their_second, "second derivative")


# -- promotion -------------------------------------------------------------------------------------

DTYPES = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]
OPERATORS = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.lt,
    operator.eq,
]


def operands(package, made):
    """A tensor, a 0-d tensor of each dtype, and Python's scalars."""
    for name in DTYPES:
        dtype = getattr(package, name)
        yield f"{name}[2]", made([1, 1], dtype)
        yield f"{name}[]", made(1, dtype)
    yield from (("int", 2), ("float", 1.5), ("bool", True))


OURS = dict(operands(autograd, lambda data, dtype: autograd.tensor(data, dtype=dtype)))
THEIRS = dict(operands(torch, lambda data, dtype: torch.tensor(data, dtype=dtype)))


@pytest.mark.parametrize("left", OURS)
@pytest.mark.parametrize("operation", OPERATORS, ids=lambda operation: operation.__name__)
def test_dtypes_of_mixed_operands(operation, left):
    wrong = []
    for right in OURS:
        if not isinstance(THEIRS[left], torch.Tensor) and not isinstance(
            THEIRS[right], torch.Tensor
        ):
            continue
        try:
            expected = operation(THEIRS[left], THEIRS[right])
        except (RuntimeError, TypeError, NotImplementedError):
            continue  # PyTorch does not have it
        found = operation(OURS[left], OURS[right])
        if dtype_name(found) != dtype_name(expected):
            wrong.append(f"{right}: {dtype_name(found)}, PyTorch {dtype_name(expected)}")
        elif not np.allclose(found.numpy().astype(float), expected.numpy().astype(float)):
            wrong.append(f"{right}: value {found}, PyTorch {expected}")
    assert not wrong, f"{left} {operation.__name__} " + "; ".join(wrong)


@pytest.mark.parametrize("left", OURS)
def test_result_type(left):
    for right in OURS:
        expected = torch.result_type(THEIRS[left], THEIRS[right])
        found = autograd.result_type(OURS[left], OURS[right])
        words = f"{left}, {right}: {found}, PyTorch {expected}"
        assert str(expected) == f"torch.{found.name}", words
