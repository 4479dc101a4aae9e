"""What a node keeps for its backward pass: counted once, and the same in pictures and tables."""

import pytest

import autograd
import nn
from autograd import draw
from autograd.drawing.watching.kept import arrays_kept, kept_bytes
from nn import functional as F


def test_memory_is_counted_once():
    x = autograd.ones(6, requires_grad=True)
    assert len(list(arrays_kept((x * x).grad_fn))) == 2
    assert kept_bytes((x * x).grad_fn) == 6 * 4


def test_what_a_node_has_noted_on_itself_counts():
    x = autograd.ones(1, 1, 4, requires_grad=True)
    y = F.interpolate(x, scale_factor=2)
    assert not any(entry[2] for entry in y.grad_fn.plan)
    assert kept_bytes(y.grad_fn) > 0


@pytest.mark.parametrize("freed", [False, True])
def test_a_picture_says_what_is_kept(freed):
    x = autograd.ones(5, requires_grad=True)
    y = x.exp()
    if freed:
        y.sum().backward()
    details = draw(y).scene.nodes["op0"].details
    assert details.get("kept") == (None if freed else "20 bytes")


def test_a_table_says_the_same():
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Upsample(scale_factor=2))
    x = autograd.ones(2, 5, 3)
    details = [node.details for node in draw(net, x).scene.nodes.values() if node.role == "op"]
    kept = [int(one["kept"].split()[0]) for one in details if "kept" in one]
    outside = x.nbytes  # the first layer keeps it, and it is the caller's
    assert autograd.summary(net, x).kept == sum(kept) - outside > 0
