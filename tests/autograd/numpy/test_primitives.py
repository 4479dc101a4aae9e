"""Functions with gradients of one's own: what they take, what they give, and what is refused."""

import math

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import checkpoint, deriv, elementwise_grad, grad, jacobian, value_and_grad
from autograd.engine.dispatch import numpys
from autograd.extend import (
    Box,
    JVPNode,
    VJPNode,
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnums,
    defvjp,
    defvjp_argnums,
    primitive,
    register_notrace,
)
from autograd.numpy.numpy_wrapper import wrap_namespace
from autograd.tensors.array import Array

X = np.array([1.0, 2.0, 3.0])


def told(vjp, fun=lambda x: x * 2.0):
    """A primitive with this rule."""
    made = primitive(fun)
    made.__name__ = "made"
    defvjp(made, vjp)
    return made


@primitive
def product(x, y=2.0):
    return np.multiply(x, y)


defvjp(product, lambda ans, x, y=2.0: lambda g: g * y, lambda ans, x, y=2.0: lambda g: g * x)


# -- keywords, closures ---------------------------------------------------------------------------


def test_a_traced_keyword_is_differentiated():
    assert grad(lambda y: product(3.0, y=y))(2.0) == 3.0
    assert grad(lambda y: product(y, y=y))(2.0) == 4.0
    assert grad(lambda x: product(x=x))(2.0) == 2.0
    assert grad(grad(lambda y: product(y, y=y)))(2.0) == 2.0


def test_a_traced_keyword_without_a_place_goes_through_the_function_or_is_refused():
    @primitive
    def scaled(x, *, by):
        return x * by

    defvjp(scaled, lambda ans, x, by: lambda g: g * by)
    assert grad(lambda by: scaled(3.0, by=by))(2.0) == 3.0
    with pytest.raises(TypeError, match="scaled: traced values .* got by by keyword"):
        grad(lambda x: scaled(x, by=x))(2.0)


def test_a_primitive_that_closes_over_a_traced_value_is_refused():
    def closing(a):
        times_a = told(lambda ans, x: lambda g: g, lambda x: x * a)
        return times_a(a)

    with pytest.raises(TypeError, match="made: .* closes over one, whose gradient would be lost"):
        grad(closing)(2.0)


def test_a_list_that_a_primitive_changes_is_the_one_that_was_given():
    seen = []
    noting = told(lambda ans, x: lambda g: g, lambda x: seen.append(x) or x)
    listing = primitive(lambda x, names: names.append("called") or x * 1.0)
    defvjp(listing, lambda ans, x, names: lambda g: g)
    names = []
    assert grad(lambda x: listing(noting(x), names))(2.0) == 1.0
    assert seen == [2.0] and names == ["called"]


def test_checkpoint_differentiates_by_all_that_the_function_sees():
    assert grad(lambda a: checkpoint(lambda x: x * a)(a))(3.0) == 6.0
    assert grad(lambda a: checkpoint(lambda x, y: x * y)(3.0, y=a))(2.0) == 3.0
    assert grad(grad(lambda a: checkpoint(lambda x: x * a * a)(a)))(2.0) == 12.0
    assert grad(checkpoint(lambda d: d["x"] * d["y"][0]))({"x": 2.0, "y": [3.0]})["x"] == 3.0


def test_a_gradient_inside_a_checkpoint_depends_on_what_it_closes_over():
    def slope(a):
        return checkpoint(lambda t: t * grad(lambda s: s * s * a)(3.0))(1.0)

    assert grad(slope)(2.0) == 6.0
    plain = checkpoint(value_and_grad(lambda x: anp.sum(x * x)))(X)
    assert type(plain[0]) is np.float64 and plain[1].tolist() == [2.0, 4.0, 6.0]


# -- results --------------------------------------------------------------------------------------


def test_integers_are_traced_in_doubles_and_other_values_stay_plain():
    floors = told(lambda ans, x: lambda g: g, lambda x: np.floor(x).astype(int))
    assert grad(lambda x: anp.sum(floors(x) * x))(np.array([2.5, 3.5])).tolist() == [4.5, 6.5]
    positive = told(lambda ans, x: lambda g: g, lambda x: x > 1)
    assert grad(lambda x: anp.sum(x[positive(x)]))(X).tolist() == [0.0, 1.0, 1.0]
    nothing = told(lambda ans, x: lambda g: g, lambda x: None)
    assert grad(lambda x: x if nothing(x) is None else 0.0)(1.0) == 1.0


def test_what_is_written_into_a_result_is_not_written_into_the_argument():
    same = told(lambda ans, x: lambda g: g, lambda x: x)

    def f(x):
        z = x * 1.0
        y = same(z).copy()
        y[0] = 5.0
        return anp.sum(y * y) + anp.sum(z * z)

    assert grad(f)(X).tolist() == [2.0, 8.0, 12.0]
    kept = same(X)  # nothing is traced: as it is
    assert kept is X


