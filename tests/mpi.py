"""Programs run by several processes: ours under mpiexec, PyTorch's under torchrun."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "autograd" / "distributed" / "scripts"
ROOT = Path(__file__).parent.parent


def mpiexec():
    """The launcher that lies beside this Python, or on the path; skips the test without one."""
    if importlib.util.find_spec("mpi4py") is None:
        pytest.skip("several processes need mpi4py: pip install mpi4py mpich")
    beside = Path(sys.executable).parent
    found = shutil.which("mpiexec", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip("several processes need mpiexec: pip install mpich")
    return found


def environment(**variables):
    """The environment of a program that is started."""
    known = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "HYDRA_LAUNCHER")
    env = {name: os.environ[name] for name in known if name in os.environ}
    return env | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **variables}


class Ended:
    """A program that has run: its exit code, what it printed, and how long it took."""

    def __init__(self, command, limit, folder=None, **variables):
        begun = time.time()
        done = subprocess.run(
            [str(one) for one in command],
            env=environment(**variables),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=limit,
        )
        self.begun, self.seconds = begun, time.time() - begun
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def well(self):
        """This, after a check that it went well."""
        assert self.code == 0, self.err[-3000:]
        return self


def run(n, script, *arguments, limit=120, folder=None, **variables):
    """``mpiexec -n N python -m autograd SCRIPT``; for n = 0 without mpiexec."""
    start = [mpiexec(), "-n", n] if n else []
    command = [*start, sys.executable, "-m", "autograd", SCRIPTS / script, *arguments]
    return Ended(command, limit, folder, **variables)


def run_torch(n, script, *arguments, limit=180):
    """The same with PyTorch, on gloo."""
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", n]
    return Ended([*start, SCRIPTS / script, *arguments], limit, PYTHONPATH="")


def results(folder, n):
    """What each rank wrote down."""
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in range(n)]
