"""Facts about tensors and dtypes, old constructors, threads, hooks on accumulated gradients."""

import math
import warnings

import numpy as np
import pytest

import autograd
from autograd.arrays import threads

# -- dtypes ----------------------------------------------------------------------------------------


def test_limits_of_floats():
    for name in ("float16", "float32", "float64"):
        found, limits = autograd.finfo(name), np.finfo(name)
        assert (found.bits, found.dtype) == (limits.bits, name)
        assert (found.min, found.max, found.eps) == (limits.min, limits.max, limits.eps)
        assert found.tiny == found.smallest_normal == limits.smallest_normal
        assert type(found.eps) is float
    assert autograd.finfo() == autograd.finfo(autograd.float32) != autograd.finfo("float64")
    assert autograd.finfo("complex64").dtype == "float32"
    assert repr(autograd.finfo("float16")) == (
        "finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, "
        "smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)"
    )


def test_limits_of_integers():
    assert autograd.iinfo(autograd.int64).max == 2**63 - 1
    assert repr(autograd.iinfo("uint8")) == "iinfo(min=0, max=255, dtype=uint8)"
    assert repr(autograd.iinfo("int64")) == "iinfo(min=-9.22337e+18, max=9.22337e+18, dtype=int64)"
    for wrong, ask in (("int32", autograd.finfo), ("float32", autograd.iinfo)):
        with pytest.raises(TypeError, match="expected"):
            ask(wrong)
    with pytest.raises(TypeError):
        autograd.iinfo("bool")


REAL = "bool uint8 int8 int16 int32 int64 float16 float32 float64".split()


@pytest.mark.torch
@pytest.mark.parametrize("one", [*REAL, "complex64", "complex128"])
def test_casts_are_those_of_torch(one):
    torch = pytest.importorskip("torch")
    for other in [*REAL, "complex64", "complex128"]:
        theirs = getattr(torch, one), getattr(torch, other)
        ours = autograd.promote_types(one, other)
        assert f"torch.{ours.name}" == str(torch.promote_types(*theirs))
        assert autograd.can_cast(one, other) == torch.can_cast(*theirs)


def test_facts_of_tensors():
    x = autograd.zeros(2, 3)
    assert autograd.numel(x) == 6 and type(autograd.numel(autograd.tensor(1.0))) is int
    assert x.is_cpu and x.layout is autograd.strided and str(x.layout) == "autograd.strided"
    assert x[1:].storage_offset() == 3 and x.t()[1:].storage_offset() == 1
    assert autograd.is_nonzero(autograd.tensor([2])) and not autograd.tensor(0.0).is_nonzero()
    with pytest.raises(RuntimeError):
        x.is_nonzero()
    with pytest.raises(TypeError, match="tensor"):
        autograd.numel([1, 2])
    y = autograd.ones(2, requires_grad=True)
    assert not autograd.detach(y).requires_grad and autograd.detach(y).data_ptr() == y.data_ptr()


def test_default_device():
    autograd.set_default_device("cpu")
    autograd.set_default_device(None)
    with pytest.raises(RuntimeError, match="CPU"):
        autograd.set_default_device("cuda")
    assert autograd.get_default_device() == autograd.device("cpu")


def test_number_of_threads():
    before = autograd.get_num_threads()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where the BLAS cannot be told
            autograd.set_num_threads(1)
        assert threads.limit == 1
        assert threads.openblas() is None or autograd.get_num_threads() == 1
    finally:
        autograd.set_num_threads(before)
    with pytest.raises(ValueError):
        autograd.set_num_threads(0)
    with pytest.raises(TypeError):
        autograd.set_num_threads(1.5)


# -- creation --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, dtype",
    [
        ("Float", "float32"),
        ("Double", "float64"),
        ("Half", "float16"),
        ("Long", "int64"),
        ("Int", "int32"),
        ("Short", "int16"),
        ("Char", "int8"),
        ("Byte", "uint8"),
        ("Bool", "bool"),
    ],
)
def test_old_constructors(name, dtype):
    kind = getattr(autograd, f"{name}Tensor")
    for made in (kind([1, 0]), kind((1, 0)), kind(np.array([1.0, 0.0])), kind(autograd.ones(2))):
        assert made.dtype == dtype and isinstance(made, autograd.Tensor) and isinstance(made, kind)
        assert made.shape == (2,) and not made.requires_grad
    assert kind().shape == (0,) and kind(2, 3).shape == kind(autograd.Size([2, 3])).shape == (2, 3)
    assert kind().dtype == kind(2).dtype == dtype
    assert autograd.ones(2).type(kind).dtype == dtype
    assert autograd.ones(2).type(kind).type() == f"autograd.{name}Tensor"
    assert not isinstance(autograd.ones(2, dtype=autograd.uint16), kind)
    with pytest.raises(TypeError):
        kind(1.5)
    with pytest.raises(TypeError):
        kind(["a"])


