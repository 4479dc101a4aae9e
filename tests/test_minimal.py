"""The one-page engine beside the real one: the same values and gradients on any graph."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import autograd

PAGE = Path(__file__).resolve().parent.parent / "docs" / "minimal.py"


def load(path):
    spec = importlib.util.spec_from_file_location("minimal", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


page = load(PAGE)

SHAPES = [(), (3,), (2, 1), (2, 3), (1, 3), (1, 1, 3), (3, 2)]


def power(m, x, n):
    return page.pow(x, n=n) if m is page else x.pow(n)


def transposed(m, x):
    return page.transpose(x) if m is page else x.permute(*reversed(range(x.ndim)))


UNARY = {  # away from poles, where twelve digits do not agree
    "tanh": lambda m, x: m.tanh(x),
    "relu": lambda m, x: m.relu(x),
    "exp of tanh": lambda m, x: m.exp(m.tanh(x)),
    "log": lambda m, x: m.log(m.exp(m.tanh(x)) + 1.5),
    "square": lambda m, x: power(m, x, 2),
    "inverse": lambda m, x: power(m, m.exp(m.tanh(x)), -1),
    "sum": lambda m, x: m.sum(x),
    "flat": lambda m, x: m.reshape(x, shape=(-1,)),
    "transpose": transposed,
    "twice": lambda m, x: x * x,
    "number": lambda m, x: x * 0.5 + 2,
}
BINARY = {
    "add": lambda m, x, y: x + y,
    "mul": lambda m, x, y: x * y,
    "matmul": lambda m, x, y: x @ y,
}


def shape_of(x):
    return tuple(x.data.shape) if isinstance(x, page.Tensor) else tuple(x.shape)


def fits(name, x, y):
    if name == "matmul":
        return len(x) == len(y) == 2 and x[1] == y[0]
    try:
        return len(np.broadcast_shapes(x, y)) < 5
    except ValueError:
        return False


@st.composite
def programs(draw):
    """Leaves' shapes, a seed for their values, and steps that use any tensors made before."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=4))
    place = st.integers(0, 20)
    step = st.one_of(
        st.tuples(st.sampled_from(sorted(UNARY)), place),
        st.tuples(st.sampled_from(sorted(BINARY)), place, place),
    )
    return shapes, draw(st.integers(0, 2**32 - 1)), draw(st.lists(step, min_size=1, max_size=15))


def run(m, leaves, steps):
    """Every tensor of the program, the leaves first, and the sum of all that no step used."""
    tensors, unused = list(leaves), set(range(len(leaves)))
    for name, *places in steps:
        places = [place % len(tensors) for place in places]
        inputs = [tensors[place] for place in places]
        if name in UNARY:
            made = UNARY[name](m, *inputs)
        elif fits(name, *map(shape_of, inputs)):
            made = BINARY[name](m, *inputs)
        else:
            continue
        # Bounded, so that no program leaves the range in which the two agree to twelve digits.
        tensors.append(m.tanh(made * 0.5))
        unused = (unused - set(places)) | {len(tensors) - 1}
    end = m.sum(tensors[-1])
    for place in sorted(unused - {len(tensors) - 1}):
        end = end + m.sum(tensors[place])
    return tensors, end


@given(programs())
@settings(max_examples=150, deadline=None)
def test_random_graphs_agree(program):
    shapes, seed, steps = program
    random = np.random.default_rng(seed)
    arrays = [random.uniform(-2, 2, shape) for shape in shapes]
    ours = [autograd.tensor(a, requires_grad=True) for a in arrays]
    theirs = [page.Tensor(a) for a in arrays]
    tensors, end = run(autograd, ours, steps)
    simple, simple_end = run(page, theirs, steps)
    for one, other in zip(tensors, simple, strict=True):
        np.testing.assert_allclose(other.data, one.detach().numpy(), 1e-12, 1e-12)
    end.backward()
    simple_end.backward()
    for one, other in zip(ours, theirs, strict=True):
        assert other.grad.shape == other.data.shape
        np.testing.assert_allclose(other.grad, one.grad.numpy(), 1e-12, 1e-12)


@pytest.mark.parametrize("x, y", [((), (2, 3)), ((2, 1), (1, 3)), ((3,), (4, 1, 3)), ((1,), ())])
def test_broadcasting_is_undone(x, y):
    a, b = page.Tensor(np.full(x, 2.0)), page.Tensor(np.full(y, 3.0))
    out = a * b
    out.backward()
    for one, other in ((a, b), (b, a)):
        assert one.grad.shape == one.data.shape
        np.testing.assert_array_equal(one.grad, other.data.flat[0] * out.data.size / one.data.size)


def test_a_diamond_and_a_value_used_twice():
    x = page.Tensor(3.0)
    y = x * x  # 2x
    (y * y + y + x).backward()  # x**4 + x**2 + x
    assert x.grad == 4 * 27 + 2 * 3 + 1
    x.grad = None
    z = x
    for _ in range(60):  # 2**60 paths
        z = z + z
    z.backward()
    assert x.grad == 2.0**60


def test_an_op_has_its_turn_once_however_many_paths_lead_to_it():
    turns = []
    same = page.op(lambda x: x, lambda g, out, x: turns.append(g) or g)
    z = x = page.Tensor(1.0)
    for _ in range(10):
        z = same(z) + z
    z.backward()
    assert x.grad == 2.0**10 and len(turns) == 10


def test_gradients_add_up_over_sweeps_and_share_no_memory():
    x, y = page.Tensor([1.0, 2.0]), page.Tensor([3.0, 4.0])
    (x + y).backward()
    (x + y).backward()
    np.testing.assert_array_equal(x.grad, [2, 2])
    x.grad[0] = 7
    np.testing.assert_array_equal(y.grad, [2, 2])


@pytest.mark.slow
def test_a_long_chain():
    x = page.Tensor([1.0, -1.0])
    y = x
    for _ in range(100_000):
        y = y + 1e-5
    y.backward()
    np.testing.assert_array_equal(x.grad, [1, 1])
    np.testing.assert_allclose(y.data, [2, 0], atol=1e-9)


def test_the_page_runs_and_prints_what_it_says():
    done = subprocess.run([sys.executable, PAGE], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    shown = re.search(r"prints\n\n((?:    .*\n)+)", page.__doc__)
    assert done.stdout.splitlines() == [line[4:] for line in shown.group(1).splitlines()]


def test_it_is_one_page():
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) <= 100
