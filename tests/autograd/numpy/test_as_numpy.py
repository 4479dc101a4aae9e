"""Calls that were once refused or differed: values, types, dtypes and slopes are NumPy's.

Each is Python's text, run over NumPy for its values and their differences, and over autograd.numpy.
"""

import copy
import pickle

import numpy as onp
import pytest

import autograd
import autograd.numpy as anp
from autograd import grad, jacobian, make_jvp
from autograd.func import vmap

M = onp.random.RandomState(0).rand(3, 4) + 0.3
V = onp.array([0.7, 1.2, 0.4, 0.9])
Q = M[:, :3] @ M[:, :3].T + onp.eye(3)
MASK = M > 0.8
AXIS = onp.argmax(M, 1)[:, None]

OF_MATRICES = """
np.logaddexp.reduce(x, axis=None) | np.logaddexp.reduce(x, axis=(0, 1), keepdims=True)
np.logaddexp.reduce(x, 1, where=mask, initial=0.5) | np.hypot.reduce(x, axis=None)
np.hypot.reduce(x, axis=1, where=mask, initial=0.5) | np.logaddexp.accumulate(x, axis=1)
np.add.reduceat(x, [0, 2, 1], axis=1) | np.maximum.accumulate(x) | np.subtract.reduce(x)
np.diff(x, prepend=0.0) | np.diff(x, append=0) | np.diff(x, 2, 0, x[:1], append=x[0, 0])
np.amax(x, axis=0, where=mask, initial=0.3) | np.amin(x, initial=0.6) | x.max(0, None)
np.nanmax(x, axis=0, where=mask, initial=0.3) | x.sum(axis=0, out=None) | np.cumsum(x, out=None)
np.var(x, axis=0, correction=1) | np.std(x, axis=0, mean=np.mean(x, axis=0, keepdims=True))
np.std(x, axis=0, where=M < 0.9) | np.median(x) | np.nanmedian(x) | np.quantile(x, 0.3)
np.sort(x + 1j * x[::-1]) | np.nan_to_num(x * 1j)
np.gradient(x, edge_order=2) | np.gradient(x, V.cumsum(), axis=1) | np.gradient(x, 2.0, axis=0)
np.gradient(x, [1.0, 2.0, 4.0], V.cumsum(), edge_order=2) | np.gradient(M[0], np.cumsum(x[1]))
x.compress([True, False, True], axis=0) | np.compress([1, 0, 1], x) | np.divmod(x, 0.3)
np.vectorize(lambda a, b: a * b + 1)(x, V) | np.vectorize(lambda a: (a, a * a))(x)
np.array([v for i, v in np.ndenumerate(x)]) | x.flat[3] | x.flat[1:4] | np.array(list(x.flat))
np.linalg.qr(x, mode="r") | np.linalg.norm(x[:, :3], 1) | np.linalg.norm(x[:, :3], np.inf)
np.abs(x.view(complex)) | (x * (1 + 2j)).view(float) | x.view() | +x | np.ldexp(x, np.arange(4))
np.logspace(x[0, 0], 1, 4, base=x[0, 1]) | np.geomspace(1, x[0], 3, axis=1)
np.linspace(x[0], 2, 3, dtype=int) | np.full_like(x, 2.0, shape=(2,)) | np.full_like(M, x[0, 0])
"""
OF_SQUARES = """
np.linalg.eigvals(x) | np.linalg.eig(x)[0] | np.abs(np.linalg.eig(x)[1]) ** 2
np.abs(np.linalg.eigvals(x - x.T + np.triu(x)))
"""
WRITES = """
np.copyto(y, x**2) | np.copyto(y, x[0], where=mask) | np.putmask(y, mask, x[0]) | y.fill(x[0, 0])
np.place(y, mask, x[0]) | np.put(y, [0, 15], x[0], mode="wrap") | np.put(y, [0, 15], 4.0, "clip")
np.put_along_axis(y, AXIS, x[:, :1], 1) | np.fill_diagonal(y, x[0, :3]) | y.put([0, -1], x[0])
setattr(y, "flat", x[0]) | y.flat.__setitem__(slice(1, 4), x[0, 0]) | y.partition(1) | y.sort(0)
np.add(x, M, out=y) | np.multiply(y, y, out=y) | np.exp(x, out=y, where=mask) | np.add(x, M, y)
np.sum(x, axis=0, out=y[0]) | np.divmod(x, 0.3, out=(None, y)) | np.matmul(x, np.eye(4), out=y)
np.add.reduce(x, axis=0, out=y[1]) | np.take(x, [0, 1, 2, 3], axis=1, out=y) | x.sum(0, out=y[0])
y.view(complex).__setitem__(0, x[0, 0]) | np.sin(y[1:], out=y[1:])
"""


def listed(text):
    return [one.strip() for line in text.strip().splitlines() for one in line.split("|")]


