"""Steps that are given NumPy's arrays, and differentiate by them: programs, bit for bit eager's."""

import sys
import threading
import warnings
from pathlib import Path

import numpy as onp
import pytest

import autograd
import autograd.numpy as np
from autograd import grad, jacobian, value_and_grad
from autograd.arrays import trees
from autograd.compiler.captured import Captured
from autograd.compiler.reach import named
from autograd.compiler.watching.purity import by_class

BENCHMARKS = str(Path(__file__).resolve().parents[3] / "benchmarks")
RNG = onp.random.default_rng(0)
X, Y = RNG.standard_normal((6, 4)), RNG.standard_normal(6)
W = RNG.standard_normal(4)


def bits(tree):
    """All that tells results apart."""
    leaves = trees.flatten(tree)[0]
    arrays = [onp.asarray(one) for one in leaves]
    return [(type(x), a.dtype, a.shape, a.tobytes()) for x, a in zip(leaves, arrays)]


def loss(w, x, y):
    return np.mean((np.tanh(np.dot(x, w)) - y) ** 2)


def descent(w, x, y, i):
    value, slope = value_and_grad(loss)(w, x, y)
    return value, w - 0.1 / (1 + i) * slope


def compared(step, *calls, **how):
    """The step, compiled, after calls whose results and arguments are those of the step alone."""
    compiled = autograd.compile(step, **how)
    for args in calls:
        ours, theirs = (trees.map_leaves(copied, args) for _ in range(2))
        assert bits(compiled(*ours)) == bits(step(*theirs))
        assert bits(ours) == bits(theirs)
    return compiled


def copied(leaf):
    return leaf.copy() if isinstance(leaf, onp.ndarray) else leaf


def calls(n=5):
    return [(W + 0.1 * i, X - i, Y, i) for i in range(n)]


# -- programs --------------------------------------------------------------------------------------


def programs():
    sys.path.insert(0, BENCHMARKS)
    try:
        import numpylike

        return numpylike.MADE
    finally:
        sys.path.remove(BENCHMARKS)


CAPTURED = [name for name in programs() if name != "make_jvp_primitive"]


def test_a_rule_of_a_primitive_is_not_found_by_names():
    function, argument = programs()["make_jvp_primitive"](np, autograd)
    with pytest.warns(UserWarning, match="was called from where it was not found"):
        compared(function, *[(argument,)] * 4)


