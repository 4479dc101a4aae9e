"""The table of layers: numbers worked out by hand and PyTorch's, and a run that leaves no trace."""

import gc
import re
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd.utils.checkpoint import checkpoint
from nn import functional as F


class Net(nn.Module):
    """A bit of everything: own parameters, a function, a repeated, a shared, an idle module."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(autograd.ones(8))
        self.first = nn.Linear(4, 8)
        self.block = nn.Sequential(nn.Linear(8, 8), nn.ReLU())
        self.idle = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
        self.head = nn.Linear(8, 8, bias=False)
        self.head.weight = self.block[0].weight
        self.first.bias.requires_grad_(False)

    def forward(self, x):
        x = autograd.tanh(self.first(x)) * self.scale
        return self.head(self.block(self.block(x)))


def cells(report):
    """The table, as a list of cells for each line."""
    titles, _, *lines = report.text.splitlines()
    found = {}
    for line in lines[: next(i for i, line in enumerate(lines) if line.startswith("--"))]:
        name, *rest = re.split("  +", line.lstrip("│├└─ "))
        found[name] = rest
    return titles.split(), found


def test_the_table_of_a_model():
    titles, found = cells(autograd.summary(Net(), autograd.ones(5, 4)))
    assert titles == ["layer", "output", "parameters", "frozen", "multiply-adds", "kept"]
    assert found == {
        "Net": ["(5, 8)", "128", "8", "1,120", "640 B"],
        "itself": ["8", "160 B"],  # the scale; tanh's result
        "first: Linear": ["(5, 8)", "40", "8", "160"],
        "block: Sequential × 2": ["(5, 8)", "72", "640", "480 B"],
        "0: Linear × 2": ["(5, 8)", "72", "640", "160 B"],
        "1: ReLU × 2": ["(5, 8)", "320 B"],
        "idle: Sequential": ["not called", "8"],
        "0: Linear": ["not called", "8"],
        "1: Tanh": ["not called"],
        "head: Linear": ["(5, 8)", "320"],
    }


def test_what_is_said_below_the_table():
    text = autograd.summary(Net(), autograd.ones(5, 4)).text
    below = " ".join(text.split("---\n")[-1].split())
    assert below == (
        "128 parameters, 120 trainable: 512 B. head.weight is block.0.weight, and counted there. "
        "1,120 multiply-adds in a forward pass, of products, convolutions, attention and recurrent "
        "layers; each is two floating-point operations. A backward pass takes about twice as many. "
        "640 B of activations is kept for the backward pass, beside parameters and inputs."
    )


def test_the_numbers_are_attributes():
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    found = autograd.summary(model, autograd.ones(5, 4))
    assert (found.parameters, found.trainable, found.multiply_adds) == (21, 21, 60)
    assert (found.parameter_bytes, found.buffer_bytes) == (84, 32)
    top, linear, norm = found.rows
    assert (top.path, top.kind, top.depth, top.calls) == ("", "Sequential", 0, 1)
    assert (linear.path, linear.outputs, linear.parameters) == ("0", ["(5, 3)"], 15)
    assert top.children == [linear, norm] and top.kept == norm.kept == found.kept > 0


def test_depth_folds():
    _, found = cells(autograd.summary(Net(), autograd.ones(5, 4), depth=1))
    assert list(found) == [
        "Net", "itself", "first: Linear", "block: Sequential × 2", "idle: Sequential",
        "head: Linear",
    ]  # fmt: skip
    _, found = cells(autograd.summary(Net(), autograd.ones(5, 4), depth=0))
    assert found == {"Net": ["(5, 8)", "128", "8", "1,120", "640 B"]}


def test_without_inputs_it_lists_what_modules_hold():
    report = autograd.summary(nn.Sequential(nn.Linear(4, 3), nn.ReLU()))
    assert cells(report) == (
        ["layer", "parameters"],
        {"Sequential": ["15"], "0: Linear": ["15"], "1: ReLU": []},
    )
    assert report.text.endswith("\n15 parameters, all trainable: 60 B.")
    assert autograd.summary(nn.ReLU()).text.endswith("\nNo parameters.")


def test_text_keeps_to_its_width_and_says_what_it_shortens():
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.a_module_with_quite_a_long_name_that_goes_on_and_on = nn.Linear(123456, 2)

        def forward(self, x):
            return (self.a_module_with_quite_a_long_name_that_goes_on_and_on(x),) * 3

    for width in (80, 100):
        text = autograd.summary(Named(), (1, 123456), width=width).text
        assert max(map(len, text.splitlines())) <= width
    assert "└─ a_module…d_on: Linear" in autograd.summary(Named(), (1, 123456), width=76).text
    assert "(1, 2), (1, 2), +1" in text and "246,914" in text and "247 k" in text


def test_html_escapes_and_has_no_colour_of_its_own():
    class Odd(nn.Module):
        def forward(self, x):
            return x

    Odd.__name__ = "<script>&"
    html = autograd.summary(nn.Sequential(Odd()), autograd.ones(2))._repr_html_()
    assert "0: &lt;script&gt;&amp;" in html and "<script" not in html
    assert html.startswith('<div style="overflow-x:auto;color:inherit"><table')
    assert "#" not in html and "color:inherit;background:none" in html


def test_as_a_statement_it_prints(capsys):
    report = autograd.summary(nn.Linear(1, 1))
    assert capsys.readouterr().out == "" and repr(report) == str(report) == report.text
    autograd.summary(nn.Linear(1, 1))
    assert capsys.readouterr().out == report.text + "\n"


# -- what the model is called with -----------------------------------------------------------------


class Two(nn.Module):
    def forward(self, x, y, flag=False):
        self.seen = x, y, flag
        assert x.shape == (2, 3) and flag in (False, True)
        return {"sum": [x + y[:, None]], "x": x}


@pytest.mark.parametrize(
    "given",
    [
        {"inputs": (autograd.ones(2, 3), autograd.ones(2))},
        {"inputs": [autograd.ones(2, 3), autograd.ones(2), True]},
        {"inputs": {"x": autograd.ones(2, 3), "y": autograd.ones(2)}},
        {"inputs": [(2, 3), (2,)]},
        {"inputs": {"x": (2, 3), "y": [2], "flag": True}},
        {"input_size": [(2, 3), (2,)]},
        {"input_size": ((2, 3), [2]), "dtypes": autograd.float64},
        {"input_size": ((2, 3), [2]), "dtypes": [autograd.int64, autograd.float32]},
    ],
)
def test_inputs_are_tensors_arguments_or_shapes(given):
    model = Two()
    found = autograd.summary(model, **given)
    assert found.rows[0].outputs == ["(2, 3), (2, 3)"]
    assert not hasattr(model, "seen")


def test_tensors_made_for_shapes_are_as_the_parameters_are():
    kinds = []

    class Kinds(nn.Module):
        def __init__(self, dtype):
            super().__init__()
            self.w = nn.Parameter(autograd.ones(1, dtype=dtype))

        def forward(self, x):
            kinds.append((x.dtype, tuple(x.shape), x.min().item() >= 0))
            return x

    autograd.summary(Kinds(autograd.float64), (2, 3))
    autograd.summary(Kinds(autograd.float32), (4,), dtypes=autograd.int64)
    assert kinds == [(autograd.float64, (2, 3), True), (autograd.int64, (4,), True)]


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (
            lambda: autograd.summary(autograd.ones(2), (2,)),
            TypeError,
            "summary: expected a module; got Tensor. Pass the network itself: summary(model, x).",
        ),
        (
            lambda: autograd.summary(nn.ReLU(), (2,), input_size=(2,)),
            ValueError,
            "summary: inputs are given once; got inputs and input_size. Pass tensors as inputs, or "
            "their shapes as either.",
        ),
        (
            lambda: autograd.summary(nn.ReLU(), (2,), depth=-1),
            ValueError,
            "summary: depth must be 0 or more; got -1. Leave it out for all modules.",
        ),
    ],
)
def test_what_is_no_question_is_refused(call, kind, said):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == said


def test_an_error_names_the_module():
    class Fails(nn.Module):
        def forward(self, x):
            return {}["key"]

    with pytest.raises(RuntimeError) as caught:
        autograd.summary(nn.Sequential(nn.Tanh(), nn.Sequential(Fails())), (2,))
    assert str(caught.value) == (
        "summary: the model must run on what it is given; in 1.0 (Fails) it raised KeyError: 'key'"
    )
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(RuntimeError) as caught:
        autograd.summary(Fails(), (2,))
    assert "given; in Fails it raised" in str(caught.value)


def test_of_inputs_made_from_shapes_an_error_says_so():
    with pytest.raises(RuntimeError) as caught:
        autograd.summary(nn.Embedding(10, 3), (2, 3))
    assert "in Embedding it raised IndexError: embedding: indices must be" in str(caught.value)
    assert str(caught.value).endswith(
        "The inputs were made from shapes; what they hold is said by dtypes=, for instance "
        "autograd.int64 for indices."
    )
    assert isinstance(caught.value.__cause__, IndexError)


def test_a_named_tuple_is_one_input():
    packed = nn.utils.rnn.pack_padded_sequence(autograd.rand(5, 2, 3), [5, 3])
    found = autograd.summary(nn.LSTM(3, 4), packed)
    assert found.multiply_adds == 8 * 16 * (3 + 4)


# -- a run that leaves no trace --------------------------------------------------------------------


class Restless(nn.Module):
    """Changes all that a forward pass can change."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(4, 3, max_norm=0.1)
        self.norm = nn.BatchNorm1d(3)
        self.drop = nn.Dropout(0.5)
        self.register_buffer("count", autograd.zeros(1))
        self.cache = {"last": None}

    def forward(self, index):
        self.count += 1
        self.extra = self.drop(self.norm(self.table(index)))
        self.cache["last"] = self.extra
        self.register_buffer("more", self.count.clone())
        self.norm.eval()
        with autograd.no_grad():
            self.norm.weight.mul_(2)
            self.norm.weight.grad = autograd.ones(3)
        return self.extra


