"""A job that is killed at any moment goes on from its last checkpoint, with the same numbers."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests import mpi

pytestmark = [pytest.mark.mpi, pytest.mark.slow]

STEPS = 60


def test_a_job_killed_at_random_moments_ends_with_the_same_numbers(tmp_path):
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    straight.mkdir(), killed.mkdir()
    mpi.run(2, "resumable.py", straight, STEPS, 0).well()
    chance = random.Random(0)
    command = [mpi.mpiexec(), "-n", "2", sys.executable, "-m", "autograd"]
    command += [str(mpi.SCRIPTS / "resumable.py"), str(killed), str(STEPS), "0.02"]
    env = {**os.environ, "PYTHONPATH": str(mpi.ROOT), "OMP_NUM_THREADS": "1"}
    checkpoint = killed / "checkpoint.pt"
    for _ in range(4):
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        job = subprocess.Popen(
            command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.time() + 60
        while time.time() < until and job.poll() is None:
            if checkpoint.exists() and checkpoint.stat().st_mtime_ns > before:
                break
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.15))
        pid = int((killed / f"{chance.randrange(2)}.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        assert job.wait(timeout=20) != 0
        assert not (killed / "0.json").exists()
    ended = mpi.run(2, "resumable.py", killed, STEPS, 0).well()
    assert "goes on from" in ended.out
    assert mpi.results(killed, 1) == mpi.results(straight, 1)
