"""What users hold as dtypes: PyTorch's questions, and NumPy's taking them."""

import copy
import pickle

import numpy as np
import pytest

import autograd
from autograd.arrays import dtypes

ALL = [getattr(autograd, name) for name in dtypes.NAMES]


@pytest.mark.parametrize("one", ALL, ids=str)
def test_one_object_for_each(one):
    x = autograd.zeros(2, dtype=one)
    assert x.dtype is one and isinstance(x.dtype, autograd.dtype)
    assert pickle.loads(pickle.dumps(one)) is copy.deepcopy(one) is copy.copy(one) is one
    assert repr(one) == str(one) == f"autograd.{one.name}"
    assert [other for other in [*ALL, autograd.bfloat16] if other == one] == [one]


@pytest.mark.parametrize("one", ALL, ids=str)
def test_numpy_takes_it(one):
    theirs = np.dtype(one.name)
    assert one == theirs == one and one == theirs.type and theirs.type == one
    assert not one != theirs and hash(one) == hash(theirs) and {one: 1}[theirs] == 1
    assert np.zeros(2, one).dtype is np.dtype(one) is np.ones(2).astype(one).dtype is theirs
    assert np.can_cast(one, np.complex128) == np.can_cast(theirs, np.complex128)
    assert np.result_type(one, np.float64) == np.result_type(theirs, np.float64)
    assert np.promote_types(one, np.int8) == np.promote_types(theirs, np.int8)
    assert (one.kind, one.itemsize, one.type) == (theirs.kind, theirs.itemsize, theirs.type)
    if one.is_floating_point:
        assert np.finfo(one) is np.finfo(theirs)
    assert autograd.ones(1).to(one).dtype is autograd.ones(1).to(theirs).dtype is one


def test_names_are_aliases():
    pairs = "float float32 double float64 half float16 int int32 long int64 short int16"
    pairs = f"{pairs} cfloat complex64 cdouble complex128".split()
    for alias, name in zip(pairs[::2], pairs[1::2], strict=True):
        assert getattr(autograd, alias) is getattr(autograd, name)


def test_dtypes_are_not_made():
    with pytest.raises(TypeError, match="autograd.float32"):
        autograd.dtype("float32")
    assert not hasattr(autograd.float32, "shape")


def test_memory_in_another_order_of_bytes():
    assert autograd.tensor(np.ones(2, ">f4")).dtype is autograd.float32


def test_formulas_see_them_in_second_derivatives():
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    seen = []

    class Cube(autograd.Function):
        def forward(self, x):
            return x**3

        def grad_x(self, g, x):
            seen.append(x.dtype)
            return g * 3 * x**2 * np.ones(x.shape, x.dtype, like=x)

    (g,) = autograd.grad(Cube.apply(x).sum(), x, create_graph=True)
    g.sum().backward()
    assert x.grad.tolist() == [6, 12] and seen == [autograd.float32]


def test_the_default_one():
    assert autograd.get_default_dtype() is autograd.float32
    autograd.set_default_dtype(autograd.double)
    try:
        assert autograd.get_default_dtype() is autograd.tensor(1.0).dtype is autograd.float64
    finally:
        autograd.set_default_dtype(np.float32)


@pytest.mark.torch
def test_answers_are_those_of_torch():
    torch = pytest.importorskip("torch")
    for one in [*ALL, autograd.bfloat16]:
        theirs = getattr(torch, one.name)
        for ask in ("is_floating_point", "is_complex", "is_signed", "itemsize"):
            assert getattr(one, ask) == getattr(theirs, ask), (one, ask)
        assert one.to_real().name == str(theirs.to_real()).removeprefix("torch.").replace(
            "complex32", one.name
        )
        if one.name in ("float32", "float64", "complex64", "complex128"):
            assert f"torch.{one.to_complex().name}" == str(theirs.to_complex())
        if one.is_floating_point:
            ours = repr(autograd.finfo(one)).removesuffix(")")
            assert repr(torch.finfo(theirs)).startswith(ours)
        assert repr(one).rpartition(".")[2] == repr(theirs).rpartition(".")[2]