@pytest.mark.parametrize("name", CAPTURED)
def test_the_programs_of_the_benchmarks_are_replayed(name):
    function, argument = programs()[name](np, autograd)
    given = [(trees.map_leaves(lambda x, i=i: x + 0.01 * i, argument),) for i in range(5)]
    assert compared(function, *given).counts["replayed"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", CAPTURED)
def test_the_programs_as_machine_code(name):
    pytest.importorskip("llvmlite")
    function, argument = programs()[name](np, autograd)
    compiled = autograd.compile(function, backend="llvm")
    for i in range(5):
        x = trees.map_leaves(lambda x, i=i: x + 0.01 * i, argument)
        found, expected = compiled(x), function(x)
        assert [one[:3] for one in bits(found)] == [one[:3] for one in bits(expected)]
        for one, other in zip(trees.flatten(found)[0], trees.flatten(expected)[0]):
            onp.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert compiled.programs[0].plan is not None
    assert compiled.counts["replayed"] == 3


PARTS = """
np.tanh(v) | v**2 | v.T | v[::-1] | v - v.mean(axis=0) | np.where(v > 0, v, 0.1 * v) | v @ C
np.sort(v, axis=1) | v / np.linalg.norm(v) | np.concatenate([v[:2], v[2:] * s]) | np.cumsum(v, 0)
np.clip(v, -1, 1) | v * s | np.array([v[0], v[1], v[2]]) | np.logaddexp(0.0, v) | v.reshape(-1, 3)
np.einsum("ij,jk->ik", v, v) | np.linalg.solve(v @ v.T + 4 * np.eye(3), v) | np.max(v, axis=0) * v
np.maximum(v, 0.1) | np.roll(v, 1, axis=0) | np.asarray(v) | v[onp.array([2, 0, 1])] | abs(v)
""".replace("\n", "|").split("|")
ENDS = ["np.sum(v)", "np.mean(v ** 2)", "np.linalg.norm(v)", "v.sum() * s", "np.trace(v)"]
AFTER = [
    "x - s * g", "g.T", "g.sum(axis=0)", "[g, (x, g * 2)]", "{'g': g @ x}", "k + 1", "g.std() * k",
    "np.argsort(g, axis=1)", "onp.where(g > 0, g, x)", "g[1:]", "np.array([g.sum(), s])",
    "np.stack([g, x]).astype(np.float32)", "(g > 0).any()", "np.linalg.norm(g)", "np.outer(g, x)",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_random_programs(seed):
    rng = onp.random.default_rng(seed)
    parts = [part.strip() for part in PARTS if part.strip()]
    chosen = rng.choice(parts, rng.integers(1, 5))
    lines = [
        "def f(v, s):",
        *[f"    v = {one}" for one in chosen],
        f"    return {rng.choice(ENDS)}",
    ]
    lines += ["def step(x, s, k):", "    value, g = value_and_grad(f)(x, s)"]
    lines += [f"    return value, {rng.choice(AFTER)}"]
    scope = {"np": np, "onp": onp, "C": X[:3, :3], "value_and_grad": value_and_grad}
    exec("\n".join(lines), scope | {"__name__": "program"}, scope)
    scope["step"].__globals__.update(scope)
    x = rng.standard_normal((3, 3))
    compiled = compared(scope["step"], *[(x + 0.1 * i, 0.3 + 0.1 * i, 2 + i) for i in range(5)])
    assert compiled.counts["replayed"] == 3, compiled.explain()


def test_adam_as_programs_write_it():
    def step(w, m, v, x, y, i, b1=0.9, b2=0.999, rate=0.01):
        g = grad(loss)(w, x, y)
        m, v = (1 - b1) * g + b1 * m, (1 - b2) * g**2 + b2 * v
        seen = m / (1 - b1 ** (i + 1)), v / (1 - b2 ** (i + 1))
        return w - rate * seen[0] / (np.sqrt(seen[1]) + 1e-8), m, v, i + 1

    state = ours = W, 0 * W, 0 * W
    i = j = 0
    compiled = autograd.compile(step)
    for n in range(6):
        *ours, i = compiled(*ours, X + n, Y, i)
        *state, j = step(*state, X + n, Y, j)
        assert bits(ours) == bits(state)
        assert type(i) is int and i == j == n + 1
    assert compiled.counts["replayed"] == 4


def test_jacobians_and_forward_mode_inside_a_step():
    def step(w, x):
        curved = jacobian(grad(loss))(w, x, Y)
        value, along = autograd.make_jvp(lambda w: np.tanh(np.dot(x, w)))(w)(w)
        return curved @ w, value, along

    assert compared(step, *[(W + i, X) for i in range(4)]).counts["replayed"] == 2


def test_plain_numpy_around_it():
    def step(w, x):
        g = grad(lambda w: np.sum(np.dot(x, w) ** 3))(w)
        far = g.std() > 0
        rows = [onp.linalg.norm(row) for row in x]
        mixed = onp.concatenate([g[:2], onp.zeros(2)]) + onp.arange(4) * g.max()
        return far, rows, mixed, g.dot(w), len(g), g.shape, divmod(g, 2.0), abs(-g), x.T.copy()

    assert compared(step, *[(W + i, X) for i in range(4)]).counts["replayed"] == 2


# -- numbers among the arguments -------------------------------------------------------------------


def test_a_float_is_differentiated_by():
    slope = grad(lambda x, k: np.sin(x * k) * x / (1 + x * x))
    assert compared(slope, *[(1.3 + i, 0.5 * i) for i in range(5)]).counts["replayed"] == 3


def test_numbers_change_from_call_to_call():
    compiled = compared(descent, *calls(6))
    assert compiled.counts["replayed"] == 4
    assert len(compiled.programs) == 1


def test_a_number_that_decides_is_one_of_a_program():
    def step(w, n):
        return sum([grad(loss)(w, X, Y) * k for k in range(n)]), w**n, np.sum(w, axis=n - 3)

    compiled = compared(step, *[(W + i, 3) for i in range(6)])
    assert compiled.counts["replayed"] == 3
    compared_again = [bits(compiled(W, n)) == bits(step(W, n)) for n in (2, 3, 2, 3)]
    assert all(compared_again)


def test_a_branch_by_a_number_is_looked_at():
    def step(w, i):
        return grad(loss)(w, X, Y) if i % 2 == 0 else w * i

    compiled = compared(step, *[(W, i) for i in range(8)])
    assert len(compiled.programs) == 2
    assert compiled.counts["replayed"] == 5


def test_numbers_keep_their_kind():
    def step(w, s, i):
        return s * 2, i + 1, i / 2, w.astype(np.float32) * s, -s, i // 2, i % 3

    compared(step, *[(W, 0.5 + i, i) for i in range(5)])


# -- memory ----------------------------------------------------------------------------------------


def test_results_are_memory_of_their_own():
    compiled = autograd.compile(descent)
    results = [compiled(*args) for args in calls(6)]
    assert bits(results) == bits([descent(*args) for args in calls(6)])  # none was written over
    assert all([type(w) is onp.ndarray and type(v) is onp.float64 for v, w in results])
    for i, (_, w) in enumerate(results):
        assert not any([onp.shares_memory(w, other) for _, other in results[:i]])


def test_what_is_written_into_arguments_is_there():
    def step(w, x, y, i):
        g = grad(loss)(w, x, y)
        w -= 0.1 * g
        w[0] = i
        x[:, 1] *= 2
        y.sort()
        return w

    compiled = autograd.compile(step)
    for args in calls(5):
        ours, theirs = trees.map_leaves(copied, args), trees.map_leaves(copied, args)
        assert compiled(*ours) is ours[0]
        step(*theirs)
        assert bits(ours) == bits(theirs)
    assert compiled.counts["replayed"] == 3


def test_sums_that_begin_with_an_array_of_the_steps_own():
    def step(w, x):
        total = onp.zeros(4)
        for row in x:
            total += grad(lambda w: np.tanh(np.dot(row, w)))(w)  # noqa: B023
        return total, onp.ones(2)

    compiled = compared(step, *[(W + i, X) for i in range(5)])
    assert compiled.counts["replayed"] == 3
    assert compiled(W, X)[1] is not compiled(W, X)[1]


def test_an_array_of_the_steps_own_that_has_two_names():
    def step(w):
        total = other = onp.zeros(4)
        total += grad(lambda w: np.sum(w**3))(w)
        return 0.0 if other[0] > 5 else total  # which no recorder hears of

    compiled = autograd.compile(step)
    with pytest.warns(UserWarning, match="an array of the step's own"):
        for scale in (1.0, 1.0, 1.0, 100.0):
            assert bits(compiled(W * scale)) == bits(step(W * scale))


def test_arguments_that_share_memory_or_may_not_be_written_to():
    def step(w, x):
        w *= 0.5
        return w + x

    compiled = compared(step, *[(W + i, W - i) for i in range(4)])
    array = onp.arange(8.0)
    assert bits(compiled(array[:4], array[2:6])) == bits(
        step(onp.arange(4.0), onp.r_[1, 1.5, 4, 5])
    )
    fixed = W.copy()
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        compiled(fixed, W)


# -- guards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        (W[:3], X[:, :3], Y, 2),
        (W.astype(onp.float32), X, Y, 2),
        (W, onp.asfortranarray(X), Y, 2),
        (W, X, Y[::-1], 2),
        (W, X, Y, 2.5),
        (W, X, 0.5, 2),
        (W, X, onp.float64(0.5), 2),
    ],
)
def test_what_is_looked_at_before_a_replay(other):
    compiled = compared(descent, *calls(3))
    assert compiled.counts["replayed"] == 1
    assert bits(compiled(*other)) == bits(descent(*other))
    assert compiled.counts["replayed"] == 1
    assert bits(compiled(*calls()[0])) == bits(descent(*calls()[0]))
    assert compiled.counts["replayed"] == 2


