"""Hooks around the forward and backward pass of modules."""

import numpy as np
import pytest

import autograd
import nn


def test_forward_hooks():
    layer, seen = nn.Identity(), []
    with layer.register_forward_pre_hook(lambda m, args: (args[0] + 1,)):
        handle = layer.register_forward_hook(lambda m, args, out: seen.append((m, args, out)))
        doubled = layer.register_forward_hook(lambda m, args, out: out * 2)
        assert layer(autograd.tensor(1.0)).item() == 4
    assert layer(autograd.tensor(1.0)).item() == 2
    doubled.remove()
    handle.remove()
    handle.remove()
    assert layer(autograd.tensor(1.0)).item() == 1 and len(seen) == 2
    assert seen[0][0] is layer and seen[0][1][0].item() == 2 and seen[0][2].item() == 2


def test_hooks_with_keywords_and_order():
    class Add(nn.Module):
        def forward(self, x, *, y=0):
            return x + y

    layer, order = Add(), []
    layer.register_forward_pre_hook(
        lambda m, args, kwargs: (args, {"y": kwargs["y"] * 10}), with_kwargs=True
    )
    layer.register_forward_hook(lambda m, args, out: order.append("late"))
    layer.register_forward_hook(lambda m, args, out: order.append("early"), prepend=True)
    layer.register_forward_hook(
        lambda m, args, kwargs, out: order.append(kwargs["y"]), with_kwargs=True
    )
    assert layer(autograd.tensor(1.0), y=2).item() == 21
    assert order == ["early", "late", 20]


def test_hooks_that_are_always_called():
    class Fails(nn.Module):
        def forward(self, x, fail=True):
            if fail:
                raise ValueError("on purpose")
            return x

    module, seen = Fails(), []
    module.register_forward_hook(lambda m, args, out: seen.append("other"))
    module.register_forward_hook(lambda m, args, out: seen.append(out), always_call=True)
    x = autograd.ones(1)
    with pytest.raises(ValueError, match="on purpose"):
        module(x)
    assert seen == [None]
    module(x, fail=False)
    assert seen == [None, "other", x]
    with module.register_forward_hook(lambda m, args, out: 1 / 0, always_call=True):
        with pytest.warns(UserWarning, match="<lambda> raised ZeroDivisionError: division"):
            with pytest.raises(ValueError, match="on purpose"):
                module(x)


@pytest.mark.parametrize("in_graph", [True, False])
def test_backward_hook(in_graph):
    layer, seen = nn.Linear(2, 1), []
    x = autograd.tensor([[1.0, 2.0]], requires_grad=in_graph)
    handle = layer.register_full_backward_hook(lambda m, gin, gout: seen.append((gin, gout)))
    (layer(x) * 3).sum().backward()
    ((g_in,), (g_out,)) = seen[0]
    assert g_out.tolist() == [[3.0]]
    weight = layer.weight.detach().numpy()
    if in_graph:
        np.testing.assert_allclose(g_in.numpy(), 3 * weight)
    else:
        assert g_in is None
    np.testing.assert_allclose(layer.weight.grad.numpy(), [[3.0, 6.0]])
    handle.remove()
    layer(x).sum().backward()
    assert len(seen) == 1


def test_backward_hook_replaces_the_gradient():
    layer = nn.Tanh()
    layer.register_full_backward_hook(lambda m, gin, gout: (gin[0] * 10,))
    x = autograd.tensor([0.0], requires_grad=True)
    layer(x).sum().backward()
    assert x.grad.tolist() == [10.0]
