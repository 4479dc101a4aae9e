"""What functions of nn refuse, and in which words; names and signatures of PyTorch."""

import inspect

import pytest

import autograd
import nn
import nn.functional as F
from autograd import tensor
from tests.error_inputs import ours

X = autograd.ones(3, 4)


@pytest.mark.parametrize(
    "act, error, message",
    [
        (
            lambda: F.linear(X, autograd.ones(2, 5)),
            ValueError,
            r"expects 5 input features.*\(3, 4\)",
        ),
        (lambda: F.linear(X, autograd.ones(4)), ValueError, r"shape \(out, in\); got \(4,\)"),
        (lambda: F.linear(autograd.tensor(1.0), autograd.ones(2, 4)), ValueError, "features"),
        (lambda: F.linear(X.double(), autograd.ones(2, 4)), TypeError, "float64 and float32"),
        (lambda: F.linear(X, autograd.ones(2, 4), autograd.ones(1)), ValueError, "bias"),
        (lambda: F.linear(X, autograd.ones(2, 4), autograd.ones(2).double()), TypeError, "bias"),
        (lambda: F.gelu(X, "erf"), ValueError, "'none' or 'tanh'; got 'erf'"),
        (lambda: F.dropout(X, -0.1), ValueError, "probability"),
        (lambda: F.mse_loss(X, X, reduction="max"), ValueError, "'mean', 'sum' or 'none'"),
        (lambda: F.cross_entropy(X, tensor([0, 1])), ValueError, r"\(3, 4\) and \(2,\)"),
        (lambda: F.cross_entropy(X, tensor([0, 1, 4])), IndexError, r"\[0, 4\); got 0 to 4"),
        (lambda: F.cross_entropy(X, tensor([0, 1, -1])), IndexError, "-1"),
        (lambda: F.cross_entropy(X, autograd.ones(3, 5)), ValueError, "shape of the scores"),
        (lambda: F.cross_entropy(X.long(), tensor([0, 1, 1])), TypeError, "floating dtype"),
        (lambda: F.cross_entropy(X, tensor([0, 1, 1]), label_smoothing=2), ValueError, "smoothing"),
        (
            lambda: F.cross_entropy(X, tensor([0, 1, 1]), weight=autograd.ones(3)),
            ValueError,
            r"one number per class, \(4,\)",
        ),
        (lambda: F.nll_loss(X, autograd.ones(3)), TypeError, "integers"),
        (lambda: F.binary_cross_entropy(X, autograd.ones(4)), ValueError, "view_as"),
        (lambda: F.binary_cross_entropy(X * 2, X), ValueError, "probabilities"),
        (
            lambda: F.binary_cross_entropy(X * float("nan"), X),
            ValueError,
            r"some are nan\. Stop where they come up: `with autograd\.detect_anomaly\(\):`",
        ),
        (lambda: F.one_hot(tensor([0, 5]), 3), ValueError, r"\[0, 3\)"),
        (lambda: F.one_hot(X), TypeError, "integers"),
        (lambda: F.one_hot(tensor([], dtype=autograd.int64)), ValueError, "num_classes"),
        (lambda: nn.init.xavier_normal_(autograd.ones(3)), ValueError, "two dimensions"),
        (lambda: nn.init.orthogonal_(autograd.ones(3)), ValueError, "two dimensions"),
        (lambda: nn.init.eye_(autograd.ones(3)), ValueError, "matrix"),
        (lambda: nn.init.kaiming_normal_(X, mode="both"), ValueError, "'fan_in' or 'fan_out'"),
        (lambda: nn.init.calculate_gain("swish"), ValueError, "'swish'"),
        (lambda: F.linear(None, X), TypeError, "linear: input must be a tensor; got NoneType"),
        (lambda: F.linear(X, [[1.0]]), TypeError, "weight must be a tensor; got list"),
        (lambda: F.linear(X, X, "a"), TypeError, "bias must be a tensor; got str"),
        *[
            (lambda f=f, bad=bad: f(*bad), TypeError, f"{f.__name__}: (input|target) must be a")
            for f in (F.mse_loss, F.l1_loss, F.cross_entropy, F.nll_loss, F.binary_cross_entropy)
            for bad in [(None, X), (X, [1.0]), ("a", X)]
        ],
        (
            lambda: F.cross_entropy(X, tensor([0, 1, 1]), ignore_index="a"),
            TypeError,
            "ignore_index must be a whole number; got 'a'",
        ),
        (
            lambda: F.cross_entropy(X, tensor([0, 1, 1]), label_smoothing="a"),
            TypeError,
            "label_smoothing must be a number",
        ),
        (lambda: F.softmax(X, dim="a"), TypeError, "dim must be a whole number; got 'a'"),
        (lambda: F.log_softmax(X, dim=0.5), TypeError, "dim must be a whole number; got 0.5"),
        (lambda: F.leaky_relu(X, "2"), TypeError, "negative_slope must be a number; got '2'"),
        (lambda: F.elu(X, autograd.ones(2)), TypeError, "alpha must be a number"),
        (
            lambda: F.softplus(X, beta=tensor(1.0, requires_grad=True)),
            TypeError,
            "beta must be a number, which has no gradient",
        ),
        (lambda: F.dropout(X, "a"), TypeError, "p must be a number"),
        (lambda: nn.utils.clip_grad_norm_([X], -1), ValueError, r"max_norm must be in \[0, ∞\]"),
        (lambda: nn.utils.clip_grad_norm_([X], "a"), TypeError, "max_norm must be a number"),
        (lambda: nn.utils.clip_grad_norm_([X], 1, "a"), TypeError, "norm_type must be a number"),
        (lambda: nn.utils.clip_grad_norm_([1.0], 1), TypeError, "must be tensors; got float"),
        (lambda: nn.utils.clip_grad_value_(None, 1), TypeError, "must be tensors; got NoneType"),
        (lambda: nn.utils.clip_grad_value_([X], -1), ValueError, "clip_value must be in"),
    ],
)
def test_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()


