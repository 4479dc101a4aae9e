"""How results lie in memory: as in PyTorch, so that ``view`` works wherever it works there."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd.kernels.layout import dense_copy, in_rows, picked
from nn import functional as F
from tests.op_cases import ROWS, converted, drawn, find, flat, leaf

# -- layouts of one array --------------------------------------------------------------------------


def transposed(a):
    return np.ascontiguousarray(a.T).T


def permuted(a):
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(a, 0, -1)), -1, 0)


def expanded(a):
    return np.broadcast_to(a[:1], a.shape)


def expanded_last(a):
    return np.broadcast_to(a[..., :1], a.shape)


def stepped(a):
    return np.repeat(a, 2, axis=-1)[..., ::2]


def part_of_transposed(a):
    return np.repeat(np.ascontiguousarray(a.T), 2, axis=-1)[..., ::2].T


LAYOUTS = [np.copy, transposed, permuted, expanded, expanded_last, stepped, part_of_transposed]


def steps(shape, stride):
    """The strides that matter: where there is a next element to step to."""
    return [s for n, s in zip(shape, stride, strict=True) if n > 1] if 0 not in shape else []


# -- without PyTorch -------------------------------------------------------------------------------

IN_ROWS = {
    "columns": lambda x: x[:, [0, 0]],
    "columns of a transposed": lambda x: x.T[:, [0, 0]],
    "index_select": lambda x: x.T.index_select(1, autograd.tensor([1, 0])),
    "gather": lambda x: x.T.gather(0, autograd.tensor([[0, 1]])),
    "clone of an expanded": lambda x: x[0].expand(2, 3).clone(),
    "expanded times": lambda x: x[0].expand(2, 3) * 2,
    "expanded exp": lambda x: x[0].expand(2, 3).exp(),
    "expanded erf": lambda x: x[0].expand(2, 3).erf(),
    "expanded converted": lambda x: x[0].expand(2, 3).double(),
    "expanded nan_to_num": lambda x: x[0].expand(2, 3).nan_to_num(),
    "contiguous": lambda x: x.T.contiguous(),
    "softmax": lambda x: x.T.softmax(0),
    "log_softmax": lambda x: x.T.log_softmax(1),
    "logsigmoid": lambda x: F.logsigmoid(x.T),
    "cat": lambda x: autograd.cat([x.T, x.T]),
    "stack": lambda x: autograd.stack([x.T, x.T], 1),
    "hstack": lambda x: autograd.hstack([x.T, x.T]),
    "cumsum": lambda x: x.T.cumsum(0),
    "cumprod": lambda x: x.T.cumprod(1),
    "cummax": lambda x: x.T.cummax(0).values,
    "logcumsumexp": lambda x: x.T.logcumsumexp(0),
    "roll": lambda x: x.T.roll(1, 0),
    "narrow_copy": lambda x: x.T.narrow_copy(0, 1, 2),
    "ravel": lambda x: x[:, ::2].ravel(),
    "scatter": lambda x: x.T.scatter(0, autograd.tensor([[0, 1]]), 5.0),
    "index_add": lambda x: x.T.index_add(0, autograd.tensor([0]), autograd.ones(1, 2)),
    "masked_fill": lambda x: x.T.masked_fill(x.T > 2, 0.0),
    "topk": lambda x: x.T.topk(2, 0).values,
    "topk's places": lambda x: x[0].topk(2).indices,
    "renorm": lambda x: x.T.renorm(2, 0, 1.0),
    "matrix_power": lambda x: x[:, :2].T.matrix_power(1),
    "sum": lambda x: x.view(1, 2, 3).permute(2, 0, 1).sum(1),
    "mean": lambda x: x.view(1, 2, 3).permute(2, 0, 1).mean(1),
    "prod": lambda x: x.view(1, 2, 3).permute(2, 0, 1).prod(1),
    "amax": lambda x: x.view(1, 2, 3).permute(2, 0, 1).amax(1),
    "max": lambda x: x.view(1, 2, 3).permute(2, 0, 1).max(1).values,
    "argmax": lambda x: x.view(1, 2, 3).permute(2, 0, 1).argmax(1),
    "any": lambda x: x.view(1, 2, 3).permute(2, 0, 1).any(1),
    "var": lambda x: x.view(2, 1, 3).permute(2, 1, 0).var(1, correction=0),
    "norm": lambda x: x.view(1, 2, 3).permute(2, 0, 1).norm(dim=1),
    "logsumexp": lambda x: x.view(1, 2, 3).permute(2, 0, 1).logsumexp(1),
    "logsumexp, kept": lambda x: x.view(1, 2, 3).permute(2, 0, 1).logsumexp(1, keepdim=True),
    "einsum": lambda x: autograd.einsum("ijk,ijk->ij", *[x.view(2, 1, 3).permute(2, 0, 1)] * 2),
    "median": lambda x: x.view(1, 2, 3).permute(2, 0, 1).median(1).values,
    "nanmedian": lambda x: x.view(1, 2, 3).permute(2, 0, 1).nanmedian(1).values,
    "kthvalue": lambda x: x.view(1, 2, 3).permute(2, 0, 1).kthvalue(1, 1).values,
}


@pytest.mark.parametrize("call", IN_ROWS.values(), ids=IN_ROWS)
def test_what_moves_or_adds_up_elements_lies_in_rows(call):
    x = autograd.arange(6.0).view(2, 3)
    result = call(x)
    assert result.is_contiguous()
    flat = result.view(-1)
    np.testing.assert_array_equal(flat.numpy(), result.numpy().ravel())


KEEP = {
    "clone": lambda x: x.clone(),
    "exp": lambda x: x.exp(),
    "times": lambda x: 2 * x,
    "sum of two": lambda x: x + x,
    "erf": lambda x: x.erf(),
    "gelu": lambda x: F.gelu(x),
    "comparison": lambda x: x > 1,
    "converted": lambda x: x.double(),
    "flip": lambda x: x.flip(0),
    "sort": lambda x: x.sort(0).values,
    "places of sort": lambda x: x.argsort(1),
    "index_put": lambda x: x.index_put((autograd.tensor([0]),), autograd.tensor(1.0)),
    "index_fill": lambda x: x.index_fill(0, autograd.tensor([0]), 1.0),
    "select_scatter": lambda x: x.select_scatter(autograd.ones(2), 0, 0),
}


@pytest.mark.parametrize("call", KEEP.values(), ids=KEEP)
def test_what_works_element_by_element_keeps_the_order(call):
    x = autograd.arange(6.0).view(2, 3).T
    assert call(x).stride() == (1, 3)
    gapped = autograd.arange(12.0).view(2, 6)[:, :3].T
    assert call(gapped).stride() == (1, 3)


LIKES = [autograd.zeros_like, autograd.ones_like, autograd.empty_like]
LIKES += [lambda x, **options: autograd.full_like(x, 2.0, **options)]
LIKES += [lambda x, **options: x.clone(**options)]
LIKES += [lambda x, **options: x.to(autograd.float64, **options)]


@pytest.mark.parametrize("like", LIKES)
def test_memory_formats(like):
    x = autograd.arange(6.0).view(2, 3)
    in_rows_asked_for = {"memory_format": autograd.contiguous_format}
    assert (
        like(x.T).stride() == like(x.T, memory_format=autograd.preserve_format).stride() == (1, 3)
    )
    assert like(x[0].expand(2, 3)).is_contiguous()
    for view in (x.T, x[0].expand(2, 3), x):
        assert like(view, **in_rows_asked_for).is_contiguous(**in_rows_asked_for)
    assert x.T.contiguous(**in_rows_asked_for).is_contiguous()


def test_data_keep_their_order():
    x = np.arange(6.0).reshape(2, 3)
    for data in (x.T, autograd.from_numpy(x.T)):
        assert autograd.tensor(data).stride() == (1, 3)
    for data in (np.broadcast_to(x[0], (2, 3)), autograd.from_numpy(x)[0].expand(2, 3)):
        assert autograd.tensor(data).is_contiguous()


def test_axes_that_an_index_leaves_keep_their_order():
    x = autograd.arange(24.0).view(2, 3, 4).permute(2, 1, 0)
    assert x[[0, 1, 1]].stride() == (6, 1, 3)
    assert x[:, [2, 0]].stride() == (1, 4, 8)
    place = autograd.tensor([[0, 1], [1, 0], [0, 0]])
    assert autograd.arange(20.0).view(5, 4)[place.T].stride() == (4, 8, 1)


@pytest.mark.parametrize("shape", [(2, 3), (100, 90)])  # small gradients are spread, large expanded
def test_the_gradient_of_a_leaf_in_rows_lies_in_rows(shape):
    for call in (
        lambda x: (2 * x).T,
        lambda x: x * autograd.ones(shape[::-1]).T,
        lambda x: x.T.exp(),
    ):
        x = autograd.ones(shape, requires_grad=True)
        call(x).sum().backward()
        assert x.grad.view(-1).shape == (math.prod(shape),)


@pytest.mark.parametrize("make", LAYOUTS, ids=lambda make: make.__name__)
def test_kernels_change_the_layout_and_no_value(make):
    x = make(np.arange(24.0).reshape(2, 3, 4))
    for copy in (in_rows, dense_copy):
        np.testing.assert_array_equal(copy(x), x)
        assert min(copy(x).strides) == 8 and max(copy(x).strides) <= 96
    assert not np.shares_memory(dense_copy(x), x)
    indices = [np.array([1, 0, 1]), np.array([[0, 1], [1, 1]]).T, np.array([True, False])]
    for index in (*indices, (indices[0], indices[0]), (Ellipsis, indices[1])):
        np.testing.assert_array_equal(picked(x, index), x[index])


# -- beside PyTorch --------------------------------------------------------------------------------

# Where one operand lies otherwise than another, or is broadcast, PyTorch follows the first, and
# NumPy the one in rows; and what PyTorch copies with the gaps of its input's memory lies densely
# here. There, what is contiguous in PyTorch must be so here.
FREER = {"select_scatter", "slice_scatter", "diagonal_scatter", "put", "addr", "kron"}
FREER |= {"getitem", "nn.functional.pad"}  # with True for an index; of no width


# Not laid out as PyTorch's yet: what is in rows there may not be here
OTHERWISE = {"cholesky", "digamma", "gradient", "lgamma", "mvlgamma", "nanquantile", "quantile"}
OTHERWISE |= {"nn.functional.channel_shuffle", "nn.functional.local_response_norm"}
OTHERWISE |= {"nn.functional.rrelu"}
# Matrices in rows where PyTorch has columns; a sample that is singular; transforms along an axis
OTHERWISE |= {
    "as_strided_copy", "cholesky_inverse", "fft.fft", "fft.fft2", "fft.fftn", "fft.ifft",
    "fft.ifftn", "fft.ihfft", "fft.ihfft2", "fft.ihfftn", "fft.irfft", "fft.irfftn", "fft.rfft",
    "fft.rfft2", "fft.rfftn", "geqrf", "inverse", "linalg.cholesky_ex", "linalg.eigh", "linalg.inv",
    "linalg.inv_ex", "linalg.ldl_factor_ex", "linalg.lstsq", "linalg.lu_factor",
    "linalg.lu_factor_ex", "linalg.lu_solve", "linalg.qr", "linalg.solve", "linalg.svd",
    "linalg.tensorinv", "linalg.tensorsolve", "lu", "matrix_power", "polygamma", "qr",
    "special.chebyshev_polynomial_t", "special.chebyshev_polynomial_u",
    "special.chebyshev_polynomial_v", "special.chebyshev_polynomial_w",
    "special.hermite_polynomial_h", "special.hermite_polynomial_he",
    "special.laguerre_polynomial_l", "special.legendre_polynomial_p",
    "special.shifted_chebyshev_polynomial_t", "special.shifted_chebyshev_polynomial_u",
    "special.shifted_chebyshev_polynomial_v", "special.shifted_chebyshev_polynomial_w",
    "special.zeta", "svd",
}  # fmt: skip

# What PyTorch has under a name of its own, and for all of these layouts
COMPARED = [
    row
    for row in ROWS
    if row.torch is not None
    and not row.name.startswith("ops.")
    and row.name not in ("as_strided", "corrcoef", "unravel_index")
    and row.name not in OTHERWISE
]


def results_of(function, given, sample, convert):
    args, kwargs = converted(given, sample, lambda array, _: convert(array))
    return [one for one in flat(function(*args, **kwargs)) if hasattr(one, "stride")]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's own, of arrays it must not write to
@pytest.mark.parametrize("row", COMPARED, ids=lambda row: row.name)
def test_layout_of_every_op_is_pytorchs(row):
    torch = pytest.importorskip("torch")
    from tests.test_against_torch import torch_function

    wrong = []
    for sample in row.samples:
        for make in LAYOUTS:
            for first_alone in (False, True):
                drawn_so_far = []

                def laid_out(array, active, make=make, alone=first_alone, seen=drawn_so_far):
                    seen.append(array)
                    fits = active and array.ndim and array.size and not (alone and len(seen) > 1)
                    return make(array) if fits else array

                given = converted(drawn(row, sample), sample, laid_out)
                try:
                    theirs = results_of(torch_function(row), given, sample, torch.from_numpy)
                except RuntimeError:  # a view that needs a copy: here, too
                    continue
                ours = results_of(
                    row.function or find(row.name), given, sample, lambda array: leaf(array, False)
                )
                for a, b in zip(ours, theirs, strict=True):
                    alike = not first_alone and len({one.shape for one in drawn_so_far}) == 1
                    same = steps(a.shape, a.stride()) == steps(b.shape, b.stride())
                    exact = alike and row.name not in FREER
                    if a.is_contiguous() < b.is_contiguous() or (exact and not same):
                        wrong.append((make.__name__, first_alone, a.stride(), b.stride()))
    assert not wrong


def test_channels_last_lays_axis_1_last():
    x = autograd.randn(2, 3, 4, 5, requires_grad=True)
    laid = x.contiguous(memory_format=autograd.channels_last)
    assert laid.stride() == x.clone(memory_format=autograd.channels_last).stride() == (60, 1, 15, 3)
    assert laid.is_contiguous(memory_format=autograd.channels_last) and not laid.is_contiguous()
    assert laid.to(memory_format=autograd.channels_last) is laid
    (laid * autograd.arange(5.0)).sum().backward()
    assert autograd.equal(x.grad, autograd.arange(5.0).expand(2, 3, 4, 5))
    weights = nn.Conv2d(3, 2, 3).to(memory_format=autograd.channels_last)
    assert weights.weight.stride() == (27, 1, 9, 3) and weights.bias.stride() == (1,)
    with pytest.raises(ValueError, match="4 axes; got one of 2"):
        x[0, 0].contiguous(memory_format=autograd.channels_last)
