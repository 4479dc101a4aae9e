"""Large parameters: what the threads that share them must not spoil."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import autograd
import optim
from optim.foreach import SHARE

ROOT = Path(__file__).resolve().parent.parent


def large(value=0.0):
    w = autograd.full((3 * SHARE,), value, requires_grad=True)
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


def test_threads_may_run_an_op_for_the_first_time_together():
    run(
        """
import sys, threading
import autograd
sys.setswitchinterval(1e-6)
start, errors = threading.Barrier(8), []

def work():
    try:
        x = autograd.tensor([0.5, 0.25], requires_grad=True)
        start.wait()
        for name in ("exp", "tanh", "atan", "logcumsumexp", "cumprod", "prod", "softmax", "var"):
            y = getattr(x, name)(*([0] if name in ("logcumsumexp", "cumprod", "softmax") else []))
            (g,) = autograd.grad(y.sum(), x, create_graph=True)
            autograd.grad(g.sum(), x, allow_unused=True)
    except Exception as error:
        errors.append(error)

threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not errors, errors
"""
    )
