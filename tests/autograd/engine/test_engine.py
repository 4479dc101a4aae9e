"""The graph and its sweep: size, memory, threads, modes."""

import gc
import sys
import threading
import tracemalloc
import weakref

import numpy as np
import pytest

import autograd
from autograd.engine.backward import own
from autograd.engine.function import Function
from tests.graph_cases import equal, leaf, no_collector

# -- size ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_chain_of_a_million_nodes():
    """Built, swept and freed in a thread whose stack would not bear recursion.

    One byte of stack for each node. Less would test the interpreter: while a chain is freed,
    CPython 3.13 nests up to 10,000 deallocations (0.6 MiB) before it defers; others nest 50.
    """
    failures = []

    def work():
        try:
            x = leaf(1.0)
            y = x
            for _ in range(1_000_000):
                y = y + x
            node = weakref.ref(y.grad_fn)
            y.backward()
            assert x.grad.item() == 1_000_001
            del y
            assert node() is None
        except BaseException as error:  # noqa: B902 - handed to the test's own thread
            failures.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(1024 * 1024)
    sys.setrecursionlimit(200)
    try:
        thread = threading.Thread(target=work)
        with no_collector():
            thread.start()
            thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    assert not failures, failures


@pytest.mark.parametrize("length", [100, 1000])
def test_each_node_is_visited_once(length):
    """A ladder of diamonds has 2**length ways; the sweep's work is linear in its nodes."""
    calls = []

    class Twice(Function):
        def forward(self, x):
            return x * 2

        def grad_x(self, g):
            calls.append(1)
            return g * 2

    x = leaf(1.0)
    y = x
    for _ in range(length):
        y = Twice.apply(y) * 0.25 + y * 0.5
    y.backward()
    assert len(calls) == length
    assert x.grad.item() == 1.0


# -- memory ----------------------------------------------------------------------------------------


def training_step(weights, x):
    hidden = (x @ weights[0] + weights[1]).tanh()
    loss = ((hidden @ weights[2]) ** 2).mean()
    loss.backward()
    with autograd.no_grad():
        for w in weights:
            w -= 0.01 * w.grad
            w.grad = None


@pytest.mark.slow
def test_memory_returns_after_a_thousand_steps():
    weights = [leaf(np.full(shape, 0.1)) for shape in [(4, 8), (8,), (8, 1)]]
    x = autograd.tensor(np.ones((5, 4)))
    with no_collector():
        tracemalloc.start()
        try:
            for _ in range(2000):  # Python's own free lists fill up first
                training_step(weights, x)
            bytes_before, objects_before = tracemalloc.get_traced_memory()[0], len(gc.get_objects())
            for _ in range(1000):
                training_step(weights, x)
            bytes_after, objects_after = tracemalloc.get_traced_memory()[0], len(gc.get_objects())
        finally:
            tracemalloc.stop()
    assert objects_after - objects_before < 20
    assert bytes_after - bytes_before < 4_000


def test_second_order_graphs_leave_nothing_behind():
    x = leaf([1.0, 2.0])

    def penalty():
        (g,) = autograd.grad((x**3).sum(), x, create_graph=True)
        (g * g).sum().backward()
        x.grad = None

    with no_collector():
        for _ in range(5):
            penalty()
        before = len(gc.get_objects())
        for _ in range(200):
            penalty()
        assert len(gc.get_objects()) - before < 20


def test_a_result_dies_with_its_last_reference():
    with no_collector():
        x = leaf([1.0, 2.0])
        y = (x * x).exp()
        z = y.sum()
        y.retain_grad()
        y.register_hook(lambda g: g)
        dead = [weakref.ref(one) for one in (y, z, y.grad_fn, z.grad_fn)]
        del y
        assert dead[0]() is None, "a node holds its output"
        z.backward()
        del z
        assert [ref() for ref in dead] == [None] * 4
        gone = weakref.ref(x)
        del x
        assert gone() is None


def test_a_sweep_frees_what_was_kept():
    with no_collector():
        x = leaf([1.0, 2.0])
        y = x.exp() * x
        kept = weakref.ref(y.grad_fn.plan[0][2][-1])
        y.sum().backward()
        assert y.grad_fn.plan == ()
        del kept