def test_old_constructors_share_or_cut_off_as_in_torch():
    x = autograd.ones(2)
    autograd.FloatTensor(x)[0] = 5
    assert x.tolist() == [5, 1]
    assert autograd.LongTensor([1.7, -1.7]).tolist() == [1, -1]
    with pytest.raises(RuntimeError, match="CPU"):
        autograd.FloatTensor([1.0], device="cuda")


def test_default_tensor_type():
    try:
        autograd.set_default_tensor_type("torch.DoubleTensor")
        assert autograd.zeros(1).dtype == autograd.float64
        autograd.set_default_tensor_type(autograd.FloatTensor)
        assert autograd.zeros(1).dtype == autograd.float32
        with pytest.raises(TypeError):
            autograd.set_default_tensor_type(autograd.LongTensor)
    finally:
        autograd.set_default_dtype(autograd.float32)


def test_variable():
    x = autograd.ones(2)
    v = autograd.Variable(x, requires_grad=True)
    assert v.is_leaf and v.requires_grad and not x.requires_grad and v.data_ptr() == x.data_ptr()
    assert isinstance(x, autograd.Variable) and not isinstance(1.0, autograd.Variable)
    (v * 2).sum().backward()
    assert v.grad.tolist() == [2, 2]
    assert not autograd.Variable(v).requires_grad
    with pytest.warns(UserWarning, match="volatile"):
        autograd.Variable(x, volatile=True)
    with pytest.raises(TypeError, match="tensor"):
        autograd.Variable([1.0])


def test_triangles_and_scalars():
    for row, col, offset in ((3, 3, 0), (2, 4, 1), (4, 2, -1), (0, 3, 0), (2, 2, 9)):
        lower = autograd.tril_indices(row, col, offset)
        upper = autograd.triu_indices(row, col, offset)
        np.testing.assert_array_equal(lower, np.array(np.tril_indices(row, offset, col)))
        np.testing.assert_array_equal(upper, np.array(np.triu_indices(row, offset, col)))
        assert lower.dtype == upper.dtype == autograd.int64
    assert autograd.tril_indices(2, 2, dtype=autograd.int32).dtype == autograd.int32
    with pytest.raises(ValueError):
        autograd.tril_indices(2, -1)
    with pytest.raises(TypeError):
        autograd.triu_indices(2, 2, dtype=autograd.float32)
    assert autograd.scalar_tensor(3).dtype == autograd.float32
    assert autograd.scalar_tensor(3, dtype=autograd.int64).item() == 3


def test_randint_like():
    x = autograd.zeros(2, 3, dtype=autograd.float64)
    autograd.manual_seed(0)
    found = autograd.randint_like(x, 3, 7)
    autograd.manual_seed(0)
    np.testing.assert_array_equal(found, autograd.randint(3, 7, (2, 3)))
    assert found.dtype == autograd.float64
    assert autograd.randint_like(x, 5, dtype=autograd.int32).dtype == autograd.int32
    autograd.manual_seed(0)
    found = autograd.randint_like(x, high=10)
    autograd.manual_seed(0)
    np.testing.assert_array_equal(found, autograd.randint(10, (2, 3)))


INTEGERS = {  # what PyTorch gives: fractions are cut off before anything is computed
    "arange": ((0.5, 4.1, 1.7), [0, 1, 2, 3]),
    "arange, downwards": ((0.0, -8.000001, -4.0), [0, -4]),
    "linspace": ((-4.3, 1, 8), [-4, -3, -2, -1, -1, 0, 0, 1]),
    "logspace": ((4.3, 0, 4, 5.0), [625, 73, 8, 1]),
}


@pytest.mark.parametrize("name", INTEGERS)
def test_sequences_of_integers_begin_at_one(name):
    args, expected = INTEGERS[name]
    found = getattr(autograd, name.partition(",")[0])(*args, dtype=autograd.int64)
    assert found.tolist() == expected


def test_of_narrow_integers_there_are_as_many_as_steps():
    assert autograd.arange(0.5, 4.1, 1.7, dtype=autograd.uint8).tolist() == [0, 1, 2]