def test_an_array_that_is_closed_over_may_change():
    scale = onp.ones(4)
    data = {"y": Y.copy()}

    def step(w):
        return grad(lambda w: loss(w * scale, X, data["y"]))(w)

    compiled = compared(step, *[(W + i,) for i in range(3)])
    for change in (lambda: scale.fill(2.0), lambda: data.update(y=Y + 1), lambda: data["y"].sort()):
        change()
        assert bits(compiled(W)) == bits(step(W))
        assert bits(compiled(W)) == bits(step(W))
    assert compiled.counts["recorded"] == 4


# -- what is no program ----------------------------------------------------------------------------


LOG = []


def keeps(w):
    g = grad(loss)(w, X, Y)
    LOG.append((g, [g.sum()], {"w": w}))
    return g


def reads(w):
    g = grad(loss)(w, X, Y)
    return g if g[0] > 0 else -g


def formats(w):
    return f"{grad(loss)(w, X, Y)[0]:.3f}"


def draws(w):
    return w + onp.random.standard_normal(4)


def stores(w):
    out = onp.zeros(2)
    out[0] = grad(loss)(w, X, Y)[0]
    return out


def asks(w):
    return w * 2 if type(w) is onp.ndarray else w


def returns_a_function(w):
    return autograd.make_vjp(lambda w: loss(w, X, Y))(w)[0]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (keeps, "has changed"),
        (reads, r"by a condition at test_numpy_steps.py:\d+ \(return g if g\[0\] > 0"),
        (formats, "by a text"),
        (draws, "a module that keeps streams of numbers"),
        (stores, "a value was read into Python, by float"),
        (asks, "asks for the class"),
        (returns_a_function, "is kept from the step"),
    ],
)
def test_a_step_that_is_no_program_is_told_once(step, reason):
    compiled = autograd.compile(step)
    onp.random.seed(0)
    with pytest.warns(UserWarning, match=reason) as told:
        found = [compiled(W + 0 * i) for i in range(5)]
    assert len(told) == 1
    onp.random.seed(0)
    expected = [step(W) for _ in range(5)]
    if step is not returns_a_function:
        assert bits(found) == bits(expected)
    else:
        assert bits(found[1](1.0)) == bits(expected[1](1.0))


