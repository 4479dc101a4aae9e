"""autograd.func over programs written in autograd.numpy: of plain arrays, Arrays and tensors."""

import warnings

import numpy as np
import pytest

import autograd
import autograd.numpy as anp
from autograd import func, grad, hessian, jacobian, value_and_grad
from autograd.arrays import trees
from autograd.core import make_jvp
from autograd.engine.graph import wrap
from autograd.tensors.array import Array
from autograd.tensors.tensor import Tensor

RNG = np.random.RandomState(0)
A = RNG.randn(3, 3) + 3 * np.eye(3)
X, V = RNG.randn(2, 3)
ROWS = RNG.randn(4, 3)
MATRICES = RNG.randn(4, 3, 3) + 3 * np.eye(3)

KINDS = {
    np.ndarray: lambda x: x,
    Array: lambda x: wrap(x, None, Array),
    Tensor: autograd.tensor,
}


def layer(x):
    return anp.tanh(anp.dot(A, x))


def energy(x):
    return anp.sum(layer(x) ** 2)


def values(tree):
    return [np.asarray(getattr(one, "_data", one)) for one in trees.flatten(tree)[0]]


def of_kind(tree, kind):
    kind = (np.ndarray, np.generic) if kind is np.ndarray else kind
    return all(isinstance(one, kind) for one in trees.flatten(tree)[0])


J = np.array([grad(lambda x, i=i: layer(x)[i])(X) for i in range(3)])
TRANSFORMS = {
    "grad": (lambda x, v: func.grad(energy)(x), [grad(energy)(X)]),
    "grad_and_value": (lambda x, v: func.grad_and_value(energy)(x), [grad(energy)(X), energy(X)]),
    "vjp": (lambda x, v: func.vjp(layer, x)[1](v), [V @ J]),
    "jvp": (lambda x, v: func.jvp(layer, (x,), (v,)), [layer(X), J @ V]),
    "linearize": (lambda x, v: func.linearize(layer, x)[1](v), [J @ V]),
    "jacfwd": (lambda x, v: func.jacfwd(layer)(x), [J]),
    "jacrev": (lambda x, v: func.jacrev(layer)(x), [J]),
    "hessian": (lambda x, v: func.hessian(energy)(x), [hessian(energy)(X)]),
    "of a dict": (lambda x, v: func.grad(lambda p: energy(p["x"]))({"x": x}), [grad(energy)(X)]),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TRANSFORMS)
def test_transforms(name, kind):
    transform, expected = TRANSFORMS[name]
    found = transform(KINDS[kind](X), KINDS[kind](V))
    assert of_kind(found, kind)
    for one, other in zip(values(found), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


def test_what_is_not_differentiated_by_stays_plain():
    seen = []
    func.grad(lambda x, c: seen.append(type(c)) or anp.sum(x * c))(X, V)
    assert seen == [np.ndarray]
    _, aux = func.grad(lambda x: (anp.sum(x), x * 2.0), has_aux=True)(X)
    assert type(aux) is np.ndarray


def write(x):
    y = anp.zeros_like(x)
    y[0] = x[1]
    y[1:] = x[:-1] ** 2
    v = y[1:]
    v[0] = v[1] * x[2]
    return y * y[1]


MAPPED = {
    "dot": (lambda x: anp.dot(A, x) + anp.dot(x, A), ROWS),
    "dot of itself": (lambda x: anp.dot(x, x), ROWS),
    "sum": (lambda x: anp.sum(x, axis=0) + anp.sum(x, axis=1, keepdims=True), MATRICES),
    "where": (lambda x: anp.where(x > 0, x, 0.0), ROWS),
    "index": (lambda x: x[1:] * x[0] + x[[2, 0]] + x[..., :2], ROWS),
    "solve": (lambda a: anp.linalg.solve(a, a[0]), MATRICES),
    "write": (write, ROWS),
    "einsum": (lambda x: anp.einsum("i,ij->j", x, A), ROWS),
    "join": (lambda x: anp.concatenate([x, anp.array([x[0], 2.0])]), ROWS),
    "of each sample": (lambda x: x[anp.argmax(x)] * anp.argmax(x), ROWS),
    "integers": (lambda x: anp.argsort(x), ROWS),
    "statistics": (lambda x: anp.std(x) + anp.max(x) + anp.linalg.norm(x), ROWS),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MAPPED)
def test_vmap(name, kind):
    function, samples = MAPPED[name]
    expected = np.stack([np.asarray(function(one)) for one in samples])
    found = func.vmap(function)(KINDS[kind](samples))
    assert of_kind(found, kind)
    np.testing.assert_allclose(values(found)[0], expected, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in MAPPED if name != "integers"])