def test_views_and_their_bases_die():
    with no_collector():
        x = leaf(np.ones((3, 4)))
        y = x * 2
        views = [y[i] for i in range(3)]
        dead = [weakref.ref(one) for one in (y, *views)]
        del y, views
        assert [ref() for ref in dead] == [None] * 4


# -- threads ---------------------------------------------------------------------------------------


def in_threads(*functions):
    errors = []

    def guarded(function):
        try:
            function()
        except BaseException as error:  # noqa: B902 - handed to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors


def test_grad_mode_is_per_thread():
    x = leaf(1.0)
    meet = threading.Barrier(2, timeout=30)

    def without():
        with autograd.no_grad():
            meet.wait()
            assert not (x * 2).requires_grad
            meet.wait()
        assert autograd.is_grad_enabled()

    def with_grad():
        meet.wait()
        assert (x * 2).requires_grad
        meet.wait()

    in_threads(without, with_grad)


def test_two_threads_sweep_one_graph():
    x = leaf(np.linspace(0.1, 1.0, 8))
    y = x
    for _ in range(30):
        y = (y * x).sin() + y
    loss = y.sum()
    (expected,) = autograd.grad(loss, x, retain_graph=True)
    meet = threading.Barrier(2, timeout=30)

    def sweep():
        meet.wait()
        for _ in range(20):
            (g,) = autograd.grad(loss, x, retain_graph=True)
            equal(g, expected.numpy())

    in_threads(sweep, sweep)


def test_backward_inside_a_hook():
    x, inner = leaf(2.0), leaf(3.0)

    def hook(g):
        with autograd.enable_grad():
            (inner * g.detach()).backward()

    y = x * 2
    y.register_hook(hook)
    (y * y).backward()
    assert (x.grad.item(), inner.grad.item()) == (16.0, 8.0)


# -- modes -----------------------------------------------------------------------------------------


def test_modes_nest_and_are_put_back_after_an_error():
    x = leaf(1.0)
    with pytest.raises(ZeroDivisionError), autograd.no_grad():
        raise ZeroDivisionError
    assert autograd.is_grad_enabled()
    with autograd.no_grad():
        with autograd.enable_grad():
            assert (x * 2).requires_grad
        assert not (x * 2).requires_grad
    with autograd.set_grad_enabled(False):
        assert not (x * 2).requires_grad
    with autograd.inference_mode():
        assert not (x * 2).requires_grad and autograd.is_inference_mode_enabled()
    assert (x * 2).requires_grad and not autograd.is_inference_mode_enabled()


@pytest.mark.parametrize(
    "switch",
    [
        lambda: autograd.no_grad,
        lambda: autograd.no_grad(),
        lambda: autograd.inference_mode(),
        lambda: autograd.set_grad_enabled(False),
    ],
)
def test_modes_decorate_functions_and_generators(switch):
    @switch()
    def function():
        return autograd.is_grad_enabled()

    @switch()
    def generator():
        yield autograd.is_grad_enabled()

    assert autograd.is_grad_enabled()
    assert not function() and not any(generator())
    assert autograd.is_grad_enabled()


# -- adding up -------------------------------------------------------------------------------------


def test_every_use_of_a_tensor_counts():
    x = leaf(3.0)
    (x * x).backward()
    assert x.grad.item() == 6.0
    y = x * 2
    (y * y + y.exp() * 0 + y).backward()  # a diamond
    assert x.grad.item() == 6.0 + 24.0 + 2.0  # and the second pass was added


def test_detach_cuts_one_of_two_ways():
    x = leaf(3.0)
    (x * x.detach()).backward()
    assert x.grad.item() == 3.0


def test_leaf_gradients_share_no_buffer():
    a, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    seed = autograd.tensor([1.0, 1.0], dtype=autograd.float64)
    (a + b).backward(seed)
    a.grad.add_(10)
    equal(b.grad, [1.0, 1.0])
    equal(seed, [1.0, 1.0])
    c = leaf([1.0, 2.0])
    c.reshape(2, 1).backward(seed.reshape(2, 1))
    c.grad.zero_()
    equal(seed, [1.0, 1.0])


