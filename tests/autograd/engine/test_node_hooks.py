"""What PyTorch's scripts ask of the nodes behind a tensor: their kin, names and hooks."""

import gc
import weakref

import pytest

import autograd
from autograd import tensor


def made(torch=autograd):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = torch.tensor([3.0, 5.0], requires_grad=True)
    return x, y, x * y


def described(fn):
    """The graph below a node: names, and which leaf is at the end."""
    if fn is None:
        return None
    shape = tuple(fn.variable.shape) if hasattr(fn, "variable") else None
    below = [(described(one), number) for one, number in fn.next_functions]
    return fn.name(), repr(fn).partition(" object")[0], shape, below


def graph(torch, x):
    first, second = (x * 2).exp().unbind(0)
    return (second.sum() + first.mean()).sqrt()


@pytest.mark.torch
def test_the_graph_down_to_its_leaves_is_pytorchs():
    torch = pytest.importorskip("torch")
    x, y = (one.ones(2, 3, requires_grad=True) for one in (autograd, torch))
    assert described(graph(autograd, x).grad_fn) == described(graph(torch, y).grad_fn)


def test_the_leaf_at_the_end():
    x, y, z = made()
    (leaf, number), (other, _) = z.grad_fn.next_functions
    assert leaf.variable is x and other.variable is y and number == 0
    assert leaf.next_functions == () and leaf.name().endswith("AccumulateGrad")
    assert repr(leaf).startswith("<AccumulateGrad object at")
    assert z.grad_fn.name() == "MulBackward0" and str(z.grad_fn) == "Multiply (MulBackward0)"
    gone = weakref.ref(x)
    del x, y, z
    gc.collect()
    assert gone() is None and leaf.variable is None


def test_errors_name_the_op_and_what_is_printed():
    z = made()[2]
    z.sum().backward()
    with pytest.raises(RuntimeError, match=r"Multiply \(MulBackward0\).* was freed"):
        z.sum().backward()


def test_notes_and_numbers():
    x, y, z = made()
    z.grad_fn.metadata["module"] = "layer"
    assert z.grad_fn.metadata == {"module": "layer"}
    assert (z * 2).grad_fn._sequence_nr() > z.grad_fn._sequence_nr()


def test_hooks_on_a_node_see_and_replace_gradients():
    x, y, z = made()
    seen = []
    node = z.grad_fn
    node.register_prehook(lambda outputs: (outputs[0] * 10,))
    node.register_hook(lambda inputs, outputs: seen.append((inputs, outputs)))
    handle = node.register_hook(lambda inputs, outputs: (inputs[0] + 1, None))
    z.sum().backward(retain_graph=True)
    (((dx, dy), (g,)),) = seen
    assert (dx.tolist(), dy.tolist(), g.tolist()) == ([30.0, 50.0], [10.0, 20.0], [10.0, 10.0])
    assert x.grad.tolist() == [31.0, 51.0] and y.grad is None
    handle.remove()
    x.grad = None
    z.sum().backward()
    assert x.grad.tolist() == [30.0, 50.0] and y.grad.tolist() == [10.0, 20.0]


@pytest.mark.torch
def test_hooks_run_as_in_pytorch():
    torch = pytest.importorskip("torch")

    def run(torch):
        seen = []
        x, y, z = made(torch)
        x.register_hook(lambda g: seen.append(("tensor", g.tolist())))
        z.register_hook(lambda g: seen.append(("made", g.tolist())))
        z.grad_fn.register_prehook(lambda g: seen.append(("before", g[0].tolist())))
        z.grad_fn.register_hook(
            lambda i, o: seen.append(("after", [one.tolist() for one in (*i, *o)]))
        )
        leaf = z.grad_fn.next_functions[0][0]
        leaf.register_prehook(lambda g: (g[0] * 2,))
        leaf.register_hook(lambda i, o: seen.append(("leaf", i, o[0].tolist(), x.grad.tolist())))
        x.grad = torch.ones(2)
        z.sum().backward()
        a, b = torch.ones(2, requires_grad=True).exp().unbind(0)
        a.grad_fn.register_hook(lambda i, o: seen.append((i[0].tolist(), o[0].tolist(), o[1])))
        a.grad_fn.register_prehook(lambda g: (g[0] * 2, g[1]))
        a.backward()
        return seen

    ours, theirs = run(autograd), run(torch)
    assert ours[:-1] == theirs[:-1]
    assert ours[-1][0] == pytest.approx(theirs[-1][0])


def test_hooks_of_a_recorded_pass_are_differentiated():
    x = tensor(2.0, requires_grad=True)
    y = x * x * x
    y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * x, *inputs[1:]))
    (g,) = autograd.grad(y, x, create_graph=True)
    (second,) = autograd.grad(g, x)
    assert (g.item(), second.item()) == (2 * 2**3 + 2**2, 6 * 2**2 + 2 * 2)


@pytest.mark.parametrize(
    ("result", "words"),
    [(3, "returned"), (tensor([1.0]), "shapes"), ((None, None, None), "each of 2")],
)
def test_what_a_hook_returns_must_fit(result, words):
    z = made()[2]
    z.grad_fn.register_hook(lambda inputs, outputs: result)
    with pytest.raises(RuntimeError, match=f"^hook: .*{words}"):
        z.sum().backward()
    with pytest.raises(TypeError, match="hook must be a function; got int"):
        z.grad_fn.register_prehook(3)


def test_a_node_with_hooks_dies_with_its_tensor():
    z = made()[2]
    z.grad_fn.register_hook(print)
    node = weakref.ref(z.grad_fn)
    gc.disable()
    try:
        del z
        assert node() is None
    finally:
        gc.enable()


def test_the_handle_of_a_leafs_hook_takes_all_of_it_out():
    x, y, z = made()
    leaf, calls = z.grad_fn.next_functions[0][0], []
    with leaf.register_hook(lambda i, o: calls.append(o)):
        z.sum().backward(retain_graph=True)
    z.sum().backward()
    assert len(calls) == 1 and not leaf.hooks and not leaf.after


def test_a_handle_takes_out_its_own_hook_only():
    x, seen = autograd.ones(2, requires_grad=True), []
    first = x.register_hook(lambda g: seen.append("first"))
    first.remove()
    x.register_hook(lambda g: seen.append("second"))
    first.remove()  # a second time: nothing
    (x * 2).sum().backward()
    assert seen == ["second"]


def test_an_output_that_no_gradient_reaches_gets_none():
    x = autograd.ones(2, requires_grad=True)
    a, b = (x * 3).split([1, 1])
    a.sum().backward(inputs=[x, b])
    assert x.grad.tolist() == [3.0, 0.0] and b._grad is None
