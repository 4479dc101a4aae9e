"""The array API standard's namespace of Tensors, beside NumPy's own."""

import numpy as np
import pytest

import autograd

xp = autograd.ones(1).__array_namespace__()
A = np.array([[0.3, -0.6, 0.9], [0.2, 0.5, -0.8]])
B = np.array([[0.4, 0.7, 0.1], [0.9, 0.6, 0.8]])
N = np.array([[5, 3, 3], [1, 3, 5]])
S = np.array([[2.0, 0.3], [0.3, 1.0]])
K = {"keepdims": True}

CASES = [
    *[(name, (A,), {}) for name in (
        "abs acos asin asinh atan atanh ceil cos cosh exp expm1 floor isfinite isinf isnan "
        "logical_not negative positive reciprocal round sign signbit sin sinh square tan tanh "
        "trunc conj real sum prod mean var std max min all any count_nonzero argmax argmin "
        "matrix_transpose sort argsort flip nonzero diff unique_values zeros_like "
        "ones_like tril triu").split()],
    *[(name, (B,), {}) for name in "log log10 log1p log2 sqrt".split()],
    *[(name, (A, B), {}) for name in (
        "add atan2 copysign divide equal floor_divide greater greater_equal hypot less less_equal "
        "logaddexp logical_and logical_or logical_xor maximum minimum multiply nextafter not_equal "
        "remainder subtract vecdot").split()],
    *[(name, (N, N[::-1]), {}) for name in (
        "bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor add multiply "
        "floor_divide remainder pow equal").split()],
    *[(name, (N,), {}) for name in (
        "bitwise_invert floor round sum prod abs unique_all unique_counts unique_inverse "
        "unique_values").split()],
    *[(name, (A,), {"axis": 1, **K}) for name in
      "sum prod mean var std max min all any argmax argmin count_nonzero".split()],
    *[(name, (A,), {"axis": (0, 1)}) for name in "sum prod mean var std max min all any".split()],
    *[(name, (A,), {"axis": 1, "include_initial": True}) for name in
      "cumulative_sum cumulative_prod".split()],
    ("var", (A,), {"correction": 1}),
    ("acosh", (B + 1,), {}),
    ("pow", (B, A), {}),
    ("matmul", (A, B.T), {}),
    ("tensordot", (A, B), {"axes": ((1,), (1,))}),
    ("clip", (A, -0.5, 0.5), {}),
    ("where", (A > 0, A, B), {}),
    ("astype", (A, "float32"), {}),
    ("concat", ([A, B],), {"axis": 1}),
    ("concat", ([A, B[0]],), {"axis": None}),
    ("stack", ([A, B],), {"axis": -1}),
    ("unstack", (A,), {"axis": 1}),
    ("expand_dims", (A,), {"axis": (0, -1)}),
    ("squeeze", (A[None], 0), {}),
    ("permute_dims", (A, (1, 0)), {}),
    ("moveaxis", (A, 0, 1), {}),
    ("repeat", (A, 2), {"axis": 0}),
    ("repeat", (A, 2), {}),
    ("reshape", (A, (3, 2)), {}),
    ("roll", (A, 1), {}),
    ("roll", (A, (1, 1)), {"axis": (0, 1)}),
    ("tile", (A, (2, 1)), {}),
    ("take", (A, np.array([1, 0])), {"axis": 1}),
    ("take_along_axis", (A, N % 2), {"axis": 0}),
    ("flip", (A,), {"axis": 0}),
    ("broadcast_to", (A[0], (2, 3)), {}),
    ("broadcast_arrays", (A, A[0]), {}),
    ("searchsorted", (np.sort(A[0]), B[0]), {"side": "right"}),
    ("full_like", (A, 2), {}),
    ("meshgrid", (A[0], B[1]), {"indexing": "ij"}),
    ("linspace", (0.0, 1.0, 5), {"endpoint": False, "dtype": "float64"}),
    ("arange", (5, 1, -2), {}),
    ("arange", (5, 1), {}),
    ("eye", (2, 3), {"k": 1, "dtype": "float64"}),
    ("linalg.det", (S,), {}),
    ("linalg.inv", (S,), {}),
    ("linalg.solve", (S, A), {}),
    ("linalg.cholesky", (S,), {}),
    ("linalg.eigvalsh", (S,), {}),
    ("linalg.slogdet", (S,), {}),
    ("linalg.svdvals", (A,), {}),
    ("linalg.pinv", (A,), {}),
    ("linalg.matrix_power", (S, 3), {}),
    ("linalg.matrix_rank", (A,), {}),
    ("linalg.matrix_norm", (A,), {"keepdims": True}),
    ("linalg.vector_norm", (A,), {"axis": 1, "ord": 1}),
    ("linalg.trace", (A,), {"offset": 1}),
    ("linalg.diagonal", (A,), {"offset": 1}),
    ("linalg.outer", (A[0], B[0]), {}),
    ("linalg.cross", (A, B), {}),
    ("fft.fft", (A,), {"axis": 0}),
    ("fft.irfft", (A + 0j,), {"n": 4}),
    ("fft.fftn", (A,), {"axes": (0, 1), "s": (2, 2)}),
    ("fft.fftshift", (A,), {"axes": 1}),
]  # fmt: skip


