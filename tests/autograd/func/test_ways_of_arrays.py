"""Forward mode over arrays alone: the text for a form gives what the rules for all else do."""

import itertools
import warnings

import numpy as np
import pytest

import autograd
import autograd.numpy as anp
from autograd import make_jvp
from autograd.engine import duals, observer
from autograd.engine.duals import Dual, DualLevel
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import wrap
from autograd.extend import defjvp, primitive
from autograd.func import shortest
from autograd.ops.linalg.matmul import MM, MatMul
from autograd.ops.pointwise import arithmetic, exponential, minmax, powers, trigonometric
from autograd.tensors.tensor import Tensor

rng = np.random.default_rng(5)
SHAPES = {
    1: [[(3,)], [()]],
    2: [[(2, 3), (3,)], [(3,), (2, 3)], [(), (3,)], [(3,), ()], [(2, 1), (1, 3)], [(), ()]],
}
OPS = [
    arithmetic.Add, arithmetic.Subtract, arithmetic.Multiply, arithmetic.Divide,
    arithmetic.Remainder, arithmetic.Quotient, exponential.Exp, exponential.Log,
    exponential.LogAddExp, minmax.Maximum, powers.Power, powers.Sqrt, trigonometric.Tanh,
    trigonometric.Atan2,
]  # fmt: skip


def parts(out):
    """The arrays of a result, primal and tangent; None where it has none."""
    data = out._data
    return duals.values_of(data), duals.values_of(data.tangent._data) if type(
        data
    ) is Dual else None


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.__name__)
def test_the_written_way_and_the_rules_agree_however_inputs_broadcast(op):
    assert issubclass(op, Elementwise)
    op.ready()
    for shapes in SHAPES[len(op.inputs)]:
        xs = [rng.uniform(0.2, 0.8, shape)[()] for shape in shapes]
        ts = [rng.standard_normal(shape)[()] for shape in shapes]
        for kinds in itertools.product(("dual", "plain", "tensor"), repeat=len(xs)):
            if "dual" not in kinds:
                continue
            found = []
            for way in ("_heard", "general"):
                with DualLevel() as level:
                    made = {
                        "dual": lambda x, t, level=level: duals.bare(level, Tensor, x, t),
                        "tensor": lambda x, t: wrap(x, None, Tensor),
                        "plain": lambda x, t: x,
                    }
                    args = [made[kind](x, t) for kind, x, t in zip(kinds, xs, ts)]
                    op.general(*args)  # the way is written when the op first meets a dual
                    found.append(parts(getattr(op, way)(*args)))
            (y, t), (y2, t2) = found
            assert np.array_equal(y, y2) and t.shape == t2.shape == y.shape
            assert np.allclose(t, t2, rtol=1e-12, atol=0)


def test_arrays_alone_ask_no_rule(monkeypatch):
    def function(x):
        return anp.tanh(anp.dot(np.ones((2, 3)), x)) * 2.0 - 1

    pushed = make_jvp(function)(np.ones(3))
    pushed(np.ones(3))  # which writes the ways
    monkeypatch.setattr(duals, "rule", None)
    y, t = pushed(np.array([1.0, 2.0, 3.0]))
    assert np.allclose(t, 2 * (1 - np.tanh(3) ** 2) * 6)


class Calls(observer.Observer):
    def __init__(self):
        self.ops = []

    def call_begins(self, op, args, options):
        self.ops.append(op)


def test_an_observer_is_told_of_calls_inside_a_level():
    pushed = make_jvp(lambda x: anp.tanh(anp.dot(np.ones((2, 3)), x)))(np.ones(3))
    before = pushed(np.ones(3))
    calls = Calls()
    with observer.observe(calls):
        seen = pushed(np.ones(3))
    assert MatMul in calls.ops
    assert np.array_equal(before[1], seen[1])


def test_a_number_beyond_floats_raises_as_ever():
    with pytest.raises(OverflowError):
        make_jvp(lambda x: x * 10**400)(np.ones(2))(np.ones(2))


def test_shapes_that_do_not_belong_together_raise_in_the_ops_words():
    with pytest.raises(ValueError, match="Multiply: shapes must broadcast"):
        make_jvp(lambda x: x * np.ones(4))(np.ones(3))(np.ones(3))
    with pytest.raises(ValueError, match="inner sizes must agree"):
        make_jvp(lambda x: anp.dot(np.ones((2, 4)), x))(np.ones(3))(np.ones(3))


def test_an_op_with_an_authors_name_from_the_text_has_no_written_way():
    class Sum(autograd.Function):
        def forward(self, link, edge):
            return link + edge

        def grad_link(self, g):
            return g

        def grad_edge(self, g):
            return g

    Sum.ready(), MM.ready()
    assert shortest.bilinear(Sum) is None
    assert shortest.bilinear(MM) is not None


def test_a_level_keeps_no_more_than_lives():
    with DualLevel() as level:
        x = duals.bare(level, Tensor, np.ones(3), np.ones(3))
        kept = [x]
        for _ in range(2000):
            x = x * 1.0
            assert len(level.members) <= 2 * 64 + 2
        kept.append(x)
    assert all([type(one._data) is np.ndarray and one._edge is None for one in kept])


def test_a_vector_is_neither_written_nor_handed_out():
    v = np.ones(3)
    for function in (lambda x: x, lambda x: x[::-1], lambda x: (x + 1.0, x + 2.0)):
        _, slopes = make_jvp(function)(np.zeros(3))(v)
        for slope in slopes if isinstance(slopes, tuple) else (slopes,):
            slope[:] = 7
    assert v.tolist() == [1.0] * 3


def test_slopes_of_several_results_are_each_their_own():
    _, (a, b) = make_jvp(lambda x: (x + 1.0, x + 2.0))(np.zeros(3))(np.ones(3))
    a[:] = 7
    assert b.tolist() == [1.0] * 3


@pytest.mark.parametrize("x", [1.5, np.float64(1.5), np.array([1.0, 2.0]), np.array(2.0)])
def test_a_rule_of_ones_own_for_numbers_and_arrays(x):
    @primitive
    def cube(x):
        return x**3

    defjvp(cube, lambda g, ans, x: g * 3 * x * x)
    v = np.ones_like(x)[()]
    y, t = make_jvp(lambda x: cube(x) * 2.0)(x)(v)
    assert np.allclose(y, 2 * x**3) and np.allclose(t, 6 * x * x)
    assert make_jvp(cube)(2.0)(1.0) == (8.0, 12.0)


def test_a_rule_is_looked_up_before_the_primitive_runs():
    ran = []
    unknown = primitive(lambda x: ran.append(1) or x)
    with pytest.raises(NotImplementedError, match="must have a forward rule"):
        make_jvp(unknown)(1.0)(1.0)
    assert not ran


def test_numbers_that_divide_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, t = make_jvp(lambda x: anp.log(anp.sum(x)))(np.array([0.5, 0.5]))(np.zeros(2))
    assert t == 0
