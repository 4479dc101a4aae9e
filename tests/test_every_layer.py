"""Layers, one row each: shapes, state, printing, gradients of input and parameters."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd
import nn

F32, F64 = autograd.float32, autograd.float64


def reals(*shape):
    return lambda rng: rng.standard_normal(shape)


def probabilities(*shape):
    return lambda rng: rng.uniform(0.1, 0.9, shape)


def classes(n, *shape):
    return lambda rng: rng.integers(0, n, shape)


@dataclass
class Row:
    """A layer, how its inputs are drawn, and what it should be."""

    make: Callable[[], nn.Module]
    inputs: tuple[Callable[..., Any], ...]
    out: tuple[int, ...]
    text: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text.split("\n")[0].replace("(", "[").rstrip(")")


def vector(*values):
    return autograd.tensor(values)


X = (reals(3, 4),)
AFFINE = ("weight", "bias")
ROWS = [
    Row(lambda: nn.Identity(7, anything=1), X, (3, 4), "Identity()"),
    Row(
        lambda: nn.Linear(4, 2),
        X,
        (3, 2),
        "Linear(in_features=4, out_features=2, bias=True)",
        AFFINE,
    ),
    Row(
        lambda: nn.Linear(4, 2, bias=False),
        (reals(2, 3, 4),),
        (2, 3, 2),
        "Linear(in_features=4, out_features=2, bias=False)",
        ("weight",),
    ),
    Row(nn.Flatten, (reals(2, 3, 4),), (2, 12), "Flatten(start_dim=1, end_dim=-1)"),
    Row(lambda: nn.Unflatten(1, (2, 2)), X, (3, 2, 2), "Unflatten(dim=1, unflattened_size=(2, 2))"),
    Row(nn.ReLU, X, (3, 4), "ReLU()"),
    Row(nn.GELU, X, (3, 4), "GELU(approximate='none')"),
    Row(lambda: nn.GELU("tanh"), X, (3, 4), "GELU(approximate='tanh')"),
    Row(nn.SiLU, X, (3, 4), "SiLU()"),
    Row(lambda: nn.LeakyReLU(0.2), X, (3, 4), "LeakyReLU(negative_slope=0.2)"),
    Row(nn.ELU, X, (3, 4), "ELU(alpha=1.0)"),
    Row(nn.Softplus, X, (3, 4), "Softplus(beta=1.0, threshold=20.0)"),
    Row(nn.Sigmoid, X, (3, 4), "Sigmoid()"),
    Row(nn.Tanh, X, (3, 4), "Tanh()"),
    Row(lambda: nn.Softmax(dim=1), X, (3, 4), "Softmax(dim=1)"),
    Row(lambda: nn.LogSoftmax(dim=0), X, (3, 4), "LogSoftmax(dim=0)"),
    Row(lambda: nn.Dropout(0.3).eval(), X, (3, 4), "Dropout(p=0.3, inplace=False)"),
    Row(nn.MSELoss, (reals(3, 4), reals(3, 4)), (), "MSELoss()"),
    Row(nn.L1Loss, (reals(3, 4), reals(3, 4)), (), "L1Loss()"),
    Row(nn.CrossEntropyLoss, (reals(3, 4), classes(4, 3)), (), "CrossEntropyLoss()"),
    Row(
        lambda: nn.CrossEntropyLoss(vector(0.1, 1.0, 2.0, 0.5), label_smoothing=0.1),
        (reals(3, 4, 2), classes(4, 3, 2)),
        (),
        "CrossEntropyLoss()",
        ("weight",),
    ),
    Row(nn.NLLLoss, (reals(3, 4), classes(4, 3)), (), "NLLLoss()"),
    Row(nn.BCELoss, (probabilities(3, 4), probabilities(3, 4)), (), "BCELoss()"),
    Row(
        lambda: nn.BCEWithLogitsLoss(pos_weight=vector(0.1, 1.0, 2.0, 0.5), reduction="none"),
        (reals(3, 4), probabilities(3, 4)),
        (3, 4),
        "BCEWithLogitsLoss()",
        ("pos_weight",),
    ),
    Row(
        lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2)),
        X,
        (3, 2),
        "Sequential(\n  (0): Linear(in_features=4, out_features=5, bias=True)\n  (1): Tanh()\n"
        "  (2): Linear(in_features=5, out_features=2, bias=True)\n)",
        ("0.weight", "0.bias", "2.weight", "2.bias"),
    ),
]
PAIR = (reals(3, 4), reals(3, 4))
IMAGE, VOLUME = (reals(2, 3, 4),), (reals(1, 2, 3, 3),)
ROWS += [
    Row(nn.Hardtanh, X, (3, 4), "Hardtanh(min_val=-1.0, max_val=1.0)"),
    Row(nn.ReLU6, X, (3, 4), "ReLU6()"),
    Row(nn.Hardsigmoid, X, (3, 4), "Hardsigmoid()"),
    Row(nn.Hardswish, X, (3, 4), "Hardswish()"),
    Row(lambda: nn.Threshold(0.1, 20), X, (3, 4), "Threshold(threshold=0.1, value=20)"),
    Row(nn.Softshrink, X, (3, 4), "Softshrink(0.5)"),
    Row(lambda: nn.Hardshrink(0.2), X, (3, 4), "Hardshrink(0.2)"),
    Row(nn.PReLU, X, (3, 4), "PReLU(num_parameters=1)", ("weight",)),
    Row(lambda: nn.PReLU(3, 0.1), IMAGE, (2, 3, 4), "PReLU(num_parameters=3)", ("weight",)),
    Row(nn.SELU, X, (3, 4), "SELU()"),
    Row(lambda: nn.CELU(2.0), X, (3, 4), "CELU(alpha=2.0)"),
    Row(nn.Mish, X, (3, 4), "Mish()"),
    Row(nn.Softsign, X, (3, 4), "Softsign()"),
    Row(nn.Tanhshrink, X, (3, 4), "Tanhshrink()"),
    Row(nn.LogSigmoid, X, (3, 4), "LogSigmoid()"),
    Row(lambda: nn.Softmin(dim=0), X, (3, 4), "Softmin(dim=0)"),
    Row(nn.GLU, X, (3, 2), "GLU(dim=-1)"),
    Row(nn.CosineSimilarity, PAIR, (3,), "CosineSimilarity()"),
    Row(lambda: nn.PairwiseDistance(keepdim=True), PAIR, (3, 1), "PairwiseDistance()"),
    Row(lambda: nn.SmoothL1Loss(beta=0.5), PAIR, (), "SmoothL1Loss()"),
    Row(lambda: nn.HuberLoss("none", 0.5), PAIR, (3, 4), "HuberLoss()"),
    Row(nn.CosineEmbeddingLoss, (*PAIR, classes(2, 3)), (), "CosineEmbeddingLoss()"),
    Row(nn.MarginRankingLoss, (*PAIR, reals(3, 4)), (), "MarginRankingLoss()"),
    Row(lambda: nn.HingeEmbeddingLoss(2.0), (X[0], classes(2, 3, 4)), (), "HingeEmbeddingLoss()"),
    Row(lambda: nn.TripletMarginLoss(swap=True), (*PAIR, reals(3, 4)), (), "TripletMarginLoss()"),
    Row(nn.SoftMarginLoss, PAIR, (), "SoftMarginLoss()"),
    Row(
        lambda: nn.KLDivLoss(reduction="batchmean"),
        (reals(3, 4), probabilities(3, 4)),
        (),
        "KLDivLoss()",
    ),
    Row(lambda: nn.PoissonNLLLoss(full=True), (reals(3), probabilities(3)), (), "PoissonNLLLoss()"),
    Row(nn.GaussianNLLLoss, (*PAIR, probabilities(3, 4)), (), "GaussianNLLLoss()"),
    Row(lambda: nn.ConstantPad1d(2, 3.5), X, (3, 8), "ConstantPad1d(padding=(2, 2), value=3.5)"),
    Row(
        lambda: nn.ConstantPad2d((1, 2, 0, 1), 1),
        X,
        (4, 7),
        "ConstantPad2d(padding=(1, 2, 0, 1), value=1)",
    ),
    Row(
        lambda: nn.ConstantPad3d(1, 0),
        IMAGE,
        (4, 5, 6),
        "ConstantPad3d(padding=(1, 1, 1, 1, 1, 1), value=0)",
    ),
    Row(lambda: nn.ZeroPad1d(1), X, (3, 6), "ZeroPad1d((1, 1))"),
    Row(lambda: nn.ZeroPad2d((1, 2, -1, 0)), X, (2, 7), "ZeroPad2d((1, 2, -1, 0))"),
    Row(lambda: nn.ZeroPad3d(1), IMAGE, (4, 5, 6), "ZeroPad3d((1, 1, 1, 1, 1, 1))"),
    Row(lambda: nn.ReflectionPad1d(2), X, (3, 8), "ReflectionPad1d((2, 2))"),
    Row(
        lambda: nn.ReflectionPad2d((1, 0, 2, 0)), IMAGE, (2, 5, 5), "ReflectionPad2d((1, 0, 2, 0))"
    ),
    Row(lambda: nn.ReflectionPad3d(1), VOLUME, (1, 4, 5, 5), "ReflectionPad3d((1, 1, 1, 1, 1, 1))"),
    Row(lambda: nn.ReplicationPad1d(2), X, (3, 8), "ReplicationPad1d((2, 2))"),
    Row(lambda: nn.ReplicationPad2d(1), IMAGE, (2, 5, 6), "ReplicationPad2d((1, 1, 1, 1))"),
    Row(
        lambda: nn.ReplicationPad3d(1), VOLUME, (1, 4, 5, 5), "ReplicationPad3d((1, 1, 1, 1, 1, 1))"
    ),
    Row(lambda: nn.CircularPad1d(2), X, (3, 8), "CircularPad1d((2, 2))"),
    Row(lambda: nn.CircularPad2d((1, 0, 2, 0)), IMAGE, (2, 5, 5), "CircularPad2d((1, 0, 2, 0))"),
    Row(lambda: nn.CircularPad3d(1), VOLUME, (1, 4, 5, 5), "CircularPad3d((1, 1, 1, 1, 1, 1))"),
    Row(lambda: nn.PixelShuffle(2), (reals(4, 2, 3),), (1, 4, 6), "PixelShuffle(upscale_factor=2)"),
    Row(
        lambda: nn.PixelUnshuffle(2),
        (reals(1, 4, 6),),
        (4, 2, 3),
        "PixelUnshuffle(downscale_factor=2)",
    ),
]
# They hold others, or are made to be subclassed: test_nn_module.py has their tests.
BARE = {
    nn.Module,
    nn.ModuleDict,
    nn.ModuleList,
    nn.ParameterDict,
    nn.ParameterList,
}
rows = pytest.mark.parametrize("row", ROWS, ids=str)


def inputs_of(row, dtype, requires_grad=False):
    rng = np.random.default_rng(3)
    drawn = [draw(rng) for draw in row.inputs]
    return [
        autograd.tensor(a, dtype=dtype, requires_grad=requires_grad)
        if a.dtype.kind == "f"
        else autograd.tensor(a)
        for a in drawn
    ]


def test_every_layer_has_a_row():
    exported = {
        one for one in vars(nn).values() if isinstance(one, type) and issubclass(one, nn.Module)
    }
    assert exported == BARE | {type(row.make()) for row in ROWS}


@rows
def test_shape_dtype_state_and_text(row):
    layer = row.make()
    out = layer(*inputs_of(row, F32))
    assert out.shape == row.out and out.dtype == F32
    assert tuple(layer.state_dict()) == row.keys
    assert repr(layer) == row.text


@rows
def test_gradients(row):
    layer = row.make().double()
    inputs = inputs_of(row, F64, requires_grad=True)
    names = [name for name, _ in layer.named_parameters()]

    def call(*values):
        parameters = dict(zip(names, values[len(inputs) :], strict=True))
        return functional_call(layer, parameters, values[: len(inputs)])

    values = [*inputs, *(p.detach().requires_grad_() for p in layer.parameters())]
    assert autograd.gradcheck(call, values)
    assert autograd.gradgradcheck(call, values)


def functional_call(layer, parameters, inputs):
    """The layer with other tensors in the place of its parameters."""
    for name, tensor in parameters.items():
        path, _, last = name.rpartition(".")
        layer.get_submodule(path)._parameters[last] = tensor
    return layer(*inputs)


@rows
def test_float32_gradients_and_inputs_unchanged(row):
    layer = row.make()
    inputs = inputs_of(row, F32, requires_grad=True)
    before = [np.array(x.detach().numpy()) for x in inputs]
    layer(*inputs).sum().backward()
    for x, b in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(x.detach().numpy(), b)
    for tensor in [*inputs, *layer.parameters()]:
        if tensor.requires_grad:
            assert tensor.grad.dtype == F32 and tensor.grad.shape == tensor.shape


@rows
def test_strided_and_read_only_inputs(row):
    layer = row.make()
    plain = inputs_of(row, F32)
    hostile = []
    for x in plain:
        wide = np.repeat(x.numpy(), 2, axis=-1)[..., ::2]
        wide.flags.writeable = False
        hostile.append(autograd.from_numpy(wide))
    expected, got = layer(*plain), layer(*hostile)
    np.testing.assert_allclose(got.detach().numpy(), expected.detach().numpy(), rtol=1e-6)


@pytest.mark.torch
@rows
def test_value_and_text_are_those_of_torch(row):
    torch = pytest.importorskip("torch")
    layer = row.make()
    autograd.manual_seed(5)
    drawn = inputs_of(row, F32)
    twin = twin_of(torch, layer)
    theirs = twin(*(torch.tensor(x.numpy()) for x in drawn))
    np.testing.assert_allclose(
        layer(*drawn).detach().numpy(), theirs.detach().numpy(), rtol=2e-5, atol=1e-6
    )
    assert list(twin.state_dict()) == list(layer.state_dict())
    # PyTorch prints (2, 2) sizes and float options in the same way, but not where they are defaults
    assert repr(twin).split("(")[0] == repr(layer).split("(")[0]


def twin_of(torch, layer):
    """PyTorch's layer of the same class, options and state."""
    cls = getattr(torch.nn, type(layer).__name__)
    if isinstance(layer, nn.Sequential):
        return cls(*(twin_of(torch, one) for one in layer))
    options = {
        name: value
        for name, value in vars(layer).items()
        if name in inspect.signature(cls).parameters
    }
    if isinstance(layer, nn.Linear):
        options["bias"] = layer.bias is not None
    for name, buffer in layer._buffers.items():
        options[name] = None if buffer is None else torch.tensor(buffer.numpy())
    twin = cls(**options)
    state = {k: torch.tensor(v.numpy()) for k, v in layer.state_dict().items()}
    twin.load_state_dict(state)
    return twin.train(layer.training)


