"""Compiled, clipped, accumulated, under autocast: n processes give one process's numbers."""

import pytest

from autograd import compile, distributed as dist, ones
from tests import mpi


@pytest.mark.mpi
@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 2, 4])
def test_ways_to_write_a_step(n, tmp_path):
    together, alone = tmp_path / "together", tmp_path / "alone"
    together.mkdir(), alone.mkdir()
    told = mpi.run(n, "ways.py", together, n).well().err
    mpi.run(0, "ways.py", alone, n).well()
    (expected,) = mpi.results(alone, 1)
    for found in mpi.results(together, n):
        for name, wanted in expected.items():
            assert found[name] == wanted, name
    if n > 1:
        assert "gradients are averaged with other processes at ways.py" in told


def test_a_compiled_function_may_call_other_processes(monkeypatch):
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    dist.init_process_group()
    try:

        @compile
        def doubled(x):
            y = x * 2
            dist.all_reduce(y)
            return y

        with pytest.warns(UserWarning, match="all_reduce was called, which goes on with other"):
            for _ in range(3):
                assert doubled(ones(2)).tolist() == [2, 2]
    finally:
        dist.destroy_process_group()
