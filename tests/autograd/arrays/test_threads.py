"""Threads: the pool that all share, and ops that several threads run at once."""

import os
import signal
import subprocess
import sys
import threading
import weakref
from functools import partial
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


def test_a_task_may_share_out_tasks_of_its_own():
    done = []
    inner = [lambda i=i: done.append(i) for i in range(4)]
    threads.run_all([lambda: threads.run_all(inner)] * 8)
    assert sorted(done) == sorted([*range(4)] * 8)


def test_within_a_task_a_product_uses_one_thread_and_after_it_as_many_as_before():
    before, seen = threads.get_num_threads(), []
    threads.run_all([lambda: seen.append(threads.get_num_threads())] * 4)
    assert set(seen) == {1} or threads.openblas() is None
    with pytest.raises(ZeroDivisionError):
        threads.run_all([lambda: 1 // 0])
    assert threads.get_num_threads() == before


def test_an_interrupt_of_the_caller_waits_for_the_others():
    working, stopped = threading.Event(), []

    def task(i):
        if threading.current_thread() is threading.main_thread():
            working.wait(1)
            raise KeyboardInterrupt
        working.set()
        stopped.append(i)

    with pytest.raises(KeyboardInterrupt):
        threads.run_all([lambda i=i: task(i) for i in range(50)])
    count = len(stopped)
    threads.run_all([])
    assert len(stopped) == count < 50


needs_two = pytest.mark.skipif(threads.workers() < 2, reason="one core")


def both_at_once():
    """Two tasks that wait for each other: one thread alone would wait for ever."""
    meet = threading.Barrier(2)
    threads.run_all([lambda: meet.wait(30)] * 2)


@needs_two
def test_after_an_error_and_after_an_interrupt_there_are_helpers_as_before():
    for error in (ZeroDivisionError, KeyboardInterrupt):
        for _ in range(3):
            with pytest.raises(error):
                threads.run_all([partial(throw, error)] * 4)
            both_at_once()


def throw(error):
    raise error


@needs_two
def test_a_child_process_has_helpers_of_its_own():
    code = """
import os, threading
from autograd.arrays import threads
def both_at_once():
    meet = threading.Barrier(2)
    threads.run_all([lambda: meet.wait(30)] * 2)
both_at_once()
child = os.fork()
both_at_once()
if child:
    assert os.waitpid(child, 0)[1] == 0
else:
    os._exit(0)
"""
    if hasattr(os, "fork"):
        run(code)


@pytest.mark.slow
@needs_two
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer that interrupts")
def test_interrupts_at_any_time_leave_nobody_working_and_nobody_waiting():
    run(
        """
import random, signal, threading, time
import numpy as np
from autograd.arrays import threads

def interrupt(*_):
    raise KeyboardInterrupt

threads.run_all([str] * 2)  # what it imports is loaded: Python's imports may not be interrupted
signal.signal(signal.SIGALRM, interrupt)
ended = [False]

def share():
    while not ended[0]:
        threads.run_all([str] * 4)

others = [threading.Thread(target=share) for _ in range(2)]
for other in others:
    other.start()
x, interrupted = np.ones(3000), 0
while interrupted < 300:
    began, done = [], []

    def task():
        began.append(1)
        np.exp(x)
        done.append(1)

    try:
        # again after a second: Python drops what is raised where it cleans up
        signal.setitimer(signal.ITIMER_REAL, random.random() * 1e-3, 1)
        while True:
            threads.run_all([task] * 6)
    except KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)
        interrupted += 1
    before = len(began), len(done)
    time.sleep(1e-3)
    assert before == (len(began), len(done))
ended[0] = True
for other in others:
    other.join()
"""
    )


@needs_two
def test_an_interrupt_before_a_helper_has_its_job_does_not_wait_for_an_earlier_one():
    run(
        """
from autograd.arrays import threads

Helper, times = threads._Helper, []

def take(self, job):
    times.append(1)
    if len(times) == 2:
        raise KeyboardInterrupt
    self.job = job  # the first: a helper that does not wake in time, the caller does it all

threads.run_all([str] * 2)
Helper.take = take
threads.run_all([str] * 2)
try:
    threads.run_all([str] * 2)
    raise SystemExit("not interrupted")
except KeyboardInterrupt:
    pass
"""
    )


def test_nothing_that_a_task_held_is_kept():
    held = threading.Event()
    known = weakref.ref(held)
    for _ in range(20):  # a helper that wakes too late is given no work
        threads.run_all([held.is_set] * 2)
    del held
    assert known() is None


def test_a_variable_of_the_environment_says_how_many():
    code = "from autograd.arrays import threads; assert threads.workers() == 1"
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
