"""Layers, one row each: shapes, state, printing, gradients of input and parameters."""

import inspect

import numpy as np
import pytest

import autograd
import nn
from nn.modules.lazy import LazyModuleMixin
from tests.op_cases import FUNCTIONAL

F32, F64 = autograd.float32, autograd.float64
ROWS = [row for one in FUNCTIONAL for row in one.LAYERS]
# They hold others, or are made to be subclassed: tests/nn/test_module.py has their tests, and
# tests/nn/test_transformer.py; the
# adaptive softmax gives two results: tests/nn/test_adaptive.py; the gradient of CTCLoss is not
# PyTorch's where the inputs do not come from a softmax: tests/nn/test_ctc.py
BARE = {
    nn.AdaptiveLogSoftmaxWithLoss,
    nn.CTCLoss,
    nn.DataParallel,
    nn.Module,
    nn.ModuleDict,
    nn.ModuleList,
    nn.ParameterDict,
    nn.ParameterList,
    nn.RNNBase,
    nn.RNNCellBase,
    nn.Transformer,
    nn.TransformerDecoder,
    nn.TransformerDecoderLayer,
    nn.TransformerEncoder,
    nn.TransformerEncoderLayer,
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
    lazy = {one for one in exported if issubclass(one, LazyModuleMixin)}  # tests/nn/test_lazy.py
    assert exported == BARE | lazy | {type(row.make()) for row in ROWS}


def flat(result):
    """The tensors of what a layer returns, the output first."""
    return [one for part in result for one in flat(part)] if type(result) is tuple else [result]


@rows
def test_shape_dtype_state_and_text(row):
    layer = row.make()
    out = flat(layer(*inputs_of(row, F32)))[0]
    assert out.shape == row.out and out.dtype == F32
    assert tuple(layer.state_dict()) == row.keys
    assert repr(layer) == row.text


@rows
def test_gradients(row):
    assert autograd.gradcheck(*call_of(row))


@pytest.mark.slow
@rows
def test_second_derivatives(row):
    assert autograd.gradgradcheck(*call_of(row))


def call_of(row):
    """A function of a layer's inputs and parameters, in float64, and these."""
    layer = row.make().double()
    inputs = inputs_of(row, F64, requires_grad=True)
    names = [name for name, _ in layer.named_parameters()]

    def call(*values):
        parameters = dict(zip(names, values[len(inputs) :], strict=True))
        return functional_call(layer, parameters, values[: len(inputs)])

    return call, [*inputs, *(p.detach().requires_grad_() for p in layer.parameters())]


def functional_call(layer, parameters, inputs):
    """The layer with other tensors in the place of its parameters."""
    for name, tensor in parameters.items():
        path, _, last = name.rpartition(".")
        layer.get_submodule(path)._parameters[last] = tensor
    return tuple(flat(layer(*inputs)))


@rows
def test_float32_gradients_and_inputs_unchanged(row):
    layer = row.make()
    inputs = inputs_of(row, F32, requires_grad=True)
    before = [np.array(x.detach().numpy()) for x in inputs]
    sum(one.sum() for one in flat(layer(*inputs))).backward()
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
    for got, expected in zip(flat(layer(*hostile)), flat(layer(*plain)), strict=True):
        np.testing.assert_allclose(got.detach().numpy(), expected.detach().numpy(), rtol=1e-6)


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@rows
def test_all_is_as_in_torch(row):
    torch = pytest.importorskip("torch")
    autograd.manual_seed(5)
    layer = row.make()
    twin = twin_of(torch, layer)
    assert list(twin.state_dict()) == list(layer.state_dict())
    assert repr(twin) == repr(layer)
    ours = inputs_of(row, F32, requires_grad=True)
    theirs = [torch.tensor(x.detach().numpy(), requires_grad=x.requires_grad) for x in ours]
    outs, expected = flat(layer(*ours)), flat(twin(*theirs))
    random = np.random.default_rng(1)
    for one, wanted in zip(outs, expected, strict=True):
        close(one, wanted)
        weights = random.uniform(0.5, 1.5, tuple(one.shape)).astype("f")
        if isinstance(layer, nn.CrossMapLRN2d):
            return  # whose gradient in PyTorch is not that of its values
        one.backward(autograd.tensor(weights), retain_graph=True)
        wanted.backward(torch.tensor(weights), retain_graph=True)
    for x, y in zip([*ours, *layer.parameters()], [*theirs, *twin.parameters()], strict=True):
        assert (x.grad is None) == (y.grad is None)
        if x.grad is not None:
            close(x.grad, y.grad)


def close(ours, theirs):
    """Equal to within float32's digits, of each value or of the largest one."""
    a, b = ours.detach().numpy(), theirs.detach().numpy()
    assert a.shape == b.shape and a.dtype == b.dtype
    np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-6 * np.max(np.abs(b), initial=0))


def twin_of(torch, layer):
    """PyTorch's layer of the same class, options and state."""
    cls = getattr(torch.nn, type(layer).__name__)
    if isinstance(layer, nn.Sequential):
        return cls(*(twin_of(torch, one) for one in layer))
    recurrent = isinstance(layer, nn.RNNBase)  # PyTorch's take *args
    known = inspect.signature(torch.nn.RNNBase if recurrent else cls).parameters
    options = {name: value for name, value in vars(layer).items() if name in known}
    if recurrent:
        options = {k: v for k, v in options.items() if k != "mode" and (v or k != "proj_size")}
    if "bias" in known and "bias" in layer._parameters:
        biased = getattr(layer, "bias", None) is not None
        options["bias"] = biased or not getattr(layer, "affine", True)
    for name, buffer in layer._buffers.items():
        if name in known:
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
