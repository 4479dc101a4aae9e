"""Large parameters: what the threads that share them must not spoil."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import autograd
import optim
from optim import SGD, foreach
from optim.foreach import LARGE

ROOT = Path(__file__).resolve().parents[2]


def large(value=0.0):
    w = autograd.full((3 * LARGE,), value, requires_grad=True)
    w.grad = autograd.zeros_like(w)
    return w


class Falling(optim.Optimizer):
    """Fails where the gradient says so; elsewhere it takes its time."""

    def __init__(self, params):
        super().__init__(params, {})

    def init(self, p):
        return {}

    def update(self, p, g, state):
        if g[0]:
            raise ValueError("this share fails")
        time.sleep(0.05)
        p -= 1


def test_no_thread_writes_after_an_error_was_raised():
    w = large()
    w.grad[0] = 1.0
    with pytest.raises(ValueError, match="this share fails"):
        Falling([w]).step()
    before = w.sum().item()
    time.sleep(0.2)
    assert w.sum().item() == before


class Logarithmic(Falling):
    def update(self, p, g, state):
        p -= np.log(g)


def test_the_threads_see_numpys_error_state():
    w = large()
    with np.errstate(all="ignore"):
        Logarithmic([w]).step()
    assert bool(autograd.isinf(w.detach()).all())
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        Logarithmic([w]).step()


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, timeout=120, check=True
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_process_has_threads_of_its_own():
    run(
        """
import os, signal, autograd, optim
w = autograd.zeros(1_000_000, requires_grad=True)
w.grad = autograd.ones_like(w)
optimizer = optim.SGD([w], lr=1.0)
optimizer.step()
child = os.fork()
if not child:
    signal.alarm(30)
    optimizer.step()
    os._exit(0 if w.detach().eq(-2).all() else 1)
raise SystemExit(os.waitpid(child, 0)[1])
"""
    )


class Slow(Falling):
    """Takes its time over each share, and writes all the while."""

    def update(self, p, g, state):
        for _ in range(10):
            time.sleep(0.003)
            p += 1


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="this system has no such signals")
@pytest.mark.parametrize("delay", [0.001, 0.005, 0.02, 0.04, 0.06])
def test_no_thread_writes_after_an_interrupt(delay):
    w = large()
    optimizer = Slow([w])
    main = threading.get_ident()
    timer = threading.Timer(delay, signal.pthread_kill, [main, signal.SIGINT])
    with pytest.raises(KeyboardInterrupt):
        timer.start()
        optimizer.step()
        time.sleep(1)  # a machine so fast that the step was over
    before = w.detach().numpy().copy()
    y = w.detach().requires_grad_() * 2  # the engine goes on
    time.sleep(0.1)
    np.testing.assert_array_equal(w.detach().numpy(), before)
    assert y.requires_grad
    optimizer.step()
    assert (w.detach().numpy() >= before + 10).all()


def test_what_a_failed_step_has_changed_is_noticed_by_the_graph():
    w = large(2.0)
    y = w * w
    w.grad[0] = 1.0
    with pytest.raises(ValueError, match="this share fails"):
        Falling([w]).step()
    with pytest.raises(RuntimeError, match="changed in place"):
        y.sum().backward()


@pytest.mark.parametrize(("sizes", "shared"), [([100_000] * 6, 6), ([1_000] * 600, 0)])
def test_parameters_are_shared_together_where_they_are_large(sizes, shared, monkeypatch):
    """Slices of all of them are one list; buckets of small ones are quicker on one thread."""
    given = []

    def run_all(tasks):
        given.append(len(tasks))
        for task in tasks:
            task()

    monkeypatch.setattr(foreach.threads, "run_all", run_all)
    monkeypatch.setattr(foreach.threads, "workers", lambda: 2)
    params = [autograd.ones(n, requires_grad=True) for n in sizes]
    for p in params:
        p.grad = autograd.ones_like(p)
    SGD(params, lr=0.5).step()
    assert given == [shared] * bool(shared)
    assert all([bool((p == 0.5).all()) for p in params])
