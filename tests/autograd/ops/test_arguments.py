"""What is no tensor, in place of one, and arguments by keyword: every public function."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import autograd
import autograd.ops
import nn
import nn.functional as F
import optim
from autograd import tensor

MODULES = [
    importlib.import_module(one.name)
    for one in pkgutil.walk_packages(autograd.ops.__path__, "autograd.ops.")
]
X = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
I = tensor([[0, 1, 1]])
VALUES = {
    "upper": True,
    "dim": 0, "dim0": 0, "dim1": 1, "axis0": 0, "axis1": 1, "index": I, "indices": I, "k": 1,
    "exponent": 2, "mask": X > 2, "value": 1.0, "chunks": 2, "shifts": 1, "size": 2, "n": 2,
    "source": X[:1], "destination": 1, "src": X[:1], "reduce": "sum", "sizes": (2,), "start": 0,
    "length": 1, "boundaries": X[0], "split_size_or_sections": 1, "dimension": 0, "step": 1,
    "num_classes": 3, "mat2": X.T, "other": X, "vec": X[0], "vec1": X[0], "vec2": X[0],
    "batch1": X[None], "batch2": X.T[None], "min": 0.0, "max": 9.0, "tensor": X[0], "x2": X,
}  # fmt: skip


def public(module):
    for name, f in vars(module).items():
        if inspect.isfunction(f) and getattr(autograd, name, None) is f:
            yield name, f
        elif module is F and inspect.isfunction(f) and not name.startswith("_"):
            yield name, f


def arguments(f):
    """Values for what ``f`` needs, by name; None where it takes any number of tensors."""
    parameters = inspect.signature(f).parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters if p.name in ("tensors", "operands")):
        return None
    return {
        p.name: VALUES.get(p.name, X)
        for p in parameters
        if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    }


FUNCTIONS = sorted({f.__name__: f for m in [*MODULES, F] for _, f in public(m)}.items())


@pytest.mark.parametrize("wrong", [None, "a", object()], ids=["None", "str", "object"])
@pytest.mark.parametrize(("name", "f"), FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_what_is_no_tensor_is_a_type_error_in_our_words(name, f, wrong):
    given = arguments(f)
    if not given or name.startswith("check_") or name.endswith("_"):
        return
    if name in ("clamp", "clip"):
        given["max"] = 9.0
    first = next(iter(given))
    if first == "call":
        return
    with pytest.raises(TypeError) as caught:
        f(**{**given, first: wrong})
    message = str(caught.value)
    assert message.endswith((".", ".)")) or "; got" in message, message
    assert "; got" in message or "expected" in message, message
    assert "has no attribute" not in message


CALLS = [
    (lambda: autograd.add([1.0], [2.0]), "Add list"),  # not one list after the other
    (lambda: autograd.mul([1.0], 3), "Multiply list"),
    (lambda: autograd.add("a", "b"), "Add 'a'"),
    (lambda: autograd.where(None, X, X), "where condition None"),
    (lambda: autograd.where("a", X, X), "where condition 'a'"),
    (lambda: X & 1, "BitwiseAnd float32 x.long()"),
    (lambda: ~X, "BitwiseNot float32"),
    (lambda: -(X > 1), "Negative bool"),
    (lambda: (X > 1) - (X > 1), "Subtract bool and bool"),
    (lambda: autograd.round(X, decimals="a"), "round decimals 'a'"),
    (lambda: autograd.nan_to_num(X, nan="a"), "nan_to_num nan 'a'"),
    (lambda: autograd.logit(X, eps="a"), "logit eps 'a'"),
    (lambda: autograd.isclose(X, X, rtol="a"), "isclose rtol 'a'"),
    (lambda: autograd.equal(X, None), "equal other None"),
    (lambda: X.softmax("a"), "softmax dim 'a'"),
    (lambda: X.softmax(0, dtype=autograd.int64), "softmax dtype int64"),
    (lambda: X.unflatten(1, "a"), "unflatten 'a'"),
    (lambda: X.view_as(None), "view_as other NoneType"),
    (lambda: X.expand_as("a"), "expand_as other str"),
    (lambda: X.type_as(None), "type_as other NoneType"),
    (lambda: X.narrow(0, "a", 1), "narrow start 'a'"),
    (lambda: X.tensor_split(1.5), "tensor_split 1.5"),
    (lambda: X.tensor_split(), "tensor_split sections"),
    (lambda: X.repeat_interleave(1.5), "repeat_interleave 1.5"),
    (lambda: X.diag("a"), "diag 'a'"),
    (lambda: X.diagonal(offset="a"), "diagonal offset 'a'"),
    (lambda: X[0].diag_embed(offset="a"), "diag_embed offset 'a'"),
    (lambda: X.var(unbiased="a"), "var unbiased 'a'"),
    (lambda: X.masked_fill(X > 1, "a"), "masked_fill value 'a'"),
    (lambda: X.masked_fill(X > 1, None), "masked_fill value None"),
    (lambda: X.masked_fill(X > 1, 1j), "masked_fill float32 1j"),
    (lambda: X.scatter_add(0, I, None), "scatter_add src NoneType"),
    (lambda: X.index_add(0, I[0, :2], None), "index_add source NoneType"),
    (lambda: X.index_put(I, X), "index_put tuple Tensor"),
    (lambda: X.histc(bins="a"), "histc bins 'a'"),
    (lambda: autograd.matrix_power(autograd.eye(2), 1.5), "matrix_power n 1.5"),
    (lambda: autograd.cross(X, X, dim="a"), "cross 'a'"),
    (lambda: autograd.cross(X, None), "cross other NoneType"),
    (lambda: autograd.vstack(None), "vstack NoneType"),
    (lambda: autograd.hstack([X, 1]), "hstack int"),
    (lambda: autograd.meshgrid("a"), "meshgrid str"),
    (lambda: autograd.broadcast_tensors(X, None), "broadcast_tensors NoneType"),
    (lambda: autograd.broadcast_shapes((2,), "a"), "broadcast_shapes 'a'"),
    (lambda: nn.Dropout(0.5)(None), "dropout input NoneType"),
    (lambda: nn.ReLU()(None), "Relu NoneType"),
    (lambda: nn.Flatten()(None), "Flatten input NoneType"),
    (lambda: nn.Unflatten(1, 3), "Unflatten 3"),
    (lambda: nn.Unflatten(1, "a"), "Unflatten 'a'"),
    (lambda: F.one_hot(I, 2.5), "one_hot num_classes 2.5"),
    (lambda: F.mse_loss(X, X, weight="a"), "weight str"),
    (lambda: nn.init.constant_(autograd.ones(2), None), "constant_ val None"),
    (lambda: nn.init.normal_(None), "normal_ tensor NoneType"),
    (lambda: nn.init.xavier_uniform_(autograd.ones(2, 2), gain="a"), "xavier_uniform_ gain 'a'"),
    (lambda: nn.utils.vector_to_parameters(None, [X]), "vector_to_parameters vec NoneType"),
    (lambda: nn.utils.parameters_to_vector([3]), "parameters_to_vector int"),
    (lambda: nn.ModuleDict([1]), "ModuleDict pairs [1]"),
    (lambda: nn.ParameterDict(3), "ParameterDict pairs 3"),
    (lambda: nn.ParameterList(3), "ParameterList int"),
    (lambda: nn.Sequential(nn.ReLU())["a"], "Sequential 'a'"),
    (lambda: nn.Linear(2, 2).apply(None), "apply NoneType"),
]


@pytest.mark.parametrize(("call", "words"), CALLS)
def test_a_wrong_kind_of_argument_is_told(call, words):
    with pytest.raises(TypeError) as caught:
        call()
    message = str(caught.value)
    assert not [word for word in words.split() if word not in message], message


KEYWORDS = [
    (lambda: autograd.add(input=X, other=X, alpha=2), lambda: X * 3),
    (lambda: autograd.clamp(X, min=X[0], max=tensor(4.0)), lambda: X.minimum(tensor(4.0))),
    (lambda: F.linear(input=X, weight=X, bias=X[:, 0]), lambda: X @ X.T + X[:, 0]),
    (lambda: autograd.hstack(tensors=(X, X)), lambda: autograd.cat([X, X], 1)),
    (lambda: autograd.vstack(tensors=(X, X)), lambda: autograd.cat([X, X])),
    (lambda: autograd.dstack(tensors=(X, X)), lambda: autograd.stack([X, X], 2)),
    (lambda: autograd.column_stack(tensors=(X, X)), lambda: autograd.cat([X, X], 1)),
    (lambda: X.swapaxes(axis0=0, axis1=1), lambda: X.T),
    (lambda: X.tensor_split(sections=2)[1], lambda: X[1:]),
    (lambda: X.tensor_split(indices=(1,))[1], lambda: X[1:]),
    (lambda: autograd.asarray(obj=[1.0, 2.0]), lambda: tensor([1.0, 2.0])),
    (lambda: X.new_full(size=(2,), fill_value=1.0, device="cpu"), lambda: autograd.ones(2)),
    (lambda: X.new_tensor([1], device="cpu"), lambda: autograd.ones(1)),
    (lambda: autograd.zeros(tensor(2)), lambda: autograd.zeros(2)),
    (lambda: autograd.normal(0.0, 0.0, size=(2,), device="cpu"), lambda: autograd.zeros(2)),
]


@pytest.mark.parametrize(("call", "plain"), KEYWORDS)
def test_pytorchs_parameter_names_are_taken(call, plain):
    assert autograd.equal(call(), plain())


def test_a_keyword_tensor_has_its_gradient():
    x, low = X.clone().requires_grad_(), tensor(2.5, requires_grad=True)
    autograd.clamp(x, min=low).sum().backward()
    assert low.grad.item() == 2.0
    assert x.grad.sum().item() == 4.0


def test_asarray_copies_as_asked():
    a = np.ones(2)
    assert autograd.asarray(a, copy=False).numpy() is a
    assert not np.shares_memory(autograd.asarray(a, copy=True).numpy(), a)
    assert autograd.asarray(a, requires_grad=True).requires_grad
    x = autograd.ones(2)
    assert autograd.asarray(x, requires_grad=True).requires_grad
    assert not x.requires_grad
    with pytest.raises(ValueError, match="copy=False"):
        autograd.asarray([1.0], copy=False)


def test_subclasses_of_arrays_come_in_as_plain_ones():
    masked = np.ma.masked_array([1.0, 2.0], mask=[True, False])
    for make in (tensor, autograd.from_numpy, autograd.as_tensor):
        for given in (masked, np.ones(2).view(np.recarray)):
            assert type(make(given).numpy()) is np.ndarray
    assert repr(tensor(masked)) == "tensor([1., 2.], dtype=autograd.float64)"


def test_numbers_are_values_of_parameters_and_not_sizes():
    assert nn.Parameter(3.0).item() == 3.0
    assert nn.Buffer(3).item() == 3
    assert nn.Parameter(tensor(2.0), requires_grad=False).requires_grad is False
    with pytest.raises(TypeError, match="requires_grad"):
        nn.Parameter(X, requires_grad="yes")


def test_the_state_of_another_rule_or_schedule_is_refused_and_changes_nothing():
    x = X.clone().requires_grad_()
    sgd, adam = optim.SGD([x], lr=0.1), optim.Adam([x], lr=0.2)
    with pytest.raises(ValueError, match="SGD.load_state_dict: .*same rule.*betas.*another SGD"):
        sgd.load_state_dict(adam.state_dict())
    assert sgd.param_groups[0]["lr"] == 0.1
    step = optim.lr_scheduler.StepLR(sgd, 2)
    other = optim.lr_scheduler.CosineAnnealingLR(adam, 9)
    with pytest.raises(ValueError, match="StepLR.load_state_dict: .*T_max.*lacks"):
        step.load_state_dict(other.state_dict())
    with pytest.raises(TypeError, match="StepLR.load_state_dict: expected a dict; got int"):
        step.load_state_dict(3)
    assert step.last_epoch == 0
    with pytest.raises(
        TypeError, match="LambdaLR: what lr_lambda returns must be a number; got None"
    ):
        optim.lr_scheduler.LambdaLR(sgd, lambda epoch: None)
    with pytest.raises(TypeError, match="closure must be a function .*got Tensor"):
        sgd.step(x.sum())
    del sgd.param_groups[0]["lr"]
    with pytest.raises(KeyError, match="group 0 has no 'lr'"):
        sgd.step()