def test_gradients_accumulate_in_place_until_taken_away():
    x = leaf([1.0, 2.0])
    (x * 2).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    assert x.grad is first
    equal(first, [5.0, 5.0])
    x.grad = None
    (x * 3).sum().backward()
    equal(first, [5.0, 5.0])
    equal(x.grad, [3.0, 3.0])


@pytest.mark.parametrize("dtype", [autograd.float32, autograd.float64])
def test_a_gradient_has_its_leafs_dtype(dtype):
    x, other = leaf([1.0, 2.0], dtype), leaf([1.0, 2.0], autograd.float64)
    (x * other).sum().backward()
    assert x.grad.dtype == dtype and other.grad.dtype == autograd.float64


# -- backward and grad -----------------------------------------------------------------------------


def test_backward_takes_a_gradient():
    x = leaf([1.0, 2.0])
    (x * x).backward(autograd.tensor([1.0, 10.0]))  # float32: brought to the output's dtype
    equal(x.grad, [2.0, 40.0])


def test_backward_into_chosen_inputs():
    a, b = leaf(2.0), leaf(3.0)
    middle = a * b
    (middle * middle).backward(inputs=[a, middle])
    assert (a.grad.item(), b.grad, middle.grad.item()) == (36.0, None, 12.0)


def test_backward_of_several_tensors():
    x = leaf(2.0)
    autograd.backward([x * x, x * 3], [autograd.tensor(1.0), autograd.tensor(10.0)])
    assert x.grad.item() == 34.0


def test_create_graph_gives_every_order():
    x = leaf(2.0)
    derivative = x**5
    for expected in (80.0, 160.0, 240.0, 240.0, 120.0):
        (derivative,) = autograd.grad(derivative, x, create_graph=True)
        assert derivative.item() == expected
    y = x**3
    y.backward(create_graph=True)
    assert x.grad.requires_grad


def test_grad_touches_no_grad_and_keeps_order():
    a, b = leaf(2.0), leaf(3.0)
    middle = a * b
    found = autograd.grad(middle * middle, [b, middle, a])
    assert [g.item() for g in found] == [24.0, 12.0, 36.0]
    assert a.grad is None and b.grad is None


def test_grad_of_an_output_by_itself():
    x = leaf(2.0)
    y = x * 3
    assert autograd.grad(y, y)[0].item() == 1.0
    assert autograd.grad(x, x)[0].item() == 1.0


def test_grad_of_unused_inputs():
    a, unused = leaf(2.0), leaf([1.0, 2.0])
    with pytest.raises(RuntimeError, match="allow_unused"):
        autograd.grad(a * 2, [a, unused])
    assert autograd.grad(a * 2, [a, unused], allow_unused=True)[1] is None
    equal(autograd.grad(a * 2, [a, unused], materialize_grads=True)[1], [0.0, 0.0])


def test_grad_of_several_rows_at_once_is_a_jacobian():
    x, y = leaf([1.0, 2.0, 3.0]), leaf([2.0])
    z = x**2 * y
    (rows,) = autograd.grad(z, x, autograd.eye(3), is_grads_batched=True, retain_graph=True)
    equal(rows, np.diag([4.0, 8.0, 12.0]))
    both = autograd.grad(
        [z, (x * 3).sum()],
        [x, y, leaf(1.0)],
        [autograd.eye(3), autograd.ones(3)],
        create_graph=True,
        allow_unused=True,
        is_grads_batched=True,
    )
    equal(both[0].detach(), np.diag([4.0, 8.0, 12.0]) + 3)
    equal(both[1].detach(), [[1.0], [4.0], [9.0]])
    assert both[2] is None
    equal(autograd.grad(both[0].sum(), x)[0], [4.0, 4.0, 4.0])