def found(space, name):
    for part in name.split("."):
        space = getattr(space, part)
    return space


def moved(value):
    if isinstance(value, np.ndarray):
        return autograd.from_numpy(value.copy())
    return [moved(x) for x in value] if isinstance(value, list) else value


def agrees(ours, numpys):
    if isinstance(numpys, (tuple, list)):
        assert len(ours) == len(numpys)
        for one, other in zip(ours, numpys):
            agrees(one, other)
    else:
        assert isinstance(ours, autograd.Tensor)
        numpys = np.asarray(numpys)
        assert ours._data.dtype == numpys.dtype
        assert tuple(ours.shape) == numpys.shape
        np.testing.assert_allclose(ours.numpy(), numpys, rtol=1e-12, atol=1e-12)


NEWER = {"cumulative_sum": 1, "cumulative_prod": 1, "unstack": 1, "vecdot": 0}


@pytest.mark.parametrize(("name", "args", "options"), CASES)
def test_a_function_does_what_numpys_does(name, args, options):
    if NEWER.get(name) and np.lib.NumpyVersion(np.__version__) < "2.1.0":
        pytest.skip("not in NumPy 2.0")
    theirs = options
    if name == "var" and "correction" in options:
        theirs = {"ddof": options["correction"]}
    if name == "floor" and np.lib.NumpyVersion(np.__version__) < "2.1.0":
        args = [np.asarray(x, np.float64) for x in args]  # of integers NumPy 2.0 makes floats
    given = [moved(x) for x in args]
    dtypes = {"dtype": getattr(xp, options["dtype"])} if "dtype" in options else {}
    if name == "astype":
        given[1] = xp.float32
    agrees(found(xp, name)(*given, **{**options, **dtypes}), found(np, name)(*args, **theirs))


def test_all_names_of_the_standard_are_there():
    strict = pytest.importorskip("array_api_strict")
    for space, ours in ((strict, xp), (strict.linalg, xp.linalg), (strict.fft, xp.fft)):
        names = [n for n in space.__all__ if n[:1] != "_" and not hasattr(ours, n)]
        own = {"Flags", "Device", "ArrayAPIStrictFlags", "get_array_api_strict_flags"}
        own |= {"reset_array_api_strict_flags", "set_array_api_strict_flags"}
        newer = {"broadcast_shapes", "isin"}  # of 2025.12
        assert set(names) <= own | newer


def test_dtypes_mix_as_the_standard_says():
    half, double = autograd.ones(2), autograd.tensor(1.0, dtype=autograd.float64)
    assert xp.add(half, double).dtype == xp.float64  # PyTorch's operator gives float32
    assert xp.add(half, 1.5).dtype == xp.float32
    assert xp.add(xp.asarray([1], dtype=xp.int8), 1).dtype == xp.int8
    assert xp.result_type(half, double, 1j) == xp.complex128
    assert xp.sum(xp.asarray([1, 2], dtype=xp.uint8)).dtype == xp.uint64


def test_kinds_of_dtypes():
    assert xp.isdtype(xp.float32, "real floating")
    assert xp.isdtype(xp.int8, ("bool", "integral"))
    assert not xp.isdtype(xp.uint8, "signed integer")
    assert not xp.can_cast(xp.float64, xp.float32)
    with pytest.raises(ValueError, match="isdtype: kind must be one of"):
        xp.isdtype(xp.int8, "integer")


