"""bfloat16 over the table of ops: float32's values and gradients, rounded; and beside PyTorch's."""

import pickle
import re
import sys

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.engine.backward import grad
from tests.op_cases import ROWS, converted, cotangents, differentiable, drawn, find, flat, leaf

ml_dtypes = pytest.importorskip("ml_dtypes")
BRAIN = np.dtype(ml_dtypes.bfloat16)
EPS = 2.0**-7

CANCELLING = ("nn.functional.tanhshrink",)  # x - tanh(x), each rounded: as in PyTorch
# PyTorch's sum what they have rounded: by so many units its own
ROUNDING = {"nn.functional.instance_norm": 4, "masked.softmax": 8}
NAMES = {row.name: row for row in ROWS if not row.name.startswith("ops.")}


@pytest.fixture(autouse=True)
def in_use():
    autograd.as_dtype(autograd.bfloat16)


def leaves_of(given, sample, dtype):
    leaves = []

    def convert(array, active):
        tensor = leaf(array.astype(dtype) if array.dtype == BRAIN else array, active)
        if active:
            leaves.append(tensor)
        return tensor

    args, kwargs = converted(given, sample, convert)
    return args, kwargs, leaves


def arrays(tensors):
    return [np.asarray(one.detach().numpy()) for one in tensors]


def outputs_of(function, args, kwargs):
    """None where bfloat16 is refused, as PyTorch refuses it: factorisations, spectra."""
    try:
        return flat(function(*args, **kwargs))
    except RuntimeError as error:
        assert re.search("(float32, float64|both be float32).*bfloat16", str(error))
        return None


def near(found, expected, units, what):
    wide = np.result_type(expected.dtype, np.float64)
    found, expected = found.astype(wide), expected.astype(wide)
    largest = np.max(np.abs(expected), where=np.isfinite(expected), initial=0)
    np.testing.assert_allclose(found, expected, EPS, units * EPS * largest, err_msg=what)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_as_float32_rounded(name):
    row = NAMES[name]
    function = row.function or find(name)
    for sample in row.samples[:1]:
        given = drawn(row, sample, BRAIN)
        args, kwargs, leaves = leaves_of(given, sample, BRAIN)
        if not leaves:
            continue
        wide_args, wide_kwargs, wide_leaves = leaves_of(given, sample, np.float32)
        outputs = outputs_of(function, args, kwargs)
        if outputs is None:
            return
        wide = flat(function(*wide_args, **wide_kwargs))
        for one, other in zip(outputs, wide, strict=True):
            if not hasattr(other, "_data"):
                assert one == other
                continue
            wanted = autograd.bfloat16 if other.dtype == np.float32 else other.dtype
            assert one.dtype == wanted, name
            if name not in CANCELLING:
                near(*arrays([one, other]), 1, f"value of {sample}")
        ends, wide_ends = differentiable(outputs), differentiable(wide)
        if not ends or not row.orders:
            continue
        weights = [leaf(w.astype(BRAIN), False) for w in cotangents(ends)]
        wide_weights = [leaf(w._data.astype(np.float32), False) for w in weights]
        first = grad(ends, leaves, weights, materialize_grads=True)
        wide_first = grad(wide_ends, wide_leaves, wide_weights, materialize_grads=True)
        for one, other in zip(first, wide_first, strict=True):
            assert one.dtype == autograd.bfloat16, name
            near(*arrays([one, other]), 2, f"gradient of {sample}")


def test_a_long_sum_and_a_broadcast_ones_gradient():
    ones = autograd.ones(3000, dtype=autograd.bfloat16)
    assert ones.sum().item() == 3008  # 3000 has no place in eight digits
    x = autograd.ones(2, 1, dtype=autograd.bfloat16, requires_grad=True)
    x.expand(2, 500).sum().backward()
    assert x.grad.tolist() == [[500.0], [500.0]] and x.grad.dtype is autograd.bfloat16


def test_what_an_array_of_it_becomes():
    x = autograd.from_numpy(np.ones(2, BRAIN))
    assert x.dtype is autograd.bfloat16 and x.numpy().dtype == BRAIN
    assert pickle.loads(pickle.dumps(x)).dtype is autograd.bfloat16
    assert repr(x) == "tensor([1., 1.], dtype=autograd.bfloat16)"
    assert x.tolist() == [1.0, 1.0] and x[0].item() == 1.0 and x.type() == "autograd.BFloat16Tensor"
    assert x.add_(0.5).tolist() == [1.5, 1.5]
    x[0] = 0.1
    assert x[0].item() == 0.10009765625
    assert x.float().dtype is autograd.float32 and autograd.ones(1).to(BRAIN).dtype == x.dtype


