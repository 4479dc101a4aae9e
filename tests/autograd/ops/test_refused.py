"""Inputs to be refused: ours, and those of PyTorch's op database where it is installed.

What is raised is of the kind that PyTorch raises: most errors here are a RuntimeError, too.
"""

import functools
import warnings
from collections import Counter

import numpy as np
import pytest

import autograd
import nn
from autograd import ones, tensor
from tests.error_inputs import ours

F = nn.functional

REFUSED = [
    (lambda: autograd.isclose(ones(2), ones(2), rtol=-0.4), "rtol and atol must be 0 or more"),
    (lambda: autograd.roll(ones(2), ()), "each dim needs one shift"),
    (lambda: autograd.roll(tensor(1.0), 0, 0), "dims need a tensor with axes"),
    (lambda: autograd.cdist(ones(2, 2), ones(2, 2), -1.0), "p must be 0 or more"),
    (lambda: autograd.cdist(ones(2, 2), ones(2, 2), 2.0, "fast"), "compute_mode must be one of"),
    (lambda: autograd.cdist(ones(2, 2), ones(2, 3)), "rows must have one length"),
    (lambda: autograd.index_reduce(ones(2), 0, tensor([0]), ones(1), "sum"), "one of prod, mean"),
    (lambda: autograd.index_reduce(ones(2), 0, tensor([5]), ones(1), "prod"), "out of range"),
    (lambda: autograd.as_strided_scatter(ones(4), ones(3), (2,), (1,)), "src must have the shape"),
    (lambda: autograd.nonzero_static(ones(2), size=-1), "size must be 0 or more"),
    (lambda: autograd.histogramdd(ones(3), 2), r"expected points \(\.\.\., N\)"),
    (lambda: autograd.histogramdd(ones(3, 2), [2]), "one entry, and range two, for each of 2"),
    (lambda: autograd.empty_strided((2, 3), (1,)), "each size needs a stride"),
    (lambda: autograd.empty_permuted((2, 3), (0, 0)), "must name each axis once"),
    (lambda: autograd.masked.mean(tensor([1]), mask=tensor([True])), "must be of a floating dtype"),
    (lambda: autograd.masked.sum(ones(2), mask=ones(2)), "mask must have dtype bool"),
    (lambda: autograd.masked.sum(ones(2), mask=tensor([[True, True]])), "not have more axes"),
    (lambda: autograd.masked.sum(ones(2), mask=tensor([True] * 3)), "mask must broadcast to input"),
    (lambda: autograd.slice_copy(ones(2), step=0), "step must be at least 1"),
    (lambda: autograd.grid_sampler(ones(1, 1, 2, 2), ones(1, 1, 1, 2), 5, 0, True), "0, 1 or 2"),
    (lambda: autograd.linalg.vecdot(tensor([1]), tensor([1])), "both operands must be of a float"),
    (lambda: autograd.sort(tensor([1j])), "sort: complex numbers have no order"),
    (lambda: autograd.argsort(tensor([1j])), "argsort: complex numbers have no order"),
    (lambda: autograd.topk(tensor([1j]), 1), "topk: complex numbers have no order"),
    (lambda: autograd.kthvalue(tensor([1j]), 1), "kthvalue: complex numbers have no order"),
    (lambda: autograd.kthvalue(ones(2), 3), "k must lie between 1 and 2"),
    (lambda: autograd.arange(0, 3, 0), "the step must be nonzero"),
    (lambda: autograd.eye(-1), "sizes must not be negative"),
    (lambda: autograd.multinomial(ones(2), 3), "without replacement"),
    (lambda: F.avg_pool1d(ones(1, 1, 9), 2, padding=4), "padding must be at most half"),
    (lambda: F.conv1d(ones(1, 1, 4), ones(1, 1, 2), stride=-1), "stride must be 1 or more"),
    (
        lambda: F.linear_cross_entropy(ones(1, 2), ones(3, 2), ones(1, 3), ignore_index=1),
        "ignore_index goes with classes",
    ),
    (
        lambda: F.linear_cross_entropy(ones(2), ones(3, 1, 2), tensor([0])),
        r"needs an input \(N, in",
    ),
]


@pytest.mark.parametrize("call, words", REFUSED, ids=lambda value: value if value is str else None)
def test_refused(call, words):
    with pytest.raises((ValueError, TypeError, RuntimeError, IndexError), match=words):
        call()


