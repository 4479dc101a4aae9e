"""Traces of one's own, and functions whose calls are made again."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import grad, hessian, jacobian
from autograd.core import JVPNode, VJPNode, backward_pass, primitive_vjps
from autograd.extend import defvjp, primitive
from autograd.misc import const_graph
from autograd.misc.tracers import full_graph
from autograd.scipy.special import logsumexp
from autograd.tracer import Node, getval, isbox, new_box, toposort, trace

X, Y = np.array([0.2, 0.5, 0.9]), np.array([0.7, 0.3, 0.4])
A = np.arange(9.0).reshape(3, 3)


class Line(Node):
    """Writes the call into a list that its root holds."""

    def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
        self.parents, self.lines = parents, parents[0].lines
        self.lines.append((fun.__name__, parent_argnums))

    def initialize_root(self, lines):
        self.lines = lines


def lines_of(f, x):
    lines = []
    value, _ = trace(Line.new_root(lines), f, x)
    return value, lines


# -- trace ----------------------------------------------------------------------------------------


def test_each_call_makes_a_node():
    value, lines = lines_of(lambda x: (anp.sin(x) + 2.0) * x, 1.0)
    assert value == np.sin(1.0) + 2.0
    assert lines == [("sin", (0,)), ("add", (0,)), ("multiply", (0, 1))]


def test_lists_keywords_and_primitives_are_calls():
    @primitive
    def twice(x):
        return 2 * np.asarray(x)

    value, lines = lines_of(lambda x: anp.sum(a=anp.stack([twice(x), X])), X)
    assert value == pytest.approx(3 * X.sum())
    assert lines == [("twice", (0,)), ("list", (0,)), ("stack", (0,)), ("sum", (0,))]


def test_the_backward_pass_is_traced_too():
    value, lines = lines_of(grad(lambda x: anp.sin(x) * 3.0), 1.0)
    assert value == pytest.approx(3 * np.cos(1.0))
    names = [name for name, _ in lines if name != "picked"]
    assert names == ["sin", "multiply", "cos", "multiply"]


def test_traces_nest():
    def f(x):
        inner, lines = lines_of(lambda y: anp.exp(y * x), x)
        assert [name for name, _ in lines] == ["multiply", "exp"]
        return inner * 2.0

    value, lines = lines_of(f, 1.0)
    assert value == pytest.approx(2 * np.e) and lines[-1] == ("multiply", (0,))


def test_what_leaves_the_trace_is_refused():
    for f in (float, lambda x: np.asarray(x), lambda x: [1, 2][x], lambda x: x.item()):
        with pytest.raises(TypeError, match="trace: a value must stay traced"):
            lines_of(f, 1.0)
    with pytest.raises(TypeError, match="a traced value of outside"):
        grad(lambda a: lines_of(lambda x: x * a, 1.0)[0])(2.0)
    with pytest.warns(UserWarning, match="independent"):
        assert lines_of(lambda x: 5.0, 1.0) == (5.0, [])


def test_trees_enter_and_leave_a_trace():
    value, _ = lines_of(lambda t: {"sum": t[0] + t[1]["a"]}, (1.0, {"a": 2.0}))
    assert value == {"sum": 3.0}


def test_boxes_of_a_trace_are_boxes():
    seen = []
    lines_of(lambda x: seen.extend([isbox(x), getval(x)]) or x * x, 3.0)
    assert seen == [True, 3.0]


def test_full_graph_keeps_all():
    end = full_graph(lambda x, y: anp.exp(x) * y + x, X, Y)
    names = [node.recipe[0].__name__ for node in toposort(end) if node.recipe]
    assert names[:2] == ["add", "multiply"] and names.count("exp") == 1
    np.testing.assert_allclose(end.value, np.exp(X) * Y + X)


def test_nodes_come_before_their_parents():
    class N:
        def __init__(self, *parents):
            self.parents = parents

    a = N()
    b, c = N(a, a), N(a)
    order = [*toposort(N(c, b))]
    assert len(order) == 4 and order[-1] is a


# -- const_graph ----------------------------------------------------------------------------------


def norm_of_rows(x):
    y = anp.tanh(anp.outer(x, x)) @ x
    return anp.sum(anp.where(y > 0.1, y**2, anp.array([x[0], 1.0, 2.0]))) / x.shape[0]


def fill(x):
    y = anp.zeros_like(x)
    y[0] = x[0] ** 2
    y[1:] = x[1:] * y[0]
    return anp.sum(y * x)


PROGRAMS = {
    "where": norm_of_rows,
    "indices": lambda x: anp.sum(x[np.array([0, 0, 2])] ** 2) + x[1] * anp.sum(x[:-1] * x[1:]),
    "order": lambda x: anp.sum(anp.sort(x)[::-1] * np.arange(3.0)) + anp.max(x) * anp.median(x),
    "products": lambda x: anp.einsum("i,ij,j", x, A, x) + anp.sum(anp.kron(x, x) ** 2),
    "solve": lambda x: anp.sum(anp.linalg.solve(anp.diag(x) + A, x)),
    "logsumexp": lambda x: logsumexp(anp.dot(A, x)),
    "loop": lambda x: sum([a * b for a, b in zip(x, x[1:])]) + x.std() + x.reshape(3, 1).mean(),
}


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)
def test_calls_made_again_give_what_the_function_gives(f):
    for program in (f, grad(f), hessian(f)):
        again = const_graph(program)
        for x in (X, Y, X * 1.1):
            np.testing.assert_allclose(again(x), program(x), rtol=1e-12)


def test_the_function_is_called_once_and_differentiated():
    called = []

    def f(x):
        called.append(x)
        return grad(lambda x: anp.sum(anp.sin(x) * x))(x)

    again = const_graph(f)
    found = [again(X), again(Y), jacobian(again)(X)]
    assert len(called) == 1
    np.testing.assert_allclose(found[1], f(Y))
    np.testing.assert_allclose(found[2], jacobian(f)(X), rtol=1e-12)
    np.testing.assert_allclose(jacobian(const_graph(f))(Y), jacobian(f)(Y), rtol=1e-12)


def test_another_way_at_a_condition_is_another_graph():
    called = []

    def f(x):
        called.append(x)
        total = anp.sum(x)
        while total < 5.0:
            total = total * 2.0
        return total

    again = const_graph(f)
    for factor in (1.0, 2.0, 1.0, 2.0, 0.9):
        before = len(called)
        found = again(X * factor)
        now = len(called)
        assert found == pytest.approx(f(X * factor)), (before, now)
    assert sum(type(x) is not np.ndarray for x in called) == 2


def test_other_shapes_dtypes_and_integers_are_other_graphs():
    f = const_graph(lambda x, n, kind="sum": getattr(anp, kind)(x**n) / len(x))
    assert f(X, 2) == pytest.approx(np.sum(X**2) / 3) and f(X, 1) == pytest.approx(X.mean())
    assert f(X[:2], 2) == pytest.approx(np.sum(X[:2] ** 2) / 2)
    assert f(Y, 2, kind="prod") == pytest.approx(np.prod(Y**2) / 3)
    assert f(X.astype(np.float32), 2).dtype == np.float32


def test_graphs_in_graphs():
    inner = const_graph(lambda x: anp.sum(x) * 2.0 if anp.sum(x) > 1.55 else anp.sum(x))
    outer = const_graph(lambda x: inner(x) * x)
    for x in (X, Y, X, Y * 2):
        total = np.sum(x)
        np.testing.assert_allclose(outer(x), (total * 2 if total > 1.55 else total) * x)


def test_a_write_that_a_view_would_see_is_refused():
    def through_view(x):
        y = anp.exp(x)
        row = y[1:]
        row[0] = x[0]
        return anp.sum(y)

    np.testing.assert_allclose(const_graph(fill)(Y), fill(Y))
    with pytest.raises(TypeError, match="must be seen by nobody else"):
        const_graph(through_view)(X)
    with pytest.raises(TypeError, match="a traced value of outside"):
        grad(lambda a: const_graph(lambda x: x * a)(2.0))(3.0)


# -- the graph of HIPS autograd -------------------------------------------------------------------


def test_a_box_of_ones_own_is_differentiated():
    x = new_box(X, 0, VJPNode.new_root())
    y = anp.sin(x) * x
    assert isbox(x) and isbox(y)
    np.testing.assert_allclose(backward_pass(np.ones(3), y._node), np.cos(X) * X + np.sin(X))
    seed = new_box(np.ones(3), 0, VJPNode.new_root())
    np.testing.assert_allclose(getval(backward_pass(seed, y._node)), np.cos(X) * X + np.sin(X))
    with pytest.raises(ValueError, match="begins at 2"):
        backward_pass(np.ones(3), (y * new_box(X, 0, VJPNode.new_root()))._node)
    with pytest.raises(NotImplementedError, match="make_jvp"):
        JVPNode.new_root(1.0)


def test_the_table_of_rules_is_that_of_what_was_told():
    @primitive
    def cube(x):
        return x**3

    assert cube not in primitive_vjps and anp.sin not in primitive_vjps
    defvjp(cube, lambda ans, x: lambda g: g * 3 * x * x)
    maker = primitive_vjps[cube]
    assert maker((0,), 8.0, (2.0,), {})(1.0) == [12.0]
    assert len(primitive_vjps) == len([*primitive_vjps])
    assert primitive_vjps.pop(cube) is maker
    with pytest.raises(NotImplementedError):
        grad(cube)(2.0)
    primitive_vjps[cube] = maker
    assert grad(cube)(2.0) == 12.0