def test_views_look_at_the_same_memory():
    x = autograd.zeros(4, dtype=autograd.bfloat16)
    x.reshape(2, 2)[0, 1] = 3.0
    assert x.tolist() == [0, 3, 0, 0]


@pytest.mark.parametrize("rule", [optim.SGD, optim.Adam])
def test_a_network_learns(rule):
    autograd.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).bfloat16()
    x, y = autograd.randn(12, 4).bfloat16(), autograd.arange(12) % 3
    rule = rule(model.parameters(), lr=0.05)
    losses = []
    for _ in range(30):
        rule.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        rule.step()
        losses.append(loss.item())
    assert {p.dtype for p in model.parameters()} == {autograd.bfloat16}
    assert loss.dtype is autograd.bfloat16 and losses[-1] < losses[0] - 0.1


def test_without_the_package_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    assert autograd.bfloat16.itemsize == 2 and autograd.finfo(autograd.bfloat16).eps == 2**-7
    for call in (
        lambda: autograd.zeros(2, dtype=autograd.bfloat16),
        lambda: autograd.zeros(2).bfloat16(),
        lambda: autograd.zeros(2).to("bfloat16"),
    ):
        with pytest.raises(ModuleNotFoundError, match=r'pip install "gradloom\[bfloat16\]"'):
            call()


# -- beside PyTorch --------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_as_torch_does_it(name):
    torch = pytest.importorskip("torch")
    from tests.test_against_torch import dtype_name, known_to_torch, torch_function

    row = NAMES[name]
    if not known_to_torch(row) or name == "matrix_exp":  # PyTorch's gives NaN
        return
    for sample in row.samples[:1]:
        given = drawn(row, sample, BRAIN)
        args, kwargs, leaves = leaves_of(given, sample, BRAIN)
        their_leaves = []

        def convert(array, active, leaves=their_leaves):
            tensor = torch.tensor(array.astype(np.float32) if array.dtype == BRAIN else array)
            tensor = tensor.bfloat16() if array.dtype == BRAIN else tensor
            if active:
                leaves.append(tensor.requires_grad_())
            return tensor

        their_args, their_kwargs = converted(given, sample, convert)
        try:
            theirs = flat(torch_function(row)(*their_args, **their_kwargs))
        except (NotImplementedError, RuntimeError) as error:
            words = str(error)
            refusals = "BFloat16|Low precision|float or double|other than float and double"
            assert re.search(refusals, words), words
            continue
        outputs = outputs_of(row.function or find(name), args, kwargs)
        if outputs is None:
            return
        assert [dtype_name(one) for one in outputs] == [dtype_name(one) for one in theirs]

        def compare(ours, theirs, what):
            for one, other in zip(ours, theirs, strict=True):
                if hasattr(other, "dtype"):
                    other = other.float() if other.dtype == torch.bfloat16 else other
                    near(*arrays([one]), other.detach().numpy(), ROUNDING.get(name, 2), what)

        compare(outputs, theirs, f"value of {sample}")
        ends = differentiable(outputs)
        their_ends = [one for one in theirs if isinstance(one, torch.Tensor) and one.requires_grad]
        if not ends or not row.orders or not their_ends:
            continue
        weights = [leaf(w.astype(BRAIN), False) for w in cotangents(ends)]
        their_weights = [
            torch.tensor(w._data.astype(np.float32)).to(e.dtype)
            for w, e in zip(weights, their_ends, strict=True)
        ]
        try:
            their_first = torch.autograd.grad(
                their_ends, their_leaves, their_weights, materialize_grads=True
            )
        except (NotImplementedError, RuntimeError) as error:
            words = str(error)
            assert any(w in words for w in ("not implemented", "BFloat16", "invalid grad")), words
            continue
        first = grad(ends, leaves, weights, materialize_grads=True)
        compare(first, their_first, f"gradient of {sample}")


@pytest.mark.torch
def test_promotion_is_that_of_torch():
    torch = pytest.importorskip("torch")
    names = "bool uint8 int64 float16 bfloat16 float32 float64 complex64 complex128".split()
    for name in names:
        one = autograd.promote_types("bfloat16", name)
        other = autograd.promote_types(name, "bfloat16")
        expected = str(torch.promote_types(torch.bfloat16, getattr(torch, name)))
        assert f"torch.{one.name}" == f"torch.{other.name}" == expected
        x = autograd.ones(2, dtype=autograd.bfloat16) * autograd.ones((), dtype=name)
        y = autograd.ones((), dtype=autograd.bfloat16) + autograd.ones(2, dtype=name)
        assert f"torch.{x.dtype.name}" == str(
            (torch.ones(2).bfloat16() * torch.ones((), dtype=getattr(torch, name))).dtype
        )
        assert f"torch.{y.dtype.name}" == str(
            (torch.ones(()).bfloat16() + torch.ones(2, dtype=getattr(torch, name))).dtype
        )