# -- values that the table does not draw -----------------------------------------------------------


def test_samples_with_nan():
    x = autograd.tensor([[1.0, math.nan, 4.0], [math.nan] * 3], requires_grad=True)
    assert autograd.nanmean(x).item() == 2.5
    np.testing.assert_array_equal(autograd.nanmean(x, 1).detach(), [2.5, math.nan])
    values, indices = autograd.nanmedian(x, 1)
    np.testing.assert_array_equal(values.detach(), [1, math.nan])
    assert indices[0] == 0
    autograd.nanmean(x).backward()
    assert x.grad.tolist() == [[0.5, 0, 0.5], [0, 0, 0]]
    assert math.isnan(autograd.nanmedian(autograd.tensor([])).item())


def test_sinc_at_zero_is_smooth():
    x = autograd.zeros(1, dtype=autograd.float64, requires_grad=True)
    (slope,) = autograd.grad(autograd.sinc(x).sum(), x, create_graph=True)
    (curvature,) = autograd.grad(slope, x)
    assert slope.item() == 0
    assert curvature.item() == pytest.approx(-(math.pi**2) / 3)


def test_shifts_of_more_bits_than_there_are():
    x = autograd.tensor([-8, 8])
    assert (x << 64).tolist() == (x << -1).tolist() == [0, 0]
    assert (x >> 64).tolist() == (x >> -1).tolist() == [-1, 0]
    assert (1 << autograd.tensor([2])).tolist() == [4]
    for wrong in (autograd.ones(1), autograd.tensor([True])):
        with pytest.raises(TypeError, match="integers"):
            _ = wrong << wrong


def test_parts_of_complex_numbers():
    z = autograd.tensor([1 + 2j, -3j])
    assert z.conj().tolist() == [1 - 2j, 3j]
    assert z.real.tolist() == [1, 0] and autograd.imag(z).tolist() == [2, -3]
    assert z.isreal().tolist() == [False, False] and z.is_complex()
    np.testing.assert_allclose(z.angle(), np.angle(z.numpy()))
    z.imag[0] = 5
    assert z.tolist() == [1 + 5j, -3j]
    assert z.requires_grad_().real.requires_grad
    with pytest.raises(RuntimeError, match="complex"):
        _ = autograd.ones(2).imag


def test_strides_stay_within_the_tensor():
    x = autograd.arange(12.0).reshape(3, 4)
    assert x.t().as_strided((2, 2), (1, 2)).tolist() == [[0, 2], [1, 3]]
    assert x[1:].as_strided((2,), (1,)).tolist() == [4, 5]
    assert x[1:].as_strided((2,), (1,), 6).tolist() == [6, 7]
    for size, stride, offset in (((4, 4), (4, 1), 0), ((2,), (1,), 11), ((1,), (1,), -1)):
        with pytest.raises(RuntimeError, match="within"):
            x.as_strided(size, stride, offset)
    with pytest.raises(RuntimeError, match="without gaps"):
        x[:, ::2].as_strided((2,), (1,))
    with pytest.raises(RuntimeError, match="negative"):
        x.as_strided((2,), (-1,))


# -- hooks after accumulation ----------------------------------------------------------------------


def test_hook_runs_after_the_gradient_was_added_up():
    x = autograd.ones(2, requires_grad=True)
    seen = []
    handle = x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.tolist()))
    for _ in range(2):
        (x * 3).sum().backward()
    assert seen == [[3, 3], [6, 6]]
    autograd.grad((x * 3).sum(), x)
    assert len(seen) == 2  # .grad was not touched
    handle.remove()
    (x * 3).sum().backward()
    assert len(seen) == 2


def test_hook_may_step_and_clear():
    x = autograd.ones(2, requires_grad=True)

    def step(p):
        with autograd.no_grad():
            p -= 0.5 * p.grad
        p.grad = None

    x.register_post_accumulate_grad_hook(step)
    (x * x).sum().backward()
    assert x.grad is None and x.tolist() == [0, 0]


def test_hook_after_accumulation_is_for_leaves():
    x = autograd.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf"):
        (x * 2).register_post_accumulate_grad_hook(print)
    with pytest.raises(RuntimeError, match="leaf"):
        autograd.ones(2).register_post_accumulate_grad_hook(print)
    with pytest.raises(TypeError, match="function"):
        x.register_post_accumulate_grad_hook(3)