CALLS = [
    *[(one, M) for one in listed(OF_MATRICES)],
    *[(one, Q) for one in listed(OF_SQUARES)],
    *[(f"(lambda y: ({one}, y * 1.0)[1])(x * 2)", M) for one in listed(WRITES)],
    *[(f"(lambda y: ({one}, y * 1.0)[1])(np.zeros_like(x))", M) for one in listed(WRITES)],
]


def leaves(value):
    if isinstance(value, (tuple, list)):
        return [leaf for one in value for leaf in leaves(one)]
    return [getattr(value, "_value", value)]


def numbers(np, value):
    if isinstance(value, (tuple, list)):
        return np.concatenate([numbers(np, one) for one in value])
    return np.ravel(np.stack([np.real(value * 1.0), np.imag(value * 1.0)]))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text, x", CALLS, ids=[text for text, _ in CALLS])
def test_values_and_slopes_are_those_of_numpy(text, x):
    def of(np, x):
        return eval(text, {"np": np, "x": x, "M": M, "V": V, "mask": MASK, "AXIS": AXIS})

    seen = []

    def traced(x):
        seen.append(of(anp, x))
        return numbers(anp, seen[-1])

    found = jacobian(traced)(x)
    for one, other in zip(leaves(seen[0]), leaves(of(onp, x)), strict=True):
        assert type(one) is type(other) and one.dtype == other.dtype
        onp.testing.assert_allclose(one, other, rtol=1e-12)
    h, v = 1e-6, onp.cos(onp.arange(x.size)).reshape(x.shape)
    slope = (numbers(onp, of(onp, x + h * v)) - numbers(onp, of(onp, x - h * v))) / (2 * h)
    onp.testing.assert_allclose(onp.sum(found * v, (-2, -1)), slope, rtol=1e-5, atol=1e-7)
    onp.testing.assert_allclose(make_jvp(traced)(x)(v)[1], slope, rtol=1e-5, atol=1e-7)


IN_VMAP = {
    "convolve": lambda a: anp.convolve(a, a[:2], "same"),
    "correlate": lambda a: anp.correlate(a, V),
    "median": anp.median,
    "quantile": lambda a: anp.quantile(a, [0.3, 0.8]),
    "interp": lambda a: anp.interp(a, [0.0, 1.0, 2.0], [1.0, 2.0, 5.0]),
    "zeros of a shape": lambda a: filled(anp.zeros_like(a, shape=(2, 2)), a),
    "twos of a shape": lambda a: filled(anp.full_like(a, 2.0, shape=(2, 2)), a),
}


def filled(y, a):
    y[0] = a[:2]
    y[:, 1] *= a[2:]
    return y


@pytest.mark.parametrize("name", IN_VMAP)
def test_samples_of_a_vmap_are_each_what_they_are_alone(name):
    of = IN_VMAP[name]
    onp.testing.assert_allclose(vmap(of)(M), onp.stack([of(one) for one in M]))
    slopes = onp.stack([jacobian(of)(one) for one in M])
    onp.testing.assert_allclose(vmap(jacobian(of))(M), slopes, atol=1e-12)


def test_copies_of_a_traced_value_keep_its_gradient_and_have_memory_of_their_own():
    def program(x):
        y = 2 * x
        deep, shallow = copy.deepcopy([y, {"a": x}]), copy.copy(y)
        shallow[0] = 0.0
        return anp.sum(deep[0] ** 2) + anp.sum(deep[1]["a"]) + anp.sum(shallow) + anp.sum(y)

    assert grad(program)(onp.ones(2)).tolist() == [11.0, 13.0]
    with pytest.raises(TypeError, match="pickle.. of a traced value would lose its gradient"):
        grad(lambda x: pickle.dumps(2 * x))(V)
    constant = grad(lambda x: anp.sum(x * pickle.loads(pickle.dumps(anp.zeros_like(x) + 3))))
    assert constant(V).tolist() == [3.0] * 4


def test_what_cannot_hold_a_gradient_says_so():
    for write in (
        lambda x: onp.add(x, 1, out=onp.zeros(4)),
        lambda x: anp.sum(x, axis=0, out=onp.zeros(())),
        lambda x: anp.copyto(onp.zeros(4), x),
        lambda x: onp.put(onp.zeros(4), [0], x[0]),
    ):
        with pytest.raises(TypeError, match=r"written into|writes into.*zeros_like\(x, shape="):
            grad(write)(V)
    with pytest.raises(TypeError, match="where= must be left out"):
        grad(lambda x: anp.sum(anp.exp(x, where=x > 0)))(V)
    with pytest.raises(TypeError, match="argument of a function.*cannot be changed in place"):
        grad(lambda x: anp.add(x, 1, out=x))(V)
    with pytest.raises(TypeError, match="argument of a function"):
        make_jvp(lambda x: x.fill(0.0))(V)(V)
    with pytest.raises(TypeError, match="got a traced Array.*as_tensor"):
        grad(lambda x: autograd.tensor(x).sum())(V)
    with pytest.raises(TypeError, match="view: the dtype must be that of the same numbers"):
        grad(lambda x: x.view("f4"))(V)