@pytest.mark.torch
def test_signatures_are_those_of_torch():
    torch = pytest.importorskip("torch")
    modules = [(nn.functional, torch.nn.functional), (nn.init, torch.nn.init)]
    for mine, theirs in modules:
        for name, function in vars(mine).items():
            known = getattr(theirs, name, None)
            if name.startswith("__") or not inspect.isfunction(function) or known is None:
                continue
            try:
                expected = inspect.signature(known).parameters
            except ValueError:
                continue  # written in C
            given = inspect.signature(function).parameters
            skipped = {"_stacklevel", "out", "args", "kwargs"}  # of those that choose by a flag
            assert [n for n in expected if n not in skipped and n not in given] == [], name
            for argument, parameter in given.items():
                if argument in expected:
                    assert parameter.default == expected[argument].default, (name, argument)


# Accepted here, and why.
FLAGS = "0 and 1 are flags, as everywhere here"
ACCEPTED = {
    ("RNN", "bool"): FLAGS,
    ("LSTM", "bool"): FLAGS,
    ("GRU", "bool"): FLAGS,
    ("NLLLoss", "scalar type"): "weights of classes are brought to the dtype of the scores",
}


@pytest.mark.torch
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_pytorchs_modules_refuse():
    torch = pytest.importorskip("torch")
    from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

    taken, refused = set(), 0
    for info in (one for one in module_db if one.module_error_inputs_func is not None):
        for one in info.module_error_inputs_func(
            info, device="cpu", dtype=torch.float32, requires_grad=False, training=True
        ):
            case, name, memory = one.module_error_input, info.module_cls.__name__, {}
            made, given = case.constructor_input, case.forward_input
            args, kwargs = ours(torch, (made.args, made.kwargs), memory)
            try:
                module = getattr(nn, name)(*args, **kwargs)
                if one.error_on is ModuleErrorEnum.FORWARD_ERROR:
                    args, kwargs = ours(torch, (given.args, given.kwargs), memory)
                    module(*args, **kwargs)
            except (ValueError, TypeError, RuntimeError, IndexError):
                refused += 1
            else:
                known = [words for cls, words in ACCEPTED if cls == name]
                assert any(words in one.error_regex for words in known), (name, one.error_regex)
                taken.add(name)
    assert refused >= 77 and taken == {name for name, _ in ACCEPTED}