def test_what_a_primitive_has_seen_must_not_change_before_the_backward_pass():
    square = told(lambda ans, x: lambda g: g * 2 * x, lambda x: x**2)

    def f(x):
        z = anp.zeros_like(x)
        z[:] = x
        y = square(z)
        z[0] = 5.0
        return anp.sum(y)

    with pytest.raises(RuntimeError, match="must not be changed in place"):
        grad(f)(X)


# -- wrong rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vjp", "error", "text"),
    [
        (lambda g: np.ones(7), ValueError, r"argument 0 .* shape \(3,\); got \(7,\)"),
        (lambda g: g[:, None] * g, ValueError, r"shape \(3,\); got \(3, 3\)"),
        (lambda g: None, TypeError, r"an array of numbers of shape \(3,\); got None"),
        (lambda g: [1.0, 2.0, 3.0], TypeError, r"got \[1.0, 2.0, 3.0\] of type list"),
        (lambda g: "a", TypeError, "got 'a' of type str"),
        (lambda g: np.array(["a", "b", "c"]), TypeError, "ndarray of dtype <U1"),
    ],
)
def test_a_gradient_of_the_wrong_kind_names_the_primitive(vjp, error, text):
    made = told(lambda ans, x: vjp)
    for f in (made, lambda x: made(x * 1.0)):
        with pytest.raises(error, match=f"made: .*{text}"):
            grad(lambda x, f=f: anp.sum(f(x)))(X)


def test_a_maker_that_gives_no_function_is_named():
    with pytest.raises(TypeError, match="made: .* a function of g; it returned None"):
        grad(told(lambda ans, x: None))(1.0)


def test_gradients_of_like_shape_are_brought_to_the_arguments():
    cases = [lambda g: 2.0, lambda g: g[None] * 2, lambda g: g * (2 + 1j), lambda g: 2 * np.ones(1)]
    for vjp in (*cases, lambda g: np.full(3, 2), lambda g: np.float32(2) * np.ones(3, np.float32)):
        made = told(lambda ans, x, vjp=vjp: vjp)
        found = grad(lambda x, made=made: anp.sum(made(x)))(X)
        assert found.dtype == np.float64 and found.tolist() == [2.0, 2.0, 2.0]


def test_trees_of_gradients_are_matched_by_key():
    @primitive
    def area(sides):
        return sides["a"] * sides["b"]

    defvjp(area, lambda ans, s: lambda g: {"b": g * s["a"], "a": g * s["b"]})
    assert grad(area)({"a": 2.0, "b": 3.0}) == {"a": 3.0, "b": 2.0}
    defvjp(area, lambda ans, s: lambda g: [g, g])
    with pytest.raises(TypeError, match="area: .* the argument's form {'a': '\\*', 'b': '\\*'}"):
        grad(area)({"a": 2.0, "b": 3.0})


# -- NumPy's functions ----------------------------------------------------------------------------


@pytest.fixture
def untold():
    """NumPy's functions without what a test has told of them."""
    before, operators = dict(numpys), {n: vars(Array)[n] for n in ("__mul__", "__rmul__")}
    yield
    numpys.clear()
    numpys.update(before)
    for name, operator in operators.items():
        setattr(Array, name, operator)


@pytest.mark.parametrize("sin", [np.sin, anp.sin])
def test_a_rule_for_a_function_of_numpys_overrides_ours(untold, sin):
    defvjp(sin, lambda ans, x: lambda g: g * 100.0)
    assert grad(anp.sin)(0.0) == 100.0
    assert grad(lambda x: np.sin(x))(0.0) == 100.0
    assert grad(anp.cos)(0.0) == 0.0


def test_a_function_that_has_no_rule_is_given_one(untold):
    numpys.pop(np.interp)
    defvjp(np.interp, lambda ans, x, xp, fp: lambda g: g * 7.0)
    assert elementwise_grad(lambda x: anp.interp(x, X, X))(X).tolist() == [7.0, 7.0, 7.0]
    with pytest.raises(NotImplementedError, match="interp: .* argument 2"):
        grad(lambda fp: anp.sum(anp.interp(X, X, fp)))(X)


def test_an_argument_without_a_new_rule_keeps_ours(untold):
    defvjp(anp.multiply, lambda ans, x, y: lambda g: g * 10.0, argnums=(1,))
    assert grad(anp.multiply)(2.0, 3.0) == 3.0
    assert grad(anp.multiply, 1)(2.0, 3.0) == 10.0
    assert grad(lambda x: x * 3.0)(2.0) == 3.0 and grad(lambda x: 3.0 * x)(2.0) == 10.0


def test_forward_rules_of_functions_of_numpys(untold):
    defjvp(anp.sin, lambda g, ans, x: g * 100.0)
    assert deriv(anp.sin)(0.0) == 100.0 and grad(anp.sin)(0.0) == 1.0
    defvjp(anp.cos, lambda ans, x: lambda g: g * 100.0)
    assert deriv(anp.cos)(0.0) == 0.0 and grad(anp.cos)(0.0) == 100.0