def test_no_recorder_stays_with_what_a_step_keeps():
    class Held:
        __slots__ = ("last",)

    held, cell, logged = Held(), None, []

    def step(w):
        nonlocal cell
        cell = held.last = w * 2
        logged.append((w.sum(), [w + 1, (w,)]))
        return w

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = autograd.compile(step)
        for _ in range(3):
            compiled(W)
    kept = [cell, held.last, *trees.flatten(logged)[0]]
    assert all([type(one) in (onp.ndarray, onp.float64) for one in kept]), [*map(type, kept)]
    assert bits(logged[1]) == bits(logged[0])


def test_an_error_leaves_what_the_step_leaves():
    log = []

    def step(w, x):
        w += 1
        log.append(w)
        return grad(lambda w: np.sum(np.dot(x, w)))(w)

    compiled = autograd.compile(step)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(3):
            w = W.copy()
            with pytest.raises(ValueError, match="inner sizes"):
                compiled(w, X[:, :3])
            assert bits(w) == bits(W + 1)
            assert type(log[-1]) is onp.ndarray


def test_an_error_of_a_replay():
    step = lambda a, b: np.linalg.solve(a, b) + grad(lambda b: np.sum(b**3))(b)  # noqa: E731
    compiled = compared(step, *[(onp.eye(3) + i, W[:3]) for i in range(4)])
    with pytest.raises(onp.linalg.LinAlgError):
        compiled(onp.zeros((3, 3)), W[:3])


def test_reading_for_the_result_alone():
    def step(w):
        value, g = value_and_grad(loss)(w, X, Y)
        return float(value), g

    compiled = compared(step, *[(W + i,) for i in range(5)])
    assert compiled.counts["replayed"] == 3


def test_classes_are_numpys_to_the_users_code():
    def step(tree, s):
        def scaled(one):
            if isinstance(one, dict):
                return {key: scaled(value) for key, value in one.items()}
            if not isinstance(one, onp.ndarray):
                raise TypeError(one)
            return one * s if isinstance(s, float) and not onp.isscalar(one) else one

        return scaled(tree)

    given = [({"a": W + i, "b": {"c": X}}, 0.5 + i) for i in range(4)]
    assert compared(step, *given).counts["replayed"] == 2


# -- besides ---------------------------------------------------------------------------------------


def test_threads_call_one_step():
    compiled = compared(descent, *calls(3))
    expected = [bits(descent(*args)) for args in calls(5)]
    wrong = []

    def work():
        for _ in range(20):
            found = [bits(compiled(*args)) for args in calls(5)]
            wrong.extend([1 for one, other in zip(found, expected) if one != other])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_program_can_be_read():
    captured = Captured(lambda w, s: w - s * grad(lambda w: np.sum(w * w))(w), W, 0.5)
    assert "def replay(x1, x2):" in captured.source
    assert "np.ndarray" not in captured.guard


def test_checks_compare_arrays():
    compiled = autograd.compile(descent, check=2)
    for args in calls(6):
        assert bits(compiled(*args)) == bits(descent(*args))
    assert compiled.counts["checked"] == 2


def test_what_a_step_names_is_looked_through_and_not_the_library():
    def step(w):
        return grad(lambda x: x if type(x) is int else loss(x, X, Y))(w)

    assert loss in named(step) and len(named(step)) < 100
    assert by_class(step) and not by_class(loss)