@pytest.mark.torch
@pytest.mark.parametrize("bias", [True, False])
def test_linear_starts_with_torchs_weights(bias):
    torch = pytest.importorskip("torch")
    autograd.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = nn.Linear(30, 17, bias=bias), torch.nn.Linear(30, 17, bias=bias)
    for name, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[name].numpy(), tensor.numpy())


@pytest.mark.torch
@pytest.mark.parametrize(
    "rule, options",
    [
        ("SGD", {"lr": 0.1}),
        ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 1e-3}),
        ("Adam", {"lr": 0.01}),
        ("AdamW", {"lr": 0.01}),
    ],
)
def test_training_is_that_of_torch(rule, options):
    torch = pytest.importorskip("torch")
    import optim

    x = np.random.default_rng(0).standard_normal((64, 10)).astype("f")
    y = np.random.default_rng(1).integers(0, 3, 64)

    def losses(core, layers, rules):
        core.manual_seed(0)
        model = layers.Sequential(
            layers.Linear(10, 32), layers.GELU(), layers.Dropout(0.1), layers.Linear(32, 3)
        )
        optimizer = getattr(rules, rule)(model.parameters(), **options)
        loss_of, found = layers.CrossEntropyLoss(), []
        for _ in range(50):
            optimizer.zero_grad()
            loss = loss_of(model(core.tensor(x)), core.tensor(y))
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        return found

    ours, theirs = losses(autograd, nn, optim), losses(torch, torch.nn, torch.optim)
    np.testing.assert_allclose(ours, theirs, rtol=2e-5)
    assert ours[-1] < ours[0]