def state_of(model):
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    return (
        {name: (id(one), id(one._data), one._data.tolist()) for name, one in tensors.items()},
        [(module.training, sorted(vars(module))) for module in model.modules()],
        [one.grad for one in model.parameters()],
        autograd.get_rng_state().tolist(),
    )


@pytest.mark.parametrize(
    "mode",
    [autograd.enable_grad, autograd.no_grad, autograd.inference_mode],
    ids=lambda m: m.__name__,
)
def test_nothing_changes_and_every_mode_does(mode):
    model, index = Restless(), autograd.tensor([0, 1, 2, 1])
    before = state_of(model)
    with mode():
        was = autograd.is_grad_enabled(), autograd.is_inference_mode_enabled()
        found = autograd.summary(model, index)
        assert was == (autograd.is_grad_enabled(), autograd.is_inference_mode_enabled())
    assert state_of(model) == before and model.cache == {"last": None}
    assert found.kept > 0 and found.parameters == 18


def test_nothing_changes_where_the_model_raises():
    class Raises(Restless):
        def forward(self, index):
            super().forward(index)
            raise ValueError("no")

    model = Raises()
    before = state_of(model)
    with pytest.raises(RuntimeError, match="in Raises it raised ValueError: no"):
        autograd.summary(model, autograd.tensor([0, 1, 2]))
    assert state_of(model) == before