def test_vmap_and_forward_mode_in_each_other(name):
    function, samples = MAPPED[name]
    moved = np.ones_like(samples) + samples[::-1]
    expected = np.stack([make_jvp(function, x)(v)[1] for x, v in zip(samples, moved)])
    inside = func.vmap(lambda x, v: func.jvp(function, (x,), (v,))[1])(samples, moved)
    outside = func.jvp(func.vmap(function), (samples,), (moved,))[1]
    np.testing.assert_allclose(inside, expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(outside, expected, rtol=1e-10, atol=1e-12)


OPERATORS = {
    "grad": grad(energy),
    "value_and_grad": value_and_grad(energy),
    "jacobian": jacobian(layer),
    "hessian": hessian(energy),
    "make_jvp": lambda x: make_jvp(layer, x)(V),
    "forward over reverse": lambda x: make_jvp(grad(energy), x)(x)[1],
    "reverse over forward": grad(lambda x: anp.sum(make_jvp(layer, x)(x)[1])),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_inside_vmap(name):
    operator = OPERATORS[name]
    expected = [values(operator(x)) for x in ROWS]
    for i, found in enumerate(values(func.vmap(operator)(ROWS))):
        np.testing.assert_allclose(found, np.stack([one[i] for one in expected]), rtol=1e-10)


def test_in_dims_and_pieces():
    both = func.vmap(anp.dot, in_dims=(None, 0))(A, ROWS)
    assert type(both) is np.ndarray
    np.testing.assert_allclose(both, ROWS @ A.T)
    pieces = func.vmap(layer, in_dims=1, out_dims=1, chunk_size=3)(ROWS.T)
    np.testing.assert_allclose(pieces, layer(ROWS.T), rtol=1e-12)


STEPS = {
    "plain": (layer, (X,)),
    "of a tensor": (layer, (autograd.tensor(X),)),
    "grad": (lambda w, x: grad(lambda w: anp.sum(anp.tanh(anp.dot(w, x))))(w), (A, X)),
    "grad of a tensor": (grad(energy), (autograd.tensor(X),)),
    "func.grad": (func.grad(energy), (autograd.tensor(X),)),
    "make_jvp": (lambda x, v: make_jvp(layer, x)(v), (X, V)),
    "vmap": (func.vmap(layer), (ROWS,)),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_compiled_step_gives_the_same_numbers(name):
    step, args = STEPS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # which says why it runs as without compile
        compiled = autograd.compile(step, backend="replay")
        for scale in (1.0, 1.0, 1.0, 1.5):
            given = [one * scale for one in args]
            expected, found = values(step(*given)), values(compiled(*given))
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("step", "x", "reason"),
    [
        (func.vmap(layer), ROWS, "vmap began inside"),
        (lambda x: make_jvp(anp.tanh, x)(x), autograd.tensor(X), "forward mode began inside"),
    ],
)
def test_why_a_step_over_numpy_is_not_recorded(step, x, reason):
    compiled = autograd.compile(step)
    with pytest.warns(UserWarning, match=reason):
        for _ in range(4):
            compiled(x)


@pytest.mark.filterwarnings("ignore:compile")
def test_a_step_that_is_looked_at_gives_plain_results():
    slopes = value_and_grad(lambda w: anp.mean((anp.dot(X, w) - 1.0) ** 2))

    def descended(w):
        value, slope = slopes(w)
        w -= 0.1 * slope  # an ndarray of the caller's
        return value, slope

    compiled, w, other = autograd.compile(descended, backend="replay"), np.zeros(3), np.zeros(3)
    for _ in range(5):
        found, expected = compiled(w), descended(other)
        assert [type(one) for one in found] == [type(one) for one in expected]
        np.testing.assert_array_equal(w, other)


def test_a_likelihood_in_numpys_names_is_captured_over_tensors():
    w = autograd.zeros(3, dtype=autograd.float64, requires_grad=True)

    def step(x):
        w.grad = None
        loss = anp.mean((anp.dot(x, w) - 1.0) ** 2) + anp.sum(anp.where(w > 0.1, w, 0.0) ** 2)
        loss.backward()
        with autograd.no_grad():
            w.sub_(w.grad * 0.1)
        return loss

    compiled, x = autograd.compile(step), autograd.from_numpy(np.ones((4, 3)))
    losses = [compiled(x).item() for _ in range(6)]
    assert compiled.counts["replayed"] == 4 and losses == sorted(losses, reverse=True)