def test_a_batch_of_gradients_needs_rows():
    x = leaf([1.0, 2.0])
    for rows in ([None], [autograd.ones(0, 2)], [autograd.tensor(1.0)]):
        with pytest.raises(ValueError, match="first axis of one length"):
            autograd.grad(x * 2, x, rows, is_grads_batched=True)
    with pytest.raises(ValueError, match="first axis of one length"):
        autograd.grad([x, x], x, [autograd.ones(2, 2), autograd.ones(3, 2)], is_grads_batched=True)


def test_grad_outputs_sum_over_outputs():
    x = leaf([1.0, 2.0])
    ones = autograd.ones(2, dtype=autograd.float64)
    (g,) = autograd.grad([x * 2, x * x], x, [ones, ones])
    equal(g, [4.0, 6.0])


@pytest.mark.parametrize("again", ["y.backward()", "autograd.grad(y, x)"])
def test_a_freed_graph_says_so(again):
    x = leaf(2.0)
    y = x * x
    y.backward()
    with pytest.raises(RuntimeError, match=r"Multiply .* was freed.*retain_graph=True"):
        eval(again, {"autograd": autograd, "x": x, "y": y})
    assert x.grad.item() == 4.0, "the failed pass must change nothing"


def test_retain_graph_allows_another_pass():
    x = leaf(2.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 8.0


BAD_CALLS = [
    (lambda x: (x * 2).backward(), RuntimeError, r"scalar.*\(2,\)"),
    (lambda x: x.detach().backward(), RuntimeError, "does not require grad"),
    (lambda x: (x * 2).backward(autograd.ones(3)), RuntimeError, r"\(2,\).*\(3,\)"),
    (lambda x: autograd.grad((x * 2).sum(), []), RuntimeError, "empty"),
    (lambda x: autograd.grad((x * 2).sum(), [3.0]), TypeError, "float"),
    (lambda x: autograd.grad((x * 2).sum(), x.detach()), RuntimeError, "requires? grad"),
    (lambda x: autograd.tensor([1, 2], requires_grad=True), RuntimeError, "float"),
    (lambda x: autograd.tensor([1, 2]).requires_grad_(), RuntimeError, "float"),
    (lambda x: (x * 2).requires_grad_(False), RuntimeError, "leaves"),
    (lambda x: x.detach().register_hook(print), RuntimeError, "require grad"),
    (lambda x: x.detach().retain_grad(), RuntimeError, "require grad"),
    (lambda x: (x * 2).numpy(), RuntimeError, "detach"),
]


@pytest.mark.parametrize("call, kind, text", BAD_CALLS)
def test_bad_calls_are_refused(call, kind, text):
    x = leaf([1.0, 2.0])
    with pytest.raises(kind, match=text):
        call(x)
    assert x.grad is None and x.requires_grad


# -- a gradient of zero means "no gradient" --------------------------------------------------------


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sqrt(),
        lambda x: x.log(),
        lambda x: 1 / x,
        lambda x: x**0.5,
        lambda x: x**-1.0,
        lambda x: x / x,
        lambda x: x.reciprocal(),
        lambda x: x.rsqrt(),
    ],
)
def test_singular_points_that_are_not_chosen_give_zero(function):
    x = leaf([0.0, 4.0])
    with np.errstate(all="ignore"):
        y = autograd.where(x > 0, function(x), autograd.zeros(2, dtype=autograd.float64))
        for create_graph in (False, True):
            (g,) = autograd.grad(y.sum(), x, retain_graph=True, create_graph=create_graph)
            assert g[0].item() == 0.0 and np.isfinite(g[1].item())


def test_a_view_is_a_leafs_own_where_nobody_else_holds_what_it_shows():
    alone = np.zeros(6).reshape(2, 3)
    assert own(alone, set()) is alone
    assert own(alone, {id(alone)}) is not alone  # given to somebody before
    held = np.zeros(6)
    beside = held[1:]
    for view in (held.reshape(2, 3), beside[1:], np.zeros(8)[:6], np.broadcast_to(0.0, (1,))):
        copy = own(view, set())
        assert copy is not view and copy.base is None and copy.flags.writeable
    del held
    assert own(beside[:], set()) is not beside