def test_graphs_from_before_stay_good():
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval()
    x = autograd.randn(4, 2)
    loss = model(x).sum()  # keeps the running statistics
    model.train()
    autograd.summary(model, x)
    loss.backward()
    assert model[0].weight.grad is not None


def test_nothing_is_held_afterwards():
    model, x = Net(), autograd.ones(5, 4)
    report = autograd.summary(model, x)
    watched = [weakref.ref(model), weakref.ref(model.first.weight), weakref.ref(x)]
    del model, x
    gc.collect()
    assert [one() for one in watched] == [None] * 3 and report.parameters == 128


def test_a_lazy_model_stays_lazy():
    model = nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyLinear(2))
    found = autograd.summary(model, (7, 5))
    assert found.parameters == 5 * 3 + 3 + 3 * 2 + 2 and found.rows[1].kind == "Linear"
    assert type(model[0]) is nn.LazyLinear and model[0].has_uninitialized_params()
    assert model(autograd.ones(2, 9)).shape == (2, 2)


# -- numbers ---------------------------------------------------------------------------------------


def kept(model, *shape, dtypes=None):
    return autograd.summary(model, shape, dtypes=dtypes).kept


def test_kept_is_what_the_graph_holds_beside_parameters_and_inputs():
    n, m = 4 * 5 * 8, 4 * 5 * 3  # bytes of an (5, 8) and an (5, 3)
    assert kept(nn.Linear(3, 8), 5, 3) == 0  # the input, the weight
    assert kept(nn.Sequential(nn.Linear(3, 8), nn.Tanh()), 5, 3) == n  # tanh's result
    assert kept(nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 3)), 5, 3) == n
    assert kept(nn.Sequential(nn.Linear(3, 8), nn.GELU(), nn.Linear(8, 3)), 5, 3) >= 2 * n
    assert (
        kept(nn.Sequential(nn.Linear(3, 8), nn.Flatten(), nn.Linear(8, 3), nn.Tanh()), 5, 3)
        == n + m
    )
    frozen = nn.Sequential(nn.Linear(3, 8), nn.Tanh()).requires_grad_(False)
    assert kept(frozen, 5, 3) == 0


