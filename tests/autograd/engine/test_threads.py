"""Several threads over the same leaves."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import autograd


def run_together(n, work):
    """``work(i)`` in n threads that start at once; what one raised is raised here."""
    meet, errors = threading.Barrier(n, timeout=60), []

    def run(i):
        meet.wait()
        try:
            work(i)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_threads_that_run_backward_into_one_large_leaf_lose_no_gradient():
    x = autograd.zeros(200_000, requires_grad=True)

    def work(i):
        for _ in range(25):
            (x * (i + 1)).sum().backward()

    for _ in range(3):
        x.grad = None
        run_together(4, work)
        assert np.array_equal(x.grad.numpy(), np.full(200_000, 25.0 * (1 + 2 + 3 + 4), "f4"))


def test_threads_that_record_their_backward_into_one_leaf_lose_no_gradient():
    x = autograd.ones(1000, requires_grad=True)

    def work(i):
        for _ in range(50):
            (x * x).sum().backward(create_graph=True)

    run_together(4, work)
    assert np.array_equal(x.grad.detach().numpy(), np.full(1000, 400.0, "f4"))


def test_a_hook_may_wait_for_a_backward_of_another_thread():
    a, b = autograd.ones(3, requires_grad=True), autograd.ones(3, requires_grad=True)
    done = threading.Event()

    def wait(tensor):
        thread = threading.Thread(target=lambda: ((b * 2).sum().backward(), done.set()))
        thread.start()
        assert done.wait(60)
        thread.join()

    a.register_post_accumulate_grad_hook(wait)
    (a * 3).sum().backward()
    assert (a.grad.tolist(), b.grad.tolist()) == ([3.0] * 3, [2.0] * 3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_goes_on_where_a_thread_of_its_parent_was_adding():
    code = """
import os, threading, autograd
from autograd.engine import backward
held = threading.Event()
stay = threading.Event()
def hold():
    with backward._adding:
        held.set()
        stay.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = os.fork()
if not child:
    x = autograd.ones(2, requires_grad=True)
    (x * 2).sum().backward()
    other = threading.Thread(target=lambda: (x * 2).sum().backward(), daemon=True)
    other.start()
    other.join(20)
    os._exit(other.is_alive())
_, status = os.waitpid(child, 0)
stay.set()
thread.join()
print(os.waitstatus_to_exitcode(status))
"""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120
    )
    assert run.stdout == "0\n", run.stderr
