"""Threads: the pool that all share, and ops that several threads run at once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autograd.arrays import threads

ROOT = Path(__file__).resolve().parents[3]


def test_all_tasks_are_run_on_as_many_threads_as_may_be():
    done, seen = [], set()

    def task(i):
        seen.add(threading.get_ident())
        done.append(i)

    threads.run_all([lambda i=i: task(i) for i in range(100)])
    assert sorted(done) == list(range(100))
    assert 1 <= len(seen) <= threads.workers()


def test_after_an_error_the_tasks_not_begun_are_left_out():
    done = []

    def task(i):
        done.append(i)
        if i == 3:
            raise ValueError("number 3")

    with pytest.raises(ValueError, match="number 3"):
        threads.run_all([lambda i=i: task(i) for i in range(10_000)])
    assert len(done) < 10_000
    threads.run_all([done.clear])
    assert done == []


def run(code):
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, timeout=120, check=True)


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