def test_where_has_the_rules_that_are_told(untold):
    defvjp(
        anp.where,
        None,
        lambda ans, c, x, y: lambda g: anp.where(c, g, 0.0) * 10.0,
        lambda ans, c, x, y: lambda g: anp.where(c, 0.0, g),
    )
    found = grad(lambda x: anp.sum(anp.where(x > 1.5, x, x * x)))(X)
    assert found.tolist() == [2.0, 10.0, 10.0]


def test_a_function_of_scipys_is_given_other_rules(untold):
    pytest.importorskip("scipy")
    from autograd.scipy import special

    assert grad(special.expit)(0.0) == 0.25
    defjvp(special.expit, lambda g, ans, x: g * 100.0)
    assert grad(special.expit)(0.0) == 0.25 and deriv(special.expit)(0.0) == 100.0
    defvjp(special.expit, lambda ans, x: lambda g: g * 50.0)
    assert grad(special.expit)(0.0) == 50.0


def test_rules_are_told_of_primitives_only():
    with pytest.warns(UserWarning, match="defvjp: .* a primitive, or of a function of NumPy"):
        defvjp(told_of_nothing, lambda ans, x: lambda g: g)
    with pytest.raises(TypeError, match="defvjp_argnums"):
        defvjp_argnums(3, lambda *args: None)


def told_of_nothing(x):
    return x


# -- values of one's own --------------------------------------------------------------------------


class Bumps:
    """A sum of weighted bumps, by their centres."""

    def __init__(self, weights):
        self.weights = weights

    @primitive
    def __call__(self, x):
        return sum([w * np.exp(-((x - c) ** 2)) for c, w in self.weights.items()], 0.0)

    def __add__(self, other):
        both = self.weights.keys() | other.weights.keys()
        return Bumps({c: self.weights.get(c, 0.0) + other.weights.get(c, 0.0) for c in both})


defvjp(Bumps.__call__, lambda ans, f, x: lambda g: Bumps({x: g}))


class BumpsBox(Box, Bumps):
    pass


class BumpsSpace(VSpace):
    def __init__(self, value):
        pass

    def zeros(self):
        return Bumps({})


def test_a_class_of_ones_own_is_differentiated_by():
    BumpsBox.register(Bumps)
    BumpsSpace.register(Bumps)
    f = Bumps({0.0: 1.0})
    slope = grad(lambda f: f(0.0) ** 2 + 3.0 * f(1.0))(f)
    assert type(slope) is Bumps and slope.weights == {0.0: 2.0, 1.0: 3.0}
    with pytest.warns(UserWarning, match="independent"):
        assert grad(lambda f: 1.0)(f).weights == {}
    assert jacobian(lambda x: x * f(0.0))(2.0) == 1.0
    assert isinstance(BumpsBox.__new__(BumpsBox), Box)


# -- whole namespaces, and rules for all arguments at once -----------------------------------------


def test_a_namespace_of_functions_is_made_traceable():
    names = {}
    wrap_namespace({**vars(math), "tanh": np.tanh, "int64": np.int64, "linalg": np.linalg}, names)
    assert names["pi"] == math.pi and "linalg" not in names
    assert elementwise_grad(names["tanh"])(X).shape == (3,)
    assert names["int64"](2.0) == 2
    defvjp(names["erf"], lambda ans, x: lambda g: g * 2 / np.pi**0.5 * anp.exp(-x * x))
    assert grad(grad(names["erf"]))(0.5) == pytest.approx(-2 / np.pi**0.5 * np.exp(-0.25))
    with pytest.raises(NotImplementedError, match="gamma: its gradient must be known"):
        grad(names["gamma"])(2.5)


def test_forward_rules_of_all_arguments_that_move():
    made = primitive(lambda x, y, z: x * y + z)
    seen = []

    def rule(argnums, gs, ans, args, options):
        seen.append(argnums)
        parts = {0: lambda g: g * args[1], 1: lambda g: g * args[0], 2: lambda g: g}
        return sum(parts[i](g) for i, g in zip(argnums, gs))

    defjvp_argnums(made, rule)
    assert deriv(lambda x: made(x, 3.0, x * x))(2.0) == 7.0
    assert deriv(deriv(lambda x: made(x, x, 1.0)))(2.0) == 2.0
    assert seen[0] == (0, 2)
    def_linear(made)
    assert deriv(lambda x: made(x, 3.0, 0.0))(2.0) == 3.0


def test_a_result_that_is_not_traced_has_no_gradient():
    for kind, way in ((VJPNode, grad), (JVPNode, deriv)):
        whole = primitive(np.floor)
        register_notrace(kind, whole)
        assert way(lambda x, whole=whole: x * whole(x))(2.5) == 2.0
