"""What a script finds when it is started, and how the processes print."""

import re
import subprocess
import sys
import time

import pytest

from tests import mpi

pytestmark = [pytest.mark.mpi, pytest.mark.slow]

LINE = re.compile(r"line \d \d+ \.{40}|through .*")


@pytest.mark.parametrize("n", [1, 2])
def test_the_variables_are_there_before_the_group_is(n):
    for unbuffered in ("", "1"):
        out = mpi.run(n, "starting.py", PYTHONUNBUFFERED=unbuffered).well().out
        for rank in range(n):  # x.grad: 2 x times the sum of all ranks
            assert f"through {rank} {n} {rank} {n} {2.0 * sum(range(n))}" in out
        assert all(LINE.fullmatch(line) for line in out.splitlines()), "lines are mixed"
        assert out.count("line") == 200 * n


def test_a_line_is_seen_when_it_is_printed():
    command = [mpi.mpiexec(), "-n", 2, sys.executable, "-m", "autograd"]
    command += [mpi.SCRIPTS / "starting.py", 1]
    with subprocess.Popen(
        [str(one) for one in command], stdout=subprocess.PIPE, text=True, env=mpi.environment()
    ) as job:
        assert job.stdout is not None
        assert job.stdout.readline()
        seen = time.monotonic()
        job.communicate()
        assert time.monotonic() - seen > 0.7


SPAWNS = """
import torch
import torch.distributed as dist

def work(rank):
    dist.init_process_group("gloo", rank=rank, world_size=2)

if __name__ == "__main__":
    torch.multiprocessing.spawn(work, nprocs=2)
"""


@pytest.mark.parametrize("n", [0, 1, 2])
def test_processes_started_by_a_script_are_told_what_to_do_instead(n, tmp_path):
    script = tmp_path / "spawns.py"
    script.write_text(SPAWNS)
    ended = mpi.run(n, script)
    assert ended.code == 1
    remedy = "Run: mpiexec -n 2 python -m autograd train.py, and in place of spawn(f, args) call f("
    assert remedy in ended.err


WITHOUT = """
import runpy, sys
sys.modules["mpi4py"] = None
sys.argv = ["autograd", sys.argv[1]]
runpy.run_module("autograd", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("rank", [0, 1])
def test_without_mpi4py_processes_are_told_that_each_is_alone(rank, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import os, torch\nprint(torch.ones(2), 'RANK' in os.environ)")
    command = [sys.executable, "-c", WITHOUT, script]
    ended = mpi.Ended(command, 60, PMI_RANK=str(rank), PMI_SIZE="2").well()
    assert ended.out == "tensor([1., 1.]) False\n"
    assert ("without mpi4py each of them is alone. Run: pip install" in ended.err) is (rank == 0)
    script.write_text("import torch.distributed as dist\ndist.init_process_group()")
    ended = mpi.Ended(command, 60, PMI_RANK=str(rank), PMI_SIZE="2")
    assert ended.code == 1 and "pip install 'gradloom[distributed]'" in ended.err