def test_what_it_says_of_itself():
    info = xp.__array_namespace_info__()
    assert info.default_dtypes()["real floating"] == autograd.get_default_dtype()
    assert set(info.dtypes(kind="real floating")) == {"float32", "float64"}
    assert info.capabilities()["boolean indexing"]
    with pytest.raises(ValueError, match="api_version must be one from"):
        autograd.ones(1).__array_namespace__(api_version="2031.12")


def test_gradients_go_through():
    x = autograd.tensor(A, requires_grad=True)
    y = xp.concat([xp.take_along_axis(x, xp.asarray(N % 2), axis=0), x], axis=1)
    xp.sum(xp.permute_dims(y, (1, 0)) ** 2).backward()
    want = 2 * A.copy()
    for i, j in np.ndindex(2, 3):
        want[N[i, j] % 2, j] += 2 * A[N[i, j] % 2, j]
    np.testing.assert_allclose(x.grad.numpy(), want)


def test_what_the_standard_names_its_own_way():
    x = autograd.tensor(A)
    assert xp.tril(x, k=1).tolist() == np.tril(A, 1).tolist()
    assert xp.triu(x, k=-1).tolist() == np.triu(A, -1).tolist()
    assert xp.broadcast_to(x[0], shape=(2, 3)).shape == (2, 3)
    assert xp.finfo(x).dtype == xp.float64
    assert xp.iinfo(xp.asarray(1, dtype=xp.int8)).max == 127


def test_from_dlpack_shares_or_copies():
    x = autograd.tensor(A)
    shared, copied = xp.from_dlpack(x, device=x.device, copy=False), xp.from_dlpack(x, copy=True)
    x[0, 0] = 7.0
    assert shared[0, 0] == 7.0
    assert copied[0, 0] == A[0, 0]


def test_complex_numbers_are_rounded_in_both_parts_and_have_a_direction():
    z = xp.asarray([0.5 - 1.5j, 3 + 4j], dtype=xp.complex128)
    assert xp.round(z).tolist() == [-2j, 3 + 4j]
    np.testing.assert_allclose(xp.sign(z)[1].numpy(), 0.6 + 0.8j)
    assert xp.linspace(0, 1 + 2j, 3, dtype=xp.complex128).tolist() == [0, 0.5 + 1j, 1 + 2j]
    with pytest.raises(TypeError, match="astype: a complex x needs a complex dtype"):
        xp.astype(z, xp.float64)


@pytest.mark.parametrize("name", "sum prod mean var std max min all any".split())
def test_over_no_axis_each_element_is_reduced_alone(name):
    for value in (A, A[0, 0]):
        ours = getattr(xp, name)(moved(np.asarray(value)), axis=(), keepdims=True)
        agrees(ours, np.asarray(getattr(np, name)(value, axis=(), keepdims=True)))


def test_solve_takes_one_axis_for_a_vector_and_else_columns():
    stack = autograd.tensor(np.stack([S, 2 * S]))
    b = autograd.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=autograd.float64)
    assert xp.linalg.solve(stack, b[0]).shape == (2, 2)
    np.testing.assert_allclose(
        xp.linalg.solve(stack, b)[1].numpy(), np.linalg.solve(2 * S, b.numpy())
    )
    assert xp.linalg.solve(stack.to(xp.float32), b).dtype == xp.float64


def test_products_along_an_axis_that_must_be_as_long_in_both():
    one, three = xp.ones((2, 1)), xp.ones((2, 3))
    for product in (xp.vecdot, xp.linalg.cross):
        with pytest.raises(ValueError, match="must be as long in both"):
            product(one, three)
    assert xp.linalg.cross(xp.ones((4, 1, 3)), three).shape == (4, 2, 3)
    small = xp.asarray([100, 100], dtype=xp.int8)
    assert xp.vecdot(small, small).dtype == xp.int8
    assert xp.linalg.trace(xp.ones((2, 2), dtype=xp.uint8)).dtype == xp.uint64


@pytest.mark.parametrize("name", ["max", "min", "std"])
def test_what_was_reduced_may_be_written_into(name):
    x = autograd.tensor(A, requires_grad=True)
    found = getattr(xp, name)(x, axis=0)
    found[1] = 5.0
    xp.sum(x / found).backward()
    np.testing.assert_allclose(x.grad[:, 1].numpy(), 0.2)