def test_a_checkpoint_keeps_less():
    body = nn.Sequential(nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 8))

    class Saves(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.body = nn.Linear(8, 8), body

        def forward(self, x):
            return checkpoint(
                self.body, self.first(x), use_reentrant=False, preserve_rng_state=False
            )

    plain = kept(nn.Sequential(nn.Linear(8, 8), body), 5, 8)
    assert plain == 5 * 4 * (8 + 64) and kept(Saves(), 5, 8) == 5 * 4 * 8
    found = autograd.summary(Saves(), (5, 8))
    assert found.multiply_adds == 5 * (64 + 2 * 512) and found.rows[2].calls == 1


def test_what_no_module_of_the_model_does_counts_for_the_one_that_calls():
    class Makes(nn.Module):
        def forward(self, x):
            return nn.Linear(4, 2)(x)

    _, found = cells(autograd.summary(nn.Sequential(Makes()), (3, 4)))
    assert found["0: Makes"] == ["(3, 2)", "24"]


def test_outputs_that_differ_and_parameters_that_others_use():
    class Grows(nn.Module):
        def __init__(self):
            super().__init__()
            self.act, self.used = nn.ReLU(), nn.Linear(4, 4)

        def forward(self, x):
            return F.linear(self.act(autograd.cat([self.act(x)] * 2)), self.used.weight)

    _, found = cells(autograd.summary(Grows(), (3, 4)))
    assert found["act: ReLU × 2"][0] == "(3, 4) …"
    assert found["used: Linear"] == ["not called, but used", "20"]


def test_numpy_arrays_are_inputs():
    class Takes(nn.Module):
        def forward(self, x):
            return autograd.tensor(x) * 2

    assert autograd.summary(Takes(), np.ones((2, 3))).rows[0].outputs == ["(2, 3)"]
