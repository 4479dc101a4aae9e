"""Random programs of views, writes and gradients: done again on other values, the engine's bits."""

import numpy as np
import pytest

import autograd
from autograd.compiler.captured import Captured
from autograd.compiler.replaying import buffers, slices
from autograd.kernels import parts

SHAPE = (3, 4)


def made(seed):
    """A program: lines that choose among tensors, all of one shape or views of them."""
    random = np.random.default_rng(seed)
    lines = [random.integers(0, 1 << 30, 6).tolist() for _ in range(random.integers(6, 16))]

    def step(x, y):
        w = x * 1.5
        pool, views = [w, y.clone(), autograd.zeros(SHAPE, dtype=w.dtype)], []
        for what, i, j, k, m, n in lines:
            a, b = pool[i % len(pool)], pool[j % len(pool)]
            row = a[k % 3]
            view = [row, a.t(), a[:, ::2], a.view(-1)[m % 6 :], a.reshape(2, 6)][n % 5]
            match what % 12:
                case 0:
                    pool.append(a * b)
                case 1:
                    pool.append((a - b).tanh())
                case 2:
                    pool.append(a @ b.t() @ a / 10)
                case 3:
                    pool.append(a.clone().mul_(0.5))
                case 4:
                    pool[i % len(pool)] = pool[i % len(pool)].clone()
                    views.append(pool[i % len(pool)][k % 3 :])
                    views[-1].mul_(1 + (m % 3) / 4)
                case 5:
                    c = a.clone()
                    c[k % 3] = b[m % 3] * 2
                    pool.append(c)
                case 6:
                    c = a + 0
                    c[:, n % 4] += row.sum()
                    pool.append(c)
                case 7:
                    pool.append(a + view.sum().exp().clamp(max=2.0))
                case 8:
                    c = a.clone()
                    c.t()[k % 4].copy_(b.t()[m % 4])
                    pool.append(c)
                case 9:
                    pool.append(autograd.where(a > b, a, b.detach()))
                case 10:
                    pool.append(a.sigmoid() * autograd.rand(SHAPE, dtype=w.dtype))
                case 11:
                    pool.append(autograd.cat([row[None], b[1:]]) * row.mean())
        total = sum((one * one).mean() for one in [*pool, *views])
        total.backward()
        y.add_(pool[-1].detach())  # an argument, changed for whoever gave it
        return total, pool[-1].detach()

    return step


def inputs(seed):
    random = np.random.default_rng(seed)
    x = autograd.tensor(random.normal(size=SHAPE) / 2, requires_grad=True)
    return x, autograd.tensor(random.normal(size=SHAPE) / 2)


def run(step, seed):
    x, y = inputs(seed)
    autograd.manual_seed(seed)
    results = step(x, y)
    return [np.array(one.detach().numpy()) for one in [*results, x.grad, y]]


@pytest.mark.parametrize(
    "seed", [pytest.param(i, marks=[pytest.mark.slow] if i >= 10 else []) for i in range(200)]
)
def test_a_program(seed, monkeypatch):
    monkeypatch.setattr(buffers, "_FEW", 1)
    monkeypatch.setattr(buffers, "_MUCH", 1 << (seed % 3 * 6))  # no kept memory, some, all
    is_the_engines(seed)


@pytest.mark.parametrize(
    "seed", [pytest.param(i, marks=[pytest.mark.slow] if i >= 10 else []) for i in range(200)]
)
def test_a_program_in_slices(seed, monkeypatch):
    monkeypatch.setattr(buffers, "_FEW", 1)
    monkeypatch.setattr(slices, "PAYS", 1)
    monkeypatch.setattr(parts, "PAYS", 1)
    monkeypatch.setattr(parts.by_rows, "__defaults__", (5,))  # elements of a slice
    assert "by_elements(slice1" in is_the_engines(seed).source


def is_the_engines(seed):
    """The program's step, captured: its results are the engine's on other values, too."""
    step = made(seed)
    step(*inputs(3))  # what is only done once is done
    autograd.manual_seed(3)
    again = Captured(step, *inputs(3))
    assert not [(reason, str(line)) for reason, line in again.refusals]
    for other in (3, 4, 5):
        assert not again.misfit(*inputs(other))
        again._program.memory.fill(255)  # a replay reads nothing that it has not written
        for found, wanted in zip(run(again, other), run(step, other), strict=True):
            np.testing.assert_array_equal(found, wanted)
    return again
