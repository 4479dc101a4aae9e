"""A bad argument in every place of every public function and method: what stops it is in our words.

Whoever passes 'yes' for keepdim learns that from a statement of ours. Accepted besides: that Python
says of a public function, by its name, that its arguments are too many, or named otherwise.
"""

import inspect
import warnings

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import Tensor, tensor
from autograd.engine.faults import told_by_us

X = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
ROW = X[0]
GOOD = {
    "dim": 0, "dim0": 0, "dim1": 1, "axis0": 0, "axis1": 1, "index": tensor([[0, 1, 1]]), "k": 1,
    "indices": tensor([[0, 1, 1]]), "exponent": 2, "mask": X > 2, "value": 1.0, "chunks": 2,
    "shifts": 1, "size": 2, "n": 2, "source": X[:1], "destination": 1, "src": X[:1], "p": 0.5,
    "reduce": "sum", "sizes": (2,), "start": 0, "end": 5, "length": 1, "boundaries": ROW, "step": 1,
    "split_size_or_sections": 1, "dimension": 0, "num_classes": 3, "mat2": X.T, "vec": ROW,
    "vec1": ROW, "vec2": ROW, "batch1": X[None], "batch2": X.T[None], "min": 0.0, "max": 9.0,
    "tensor": ROW, "steps": 4, "low": 0, "high": 5, "fill_value": 1.0, "data": [1.0],
    "dtype": autograd.float32, "equation": "ij->ji", "tensors": [X, X], "dims": (0, 1),
    "repeats": 2, "shape": (2, 3), "sections": 2, "indices_or_sections": 1, "obj": [1.0],
    "ndarray": np.ones(2), "num_samples": 1, "condition": X > 2, "sorted_sequence": ROW,
    "generator": None, "from_": 0, "to": 5, "lambd": 1.0, "mean": 0.0, "std": 1.0, "maxnorm": 1.0,
    "test_elements": ROW, "diagonal": 0, "offset": 0, "pad": (1, 1), "row": 2, "col": 2,
    "values": (X,), "accumulate": False, "name": "a", "x2": X, "requires_grad": True,
}  # fmt: skip
SMALL = {"d_model": 8, "num_encoder_layers": 1, "num_decoder_layers": 1, "dim_feedforward": 8}
BAD = [
    None, "yes", 3.5, -100, [], object(), 2**70, float("nan"), 1j, (1, 2, 3), {}, b"x",
    tensor(np.arange(7)), tensor(np.zeros((0, 2), "f4")), tensor([[True]]), tensor(1j),
]  # fmt: skip
# they set the state of the process, or what they are given is the matter of tests of their own
APART = {
    "draw", "gradcheck", "gradcheck_module", "gradgradcheck", "implements", "set_default_dtype",
    "set_default_device", "set_num_threads", "manual_seed", "seed", "set_printoptions",
    "set_default_tensor_type", "set_rng_state", "register_hook", "backward", "load", "save",
}  # fmt: skip
OPERATORS = [
    f"__{name}__"
    for name in "add mul matmul getitem setitem eq lt and lshift pow mod floordiv iadd contains "
    "format rsub".split()
]


def public():
    """(name, function, whether its first parameter is a tensor that is called upon)."""
    for module in (autograd, F, nn.init, nn.utils):
        for name, f in vars(module).items():
            legacy = inspect.isclass(f) and name.endswith("Tensor")
            if not name.startswith("_") and (legacy or inspect.isroutine(f)):
                yield f"{module.__name__}.{name}", f, False
    for name in dir(Tensor):
        if name in OPERATORS or not name.startswith("_"):
            f = getattr(Tensor, name)
            if callable(f):
                yield f"Tensor.{name}", f, True
    for name, f in vars(nn).items():
        if inspect.isclass(f) and issubclass(f, nn.Module):
            yield f"nn.{name}", f, False


def parameters(f):
    try:
        return list(inspect.signature(f).parameters.values())
    except ValueError:
        return []


def calls(f, method):
    """(parameter, bad value, call) for every parameter of ``f`` and every bad value."""
    places = parameters(f)
    own = [X] if method else []
    named = not any(p.kind is p.VAR_POSITIONAL for p in places)
    for p in places[len(own) :]:
        if p.kind is p.VAR_KEYWORD:
            continue
        for bad in BAD:
            args, kwargs = list(own), {}
            for other in places[len(own) :]:
                if other is p:
                    value = bad
                elif other.default is other.empty and other.kind is not other.VAR_POSITIONAL:
                    value = GOOD.get(other.name, X)
                elif other.name in SMALL:  # by default they take half a second
                    value = SMALL[other.name]
                else:
                    continue
                value = value.clone() if isinstance(value, Tensor) else value
                if other.kind is other.KEYWORD_ONLY or (
                    named and other.kind is other.POSITIONAL_OR_KEYWORD
                ):
                    kwargs[other.name] = value
                else:
                    args.append(value)
            yield p.name, bad, args, kwargs


def by_python(error, name):
    """Whether Python complains of how a public function was called, by its name."""
    words = str(error)
    called = words.partition("(")[0].rpartition(".")[2]
    return isinstance(error, TypeError) and "argument" in words and called == name


FUNCTIONS = {
    name: (f, method)
    for name, f, method in public()
    if name.rpartition(".")[2] not in APART and parameters(f)
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_bad_argument_is_told_in_our_words(name):
    f, method = FUNCTIONS[name]
    wrong = []
    for parameter, bad, args, kwargs in calls(f, method):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                f(*[one.clone() if one is X else one for one in args], **kwargs)
        except Exception as error:
            if not (told_by_us(error) or by_python(error, name.rpartition(".")[2])):
                wrong.append(f"{parameter}={bad!r:.30}: {type(error).__name__}: {error}")
    assert not wrong, "\n".join(wrong)


def test_the_check_sees_words_that_are_not_ours():
    for call in (
        lambda: np.ones(2)[5],
        lambda: X.numpy().reshape(5),
        lambda: int("a"),
        lambda: +{},
    ):
        with pytest.raises(Exception) as caught:
            call()
        assert not told_by_us(caught.value)
    with pytest.raises(IndexError) as caught:
        X[5]
    assert told_by_us(caught.value)
