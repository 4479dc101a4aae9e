"""Copies and pickles of tensors, parameters and modules: gradients, shared memory, classes."""

import copy
import os
import pickle
import pickletools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn

ROOT = Path(__file__).resolve().parents[2]


def pickled(protocol):
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


WAYS = {"deepcopy": copy.deepcopy} | {f"pickle {p}": pickled(p) for p in (0, 2, 4, 5)}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def after_backward():
    layer = nn.Linear(2, 2)
    layer(autograd.ones(1, 2)).sum().backward()
    return layer


@every_way
def test_a_copied_parameter_has_no_gradient(way):
    layer = after_backward()
    twin = way(layer)
    assert twin.weight.grad is None and layer.weight.grad is not None
    assert type(twin.weight) is nn.Parameter and twin.weight.requires_grad
    twin(autograd.ones(1, 2)).sum().backward()
    assert twin.weight.grad.tolist() == layer.weight.grad.tolist() == [[1, 1], [1, 1]]


def test_a_deep_copy_of_a_plain_leaf_keeps_its_gradient():
    x = autograd.ones(3, requires_grad=True)
    (2 * x).sum().backward()
    twin = copy.deepcopy(x)
    assert twin.grad.tolist() == [2, 2, 2] and twin.grad is not x.grad
    assert copy.copy(x).grad is None


LOOKS = {
    "row": lambda x: x[1],
    "transposed": lambda x: x.t(),
    "steps": lambda x: x[::2, 1:],
    "element": lambda x: x[2, 3],
    "nothing": lambda x: x[3:],
    "flat": lambda x: (x if x.is_contiguous() else x.t()).view(-1),
    "itself": lambda x: x,
}


@every_way
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_view_goes_on_sharing(way, look, first, order):
    x = autograd.from_numpy(np.asarray(np.arange(12.0).reshape(3, 4), order=order))
    view = look(x)
    both = way((x, view) if first else (view, x))
    x2, view2 = both if first else reversed(both)
    assert x2.tolist() == x.tolist() and view2.tolist() == view.tolist()
    assert x2.stride() == x.stride() and view2.stride() == view.stride()
    view2.fill_(7)
    assert view2.tolist() == look(x2).tolist()
    assert x.tolist() == np.arange(12.0).reshape(3, 4).tolist()


@every_way
def test_a_view_alone_and_memory_in_other_layouts(way):
    x = autograd.rand(2, 3, 4).permute(2, 0, 1).exp()
    for given in (x[1], x, x[:, 0].t(), autograd.tensor(2.5), autograd.zeros(0, 3)):
        assert way(given).tolist() == given.tolist()
    pair = way((x, x[1]))
    assert pair[1].tolist() == x[1].tolist()


@every_way
def test_tied_parameters_stay_tied(way):
    a, b = nn.Parameter(autograd.zeros(3)), nn.Parameter(autograd.zeros(3))
    b.data = a.data
    a2, b2 = way([a, b])
    with autograd.no_grad():
        a2 += 1
    assert b2.tolist() == [1, 1, 1] and a.tolist() == [0, 0, 0]


@every_way
def test_what_is_expanded_stays_so_and_what_was_read_only_can_be_written(way):
    wide = way(autograd.ones(1, 3).expand(4, 3))
    with pytest.raises(RuntimeError, match="writable"):
        wide.add_(1)
    fixed = np.arange(4.0)
    fixed.flags.writeable = False
    x = autograd.from_numpy(fixed)
    for twin in (way(x), way(x[1:3])):
        assert twin.add_(1).tolist() in ([1, 2, 3, 4], [2, 3])


@every_way
def test_attributes_go_along(way):
    buffer = nn.Buffer(autograd.ones(2), persistent=False)
    buffer.note = ["a"]
    twin = way(buffer)
    assert type(twin) is nn.Buffer and twin.persistent is False
    assert twin.note == ["a"] and twin.note is not buffer.note


def test_copy_shares_the_memory():
    p = nn.Parameter(autograd.ones(3))
    p.note = "a"
    twin = copy.copy(p)
    assert type(twin) is nn.Parameter and twin.requires_grad and twin.note == "a"
    twin.data.add_(1)
    assert p.tolist() == [2, 2, 2]
    x = autograd.tensor(1.0)
    copy.copy(x).add_(1)
    assert x.item() == 2


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps])
def test_results_of_recorded_operations_are_refused(way):
    y = autograd.ones(2, requires_grad=True) * 2
    with pytest.raises(RuntimeError, match="only leaf tensors.*Multiply.*detach"):
        way(y)


def test_a_pickle_holds_paths_of_classes_only():
    found = [arg for op, arg, _ in pickletools.genops(pickle.dumps(autograd.ones(2), 0)) if arg]
    ours = {arg for arg in found if isinstance(arg, str) and arg.startswith("autograd")}
    assert ours == {f"{autograd.Tensor.__module__} Tensor"}


SHARED = """
import multiprocessing, autograd, nn, optim

def train():
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    model(autograd.ones(1, 2)).sum().backward()
    optimizer.step()

autograd.manual_seed(0)
model = nn.Linear(2, 3, bias=False)
before = model.weight.detach().clone()
assert not model.weight.is_shared()
assert model.share_memory() is model and model.weight.is_shared()
assert autograd.equal(model.weight, before)
child = multiprocessing.get_context("fork").Process(target=train)
child.start()
child.join()
assert autograd.equal(model.weight, before - 1)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_trains_shared_parameters():
    subprocess.run([sys.executable, "-c", SHARED], cwd=ROOT, check=True)
