"""Worker processes: what they give, and how they end."""

import gc
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import autograd
from autograd.utils.data import DataLoader, IterableDataset, get_worker_info, processes

METHODS = ["fork", "spawn", "forkserver"] if os.name == "posix" else ["spawn"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
# Python says of a fork beside threads that it may end badly; here it may not
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


class Numbers:
    def __len__(self):
        return 6

    def __getitem__(self, index):
        return index


class Random(Numbers):
    def __getitem__(self, index):
        info = get_worker_info()
        return index, autograd.rand(1), random.random(), np.random.rand(), info.id, info.seed


class Failing(Numbers):
    def __getitem__(self, index):
        if index == 3:
            return {}["three"]
        return index


class Peculiar(Exception):
    def __init__(self, one, two):
        super().__init__(one, two)


class FailingPeculiarly(Numbers):
    def __getitem__(self, index):
        raise Peculiar(1, 2)


class Dying(Numbers):
    def __getitem__(self, index):
        if index == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return np.zeros(100000)


class Sleeping(Numbers):
    def __getitem__(self, index):
        if index == 3:
            time.sleep(60)
        return index


class Stream(IterableDataset):
    def __iter__(self):
        info = get_worker_info()
        return iter(range(info.id, 7, info.num_workers))


def refuse(worker):
    raise ValueError(f"not {worker}")


def rows(loader):
    return [batch.tolist() for batch in loader]


def running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def pids(iterator):
    return [worker.process.pid for worker in iterator._workers]


@pytest.mark.parametrize("method", METHODS)
def test_batches_come_in_order(method):
    loader = DataLoader(Numbers(), 2, num_workers=2, multiprocessing_context=method)
    assert rows(loader) == [[0, 1], [2, 3], [4, 5]]


def test_workers_have_streams_of_their_own_and_the_same_seed_repeats_them():
    def numbers():
        autograd.manual_seed(5)
        return repr(list(DataLoader(Random(), 3, num_workers=2)))

    first = numbers()
    assert numbers() == first
    autograd.manual_seed(5)
    one, two = DataLoader(Random(), 3, num_workers=2)
    assert one[4].tolist() == [0, 0, 0] and two[4].tolist() == [1, 1, 1]
    assert (two[5] - one[5]).tolist() == [1, 1, 1]
    assert not np.array_equal(one[1].numpy(), two[1].numpy())


def test_workers_that_stay():
    loader = DataLoader(Numbers(), 1, num_workers=2, persistent_workers=True, prefetch_factor=1)
    iterator = iter(loader)
    assert next(iterator).tolist() == [0]
    before = pids(iterator)
    assert rows(loader) == rows(loader) == [[0], [1], [2], [3], [4], [5]]
    assert pids(loader._iterator) == before


def test_workers_share_an_iterable_data_set():
    assert rows(DataLoader(Stream(), 2, num_workers=2)) == [[0, 2], [1, 3], [4, 6], [5]]
    some = rows(DataLoader(Stream(), 1, num_workers=2, in_order=False))
    assert sorted(some) == [[i] for i in range(7)]


def test_what_is_written_into_a_batch_stays_there():
    for batch in DataLoader(autograd.zeros(4, 3), 2, num_workers=1):
        batch.add_(1)
        assert batch.sum() == 6


def test_tasks_larger_than_a_pipe():
    loader = DataLoader(autograd.arange(200000), 50000, num_workers=1, prefetch_factor=4)
    assert [len(batch) for batch in loader] == [50000] * 4


def test_an_exception_arrives_with_its_traceback_and_the_pass_goes_on():
    iterator = iter(DataLoader(Failing(), 1, num_workers=2))
    for i in range(3):
        assert next(iterator).tolist() == [i]
    with pytest.raises(KeyError) as caught:
        next(iterator)
    assert "in DataLoader worker process 1" in str(caught.value)
    assert 'return {}["three"]' in str(caught.value)
    assert rows(iterator) == [[4], [5]]


def test_an_exception_that_cannot_be_made_again():
    with pytest.raises(RuntimeError, match="Caught Peculiar"):
        list(DataLoader(FailingPeculiarly(), num_workers=1))


def test_a_worker_that_cannot_begin():
    with pytest.raises(ValueError, match="not 0"):
        next(iter(DataLoader(Numbers(), num_workers=1, worker_init_fn=refuse)))
    with pytest.raises(Exception, match="pickle|local"):
        loader = DataLoader(Numbers(), num_workers=2, collate_fn=lambda batch: batch)
        loader.multiprocessing_context = "spawn"
        list(loader)
    gc.collect()
    assert not processes._ends


@posix
def test_a_killed_worker_is_an_error():
    iterator = iter(DataLoader(Dying(), num_workers=2))
    with pytest.raises(RuntimeError, match=r"worker 1 \(pid \d+\) was killed by signal: Killed"):
        list(iterator)
    assert pids(iterator) == []


@posix
def test_workers_that_stay_are_made_again_once_one_was_killed():
    loader = DataLoader(Numbers(), 2, num_workers=2, persistent_workers=True)
    list(loader)
    victim = loader._iterator._workers[0].process
    victim.kill()
    victim.join()
    with pytest.raises(RuntimeError, match="was killed by signal"):
        list(loader)
    assert rows(loader) == [[0, 1], [2, 3], [4, 5]]


def test_a_batch_that_takes_too_long():
    with pytest.raises(RuntimeError, match="within the timeout of 0.5 seconds"):
        list(DataLoader(Sleeping(), num_workers=2, timeout=0.5))


def test_a_pass_that_is_left_ends_its_workers(monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", 60)
    other = iter(DataLoader(Numbers(), num_workers=1))  # has nothing to do with it
    iterator = iter(DataLoader(Numbers(), num_workers=2))
    another = iter(DataLoader(Numbers(), num_workers=1))
    next(iterator)
    workers = [worker.process for worker in iterator._workers]
    del iterator
    gc.collect()
    assert [worker.exitcode for worker in workers] == [0, 0]  # they ended by themselves
    assert rows(other) == rows(another)


SCRIPT = """
import os, signal, sys, threading, time
from autograd.utils.data import DataLoader
class Slow:
    def __len__(self): return 1000
    def __getitem__(self, i): time.sleep(0.02); return i
if __name__ == "__main__":
    iterator = iter(DataLoader(Slow(), num_workers=2))
    next(iterator)
    print(*[worker.process.pid for worker in iterator._workers], flush=True)
    if sys.argv[1] == "raise": raise ValueError
    if sys.argv[1] == "SIGKILL": os.kill(os.getpid(), signal.SIGKILL)
    threading.Timer(0.2, os.killpg, (os.getpid(), signal.SIGINT)).start()
    try:
        list(iterator)
    except KeyboardInterrupt:
        print(len(iterator._workers))
"""


@posix
@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
@pytest.mark.parametrize("end", ["raise", "SIGKILL", "SIGINT"])
def test_no_worker_is_left_behind(end, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    ran = subprocess.run(
        [sys.executable, script, end],
        capture_output=True,
        text=True,
        timeout=30,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(autograd.__file__))},
    )
    workers, *rest = ran.stdout.splitlines()
    deadline = time.monotonic() + 5
    while any(map(running, workers.split())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(running, workers.split()))
    if end == "SIGINT":
        assert rest == ["0"] and ran.stderr == ""