@pytest.mark.parametrize(
    "call, kinds",
    [
        (lambda: autograd.arange(0, 3, 0), (ValueError, RuntimeError)),
        (lambda: autograd.dot(ones(2), ones(2).double()), (TypeError, RuntimeError)),
        (lambda: autograd.gather(ones(2), 0, tensor([7])), (IndexError, RuntimeError)),
        (lambda: autograd.narrow(ones(2), 0, 7, 0), (IndexError, RuntimeError)),
    ],
)
def test_errors_are_of_both_kinds(call, kinds):
    for kind in kinds:
        with pytest.raises(kind):
            call()


# -- PyTorch's op database ------------------------------------------------------------------------

# Accepted here, and what is right about it: the call that is meant gives the same in PyTorch.
NUMBERS, OUT = "numbers where tensors are wanted", "out= of another dtype, or over the inputs"
# Refused, by an error of another kind: the order of checks, or NumPy's kind of error.
OTHER_KIND = set("narrow_copy neg nn.functional.multi_margin_loss".split())


def database():
    torch = pytest.importorskip("torch")
    pytest.importorskip("expecttest")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db
    return torch, [op for op in op_db if op.error_inputs_func is not None]


IN_PLACE = {"cauchy", "exponential", "geometric", "log_normal", "uniform"}


def function_of(name):
    if name in IN_PLACE:
        return getattr(autograd.Tensor, f"{name}_")
    try:
        package = nn if name.startswith("nn.") else autograd
        return functools.reduce(getattr, name.removeprefix("nn.").split("."), package)
    except AttributeError:
        return getattr(autograd.Tensor, name, None)


def kind_of(torch, op, sample, found):
    """Why it is right to give ``found`` for what PyTorch refuses; None where nobody knows.

    Numbers become tensors, ``out`` is left away: then PyTorch gives the same.
    """
    kwargs, kind = dict(sample.kwargs), NUMBERS
    args = [torch.tensor(n) if type(n) in (int, float) else n for n in (sample.input, *sample.args)]
    if kwargs.pop("out", None) is not None:
        args, kind = (sample.input, *sample.args), OUT
    if op.name == "multinomial":
        return kind  # of torch.empty, whose numbers nobody knows
    torch.manual_seed(0)
    try:
        meant = op.op(*args, **kwargs)
    except NotImplementedError:  # for integers
        meant = op.op(*[one.float() for one in args], **kwargs)
    except (RuntimeError, TypeError):
        return None
    meant, found = ([*one] if isinstance(one, tuple) else [one] for one in (meant, found))
    pairs = zip(map(np.asarray, found), map(np.asarray, meant), strict=True)
    same = [np.allclose(a, b.astype(a.dtype), rtol=1e-6, atol=0) for a, b in pairs]
    return kind if all(same) else None


@pytest.mark.torch
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_pytorchs_op_database_refuses():
    torch, ops = database()
    wrong, count = [], Counter()
    for op in ops:
        function = function_of(op.name)
        if function is None or isinstance(function, autograd.dtype):
            continue
        try:
            given = list(op.error_inputs("cpu"))
        except RuntimeError:
            continue  # an error input that this build of PyTorch cannot make
        for one in given:
            sample, memory = one.sample_input, {}
            try:
                args = ours(torch, (sample.input, *sample.args), memory)
                kwargs = ours(torch, sample.kwargs, memory)
            except (TypeError, ValueError, AttributeError):
                count["of a kind that NumPy has not"] += 1
                continue
            autograd.manual_seed(0)
            try:
                with np.errstate(all="ignore"):
                    found = function(*args, **kwargs)
            except Exception as error:
                count["refused"] += 1
                if not isinstance(error, one.error_type) and op.name not in OTHER_KIND:
                    wrong.append(f"{op.name}: {error!r:.150}, PyTorch {one.error_type.__name__}")
                continue
            count[kind := kind_of(torch, op, sample, found)] += 1
            if kind is None:
                wrong.append(f"{op.name} takes {args!r:.150} {kwargs!r:.80}: {one.error_regex:.80}")
    assert not wrong, "\n".join(wrong)
    assert count["refused"] >= 565 and count[NUMBERS] <= 94 and count[OUT] <= 15, count
